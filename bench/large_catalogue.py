"""A catalogue of as many invented articles as wanted, by bulk insert: what reports and exports are measured on."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Table, Update, func, insert, select, update

from crawler.catalogue.article_row import ArticleRow, row_of, stored_values
from crawler.database import schema
from crawler.database.catalogue import Catalogue
from crawler.fates import Fate
from crawler.items import Article, Decision, Discovery, Evidence, Relevance, UrlKind
from crawler.sources.registry import built_in

Columns = dict[str, object]

_WORDS = {
    "en": "army shelling near Aleppo killed soldiers convoy market harbour ministry said on Monday that",
    "ar": "قصف الجيش قرب حلب مقتل جنود قافلة سوق ميناء وزارة قالت يوم الاثنين إن",
    "ru": "армия обстрел под Алеппо погибли солдаты колонна рынок порт министерство сообщило в понедельник",
    "fr": "armée bombardement près d’Alep tués soldats convoi marché port ministère a déclaré lundi que",
    "zh": "军队 炮击 阿勒颇 附近 士兵 死亡 车队 市场 港口 部门 表示 星期一",
    "uk": "армія обстріл біля Бахмута загинули солдати колона ринок порт міністерство повідомило у понеділок",
}
_TERMS = (
    *("Aleppo", "shelling", "Bahmut", "قصف", "حلب", "обстрел", "Алеппо", "Khartoum", "Gaza", "Goma"),
    *("Sanaa", "Mariupol", "air strike", "ambush", "army", "militia"),
)
_FATES = (
    *((Fate.SAVED, 60), (Fate.UPDATED, 3), (Fate.LIVE_BLOG, 1), (Fate.OFF_TOPIC, 25), (Fate.DUPLICATE, 4)),
    *((Fate.SYNDICATED, 3), (Fate.REVIEW, 2), (Fate.UNDATED, 1), (Fate.TOO_SHORT, 1)),
)
_FAILURES = (
    *((Fate.HTTP_ERROR, "HTTP 503"), (Fate.GONE, "HTTP 404"), (Fate.TIMEOUT, "took longer than 60 s")),
    *((Fate.HTTP_ERROR, "HTTP 403"), (Fate.NETWORK_ERROR, "connection refused")),
)
RUNS, KINDS, AT_ONCE = 20, 5_000, 5_000


@dataclass(frozen=True, slots=True)
class _Kind:
    """A row that many articles have, but for their numbers; made once, since to make one takes a millisecond."""

    row: ArticleRow
    columns: Columns


def make_catalogue(folder: Path, articles: int, store_url: str = "") -> None:
    """Fill a new catalogue with articles of RUNS runs, and a third as many URLs that failed."""
    with closing(Catalogue.open(store_url, folder)) as catalogue:
        chance = random.Random(1)
        texts = {language: _texts(chance, words.split()) for language, words in _WORDS.items()}
        rows = [_article(chance, texts) for _ in range(KINDS)]
        kinds = [_Kind(row, stored_values(row)) for row in rows]
        _enter(catalogue, schema.run, (_run(number) for number in range(1, RUNS + 1)))
        for some in _some(1, articles):
            _enter_articles(catalogue, [(number, chance.choice(kinds)) for number in some], articles)
        for some in _some(articles + 1, articles + articles // 3):
            ends = [_failure(chance, number) for number in some]
            _enter(catalogue, schema.url, (url for url, _ in ends))
            _enter(catalogue, schema.visit, (visit for _, visit in ends))
        catalogue.write(lambda connection: connection.execute(_discovered()))


def _some(first: int, last: int) -> Iterator[range]:
    """The numbers, AT_ONCE at a time."""
    for start in range(first, last + 1, AT_ONCE):
        yield range(start, min(start + AT_ONCE, last + 1))


def _discovered() -> Update:
    visit = schema.visit.c
    count = select(func.count()).where(visit.run_id == schema.run.c.id).scalar_subquery()
    return update(schema.run).values(discovered=count + 500)


def _enter(catalogue: Catalogue, table: Table, rows: Iterator[Columns]) -> None:
    values = list(rows)
    catalogue.write(lambda connection: connection.execute(insert(table), values))


def _texts(chance: random.Random, words: Sequence[str]) -> list[str]:
    return ["\n\n".join(" ".join(chance.choices(words, k=60)) + "." for _ in range(6)) for _ in range(50)]


def _run(number: int) -> Columns:
    day = f"2026-03-{number:02}"
    return {
        "id": number,
        "spider": "news",
        "arguments": "{}",
        "software": "frontwire/0",
        "started": f"{day}T04:00:00.000000Z",
        "ended": f"{day}T05:30:00.000000Z",
        "reason": "finished",
        "exit_code": 0,
        "discovered": 0,
    }


def _enter_articles(catalogue: Catalogue, made: Sequence[tuple[int, _Kind]], articles: int) -> None:
    runs = {number: 1 + number * RUNS // (articles + 1) for number, _ in made}
    _enter(catalogue, schema.url, (_url(number, kind.row, runs[number]) for number, kind in made))
    _enter(catalogue, schema.capture, (_capture(number, runs[number]) for number, _ in made))
    _enter(catalogue, schema.visit, (_visit(number, runs[number], kind.row.fate) for number, kind in made))
    _enter(catalogue, schema.article, (_columns(number, kind, runs[number]) for number, kind in made))


def _article(chance: random.Random, texts: dict[str, list[str]]) -> ArticleRow:
    language = chance.choice(list(texts))
    [fate] = chance.choices([fate for fate, _ in _FATES], [weight for _, weight in _FATES])
    sources = built_in()
    source = sources[min(int(chance.expovariate(4) * len(sources)), len(sources) - 1)]
    month = f"20{chance.randint(21, 25)}-{chance.randint(1, 12):02}"
    made = Article(
        url=f"https://{source.id}.example/",
        paragraphs=tuple(chance.choice(texts[language]).split("\n\n")),
        evidence=Evidence(source=source.id, how=Discovery.FEED),
        extractor="frontwire/0",
        title=" ".join(chance.choices(_WORDS[language].split(), k=9)),
        language=language,
        month=None if fate is Fate.UNDATED else month,
        published=None if fate is Fate.UNDATED else f"{month}-{chance.randint(1, 28):02}T10:00:00+02:00",
        relevance=Relevance(
            *(chance.random(), True, chance.random(), True, 0.7, Decision.ACCEPT),
            tuple(chance.sample(_TERMS, 5)),
        ),
        silent_edit=chance.random() < 0.2 if fate is Fate.UPDATED else None,
    )
    return row_of(made, fate)


_COPIES = (Fate.DUPLICATE, Fate.SYNDICATED)
_HELD = (Fate.SAVED, Fate.UPDATED, Fate.LIVE_BLOG)


def _columns(number: int, kind: _Kind, run: int) -> Columns:
    row, digest = kind.row, hashlib.sha256(str(number).encode()).hexdigest()
    is_held, is_copy = row.fate in _HELD, row.fate in _COPIES
    first = number // 50 if is_copy else number
    return kind.columns | {
        "id": number,
        "url_id": number,
        "run_id": run,
        "capture_id": number,
        "title": f"{row.title} {number}",
        "duplicate_of": f"{row.url}{first}" if is_copy else None,
        "cluster": first.to_bytes(16) if is_held or is_copy else None,
        "file": f"{row.month}/{number:03}_{digest[:16]}.txt" if is_held else None,
        "number": number if is_held else None,
        "sha256": digest if is_held else None,
    }


def _url(number: int, row: ArticleRow, run: int) -> Columns:
    return _url_of(number, f"{row.url}{number}", row.source or "", run, str(row.fate))


def _url_of(number: int, url: str, source: str, run: int, fate: str) -> Columns:
    return {
        "id": number,
        "key": number.to_bytes(16),
        "url": url,
        "kind": str(UrlKind.ARTICLE),
        "source": source,
        "state": "done",
        "fate": fate,
        "evidence": "{}",
        "run_id": run,
    }


def _capture(number: int, run: int) -> Columns:
    return {
        "id": number,
        "url_id": number,
        "warc": f"news-{number // 5000:05}.warc.gz",
        "offset": number % 5000 * 9000,
        "length": 8000,
        "record_id": f"<urn:uuid:{number:032x}>",
        "payload_digest": "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
        "captured": f"2026-03-{run:02}T04:{number % 60:02}:00.000000Z",
    }


def _visit(number: int, run: int, fate: str, reason: str | None = None) -> Columns:
    return {"url_id": number, "run_id": run, "fate": str(fate), "reason": reason}


def _failure(chance: random.Random, number: int) -> tuple[Columns, Columns]:
    fate, reason = chance.choice(_FAILURES)
    source, run = chance.choice(built_in()).id, chance.randint(1, RUNS)
    url = _url_of(number, f"https://{source}.example/lost/{number}", source, run, str(fate))
    return url, _visit(number, run, str(fate), reason)
