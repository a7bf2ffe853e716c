"""Visitors of one server who type at once: nobody's page holds a word that only another typed.

Each visitor is a session of Streamlit's own (AppTest) over the one desk of the process, where drafts, filters and caches could
mix. Every turn one of them goes to a page or types into a field of it, by chance; then its page is searched for the
words of the others. Nothing is recorded, so nothing of anybody may be seen by another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, FakeEncoder, make_claim
from workbench.desk import Desk
from workbench.ui import session
from workbench.ui.app import MAIN_PAGE

PAGES = ("queue", "check", "searches", "intake", "evidence", "reports", "document")
STAY = 4  # turns on a page, before another is opened
WORDS = "The vote was marred by fraud, observers say."
SHARED = ("Who is reviewing?", "Work under another name")  # a name that is typed here makes another visitor


@dataclass
class Seen:
    """What was done, and what was seen that nobody should have."""

    actions: int = 0
    typed: int = 0
    pages: int = 0
    sightings: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


@dataclass
class Visitor:
    """One session, and the word that only its person knows. Each text it types ends in that word."""

    name: str
    word: str
    app: AppTest
    turns: int = 0


def mingle(home: Path, *, visitors: int, actions: int, seed: int) -> Seen:
    """Let so many visitors take so many turns each, in a random order."""
    seen, chance = Seen(), Random(seed)
    with Desk.open(_workspace(home), encoder=FakeEncoder) as desk:
        _fill(desk)
        session.use_desk(desk)
        try:
            source = desk.library()[0].source_id[:16]
            people = [_arrive(f"Visitor{number:02}", f"canary{chance.getrandbits(48):012x}") for number in range(visitors)]
            order = [one for one in people for _ in range(actions)]
            chance.shuffle(order)
            for one in order:
                _take_turn(one, chance, source, seen)
                _look(one, people, seen)
        finally:
            session.use_desk(None)
    return seen


def _workspace(home: Path) -> Path:
    for part in ("claims", "evidence"):
        (home / part).mkdir(parents=True)
    (home / "workbench.toml").write_text('name = "Many visitors"\n', encoding="utf-8")
    (home / "evidence" / "observers.txt").write_text(WORDS, encoding="utf-8")
    return home


def _fill(desk: Desk) -> None:
    desk.sync_evidence()
    for number in range(3):
        desk.add_claim(make_claim(f"claim-{number}", f"{WORDS} It was in {2020 + number}."), actor=ANA)


def _arrive(name: str, word: str) -> Visitor:
    app = AppTest.from_file(MAIN_PAGE, default_timeout=300)
    app.session_state["reviewer"] = f"{name} {word}"
    return Visitor(name, word, app)


def _take_turn(one: Visitor, chance: Random, source: str, seen: Seen) -> None:
    """Go to a page, or type into a field of the page."""
    seen.actions += 1
    if one.turns % STAY == 0:
        one.app.switch_page(f"views/{chance.choice(PAGES)}.py")
        one.app.query_params["claim"] = f"claim-{chance.randrange(3)}"
        one.app.query_params["source"] = source
        seen.pages += 1
    else:
        fields = [*one.app.text_area, *one.app.text_input]
        fields = [text for text in fields if text.label not in SHARED and not text.disabled]
        if fields:
            chance.choice(fields).set_value(f"I think {one.turns} {one.word}"[:100])
            seen.typed += 1
    one.turns += 1
    one.app.run()
    seen.failures += [f"{one.name}: {error.message}"[:300] for error in one.app.exception]


def _look(one: Visitor, people: list[Visitor], seen: Seen) -> None:
    said = "\n".join((*_said(one.app._tree), str(one.app.query_params)))
    assert one.word in said, "the visitor's own name stands on every page"
    seen.sightings += [f"{one.name} saw {other.name}'s word" for other in people if other is not one and other.word in said]


def _said(node: Any) -> Iterator[str]:
    """What a page holds, shown or not: every message sent to the browser."""
    if hasattr(node, "proto") and node.proto is not None:
        yield str(node.proto)
    for child in getattr(node, "children", {}).values():
        yield from _said(child)
