"""Exports as TEI P5: one `teiCorpus` with a `TEI` for each article, its paragraphs and what is known of it.

https://tei-c.org/release/doc/tei-p5-doc/en/html/
"""

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree
from lxml.builder import ElementMaker

from crawler import __version__
from crawler.catalogue.article_row import ArticleRow
from crawler.exports.export_columns import COLUMNS, Export, Sources
from crawler.texts.xml_text import xml_text

TEI = "http://www.tei-c.org/ns/1.0"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_E = ElementMaker(namespace=TEI, nsmap={None: TEI})


def write_tei(export: Export, out: BinaryIO) -> None:
    """One document, whatever the number of articles; in memory is one of them."""
    with etree.xmlfile(out, encoding="utf-8") as file:
        file.write_declaration()
        with file.element(f"{{{TEI}}}teiCorpus", nsmap={None: TEI}):
            file.write(_corpus_header(), pretty_print=True)
            is_empty = True
            for row in export.rows:
                file.write(article(row, export.known), pretty_print=True)
                is_empty = False
            if is_empty:  # a corpus has one text at least
                file.write(_nothing(), pretty_print=True)


def article(row: ArticleRow, known: Sources) -> etree._Element:
    """The `TEI` element of an article."""
    text = _E.text(_E.body(*_body(row)))
    text.set(_LANG, row.language or "und")
    return _E.TEI(_header(row, known), text)


def _body(row: ArticleRow) -> Iterator[etree._Element]:
    if row.title:
        yield _E.head(xml_text(row.title))
    for paragraph in row.text.split("\n\n"):
        yield _E.p(xml_text(paragraph))


def _header(row: ArticleRow, known: Sources) -> etree._Element:
    authors = [_E.author(xml_text(author)) for author in row.authors]
    title = _E.titleStmt(_E.title(xml_text(row.title or row.url)), *authors)
    rights = [_E.availability(_E.p(xml_text("; ".join(row.rights))))] if row.rights else []
    of_file = _E.publicationStmt(_E.distributor(f"Frontwire {__version__}"), *_ids(row), *rights)
    of_source = _E.sourceDesc(_source(row, known))
    return _E.teiHeader(_E.fileDesc(title, of_file, of_source), *_profile(row))


def _ids(row: ArticleRow) -> Iterator[etree._Element]:
    """Where the text lies in the corpus, and its bytes in the archive."""
    for kind in ("file", "sha256", "warc", "offset", "record_id", "cluster"):
        value = getattr(row, kind)
        if value is not None:
            yield _E.idno(xml_text(str(value)), type=kind)


def _source(row: ArticleRow, known: Sources) -> etree._Element:
    publisher = COLUMNS["source_name"].read(row, known)
    parts = [_E.title(xml_text(row.title or row.url))]
    parts += [_E.author(xml_text(author)) for author in row.authors]
    parts += [_E.publisher(xml_text(str(publisher)))] if publisher else []
    parts += [_date(row.published or row.month)] if row.published or row.month else []
    parts += [_E.ref(xml_text(row.url), target=_target(row.url))]
    parts += [_E.note(f"captured {row.captured}")] if row.captured else []
    return _E.bibl(*parts)


def _date(written: str | None) -> etree._Element:
    """A date with its day, or month, in the form of the calendar."""
    return _E.date(xml_text(written), when=xml_text((written or "")[:10]))


def _target(url: str) -> str:
    """A URL without the white space that would make two references of it."""
    return "%20".join(xml_text(url).split())


def _profile(row: ArticleRow) -> Iterator[etree._Element]:
    parts = []
    if row.language:
        parts.append(_E.langUsage(_E.language(ident=row.language)))
    if row.terms:
        terms = [_E.term(xml_text(term)) for term in row.terms]
        parts.append(_E.textClass(_E.keywords(*terms)))
    if parts:
        yield _E.profileDesc(*parts)


def _corpus_header() -> etree._Element:
    return _plain_header(
        "News articles on armed conflict", "Pages of news publishers; each text names its own."
    )


def _plain_header(title: str, source: str) -> etree._Element:
    of_file = _E.publicationStmt(_E.distributor(f"Frontwire {__version__}"))
    return _E.teiHeader(_E.fileDesc(_E.titleStmt(_E.title(title)), of_file, _E.sourceDesc(_E.p(source))))


def _nothing() -> etree._Element:
    return _E.TEI(_plain_header("No article", "None."), _E.text(_E.body(_E.p())))
