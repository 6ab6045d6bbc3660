"""A run that is refused leaves nothing behind: what it made before that is removed again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crawler.data_dir import DataDir
from crawler.errors import OperatorError

_LOG_ENDS = ("", "-wal", "-shm", "-journal")


class NewDataDir:
    """What of a data directory was not there yet."""

    def __init__(self, data_dir: DataDir) -> None:
        catalogue = data_dir.catalogue
        files = [catalogue.with_name(catalogue.name + end) for end in _LOG_ENDS]
        files += [data_dir.path / "place.id", data_dir.run_lock]
        self._files = [file for file in files if not file.exists()]
        folders = {*_with_parents(data_dir.corpus), *_with_parents(data_dir.collection)}
        missing = [folder for folder in folders if not folder.exists()]
        self._folders = sorted(missing, key=lambda folder: len(folder.parts), reverse=True)

    @contextmanager
    def without_folders(self) -> Iterator[None]:
        """Remove new folders that are empty, if the block is refused."""
        try:
            yield
        except OperatorError:
            for folder in self._folders:
                with suppress(OSError):  # something lies there, or it was not made
                    folder.rmdir()
            raise

    @contextmanager
    def without_files(self) -> Iterator[None]:
        """Remove new files, if the block is refused; only who holds the data directory may."""
        try:
            yield
        except OperatorError:
            for file in self._files:
                file.unlink(missing_ok=True)
            raise


def _with_parents(path: Path) -> list[Path]:
    return [path.absolute(), *path.absolute().parents]
