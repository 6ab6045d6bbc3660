"""Finds the entries of a listing in its markup, so that what is broken or cut costs no more than itself."""

import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

MAX_ENTITIES = 100
MAX_ENTITY_CHARS = 1_000
MAX_EXPANDED_CHARS = 1_000_000
"""Entities that are read, and how much text they may become: they abbreviate addresses, and nothing more is needed."""

_ENTITY = re.compile(r"""<!ENTITY\s+([^\s%"']+)\s+(?:"([^"]*)"|'([^']*)'|[^>]*)\s*>""")
_REFERENCE = re.compile(r"&([A-Za-z_][\w.-]*);")


class Piece(NamedTuple):
    """An entry as it stands in the markup."""

    start: int
    end: int
    is_whole: bool
    """False if the document ends within it."""


class Entries:
    """The entries of a document, found without parsing it: from a start tag to its end tag, or to the next one."""

    def __init__(self, document: str, names: Collection[str], roots: Collection[str]) -> None:
        """`names` are those of entries, `roots` those of elements around all of them; prefixes do not count."""
        self._document = document
        self._roots = roots
        name = "|".join((*names, *roots))
        self._tokens = re.compile(
            # In comments and CDATA nothing is markup; unterminated, they last to the end.
            rf"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<(/?)((?:[\w.-]+:)?(?:{name}))(?=[\s/>])[^>]*>",
            re.IGNORECASE | re.DOTALL,
        )
        self.is_closed = False
        """Whether one of the roots ended after the last entry; known when all entries have been given."""

    def __iter__(self) -> Iterator[Piece]:
        start, name = -1, ""
        for token in self._tokens.finditer(self._document):
            if token[2] is None:
                continue
            its, is_end = token[2].lower(), bool(token[1])
            if its.rpartition(":")[2] in self._roots:
                self.is_closed = is_end or token[0].endswith("/>")
            elif is_end:
                if its == name:
                    yield Piece(start, token.end(), True)
                    start, name = -1, ""
            elif not name or its == name:
                if name:  # the one before has no end tag
                    yield Piece(start, token.start(), True)
                start, name = token.start(), its
                self.is_closed = False
                if token[0].endswith("/>"):
                    yield Piece(start, token.end(), True)
                    start, name = -1, ""
        if name:
            yield Piece(start, len(self._document), self.is_closed)


def declared_entities(prolog: str) -> dict[str, str]:
    """The entities that a document declares, and their text; U+FFFD for those that are more than some plain words."""
    found = _ENTITY.findall(prolog)[:MAX_ENTITIES] if "<!ENTITY" in prolog else []
    values = {name: first or second for name, first, second in found}
    return {name: value if value and _is_plain(value) else "\ufffd" for name, value in values.items()}


def expand(markup: str, entities: dict[str, str]) -> str:
    """The markup with the text of its entities; those that are not read leave U+FFFD, so that no address is changed."""
    if not entities:
        return markup
    room = MAX_EXPANDED_CHARS

    def text_of(reference: re.Match[str]) -> str:
        nonlocal room
        value = entities.get(reference[1])
        room -= len(value or "")
        return reference[0] if value is None else value if room >= 0 else "\ufffd"

    return _REFERENCE.sub(text_of, markup)


def _is_plain(value: str) -> bool:
    return len(value) <= MAX_ENTITY_CHARS and not re.search("[&<%]", value)
