"""The search a verdict kept: what it stores of the search, and what a replay says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import ANA, BO, make_claim
from workbench.desk import Desk
from workbench.errors import Refused, UnknownId
from workbench.models import Mark, StoredVerdict, VerdictRequest

STATEMENT = "The election was marred by fraud."
FILES = {
    "a.txt": "Observers say the claims of election fraud are unsubstantiated.",
    "b.txt": "The election of the harbour master was marred by rain.",
    "c.txt": "Fishing boats returned to the harbour after the storm.",
}


@pytest.fixture
def ready(desk: Desk) -> Desk:
    """A desk with one claim and no evidence: a search finds nothing, and keeps its receipt."""
    desk.add_claim(make_claim(statement=STATEMENT), actor=ANA)
    return desk


def judge(desk: Desk, token: str = "t", **fields: Any) -> StoredVerdict:
    receipt = desk.match("a-claim", k=3).receipt
    given = {"claim_id": "a-claim", "rating": "not-enough-evidence", "reviewer": ANA, "token": token, "receipt": receipt}
    return desk.record(VerdictRequest.model_validate({**given, **fields}))


def drop(desk: Desk, files: dict[str, str | None]) -> None:
    """Write these files into evidence/, or take them away, and take that in."""
    for name, text in files.items():
        path = desk.workspace.evidence / name
        path.unlink() if text is None else path.write_text(text, encoding="utf-8")
    desk.sync_evidence()


@pytest.mark.process  # files are read in a process of their own
def test_a_replay_on_the_unchanged_workspace_is_the_same_and_says_what_changed_after_it(ready: Desk) -> None:
    drop(ready, dict(FILES))
    (ready.workspace.evidence / "late.txt").write_text("A late word on the election.", encoding="utf-8")
    stored = judge(ready)
    assert stored.receipt is not None

    same = ready.receipts.replay("a-claim")

    assert same.is_same
    assert [one.passage_id for one in same.hits] == [one.passage_id for one in stored.receipt.shown]
    assert same.told == ("The same 3 passages in the same order.", "No file was added, removed or read again since.")

    told = "The election was marred by fraud, the junta says, and by nothing else."
    (ready.workspace.evidence / "broken.pdf").write_bytes(b"not a pdf")
    drop(ready, {"d.txt": told, "c.txt": None})
    other = ready.receipts.replay("a-claim")

    assert (other.hits[0].was, other.hits[0].rank, other.hits[0].title) == (None, 1, "d.txt")
    assert ("c.txt", "its file was removed") in [(one.title, one.why) for one in other.hits if one.rank is None]
    assert (other.evidence.added, other.evidence.removed) == (("d.txt", "late.txt"), ("c.txt",))
    assert (other.evidence.taken_in, other.evidence.unread) == (("evidence/late.txt",), ("evidence/broken.pdf",))
    assert "2 files added since: d.txt, late.txt." in other.told
    assert not other.is_same


def test_another_model_and_other_settings_are_told(ready: Desk) -> None:
    receipt = ready.match("a-claim").receipt
    older = {"mode": "dense", "model_fingerprint": "other-model", "settings_hash": "0" * 64, "evidence_seq": None}
    judge(ready, receipt=receipt.model_copy(update=older))

    told = ready.receipts.replay("a-claim").told

    assert told[0] == "No passage then, and none now."
    assert told[2:] == (
        "It was searched by meaning then, by meaning and by words now.",
        "The model was other-model, and is none.",
        "The settings of the search were changed since.",
    )


def test_a_verdict_without_a_search_says_so_and_an_unknown_one_is_named(ready: Desk) -> None:
    judge(ready, receipt=None)

    with pytest.raises(Refused, match="kept no search") as caught:
        ready.receipts.replay("a-claim")
    assert caught.value.code == "no_receipt"
    with pytest.raises(UnknownId, match="no such verdict"):
        ready.receipts.replay("a-claim", reviewer=BO)


def test_a_verdict_keeps_what_its_reviewer_rejected_and_where_else_they_searched(ready: Desk) -> None:
    place = f"{'a' * 16}-0-20"
    ready.mark("a-claim", ANA, Mark(passage_id=place, judgement="not-relevant", reason="another election"))
    ready.mark("a-claim", ANA, Mark(passage_id=f"{'b' * 16}-0-20", judgement="look-again"))
    ready.mark("a-claim", BO, Mark(passage_id=f"{'c' * 16}-0-20", judgement="not-relevant"))

    stored = judge(ready, searched_elsewhere="The court registry, by telephone\nLumen\n")
    ready.clear_mark("a-claim", ANA, place)

    assert ready.case("a-claim").verdicts == (stored,)
    assert [(one.passage_id, one.reason) for one in stored.rejected] == [(place, "another election")]
    page = ready.reports(["a-claim"])[0].page
    assert "1 of the passages was looked at and set aside as not bearing on the claim." in page.search
    assert "Searched outside the library as well: The court registry, by telephone; Lumen." in page.search
    assert "another election" not in ready.export("html", ["a-claim"]).decode()
    assert page.search[-1].startswith("Absence here is not evidence of absence")


def test_where_nobody_searched_elsewhere_not_enough_evidence_says_that_too(ready: Desk) -> None:
    judge(ready)

    assert "No place searched outside the library was noted." in ready.reports(["a-claim"])[0].page.search
