"""Pictures of the newsroom: small PNG files that are drawn from their names, so that no two are the same."""

import hashlib
import struct
import zlib

SIDE_PX = 16


def draw_picture(name: str) -> bytes:
    """A square of random grey, the same for the same name, as PNG (https://www.w3.org/TR/png/)."""
    grey = hashlib.shake_128(name.encode()).digest(SIDE_PX * SIDE_PX)
    lines = b"".join(b"\0" + grey[at : at + SIDE_PX] for at in range(0, len(grey), SIDE_PX))
    header = struct.pack(
        ">IIBBBBB", SIDE_PX, SIDE_PX, 8, 0, 0, 0, 0
    )  # eight bits of grey, nothing interlaced
    chunks = (b"IHDR", header), (b"IDAT", zlib.compress(lines)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
