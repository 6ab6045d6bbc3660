"""Bytes are believed before labels: a wrong one costs no letter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.http.charset import read_text

TEXTS = (
    "Мост в Тарне разрушен, ждут дождя",
    "هجوم على قافلة قرب ويلمار",
    "韦拉的大桥在夜里被毁",
    "ניתוק הגשר בטארן",
)
RUSSIAN = "Мост в Тарне разрушен, сообщили в Вельмаре."
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
LABELS = (
    "",
    "utf-8",
    "utf-16",
    "UTF-16LE",
    "iso-8859-1",
    "windows-1251",
    "database",
    "utf8mb4",
    "base64",
    "x-user-defined",
)


def text_of(body: bytes, content_type: str | None = None) -> str:
    return read_text(body, content_type).text


def document(text: str, label: str = "") -> str:
    declaration = f' encoding="{label}"' if label else ""
    return f'<?xml version="1.0"{declaration}?><rss><channel><title>{text}</title></channel></rss>'


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("label", LABELS)
def test_unicode_is_known_by_its_bytes_whatever_its_labels_say(encoding: str, label: str) -> None:
    for text in TEXTS:
        body = document(text, label).encode(encoding)
        for header in (None, "text/xml", f"text/xml; charset={label or 'koi8-r'}"):
            assert text_of(body, header) == document(text, label)


@pytest.mark.parametrize(
    ("text", "encoding", "label", "header"),
    [
        (TEXTS[0], "windows-1251", "windows-1251", None),
        (TEXTS[0], "windows-1251", "windows-1251", "text/xml; charset=utf-8"),
        (TEXTS[0], "windows-1251", "windows-1251", "text/xml; charset=ISO-8859-1"),
        (TEXTS[0], "windows-1251", "utf-8", "text/xml; charset=cp1251"),
        (TEXTS[0], "windows-1251", "iso-8859-1", "text/xml; charset=windows-1251"),
        (TEXTS[0], "windows-1251", "database", "text/xml; charset=windows-1251"),
        (TEXTS[0], "windows-1251", "utf-16", "text/xml; charset=windows-1251"),
        (TEXTS[0] * 9, "windows-1251", "", None),
        (TEXTS[0], "koi8-r", "utf-8", "application/rss+xml; charset=koi8-r"),
        (TEXTS[1], "windows-1256", "windows-1256", "text/xml; charset=utf-8"),
        (TEXTS[2], "gb18030", "gb2312", "text/xml"),
        ("Le pont détruit à Ørsa", "windows-1252", "iso-8859-1", None),
        ("Le pont détruit", "iso-8859-1", "", None),
        ("Mosty zničené, řeka stoupá", "iso-8859-2", "iso-8859-2", "text/xml; charset=iso-8859-1"),
    ],
)
def test_other_encodings_are_known_by_the_label_that_someone_chose(
    text: str, encoding: str, label: str, header: str | None
) -> None:
    assert text_of(document(text, label).encode(encoding), header) == document(text, label)


@pytest.mark.parametrize("broken", [b"\xff", b"\xe9", b"\xd0", b"\x93", b"\xf0\x9f\x92"])
@pytest.mark.parametrize("header", [None, "text/xml; charset=windows-1251", "text/xml; charset=iso-8859-1"])
def test_a_broken_byte_in_utf8_costs_itself_and_no_other_letter(broken: bytes, header: str | None) -> None:
    for text in TEXTS:
        start, end = (document(part).encode() for part in (text, f" {text}"))
        assert text_of(start + broken + end, header) == f"{document(text)}\ufffd{document(f' {text}')}"


def test_a_mark_without_its_encoding_is_no_mark() -> None:
    for mark in (b"\xff\xfe", b"\xfe\xff"):
        assert text_of(mark + document(TEXTS[0]).encode(), None).endswith(document(TEXTS[0]))
    long = f"<rss><channel><title>{TEXTS[2] * 200}</title>"
    assert text_of(long.encode("utf-16"), "text/xml; charset=utf-8") == long


@pytest.mark.parametrize("encoding", UNICODE)
def test_a_character_that_is_cut_at_the_end_is_left_out(encoding: str) -> None:
    whole = document(TEXTS[2])
    assert text_of(f"{whole}毁".encode(encoding)[:-1], None) == whole


@given(st.binary(max_size=200), st.sampled_from([None, "text/xml; charset=utf-16", "a/b; charset=koi8-r"]))
def test_any_bytes_have_a_text_that_can_be_written(body: bytes, header: str | None) -> None:
    assert text_of(body, header).encode() is not None


@pytest.mark.parametrize(
    ("encoding", "content_type", "head"),
    [
        ("windows-1251", "text/xml; charset=windows-1251", ""),
        ("windows-1251", None, '<?xml version="1.0" encoding="windows-1251"?>'),
        ("windows-1251", "text/html", '<meta charset="windows-1251">'),
        ("utf-8", "text/html; charset=iso-8859-1", '<meta charset="windows-1251">'),
        ("utf-8-sig", "text/html; charset=windows-1251", ""),
        ("utf-16", None, ""),
    ],
)
def test_text_is_read_whatever_its_label_says(encoding: str, content_type: str | None, head: str) -> None:
    text = f"{head}<p>{RUSSIAN}</p>"
    assert text_of(text.encode(encoding), content_type) == text


def test_an_undeclared_encoding_is_guessed() -> None:
    assert RUSSIAN in text_of((RUSSIAN * 20).encode("windows-1251"), None)
    assert text_of(b"\x81\xff", "text/html; charset=utf-8")


STORIES = {
    "windows-1251": "Мост в Тарне разрушен ночью, сообщили в Вельмаре; паром стоит у причала.",
    "koi8-u": "Міст у Тарні зруйновано вночі, повідомили у Вельмарі; пором стоїть біля причалу.",
    "windows-1256": "هجوم على قافلة قرب ويلمار، وقالت السلطات إن الجسر في تارن دمر ليلا وأغلق الميناء.",
    "windows-1255": "הגשר בטארן נהרס בלילה, נמסר בוולמר; המעבורת עומדת ליד הרציף והנמל סגור.",
    "windows-1253": "Η γέφυρα στην Τάρνη καταστράφηκε τη νύχτα, ανακοίνωσαν στο Βέλμαρ· το λιμάνι έκλεισε.",
    "gbk": "塔恩的大桥在夜里被毁，韦尔马尔方面表示，渡轮停在码头，港口已经关闭。",
    "big5": "塔恩的大橋在夜裡被毀，韋爾馬爾方面表示，渡輪停在碼頭，港口已經關閉。",
    "euc-jp": "①タルンの橋が夜間に破壊されたと㈱北海汽船が発表した。髙橋船長は港に戻った。",
    "shift_jis": "①タルンの橋が夜間に破壊されたと㈱北海汽船が発表した。髙橋船長は港に戻った。",
    "euc-kr": "타른의 다리가 밤사이 파괴되었다고 벨마르가 밝혔다. 여객선은 부두에 있다.",
    "windows-874": "สะพานในทาร์นถูกทำลายในตอนกลางคืน เวลมาร์แถลง เรือข้ามฟากจอดอยู่ที่ท่าเรือ",
}
PYTHONS = {
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
    "windows-874": "cp874",
}


def page(text: str, label: str = "") -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if label else ""
    return f'<!DOCTYPE html><html><head>{meta}<title>News</title></head><body class="home">{text * 8}</body></html>'


def encode(text: str, name: str) -> bytes:
    if name != "euc-jp":
        return text.encode(PYTHONS.get(name, name))
    nec = {"①": b"\xad\xa1", "㈱": b"\xad\xea", "髙": b"\xfc\xe2"}
    return b"".join(nec.get(char) or char.encode("euc_jp") for char in text)


@pytest.mark.parametrize("name", STORIES)
def test_a_page_is_read_by_whichever_label_fits_or_without_one(name: str) -> None:
    story = STORIES[name]
    headers = {
        f"text/html; charset={name}": f"{name}",
        "text/html; charset=ISO-8859-1": "iso-8859-1",
        "text/html; charset=utf-8": "utf-8",
        "text/html": "",
    }
    for header in headers:
        for label in (name, "iso-8859-1", "utf-8", "no-such", ""):
            text, charset, why = read_text(encode(page(story, label), name), header)
            assert text == page(story, label), (header, label, charset, why)
            assert charset in (name, "gb18030", "shift_jis"), (header, label)


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_whatever_its_labels_say(name: str, encoding: str) -> None:
    for header in (f"text/html; charset={name}", "text/html; charset=utf-16", None):
        text, charset, _ = read_text(page(STORIES[name], name).encode(encoding), header)
        assert (text, charset) == (page(STORIES[name], name), encoding)


@pytest.mark.parametrize("name", STORIES)
@pytest.mark.parametrize("broken", [b"\xfc", b"\xe2\x80", b"\xc3\x28"])
def test_one_broken_place_leaves_a_page_in_utf8(name: str, broken: bytes) -> None:
    body = page(STORIES[name]).encode().replace(b"</body>", broken + b"</body>")
    for header in (None, f"text/html; charset={name}", "text/html; charset=iso-8859-1"):
        text, charset, why = read_text(body, header)
        assert charset == "utf-8" and STORIES[name] in text and why == "valid but for 1 place"


@pytest.mark.parametrize(
    ("body", "header", "charset", "why"),
    [
        (b"\xef\xbb\xbf<p>ok", "text/html; charset=koi8-r", "utf-8", "its byte order mark"),
        (b"<p>ok", None, "utf-8", "all ASCII"),
        (b"<p>ok", "text/html; charset=x-sjis", "shift_jis", "all ASCII, its header says so"),
        ("<p>é".encode(), None, "utf-8", "valid"),
        (b"<p>caf\xe9", "text/html; charset=latin1", "windows-1252", "its header says so"),
        (
            b'<meta charset="x-cp1250"><p>\x9akola',
            "text/html; charset=latin1",
            "windows-1250",
            "its markup says so; its header says windows-1252",
        ),
        (
            "<p>Мост разрушен ночью, паром стоит".encode("cp1251"),
            "text/html; charset=iso-8859-1",
            "windows-1251",
            "guessed; its header says windows-1252, which does not fit",
        ),
        (
            '<!-- <meta charset="big5"> --><meta name="a" charset="cp-1251"><p>Мост'.encode("cp1251"),
            None,
            "windows-1251",
            "its markup says so",
        ),
        (b"<meta charset=x-user-defined><p>caf\xe9", None, "windows-1252", "its markup says so"),
        (b"<p>\x1b$B66\x1b(B", "text/html", "iso-2022-jp", "its escape sequences"),
        (
            b"<p>~{GEVW~}",
            "text/html; charset=hz-gb-2312",
            "replacement",
            "its header says what browsers do not read",
        ),
    ],
)
def test_the_decision_says_why(body: bytes, header: str | None, charset: str, why: str) -> None:
    found = read_text(body, header)
    assert (found.charset, found.why) == (charset, why)


LOUD = "<p>Мост"
LABELLED = [
    "<meta charset=koi8-r>",
    '<META CHARSET = "KOI8-R" />',
    "<meta\ncharset = 'koi8-r'>",
    '<meta charset="\tkoi8-r">',
    '<meta http-equiv="Content-Type" content="text/html;charset=koi8-r">',
    '<meta name="a" content="b"><meta charset="koi8_r">',
    '<meta charset="no-such"><meta charset="koi8-r">',
    '<meta charset=""><meta charset="koi8-r">',
    f'<meta content="{980 * "x"}" charset="koi8-r">',
    "<!-- <meta charset=big5> --><meta charset=koi8-r>",
    "<bodyguard><meta charset=koi8-r>",
    '<?xml version="1.0" encoding="koi8-r"?>',
    "<?XML encoding = 'koi8-r' standalone='yes'?>",
    f'<?xml version="{280 * "1"}" encoding="koi8-r"?>',
    f"{65_000 * ' '}<meta charset=koi8-r>",
]
UNLABELLED = [
    "<metadata charset=koi8-r>",
    "<body><meta charset=koi8-r>",
    "<BODY class=a><meta charset=koi8-r>",
    "<!-- <meta charset=koi8-r> -->",
    "<!-- <meta charset=koi8-r>",
    "<meta content='<' charset=koi8-r>",
    f'<meta content="{1001 * "x"}" charset="koi8-r">',
    "charset=koi8-r",
    f"{66_000 * ' '}<meta charset=koi8-r>",
]


@pytest.mark.parametrize("head", LABELLED)
def test_a_label_in_the_markup_is_found_however_it_is_written(head: str) -> None:
    assert read_text((head + LOUD).encode("koi8-r"), None) == (head + LOUD, "koi8-r", "its markup says so")


@pytest.mark.parametrize("head", UNLABELLED)
def test_what_only_looks_like_a_label_is_none(head: str) -> None:
    assert read_text((head + LOUD).encode("koi8-r"), None).why == "guessed"


@pytest.mark.parametrize(
    "header",
    [
        "text/html; charset=koi8-r",
        'text/html;CHARSET = "KOI8-R"',
        "text/html; charset='koi8-r'; a=b",
        "text/html;charset=\tkoi8-r",
        "charset=koi8-r, text/html",
        "text/html; a=b;charset=koi8-r ;c=d",
    ],
)
def test_a_label_in_the_header_is_found_however_it_is_written(header: str) -> None:
    assert read_text(LOUD.encode("koi8-r"), header) == (LOUD, "koi8-r", "its header says so")


@pytest.mark.parametrize(
    ("body", "header", "charset"),
    [
        ("дым".encode() + b"\xff", None, "utf-8"),
        ("ды".encode() + b"\xff", "charset=cp1251", "windows-1251"),
        (b"<p>\x1b$B~~ a", None, "utf-8"),
        (b"<p>~{a}", "charset=koi8-r", "koi8-r"),
        (b"<p>ok", "charset=hz-gb-2312", "utf-8"),
        (b"<p>ok", "charset=utf-16le", "utf-8"),
        (b"<p>ok", "charset=utf-16be", "utf-8"),
        (b"<meta charset=windows-1257><p>caf\xe9 \xe0", "charset=latin1", "windows-1257"),
        (49 * b"\xe1" + b"\xff", "charset=windows-1253", "windows-1253"),
        (b"a\xe9\xe9\xe9\xe9 b\xe9 c\xe9 d\xe9 e\xe9", "charset=latin1", "windows-1252"),
        (b"\xe9\xe9\xe9 " * 20, "charset=latin1", "windows-1252"),
    ],
)
def test_a_rule_holds_up_to_its_limit(body: bytes, header: str | None, charset: str) -> None:
    found = read_text(body, header)
    assert found.charset == charset
    assert not body.isascii() or found.text == body.decode()


@pytest.mark.parametrize(
    ("body", "header"),
    [
        (48 * b"\xe1" + b"\xff", "charset=windows-1253"),
        (b"a\xe9\xe9\xe9\xe9\xe9 b\xe9 c\xe9 d\xe9 e\xe9", "charset=latin1"),
    ],
)
def test_beyond_its_limit_a_label_does_not_fit(body: bytes, header: str) -> None:
    assert read_text(body, header).why.startswith("guessed; its header says")


@given(
    st.binary(max_size=300),
    st.text(max_size=30),
    st.sampled_from(["", "\xef\xbb\xbf", "<p>", "\x1b$B", "\0"]),
)
def test_no_bytes_and_no_label_are_too_strange(body: bytes, label: str, start: str) -> None:
    content = start.encode("latin-1") + body + f"<meta charset={label}>".encode()
    assert read_text(content, f"text/html; charset={label}").text.encode() is not None
