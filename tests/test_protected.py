"""Sources that must be protected: nothing that leaves gives a confidential one away, and nothing public an internal one."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from tests.reliability.jobs import HereRoom
from tests.test_published import EVERY_ROUTE
from tests.test_report_forms import pdf_text
from workbench import api, intake, log
from workbench.casefile.checking import check_case_file
from workbench.desk import Desk
from workbench.doctor import doctor
from workbench.errors import Refused
from workbench.exports import EXPORTERS
from workbench.metadata import Edit
from workbench.models import (
    OPERATOR,
    AnswerDraft,
    Cite,
    Filters,
    Mark,
    Note,
    QuestionDraft,
    Reviewer,
    SourceMeta,
    VerdictRequest,
)
from workbench.query_table import AskedRow, HitTable, answered
from workbench.report.blocks import Edition

CLAIM = "the-vote"
SAID = "The vote was rigged by the election commission."
WORDS = {
    "open": "Observers of the vote saw no election commission rig it.",
    "confidential": "The vote was watched by a zirconquokka of the election commission.",
    "internal": "The vote was counted by a cobaltnarwhal of the election commission.",
    "later": "The vote was sealed by a tungstenaxolotl of the election commission.",
}
NAMES = {"confidential": "quokka", "internal": "narwhal", "later": "axolotl"}
TOLD_AS = "an officer who saw the count"


@pytest.fixture(scope="module", autouse=True)
def read_here() -> Iterator[None]:
    """Files are read in this process: no other is started."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "ReadingRoom", HereRoom)
        yield


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, str]]:
    """A published verdict that cites four files, one of them made confidential after it was published; and what was logged."""
    base = tmp_path_factory.mktemp("protected")
    home = base / "desk"
    for part in ("claims", "evidence"):
        (home / part).mkdir(parents=True)
    (home / "workbench.toml").write_text('name = "Test desk"\n', encoding="utf-8")
    log.open_log(base / "logs")
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        fill(desk)
        log.close_log()
        yield desk, (base / "logs" / log.NAME).read_text(encoding="utf-8")


def fill(desk: Desk, *, later: bool = True) -> None:
    folder = desk.workspace.evidence
    for which, words in WORDS.items():
        name = NAMES.get(which, "observer")
        (folder / f"{name}-path.txt").write_text(f"{words}\n\nIt took until the evening of that day.", encoding="utf-8")
        access = which if which in ("confidential", "internal") else "public"
        said = f"title: {name}-title\npublisher: {name}-publisher\nauthor: {name}-author\ntopics: [{name}-topic]\n"
        beside = folder / f"{name}-path.txt.meta.yaml"
        beside.write_text(f"{said}url: https://{name}.example\naccess: {access}\n", encoding="utf-8")
    (folder / "quokka-unread.txt").write_text(" ", encoding="utf-8")
    desk.sync_evidence()
    (folder / "quokka-waiting.txt").write_text("It waits.", encoding="utf-8")
    hidden = desk.evidence.find(source(desk, "confidential"))
    quote = {"sha256": hidden.source_id, "start": 0, "end": 3}
    desk.add_claim(make_claim(CLAIM, SAID, source_quote=quote, claimant={"name": "A candidate"}), actor=ANA)
    contact: dict[str, Any] = {"party": "expert", "channel": "phone", "question": "quokka-question", "name": "quokka-contact"}
    desk.contacts.ask(CLAIM, **{**contact, "by": ANA, "token": "c", "is_public": False})
    found = desk.match(
        CLAIM, filters=Filters(publishers=("quokka-publisher", "observer-publisher", "narwhal-publisher", "axolotl-publisher"))
    )
    for who in (ANA, BO):
        desk.mark(
            CLAIM, who, Mark(passage_id=passages(desk, "confidential")[-1], judgement="not-relevant", reason="quokka-mark")
        )
    cites = tuple(
        Cite(passage_id=passages(desk, which)[0], stance="refutes", origin=f"{NAMES.get(which, '')}-origin") for which in WORDS
    )
    answers = [
        AnswerDraft(kind="extractive", text=WORDS[which], passage_ids=(one.passage_id,))
        for which, one in zip(WORDS, cites, strict=True)
    ]
    asked = tuple(QuestionDraft(text=f"Who saw part {part}?", answers=(one,)) for part, one in enumerate(answers, 1))
    told: dict[str, Any] = {
        "rationale": "x",
        "headline": "It was not rigged",
        "explanation": "Four say so.",
        "receipt": found.receipt,
    }
    desk.record(VerdictRequest(claim_id=CLAIM, rating="refuted", cites=cites, questions=asked, reviewer=ANA, token="t", **told))
    desk.publish(CLAIM, "https://check.example/vote", actor=BO)
    if later:
        desk.metadata.edit(source(desk, "later"), Edit({"access": "confidential"}), actor=ANA)
    desk.protection.tell_as(source(desk, "confidential"), TOLD_AS, actor=ANA)


def source(desk: Desk, which: str) -> str:
    name = NAMES.get(which, "observer")
    return next(one.source_id for one in desk.evidence.entries().values() if one.meta.title == f"{name}-title")


def passages(desk: Desk, which: str) -> list[str]:
    return [one.passage_id for one in desk.passages(source(desk, which))]


def canaries(desk: Desk, *which: str) -> list[str]:
    """What must not be found: names, words, and the beginning of every id."""
    return [canary for one in which for canary in (NAMES[one], source(desk, one)[:16])]


def found_in(data: bytes, wanted: list[str], *, form: str = "") -> list[str]:
    """Those of the canaries that stand in a file, whatever it packs its text in."""
    if form == "pdf":
        text = pdf_text(data)
    elif data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            text = "".join(name + packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    else:
        text = data.decode("utf-8", "replace")
    text = text.casefold()
    return [one for one in wanted if one in text]


FORMS = [(form, edition) for form, one in EXPORTERS.items() for edition in (one.editions or (None,))]


@pytest.mark.parametrize(("form", "edition"), FORMS)
def test_no_form_of_a_report_in_any_edition_gives_a_protected_source_away(
    workspace: tuple[Desk, str], form: str, edition: Edition | None
) -> None:
    desk, _ = workspace
    data = b"".join(desk.reporting.pieces(form, edition=edition))
    for_colleagues = form in ("json", "jsonl") or edition == "full"

    hidden = canaries(desk, "confidential", "later", *(() if for_colleagues else ("internal",)))
    assert found_in(data, hidden, form=form) == []
    assert found_in(data, ["observer"], form=form) or form == "claimreview", "what is public is printed"
    if for_colleagues:
        assert found_in(data, ["narwhal"], form=form), "colleagues read what is internal"
        assert edition is None or found_in(data, ["for colleagues only"], form=form)


def test_a_report_says_the_words_that_a_colleague_approved(workspace: tuple[Desk, str]) -> None:
    desk, _ = workspace
    text = " ".join(desk.export("md").decode().split())

    assert f"{TOLD_AS}. The words are from a source that is not public" in text
    assert "A source we protect. The words are from a source that is not public" in text


def test_no_route_feed_data_set_or_table_of_hits_gives_a_protected_source_away(
    workspace: tuple[Desk, str], tmp_path: Path
) -> None:
    desk, _ = workspace
    hidden = canaries(desk, "confidential", "later", "internal")

    with TestClient(Starlette(routes=api.routes(lambda: desk)), base_url="http://127.0.0.1") as client:
        for path in (*EVERY_ROUTE, f"/api/v1/claims/{CLAIM}", "/api/v1/search?q=election+commission&k=100", "/healthz"):
            assert found_in(client.get(path).content, hidden) == [], path
    for form in ("averitec", "fever", "beir"):
        desk.datasets.write(form, tmp_path / form)
        for file in (tmp_path / form).rglob("*.*"):
            assert found_in(file.read_bytes(), hidden) == [], file.name
    table = io.StringIO()
    find = partial(desk.find, mode="hybrid", audience="team")
    for answer in answered([AskedRow(1, "election commission")], find):
        HitTable(table).add(answer)
    assert found_in(table.getvalue().encode(), canaries(desk, "confidential", "later")) == []
    assert found_in(table.getvalue().encode(), ["narwhal"])


def test_the_case_file_of_a_verdict_names_no_source_that_was_protected_when_it_was_given(desk: Desk, tmp_path: Path) -> None:
    fill(desk, later=False)
    hidden = canaries(desk, "confidential", "internal")

    desk.casefiles.write(CLAIM, tmp_path / "case.zip")

    assert found_in((tmp_path / "case.zip").read_bytes(), hidden) == []
    found = check_case_file(tmp_path / "case.zip")
    assert (found.passed, sorted(one.result for one in found.citations)) == (True, ["PASS", "PASS", "WITHHELD", "WITHHELD"])
    assert desk.ledger.verify() == []
    assert [one.access for one in desk.case(CLAIM).verdicts[0].citations] == ["public", "confidential", "internal", "public"]


def test_no_case_file_is_made_where_a_record_names_what_became_confidential(
    workspace: tuple[Desk, str], tmp_path: Path
) -> None:
    desk, _ = workspace

    with pytest.raises(Refused, match="became confidential after record"):
        desk.casefiles.write(CLAIM, tmp_path / "case.zip")

    assert not (tmp_path / "case.zip").exists()


def test_neither_the_log_nor_what_status_and_doctor_say_names_a_protected_source(workspace: tuple[Desk, str]) -> None:
    desk, logged = workspace
    hidden = canaries(desk, "confidential", "later", "internal")
    status = {name: told for name, told in desk.status().items() if name not in ("failures", "waiting", "workspace")}

    assert found_in(logged.encode(), hidden) == []
    assert found_in(json.dumps(status).encode(), hidden) == []
    assert found_in(json.dumps([one.value + one.hint for one in doctor(desk)]).encode(), hidden) == []


def test_a_file_found_inside_a_confidential_one_is_as_confidential(desk: Desk) -> None:
    (desk.workspace.evidence / "mail.eml").write_bytes(
        b"From: a@example.org\r\nSubject: quokka\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: text/plain\r\n\r\nSee what is attached.\r\n--b\r\nContent-Type: text/plain; name=in.txt\r\n"
        b"Content-Disposition: attachment; filename=in.txt\r\n\r\nThe quokka saw the count.\r\n--b--\r\n"
    )
    desk.sync_evidence()
    mail = next(one for one in desk.library() if one.part_of is None)
    desk.metadata.edit(mail.source_id, Edit({"access": "confidential"}), actor=ANA)

    assert len(desk.evidence.protected()) == 2
    assert desk.find("quokka count", audience="public").hits == ()
    assert desk.find("quokka count").hits


# --- words that a person approves, and words that give a source away -------------------------------------------------


@pytest.mark.parametrize(
    "words", ["the quokka-title, a memo", "somebody at quokka-path", "a zirconquokka of the election commission of the vote"]
)
def test_words_that_name_or_quote_the_source_are_not_approved(workspace: tuple[Desk, str], words: str) -> None:
    desk, _ = workspace
    long = WORDS["confidential"] if words.endswith("vote") else words

    with pytest.raises(Refused, match="give the source away"):
        desk.protection.tell_as(source(desk, "confidential"), long, actor=ANA)


def test_only_a_person_by_name_approves_words(workspace: tuple[Desk, str]) -> None:
    desk, _ = workspace
    with pytest.raises(Refused, match="Nobody is named"):
        desk.protection.tell_as(source(desk, "confidential"), "a person", actor=OPERATOR)


def test_before_a_report_is_published_it_is_said_which_words_give_a_source_away(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "memo.txt"
    path.write_text(f"{WORDS['confidential']} Nobody else was there.", encoding="utf-8")
    desk.add_evidence([path], meta=SourceMeta(title="Leaked memo", access="confidential"))
    desk.add_claim(make_claim(CLAIM, SAID), actor=ANA)
    request = VerdictRequest(
        claim_id=CLAIM, rating="not-enough-evidence", ground="cannot-be-known", rationale="x", reviewer=ANA, token="t",
        explanation=f"We were told: “{WORDS['confidential'].upper()}”",
    )  # fmt: skip
    desk.record(request)

    (gap,) = [one for one in desk.reporting.gaps() if "protected words" in one.told]

    assert gap.needed
    assert desk.reporting.given_away(desk.case(CLAIM)) == [gap]
    assert gap.told.startswith("The explanation gives away “Leaked memo”, which is confidential")
    desk.record(request.model_copy(update={"token": "t2", "based_on": 1, "explanation": "We cannot say."}))
    assert not [one for one in desk.reporting.gaps() if "protected words" in one.told]


def test_a_note_on_background_is_printed_for_colleagues_without_the_name(desk: Desk) -> None:
    note = Note(who="Aye Quokka", terms="background", words="I saw the count being changed that night.")
    desk.add_note(note, actor=Reviewer.self_declared("Ana"))
    desk.add_claim(make_claim(CLAIM, SAID), actor=ANA)
    passage = desk.passages(desk.library()[0].source_id)[-1].passage_id
    cites = (Cite(passage_id=passage, stance="supports"),)
    desk.record(VerdictRequest(claim_id=CLAIM, rating="supported", rationale="x", cites=cites, reviewer=ANA, token="t"))

    full = b"".join(desk.reporting.pieces("md", edition="full")).decode().replace("\\", "")

    assert "I saw the count being changed" in full
    assert "Quokka" not in full.replace("quokka-", "")
    assert "quokka" not in desk.export("json").decode().casefold()
