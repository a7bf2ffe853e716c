"""What was known when: a claim, its evidence and its verdict in order, and what was published later."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import ANA, NOON, FakeEncoder, make_claim
from tests.test_catalog import make_source
from tests.test_review import CLAIM, verdict
from workbench.chronology import chronology, is_later, known_then, span_of
from workbench.desk import Desk
from workbench.models import Case, Filters, Hit, PartialDate, SearchReceipt, SourceMeta, StoredVerdict

JUNE_23 = PartialDate.model_validate("2021-06-23")


def day(text: str) -> PartialDate:
    return PartialDate.model_validate(text)


@pytest.mark.parametrize(
    ("published", "claimed", "later"),
    [
        ("2021-06-24", "2021-06-23", True),
        ("2021-07", "2021-06-23", True),
        ("2021-06-23", "2021-06-23", False),
        ("2021-06", "2021-06-23", False),
        ("2021", "2021-06-23", False),
        ("2022-01-01", "2021", True),
        ("2021-12-31", "2021", False),
        ("not before 2021-07-01", "2021-06-23", True),
        ("not after 2021-07-01", "2021-06-23", False),
        ("unknown", "2021-06-23", False),
        ("2021-06-24", "unknown", False),
    ],
)
def test_evidence_is_later_than_a_claim_only_where_that_is_certain(published: str, claimed: str, later: bool) -> None:
    assert is_later(day(published), day(claimed)) is later


def decided(*published: str, before: date | None = None, receipt: bool = True) -> StoredVerdict:
    """A verdict of 1 May 2026 that cites a source of each of these dates."""
    given = verdict()
    cited = [
        given.citations[0].model_copy(update={"source_id": f"{at:064x}", "published_on": day(when), "title": f"File {at}"})
        for at, when in enumerate(published)
    ]
    searched = SearchReceipt(
        queries=("x",), asked_mode="hybrid", mode="hybrid", filters=Filters(before=before), k=10, created_at=NOON
    )
    fields = {**given.model_dump(), "citations": cited, "receipt": searched if receipt else None}
    return StoredVerdict.model_validate({**fields, "seq": 2, "hash": "a" * 64})


def hit(source: str, published: str) -> Hit:
    fields = {
        "rank": 1,
        "passage_id": "x",
        "source_id": source * 64,
        "sha256": source * 64,
        "path": "x",
        "title": "x",
        "page": None,
    }
    spot = {"start": 0, "end": 1, "text": "x", "score": 1.0, "dense_rank": 1, "lexical_rank": 1}
    return Hit.model_validate({**fields, **spot, "published_on": day(published)})


def test_the_line_has_claim_evidence_and_verdict_in_order_and_names_what_says_no_date() -> None:
    claim = make_claim(claimed_on="2021-06-23")
    case = Case(claim=claim, status="settled", counting=decided("2022-01", "2020-11-08", "unknown"))

    told = chronology(case, [hit("e", "2021-06-01"), hit("f", "2023"), hit("d", "unknown")])

    assert [(one.kind, one.told, one.label, one.is_later) for one in told.moments] == [
        ("cited", "8 November 2020", "File 1", False),
        ("shown", "1 June 2021", "", False),
        ("claim", "23 June 2021", "the claim", False),
        ("cited", "January 2022", "File 0", True),
        ("shown", "2023", "", True),
        ("verdict", "1 May 2026", "the verdict", False),
    ]
    assert told.undated == ("File 2",)
    assert span_of(one for one in told.moments if one.kind == "shown") == "2 other sources shown, 1 June 2021 to 2023"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (decided("2021-06-01", before=date(2021, 6, 23)), "Judged on what was known on 23 June 2021"),
        (decided(before=date(2021, 6, 23)), "Judged on what was known on 23 June 2021"),
        (decided("2021-06-01"), "As of 1 May 2026"),
        (decided("2021-06-01", "2021-07-01", before=date(2021, 6, 23)), "As of 1 May 2026"),
        (decided("unknown", before=date(2021, 6, 23)), "As of 1 May 2026"),
        (decided("2021-06-01", receipt=False), "As of 1 May 2026"),
    ],
    ids=["all of it earlier", "nothing cited", "everything searched", "one later", "one undated", "no search kept"],
)
def test_a_verdict_says_on_what_was_known_when_it_rests(given: StoredVerdict, told: str) -> None:
    assert known_then(given) == told


def test_files_without_a_date_are_searched_apart_from_what_was_known_then(desk: Desk) -> None:
    desk.add_claim(CLAIM, actor=ANA)
    for name, meta in (("dated", SourceMeta(published_on=day("2021"))), ("undated", SourceMeta())):
        source, passages = make_source(name, f"The election was marred by fraud, {name} sources said.")
        stored = {**source.model_dump(mode="json", exclude={"text", "places"}), **meta.model_dump(mode="json")}
        payload = {"path": f"evidence/{name}", "source": stored, "characters": len(source.text), "replaces": None}
        desk.evidence.append(source.source_id, "source-added", payload)
        desk.catalog.put_all([(source, passages)])
    desk.catalog.build(FakeEncoder(), desk.settings)
    then = Filters(before=date(2021, 6, 23))

    assert [one.path for one in desk.match(CLAIM.id, filters=then).hits] == ["evidence/dated"]
    assert [one.path for one in desk.undated.find(CLAIM.statement, CLAIM, then, k=3)] == ["evidence/undated"]
