"""A described photo, or a player for a described recording, at the place a passage is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.models import MEDIA_WORDS, Described, Region, Spot, TimeSpan
from workbench.reading.media import Medium, check_medium, medium_of
from workbench.tongue import _
from workbench.ui import page_picture, show
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

PLAYED = 200_000_000  # bytes: Streamlit holds what is played in memory


def draw(desk: Desk, of: Described, spot: Spot) -> None:
    """The photo with a box around the region, or the player, which starts at the time; else why neither can be shown."""
    medium = medium_of(of.file)
    try:
        if medium is None or medium.kind != of.kind or not medium.is_shown:
            show.small(
                _(
                    "This page cannot show {file} ({kind}). Open it in another program to look at it.",
                    file=of.file,
                    kind=_(MEDIA_WORDS[of.kind]),
                )
            )
        elif of.kind == "photo":
            view = desk.pages.photo(of.sha256, of.file)
            show.draw(page_picture.photo(view, spot if isinstance(spot, Region) else None, _("The photo {file}", file=of.file)))
        else:
            _play(desk, of, medium, spot if isinstance(spot, TimeSpan) else None)
    except WorkbenchError as error:
        show.small(f"{error.message} {error.hint}")


def _play(desk: Desk, of: Described, medium: Medium, times: TimeSpan | None) -> None:
    path = desk.originals.path(of.sha256)
    check_medium(path, of.file, medium)
    if path.stat().st_size > PLAYED:
        show.small(
            _(
                "{file} has more than {most} MB and is not played here. Open it in another program.",
                file=of.file,
                most=PLAYED // 1_000_000,
            )
        )
        return
    player = st.video if of.kind == "video" else st.audio
    player(str(path), format=medium.media_type, start_time=times.start // 1000 if times else 0)


def badge(of: Described) -> Safe:
    """`described by NAME`."""
    return tag("span", "badge", _("described by {who}", who=of.who), dir="auto")
