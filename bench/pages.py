"""Pages for benchmarks: those of a WARC, or invented ones of the size and make-up that news sites serve."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastwarc.warc import ArchiveIterator, WarcRecordType

_SYLLABLES = (
    *("ka", "vel", "mir", "tan", "gol", "zen", "du", "ro", "bel", "sor"),
    *("ni", "pal", "ter", "os", "lin", "ath", "eu", "bri", "cor", "den"),
)
_WAR = (
    "Air strikes hit {0} at dawn on Monday, killing {1} civilians, the rescuers of {2} said.",
    "The army shelled villages near {0} while {1} fighters left {2} in trucks.",
    "A drone struck a hospital in {0}; {1} people were wounded, the mayor of {2} said.",
)
_PEACE = (
    "The council of {0} gave {1} million for the market hall and the pool of {2}.",
    "Bakers of {0} have {1} weeks to clear their stalls, the harbour office of {2} wrote.",
    "A choir from {0} sang {1} songs at the opening of the library in {2}.",
)
_MENU = 220
_TEASERS = 60
_SCRIPT_CHARS = 150_000


@dataclass(frozen=True, slots=True)
class ServedPage:
    """A page as a server sends it."""

    body: bytes
    content_type: str


def read_pages(warc: Path) -> Iterator[ServedPage]:
    """The HTML answers with status 200 of a WARC."""
    with warc.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            head = record.http_headers
            kind = (head.get("Content-Type") if head else None) or ""
            if head and head.status_code == 200 and kind.startswith("text/html"):
                yield ServedPage(record.reader.read(), kind)


def invented_pages(count: int) -> Iterator[ServedPage]:
    """Pages of 200 to 300 KB: scripts, a long menu, teasers, ten to forty paragraphs; every second one is about war."""
    for number in range(count):
        yield ServedPage(_page(random.Random(number), number % 2 == 1).encode(), "text/html; charset=utf-8")


def _page(draw: random.Random, is_war: bool) -> str:
    title = f"{_word(draw).title()} and {_word(draw).title()}"
    day = f"2021-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
    paragraphs = "".join(f"<p>{_paragraph(draw, is_war)}</p>" for _ in range(draw.randrange(10, 40)))
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title>{_style(draw)}"
        f'<meta property="article:published_time" content="{day}T10:00:00+00:00">'
        f"<script>{_script(draw)}</script></head><body><header><nav>{_menu(draw)}</nav></header><main><article>"
        f'<h1>{title}</h1><div class="byline">By <a href="/author/{_word(draw)}">{title}</a>'
        f'<time datetime="{day}">{day}</time></div>{paragraphs}</article>'
        f'<aside class="related">{_teasers(draw)}</aside></main>'
        f"<footer>{_menu(draw)}</footer><script>{_script(draw)}</script></body></html>"
    )


def _word(draw: random.Random) -> str:
    return "".join(draw.choices(_SYLLABLES, k=3))


def _paragraph(draw: random.Random, is_war: bool) -> str:
    sentences = draw.choices(_WAR if is_war else _PEACE, k=3)
    return " ".join(
        each.format(_word(draw).title(), draw.randrange(2, 99), _word(draw).title()) + f" {_filler(draw)}."
        for each in sentences
    )


def _filler(draw: random.Random) -> str:
    return " ".join(_word(draw) for _ in range(9)).capitalize()


def _menu(draw: random.Random) -> str:
    links = (f'<li class="menu__item"><a href="/{_word(draw)}">{_word(draw)}</a></li>' for _ in range(_MENU))
    return f"<ul>{''.join(links)}</ul>"


def _teasers(draw: random.Random) -> str:
    return "".join(
        f'<div class="card"><a href="/t/{_word(draw)}"><img src="/i/{_word(draw)}.jpg" alt="">'
        f"<h3>{_filler(draw)}</h3></a>"
        f"<span>{_filler(draw)}</span></div>"
        for _ in range(_TEASERS)
    )


def _style(draw: random.Random) -> str:
    return f"<style>{' '.join(f'.{_word(draw)}{{margin:{draw.randrange(9)}px}}' for _ in range(400))}</style>"


def _script(draw: random.Random) -> str:
    size = draw.randrange(_SCRIPT_CHARS // 3, _SCRIPT_CHARS // 2)
    return f"var data='{draw.randbytes(size // 2).hex()}';"
