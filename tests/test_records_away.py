"""The records cannot be reached while somebody writes: one clear error, the words stay on the screen, and none is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA
from tests.test_drafts import begun, empty, field, full, verdict
from tests.test_ui import html
from workbench.desk import Desk
from workbench.errors import LedgerError
from workbench.ledger.database import Beat, Database

__all__ = ["begun", "empty", "full"]  # fixtures

pytestmark = pytest.mark.process

SAID = "postgresql://workbench@db/workbench cannot be reached"


class Unreliable:
    """A database that is there or away, as a test has it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.is_away = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def _unless_away(self) -> None:
        if self.is_away:
            raise LedgerError(f"{SAID} (connection refused).", hint="Check that the server runs.", code="ledger_unreachable")

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        self._unless_away()
        with self._database.reading() as connection:
            yield connection

    def write(self, work: Callable[[sa.Connection], Any]) -> Any:
        self._unless_away()
        return self._database.write(work)

    def beat(self) -> Beat:
        return object() if self.is_away else self._database.beat()


@pytest.fixture
def records(full: Desk, monkeypatch: pytest.MonkeyPatch) -> Unreliable:
    unreliable = Unreliable(full.ledger.database)
    monkeypatch.setattr(full.ledger, "database", unreliable)
    monkeypatch.setattr(full.ledger, "_reading", unreliable.reading)
    return unreliable


def test_what_is_typed_while_the_records_are_away_stays_on_the_screen_and_is_stored_when_they_are_back(
    begun: AppTest, full: Desk, records: Unreliable
) -> None:
    records.is_away = True
    field(begun, "rationale").set_value("Typed while they were away.").run()
    begun.button(key="records-back").click().run()
    assert (html(begun).count(SAID), "Typed while they were away." in html(begun)) == (1, True)

    records.is_away = False
    begun.button(key="records-back").click().run()

    assert field(begun, "rationale").value == full.draft("vote", ANA).rationale == "Typed while they were away."
    assert field(begun, "rationale").proto.set_value
    assert not begun.warning
    assert SAID not in html(begun)


def test_a_verdict_saved_while_the_records_are_away_is_not_called_saved_and_is_saved_once_they_are_back(
    begun: AppTest, full: Desk, records: Unreliable
) -> None:
    verdict(begun).set_value("not-enough-evidence").run()
    records.is_away = True
    begun.button(key="save-verdict").click().run()
    assert (html(begun).count(SAID), "Saved as revision" in html(begun)) == (1, False)

    records.is_away = False
    begun.run()
    assert (field(begun, "rationale").value, full.case("vote").verdicts) == ("Counted twice.", ())
    begun.button(key="save-verdict").click().run()

    assert [one.rationale for one in full.case("vote").verdicts] == ["Counted twice."]
