"""A registry of the operator's own, to which sources are added: its comments stay."""

from collections.abc import Sequence
from pathlib import Path

from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE
from crawler.sources.registry import load_registry
from crawler.sources.source import Source
from crawler.sources.writing import as_toml


def sources_in(path: Path) -> list[Source]:
    """The sources of a file, which may not be there yet, or may have comments only."""
    has_any = (
        path.exists()
        and not path.is_dir()
        and "[[source]]" in path.read_text(encoding="utf-8", errors="replace")
    )
    return load_registry([path]) if has_any else []


def add_to_file(path: Path, sources: Sequence[Source]) -> None:
    """Add sources to the end of a registry."""
    try:
        with path.open("a+", encoding="utf-8") as file:
            file.write(("\n" if file.tell() else "") + as_toml(sources))
    except OSError as error:
        raise OperatorError(
            f"Cannot write {path}: {error.strerror}; name another file with --to.", STORAGE
        ) from None
