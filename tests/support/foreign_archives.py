"""Sound archives as other tools write them, in as many shapes as are met."""

import hashlib
import io
import json
import zipfile
from base64 import b32encode
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.foreign_records import (
    PACKERS,
    arc,
    arc_head,
    record,
    skippable,
    story,
    url_of,
    warcinfo,
    zstd_dictionary,
    zstd_frame,
)

IDENTICAL = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True, slots=True)
class Foreign:
    """One archive."""

    file: str
    data: bytes
    counts: dict[str, int] = field(default_factory=dict)
    """How its records end in a replay."""
    notes: int = 0
    """What `verify` has to say of its copy, though it is sound."""


def digest(name: str, algorithm: str = "sha1", form: str = "base32", label: str = "") -> str:
    """The payload digest of a story."""
    value = hashlib.new(algorithm, payload(name)).digest()
    text = {"base32": b32encode(value).decode(), "hex": value.hex(), "HEX": value.hex().upper()}[form]
    return f"{label or algorithm}:{text}"


def payload(name: str) -> bytes:
    """The body of a story."""
    return story(name).partition(b"\r\n\r\n")[2]


def request(name: str, of: str = "", url: str = "") -> bytes:
    """A record of the request for a story."""
    block = f"GET /{name} HTTP/1.1\r\nHost: orla.example\r\n\r\n".encode()
    kind = "application/http; msgtype=request"
    return record("request", url or url_of(name), block, Content_Type=kind, WARC_Concurrent_To=of)


def answered(name: str, **fields: object) -> bytes:
    """A record of the answer with a story."""
    return record("response", url_of(name), story(name), **fields)  # type: ignore[arg-type]


def repeated(name: str, of: str, **fields: object) -> bytes:
    """A revisit record of one story for another."""
    head = story(of).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    known: dict[str, object] = {"WARC_Profile": IDENTICAL, "WARC_Date": "2021-01-29T10:00:00Z"}
    return record("revisit", url_of(name), head, **known | fields)  # type: ignore[arg-type]


def resource(url: str, content: bytes, kind: str) -> bytes:
    return record("resource", url, content, Content_Type=kind)


def _warcio(name: str) -> list[bytes]:
    named = f"<urn:uuid:{name}>"
    return [
        warcinfo("warcio 1.7"),
        answered(name, WARC_Record_ID=named, WARC_Payload_Digest=digest(name)),
        request(name, named),
    ]


def _wget(name: str) -> list[bytes]:
    named = f"<urn:uuid:{name}-request>"
    return [
        warcinfo("Wget/1.21"),
        record(
            "request",
            f"<{url_of(name)}>",
            b"GET / HTTP/1.1\r\n\r\n",
            WARC_Record_ID=named,
            Content_Type="application/http;msgtype=request",
        ),
        record(
            "response",
            f"<{url_of(name)}>",
            story(name),
            WARC_Concurrent_To=named,
            WARC_Payload_Digest=digest(name),
        ),
        record("metadata", "metadata://gnu.org/software/wget/warc/MANIFEST.txt", b"<urn:uuid:1>\n"),
        resource("metadata://gnu.org/software/wget/warc/wget.log", b"Saving to: a", "text/plain"),
    ]


def _wpull(name: str) -> list[bytes]:
    return [*_warcio(name), resource("urn:X-wpull:log", b"INFO Fetched", "text/plain")]


def _heritrix(name: str) -> list[bytes]:
    dns = record("response", "dns:orla.example", b"20210128100000\n192.0.2.7\n", Content_Type="text/dns")
    notes = record("metadata", url_of(name), b"via: x\r\n", Content_Type="application/warc-fields")
    unchanged = record("revisit", url_of(name), b"", WARC_Profile=NOT_MODIFIED, Content_Type="")
    return [dns, *_warcio(name), notes, unchanged]


def _browsertrix(name: str) -> list[bytes]:
    return [
        warcinfo("Browsertrix-Crawler 1.5"),
        answered(name, version="1.1", WARC_Payload_Digest=digest(name, "sha256", "hex")),
        resource(f"urn:pageinfo:{url_of(name)}", b"{}", "application/json"),
        resource(f"urn:text:{url_of(name)}", b"In the town", "text/plain"),
        resource(f"urn:thumbnail:{url_of(name)}", b"\x89PNG", "image/png"),
    ]


def _common_crawl(name: str) -> list[bytes]:
    return [
        warcinfo("Apache Nutch"),
        answered(name),
        record("conversion", url_of(name), b"In the town", Content_Type="text/plain"),
    ]


BROWSERTRIX = {"read": 1, "not HTTP (urn)": 3, "warcinfo": 1}
WRITERS: dict[str, tuple[Callable[[str], list[bytes]], dict[str, int]]] = {
    "warcio": (_warcio, {"read": 1, "request": 1, "warcinfo": 1}),
    "wget": (_wget, {"read": 1, "request": 1, "warcinfo": 1, "metadata": 1, "not HTTP (metadata)": 1}),
    "wpull": (_wpull, {"read": 1, "request": 1, "warcinfo": 1, "not HTTP (urn)": 1}),
    "heritrix": (_heritrix, {"read": 2, "request": 1, "warcinfo": 1, "metadata": 1, "not HTTP (dns)": 1}),
    "browsertrix": (_browsertrix, BROWSERTRIX),
    "common-crawl": (_common_crawl, {"read": 1, "warcinfo": 1, "conversion": 1}),
}


def _odd(name: str) -> dict[str, tuple[list[bytes], dict[str, int], int]]:
    """Records that are right in a way of their own."""
    first = answered(name, WARC_Record_ID="<urn:uuid:first>", WARC_Payload_Digest=digest(name))
    unnamed = answered(name, WARC_Record_ID="")
    two = {"read": 2}

    def again(**fields: object) -> list[bytes]:
        return [first, repeated(f"{name}-again", name, **fields)]

    by_date = {"WARC_Refers_To_Target_URI": url_of(name), "WARC_Refers_To_Date": "2021-01-28T10:00:00Z"}
    chain = {
        "WARC_Refers_To_Target_URI": url_of(f"{name}-again"),
        "WARC_Refers_To_Date": "2021-01-29T10:00:00Z",
        "WARC_Date": "2021-01-30T10:00:00Z",
    }
    return {
        "hex": ([answered(name, WARC_Payload_Digest=digest(name, form="hex"))], {"read": 1}, 0),
        "upper-hex": ([answered(name, WARC_Payload_Digest=digest(name, form="HEX"))], {"read": 1}, 0),
        "sha-256": (
            [answered(name, WARC_Payload_Digest=digest(name, "sha256", "hex", "sha-256"))],
            {"read": 1},
            0,
        ),
        "SHA256": (
            [answered(name, WARC_Payload_Digest=digest(name, "sha256", label="SHA256"))],
            {"read": 1},
            0,
        ),
        "md5": ([answered(name, WARC_Payload_Digest=digest(name, "md5", "hex"))], {"read": 1}, 0),
        "unknown-digest": ([answered(name, WARC_Payload_Digest="xxh3:0123456789abcdef")], {"read": 1}, 1),
        "wrong-digest": ([answered(name, WARC_Payload_Digest=digest("another"))], {"read": 1}, 1),
        "no-id": ([unnamed], {"read": 1}, 0),
        "revisit-by-id": (again(WARC_Refers_To="<urn:uuid:first>"), two, 0),
        "revisit-by-date": (again(**by_date), two, 0),
        "revisit-by-digest": (again(WARC_Payload_Digest=digest(name)), two, 0),
        "revisit-by-other-spelling": (again(WARC_Payload_Digest=digest(name, form="hex")), two, 0),
        "revisit-of-revisit": (
            [*again(**by_date), repeated(f"{name}-third", name, **chain)],
            {"read": 3},
            0,
        ),
        "revisit-before-original": (again(**by_date)[::-1], two, 0),
        "revisit-without-reference": ([first, repeated(name, name)], two, 0),
        "truncated": (
            [
                record("response", url_of(name), story(name)[:-80], WARC_Truncated="length"),
                answered(f"{name}-whole", WARC_Truncated="time"),
            ],
            {"truncated (length)": 1, "read": 1},
            0,
        ),
        "year-only": ([answered(name, version="1.1", WARC_Date="2021")], {"read": 1}, 0),
        "offset": ([answered(name, WARC_Date="2021-01-28T10:00:00+01:00")], {"read": 1}, 0),
        "post": (
            [
                answered(name, WARC_Record_ID="<urn:uuid:post>"),
                request(name, "<urn:uuid:post>").replace(b"GET /", b"PUT /"),
            ],
            {"method PUT": 1, "request": 1},
            0,
        ),
        "page-as-resource": ([resource(url_of(name), payload(name), "text/html")], {"read": 1}, 0),
        "page-without-head": (
            [record("response", url_of(name), payload(name), Content_Type="text/html")],
            {"read": 1},
            0,
        ),
    }


def _wacz(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED, listed: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as package:
        for name, data in members.items():
            package.writestr(name, data)
        hashes = [
            {"name": name, "path": name, "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}
            for name, data in members.items()
        ]
        if listed:
            package.writestr("datapackage.json", json.dumps({"profile": "data-package", "resources": hashes}))
    return out.getvalue()


def _packages() -> dict[str, Foreign]:
    def warc(name: str) -> bytes:
        return b"".join(map(PACKERS["gzip"], _browsertrix(name)))

    def times(number: int) -> dict[str, int]:
        return {reason: number * count for reason, count in BROWSERTRIX.items()}

    def inner(name: str) -> bytes:
        return _wacz({f"archive/{name}.warc.gz": warc(name)})

    two = {f"archive/{name}.warc.gz": warc(name) for name in ("Sava", "Drin")}
    return {
        "one": Foreign("one.wacz", inner("Vrbas"), times(1)),
        "two": Foreign("two.wacz", _wacz(two), times(2)),
        "deflated": Foreign("deflated.wacz", _wacz(two, zipfile.ZIP_DEFLATED), times(2)),
        "unlisted": Foreign("unlisted.wacz", _wacz(two, listed=False), times(2)),
        "nested": Foreign("all.wacz", _wacz({"a.wacz": inner("Una"), "b.wacz": inner("Bosna")}), times(2)),
        "named-zip": Foreign("one.zip", inner("Tara"), times(1)),
    }


def foreign_archives() -> dict[str, Foreign]:
    """All of them, by a name that says what is special."""
    found: dict[str, Foreign] = {}
    for tool, (write, counts) in WRITERS.items():
        for coding, pack in PACKERS.items():
            data = b"".join(map(pack, write(f"{tool}-{coding}")))
            found[f"{tool} {coding}"] = Foreign(f"{tool}-{coding}.warc", data, counts)
    for number, (what, (records, counts, notes)) in enumerate(_odd("Lim").items()):
        pack = PACKERS[("plain", "gzip")[number % 2]]
        found[what] = Foreign(f"{what}.warc", b"".join(map(pack, records)), counts, notes)
    whole = b"".join(_wget("Neretva"))
    known = zstd_dictionary(*_wget("Neretva"))
    with_dictionary = b"".join(zstd_frame(each, known) for each in _wget("Neretva"))
    wget = WRITERS["wget"][1]
    found["one gzip stream"] = Foreign("stream.warc.gz", PACKERS["gzip"](whole), wget)
    found["zstd dictionary"] = Foreign("d.warc.zst", skippable(known.dict_content) + with_dictionary, wget)
    return found | _packages()


def arc_archives() -> dict[str, Foreign]:
    """ARC files, which are read where they lie."""
    first = "192.0.2.7 20210128100000 text/html {length}"
    second = "192.0.2.7 20210128100000 text/html 200 - - 1041 a.arc.gz {length}"
    found = {}
    for coding in ("plain", "gzip"):
        for version, rest in (("1", first), ("2", second)):
            dns = arc("dns:orla.example", b"192.0.2.7", "192.0.2.1 20210128100000 text/dns {length}")
            page = arc(url_of(f"arc{version}{coding}"), story("Morava"), rest)
            bare = arc(url_of(f"bare{version}{coding}"), payload("Morava"), rest)
            data = b"".join(map(PACKERS[coding], [arc_head("a.arc"), dns, page, bare]))
            counts = {"warcinfo": 1, "not HTTP (dns)": 1, "read": 2}
            found[f"version {version}, {coding}"] = Foreign(f"v{version}-{coding}.arc", data, counts)
    return found


def summed(archives: dict[str, Foreign]) -> Counter[str]:
    """How the records of all end."""
    total: Counter[str] = Counter()
    for each in archives.values():
        total.update(each.counts)
    return total
