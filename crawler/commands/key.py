"""`scrapy key show|rotate`: the key that signs the archive."""

import argparse
from contextlib import nullcontext
from pathlib import Path

from archive.errors import ArchiveError
from archive.evidence.manifest import Manifest
from archive.evidence.signing import key_id, read_key, renew_key
from crawler.archive_errors import sentence_of
from crawler.command import CommandFailed, FrontwireCommand, no_arguments_left, settings_of
from crawler.exit_codes import OK, STORAGE


class Command(FrontwireCommand):
    """Show the signing key's id, or let a new key take its place."""

    def syntax(self) -> str:
        return "show | rotate [--lost]"

    def short_desc(self) -> str:
        return "Show the key that signs the archive, or rotate it"

    def long_desc(self) -> str:
        return (
            "Example: scrapy key show. People who check your archive compare the id with what you give them. "
            "`rotate` makes a new key, for which the old one vouches in the manifest; run it once for each "
            "DATA_DIR. The old key stays beside the new one."
        )

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        super().add_options(parser)
        parser.add_argument(
            "--lost",
            action="store_true",
            help="the old key is gone: the new one vouches for itself, marked so",
        )

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        no_arguments_left(args, 1)
        manifest = Manifest(self.data_dir.collection, self.key_path)
        try:
            if args == ["show"] and not opts.lost:
                show(self.key_path, manifest)
            elif args == ["rotate"]:
                self._rotate(manifest, opts.lost)
            else:
                raise CommandFailed("Say what to do: scrapy key show, or scrapy key rotate [--lost].")
        except ArchiveError as error:
            raise CommandFailed(sentence_of(error)) from None
        except OSError as error:
            raise CommandFailed(
                f"Cannot write {error.filename}: {error.strerror}. Give write access, or another ARCHIVE_SIGNING_KEY.",
                STORAGE,
            ) from None
        return OK

    @property
    def key_path(self) -> Path:
        path = settings_of(self)["ARCHIVE_SIGNING_KEY"]
        if not path:
            raise CommandFailed("ARCHIVE_SIGNING_KEY is empty, so nothing is signed: name the key's file.")
        return Path(path)

    def _rotate(self, manifest: Manifest, lost: bool) -> None:
        with self.data_dir.held() if manifest.path.exists() else nullcontext():
            self._renew(manifest, lost)
        show(self.key_path, manifest)

    def _renew(self, manifest: Manifest, lost: bool) -> None:
        key, signed_by = read_key(self.key_path), manifest.public_key
        is_current = key is not None and signed_by in ("", key.public_key)
        if is_current and lost:
            raise CommandFailed(f"The key is not lost, it is at {self.key_path}: leave --lost out.")
        # After a rotation for another DATA_DIR, or one that was killed, the new key is there already.
        if is_current:
            renew_key(self.key_path)
        manifest.rotate(lost)


def show(path: Path, manifest: Manifest) -> None:
    """Print what is public about a key, and which key the manifest wants."""
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
