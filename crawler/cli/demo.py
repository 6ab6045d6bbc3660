"""The main job from crawl to proof, on our own newsroom."""

import argparse
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text
from scrapy.settings import BaseSettings
from scrapy.utils.conf import closest_scrapy_cfg

from archive.checks.findings import Checked, Finding
from archive.evidence.signing import read_or_make_key
from crawler.audit.catalogue_check import check_catalogue
from crawler.audit.comparison import Comparison
from crawler.audit.verification import check_archive, findings_of
from crawler.catalogue.tallies import fates_of_all
from crawler.cli.base import no_arguments_left
from crawler.cli.console import open_console, printable, say
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.demo import Newsroom
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.fates import IN_CORPUS
from crawler.own_process import QUIET, scrapy_command


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Crawl fictional news sites on this machine, archive, replay and check them."""
    no_arguments_left(args, 0)
    console, folder = open_console(), _empty_folder(DataDir.of(settings))
    live, replayed = DataDir.at(folder / "live"), DataDir.at(folder / "replayed")
    seeds = f"seeds={find_seeds(settings)}"
    console.print("[bold]1[/] Crawling five fictional news sites on this machine …")
    with Newsroom() as newsroom:
        registry = folder / "newsroom.toml"
        newsroom.write_registry(registry)
        key_id = crawl(["news", "-a", f"sources={registry}", "-a", seeds], live, has_report=True)
    console.print("[bold]2[/] The sites are switched off. Replaying the archive …")
    crawl(["replay", "-a", f"path={live.archive}", "-a", seeds], replayed)
    console.print("[bold]3[/] Verifying archive, catalogue and corpus, each against the others …\n")
    with (
        closing(Catalogue.open("", live.path)) as catalogue,
        closing(Catalogue.open("", replayed.path)) as again,
    ):
        fates = fates_of_all(catalogue)
        print_fates(fates, console)
        faults = [*compare(live.corpus, replayed.corpus), *verify(catalogue, again, live, key_id)]
    print_places(live, replayed, fates, console)
    for fault in faults:
        console.print(Text(printable(fault), "bold red"))
    if not faults:
        console.print(
            "[bold green]Every article was derived again from its archived bytes, byte for byte.[/]"
        )
    say(next_steps(live, key_id))
    return FAILED if faults else OK


def find_seeds(settings: BaseSettings) -> Path:
    """The folder of the seed documents: here, else beside `scrapy.cfg`, in a folder above."""
    folder, project = Path(settings["SEEDS_DIR"]), closest_scrapy_cfg()
    return folder if folder.is_dir() or not project else Path(project).parent / folder


def _empty_folder(data_dir: DataDir) -> Path:
    folder = data_dir.path / "demo"
    try:
        if folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    except OSError as error:
        raise OperatorError(
            f"Cannot make {folder}: {error.strerror}. Give another folder with -s DATA_DIR=FOLDER.", STORAGE
        ) from None
    return folder


def crawl(arguments: list[str], data_dir: DataDir, has_report: bool = False) -> str:
    """Run `scrapy crawl` as an operator would, warnings and errors visible; the id of the key that signed.

    The key is thrown away: the demo's archive is no evidence of the user's.
    """
    with TemporaryDirectory() as keys:
        key = Path(keys, "signing-key.pem")
        _run_scrapy(arguments, {"DATA_DIR": data_dir.path, "ARCHIVE_SIGNING_KEY": key, "REPORT": has_report})
        return read_or_make_key(key).id


def _run_scrapy(arguments: list[str], given: Mapping[str, object]) -> None:
    command = scrapy_command("crawl", *arguments, *scrapy_options(given))
    finished = subprocess.run(command, check=False, env={**os.environ, "PYTHONWARNINGS": "ignore"})
    if finished.returncode:
        raise OperatorError(f"The crawl ended with exit code {finished.returncode}: see above.", FAILED)


def scrapy_options(given: Mapping[str, object]) -> list[str]:
    """The settings of a crawl of the newsroom; the operator's own archive and database are left alone."""
    settings = {
        **QUIET,
        **dict.fromkeys(("ARCHIVE_DIR", "STORE_URL", "REPLAY_FROM"), ""),
        "OPERATOR": "Frontwire demo, demo@newsroom.example",
        "ADDRESS_GUARD_ALLOW": "127.0.0.1",
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
        "LOG_LEVEL": "WARNING",
        **given,
    }
    return [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]


def corpus_files(corpus: Path) -> dict[str, bytes]:
    """The content of every seed file of a corpus, by its path."""
    return {str(file.relative_to(corpus)): file.read_bytes() for file in sorted(corpus.rglob("[0-9]*.txt"))}


def compare(one: Path, other: Path) -> Iterator[str]:
    """A sentence for each seed file in which two corpora differ, and one if there is no file at all."""
    first, second = corpus_files(one), corpus_files(other)
    if not first:
        yield f"No article in {one}: the demo should find some."
    for name in sorted(first.keys() | second.keys()):
        if first.get(name) != second.get(name):
            yield f"{name} differs between {one} and {other}."


def verify(catalogue: Catalogue, again: Catalogue, data_dir: DataDir, key_id: str) -> list[str]:
    """A sentence for everything that `scrapy verify` would find; `again` is the catalogue of a replay."""
    found: list[Finding] = []
    check_archive(catalogue, data_dir, Checked(), found.append, key_id)
    report = check_catalogue(catalogue, data_dir, found.append)
    found += findings_of(Comparison(catalogue, again, report.is_out_of_reach).run())
    return [finding.sentence for finding in found]


def print_fates(fates: Mapping[str, int], console: Console) -> None:
    console.print("How every URL of the crawl ended:")
    table = Table("fate", "URLs", box=box.SIMPLE)
    for fate, count in sorted(fates.items(), key=lambda pair: (-pair[1], pair[0])):
        table.add_row(fate, str(count))
    console.print(table)


def print_places(live: DataDir, replayed: DataDir, fates: Mapping[str, int], console: Console) -> None:
    held = [f"{fates[fate]} {fate}" for fate in sorted(IN_CORPUS, reverse=True) if fates.get(fate)]
    console.print(f"\n{len(corpus_files(live.corpus))} articles:  {live.corpus} ({', '.join(held)})")
    console.print(f"WARC files:   {live.archive}")
    console.print(f"catalogue:    {live.catalogue}")
    console.print(f"the replay:   {replayed.corpus}")
    console.print(f"the report:   {live.reports / 'latest.html'}")


def next_steps(live: DataDir, key_id: str) -> list[str]:
    """What to do with what came in, ready to be pasted."""
    example = next(iter(corpus_files(live.corpus)), None)
    steps = ["browse", *([f"trace {live.corpus / example}"] if example else []), f"verify --key {key_id}"]
    return [
        "",
        "Next: read it in a browser, look into one article, check it all again:",
        *(f"  scrapy {step} -s DATA_DIR={live}" for step in steps),
    ]
