"""The newsroom's pictures are whole PNG files, and no two are alike."""

import struct
import zlib

from crawler.demo import Newsroom
from crawler.demo.pictures import SIDE_PX, draw_picture
from tests.support.newsroom_client import ask


def chunks(png: bytes) -> dict[bytes, bytes]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    found, at = {}, 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", png, at + 8 + length) == (zlib.crc32(kind + data),)
        found[kind] = data
        at += length + 12
    return found


def test_a_picture_is_a_png_of_its_size() -> None:
    found = chunks(draw_picture("/a.png"))
    assert list(found) == [b"IHDR", b"IDAT", b"IEND"]
    assert struct.unpack(">II", found[b"IHDR"][:8]) == (SIDE_PX, SIDE_PX)
    assert len(zlib.decompress(found[b"IDAT"])) == SIDE_PX * (SIDE_PX + 1)


def test_a_name_gives_one_picture_and_another_name_another() -> None:
    assert draw_picture("/a.png") == draw_picture("/a.png") != draw_picture("/b.png")


def test_the_sites_serve_the_pictures_of_their_articles(newsroom: Newsroom) -> None:
    for site in newsroom.sites:
        for url in site.articles[0].pictures:
            reply = ask(url)
            assert (reply.status, reply.headers["content-type"]) == (200, "image/png")
            assert chunks(newsroom.served(url))
