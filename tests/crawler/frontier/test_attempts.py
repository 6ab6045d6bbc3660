"""What counts as an attempt: a lease that came to an end, not one that a kill cut off."""

from pathlib import Path

from crawler.catalogue.store import Store
from crawler.frontier.leases import LeasedUrl, Leases
from crawler.items import Evidence, Link, UrlKind


def lease(store: Store, run_id: int) -> list[LeasedUrl]:
    leases = Leases(store, run_id, ["desk"])
    leases.keep()
    return leases.lease_urls([host.id for host in leases.lease_hosts(9)], 9)


def test_a_lease_that_a_kill_cut_off_is_no_attempt(tmp_path: Path) -> None:
    store = Store.open("", tmp_path)
    link = Link("https://desk.example/a", UrlKind.ARTICLE, Evidence(source="desk"))
    for _ in range(3):
        run_id = store.begin_run("news", {}, "test")  # the one before was killed, then
        store.enter(run_id, [link])
        assert [leased.attempts for leased in lease(store, run_id)] == [1]
    store.close()
