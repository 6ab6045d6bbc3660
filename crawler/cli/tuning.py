"""Thresholds of this installation, moved as people decided about its pages, and put back."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from scrapy.settings import BaseSettings

from archive.warc.durable import make_folder, replace_file
from crawler.audit.corpus_quality import answers_that_hold
from crawler.catalogue.articles import pages_of
from crawler.catalogue.reviews import ReviewChoice, decisions
from crawler.catalogue.samples import Answer, judgements
from crawler.cli.console import say
from crawler.cli.opening import open_catalogue
from crawler.cli.storage_errors import storing
from crawler.data_dir import tuning_file
from crawler.database.catalogue import Catalogue
from crawler.errors import OperatorError
from crawler.http.url_identity import url_key
from crawler.relevance import Scorer
from crawler.relevance.scorer import TopicProfile
from crawler.relevance.seeds import profile_in_force, read_topic_profile, scorer_in_force
from crawler.relevance.topic import Thresholds
from crawler.relevance.tuning import Tuning
from crawler.relevance.tuning_fit import ENOUGH, OF_EACH, Comparison, Example, cross_validated, fit

_UNDO = "`scrapy relevance untune` puts the shipped thresholds back."


def tune_from_reviews(settings: BaseSettings) -> None:
    """Move the thresholds if that agrees better with what people decided, on sources that it did not see."""
    # Without the tuning that there may be: a new one takes its place.
    profile = read_topic_profile(
        Path(settings["SEEDS_DIR"]), settings["RELEVANCE_MODE"], settings.getbool("RELEVANCE_ENCODER")
    )
    shipped = Scorer.of(profile)
    with closing(open_catalogue(settings)) as catalogue:
        examples = list(_examples(catalogue, shipped))
    _refuse_too_few(examples)
    found, tuning = cross_validated(examples), fit(examples)
    say(_on(found))
    if found.after <= found.before:
        say(["So nothing was changed."])
        return
    path, limits = tuning_file(settings), profile.topic.thresholds
    with storing(str(path)):
        make_folder(path.parent)
        replace_file(path, [_written(tuning, found, limits).encode()])
    say(
        [
            *_moves(limits, tuning.applied(limits)),
            f"Written to {path}; later runs, replays and derivations use it. {_UNDO}",
        ]
    )
    say(["`scrapy rederive` shows what it changes in the corpus; with --apply it is done."])


def untune(settings: BaseSettings) -> None:
    """Put the shipped thresholds back."""
    path = tuning_file(settings)
    with storing(str(path)):
        was_there = path.is_file()
        path.unlink(missing_ok=True)
    if was_there:
        say([f"{path} was removed: the thresholds are as shipped."])
        say(["`scrapy rederive` shows what it changes in the corpus; with --apply it is done."])
    else:
        say(["Nothing was tuned here: the thresholds are as shipped."])


def show_in_force(settings: BaseSettings) -> None:
    """Say what judges texts here."""
    profile, path = profile_in_force(settings), tuning_file(settings)
    say([f"Judged by: {scorer_in_force(settings).model}"])
    say(_limits(profile))
    if profile.tuning.digest:
        comments = (line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("# "))
        say([f"Tuned ({path}):", *(f"  {line.removeprefix('# ')}" for line in comments)])
    else:
        say(["Not tuned: the thresholds are as shipped, or as topic.toml says."])


def _examples(catalogue: Catalogue, scorer: Scorer) -> Iterator[Example]:
    """What people decided about pages, with their scores by the present lists and weights."""
    for url, belongs in _decided(catalogue).items():
        rows = pages_of(catalogue, url)
        if rows and (row := rows[-1]).text:
            found = scorer.score(row.title, row.text.split("\n\n"), row.language)
            yield Example(row.source or "", *scorer.deciding(found), belongs)


def _decided(catalogue: Catalogue) -> Mapping[str, bool]:
    """Whether pages belong, by their URLs: as an audit found, and above that as a review decided."""
    given = judgements(catalogue)
    holds = answers_that_hold(given)
    belongs = {
        url_key(each.url): (each.url, holds[each.record_id] is not Answer.NO)
        for each in given
        if each.record_id in holds
    }
    belongs |= {
        key: (each.url, each.choice is ReviewChoice.ACCEPT) for key, each in decisions(catalogue).items()
    }
    return dict(belongs.values())


def _refuse_too_few(examples: list[Example]) -> None:
    kept = sum(each.belongs for each in examples)
    if len(examples) < ENOUGH or not OF_EACH <= kept <= len(examples) - OF_EACH:
        raise OperatorError(
            f"{len(examples)} pages with a text were decided about ({kept} belong): tuning needs {ENOUGH}, of which "
            f"{OF_EACH} belong and {OF_EACH} do not. `scrapy review list` and `scrapy audit` show more of them."
        )


def _on(found: Comparison) -> Iterator[str]:
    yield (
        f"Of {found.decisions} decisions the shipped thresholds agree with {found.before}, tuned ones with "
        f"{found.after} (each source by thresholds that did not see it)."
    )
    yield f"That is {found.after - found.before:+d}; 95 % interval {found.low:+.0f} to {found.high:+.0f}."


def _moves(old: Thresholds, new: Thresholds) -> Iterator[str]:
    for name in ("conflict", "related"):
        review = f"{name}_review"
        yield (
            f"{name}: accepted from {getattr(old, name):g} -> {getattr(new, name):.3g}, "
            f"review from {getattr(old, review):g} -> {getattr(new, review):.3g}"
        )


def _limits(profile: TopicProfile) -> Iterator[str]:
    base = profile.topic.thresholds
    limits = profile.tuning.applied(base) if profile.tuning.digest else base
    for name in ("conflict", "related"):
        yield f"{name}: accepted from {getattr(limits, name):.3g}, review from {getattr(limits, f'{name}_review'):.3g}"


def _written(tuning: Tuning, found: Comparison, limits: Thresholds) -> str:
    """The file: what was found, and the shifts."""
    sentences = [
        f"Made by `scrapy relevance tune --from-reviews`, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC. {_UNDO}",
        *_on(found),
        *_moves(limits, tuning.applied(limits)),
    ]
    comments = "".join(f"# {each}\n" for each in sentences)
    shifts = f"conflict = {tuning.conflict}\nrelated = {tuning.related}\n"
    return f"{comments}[shift]  # of log odds; a threshold falls as its shift grows\n{shifts}"
