from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.url_identity import exact_key, identity_of, keys_of, url_key, wire_url

STORY = "https://marisol.example/world/2021/01/veld-shelled?id=7"


@pytest.mark.parametrize(
    "same",
    [
        "http://marisol.example/world/2021/01/veld-shelled?id=7",
        "https://www.marisol.example/world/2021/01/veld-shelled?id=7",
        "https://m.marisol.example/world/2021/01/veld-shelled?id=7",
        "https://amp.marisol.example/world/2021/01/veld-shelled?id=7",
        "https://MARISOL.example:443/world/2021/01/veld-shelled?id=7#comments",
        "https://marisol.example/world/2021/01/veld-shelled/amp?id=7",
        "https://marisol.example/world/2021/01/veld-shelled/amp/?id=7",
        "https://marisol.example/world/2021/01/veld-shelled/print?id=7",
        "https://marisol.example/world/2021/01/veld-shelled?id=7&print=1",
        "https://marisol.example/world/2021/01/veld-shelled?outputType=amp&id=7",
        "https://marisol.example/world/2021/01/veld%2Dshelled?id=7",
        "https://marisol.example/world/2021/01/veld-shelled;jsessionid=A1B2?id=7",
        "https://marisol.example/world/2021/01/veld-shelled?PHPSESSID=x1&id=7",
        "https://marisol.example/world/2021/01/veld-shelled?id=7&fbclid=Iw&gclid=1&msclkid=2&yclid=3",
        "https://marisol.example/world/2021/01/veld-shelled?at_medium=rss&at_campaign=feed&id=7",
        "https://marisol.example/world/2021/01/veld-shelled?xtor=RSS-3208&id=7",
    ],
)
def test_what_does_not_tell_pages_apart_is_left_out(same: str) -> None:
    assert url_key(same) == url_key(STORY)
    assert exact_key(same) != exact_key(STORY) or wire_url(same) == wire_url(STORY)


def test_fifty_campaigns_name_one_story() -> None:
    campaigns = [f"{STORY}&utm_source=s{number}&utm_medium=m{number % 7}" for number in range(50)]
    assert {url_key(url) for url in campaigns} == {url_key(STORY)}


TRACKING = (
    *(
        "utm_source",
        "fbclid",
        "gclid",
        "dclid",
        "yclid",
        "twclid",
        "msclkid",
        "gbraid",
        "wbraid",
        "igshid",
    ),
    *("_ga", "_gl", "mc_cid", "mc_eid", "mkt_tok", "oly_anon_id", "oly_enc_id", "at_campaign", "at_medium"),
    *(
        "at_custom1",
        "at_link_id",
        "at_bbc_team",
        "at_format",
        "at_ptr_name",
        "ns_campaign",
        "ns_mchannel",
        "ns_source",
    ),
    *(
        "ns_linkname",
        "ns_fee",
        "xtor",
        "wt_mc",
        "wt_zmc",
        "cmpid",
        "s_cid",
        "ocid",
        "smid",
        "__twitter_impression",
    ),
    *(
        "pk_campaign",
        "pk_kwd",
        "pk_source",
        "pk_medium",
        "PHPSESSID",
        "jsessionid",
        "ASPSESSIONIDQ",
        "cftoken",
        "cfid",
    ),
)
OPEN_ENDED = ("utm_source", "at_link_id", "ASPSESSIONIDQ")
"""Names of which only the beginning is known."""


@pytest.mark.parametrize("name", TRACKING)
def test_a_tracking_parameter_does_not_count_and_one_whose_name_contains_its_does(name: str) -> None:
    assert url_key(f"{STORY}&{name}=3") == url_key(STORY)
    assert url_key(f"{STORY}&x{name}=3") != url_key(STORY)
    if name not in OPEN_ENDED:
        assert url_key(f"{STORY}&{name}_story=3") != url_key(STORY)


@pytest.mark.parametrize(
    ("variant", "other"),
    [
        ("amp=1", "amp=2"),
        ("amp=true", "amp=no"),
        ("AMP=TRUE", "amp=truer"),
        ("print=true", "print=0"),
        ("outputType=amp", "outputType=html"),
        ("print=yes", "print=no"),
        ("view=print", "view=prints"),
        ("print=", "print=2"),
        ("amp=", "amps="),
    ],
)
def test_a_parameter_of_another_form_counts_with_other_values(variant: str, other: str) -> None:
    assert url_key(f"{STORY}&{variant}") == url_key(STORY)
    assert url_key(f"{STORY}&{other}") != url_key(STORY)


@pytest.mark.parametrize(
    "other",
    [
        "https://marisol.example/world/2021/01/veld-shelled?id=8",
        "https://marisol.example/world/2021/01/veld-shelled",
        "https://marisol.example/world/2021/01/veld-shelled/2?id=7",
        "https://marisol.example/world/2021/01/Veld-shelled?id=7",
        "https://marisol.example/world/2021/01/veld-shelled?id=7&page=2",
        "https://marisol.example/world/2021/01/veld-shelled?id=7&cid=3",  # some sites' number of an article
        "https://marisol.example/world/2021/01/veld-shelled?id=7&ref=4",
        "https://marisol.example/world/2021/01/veld-shelled?id=7&view=full",
        "https://marisol.example:8443/world/2021/01/veld-shelled?id=7",
        "https://news.marisol.example/world/2021/01/veld-shelled?id=7",
        "https://marisol.example/world%2F2021/01/veld-shelled?id=7",
        "https://marisol.example/world/2021/01/veld-shelled/amped?id=7",
        "https://marisol.example/world/2021/01/veld-shelled/amp/2?id=7",
        "https://marisol.example/world/2021/01/veld-shelled.amp/2?id=7",
    ],
)
def test_what_a_site_may_tell_its_pages_apart_by_counts(other: str) -> None:
    assert url_key(other) != url_key(STORY)


def test_the_order_of_parameters_does_not_count() -> None:
    assert url_key("https://marisol.example/?b=2&a=1") == url_key("https://marisol.example/?a=1&b=2")


def test_an_international_name_is_one_in_both_forms() -> None:
    assert url_key("https://bücher.example/ä") == url_key("https://xn--bcher-kva.example/%C3%A4")


@pytest.mark.parametrize("name", ["m.example", "www.example", "amp.example"])
def test_a_domain_that_is_called_like_a_variant_is_itself(name: str) -> None:
    assert identity_of(f"https://{name}/a") == f"{name}/a"


@pytest.mark.parametrize("url", ["ftp://www.marisol.example/a/amp", "urn:m.marisol:a"])
def test_what_is_no_web_url_keeps_its_spelling(url: str) -> None:
    assert identity_of(url) == url


def test_parameters_that_are_not_utf_8_keep_their_bytes() -> None:
    assert identity_of("https://marisol.example/?q=%CF%F0&r=%80") == "marisol.example/?q=%CF%F0&r=%80"
    assert url_key("https://marisol.example/?q=%CF%F0") != url_key("https://marisol.example/?q=%CF%F1")
    assert identity_of("https://marisol.example/?q=п") == "marisol.example/?q=%D0%BF"


@given(st.text(st.characters(exclude_categories=())).map("https://marisol.example/".__add__) | st.text())
def test_every_text_has_an_identity(url: str) -> None:
    assert len(url_key(url)) == len(exact_key(url)) == 16


@given(st.from_regex(r"[a-z0-9/?&=%;.~-]{0,30}", fullmatch=True))
def test_the_identity_of_an_identity_is_itself(path: str) -> None:
    identity = identity_of(f"https://marisol.example/{path}")
    assert identity_of(f"https://{identity}") == identity


PAGE = "https://marisol.example/world/veld?id=7&b=x"
RESPELLINGS: dict[str, Callable[[str], str]] = {
    "http": lambda url: url.replace("https://", "http://"),
    "www": lambda url: url.replace("//marisol", "//www.marisol"),
    "mobile": lambda url: url.replace("//marisol", "//m.marisol"),
    "capitals": lambda url: url.replace("marisol.example", "Marisol.EXAMPLE"),
    "dot": lambda url: url.replace("example/", "example./"),
    "escaped": lambda url: url.replace("veld", "v%65ld"),
    "amp": lambda url: url.replace("?", "/amp/?", 1),
    "session": lambda url: url.replace("?", ";jsessionid=1?", 1),
    "campaign": lambda url: f"{url}&utm_source=x",
    "print": lambda url: f"{url}&print=1",
    "order": lambda url: url.replace("id=7&b=x", "b=x&id=7"),
    "fragment": lambda url: f"{url}#top",
}
"""Changes of how the URL of a page is spelled, each safe after any other but the fragment, which ends it."""


@given(st.permutations([*RESPELLINGS]), st.integers(0, len(RESPELLINGS)))
def test_a_page_respelled_in_several_ways_at_once_is_the_same(names: list[str], count: int) -> None:
    url = PAGE
    for name in sorted(names[:count], key="fragment".__eq__):
        url = RESPELLINGS[name](url)
    assert url_key(url) == url_key(PAGE), url


@pytest.mark.parametrize("name", RESPELLINGS)
def test_each_of_these_ways_changes_the_url(name: str) -> None:
    assert RESPELLINGS[name](PAGE) != PAGE


def test_a_url_may_be_known_by_its_page_or_by_its_spelling() -> None:
    assert keys_of(PAGE) == (url_key(PAGE), exact_key(PAGE))
    assert len({*keys_of(PAGE), *keys_of(PAGE.replace("https", "http"))}) == 3
