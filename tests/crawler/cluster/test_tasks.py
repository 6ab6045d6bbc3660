"""What a worker of a cluster does with a file is a function of its bytes and the settings."""

from dataclasses import replace
from pathlib import Path

import pytest

from archive.errors import ArchiveUnreadable
from archive.replay.record_ranges import RecordRange
from archive.warc.files import RecordFile
from crawler.cluster import ReplaySettings, replay_file
from crawler.cluster.task_plan import Plan
from crawler.cluster.tasks import (
    RangeResult,
    RangeTask,
    WorkerUnfit,
    read_with,
    require_fitness,
)
from crawler.cluster.versions import difference, versions_here
from crawler.fates import Fate
from crawler.items import Article, Link
from crawler.outcome import Outcome
from crawler.reading.page_reading import PageLimits
from crawler.relevance import TopicProfile
from tests.support.warcs import Archive, answer

SETTINGS = ReplaySettings(
    TopicProfile((("The ferry at Tolm was shelled.",),), "off"),
    PageLimits(timeout_s=60, max_bytes=400 * 1024**2),
    "/nowhere",
    versions_here(with_encoder=False),
)

PAGE = """<html lang="en"><head><title>Ferry at Tolm runs again</title></head><body><article>
<p>The ferry across the Orla at Tolm runs again after the ceasefire between both banks was renewed on Thursday.</p>
<p>Shelling had closed the crossing for three weeks, and forty families waited in its school, the mayor said.</p>
</article></body></html>"""


def orla(path: Path) -> Path:
    """A page, one that is gone, a repetition, and what is no answer."""
    archive = Archive()
    archive.add("warcinfo", "", b"software: x\r\n")
    first = archive.exchange("https://orla.example/1", answer(PAGE.encode(), "Content-Type: text/html"))
    archive.exchange("https://orla.example/2", answer(b"", status="404 Not Found"))
    archive.exchange("https://orla.example/1", answer(b""), kind="revisit", WARC_Refers_To=first)
    archive.add("response", "https://orla.example/3", b"no status line")
    archive.add("response", "dns:orla.example", b"10.0.0.1")
    return archive.save(path)


def whole(path: Path) -> RangeTask:
    file = RecordFile(path)
    return RangeTask(file, file.size, RecordRange(0, None, is_exact=True))


def test_each_record_of_a_file_is_in_one_row(tmp_path: Path) -> None:
    path = orla(tmp_path / "orla.warc.gz")
    rows = replay_file(path, SETTINGS)
    assert [row.records for row in rows] == [1, 2, 2, 2, 1, 1]
    assert [row.reasons for row in rows] == [
        *(("warcinfo",), ("request",), ("request",), ("request",)),
        *(("no status line",), ("not HTTP (dns)",)),
    ]
    page, gone = rows[1], rows[2]
    assert isinstance(page.result, Article)
    assert page.result.title == "Ferry at Tolm runs again"
    assert len(page.result.paragraphs) == 2
    assert isinstance(gone.result, Outcome)
    assert gone.result.fate is Fate.GONE
    assert rows[3].revisit is not None


def test_what_travels_has_no_page_in_it(tmp_path: Path) -> None:
    archive = Archive()
    noise = PAGE.replace("</article>", "</article><script>" + "ferry pier mill " * 40_000 + "</script>")
    archive.exchange("https://orla.example/1", answer(noise.encode(), "Content-Type: text/html"))
    path = archive.save(tmp_path / "orla.warc.gz")
    (row,) = replay_file(path, SETTINGS)
    assert row.capture is not None
    assert (row.capture.body, row.capture.head, row.capture.headers) == (b"", b"", {})
    assert row.result is not None
    assert row.result.capture is None
    packed = RangeResult((row,), 1).packed()
    assert len(packed) < 4000
    assert RangeResult.unpacked(packed).rows == (row,)


def test_a_defect_of_ours_ends_one_page_only(tmp_path: Path) -> None:
    async def failing(_: object, link: Link) -> Outcome:
        if link.url.endswith("1"):
            raise ZeroDivisionError("of ours")
        return Outcome.of(link, Fate.GONE)

    rows = read_with(whole(orla(tmp_path / "orla.warc.gz")), "/nowhere", failing).rows
    assert [row.defect for row in rows if row.capture] == ["ZeroDivisionError: of ours", ""]


def test_a_machine_that_fails_is_no_fault_of_the_page(tmp_path: Path) -> None:
    async def full(*_: object) -> Outcome:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        read_with(whole(orla(tmp_path / "orla.warc.gz")), "/nowhere", full)


def test_a_file_that_is_no_archive_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "noise.warc.gz").write_bytes(b"noise")
    with pytest.raises(ArchiveUnreadable, match="noise"):
        replay_file(tmp_path / "noise.warc.gz", SETTINGS)


def test_a_worker_with_other_programs_or_another_file_refuses(tmp_path: Path) -> None:
    task = whole(orla(tmp_path / "orla.warc.gz"))
    require_fitness(task, SETTINGS)
    others = tuple((name, "0.1" if name == "trafilatura" else is_) for name, is_ in SETTINGS.versions)
    with pytest.raises(WorkerUnfit, match=r"trafilatura .* instead of 0\.1"):
        require_fitness(task, replace(SETTINGS, versions=others))
    with pytest.raises(WorkerUnfit, match="sees another file"):
        require_fitness(replace(task, size=1), SETTINGS)
    (tmp_path / "orla.warc.gz").unlink()
    with pytest.raises(WorkerUnfit, match="under the same paths"):
        require_fitness(task, SETTINGS)


def test_versions_that_differ_are_named() -> None:
    ours = (("frontwire", "2"), ("Python", "3.11"), ("lxml", "6"))
    assert difference(ours, ours) == ""
    theirs = (("frontwire", "1"), ("Python", "3.11"))
    assert difference(theirs, ours) == "frontwire 1 instead of 2, lxml absent instead of 6"


def test_a_large_file_makes_several_tasks_and_a_damaged_one_none(tmp_path: Path) -> None:
    path = orla(tmp_path / "a" / "orla.warc.gz")
    (tmp_path / "b.warc.gz").write_bytes(b"")
    plan = Plan(700)
    (tasks,) = plan.of(path)
    assert [task.part.start for task in tasks] == [0, 700, 1400, 2100]
    assert list(plan.all_of([tmp_path / "none.warc.gz", path])) == tasks
    assert len(Plan(10**6).of(path)[0]) == 1
