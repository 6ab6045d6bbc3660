"""What an operator can put right; the message says what happened, to which file or setting, and what to do.

ArchiveError
  ArchiveUnreadable    a path holds no archive, or one that cannot be read
    ObjectsUnreachable a store of objects gives or takes nothing: its address, the credentials, the network
  NotAsWritten         a store of objects gives back something else than it was given
  ArchiveChanged       a file is not what the manifest says of it
    ManifestDamaged    the manifest itself is not as it was written
  InvalidSetting       a setting cannot be used
  KeyRefused           a signing key cannot be used
    KeyMissing         the key that must sign the next line of the manifest is not there
    KeyForeign         the key that is there is not the one that must sign
  CannotPack           a collection cannot be packed as it is
  CannotRedact         a record cannot be taken down as it is

NotArchived (an IgnoreRequest of Scrapy's): a replay has no answer to a request.

An archive that cannot be written is an OSError with the name of the file. No message names a command: a
project that has one for the case catches the class and adds a sentence.
"""

import re

from scrapy.exceptions import IgnoreRequest

_BETWEEN_WORDS = re.compile(r"_|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class ArchiveError(Exception):
    """The root of the errors that an operator can cause; any other exception is a defect."""


class ArchiveUnreadable(ArchiveError):
    """A path holds no archive, or one that cannot be read."""


class ObjectsUnreachable(ArchiveUnreadable):
    """A store of objects gives or takes nothing: its address, the credentials or the network are wrong."""


class NotAsWritten(ArchiveError):
    """A store of objects gives back something else than it was given."""


class ArchiveChanged(ArchiveError):
    """A file of a collection is not what the manifest says of it."""


class ManifestDamaged(ArchiveChanged):
    """A manifest, or one line of it, is not as it was written."""


class InvalidSetting(ArchiveError):
    """A setting of the archive cannot be used."""


class KeyRefused(ArchiveError):
    """A signing key cannot be used."""


class KeyMissing(KeyRefused):
    """The key that must sign the next line of the manifest is not there."""


class KeyForeign(KeyRefused):
    """The key that is there is not the one that must sign the next line of the manifest."""


class CannotPack(ArchiveError):
    """A collection cannot be packed as it is."""


class CannotRedact(ArchiveError):
    """A record cannot be taken down as it is."""


class NotArchived(IgnoreRequest):
    """The archive has no answer to this request.

    Scrapy reports no IgnoreRequest as an error and retries none; errbacks know it by its type.
    """


def words_of(error: BaseException) -> str:
    """What an exception is called, for people: `broken framing`."""
    return " ".join(_BETWEEN_WORDS.sub(" ", type(error).__name__).lower().split())
