"""Bytes that nearly are what a parser expects: samples with pieces cut, doubled, swapped and spoilt."""

import random
from collections.abc import Sequence

PIECES = (
    *(
        b"\0",
        b"\r\n",
        b"\n",
        b"\r",
        b" ",
        b"\t",
        b":",
        b"<",
        b">",
        b"&",
        b"&amp;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"%",
        b"%00",
        b"%2e",
        b"..",
        b"//",
    ),
    *(
        b"\\",
        b"@",
        b"[",
        b"]",
        b"#",
        b"?",
        b"-1",
        b"0",
        b"18446744073709551616",
        b"99999999999999999999",
        b"1e309",
        b"\xff\xfe",
        b"\xfe\xff",
    ),
    *(
        b"\xef\xbb\xbf",
        b"\x1f\x8b\x08",
        b"\x28\xb5\x2f\xfd",
        b"PK\x03\x04",
        b"\xc3",
        b"\xed\xa0\x80",
        "\u202e".encode(),
        "\u00a0".encode(),
        b"=",
        b";",
        b",",
    ),
)


def mutate(chance: random.Random, samples: Sequence[bytes], most: int = 8) -> bytes:
    """A sample after some accidents."""
    data = chance.choice(samples)
    for _ in range(chance.randint(0, most)):
        data = chance.choice(_ACCIDENTS)(chance, data, samples)
    return data


def _cut(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    begin, end = _range(chance, data)
    return data[:begin] + data[end:]


def _end(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    return data[: chance.randint(0, len(data))]


def _double(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    begin, end = _range(chance, data)
    return data[:end] + data[begin:end] * chance.choice((1, 1, 50)) + data[end:]


def _spoil(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]


def _insert(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    at = chance.randint(0, len(data))
    return data[:at] + chance.choice(PIECES) + data[at:]


def _splice(chance: random.Random, data: bytes, samples: Sequence[bytes]) -> bytes:
    other = chance.choice(samples)
    return data[: chance.randint(0, len(data))] + other[chance.randint(0, len(other)) :]


def _number(chance: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    """Change a digit: lengths, dates and offsets are where parsers trust."""
    digits = [at for at, byte in enumerate(data) if 0x30 <= byte <= 0x39]
    if not digits:
        return data
    at = chance.choice(digits)
    return data[:at] + chance.choice((b"", b"0", b"9", b"-", b"999999999")) + data[at + 1 :]


_ACCIDENTS = (_cut, _end, _double, _spoil, _insert, _splice, _number)


def _range(chance: random.Random, data: bytes) -> tuple[int, int]:
    begin = chance.randint(0, len(data))
    return begin, min(len(data), begin + chance.choice((1, 4, 16, 64, 1024)))
