"""The folder of seed documents, which define what to collect."""

from pathlib import Path

from scrapy.settings import BaseSettings

from crawler.data_dir import tuning_file
from crawler.errors import OperatorError
from crawler.relevance.scorer import Scorer, TopicProfile
from crawler.relevance.topic import Topic
from crawler.relevance.tuning import Tuning
from crawler.texts.seed_format import SeedError, read_seed

_REMEDY = "Give read access to it, or name another folder with -a seeds=."


def read_topic_profile(
    folder: Path, mode: str, asks_encoder: bool = False, tuning: Path | None = None
) -> TopicProfile:
    """The topic of a folder of seeds, with the tuning of a file; OperatorError if a file is wrong."""
    return TopicProfile(
        tuple(read_seeds(folder)), mode, Topic.read(folder), asks_encoder, Tuning.read(tuning)
    )


def read_scorer(folder: Path, mode: str, asks_encoder: bool = False, tuning: Path | None = None) -> Scorer:
    """The scorer of a folder of seeds; OperatorError if a file, the mode or the encoder is wrong."""
    return Scorer.of(read_topic_profile(folder, mode, asks_encoder, tuning))


def profile_in_force(settings: BaseSettings, asks_encoder: bool = True) -> TopicProfile:
    """The topic that the settings name; without the encoder also where they have one, if it is not to be asked."""
    return read_topic_profile(
        Path(settings["SEEDS_DIR"]),
        settings["RELEVANCE_MODE"],
        asks_encoder and settings.getbool("RELEVANCE_ENCODER"),
        tuning_file(settings),
    )


def scorer_in_force(settings: BaseSettings, asks_encoder: bool = True) -> Scorer:
    """The scorer that the settings name."""
    return Scorer.of(profile_in_force(settings, asks_encoder))


def read_seeds(folder: Path) -> list[tuple[str, ...]]:
    """The paragraphs of every seed document, sorted by file name."""
    try:
        files = sorted(file for file in folder.iterdir() if file.match("[!.]*.txt"))
    except (FileNotFoundError, NotADirectoryError):
        files = []
    except OSError as error:
        raise OperatorError(
            f"Cannot read the folder of seeds {folder}: {error.strerror}. {_REMEDY}"
        ) from None
    if not files:
        raise OperatorError(
            f"No seed document (*.txt) in {folder}: put one there, or name another folder with -a seeds=."
        )
    return [_read_seed(file) for file in files]


def _read_seed(file: Path) -> tuple[str, ...]:
    try:
        return read_seed(file.read_bytes()).paragraphs
    except OSError as error:
        raise OperatorError(f"Cannot read the seed document {file}: {error.strerror}. {_REMEDY}") from None
    except SeedError as error:
        raise OperatorError(f"{file} is not a seed document: {error}") from None
