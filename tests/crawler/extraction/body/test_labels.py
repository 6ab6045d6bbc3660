"""Lines that are not the story by how they begin."""

import pytest

from crawler.extraction.body.labels import is_appeal, is_label
from tests.support.pages import STORIES, parsed_page, story, text


def label(line: str) -> bool:
    (block,) = parsed_page(f"<p>{line}</p>").blocks
    return is_label(block)


@pytest.mark.parametrize("part", ["also", "newsletter"])
@pytest.mark.parametrize("language", sorted(STORIES))
def test_pointers_and_requests_are_labels(language: str, part: str) -> None:
    assert label(text(language, part))


@pytest.mark.parametrize("language", sorted(STORIES))
def test_sentences_of_the_story_are_none(language: str) -> None:
    assert not any(map(label, story(language)))


def test_words_that_also_begin_sentences_count_only_alone() -> None:
    assert label("Anzeige")
    assert not label("Anzeigen gegen den Müller von Varosk hat die Polizei bisher nicht erhalten.")


def test_bullets_do_not_hide_a_label() -> None:
    assert label("► Lesen Sie auch: Die Mühle von Varosk")


def appeal(line: str) -> bool:
    (block,) = parsed_page(f"<p>{line}</p>").blocks
    return is_appeal(block)


@pytest.mark.parametrize(
    "line",
    [
        "Follow The Varosk Courier on WhatsApp, Telegram and Facebook.",
        "Add the Varosk Courier as a preferred source on the search page.",
        "Suivez le Courrier de Varosk sur WhatsApp",
        "Folgen Sie dem Boten von Varosk auf Facebook und Instagram!",
        "Añade el Correo de Varosk como fuente preferida",
        "Obserwuj Kuriera Varoskiego na Facebooku",
        "Читайте нас в Telegram",
        "Підписуйтесь на наш канал у Telegram",
        "Bizi WhatsApp kanalımızdan takip edin",
        "برای خبرهای بیشتر ما را در تلگرام دنبال کنید",
        "مزید خبروں کے لیے ہمیں فیس بک پر فالو کریں، واٹس ایپ بھی جوائن کریں",
        "עקבו אחרינו בפייסבוק",
        "टेलीग्राम पर हमसे जुड़ें",
        "Ikuti kami di WhatsApp",
        "LINE公式アカウントで友だち追加",
        "카카오톡에서 바로스크 통신을 팔로우하세요",
    ],
)
def test_requests_to_follow_a_site_are_appeals(line: str) -> None:
    assert appeal(line)


@pytest.mark.parametrize(
    "line",
    [
        "Follow the river to the mill, and you will find the old bridge of Varosk.",
        "The army said on Telegram that the bridge of Varosk had been hit twice.",
        "Choose a channel on social media that your neighbours read, the mayor advised.",
        "Мэр сообщила в Telegram, что мост закрыт.",
        "군은 텔레그램에서 다리가 두 번 맞았다고 밝혔다.",
        "시장은 텔레그램 채널을 구독한 주민들에게 먼저 대피 소식을 알렸으며 군은 나중에 이를 확인했다고 밝혔다.",
        "市长在微信上说，大桥已经关闭。",
    ],
)
def test_sentences_about_platforms_are_none(line: str) -> None:
    assert not appeal(line)
