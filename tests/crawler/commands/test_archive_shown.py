"""pywb shows the records of an archive that lies in an object store, which it reads by ranges."""

from pathlib import Path

import pytest

from archive.collection.uploading import upload
from archive.objects.addresses import ObjectAddress
from crawler.cli.pywb import running_pywb
from tests.support.object_store import object_store
from tests.support.pywb import get
from tests.support.tools import find_tool
from tests.support.uploads import write_file

pytestmark = pytest.mark.slow


def test_pywb_reads_what_is_in_the_store_and_what_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wayback = Path(find_tool("TOOL_PYWB", "wayback"))
    folder = tmp_path / "here" / "news"
    with object_store() as store:
        store.make_bucket("news")
        store.use(monkeypatch)
        write_file(folder, "a", "b")
        upload(folder, ObjectAddress("news", "place"), keeps_local=False)
        write_file(folder, "c")
        store.requests.clear()

        with running_pywb(wayback, {"news": folder}) as address:
            port = int(address.rpartition(":")[2])
            shown = {page: get(port, f"/news/2id_/http://news.example/{page}") for page in "abc"}

    assert shown == {page: (200, page.encode() * 50) for page in "abc"}
    assert [asked.heads["range"][:6] for asked in store.requests if asked.method == "GET"] == ["bytes="] * 2
