"""The arguments of our spiders, as `-a NAME=VALUE` gives them."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from archive.errors import ArchiveUnreadable
from archive.replay.input_paths import expand_paths
from crawler.errors import OperatorError
from crawler.sources.choice import Choice
from crawler.sources.registry import load_sources
from crawler.sources.source import Source

_SCHEDULER = re.compile(r"(?:tcp|tls)://(?:[\w.-]+|\[[0-9a-fA-F:.]+\]):[0-9]{1,5}", re.ASCII)


class SpiderArgumentError(OperatorError):
    """A spider argument is unknown or has a wrong value."""


def check_names(spider: str, known: Mapping[str, str], given: Mapping[str, str]) -> None:
    """SpiderArgumentError if a spider has no argument of one of these names."""
    # scrapyd adds `_job`: a leading underscore marks what is meant for the runner, not for the spider.
    unknown = sorted(name for name in given if name not in known and name[:1] != "_")
    if unknown:
        names = ", ".join(f"{name}=" for name in known).rstrip(", ")
        raise SpiderArgumentError(f"The spider {spider} has no argument {unknown[0]!r}; it takes {names}.")


def is_yes(arguments: Mapping[str, str], name: str) -> bool:
    """The value of an argument that is 0 or 1; 0 if it is not given."""
    value = arguments.get(name, "0")
    if value not in ("0", "1"):
        raise SpiderArgumentError(f"{name}={value!r}: give {name}=1, or leave it out.")
    return value == "1"


def select_sources(arguments: Mapping[str, str], own: Sequence[str]) -> list[Source]:
    """The sources that `-a source=`, `-a country=` and the other choices take; without them all.

    `own` are the registries that add to the built-in one, as SOURCES names them.
    """
    path = Path(arguments["sources"]) if "sources" in arguments else None
    return load_sources(path, Choice.of(arguments), [Path(name) for name in own])


def chooses_sources(arguments: Mapping[str, str]) -> bool:
    """Whether the arguments name a registry, or choose sources of ours."""
    return "sources" in arguments or bool(Choice.of(arguments))


def select_paths(arguments: Mapping[str, str]) -> list[Path]:
    """The files that `-a path=` names; those of a list lie below `-a base=`."""
    if not arguments.get("path"):
        raise SpiderArgumentError("Name the archive to replay: scrapy crawl replay -a path=FILE.")
    try:
        return expand_paths(arguments["path"], arguments.get("base", ""))
    except ArchiveUnreadable as error:
        raise SpiderArgumentError(str(error)) from None


def select_scheduler(arguments: Mapping[str, str]) -> str | None:
    """The address of the Dask scheduler of `-a executor=dask`; None if this machine does the work."""
    executor, address = arguments.get("executor", "local"), arguments.get("scheduler", "")
    if executor not in ("local", "dask"):
        raise SpiderArgumentError(f"executor={executor!r}: give executor=dask, or leave it out.")
    if executor == "local":
        if address:
            raise SpiderArgumentError(f"scheduler={address!r} is of executor=dask: give both, or none.")
        return None
    if not _SCHEDULER.fullmatch(address):
        raise SpiderArgumentError(
            f"scheduler={address!r}: give the address of a Dask scheduler, tcp://HOST:PORT or tls://HOST:PORT."
        )
    if is_yes(arguments, "import"):
        raise SpiderArgumentError(
            "import=1 copies records into the archive of this machine: run it without executor=dask."
        )
    return address
