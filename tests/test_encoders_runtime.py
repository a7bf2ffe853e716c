"""The fast runtime: converted once, verified before use, equal to the reference; and what happens where it cannot be."""

import errno
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.tiny_models import save_encoder
from workbench import encoders, hashing
from workbench.encoders import converted, load_encoder, model_fingerprint, openvino_runtime, torch_runtime
from workbench.encoders import folder as folder_module
from workbench.encoders.folder import file_sha256, open_folder
from workbench.errors import ModelError
from workbench.folders import cache_folder
from workbench.settings import SearchSettings

pytestmark = pytest.mark.model  # each loads a real model, if a tiny one

TEXTS = ["the election was fraud", "observers found no evidence", "a cake of three eggs and flour", "x" * 300, "", "Law."] * 9


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_encoder(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of this test's own: nothing was converted yet."""
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def settings(model: Path, **keys: Any) -> SearchSettings:
    return SearchSettings(model=str(model), **keys)


def conversions(cache: Path) -> list[str]:
    return sorted(path.name for path in (cache / "models").glob("*"))


def test_the_fast_runtime_gives_the_vectors_of_the_reference(saved: Path, cache: Path) -> None:
    fast, slow = load_encoder(settings(saved)), load_encoder(settings(saved, runtime="torch"))

    cosines = (fast.encode(TEXTS) * slow.encode(TEXTS)).sum(axis=1)

    assert cosines.min() > 0.99999
    assert (fast.notice, fast.dimension, fast.max_words) == (None, 32, slow.max_words)


def test_runtime_and_precision_are_part_of_the_fingerprint(saved: Path, cache: Path) -> None:
    fast, slow = load_encoder(settings(saved)), load_encoder(settings(saved, runtime="torch"))

    assert fast.fingerprint.split("/")[1] in ("openvino-fp32", "openvino-bf16")
    assert slow.fingerprint.split("/")[1] == "torch-fp32"
    assert (model_fingerprint(settings(saved)), model_fingerprint(settings(saved, runtime="torch"))) == (
        fast.fingerprint,
        slow.fingerprint,
    )


def test_a_model_is_converted_once(saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = load_encoder(settings(saved)).encode(TEXTS)
    monkeypatch.setattr(openvino_runtime, "convert", None)  # calling it again would fail

    second = load_encoder(settings(saved)).encode(TEXTS)

    assert np.array_equal(first, second)
    assert len(conversions(cache)) == 1


def test_a_converted_model_that_was_altered_is_made_again(saved: Path, cache: Path) -> None:
    before = load_encoder(settings(saved)).encode(TEXTS)
    weights = next(cache.rglob("model.bin"))
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\1")

    after = load_encoder(settings(saved))

    assert np.array_equal(after.encode(TEXTS), before)
    assert after.notice is None


def test_a_damaged_manifest_is_made_again(saved: Path, cache: Path) -> None:
    load_encoder(settings(saved)).encode(["claim"])
    next(cache.rglob("manifest.json")).write_text("{")

    assert load_encoder(settings(saved)).notice is None


def test_a_query_is_the_same_alone_and_among_others(saved: Path, cache: Path) -> None:
    encoder = load_encoder(settings(saved))

    alone = encoder.encode(TEXTS[:1])

    assert np.allclose(alone[0], encoder.encode(TEXTS)[0], atol=1e-6)


def test_a_long_list_is_tokenised_a_window_at_a_time(saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = load_encoder(settings(saved))
    whole = encoder.encode(TEXTS)
    seen: list[int] = []
    rows = openvino_runtime.OpenVinoRuntime.rows

    def counted(self: openvino_runtime.OpenVinoRuntime, texts: Any, **how: Any) -> Any:
        seen.append(len(texts))
        return rows(self, texts, **how)

    monkeypatch.setattr(openvino_runtime.OpenVinoRuntime, "rows", counted)
    monkeypatch.setattr(encoders, "WINDOW", 20)

    assert np.allclose(encoder.encode(TEXTS), whole, atol=1e-6)
    assert seen == [20, 20, 14]


def test_a_query_has_one_stream_compiled_and_a_long_list_one_for_each_core(
    saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_encoder(settings(saved)).encode(["converted here"])
    monkeypatch.setattr(openvino_runtime, "cores", lambda: 2)
    asked: list[int] = []
    configure = openvino_runtime._configuration

    def counted(precision: str, *, streams: int) -> dict[str, Any]:
        asked.append(streams)
        return configure(precision, streams=streams)

    monkeypatch.setattr(openvino_runtime, "_configuration", counted)
    encoder = load_encoder(settings(saved))

    encoder.encode(TEXTS[:1], query=True)
    assert asked == [1]

    encoder.encode(TEXTS)
    encoder.encode(TEXTS)
    assert asked == [1, 2]


def test_queries_and_passages_may_be_encoded_by_several_threads_at_once(saved: Path, cache: Path) -> None:
    encoder = load_encoder(settings(saved))
    passages, query = encoder.encode(TEXTS), encoder.encode(TEXTS[:1], query=True)

    with ThreadPoolExecutor(4) as pool:
        many = list(pool.map(encoder.encode, [TEXTS, TEXTS[:1]] * 20))

    assert all(np.allclose(one, passages, atol=1e-6) for one in many[::2])
    assert all(np.allclose(one, query, atol=1e-6) for one in many[1::2])


def test_where_there_is_a_gpu_torch_is_the_fast_runtime(saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoders, "gpu_at_hand", lambda: True)
    encoder = load_encoder(settings(saved))

    assert (encoder.fingerprint.split("/")[1], encoder.notice) == ("torch-fp32", None)
    assert model_fingerprint(settings(saved)) == encoder.fingerprint


def test_batches_hold_every_text_once_and_about_512_tokens() -> None:
    lengths = [5, 200, 90, 7, 100, *([30] * 40)]

    batches = list(openvino_runtime.batches_by_length(lengths))

    assert sorted(at for batch in batches for at in batch) == list(range(45))
    assert batches[0] == [1, 4]
    assert max(len(batch) * -(-lengths[batch[0]] // 8) * 8 for batch in batches) <= 512


# --- where it cannot be: torch instead, and it is said -------------------------------------------------------------


def assert_runs_on_torch(saved: Path, said: str) -> None:
    encoder = load_encoder(settings(saved))

    assert encoder.encode(["claim"]).shape == (1, 32)
    assert encoder.fingerprint.split("/")[1] == "torch-fp32"
    assert encoder.notice is not None
    assert said in encoder.notice


def test_without_openvino_the_model_runs_on_torch(saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)

    assert_runs_on_torch(saved, "OpenVINO is not installed")


def test_without_openvino_a_workspace_that_insists_on_it_is_told_how_to_mend_it(
    saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)

    with pytest.raises(ModelError, match="not installed") as caught:
        load_encoder(settings(saved, runtime="openvino")).encode(["claim"])

    assert "pip install openvino" in caught.value.hint


def test_on_a_processor_openvino_does_not_know_the_model_runs_on_torch(
    saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_avx() -> None:
        raise RuntimeError("CPU plugin requires AVX2\nmore detail")

    monkeypatch.setattr(openvino_runtime, "find_device", no_avx)

    assert_runs_on_torch(saved, "does not run on this processor: RuntimeError: CPU plugin requires AVX2")


@pytest.mark.parametrize(("capabilities", "precision"), [(["FP32", "BF16"], "bf16"), (["FP32", "INT8"], "fp32")])
def test_bf16_is_used_only_where_the_processor_has_it(
    monkeypatch: pytest.MonkeyPatch, capabilities: list[str], precision: str
) -> None:
    class Core:
        def get_property(self, device: str, name: str) -> Any:
            return capabilities if name == "OPTIMIZATION_CAPABILITIES" else "A processor"

    monkeypatch.setattr(openvino_runtime.load_openvino(), "Core", Core)

    assert openvino_runtime.find_device().precision == precision


def test_one_core_is_enough(saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino_runtime, "cores", lambda: 1)

    encoder = load_encoder(settings(saved, runtime="openvino"))

    assert encoder.encode(TEXTS).shape == (54, 32)


@pytest.mark.parametrize("failing", ["convert", "save"])
def test_a_full_disk_during_conversion_leaves_nothing_and_the_model_runs_on_torch(
    saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*((openvino_runtime, "convert") if failing == "convert" else (np, "save")), full)

    assert_runs_on_torch(saved, "could not be kept")
    assert conversions(cache) == []


def test_a_disk_that_loses_bytes_during_conversion_is_noticed_before_the_model_is_used(
    saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = np.save

    def cut_short(path: Path, rows: Any, **asked: Any) -> None:
        save(path, rows, **asked)
        os.truncate(next(cache.rglob("model.bin")), 100)

    monkeypatch.setattr(np, "save", cut_short)

    assert_runs_on_torch(saved, "cannot run this model here")
    assert list(cache.rglob("manifest.json")) == []


def test_a_cache_folder_that_cannot_be_made_is_named(saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a file").touch()
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "a file"))

    assert_runs_on_torch(saved, "a file")


def test_a_model_openvino_cannot_convert_runs_on_torch_and_is_not_tried_again(
    saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: Any) -> None:
        raise RuntimeError("No conversion rule found for operations: aten::odd")

    monkeypatch.setattr(openvino_runtime, "convert", unknown)
    assert_runs_on_torch(saved, "cannot convert this model: RuntimeError: No conversion rule found for operations: aten::odd")
    monkeypatch.undo()
    monkeypatch.setenv("WORKBENCH_CACHE", str(cache))

    assert_runs_on_torch(saved, "aten::odd")
    assert model_fingerprint(settings(saved)).split("/")[1] == "torch-fp32"


def test_vectors_that_differ_from_the_reference_are_not_used(saved: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converted, "traceable", lambda model: _turned(*TRACEABLE(model)))

    assert_runs_on_torch(saved, "OpenVINO's vectors are not those of torch (cosine")


TRACEABLE = torch_runtime.traceable


def _turned(module: Any, example: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The same module, its vectors turned a little: by an angle whose cosine is 0.999."""
    import torch

    class Turned(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.module = module

        def forward(self, *values: Any) -> Any:
            rows = self.module(*values)
            return torch.nn.functional.normalize(rows + 0.045 * torch.roll(rows, 1, dims=1), dim=-1)

    return Turned().eval(), example


def test_a_converted_model_that_gives_other_vectors_later_is_not_used(saved: Path, cache: Path) -> None:
    load_encoder(settings(saved)).encode(["claim"])
    place = next((cache / "models").iterdir())
    golden = np.load(place / "golden.npy")
    np.save(place / "golden.npy", np.roll(golden, 1, axis=1))
    manifest = json.loads((place / "manifest.json").read_text())
    manifest["files"]["golden.npy"] = file_sha256(place / "golden.npy")
    (place / "manifest.json").write_text(json.dumps(manifest))

    assert_runs_on_torch(saved, "not those of torch")


# --- what a model returns ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("runtime", ["openvino", "torch"])
def test_a_model_that_returns_nan_is_one_clear_error(saved: Path, cache: Path, runtime: str) -> None:
    encoder = load_encoder(settings(saved, runtime=runtime))

    with pytest.raises(ModelError, match="NaN or infinity for 1 of 2 texts"):
        encoder.encode(["the judge", "a poison claim"])


# --- nothing heavy, nothing sent -----------------------------------------------------------------------------------


def in_a_fresh_process(code: str) -> str:
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    return found.stdout.strip()


HEAVY = "sorted({'torch', 'transformers', 'sentence_transformers', 'openvino.tools.ovc'} & set(sys.modules))"


def test_the_first_vector_in_a_fresh_process_needs_no_torch(saved: Path, cache: Path) -> None:
    load_encoder(settings(saved)).encode(["converted here"])
    code = f"""
import sys
from workbench.encoders import load_encoder
from workbench.settings import SearchSettings
encoder = load_encoder(SearchSettings(model={str(saved)!r}))
print(encoder.encode(["a query"], query=True).shape, encoder.notice, {HEAVY})
"""

    assert in_a_fresh_process(code) == "(1, 32) None []"


def test_a_fingerprint_needs_no_torch(saved: Path, cache: Path) -> None:
    code = f"""
import sys
from workbench.encoders import model_fingerprint
from workbench.settings import SearchSettings
print(model_fingerprint(SearchSettings(model={str(saved)!r}))[:17], {HEAVY})
"""

    assert in_a_fresh_process(code) == "bert-32/openvino- []"


def test_commands_that_need_no_model_load_none(home: Path) -> None:
    (home / "claims" / "one.yaml").write_text("id: one\nstatement: The election was marred by fraud.\n", encoding="utf-8")
    code = f"""
import sys
from workbench.cli import main
heavy = {{"torch", "transformers", "sentence_transformers", "openvino", "tokenizers", "faiss"}}
record = ["verdict", "record", "one", "--rating", "not-enough-evidence", "--reviewer", "Ana", "--rationale", "Searched."]
for arguments in (["--help"], ["claims", "list"], record, ["status"]):
    sys.argv = ["workbench", "--workspace", {str(home)!r}, *arguments]
    try:
        main()
        code = 0
    except SystemExit as stop:
        code = stop.code
    print("LOADED", code, sorted(heavy & set(sys.modules)))
"""

    said = [line for line in in_a_fresh_process(code).splitlines() if line.startswith("LOADED")]

    assert said == ["LOADED 0 []"] * 4


def test_openvino_makes_no_telemetry_object(saved: Path, cache: Path) -> None:
    load_encoder(settings(saved)).encode(["converted here"])
    from openvino.tools import ovc

    assert type(ovc.telemetry).__module__ == "openvino.tools.ovc.telemetry_stub"
    assert [name for name in sys.modules if name.startswith("openvino_telemetry.")] == []


def test_the_cache_folder_is_the_platforms_unless_it_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("WORKBENCH_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    own = cache_folder()
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "named"))

    assert (own, cache_folder()) == (tmp_path / "workbench", tmp_path / "named")


# --- models as a setting -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def prompted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_encoder(tmp_path_factory.mktemp("prompted"), prompts={"query": "query : ", "passage": "passage : "})


@pytest.mark.parametrize("runtime", ["openvino", "torch"])
def test_the_models_own_prompts_are_used(prompted: Path, cache: Path, runtime: str) -> None:
    from sentence_transformers import SentenceTransformer

    encoder, theirs = load_encoder(settings(prompted, runtime=runtime)), SentenceTransformer(str(prompted), device="cpu")

    assert np.allclose(encoder.encode(["fraud"], query=True), theirs.encode_query(["fraud"]), atol=1e-5)
    assert np.allclose(encoder.encode(["fraud"]), theirs.encode_document(["fraud"]), atol=1e-5)
    assert not np.allclose(encoder.encode(["fraud"]), encoder.encode(["fraud"], query=True), atol=1e-3)


def test_prompts_in_the_settings_come_before_the_models_own_and_change_the_fingerprint(prompted: Path, cache: Path) -> None:
    own = load_encoder(settings(prompted))
    bare = load_encoder(settings(prompted, query_prompt=""))

    assert np.allclose(bare.encode(["query : fraud"], query=True), own.encode(["fraud"], query=True), atol=1e-6)
    assert bare.fingerprint != own.fingerprint
    assert len(conversions(cache)) == 1


@pytest.mark.parametrize("runtime", ["openvino", "torch"])
def test_vectors_can_be_cut_to_their_first_numbers(saved: Path, cache: Path, runtime: str) -> None:
    whole = load_encoder(settings(saved, runtime=runtime))
    cut = load_encoder(settings(saved, runtime=runtime, dimensions=8))

    first = whole.encode(TEXTS)[:, :8]

    assert cut.dimension == 8
    assert np.allclose(cut.encode(TEXTS), first / np.linalg.norm(first, axis=1, keepdims=True), atol=1e-6)
    assert cut.fingerprint != whole.fingerprint


def test_more_dimensions_than_the_model_has_are_one_clear_error(saved: Path, cache: Path) -> None:
    with pytest.raises(ModelError, match="dimensions is 64, but the model gives 32"):
        load_encoder(settings(saved, dimensions=64)).encode(["fraud"])


def test_a_model_with_a_dense_layer_is_converted_too(tmp_path: Path, cache: Path) -> None:
    encoder = load_encoder(settings(save_encoder(tmp_path, dense=16), runtime="openvino"))

    assert (encoder.dimension, encoder.encode(["fraud"]).shape) == (16, (1, 16))


def test_a_module_that_is_not_converted_is_named_and_runs_on_torch(tmp_path: Path, cache: Path) -> None:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    words = Tokenizer.from_file(str(save_encoder(tmp_path) / "tokenizer.json"))
    SentenceTransformer(modules=[StaticEmbedding(words, embedding_dim=32)], device="cpu").save_pretrained(
        str(tmp_path / "static")
    )

    assert_runs_on_torch(tmp_path / "static", "a module that is not converted: StaticEmbedding")


def test_a_name_in_the_hub_cache_of_this_machine_is_found(
    saved: Path, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    kept = tmp_path / "models--sentence-transformers--tiny"
    (kept / "refs").mkdir(parents=True)
    (kept / "refs" / "main").write_text("abc123")
    shutil.copytree(saved, kept / "snapshots" / "abc123")

    names = [load_encoder(SearchSettings(model=name)).fingerprint for name in ("tiny", "sentence-transformers/tiny")]

    assert names == [model_fingerprint(settings(saved))] * 2


# --- hashing once -------------------------------------------------------------------------------------------------------


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are hashed from here on."""
    names: list[str] = []
    whole = hashing._sha256

    def counting(path: Path) -> str:
        names.append(path.name)
        return whole(path)

    monkeypatch.setattr(hashing, "_sha256", counting)
    return names


def as_another_process() -> None:
    """Forget what only this process knows."""
    folder_module._files.cache_clear()


def test_another_process_hashes_no_model_that_was_hashed_before(saved: Path, cache: Path, hashed: list[str]) -> None:
    load_encoder(settings(saved)).encode(["law"])
    assert {"model.safetensors", "model.bin"} <= set(hashed)
    hashed.clear()

    as_another_process()
    load_encoder(settings(saved)).encode(["law"])

    assert hashed == []


def test_a_model_changed_behind_its_size_and_time_is_seen(saved: Path, cache: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(saved, model)
    before = open_folder(settings(model)).digest
    weights = model / "model.safetensors"
    seen, data = weights.stat(), bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    os.utime(weights, ns=(seen.st_atime_ns, seen.st_mtime_ns))

    as_another_process()

    assert open_folder(settings(model)).digest != before


def test_where_no_cache_can_be_written_a_model_is_hashed_each_time(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hashed: list[str]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "file"))
    for _ in range(2):
        as_another_process()
        open_folder(settings(saved))

    assert hashed.count("model.safetensors") == 2


def test_model_check_trusts_no_memory(saved: Path, cache: Path, hashed: list[str]) -> None:
    open_folder(settings(saved))
    hashed.clear()

    encoders.hash_again()
    open_folder(settings(saved))

    assert "model.safetensors" in hashed
