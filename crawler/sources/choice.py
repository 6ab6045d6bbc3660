"""Which sources of a registry a run takes."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Self

from crawler.errors import OperatorError
from crawler.sources.source import Source


class ChoiceError(OperatorError):
    """A choice of sources names what no source has; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a source must be to be taken: one of the values of each list that is not empty."""

    source: tuple[str, ...] = ()
    """Ids."""
    language: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    owner: tuple[str, ...] = ()

    @classmethod
    def of(cls, arguments: Mapping[str, str]) -> Self:
        """The choice in arguments like `country=SY,IQ`."""
        return cls(**{name: _parts(arguments.get(name, "")) for name in CHOICES})

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in CHOICES)

    def takes(self, source: Source) -> bool:
        """Whether a source is one of this choice."""
        return all(
            not wanted or not wanted.isdisjoint(_folded(_values(source, name)))
            for name in CHOICES
            for wanted in (_folded(getattr(self, name)),)
        )

    def of_sources(self, sources: Sequence[Source], place: str) -> list[Source]:
        """The sources of this choice; ChoiceError if a value is unknown in the place, or if none is left."""
        for name in CHOICES:
            _check(
                name, getattr(self, name), {value for each in sources for value in _values(each, name)}, place
            )
        chosen = [source for source in sources if self.takes(source)]
        if not chosen:
            raise ChoiceError(f"{place} has no enabled source of this choice; widen it, or add a source.")
        return chosen


CHOICES = tuple(field.name for field in fields(Choice))
_WORDS = {
    "source": "source",
    "language": "source in",
    "country": "source from",
    "focus": "source with a focus on",
    "kind": "source of the kind",
    "owner": "source with the owner",
}


def suggest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown name."""
    choice = sorted(known)
    close = difflib.get_close_matches(name, choice, 3)
    if close:
        return f"did you mean {' or '.join(close)}?"
    return f"there are {', '.join(choice[:10]) or 'none'}{' and others' if len(choice) > 10 else ''}."


def _values(source: Source, name: str) -> tuple[str, ...]:
    """What a source has of one of CHOICES."""
    match name:
        case "source":
            return (source.id,)
        case "language":
            starts = (start.language for start, _ in source.starts)
            return (*source.languages, *filter(None, starts))
        case "focus":
            return source.focus
    value = getattr(source, name)
    return (value,) if value else ()


def _check(name: str, wanted: Iterable[str], known: Collection[str], place: str) -> None:
    folded = _folded(known)
    for value in wanted:
        if value.casefold() not in folded:
            raise ChoiceError(f"{place} has no enabled {_WORDS[name]} {value!r}; {suggest(value, known)}")


def _folded(values: Iterable[str]) -> set[str]:
    return {value.casefold() for value in values}


def _parts(text: str) -> tuple[str, ...]:
    """The values of an argument that is a list, separated by commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())
