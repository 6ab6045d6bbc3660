import pytest

from crawler.listing_account import ListingAccount

DROPPED = {"without an address": 1, "named before": 2}


@pytest.mark.parametrize(
    ("account", "new", "sentence"),
    [
        (ListingAccount("RSS feed", 0), 0, "RSS feed, no entries"),
        (ListingAccount("sitemap", 1), 1, "sitemap, 1 entry: 1 new, 0 known"),
        (ListingAccount("sitemap", 7), None, "sitemap, 7 entries: 7 followed"),
        (
            ListingAccount("RSS feed", 4, DROPPED),
            3,
            "RSS feed, 7 entries: 3 new, 1 known, 3 dropped (1 without an address, 2 named before)",
        ),
        (
            ListingAccount("Atom feed", 2, {"cut off": 1}, ("it ends within an entry", "it is long")),
            0,
            "Atom feed, 3 entries: 0 new, 2 known, 1 dropped (1 cut off); "
            "not read whole: it ends within an entry; it is long",
        ),
    ],
)
def test_an_account_is_told_in_a_sentence_whose_numbers_add_up(
    account: ListingAccount, new: int | None, sentence: str
) -> None:
    assert account.sentence(new) == sentence
    assert account.entries == account.links + sum(account.dropped.values())
