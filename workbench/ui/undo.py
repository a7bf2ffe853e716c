"""Taking back the last action of a review: a stance, a mark, a rating. What was saved as a verdict is revised, not undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from workbench.tongue import _
from workbench.ui import keys, session

if TYPE_CHECKING:
    from workbench.models import Draft

KEPT = 50  # actions of one draft


@dataclass(frozen=True)
class Done:
    """One action. told: what it was, in a few words; back: puts things as they were before it."""

    told: str
    back: Callable[[], None]


def remember(draft: Draft, told: str, back: Callable[[], None]) -> None:
    """Note an action that was done, so that it can be taken back."""
    done: list[Done] = st.session_state.setdefault(_key(draft), [])
    done.append(Done(told, back))
    del done[:-KEPT]


def button(draft: Draft) -> None:
    """The button that takes back the last action on this draft."""
    st.button(
        _("Undo"), key="undo", shortcut=keys.of("undo"), type="tertiary", on_click=session.act, args=(lambda: _undo(draft),)
    )


def _undo(draft: Draft) -> None:
    done: list[Done] = st.session_state.get(_key(draft), [])
    if not done:
        session.say(_("There is nothing to take back."))
        return
    last = done.pop()
    last.back()
    session.say(_("Taken back: {told}.", told=last.told))


def _key(draft: Draft) -> str:
    return f"undo-{draft.token}"  # a saved draft has another token: its actions cannot be taken back
