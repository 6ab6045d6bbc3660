"""`scrapy wacz OUT`: the archive as one signed file for replayweb.page and whoever reads WACZ."""

import argparse
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from archive.errors import ArchiveChanged, CannotPack, KeyRefused
from archive.evidence.signing import read_or_make_key
from archive.packaging.wacz import Description, Page, pack
from crawler import __version__
from crawler.archive_errors import sentence_of
from crawler.catalogue.store import Store
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left, settings_of
from crawler.exit_codes import FAILED, OK, STORAGE


class Command(FrontwireCommand):
    """Pack the archive, with a list of the articles."""

    def syntax(self) -> str:
        return "OUT"

    def short_desc(self) -> str:
        return "Pack the archive into one signed WACZ file"

    def long_desc(self) -> str:
        return (
            "Example: scrapy wacz evidence.wacz. Open it with replayweb.page. Images and styles are in it only "
            "where ARCHIVE_REQUISITES had them archived."
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 1)
        if not args:
            raise CommandFailed("Name the file to write: scrapy wacz evidence.wacz.")
        out = Path(args[0])
        if out.suffix != ".wacz":
            raise CommandFailed(f"{out} should end in .wacz: by that readers know what it is.")
        with closing(self.open_catalogue()) as store, self.data_dir.held():
            self._pack(out, store)
        return OK

    def _pack(self, out: Path, store: Store) -> None:
        settings = settings_of(self)
        title = f"{settings['BOT_NAME']}: {self.data_dir.collection.name}"
        operator = f" Operator: {settings['OPERATOR']}." if settings["OPERATOR"] else ""
        about = Description(
            title,
            f"News pages as their servers sent them; the page list holds the articles.{operator}",
            f"frontwire/{__version__}",
        )
        try:
            key = read_or_make_key(Path(settings["ARCHIVE_SIGNING_KEY"]))
            packed = pack(self.data_dir.collection, out, articles(store, self.data_dir.archive), about, key)
        except (CannotPack, ArchiveChanged) as error:
            raise CommandFailed(sentence_of(error), FAILED) from None
        except KeyRefused as error:
            raise CommandFailed(str(error)) from None
        except OSError as error:
            raise CommandFailed(
                f"Cannot write {error.filename}: {error.strerror}. Free space, or give another OUT.", STORAGE
            ) from None
        print(
            f"{out}: {packed.files} WARC files and {packed.pages} articles in {packed.bytes} bytes, "
            f"signed by the key {key.id}."
        )


def articles(store: Store, archive: Path) -> Iterator[Page]:
    """The articles of the corpus whose records lie in the archive."""
    for row in store.articles():
        if row["warc"] and (archive / row["warc"]).parent == archive:
            yield Page(row["url"], row["captured"], row["title"] or row["url"], row["text"])
