"""Stories on several pages, of invented places, as sites lay them out."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from tests.support.hostile_site import http
from tests.support.origin import Answer

_SIGHTS = (
    "The ferrymen of {name} count the planks of their landing stage each morning, because in most nights of this"
    " autumn one or two of them were carried away for firewood.",
    "Beyond the mill of {name} the road is mined, and whoever wants to reach the hospital has to wait for the boat"
    " that the fire brigade rows over at noon and in the evening.",
    "The teacher of {name} keeps the registers of three villages in a biscuit tin, and reads the names aloud on"
    " Sundays to those who still come to the school.",
    "On the last evening the baker of {name} had flour for four days, and a promise from the district that a lorry"
    " would come when the pass was open again.",
    "Nobody in {name} knows who shot at the radio mast, said the postmaster, and nobody asked him about anything else"
    " than the letters from the coast.",
)


def sights(name: str, page: int) -> tuple[str, ...]:
    """The paragraphs of a page of the story about a place: different ones on each page."""
    lines = [_SIGHTS[(page * 2 + at) % len(_SIGHTS)] for at in range(2)]
    return tuple(f"{line.format(name=name)} That was day {page} of our way." for line in lines)


@dataclass(frozen=True)
class Story:
    """A story about a place on so many pages; `address` gives the path of each."""

    name: str = "Ulvika"
    count: int = 3
    address: Callable[[int], str] = lambda page: "/2021/01/ferry/" if page == 1 else f"/2021/01/ferry/{page}/"

    @property
    def paths(self) -> list[str]:
        return [self.address(page) for page in range(1, self.count + 1)]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(text for page in range(1, self.count + 1) for text in sights(self.name, page))

    @property
    def seed(self) -> str:
        return " date 2021-01 " + "\n\n".join(self.paragraphs)

    def pages(self) -> dict[str, Answer | list[Answer]]:
        """What the site answers, by path."""
        return {
            path: long_page(f"The ferrymen of {self.name}", sights(self.name, page), pager(self.paths, page))
            for page, path in enumerate(self.paths, 1)
        }


def pager(paths: Sequence[str], page: int) -> str:
    """The links between pages, the present one without a link."""
    numbers = " ".join(
        f"<span>{at}</span>" if at == page else f'<a href="{path}">{at}</a>'
        for at, path in enumerate(paths, 1)
    )
    return f'<nav class="page-links">Pages: {numbers}</nav>'


def long_page(
    title: str, paragraphs: Iterable[str], links: str = "", head: str = "", language: str = "en"
) -> Answer:
    """A page with these paragraphs, published in January 2021."""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return http(
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2021-01-11T10:00:00+00:00">'
        f"{head}</head><body><article><h1>{title}</h1><div class=story>{text}</div>{links}</article>"
        "</body></html>".encode()
    )
