"""A crawl from the checks before its start to its exit code."""

import logging
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager
from importlib import import_module
from pathlib import Path

from scrapy import Spider
from scrapy.crawler import Crawler, CrawlerProcessBase
from scrapy.settings import SETTINGS_PRIORITIES, BaseSettings
from w3lib.url import file_uri_to_path

from archive.capture.extension import ArchiveExtension
from archive.capture.handler_choice import check_handlers, reconstructed_schemes
from archive.collection.from_settings import make_collection
from archive.errors import ArchiveUnreadable
from archive.replay.input_paths import expand_paths
from crawler import garbage
from crawler.catalogue.places import enter_place, place_of
from crawler.catalogue.runs import has_runs
from crawler.cli.base import no_arguments_left
from crawler.cli.refused_run import NewDataDir
from crawler.cli.stating import state_what_is_not
from crawler.cli.storage_errors import storing
from crawler.cli.uploads import check_addresses, upload_after_run, uploading_closed_files
from crawler.data_dir import DataDir, tuning_file
from crawler.database.catalogue import Catalogue
from crawler.database.engine import holds_tables
from crawler.database.unusable import shown
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK, STORAGE
from crawler.frontier.dry_run import describe, plan_run, remaining_for
from crawler.http.address_policy import parse_allowed
from crawler.http.requisites import kinds_to_fetch
from crawler.reading.page_reading import WORDS
from crawler.relevance.seeds import read_scorer
from crawler.run.committer import BATCH
from crawler.run.corpus import Corpus
from crawler.run.memory import keep_large_blocks_apart
from crawler.run.recorder import recorder_of
from crawler.run.shutdown import (
    finish,
    sentence_on_disk,
    stop_in_time,
    stop_when_disk_is_short,
    stop_when_stalled,
)
from crawler.run.strays import find_strays
from crawler.run.workers import load_ahead
from crawler.scrapy_internals import has_extensions
from crawler.sources.subscription_file import subscriptions_in_force
from crawler.spiders.arguments import select_scheduler, select_sources
from crawler.spiders.backfill import BackfillSpider
from crawler.spiders.base import PageSpider
from crawler.spiders.news import NewsSpider
from crawler.spiders.replay import ReplaySpider
from crawler.watching.json_log import log_handler
from crawler.watching.metrics import are_wanted, library
from crawler.watching.watcher import Watcher

logger = logging.getLogger(__name__)

THREADS = 24
"""More than a run has, workers and their server included."""


def crawl(
    process: CrawlerProcessBase,
    create_crawler: Callable[[str], Crawler],
    settings: BaseSettings,
    args: list[str],
    arguments: dict[str, str],
) -> int:
    """Check arguments and settings, crawl, and give the exit code."""
    if arguments.get("dry_run") != "1":
        load_ahead(WORDS)
    check(process, settings, args, arguments)
    garbage.resume()
    spider = _spider(process, args[0])
    if issubclass(spider, BackfillSpider):
        plan = import_module("crawler.cli.backfill_plan")  # only a back-fill needs it
        if not plan.is_agreed(spider(**arguments), settings):
            return OK
    if arguments.get("dry_run") == "1":
        news = NewsSpider(**arguments)
        news.choose_sources(settings)
        print_plan(settings, news)
        return OK
    try:
        with holding(settings):
            crawler = create_crawler(args[0])
            exit_code = run_to_end(process, crawler, arguments)
    except OperatorError as error:
        _tell(settings, error.exit_code, str(error))
        raise
    # Only now: a notice may wait for its server, and the next run must not wait for that.
    _tell(settings, exit_code, closing_line_of(crawler, exit_code))
    tell_end(crawler, exit_code)
    return exit_code


def _tell(settings: BaseSettings, exit_code: int, sentence: str) -> None:
    """Tell an operator who wants it how a run ended."""
    if settings["NOTIFY_URLS"]:
        import_module("crawler.cli.watch").tell(settings, exit_code, sentence)  # few runs need it


@contextmanager
def holding(settings: BaseSettings) -> Iterator[None]:
    """Hold a data directory in which a run may begin; one that is refused leaves nothing behind."""
    data_dir = DataDir.of(settings)
    new = NewDataDir(data_dir)
    with new.without_folders(), ExitStack() as stack:
        data_dir.make()
        stack.enter_context(data_dir.held())
        with new.without_files():
            refuse_foreign_corpus(settings["STORE_URL"], data_dir)
            require_room(data_dir.path, settings.getint("MIN_FREE_DISK"))
            require_writable(settings.getdict("FEEDS"))
            _state_earlier_decisions(settings)
        yield


def _state_earlier_decisions(settings: BaseSettings) -> None:
    """Let the archive state what people decided before it could."""
    with (
        closing(Catalogue.open(settings["STORE_URL"], Path(settings["DATA_DIR"]))) as catalogue,
        storing("what people decided"),
    ):
        state_what_is_not(settings, catalogue)


def check(
    process: CrawlerProcessBase,
    settings: BaseSettings,
    args: list[str],
    arguments: dict[str, str],
) -> None:
    """Refuse wrong arguments and settings."""
    no_arguments_left(args, 1)
    if not args:
        raise OperatorError("Name a spider: scrapy crawl news, or scrapy crawl replay -a path=FILE.")
    spider = _spider(process, args[0])
    if issubclass(spider, PageSpider):
        spider(**arguments)
    if issubclass(spider, NewsSpider):
        subscriptions_in_force(settings, select_sources(arguments, settings.getlist("SOURCES")))
    prepare_replay(settings)
    check_settings(settings)
    check_scorer(settings, arguments.get("seeds") or settings["SEEDS_DIR"])
    if issubclass(spider, ReplaySpider) and (scheduler := select_scheduler(arguments)):
        import_module("crawler.cluster.dask_cluster").check_cluster(scheduler, settings)
    if issubclass(spider, NewsSpider) and not settings["REPLAY_FROM"]:
        check_live(settings)


def check_live(settings: BaseSettings) -> None:
    """Refuse to ask publishers for anything that could not be signed; warn if they cannot see who asks."""
    require_place_of_key(settings["ARCHIVE_SIGNING_KEY"])
    if not settings["OPERATOR"]:
        logger.warning(
            "OPERATOR is not set: publishers cannot see who crawls. "
            "Give your name and contact with -s OPERATOR='Jane Doe, jane@example.org'."
        )


def _spider(process: CrawlerProcessBase, name: str) -> type[Spider]:
    loader = process.spider_loader
    try:
        spider: type[Spider] = loader.load(name)
    except KeyError:
        known = ", ".join(sorted(loader.list()))
        raise OperatorError(f"There is no spider {name!r}: it is one of {known}.") from None
    return spider


def run_to_end(process: CrawlerProcessBase, crawler: Crawler, arguments: dict[str, str]) -> int:
    """Crawl, and give the exit code."""
    keep_large_blocks_apart()
    process.crawl(crawler, **arguments)
    _make_no_hidden_lines()
    stop_in_time(crawler)
    stop_when_stalled(crawler)
    stop_when_disk_is_short(crawler)
    _prepare_report(crawler)
    with uploading_closed_files(crawler):
        process.start()
        finish(crawler)
    note_manifest_head(crawler)
    exit_code = exit_code_of(crawler)
    write_report(crawler, exit_code, arguments)
    if exit_code != STORAGE:  # else this disk failed
        upload_after_run(crawler.settings)
    return exit_code


def closing_line_of(crawler: Crawler, exit_code: int) -> str:
    """The line that says how a crawl ended."""
    if not has_extensions(crawler):
        return "The run did not begin: see above."
    recorder = recorder_of(crawler)
    if recorder.result is not None and recorder.result.exit_code != exit_code:
        return f"The archive could not be closed as it should, see above. {recorder.closing_line}"
    return recorder.closing_line


def tell_end(crawler: Crawler, exit_code: int) -> None:
    """Write the metrics that are wanted, and say how the crawl ended in the last line of its log."""
    if not has_extensions(crawler):
        return
    if (watcher := crawler.get_extension(Watcher)) is not None:
        try:
            watcher.tell_end(exit_code)
        except OperatorError as error:  # the run is what it is
            logger.error("%s", error)
    # Who stops a run does so on purpose.
    failed = logging.WARNING if crawler.stats.get_value("finish_reason") == "shutdown" else logging.ERROR
    logger.log(logging.INFO if exit_code == OK else failed, "%s", closing_line_of(crawler, exit_code))


def _prepare_report(crawler: Crawler) -> None:
    """Load what the report needs while the first answers are waited for, not once the run has ended."""
    if crawler.settings.getbool("REPORT"):

        def prepare() -> None:
            import_module("crawler.cli.report").prepare()

        threading.Thread(target=prepare, name="report", daemon=True).start()


def write_report(crawler: Crawler, exit_code: int, arguments: dict[str, str]) -> None:
    """Write the report of a run that began and could store what it gathered."""
    began = has_extensions(crawler) and recorder_of(crawler).has_begun
    if began and crawler.settings.getbool("REPORT") and exit_code != STORAGE:
        report = import_module("crawler.cli.report")  # nothing else of a run needs it
        report.report_after_run(crawler.settings, recorder_of(crawler).run_id, arguments.get("sources", ""))


def _make_no_hidden_lines() -> None:
    """Let no line of the log be made that is not shown: Scrapy's of a dropped article has all its text."""
    if (handler := log_handler()) is not None:
        logging.disable(handler.level - 1)


def print_plan(settings: BaseSettings, spider: NewsSpider) -> None:
    """Print what a run would fetch from which source; a catalogue is read if there is one, and nothing is written."""
    store_url, data_dir = settings["STORE_URL"], Path(settings["DATA_DIR"])
    catalogue = Catalogue.open(store_url, data_dir) if holds_tables(store_url, data_dir) else None
    kinds = kinds_to_fetch(settings["ARCHIVE_REQUISITES"])
    plan = plan_run(catalogue, spider.start_links(), spider.limits.keys(), kinds, spider.only_due)
    for source, left in remaining_for(catalogue, spider.limits).items():
        print(f"A run fetches at most {left} URLs of source {source} now: it has limits.")
    for line in describe(plan):
        print(line)
    if catalogue is not None:
        catalogue.close()


def exit_code_of(crawler: Crawler) -> int:
    """The exit code of a crawl that has ended."""
    if not has_extensions(crawler):  # it never began; Scrapy's log says why
        return FAILED
    archive = crawler.get_extension(ArchiveExtension)
    if archive is not None and archive.writer.failure is not None:
        return STORAGE
    result = recorder_of(crawler).result
    return result.exit_code if result is not None else FAILED


def note_manifest_head(crawler: Crawler) -> None:
    """Note in the catalogue where the archive's manifest ends, unless the run could not write."""
    archive = crawler.get_extension(ArchiveExtension) if has_extensions(crawler) else None
    if archive is not None and archive.collection.manifest is not None and exit_code_of(crawler) != STORAGE:
        head = archive.collection.manifest.head
        recorder_of(crawler).run.note_manifest_head(head.lines, head.sha256)


def prepare_replay(settings: BaseSettings) -> None:
    """For REPLAY_FROM set no delay and another data directory, so that the archived run stays as it is."""
    if not settings["REPLAY_FROM"]:
        return
    try:
        expand_paths(settings["REPLAY_FROM"])
    except ArchiveUnreadable as error:
        raise OperatorError(f"REPLAY_FROM: {error}") from None
    settings.set("DOWNLOAD_DELAY", 0, priority="cmdline")
    settings.set("RELEVANCE_TUNING", str(tuning_file(settings)), priority="cmdline")
    if (settings.getpriority("DATA_DIR") or 0) < SETTINGS_PRIORITIES["cmdline"]:
        settings.set("DATA_DIR", str(Path(settings["DATA_DIR"]) / "replay"), priority="cmdline")


def check_settings(settings: BaseSettings) -> None:
    """Refuse settings whose hosts, key or handlers cannot be used, and a user who may have too few threads."""
    parse_allowed(settings.getlist("ADDRESS_GUARD_ALLOW"))
    make_collection(settings)
    if not settings["REPLAY_FROM"]:
        check_handlers(reconstructed_schemes(settings))
    if are_wanted(settings):
        library()
    check_addresses(settings)
    require_threads()


def check_scorer(settings: BaseSettings, seeds: str) -> None:
    """Refuse seeds, a tuning or a model that cannot be used."""
    read_scorer(
        Path(seeds),
        settings["RELEVANCE_MODE"],
        settings.getbool("RELEVANCE_ENCODER"),
        tuning_file(settings),
    )


def require_place_of_key(file: str) -> None:
    """Refuse to begin where the first record could not be signed: a user may have no home, or not own it."""
    path = Path(file).expanduser().absolute()
    nearest = next(folder for folder in path.parents if folder.exists())
    if not path.exists() and not os.access(nearest, os.W_OK | os.X_OK):
        raise OperatorError(
            f"The signing key {path} cannot be made: {nearest} is not writable. Set HOME to a folder of your own, "
            "or name a file outside DATA_DIR with ARCHIVE_SIGNING_KEY."
        )


def require_threads() -> None:
    """Refuse to begin where a user may have no further threads: some would be missing in the midst of the run."""
    ended = threading.Event()
    threads = [threading.Thread(target=ended.wait, daemon=True) for _ in range(THREADS)]
    try:
        for thread in threads:
            thread.start()
    except RuntimeError:
        raise OperatorError(
            f"This user may start no {THREADS} threads: raise the limit on processes (ulimit -u, TasksMax).",
            STORAGE,
        ) from None
    finally:
        ended.set()


def refuse_foreign_corpus(store_url: str, data_dir: DataDir) -> None:
    """Refuse the catalogue of another corpus: a run would move away the files that it does not know."""
    with closing(Catalogue.open(store_url, data_dir.path)) as catalogue:
        place = place_of(catalogue, data_dir)
        strays = find_strays(Corpus(data_dir.corpus), catalogue, place).unknown
        # A kill leaves at most one batch of files without rows, and the killed run has a row.
        if strays and (len(strays) > BATCH or not has_runs(catalogue, place)):
            is_lost = not has_runs(catalogue, place) and any(data_dir.archive.glob("*"))
            how = ", in an empty database and with --with FOLDER for each that shared it" if store_url else ""
            rebuilding = (
                f" `scrapy store rebuild` makes one that was lost again from the archive{how}."
                if is_lost
                else ""
            )
            raise OperatorError(
                f"The catalogue {shown(catalogue.engine.url)} does not know {len(strays)} files of {data_dir.corpus}, "
                f"{strays[0]} among them: name their catalogue with STORE_URL, or another DATA_DIR.{rebuilding}"
            )
        enter_place(catalogue, data_dir)  # or refuse the copy of another directory, before anything begins


def require_writable(feeds: Iterable[object]) -> None:
    """Refuse to begin where a feed (`-o`) names a file of this machine that cannot be written."""
    for feed in map(str, feeds):
        path = Path(file_uri_to_path(feed) if feed.startswith("file:") else feed)
        if "://" in feed.removeprefix("file://") or feed == "stdout:" or "%(" in feed:
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.open("ab").close()
        except OSError as error:
            raise OperatorError(
                f"Cannot write {path}: {error.strerror}. Give another file.", STORAGE
            ) from None


def require_room(folder: Path, least: int) -> None:
    """Refuse to begin on a disk that is nearly full; `least` in bytes."""
    free = shutil.disk_usage(folder).free
    if free < least:
        raise OperatorError(
            f"{sentence_on_disk(folder, free, least)} Free space, or give a smaller number.", STORAGE
        )
