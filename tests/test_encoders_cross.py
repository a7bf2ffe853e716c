"""Models that read two texts at once: a re-ranker and a stance model, by path, checked before they are loaded."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.tiny_models import save_cross_encoder
from workbench.encoders import load_reranker, load_stance_model
from workbench.errors import ModelError
from workbench.settings import SearchSettings, StanceSettings

PASSAGES = ["observers found no evidence of fraud", "a cake of three eggs and flour", "the court said no", "law " * 200]


@pytest.fixture(scope="module")
def reranker(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("cross"), labels=["LABEL_0"])


@pytest.fixture(scope="module")
def stance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_cross_encoder(tmp_path_factory.mktemp("nli"), labels=["contradiction", "entailment", "neutral"])


def relabel(folder: Path, labels: list[str]) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["id2label"] = {str(at): label for at, label in enumerate(labels)}
    (folder / "config.json").write_text(json.dumps(config))


def test_no_model_is_used_unless_the_settings_name_one() -> None:
    assert (load_reranker(SearchSettings()), load_stance_model(StanceSettings())) == (None, None)


@pytest.mark.model
def test_a_reranker_scores_each_text_as_the_model_says_through_a_sigmoid(reranker: Path) -> None:
    from sentence_transformers import CrossEncoder

    loaded = load_reranker(SearchSettings(reranker=str(reranker)))
    assert loaded is not None
    scores = loaded.score("fraud in the election", PASSAGES)

    theirs = CrossEncoder(str(reranker), device="cpu").predict([("fraud in the election", one) for one in PASSAGES])

    assert scores.dtype == np.float32
    assert np.allclose(scores, theirs, atol=1e-5)
    assert len(set(scores.tolist())) == len(PASSAGES)


@pytest.mark.model
def test_a_reranker_given_no_texts_gives_no_scores(reranker: Path) -> None:
    loaded = load_reranker(SearchSettings(reranker=str(reranker)))

    assert loaded is not None
    assert loaded.score("fraud", []).shape == (0,)


@pytest.mark.model
def test_a_reranker_that_returns_nan_is_one_clear_error(reranker: Path) -> None:
    loaded = load_reranker(SearchSettings(reranker=str(reranker)))

    assert loaded is not None
    with pytest.raises(ModelError, match="returned NaN") as caught:
        loaded.score("fraud", ["a poison claim", "the court"])

    assert "[search] reranker" in caught.value.hint


@pytest.mark.model
def test_a_model_with_several_labels_is_no_reranker(stance: Path) -> None:
    with pytest.raises(ModelError, match="gives 3 numbers per pair"):
        load_reranker(SearchSettings(reranker=str(stance)))


@pytest.mark.parametrize("name", ["/no/such/folder", "cross-encoder/ms-marco-MiniLM-L-6-v2"])
def test_a_reranker_that_is_not_a_folder_is_one_clear_error(name: str) -> None:
    with pytest.raises(ModelError, match="downloads no models") as caught:
        load_reranker(SearchSettings(reranker=name))

    assert "[search] reranker" in caught.value.hint


@pytest.mark.parametrize(
    ("config", "weights", "said"),
    [
        ({"auto_map": {"AutoModel": "theirs.Model"}}, "model.safetensors", "code of its own"),
        ({}, "pytorch_model.bin", "only safetensors"),
        ({}, "weights.h5", "no weights"),
    ],
)
def test_a_folder_with_pickles_code_or_nothing_is_refused(
    tmp_path: Path, config: dict[str, object], weights: str, said: str
) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / weights).touch()

    with pytest.raises(ModelError, match=said):
        load_reranker(SearchSettings(reranker=str(tmp_path)))


@pytest.mark.model
def test_the_fingerprint_of_a_reranker_is_of_its_files(reranker: Path, stance: Path, tmp_path: Path) -> None:
    one, two = (load_reranker(SearchSettings(reranker=str(reranker))) for _ in range(2))
    other = load_stance_model(StanceSettings(model=str(stance)))

    assert one is not None
    assert two is not None
    assert other is not None
    assert one.fingerprint == two.fingerprint != other.fingerprint
    assert one.fingerprint.startswith("bert-32/cross-torch-fp32/")


@pytest.mark.model
def test_a_stance_model_gives_supports_refutes_and_neutral_by_its_own_label_names(stance: Path) -> None:
    from sentence_transformers import CrossEncoder

    loaded = load_stance_model(StanceSettings(model=str(stance)))
    assert loaded is not None
    given = loaded.probabilities("fraud in the election", PASSAGES)

    pairs = [(one, "fraud in the election") for one in PASSAGES]
    theirs = CrossEncoder(str(stance), device="cpu").predict(pairs, apply_softmax=True)

    assert np.allclose(given, theirs[:, [1, 0, 2]], atol=1e-5)
    assert np.allclose(given.sum(axis=1), 1, atol=1e-6)


@pytest.mark.model
@pytest.mark.parametrize("labels", [["LABEL_0", "LABEL_1", "LABEL_2"], ["entailment", "neutral"], ["supports"] * 3])
def test_a_stance_model_whose_labels_do_not_say_is_refused(stance: Path, tmp_path: Path, labels: list[str]) -> None:
    for file in stance.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    relabel(tmp_path, labels)

    with pytest.raises(ModelError, match="not three stances") as caught:
        load_stance_model(StanceSettings(model=str(tmp_path)))

    assert "id2label" in caught.value.hint
