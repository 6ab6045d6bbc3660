"""Which articles go first: those with the higher score, of their own and by the yield of their listing."""

from dataclasses import replace

import pytest

from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.frontier.leases import Leases
from crawler.frontier.url_rows import enter
from crawler.frontier.yields import EXPLORED, USUAL, Yields, level, read_yields
from crawler.http.url_identity import url_key
from crawler.items import Evidence, Link, UrlKind
from tests.support.outcomes import ended

WORLD, SPORT = "https://marisol.example/world", "https://marisol.example/sport"


def is_explored(link: Link) -> bool:
    return url_key(link.url)[0] < EXPLORED


def articles(count: int, via: str, score: float | None = None) -> list[Link]:
    """Articles that a listing names, none of which is one of the few that go first anyway."""
    evidence = Evidence(source="marisol", via=via)
    links = (Link(f"{via}/{number}", UrlKind.ARTICLE, evidence, score=score) for number in range(10 * count))
    return [each for each in links if not is_explored(each)][:count]


def lease_all(catalogue: Catalogue, *links: Link) -> list[str]:
    """Enter links and give the URLs in the order in which they are asked for."""
    run = begin_run(catalogue, "news", {}, "frontwire/0.1")
    enter(catalogue, run, links)
    leases = Leases(catalogue, run, ["marisol"])
    leases.keep()
    urls: list[str] = []
    while leased := leases.lease_urls([host.id for host in leases.lease_hosts(9)], 99):
        urls += [each.link.url for each in leased]
    return urls


def end_all(catalogue: Catalogue, links: list[Link], fate: Fate) -> None:
    run = begin_run(catalogue, "replay", {}, "frontwire/0.1")
    commit_outcomes(catalogue, run, [(ended(each, fate), None) for each in links])


def expected(catalogue: Catalogue, via: str, source: str = "marisol") -> float:
    evidence = Evidence(source=source, via=via)
    with catalogue.read() as connection:
        return read_yields(connection, [Link(via, UrlKind.ARTICLE, evidence)]).expected(evidence)


def test_a_higher_score_goes_first_wherever_it_is_listed(catalogue: Catalogue) -> None:
    dull, fair, good = (
        replace(each, score=s) for each, s in zip(articles(3, WORLD), (0.01, 0.3, 0.9), strict=True)
    )
    assert lease_all(catalogue, dull, fair, good) == [good.url, fair.url, dull.url]


def test_of_equal_scores_the_first_listed_goes_first(catalogue: Catalogue) -> None:
    links = articles(5, WORLD, 0.3)
    assert lease_all(catalogue, *links) == [each.url for each in links]


def test_what_lists_articles_goes_before_all_of_them(catalogue: Catalogue) -> None:
    [good], sitemap = articles(1, WORLD, 1.0), Link(SPORT, UrlKind.SITEMAP, Evidence(source="marisol"))
    assert lease_all(catalogue, good, sitemap) == [sitemap.url, good.url]


def test_a_listing_that_gave_more_is_preferred(catalogue: Catalogue) -> None:
    end_all(catalogue, articles(20, WORLD), Fate.SAVED)
    end_all(catalogue, articles(20, SPORT), Fate.OFF_TOPIC)
    [world], [sport] = articles(21, WORLD, 0.3)[-1:], articles(21, SPORT, 0.3)[-1:]
    assert lease_all(catalogue, sport, world) == [world.url, sport.url]


def test_a_new_listing_is_expected_to_give_what_its_source_gave(catalogue: Catalogue) -> None:
    assert expected(catalogue, WORLD) == pytest.approx(USUAL)
    end_all(catalogue, articles(50, SPORT), Fate.SAVED)
    assert expected(catalogue, WORLD) > 0.5
    assert expected(catalogue, WORLD, source="tarn") == pytest.approx(USUAL)


@pytest.mark.parametrize("fate", [Fate.HTTP_ERROR, Fate.UNCHANGED, Fate.REDIRECTED, Fate.BOT_CHALLENGE])
def test_what_says_nothing_of_the_topic_counts_for_nothing(catalogue: Catalogue, fate: Fate) -> None:
    end_all(catalogue, articles(50, WORLD), fate)
    assert expected(catalogue, WORLD) == pytest.approx(USUAL)


def test_a_story_that_the_corpus_has_from_elsewhere_speaks_for_its_listing(catalogue: Catalogue) -> None:
    end_all(catalogue, articles(50, WORLD), Fate.SYNDICATED)
    assert expected(catalogue, WORLD) > 0.5


def test_a_few_are_explored_whatever_their_score() -> None:
    evidence = Evidence(source="marisol", via=WORLD)
    links = [Link(f"{WORLD}/{number}", UrlKind.ARTICLE, evidence, score=0.001) for number in range(5000)]
    nothing = Yields({}, {})
    levels = [level(each, url_key(each.url), nothing) for each in links]
    assert 0.05 <= sum(each > 0 for each in levels) / len(levels) <= 0.1
    assert [each > 0 for each in levels] == [is_explored(each) for each in links]


def test_without_scores_articles_go_as_they_are_listed(catalogue: Catalogue) -> None:
    end_all(catalogue, articles(20, WORLD), Fate.SAVED)
    links = articles(40, WORLD)[20:]
    assert lease_all(catalogue, *links) == [each.url for each in links]
