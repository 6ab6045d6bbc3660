"""New records that replace old ones in a file, and how the new file is laid out."""

import re
from collections.abc import Mapping

from archive.index.cdxj import index_line
from archive.warc.digests import sha1_digest
from archive.warc.exchanges import Exchange
from archive.warc.gzip_file import compress
from archive.warc.new_records import NewRecord
from archive.warc.record import WarcRecord
from archive.warc.rewriting_journal import Change, Part
from archive.warc.target_uri import without_credentials

ANSWERS = ("response", "revisit", "resource")
"""Types of the records that hold an answer."""

Replacements = Mapping[int, tuple[WarcRecord, NewRecord]]
"""Old record and new one, by the old one's offset."""

_OURS = re.compile(r"(.*?-\d{17}-\d{5})(?:-[0-9a-f]{8})?(-import-.+)?")
_REFERRING = ("warc-refers-to", "warc-refers-to-target-uri", "warc-refers-to-date")
_WRITTEN_ANEW = ("warc-type", "warc-record-id", "warc-block-digest", "warc-payload-digest", "content-length")
_ABBREVIATIONS = ("warc", "id", "ip", "uri")


def referring_to(original: WarcRecord, revisit: WarcRecord) -> NewRecord:
    """The revisit record, which refers to another original of the same payload.

    Its id stays, as that of a record `made_whole`: it is the capture that it was, and its request, its notes
    and all that noted its place know it by the id.
    """
    url = without_credentials(original.get("warc-target-uri"))
    place = (original.id, url, original.get("warc-date"))
    return _changed(revisit, "revisit", revisit.block, dict(zip(_REFERRING, place, strict=True)))


def made_whole(revisit: WarcRecord, body: bytes) -> NewRecord:
    """The revisit record as a response of the same id that has the body itself."""
    dropped = {"warc-profile": "", "warc-truncated": ""}
    return _changed(revisit, "response", revisit.block + body, dropped, body)


def _changed(
    record: WarcRecord, kind: str, block: bytes, values: Mapping[str, str], body: bytes | None = None
) -> NewRecord:
    """A record of the same id with another block, and other values of some fields; an empty one drops the field."""
    dropped = {*_WRITTEN_ANEW, *_REFERRING, *values}
    kept = [(name, value) for name, value in record.headers if name not in dropped]
    fields = [*kept, *((name, value) for name, value in values.items() if value)]
    digest = record.get("warc-payload-digest") if body is None else sha1_digest(body)
    spelled = tuple((_spelled(name), value) for name, value in fields)
    return NewRecord(kind, record.id, spelled, block, digest)


def _spelled(name: str) -> str:
    parts = name.split("-")
    return "-".join(part.upper() if part in _ABBREVIATIONS else part.capitalize() for part in parts)


def lay_out(
    name: str, new_name: str, size: int, replacements: Replacements
) -> tuple[list[Part], list[Change], dict[int, bytes]]:
    """Which stretches of a file lie where in the new one, what changes, and the new members by their offset."""
    parts, changes, members = [], [], {}
    end = offset = 0
    for begin, (old, new) in sorted(replacements.items()):
        if begin > end:
            parts.append(Part(name, offset, begin - end, end))
            offset += begin - end
        parts.append(Part(name, offset, old.length, begin))
        members[offset] = compress(new.to_bytes())
        changes.append(_change(new, new_name, offset, len(members[offset])))
        offset += len(members[offset])
        end = begin + old.length
    if size > end:
        parts.append(Part(name, offset, size - end, end))
    return parts, changes, members


def _change(new: NewRecord, name: str, offset: int, length: int) -> Change:
    line = index_line(Exchange(new.placed(offset, length)), name) if new.type in ANSWERS else None
    digest = new.payload_digest or sha1_digest(new.block)
    return Change(offset, length, new.id, digest, line.decode() if line else None)


def renamed(name: str, mark: str) -> str:
    """The name with another mark; its order among names stays, and what an import's says of its origin."""
    stem = name.removesuffix(".warc.gz")
    ours = _OURS.fullmatch(stem)
    return f"{ours[1]}-{mark}{ours[2] or ''}.warc.gz" if ours else f"{stem}-{mark}.warc.gz"
