"""From a verdict to its readers: signed off, embargoed, published, corrected, retracted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from tests.test_cli import Run, document, error_of, run  # noqa: F401  # the fixture
from workbench.desk import Desk
from workbench.errors import Conflict, Refused
from workbench.models import OPERATOR, StoredVerdict, VerdictRequest
from workbench.review import fold_case

URL = "https://check.example.org/a-claim"
POLICY = '[review.policy]\nsign_offs = ["editor", "legal"]\n'


class Clock:
    """A clock that stands until somebody moves it."""

    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> datetime:
        self.time += timedelta(seconds=1)  # two events never happen at once
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(home: Path, clock: Clock, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """A desk with one claim; `@pytest.mark.parametrize("desk", [TOML], indirect=True)` gives it a policy."""
    (home / "workbench.toml").write_text(f'name = "Test desk"\n{getattr(request, "param", "")}', encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder, now=clock) as opened:
        opened.add_claim(make_claim(), actor=ANA)
        yield opened


def judge(desk: Desk, rating: str = "not-enough-evidence", **fields: Any) -> StoredVerdict:
    given = {"claim_id": "a-claim", "rating": rating, "reviewer": ANA, "token": f"{rating}-{fields}"}
    return desk.record(VerdictRequest.model_validate({**given, **fields}))


def draft_line(desk: Desk) -> str | None:
    return desk.reports(["a-claim"])[0].page.draft


def test_by_default_a_verdict_is_published_at_once(desk: Desk) -> None:
    judge(desk)

    case = desk.publish("a-claim", URL)

    assert (case.status, case.publication, draft_line(desk)) == ("published", case.live, None)


# --- sign-offs -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("desk", [POLICY], indirect=True)
def test_a_verdict_goes_to_readers_once_all_have_signed_it(desk: Desk) -> None:
    judge(desk)
    desk.publishing.sign_off("a-claim", "editor", actor=BO)

    assert draft_line(desk) == "Draft, not for publication: the sign-off of legal is missing."
    with pytest.raises(Refused, match="the sign-off of legal is missing"):
        desk.publish("a-claim", URL)
    with pytest.raises(Refused, match="is not ready"):
        desk.publishing.call_ready("a-claim", actor=BO)
    desk.publishing.sign_off("a-claim", "legal", actor=BO)
    assert desk.publishing.call_ready("a-claim", actor=BO).ready is not None
    assert draft_line(desk) is None
    assert desk.publish("a-claim", URL).status == "published"


@pytest.mark.parametrize("desk", [POLICY], indirect=True)
def test_an_edit_of_the_verdict_withdraws_its_sign_offs(desk: Desk) -> None:
    first = judge(desk)
    for role in ("editor", "legal"):
        desk.publishing.sign_off("a-claim", role, actor=BO, seen=first.hash)
    desk.publishing.call_ready("a-claim", actor=BO)
    judge(desk, explanation="Reworded.")

    case = desk.case("a-claim")

    assert (case.holding_sign_offs, case.ready, len(case.sign_offs)) == ((), None, 2)
    with pytest.raises(Refused, match="the sign-off of editor and legal is missing"):
        desk.publish("a-claim", URL)
    with pytest.raises(Conflict, match="changed since it was read"):
        desk.publishing.sign_off("a-claim", "editor", actor=BO, seen=first.hash)


@pytest.mark.parametrize("desk", [POLICY], indirect=True)
def test_a_sign_off_is_asked_for_given_once_and_can_be_taken_back(desk: Desk) -> None:
    with pytest.raises(Refused, match="cannot be signed off"):
        desk.publishing.sign_off("a-claim", "editor", actor=BO)
    judge(desk)
    with pytest.raises(Refused, match="asks editor and legal to sign off, not 'copy'"):
        desk.publishing.sign_off("a-claim", "copy", actor=BO)
    desk.publishing.sign_off("a-claim", "editor", actor=BO)
    with pytest.raises(Refused, match="has signed this verdict already"):
        desk.publishing.sign_off("a-claim", "editor", actor=ANA)

    assert desk.publishing.withdraw_sign_off("a-claim", "editor", actor=BO).sign_offs == ()


@pytest.mark.parametrize("desk", ["[review.policy]\nsecond_person_publishes = true\n"], indirect=True)
def test_where_the_policy_wants_a_second_person_nobody_publishes_their_own_verdict(desk: Desk) -> None:
    judge(desk)

    assert draft_line(desk) == "Draft, not for publication: a second person has not published it yet."
    with pytest.raises(Refused, match="Ana gave this verdict"):
        desk.publish("a-claim", URL, actor=ANA)
    with pytest.raises(Refused, match="wants to know who"):
        desk.publish("a-claim", URL, actor=OPERATOR)
    assert desk.publish("a-claim", URL, actor=BO).status == "published"
    assert draft_line(desk) is None


def test_what_must_be_signed_before_publication_changes_no_hash_of_what_was_in_force(desk: Desk) -> None:
    review = desk.settings.review
    asked = review.policy.model_copy(update={"sign_offs": ("editor",), "second_person_publishes": True})

    assert review.model_copy(update={"policy": asked}).policy_hash == review.policy_hash


# --- embargo ---------------------------------------------------------------------------------------------------------


def test_an_embargo_ends_by_the_clock_and_an_edit_does_not_end_it(desk: Desk, clock: Clock) -> None:
    judge(desk)
    desk.publishing.embargo("a-claim", NOON + timedelta(hours=2), actor=BO)
    judge(desk, explanation="Reworded.")

    assert draft_line(desk) == "Draft, not for publication: it is embargoed until 2026-05-01 14:00 UTC."
    with pytest.raises(Refused, match="is embargoed until"):
        desk.publish("a-claim", URL)
    clock.time = NOON + timedelta(hours=2)
    assert draft_line(desk) is None
    assert desk.publish("a-claim", URL).status == "published"


def test_an_embargo_without_a_clock_holds_and_can_be_lifted(desk: Desk) -> None:
    judge(desk)
    case = desk.publishing.embargo("a-claim", NOON + timedelta(hours=2), actor=BO, reason="The court sits at two.")

    assert case.is_embargoed(None)
    assert desk.publishing.lift_embargo("a-claim", actor=BO).embargo is None
    with pytest.raises(Refused, match="No embargo on a-claim holds"):
        desk.publishing.lift_embargo("a-claim", actor=BO)
    with pytest.raises(Refused, match="is past"):
        desk.publishing.embargo("a-claim", NOON, actor=BO)


# --- corrections and retractions -------------------------------------------------------------------------------------


def test_a_published_verdict_changes_only_with_a_note_for_readers(desk: Desk) -> None:
    judge(desk)
    desk.publish("a-claim", URL)
    with pytest.raises(Refused, match="does not say what changes") as caught:
        judge(desk, explanation="Silently other.")
    assert caught.value.code == "published"
    with pytest.raises(Refused, match="does not say what changes"):
        judge(desk, reviewer=BO)  # another reviewer's verdict would change what counts just as well

    note = {"kind": "correction", "note": "The count was 883, not 888."}
    second = judge(desk, explanation="883.", change=note)

    pending = desk.reports(["a-claim"])[0].page
    assert [(one.label, one.note, one.is_public) for one in pending.changes] == [
        ("Correction", "The count was 883, not 888.", False)
    ]
    assert desk.publishing.corrections() == []  # nobody published it yet
    case = desk.publish("a-claim", URL)
    assert (case.live and case.live.hash, case.status) == (second.hash, "published")
    assert [(one.kind, one.is_public, one.url) for one in desk.publishing.corrections()] == [("correction", True, URL)]


def test_a_revision_that_was_never_published_is_no_correction_of_anything(desk: Desk) -> None:
    with pytest.raises(Refused, match="nothing of a-claim is published"):
        judge(desk, change={"kind": "update", "note": "New figures."})
    with pytest.raises(ValidationError, match="the note for readers is empty"):
        judge(desk, change={"kind": "update", "note": "  "})
    judge(desk)
    desk.publish("a-claim", URL)
    judge(desk, explanation="One.", change={"kind": "update", "note": "A note that nobody read."})
    judge(desk, explanation="Two.", change={"kind": "clarification", "note": "What a roll is."})

    assert [one.note for one in desk.case("a-claim").changes] == ["What a roll is."]


def test_a_retraction_takes_back_every_verdict_and_stays_in_the_report(desk: Desk) -> None:
    judge(desk)
    desk.publish("a-claim", URL)
    judge(desk, explanation="883.", change={"kind": "correction", "note": "The count was 883."})
    desk.publish("a-claim", URL)
    with pytest.raises(Refused, match="declaring it void would tell its readers nothing"):
        desk.void("a-claim", ANA, reason="wrong")

    case = desk.publishing.retract("a-claim", "The roll was a forgery.", actor=BO)

    page = desk.reports(["a-claim"])[0].page
    assert (case.status, case.counting, case.live) == ("void", None, None)
    assert page.draft is not None
    assert page.draft.startswith("Draft, not for publication: it was retracted on 1 May 2026, 12:00 UTC")
    assert [one.kind for one in desk.publishing.corrections()] == ["retraction", "correction"]
    for form in ("html", "md"):
        assert "The roll was a forgery." in desk.export(form, ["a-claim"]).decode()
    with pytest.raises(Refused, match="Nothing of a-claim is published"):
        desk.publishing.retract("a-claim", "Again.", actor=BO)
    assert judge(desk, token="anew").state == "current"  # nothing is out any more: a new check needs no note


def test_the_public_side_of_a_case_is_what_its_events_add_up_to(desk: Desk) -> None:
    judge(desk)
    desk.publishing.embargo("a-claim", NOON + timedelta(hours=2), actor=BO)
    desk.publishing.lift_embargo("a-claim", actor=BO)
    desk.publish("a-claim", URL)

    assert fold_case(desk.case("a-claim").events) == desk.case("a-claim")
    assert json.loads(desk.export("json", ["a-claim"]))["claims"][0]["publication"]["url"] == URL


# --- the command line ------------------------------------------------------------------------------------------------


def test_the_command_line_takes_a_verdict_to_its_readers_and_corrects_it(
    run: Run,  # noqa: F811  # the fixture
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(home))
    (home / "workbench.toml").write_text('name = "Test desk"\n[review.policy]\nsign_offs = ["editor"]\n', encoding="utf-8")
    (home / "claims" / "c.yaml").write_text("id: c\nstatement: It rained.\n", encoding="utf-8")
    record = ("verdict", "record", "c", "--rating", "not-enough-evidence", "--rationale", "", "--reviewer", "Ana")
    given = document(run, *record, "--searched-elsewhere", "The court registry", "--searched-elsewhere", "Lumen")
    assert given["searched_elsewhere"] == "The court registry\nLumen"

    publish = ("verdict", "publish", "c", "--url", URL)
    assert error_of(run, *publish)["code"] == "sign_off_missing"
    sign = ("verdict", "sign-off", "c", "--as", "editor", "--reviewer", "Bo")
    assert error_of(run, *sign, "--hash", "0" * 64)["code"] == "verdict_changed"
    assert document(run, *sign, "--hash", given["hash"][:12])["hindrances"] == []
    assert error_of(run, "verdict", "embargo", "c", "--until", "2999-01-01T00:00", code=2)["code"] == "usage"
    assert document(run, "verdict", "embargo", "c", "--until", "2999-01-01T00:00Z")["hindrances"][0]["code"] == "embargoed"
    assert document(run, "verdict", "embargo", "c", "--lift")["embargo"] is None
    assert document(run, "verdict", "ready", "c", "--reviewer", "Bo")["ready"]["by"]["display_name"] == "Bo"
    assert document(run, *publish, "--reviewer", "Bo")["publication"]["url"] == URL

    assert error_of(run, *record)["code"] == "published"
    assert error_of(run, *record, "--correction", "A.", "--update", "B.", code=2)["code"] == "usage"
    assert document(run, *record, "--correction", "It snowed.")["change"] == {"kind": "correction", "note": "It snowed."}
    assert document(run, "verdict", "retract", "c", "--note", "It was dry.")["status"] == "void"
    assert [one["note"] for one in document(run, "verdict", "corrections")["corrections"]] == ["It was dry."]
