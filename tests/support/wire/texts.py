"""Fictional news in six languages, and what becomes of it when newsrooms take over each other's texts."""

import random
import re
from pathlib import Path

from crawler.demo.content import read_sites

Text = tuple[str, ...]
"""Paragraphs."""

_FOLDER = Path(__file__).parent
_LEAST_WORDS = 120

PLACES = {
    "en": "Brennock Oskarra Calder Tillmouth Varnhall Eastmere Dunvale Korrigan Ashby Pellwick Marrow Stenhope",
    "fr": "Sarvane Louzac Brévigny Montferrand Azille Courtel Vaudémont Trézy Pontarcel Mérande Orsenne",
    "es": "Quiroga Almiña Peñarrubia Tarancal Villasol Ocumaré Lagunilla Sotomar Cardeña Urbasa Morazán",
    "ru": "Узмар Приозёрск Каменово Верхнеланск Стрелецк Осинник Талица Марьевка Лужино Бережки Кедровое",
    "ar": "الواحة المرجة القصبة تلرماد الريحان الزعفران السهلة البيضاء الغدير المنارة الرافعة",
    "zh": "长澜 青石 白鹭 普兰 石桥 梧桐 柳溪 枫林 云岭 河口 铁门",
}


def _split(text: str) -> Text:
    return tuple(paragraph.strip() for paragraph in text.strip().split("\n") if paragraph.strip())


def _stories() -> dict[str, list[Text]]:
    """The newsroom's articles of some length, and Chinese ones."""
    found: dict[str, list[Text]] = {}
    for site in read_sites():
        for story in site.stories:
            if not story.language and len(" ".join(story.paragraphs).split()) >= _LEAST_WORDS:
                found.setdefault(site.language, []).append(story.paragraphs)
    chinese = (_FOLDER / "chinese.txt").read_text(encoding="utf-8").split("===")
    return found | {"zh": [_split(text) for text in chinese]}


STORIES = _stories()
"""At least ten articles in each of six languages, by language."""


def one_event() -> list[tuple[Text, Text]]:
    """Pairs of articles by different hands about one event, which quote the same witness."""
    pairs = (_FOLDER / "one_event.txt").read_text(encoding="utf-8").split("==\n")
    return [
        (_split(one), _split(other))
        for one, other in (pair[3:].split("--\n") for pair in map(str.lstrip, pairs))
    ]


def bulletins(seed: int, each: int) -> list[list[Text]]:
    """Weather, war bulletins, markets and matches in six languages: `each` of every template."""
    rng = random.Random(seed)
    lines = (_FOLDER / "templates.txt").read_text(encoding="utf-8").splitlines()
    return [
        [(_fill(template, PLACES[head[:2]].split(), rng),) for _ in range(each)]
        for head, template in zip(lines[::2], lines[1::2], strict=True)
    ]


def forms(each: int) -> list[list[Text]]:
    """Daily notes in which only names change, in six languages: `each` of every form, with the names moved on."""
    lines = (_FOLDER / "forms.txt").read_text(encoding="utf-8").splitlines()
    return [
        [_with_names(form, PLACES[head[:2]].split()[number:]) for number in range(each)]
        for head, form in zip(lines[::2], lines[1::2], strict=True)
    ]


def _with_names(form: str, names: list[str]) -> Text:
    following = iter(names)
    return (re.sub("@", lambda _: next(following), form),)


def _fill(template: str, places: list[str], rng: random.Random) -> str:
    return re.sub(
        "[#@]", lambda slot: str(rng.randint(1, 25)) if slot[0] == "#" else rng.choice(places), template
    )


# --- what newsrooms do to a text --------------------------------------------------------------
def tokens(paragraph: str) -> list[str]:
    """Words with their spaces; in Chinese pairs of characters."""
    return re.findall(r"[\u3000-\u9fff]{1,2}|[^\u3000-\u9fff\s]+\s*|\s+", paragraph)


def cut(text: Text, share: float = 0.6) -> Text:
    """The first part of a text."""
    left = round(share * sum(len(tokens(paragraph)) for paragraph in text))
    kept = []
    for paragraph in text:
        kept.append("".join(tokens(paragraph)[: max(0, left)]).strip())
        left -= len(tokens(paragraph))
    return tuple(filter(None, kept))


def updated(text: Text, other: Text, share: float = 1 / 3) -> Text:
    """A text with a new beginning, a third as long as it was."""
    return (*cut(other, share * len("".join(text)) / len("".join(other))), *text)


def edited(text: Text, words: list[str], rng: random.Random, share: float = 0.08) -> Text:
    """A text of which some words are replaced by others."""
    return tuple(
        "".join(rng.choice(words) if rng.random() < share else token for token in tokens(paragraph)).strip()
        for paragraph in text
    )
