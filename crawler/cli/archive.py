"""The archive in an object store: what is closed is brought there, what lies there is made readable here."""

import argparse

from scrapy.settings import BaseSettings

from archive.collection.attaching import attach
from archive.collection.remote_state import STATE_NAME
from archive.objects.addresses import ObjectAddress
from archive.objects.stored_objects import listed
from crawler.cli.base import no_arguments_left
from crawler.cli.console import printable
from crawler.cli.storage_errors import storing
from crawler.cli.uploads import address_in, sentence_on, sentences_on_failure, upload_all
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import FAILED, OK


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Upload or attach."""
    no_arguments_left(args, 1)
    if args not in (["upload"], ["attach"]):
        raise OperatorError("usage: scrapy archive upload | attach [--place ID]")
    return _upload(settings) if args == ["upload"] else _attach(settings, opts.place or "")


def _upload(settings: BaseSettings) -> int:
    """Upload what is new, and say what could not be."""
    if not settings["ARCHIVE_URL"] and not settings["CORPUS_URL"]:
        raise OperatorError("Name where to with ARCHIVE_URL=s3://BUCKET/FOLDER, CORPUS_URL, or both.")
    data_dir = DataDir.of(settings)
    if not data_dir.place:
        raise OperatorError(f"There is nothing to upload in {data_dir}: crawl something first.", FAILED)
    with data_dir.held(), storing("what is uploaded"):
        done = upload_all(settings)
    for address, uploaded in done:
        print(printable(sentence_on(address, uploaded)))
        for sentence in sentences_on_failure(address, uploaded):
            print(printable(sentence))
    return FAILED if any(uploaded.left for _, uploaded in done) else OK


def _attach(settings: BaseSettings, named: str) -> int:
    """Make an archive that was uploaded readable here."""
    address, data_dir = address_in(settings, "ARCHIVE_URL"), DataDir.of(settings)
    if address is None:
        raise OperatorError("Name where the archive lies with ARCHIVE_URL=s3://BUCKET/FOLDER.")
    data_dir.make()
    with data_dir.held(), storing("the index of the archive"):
        place = data_dir.place or named or _only_place(address)
        if named not in ("", place):
            raise OperatorError(
                f"{data_dir} is the place {place}, not {named}: name another folder with DATA_DIR."
            )
        root = address.below(place)
        count = attach(data_dir.collection, root)
        if not data_dir.place:
            data_dir.keep_place(place)
    print(f"{count} files of the archive are read from {root} now: `scrapy verify` reads them all.")
    return OK


def _only_place(address: ObjectAddress) -> str:
    """The one data directory whose archive lies below an address."""
    keys = (each.address.key for each in listed(address.below(f"*/{STATE_NAME}")))
    places = sorted(key.split("/")[-2] for key in keys)
    if len(places) == 1:
        return places[0]
    if not places:
        raise OperatorError(f"There is no archive at {address}: upload one, or correct ARCHIVE_URL.", FAILED)
    raise OperatorError(f"{address} has the archives of {', '.join(places)}: name one with --place.")
