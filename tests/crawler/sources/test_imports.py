"""Lists of other programs, damaged ones too: no entry is lost without a sentence that names file and line."""

from pathlib import Path

import pytest

from crawler.sources.entries import RegistryError
from crawler.sources.imports import Known, read_list

OPML = """<?xml version="1.0" encoding="{encoding}"?>
<opml version="2.0"><body><outline text="Presse">
<outline text="Вестник Тарна" xmlUrl="https://tarn.example/feed" htmlUrl="https://tarn.example/"/>
<outline text="Veld" type="link" url="https://veld.example/"/>
<outline text="Osk" xmlUrl="https://osk.example/rss"/>
</outline></body></opml>"""


def written(folder: Path, content: str | bytes, name: str = "list") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "utf-16"])
def test_opml_is_read_in_the_encoding_that_it_names_and_links_are_sources_too(
    encoding: str, tmp_path: Path
) -> None:
    found = read_list(written(tmp_path, OPML.format(encoding=encoding).encode(encoding)))
    named = [(source.id, source.name, len(source.feeds)) for source in found.sources]
    assert named == [
        ("tarn-example", "Вестник Тарна", 1),
        ("veld-example", "Veld", 0),
        ("osk-example", "Osk", 1),
    ]
    assert found.faults == []


@pytest.mark.parametrize(
    "damage", [('<outline text="Osk"', '<outline text=Osk"'), ("</outline></body></opml>", "")]
)
def test_damaged_opml_gives_what_can_be_read_and_says_where_it_is_damaged(
    damage: tuple[str, str], tmp_path: Path
) -> None:
    path = written(tmp_path, OPML.format(encoding="utf-8").replace(*damage))
    found = read_list(path)
    assert {source.id for source in found.sources} >= {"tarn-example", "veld-example"}
    [fault] = found.faults
    assert fault.startswith((f"{path}, line 5, is damaged", f"{path}, line 6, is damaged"))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('homepage,name\nhttps://a.example/,"A\nhttps://b.example/,B\n', "is no CSV"),
        ('homepage,name\nhttps://a.example/,"A"x\nhttps://b.example/,B\n', "line 2, is no CSV"),
        (f"homepage,name\nhttps://a.example/,{'x' * 200_000}\n", "line 2, is no CSV"),
        ("url,URL\nhttps://a.example/,https://b.example/\n", "two columns 'url'"),
        ("<opml", "not readable as OPML"),
        (b"homepage\nhttps://a.example/\xff\n", "not in UTF-8"),
    ],
)
def test_a_file_after_whose_fault_nothing_is_sure_is_refused_in_a_sentence(
    text: str | bytes, says: str, tmp_path: Path
) -> None:
    with pytest.raises(RegistryError, match=says) as refused:
        read_list(written(tmp_path, text))
    assert "\n" not in str(refused.value)


def test_a_wrong_entry_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        'name,homepage\nA,"https://a.example/"\nB,\nC,ftp://c.example/\nD,"https://d.example/\x0c"\n',
    )
    found = read_list(path)
    assert [source.id for source in found.sources] == ["a-example", "d-example"]
    assert [fault.removeprefix(f"{path}, line ")[0] for fault in found.faults] == ["3", "4"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("https://" + "a" * 2_000_000 + ".example/", "…' is not an http"),
        ("xx.NobodyAtAll", "no publisher is known as 'xx.NobodyAtAll'; write its address"),
    ],
)
def test_what_cannot_be_used_is_quoted_in_a_sentence_of_common_length(
    line: str, says: str, tmp_path: Path
) -> None:
    found = read_list(written(tmp_path, f"{line}\nhttps://a.example/\n"))
    [fault] = found.faults
    assert (len(found.sources), says in fault, len(fault) < 400) == (1, True, True)


def test_a_spreadsheets_unicode_text_is_read_and_names_are_of_one_line(tmp_path: Path) -> None:
    table = 'name\thomepage\n"Вестник\nТарна\0"\thttps://tarn.example/\n'
    [source] = read_list(written(tmp_path, table.encode("utf-16"))).sources
    assert source.name == "Вестник Тарна"


def test_a_source_that_a_list_names_twice_is_added_once(tmp_path: Path) -> None:
    [tarn, veld, _] = read_list(written(tmp_path, OPML.format(encoding="utf-8"))).sources
    known = Known([veld])
    assert known.without_known([tarn, veld, tarn]) == [tarn]
    assert known.left_out == [
        "https://veld.example/ is known as veld-example.",
        "https://tarn.example/ is known as tarn-example.",
    ]


def test_two_servers_on_one_host_are_two_publishers(tmp_path: Path) -> None:
    first, second = read_list(written(tmp_path, "http://127.0.0.1:8001/\nhttp://127.0.0.1:8002/\n")).sources
    known = Known([first])
    assert known.site_of("http://127.0.0.1:8001/news") == first.id and not known.site_of(second.homepage)
    assert Known([second]).site_of("http://127.0.0.1:8002/a") == second.id
