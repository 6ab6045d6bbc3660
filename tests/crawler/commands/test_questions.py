"""Daily questions are answered by the commands of docs/questions.md, as far as they need no network and no person."""

import re
import shlex
from pathlib import Path

import pytest

from crawler.exit_codes import OK
from tests.support.catalogues import articles
from tests.support.checkout import ROOT
from tests.support.commands import scrapy

pytestmark = pytest.mark.slow

ELSEWHERE = {"crawl", "add", "sources", "browse", "init", "audit", "demo", "store", "redact", "date"}
"""They ask the web or a person, make a folder, or have whole tests of their own."""


def answers() -> list[list[str]]:
    """The words of each command of the page but for those, decisions last."""
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    found = [shlex.split(text)[1:] for text in re.findall(r"`(scrapy [^`>]*)", page)]
    return sorted(
        (words for words in found if words[0] not in ELSEWHERE), key=lambda words: words[0] == "review"
    )


def test_each_answer_is_given(data: Path, tmp_path: Path) -> None:
    row = articles(data)[0]
    values = {
        "URL": row.url,
        "FILE": str(data / "corpus" / str(row.file)),
        "ID": str(row.source),
        "corpus": str(tmp_path / "hf"),
    }
    given = [[values.get(word, word) for word in words] for words in answers()]
    assert len(given) > 20
    ended = [(words, scrapy(*words, "-s", f"DATA_DIR={data}")) for words in given]
    failed = [f"{words}: {ran.stderr}{ran.stdout[-200:]}" for words, ran in ended if ran.returncode != OK]
    assert "\n".join(failed) == ""
