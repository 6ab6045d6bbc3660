"""Articles as the contract's export describes them: one flat dictionary each."""

import json
from collections.abc import Iterator
from typing import Any

from crawler.catalogue.store import Store
from crawler.http.url_identity import url_key

FIELDS = (
    "url",
    "canonical_url",
    "source",
    "origin",
    "via",
    "title",
    "text",
    "language",
    "authors",
    "agency",
    "published",
    "modified",
    "month",
    "date_source",
    "date_conflict",
    "fate",
    "verdict",
    "rights",
    "conflict",
    "related",
    "terms",
    "file",
    "sha256",
    "warc",
    "offset",
    "length",
    "record_id",
    "payload_digest",
    "captured",
    "cluster",
    "representative",
    "revision",
    "revises",
)
"""Every key of an exported object, in order; values that are not known are None.

Articles of one text, or nearly, have the same `cluster`, and the URL of the one in the corpus as `representative`;
`revision` counts the texts that the corpus held of the page before.
"""

_LISTS = ("authors", "rights", "terms")


def export_rows(store: Store, everything: bool = False) -> Iterator[dict[str, Any]]:
    """The articles of the corpus, or with `everything` every page that was extracted."""
    for values in store.articles(everything):
        values |= {name: json.loads(values[name]) for name in _LISTS}
        stands_for = values.pop("duplicate_of") or (values["url"] if values["file"] else None)
        values["representative"] = stands_for
        values["cluster"] = url_key(stands_for).hex() if stands_for else None
        yield {name: values.get(name) for name in FIELDS}
