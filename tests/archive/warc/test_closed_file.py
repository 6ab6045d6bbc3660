"""What the manifest says of a file that is finished."""

from archive.warc.closed_file import Dates

EARLY, LATE = "2021-01-28T09:00:00.000000Z", "2021-01-29T09:00:00Z"


def test_the_dates_of_a_file_are_its_earliest_and_its_latest_in_whatever_order_they_come() -> None:
    for order in ([EARLY, LATE], [LATE, EARLY], [LATE, "yesterday", EARLY, "", LATE]):
        dates = Dates()
        for date in order:
            dates.add(date)
        assert (dates.first, dates.last) == (EARLY, LATE)
    assert (Dates().first, Dates().last) == ("", "")
