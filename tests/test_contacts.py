"""The contacts log: who was asked, and what they replied; corrected by further events, printed by the report."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from workbench.desk import Desk
from workbench.errors import Conflict, Refused, TokenReused, UnknownId
from workbench.ledger.sealing import seals
from workbench.models import Contact

HOUR = timedelta(hours=1)


class Clock:
    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(home: Path, clock: Clock) -> Iterator[Desk]:
    with Desk.open(home, encoder=FakeEncoder, now=clock) as desk:
        desk.add_claim(make_claim(claimant={"name": "Min Aung Hlaing", "kind": "person"}), actor=ANA)
        yield desk


def ask(desk: Desk, **fields: Any) -> Contact:
    given = {"party": "claimant", "name": "Min Aung Hlaing", "channel": "email", "question": "What shows the fraud?"}
    return desk.contacts.ask("a-claim", **{**given, "by": ANA, "token": "t", **fields})


def printed(desk: Desk) -> str:
    return desk.export("md", ["a-claim"]).decode().replace("\\", "")  # without the escapes of CommonMark


def test_who_was_asked_is_numbered_and_a_double_click_asks_once(kept: Desk) -> None:
    first = ask(kept)

    assert ask(kept) == first
    assert ask(kept, name="An expert", party="expert", token="u").number == 2
    assert [one.number for one in kept.case("a-claim").contacts] == [1, 2]
    with pytest.raises(TokenReused):
        ask(kept, name="Somebody else")


def test_a_reply_is_kept_word_for_word_and_printed(kept: Desk) -> None:
    ask(kept, deadline=NOON + 24 * HOUR)
    kept.contacts.reply("a-claim", 1, "We have said all\nwe will say.", by=BO)

    assert kept.case("a-claim").contacts[0].reply is not None
    assert "Min Aung Hlaing**, who made the claim: asked by email, 1 May 2026, 12:00 UTC" in printed(kept)
    assert "Reply of 1 May 2026, 12:00 UTC, word for word:" in printed(kept)
    assert "> We have said all\n> we will say." in printed(kept)


def test_no_reply_is_recorded_once_the_time_is_over_and_a_late_reply_takes_its_place(kept: Desk, clock: Clock) -> None:
    ask(kept, deadline=NOON + 24 * HOUR)
    with pytest.raises(Refused, match="still to come"):
        kept.contacts.no_reply("a-claim", 1, by=ANA)

    clock.at = NOON + 25 * HOUR
    kept.contacts.no_reply("a-claim", 1, by=ANA)
    assert "No reply by 2 May 2026, 12:00 UTC." in printed(kept)

    late = kept.contacts.reply("a-claim", 1, "Sorry, I was away.", by=ANA)
    assert (late.no_reply_by, late.reply and late.reply.words) == (None, "Sorry, I was away.")
    assert [event.kind for event in kept.case("a-claim").events].count("contact-changed") == 2


def test_an_entry_is_corrected_by_a_further_event_and_two_corrections_do_not_cross(kept: Desk) -> None:
    seen = ask(kept)
    corrected = kept.contacts.correct("a-claim", 1, {"channel": "telephone"}, by=BO, seen=seen)

    assert corrected.channel == "telephone"
    assert [event.payload["contact"]["channel"] for event in kept.case("a-claim").events[1:]] == ["email", "telephone"]
    with pytest.raises(Conflict, match="changed since you opened it"):
        kept.contacts.correct("a-claim", 1, {"channel": "letter"}, by=ANA, seen=seen)


def test_an_entry_taken_out_is_gone_from_the_case_and_its_number_is_not_given_again(kept: Desk) -> None:
    ask(kept)
    kept.contacts.withdraw("a-claim", 1, "wrong claim", by=ANA)

    assert kept.case("a-claim").contacts == ()
    assert ask(kept, token="u").number == 2
    with pytest.raises(UnknownId, match="no contact 1"):
        kept.contacts.reply("a-claim", 1, "Hello.", by=ANA)


@pytest.mark.parametrize(
    "fields",
    [{"name": " "}, {"question": ""}, {"channel": "\n"}, {"asked_at": NOON + HOUR}],
    ids=["nobody", "nothing", "no channel", "still to come"],
)
def test_an_entry_that_says_nothing_is_refused(kept: Desk, fields: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        ask(kept, **fields)
    assert kept.case("a-claim").contacts == ()


def test_whoever_was_asked_in_confidence_is_not_in_the_report(kept: Desk) -> None:
    ask(kept, name="A witness", party="other", is_public=False)

    assert "witness" not in printed(kept)
    assert "Who was asked" not in printed(kept)


def test_a_summary_of_a_reply_is_printed_as_no_quotation(kept: Desk) -> None:
    ask(kept)
    kept.contacts.reply("a-claim", 1, "He denied it.", is_verbatim=False, by=ANA)

    assert "summed up by us:" in printed(kept)
    assert "> He denied it" not in printed(kept)


def test_names_and_words_are_sealed_in_the_ledger_and_the_log_survives_their_erasure(kept: Desk) -> None:
    ask(kept, deadline=NOON + HOUR)
    kept.contacts.reply("a-claim", 1, "No comment.", by=ANA)
    with closing(sqlite3.connect(kept.workspace.ledger)) as ledger:
        rows = ledger.execute("SELECT payload FROM events WHERE kind LIKE 'contact-%'").fetchall()
    sealed = [pointer for (payload,) in rows for pointer, _ in seals(json.loads(payload))]

    assert not any(word in payload for (payload,) in rows for word in ("Aung", "fraud", "comment", "email"))
    assert {"/contact/name", "/contact/question", "/contact/channel"} <= set(sealed)
    erased = kept.case("a-claim").contacts[0].model_dump(mode="json")
    reply = {**erased["reply"], "words": "[erased]"}
    assert Contact.model_validate({**erased, "name": "[erased]", "channel": "[erased]", "question": "[erased]", "reply": reply})
