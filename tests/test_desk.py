from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import ANA, BO, FakeEncoder, make_claim
from workbench import review
from workbench.desk import Desk
from workbench.errors import ClaimFileError, Conflict, LedgerDamaged, Refused, TokenReused, UnknownId, WorkspaceError
from workbench.extract import extract_from
from workbench.models import Case, Cite, Event, Mark, StoredVerdict, VerdictRequest

pytestmark = pytest.mark.process  # files are read in a process of their own

VOTE = "The General Assembly adopted the resolution by 119 votes to 1. Thirty-six countries abstained."


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with one claim and one source of one passage."""
    (desk.workspace.evidence / "vote.txt").write_text(VOTE, encoding="utf-8")
    desk.sync_evidence()
    desk.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)
    return desk


def only_passage(desk: Desk) -> str:
    return desk.match("vote").hits[0].passage_id


def request(desk: Desk, **fields: Any) -> VerdictRequest:
    cites = (Cite(passage_id=only_passage(desk), stance="supports"),)
    given = {
        "claim_id": "vote",
        "rating": "supported",
        "rationale": "As recorded.",
        "reviewer": ANA,
        "token": "t1",
        "cites": cites,
    }
    return VerdictRequest.model_validate({**given, **fields})


def save(desk: Desk, **fields: Any) -> StoredVerdict:
    return desk.record(request(desk, **fields))


def test_a_verdict_carries_its_evidence_word_for_word(ready: Desk) -> None:
    citation = save(ready).citations[0]

    assert (citation.quote, citation.path, citation.stance) == (VOTE, "evidence/vote.txt", "supports")
    assert ready.originals.text(citation.text_sha256)[citation.start : citation.end] == VOTE


def test_a_verdict_stays_readable_when_its_file_is_gone(ready: Desk) -> None:
    save(ready)
    (ready.workspace.evidence / "vote.txt").unlink()
    ready.sync_evidence()

    assert ready.case("vote").verdicts[0].citations[0].quote == VOTE


def test_a_double_click_saves_one_verdict(ready: Desk) -> None:
    first, second = save(ready), save(ready)

    assert first == second
    assert len(ready.case("vote").verdicts) == 1


def test_many_threads_with_one_token_save_one_verdict(ready: Desk) -> None:
    wanted = request(ready)
    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(ready.record(wanted).hash)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(answers), len(set(answers)), len(ready.case("vote").verdicts)) == (8, 1, 1)


def test_a_replay_is_answered_even_when_its_passage_is_gone(ready: Desk) -> None:
    wanted = request(ready)
    first = ready.record(wanted)
    ready.remove_source(ready.library()[0].source_id, actor=ANA)

    assert ready.record(wanted) == first


def test_a_token_used_for_another_claim_is_refused(ready: Desk) -> None:
    save(ready)
    ready.add_claim(make_claim("other", "Another claim."), actor=ANA)

    with pytest.raises(TokenReused):
        save(ready, claim_id="other")


def test_a_stale_save_writes_nothing(ready: Desk) -> None:
    save(ready)

    with pytest.raises(Conflict):
        save(ready, token="t2", based_on=0)

    assert len(ready.case("vote").verdicts) == 1


def test_a_save_the_policy_forbids_keeps_the_draft(ready: Desk) -> None:
    draft = ready.save_draft(ready.draft("vote", ANA).model_copy(update={"rationale": "half written"}))

    with pytest.raises(Refused):
        save(ready, cites=(), token=draft.token)

    assert ready.draft("vote", ANA).rationale == "half written"


def test_a_draft_comes_back_after_a_restart_and_ends_with_its_verdict(ready: Desk, home: Path) -> None:
    draft = ready.save_draft(ready.draft("vote", ANA).model_copy(update={"rationale": "half written"}))

    with Desk.open(home, encoder=FakeEncoder) as again:
        assert again.draft("vote", ANA) == draft
        assert again.case("vote").status == "draft"
        save(again, token=draft.token)
        assert again.draft("vote", ANA).rationale == ""


def test_the_next_draft_is_based_on_what_was_saved(ready: Desk) -> None:
    save(ready)

    assert ready.draft("vote", ANA).based_on == 1
    assert ready.draft("vote", BO).based_on == 0


def test_an_unknown_claim_passage_or_rating_is_named(ready: Desk) -> None:
    for fields in (
        {"claim_id": "nothing"},
        {"cites": (Cite(passage_id="no-0-1", stance="context"),)},
        {"rating": "pants-on-fire"},
    ):
        with pytest.raises(UnknownId) as caught:
            save(ready, **fields)
        assert caught.value.hint


def test_reviewers_who_differ_are_a_disagreement(ready: Desk) -> None:
    save(ready)
    save(ready, reviewer=BO, rating="refuted", token="t2")

    assert ready.case("vote").status == "disagreement"


def test_a_void_verdict_counts_no_more(ready: Desk) -> None:
    save(ready)

    voided = ready.void("vote", ANA, reason="the wrong resolution")

    assert (voided.state, ready.case("vote").status) == ("void", "void")


def test_publishing_is_recorded_with_its_address(ready: Desk) -> None:
    save(ready)

    assert ready.publish("vote", "https://example.org/vote").publication is not None
    assert ready.case("vote").status == "published"


def test_a_mark_is_remembered_and_can_be_taken_back(ready: Desk) -> None:
    passage = only_passage(ready)
    ready.mark("vote", ANA, Mark(passage_id=passage, judgement="not-relevant", reason="another vote"))
    assert [one.reason for _, one in ready.case("vote").marks] == ["another vote"]

    ready.clear_mark("vote", ANA, passage)

    assert ready.case("vote").marks == ()


def test_claim_files_are_taken_in_when_their_content_changed(desk: Desk) -> None:
    file = desk.workspace.claims / "a.yaml"
    file.write_text("id: fraud\nstatement: There was fraud.\n", encoding="utf-8")
    desk.sync_claims()
    head = desk.ledger.head()
    desk.sync_claims()
    assert desk.ledger.head() == head

    file.write_text("id: fraud\nstatement: There was mass fraud.\n", encoding="utf-8")
    desk.sync_claims()

    assert desk.case("fraud").claim.statement == "There was mass fraud."


def test_an_id_that_vanishes_from_its_file_stays_and_is_flagged(desk: Desk) -> None:
    file = desk.workspace.claims / "a.yaml"
    file.write_text(
        "- id: fraud\n  statement: There was fraud.\n- id: vote\n  statement: There was a vote.\n", encoding="utf-8"
    )
    desk.sync_claims()
    file.write_text("- id: vote\n  statement: There was a vote.\n", encoding="utf-8")

    desk.sync_claims()

    assert desk.case("fraud").missing_from == "claims/a.yaml"


def test_a_claim_file_that_is_deleted_flags_its_claims(desk: Desk) -> None:
    file = desk.workspace.claims / "a.yaml"
    file.write_text("id: fraud\nstatement: There was fraud.\n", encoding="utf-8")
    desk.sync_claims()
    file.unlink()

    desk.sync_claims()
    desk.sync_claims()

    assert [event.kind for event in desk.case("fraud").events] == ["claim-added", "claim-missing"]


def test_a_mistake_in_one_claim_file_takes_nothing_in(desk: Desk) -> None:
    (desk.workspace.claims / "a.yaml").write_text("id: fraud\nstatement: There was fraud.\n", encoding="utf-8")
    (desk.workspace.claims / "b.yaml").write_text("id: vote\nstatment: There was a vote.\n", encoding="utf-8")

    with pytest.raises(ClaimFileError, match="statment"):
        desk.sync_claims()

    assert desk.claims() == []


def test_a_claim_added_here_gets_a_file_of_its_own(desk: Desk) -> None:
    desk.add_claim(make_claim("fraud", "There was fraud."), actor=ANA)

    assert (desk.workspace.claims / "fraud.yaml").is_file()
    assert [event.kind for event in desk.case("fraud").events] == ["claim-added"]


def test_an_id_that_is_taken_is_refused(desk: Desk) -> None:
    desk.add_claim(make_claim("fraud", "There was fraud."), actor=ANA)

    with pytest.raises(ClaimFileError, match="fraud"):
        desk.add_claim(make_claim("fraud", "Something else."), actor=ANA)


def test_claims_are_filtered_by_words_status_topic_and_claimant(desk: Desk) -> None:
    desk.add_claim(make_claim("a", "There was fraud.", topics=["vote"], claimant={"name": "The junta"}), actor=ANA)
    desk.add_claim(make_claim("b", "There was a massacre."), actor=ANA)

    assert [case.claim.id for case in desk.claims(text="FRAUD was")] == ["a"]
    assert [case.claim.id for case in desk.claims(topic="vote", claimant="The junta", status="todo")] == ["a"]
    assert desk.claims(status="settled") == []


def test_a_search_without_evidence_says_so(desk: Desk) -> None:
    result = desk.find("anything")

    assert result.hits == ()
    assert result.receipt.warnings


def test_every_export_form_is_written(ready: Desk) -> None:
    save(ready, explanation="The vote is on record.")

    for form in ("json", "jsonl", "csv", "md", "html", "claimreview"):
        assert ready.export(form, ["vote"])


def test_one_claim_exports_one_claimreview_and_several_a_feed(ready: Desk) -> None:
    save(ready)
    ready.add_claim(make_claim("other", "Another claim."), actor=ANA)

    assert json.loads(ready.export("claimreview", ["vote"]))["@type"] == "ClaimReview"
    assert json.loads(ready.export("claimreview"))["@type"] == "DataFeed"


def test_readiness_says_why_not(desk: Desk) -> None:
    assert desk.readiness.told() == (False, "the model is being loaded")
    desk.readiness.warm_up()
    ready, why = desk.readiness.told()
    assert not ready
    assert "evidence sync" in why


def test_quotations_are_extracted_without_a_workspace(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("“There was fraud in the vote,” Min Aung Hlaing said.\n", encoding="utf-8")

    read, failed = extract_from([file, tmp_path / "nothing.txt"])

    assert [quote.speaker for _, _, quotes in read for quote in quotes] == ["Min Aung Hlaing"]
    assert [one.code for one in failed] == ["not_found"]


def test_a_workspace_that_cannot_be_written_says_so(home: Path) -> None:
    (home / "records").write_text("a file where a folder should be", encoding="utf-8")

    with pytest.raises(WorkspaceError) as caught:
        Desk.open(home)

    assert caught.value.code == "unwritable"


def test_a_save_from_elsewhere_leaves_the_draft_begun_in_the_app(ready: Desk) -> None:
    draft = ready.save_draft(ready.draft("vote", ANA).model_copy(update={"rationale": "half written"}))

    save(ready, token="from-the-command-line")

    assert ready.draft("vote", ANA) == draft


def test_claims_are_listed_in_the_order_they_were_added(desk: Desk, home: Path) -> None:
    names = ["m", "c", "z", "a", "k"]
    for name in names:
        desk.add_claim(make_claim(name), actor=ANA)

    with Desk.open(home, encoder=FakeEncoder) as again:
        assert [case.claim.id for case in again.claims()] == names


def test_two_changes_of_a_draft_that_cross_both_stay(ready: Desk) -> None:
    shown = ready.draft("vote", ANA)
    both_read = threading.Barrier(2)
    words = {"rationale": "Why.", "explanation": "For readers."}

    def leave(field: str) -> None:
        both_read.wait()
        ready.change_draft(shown, lambda now: now.model_copy(update={field: words[field]}))

    threads = [threading.Thread(target=leave, args=(field,)) for field in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    kept = ready.draft("vote", ANA)
    assert (kept.rationale, kept.explanation, kept.token) == ("Why.", "For readers.", shown.token)


def test_a_claim_file_that_is_renamed_leaves_its_claims_where_they_are(desk: Desk) -> None:
    file = desk.workspace.claims / "z.yaml"
    file.write_text("id: fraud\nstatement: There was fraud.\n", encoding="utf-8")
    desk.sync_claims()
    file.rename(file.with_name("a.yaml"))

    desk.sync_claims()

    assert desk.case("fraud").missing_from is None


def test_a_claim_that_comes_back_is_no_longer_missing(desk: Desk) -> None:
    file = desk.workspace.claims / "a.yaml"
    for text in ("id: fraud\nstatement: There was fraud.\n", "[]\n", "id: fraud\nstatement: There was fraud.\n"):
        file.unlink(missing_ok=True)
        if text != "[]\n":
            file.write_text(text, encoding="utf-8")
        desk.sync_claims()

    assert desk.case("fraud").missing_from is None


def test_two_desks_that_take_the_same_files_in_at_once_do_it_once(home: Path) -> None:
    many = "".join(f"- id: claim-{number}\n  statement: Statement {number}.\n" for number in range(40))
    (home / "claims" / "a.yaml").write_text(many, encoding="utf-8")
    desks = [Desk.open(home, encoder=FakeEncoder) for _ in range(4)]
    threads = [threading.Thread(target=desk.sync_claims) for desk in desks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert desks[0].ledger.head()[0] == 41
    for desk in desks:
        desk.close()


def test_a_claim_is_added_whatever_other_claim_files_say(desk: Desk) -> None:
    (desk.workspace.claims / "b.yaml").write_text("id: vote\nstatment: typo\n", encoding="utf-8")

    desk.add_claim(make_claim("fraud", "There was fraud."), actor=ANA)

    assert desk.case("fraud").claim.statement == "There was fraud."


def test_a_file_in_the_way_refuses_a_new_claim_before_anything_is_stored(desk: Desk) -> None:
    (desk.workspace.claims / "fraud.yaml").write_text("id: other\nstatement: Another one.\n", encoding="utf-8")

    with pytest.raises(ClaimFileError, match="already has a file"):
        desk.add_claim(make_claim("fraud", "There was fraud."), actor=ANA)

    assert [case.claim.id for case in desk.claims()] == []


def test_a_ledger_that_is_gone_is_not_begun_anew_beside_what_it_recorded(ready: Desk, home: Path) -> None:
    ready.close()
    ready.workspace.ledger.unlink()

    with pytest.raises(LedgerDamaged, match="is gone") as caught:
        Desk.open(home, encoder=FakeEncoder)

    assert "backup" in caught.value.hint


def test_a_verdict_on_other_words_is_exported_as_a_draft(ready: Desk) -> None:
    save(ready)
    file = ready.workspace.claims / "vote.yaml"
    file.write_text("id: vote\nstatement: The resolution failed.\n", encoding="utf-8")
    ready.sync_claims()

    assert ready.case("vote").status == "recheck"
    assert json.loads(ready.export("claimreview", ["vote"]))["creativeWorkStatus"] == "Draft"
    assert "given on other words" in ready.export("md", ["vote"]).decode()


def test_only_a_web_address_is_where_something_was_published(ready: Desk) -> None:
    save(ready)

    with pytest.raises(Refused, match="not a web address"):
        ready.publish("vote", "javascript:alert(1)")


def test_an_index_of_other_passages_is_said_by_status_and_readiness(ready: Desk, home: Path) -> None:
    (home / "workbench.toml").write_text("[evidence]\npassage_sentences = 1\n", encoding="utf-8")

    with Desk.open(home, encoder=FakeEncoder) as again:
        assert "reindex" in again.status()["index_problem"]
        again.readiness.warm_up()
        assert again.readiness.told()[0] is False


# --- another model -------------------------------------------------------------------------------------------------


class OtherEncoder(FakeEncoder):
    fingerprint = "other-encoder-64"

    def __init__(self) -> None:
        self.encoded = 0

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        self.encoded += 0 if query else len(texts)
        return super().encode(texts, query=query)


def test_a_switch_of_the_model_makes_a_new_index_in_the_background_and_back_again_encodes_nothing(home: Path) -> None:
    (home / "evidence" / "vote.txt").write_text("Observers found no fraud in the election.", encoding="utf-8")
    first = OtherEncoder()
    with Desk.open(home, encoder=lambda: first) as desk:
        desk.sync_evidence()
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.readiness.warm_up()
        assert desk.readiness.told() == (False, "the index is being made anew: it was made with other-encoder-64")
        assert desk.find("fraud").receipt.mode == "lexical"

        desk.stock.keep_index()

        assert desk.readiness.told() == (True, "")
        assert desk.find("fraud").receipt.model_fingerprint == FakeEncoder.fingerprint
    again = OtherEncoder()
    with Desk.open(home, encoder=lambda: again) as desk:
        desk.stock.keep_index()

        assert desk.find("fraud").receipt.model_fingerprint == OtherEncoder.fingerprint
    assert (first.encoded, again.encoded) == (1, 0)


def test_derived_files_that_were_deleted_are_made_again_in_the_background(home: Path) -> None:
    (home / "evidence" / "vote.txt").write_text("Observers found no fraud in the election.", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.sync_evidence()
    shutil.rmtree(home / ".workbench")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.readiness.warm_up()

        desk.stock.keep_index()

        assert [hit.text for hit in desk.find("fraud").hits] == ["Observers found no fraud in the election."]


def test_recording_a_verdict_in_a_fresh_process_folds_only_its_claim(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        desk.add_claim(make_claim(f"claim-{number}", "The vote was on Friday."), actor=ANA)
    fresh = Desk.open(desk.workspace.root, encoder=FakeEncoder)
    folded: list[str] = []
    whole = review.fold_case

    def counting(events: Sequence[Event], **more: Any) -> Case:
        folded.append(events[0].subject_id)
        return whole(events, **more)

    monkeypatch.setattr(review, "fold_case", counting)
    fresh.sync_claims()
    fresh.record(
        VerdictRequest.model_validate(
            {
                "claim_id": "claim-1",
                "rating": "not-enough-evidence",
                "ground": "not-yet-known",
                "rationale": "r",
                "explanation": "e",
                "reviewer": ANA,
                "token": "t",
            }
        )
    )

    assert set(folded) == {"claim-1"}
