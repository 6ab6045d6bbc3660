"""Whole pages of invented places in many scripts: the month of each is where its publishers write it."""

from datetime import UTC, datetime

import pytest

from crawler.extraction import extract
from tests.support.pages import raw_page

PAGES = {
    # language: headline, the line with the date, two paragraphs
    "en": (
        "Ferry of Halvik back in service",
        "By Ana Veld | Originally published: Jan 28, 2021 at 6:30 pm EST | 3 min read",
        "The ferry between Halvik and the outer islands is sailing again after ten days of repairs in the harbour.",
        "Its crew had waited for a new shaft, which came by train on Tuesday, the council of Halvik said.",
    ),
    "fr": (
        "Le bac de Halvik reprend la mer",
        "<b>Halvik.</b> Publié le jeudi 28 janvier 2021 à 18h30 - Mis à jour le 2 mars 2021",
        "Le bac entre Halvik et les îles navigue de nouveau après dix jours de réparations dans le port de la ville.",
        "L’équipage attendait un arbre neuf, arrivé mardi par le train, a expliqué le conseil municipal de Halvik.",
    ),
    "de": (
        "Fähre von Halvik fährt wieder",
        "Donnerstag, 28. Januar 2021, 18 Uhr · 12 Kommentare",
        "Die Fähre zwischen Halvik und den Inseln fährt nach zehn Tagen Reparatur im Hafen der Stadt wieder nach Plan.",
        "Die Mannschaft hatte auf eine neue Welle gewartet, die am Dienstag mit der Bahn kam, teilte die Stadt mit.",
    ),
    "ru": (
        "Паром из Халвика снова ходит",
        "28 января 2021 г., 18:30 МСК Просмотров: 1204",
        "Паром между Халвиком и островами снова ходит по расписанию после десяти дней ремонта в городском порту.",
        "Экипаж ждал новый вал, который во вторник привезли поездом, сообщили в городском совете Халвика.",
    ),
    "el": (
        "Το φέρι του Χάλβικ επέστρεψε",
        "Δημοσίευση: Πέμπτη 28 Ιανουαρίου 2021, 18:30",
        "Το φέρι ανάμεσα στο Χάλβικ και τα νησιά ταξιδεύει ξανά μετά από δέκα ημέρες επισκευών στο λιμάνι της πόλης.",
        "Το πλήρωμα περίμενε έναν καινούριο άξονα, που ήρθε με τρένο την Τρίτη, είπε το δημοτικό συμβούλιο.",
    ),
    "ka": (
        "ჰალვიკის ბორანი კვლავ დადის",
        "28 იანვარი, 2021 18:30",
        "ჰალვიკსა და კუნძულებს შორის ბორანი ათდღიანი შეკეთების შემდეგ კვლავ განრიგით დადის, თქვა ქალაქის საბჭომ.",
        "ეკიპაჟი ახალ ლილვს ელოდა, რომელიც სამშაბათს მატარებლით ჩამოიტანეს ქალაქის ნავსადგურში.",
    ),
    "ar": (
        "عبّارة هالفيك تبحر من جديد",
        "نُشر في: الخميس ٢٨ كانون ٢ ٢٠٢١ - ١٨:٣٠ | عدد المشاهدات: ٧٧",
        "عادت العبّارة بين هالفيك والجزر إلى الإبحار بعد عشرة أيام من الإصلاح في ميناء المدينة، كما قال المجلس البلدي.",
        "وكان الطاقم ينتظر عموداً جديداً وصل بالقطار يوم الثلاثاء، بحسب بيان نشرته إدارة الميناء في المدينة.",
    ),
    "ar-DZ": (
        "عودة العبارة في هالفيك",
        "الخميس 28 جانفي 2021 م",
        "عادت العبّارة بين هالفيك والجزر إلى الإبحار بعد عشرة أيام من الإصلاح في ميناء المدينة، كما قال المجلس البلدي.",
        "وكان الطاقم ينتظر عموداً جديداً وصل بالقطار يوم الثلاثاء، بحسب بيان نشرته إدارة الميناء في المدينة.",
    ),
    "fa": (
        "کشتی هالویک دوباره به راه افتاد",
        "تاریخ انتشار: پنجشنبه ۹ بهمن ۱۳۹۹ - ۱۸:۳۰ | کد خبر: ۷۷۱",
        "کشتی میان هالویک و جزیره‌ها پس از ده روز تعمیر در بندر شهر دوباره طبق برنامه حرکت می‌کند، به گفتهٔ شورای شهر.",
        "خدمه منتظر محور تازه‌ای بودند که روز سه‌شنبه با قطار رسید و همان شب در کارگاه بندر سوار شد.",
    ),
    "prs": (
        "کشتی هالویک دوباره فعال شد",
        "۹ دلو ۱۳۹۹",
        "کشتی میان هالویک و جزیره‌ها پس از ده روز تعمیر در بندر شهر دوباره طبق برنامه حرکت می‌کند، به گفتهٔ شورای شهر.",
        "خدمه منتظر محور تازه‌ای بودند که روز سه‌شنبه با قطار رسید و همان شب در کارگاه بندر سوار شد.",
    ),
    "he": (
        "המעבורת של הלביק חזרה לשוט",
        "פורסם: יום חמישי, 28 בינואר 2021, 18:30",
        "המעבורת בין הלביק לאיים חזרה לשוט לפי הלוח אחרי עשרה ימים של תיקונים בנמל העיר, כך הודיעה המועצה.",
        "הצוות חיכה לגל חדש שהגיע ברכבת ביום שלישי והורכב עוד באותו לילה בבית המלאכה של הנמל.",
    ),
    "hi": (
        "हालविक की नाव फिर चली",
        "प्रकाशित: २८ जनवरी २०२१, १८:३०",
        "हालविक और द्वीपों के बीच चलने वाली नाव दस दिन की मरम्मत के बाद फिर समय पर चलने लगी है, नगर परिषद ने कहा।",
        "चालक दल एक नए धुरे की प्रतीक्षा में था, जो मंगलवार को रेल से आया और उसी रात लगा दिया गया।",
    ),
    "bn": (
        "হালভিকের ফেরি আবার চালু",
        "প্রকাশ: ২৮ জানুয়ারি ২০২১, ১৮:৩০",
        "হালভিক ও দ্বীপগুলোর মধ্যে ফেরি দশ দিনের মেরামতের পর আবার সময়মতো চলছে, শহরের পরিষদ জানিয়েছে।",
        "নাবিকেরা একটি নতুন দণ্ডের অপেক্ষায় ছিলেন, যা মঙ্গলবার রেলে এসে সেই রাতেই বসানো হয়।",
    ),
    "th": (
        "เรือข้ามฟากฮัลวิกกลับมาแล่น",
        "เผยแพร่: 28 ม.ค. 2564 เวลา 18:30 น.",
        "เรือข้ามฟากระหว่างฮัลวิกกับหมู่เกาะกลับมาแล่นตามเวลาอีกครั้ง หลังซ่อมอยู่ในท่าเรือของเมืองนานสิบวัน",
        "ลูกเรือรอเพลาใหม่ซึ่งมาถึงทางรถไฟเมื่อวันอังคาร และช่างของท่าเรือใส่เสร็จในคืนเดียวกัน",
    ),
    "zh": (
        "哈尔维克渡轮恢复航行",
        "二〇二一年一月二十八日 星期四 来源：群岛观察",
        "哈尔维克与各岛之间的渡轮在港口修理十天之后恢复按时航行，市议会星期四宣布了这一消息，居民表示欢迎。",
        "船员一直在等待新的传动轴，它在星期二由火车运到，当晚就在港口的工场里安装完毕，随后进行了试航。",
    ),
    "zh-TW": (
        "哈爾維克渡輪恢復航行",
        "發布日期：民國110年1月28日",
        "哈爾維克與各島之間的渡輪在港口修理十天之後恢復按時航行，市議會星期四宣布了這一消息，居民表示歡迎。",
        "船員一直在等待新的傳動軸，它在星期二由火車運到，當晚就在港口的工場裡安裝完畢，隨後進行了試航。",
    ),
    "ja": (
        "ハルビクの渡し船、運航を再開",
        "令和3年1月28日（木）18時30分",
        "ハルビクと島々を結ぶ渡し船は、港での十日間の修理を終え、再び時刻表どおりに運航している。市議会が発表した。",
        "乗組員は新しい軸を待っていたが、火曜日に列車で届き、その夜のうちに港の工場で取り付けられたという。",
    ),
    "ko": (
        "할비크 나룻배 다시 다닌다",
        "입력 2021. 1. 28. 오후 6시 30분 조회 77",
        "할비크와 섬들을 잇는 나룻배가 항구에서 열흘 동안 수리를 마치고 다시 시간표대로 다닌다고 시의회가 밝혔다.",
        "선원들은 새 축을 기다렸는데, 화요일에 기차로 도착해 그날 밤 항구의 작업장에서 끼워졌다고 한다.",
    ),
    "am": (
        "የሃልቪክ ጀልባ እንደገና ጀመረች",
        "ጥር 20 ቀን 2013 ዓ.ም",
        "በሃልቪክና በደሴቶቹ መካከል የምትመላለሰው ጀልባ ከአሥር ቀን ጥገና በኋላ እንደገና መጓዝ ጀምራለች ሲል የከተማው ምክር ቤት አስታወቀ።",
        "መርከበኞቹ ማክሰኞ ዕለት በባቡር የመጣውን አዲስ ዘንግ ሲጠብቁ ነበር፤ በዚያው ሌሊት በወደቡ ተገጥሟል።",
    ),
    "vi": (
        "Phà Halvik chạy lại",
        "Thứ năm, 28/1/2021, 18:30 (GMT+7)",
        "Phà giữa Halvik và các đảo đã chạy lại đúng giờ sau mười ngày sửa chữa tại cảng, hội đồng thành phố cho biết.",
        "Thủy thủ đoàn chờ một trục mới, được chở bằng tàu hỏa đến hôm thứ ba và lắp trong đêm tại xưởng của cảng.",
    ),
}


def page(language: str, markup: str) -> str:
    headline, line, *story = PAGES[language]
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in [*story, *story[::-1]])
    return (
        f'<!DOCTYPE html><html lang="{language}"><head><title>{headline}</title></head><body><header>Lamp</header>'
        f"<article>{markup.format(headline=headline, line=line)}<div>{paragraphs}</div></article>"
        "<footer>© 2009-2019</footer></body></html>"
    )


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize(
    "markup",
    [
        "<h1>{headline}</h1><p>{line}</p>",
        '<div class="news-title">{headline}</div><div><span>{line}</span></div>',
        '<p class="meta">{line}</p><h2>{headline}</h2>',
    ],
)
def test_the_month_is_read_in_the_writing_of_the_page(language: str, markup: str) -> None:
    article = extract(raw_page(page(language, markup), captured=datetime(2021, 4, 1, tzinfo=UTC)))
    assert (article.month, (article.published or "")[:10]) == ("2021-01", "2021-01-28")
    assert article.date_source == "text"
    assert article.published in {item.value for item in article.dates}


OTHER = '<a href="/mill">A mill burned down in the north of Varosk</a>'
FOREIGN = {
    # what has the only date, where: above or below the headline, below the story, after the article, in the head
    "comment": (
        "after",
        '<div class="comments"><span class="date">28 January 2021</span><p>Great news.</p></div>',
    ),
    "comments": (
        "end",
        "<ol><li>Ivo says: <time datetime='2021-01-28'>28 January 2021</time><p>Great.</p></li></ol>",
    ),
    "plain comment": (
        "end",
        "<h3>Comments</h3><div><b>Ivo</b> 28 January 2021</div><p>Great news for us.</p>",
    ),
    "teaser": ("end", f'<div><span class="date">28 January 2021</span>{OTHER}</div>'),
    "card": ("end", f'<div class="card">{OTHER}<span class="date">Published 28 January 2021</span></div>'),
    "list": (
        "after",
        '<ul><li><a href="/a">Mill burns</a> <span class="post-date">28 January 2021</span></li></ul>',
    ),
    "ticker": ("above", f"<div>{OTHER} 28 January 2021</div>"),
    "event": ("below", "<p>When: 28 January 2021, 18:00</p>"),
    "event list": ("below", "<dl><dt>Event date</dt><dd>28 January 2021</dd></dl>"),
    "deadline": ("below", '<p class="meta">Deadline: 28 January 2021</p>'),
    "change": ("below", "<p>Last updated 28 January 2021</p>"),
    "correction": ("end", "<p><i>This article was corrected on 28 January 2021.</i></p>"),
    "law": ("below", "<p>Regulation (HV) of 28 January 2021</p>"),
    "caption": ("below", '<div class="photo-caption">Halvik on 28 January 2021</div>'),
    "sentence": ("below", "<p>On 28 January 2021 the ferry stopped, and nobody knew why.</p>"),
    "biography": ("end", '<div class="author"><p>Ana Veld</p><p>Joined 28 January 2021</p></div>'),
    "copyright": ("end", "<p>Copyright 28 January 2021 Lamp</p>"),
    "documents": ("end", "<p>Plan, published 28 January 2021</p><p>Report, published 3 March 2021</p>"),
    "newsletter": ("end", '<form class="newsletter"><p>Issue of 28 January 2021</p></form>'),
    "script": ("head", '<script>feed=[{"publishDate":"2021-01-28"},{"publishDate":"2021-02-28"}]</script>'),
    "changed script": ("head", '<script>var lastUpdated="2021-01-28"</script>'),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_page_that_only_has_dates_of_others_has_no_month(kind: str) -> None:
    place, markup = FOREIGN[kind]
    part = dict.fromkeys(("head", "above", "below", "end", "after"), "") | {place: markup}
    headline, _, *story = PAGES["en"]
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in story * 2)
    html = (
        f"<html><head><title>{headline}</title>{part['head']}</head><body>"
        "<header><p>Monday, 1 March 2021</p></header><main>"
        f"<article>{part['above']}<h1>{headline}</h1>{part['below']}<div>{paragraphs}</div>{part['end']}</article>"
        f"{part['after']}</main><footer>© 28 January 2021</footer></body></html>"
    )
    assert extract(raw_page(html, captured=datetime(2021, 3, 1, tzinfo=UTC))).month is None
