"""Measures the body of articles on sites that nothing was fitted on.

    python -m bench.cross_validation EVALUATE.py PAGES.warc.gz TRUTH.jsonl [PAGES.warc.gz TRUTH.jsonl …] [--cache FILE]

The sites of all sets are dealt into folds; the pages of each fold are extracted with a model that was fitted
(`bench.fit_blocks`) on the other folds of all sets, then, as a harder trial, on those of each set alone. EVALUATE.py
scores a page. What is known of a page before a model judges it is read once; --cache keeps it in a file between runs.
--predictions writes the texts of the first trial, one file a set in a folder, for `bench.extractors.table`.
"""

import argparse
import hashlib
import json
import pickle
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from tld import get_fld

from bench.extraction import load_evaluator
from bench.fit_blocks import Sample, fit, read_samples
from crawler.extraction.body.model import Model
from crawler.extraction.body.selection import select
from crawler.extraction.loader import clean_text, drop_repeats

Scores = dict[str, float]

_FOLDS = 5
_SHOWN = ("p", "r", "f1", "para", "leak", "empty")


def fold_of(url: str) -> int:
    """The fold of a page: the same for all pages of a site."""
    host = urlsplit(url).hostname or ""
    site = get_fld(url, fail_silently=True) or host
    return int.from_bytes(hashlib.sha256(site.encode()).digest()[:4]) % _FOLDS


def text_of(sample: Sample, model: Model) -> str:
    """The text of a page as a model chooses it; blank lines part paragraphs."""
    return "\n\n".join(drop_repeats(map(clean_text, select(sample.examined, model))))


def cross_validate(fitted: Sequence[Sequence[Sample]], measured: Sequence[Sample]) -> dict[str, str]:
    """The texts of the pages of a set by URL, each by a model of the sites of the other folds."""
    texts: dict[str, str] = {}
    for fold in range(_FOLDS):
        model = fit([[sample for sample in samples if fold_of(sample.url) != fold] for samples in fitted])
        texts |= {sample.url: text_of(sample, model) for sample in measured if fold_of(sample.url) == fold}
    return texts


def summarise(scores: Iterable[Scores]) -> str:
    """The means over pages, in one line."""
    columns = {name: [page[name] for page in scores if name in page] for name in _SHOWN}
    return "  ".join(f"{name} {sum(values) / len(values):.4f}" for name, values in columns.items() if values)


def _read(warc: Path, truth: Path, cache: Path | None) -> list[Sample]:
    kept = cache.with_suffix(f".{hashlib.sha256(str(truth).encode()).hexdigest()[:8]}") if cache else None
    if kept and kept.exists():
        return list(pickle.loads(kept.read_bytes()))
    samples = read_samples(warc, truth)
    if kept:
        kept.write_bytes(pickle.dumps(samples))
    return samples


def main() -> None:
    """Print one line for each set and each choice of the sets that were fitted on."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("evaluator", type=Path)
    parser.add_argument("files", type=Path, nargs="+", help="PAGES.warc.gz and TRUTH.jsonl of each set")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--predictions", type=Path, help="a folder for set-1.jsonl, set-2.jsonl …")
    arguments = parser.parse_args()
    evaluator = load_evaluator(arguments.evaluator)
    truths = arguments.files[1::2]
    pairs = zip(arguments.files[::2], truths, strict=True)
    sets = [_read(warc, truth, arguments.cache) for warc, truth in pairs]
    pages = [{page["url"]: page for page in evaluator.load(truth)} for truth in truths]
    numbers = range(len(sets))
    for fitted in [list(numbers), *([number] for number in numbers if len(sets) > 1)]:
        for measured in numbers:
            texts = cross_validate([sets[number] for number in fitted], sets[measured])
            found = [{"url": url, "text": text} for url, text in texts.items()]
            if arguments.predictions and len(fitted) == len(sets):
                lines = (json.dumps(each, ensure_ascii=False) + "\n" for each in found)
                path = arguments.predictions / f"set-{measured + 1}.jsonl"
                path.write_text("".join(lines), encoding="utf-8")
            scores = [evaluator.score(pages[measured][each["url"]], each) for each in found]
            names = " and ".join(str(number + 1) for number in fitted)
            print(f"set {measured + 1}, fitted on {names}: {summarise(scores)}", flush=True)


if __name__ == "__main__":
    main()
