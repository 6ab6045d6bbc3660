"""Show the key that signs the archive, or rotate it."""

import argparse
from contextlib import nullcontext
from functools import partial
from pathlib import Path

from scrapy.settings import BaseSettings

from archive.evidence.manifest import Manifest
from archive.evidence.signing import key_id, read_key, renew_key
from crawler.cli.all_places import in_this_place
from crawler.cli.base import no_arguments_left
from crawler.data_dir import DataDir
from crawler.errors import OperatorError
from crawler.exit_codes import OK, STORAGE


def run(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    """Show the signing key's id, or replace the key."""
    no_arguments_left(args, 1)
    return in_this_place(settings, opts, partial(_in_one, args=args, opts=opts))


def _in_one(settings: BaseSettings, args: list[str], opts: argparse.Namespace) -> int:
    path = key_path(settings)
    manifest = Manifest(DataDir.of(settings).collection, path)
    try:
        if args == ["show"] and not opts.lost:
            show(path, manifest)
        elif args == ["rotate"] and opts.all_places and not manifest.head.lines:
            print("Nothing is signed here: there is nothing to note.")  # a second rotation would go too far
        elif args == ["rotate"]:
            with DataDir.of(settings).held() if manifest.path.exists() else nullcontext():
                rotate(path, manifest, opts.lost)
            show(path, manifest)
        else:
            raise OperatorError("usage: scrapy key show | rotate [--lost]")
    except OSError as error:
        raise OperatorError(
            f"Cannot write {error.filename}: {error.strerror}. Give write access, or another ARCHIVE_SIGNING_KEY.",
            STORAGE,
        ) from None
    return OK


def key_path(settings: BaseSettings) -> Path:
    """The file of the key."""
    path = settings["ARCHIVE_SIGNING_KEY"]
    if not path:
        raise OperatorError("ARCHIVE_SIGNING_KEY is empty, so nothing is signed: name the key's file.")
    return Path(path)


def rotate(path: Path, manifest: Manifest, lost: bool) -> None:
    """Replace the key, and let the manifest say so."""
    key, signed_by = read_key(path), manifest.public_key
    is_current = key is not None and signed_by in ("", key.public_key)
    if is_current and lost:
        raise OperatorError(f"The key is not lost, it is at {path}: leave --lost out.")
    # After a rotation for another DATA_DIR, or a killed one, the new key is there already.
    if is_current:
        renew_key(path)
    manifest.rotate(lost)


def show(path: Path, manifest: Manifest) -> None:
    """Print what is public about a key, and which key the manifest expects."""
    key = read_key(path)
    print(f"key file    {path}")
    print(f"key id      {key.id}" if key else "key id      none yet: the first crawl makes the key")
    if key:
        print(f"public key  {key.public_key}")
    head = manifest.head
    if head.lines:
        print(
            f"manifest    {manifest.path}: {head.lines} lines, to be signed by {key_id(manifest.public_key)}"
        )
