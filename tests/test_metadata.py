"""What people say about a source: their word first, field by field, signed, taken back, never overwriting another's unseen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from workbench.desk import Desk
from workbench.errors import WorkbenchError
from workbench.metadata import Edit, typed
from workbench.models import (
    WORKBENCH,
    Cite,
    Filters,
    ReliabilityNote,
    Source,
    SourceMeta,
    VerdictRequest,
    sha256_hex,
)
from workbench.passages import split_passages

FILE = SourceMeta(publisher="Of the file beside it", url="https://un.example/vote")


class Counting(FakeEncoder):
    """Remembers how many texts it encoded that were no query."""

    encoded = 0

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        Counting.encoded += 0 if query else len(texts)
        return super().encode(texts, query=query)


@pytest.fixture
def un(home: Path) -> Iterator[Desk]:
    """A desk with one page that says its title, and its metadata file its publisher and address."""
    text = "The General Assembly adopted the resolution by 119 votes to 1."
    kept = {"text_sha256": sha256_hex(text), "media_type": "text/html", "reader": "html", "reader_version": "1"}
    source = Source(source_id=sha256_hex("page"), title="Of the page", text=text, **kept)
    record = {"path": "evidence/page.html", "source": source.model_dump(mode="json", exclude={"text", "places"})}
    with Desk.open(home, encoder=Counting, now=lambda: NOON) as desk:
        desk.catalog.put(source, split_passages(source, sentences=3, words=100))
        desk.evidence.append(source.source_id, "source-added", {**record, "characters": len(text), "replaces": None})
        desk.evidence.describe(source.source_id, FILE, by="file", actor=WORKBENCH)
        desk.catalog.build(desk.encoder(), desk.settings)
        yield desk


def the_id(desk: Desk) -> str:
    return desk.library()[0].source_id


def say(desk: Desk, *, who: Any = ANA, cleared: Sequence[str] = (), seen: Any = None, **said: str) -> Any:
    return desk.metadata.edit(the_id(desk), Edit(typed(said), cleared, seen), actor=who)


def origins(desk: Desk, *names: str) -> list[tuple[Any, str]]:
    said = {one.field: one for one in desk.metadata.said(the_id(desk))}
    return [(said[name].value, said[name].origin) for name in names]


def shown(desk: Desk) -> dict[str, Any]:
    return {one.field: one.value for one in desk.metadata.said(the_id(desk))}


def test_every_value_says_whose_word_it_is(un: Desk) -> None:
    say(un, author="Aye Aye Win")

    assert origins(un, "author", "publisher", "title", "kind") == [
        ("Aye Aye Win", "Ana, 1 May 2026"),
        ("Of the file beside it", "meta.yaml"),
        ("Of the page", "the file"),
        (None, "nobody"),
    ]


def test_a_word_taken_back_leaves_what_the_file_says(un: Desk) -> None:
    say(un, title="Typed", publisher="Typed")

    edited = say(un, cleared=["title", "publisher"])

    assert (edited.entry.title, edited.entry.meta.publisher) == ("Of the page", "Of the file beside it")
    assert edited.written == ("title", "publisher")


def test_unknown_is_a_word_too_and_comes_before_the_file(un: Desk) -> None:
    edited = say(un, publisher="", published_on="unknown")

    assert (edited.entry.meta.publisher, edited.entry.meta.published_on.value) == (None, None)
    assert origins(un, "publisher") == [(None, "Ana, 1 May 2026")]


def test_only_the_fields_that_were_changed_are_written(un: Desk) -> None:
    say(un, who=BO, author="Bo's word", publisher="Reuters")

    say(un, author="Ana's word", publisher="Reuters")

    payload = un.ledger.events("source", the_id(un))[-1].payload
    assert payload == {"by": "person", "meta": {"author": "Ana's word"}}
    assert origins(un, "author", "publisher") == [("Ana's word", "Ana, 1 May 2026"), ("Reuters", "Bo, 1 May 2026")]


def test_edits_that_cross_both_stay_and_the_second_is_told(un: Desk) -> None:
    form = shown(un)
    say(un, who=BO, publisher="Reuters", seen=form)

    edited = say(un, publisher="AFP", author="Aye Aye Win", seen=form)

    assert (edited.entry.meta.publisher, edited.entry.meta.author) == ("Reuters", "Aye Aye Win")
    assert [(one.field, one.value, one.who) for one in edited.kept] == [("publisher", "Reuters", "Bo")]


def test_two_people_who_say_the_same_are_not_at_odds(un: Desk) -> None:
    form = shown(un)
    say(un, who=BO, publisher="Reuters", seen=form)

    edited = say(un, publisher="Reuters", seen=form)

    assert (edited.written, edited.kept) == ((), ())
    assert origins(un, "publisher") == [("Reuters", "Bo, 1 May 2026")]


def test_a_word_somebody_changed_meanwhile_is_not_taken_back(un: Desk) -> None:
    say(un, publisher="Reuters")
    form = shown(un)
    say(un, who=BO, publisher="AFP")

    edited = say(un, cleared=["publisher"], seen=form)

    assert (edited.entry.meta.publisher, [one.who for one in edited.kept]) == ("AFP", ["Bo"])


def test_filters_follow_an_edit_and_nothing_is_encoded_again(un: Desk) -> None:
    before = Counting.encoded
    say(un, publisher="Reuters", published_on="2021-06", kind="wire", language="fr")

    found = un.find("votes", filters=Filters(publishers=("reuters",), kinds=("wire",), languages=("fr",)))

    assert [hit.publisher for hit in found.hits] == ["Reuters"]
    assert un.find("votes", filters=Filters(publishers=("Of the file beside it",))).hits == ()
    assert Counting.encoded == before


def test_a_citation_already_recorded_keeps_what_was_known_then(un: Desk) -> None:
    un.add_claim(make_claim("vote", "119 voted for it."), actor=ANA)
    cite = Cite(passage_id=un.passages(the_id(un))[0].passage_id, stance="supports")
    un.record(VerdictRequest(claim_id="vote", rating="supported", cites=(cite,), reviewer=ANA, token="t"))

    say(un, publisher="Reuters")

    assert un.case("vote").verdicts[0].citations[0].publisher == "Of the file beside it"


def test_a_reliability_note_is_signed_and_dated_and_goes_into_the_report(un: Desk) -> None:
    say(un, reliability_note="Owned by the ministry.")
    un.add_claim(make_claim("vote", "119 voted for it."), actor=ANA)
    hit = un.match("vote").hits[0]
    cite = Cite(passage_id=hit.passage_id, stance="supports")
    un.record(VerdictRequest(claim_id="vote", rating="supported", cites=(cite,), reviewer=ANA, token="t"))

    assert str(hit.reliability_note) == "Owned by the ministry. (Ana, 1 May 2026)"
    for form in ("html", "md"):
        assert "Owned by the ministry. (Ana, 1 May 2026)" in un.export(form).decode().replace("\\", "")


def test_a_reliability_note_that_was_a_plain_string_stays_readable(un: Desk) -> None:
    un.evidence.describe(the_id(un), SourceMeta.model_validate({"reliability_note": "A tabloid."}), by="file", actor=BO)

    assert un.library()[0].meta.reliability_note == ReliabilityNote(text="A tabloid.")
    assert origins(un, "reliability_note")[0][1] == "meta.yaml"


def test_what_is_known_outlives_the_process_and_the_copy_of_the_fold(un: Desk) -> None:
    say(un, author="Aye Aye Win")
    before = un.metadata.said(the_id(un))
    un.close()

    with Desk.open(un.workspace.root, encoder=Counting) as again:
        assert again.metadata.said(the_id(again)) == before


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("published_on", "last week"),
        ("published_on", "2021-13"),
        ("url", "un.example/vote"),
        ("archived_url", "javascript:alert(1)"),
        ("language", "French"),
        ("kind", "blog"),
        ("access", "secret"),
        ("retrieved_at", "2021-06-25 09:53"),
        ("title", "x" * 2_001),
        ("author", "a\x00b"),
    ],
)
def test_what_cannot_be_is_refused_by_its_name(field: str, text: str) -> None:
    with pytest.raises(WorkbenchError) as refused:
        typed({field: text})

    assert refused.value.code == "invalid_value"
    assert refused.value.hint


def test_a_moment_is_typed_with_its_zone() -> None:
    typed_moment = typed({"retrieved_at": "2021-06-25 09:53 UTC"})["retrieved_at"]

    assert datetime.fromisoformat(typed_moment) == datetime(2021, 6, 25, 9, 53, tzinfo=UTC)
