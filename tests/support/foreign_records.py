"""Records and files byte by byte, as wrong as other tools write them."""

import gzip
import sys
from collections.abc import Callable
from io import BytesIO
from itertools import count

from fastwarc.stream_io import Lz4Writer

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DATE = "2021-01-28T10:00:00Z"
_NUMBERS = count(1)


def story(name: str) -> bytes:
    """An answer with a page of an invented newspaper."""
    texts = (
        f"The mill of {name} by the Orla was opened again on Thursday, as the council of the town had promised.",
        "Shelling had closed the road to it for three weeks, and forty families waited in the school, it said.",
        f"Soldiers of both sides withdrew from {name} on Wednesday night, as the agreement of Velmar asked them to.",
    )
    page = (
        f'<html lang="en"><head><title>Mill of {name} opened again</title>'
        '<meta property="article:published_time" content="2021-01-27T10:00:00+00:00"></head>'
        f"<body><article><h1>Mill of {name} opened again</h1>{''.join(f'<p>{text}</p>' for text in texts)}"
        "</article></body></html>"
    ).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page) + page


def url_of(name: str) -> str:
    return f"https://orla.example/{name}"


def record(
    kind: str,
    url: str,
    block: bytes,
    *,
    version: str = "1.0",
    length: int | None = None,
    end: bytes = b"\r\n\r\n",
    line_end: str = "\r\n",
    **fields: str,
) -> bytes:
    """One WARC record; fields with `_` for `-` replace those that it has, empty ones are left out."""
    known = {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<urn:uuid:00000000-0000-4000-8000-{next(_NUMBERS):012d}>",
        "WARC-Date": DATE,
        "WARC-Target-URI": url,
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(block) if length is None else length),
    }
    named = known | {name.replace("_", "-"): text for name, text in fields.items()}
    lines = [f"WARC/{version}", *(f"{name}: {text}" for name, text in named.items() if text), "", ""]
    return line_end.join(lines).encode() + block + end


def response(name: str, **wrong: object) -> bytes:
    """A record of a story."""
    return record("response", url_of(name), story(name), **wrong)  # type: ignore[arg-type]


def warcinfo(software: str = "example/1") -> bytes:
    text = f"software: {software}\r\n".encode()
    return record("warcinfo", "", text, Content_Type="application/warc-fields")


def arc_head(
    name: str, body: bytes = b"1 0 Example\nURL IP-address Archive-date Content-type Archive-length\n"
) -> bytes:
    return b"filedesc://%s 0.0.0.0 20210128100000 text/plain %d\n%s\n" % (name.encode(), len(body), body)


def arc(url: str, block: bytes, rest: str = "192.0.2.7 20210128100000 text/html {length}") -> bytes:
    """A record of an ARC."""
    return f"{url} {rest.format(length=len(block))}\n".encode() + block + b"\n"


def lz4(data: bytes) -> bytes:
    """A frame of LZ4."""
    out = BytesIO()
    writer = Lz4Writer(out)
    writer.write(data)
    writer.close()
    return out.getvalue()


def zstd_dictionary(*samples: bytes) -> "zstd.ZstdDict":
    """A dictionary trained on records."""
    return zstd.train_dict([*samples, *(response(f"sample {number}") for number in range(60))], 4096)


def zstd_frame(data: bytes, dictionary: "zstd.ZstdDict | None" = None, is_named: bool = True) -> bytes:
    """A frame of zstd, with a dictionary, which it need not name, or without."""
    options = {int(zstd.CompressionParameter.dict_id_flag): int(is_named)}
    return zstd.compress(data, options=options, zstd_dict=dictionary)


def skippable(content: bytes, number: int = 0xD) -> bytes:
    """A frame that readers of zstd and LZ4 pass over; number 13 holds a dictionary."""
    return (0x184D2A50 + number).to_bytes(4, "little") + len(content).to_bytes(4, "little") + content


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "plain": lambda data: data,
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "zstd": zstd_frame,
    "lz4": lz4,
}
"""Ways to compress a record, by name."""
