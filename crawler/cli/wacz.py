"""The archive as one signed WACZ file, with a list of the articles."""

import argparse
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from scrapy.settings import BaseSettings

from archive.evidence.signing import read_or_make_key
from archive.packaging.wacz import Description, Page, being_written, pack
from crawler import __version__
from crawler.catalogue.articles import articles
from crawler.catalogue.places import EVERYWHERE, required_place
from crawler.cli.all_places import elsewhere, in_this_place, left_out
from crawler.cli.base import no_arguments_left
from crawler.cli.console import say
from crawler.cli.opening import held_if_writable, open_catalogue
from crawler.cli.progress import Bar, bytes_of, shown
from crawler.data_dir import DataDir
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.exit_codes import OK, STORAGE


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Pack the archive, with a list of the articles."""
    no_arguments_left(args, 1)
    if not args:
        raise OperatorError("Name the file to write: scrapy wacz evidence.wacz.")
    out = Path(args[0])
    if out.suffix != ".wacz":
        raise OperatorError(f"{out} should end in .wacz: readers know the format by that.")
    return in_this_place(
        settings, opts, partial(package, out=out, home=DataDir.of(settings), is_everywhere=opts.all_places)
    )


def package(settings: BaseSettings, out: Path, home: DataDir, is_everywhere: bool) -> int:
    """Pack the archive of one data directory; the package of any but `home` is named after it, too."""
    data_dir = DataDir.of(settings)
    if data_dir != home:
        out = out.with_name(f"{out.stem}-{data_dir.place}{out.suffix}")
    with closing(open_catalogue(settings)) as catalogue, held_if_writable(data_dir):
        _pack(settings, data_dir, out, catalogue)
        if not is_everywhere:
            say(left_out(elsewhere(catalogue, data_dir), "Not packed:"))
    return OK


def _pack(settings: BaseSettings, data_dir: DataDir, out: Path, catalogue: Catalogue) -> None:
    operator = f" Operator: {settings['OPERATOR']}." if settings["OPERATOR"] else ""
    about = Description(
        f"{settings['BOT_NAME']}: {data_dir.collection.name}",
        f"News pages as their servers sent them; the page list holds the articles.{operator}",
        f"frontwire/{__version__}",
    )
    place = required_place(catalogue, data_dir)
    try:
        key = read_or_make_key(Path(settings["ARCHIVE_SIGNING_KEY"]))
        bar = Bar(f"Packing {out}", bytes_of(data_dir.archive, "*.warc.gz"), lambda: being_written(out))
        with shown(bar):
            packed = pack(data_dir.collection, out, pages(catalogue, data_dir.archive, place), about, key)
    except OSError as error:
        raise OperatorError(
            f"Cannot write {error.filename}: {error.strerror}. Free space, or give another OUT.", STORAGE
        ) from None
    print(
        f"{out}: {packed.files} WARC files and {packed.pages} articles in {packed.bytes} bytes, "
        f"signed by the key {key.id}."
    )


def pages(catalogue: Catalogue, archive: Path, place: str = EVERYWHERE) -> Iterator[Page]:
    """The articles of the corpus whose records lie in the archive of a place."""
    for row in articles(catalogue, place=place):
        if (record := row.record) and (archive / record.warc).parent == archive:
            yield Page(row.url, record.captured, row.title or row.url, row.text)
