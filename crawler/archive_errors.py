"""Errors of the archive as Frontwire's operators read them: the archive itself knows no command of ours."""

from archive.errors import ArchiveChanged, ArchiveError, KeyForeign, KeyMissing

_REMEDIES: dict[type[ArchiveError], str] = {
    ArchiveChanged: "`scrapy verify` reports everything that was changed.",
    KeyMissing: "If it is lost, run `scrapy key rotate --lost`.",
    KeyForeign: "To go on with this key instead, run `scrapy key rotate`.",
}


def sentence_of(error: ArchiveError) -> str:
    """What happened and what to do, with the command that helps if there is one."""
    remedies = (remedy for kind, remedy in _REMEDIES.items() if isinstance(error, kind))
    return " ".join([str(error), *remedies])
