from collections import OrderedDict
from collections.abc import Collection

import pytest
from scrapy.settings import Settings

from archive.warc.warcinfo import describe_crawl, digest_configuration


def test_the_warcinfo_says_who_crawls_with_what_and_by_which_rules() -> None:
    settings = {"USER_AGENT": "wire/1 (desk@news.example)", "ROBOTSTXT_OBEY": True, "OPERATOR": "Wire Desk"}
    info = describe_crawl(Settings(settings), "news")

    assert info["software"].startswith("scrapybot Scrapy/")
    assert " warcio/" in info["software"]
    assert info["http-header-user-agent"] == "wire/1 (desk@news.example)"
    assert (info["operator"], info["isPartOf"]) == ("Wire Desk", "news")
    assert info["robots"] == "classic"
    assert info["format"] == "WARC File Format 1.1"
    assert info["conformsTo"].endswith("/warc-1.1/")
    assert info["configuration"].startswith("sha256:")
    assert info["capture"] == ""


def test_the_project_names_its_own_software() -> None:
    info = describe_crawl(Settings({"ARCHIVE_SOFTWARE": "valdorie/2.1"}), "news")

    assert info["software"].startswith("valdorie/2.1 Scrapy/")


def test_a_reconstructing_crawl_says_so() -> None:
    info = describe_crawl(Settings({"ARCHIVE_RECONSTRUCTED": {"https": "some.Handler"}}), "news")

    assert info["capture"] == "reconstructed"


def test_no_secret_and_no_place_gets_in() -> None:
    secrets = {
        "STORE_URL": "postgresql://desk:secret@db.example/news", "HTTPPROXY_AUTH_ENCODING": "secret",
        "DATA_DIR": "/secret", "AWS_SECRET_ACCESS_KEY": "secret", "TELNETCONSOLE_PASSWORD": "secret",
    }  # fmt: skip
    info = describe_crawl(Settings(secrets), "news")

    assert "secret" not in str(info)
    assert info["configuration"] == digest_configuration(Settings())


def test_the_same_rules_have_one_hash_however_they_are_written() -> None:
    headers = {"Accept": "text/html", "Accept-Language": "uk"}
    one = {
        "DEFAULT_REQUEST_HEADERS": headers,
        "DOWNLOADER_MIDDLEWARES": {OrderedDict: 100},
        "DOWNLOAD_DELAY": 3,
    }
    other = {
        "DOWNLOADER_MIDDLEWARES": {"collections.OrderedDict": "100"},
        "DOWNLOAD_DELAY": "3",
        "DEFAULT_REQUEST_HEADERS": dict(reversed(headers.items())),
    }
    assert digest_configuration(Settings(one)) == digest_configuration(Settings(other))


@pytest.mark.parametrize(
    "changed",
    [
        {"DOWNLOAD_DELAY": 3},
        {"USER_AGENT": "other/1"},
        {"DEFAULT_REQUEST_HEADERS": {"Accept": "text/html"}},
        {"DOWNLOADER_MIDDLEWARES": {"valdorie.Middleware": 100}},
        {"ADDRESS_GUARD_ALLOW": ["127.0.0.1"]},
    ],
)
def test_what_shapes_a_crawl_changes_the_configurations_hash(changed: dict[str, object]) -> None:
    assert digest_configuration(Settings(changed)) != digest_configuration(Settings())


def test_a_project_can_name_settings_of_its_own() -> None:
    one, other = (
        {"ARCHIVE_CONFIGURATION": ["SEED_LANGUAGE"], "SEED_LANGUAGE": code} for code in ("fr", "ar")
    )

    assert digest_configuration(Settings(one)) != digest_configuration(Settings(other))


def test_values_of_the_command_line_count_like_those_of_a_file() -> None:
    assert digest_configuration(Settings({"DOWNLOAD_TIMEOUT": "60"})) == digest_configuration(
        Settings({"DOWNLOAD_TIMEOUT": 60})
    )


@pytest.mark.parametrize("kind", [set, frozenset])
def test_the_order_of_a_list_counts_and_a_set_has_none(kind: type[Collection[str]]) -> None:
    networks = [f"10.{number}.0.0/16" for number in range(20)]
    of_set, in_order, reversed_order = (
        digest_configuration(Settings({"ADDRESS_GUARD_ALLOW": each}))
        for each in (kind(networks), sorted(networks), sorted(networks, reverse=True))  # type: ignore[call-arg]
    )
    assert of_set == in_order != reversed_order
