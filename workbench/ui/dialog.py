"""A form in a dialog: open until it is saved or dismissed, with everything typed still there while something is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from workbench.errors import WorkbenchError
from workbench.models import Reviewer
from workbench.tongue import _
from workbench.ui import keys, session, show

if TYPE_CHECKING:
    from workbench.desk import Desk

Saves = Callable[[Reviewer], None]


@dataclass(frozen=True)
class Dialog:
    """One form. fields: draws the fields and gives back what saves them, for whoever is named as reviewer.

    key: what the keys of its widgets begin with. refused: the sentence that stands before the reasons why nothing was saved.
    labels: what the fields of the record are called in the form.
    """

    key: str
    title: str
    save: str
    refused: str
    fields: Callable[[Desk], Saves]
    labels: Mapping[str, str] = field(default_factory=dict)

    def open(self) -> None:
        """Have `draw` show the form until it is saved or dismissed."""
        st.session_state[f"{self.key}_dialog_is_open"] = True

    def close(self) -> None:
        """Have `draw` show nothing."""
        st.session_state[f"{self.key}_dialog_is_open"] = False

    def draw(self, desk: Desk) -> None:
        """The form, while it is open."""
        if st.session_state.get(f"{self.key}_dialog_is_open"):
            st.dialog(_(self.title), width="medium", on_dismiss=self.close)(self._ask)(desk)

    def _ask(self, desk: Desk) -> None:
        who = session.reviewer()
        if who is None:
            show.notice(
                _("Nobody is named as reviewer yet."),
                _("Close this, say who you are at the top of the page, and open it again."),
            )
            return
        try:
            saves = self.fields(desk)
            if not st.button(_(self.save), key=f"{self.key}_save", type="primary", shortcut=keys.of("save")):
                return
            saves(who)
        except ValidationError as error:
            show.notice(f"{_(self.refused)} {self._reasons(error)}", _("Mend it and press the button again."))
        except WorkbenchError as error:
            show.problem(error)
        else:
            self.close()
            st.rerun()

    def _reasons(self, error: ValidationError) -> str:
        said = []
        for problem in error.errors():
            label = next((_(self.labels[str(part)]) for part in problem["loc"] if str(part) in self.labels), None)
            reason = str(problem["msg"]).removeprefix("Value error, ").rstrip(".")
            said.append(f"{label}: {reason}." if label else f"{reason}.")
        return " ".join(said)
