"""Two newsrooms spell one name in their own ways; other names stay others."""

import pytest

from crawler.texts.house_style import is_same_name
from crawler.texts.similarity import ComparedText, compare, normalise

STYLES = [
    ("Organisation", "Organization"),
    ("Defence", "Defense"),
    ("Семёнов", "Семенов"),
    ("EE.UU.", "Estados Unidos"),
    ("U.N.", "United Nations"),
    ("Объединённые Нации", "ОН"),
    ("President", "Mr."),
    ("Госпожа", "Министр"),
    ("Charlovsk", "Sharlovsk"),
    ("Kariv", "Karyiv"),
    ("Qaddarim", "Gaddarim"),
    ("Tarnopilsky", "Tarnopilskyy"),
    ("الجمهورية", "الجمهوريه"),
    ("أحمد", "احمد"),
    ("10 000", "10000"),
]
OTHERS = [
    ("Tarn", "Tarmil"),
    ("Sarvane", "Louzac"),
    ("North", "South"),
    ("Iran", "Oran"),
    ("Mali", "Malawi"),
    ("12", "13"),
    ("U.N.", "United States"),
    ("President", "Brennock"),
    ("长澜", "青石"),
    ("القصبة", "المنارة"),
    ("المنارة", "المغارة"),
    ("N.", "North"),
    ("N.N.", "North"),
    ("Hal", "Al"),
    ("Weg 12", "Veg 12"),
    ("Bark", "Barks"),
    ("Bo", "Ba"),
    ("Kim", "Kiaum"),
    ("Tarvinok", "Tarvinas"),
]


@pytest.mark.parametrize(("one", "other"), STYLES)
def test_house_style_is_no_other_name(one: str, other: str) -> None:
    assert is_same_name(normalise(one), normalise(other))
    assert is_same_name(normalise(other), normalise(one))


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_name_is_another_one(one: str, other: str) -> None:
    assert not is_same_name(normalise(one), normalise(other))
    assert not is_same_name(normalise(other), normalise(one))


# Too short, or of too few consonants, to be the same for another reason.
SPELLINGS = (
    "wim:vim zan:san can:kan qan:kan ym:im jo:io tahr:tar bela:bella muel:mül boen:bön baer:bär ñor:nor"
)
FORMS = "قلة:قله على:علي کم:كم بی:بي رۀ:ره مـن:من"
VOWELS = "tarn:torn kim:kam kim:kiam дим:дам дум:дём"
IN_A_LETTER = "marek:maret"


@pytest.mark.parametrize("pair", f"{SPELLINGS} {FORMS} {VOWELS} {IN_A_LETTER}".split())
def test_each_sound_has_several_letters(pair: str) -> None:
    one, other = pair.split(":")
    assert is_same_name(one, other)
    assert is_same_name(other, one)


def test_of_a_name_without_end_the_beginning_is_compared() -> None:
    assert is_same_name(f"1{249 * 'x'}y", f"1{249 * 'x'}z")
    assert not is_same_name(f"1{248 * 'x'}y", f"1{248 * 'x'}z")


REPORT = (
    "Shelling hit the depot of {0} before dawn, the council of the town said. Three people who slept near the gate of"
    " {0} were hurt, and a row of barns burned until noon. {1} the road to {0} is closed, and the ferry waits at the"
    " other bank. Nobody knows who fired, the council said, but the fire came from the hills, as it did on Monday and"
    " the week before. {1} a team of the mission will come to {0} to count the craters and speak with the families."
)


def told(place: str, opening: str) -> ComparedText:
    return ComparedText(REPORT.format(place, opening))


def test_names_are_what_has_a_capital_inside_a_sentence() -> None:
    assert {"brennock", "monday"} == told("Brennock", "Meanwhile").names


def test_only_another_name_makes_another_report() -> None:
    first = told("Brennock", "Meanwhile")
    assert compare(told("Brennock", "Now"), first).is_repeat()
    assert compare(told("Brenock", "Meanwhile"), first).is_repeat()
    assert not compare(told("Calder", "Meanwhile"), first).is_repeat()


STRIKE = (
    "قصفت مدفعية مجهولة مستودع {0} قبل الفجر، {1} مجلس البلدة، وأصيب ثلاثة أشخاص كانوا نائمين قرب البوابة."
    " وبقي الطريق إلى {0} مغلقا حتى الظهر، {1} المجلس، بينما انتظرت العبارة عند الضفة الأخرى."
    " وقال شاهد إن النيران جاءت من التلال كما حدث"
    " في الأسبوع الماضي. وسيصل فريق من البعثة إلى المكان لإحصاء الحفر والحديث مع العائلات التي تركت بيوتها منذ بداية"
    " الشتاء، {1} المجلس في بيان قصير وزعه على الصحفيين مساء اليوم نفسه أمام مبنى المدرسة القديمة. وقد ذكر السكان"
    " أن الماء انقطع عن الأحياء الشرقية منذ أيام وأن الخبز لا يكفي."
)


def test_where_there_are_no_capitals_a_name_is_what_the_other_text_has_nowhere() -> None:
    first = ComparedText(STRIKE.format("القصبة", "ذكر"))
    assert compare(ComparedText(STRIKE.format("القصبة", "أعلن")), first).is_repeat()
    assert not compare(ComparedText(STRIKE.format("المنارة", "ذكر")), first).is_repeat()


@pytest.mark.parametrize(
    ("camp", "market", "river", "is_repeat"),
    [
        ("石桥", "梧桐", "柳溪", False),  # the first shares a character with the other issue's
        ("青石", "白鹭", "柳溪", True),
    ],
)
def test_names_without_capitals_are_replaced_in_several_places_of_a_form(
    camp: str, market: str, river: str, is_repeat: bool
) -> None:
    form = (
        "观察团昨夜在{0}营地附近记录到炮击，{1}市场今天照常开放，通往{2}河的公路一直封闭到天亮。观察团再次呼吁各方遵守停火，"
        "并允许观察员进入所有存放地点。下一份简报将于明天在通常的时间发布，简报不对任何一方的行动作出评价，也不说明消息来源。"
        "居民如有意见可以投入门口的信箱，也可以告诉穿蓝色背心的志愿者，机构提醒大家保管好领取凭证。"
    )
    first = ComparedText(form.format("青石", "白鹭", "普兰"))
    assert compare(ComparedText(form.format(camp, market, river)), first).is_repeat() is is_repeat
