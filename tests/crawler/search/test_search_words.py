"""The same words are found in every script, however they are written."""

import pytest

from crawler.search.search_words import index_words, pairs, words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("L’École d’Áldea", "l ecole d aldea"),
        ("Ёлка у боёв", "елка у боев"),
        ("إِسلام أحمد آمال", "اسلام احمد امال"),
        ("الحرب والحرب بالحرب للحرب", "حرب حرب حرب حرب"),
        ("مدرســة كبيرة", "مدرسه کبیره"),
        ("۱۲۳ ١٢٣ 123", "123 123 123"),
        ("می‌خواهم", "میخواهم"),
        ("हिन्दी", "हिंदी"),
        ("北京市", "北京 京市 市"),
        ("ﾃﾞﾓ", "デモ モ"),
        ("สงคราม", "สง งค คร รา าม ม"),
        ("전쟁", "전쟁 쟁"),
        ("NATO軍", "nato 軍"),
        ("snake_case 'quoted' \0 <b>", "snake case quoted b"),
        ("…", ""),
    ],
)
def test_what_the_index_keeps(text: str, words: str) -> None:
    assert index_words(text) == words


def test_words_are_where_the_text_has_them() -> None:
    text = "Les élus de 北京, hier"
    assert [text[word.start : word.end] for word in words_of(text)] == ["Les", "élus", "de", "北京", "hier"]


def test_a_run_at_the_end_of_what_is_looked_for_may_go_on() -> None:
    assert pairs("北京", is_last=True) == ["北京"]
    assert pairs("京", is_last=True) == ["京"]
    assert pairs("北京") == ["北京", "京"]
