"""With several workers each command does its part in one data directory, names the others, and by a word does all."""

import json
import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from scrapy.settings import Settings

from crawler.cli.browse import shown_collections
from crawler.cli.opening import open_catalogue
from crawler.cli.pywb import pywb_folder
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import BUSY
from tests.support.session import SIGNING_KEY
from tests.support.two_workers import (
    EARLIER,
    FIRST,
    ONLY_A,
    ONLY_B,
    ONLY_C,
    REVISED,
    SAME,
    A,
    B,
    C,
    Workers,
    workers,
)

TAKE_DOWN = ["redact", ONLY_A, "--reason", "x", "--yes"]

pytestmark = pytest.mark.usefixtures("replays_here")


@pytest.fixture
def three(postgres: str, tmp_path: Path) -> Iterator[Workers]:
    with workers(postgres, tmp_path) as made:
        yield made


def test_each_archive_is_sound_by_itself_and_names_what_was_not_checked(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, others in ((A, (B, C)), (B, (A, C)), (C, (A, B))):
        assert three.call(name, "verify") == 0
        said = capsys.readouterr().out
        assert "no fault" in said
        assert all(f"Not checked: {three.data(other)}, another data directory" in said for other in others)
    assert three.call(C, "verify", "--all-places") == 0
    said = capsys.readouterr().out
    assert said.count("no fault") == 3
    assert "3 of 3 data directories are done and in order." in said
    assert "Not checked" not in said


@pytest.mark.parametrize("what", ["record", "seed file", "manifest"])
def test_a_fault_is_reported_where_it_is_and_only_there(
    three: Workers, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    data = three.data(B)
    if what == "manifest":
        (data / "collections" / "news" / "manifest.jsonl").write_text("")
    elif what == "record":
        next(data.glob("collections/news/archive/*.gz")).unlink()
    else:
        next(data.glob("corpus/[0-9]*/*.txt")).write_text("changed")
    assert (three.faults(A), three.faults(C)) == ([], [])
    assert three.faults(B)
    if what == "record":
        assert three.call(A, "verify", "--all-places") == 1
        assert f"2 of 3 data directories are done and in order; not so: {data}." in capsys.readouterr().out


def test_what_another_worker_replaced_is_put_away_by_the_next_run(three: Workers) -> None:
    assert any(EARLIER in text for text in three.corpus(A))
    assert three.faults(A) == []
    three.replay(A, {"https://tarn.example/next": "Whinmoor"})
    assert not any(EARLIER in text for text in three.corpus(A))
    assert any(EARLIER in text for text in three.texts(A))
    assert (three.faults(A), three.faults(B)) == ([], [])


def test_a_package_lists_what_it_holds(
    three: Workers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, urls, elsewhere in ((A, {ONLY_A, SAME, FIRST}, 2), (B, {ONLY_B, REVISED}, 3), (C, {ONLY_C}, 3)):
        out = tmp_path / f"{name}.wacz"
        assert three.call(name, "wacz", str(out)) == 0
        said = capsys.readouterr().out
        assert f"{len(urls)} articles" in said
        assert f"and {elsewhere} articles: give the command there" in said
        with zipfile.ZipFile(out) as packed:
            pages = [json.loads(line)["url"] for line in packed.read("pages/pages.jsonl").splitlines()[1:]]
            index = packed.read("indexes/index.cdxj").decode()
        assert {*pages} == urls
        assert all(f'"{url}"' in index for url in urls)


def test_all_packages_lie_beside_each_other(three: Workers, tmp_path: Path) -> None:
    assert three.call(B, "wacz", str(tmp_path / "all.wacz"), "--all-places") == 0
    names = {"all.wacz", *(f"all-{three.id_of(name)}.wacz" for name in (A, C))}
    assert {path.name for path in tmp_path.glob("*.wacz")} == names


def test_rederive_changes_what_its_archive_gives(three: Workers, capsys: pytest.CaptureFixture[str]) -> None:
    three.ask("update article set extractor = 'frontwire 0.0', title = 'An earlier title'")
    assert three.call(A, "rederive", "--apply") == 0
    assert f"Not derived again: {three.data(B)}" in capsys.readouterr().out
    earlier = "select count(*) from article join capture on capture.id = capture_id where file is not null"
    earlier += " and title = 'An earlier title'"
    theirs = three.ask(f"{earlier} and place <> '{three.id_of(A)}'")[0][0]
    assert three.ask(earlier) == [(theirs,)]
    assert three.call(A, "rederive", "--apply", "--all-places") == 0
    assert three.ask(earlier) == [(0,)]
    assert [three.faults(name) for name in (A, B, C)] == [[], [], []]


def test_files_come_back_where_they_were(three: Workers, capsys: pytest.CaptureFixture[str]) -> None:
    files = [three.data(B) / "corpus" / file for url in (ONLY_B, REVISED) for file in three.files(url)]
    contents = [file.read_bytes() for file in files]
    files[0].unlink()
    files[1].write_text("changed")
    assert three.call(A, "restore", "--apply") == 0
    said = capsys.readouterr().out
    assert "No file of the corpus is gone or was changed." in said
    assert f"Not looked at: {three.data(B)}" in said
    assert three.call(A, "restore", "--apply", "--all-places") == 0
    assert [file.read_bytes() for file in files] == contents
    assert three.faults(B) == []


def test_a_file_is_traced_from_either_folder(three: Workers, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (A, B, C):
        file = next(
            path for path in three.data(name).glob("corpus/[0-9]*/*.txt") if EARLIER not in path.read_text()
        )
        for given_in in (A, B, C):
            assert three.call(given_in, "trace", f"{file.parent.name}/{file.name}") == 0
            said = capsys.readouterr().out
            assert f"lies in           {three.data(name)}" in said
            assert "DISAGREES" not in said
    three.data(B).rename(three.data("moved"))
    (only_b,) = three.files(ONLY_B)
    with pytest.raises(
        OperatorError, match=r"lies in another data directory.*is gone\. If it was moved"
    ) as failed:
        three.call(A, "trace", only_b)
    assert failed.value.exit_code == 1


def test_explain_and_export_know_the_place(
    three: Workers, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert three.call(C, "explain", ONLY_B) == 0
    assert f"lies in       {three.data(B)}" in capsys.readouterr().out
    assert three.call(C, "export", "--output", str(tmp_path / "out.jsonl")) == 0
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert {row["url"]: row["place"] for row in rows}[REVISED] == three.id_of(B)
    assert {row["place"] for row in rows} == {three.id_of(name) for name in (A, B, C)}


# --- people's decisions --------------------------------------------------------------------------------
def test_a_page_is_decided_about_where_its_record_is(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    assert three.call(A, "review", "reject", ONLY_A, ONLY_B, "--by", "Ada") == 1
    said = capsys.readouterr().out
    assert f"{ONLY_A}: rejected." in said
    assert f"{ONLY_B}: not decided; its record lies in {three.data(B)}: give the command there" in said
    assert three.ask("select url from review") == [(ONLY_A,)]
    assert three.call(A, "review", "reject", ONLY_B, ONLY_C, "--by", "Ada", "--all-places") == 0
    assert {url for (url,) in three.ask("select url from review")} == {ONLY_A, ONLY_B, ONLY_C}
    assert three.call(C, "review", "accept", ONLY_A, "https://tarn.example/unknown", "--all-places") == 1
    said = capsys.readouterr().out
    assert "no page that was extracted from https://tarn.example/unknown: is it spelled so?" in said
    assert f"{ONLY_A}: accepted, 2021-01/" in said
    assert three.call(C, "review", "accept", "https://tarn.example/unknown", "--all-places") == 1
    assert [len(three.corpus(name)) for name in (A, B, C)] == [3, 1, 0]
    assert [three.faults(name) for name in (A, B, C)] == [[], [], []]


def test_pages_that_wait_are_listed_with_their_place(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    three.ask("update article set fate = 'review', conflict = 0.5, related = 0.5")
    assert three.call(A, "review", "list") == 0
    lines = capsys.readouterr().out.splitlines()
    where = {line.split()[-1]: follows for line, follows in zip(lines[::3], lines[1::3], strict=False)}
    assert where[ONLY_B].endswith(f"(in {three.data(B)})")
    assert "(in " not in where[ONLY_A]


# --- what cannot be reached ----------------------------------------------------------------------------
def test_a_directory_that_was_moved_is_known_again(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    moved = three.data(B).rename(three.data("moved"))
    assert three.faults("moved") == []
    assert three.call(A, "key", "show", "--all-places") == 1
    said = capsys.readouterr().out
    assert f"Not done: {three.data(B)} is gone. If it was moved, give the command where it is" in said
    three.replay("moved", {"https://orla.example/next": "Whinmoor"})
    assert three.call(A, "key", "show", "--all-places") == 0
    assert f"== {moved}" in capsys.readouterr().out


def test_another_machine_another_folder_and_a_lost_id_are_named(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    three.ask(f"update place set host = 'press-2', path = '/srv/b' where id = '{three.id_of(B)}'")
    (three.data(C) / "place.id").unlink()
    assert three.call(A, "key", "show", "--all-places") == 1
    said = capsys.readouterr().out
    assert "Not done: /srv/b on press-2 is on another machine: give the command there." in said
    assert f"Not done: {three.data(C)} has no place.id" in said
    assert "1 of 3 data directories are done and in order" in said
    assert three.faults(C) == [], "its WARC files say which it is"
    assert three.redact(C, ONLY_C) == 0
    assert three.id_of(C)
    assert three.ask("select count(*) from place") == [(3,)]
    (three.data(A) / "place.id").write_text("0123456789abcdef\n")
    three.call(C, "key", "show", "--all-places")
    assert f"{three.data(A)} has the id of another data directory" in capsys.readouterr().out


def test_a_directory_that_a_run_holds_is_named_and_the_rest_done(
    three: Workers, capsys: pytest.CaptureFixture[str]
) -> None:
    with DataDir.at(three.data(B)).held():
        assert three.redact(A, SAME, "--all-places") == 1
        said = capsys.readouterr().out
        assert "Not done: Another run (process" in said
        assert f"Redacted {SAME} here." in said
        assert f"Redacted {SAME}." not in said
        with pytest.raises(OperatorError) as failed:
            three.redact(B, SAME)
        assert failed.value.exit_code == BUSY
    assert three.faults(A) == []
    assert any(f"{SAME} was taken down, but not here" in fault for fault in three.faults(B))
    assert three.redact(A, SAME, "--all-places") == 0
    assert three.faults(B) == []


def test_a_copy_of_a_directory_that_is_there_is_refused_where_something_would_be_written(
    three: Workers,
) -> None:
    shutil.copytree(three.data(A), three.data("copy"))
    assert three.faults("copy") == []
    for command in (
        ["redact", ONLY_A, "--reason", "x", "--yes"],
        ["review", "reject", ONLY_A],
        ["rederive", "--apply"],
    ):
        with pytest.raises(OperatorError, match=f"is a copy of {three.data(A)}, and the catalogue"):
            three.call("copy", *command)
    assert three.holds("copy", "Quillwick")


def test_a_folder_that_is_none_of_them_is_told_which_there_are(three: Workers) -> None:
    three.data("empty").mkdir()
    for command in (
        ["verify"],
        ["redact", ONLY_A, "--reason", "x", "--yes"],
        ["rederive"],
        ["review", "reject", ONLY_A],
    ):
        with pytest.raises(
            OperatorError, match=f"is no data directory of this catalogue: it has {three.data(A)}"
        ):
            three.call("empty", *command)
    assert three.call("empty", "key", "show", "--all-places") == 0


def test_one_new_key_signs_in_all(three: Workers, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key = Path(shutil.copy(os.environ[SIGNING_KEY], tmp_path / "key.pem"))
    assert three.call(B, "key", "rotate", "--all-places", ARCHIVE_SIGNING_KEY=str(key)) == 0
    said = capsys.readouterr().out
    assert len({line for line in said.splitlines() if line.startswith("key id")}) == 1
    assert [three.faults(name) for name in (A, B, C)] == [[], [], []]


def test_every_collection_can_be_browsed(three: Workers) -> None:
    settings = Settings(three.settings(A) | {"ARCHIVE_DIR": ""})
    own = DataDir.at(three.data(A))
    with closing(open_catalogue(settings)) as catalogue:
        shown, left_out = shown_collections(catalogue, own, all_places=False)
        assert [*dict(shown.values())] == ["news"]
        said = " ".join(left_out)
        assert [f"Not shown as they looked: {three.data(name)}," in said for name in (B, C)] == [True, True]
        (three.data(C) / "place.id").unlink()
        shown, left_out = shown_collections(catalogue, own, all_places=True)
    assert {place: name for place, (name, _) in shown.items()} == {
        "": "news",
        three.id_of(A): "news",
        three.id_of(B): f"news-{three.id_of(B)}",
    }
    assert left_out == [
        f"{three.data(C)} has no place.id, or it cannot be read: bring the folder back from a copy."
    ]
    with pywb_folder(dict(shown.values())) as folder:
        assert len(list(folder.glob("collections/*/indexes/*.cdxj"))) >= 2
