"""Vertical text: tags are ours, everything else is a token."""

from crawler.exports.vertical import write_vertical
from tests.support.exported_rows import HOSTILE, article_row, bytes_of, export_of


def test_a_text_is_its_paragraphs_sentences_and_tokens() -> None:
    text = bytes_of(write_vertical, export_of(article_row(text="Le port rouvre. Deux navires."))).decode()
    head, *lines = text.splitlines()
    assert head.startswith('<doc url="https://marisol.example/un" title="Le port de Marisol rouvre" ')
    assert 'source_country="MS"' in head
    assert 'day="2021-01-28"' in head
    assert lines == [
        *("<p>", "<s>", "Le", "port", "rouvre", "<g/>", ".", "</s>"),
        *("<s>", "Deux", "navires", "<g/>", ".", "</s>", "</p>", "</doc>"),
    ]


def test_what_a_page_says_opens_no_tag_and_breaks_no_line() -> None:
    row = article_row(title=f'a"\n>{HOSTILE}', text=HOSTILE, authors=("A|B\n", "C"))
    head, *lines = bytes_of(write_vertical, export_of(row)).decode().splitlines()
    assert head.count(">") == 1
    assert 'authors="A|B |C"' in head or 'authors="A|B|C"' in head
    tags = {line for line in lines if line.startswith("<")}
    assert tags == {"<p>", "<s>", "<g/>", "</s>", "</p>", "</doc>"}
    assert "\x1b" not in "".join(lines)
