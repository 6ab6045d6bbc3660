"""What two texts have in common, and what the later one is to the earlier one for that."""

from dataclasses import dataclass

from crawler.items import Relation

ADDITION = 25
"""New words in one passage from which on a publisher's second text reports on: newsrooms do not copy themselves."""

MOSTLY, PARTLY = 0.6, 0.35
"""Share of one text in the other from which on they tell one story, and from which on they share a source."""

TOLD_ON = 2 / 3
"""Share of the new words that are news enough where a word is replaced throughout."""

MOST_NEW = 0.25
"""Share of a text that one new passage may have."""

FILLED, PLACES = 3, 5
"""Without capitals two newsrooms fill a form anew if so many short words differ, in at most so many places.

A copy that was edited throughout differs in more of them.
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a text is no copy of another newsroom's; `python -m bench.duplicate_pairs` fits them."""

    known: float = 0.95
    """Least share of the later text in the earlier one, plus half of the share of the earlier one in the later."""
    news: int = 80
    """Most new words in one passage."""


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Overlap:
    """What a later text has in common with an earlier one."""

    later_in_earlier: float
    """Share of the later text that is in the earlier one, 0 to 1."""
    earlier_in_later: float
    """Share of the earlier text that is in the later one."""
    agreeing: int = 0
    """Positions between the same words at which both texts have the same number."""
    differing: int = 0
    """Positions between the same words at which their numbers differ."""
    is_short: bool = False
    new_passage: int = 0
    """Words of the later text that the earlier one has not, in one passage; measured if most of it is known."""
    news: int = 0
    """The same, but words of its second half count half."""
    new_share: float = 0.0
    """The longest new passage as a share of the later text."""
    is_reworded: bool = False
    """A word of the earlier text is replaced by another one in most places; another spelling is no other word."""
    is_renamed: bool = False
    """A name of the earlier text is: the text is about something else, also in another newsroom's style."""
    changed: int = 0
    """Places in which the texts differ; counted if most of one is in the other."""
    other_names: int = 0
    """Those of them in which another name or number stands; in scripts without capitals another short word."""
    has_capitals: bool = True

    def is_repeat(self, same_publisher: bool = False, limits: Limits = LIMITS) -> bool:
        """Whether the later text can be left out of the corpus because the earlier one replaces it.

        To lose no article, most of the later text must be in the earlier one: .6 of it, .65 if it has no more than .6
        of that one, .8 if it has .3 (`Limits.known`). This recognises a wire story cut to 60 % from either side, and
        one with some new lines; what repeats half of an earlier one as background stays, and so does what leads with 80
        new words, or has a quarter of new words in one passage. What newsrooms append, or insert later on, is mostly
        background, and counts half; what a page says twice, in a teaser and where it belongs, counts once.

        One publisher's second text is a later report of the story, or another issue of a bulletin, and stays unless it
        adds nothing: .85 of it must be known, without 25 new words in one passage, two other numbers, or a word that is
        another one throughout. (Other newsrooms have a style of their own, in which only names tell stories apart.)

        Bulletins, tickers and match reports repeat phrases and differ in numbers: if a third or more of the numbers
        between the same words differ, it is the report of another day; if a name is replaced throughout, of another
        place. If half of all differences or more are other names, it is another issue of one form. (Without capitals
        any word may be a name: then a third of all differences must be others where one is replaced throughout, and of
        two newsrooms' forms only those that differ in few places are told.) In a short text (less than 60 words) a
        single word can be the news: .95 of it must be in the earlier one, and no number may differ.
        """
        if self._is_of_another_thing(same_publisher):
            return False
        if self.is_short:
            return self.later_in_earlier >= 0.95 and not self.differing
        if same_publisher:
            is_new = self.is_reworded or self.differing > 1 or self.new_passage >= ADDITION
            return self.later_in_earlier >= 0.85 and not is_new
        known = self.later_in_earlier + self.earlier_in_later / 2
        is_known = self.later_in_earlier >= MOSTLY and known >= limits.known
        # What will be is, who was missed is dead: with a word that is another one throughout less of a lead is news.
        most = limits.news * (TOLD_ON if self.is_reworded else 1)
        return is_known and self.news < most and self.new_share < MOST_NEW

    def relation(self, same_publisher: bool = False) -> Relation | None:
        """What the later text is to the earlier one, as far as their words show it; None if they tell two stories.

        Reports of one event that stand on different sources share no passages, and are not known to be kin.
        """
        if self.is_repeat(same_publisher):
            return Relation.COPY
        if self.is_short or self._is_of_another_thing(same_publisher):
            return None
        if self.common >= MOSTLY:
            return None if same_publisher and self.is_reworded else Relation.DEVELOPS
        return Relation.REPORT if self.common >= PARTLY and not same_publisher else None

    @property
    def common(self) -> float:
        """Share of one text that is in the other: the larger one."""
        return max(self.later_in_earlier, self.earlier_in_later)

    @property
    def is_worth_aligning(self) -> bool:
        """Whether names and new passages matter."""
        return self.common >= MOSTLY and not self._is_other_issue

    def _is_of_another_thing(self, same_publisher: bool) -> bool:
        """Whether the words are alike and what they are about is not."""
        return self._is_other_issue or self._is_about_others or self._is_filled_anew(same_publisher)

    @property
    def _is_about_others(self) -> bool:
        """Whether a name is another one throughout; without capitals it may be any word, and others must be too."""
        return self.is_renamed and (self.has_capitals or 3 * self.other_names >= self.changed)

    def _is_filled_anew(self, same_publisher: bool) -> bool:
        """Whether the texts differ as two issues of a form: in the names that were filled in, and in little else."""
        if 2 * self.other_names < self.changed:
            return False
        if self.has_capitals:
            return self.other_names >= (1 if same_publisher else 2)
        if same_publisher:
            return self.other_names >= 2
        # Another word throughout is house style here, or a name, which `is_renamed` tells.
        is_slots = 4 * self.other_names >= 3 * self.changed and self.changed <= PLACES
        return is_slots and self.other_names >= FILLED and not self.is_reworded

    @property
    def _is_other_issue(self) -> bool:
        return self.differing >= 2 and 2 * self.differing >= self.agreeing
