"""Pages of each kind, in the scripts of the world: what readers see is the story, and all of it."""

from dataclasses import dataclass

import pytest

from crawler.extraction.body.selection import find_paragraphs
from crawler.extraction.loader import clean_text
from crawler.extraction.metadata import read_page_text
from crawler.extraction.titles import title_candidates
from tests.support.pages import parsed_page


@dataclass(frozen=True)
class Told:
    """A story of a bridge: three paragraphs, a short line, four of the dead, and an appeal to follow the site."""

    title: str
    paragraphs: tuple[str, str, str]
    line: str
    names: tuple[str, str, str, str]
    appeal: str


TOLD = {
    "Latin": Told(
        "Bridge of Varosk falls",
        (
            "The old bridge of Varosk collapsed on Monday after a night of shelling, the mayor of the town said.",
            "Nobody crossed it at the time, because the army had closed the bridge to all traffic on Saturday.",
            "The only road to the northern villages is closed, and a ferry will carry those who need a doctor.",
        ),
        "The river rose.",
        (
            "Ana Veld, 34, baker",
            "Ivo Brant, 61, miller",
            "Mirela Donat, 19, student",
            "Orrin Tarn, 45, guard",
        ),
        "Follow The Varosk Courier on WhatsApp and choose us as a preferred source.",
    ),
    "Cyrillic": Told(
        "Мост в Вароске рухнул",
        (
            "Старый мост в Вароске рухнул в понедельник после ночного обстрела, сообщила мэр города.",
            "В это время по нему никто не шёл, потому что армия ещё в субботу закрыла мост для движения.",
            "Единственная дорога в северные сёла перекрыта, и тех, кому нужен врач, будет возить паром.",
        ),
        "Река поднялась.",
        (
            "Анна Велд, 34, пекарь",
            "Иво Брант, 61, мельник",
            "Мирела Донат, 19, студентка",
            "Оррин Тарн, 45, сторож",
        ),
        "Подписывайтесь на «Вароскский курьер» в Телеграме и других соцсетях.",
    ),
    "Greek": Told(
        "Έπεσε η γέφυρα του Βάροσκ",
        (
            "Η παλιά γέφυρα του Βάροσκ κατέρρευσε τη Δευτέρα ύστερα από νυχτερινό βομβαρδισμό, είπε η δήμαρχος.",
            "Κανείς δεν την περνούσε εκείνη την ώρα, γιατί ο στρατός την είχε κλείσει από το Σάββατο.",
            "Ο μόνος δρόμος προς τα βόρεια χωριά έκλεισε, και ένα πορθμείο θα μεταφέρει τους αρρώστους.",
        ),
        "Ο ποταμός ανέβηκε.",
        (
            "Άννα Βελντ, 34, φουρνάρισσα",
            "Ίβο Μπραντ, 61, μυλωνάς",
            "Μιρέλα Ντόνατ, 19, φοιτήτρια",
            "Όριν Ταρν, 45, φύλακας",
        ),
        "Ακολουθήστε τον Ταχυδρόμο του Βάροσκ στο Google News για όλες τις ειδήσεις.",
    ),
    "Arabic": Told(
        "انهيار جسر فاروسك",
        (
            "انهار جسر فاروسك القديم يوم الاثنين بعد ليلة من القصف، بحسب ما قالت رئيسة بلدية المدينة.",
            "ولم يكن أحد يعبره في ذلك الوقت، لأن الجيش كان قد أغلق الجسر أمام حركة المرور منذ السبت.",
            "وأغلق الطريق الوحيد إلى القرى الشمالية، وستنقل عبارة كل من يحتاج إلى طبيب أو إلى السوق.",
        ),
        "ارتفع النهر.",
        ("آنا فيلد، 34، خبازة", "إيفو برانت، 61، طحان", "ميريلا دونات، 19، طالبة", "أورين تارن، 45، حارس"),
        "تابعوا بريد فاروسك على واتساب وتلغرام.",
    ),
    "Hebrew": Told(
        "גשר וארוסק קרס",
        (
            "הגשר הישן של וארוסק קרס ביום שני לאחר לילה של הפגזות, כך מסרה ראשת העיר בשיחה עם העיתונאים.",
            "איש לא חצה אותו באותה שעה, מפני שהצבא סגר את הגשר לתנועה כבר ביום שבת בצהריים.",
            "הדרך היחידה אל הכפרים שבצפון נחסמה, ומעבורת תסיע את מי שזקוק לרופא או מבקש להגיע לשוק.",
        ),
        "הנהר עלה.",
        ("אנה ולד, 34, אופה", "איבו ברנט, 61, טוחן", "מירלה דונט, 19, סטודנטית", "אורין טארן, 45, שומר"),
        "עקבו אחרי שליח וארוסק בטלגרם.",
    ),
    "Devanagari": Told(
        "वारोस्क का पुल गिरा",
        (
            "वारोस्क का पुराना पुल सोमवार को रात भर की गोलाबारी के बाद गिर गया, नगर की महापौर ने बताया।",
            "उस समय पुल पर कोई नहीं था, क्योंकि सेना ने शनिवार को ही उसे यातायात के लिए बंद कर दिया था।",
            "उत्तरी गाँवों की एकमात्र सड़क बंद है, और जिन्हें डॉक्टर चाहिए उन्हें अब एक नाव पार ले जाएगी।",
        ),
        "नदी चढ़ गई।",
        ("आना वेल्ड, 34, नानबाई", "इवो ब्रांट, 61, चक्कीवाला", "मिरेला डोनात, 19, छात्रा", "ओरिन तार्न, 45, पहरेदार"),
        "ताज़ा ख़बरों के लिए हमें व्हाट्सएप पर फॉलो करें।",
    ),
    "Thai": Told(
        "สะพานวารอสก์ถล่ม",
        (
            "สะพานเก่าแก่ของเมืองวารอสก์ถล่มลงเมื่อวันจันทร์หลังถูกยิงถล่มตลอดทั้งคืน นายกเทศมนตรีของเมืองกล่าว",
            "ขณะนั้นไม่มีใครข้ามสะพาน เพราะกองทัพได้ปิดการจราจรบนสะพานมาตั้งแต่วันเสาร์ที่ผ่านมาแล้ว",
            "ถนนสายเดียวที่ไปยังหมู่บ้านทางเหนือถูกปิด และจะมีเรือข้ามฟากรับส่งผู้ที่ต้องการพบแพทย์",
        ),
        "แม่น้ำเอ่อล้น",
        ("อานา เวลด์ 34 ปี", "อีโว บรานต์ 61 ปี", "มิเรลา โดนัต 19 ปี", "ออริน ทาร์น 45 ปี"),
        "ติดตามข่าววารอสก์ทาง Facebook และ Telegram",
    ),
    "Han": Told(
        "瓦罗斯克大桥倒塌",
        (
            "瓦罗斯克市市长说，经过一整夜的炮击，该市的老桥于星期一清晨倒塌，桥墩落入河中。",
            "当时桥上没有人，因为军队早在星期六就已经封锁了大桥，禁止一切车辆和行人通过。",
            "通往北部村庄的唯一一条道路已经关闭，需要看病或者赶集的居民今后将由渡船接送。",
        ),
        "河水上涨了。",
        ("安娜·韦尔德，34岁", "伊沃·布兰特，61岁", "米雷拉·多纳特，19岁", "奥林·塔恩，45岁"),
        "关注瓦罗斯克信使微信公众号，获取更多消息。",
    ),
    "Kana": Told(
        "ヴァロスクの橋が崩れる",
        (
            "ヴァロスクの古い橋が、夜どおし続いた砲撃のあと月曜日の朝に崩れ落ちたと、町の市長が明らかにした。",
            "軍が土曜日から橋を通行止めにしていたため、そのとき橋を渡っていた人はいなかったという。",
            "北の村々へ向かうただ一つの道は閉ざされ、医者にかかる人は渡し船で運ばれることになった。",
        ),
        "川の水が増えた。",
        ("アナ・ヴェルド（34）", "イヴォ・ブラント（61）", "ミレラ・ドナト（19）", "オリン・ターン（45）"),
        "Facebookでヴァロスク通信をフォローする",
    ),
    "Hangul": Told(
        "바로스크 다리 무너져",
        (
            "바로스크의 오래된 다리가 밤새 이어진 포격 끝에 월요일 아침 무너졌다고 이 도시의 시장이 기자들에게 밝혔다.",
            "군이 토요일부터 다리의 통행을 막아 두었기 때문에 당시 다리를 건너던 사람은 아무도 없었던 것으로 알려졌다.",
            "북쪽 마을로 가는 하나뿐인 길이 막혔으며, 의사가 필요한 주민은 앞으로 나룻배를 타고 강을 건너게 된다.",
        ),
        "강물이 불었다.",
        ("아나 벨드, 34세", "이보 브란트, 61세", "미렐라 도나트, 19세", "오린 타른, 45세"),
        "네이버에서 바로스크 통신을 구독하세요",
    ),
    "Georgian": Told(
        "ვაროსკის ხიდი ჩამოინგრა",
        (
            "ვაროსკის ძველი ხიდი ორშაბათს, ღამის დაბომბვის შემდეგ ჩამოინგრა, განაცხადა ქალაქის მერმა.",
            "ამ დროს ხიდზე არავინ გადადიოდა, რადგან ჯარმა ის მოძრაობისთვის ჯერ კიდევ შაბათს დახურა.",
            "ჩრდილოეთის სოფლებისკენ მიმავალი ერთადერთი გზა ჩაკეტილია და ავადმყოფებს ბორანი გადაიყვანს.",
        ),
        "მდინარე ადიდდა.",
        (
            "ანა ველდი, 34, მცხობელი",
            "ივო ბრანტი, 61, მეწისქვილე",
            "მირელა დონატი, 19, სტუდენტი",
            "ორინ ტარნი, 45, დარაჯი",
        ),
        "გამოგვყევით ტელეგრამზე.",
    ),
    "Ethiopic": Told(
        "የቫሮስክ ድልድይ ፈረሰ",
        (
            "የቫሮስክ አሮጌ ድልድይ ሌሊቱን ሙሉ ከተካሄደ የመድፍ ድብደባ በኋላ ሰኞ ዕለት መፍረሱን የከተማዋ ከንቲባ ለጋዜጠኞች ተናግረዋል።",
            "ሠራዊቱ ድልድዩን ከቅዳሜ ጀምሮ ለማንኛውም ትራፊክ ዘግቶት ስለነበር በዚያን ጊዜ የሚሻገር ሰው እንዳልነበረ ታውቋል።",
            "ወደ ሰሜን መንደሮች የሚወስደው ብቸኛ መንገድ የተዘጋ ሲሆን ሐኪም የሚያስፈልጋቸውን ሰዎች ጀልባ ያሻግራቸዋል።",
        ),
        "ወንዙ ሞላ።",
        ("አና ቬልድ፣ 34፣ ጋጋሪ", "ኢቮ ብራንት፣ 61፣ ወፍጮ ቤት", "ሚሬላ ዶናት፣ 19፣ ተማሪ", "ኦሪን ታርን፣ 45፣ ጠባቂ"),
        "የቫሮስክ መልእክተኛን በቴሌግራም ይከተሉ።",
    ),
}
every_script = pytest.mark.parametrize("told", TOLD.values(), ids=TOLD)


def paragraphs_of(told: Told, body: str) -> list[str]:
    page = parsed_page(
        f"<html><head><title>{told.title}</title></head><body><nav><a href='/'>x</a></nav><main>"
        f"<h1>{told.title}</h1>{body}</main><footer><p>©</p></footer></body></html>"
    )
    page_text = read_page_text(page, title_candidates(page))
    return [clean_text(paragraph) for paragraph in find_paragraphs(page, page_text)]


def inside(tag: str, texts: tuple[str, ...]) -> str:
    return "".join(f"<{tag}>{text}</{tag.split()[0]}>" for text in texts)


@every_script
def test_a_story_in_a_shadow_root(told: Told) -> None:
    body = f"<x-story><template shadowrootmode=open>{inside('p', told.paragraphs)}</template></x-story>"
    assert paragraphs_of(told, body) == list(told.paragraphs)


@every_script
def test_a_story_given_to_the_slot_of_a_shadow_root(told: Told) -> None:
    root = "<template shadowrootmode=open><div><slot></slot></div></template>"
    assert paragraphs_of(told, f"<x-story>{root}{inside('p', told.paragraphs)}</x-story>") == list(
        told.paragraphs
    )


@every_script
@pytest.mark.parametrize("tag", ["story-text", "paragraph", "span style='display:block'"])
def test_paragraphs_in_elements_that_html_does_not_know(told: Told, tag: str) -> None:
    assert paragraphs_of(told, f"<x-body>{inside(tag, told.paragraphs)}</x-body>") == list(told.paragraphs)


@every_script
def test_words_for_screen_readers_in_a_sentence(told: Told) -> None:
    first, *others = told.paragraphs
    note = f"<a href='/v'>{first[:9]}<span class='visually-hidden'> ({told.line})</span></a>{first[9:]}"
    assert paragraphs_of(told, inside("p", (note, *others))) == list(told.paragraphs)


@every_script
def test_a_bulletin_in_preformatted_text(told: Told) -> None:
    wrapped = "\n\n".join(text.replace(" ", "\n", 1) for text in told.paragraphs)
    assert paragraphs_of(told, f"<pre>\n{wrapped}\n</pre>") == list(told.paragraphs)


@every_script
def test_a_table_of_the_story(told: Told) -> None:
    one, two, three = told.paragraphs
    rows = "".join(f"<tr><td>{name}</td><td>{at}</td></tr>" for at, name in enumerate(told.names))
    body = f"<p>{one}</p><p>{two}</p><figure><table>{rows}</table></figure><p>{three}</p>"
    facts = [f"{name} | {at}" for at, name in enumerate(told.names)]
    assert paragraphs_of(told, body) == [one, two, *facts, three]


@every_script
@pytest.mark.parametrize("tags", [("ul", "li"), ("ol", "li"), ("dl", "dd")])
def test_a_list_of_the_dead_within_the_story_and_at_its_end(told: Told, tags: tuple[str, str]) -> None:
    one, two, three = told.paragraphs
    names = f"<{tags[0]}>{inside(tags[1], told.names)}</{tags[0]}>"
    assert paragraphs_of(told, f"<p>{one}</p><p>{two}</p>{names}<p>{three}</p>") == [
        one,
        two,
        *told.names,
        three,
    ]
    assert paragraphs_of(told, f"{inside('p', told.paragraphs)}{names}") == [one, two, three, *told.names]


@every_script
def test_names_on_lines_of_their_own(told: Told) -> None:
    one, two, three = told.paragraphs
    body = f"<p>{one}</p><p>{two}</p><p>{'<br>'.join(told.names)}</p><p>{three}</p>"
    assert paragraphs_of(told, body) == [one, two, *told.names, three]


@every_script
def test_a_second_copy_for_narrow_screens(told: Told) -> None:
    one, two, three = told.paragraphs
    texts = (one, told.line, two, told.line, three)
    copies = "".join(
        f"<div class='{screen}'><div class='text'>{inside('p', texts)}</div></div>"
        for screen in ("wide", "phone")
    )
    assert paragraphs_of(told, copies) == list(texts)


@every_script
def test_a_second_copy_in_one_text(told: Told) -> None:
    apart, once = f"<div>{inside('p', told.paragraphs)}</div>", f"<div>{' '.join(told.paragraphs)}</div>"
    assert paragraphs_of(told, apart + once) == list(told.paragraphs)
    assert paragraphs_of(told, once + apart) == list(told.paragraphs)


@every_script
def test_an_appeal_to_follow_the_site(told: Told) -> None:
    one, two, three = told.paragraphs
    appeal = f"<p><em>{told.appeal}</em></p>"
    assert paragraphs_of(told, f"{inside('p', told.paragraphs)}{appeal}") == [one, two, three]
    assert paragraphs_of(told, f"<p>{one}</p><p>{two}</p>{appeal}<p>{three}</p>") == [one, two, three]


@every_script
def test_an_offer_to_those_without_access(told: Told) -> None:
    one, two, three = told.paragraphs
    offer = f"<section subscriptions-section='content-not-granted'><p>{told.line} {told.line} {told.line}</p></section>"
    paid = f"<section subscriptions-section='content'><p>{two}</p><p>{three}</p></section>"
    assert paragraphs_of(told, f"<p>{one}</p>{offer}{paid}") == [one, two, three]


@pytest.mark.parametrize("script", ["Han", "Kana"])
def test_readings_above_characters(script: str) -> None:
    told = TOLD[script]
    marked = tuple(
        f"<ruby>{text[0]}<rp>(</rp><rt>よみ</rt><rp>)</rp></ruby>{text[1:]}" for text in told.paragraphs
    )
    assert paragraphs_of(told, inside("p", marked)) == list(told.paragraphs)


def test_a_menu_of_the_site_is_no_list_of_the_story() -> None:
    told = TOLD["Latin"]
    menu = "".join(f"<li><a href='/{at}'>{name}</a></li>" for at, name in enumerate(told.names))
    assert paragraphs_of(told, f"{inside('p', told.paragraphs)}<ul>{menu}</ul>") == list(told.paragraphs)


def test_a_list_of_other_articles_is_no_list_of_the_story() -> None:
    told = TOLD["Latin"]
    texts = (
        *told.paragraphs,
        "Engineers will look at the pillars that remain, and at the mill below them, this week.",
    )
    items = "".join(
        f"<li><a href='/{at}'>The mill of {name} burned down</a><p>Nobody in the valley slept that night.</p></li>"
        for at, name in enumerate(told.names)
    )
    assert paragraphs_of(told, f"{inside('p', texts)}<h2>More</h2><ul>{items}</ul>") == list(texts)


def test_a_short_answer_may_come_again() -> None:
    told = TOLD["Latin"]
    one, two, three = told.paragraphs
    texts = (one, told.line, two, told.line, three)
    assert paragraphs_of(told, inside("p", texts)) == list(texts)


@every_script
@pytest.mark.parametrize("name", ["author-bio", "about-author", "m-author__description", "AuthorProfile"])
def test_what_a_page_tells_about_its_author(told: Told, name: str) -> None:
    about = f"<div class='{name}'><h4>{told.names[0]}</h4><p>{told.names[0]}. {told.names[1]}. {told.line}</p></div>"
    assert paragraphs_of(told, f"{inside('p', told.paragraphs)}{about}") == list(told.paragraphs)
    assert paragraphs_of(told, f"{about}{about}") == []


@every_script
@pytest.mark.parametrize("tag", ["h3", "p"])
def test_questions_of_an_interview_and_short_answers(told: Told, tag: str) -> None:
    one, two, three = told.paragraphs
    question = f"{told.title}{'؟' if told.title[0] > 'ء' and told.title[0] < 'ي' else '?'}"
    other = f"{told.names[3]}?"
    body = f"<p>{one}</p><{tag}>{question}</{tag}><p>{two}</p><{tag}>{other}</{tag}><p>{told.line}</p><p>{three}</p>"
    assert paragraphs_of(told, body) == [one, question, two, other, told.line, three]
