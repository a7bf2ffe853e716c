"""The keys of the pages in one table: what each does and where, as the settings have it; and the page that lists them."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.ratings import label_of
from workbench.settings import KeySettings
from workbench.settings.keys import HELP_SIGN, TOGETHER
from workbench.tongue import N_, Words, _
from workbench.ui import session, show
from workbench.ui.show import tag

Action = Literal[
    "next",
    "previous",
    "open",
    "take_next",
    "next_passage",
    "previous_passage",
    "supports",
    "refutes",
    "context",
    "not_relevant",
    "save",
    "save_and_next",
    "undo",
    "next_panel",
    "help",
]

LABELS: Words[str] = Words(
    {
        "next": N_("Next claim, passage or hit"),
        "previous": N_("The one before"),
        "open": N_("Open it"),
        "take_next": N_("Take the next claim"),
        "next_passage": N_("Next passage of the document"),
        "previous_passage": N_("The passage before"),
        "supports": N_("Cite: supports; again to take it back"),
        "refutes": N_("Cite: refutes; again to take it back"),
        "context": N_("Cite: context; again to take it back"),
        "not_relevant": N_("Not relevant; again to take it back"),
        "save": N_("Save; also while typing"),
        "save_and_next": N_("Save, and open the next claim"),
        "undo": N_("Take back the last stance, mark, rating or text"),
        "next_panel": N_("On a narrow screen: claim, evidence, verdict in turn"),
        "help": N_("This list"),
    }
)


def of(action: Action) -> str | None:
    """The key of an action in this workspace; None where it has none."""
    return next(iter(_settings().of(action)), None)


def of_rating(place: int) -> str | None:
    """The key of the rating at a place of the scale, from 0; None where the keys are used up."""
    ratings = _settings().ratings
    return (ratings[place] or None) if place < len(ratings) else None


def help_button() -> None:
    """The button that lists the keys, and its key."""
    key = of("help")
    asked = st.button(
        _("Keys"),
        key="show-keys",
        icon=":material/keyboard:",
        type="tertiary",
        help=_("Every key of the pages") + (f" ({key})" if key else ""),
        shortcut=None if key == HELP_SIGN else key,
    )
    if key == HELP_SIGN:  # Streamlit listens for letters, digits and named keys only
        show.press_on(HELP_SIGN, "show-keys")
    if asked:
        st.dialog(_("Keys"), width="medium")(_overlay)()


def _overlay() -> None:
    held = _settings()
    for page, actions in TOGETHER.items():
        rows = []
        for action in actions:
            pairs = _rating_rows() if action == "ratings" else [(key, LABELS[action]) for key in held.of(action)]
            for key, label in pairs:
                rows += [tag("dt", "", tag("kbd", "", key)), tag("dd", "", label, dir="auto")]
        show.draw(tag("h3", "label", _(page)), tag("dl", "facts keys", *rows))
    show.small(
        _("Letters and digits do nothing while you type in a field; Tab leaves it. Change them under [keys] in workbench.toml.")
    )


def _rating_rows() -> list[tuple[str, str]]:
    scale = session.settings().review.rating_scale
    rows = ((of_rating(place), label_of(one)) for place, one in enumerate(scale.ratings))
    return [(key, _("Rate: {label}", label=label)) for key, label in rows if key]


def _settings() -> KeySettings:
    """The keys of this workspace; the usual ones where it cannot be opened, which the page says itself."""
    try:
        return session.settings().keys
    except WorkbenchError:
        return KeySettings()
