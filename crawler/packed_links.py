"""Links in little memory: a sitemap names 50,000, which as objects take 40 MB of the process that runs the crawl."""

import pickle
import zlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Self

from crawler.items import Link

PART = 1000
"""Links that are unpacked at a time."""

_FAST = 1


@dataclass(frozen=True, slots=True)
class PackedLinks(Collection[Link]):
    """Links in their order, as many bytes as their text compressed; each iteration unpacks them part by part."""

    _parts: tuple[bytes, ...]
    _count: int

    @classmethod
    def of(cls, links: Iterable[Link]) -> Self:
        waiting, parts, count = iter(links), list[bytes](), 0
        while part := list(islice(waiting, PART)):
            parts.append(zlib.compress(pickle.dumps(part), _FAST))
            count += len(part)
        return cls(tuple(parts), count)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Link]:
        for part in self._parts:
            yield from pickle.loads(zlib.decompress(part))

    def __contains__(self, link: object) -> bool:
        return any(each == link for each in self)
