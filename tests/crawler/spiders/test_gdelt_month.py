"""A whole month of GDELT: 2,976 quarters of an hour, each with a list of English and one of translated articles."""

from collections import Counter
from pathlib import Path

import pytest

from crawler.demo import Newsroom
from tests.support.backfills import backfill, kept, write_registry
from tests.support.newsroom_runs import fates
from tests.support.past_web import past_web, publication_days, wanted
from tests.support.quarter_hours import QuarterHours

LISTS = 2 * 2976


@pytest.mark.slow
def test_a_month_is_read_list_by_list_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with Newsroom() as newsroom, past_web() as web:
        gdelt = QuarterHours(newsroom, {"calder-falls-ledger"})
        web.answers.append(gdelt)
        registry = write_registry(newsroom, tmp_path / "newsroom.toml", web.url)
        given = {"BACKFILL_GDELT_URL": f"{web.url}/gdeltv2"}
        stopped = backfill(data, registry, given | {"CLOSESPIDER_PAGECOUNT": LISTS // 2}, via="gdelt")
        assert LISTS // 3 < len(web.requests) < LISTS, stopped.sentence
        result = backfill(data, registry, given, via="gdelt")
        assert result.exit_code == 0, result.sentence
        asked = Counter(path for path in web.requests if path != "/robots.txt")
        assert (len(asked), max(asked.values())) == (LISTS, 1)
        days = publication_days(newsroom)
        of_the_month = [url for url in wanted(newsroom, "2021-01") if days[url][:7] == "2021-01"]
        assert kept(data) == dict.fromkeys(of_the_month, "live")
        ended = fates(data)
        assert Counter(ended[f"{web.url}{path}"] for path in gdelt.missing) == {"gone": len(gdelt.missing)}
        assert Counter(ended[f"{web.url}{path}"] for path in gdelt.cut) == {"partly_read": len(gdelt.cut)}
        read = Counter(fate for url, fate in ended.items() if url.startswith(web.url))
        assert read["discovery"] + read["partly_read"] + read["gone"] == LISTS
