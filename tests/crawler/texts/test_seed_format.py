import hashlib
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.texts.seed_format import (
    Seed,
    SeedError,
    digest,
    name_end,
    normalise_paragraph,
    parse_name,
    parse_seed,
    read_seed,
    render_seed,
    seed_name,
)

SEEDS = sorted((Path(__file__).parents[3] / "seeds").glob("*.txt"))

LOOK_ALIKES = (" date 2021-01 ", "date 2021-01 ", "\n\n", "\r\n", "\n", "\u2028", "\u2029", "\x85")
SPACES = ("\t", " ", "  ", "\u00a0", "\u202f", "\u3000")
INVISIBLE = ("\u200b", "\u200c", "\u200d", "\u200e", "\u061c", "\u00ad", "\ufeff", "\U000e0041")
HARMFUL = ("\x00", "\x1b[31m", "\u202e", "\u202c", "\u2066", "\u2069", "\ufffd", "\uffff", "\ud83d", "\ude00")
COMPOSED = ("e\u0301", "\u0301", "\u212b", "\u1100\u1161")
WORDS = ("می\u200cشود", "क्\u200dष", "Велла", "韦拉", "ולה", "👩\u200d🚒")
HOSTILE = st.sampled_from(LOOK_ALIKES + SPACES + INVISIBLE + HARMFUL + COMPOSED + WORDS)
TEXT = st.lists(st.one_of(HOSTILE, st.text(st.characters(exclude_categories=())))).map("".join)
MONTHS = st.dates().map(lambda day: f"{day.year:04d}-{day.month:02d}")
SEED = st.builds(Seed, MONTHS, st.lists(TEXT.map(normalise_paragraph).filter(bool), min_size=1).map(tuple))


@given(SEED)
def test_what_is_rendered_is_parsed_to_the_same_article(seed: Seed) -> None:
    data = render_seed(seed)
    assert parse_seed(data) == seed
    assert unicodedata.is_normalized("NFC", data.decode())


@given(TEXT)
def test_a_normal_paragraph_is_one_trimmed_line_and_stays_as_it_is(text: str) -> None:
    paragraph = normalise_paragraph(text)
    assert normalise_paragraph(paragraph) == paragraph == paragraph.strip()
    assert len(paragraph.splitlines()) <= 1
    assert not re.search(r"\s\s", paragraph)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in paragraph)
    assert not any(
        unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF") for char in paragraph
    )
    assert not any(unicodedata.bidirectional(char) in ("LRI", "RLI", "FSI", "PDI") for char in paragraph)


@given(st.builds(Seed, st.one_of(MONTHS, st.text()), st.lists(TEXT).map(tuple)))
def test_an_article_is_either_refused_or_survives_the_round_trip(seed: Seed) -> None:
    try:
        data = render_seed(seed)
    except SeedError:
        return
    assert parse_seed(data) == seed


@given(st.one_of(st.binary(), TEXT.map(lambda text: f" date 2021-01 {text}".encode(errors="replace"))))
def test_bytes_are_either_refused_or_rendered_back_to_themselves(data: bytes) -> None:
    try:
        seed = parse_seed(data)
    except SeedError:
        return
    assert render_seed(seed) == data


def test_the_given_seeds_are_rendered_back_to_their_own_bytes() -> None:
    assert SEEDS
    for path in SEEDS:
        data = path.read_bytes()
        assert render_seed(parse_seed(data)) == data


def test_a_paragraph_that_looks_like_a_header_is_text() -> None:
    seed = Seed("2021-01", ("date 2021-02 Vella fell quiet.", "date 2021-03 So did Tarn."))
    assert render_seed(seed) == (b" date 2021-01 date 2021-02 Vella fell quiet.\n\ndate 2021-03 So did Tarn.")
    assert parse_seed(render_seed(seed)) == seed


@pytest.mark.parametrize(
    ("text", "paragraph"),
    [
        ("  The\tbridge \r\n of\u2028Vella\u3000fell ", "The bridge of Vella fell"),
        ("95\u00a0frappes\u202f!", "95\u00a0frappes\u202f!"),
        ("\u00a0Tarn.\u00a0 Vella\u00a0", "Tarn.\u00a0Vella"),
        ("می\u200cشود", "می\u200cشود"),
        ("\u200cمی\u200c", "می"),
        ("وحدة \u200eT-14\u200e، أمس", "وحدة \u200eT-14\u200e، أمس"),
        ("Waf\u00adfen\u200bruhe\ufeff", "Waffenruhe"),
        ("e\u00ad\u0301te", "éte"),
        ("cafe\u0301 \u202egnp.exe\u202c \x00\x1b[31m", "café gnp.exe [31m"),
        ("lost \ud83d\ufffd half", "lost half"),
        ("\u00a0\u200b\u200c\n", ""),
    ],
)
def test_normalising_keeps_what_is_read_and_drops_what_is_not(text: str, paragraph: str) -> None:
    assert normalise_paragraph(text) == paragraph


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Line 1 does not begin"),
        (b"\xef\xbb\xbf date 2021-01 Vella", "Byte 0 begins a byte order mark"),
        (b"date 2021-01 Vella", "Line 1 does not begin"),
        (b" date 2021-13 Vella", "Line 1 does not begin"),
        (b" date 0000-01 Vella", "Line 1 does not begin"),
        (b" date 2021-1 Vella", "Line 1 does not begin"),
        (b" Date 2021-01 Vella", "Line 1 does not begin"),
        (" date ٢٠٢١-٠١ Vella".encode(), "Line 1 does not begin"),
        (b" date 2021-01\nVella", "Line 1 does not begin"),
        (b" date 2021-01 ", "The paragraph of line 1 is empty"),
        (b" date 2021-01  Vella", "The paragraph of line 1 begins or ends with white space"),
        (b" date 2021-01 Vella\xff", "Byte 19 is not UTF-8"),
        (b" date 2021-01 \xed\xa0\x80", "Byte 14 is not UTF-8"),
        (b" date 2021-01 Vella\n", "Line 1 ends with a newline"),
        (b" date 2021-01 Vella\n\n", "Line 2 ends with a newline"),
        (b" date 2021-01 Vella\nTarn", "The paragraph of line 1 has the character U+000A at position 5"),
        (b" date 2021-01 Vella\n\n\nTarn", "The paragraph of line 3 has the character U+000A at position 0"),
        (b" date 2021-01 Vella\n\n\n\nTarn", "The paragraph of line 3 is empty"),
        (b" date 2021-01 Vella\r\n\r\nTarn", "The paragraph of line 1 has the character U+000D"),
        (b" date 2021-01 Vella  fell", "The paragraph of line 1 has white space other than"),
        (" date 2021-01 Vella\u3000fell".encode(), "The paragraph of line 1 has white space other than"),
        (
            " date 2021-01 Tarn\n\ncafe\u0301".encode(),
            "The paragraph of line 3 is not in Unicode's normal form",
        ),
        (" date 2021-01 \u202eVella".encode(), "has the character U+202E at position 0"),
    ],
)
def test_bytes_that_are_not_the_format_are_refused_by_place(data: bytes, message: str) -> None:
    with pytest.raises(SeedError, match=re.escape(message)):
        parse_seed(data)


@pytest.mark.parametrize(
    ("seed", "message"),
    [
        (Seed("2021-1", ("Vella",)), "The month is '2021-1'"),
        (Seed("2021-00", ("Vella",)), "The month is '2021-00'"),
        (Seed("2021-01\n", ("Vella",)), "The month is"),
        (Seed("2021-01", ()), "no paragraph"),
        (Seed("2021-01", ("Vella", "")), "Paragraph 2 is empty"),
        (Seed("2021-01", ("Vella\u00a0",)), "Paragraph 1 begins or ends with white space"),
        (Seed("2021-01", ("Vella\ud83d",)), "Paragraph 1 has the character U+D83D"),
    ],
)
def test_an_article_that_is_not_in_normal_form_is_refused(seed: Seed, message: str) -> None:
    with pytest.raises(SeedError, match=re.escape(message)):
        render_seed(seed)


def test_a_file_is_named_by_its_index_and_its_bytes() -> None:
    data = render_seed(Seed("2021-01", ("Vella",)))
    sha256 = hashlib.sha256(data).hexdigest()
    assert digest(data) == sha256
    assert seed_name("2021-01", 7, sha256) == f"2021-01/007_{sha256[:16]}.txt"
    assert seed_name("2021-01", 1234, sha256).startswith("2021-01/1234_")
    assert seed_name("2021-01", 7, sha256).endswith(name_end(sha256))


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("2021-01/007_0123456789abcdef.txt", ("2021-01", 7, "_0123456789abcdef.txt")),
        ("2021-01/1234_0123456789abcdef.txt", ("2021-01", 1234, "_0123456789abcdef.txt")),
        ("2021-01/x7_0.txt", ("2021-01", None, "_0.txt")),
        ("2021-01/notes.txt", ("2021-01", None, "")),
        ("2021-01/_0.txt", ("2021-01", None, "_0.txt")),
        ("notes", ("notes", None, "")),
    ],
)
def test_the_name_of_a_file_has_its_month_number_and_end(
    name: str, parts: tuple[str, int | None, str]
) -> None:
    assert parse_name(name) == parts


SAVED = Seed("2021-01", ("Тарн обстреляли ночью.", "Vella, café — «calm»", "دیروز می\u200cرفتند"))
SAVED_TEXT = render_seed(SAVED).decode()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        SAVED_TEXT,
        f"{SAVED_TEXT}\n",
        f"{SAVED_TEXT}\r\n\r\n",
        SAVED_TEXT.replace("\n", "\r\n"),
        SAVED_TEXT.replace("\n", "\r"),
        SAVED_TEXT.lstrip(),
        f"\t  {SAVED_TEXT.strip()}  \n \t\n",
        SAVED_TEXT.replace(" date 2021-01 ", " date 2021-01\n\n"),
        SAVED_TEXT.replace(" date ", "Date  "),
        SAVED_TEXT.replace("\n\n", "\n \u3000\t\n\n"),
        SAVED_TEXT.replace("Vella, ", "Vella,\n"),
        SAVED_TEXT.replace("Vella, ", "Vella, \t\r\n  "),
    ],
)
def test_a_seed_is_read_however_an_editor_saves_it(text: str, encoding: str) -> None:
    assert read_seed(text.encode(encoding)) == SAVED


def test_lines_of_a_paragraph_are_joined() -> None:
    assert read_seed(b"date 2021-01 A bridge\nfell at\r\nVella.\n\n\nIt rained.\n").paragraphs == (
        "A bridge fell at Vella.",
        "It rained.",
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Line 1 does not begin"),
        (b"A bridge fell.\n", "Line 1 does not begin"),
        (b"date 2021-13 A bridge fell.", "Line 1 does not begin"),
        (b"date 2021-01-14 A bridge fell.", "Line 1 does not begin"),
        (b" date 2021-01 \n\n \n", "no text"),
        (
            " date 2021-01 Тарн".encode("cp1251"),
            "Line 1 has bytes that are not UTF-8: save the file as UTF-8.",
        ),
        (" date 2021-01 Tarn\n\ncafé".encode("latin-1"), "Line 3 has bytes that are not UTF-8"),
        (" date 2021-01 Tarn\n\nété".encode("latin-1"), "Line 3 has bytes that are not UTF-8"),
        (b"\xff\xfed\x00a", "Line 1 has bytes that are not UTF-16-LE"),
    ],
)
def test_what_no_editor_saves_as_a_seed_is_refused_by_line(data: bytes, message: str) -> None:
    with pytest.raises(SeedError, match=re.escape(message)):
        read_seed(data)


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        seed = read_seed(data)
    except SeedError:
        return
    assert parse_seed(render_seed(seed)) == seed
