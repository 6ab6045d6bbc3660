"""Archives as other tools write them, made with warcio's own writer."""

import hashlib
import zipfile
from base64 import b32encode
from collections.abc import Iterable
from io import BytesIO
from itertools import count
from pathlib import Path

from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

DATE = "2021-01-28T10:00:00.250000Z"


_NUMBERS = count(1)


def sha1(payload: bytes) -> str:
    """A digest as WARC writes it."""
    return f"sha1:{b32encode(hashlib.sha1(payload).digest()).decode()}"


class Archive:
    """The content of a WARC file that grows record by record; `ends` are the offsets where records end."""

    def __init__(self, *, gzip: bool = True) -> None:
        self._out = BytesIO()
        self._writer = WARCWriter(self._out, gzip=gzip, warc_version="1.1")
        self.ends = [0]

    @property
    def data(self) -> bytes:
        return self._out.getvalue()

    def add(self, kind: str, url: str, block: bytes, **headers: str) -> str:
        """Write a record with exactly this block; header names with `_` for `-`. Gives its id."""
        record_id = f"<urn:example:{next(_NUMBERS)}>"
        content_type = {"metadata": "application/warc-fields", "resource": "text/plain"}.get(
            kind, "application/http"
        )
        fields = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Record-ID": record_id, "WARC-Date": DATE}
        # warcio's own payload digest would be that of the whole block.
        fields |= {"WARC-Payload-Digest": sha1(block.partition(b"\r\n\r\n")[2]), "Content-Type": content_type}
        fields |= {name.replace("_", "-"): text for name, text in headers.items()}
        lines = [(name, text) for name, text in fields.items() if text]
        head = StatusAndHeaders("", lines, protocol="WARC/1.1")
        # Called a revisit, warcio would leave the block out; the header says what the record is.
        record = ArcWarcRecord("warc", "response", head, BytesIO(block), None, content_type, len(block))
        self._writer.write_record(record)
        self.ends.append(self._out.tell())
        return record_id

    def exchange(self, url: str, answer: bytes, method: str = "GET", notes: str = "", **headers: str) -> str:
        """Write response, request and metadata as one exchange; gives the response's id."""
        kind = headers.pop("kind", "response")
        answer_id = self.add(kind, url, answer, **headers)
        self.add("request", url, f"{method} / HTTP/1.1\r\n\r\n".encode(), WARC_Concurrent_To=answer_id)
        if notes:
            self.add("metadata", url, notes.encode(), WARC_Concurrent_To=answer_id)
        return answer_id

    def save(self, path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.data)
        return path


def answer(body: bytes, *fields: str, status: str = "200 OK") -> bytes:
    """An HTTP answer as bytes."""
    lines = [f"HTTP/1.1 {status}", *fields, "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


def news(pages: int = 3, *, gzip: bool = True) -> Archive:
    """Pages of an invented newspaper, each an exchange of its own."""
    archive = Archive(gzip=gzip)
    no_payload = {"Content_Type": "application/warc-fields", "WARC_Payload_Digest": ""}
    archive.add("warcinfo", "", b"software: example\r\n", **no_payload)
    for number in range(pages):
        body = f"<p>Bridge {number} over the Orla was reopened on Thursday.</p>".encode() * 20
        page = answer(body, "Content-Type: text/html", f"Content-Length: {len(body)}")
        archive.exchange(f"https://orla.example/{number}", page)
    return archive


def wacz(path: Path, members: Iterable[tuple[str, bytes]], compression: int = zipfile.ZIP_STORED) -> Path:
    """Package WARC files as a WACZ."""
    with zipfile.ZipFile(path, "w", compression) as package:
        package.writestr("datapackage.json", '{"profile": "data-package"}')
        for name, data in members:
            package.writestr(f"archive/{name}", data)
    return path
