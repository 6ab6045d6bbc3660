"""A sentence model is one more word on what is related, and the scorer's name says which one spoke."""

from pathlib import Path

import pytest

from crawler.errors import OperatorError
from crawler.relevance import Scorer
from crawler.relevance.embedding import SHARE, Embedder

SEED = ("Warplanes bombed the port of Tarn at dawn and set fire to the grain stores.",)
NEAR = ("Jets struck the harbour of Tarn early in the morning; the silos burn.",)
FAR = ("The choir of the village sings on Sunday.",)
MEANINGS = (
    {"warplanes", "jets", "bombed", "struck"},
    {"port", "harbour", "grain", "silos", "stores"},
    {"fire", "burn"},
    {"dawn", "morning"},
    {"choir", "sings", "village", "sunday"},
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model: a dimension for each meaning."""
    numpy, model2vec = pytest.importorskip("numpy"), pytest.importorskip("model2vec")
    tokenizers = pytest.importorskip("tokenizers")
    words = sorted(set().union(*MEANINGS))
    vocabulary = {"[UNK]": 0} | {word: place for place, word in enumerate(words, 1)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.Lowercase()
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    vectors = numpy.zeros((len(vocabulary), len(MEANINGS)), "float32")
    for word, place in vocabulary.items():
        vectors[place] = [float(word in meaning) for meaning in MEANINGS]
    folder = tmp_path_factory.mktemp("model")
    model2vec.StaticModel(vectors, tokenizer).save_pretrained(folder)
    return folder


def test_what_means_the_same_is_more_related_though_it_has_other_words(folder: Path) -> None:
    plain, scorer = Scorer.from_seeds([SEED]), Scorer.from_seeds([SEED], embedder=Embedder(str(folder)))
    near, far = (scorer.score(None, text) for text in (NEAR, FAR))
    assert near.related > (1 - SHARE) * plain.score(None, NEAR).related + 0.5 * SHARE
    assert far.related == pytest.approx((1 - SHARE) * plain.score(None, FAR).related, abs=1e-3)
    assert near.conflict == plain.score(None, NEAR).conflict
    [meaning] = [reason for reason in near.reasons if reason.name == "meaning"]
    assert 0 < meaning.related <= SHARE


def test_a_text_of_which_the_model_knows_no_word_means_nothing(folder: Path) -> None:
    scorer = Scorer.from_seeds([SEED], embedder=Embedder(str(folder)))
    assert scorer.score(None, ("Xylo brakt menu.",)).related == 0


def test_an_article_keeps_which_model_judged_it(folder: Path) -> None:
    model = Embedder(str(folder))
    assert (
        Scorer.from_seeds([SEED], embedder=model).model
        == f"{Scorer.from_seeds([SEED]).model}, embedder {model.digest}"
    )


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("model2vec")
    with pytest.raises(OperatorError, match=r"cannot be loaded: .* Give the folder of a model2vec model"):
        Embedder(str(tmp_path))
