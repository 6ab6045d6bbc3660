"""The newsroom's pictures, with ARCHIVE_REQUISITES=images: in the archive byte for byte, and fetched once."""

from http import HTTPStatus

import pytest

from archive.warc.http import split_head
from crawler.demo.rendering import PNG
from crawler.exit_codes import OK
from tests.support.newsroom_runs import NewsroomRun, NewsroomRuns
from tests.support.warc_records import by_url

IN_CORPUS = {"saved", "live_blog"}


@pytest.fixture
def pictures(newsroom_runs: NewsroomRuns) -> dict[str, bytes]:
    """Those that the sites sent in the first run: URL -> bytes."""
    return {url: newsroom_runs.served[url] for url in requested(newsroom_runs.runs[0], HTTPStatus.OK)}


def requested(run: NewsroomRun, status: int) -> list[str]:
    """The URLs of pictures that were answered so."""
    return [url for url, found in run.requests.items() if url.endswith(".png") and found == status]


def kept_pictures(newsroom_runs: NewsroomRuns) -> list[tuple[str, ...]]:
    """The pictures of each article that was kept, as its site has them, the leading one first."""
    fates = newsroom_runs.runs[1].fates
    return [each.pictures for each in newsroom_runs.truth.values() if fates.get(each.url) in IN_CORPUS]


def test_the_pictures_of_kept_articles_are_archived_byte_for_byte(
    newsroom_runs: NewsroomRuns, pictures: dict[str, bytes]
) -> None:
    answers = by_url(newsroom_runs.collection, "response")
    leads = {urls[0] for urls in kept_pictures(newsroom_runs)}
    assert leads <= pictures.keys()
    assert len(pictures) > len(leads) >= 20
    for url, body in pictures.items():
        head, archived = split_head(answers[url].block)
        assert archived == body, url
        assert PNG.encode() in head


def test_no_picture_of_a_refused_article_is_fetched(
    newsroom_runs: NewsroomRuns, pictures: dict[str, bytes]
) -> None:
    assert pictures.keys() <= {url for urls in kept_pictures(newsroom_runs) for url in urls}


def test_the_run_reconciles_and_a_missing_picture_hurts_nothing(
    newsroom_runs: NewsroomRuns, pictures: dict[str, bytes]
) -> None:
    run = newsroom_runs.runs[0]
    missing = requested(run, HTTPStatus.NOT_FOUND)
    assert run.result.exit_code == OK
    assert run.result.tally.reconciles
    assert run.result.tally.pending == 0
    assert [url for url in missing if url.endswith("map.png")]
    assert f"{len(pictures)} of {len(pictures) + len(missing)} images archived" in run.result.sentence


def test_each_picture_has_its_fate_and_its_record_says_so(
    newsroom_runs: NewsroomRuns, pictures: dict[str, bytes]
) -> None:
    fates, notes = newsroom_runs.runs[1].fates, by_url(newsroom_runs.collection, "metadata")
    for url in pictures:
        assert fates[url] == "not_html"
        assert notes[url].notes["kind"] == "image"
        assert fates[notes[url].notes["via"]] in IN_CORPUS


def test_a_second_run_fetches_no_picture(newsroom_runs: NewsroomRuns) -> None:
    run = newsroom_runs.runs[1]
    assert [url for url in run.requests if "png" in url] == []
    assert run.result.exit_code == OK
    assert run.result.tally.reconciles
