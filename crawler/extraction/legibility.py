"""Tells text that was read, or published, in the wrong encoding from text that people can read."""

import re
from collections.abc import Iterator, Sequence

_LOST = re.compile("[\ufffd\x80-\x84\x86-\x9f]")
"""What stands for a letter that was lost: the replacement character, and control characters of no use in a text."""

_FEW_LOST, _CHARS_PER_LOST = 2, 400
"""As many lost letters as this are the slip of any publisher, or one in so many characters."""

_FALSE = (
    # UTF-8 begins characters with C2 to F4, which these encodings show so; what follows are signs, 80 to BF. Those that
    # often stand behind letters (quotation marks, dashes) are left out: enough others follow.
    ("windows-1252", "cp1252", "[ÂÃ]\xa0|[Â-ô][¡-ª¬-º¼-¿ŒœŠšŸŽžƒˆ˜‚„†‡•‰‹›€™]"),
    (
        "windows-1250",
        "cp1250",
        "[ÂĂ]\xa0|[ÂĂÄĹĐŃÎĎ×ŘŮŕáâăäĺćçčéęëěíîď][¡-ª¬-º¼-¿ˇ˘ŁĄŞŻ˛łąşĽ˝ľż‚„†‡•‰‹›€™ŚŤŽŹśťžź]",
    ),
    ("windows-1251", "cp1251", "[В-ф][ЂЃѓ€‡†Љ‹ЊЋЏђљ›њћџЎўЈ¤¦©¬®±µ¶·ѕј]|аё[Ѐ-Џђ-џ¡-¿]"),
    ("gb18030", "gb18030", "[鐨鍦涓銆鈥鏄鍙浜锛鎴浠褉褋褌邪芯械鞚靾雼丕賱讜蟽慰喔茅盲眉枚谩艂]"),
    ("shift_jis", "cp932", "[縺繧繝譁蜷荳縲莠蟷鬮]"),
)
_SIGNS = [(name, codec, re.compile(signs)) for name, codec, signs in _FALSE]
"""Encodings as which UTF-8 was read: the name, Python's codec, and what such a text contains."""

_PLAIN = re.compile("â€[\x80-\x9d™œ˜“”¦¢]|вЂ[™њќ“”¦ћ]|ï¿½|Ã¢â‚¬|пїЅ|锟斤拷")
"""Signs and lost letters in such a text, which no language has."""

_SURE = 0.6
"""Share of a text's bytes above ASCII that are UTF-8 in a false encoding; others' are hardly ever."""

_LEAST_BYTES = 6
_STRANGERS = re.compile(
    "[A-Za-z][\u0370-\u1cff¹²³¿¶¼½¾±¤¥§¢£¬¯¦©®µ]{1,2}[a-z]|[a-z][\u3041-\u9fff\uff61-\uff9f]{1,2}[a-z]"
)
"""Letters of another script, or signs, within a word."""

_LATIN_1, _HALF_WIDTH = re.compile("[¡-ÿ]"), re.compile("[｡-ﾟ]")
_LETTER = re.compile(r"[^\W\d_]")
_CYRILLIC = re.compile("[А-Яа-яЁё]{3,}")
_INVERTED = re.compile(r"\b[а-яё][А-ЯЁ]{2,}\b")
_FEW_STRANGERS = _FEW_INVERTED = 3
_FEW_LETTERS, _SAMPLE_CHARS = 40, 4_000


def find_damage(paragraphs: Sequence[str]) -> str:
    """What a text suggests was done to it, in words for people; empty if it looks as it was written.

    The paragraphs are those of the page: cleaning removes what stands for lost letters.
    """
    suspects = [paragraph for paragraph in paragraphs if not paragraph.isascii()]
    return next(_damages(suspects, "\n".join(suspects)), "") if suspects else ""


def is_legible(text: str) -> bool:
    """Whether most of a text is in ASCII, so that what it is about can be judged in spite of some damage."""
    return len(text.encode("ascii", "ignore")) * 2 > len(text)


def _damages(paragraphs: Sequence[str], text: str) -> Iterator[str]:
    lost = len(_LOST.findall(text))
    if lost > _FEW_LOST and lost * _CHARS_PER_LOST > len(text):
        yield f"{lost} letters are lost"
    if plain := _PLAIN.search(text):
        yield f"UTF-8 that was read in another encoding: {_around(text, plain)}"
    for name, codec, sign in _SIGNS:
        if sign.search(text):
            yield from _false_encoding([text, *paragraphs], name, codec, sign)
    yield from (_strangers if is_legible(text) else _wrong_letters)(text[:_SAMPLE_CHARS])


def _false_encoding(texts: Sequence[str], name: str, codec: str, sign: re.Pattern[str]) -> Iterator[str]:
    for text in texts:
        if (found := sign.search(text)) and _share_of_utf8(text, codec) > _SURE:
            yield f"UTF-8 that was read as {name}: {_around(text, found)}"


def _share_of_utf8(text: str, codec: str) -> float:
    """How much of a text's bytes above ASCII is UTF-8 when it is written in an encoding; 0 where these are few."""
    data = text.encode(codec, "ignore")
    whole = data.decode("utf-8", "ignore")
    plain = len(data.decode("ascii", "ignore"))
    high = len(data) - plain
    return (len(whole.encode()) - plain) / high if high >= _LEAST_BYTES else 0.0


def _strangers(text: str) -> Iterator[str]:
    found = list(_STRANGERS.finditer(text))
    if len(found) >= _FEW_STRANGERS:
        yield f"letters that were read in another encoding: {_around(text, found[0])}"


def _wrong_letters(text: str) -> Iterator[str]:
    letters = len(_LETTER.findall(text))
    if letters < _FEW_LETTERS:
        return
    # No language has more letters with accents than without.
    if len(_LATIN_1.findall(text)) * 2 > letters:
        yield f"another script that was read as windows-1252: {text[:20]}"
    if len(_HALF_WIDTH.findall(text)) * 3 > letters:
        yield f"another script that was read as shift_jis: {text[:20]}"
    inverted = len(_INVERTED.findall(text))
    if inverted >= _FEW_INVERTED and inverted * 50 > len(_CYRILLIC.findall(text)):
        yield f"koi8-r and windows-1251 that were confused: {text[:20]}"


def _around(text: str, found: re.Match[str]) -> str:
    return " ".join(text[max(found.start() - 10, 0) : found.end() + 10].split())
