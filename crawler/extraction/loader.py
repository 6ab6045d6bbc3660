"""Cleans the fields of a page and builds the Article."""

from collections.abc import Iterable

from itemloaders import ItemLoader
from itemloaders.processors import Compose, Identity, MapCompose, TakeFirst

from crawler.extraction.names import split_authors
from crawler.items import Article
from crawler.texts.markup import plain_title, undo_markup
from crawler.texts.seed_format import normalise_paragraph

# No newsroom needs more; a hostile page may contain more.
_LONGEST_TITLE, _LONGEST_URL, _MOST_AUTHORS = 500, 2000, 30


def clean_text(text: str) -> str:
    """One line of plain text, normalised, without entities and stray inline tags.

    Texts in attributes and JSON are often escaped twice.
    """
    return normalise_paragraph(undo_markup(text))


def drop_repeats(texts: Iterable[str]) -> list[str]:
    """The texts that are not empty and differ from the one before."""
    kept: list[str] = []
    for text in texts:
        if text and (not kept or text != kept[-1]):
            kept.append(text)
    return kept


def distinct_authors(texts: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in order of appearance."""
    return tuple(dict.fromkeys(filter(None, texts)))[:_MOST_AUTHORS]


def limit_title(title: str) -> str:
    """A title of at most 500 characters."""
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"


def limit_url(url: str) -> str | None:
    """The URL without surrounding white space; None if it is longer than servers accept."""
    return url.strip() if len(url) <= _LONGEST_URL else None


class ArticleLoader(ItemLoader):
    """Collects raw values of one page; `load_item` builds the Article.

    A field with one value takes the first that is not empty after cleaning.
    """

    default_item_class = dict
    default_output_processor = TakeFirst()

    paragraphs_in = MapCompose(clean_text)
    paragraphs_out = Compose(drop_repeats, tuple, stop_on_none=False)
    title_in = MapCompose(plain_title, clean_text, limit_title)
    authors_in = MapCompose(clean_text, split_authors)
    authors_out = Compose(distinct_authors)
    agency_in = MapCompose(clean_text)
    canonical_url_in = MapCompose(limit_url)
    dates_out = rights_out = declared_out = images_out = bands_out = Compose(tuple)
    evidence_in = Identity()

    def load_item(self) -> Article:
        fields = {name: self.get_output_value(name) for name in self._values}
        return Article(
            **{"paragraphs": ()} | {name: value for name, value in fields.items() if value is not None}
        )
