"""The searches that people saved, and up to where they were told what came in: `watch.json` in the data directory."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from archive.warc.durable import replace_file
from crawler.errors import OperatorError
from crawler.exit_codes import STORAGE


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """Words that an article must have, as in `scrapy search`."""

    query: str
    languages: tuple[str, ...] = ()
    """ISO 639-1; empty: any."""
    after: int = 0
    """The last row of the catalogue that was looked at for it."""

    @property
    def title(self) -> str:
        return f"{self.query} ({', '.join(self.languages)})" if self.languages else self.query


@dataclass(frozen=True, slots=True)
class Watched:
    """All that the file holds."""

    searches: tuple[SavedSearch, ...] = ()
    told: str = ""
    """When a digest was sent last: ISO 8601, UTC."""
    problem_told: str = ""
    """When a problem was."""
    problem: int = 0
    """The exit code of that run."""
    _file: Path = field(default=Path(), compare=False)

    @classmethod
    def read(cls, file: Path) -> Self:
        """What was saved; OperatorError if the file is none of ours."""
        try:
            stored = json.loads(file.read_bytes())
            searches = tuple(_search(each) for each in stored["searches"])
            known = {each.name: stored[each.name] for each in fields(cls) if each.name in _STATE}
        except FileNotFoundError:
            return cls(_file=file)
        except OSError as error:
            raise OperatorError(f"Cannot read {file}: {error.strerror}.", STORAGE) from None
        except (ValueError, KeyError, TypeError):
            raise OperatorError(
                f"{file} has no saved searches in it: take it away, and save them again with `scrapy watch add`."
            ) from None
        return cls(searches, _file=file, **known)

    def save(self) -> None:
        """Keep it for good; OperatorError if the disk refuses."""
        content = {"searches": [asdict(each) for each in self.searches]}
        content |= {name: getattr(self, name) for name in _STATE}
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._file, [json.dumps(content, ensure_ascii=False, indent=1).encode()])
        except OSError as error:
            raise OperatorError(f"Cannot write {self._file}: {error.strerror}.", STORAGE) from None


_STATE = ("told", "problem_told", "problem")


def _search(stored: Mapping[str, Any]) -> SavedSearch:
    languages: Sequence[str] = stored["languages"]
    return SavedSearch(str(stored["query"]), tuple(map(str, languages)), int(stored["after"]))
