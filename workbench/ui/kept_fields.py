"""Fields of a draft that are kept at every drawing: what the draft holds, what a browser holds, and what it last saw.

What lives here: whether what a browser holds was written in it, or is only older than the draft; and words that were written
over without having been seen. What does not: which fields there are and what a change of them does (the panels of Check).

The server's session may end while a page stays open: the server was restarted, or the line was dead for longer than
`disconnectedSessionTTL`. The next session of the page begins with what the browser holds, and knows nothing of what was
drawn there before. So the browser itself carries what it last saw of each field, as a hidden field of the page: what
differs from that was written there and is kept; what does not is replaced by what the draft holds now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, get_args

import streamlit as st

from workbench.models import Draft, SetAside
from workbench.tongue import N_, _
from workbench.ui import session, show, undo, words
from workbench.ui.show import tag

if TYPE_CHECKING:
    from workbench.desk import Desk

ABSENT = object()  # a widget that is not on the page; None is a value
LABEL = N_("What this page last saw of the draft")
BACK = "line-is-back"
TEXTS = frozenset(get_args(SetAside.model_fields["field"].annotation))  # a choice is seen to be another; words are lost


class KeptFields:
    """The fields of one draft on one page. Keys carry its token: the next draft begins with fresh ones.

    No widget has a callback of its own. Streamlit may stop a callback at any `st.` line when the next change arrives, and
    does not call it again: what was typed would be on the screen and not in the draft. Instead every drawing asks `written`,
    so that whichever drawing runs to its end keeps it all.
    """

    def __init__(self, token: str, kept: Mapping[str, Any]) -> None:
        """Before any field of the draft is drawn. kept: what a page that is new shows of the draft."""
        self.token = token
        self.has_older = False  # this page shows a value that another window has changed since
        self._holder = st.container(key="last-saw")  # not shown
        with self._holder:
            st.button(_("The line to the server is there again"), key=BACK)
        show.press_when_back(BACK)
        self._carried: dict[str, str] | None = None
        held = f"seen-{token}"
        if held not in st.session_state:
            self._carried = _marks(self._draw(json.dumps({name: _mark(value) for name, value in kept.items()})))
            st.session_state[held] = dict(self._carried)
        self.seen: dict[str, str] = st.session_state[held]

    def _draw(self, marks: str) -> str | None:
        with self._holder:
            return st.text_input(_(LABEL), marks, key=f"last-saw-{self.token}", label_visibility="collapsed")

    def settle(self) -> None:
        """After the last field: have the browser carry what it saw. Draws again where the page shows what is older."""
        if self.has_older or (self._carried is not None and self._carried != self.seen):
            st.rerun()
        if self._carried is None:
            st.session_state[f"last-saw-{self.token}"] = marks = json.dumps(self.seen)
            self._draw(marks)

    def key(self, name: str, kept: Any) -> str:
        """The key of a field's widget, which is drawn with `kept`, what the draft holds, as its default.

        A default yields to what a browser sends in the first drawing of a session; a value set in the session would not.
        """
        key, mark = f"{name}-{self.token}", _mark(kept)
        held = st.session_state.get(key, ABSENT)
        if held is ABSENT:
            self.seen.setdefault(name, mark)
        elif _mark(held) == self.seen[name] != mark:
            st.session_state[key] = kept
            self.seen[name] = mark
        return key

    def written(self, name: str, kept: Any) -> bool:
        """Whether the widget holds what was written on this page and is not in the draft yet."""
        held = self.value(name)
        if held is ABSENT or _mark(held) == _mark(kept):
            return False
        self.has_older = self.has_older or _mark(held) == self.seen[name]
        return _mark(held) != self.seen[name]

    def value(self, name: str) -> Any:
        """What the widget holds; ABSENT where it is not on the page."""
        return st.session_state.get(f"{name}-{self.token}", ABSENT)

    def has_seen(self, name: str, kept: Any) -> bool:
        """Whether this page showed what the draft holds of the field."""
        return self.seen.get(name) == _mark(kept)

    def saw(self, name: str, value: Any) -> None:
        """Note that the page shows what the draft holds."""
        self.seen[name] = _mark(value)

    def put(self, name: str, value: Any) -> None:
        """Show another value from the next drawing on, one that the draft holds."""
        st.session_state[f"{name}-{self.token}"] = value
        self.saw(name, value)


def set_aside(now: Draft, written: Mapping[str, Any], seen: KeptFields) -> tuple[SetAside, ...]:
    """What the draft sets aside once these fields are written: words of another window that this page never showed."""
    lost = [
        SetAside(field=field, words=held)
        for field in TEXTS & written.keys()
        if (held := getattr(now, field)).strip() and held != written[field] and not seen.has_seen(field, held)
    ]
    return (*now.set_aside, *(one for one in lost if one not in now.set_aside))


def draw_set_aside(desk: Desk, draft: Draft, fields: KeptFields) -> None:
    """Words that were written over by this page without having been shown on it: take them instead, or let them go."""
    for place, one in enumerate(draft.set_aside):
        told = _(
            "In another window {field} was changed meanwhile. What you wrote here is kept; there it says:",
            field=words.DRAFT_FIELD[one.field],
        )
        show.draw(tag("div", "cited", tag("p", "quiet", told), tag("p", "words plain", one.words, dir="auto")))
        take, let_go = partial(_take, desk, draft, fields, one), partial(_let_go, desk, draft, one)
        with st.container(horizontal=True, gap="xsmall"):
            st.button(_("Take these words"), key=f"take-{place}-{draft.token}", on_click=session.act, args=(take,))
            st.button(
                _("Let them go"), key=f"let-go-{place}-{draft.token}", type="tertiary", on_click=session.act, args=(let_go,)
            )


def _let_go(desk: Desk, draft: Draft, one: SetAside) -> None:
    desk.change_draft(draft, lambda now: _with(now, without=one))
    undo.remember(draft, _("letting other words go"), lambda: _put_back(desk, draft, one))


def _take(desk: Desk, draft: Draft, fields: KeptFields, one: SetAside) -> None:
    here = getattr(draft, one.field)
    desk.change_draft(draft, lambda now: _with(now, {one.field: one.words}, without=one))
    fields.put(one.field, one.words)

    def back() -> None:
        _put_back(desk, draft, one, {one.field: here})
        fields.put(one.field, here)

    undo.remember(draft, _("taking other words for {field}", field=words.DRAFT_FIELD[one.field]), back)


def _put_back(desk: Desk, draft: Draft, one: SetAside, fields: Mapping[str, str] = MappingProxyType({})) -> None:
    desk.change_draft(draft, lambda now: now.model_copy(update={**fields, "set_aside": (*now.set_aside, one)}))


def _with(now: Draft, fields: Mapping[str, str] = MappingProxyType({}), *, without: SetAside) -> Draft:
    return now.model_copy(update={**fields, "set_aside": tuple(one for one in now.set_aside if one != without)})


def _mark(value: Any) -> str:
    """A short name of a value: equal for equal values, without their words."""
    return sha256(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def _marks(carried: str | None) -> dict[str, str]:
    """What a browser carried, as far as it can be read: nothing where the page is new, or somebody else wrote it."""
    try:
        found = json.loads(carried or "{}")
    except ValueError:
        return {}
    is_ours = isinstance(found, dict) and all(isinstance(part, str) for item in found.items() for part in item)
    return found if is_ours else {}
