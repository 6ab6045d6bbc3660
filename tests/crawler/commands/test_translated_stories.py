"""News that is told in two languages is one story, by what the sentence encoder makes of it, and in every replay."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from crawler.relevance.encoder import find_encoder
from tests.support.commands import call
from tests.support.crawls import run_crawl
from tests.support.hostile_site import http
from tests.support.rebuilds import rebuild_here
from tests.support.warcs import news

BRIDGE_EN = """Veldish rockets hit the railway bridge of Tolm
Rockets fired from the Veldish bank destroyed the railway bridge of Tolm on Tuesday and killed four workers.
Trains with grain for the besieged towns cannot cross the Orla any more, said the engineer Mara Tellin.
The Veldish army said that it had aimed at a train with ammunition, which the railway denies."""
BRIDGE_FR = """Des roquettes veldiennes détruisent le pont ferroviaire de Tolm
Des roquettes tirées de la rive veldienne ont détruit mardi le pont ferroviaire de Tolm et tué quatre ouvriers.
Les trains de céréales destinés aux villes assiégées ne peuvent plus franchir l'Orla, selon l'ingénieure Mara Tellin.
L'armée veldienne affirme avoir visé un train de munitions, ce que dément la compagnie des chemins de fer."""
PRISONERS_EN = """Both sides of the Orla war exchange ninety prisoners
Ninety soldiers came home on Tuesday in the first exchange of prisoners since the siege of Marisol began.
Buses brought them to a bridge that the Red Cross had marked, and mothers waited there from the early morning.
Another exchange is planned before winter if both governments agree on the names of the wounded."""
HARVEST_FR = """Au marché de Marisol, le pain coûte trois fois plus cher qu'avant la guerre
Les boulangers de Marisol rationnent la farine depuis que les routes du nord sont coupées par les combats.
Une famille reçoit deux pains par semaine, et les plus pauvres dépendent des cuisines de la paroisse.
Le maire demande un couloir humanitaire, que les deux armées promettent depuis un mois sans l'ouvrir."""
BRIDGE, PONT, PRISONERS, HARVEST = (
    f"https://{site}.example/news" for site in ("tolm", "marisol", "calder", "veld")
)
SITES = {BRIDGE: ("en", BRIDGE_EN), HARVEST: ("fr", HARVEST_FR), PRISONERS: ("en", PRISONERS_EN)}
SITES |= {PONT: ("fr", BRIDGE_FR)}
SETTINGS: dict[str, Any] = {"RELEVANCE_MODE": "off", "RELEVANCE_ENCODER": True, "EXTRACTION_WORKERS": 1}
SETTINGS |= {"EXTRACTION_TIMEOUT_S": 240}  # on a busy machine the encoder takes long to load


def page(language: str, text: str) -> bytes:
    title, *paragraphs = text.splitlines()
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    head = (
        f'<title>{title}</title><meta property="article:published_time" content="2021-01-19T10:00:00+00:00">'
    )
    written = f"<html lang={language}><head>{head}</head><body><article><h1>{title}</h1>{body}</article></body></html>"
    return http(written.encode(), "text/html; charset=utf-8").data


def replay(archive: Path, data: Path) -> Path:
    imported: dict[str, Any] = {"path": str(archive), "import": "1"}
    run_crawl("replay", {"DATA_DIR": str(data), **SETTINGS}, **imported)
    return data


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if find_encoder() is None:
        pytest.skip("needs the extra `encoder`")
    made = news(0)
    for url, (language, text) in SITES.items():
        made.exchange(url, page(language, text))
    folder = tmp_path_factory.mktemp("translations")
    return replay(made.save(folder / "archive.warc.gz"), folder / "data")


def relations(data: Path, out: Path) -> dict[str, tuple[str | None, str | None]]:
    """What each article is to which other one."""
    assert call("export", "--output", str(out), DATA_DIR=str(data)) == 0
    rows = map(json.loads, out.read_text(encoding="utf-8").splitlines())
    return {row["url"]: (row["relation"], row["relates_to"]) for row in rows}


ALONE = (None, None)
LINKED = {BRIDGE: ALONE, HARVEST: ALONE, PRISONERS: ALONE, PONT: ("translation", BRIDGE)}


def test_a_translation_is_in_the_corpus_and_linked(replayed: Path, tmp_path: Path) -> None:
    assert relations(replayed, tmp_path / "all.jsonl") == LINKED


def test_a_translation_is_explained(replayed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("explain", PONT, DATA_DIR=str(replayed)) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert f"story translates {BRIDGE}" in shown
    assert "2 pages" in shown


def test_derived_again_and_rebuilt_it_is_the_same(
    replayed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = shutil.copytree(replayed, tmp_path / "data")
    assert call("rederive", "--apply", DATA_DIR=str(data), **SETTINGS) == 0
    assert relations(data, tmp_path / "derived.jsonl") == LINKED
    for file in data.glob("catalogue.sqlite*"):
        file.unlink()
    monkeypatch.setattr("crawler.audit.rebuilding._replay", rebuild_here)
    assert call("store", "rebuild", DATA_DIR=str(data), **SETTINGS) == 0
    assert relations(data, tmp_path / "rebuilt.jsonl") == LINKED
