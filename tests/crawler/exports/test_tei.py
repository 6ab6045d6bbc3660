"""TEI that the schema of the TEI accepts, whatever a page says."""

import os
from pathlib import Path

import pytest
import trafilatura
from lxml import etree

from crawler.exports.tei import TEI, write_tei
from tests.support.exported_rows import HOSTILE, article_row, bytes_of, export_of

ROWS = (
    article_row(),
    article_row(
        title="قُصف الميناء",
        language="ar",
        text="قُصف الميناء.",
        rights=("noarchive",),
        terms=("قصف", "Tarn"),
        warc="a.warc.gz",
        offset=0,
        record_id="<urn:uuid:1>",
        cluster="00" * 16,
    ),
    article_row(title=None, language=None, published=None, authors=(), captured=None, source=None),
    article_row(title=HOSTILE, text=HOSTILE, url="https://tarn.example/a b?\x01<", authors=(HOSTILE,)),
)


def test_each_article_is_a_text_with_its_paragraphs_and_source() -> None:
    root = etree.fromstring(bytes_of(write_tei, export_of(*ROWS)))
    names = {"t": TEI}
    assert len(root.findall("t:TEI", names)) == len(ROWS)
    first = root.find("t:TEI", names)
    assert first is not None
    paragraphs = [each.text for each in first.iterfind(".//t:body/t:p", names)]
    assert paragraphs == ["Le port rouvre. La digue a tenu.", "Deux navires attendent."]
    assert first.findtext(".//t:bibl/t:publisher", namespaces=names) == "Le Courrier de Marisol"
    assert [each.get("when") for each in first.iterfind(".//t:date", names)] == ["2021-01-28"]


@pytest.mark.parametrize("rows", [ROWS, ()], ids=["articles", "none"])
def test_it_is_valid_by_the_dtd_that_trafilatura_brings(rows: tuple[object, ...]) -> None:
    dtd = etree.DTD(str(Path(trafilatura.__file__).parent / "data" / "tei_corpus.dtd"))
    root = etree.fromstring(bytes_of(write_tei, export_of(*ROWS[: len(rows)])))
    assert dtd.validate(root), dtd.error_log.last_error


@pytest.mark.slow
@pytest.mark.parametrize("rows", [ROWS, ()], ids=["articles", "none"])
def test_it_is_valid_by_tei_all(rows: tuple[object, ...]) -> None:
    if "TOOL_TEI_ALL" not in os.environ:
        pytest.skip("TOOL_TEI_ALL is not set: tests/tools.sh brings the schema of the TEI")
    schema = etree.RelaxNG(etree.parse(os.environ["TOOL_TEI_ALL"]))
    root = etree.fromstring(bytes_of(write_tei, export_of(*ROWS[: len(rows)])))
    assert schema.validate(root), schema.error_log.last_error
