"""An exported article has every key of the contract, in its order; what is not known is null."""

from dataclasses import fields, replace
from typing import Any

import pytest

from crawler.catalogue.article_row import COLUMNS, erased_values, row_of, stored_values
from crawler.catalogue.articles import articles
from crawler.catalogue.exported_articles import FIELDS, exported
from crawler.catalogue.outcomes import commit_outcomes
from crawler.catalogue.runs import begin_run
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.http.url_identity import url_key
from crawler.items import Article, DateEvidence, DateKind, DateSource, Decision, Evidence, Reason, Relevance
from crawler.outcome import Outcome
from tests.support.outcomes import MOMENT, Shelved, article, filed, outcome_of

CONTRACT = (
    "url, canonical_url, source, origin, via, title, text, language, authors, agency, published, modified, "
    "month, date_source, date_conflict, fate, verdict, rights, conflict, related, terms, file, sha256, warc, "
    "offset, length, record_id, payload_digest, captured, cluster, relation, relates_to, "
    "cluster_agency, cluster_first, representative, revision, revises, place"
)
SCORES = Relevance(
    0.75, True, 0.5, True, 0.8, Decision.ACCEPT, ("قصف", "accord de Tarn"), (), "both 0.40 0.30"
)


def full() -> Article:
    return filed(
        article(
            "one",
            "قُصف ميناء مارسول فجر اليوم — «لا ضحايا» 🚒",
            capture=Shelved(4),
            canonical_url="https://marisol.example/one.html",
            title='Le port rouvre, dit "la mairie"',
            language="ar",
            authors=("Élise Doré", "نور الدين"),
            agency="Agence Tarn",
            published="2021-01-28T10:00:00+03:00",
            modified="2021-01-29",
            date_source=DateSource.JSON_LD,
            date_conflict=True,
            rights=("noarchive", "tdm-reservation"),
            relevance=SCORES,
        ),
        3,
    )


def export(catalogue: Catalogue, *outcomes: Outcome, everything: bool = False) -> list[dict[str, Any]]:
    run = begin_run(catalogue, "news", {}, "")
    commit_outcomes(
        catalogue, run, [(each, each.capture.durable() if each.capture else None) for each in outcomes]
    )
    return [exported(row) for row in articles(catalogue, everything)]


def test_every_key_of_the_contract_stands_in_its_order(catalogue: Catalogue) -> None:
    assert ", ".join(FIELDS) == CONTRACT
    [row] = export(catalogue, outcome_of(full()))
    assert ", ".join(row) == CONTRACT


def test_values_are_exported_as_they_were_extracted(catalogue: Catalogue) -> None:
    made = full()
    [row] = export(catalogue, outcome_of(made))
    named = {field.name for field in fields(Article)} & set(FIELDS) - {"capture"}
    for name in named:
        value = getattr(made, name)
        assert row[name] == value, name
    assert row["fate"] == "saved"
    assert row["text"] == "\n\n".join(made.paragraphs)
    assert (row["source"], row["via"]) == ("marisol", "https://marisol.example/feed")
    assert (row["conflict"], row["related"], row["terms"]) == (0.75, 0.5, SCORES.terms)
    assert row["sha256"].startswith(str(row["file"]).partition("_")[2].removesuffix(".txt"))
    place = Shelved(4).durable()
    for name in ("warc", "offset", "length", "record_id", "payload_digest"):
        assert row[name] == getattr(place, name)
    assert row["captured"] == "2021-01-28T09:00:00.000000Z"
    assert MOMENT.hour == 12  # at +03:00


def test_what_is_not_known_is_null_and_lists_are_empty(catalogue: Catalogue) -> None:
    bare = Article(url="https://tarn.example/", paragraphs=(), evidence=Evidence(), extractor="none")
    [row] = export(catalogue, outcome_of(bare, Fate.NO_TEXT), everything=True)
    known = {
        "url": bare.url,
        "origin": "live",
        "text": "",
        "authors": (),
        "date_conflict": False,
        "fate": "no_text",
        "rights": (),
        "terms": (),
    }
    assert row == dict.fromkeys(FIELDS) | known


@pytest.mark.parametrize("fate", [Fate.SAVED, Fate.UPDATED, Fate.LIVE_BLOG])
def test_articles_of_the_corpus_are_exported(catalogue: Catalogue, fate: Fate) -> None:
    assert [row["fate"] for row in export(catalogue, outcome_of(full(), fate))] == [fate]


def test_other_pages_are_exported_only_if_all_are_asked_for(catalogue: Catalogue) -> None:
    refused = replace(article("two"), duplicate_of="https://tarn.example/two")
    outcomes = [outcome_of(full()), outcome_of(refused, Fate.SYNDICATED)]
    assert [row["fate"] for row in export(catalogue, *outcomes)] == ["saved"]
    everything = list(articles(catalogue, everything=True))
    assert [row.fate for row in everything] == ["saved", "syndicated"]
    assert [row.representative for row in everything] == [full().url, "https://tarn.example/two"]


def test_an_earlier_text_is_exported_only_if_all_are_asked_for(catalogue: Catalogue) -> None:
    old = full()
    new = replace(filed(article("one", "Le port ferme."), 4), revises=old.file)
    [row] = export(catalogue, outcome_of(old), outcome_of(new, Fate.UPDATED))
    assert (row["file"], row["revises"]) == (new.file, old.file)
    assert [each.file for each in articles(catalogue, everything=True)] == [None, new.file]


def test_articles_of_one_text_form_a_cluster(catalogue: Catalogue) -> None:
    first = filed(article("one"))
    copy = article("two", duplicate_of=first.url)
    lone = filed(article("three", "Le phare brille."), 1)
    dropped = article("four", "La pluie tombe.")
    rows = export(
        catalogue,
        *(outcome_of(first), outcome_of(copy, Fate.DUPLICATE), outcome_of(lone)),
        outcome_of(dropped, Fate.OFF_TOPIC),
        everything=True,
    )
    assert [row["representative"] for row in rows] == [first.url, first.url, lone.url, None]
    clusters = [row["cluster"] for row in rows]
    assert clusters[0] == clusters[1] != clusters[2]
    assert (len(clusters[0]), clusters[3]) == (32, None)


def test_revisions_are_counted(catalogue: Catalogue) -> None:
    first = filed(article("one"))
    second = replace(filed(article("one", "Le phare brille."), 1), revises=first.file)
    rows = export(catalogue, outcome_of(first), outcome_of(second, Fate.UPDATED), everything=True)
    assert [row["revision"] for row in rows] == [0, 1]


def test_every_column_of_the_table_is_a_field_of_the_row() -> None:
    ids = {"id", "url_id", "run_id", "capture_id"}
    stored = [column.name for column in COLUMNS if column.is_stored]
    assert sorted(stored) == sorted({column.name for column in schema.article.c} - ids)


def test_a_row_is_read_as_it_was_stored(catalogue: Catalogue) -> None:
    reasons = (Reason("bombardement", "قصف", 1.5, 0.25),)
    made = replace(full(), relevance=replace(SCORES, reasons=reasons), silent_edit=True, meaning=b"\x00\xff")
    dates = (DateEvidence("2021-01-28", DateKind.PUBLISHED, DateSource.META),)
    outcome = outcome_of(replace(made, dates=dates))
    export(catalogue, outcome)
    [row] = articles(catalogue)
    assert outcome.article is not None
    known = replace(row_of(outcome.article, Fate.SAVED), cluster=url_key(row.url).hex())
    assert stored_values(row) == stored_values(known)
    assert (row.reasons, row.dates) == (reasons, dates)


def test_what_was_erased_says_nothing_of_the_text() -> None:
    erased = erased_values()
    assert {"title", "text", "authors", "terms", "reasons", "body_hash", "file", "sha256"} <= erased.keys()
    assert not {"month", "number", "origin", "source", "via"} & erased.keys()
    assert not any(value for value in erased.values() if value not in ("[]",))
