"""The one place where raw fields of a page become clean ones."""

import re
from collections.abc import Iterable
from html import unescape

from itemloaders import ItemLoader
from itemloaders.processors import Compose, Identity, MapCompose, TakeFirst

from crawler.items import Article
from pipelines.seed_format import normalise_paragraph

_ENTITY = re.compile(r"&(?:[a-zA-Z][a-zA-Z0-9]{1,30}|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});")
_INLINE_TAG = re.compile(r"</?(?:a|b|br|em|font|i|p|q|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE)
_AUTHOR_LABEL = re.compile(
    r"^(?:(?:written |reported |posted )?by|von|par|por|di|door|av|af|автор|автори|текст|بقلم|كتبه?|作者|记者|記者|文)\b[\s:：]*"
    r"|^(?:作者|记者|記者)[:：]?",
    re.IGNORECASE,
)
_AUTHOR_BREAK = re.compile(
    r"\s*(?:[;|/]|,(?!\s*(?:Jr|Sr|PhD|MD)\b)|\s&\s|\s(?:and|und|et|y|e|og|och|и|та|و)\s)\s*"
)
_NO_NAME = re.compile(r"https?:|www\.|@|^\W*$|^\d+$")
_LONGEST_NAME = 80


def clean_text(text: str) -> str:
    """One line of plain text: entities and stray inline tags undone, white space and characters in order.

    Texts in attributes and JSON are often escaped twice.
    """
    plain = _ENTITY.sub(lambda entity: unescape(entity[0]), text)
    return normalise_paragraph(_INLINE_TAG.sub("", plain))


def split_authors(text: str) -> list[str]:
    """The names in a byline; addresses, numbers and whole sentences are none."""
    names = _AUTHOR_BREAK.split(_AUTHOR_LABEL.sub("", text))
    return [
        name for name in map(str.strip, names) if len(name) <= _LONGEST_NAME and not _NO_NAME.search(name)
    ]


def drop_repeats(texts: Iterable[str]) -> list[str]:
    """Texts without empty ones and without those that repeat the one before."""
    kept: list[str] = []
    for text in texts:
        if text and (not kept or text != kept[-1]):
            kept.append(text)
    return kept


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Each text once, in the order of first sight."""
    return tuple(dict.fromkeys(filter(None, texts)))


class ArticleLoader(ItemLoader):
    """Collects raw values of one page; `load_item` gives the Article.

    Of single fields the first value that is not empty after cleaning counts.
    """

    default_item_class = dict
    default_output_processor = TakeFirst()

    paragraphs_in = MapCompose(clean_text)
    paragraphs_out = Compose(drop_repeats, tuple, stop_on_none=False)
    title_in = MapCompose(clean_text)
    authors_in = MapCompose(clean_text, split_authors)
    authors_out = Compose(distinct)
    agency_in = MapCompose(clean_text)
    canonical_url_in = MapCompose(str.strip)
    dates_out = rights_out = Compose(tuple)
    evidence_in = Identity()

    def load_item(self) -> Article:
        fields = {name: self.get_output_value(name) for name in self._values}
        return Article(
            **{"paragraphs": ()} | {name: value for name, value in fields.items() if value is not None}
        )
