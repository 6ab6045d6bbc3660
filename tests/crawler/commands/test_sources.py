"""`scrapy sources list` shows the registry, for people and for other programs."""

import csv
import sqlite3
import tomllib
from contextlib import closing
from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.sources.entries import read_source
from crawler.sources.imports import read_list
from crawler.sources.registry import built_in, load_registry
from crawler.sources.writing import as_toml
from tests.support.commands import call

REGISTRY = """
[[source]]
id = "tarn-courier"
name = "Le Courrier de Tarn"
homepage = "https://tarn.example/"
country = "ML"
languages = ["fr"]
kind = "newspaper"
focus = ["ML", "Sahel"]
feeds = [{ url = "https://tarn.example/feed/", checked = 2026-03-25, by = "a robot" }, "https://tarn.example/b"]

[[source]]
id = "velmar"
name = "\u202eVelmar"
homepage = "https://velmar.example/"
sections = ["https://velmar.example/war"]
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(REGISTRY, encoding="utf-8")
    return path


def test_each_source_has_a_line_of_cells(registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("sources", "list", "--sources", str(registry)) == OK
    head, tarn, velmar, summary = capsys.readouterr().out.splitlines()
    assert head.split("\t") == [
        "id",
        "country",
        "languages",
        "kind",
        "owner",
        "focus",
        "URLs",
        "checked",
        "looked at",
        "result",
        "newest",
        "name",
    ]
    assert tarn.split("\t") == [
        "tarn-courier", "ML", "fr", "newspaper", "-", "ML Sahel", "2", "2026-03-25",
        "-", "-", "-", "Le Courrier de Tarn",
    ]  # fmt: skip
    assert velmar.split("\t")[:-1] == ["velmar", "-", "-", "-", "-", "-", "1", "-", "-", "-", "-"]
    assert "\u202e" not in velmar
    assert summary == "Sources: 2; countries: 1; languages: 1."


def test_a_catalogue_of_another_version_hides_only_what_was_seen(
    registry: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(sqlite3.connect(tmp_path / "catalogue.sqlite")) as catalogue, catalogue:
        catalogue.execute("create table schema_version (version integer)")
        catalogue.execute("insert into schema_version values (12)")
    assert call("sources", "list", "--sources", str(registry), DATA_DIR=str(tmp_path)) == OK
    shown = capsys.readouterr()
    assert shown.out.splitlines()[1].startswith("tarn-courier\t")
    assert shown.err.startswith("What was seen of the sources is not shown. The catalogue has version 12")


def test_options_choose_from_the_built_in_registry(capsys: pytest.CaptureFixture[str]) -> None:
    assert call("sources", "list", "--focus", "SY", "--language", "ar") == OK
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 20
    assert any(line.startswith("enab-baladi-ar\tSY\tar\tonline\tindependent\tSY\t") for line in lines)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "usage: scrapy sources list "),
        (("list", "all"), "usage: scrapy sources list "),
        (("list", "--kind", "agancy"), "did you mean agency?"),
        (("list", "--sources", "none.toml"), "Cannot read none.toml"),
    ],
)
def test_what_cannot_be_listed_is_a_sentence(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        call("sources", *arguments)


OPML = """<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
<opml version="2.0"><body><outline text="War">
<outline text="Orla &secret;" xmlUrl="https://orla.example/feed" htmlUrl="https://orla.example/"/>
<outline text="Orla World" xmlUrl="https://orla.example/world" htmlUrl="https://orla.example/"/>
<outline text="Tarn" xmlUrl="https://tarn.example/feed/" htmlUrl="https://www.tarn.example/"/>
<outline text="no" xmlUrl="ftp://orla.example/"/></outline></body></opml>"""
MEDIA_CLOUD = """id,name,url_search_string,label,homepage,pub_country,primary_language
1,varosk.example,,Varosk Gazette,https://varosk.example/,SYR,ru
2,,,Nameless,,,
"""
DOMAINS = "velmar.example\tSY\tSyria\nno domain\n# a comment\nhttps://ostrava.example/rss.xml  # daily\n"


@pytest.mark.parametrize(
    ("text", "added", "fault"),
    [
        (
            OPML,
            {"orla-example": ["https://orla.example/feed", "https://orla.example/world"]},
            "line 6: 'ftp://orla",
        ),
        (MEDIA_CLOUD, {"varosk-example": ["https://varosk.example/"]}, "line 3 names no address"),
        (
            DOMAINS,
            {"ostrava-example": ["https://ostrava.example/rss.xml"]},
            "line 2: 'no domain' is not",
        ),
    ],
)
def test_lists_of_other_programs_add_what_is_new(
    registry: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    text: str,
    added: dict[str, list[str]],
    fault: str,
) -> None:
    registry.write_text("# mine, by hand\n" + registry.read_text("utf-8"), "utf-8")
    given = tmp_path / "list"
    given.write_text(text, encoding="utf-8")
    assert call("sources", "import", str(given), "--to", str(registry)) == FAILED
    assert f"{given}, {fault}" in capsys.readouterr().err
    known, new = load_registry([registry])[:2], load_registry([registry])[2:]
    assert [source.id for source in known] == ["tarn-courier", "velmar"]
    assert {source.id: [start.url for start, _ in source.starts] for source in new} == added
    assert all(source.name.strip() in ("Orla", "Varosk Gazette", "ostrava.example") for source in new)
    assert registry.read_text("utf-8").startswith("# mine, by hand\n")


def test_a_list_that_is_imported_twice_adds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, to = tmp_path / "list", tmp_path / "new.toml"
    given.write_text("orla.example\nhttps://www.enabbaladi.net/feed\nsyriahr.com\n", encoding="utf-8")
    to.write_text("# none yet\n", encoding="utf-8")
    assert call("sources", "import", str(given), "--to", str(to)) == OK
    first = to.read_text("utf-8")
    assert "https://www.enabbaladi.net/ is known as enab-baladi-ar." in capsys.readouterr().err
    assert call("sources", "import", str(given), "--to", str(to)) == OK
    assert to.read_text("utf-8").strip() == first.strip()
    assert [source.id for source in load_registry([to])] == ["orla-example"]


def test_what_is_exported_is_imported_again(
    registry: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("sources", "export", "--sources", str(registry), "--format", "opml") == OK
    given = tmp_path / "list.opml"
    given.write_text(capsys.readouterr().out, encoding="utf-8")
    assert [start.url for source in read_list(given).sources for start in source.feeds] == [
        "https://tarn.example/feed/",
        "https://tarn.example/b",
    ]
    assert call("sources", "export", "--sources", str(registry)) == OK
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["id"], row["url"], row["type"], row["checked"]) for row in rows] == [
        ("tarn-courier", "https://tarn.example/feed/", "feeds", "2026-03-25"),
        ("tarn-courier", "https://tarn.example/b", "feeds", ""),
        ("velmar", "https://velmar.example/war", "sections", ""),
    ]


def test_the_built_in_registry_survives_toml() -> None:
    text = as_toml(built_in())
    assert [read_source(table, "here") for table in tomllib.loads(text)["source"]] == list(built_in())


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"<opml", b"name,feed\n", b"# nothing\n"])
def test_a_file_that_is_no_list_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "list"
    path.write_bytes(content)
    with pytest.raises(OperatorError, match=str(path)):
        call("sources", "import", str(path))
