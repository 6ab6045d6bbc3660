"""What other extractors find on the pages of a WARC: one JSON object per line and page, for an evaluation.

    RIVALS/bin/python bench/extractors/rivals.py NAME PAGES.warc.gz OUT.jsonl

Runs in an environment of its own (`requirements.txt` beside this file), which has nothing of Frontwire: the rivals'
dependencies contradict ours. Keys: url, text (paragraphs separated by blank lines), date, title, language.
Each extractor is called as its documentation says, with the page's bytes or with its text as a browser decodes it,
and without comments where that is an option. One that raises has found nothing on that page.
"""

import argparse
import json
import socket
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

from fastwarc.warc import ArchiveIterator, WarcRecordType


@dataclass(frozen=True, slots=True)
class PageBytes:
    """A page as it was stored: its URL, its body, and the charset that its Content-Type names."""

    url: str
    body: bytes
    charset: str | None


Found = dict[str, str | None]


def read_pages(path: Path) -> Iterator[PageBytes]:
    """The responses of a WARC."""
    with path.open("rb") as file:
        for record in ArchiveIterator(file, record_types=WarcRecordType.response):
            url = record.headers["WARC-Target-URI"]
            yield PageBytes(url, record.reader.read(), record.http_charset)


def by_trafilatura(page: PageBytes, **options: Any) -> Found:
    """trafilatura's Python interface."""
    import trafilatura
    from trafilatura.settings import Document

    found = trafilatura.bare_extraction(
        page.body, url=page.url, with_metadata=True, include_comments=False, **options
    )
    if not isinstance(found, Document):
        return {}
    return {"text": lines_apart(found.text or ""), "date": found.date, "title": found.title}


def by_readability(page: PageBytes) -> Found:
    """readability-lxml, whose HTML is read paragraph by paragraph."""
    from lxml.html import document_fromstring
    from readability import Document

    document = Document(decode(page), url=page.url)
    summary = document_fromstring(document.summary())
    blocks = summary.xpath("//p | //h2 | //h3 | //h4 | //li[not(.//p)] | //td[not(.//p)] | //pre")
    text = "\n\n".join(filter(None, (" ".join(block.text_content().split()) for block in blocks)))
    return {"text": text or summary.text_content().strip(), "title": document.short_title()}


def by_resiliparse(page: PageBytes) -> Found:
    """resiliparse's main content."""
    from resiliparse.extract.html2text import extract_plain_text
    from resiliparse.parse.html import HTMLTree

    tree = HTMLTree.parse(decode(page))
    text = extract_plain_text(tree, main_content=True, alt_texts=False, links=False, comments=False)
    return {"text": lines_apart(text), "title": tree.title}


def by_newspaper(page: PageBytes) -> Found:
    """newspaper4k."""
    import newspaper

    article = newspaper.Article(page.url)
    article.download(input_html=decode(page))
    article.parse()
    date = article.publish_date
    return {"text": article.text, "title": article.title, "date": str(date)[:10] if date else None}


def by_news_please(page: PageBytes) -> Found:
    """news-please."""
    from newsplease import NewsPlease

    article = NewsPlease.from_html(decode(page), url=page.url)
    date = article.date_publish
    return {
        "text": lines_apart(article.maintext or ""),
        "title": article.title,
        "date": str(date)[:10] if date else None,
    }


def decode(page: PageBytes) -> str:
    """The text of a page, for extractors that take no bytes."""
    from resiliparse.parse.encoding import bytes_to_str, detect_encoding

    return str(bytes_to_str(page.body, page.charset or detect_encoding(page.body)))


def lines_apart(text: str) -> str:
    """Lines as paragraphs: these extractors write one paragraph a line."""
    return "\n\n".join(line.strip() for line in text.splitlines() if line.strip())


EXTRACTORS: dict[str, Callable[..., Found]] = {
    "trafilatura": by_trafilatura,
    "trafilatura-fast": partial(by_trafilatura, fast=True),
    "trafilatura-precision": partial(by_trafilatura, favor_precision=True),
    "trafilatura-recall": partial(by_trafilatura, favor_recall=True),
    "readability-lxml": by_readability,
    "resiliparse": by_resiliparse,
    "newspaper4k": by_newspaper,
    "news-please": by_news_please,
}


def refuse_network(*_: object, **_options: object) -> NoReturn:
    """What every look-up of a host meets: a page is judged by its own bytes, but some extractors fetch its images."""
    raise OSError("no network")


def predict(name: str, page: PageBytes) -> tuple[dict[str, Any], float]:
    """The prediction of one extractor for one page, and the CPU seconds it took."""
    warnings.simplefilter("ignore")
    setattr(socket, "getaddrinfo", refuse_network)  # noqa: B010  # mypy knows its overloads
    begin = time.process_time()
    try:
        found = EXTRACTORS[name](page)
    except Exception:  # whatever a library raises on a page: it has found nothing
        found = {}
    return {"url": page.url, "text": ""} | found, time.process_time() - begin


def main() -> None:
    """Process a WARC with two processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=EXTRACTORS)
    parser.add_argument("warc", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(partial(predict, arguments.name), read_pages(arguments.warc), chunksize=8))
    with arguments.out.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(prediction, ensure_ascii=False) + "\n" for prediction, _ in results)
    seconds = sum(spent for _, spent in results)
    print(f"{arguments.name}: {len(results)} pages, CPU per page {1000 * seconds / len(results):.1f} ms")


if __name__ == "__main__":
    main()
