"""What a decision is worth: pages near the threshold, disputed, copied or of a new source come first."""

from contextlib import closing
from pathlib import Path

from crawler.audit.worth import Worth
from crawler.catalogue.articles import articles
from crawler.catalogue.review_counts import ReviewCounts
from crawler.catalogue.reviews import ReviewChoice, ReviewDecision, note_decisions
from crawler.database.catalogue import Catalogue
from tests.support.catalogues import change, known


def test_each_part_makes_a_page_worth_more() -> None:
    plain = Worth(0.4, False, 1, 9, 99)
    better = [
        plain._replace(score=0.45),
        plain._replace(is_disputed=True),
        plain._replace(copies=3),
        plain._replace(of_source=0),
        plain._replace(of_language=0),
    ]
    assert all(each.total > plain.total for each in better)
    assert Worth(0.5, True, 10**6, 0, 0).total < 4
    assert Worth(0.0, False, 1, 10**6, 10**6).total < 0.001
    assert list(plain.reasons()) == []
    assert list(Worth(0.5, True, 4, 0, 0).reasons()) == [
        "two opinions disagree",
        "4 pages have the text",
        "first of its source",
        "first in its language",
    ]


def test_copies_and_decisions_are_counted(data: Path) -> None:
    change(data, "update article set fate = 'review', body_hash = zeroblob(16) where language = 'fr'")
    with closing(Catalogue.open("", data)) as catalogue:
        french = [row for row in articles(catalogue, everything=True) if row.language == "fr"]
        given = [ReviewDecision.now(row.url, ReviewChoice.ACCEPT, "Ada") for row in french[:2]]
        catalogue.write(lambda connection: note_decisions(connection, [*given, given[0]]))
        counts = ReviewCounts.of(catalogue)
        assert counts.copies(french[0]) == len({row.url for row in french})
        assert counts.decided(french[0]) == (2, 2)
        assert known(french[0].source) in counts.decided_by_source
        others = [row for row in articles(catalogue, everything=True) if row.language != "fr"]
        other = next(row for row in others if row.source not in counts.decided_by_source)
        assert (counts.copies(other), counts.decided(other)) == (1, (0, 0))
