"""Measuring a stance model: scores by hand, calibration on claims it was not fitted on, and a floor beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tiny_models import save_cross_encoder
from workbench.benchmark.stance import Labelled, calibration_error, confusion, evaluate_stance, fitted_temperature, macro_f1
from workbench.cli import main
from workbench.errors import ModelError, WorkbenchError


class SaidJudge:
    """Gives each passage the probabilities written in it: "0.7 0.2 0.1"."""

    fingerprint = "said-judge"

    def probabilities(self, claim: str, passages: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[float(part) for part in passage.split()] for passage in passages], dtype=np.float32)


def write_pairs(folder: Path, pairs: Sequence[Mapping[str, str]]) -> Path:
    (folder / "stance.jsonl").write_text("".join(json.dumps(pair) + "\n" for pair in pairs), encoding="utf-8")
    return folder


def pair(claim: str, said: str, label: str, **more: str) -> dict[str, str]:
    return {"claim": claim, "passage": said, "label": label, **more}


THREE = [
    pair("a", "0.8 0.1 0.1", "supports", split="dev"),
    pair("a", "0.6 0.3 0.1", "refutes", split="dev"),
    pair("b", "0.1 0.7 0.2", "refutes", split="dev"),
    pair("b", "0.2 0.2 0.6", "neutral", split="test"),
    pair("c", "0.1 0.1 0.8", "neutral", split="test"),
]


def test_scores_and_confusion_are_those_counted_by_hand(tmp_path: Path) -> None:
    found = evaluate_stance(write_pairs(tmp_path, THREE), judge=SaidJudge())

    # F1: supports 2*1/(1+2), refutes 2*1/(2+1), neutral 1
    assert (found["macro_f1"], found["accuracy"]) == (round((2 / 3 + 2 / 3 + 1) / 3, 4), 0.8)
    assert found["confusion"] == {
        "supports": {"supports": 1, "refutes": 0, "neutral": 0},
        "refutes": {"supports": 1, "refutes": 1, "neutral": 0},
        "neutral": {"supports": 0, "refutes": 0, "neutral": 2},
    }
    assert (found["pairs"], found["claims"], found["model"]) == (5, 3, "said-judge")


def test_the_majority_stands_beside_it_as_the_floor(tmp_path: Path) -> None:
    found = evaluate_stance(write_pairs(tmp_path, THREE[:4]), judge=SaidJudge())

    # two of four refute: accuracy 0.5, F1 of refutes 2*2/(2+4), the others 0
    assert found["majority"] == {"label": "refutes", "macro_f1": 0.2222, "accuracy": 0.5}


def test_a_set_without_a_neutral_class_is_scored_on_the_two_that_occur(tmp_path: Path) -> None:
    pairs = [pair("a", "0.2 0.1 0.7", "supports"), pair("b", "0.1 0.3 0.6", "refutes")]

    found = evaluate_stance(write_pairs(tmp_path, pairs), judge=SaidJudge())

    assert (found["macro_f1"], list(found["confusion"])) == (1.0, ["supports", "refutes"])


def test_a_split_is_scored_alone(tmp_path: Path) -> None:
    assert evaluate_stance(write_pairs(tmp_path, THREE), judge=SaidJudge(), split="dev")["pairs"] == 3


def test_pairs_with_one_claim_id_are_one_claim(tmp_path: Path) -> None:
    pairs = [{**one, "claim_id": "same" if at < 3 else "other"} for at, one in enumerate(THREE)]

    assert evaluate_stance(write_pairs(tmp_path, pairs), judge=SaidJudge())["claims"] == 2


def labelled(rows: list[list[float]], truth: list[int]) -> Labelled:
    return Labelled(("supports", "refutes"), np.array(rows), np.array(truth), np.arange(len(truth)))


def test_a_model_that_says_ninety_and_is_right_six_times_in_ten_is_off_by_thirty() -> None:
    judged = labelled([[0.9, 0.1]] * 10, [0] * 6 + [1] * 4)

    assert calibration_error(judged) == pytest.approx(0.3)


def test_a_model_that_is_as_right_as_it_says_is_not_off() -> None:
    judged = labelled([[0.75, 0.25]] * 8 + [[0.0, 1.0]] * 2, [0] * 6 + [1] * 2 + [1] * 2)

    assert calibration_error(judged) == pytest.approx(0.0)


def test_the_temperature_brings_down_what_is_too_sure() -> None:
    judged = labelled([[0.99, 0.01]] * 10, [0] * 7 + [1] * 3)

    # 0.7 is the most likely: log(99) / T = log(7 / 3)
    assert fitted_temperature(judged) == pytest.approx(4.595 / 0.847, rel=0.01)


def test_a_model_that_is_right_as_often_as_it_says_keeps_its_temperature() -> None:
    judged = labelled([[0.8, 0.2]] * 10, [0] * 8 + [1] * 2)

    assert fitted_temperature(judged) == pytest.approx(1.0, rel=0.01)


def test_macro_f1_counts_a_stance_nobody_said_as_nothing() -> None:
    assert macro_f1(np.array([[3, 0], [1, 0]])) == pytest.approx((6 / 7) / 2)
    assert confusion(labelled([[0.9, 0.1], [0.4, 0.6]], [0, 0])).tolist() == [[1, 1], [0, 0]]


def test_the_temperature_is_fitted_on_half_of_the_claims_and_tried_on_the_rest(tmp_path: Path) -> None:
    pairs = [pair(f"claim {at}", "0.98 0.01 0.01", "supports" if at % 10 < 6 else "refutes") for at in range(200)]
    pairs += [pair(f"claim {at}", "0.01 0.01 0.98", "neutral") for at in range(200)]

    calibration = evaluate_stance(write_pairs(tmp_path, pairs), judge=SaidJudge())["calibration"]

    assert (calibration["fitted_on"], calibration["reported_on"]["claims"]) == ({"claims": 100, "pairs": 200}, 100)
    assert calibration["temperature"] > 1
    assert calibration["after"]["ece"] < calibration["before"]["ece"]
    assert calibration["after"]["log_loss"] < calibration["before"]["log_loss"]


def test_the_figures_are_the_same_on_every_run(tmp_path: Path) -> None:
    folder = write_pairs(tmp_path, THREE)

    assert evaluate_stance(folder, judge=SaidJudge()) == evaluate_stance(folder, judge=SaidJudge())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "stance.jsonl in bad is empty"),
        ('{"claim": "a"\n', "stance.jsonl line 1 is not JSON"),
        ('{"claim": "a", "passage": "b", "label": "maybe"}\n', "line 1: the label 'maybe' is none of supports, refutes"),
        ('{"claim": "a", "passage": " ", "label": "neutral"}\n', "line 1: claim and passage must be text"),
        ('{"claim": "a", "passage": "1 0 0", "label": "supports"}\n', "pairs of one claim only"),
    ],
)
def test_a_broken_stance_file_is_one_error_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "stance.jsonl").write_text(text, encoding="utf-8")

    with pytest.raises(WorkbenchError) as caught:
        evaluate_stance(tmp_path / "bad", judge=SaidJudge())

    assert (caught.value.code, said in caught.value.message) == ("bad_benchmark", True)


def test_a_folder_without_stance_pairs_or_such_a_split_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match=r"has no stance\.jsonl"):
        evaluate_stance(tmp_path, judge=SaidJudge())
    with pytest.raises(WorkbenchError, match="there are: dev, test"):
        evaluate_stance(write_pairs(tmp_path, THREE), judge=SaidJudge(), split="train")


@pytest.mark.parametrize("said", ["nan 0 1", "0.5 0.5", "3 1 2", "-0.5 0.5 1"], ids=["NaN", "two", "logits", "below 0"])
def test_a_model_that_returns_no_probabilities_is_one_error(tmp_path: Path, said: str) -> None:
    folder = write_pairs(tmp_path, [pair("a", said, "supports"), pair("b", said, "refutes")])

    with pytest.raises(ModelError, match="probabilities were due"):
        evaluate_stance(folder, judge=SaidJudge())


Command = Callable[..., tuple[int, str]]


@pytest.fixture
def measure(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """`workbench eval … --stance` far from any workspace: (exit code, what was printed)."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)

    def call(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["workbench", "eval", *map(str, arguments), "--stance"])
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0), capsys.readouterr().out

    return call


def test_without_a_model_the_command_says_which_setting_to_set(tmp_path: Path, measure: Command) -> None:
    code, out = measure(write_pairs(tmp_path, THREE), "--json")

    assert (code, json.loads(out)["error"]["code"]) == (1, "no_stance_model")
    assert "[stance] model" in json.loads(out)["error"]["hint"]


def test_a_stance_model_that_is_not_there_is_one_error(
    tmp_path: Path, measure: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_STANCE__MODEL", str(tmp_path / "nowhere"))

    code, out = measure(write_pairs(tmp_path, THREE), "--json")

    assert (code, json.loads(out)["error"]["code"]) == (1, "model")


@pytest.mark.model
def test_a_cross_encoder_on_this_disk_is_measured(tmp_path: Path, measure: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    model = save_cross_encoder(tmp_path / "nli", labels=["contradiction", "entailment", "neutral"])
    monkeypatch.setenv("WORKBENCH_STANCE__MODEL", str(model))
    folder = write_pairs(tmp_path, THREE)

    code, out = measure(folder, "--json")
    found = json.loads(out)
    assert (code, sum(sum(row.values()) for row in found["confusion"].values())) == (0, 5)
    assert 0 <= found["ece"] <= 1

    code, out = measure(folder)
    assert (code, out.split()[:4]) == (0, [found["model"], "on", "5", "pairs"])
    assert f"{found['macro_f1']:.3f}" in out


def test_misses_and_stance_are_not_asked_together(tmp_path: Path, measure: Command) -> None:
    assert measure(write_pairs(tmp_path, THREE), "--misses", tmp_path / "m.jsonl", "--json")[0] == 2
