"""The corpus and its archive in a web browser, at one address on this machine, until Ctrl-C."""

import argparse
import getpass
import signal
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path

from scrapy.settings import BaseSettings
from sqlalchemy.exc import DBAPIError

from archive.errors import ArchiveError
from crawler.archive_errors import operator_error
from crawler.browse.site import Archive, Check, Site
from crawler.catalogue.article_row import ArticleRow
from crawler.catalogue.places import EVERYWHERE, is_of, place_of
from crawler.catalogue.stated_decisions import Ruling
from crawler.catalogue.visits import status_of
from crawler.cli.all_places import elsewhere, left_out, why_unreachable
from crawler.cli.base import no_arguments_left
from crawler.cli.console import say
from crawler.cli.explain import explanation
from crawler.cli.opening import open_catalogue
from crawler.cli.pywb import HOST, HOW_TO_GET_IT, find_wayback, running_pywb
from crawler.cli.review import decided
from crawler.cli.storage_errors import of_database
from crawler.cli.trace import checks_of, data_dir_of
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK
from crawler.program import as_typed
from crawler.relevance.seeds import scorer_in_force
from crawler.search.index_filling import fill
from crawler.search.search_index import SearchIndex

_FILL_EVERY_S = 20
_PATIENCE_S = 2
"""How long a new index is waited for before the address is said."""


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show the corpus until Ctrl-C."""
    no_arguments_left(args, 0)
    _require_libraries()
    data_dir, wayback = DataDir.of(settings), find_wayback(settings["BROWSE_WAYBACK"])
    with closing(open_catalogue(settings)) as catalogue, closing(_listen(opts.port)) as listening:
        port = listening.getsockname()[1]
        # Like Ctrl-C, so that a service manager that stops the command leaves no pywb behind.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        collections, missing = shown_collections(catalogue, data_dir, opts.all_places)
        say(missing)
        try:
            with ExitStack() as stack:
                archive = None
                if wayback and collections:
                    address = stack.enter_context(running_pywb(wayback, dict(collections.values())))
                    archive = Archive(address, {place: name for place, (name, _) in collections.items()})
                no_archive = (
                    ""
                    if archive
                    else (as_typed(HOW_TO_GET_IT) if collections else f"There is no archive in {data_dir}.")
                )
                site = make_site(settings, catalogue, data_dir, port, archive, no_archive)
                stack.enter_context(kept_filled(site))
                print(f"The corpus is at http://{HOST}:{port}/ (Ctrl-C ends it).", flush=True)
                if no_archive:
                    say([no_archive])
                _serve(site, listening)
        except KeyboardInterrupt:
            pass
    return FAILED if missing and opts.all_places else OK


def make_site(
    settings: BaseSettings,
    catalogue: Catalogue,
    data_dir: DataDir,
    port: int,
    archive: Archive | None = None,
    no_archive: str = "",
) -> Site:
    """What the pages are made from, and what they may do."""
    return Site(
        catalogue=catalogue,
        index_file=data_dir.search_index,
        hosts=frozenset({f"{HOST}:{port}", f"localhost:{port}"}),
        prove=partial(_prove, catalogue, data_dir),
        explain=partial(_explain, catalogue, data_dir.archive),
        decide=_Decider(settings),
        scale=scorer_in_force(settings, asks_encoder=False).scale,
        who=getpass.getuser(),
        archive=archive,
        no_archive=no_archive,
    )


def shown_collections(
    catalogue: Catalogue, data_dir: DataDir, all_places: bool
) -> tuple[dict[str, tuple[str, Path]], list[str]]:
    """Name and folder of the collections that are shown, by the ids of their places; and what is not shown.

    The own one is under the empty id, too.
    """
    ours = (data_dir.collection.name, data_dir.collection)
    shown = dict.fromkeys((EVERYWHERE, data_dir.place), ours) if has_archive(data_dir) else {}
    others = elsewhere(catalogue, data_dir) if catalogue.is_shared else []
    if not all_places:
        return shown, list(left_out(others, "Not shown as they looked:"))
    for place in (each.place for each in others):
        if place.is_reachable and has_archive(place.data_dir):
            shown[place.id] = (f"{place.data_dir.collection.name}-{place.id}", place.data_dir.collection)
    return shown, [why_unreachable(place) for place, *_ in others if not place.is_reachable]


def has_archive(data_dir: DataDir) -> bool:
    """Whether there is an index by which pywb finds records."""
    return any(data_dir.indexes.glob("*.cdxj"))


class _Decider:
    """Carries out decisions, one after the other."""

    def __init__(self, settings: BaseSettings) -> None:
        self._settings, self._lock = settings, threading.Lock()

    def __call__(self, decision: Ruling) -> str:
        with self._lock:
            try:
                return decided(self._settings, decision)
            except ArchiveError as error:
                raise operator_error(error) from None
            except DBAPIError as error:
                raise of_database(error, self._settings) or error from None


def _prove(catalogue: Catalogue, data_dir: DataDir, row: ArticleRow) -> list[Check]:
    if row.file is None:
        return []
    if (own := place_of(catalogue, data_dir)) != EVERYWHERE and not is_of(row, own):
        data_dir = data_dir_of(catalogue, row, Path(row.file))
    return [Check(*each) for each in checks_of(row, data_dir.corpus / row.file, catalogue, data_dir)]


def _explain(catalogue: Catalogue, archive: Path, url: str) -> list[tuple[str, str]]:
    status = status_of(catalogue, url)
    if status is None:
        return [("fate", "not known: no crawl found this address. Is it spelled as it was found?")]
    return list(explanation(catalogue, url, status, archive))


@contextmanager
def kept_filled(site: Site) -> Iterator[None]:
    """Let a thread bring the index up to date now and again and again, until this block ends."""
    ended, filled = threading.Event(), threading.Event()
    thread = threading.Thread(target=_keep_filled, args=(site, ended, filled), name="index", daemon=True)
    thread.start()
    filled.wait(_PATIENCE_S)
    try:
        yield
    finally:
        ended.set()
        thread.join(30)


class _Ended(Exception):
    """The command ends: the next one fills the rest."""


def _keep_filled(site: Site, ended: threading.Event, filled: threading.Event) -> None:
    def show(done: int, whole: int) -> None:
        site.filling.show(done, whole)
        if ended.is_set():
            raise _Ended

    while not ended.is_set():
        try:
            with closing(SearchIndex.open(site.index_file)) as index:
                fill(site.catalogue, index, show)
            site.filling.failure = ""
        except _Ended:
            return
        except sqlite3.Error as error:
            site.filling.failure = (
                f"The search index {site.index_file} cannot be brought up to date: {error}."
            )
        filled.set()
        ended.wait(_FILL_EVERY_S)


def _require_libraries() -> None:
    try:
        for name in ("flask", "waitress"):
            import_module(name)
    except ImportError:
        raise OperatorError("The pages need two more libraries: pip install 'frontwire[browse]'.") from None


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise OperatorError(f"Port {port} cannot be used ({error}): give another with --port.") from None
    return listening


def _serve(site: Site, listening: socket.socket) -> None:
    # Not above: an operator who does not browse need not have them.
    make_app = import_module("crawler.browse.web_app").make_app
    import_module("waitress").serve(make_app(site), sockets=[listening], threads=6, ident="frontwire")
