"""Whether a colour can be read: contrast after WCAG 2.2, on both papers of the app. Pure.

What lives here: the arithmetic. What does not: which rating has which colour (presets.py, workbench.toml).
"""

from __future__ import annotations

PAPERS = {"light": "#FBFAF7", "dark": "#14171A"}  # .streamlit/config.toml has the same two; a test holds them equal
ON_PAPER = 3.0  # WCAG 2.2, 1.4.11: the edge of a pill is seen; its word stands on the colour, in the ink below
STEPS = 100  # of a search for the nearest shade that can be seen


def contrast(one: str, other: str) -> float:
    """The contrast of two #rrggbb colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink_on(colour: str) -> str:
    """Black or white, whichever reads better on this #rrggbb colour: at least 4.5:1 on any."""
    return "#FFFFFF" if contrast(colour, "#FFFFFF") >= contrast(colour, "#000000") else "#000000"


def too_faint_on(colour: str) -> str | None:
    """`light` or `dark`: the paper on which the colour cannot be seen well enough; None where it can on both."""
    return next((name for name, paper in PAPERS.items() if contrast(colour, paper) < ON_PAPER), None)


def nearest_visible(colour: str) -> str:
    """The nearest shade of the colour, towards white or black, that is seen on both papers."""
    faint = too_faint_on(colour)
    if faint is None:
        return colour
    towards = 255 if faint == "dark" else 0
    channels = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    for step in range(1, STEPS + 1):
        mixed = [round(channel + (towards - channel) * step / STEPS) for channel in channels]
        shade = "#" + "".join(f"{channel:02X}" for channel in mixed)
        if too_faint_on(shade) is None:
            return shade
    raise AssertionError("between black and white lies a grey that is seen on both papers")


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
