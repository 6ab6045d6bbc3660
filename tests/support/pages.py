"""Fictional pages: the same story of a bridge in six languages, in the dress that news sites give it."""

from datetime import UTC, datetime

from crawler.extraction.page import Page, read_page
from crawler.items import Evidence, RawPage

CAPTURED = datetime(2021, 3, 15, 12, tzinfo=UTC)
URL = "https://news.example/world/bridge-of-varosk"

STORIES: dict[str, dict[str, str | tuple[str, ...]]] = {
    "en": {
        "title": "Bridge of Varosk falls after night of shelling",
        "story": (
            "The old bridge of Varosk collapsed on Monday after a night of shelling, the mayor of the town said, and"
            " the only road to the northern villages is closed.",
            "Nobody was hurt, because the army of Ostrava Republic had closed the bridge to traffic on Saturday, when"
            " the first shells fell on the western bank.",
            "“We heard three explosions, and then the river was full of stones,” said Mirela Donat, a baker who lives"
            " a hundred metres from the bridge.",
            "Engineers will look at the remaining pillars this week, and the ministry has promised a ferry for people"
            " who need a doctor or want to reach the market.",
        ),
        "caption": "The bridge in happier days, seen from the mill. Photo: A. Veld",
        "also": "Read also: Villages without power for a third day",
        "share": "Share this article",
        "newsletter": "Subscribe to our newsletter and get the news of the day in your inbox",
    },
    "fr": {
        "title": "Le pont de Varosk s’effondre après une nuit de bombardements",
        "story": (
            "Le vieux pont de Varosk s’est effondré lundi après une nuit de bombardements, a annoncé la maire de la"
            " ville, et la seule route vers les villages du nord est fermée.",
            "Personne n’a été blessé, car l’armée avait interdit le pont à la circulation dès samedi, quand les"
            " premiers obus sont tombés sur la rive occidentale.",
            "« Nous avons entendu trois explosions, puis la rivière était pleine de pierres », raconte Mirela Donat,"
            " une boulangère qui habite à cent mètres du pont.",
            "Des ingénieurs examineront les piliers restants cette semaine, et le ministère a promis un bac pour les"
            " habitants qui doivent voir un médecin ou rejoindre le marché.",
        ),
        "caption": "Le pont en des jours meilleurs, vu du moulin. Crédit photo : A. Veld",
        "also": "Lire aussi : Les villages privés d’électricité pour le troisième jour",
        "share": "Partager cet article",
        "newsletter": "Inscrivez-vous à notre lettre pour recevoir chaque matin les nouvelles du jour",
    },
    "es": {
        "title": "El puente de Varosk se derrumba tras una noche de bombardeos",
        "story": (
            "El viejo puente de Varosk se derrumbó el lunes tras una noche de bombardeos, informó la alcaldesa de la"
            " ciudad, y la única carretera hacia los pueblos del norte está cerrada.",
            "Nadie resultó herido, porque el ejército había cerrado el puente al tráfico el sábado, cuando los"
            " primeros proyectiles cayeron en la orilla occidental.",
            "«Oímos tres explosiones y después el río estaba lleno de piedras», contó Mirela Donat, una panadera que"
            " vive a cien metros del puente.",
            "Los ingenieros examinarán esta semana los pilares que quedan, y el ministerio prometió una balsa para"
            " quienes necesiten un médico o quieran llegar al mercado.",
        ),
        "caption": "El puente en días mejores, visto desde el molino. Foto: A. Veld",
        "also": "Lea también: Los pueblos cumplen tres días sin luz",
        "share": "Compartir este artículo",
        "newsletter": "Suscríbete a nuestro boletín y recibe las noticias del día en tu correo",
    },
    "ru": {
        "title": "Мост в Вароске рухнул после ночного обстрела",
        "story": (
            "Старый мост в Вароске обрушился в понедельник после ночного обстрела, сообщила мэр города, и"
            " единственная дорога в северные деревни закрыта.",
            "Никто не пострадал, поскольку армия закрыла мост для движения ещё в субботу, когда первые снаряды"
            " упали на западный берег реки.",
            "«Мы услышали три взрыва, а потом река была полна камней», — рассказала пекарь Мирела Донат, которая"
            " живёт в ста метрах от моста.",
            "Инженеры осмотрят оставшиеся опоры на этой неделе, а министерство обещало паром для тех, кому нужен"
            " врач или кто хочет попасть на рынок.",
        ),
        "caption": "Мост в лучшие дни, вид от мельницы. Фото: А. Вельд",
        "also": "Читайте также: Деревни третий день без света",
        "share": "Поделиться статьёй",
        "newsletter": "Подпишитесь на нашу рассылку, чтобы получать главные новости дня на почту",
    },
    "ar": {
        "title": "انهيار جسر فاروسك بعد ليلة من القصف",
        "story": (
            "انهار جسر فاروسك القديم يوم الاثنين بعد ليلة من القصف، كما أعلنت رئيسة بلدية المدينة، وأغلق الطريق"
            " الوحيد المؤدي إلى القرى الشمالية.",
            "ولم يصب أحد بأذى، لأن الجيش كان قد أغلق الجسر أمام حركة المرور يوم السبت، عندما سقطت القذائف الأولى"
            " على الضفة الغربية من النهر.",
            "وقالت ميريلا دونات، وهي خبازة تعيش على بعد مئة متر من الجسر: «سمعنا ثلاثة انفجارات، ثم امتلأ النهر"
            " بالحجارة».",
            "وسيفحص المهندسون الأعمدة المتبقية هذا الأسبوع، ووعدت الوزارة بتوفير عبّارة للسكان الذين يحتاجون إلى"
            " طبيب أو يريدون الوصول إلى السوق.",
        ),
        "caption": "الجسر في أيام أفضل كما يبدو من الطاحونة. صورة: أ. فيلد",
        "also": "اقرأ أيضا: القرى بلا كهرباء لليوم الثالث",
        "share": "مشاركة المقال",
        "newsletter": "اشترك في نشرتنا البريدية لتصلك أخبار اليوم كل صباح",
    },
    "zh": {
        "title": "瓦罗斯克大桥在一夜炮击后坍塌",
        "story": (
            "瓦罗斯克市长表示，该市的老桥在一夜炮击之后于星期一坍塌，通往北部村庄的唯一道路已经关闭，居民只能绕道山路。",
            "由于军队早在星期六就封闭了大桥，禁止车辆通行，因此没有人员伤亡，当时第一批炮弹落在河的西岸，引起几处火灾。",
            "住在距离大桥一百米处的面包师米蕾拉·多纳特说：“我们听到三声爆炸，然后河里全是石头，大家都跑到街上来了。”",
            "工程师将在本周检查剩余的桥墩，政府部门承诺为需要看病或者前往市场的居民提供渡船，首班渡船预计星期四开出。",
        ),
        "caption": "从磨坊看到的昔日大桥。图片来源：维尔德",
        "also": "相关阅读：村庄停电进入第三天",
        "share": "分享到",
        "newsletter": "关注我们的公众号，获取每日要闻",
    },
}


def raw_page(
    body: str | bytes,
    url: str = URL,
    headers: dict[str, str] | None = None,
    evidence: Evidence | None = None,
    captured: datetime = CAPTURED,
) -> RawPage:
    """An archived answer; text is sent as UTF-8."""
    content = body.encode() if isinstance(body, str) else body
    return RawPage(url, content, headers or {"content-type": "text/html"}, captured, evidence or Evidence())


def parsed_page(body: str, url: str = URL, evidence: Evidence | None = None) -> Page:
    """The same, parsed."""
    page = read_page(raw_page(body, url, evidence=evidence))
    assert page is not None
    return page


def story(language: str = "en") -> tuple[str, ...]:
    """The paragraphs of the story."""
    paragraphs = STORIES[language]["story"]
    assert isinstance(paragraphs, tuple)
    return paragraphs


def text(language: str, part: str) -> str:
    """Another text of the page: title, caption, also, share, newsletter."""
    value = STORIES[language][part]
    assert isinstance(value, str)
    return value


def news_page(language: str = "en", *, body: str | None = None, head: str = "") -> str:
    """A whole page around the story, with all that does not belong to it."""
    first, *others = (f"<p>{paragraph}</p>" for paragraph in story(language))
    also = f'<div class="related"><a href="/power">{text(language, "also")}</a></div>'
    share = f'<div class="share-bar"><a href="#">{text(language, "share")}</a></div>'
    menu = "".join(f'<li><a href="/{number}">Section {number}</a></li>' for number in range(12))
    return f"""<!DOCTYPE html><html lang="{language}"><head><title>{text(language, "title")} - The Example</title>
<meta property="og:title" content="{text(language, "title")}">{head}</head><body>
<header><div class="logo">The Example</div><ul class="menu">{menu}</ul></header>
<main><article><h1>{text(language, "title")}</h1><p class="byline">Ana Veld</p>{share}
<figure><img src="bridge.jpg"><figcaption>{text(language, "caption")}</figcaption></figure>
<div class="article-body">{body or first + also + "".join(others)}</div>
<div class="newsletter-signup"><p>{text(language, "newsletter")}</p></div></article>
<aside class="sidebar"><h3>Most read</h3><ul>{menu}</ul></aside></main>
<footer><p>© 2009-2019 The Example. All rights reserved.</p></footer></body></html>"""
