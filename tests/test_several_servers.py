"""Several app servers on one ledger: what is saved on one is seen on the other, and only one takes files in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from workbench.care import verify
from workbench.desk import Desk
from workbench.errors import WorkspaceError
from workbench.models import Cite, Draft, VerdictRequest

VOTE = "The General Assembly adopted the resolution by 119 votes to 1. Thirty-six countries abstained."
OTHER = "The drought ended in May. Thirty-six villages had no water."


@pytest.fixture
def servers(tmp_path: Path, on_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Desk, Desk]]:
    """(the server that takes files in, one that does not): a ledger, and a folder of originals and texts, for both."""
    monkeypatch.setenv("WORKBENCH_RECORDS__URL", on_server)
    with ExitStack() as opened:
        desks = []
        for name, takes_in in (("first", "true"), ("second", "false")):
            home = tmp_path / name
            home.mkdir()
            (home / "workbench.toml").write_text(f"[records]\ntakes_in = {takes_in}\n", encoding="utf-8")
            (home / "records").symlink_to(tmp_path / "shared")
            (tmp_path / "shared").mkdir(exist_ok=True)
            desks.append(opened.enter_context(Desk.open(home, encoder=FakeEncoder)))
        yield desks[0], desks[1]


def with_vote(first: Desk) -> None:
    (first.workspace.evidence / "vote.txt").write_text(VOTE, encoding="utf-8")
    first.sync_evidence()
    first.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)


def test_what_is_saved_on_one_server_is_seen_on_the_other_at_once(servers: tuple[Desk, Desk]) -> None:
    first, second = servers
    assert second.claims() == [] == list(second.cases.rows())

    first.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)
    first.save_draft(Draft(claim_id="vote", reviewer=ANA, token="t", updated_at=NOON, rationale="Half a thought"))
    assert (second.case("vote").status, second.draft("vote", ANA).rationale) == ("draft", "Half a thought")

    second.record(VerdictRequest(claim_id="vote", rating="not-enough-evidence", reviewer=BO, token="u", rationale="Too soon."))
    second.add_claim(make_claim("drought", "The drought ended in May."), actor=BO)
    assert [one.reviewer for one in first.case("vote").verdicts] == [BO]
    assert list(first.cases.rows()) == ["vote", "drought"]


def test_what_one_server_took_in_is_found_and_cited_on_the_other(servers: tuple[Desk, Desk]) -> None:
    first, second = servers
    with_vote(first)
    assert second.waiting() == ["evidence/vote.txt"]
    assert second.find("votes resolution", mode="lexical").receipt.waiting == ("evidence/vote.txt",)

    second.sync_evidence()

    (hit,) = second.match("vote").hits
    assert (second.waiting(), hit.passage_id) == ([], first.match("vote").hits[0].passage_id)
    second.record(
        VerdictRequest(
            claim_id="vote", rating="supported", reviewer=BO, token="u", rationale="Counted.",
            cites=(Cite(passage_id=hit.passage_id, stance="supports"),),
        )
    )  # fmt: skip
    assert first.case("vote").verdicts[0].citations[0].quote in VOTE
    assert (verify(first).failures, verify(second).failures) == ((), ())


def test_a_new_index_of_one_server_is_picked_up_by_the_desk_that_is_open(servers: tuple[Desk, Desk]) -> None:
    first, second = servers
    with_vote(first)
    second.sync_evidence()
    before = second.match("vote").receipt
    events = first.ledger.head()

    (first.workspace.evidence / "drought.txt").write_text(OTHER, encoding="utf-8")
    first.sync_evidence()
    second.stock.follow()

    after = second.find("drought villages")
    assert before.generation != after.receipt.generation
    assert after.hits[0].path == "evidence/drought.txt"
    assert first.ledger.head()[0] == events[0] + 1  # the file that was added; following another server is no event


def test_what_one_server_removed_or_erased_is_gone_from_the_other(servers: tuple[Desk, Desk]) -> None:
    first, second = servers
    with_vote(first)
    (first.workspace.evidence / "drought.txt").write_text(OTHER, encoding="utf-8")
    first.sync_evidence()
    second.sync_evidence()
    vote, drought = (first.evidence.at(f"evidence/{name}.txt")[0] for name in ("vote", "drought"))

    first.remove_source(drought, actor=ANA)
    assert [hit.source_id for hit in second.find("drought villages", mode="lexical").hits] == []
    first.erasing.purge(vote, "Asked for by the person in it.", actor=ANA)
    second.stock.follow()

    assert not second.catalog.has(vote)
    assert not second.catalog.has(drought)
    derived = b"".join(path.read_bytes() for path in second.workspace.derived.rglob("*") if path.is_file())
    assert b"General Assembly adopted" not in derived


def test_a_server_that_takes_nothing_in_says_so_and_calls_no_claim_missing(servers: tuple[Desk, Desk], tmp_path: Path) -> None:
    first, second = servers
    (first.workspace.claims / "vote.yaml").write_text("id: vote\nstatement: The resolution passed.\n", encoding="utf-8")
    first.sync_claims()
    (tmp_path / "vote.txt").write_text(VOTE, encoding="utf-8")
    head = first.ledger.head()

    second.sync_claims()
    for refused in (
        lambda: second.add_evidence([tmp_path / "vote.txt"], actor=ANA),
        lambda: second.erasing.purge("ab" * 32, "Why.", actor=ANA),
    ):
        with pytest.raises(WorkspaceError, match="takes no files in") as refusal:
            refused()
        assert refusal.value.code == "takes_no_files"

    assert first.ledger.head() == head
    assert list(second.workspace.evidence.iterdir()) == []


def test_what_reads_otherwise_on_the_other_server_is_told_and_not_searched(
    servers: tuple[Desk, Desk], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = servers
    with_vote(first)
    entry = second.evidence.entries()[first.evidence.at("evidence/vote.txt")[0]]
    known = {entry.source_id: entry.model_copy(update={"text_sha256": "ab" * 32})}
    monkeypatch.setattr(second.evidence, "searchable", lambda: known)

    report = second.sync_evidence()

    assert [one.code for one in report.failed] == ["reads_otherwise"]
    assert (second.catalog.has(entry.source_id), second.waiting()) == (False, [])
