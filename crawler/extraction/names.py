"""The names in a byline, and which of them are people."""

import re
from collections.abc import Collection

from crawler.extraction.jsonld import letters
from crawler.texts.markup import undo_markup
from crawler.texts.seed_format import normalise_paragraph

_LATIN_LABELS = (
    "von|par|por|di|door|av|af|oleh|bởi|autore?s?|auteure?s?|autor(?:in|ka)?(?:/autor)?|authors?|verfasst von"
    "|redactado por|yazan|haber|content|text|texte?|texto|testo|tekst|szerző"
)
_OTHER_LABELS = (
    "автор(?:ы|и)?|текст|беседовал[аи]?|від|от|από|του|της|κείμενο|מאת"
    "|بقلم|كتبت?|إعداد|نویسنده|گزارش|लेखक|द्वारा|โดย|ผู้เขียน"
)
LABEL = re.compile(
    r"^(?:(?:(?:article|story|text|words|written|reported|reporting|posted|published|produced) )?by\b[\s:：]*"
    rf"|(?:{_LATIN_LABELS}|{_OTHER_LABELS})(?:\s*[:：]\s*|\s+)"
    r"|(?:作者|記者|记者|撰文|文|編譯|编译|執筆|取材|聞き手|글|취재)(?:\s*[:：/／]\s*|\s+))",
    re.IGNORECASE,
)
"""What stands before the names of authors."""

_PHOTO = re.compile(
    r"^(?:photo|photograph|photography|foto|fotó|фото|image|picture|illustration|illustrazione|video|graphic|bild|kuva"
    r"|zdjęci[ae]|φωτογραφία|צילום|תמונה|تصوير|صورة|عکس|फोटो|ภาพ|图片|圖|图|攝影|摄影|写真|撮影|사진)s?"
    r"(?:\s+(?:by|credit|von|de|par))?(?:\b|(?<=[\u0590-\u0eff]))\s*[:：/／]?",
    re.IGNORECASE,
)
_OTHER_WORK = re.compile(
    r"^(?:edit(?:ing|ed)|compiled|translat(?:ion|ed)|(?:fact|medically )?.?(?:review|check)ed|additional reporting"
    r"|(?:last )?(?:updated|modified|posted|published)|full bio|more (?:about|from|by)|about the|view"
    r"|follow|all posts|read)\b",
    re.IGNORECASE,
)
"""What people do with a text that they did not write; when it was published; what else a byline offers."""

_BREAK = re.compile(
    r"\s*(?:[;|/／、，•\n\t]|,(?!\s*(?:Jr|Sr)\b))\s*"
    r"|\s+(?:&|and|und|et|y|e|og|och|en|ja|oraz|ve|dan|và|și|а также|и|і|та|και|ו|و)\s+"
)
_ADDRESS = re.compile(r"https?:\S+|www\.\S+|\S*@\S*")
_AROUND = "【】〔〕[]()（）<>«»\"“”':：,·*-–—_ "
_BRACKETS = re.compile(r"\s*[(（\[【〔].*?(?:[)）\]】〕]|$)")
_TAIL = re.compile(r"\s+[-–—|]\s.*$|\s+(?:[Ff]or|[Ss]pecial [Tt]o|für|aus|in)\s+[A-ZÄÖÜ].*$")
_BEFORE = re.compile(r"^(?:記者|记者|特派員|特約記者|编辑|編輯|责编|責編|Dr\.|Prof\.)\s*")
_BEHIND = re.compile(
    r"(?:\s*(?:記者|记者|撰|文)|\s+(?:기자|특파원|선임기자|인턴기자|논설위원|द्वारा|की रिपोर्ट))$"
)
_CREDENTIALS = re.compile(
    "md|mds|phdc?|dr|prof|msc?|ma|mba|rdn?|rn|jd|dds|dmd|mph|mpa|cfp|cpa|cfa|esq|lcsw|lmft|np|pa|pharmd|bsc|jr|sr"
)
_ROLE = re.compile(
    r"\b(?:writer|author|reporter|correspondent|editor|director|manager|professor|chief|specialist|analyst|producer"
    r"|contributor|columnist|journalist|officer|founder|president|fellow|expert|clinician|photographer|intern"
    r"|dietitian|nutritionist|attorney|engineer|consultant|strategist|coordinator|executive|blogger|licensed|certified"
    r"|redakteur(?:in)?|korrespondent(?:in)?|reporterin|journalist(?:e|in)|envoyée? spéciale?|periodista|redactora?"
    r"|corresponsal|jornalista|repórter|giornalista|inviat[oa]|dziennikarka|dziennikarz|profesorius|muhabir[i]?"
    r"|корреспондент|журналист(?:ка)?|обозреватель|редактор|кореспондент)\b|مراسل|صحفي|محرر|खबर|संवाददाता",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?:staff|teams?|desk|editorial|newsroom|news|media|agency|agencies|bureau|service|services|magazine|online|digital"
    r"|redaktion|redaction|rédaction|redacción|redação|redazione|redakcja|redakce|redactie|redaksi|agentur|agencia|agence"
    r"|admin|administrator|webmaster|guest|anonymous|undefined|unknown|null|none|sponsored|advertorial|inc|llc|ltd|gmbh|corp"
    r"|foundation|university|institute|center|centre|department|company|corporation|association|group|council|ministry|club"
    r"|times|tribune|gazette|herald|press|post|network|channel|radio|tv|nachrichten|zeitung|noticias|diario|journal"
    r"|lines|agency|marketing|solutions|research|content)\b"
    r"|^the\b|редакци|редакці|агентств|новост|новини|информбюро|تحرير|وكالة|جريدة|خبرگزاری|תחדש|מערכת"
    r"|编辑部|編集部|編輯部|新聞|新闻|通信社|日报|日報|時報|时报|综合|網|网|뉴스|신문|편집|समाचार|डेस्क|ब्यूरो|กองบรรณาธิการ|ข่าว",
    re.IGNORECASE,
)
_NO_AUTHOR = (_ROLE, _PHOTO, _OTHER_WORK)
_NOBODY = re.compile(
    r"\b(?:staff|teams?|desk|editorial|admin(?:istrator)?|webmaster|guest|anonymous|undefined|unknown|null|none|redaktion"
    r"|редакция|редакція)\b|编辑部|編集部|編輯部",
    re.IGNORECASE,
)
_HOST = re.compile(r"\w\.[A-Za-z]{2,6}$")
_LOGIN = re.compile(r"[a-z0-9]*[\d_.][\w.]*|[a-z]+", re.ASCII)
_NO_NAME = re.compile(r"[\W\d_]*|.*\d[\d:.\s-]*(?:min|read|am|pm|uhr|분|分).*|\d.*|.*\d{4}.*", re.IGNORECASE)
_LONG_EAST_ASIAN = re.compile(r"[\u3040-\u9fff\uac00-\ud7af]{9,}")
_COLON = re.compile(r"(?<=\w)\s*[:：]\s+")
_LONGEST_NAME, _MOST_WORDS = 80, 6


def split_authors(text: str) -> list[str]:
    """The names in a byline, without labels, addresses, brackets, roles, numbers and whole sentences."""
    text = _ADDRESS.sub("", normalise_paragraph(undo_markup(text)).strip(_AROUND))
    if _PHOTO.match(text):
        return []
    parts = _BREAK.split(LABEL.sub("", text))
    if len(parts) > 1 and any(map(_LONG_EAST_ASIAN.fullmatch, parts)):  # what the site is about
        return []
    return list(filter(None, map(_name, parts)))


def _name(part: str) -> str:
    if not any(each.search(part) for each in (_PHOTO, _OTHER_WORK)):
        part = _COLON.split(part)[-1]
    name = _TAIL.sub("", _BRACKETS.sub("", LABEL.sub("", part))).strip(_AROUND)
    name = _BEHIND.sub("", _BEFORE.sub("", name)).strip()
    if len(name) > _LONGEST_NAME or len(name.split()) > _MOST_WORDS or _NO_NAME.fullmatch(name):
        return ""
    is_other = _CREDENTIALS.fullmatch(letters(name)) or any(each.search(name) for each in _NO_AUTHOR)
    return "" if is_other else name


def is_nobody(name: str) -> bool:
    """Whether a name only says that somebody of the office wrote: `Staff`, `admin`."""
    return _NOBODY.search(name) is not None


def is_person(name: str, organisations: Collection[str]) -> bool:
    """Whether a name is that of a person: no office, agency, site, abbreviation or login.

    `organisations` are the letters of names that are known to be none.
    """
    is_short = name.isascii() and name.isupper() and " " not in name
    key = letters(name)
    is_known = bool(_OFFICE.search(name) or _HOST.search(name)) or any(
        key == known or (len(known) > 4 and known in key) for known in organisations
    )
    return not (is_short or is_known or _LOGIN.fullmatch(name))
