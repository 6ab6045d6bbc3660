"""Exports as vertical text: one token a line between tags for texts, paragraphs and sentences.

Sketch Engine, NoSketch Engine (Manatee) and the IMS Open Corpus Workbench (CWB) read it:
https://www.sketchengine.eu/documentation/preparing-corpus-text/, https://cwb.sourceforge.io/files/CWB_Encoding_Tutorial.pdf
"""

from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from crawler.catalogue.article_row import ArticleRow
from crawler.exports.export_columns import COLUMNS, Export, Sources
from crawler.exports.tokens import sentences_of, tokens_in
from crawler.texts.xml_text import xml_text

ATTRIBUTES: tuple[str, ...] = (
    *("url", "title", "source", "source_name", "source_country", "language", "day", "month", "authors"),
    *("war", "places", "file", "cluster"),
)
"""Of each text; columns of the export."""


def write_vertical(export: Export, out: BinaryIO) -> None:
    """One `doc` for each article, with `p` and `s` within; glue (`<g/>`) where no space was between two tokens."""
    for row in export.rows:
        out.write(f"<doc {_attributes(row, export.known)}>\n".encode())
        for paragraph in xml_text(row.text).split("\n\n"):
            out.write(f"<p>\n{''.join(map(_sentence, sentences_of(paragraph)))}</p>\n".encode())
        out.write(b"</doc>\n")


def _attributes(row: ArticleRow, known: Sources) -> str:
    values = {name: COLUMNS[name].read(row, known) for name in ATTRIBUTES}
    # Manatee takes several values apart at a vertical bar (MULTISEP).
    texts = {name: "|".join(value) if isinstance(value, tuple) else value for name, value in values.items()}
    return " ".join(f"{name}={quoteattr(_in_line(str(value or '')))}" for name, value in texts.items())


def _in_line(text: str) -> str:
    return " ".join(xml_text(text).split())


def _sentence(sentence: str) -> str:
    lines, end = ["<s>"], 0
    for token in tokens_in(sentence):
        place = sentence.index(token, end)
        if place == end and end:
            lines.append("<g/>")
        lines.append(escape(token))
        end = place + len(token)
    return "\n".join((*lines, "</s>\n"))
