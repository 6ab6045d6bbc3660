"""Errors of the archive as Frontwire's operators read them: the archive itself knows no command of ours."""

from archive.errors import (
    ArchiveChanged,
    ArchiveError,
    InvalidSetting,
    KeyForeign,
    KeyMissing,
    KeyRefused,
    ManifestDamaged,
)
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, USAGE

_REMEDIES: dict[type[ArchiveError], str] = {
    ArchiveChanged: "`scrapy verify` reports everything that was changed.",
    KeyMissing: "If it is lost, run `scrapy key rotate --lost`.",
    KeyForeign: "To go on with this key instead, run `scrapy key rotate`.",
}

_WRONG_USAGE = (InvalidSetting, KeyRefused, ManifestDamaged)
"""What keeps a command from beginning; the other errors come up in its work."""


def operator_error(error: ArchiveError) -> OperatorError:
    """The same error with its exit code, and with the command that helps if there is one."""
    remedies = (remedy for kind, remedy in _REMEDIES.items() if isinstance(error, kind))
    exit_code = USAGE if isinstance(error, _WRONG_USAGE) else FAILED
    return OperatorError(" ".join([str(error), *remedies]), exit_code)
