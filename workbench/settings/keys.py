"""The keys of the pages: which key does what, and which of them meet on one page."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from workbench.tongue import N_

_MODIFIERS = ("ctrl", "alt", "shift")
_PLAIN = re.compile(r"[a-z0-9]|f([1-9]|1[0-2])|enter|space|escape|backspace|delete|home|end|pageup|pagedown|left|right|up|down")
HELP_SIGN = "?"  # no key of its own on any keyboard: only `help` may have it

MOVING = ("next", "previous", "open")
JUDGING = ("supports", "refutes", "context", "not_relevant")
TOGETHER: dict[str, tuple[str, ...]] = {
    N_("Queue"): (*MOVING, "take_next", "help"),
    N_("Check"): (*MOVING, *JUDGING, "ratings", "save", "save_and_next", "undo", "next_panel", "help"),
    N_("Document"): ("next", "previous", "next_passage", "previous_passage", *JUDGING[:3], "undo", "save", "help"),
}


def _known(key: str) -> str:
    """A key in one spelling: `Ctrl+Shift+Enter`, `j`; empty for none."""
    if key in ("", HELP_SIGN):
        return key
    *held, last = (part.strip().lower() for part in key.split("+"))
    if last in ("c", "r") and not held:
        raise ValueError(f"{key!r} belongs to the app itself; choose another letter than c or r")
    if not _PLAIN.fullmatch(last) or any(one not in _MODIFIERS for one in held) or last in ("c", "r"):
        raise ValueError(f"{key!r} is no key the pages can listen for; write for example j, 1, F2, Shift+1 or Ctrl+Enter")
    parts = [one.capitalize() for one in _MODIFIERS if one in held]
    return "+".join([*parts, last if len(last) == 1 else last.capitalize()])


Key = Annotated[str, AfterValidator(_known)]


class KeySettings(BaseModel):
    """One key for each action, none where it is empty. Raises: ValidationError for two actions of one page on one key.

    ratings: those of the scale, in its order; a longer scale has no key for the rest. Single letters do nothing while
    somebody types in a field.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    next: Key = "j"  # j and k: as in mail, feed readers and Label Studio
    previous: Key = "k"
    open: Key = "o"
    take_next: Key = "n"
    next_passage: Key = "n"
    previous_passage: Key = "p"
    supports: Key = "1"
    refutes: Key = "2"
    context: Key = "3"
    not_relevant: Key = "4"
    ratings: Annotated[tuple[Key, ...], Field(max_length=20)] = tuple(f"Shift+{number}" for number in range(1, 10))
    save: Key = "Ctrl+Enter"  # works while typing
    save_and_next: Key = "Ctrl+Shift+Enter"
    undo: Key = "u"
    next_panel: Key = "t"
    help: Key = HELP_SIGN

    @model_validator(mode="after")
    def _one_action_each(self) -> KeySettings:
        for page, actions in TOGETHER.items():
            taken: dict[str, str] = {}
            for action in actions:
                for key in self.of(action):
                    if key == HELP_SIGN and action != "help":
                        raise ValueError(f"{action} cannot be on {HELP_SIGN!r}, which only help can; choose another key")
                    if key in taken:
                        raise ValueError(
                            f"{taken[key]} and {action} are both on {key!r} on the page {page}; change one of them"
                        )
                    taken[key] = action
        return self

    def of(self, action: str) -> tuple[str, ...]:
        """The keys of an action: one, or none; of `ratings` one for each."""
        held = getattr(self, action)
        return tuple(key for key in (held if isinstance(held, tuple) else (held,)) if key)
