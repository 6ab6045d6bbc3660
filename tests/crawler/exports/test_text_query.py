"""Words are found in any script, however they are written."""

import pytest

from crawler.errors import OperatorError
from crawler.exports.text_query import TextQuery
from tests.support.exported_rows import article_row

FOUND = [
    ("PORT", "Le port rouvre"),
    ("elise", "Élise a tout vu"),
    ("tarn sarrat", "Sarrat, près de Tarn"),
    ('"deir mesar"', "in Deir Mesar today"),
    ("walk*", "They were walking"),
    ("قصف", "القصف على الميناء"),
    ("قصف", "وبقُصف عنيف"),
    ("القصف", "اشتدّ القصف"),
    ("袭击", "港口遭到袭击。"),
    ("Тармил", "город ТАРМИЛ"),
    ("हिन्दी", "हिंदी अख़बार"),
]
MISSED = [
    ("war", "an award for software"),
    ("tarn sarrat", "Sarrat"),
    ('"mesar deir"', "in Deir Mesar today"),
    ("port", "transport"),
    ("قصف", "متقصفة"),
]


@pytest.mark.parametrize(("query", "text"), FOUND)
def test_an_article_with_all_words_is_found(query: str, text: str) -> None:
    assert TextQuery(query).takes(article_row(title=None, text=text))
    assert TextQuery(query).takes(article_row(title=text, text=""))


@pytest.mark.parametrize(("query", "text"), MISSED)
def test_another_article_is_not(query: str, text: str) -> None:
    assert not TextQuery(query).takes(article_row(title=None, text=text))


@pytest.mark.parametrize("query", ["", "  ", '""', "*", "—"])
def test_a_query_without_a_word_is_refused(query: str) -> None:
    with pytest.raises(OperatorError, match="give a word"):
        TextQuery(query)
