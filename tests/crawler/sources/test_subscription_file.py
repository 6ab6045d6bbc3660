"""Files of subscriptions: what they may say, and one sentence, without any value, for each that cannot be used."""

import traceback
from pathlib import Path

import pytest

from crawler.sources.subscription_file import PROJECT, SubscriptionError, read_subscriptions
from crawler.sources.subscriptions import Site, Subscription, subscription_for

SECRET = "0123456789abcdefSECRET"
GOOD = f'[[subscription]]\nsource = "tarn"\nsites = ["https://www.tarn.example"]\ncookies = "sid={SECRET}; tier=full"\n'
LINE = f"#HttpOnly_.tarn.example\tTRUE\t/news\tTRUE\t0\tsid\t{SECRET}"
HEAD = "# Netscape HTTP Cookie File\n"


def written(folder: Path, text: str, name: str = "subscriptions.toml", mode: int = 0o600) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def read(path: Path) -> tuple[Subscription, ...]:
    return read_subscriptions(path, {"tarn", "veld"}, path.parent / "data")


def sent(found: tuple[Subscription, ...], url: str, source: str = "tarn") -> list[tuple[str, str]]:
    one = subscription_for(found, url, source)
    return one.fields_for(url, source) if one else []


@pytest.mark.parametrize(
    ("url", "source", "is_sent"),
    [
        ("https://www.tarn.example/news", "tarn", True),
        ("https://www.tarn.example:443/", "tarn", True),
        ("https://www.tarn.example/news", "veld", False),
        ("https://www.tarn.example/news", "", False),
        ("http://www.tarn.example/news", "tarn", False),
        ("https://www.tarn.example:8443/news", "tarn", False),
        ("https://tarn.example/", "tarn", False),
        ("https://a.www.tarn.example/", "tarn", False),
        ("https://www.tarn.example.veld.example/", "tarn", False),
        ("https://www.tarn.example@veld.example/", "tarn", False),
        ("https://xwww.tarn.example/", "tarn", False),
    ],
)
def test_values_go_to_the_named_site_for_the_named_source_only(
    url: str, source: str, is_sent: bool, tmp_path: Path
) -> None:
    fields = [("Cookie", f"sid={SECRET}; tier=full")] if is_sent else []
    assert sent(read(written(tmp_path, GOOD)), url, source) == fields


def test_of_several_subscriptions_the_one_of_the_site_is_sent(tmp_path: Path) -> None:
    second = GOOD.replace("https://www.tarn", "https://epaper.tarn").replace(
        SECRET, "of the paper, as printed"
    )
    found = read(written(tmp_path, f"{GOOD}\n{second}"))
    assert sent(found, "https://www.tarn.example/") == [("Cookie", f"sid={SECRET}; tier=full")]
    assert sent(found, "https://epaper.tarn.example/") == [
        ("Cookie", "sid=of the paper, as printed; tier=full")
    ]
    assert subscription_for(found, "https://shop.tarn.example/", "tarn") is None


@pytest.mark.parametrize(
    ("site", "meant"),
    [
        ("www.tarn.example", Site("https", "www.tarn.example", 443)),
        ("HTTPS://WWW.Tarn.Example/", Site("https", "www.tarn.example", 443)),
        ("https://*.tarn.example", Site("https", "tarn.example", 443, has_subdomains=True)),
        ("http://127.0.0.1:8080", Site("http", "127.0.0.1", 8080)),
        ("https://тарн.example", Site("https", "xn--80a0aig.example", 443)),
    ],
)
def test_sites_are_written_as_people_write_them(site: str, meant: Site, tmp_path: Path) -> None:
    [found] = read(written(tmp_path, GOOD.replace("https://www.tarn.example", site)))
    assert found.sites == (meant,)


def test_subdomains_are_meant_only_where_the_file_says_so(tmp_path: Path) -> None:
    found = read(written(tmp_path, GOOD.replace("www.", "*.")))
    assert sent(found, "https://tarn.example/") and sent(found, "https://a.b.tarn.example/")
    assert not sent(found, "https://xtarn.example/")


def test_headers_and_a_cookie_file_go_together(tmp_path: Path) -> None:
    written(tmp_path, f"{HEAD}{LINE}\n\n# a comment\n.other.example\tTRUE\t/\tFALSE\t0\tx\ty\n", "c.txt")
    text = GOOD.replace(
        f'cookies = "sid={SECRET}; tier=full"', f'cookie_file = "c.txt"\nheaders = {{ X-Key = "{SECRET}" }}'
    )
    found = read(written(tmp_path, text))
    assert sent(found, "https://www.tarn.example/news/1") == [("Cookie", f"sid={SECRET}"), ("X-Key", SECRET)]
    assert sent(found, "https://www.tarn.example/sport") == [("X-Key", SECRET)]
    assert SECRET not in repr(found)


def test_a_cookies_txt_alone_goes_to_the_domains_of_its_cookies_over_https(tmp_path: Path) -> None:
    lasting, ended = (
        "www.tarn.example\tFALSE\t/\tFALSE\t4102444800\ttier\tfull",
        "veld.example\tFALSE\t/\tFALSE\t1\told\tgone",
    )
    text = f"{HEAD}{LINE}\n{lasting}\n{ended}\n"
    found = read(written(tmp_path, text, "cookies.txt"))
    assert sent(found, "https://www.tarn.example/news/1", "any") == [("Cookie", f"sid={SECRET}; tier=full")]
    assert sent(found, "https://a.tarn.example/news") == [("Cookie", f"sid={SECRET}")]
    capitals = read(written(tmp_path, text.replace("tarn.example", "Tarn.EXAMPLE"), "cookies.txt"))
    assert sent(capitals, "https://a.tarn.example/news") == [("Cookie", f"sid={SECRET}")]
    assert not sent(found, "http://www.tarn.example/news") and not sent(found, "https://veld.example/")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (GOOD.replace("source", "sauce"), "unknown key 'sauce'"),
        (GOOD.replace('"tarn"', '"tran"'), "'tran', which no registry has"),
        (GOOD.replace('source = "tarn"\n', ""), 'needs source = "…"'),
        (GOOD.replace("[[subscription]]", "[[subscriptions]]"), "[[subscription]] tables and nothing else"),
        (GOOD.replace("[[subscription]]", "[subscription]"), "[[subscription]] tables and nothing else"),
        ("", "[[subscription]] tables and nothing else"),
        (GOOD.replace('"\n', "\n"), "line 2"),
        pytest.param(f"x = {'[' * 9999}", "is no TOML", id="nested"),
        (GOOD.replace('["https://www.tarn.example"]', '"https://www.tarn.example"'), "needs sites = ["),
        (GOOD.replace("https://www.tarn.example", "ftp://www.tarn.example"), "a site that is none"),
        (GOOD.replace("https://www.tarn.example", "https://*.example/path"), "a site that is none"),
        (GOOD.replace("https://www.tarn.example", "*.example"), "a site that is none"),
        (GOOD.replace("https://www.tarn.example", "*"), "a site that is none"),
        (GOOD.replace("sid=", "sid "), "cookies that are none"),
        (GOOD.replace("sid=", "si\\u0000d="), "cookies that are none"),
        (GOOD.replace(f'cookies = "sid={SECRET}; tier=full"', ""), "nothing to send"),
        (GOOD + f'headers = {{ Host = "{SECRET}" }}', "may not set the header field 'Host'"),
        (
            GOOD + f'headers = {{ X-Key = "{SECRET}\\r\\nX: y" }}',
            "a value of X-Key that no header field can have",
        ),
        (GOOD + f'headers = "{SECRET}"', "headers that are none"),
        (GOOD + 'cookie_file = "missing.txt"', "cannot read"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence_without_its_values(
    text: str, says: str, tmp_path: Path
) -> None:
    with pytest.raises(SubscriptionError) as refused:
        read(written(tmp_path, text))
    sentence = str(refused.value)
    assert says in sentence and sentence.startswith("SUBSCRIPTIONS: ") and "\n" not in sentence
    assert SECRET not in "".join(traceback.format_exception(refused.value))


@pytest.mark.parametrize(
    "line",
    [
        LINE.replace("\t", " "),
        LINE + "\tmore",
        LINE.replace("TRUE", "YES", 1),
        LINE.replace("\t0\t", "\tsoon\t"),
        f"{LINE}\x01",
    ],
)
def test_a_wrong_line_of_a_cookies_txt_is_named_by_its_number(line: str, tmp_path: Path) -> None:
    with pytest.raises(SubscriptionError, match=r"cookies\.txt, line 3, is no cookie") as refused:
        read(written(tmp_path, f"{HEAD}\n{line}\n", "cookies.txt"))
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize("text", ["", HEAD])
def test_a_cookies_txt_without_a_cookie_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(SubscriptionError, match=r"cookies\.txt has no cookie: export it again"):
        read(written(tmp_path, text, "cookies.txt"))


@pytest.mark.parametrize(("text", "name"), [(GOOD, "own.toml"), (f"{HEAD}{LINE}", "cookies.txt")])
def test_a_byte_order_mark_is_none_of_its_text(text: str, name: str, tmp_path: Path) -> None:
    assert sent(read(written(tmp_path, f"\ufeff{text}", name)), "https://www.tarn.example/news/1")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_file_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    with pytest.raises(SubscriptionError, match=r"others can read .*chmod 600"):
        read(written(tmp_path, GOOD, mode=mode))


def test_a_file_in_the_project_or_in_the_data_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    inside = written(tmp_path / "data", GOOD)
    with pytest.raises(SubscriptionError, match="lies in DATA_DIR"):
        read_subscriptions(inside, {"tarn"}, tmp_path / "data")
    link = tmp_path / "link.toml"
    link.symlink_to(PROJECT / "pyproject.toml")
    with pytest.raises(SubscriptionError, match="lies in the project's folder"):
        read(link)


def test_what_is_no_file_of_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b"\xff\xfe\xff")
    (tmp_path / "latin.toml").chmod(0o600)
    for path, says in (
        (tmp_path / "none.toml", "No such file"),
        (tmp_path, "is no file"),
        (tmp_path / "latin.toml", "UTF-8"),
    ):
        with pytest.raises(SubscriptionError, match=says):
            read(path)
