"""The form that describes a photo, video or sound file, one place at a time."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import streamlit as st
from pydantic import ValidationError

from workbench.models import MAX_TEXT, OPERATOR, Described, PartialDate, Region, Reviewer, Segment, TimeSpan
from workbench.models.media import SIDES
from workbench.tongue import N_, Words, _
from workbench.ui import intake, media, session, show
from workbench.ui.dialog import Dialog, Saves

if TYPE_CHECKING:
    from workbench.descriptions import MediaFile
    from workbench.desk import Desk

FILE = "describe_file"
WHOLE_PHOTO, PART = N_("The whole photo"), N_("A part of it")
SEEN, HEARD = N_("What is seen or heard, in my words"), N_("What is said, word for word")

SIDE = Words({"left": N_("Left, %"), "top": N_("Top, %"), "width": N_("Width, %"), "height": N_("Height, %")})


def open_for(path: str) -> None:
    """Have the form be shown for a file of evidence/, by its path in the workspace."""
    st.session_state[FILE] = path
    DIALOG.open()


def _fields(desk: Desk) -> Saves:
    file = desk.descriptions.media_file(st.session_state[FILE], actor=session.whoever())
    show.show_text(file.name, "hit-title")
    spot = _part(desk, file) if file.medium.kind == "photo" else _times(desk, file)
    manner = (
        SEEN
        if file.medium.kind == "photo"
        else st.radio(_("The words are"), (SEEN, HEARD), format_func=_, key="describe_manner")
    )
    words = st.text_area(
        _("What is seen there") if file.medium.kind == "photo" else _("The words"), key="describe_words", max_chars=MAX_TEXT
    )
    dated = st.text_input(
        _("Taken on"), key="describe_dated", placeholder="2021-06-23", help=_("As much of the date as is known.")
    )

    def keep(who: Reviewer) -> None:
        where = TimeSpan.model_validate(spot) if isinstance(spot, str) else Region.model_validate(spot) if spot else None
        segment = Segment(spot=where, manner="heard" if manner == HEARD else "described", words=(words or "").strip())
        date = PartialDate.model_validate((dated or "").strip() or None)
        intake.show_lines(desk.descriptions.add(file.path, segment, by=who, dated=date))

    return keep


def _part(desk: Desk, file: MediaFile) -> dict[str, float] | None:
    """The sides of the part that is described, which is marked on the photo as far as it lies on it; None for the whole."""
    numbers, region = None, None
    place = st.container()
    if st.radio(_("What you describe"), (WHOLE_PHOTO, PART), format_func=_, key="describe_part", horizontal=True) == PART:
        columns = zip(st.columns(4), SIDES, (25.0, 25.0, 50.0, 50.0), strict=True)
        numbers = {
            side: column.number_input(SIDE[side], 0.0, 100.0, first, 1.0, format="%g", key=f"describe_{side}")
            for column, side, first in columns
        }
        with suppress(ValidationError):  # it is said when it is kept
            region = Region.model_validate(numbers)
    with place:
        media.draw(desk, _as_described(file), region)
    return numbers


def _times(desk: Desk, file: MediaFile) -> str | None:
    """The times as typed, such as `0:05-0:20`; None for the whole."""
    media.draw(desk, _as_described(file), None)
    left, right = st.columns(2)
    begins = (left.text_input(_("From"), key="describe_from", placeholder="00:01:05") or "").strip()
    ends = (right.text_input(_("To"), key="describe_to", placeholder="00:01:20") or "").strip()
    return "-".join(filter(None, (begins, ends))) or None


def _as_described(file: MediaFile) -> Described:
    return Described(kind=file.medium.kind, file=file.name, sha256=file.sha256, who=OPERATOR.display_name)


DIALOG = Dialog(
    key="describe",
    title=N_("Describe a photo or recording"),
    save=N_("Keep the description"),
    refused=N_("The description was not kept."),
    fields=_fields,
    labels={"words": N_("The words"), "value": N_("Taken on")},
)
