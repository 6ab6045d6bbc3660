import pytest

from crawler.http.decoding import decode_text

RUSSIAN = "Мост в Тарне разрушен, сообщили в Вельмаре."


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
    assert decode_text(text.encode(encoding), content_type) == text


def test_an_undeclared_encoding_is_guessed() -> None:
    assert RUSSIAN in decode_text((RUSSIAN * 20).encode("windows-1251"), None)
    assert decode_text(b"\x81\xff", "text/html; charset=utf-8")
