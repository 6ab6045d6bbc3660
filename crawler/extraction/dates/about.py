"""What the words and class names around a date say it is the date of."""

import re
from enum import StrEnum
from itertools import takewhile

from crawler.extraction.dates.months import load_weekdays, plain


class About(StrEnum):
    """What a date is the date of."""

    PUBLICATION = "publication"
    CHANGE = "change"
    OTHER = "other"
    """An event, a comment, a copyright, a birthday: nothing of the article's own."""


_PUBLISHED = """
publish- publication posted created submitted issued released originally uploaded publie- publicad- publicat-
publicer- publiser- pubblicat- gepubliceerd geplaatst publicé public. publikac- lançad- inserit-
veröffentlicht erschienen erstellt julkaist- opublikowan- utworzono dodano zveřejněn- vydáno zverejnen- objavljen-
megjelen- közzétév- yayın- eklenme kayıt publicare publikuar paskelbt- publicēts avaldatud
δημοσι- опублик- опублік- размещен- создан- дата оприлюднен- публікац- публикац- публикуван- објавен- објављен- жарияла-
жарыяла-
гамоќвекн- გამოქვეყნ- հրապարակ-
نشر نُشر منتشر انتشار صدر بتاريخ تاريخ تاریخ شائع شایع خپور פורסם פרסום תאריך प्रकाशित प्रकाशन পরকাশ- প্রকাশ- பதிவு வெளியிட-
ప్రచురించ-
เผยแพร่ ประกาศ วันที่ terbit diterbitkan dipublikasikan tayang đăng xuất imechapishwa የታተመ ተለጠፈ
发布 發布 发表 發表 发稿 刊登 刊出 出版 日期 时间 時間 公開 掲載 投稿 配信 作成 質問日時 게시 등록 입력 작성
승인 송고
"""
_CHANGED = """
updat- modif- edited revised reviewed checked amended correct- changed actuali- atualiz- aggiorn- aktuali- geändert
änderung
mis mise màj bijgewerkt gewijzigd uppdater- oppdater- opdater- ändrad endret ændret senest päivitet- muokat- zmian-
zmienion- frissít- módosít- uprav- změněn- ažurir- posodob- spremenjen- izmijenj- актуализ- обновл- онов- изменен-
змінен-
обнов- редактир- измен- измењен- променет- жаңарт- güncel- yenilən- ενημερ- τροποπ- განახლ- թարմաց-
تحديث التحديث تعديل حُدّث بروزرسانی بروز ویرایش اپڈیٹ تازہ עודכן עדכון अपडेट अद्यतन হালনাগাদ আপডেট புதுப்பிக்-
diperbarui dikemaskini
cập sửa imesasishwa የተሻሻለ
更新 修改 修订 修訂 編集 編輯 编辑于 改稿 업데이트 수정 변경 อัปเดต อัพเดต แก้ไข ปรับปรุง
"""
_OTHER = """
event starts start begins ends deadline expires expire valid until when joined since born founded established
member archived
retrieved accessed commented replied wrote photographed recorded copyright ©
événement début fin échéance inscrit né née copyrigh- veranstaltung termin beginn ende gültig geboren gegründet
mitglied
evento inicio comienza fin vence nacido nacida inizio scade nato nata início começa nascido evenement datum_van
geldig geboren
wydarzenie termin ważne urodzon- událost akce platí narozen- etkinlik başlangıç bitiş doğum
событие мероприятие начало срок родился родилась зарегистрирован подія захід початок народився
فعالية موعد المناسبة ولد تعليق رویداد مهلت عضویت متولد تقریب אירוע נולד כרטיסים कार्यक्रम जन्म অনুষ্ঠান acara
kegiatan lahir sự_kiện sinh
活动 活動 举办 舉辦 报名 報名 截止 出生 注册 註冊 版权 版權 评论于 評論於 開催 締切 開演 생년 행사 개최 마감 가입
กิจกรรม งานวันที่ เกิด
"""
_BY = """
by von par por di da door av af od przez от автор автора текст بقلم كتب نوشته كتابة المصدر מאת โดย ผู้เขียน oleh tác
yazan
作者 记者 記者 来源 來源 责任编辑 責任編輯 编辑 出处 文 출처 기자 በ
"""
"""Words of bylines in the languages of `months`; `-` marks the beginning of a word."""

_AROUND = """
at a à as um uhr klo kl o ob om v в г р ч года году року рік жыл ж saat ore alle h hs hrs hr heures heure uur am pm
le el il la den der
de on del del's the dos las los em em. às d den ta óra perc óh min m s sek i w dnia godz hod hodin uhod kell kello
tid tiden
est edt cst cdt mst pst pdt gmt utc bst cet cest mez mesz eet eest msk мск ist pkt wib wita wit jst kst hkt sgt aest
aedt nzdt trt trs
akst akdt sast wat eat cat t z tz ad bc ce ac
الساعة ساعت بتوقيت غرينتش ص م ه هـ هجري ميلادي مساء صباحا صباحاً مکة بعد عصر قبل ظهر في و دقيقة وقت شمسی
قمری
בשעה ב ה ל lúc giờ น เวลา เวล พ.ศ ค.ศ ዓ ም ከ ሰዓት pukul jam saa बजे को सुबह शाम টা মিনিট
时 時 点 點 分 秒 上午 下午 午前 午後 晚上 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三
周四 周五 周六 周日
月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月 火 水 木 金 土 日 曜 一 二 三 四 五 六 시 분 초 오전 오후 월요일
화요일 수요일 목요일 금요일 토요일 일요일 일
북경시간 北京时间 北京時間 현지시간 現地時間
"""
"""Words between a date and its time of day, and after the time."""

_COUNTED = """
view- read- reading comment- share- like- min mins minute- minuten minuti minutos minutes visit- hits print- times
word- words
vue- lecture commentaire- partage- lesezeit kommentar- aufrufe lesungen vistas lectura comentario- visitas
visualizzazion- commenti lettura
leitura comentário- visualizaç- weergaven reacties wyświetl- komentarz- odsłon- zobrazen- koment- okuma okunma yorum
dakika görüntülenme
просмотр- комментар- минут- мин чтения прочитан- перегляд- коментар- хв хвилин- προβολ- σχόλι- λεπτά
مشاهد- عدد المشاهدات تعليق- تعليقات قراءة القراءات دقائق دقيقة بازدید نظر دیدگاه کد خبر شناسه צפיות תגובות दृश्य lượt xem
dibaca kali
阅读 閱讀 浏览 瀏覽 点击 點擊 评论 評論 人气 人氣 次 字号 字號 大小 分享 打印 閲覧 コメント 조회 조회수 댓글 ครั้ง
อ่าน ผู้ชม
"""
"""Words of counters that stand after a date: views, comments, minutes of reading."""

_OF = frozenset({"of", "from", "vom", "dal", "del", "du", "от", "від"})
"""Words after which a date is that of a law or a report, if none of publication stands before them."""

# Not \w, which leaves out the vowel signs of Indian scripts.
_WORD = re.compile(r"[^\s\d!-/:-@\[-`{-~،؛।：；，、。「」“”«»–—·•・]+")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u2e80-\u9fff\uac00-\ud7af]")
SEPARATOR = re.compile(r"[|·•・/\n(\[)\]»>⋅～]| [–—~-] |^\s*[–—~-]|[–—~-]\s*$")

_CLASS_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CLASSES = {
    About.PUBLICATION: """publish published publication pubdate pub posted created issued released dateline
        publishdate publisheddate publishtime publicationdate postdate pubtime releasedate""",
    About.CHANGE: """update updated modified modify modification lastmod revised edited changed reviewed
        updatedate updatetime lastmodified lastupdate lastupdated modifieddate moddate""",
    About.OTHER: "event events expires expiry deadline comment commented copyright birth born joined",
}
_BY_CLASS = {word: about for about, words in _CLASSES.items() for word in words.split()}
_PROPERTIES = {
    "datepublished": About.PUBLICATION,
    "datecreated": About.PUBLICATION,
    "dateissued": About.PUBLICATION,
    "uploaddate": About.PUBLICATION,
    "datemodified": About.CHANGE,
    "startdate": About.OTHER,
    "enddate": About.OTHER,
    "commenttime": About.OTHER,
    "birthdate": About.OTHER,
    "expires": About.OTHER,
    "validthrough": About.OTHER,
    "copyrightyear": About.OTHER,
}


def _vocabulary(*texts: str) -> re.Pattern[str]:
    words = (plain(word.replace("_", " ")) for text in texts for word in text.split())
    return re.compile("|".join(sorted(map(_pattern, set(words)), key=len, reverse=True)))


def _pattern(word: str) -> str:
    """Words of scripts without spaces are found inside others: `文章发布时间`."""
    begin = r".*" if _UNSPACED.match(word) else ""
    stem = re.escape(word.removesuffix("-"))
    return f"{begin}{stem}" if begin or word.endswith("-") else f"{stem}$"


_IS_PUBLISHED, _IS_CHANGED, _IS_OTHER = map(_vocabulary, (_PUBLISHED, _CHANGED, _OTHER))
_IS_NAMING = _vocabulary(_PUBLISHED, _CHANGED, _BY)
_IS_AROUND = _vocabulary(_AROUND, _COUNTED)


def about_by_words(text: str) -> About | None:
    """What the words before a date (plain) say; a change wherever one is named, None if they say nothing."""
    words = _WORD.findall(text)
    for about, kind in (
        (About.CHANGE, _IS_CHANGED),
        (About.OTHER, _IS_OTHER),
        (About.PUBLICATION, _IS_PUBLISHED),
    ):
        if any(map(kind.match, words)):
            return about
    return None


def about_by_names(names: str) -> About | None:
    """What class names and ids say: `entry-date published updated` is the publication of WordPress."""
    found = {_BY_CLASS[word] for word in words_of(names) if word in _BY_CLASS}
    return next((about for about in About if about in found), None)


def words_of(names: str) -> list[str]:
    """The words of class names and ids: `lblTitle` has two."""
    return [word.lower() for word in _CLASS_WORD.findall(names)]


def about_by_property(name: str) -> About | None:
    """What an `itemprop` says."""
    return _PROPERTIES.get(name.lower())


def has_words(text: str) -> bool:
    """Whether a text says anything at all."""
    return _WORD.search(text) is not None


def is_label(text: str) -> bool:
    """Whether a text (plain) can precede a date: nothing, a weekday, a place, `Published by Ana Veld on`."""
    last = SEPARATOR.split(text)[-1]
    words = _WORD.findall(last)
    is_place = (
        len(words) <= 3
        and len(_WORD.findall(re.split("[,،]", last)[-1])) <= 1
        and not _OF.intersection(words)
    )
    return is_place or any(map(_IS_NAMING.match, words))


def is_ending(text: str) -> bool:
    """Whether a text (plain) can follow a date: nothing, a weekday, a time of day, a counter, the author."""
    words = _WORD.findall(SEPARATOR.split(text)[0])
    return all(map(_is_around, takewhile(lambda word: not _IS_NAMING.match(word), words)))


def _is_around(word: str) -> bool:
    return _IS_AROUND.match(word) is not None or word in load_weekdays()
