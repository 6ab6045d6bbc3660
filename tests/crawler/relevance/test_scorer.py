import math

import pytest

from crawler.items import Decision
from crawler.relevance import Scorer, Topic
from crawler.relevance.conflict import load_model
from crawler.relevance.lexicon import all_terms, load_lexicon, load_tables
from crawler.relevance.related import names_in
from crawler.relevance.scorer import MAX_TERMS, Score
from crawler.relevance.term_tables import Tables
from crawler.relevance.topic import Thresholds
from crawler.settings import table

MODES = table["RELEVANCE_MODE"].choices
SEED = (
    "Des avions velliens ont mené trente frappes aériennes contre les djihadistes dans le désert du Tarn.",
    "La veille, une embuscade contre un convoi avait tué quatre soldats du régime à Ostrava.",
    "Selon l’Observatoire tarnien, les combattants se cachent dans des repaires du désert du Tarn.",
)

# Of each language: armed conflict, and something else in words that armies use too.
CONFLICT = {
    "ar": "قتل سبعة جنود في كمين نصبه مسلحون لقافلة عسكرية قرب فيلا، وردت القوات الحكومية بغارات جوية.",
    "de": "Bei Luftangriffen auf Stellungen der Rebellen nahe Vella wurden neun Soldaten der Armee getötet.",
    "en": "Rebels ambushed an army convoy near Vella and killed nine soldiers, and air strikes followed.",
    "es": "Los rebeldes tendieron una emboscada a un convoy del ejército en Vella: nueve soldados muertos.",
    "fa": "در حمله هوایی ارتش به مواضع شورشیان در نزدیکی ولا، نه سرباز کشته شدند.",
    "fr": "Des rebelles ont tendu une embuscade à un convoi de l’armée près de Vella : neuf soldats tués.",
    "he": "תשעה חיילים נהרגו במארב שהציבו מורדים ליד ולה, וחיל האוויר תקף את עמדות המחבלים.",
    "it": "I ribelli hanno teso un’imboscata a un convoglio dell’esercito a Vella: uccisi nove soldati.",
    "ja": "ヴェッラ近郊で反政府勢力が政府軍の車列を待ち伏せし、兵士9人が死亡した。空爆も続いている。",
    "pt": "Rebeldes fizeram uma emboscada a um comboio do exército perto de Vella e mataram nove soldados.",
    "ru": "Боевики устроили засаду на военную колонну близ Веллы: погибли девять солдат, идут бои.",
    "tr": "İsyancılar Vella yakınlarında ordu konvoyuna pusu kurdu, dokuz asker öldürüldü, çatışma sürüyor.",
    "uk": "Бойовики влаштували засідку біля Велли: загинули дев’ять солдатів, тривають обстріли.",
    "zh": "叛军在韦拉附近伏击政府军车队，九名士兵被打死，随后发生空袭。",
    "am": "አማፂዎች በቬላ አቅራቢያ በወታደሮች ኮንቮይ ላይ ደፈጣ አድርገው ዘጠኝ ወታደሮች ተገድለዋል፤ የአየር ጥቃትም ተፈጽሟል።",
    "ha": "Mayakan 'yan tawaye sun yi wa ayarin sojoji kwanton bauna a kusa da Vella, sun kashe sojoji tara.",
    "my": "ဗဲလာမြို့အနီးတွင် စစ်တပ်ယာဉ်တန်းကို သူပုန်များက ခြုံခိုတိုက်ခိုက်ရာ စစ်သား ၉ ဦး သေဆုံးပြီး လေကြောင်းတိုက်ခိုက်မှု ဖြစ်ပွားသည်။",
    "ps": "وسلوالو د ویلا په څنډه کې د پوځ پر کاروان کمین ونیو او نهه سرتېري یې ووژل، هوايي بریدونه هم شوي دي.",
    "so": "Fallaagada ayaa weerar gaadmo ah ku qaaday kolonyo ciidan, waxaana la dilay sagaal askari.",
    "sw": "Waasi waliushambulia msafara wa jeshi kwa kuvizia karibu na Vella na wanajeshi tisa waliuawa.",
}
OTHER = {
    "ar": "فاز منتخب فيلا بالمباراة بعد هجوم سريع، وقال المدرب إن اللاعبين استحقوا بطولة الدوري.",
    "de": "Der Trainer von Vella war zufrieden: Der Angriff traf dreimal, die Meisterschaft ist nah.",
    "en": "The coach of Vella praised the attack after the match: three goals, and the league title is near.",
    "es": "El entrenador del Vella elogió el ataque tras el partido: tres goles y la liga más cerca.",
    "fa": "سرمربی ولا پس از مسابقه از حمله تیم تعریف کرد: سه گل و جام جهانی نزدیک است.",
    "fr": "L’entraîneur de Vella a salué son attaque après le match : trois buts, le championnat est proche.",
    "he": "המאמן של ולה שיבח את ההתקפה אחרי המשחק: שלושה שערים, והליגה קרובה.",
    "it": "L’allenatore del Vella ha lodato l’attacco: tre gol e il campionato è vicino.",
    "ja": "ヴェッラの監督は試合後に攻撃を称賛した。リーグ優勝は近い。",
    "pt": "O treinador do Vella elogiou o ataque: três gols, e o campeonato está perto.",
    "ru": "Тренер Веллы похвалил атаку после матча: три гола, чемпионат уже близко.",
    "tr": "Vella’nın teknik direktörü maçtan sonra hücumu övdü: üç gol, şampiyonluk yakın.",
    "uk": "Тренер Велли похвалив атаку після матчу: три голи, чемпіонат уже близько.",
    "zh": "韦拉教练在比赛后称赞进攻，联赛冠军近在眼前。",
    "am": "የቬላ አሰልጣኝ ከጨዋታው በኋላ የማጥቃት ክፍሉን አመሰገነ፤ ሶስት ጎል ተቆጥሮ ሊጉን ለማሸነፍ ተቃርበዋል።",
    "ha": "Kocin Vella ya yaba wa 'yan wasan gaba bayan wasan kwallon kafa: an ci kwallo uku a gasar.",
    "my": "ဗဲလာအသင်းနည်းပြက ပွဲစဉ်အပြီး တိုက်စစ်ကို ချီးကျူးသည်။ ဘောလုံးဖလား နီးလာပြီ။",
    "ps": "د ویلا روزونکي له لوبې وروسته د لوبډلې برید وستایه: درې ګولونه او د فوټبال جام نږدې دی.",
    "so": "Tababaraha kooxda Vella ayaa ammaanay weerarka kadib ciyaarta kubadda cagta: saddex gool iyo horyaalka.",
    "sw": "Kocha wa Vella aliisifu safu ya ushambuliaji baada ya mechi ya soka: mabao matatu katika ligi.",
}


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    return Scorer.from_seeds([SEED])


@pytest.mark.parametrize("language", CONFLICT)
def test_armed_conflict_is_distinguished_from_sport_in_every_language(scorer: Scorer, language: str) -> None:
    conflict, other = scorer.score(None, (CONFLICT[language],)), scorer.score(None, (OTHER[language],))
    assert conflict.conflict_accept, conflict
    assert not other.conflict_accept, other


@pytest.mark.parametrize(
    "text",
    [
        "The union said the strike at the port of Vella would go on, as members rejected the pay offer.",
        "Der Film zeigt den Krieg um Vella; die Schauspieler drehten die Schlacht in einem Studio.",
        "La guerre des prix entre supermarchés fait chuter la bourse de Vella, disent les actionnaires.",
        "Холодный фронт принесёт в Веллу штормовой ветер и дожди, сообщили синоптики.",
        "Er war in Vella und war mit dem Besuch zufrieden, denn das Wetter war schön.",
    ],
)
def test_strikes_films_markets_and_weather_are_no_conflict(scorer: Scorer, text: str) -> None:
    assert not scorer.score(None, (text,)).conflict_accept


def test_likeness_to_the_seed_is_graded_by_concepts_and_by_names(scorer: Scorer) -> None:
    same_names = scorer.score(
        None, ("Thirty air strikes hit jihadists in the desert of Tarn after an ambush.",)
    )
    same_concepts = scorer.score(None, ("Thirty air strikes hit jihadists in a desert after an ambush.",))
    other_concepts = scorer.score(
        None, ("The junta of Ostia seized power in a military coup and closed the port.",)
    )
    unrelated = scorer.score(None, ("The council of Vella opened a library and two gardens.",))
    scores = [score.related for score in (same_names, same_concepts, other_concepts, unrelated)]
    assert scores == sorted(scores, reverse=True)
    assert same_concepts.related_accept
    assert not other_concepts.related_accept
    assert unrelated.related == 0.0


def test_the_seed_that_is_most_like_a_text_counts() -> None:
    coup = ("The junta of Ostia seized power in a military coup.",)
    text = ("Officers announced a coup; the junta closed the borders.",)
    one, both = Scorer.from_seeds([coup]), Scorer.from_seeds([SEED, coup])
    assert both.score(None, text).related >= one.score(None, text).related > 0.3


def test_the_mode_says_which_score_decides() -> None:
    related = ("Air strikes hit jihadists in the desert of Tarn after an ambush.",)
    conflict_only = ("The junta of Ostia seized power in a military coup, and soldiers shelled the port.",)
    neither = ("The council of Vella opened a library.",)
    accepted = {
        mode: [
            Scorer.from_seeds([SEED], mode).score(None, text).accept
            for text in (related, conflict_only, neither)
        ]
        for mode in MODES
    }
    assert accepted == {
        "both": [True, False, False],
        "conflict": [True, True, False],
        "related": [True, False, False],
        "off": [True, True, True],
    }


def test_thresholds_are_the_callers_choice() -> None:
    text = (CONFLICT["en"],)
    strict = Scorer.from_seeds([SEED], topic=Topic(Thresholds(1.0, 1.0, 1.0, 1.0))).score(None, text)
    lenient = Scorer.from_seeds([SEED], topic=Topic(Thresholds(0.0, 0.0, 0.0, 0.0))).score(None, text)
    assert (strict.accept, lenient.accept) == (False, True)
    assert strict.conflict == lenient.conflict


def test_the_headline_weighs_more_than_the_text(scorer: Scorer) -> None:
    violent, quiet = "Ambush near Vella", "The mayor of Vella spoke to reporters"
    assert scorer.score(violent, (quiet,)).conflict > scorer.score(quiet, (violent,)).conflict


def test_a_mention_in_passing_weighs_less_in_a_long_text(scorer: Scorer) -> None:
    mention = "His father had been a soldier in an air raid."
    filler = "The garden behind the library has apple trees and a pond with old fish. " * 60
    assert scorer.score(None, (mention, filler)).conflict < scorer.score(None, (mention,)).conflict


def test_terms_are_given_as_written_and_strongest_first(scorer: Scorer) -> None:
    terms = scorer.score("Luftangriffe auf Vella", ("Die Armee meldete Tote.",)).terms
    assert terms[0] == "Luftangriffe"
    assert scorer.score("Armee meldet Tote durch Luftangriffe", ("",)).terms[0] == "Luftangriffe"
    assert {"Armee", "Tote"} <= set(terms)
    every_concept = " and ".join(term.text.rstrip("*") for term in all_terms() if term.language == "en")
    assert len(scorer.score(None, (every_concept,)).terms) == MAX_TERMS


def test_reasons_add_up_to_the_scores(scorer: Scorer) -> None:
    found = scorer.score("Ambush near Vella", (CONFLICT["en"],))
    evidence = sum(reason.conflict for reason in found.reasons)
    assert 1 / (1 + math.exp(-evidence)) == pytest.approx(found.conflict, abs=0.01)
    assert sum(reason.related for reason in found.reasons) == pytest.approx(found.related, abs=0.01)
    assert ("ambush", "Ambush") in [(reason.name, reason.seen) for reason in found.reasons]
    assert found.reasons[0].name == "bias"


def test_between_the_thresholds_a_person_decides(scorer: Scorer) -> None:
    text = (CONFLICT["en"],)
    score = scorer.score(None, text)
    below, above = score.related - 0.01, score.related + 0.01
    decisions = {
        limits: Scorer.from_seeds([SEED], topic=Topic(Thresholds(0.5, 0.35, *limits))).score(None, text)
        for limits in ((below, 0.0), (above, below), (above, above))
    }
    assert [each.decision for each in decisions.values()] == [
        Decision.ACCEPT,
        Decision.REVIEW,
        Decision.REFUSE,
    ]
    assert [each.score >= 0.5 for each in decisions.values()] == [True, False, False]


def test_an_ambush_of_another_war_is_less_alike(scorer: Scorer) -> None:
    text = "Thirty air strikes hit jihadists in a desert after an ambush{}."
    here, elsewhere = (
        scorer.score(None, (text.format(where),)) for where in ("", " near Gao region and Kidal")
    )
    assert elsewhere.related < here.related


def test_a_word_of_another_language_in_the_same_script_is_none(scorer: Scorer) -> None:
    paper = "قال المعلم إن ورقة من البريد وصلت إلى المدرسة في هذا الأسبوع."
    assert scorer.score(None, (paper,)).terms == ()


def test_an_empty_text_is_about_nothing(scorer: Scorer) -> None:
    score = scorer.score("", ())
    assert (score.accept, score.related, score.terms) == (False, 0.0, ())


def test_names_are_the_words_that_always_have_a_capital() -> None:
    assert names_in(SEED) == ["Tarn", "Ostrava"]
    assert names_in(("Der General von Vella sprach mit Soldaten am Hafen vor dem Angriff der Armee.",)) == []


@pytest.mark.parametrize(
    ("score", "decision", "scaled"),
    [
        (0.0, Decision.REFUSE, 0.0),
        (0.2999, Decision.REFUSE, 0.2499),
        (0.3, Decision.REVIEW, 0.25),
        (0.5999, Decision.REVIEW, 0.4999),
        (0.6, Decision.ACCEPT, 0.5),
        (0.8, Decision.ACCEPT, 0.75),
        (1.0, Decision.ACCEPT, 1.0),
    ],
)
def test_a_score_of_the_threshold_is_accepted_and_one_of_the_limit_for_review_looked_at(
    score: float, decision: Decision, scaled: float
) -> None:
    judgement = Score(score, 0.6, 0.3)
    assert judgement.decision is decision
    assert judgement.scaled == pytest.approx(scaled, abs=1e-4)


def test_the_highest_threshold_accepts_what_matches_perfectly() -> None:
    assert Score(1.0, 1.0, 0.5).scaled == 1.0
    assert Score(1.0, 1.0, 0.5).decision is Decision.ACCEPT
    assert Score(0.5, 1.0, 0.5).decision is Decision.REVIEW


def test_the_lowest_threshold_accepts_everything() -> None:
    assert Score(0.0, 0.0, 0.0).scaled == 0.5
    assert Score(0.0, 0.0, 0.0).decision is Decision.ACCEPT


def test_the_word_lists_are_read_once_and_only_to_score(monkeypatch: pytest.MonkeyPatch) -> None:
    lexicon = load_lexicon.__wrapped__()
    made: list[Tables] = []

    def recorded() -> Tables:
        made.append(load_tables())
        return made[-1]

    monkeypatch.setattr(lexicon.index, "_make", recorded)
    scorers = [Scorer([SEED], lexicon, load_model({}), Thresholds(), mode) for mode in MODES]
    assert made == []
    for scorer in scorers:
        scorer.score(None, SEED)
    assert len(made) == 1


@pytest.mark.parametrize(("others", "is_told"), [(3, False), (4, False), (5, True)])
def test_where_a_fifth_of_the_words_has_capitals_they_are_not_names(others: int, is_told: bool) -> None:
    words = " ".join(f"word{'abcdefg'[number]}" for number in range(others))
    assert names_in([f"A Varosk {words}"]) == (["Varosk"] if is_told else [])
