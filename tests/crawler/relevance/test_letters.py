"""A language is ruled out by letters that it does not have, or by the lack of those that it needs."""

import pytest

from crawler.relevance.letters import unwritten
from crawler.relevance.words import tokens_of


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Air strikes on Vella", set()),
        ("Frappes aériennes à Vella", set()),
        ("ヴェッラで空爆、兵士が死亡", {"zh"}),
        ("露軍、東部要衝制圧", set()),
        ("韦拉市长宣布新公园将于下周开放并邀请所有居民参加开幕仪式和音乐会", {"ja"}),
        ("韦拉的の字商店宣布新公园将于下周开放并邀请所有居民参加开幕仪式和音乐会", {"ja"}),
        ("قصف جوي على فيلا", {"ur"}),
        ("ویلا پر فضائی حملے", set()),
        ("Авиаудар по Велле, есть погибшие", {"sr"}),
        ("Ваздушни напад на Велу", set()),
        ("Рањени војници у Вели", {"ru", "uk"}),
    ],
)
def test_letters_tell_languages_with_one_script_apart(text: str, languages: set[str]) -> None:
    assert unwritten(tokens_of(text)) == languages
