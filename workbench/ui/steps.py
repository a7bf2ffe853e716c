"""Where a page stands, and going on from there with quick keys.

The browser sends its address along with each press. A press may come before the answer to the one before has changed that
address, or has been drawn: counted from the address, or from what was drawn, a second step would end where the first did.
"""

from __future__ import annotations

from typing import Any, Literal

import streamlit as st

Name = Literal["claim", "passage"]


def here(name: Name) -> str | None:
    """The claim or passage to draw: what the address names, or where the steps led that its browser has not seen yet."""
    address = st.query_params.get(name)
    left, target = _held("steps_left").get(name, (frozenset(), None))
    if address in left:
        go(name, target)
        return last(name)
    _held("steps_at")[name] = address
    return address


def last(name: Name) -> str | None:
    """Where the page stands when a key is pressed: what was drawn last, or where a press since then led."""
    place: str | None = _held("steps_at").get(name)
    return place


def go(name: Name, target: str | None) -> None:
    """Have the page stand at another claim or passage; None: at none."""
    _held("steps_at")[name] = target
    address = st.query_params.get(name)
    if address == target:
        return
    left: frozenset[str | None] = _held("steps_left").get(name, (frozenset(), None))[0]
    _held("steps_left")[name] = ((left | {address}) - {target}, target)
    if target is None:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = target


def arrived() -> None:
    """Say that the page was drawn to its end: an address that was left means its own place again."""
    _held("steps_left").clear()


def _held(key: str) -> dict[str, Any]:
    held: dict[str, Any] = st.session_state.setdefault(key, {})
    return held
