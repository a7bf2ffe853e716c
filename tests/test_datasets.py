"""Data sets say what people judged, invent nothing, tell no name, and are the same bytes for the same ledger and seed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from workbench.benchmark.beir import read_collection
from workbench.benchmark.evaluate import evaluate
from workbench.cli import main
from workbench.datasets import Wanted
from workbench.datasets.splits import Splits
from workbench.desk import Desk
from workbench.errors import UsageError, WorkbenchError
from workbench.models import AnswerDraft, Case, Cite, Mark, QuestionDraft, SourceMeta, VerdictRequest
from workbench.reporting import Selection

FRAUD, BOATS, OPEN = "fraud", "boats", "open"
OBSERVERS = (
    "Observers watched the polls.\n\nThey found no fraud. The claims of fraud are disputed.\n\nRain fell on the capital.\n"
)
HARBOUR = "Fishing boats returned to the harbour.\n\nThe storm had sunk two boats.\n"
SECRET = "The informant-canary says the boats were sunk by the navy.\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Three claims: one that stands with questions and a group, one that two people rate apart, one without a verdict."""
    home = tmp_path_factory.mktemp("data") / "desk"
    for part in ("claims", "evidence", "new"):
        (home / part).mkdir(parents=True)
    (home / "workbench.toml").write_text('name = "Test desk"\n', encoding="utf-8")
    for name, text in {"observers.txt": OBSERVERS, "harbour.txt": HARBOUR, "path-canary.txt": SECRET}.items():
        (home / "new" / name).write_text(text, encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as opened:
        opened.add_evidence([home / "new" / "observers.txt"], meta=SourceMeta(title="Observers", url="https://example.org/o"))
        opened.add_evidence([home / "new" / "harbour.txt"])
        opened.add_evidence([home / "new" / "path-canary.txt"], meta=SourceMeta(access="confidential"))
        said = {
            "claimant": {"name": "The junta"},
            "claimed_on": "2021-06-23",
            "appearances": [{"url": "https://example.org/c"}],
        }
        opened.add_claim(make_claim(FRAUD, "The election was marred by fraud.", **said), actor=ANA)
        opened.add_claim(make_claim(BOATS, "The storm sunk no boats."), actor=ANA)
        opened.add_claim(make_claim(OPEN, "Rain fell."), actor=ANA)
        _judge(opened)
        yield opened


def _words(desk: Desk, words: str) -> str:
    """The id of exactly these words, wherever they stand."""
    for entry in desk.library():
        at = desk.source(entry.source_id)[1].text.find(words)
        if at >= 0:
            return f"{entry.source_id[:16]}-{at}-{at + len(words)}"
    raise AssertionError(words)


def _judge(desk: Desk) -> None:
    found, disputed, sunk, secret = (
        _words(desk, one)
        for one in (
            "They found no fraud.",
            "The claims of fraud are disputed.",
            "The storm had sunk two boats.",
            SECRET.strip(),
        )
    )
    receipt = desk.match(FRAUD, mode="lexical").receipt
    asked = (
        QuestionDraft(
            text="Was fraud found?",
            answers=(
                AnswerDraft(kind="extractive", text="found no fraud", passage_ids=(found,)),
                AnswerDraft(kind="extractive", text="informant-canary", passage_ids=(secret,)),
            ),
        ),
    )
    cites = (
        *(Cite(passage_id=one, stance="refutes", group=1) for one in (found, disputed)),
        Cite(passage_id=secret, stance="context", note="note-canary"),
    )
    first = VerdictRequest(claim_id=FRAUD, rating="refuted", rationale="rationale-canary", reviewer=ANA, token="a", cites=cites)
    desk.record(first.model_copy(update={"explanation": "None was found.", "questions": asked, "receipt": receipt}))
    rain = _words(desk, "Rain fell on the capital.")
    desk.mark(FRAUD, BO, Mark(passage_id=rain, judgement="not-relevant", reason="reason-canary"))
    for token, who, rating, stance in (("b", ANA, "refuted", "refutes"), ("c", BO, "supported", "supports")):
        cited = (Cite(passage_id=sunk, stance=stance),)
        desk.record(VerdictRequest(claim_id=BOATS, rating=rating, rationale="x", reviewer=who, token=token, cites=cited))


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def tree(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


# --- AVeriTeC ------------------------------------------------------------------------------------------------------


def test_averitec_has_what_was_recorded_and_null_for_what_nobody_did(desk: Desk, tmp_path: Path) -> None:
    manifest = desk.datasets.write("averitec", tmp_path / "out")

    (record,) = json.loads((tmp_path / "out" / "averitec.json").read_text())
    assert (record["label"], record["justification"], record["speaker"]) == ("Refuted", "None was found.", "The junta")
    assert (record["claim_date"], record["original_claim_url"]) == ("23-6-2021", "https://example.org/c")
    assert record["location_ISO_code"] is record["claim_types"] is record["required_reannotation"] is None
    (question,) = record["questions"]
    (answer,) = question["answers"]  # the other rests on a source that is not public
    assert (answer["answer"], answer["answer_type"]) == ("found no fraud", "Extractive")
    assert answer["source_url"] == "https://example.org/o"
    assert manifest["null"]["location_ISO_code"] == 1
    assert manifest["left_out"]["answers that rest on sources that are not public"] == 1
    assert manifest["left_out"]["claims of which no verdict stands"] == 2


def test_each_reviewer_has_a_record_of_their_own_under_a_pseudonym_that_stays(desk: Desk, tmp_path: Path) -> None:
    desk.datasets.write("averitec", tmp_path / "out")

    told = [one["workbench"] for one in json.loads((tmp_path / "out" / "reviewers.json").read_text())]
    assert [(one["claim_id"], one["rating"]["slug"]) for one in told] == [
        (FRAUD, "refuted"), (BOATS, "refuted"), (BOATS, "supported"),
    ]  # fmt: skip
    ana, same, bo = (one["reviewer"] for one in told)
    assert ana == same == desk.ledger.pseudonyms.of_reviewer(ANA)
    assert bo != ana
    assert {one["guidelines"] for one in told} == {desk.settings.review.policy_hash}


def test_no_name_path_note_or_confidential_word_is_in_any_form(desk: Desk, tmp_path: Path) -> None:
    for form in ("averitec", "fever", "beir"):
        desk.datasets.write(form, tmp_path / form)

    whole = b"".join(data for form in tmp_path.iterdir() for data in tree(form).values()).decode()
    for canary in ("canary", "self-declared", '"Ana"', '"Bo"', "harbour.txt"):
        assert canary not in whole


# --- FEVER ---------------------------------------------------------------------------------------------------------


def test_fever_counts_the_sentences_that_count_together_as_one_set(desk: Desk, tmp_path: Path) -> None:
    desk.datasets.write("fever", tmp_path / "out")

    (record,) = lines(tmp_path / "out" / "fever.jsonl")
    assert (record["label"], record["verifiable"]) == ("REFUTES", "VERIFIABLE")
    (together,) = record["evidence"]
    documents = {one["id"]: one["lines"].split("\n") for one in lines(tmp_path / "out" / "documents.jsonl")}
    assert [documents[document][ordinal] for _, _, document, ordinal in together] == [
        "1\tThey found no fraud.", "2\tThe claims of fraud are disputed.",
    ]  # fmt: skip


def test_what_fever_has_no_class_for_is_written_apart(home: Path, tmp_path: Path) -> None:
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        for one, rating in (("a", "conflicting-evidence"), ("b", "not-enough-evidence")):
            desk.add_claim(make_claim(one, f"Claim {one} says a thing."), actor=ANA)
            request = VerdictRequest(claim_id=one, rating=rating, rationale="x", reviewer=ANA, token=one)
            if one == "b":
                desk.record(request)
        (home / "workbench.toml").write_text("[review.policy]\ndecisive_needs_citation = false\n", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        desk.record(request.model_copy(update={"claim_id": "a", "rating": "conflicting-evidence", "token": "a"}))
        desk.datasets.write("fever", tmp_path / "out")

    assert [(one["id"], one["label"]) for one in lines(tmp_path / "out" / "fever.jsonl")] == [("b", "NOT ENOUGH INFO")]
    assert [(one["id"], one["label"]) for one in lines(tmp_path / "out" / "no-class.jsonl")] == [("a", None)]


# --- BEIR ----------------------------------------------------------------------------------------------------------


def test_beir_tells_not_relevant_from_shown_and_from_never_shown(desk: Desk, tmp_path: Path) -> None:
    desk.datasets.write("beir", tmp_path / "out")

    corpus = {one["_id"]: one["text"] for one in lines(tmp_path / "out" / "corpus.jsonl")}
    rows = [line.split("\t") for line in (tmp_path / "out" / "qrels.tsv").read_text().splitlines()[1:]]
    shown = [line.split("\t") for line in (tmp_path / "out" / "shown.tsv").read_text().splitlines()[1:]]
    graded = {(query, grade): corpus[passage] for query, passage, grade in rows}
    assert "They found no fraud." in graded[FRAUD, "2"]
    assert "Rain fell" in graded[FRAUD, "0"] or "Rain fell" in graded[FRAUD, "2"]  # short paragraphs may share a passage
    assert not {(query, passage) for query, passage, _ in rows} & {(query, passage) for query, passage, _ in shown}
    assert {query for query, _, _ in rows} == {FRAUD}  # two people rate the other apart: only their own words are told
    own = [one for one in lines(tmp_path / "out" / "judgements.jsonl") if one["query"] == BOATS]
    assert [one["stance"] for one in own] == ["refutes", "supports"]


def test_eval_reads_a_beir_export_back(desk: Desk, tmp_path: Path) -> None:
    desk.datasets.write("beir", tmp_path / "out", wanted=Wanted(split="claim-group"))

    collection = read_collection(tmp_path / "out")
    measured = evaluate(tmp_path / "out", mode="lexical")

    assert set(collection.queries) == {FRAUD, BOATS, OPEN}
    assert set(collection.relevant) == {FRAUD}
    assert (measured["queries"], measured["recall@10"]) == (1, 1.0)


# --- text, and the same bytes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["averitec", "fever", "beir"])
def test_a_data_set_without_words_is_made_whole_again_to_the_byte(form: Any, desk: Desk, tmp_path: Path) -> None:
    desk.datasets.write(form, tmp_path / "full")
    desk.datasets.write(form, tmp_path / "again")
    desk.datasets.write(form, tmp_path / "none", wanted=Wanted(with_text=False))

    found = desk.datasets.hydrate(tmp_path / "none", tmp_path / "whole")

    assert tree(tmp_path / "full") == tree(tmp_path / "again") == tree(tmp_path / "whole")
    assert b"found no fraud" not in b"".join(tree(tmp_path / "none").values())
    assert (found.missing, found.filled > 0) == ({}, True)


def test_words_that_are_not_here_stay_null_and_are_counted(desk: Desk, home: Path, tmp_path: Path) -> None:
    desk.datasets.write("beir", tmp_path / "none", wanted=Wanted(with_text=False))

    with Desk.open(home, encoder=FakeEncoder) as elsewhere:
        found = elsewhere.datasets.hydrate(tmp_path / "none", tmp_path / "part")

    assert (found.filled, sum(found.missing.values())) == (0, len(lines(tmp_path / "none" / "corpus.jsonl")))


def test_a_folder_that_is_no_data_set_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.datasets.write("fever", tmp_path / "out", wanted=Wanted(with_text=False))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    hostile = {
        "no json": "{",
        "list": "[]",
        "a path": json.dumps({**manifest, "files": [{"path": "../../etc/passwd", "sha256": "0" * 64}]}),
        "newer": json.dumps({**manifest, "version": 99}),
        "other files": json.dumps({**manifest, "files": [{"path": "fever.jsonl", "sha256": "0" * 64}]}),
    }
    for text in hostile.values():
        (tmp_path / "out" / "manifest.json").write_text(text)
        with pytest.raises(WorkbenchError) as refused:
            desk.datasets.hydrate(tmp_path / "out", tmp_path / "whole")
        assert refused.value.code == "bad_data_set"

    assert not (tmp_path / "whole").exists()


# --- splits --------------------------------------------------------------------------------------------------------


def many(count: int) -> dict[str, Case]:
    """Claims in pairs that say the same; every third claimant is one person; days of one year."""
    cases = {}
    for number in range(count):
        said = f"The ministry of {number // 2} spent {number // 2 + 10} million on roads between the towns last year."
        when = date(2021, 1 + number % 12, 1 + number % 28).isoformat() if number % 5 else None
        claimant = {"name": f"Speaker {number // 2 % 3}"} if number // 2 % 3 == 0 else {"name": f"Nobody {number // 2}"}
        claim = make_claim(f"c{number:03}", said, claimed_on=when, claimant=claimant)
        cases[claim.id] = Case(claim=claim, status="todo")
    return cases


@pytest.mark.parametrize("by", ["claim-group", "claimant", "time"])
def test_a_split_parts_no_claims_that_say_the_same(by: Any) -> None:
    cases = many(60)
    splits = Splits(cases, cases, by=by, seed=7)

    drawn = [splits.split_of(one) for one in cases]
    assert drawn[::2] == drawn[1::2] or by == "time"
    for group in {splits.group_of(one) for one in cases}:
        assert len({splits.split_of(one) for one in cases if splits.group_of(one) == group}) == 1
    assert drawn == [Splits(cases, cases, by=by, seed=7).split_of(one) for one in reversed(list(cases))][::-1]
    if by == "claimant":
        assert len({splits.split_of(one) for one, case in cases.items() if case.claim.claimant.name == "Speaker 0"}) == 1  # type: ignore[union-attr]
    assert set(drawn) - {None} == {"train", "dev", "test"}


def test_a_split_by_time_trains_on_older_claims_than_it_tests_on() -> None:
    cases = many(60)
    splits = Splits(cases, cases, by="time", seed=0)

    day = {one: case.claim.claimed_on.latest for one, case in cases.items()}
    newest = {name: max(day[one] or date.min for one in cases if splits.split_of(one) == name) for name in ("train", "test")}
    assert newest["train"] < newest["test"]


def test_shares_are_drawn_of_what_was_judged_and_the_rest_goes_along() -> None:
    cases = many(60)
    judged = [one for number, one in enumerate(cases) if number < 20 and not number % 2]  # one of each pair

    splits = Splits(cases, judged, by="claim-group", seed=7)

    drawn = [splits.split_of(one) for one in cases]
    assert [drawn[::2][:10].count(name) for name in ("train", "dev", "test")] == [7, 2, 1]
    assert drawn[:20:2] == drawn[1:20:2]
    assert set(drawn[20:]) == {None}


def test_another_seed_draws_otherwise() -> None:
    cases = many(60)

    drawn = [[Splits(cases, cases, by="claim-group", seed=seed).split_of(one) for one in cases] for seed in (1, 2)]

    assert drawn[0] != drawn[1]


# --- the command line ----------------------------------------------------------------------------------------------


def test_the_commands_write_files_folders_and_stdout(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str | Path) -> tuple[int, str]:
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments), "-w", str(desk.workspace.root)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0), capsys.readouterr().out

    code, out = run("export", "--format", "averitec", "-o", "-")
    assert (code, json.loads(out)[0]["label"]) == (0, "Refuted")
    assert run("export", "--format", "fever", "-o", tmp_path / "f.jsonl")[0] == 0
    assert lines(tmp_path / "f.jsonl")[0]["label"] == "REFUTES"
    assert run("export", "--format", "beir", "-o", "-")[0] == 2
    assert run("export", "--format", "beir", "-o", tmp_path / "beir", "--text", "none", "--split", "time")[0] == 0
    assert run("hydrate", tmp_path / "beir", "-o", tmp_path / "whole")[0] == 0
    assert run("export", "--format", "beir", "-o", tmp_path / "x", "--split", "luck")[0] == 2


def test_only_chosen_claims_are_in_it(desk: Desk, tmp_path: Path) -> None:
    manifest = desk.datasets.write("averitec", tmp_path / "out", Selection((BOATS,)))

    assert manifest["counts"]["claims"] == 1
    with pytest.raises(UsageError):
        Selection(since=date(2022, 1, 1), until=date(2021, 1, 1))
