"""Phrases that begin lines outside of stories: references, advertising, appeals, credits."""

import re

from crawler.extraction.body.blocks import Block

_POINTERS = """
read also|also read|read more|read next|see also|more on this|related:|related articles
related stories|don't miss
watch:|listen:|recommended|you may also like|further reading|editor's picks|most read
lire aussi|à lire aussi|lire également|à lire également|a lire aussi|voir aussi|à voir aussi
sur le même sujet
lesen sie auch|lesen sie mehr|mehr zum thema|auch interessant|das könnte sie auch interessieren
siehe auch|mehr dazu
lea también|lee también|leer también|le puede interesar|te puede interesar
también te puede interesar|ver también
leia também|leia mais|veja também|saiba mais|leggi anche|leggi pure|vedi anche
potrebbe interessarti
lees ook|läs också|läs även|läs mer|les også|læs også|lue myös|lesið einnig
czytaj też|czytaj także|czytaj więcej|zobacz też|zobacz także|přečtěte si také|čtěte také
čítajte aj|olvassa el
citește și|vezi și|прочетете още|още по темата|pročitajte i|pročitajte još|preberite tudi
читайте также|читать также|смотрите также|материалы по теме|по теме:|читайте також
дивіться також|також читайте
ayrıca okuyun|ilgili haberler|bunlar da ilginizi çekebilir|διαβάστε επίσης|δείτε επίσης
διαβάστε ακόμη
اقرأ أيضا|اقرأ أيضًا|إقرأ أيضا|اقرأ المزيد|شاهد أيضا|طالع أيضا|مواضيع ذات صلة|بیشتر بخوانید
همچنین بخوانید|مطالب مرتبط
קראו גם|קראו עוד|עוד בנושא|ये भी पढ़ें|यह भी पढ़ें|इसे भी पढ़ें|আরও পড়ুন|مزید پڑھیں|baca juga
xem thêm|đọc thêm
相关阅读|相关新闻|延伸阅读|延伸閱讀|推荐阅读|更多新闻|関連記事|あわせて読みたい|こちらも読む
관련기사|함께 보면 좋은
"""
_ADVERTISING = """
advertisement|advertising|sponsored|publicité|publicidad|publicidade|pubblicità|anzeige|werbung
annonce|reklame|reklam
реклама|إعلان|تبليغات|פרסומת|विज्ञापन|广告|廣告|広告|광고
share|partager|teilen|compartir|compartilhe|condividi|udostępnij|поделиться|поділитися|شارك
مشاركة|分享到|シェア
"""
_REQUESTS = """
subscribe|sign up|follow us|share this|join our|download our|download the app|get the latest
support our|click here
abonnez-vous|inscrivez-vous|suivez-nous|abonnieren sie|folgen sie uns|newsletter|suscríbete
síguenos
inscreva-se|siga-nos|iscriviti|seguici|zapisz się|obserwuj nas|abone ol|bizi takip
подписывайтесь|подпишитесь|присоединяйтесь|підписуйтесь|підпишіться|تابعونا|تابعوا|اشترك
הירשמו|עקבו אחרינו|订阅|关注我们|扫一扫|フォロー|구독
"""
_CREDITS = """
photo:|photos:|photo by|image:|image credit|photo credit|picture:|getty images|crédit photo
photo ©|foto:|bild:|fotos:
imagen:|imagem:|фото:|фото -|صورة:|图片来源|图：|写真：|사진=
"""
_FOLLOW = """
follow|join|find us|like us|connect with|stay updated|for more updates|keep up with
suivez|retrouvez|rejoignez|folge |folgt |folgen sie
sigue|siga|síguenos|únete|unite |acompanhe|entre no|participe|segui |seguici|unisciti
volg |obserwuj|śledź|dołącz|sledujte|sleduj|följ |følg |seuraa |kövess|kövesd|urmăriți|urmărește|urmăreşte|pratite
подписывайтесь|подпишитесь|следите за|читайте нас|присоединяйтесь|смотрите нас|будьте в курсе
підписуйтесь|підпишіться|стежте за|читайте нас|приєднуйтесь|следвайте|последвайте|пратите
ακολουθήστε|ακολούθησε|βρείτε μας|გამოგვყევით|შემოგვიერთდით|հետևեք
تابع|تابعوا|تابعونا|انضم|اشترك|עקבו|הצטרפו|ikuti|gabung|theo dõi|ติดตาม|关注|關注|追踪|追蹤|加入
"""
_FOLLOW_AT_END = """
takip ed|abone ol|فالو کر|جوائن کر|دنبال کنید|بپیوندید|ይከተሉ|ተከተሉ|ይቀላቀሉ
फॉलो कर|जुड़ें|जुड़िए|ফলো কর|যুক্ত হ|フォロー|友だち追加|팔로우|구독
"""
_PLATFORMS = """
google news|google discover|google actualités|google noticias|google notícias|google haber|google новост|новости google
whatsapp|ватсап|вотсап|واتساب|واٹس ایپ|ואטסאפ|व्हाट्सएप|व्हाट्सऐप|वॉट्सऐप|হোয়াটসঅ্যাপ|telegram|телеграм|تلغرام|تليجرام|تيليجرام
تلگرام|טלגרם|टेलीग्राम|ტელეგრამ|ቴሌግራም|テレグラム|텔레그램|facebook|фейсбук
фејсбук|فيسبوك|فیسبوک|פייסבוק|फेसबुक|ফেসবুক|ფეისბუქ|ፌስቡክ|페이스북
instagram|инстаграм|إنستغرام|انستغرام|اینستاگرام|इंस्टाग्राम|twitter|твиттер|твітер|تويتر|توییتر|טוויטר|ट्विटर|트위터|youtube|ютуб
يوتيوب|یوٹیوب|यूट्यूब|유튜브|viber|вайбер|tiktok|bluesky|flipboard|apple news|linkedin|微信|微博|公众号|脸书
社群|카카오|네이버|line公式
social media|social network|the networks
réseaux sociaux|redes sociales|redes sociais|sozialen netzwerken|соцсет|соцмереж
κοινωνικά δίκτυα|мессенджер
"""
_PREFER = """
add |choose |make |set |pick |prefer |ajoutez|hinzufügen|fügen |añade|agrega|adicione|aggiungi|dodaj
добавьте|додайте|أضف|اختر
"""
_SOURCES = """
preferred source|favourite source|favorite source|trusted source|source préférée
bevorzugte quelle|fuente preferida|fonte preferida|fonte preferita|voorkeursbron|preferowane źródło
предпочитаемый источник|предпочтительный источник
المصدر المفضل|مصدر مفضل
"""
_LONGEST, _LONGEST_ALONE = 250, 30
_BULLETS = " \t\r\n\f\v\xa0-–—•*►▶→>[("


def _phrases(*texts: str) -> tuple[str, ...]:
    return tuple(phrase for text in texts for line in text.strip().splitlines() for phrase in line.split("|"))


_OPENINGS = _phrases(_POINTERS, _REQUESTS, _CREDITS)
_ALONE = _phrases(_ADVERTISING)
_FOLLOWS = _phrases(_FOLLOW)
_PLATFORM = re.compile("|".join(map(re.escape, _phrases(_PLATFORMS))))
_PREFERS = _phrases(_PREFER)
_SOURCE = re.compile("|".join(map(re.escape, _phrases(_SOURCES))))
_LAST_WORDS = re.compile("|".join(map(re.escape, _phrases(_FOLLOW_AT_END))))


def is_label(block: Block) -> bool:
    """Whether a line begins as no line of a story does, in any of about thirty languages.

    Words that also begin sentences count only in lines of few words.
    """
    if block.length >= _LONGEST:
        return False
    text = block.text.lstrip(_BULLETS).casefold()
    return text.startswith(_OPENINGS) or (block.length < _LONGEST_ALONE and text.startswith(_ALONE))


def is_appeal(block: Block) -> bool:
    """Whether a line asks its readers to follow a site on a platform, or to name it a source they prefer."""
    if block.length >= _LONGEST:
        return False
    text = block.text.strip().lstrip(_BULLETS).casefold()
    if text.startswith(_PREFERS) and _SOURCE.search(text):
        return True
    follows = text.startswith(_FOLLOWS) or _LAST_WORDS.search(text[-30:])
    return bool(follows) and bool(_PLATFORM.search(text) or _SOURCE.search(text))
