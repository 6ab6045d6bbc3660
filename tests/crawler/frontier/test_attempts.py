"""What counts as an attempt: a lease that came to an end, not one that a kill cut off."""

from pathlib import Path

from crawler.catalogue.runs import begin_run
from crawler.database.catalogue import Catalogue
from crawler.frontier.leases import LeasedUrl, Leases
from crawler.frontier.url_rows import enter
from crawler.items import Evidence, Link, UrlKind


def lease(catalogue: Catalogue, run_id: int) -> list[LeasedUrl]:
    leases = Leases(catalogue, run_id, ["desk"])
    leases.keep()
    return leases.lease_urls([host.id for host in leases.lease_hosts(9)], 9)


def test_a_lease_that_a_kill_cut_off_is_no_attempt(tmp_path: Path) -> None:
    catalogue = Catalogue.open("", tmp_path)
    link = Link("https://desk.example/a", UrlKind.ARTICLE, Evidence(source="desk"))
    for _ in range(3):
        run_id = begin_run(catalogue, "news", {}, "test")  # the one before was killed, then
        enter(catalogue, run_id, [link])
        assert [leased.attempts for leased in lease(catalogue, run_id)] == [1]
    catalogue.close()
