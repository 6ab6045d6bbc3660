from crawler.demo.content import read_sites
from crawler.demo.templating import link_keywords, long_date, rfc822, site_templates, w3c_utc

SITES = {site.language: site for site in read_sites()}


def test_times_are_written_as_feeds_write_them() -> None:
    assert rfc822("2021-01-14T09:12:00+01:00") == "Thu, 14 Jan 2021 09:12:00 +0100"
    assert w3c_utc("2021-01-14T09:12:00+01:00") == "2021-01-14T08:12:00Z"


def test_readers_see_a_time_on_their_own_clock() -> None:
    assert long_date("2021-02-01T03:30:00Z", SITES["en"]) == "January 31, 2021 at 22:30"
    assert long_date("2021-01-31T21:30:00Z", SITES["ru"]) == "1 февраля 2021, 00:30"


def test_arabic_dates_have_arabic_indic_digits() -> None:
    assert long_date("2021-01-14T11:20:00+02:00", SITES["ar"]) == "١٤ كانون الثاني ٢٠٢١ - ١١:٢٠"


def test_only_the_first_mention_of_a_keyword_is_a_link() -> None:
    linked = link_keywords("Tahmar and Tahmar, not Tahmari.", {"Tahmar": "/world"})
    assert linked == '<a href="/world">Tahmar</a> and Tahmar, not Tahmari.'


def test_text_is_escaped() -> None:
    assert link_keywords("a < b & <script>", {}) == "a &lt; b &amp; &lt;script&gt;"
    template = site_templates(SITES["fr"]).from_string("{{ text }}")
    assert template.render(text="<b>") == "&lt;b&gt;"
