"""What another model would mean here, before the switch; and the switch itself, there and back."""

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import ANA, FakeEncoder, make_claim
from tests.tiny_models import save_encoder
from workbench.benchmark.model_check import compare, gather
from workbench.cli import main
from workbench.desk import Desk, new_token
from workbench.encoders.torch_runtime import TorchRuntime
from workbench.models import Cite, VerdictRequest

ARTICLE = "The ministry said there was fraud.\n\nObservers found no evidence of fraud.\n\nA cake needs three eggs.\n"


class Backwards(FakeEncoder):
    """Finds last what the fake encoder finds first: queries point the other way."""

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        return -super().encode(texts) if query else super().encode(texts)


def untold(what: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def fill(desk: Desk, home: Path) -> str:
    """One claim, three passages, and a verdict that cites the passage nearest to the claim; its id."""
    for at, sentence in enumerate(ARTICLE.split("\n\n")):
        (home / "evidence" / f"article-{at}.txt").write_text(sentence, encoding="utf-8")
    desk.sync_evidence()
    desk.add_claim(make_claim(statement="Observers found no evidence of fraud."), actor=ANA)
    cited = next(one for entry in desk.library() for one in desk.passages(entry.source_id) if "Observers" in one.text)
    request = VerdictRequest(
        claim_id="a-claim",
        rating="supported",
        rationale="It says so.",
        explanation="Observers say so.",
        reviewer=ANA,
        cites=(Cite(passage_id=cited.passage_id, stance="supports"),),
        token=new_token(),
    )
    desk.record(request)
    return cited.passage_id


def test_two_models_are_compared_on_the_claims_and_the_cited_passages_of_the_workspace(desk: Desk, home: Path) -> None:
    cited = fill(desk, home)
    found = gather(desk, "this workspace")
    assert found is not None

    said = compare(found, Backwards(), FakeEncoder(), untold)

    assert (said.claims, said.passages, said.of, said.top10) == (1, 3, 3, 1.0)
    assert [(one.claim_id, one.passage_id, one.rank, one.present_rank) for one in said.cited] == [("a-claim", cited, 3, 1)]


def test_a_model_that_ranks_otherwise_agrees_less(desk: Desk, home: Path) -> None:
    for at in range(20):
        (home / "evidence" / f"many-{at}.txt").write_text(f"Sentence {at} is on another subject.", encoding="utf-8")
    fill(desk, home)
    found = gather(desk, "this workspace")
    assert found is not None

    alike, unlike = (compare(found, one, FakeEncoder(), untold).top10 for one in (FakeEncoder(), Backwards()))

    assert alike == 1.0
    assert unlike == 0.7  # the three articles are last instead of first; the seven after them are as before


def test_a_workspace_without_evidence_has_nothing_to_compare_on(desk: Desk) -> None:
    desk.add_claim(make_claim(), actor=ANA)

    assert gather(desk, "this workspace") is None


# --- the command, with real models ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_encoder(tmp_path_factory.mktemp("tiny"))


def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str | Path) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments)])
    code = 0
    try:
        main()
    except SystemExit as stop:
        code = int(stop.code or 0)
    return code, *capsys.readouterr()


@pytest.mark.long
@pytest.mark.model
@pytest.mark.process
def test_a_check_without_a_workspace_says_what_the_model_is_and_how_fast(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, saved: Path, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    monkeypatch.setenv("WORKBENCH_SEARCH__MODEL", str(saved))

    code, out, err = call(capsys, monkeypatch, "model", "check", saved, "--dimensions", "8", "--runtime", "torch", "--json")

    found = json.loads(out)
    assert code == 0, err
    assert (found["model"]["dimension"], found["present"]["dimension"]) == (8, 32)
    assert (found["model"]["runtime"], found["model"]["precision"], found["model"]["notice"]) == ("torch", "fp32", None)
    assert found["model"]["languages_checked"] == []
    assert found["speed"]["texts_per_second"] > 0
    assert found["speed"]["memory_mb"] > 50
    assert found["agreement"]["of_what"] == "the sample workspace"
    assert 0 < found["agreement"]["top10"] <= 1


@pytest.mark.model
def test_a_check_of_what_is_no_model_is_one_clear_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    code, out, _ = call(capsys, monkeypatch, "model", "check", "no-such-model", "--workspace", home, "--json")

    assert (code, json.loads(out)["error"]["code"]) == (1, "model")


@pytest.mark.model
def test_a_model_is_made_ready_before_anybody_waits_for_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, saved: Path, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    monkeypatch.setenv("WORKBENCH_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("WORKBENCH_SEARCH__MODEL", str(saved))

    code, out, _ = call(capsys, monkeypatch, "model", "prepare", "--json")

    made = json.loads(out)
    assert (code, made["notice"]) == (0, None)
    assert made["fingerprint"].split("/")[1].startswith("openvino-")
    assert list((tmp_path / "cache" / "models").rglob("*.xml"))


def test_a_check_in_a_folder_that_is_no_workspace_is_bad_usage(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    code, out, _ = call(capsys, monkeypatch, "model", "check", "packaged", "--workspace", tmp_path, "--json")

    assert (code, json.loads(out)["error"]["code"]) == (2, "usage")


def watch(runtime: type[TorchRuntime], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every text the runtime is given from now on."""
    seen: list[str] = []
    rows = runtime.rows

    def watched(self: TorchRuntime, texts: Sequence[str], *, prompt: str, query: bool) -> NDArray[np.float32]:
        seen.extend(texts)
        return rows(self, texts, prompt=prompt, query=query)

    monkeypatch.setattr(runtime, "rows", watched)
    return seen


# --- the switch ----------------------------------------------------------------------------------------------------


@pytest.mark.model
def test_a_generation_made_by_one_runtime_is_refused_by_another_and_switching_back_encodes_nothing(
    home: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_SEARCH__MODEL", str(saved))
    monkeypatch.setenv("WORKBENCH_SEARCH__RUNTIME", "torch")
    (home / "evidence" / "article.txt").write_text(ARTICLE, encoding="utf-8")
    with Desk.open(home) as slow:
        slow.sync_evidence()
    monkeypatch.setenv("WORKBENCH_SEARCH__RUNTIME", "openvino")

    with Desk.open(home) as fast:
        refused = fast.find("fraud")
        fast.sync_evidence()
        found = fast.find("fraud")
    monkeypatch.setenv("WORKBENCH_SEARCH__RUNTIME", "torch")
    encoded = watch(TorchRuntime, monkeypatch)
    with Desk.open(home) as slow:
        slow.sync_evidence()
        back = slow.find("fraud")

    assert refused.receipt.mode == "lexical"
    assert "torch-fp32" in refused.receipt.warnings[0]
    assert "Run: workbench evidence reindex" in refused.receipt.warnings[0]
    assert (found.receipt.mode, found.receipt.warnings, back.receipt.mode) == ("hybrid", (), "hybrid")
    assert [hit.passage_id for hit in found.hits] == [hit.passage_id for hit in back.hits]
    assert not any("Observers" in text for text in encoded)


@pytest.mark.model
def test_until_the_new_generation_is_published_the_one_of_the_former_model_answers(
    home: Path, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    shutil.copytree(saved, other)
    (other / "config_sentence_transformers.json").write_text(json.dumps({"prompts": {"query": "claim : "}}))
    (home / "evidence" / "article.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_SEARCH__MODEL", str(saved))
    with Desk.open(home) as former:
        former.sync_evidence()
        monkeypatch.setenv("WORKBENCH_SEARCH__MODEL", str(other))
        with Desk.open(home) as new:
            before = former.find("fraud")

            new.sync_evidence()

            assert (before.receipt.mode, new.find("fraud").receipt.mode) == ("hybrid", "hybrid")
            assert before.receipt.model_fingerprint != new.find("fraud").receipt.model_fingerprint
