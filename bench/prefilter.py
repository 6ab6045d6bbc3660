"""Measures what REPLAY_PREFILTER skips, and what of that should have been read.

    python -m bench.prefilter TEXTS.jsonl [TEXTS.jsonl …] [--pages PAGES.warc.gz TRUTH.jsonl] …

TEXTS as for `bench.fit_relevance`: each text is scored with weights that were fitted without its publisher. The first
table shows what other limits of the score `conflict` would do; `chosen without it` is what each publisher loses by the
largest limit that loses at most one per cent of all others'. Pages are looked at and then read in full: what a look
costs beside that, and how many of those are skipped that are labelled as conflict, or that would be kept, by language.
"""

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from bench.extraction import read_pages
from bench.fit_relevance import read_samples
from bench.relevance import cross_validate
from crawler.extraction.first_look import look_at
from crawler.items import Decision, RawPage
from crawler.relevance import Scorer, TopicProfile
from crawler.relevance.scorer import FAR_CONFLICT, FAR_RELATED, scorer_of
from crawler.relevance.seeds import read_seeds
from crawler.run.judged_pages import extract_and_judge

LIMITS = (0.005, 0.01, 0.02, 0.03, 0.05, 0.08)
_MOST_LOST = 0.01


class Scored(NamedTuple):
    """A labelled text with its scores."""

    publisher: str
    language: str
    is_conflict: bool
    is_related: bool | None
    conflict: float
    """By weights that were fitted without its publisher."""
    related: float

    def is_skipped(self, limit: float, related: float = 0.0) -> bool:
        return self.conflict < limit or self.related < related


@dataclass(frozen=True, slots=True)
class Looked:
    """A page that was looked at, and read in full."""

    language: str
    is_conflict: bool | None
    is_kept: bool
    """Whether the score `conflict` of the article as it was read accepts it, or leaves it to a person."""
    is_skipped: bool
    look_s: float
    reading_s: float


def read_texts(files: Sequence[Path]) -> Iterator[Scored]:
    """Each labelled text once, headlines alone left out."""
    scorer = Scorer.from_seeds(read_seeds(Path("seeds")))
    rows = {row["id"]: row for file in files for row in map(json.loads, file.open(encoding="utf-8"))}
    for sample, score in cross_validate(read_samples(files), lambda each: each.publisher):
        row = rows[sample.id]
        if sample.is_part:
            continue
        related = scorer.score(row["title"], (row["text"] or "").split("\n\n")).related
        label = row["label_seed_related"]
        yield Scored(
            sample.publisher, sample.language, sample.is_conflict, label and bool(label), score, related
        )


def show_texts(texts: Sequence[Scored]) -> None:
    """Print what limits lose and skip, in all and by language."""
    print(f"{len(texts)} texts, {sum(text.is_conflict for text in texts)} of them about conflict")
    for limit in LIMITS:
        print(f"  conflict below {limit:<5}  {told(texts, limit)}")
    print(f"  and related below {FAR_RELATED}: {told(texts, FAR_CONFLICT, FAR_RELATED)}")
    related = [text for text in texts if text.is_related]
    lost = sum(text.is_skipped(FAR_CONFLICT, FAR_RELATED) for text in related)
    print(f"  of {len(related)} that are related to the seeds: {lost} lost by both limits")
    print(f"  chosen without it: {told_chosen(texts)}")
    for language, some in sorted(grouped(texts, lambda text: text.language).items()):
        print(f"  {language:3} {told(some, FAR_CONFLICT)}")


def told(texts: Sequence[Scored], limit: float, related: float = 0.0) -> str:
    """`lost 1 of 943 (0.1 %), skipped 1346 of 2139 (63 %)`."""
    lost = [text.is_skipped(limit, related) for text in texts if text.is_conflict]
    skipped = [text.is_skipped(limit, related) for text in texts if not text.is_conflict]
    return f"lost {share(lost)}, skipped {share(skipped)} others"


def told_chosen(texts: Sequence[Scored]) -> str:
    """What is lost and skipped if the limit for each publisher is chosen on the others."""
    lost, skipped, limits = list[bool](), list[bool](), Counter[float]()
    for publisher, own in grouped(texts, lambda text: text.publisher).items():
        others = [text for text in texts if text.publisher != publisher and text.is_conflict]
        fit = [
            limit for limit in LIMITS if sum(t.is_skipped(limit) for t in others) <= _MOST_LOST * len(others)
        ]
        limit = max(fit, default=0.0)
        limits[limit] += 1
        lost += [text.is_skipped(limit) for text in own if text.is_conflict]
        skipped += [text.is_skipped(limit) for text in own if not text.is_conflict]
    return f"lost {share(lost)}, skipped {share(skipped)} others; limits {dict(limits)}"


def grouped(texts: Sequence[Scored], key_of: Callable[[Scored], str]) -> dict[str, list[Scored]]:
    """The texts by a key."""
    groups = defaultdict(list)
    for text in texts:
        groups[key_of(text)].append(text)
    return groups


def share(found: Sequence[bool]) -> str:
    """`1 of 943 (0.1 %)`."""
    return f"{sum(found)} of {len(found)} ({100 * sum(found) / max(1, len(found)):.1f} %)"


def look_into(warc: Path, truth: Path) -> Iterator[Looked]:
    """The pages of a file, with their labels."""
    with truth.open(encoding="utf-8") as lines:
        labels = {row["url"]: row for row in map(json.loads, lines)}
    profile = TopicProfile(tuple(read_seeds(Path("seeds"))), "conflict")
    scorer_of(profile).score(None, ("word",))
    for raw in read_pages(warc):
        label = labels.get(raw.url, {"language": "?", "conflict": None})
        yield looked(raw, profile, label["language"] or "?", label["conflict"])


def looked(raw: RawPage, profile: TopicProfile, language: str, is_conflict: bool | None) -> Looked:
    """One page, looked at and read."""
    began = time.process_time()
    look = look_at(raw)
    is_skipped = bool(scorer_of(profile).rules_out(look.title, look.paragraphs, look.languages))
    between = time.process_time()
    relevance = extract_and_judge(raw, profile).relevance
    ended = time.process_time()
    is_kept = relevance is not None and relevance.decision is not Decision.REFUSE
    return Looked(language, is_conflict, is_kept, is_skipped, between - began, ended - between)


def show_pages(pages: Sequence[Looked]) -> None:
    """Print costs, losses and what is skipped."""
    look, reading = sum(page.look_s for page in pages), sum(page.reading_s for page in pages)
    left = sum(page.reading_s for page in pages if not page.is_skipped)
    costs = f"a look {1000 * look / len(pages):.1f} ms of CPU, in full {1000 * reading / len(pages):.1f}"
    print(f"{len(pages)} pages: {costs}")
    print(
        f"  pages a second of CPU: {len(pages) / reading:.1f} without, {len(pages) / (look + left):.1f} with the filter"
    )
    print(f"  of all skipped {share([page.is_skipped for page in pages])}")
    print(f"  lost of what is kept when read {share([page.is_skipped for page in pages if page.is_kept])}")
    print(
        f"  lost of what is labelled conflict {share([page.is_skipped for page in pages if page.is_conflict])}"
    )
    others = [page.is_skipped for page in pages if page.is_conflict is False]
    print(f"  skipped of what is labelled otherwise {share(others)}")
    for language, count in Counter(page.language for page in pages).most_common():
        skipped = [page.is_skipped for page in pages if page.language == language]
        print(f"  {language:3} skipped {share(skipped)} of {count}")


def main() -> None:
    """Measure texts, then pages."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--pages", type=Path, nargs=2, action="append", default=[], metavar="FILE")
    arguments = parser.parse_args()
    show_texts(list(read_texts(arguments.texts)))
    for warc, truth in arguments.pages:
        show_pages(list(look_into(warc, truth)))


if __name__ == "__main__":
    main()
