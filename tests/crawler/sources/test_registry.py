from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.standard_urls import clean_url
from crawler.items import Discovery, Evidence, UrlKind
from crawler.sources.choice import Choice, ChoiceError
from crawler.sources.entries import RegistryError
from crawler.sources.registry import BUILT_IN, built_in, load_registry, load_sources
from crawler.sources.source import Source, StartUrl
from tests.support.checkout import ROOT
from tests.support.source_entries import TARN, VELMAR, ids

EVERYTHING = Choice()


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(TARN + VELMAR, encoding="utf-8")
    return path


def refusal(path: Path | None, choice: Choice = EVERYTHING) -> str:
    with pytest.raises((RegistryError, ChoiceError)) as refused:
        load_sources(path, choice)
    message = str(refused.value)
    assert "\n" not in message
    assert message[-1] in ".?"
    return message


def test_a_source_is_what_its_entry_says(registry: Path) -> None:
    tarn, velmar = load_registry([registry])
    assert tarn == Source(
        id="tarn-courier",
        name="Le Courrier de Tarn",
        homepage="https://www.tarn-courier.example/",
        country="ML",
        languages=("fr",),
        timezone="Africa/Bamako",
        kind="newspaper",
        feeds=(StartUrl("https://www.tarn-courier.example/feed/"),),
    )
    assert velmar.name == "Вести Велмара"


def test_a_source_may_have_limits(registry: Path) -> None:
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace("country", "max_pages = 9\nmax_pages_per_day = 20\ncountry", 1), "utf-8")
    limits = [(source.max_pages, source.max_pages_per_day) for source in load_registry([registry])]
    assert limits == [(9, 20), (0, 0)]


def test_a_crawl_begins_at_every_listed_url() -> None:
    source = Source(
        id="tarn",
        name="Tarn",
        homepage="https://tarn.example/",
        languages=("fr",),
        timezone="Africa/Bamako",
        feeds=(StartUrl("https://tarn.example/a"), StartUrl("https://tarn.example/b")),
        news_sitemaps=(StartUrl("https://tarn.example/c"),),
        sitemaps=(StartUrl("https://tarn.example/d"),),
        sections=(StartUrl("https://tarn.example/e"),),
        listings=(StartUrl("https://tarn.example/f"),),
    )
    links = source.start_links()
    assert [link.url[-1] for link in links] == list("abcdef")
    assert [link.kind for link in links] == [
        UrlKind.FEED, UrlKind.FEED, UrlKind.SITEMAP, UrlKind.SITEMAP, UrlKind.SECTION, UrlKind.LISTING,
    ]  # fmt: skip
    evidence = Evidence(source="tarn", how=Discovery.START, zone="Africa/Bamako", language="fr")
    assert {link.evidence for link in links} == {evidence}
    bilingual = replace(source, languages=("fr", "ar"))
    assert {link.evidence.language for link in bilingual.start_links()} == {""}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("name =", "naem =", "unknown key 'naem'; did you mean name?"),
        ('homepage = "https://www.tarn-courier.example/"', "", "the key 'homepage' is missing; add it."),
        ('id = "tarn-courier"', "", "source 1: the key 'id' is missing"),
        ('"tarn-courier"', '"Tarn Courier"', "id is 'Tarn Courier'; write lower-case"),
        ('"tarn-courier"', '"tarn-"', "id is 'tarn-'"),
        ('"tarn-courier"', '["tarn"]', "write a text."),
        (
            "https://www.tarn-courier.example/feed/",
            "ftp://tarn.example/feed",
            "feeds: 'ftp://tarn.example/feed' is not an http(s) URL",
        ),
        (
            "https://www.tarn-courier.example/feed/",
            "https://me:pw@tarn.example/",
            "feeds is a URL with a user name",
        ),
        ('"https://www.tarn-courier.example/"', '"www.tarn-courier.example"', "homepage: 'www.tarn"),
        ("Africa/Bamako", "Africa/Bamaco", "not an IANA time zone; did you mean Africa/Bamako"),
        ("Africa/Bamako", "../../etc/passwd", "not an IANA time zone"),
        ('["fr"]', '"fr"', "languages is 'fr'; write a list of texts."),
        ('["fr"]', '["fr", 1]', "write a list of texts."),
        ('["fr"]', '["French"]', "languages is 'French'; write lower-case codes"),
        ('"ML"', '"Mali"', "country is 'Mali'; write two capital letters"),
        ('"newspaper"', '"paper"', "kind is 'paper'; write agency or"),
        ('"Le Courrier de Tarn"', '""', "name is ''; write the publisher's name."),
        ("country", 'enabled = "no"\ncountry', "enabled is 'no'; write true or false."),
        ("country", "enabled = 0\ncountry", "enabled is 0; write true or false."),
        ("country", "max_pages = 0\ncountry", "max_pages is 0; write a whole number from 1"),
        ("country", "max_pages = true\ncountry", "max_pages is True; write a whole number from 1"),
        ("country", 'max_pages_per_day = "9"\ncountry', "max_pages_per_day is '9'; write a whole number"),
        ("country", "max_page = 9\ncountry", "unknown key 'max_page'; did you mean max_pages"),
        ("country", "notes = 2021-01-28\ncountry", "notes is datetime.date(2021, 1, 28); write a text."),
        ("country", 'owner = "king"\ncountry', "owner is 'king'; write state or public or"),
        ("country", 'focus = ["syria"]\ncountry', "focus is 'syria'; write countries in two capital letters"),
        ('["https://www.tarn-courier.example/feed/"]', "[7]", "feeds is [7]; write a list of URLs."),
        ('["https://www.tarn-courier.example/feed/"]', "[{}]", "feeds: the key 'url' is missing; add it."),
        (
            '["https://www.tarn-courier.example/feed/"]',
            '[{ uri = "" }]',
            "unknown key 'uri'; did you mean url?",
        ),
        (
            '["https://www.tarn-courier.example/feed/"]',
            '[{ url = "/feed/" }]',
            "'/feed/' is not an http(s) URL",
        ),
        (
            '["https://www.tarn-courier.example/feed/"]',
            '[{ url = "https://tarn.example/", checked = "2026-03-25" }]',
            "feeds: checked is '2026-03-25'; write a day without quotation marks: 2026-03-25.",
        ),
        ('["https://www.tarn-courier.example/feed/"]', "[]", "no URL to begin with; add one under feeds"),
    ],
)
def test_a_wrong_entry_is_refused_by_file_source_and_key(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(TARN.replace(old, new), encoding="utf-8")
    message = refusal(path)
    assert message.startswith(f"{path}, source ")
    assert words in message


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[[source]\n", "is not valid TOML"),
        pytest.param(b"x = " + b"[" * 9999, "is not valid TOML", id="nested"),
        (b"\xff\xfe", "not in UTF-8"),
        (b'source = "tarn"', "begin each source with [[source]]"),
        (b"", "begin each source with [[source]]"),
        (b"[[sources]]\nid = 'tarn'", "unknown key 'sources'"),
    ],
)
def test_a_file_that_is_no_registry_is_refused(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    message = refusal(path)
    assert str(path) in message
    assert words in message


@pytest.mark.parametrize("name", ["none.toml", "none.txt", "none"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    assert f"Cannot read {tmp_path / name}: No such file" in refusal(tmp_path / name)


def test_an_id_is_given_once_in_all_files(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text(TARN, encoding="utf-8")
    message = refusal(tmp_path)
    assert f"{tmp_path / 'more.toml'}, source 'tarn-courier': another source has this id" in message


def test_a_folder_holds_registries(registry: Path, tmp_path: Path) -> None:
    (tmp_path / "more.toml").write_text(TARN.replace("tarn-courier", "tarn-soir"), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no registry", encoding="utf-8")
    assert ids(load_sources(tmp_path, EVERYTHING)) == ["tarn-courier", "velmar-vesti", "tarn-soir"]
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "has no enabled source" in refusal(empty)


def test_three_keys_and_a_url_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[[source]]\nid = "velmar"\nname = "Velmar"\nhomepage = "https://velmar.example"\n'
        'sections = ["https://velmar.example/war"]'
    )
    (source,) = load_sources(path, EVERYTHING)
    assert (source.country, source.languages, source.timezone, source.kind, source.owner) == (
        "",
        (),
        "",
        "",
        "",
    )


def test_a_url_has_a_language_a_zone_and_evidence_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        VELMAR.replace(
            '["https://www.velmar-vesti.example/feed/"]',
            '["https://velmar.example/a", { url = "https://velmar.example/b", language = "ru", '
            'timezone = "Europe/Chisinau", checked = 2026-03-25, by = "a robot" }]',
        ),
        encoding="utf-8",
    )
    (source,) = load_sources(path, EVERYTHING)
    assert source.feeds[1] == StartUrl(
        "https://velmar.example/b", "ru", "Europe/Chisinau", "2026-03-25", "a robot"
    )
    plain, own = (link.evidence for link in source.start_links())
    assert (plain.language, plain.zone) == ("", "Europe/Kyiv")
    assert (own.language, own.zone) == ("ru", "Europe/Chisinau")


def test_registries_of_the_operator_add_to_the_built_in_one(registry: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        TARN.replace("tarn-courier", "guardian").replace("country", "enabled = false\ncountry", 1), "utf-8"
    )
    sources = load_sources(None, EVERYTHING, [registry, own])
    assert ids(sources)[-2:] == ["tarn-courier", "velmar-vesti"]
    assert len(sources) == len(built_in()) + 2 - 1
    assert "guardian" not in ids(sources)
    assert ids(load_sources(registry, EVERYTHING, [own])) == ["tarn-courier", "velmar-vesti"]


def test_an_id_in_two_registries_of_the_operator_is_refused(registry: Path, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(TARN, encoding="utf-8")
    with pytest.raises(RegistryError, match=f"{own}, source 'tarn-courier': {registry} has this id too"):
        load_sources(None, EVERYTHING, [registry, own])


def test_a_disabled_source_is_left_out(registry: Path) -> None:
    text = registry.read_text(encoding="utf-8")
    registry.write_text(text.replace("country", "enabled = false\ncountry", 1), encoding="utf-8")
    assert ids(load_sources(registry, EVERYTHING)) == ["velmar-vesti"]
    assert "has no enabled source 'tarn-courier'" in refusal(registry, Choice(source=("tarn-courier",)))


def test_a_list_of_urls_gives_a_source_for_each_host(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text(
        "\ufeff# feeds to try\n\nhttps://www.tarn-courier.example/feed/   # daily\n"
        "  http://127.0.0.1:8080/a#part\nhttps://tarn-courier.example/world\nhttps://tarn-courier.example/world\n"
        "https://أخبار.example/",
        encoding="utf-8",
    )
    tarn, local, arabic = load_sources(path, EVERYTHING)
    assert tarn == Source(
        id="tarn-courier-example",
        name="www.tarn-courier.example",
        homepage="https://www.tarn-courier.example/",
        listings=(
            StartUrl("https://www.tarn-courier.example/feed/"),
            StartUrl("https://tarn-courier.example/world"),
        ),
    )
    assert (local.id, local.listings) == ("127-0-0-1-8080", (StartUrl("http://127.0.0.1:8080/a"),))
    assert arabic.id == "xn-igbicxr-example"
    link = tarn.start_links()[0]
    assert link.kind is UrlKind.LISTING
    assert link.evidence == Evidence(source="tarn-courier-example", how=Discovery.START)


@pytest.mark.parametrize(
    "line", ["tarn.example/feed", "ftp://tarn.example/", "https://", "https://[", "https://a b/"]
)
def test_a_line_that_is_no_url_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "urls.txt"
    path.write_text(f"https://tarn.example/\n{line}\n", encoding="utf-8")
    assert f"{path}, line 2: '{line}' is not an http(s) URL" in refusal(path)


def test_an_empty_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "urls.txt"
    path.write_text("# nothing yet\n", encoding="utf-8")
    assert "has no enabled source" in refusal(path)


@given(st.text(max_size=40))
def test_any_line_is_a_source_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_text(f"https://tarn.example/\nhttps://{text}", encoding="utf-8", errors="replace")
    try:
        sources = load_sources(path, EVERYTHING)
    except RegistryError:
        return
    assert all(source.id for source in sources)


def test_the_built_in_registry_is_whole() -> None:
    sources = built_in()
    assert len(sources) >= 600
    assert len({language for source in sources for language in source.languages}) >= 60
    urls = [start.url for source in sources for start, _ in source.starts]
    assert [url for url, count in Counter(urls).items() if count > 1] == []
    assert [url for url in urls if clean_url(url, url) != url] == []
    checked = [start for source in sources for start, _ in source.starts if start.checked or start.by]
    assert len(checked) > 200
    assert all(start.checked and start.by for start in checked)


def test_the_documents_count_it_as_it_is() -> None:
    starts = [start for source in built_in() for start, _ in source.starts]
    countries = {source.country for source in built_in()}
    languages = {language for source in built_in() for language in source.languages}
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    assert (
        f"names {len(built_in())} publishers in {len(countries)} countries and {len(languages)} languages"
        in text
    )
    assert f"with {len(starts):,} feeds, sitemaps and section pages" in text
    assert f"{sum(bool(start.checked) for start in starts)} feeds were seen" in text


@pytest.mark.parametrize("path", sorted(Path(str(BUILT_IN)).glob("*.toml")), ids=lambda path: path.stem)
def test_a_file_of_the_built_in_registry_has_one_country(path: Path) -> None:
    sources = load_registry([path])
    assert len({source.country for source in sources}) == 1
    assert ids(sources) == sorted(ids(sources))
    assert path.read_text(encoding="utf-8").startswith("# Publishers in ")


def test_sources_that_the_catalogue_may_know_keep_their_ids() -> None:
    earlier = {
        "bbc-arabic",
        "france24-ar",
        "aawsat-ar",
        "enab-baladi-ar",
        "aljazeera-en",
        "guardian",
        "syria-direct",
    }
    assert earlier | {"rfi-fr", "lefaso", "bbc-mundo", "meduza-ru", "interfax-ru"} <= set(
        ids(list(built_in()))
    )
