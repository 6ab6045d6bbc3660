import pickle
from dataclasses import replace

import pytest

from crawler.items import Link, UrlKind
from crawler.packed_links import PART, PackedLinks
from tests.support.outcomes import link


def links(count: int) -> list[Link]:
    return [replace(link(f"harbour-{number}"), score=number / 7, depth=number % 3) for number in range(count)]


@pytest.mark.parametrize("count", [0, 1, PART, 2 * PART + 1])
def test_links_are_unpacked_as_they_were_packed(count: int) -> None:
    packed = PackedLinks.of(links(count))

    assert list(packed) == list(packed) == links(count)
    assert (len(packed), bool(packed)) == (count, count > 0)


def test_packed_links_pass_between_processes() -> None:
    packed = PackedLinks.of(links(PART + 1))

    assert pickle.loads(pickle.dumps(packed)) == packed


def test_a_link_is_found_among_packed_ones() -> None:
    first, *_, last = made = links(PART + 1)

    assert {first, last} <= set(PackedLinks.of(made))
    assert last in PackedLinks.of(made)
    assert replace(last, kind=UrlKind.FEED) not in PackedLinks.of(made)


def test_fifty_thousand_links_take_less_than_their_addresses() -> None:
    made = links(50_000)

    assert len(pickle.dumps(PackedLinks.of(made))) < sum(len(each.url) for each in made)
