"""Files of the corpus that were lost or changed, brought back as they were: the same bytes, by their digest."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from crawler.audit.catalogue_check import CHANGED, DamagedFile
from crawler.data_dir import REVISIONS
from crawler.run.corpus import Corpus
from crawler.texts.seed_format import digest, name_end, parse_name


def derived_files(derived: Path, damaged: Sequence[DamagedFile]) -> Iterator[DamagedFile]:
    """Those files that a corpus which was derived again has, with its bytes: names tell months and digests."""
    there = {_identity(file): file for file in derived.rglob("[0-9]*.txt")}
    for each in damaged:
        file = there.get(_identity(Path(each.name)))
        if file is not None and name_end(digest(content := file.read_bytes())) == parse_name(each.name)[2]:
            yield each._replace(content=content)


def restore(corpus: Corpus, files: Sequence[DamagedFile]) -> None:
    """Write the files; what lies there is kept in `.revisions`, under the name that its content gives. OSError."""
    for each in files:
        if each.state == CHANGED:
            _keep(corpus, each.name)
    corpus.write((each.name, each.content) for each in files if each.content is not None)


def _keep(corpus: Corpus, name: str) -> None:
    """Keep a changed file, where a takedown finds it by its number."""
    content = (corpus.folder / name).read_bytes()
    month, number, _ = parse_name(name.removeprefix(f"{REVISIONS}/"))
    corpus.write([(f"{REVISIONS}/{month}/{number:03d}{name_end(digest(content))}", content)])


def _identity(path: Path) -> tuple[str, str]:
    return path.parent.name, path.name[path.name.rfind("_") :]
