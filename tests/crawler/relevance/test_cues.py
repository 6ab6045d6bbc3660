"""Words of what is near war: found where they mean it, and not in words that only begin like them."""

import pytest

from crawler.relevance.features import find_mentions
from crawler.relevance.lexicon import OTHER, load_lexicon

LEXICON = load_lexicon()


def concepts(text: str) -> set[str]:
    return set(find_mentions(LEXICON, None, [text]).presence) & set(LEXICON.groups)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # trial
        ("A court in Vellamar sentenced the former guard to nine years in prison", "trial"),
        ("Le procureur de Brissac a requis dix ans de prison contre l'ancien gardien", "trial"),
        ("Das Landgericht Hohenau sprach die Angeklagte frei", "trial"),
        ("El tribunal de Almeral absolvió al antiguo guardia", "trial"),
        ("Суд в Велларе вынес приговор бывшему охраннику", "trial"),
        ("محكمة فيلامار تصدر حكمها على الحارس السابق", "trial"),
        ("Vellamar mahkemesi eski bekçiye müebbet hapis cezası verdi", "trial"),
        ("בית המשפט בוולמר גזר על השומר תשע שנות מאסר", "trial"),
        ("Mahakama ya Vellamar imemhukumu mlinzi wa zamani kifungo cha miaka tisa kwa hatia", "trial"),
        # memory
        ("Veterans laid wreaths at the war memorial of Oakmere", "memory"),
        ("In Hohenau erinnert ein Mahnmal an die Gefallenen", "memory"),
        ("A Vellara il sacrario ricorda i caduti, il sindaco ha deposto una corona d'alloro", "memory"),
        ("У Велларі вшанували хвилиною мовчання полеглих", "memory"),
        ("维拉城举行默哀仪式缅怀先人", "memory"),
        # exercise
        ("The navy of Ostrava Bay held joint drills with its neighbours", "exercise"),
        ("L'armée de Brissac participe à des manœuvres avec ses voisins", "exercise"),
        ("Флот провёл учения в заливе Велла", "exercise"),
        ("نفذت البحرية مناورات مشتركة قرب ميناء فيلا", "exercise"),
        ("Vellamar donanması tatbikat yaptı", "exercise"),
        ("维拉海军与邻国举行联合军演", "exercise"),
        ("ヴェラ海軍は隣国と合同演習を行った", "exercise"),
        # procurement
        ("Oakmere signs an arms deal for twelve jets", "procurement"),
        ("Vellamar compra doce aviones: el contrato incluye piezas y la entrega de armas", "procurement"),
        ("Оборонное ведомство Велла объявило тендер на грузовики", "procurement"),
        ("וולמר חתמה על עסקת נשק לרכישת מטוסים", "procurement"),
        # threat
        ("Oakmere warns of retaliation and says it would respond if attacked", "threat"),
        ("Brissac menace de fermer le détroit et adresse un ultimatum à ses voisins", "threat"),
        ("Vellamar könnte angreifen, warnt vor allem der Nachbar", "threat"),
        ("Вельмар пригрозил соседям и предъявил ультиматум", "threat"),
        ("فيلامار تهدد جيرانها وتلوح بالرد", "threat"),
        ("ولامار همسایگان را تهدید کرد و هشدار داد", "threat"),
        ("维拉发出最后通牒，扬言报复", "threat"),
        # diplomacy, humanitarian, frontline
        ("Envoys met for talks before the summit in Oakmere", "diplomacy"),
        ("Le ministre des Affaires étrangères reçoit les émissaires à Brissac", "diplomacy"),
        (
            "Balozi wa Vellamar na waziri wa mambo ya nje wa nchi hiyo wamekutana kwa mazungumzo ya amani",
            "diplomacy",
        ),
        ("An aid convoy of the Red Crescent reached the hungry town of Vell", "humanitarian"),
        ("قافلة مساعدات من الهلال الأحمر تصل إلى بلدة فيلا", "humanitarian"),
        ("Гуманитарный конвой привёз в Веллу медикаменты", "humanitarian"),
        ("Reinforcements reached the trenches east of Vell", "frontline"),
        ("Резервисты удерживают окопы на передовой", "frontline"),
        ("Verstärkungen erreichten die Schützengräben bei Hohenau", "frontline"),
        # figurative, satire
        ("A price war between supermarkets and a bombshell from the coach", "figurative"),
        ("Guerre des prix entre deux enseignes de Brissac", "figurative"),
        ("Preiskrieg der Discounter, und die Cyberangriffe gehen weiter", "figurative"),
        ("Batalha judicial pela herança e ataque cardíaco do tio", "figurative"),
        ("Ценовая война магазинов взорвала интернет", "figurative"),
        ("נוהל חדש אחרי מתקפת סייבר על העירייה", "figurative"),
        ("A satirical site joked on April Fools that the mayor had invaded the pond", "satire"),
        ("Une parodie et un poisson d'avril des humoristes de Brissac", "satire"),
        ("Сатирики пошутили о пруде", "satire"),
    ],
)
def test_a_cue_is_found_in_its_language(text: str, found: str) -> None:
    assert found in concepts(text)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Il y a du même bois dans les deux cabanes de la forêt", "satire"),
        ("Командир поэтому остался в селе, осадков не ждут", "sport fiction siege weather"),
        ("Ученики читают Пушкина, это судьба", "exercise shelling trial"),
        ("Командир погодився, стратегія проста, збитки малі", "sport weather assassination airdefence"),
        ("Birlikte olumlu bir sonuç kazandılar, ne oldu bilinmez", "troops killed accident"),
        ("Sakarya ihalesi bildirildi, ihanet yok", "satire drone diplomacy"),
        ("هجوم دیروز ادامه یافت و هوا سرد شد", "satire"),
        ("El robot leyó el capítulo de ayer en la feria", "crime siege"),
        ("O escritório abre cedo, faça sol ou faça frio na serra", "fiction crime"),
        ("In generale si parla ufficialmente di esercitazioni e di pace", "troops"),
        ("Wir haben das Gemüse gut geschützt und gewinnen Zeit, das lohnt sich", "shelling market labour"),
        ("コントロールをリストに加えた", "satire labour"),
    ],
)
def test_a_word_that_only_begins_or_folds_like_a_cue_is_none(text: str, missing: str) -> None:
    assert concepts(text).isdisjoint(missing.split())


@pytest.mark.parametrize(
    "text",
    [
        "Two killed in drone attack on Vellamar",
        "Shells hit a market in Vellamar as troops advanced on the town",
        "Deux soldats tués dans une embuscade près de Brissac",
        "Обстрел Веллы: погибли двое, артиллерия бьёт по городу",
        "مقتل جنديين في هجوم مسلح على حاجز قرب فيلا",
        "Vellamar'da iki asker pusuda şehit oldu",
        "Dos soldados muertos en una emboscada de la guerrilla en Almeral",
        "Due soldati uccisi in un'imboscata dei ribelli vicino a Vellara",
        "חמושים ירו לעבר חיילים סמוך לוולמר",
        "维拉城遭炮击，两名士兵身亡",
        "Zwei Soldaten bei Gefechten nahe Hohenau getötet",
    ],
)
def test_news_of_fighting_has_no_cue_of_other_subjects(text: str) -> None:
    assert [name for name in concepts(text) if LEXICON.groups[name] == OTHER] == []
