"""Text in the wrong encoding is told from text in any language."""

import pytest

from crawler.extraction.legibility import find_damage, is_legible

TEXTS = {
    "en": "The ferry’s crew – four men – “saw the flash from afar”, and the quay went dark. A café burned.",
    "de": "Die Fähre von Ormsund wurde von zwei Raketen getroffen; die Überfahrt bleibt gesperrt, sagt Ingra Tölven.",
    "fr": "Le ferry d’Ormsund a été touché par deux tirs « dans la nuit », a annoncé l’autorité du port d’Évreuil.",
    "pt": "A travessia para as ilhas está fechada: não há previsão, disse a administração; há três feridos.",
    "pl": "Prom w Ormsundzie został trafiony dwiema rakietami; załogę przewieziono do szpitala, żeglugę wstrzymano.",
    "cs": "Trajekt zasáhly v noci dvě rakety, oznámil přístavní úřad; převoz zůstává uzavřen, čtyři lidé zraněni.",
    "tr": "Ormsund’daki feribot salı gecesi iki roketle vuruldu; geçiş kapalı kalacak, dört kişi hastaneye kaldırıldı.",
    "vi": "Chiếc phà ở Ormsund bị trúng hai quả rốc két trong đêm, chính quyền cảng cho biết; bốn người bị bỏng nặng.",
    "ru": "Паром в Ормсунде был поражён двумя ракетами, сообщила администрация порта; «переправа закрыта» — до весны…",
    "uk": "Пором в Ормсунді був уражений двома ракетами, повідомив порт; переправу закрито, чотирьох людей поранено.",
    "el": "Το πορθμείο στο Όρμσουντ χτυπήθηκε από δύο ρουκέτες, ανακοίνωσε το λιμάνι· τέσσερις στο νοσοκομείο.",
    "he": "המעבורת באורמסונד נפגעה משתי רקטות בלילה, מסרה רשות הנמל; המעבר לאיים סגור וארבעה אנשים נפצעו.",
    "ar": "أصيبت العبارة في أورمسوند بصاروخين ليلا، حسبما أعلنت سلطة الميناء؛ وأغلق المعبر ونقل أربعة إلى المستشفى.",
    "th": "เรือข้ามฟากในออร์มซุนด์ถูกจรวดสองลูกโจมตีในตอนกลางคืน การท่าเรือแถลง ลูกเรือสี่คนถูกนำส่งโรงพยาบาล",
    "zh": "奥姆松德港的渡轮凌晨被两枚火箭击中，港务局表示，航线将关闭。四名船员因烧伤被送往伦维克医院。",
    "ja": "オルムスンド港で１８日未明、連絡船にロケット弾２発が命中したと港湾事務所が発表した。乗組員４人が病院に。",
    "ko": "오름순 항구의 여객선이 새벽 로켓 두 발에 맞았다고 항만청이 밝혔다. 승무원 네 명이 병원으로 옮겨졌다.",
    "hi": "ऑर्म्सुंड की नौका पर रात में दो रॉकेट गिरे, बंदरगाह प्रशासन ने बताया; चार लोगों को अस्पताल ले जाया गया।",
}


def misread(text: str, written: str, read: str) -> str:
    return text.encode(written, "ignore").decode(read, "ignore")


@pytest.mark.parametrize("language", TEXTS)
def test_what_can_be_read_has_no_damage(language: str) -> None:
    assert find_damage([TEXTS[language]] * 3) == ""
    assert find_damage([TEXTS[language], TEXTS["en"], TEXTS["ru"]]) == ""


@pytest.mark.parametrize("read", ["cp1252", "cp1250", "cp1251"])
@pytest.mark.parametrize("language", ["en", "fr", "pt", "ru", "uk", "ja", "zh", "th", "ar"])
def test_utf8_in_another_encoding_is_damage(language: str, read: str) -> None:
    seen = misread(TEXTS[language], "utf-8", read)
    assert find_damage([TEXTS["en"], *[seen] * 3])


@pytest.mark.parametrize("language", ["ja", "zh", "el", "he", "ko", "ru"])
def test_utf8_in_chinas_or_latin_letters_is_damage(language: str) -> None:
    assert find_damage([misread(TEXTS[language], "utf-8", "gb18030")] * 3)
    assert find_damage([misread(TEXTS[language], "utf-8", "latin-1")] * 3)


@pytest.mark.parametrize(
    ("language", "written", "read"),
    [
        ("ru", "cp1251", "cp1252"),
        ("ru", "koi8-r", "cp1252"),
        ("ru", "cp1251", "koi8-r"),
        ("ru", "koi8-r", "cp1251"),
        ("el", "cp1253", "cp1252"),
        ("he", "cp1255", "cp1252"),
        ("ar", "cp1256", "cp1252"),
        ("zh", "gb18030", "cp1252"),
        ("ja", "euc_jp", "cp932"),
        ("ko", "cp949", "cp932"),
        ("pl", "cp1250", "cp1252"),
        ("cs", "cp1250", "cp1251"),
        ("de", "cp1252", "cp1251"),
    ],
)
def test_one_encoding_read_as_another_is_damage(language: str, written: str, read: str) -> None:
    assert find_damage([misread(TEXTS[language], written, read)] * 3)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "The pilotâ€™s boat lay at the quay.",
            "UTF-8 that was read in another encoding: The pilotâ€™s boat lay",
        ),
        (
            "1.Â\xa0Â\xa0Â\xa0The boat\xa0lay at the quay.Â\xa0Â\xa0",
            "UTF-8 that was read as windows-1252: 1.Â Â Â The",
        ),
        ("Der B\ufffdrgermeister f\ufffdhrt \ufffdber den Fluss.", "3 letters are lost"),
        ("Le pr\x8efet a d\x8ecid\x8e de partir.", "3 letters are lost"),
        ("Он сказал: â€“ нет.", "UTF-8 that was read in another encoding: н сказал: â€“ нет."),
        ("Порт пїЅпїЅпїЅпїЅ закрыт.", "UTF-8 that was read in another encoding: Порт пїЅпїЅпїЅпїЅ"),
        ("港口锟斤拷锟斤拷关闭。", "UTF-8 that was read in another encoding: 港口锟斤拷锟斤拷关闭。"),
    ],
)
def test_the_reason_shows_what_was_seen(text: str, reason: str) -> None:
    assert find_damage([text]).startswith(reason[:-1])


@pytest.mark.parametrize(
    "text",
    [
        "A lost letter \ufffd is the slip of any publisher.",
        "CAFÉ «PERÓ» and São João: 5 m² at 20 °C, ½ of £3, ¿qué?",
        "«ОАО «РЖД»» — 5 кВт, 20 МПа, США…",
        "iPhone手机app和A股B股c股",
        "Ärzte‐Ökonomen “Über Öl” – naïve façade, Zoë’s œuvre, Ærø, Ðuro, Þór",
    ],
)
def test_odd_but_sound_texts_have_no_damage(text: str) -> None:
    assert find_damage([text] * 2) == ""


def test_text_is_legible_where_most_of_it_is_ascii() -> None:
    assert is_legible("The pilotâ€™s boat lay at the quay.")
    assert not is_legible(misread(TEXTS["ru"], "utf-8", "cp1252"))
