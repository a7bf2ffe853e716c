"""Everything that came from outside, shown as text. The only place where a page writes HTML or scripts.

What lives here: `literal` for Markdown sinks, `tag` and `marked` for HTML that is escaped by construction, the boxes for
errors, the style sheet, the bar under selected words. What does not: any value of a page. A str handed to `tag` is text; only a
`Safe` is markup, and only this module makes one (RELIABILITY.md case 68; section 3, rule 18).
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Literal

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.models import Span
from workbench.ratings import ink_on
from workbench.tongue import _, direction, language

STYLE = Path(__file__).with_name("style.css")
BAR = Path(__file__).with_name("selected_words.js")
ACTS = Path(__file__).with_name("page_acts.js")
FROM_THE_RIGHT = Path(__file__).with_name("from_the_right.css")

_MARKDOWN = str.maketrans({character: f"\\{character}" for character in string.punctuation})
# Streamlit also turns -> and -- into typography, and addresses into links, after the escapes are resolved; an invisible
# word joiner in between keeps them as they were typed. Seen in Streamlit 1.67.
_LINKS_AND_ARROWS = re.compile(r"(?<=[-<])(?=[->])|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)|(?<=mailto)(?=:)", re.IGNORECASE)
_ELEMENT_ID = re.compile(r"^[A-Za-z][A-Za-z0-9-]*$")
_PLACES = re.compile(r"\{(\w+)\}")
WORD_JOINER = "\u2060"


class Safe(str):
    """HTML made by this module: its text is escaped already."""


def literal(text: str) -> str:
    """The text as Markdown that shows it unchanged: for labels, captions and boxes. Line breaks become spaces."""
    joined = _LINKS_AND_ARROWS.sub(WORD_JOINER, " ".join(text.split()))
    return joined.translate(_MARKDOWN)


def tag(name: str, css: str = "", *children: str | Safe, **attributes: str) -> Safe:
    """An element around its children, each escaped unless Safe. `href` is kept only for http, https and pages of the app."""
    href = attributes.get("href")
    if href is not None and not href.startswith(("https://", "http://", "/", "#")):
        attributes = {key: value for key, value in attributes.items() if key != "href"}
    if href is not None and href.startswith("http"):
        attributes |= {"target": "_blank", "rel": "noopener noreferrer"}
    if css:
        attributes = {"class": css, **attributes}
    written = "".join(f' {key.replace("_", "-")}="{escape(value, quote=True)}"' for key, value in attributes.items())
    inside = "".join(child if isinstance(child, Safe) else escape(child) for child in children)
    return Safe(f"<{name}{written}>{inside}</{name}>")


def together(parts: Iterable[str | Safe], between: str = "") -> Safe:
    """The parts one after the other, escaped unless Safe."""
    return Safe(escape(between).join(part if isinstance(part, Safe) else escape(part) for part in parts))


def woven(sentence: str, **parts: str | Safe) -> Safe:
    """A sentence with parts in the place of its `{names}`, each escaped unless Safe: for a link inside a translated text."""
    pieces = _PLACES.split(sentence)  # text, name, text, name, ..., text
    return together(parts[piece] if place % 2 else piece for place, piece in enumerate(pieces))


def marked(text: str, spans: Iterable[Span], css: str = "matched") -> Safe:
    """The text with its spans in `<mark>`; overlapping spans are merged, spans outside the text are cut to it."""
    parts: list[str | Safe] = []
    done = 0
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        start, end = max(span.start, done), min(span.end, len(text))
        if start >= end:
            continue
        parts += [text[done:start], tag("mark", css, text[start:end])]
        done = end
    return together([*parts, text[done:]])


def draw(*parts: Safe, width: Literal["stretch", "content"] = "stretch") -> None:
    """Put finished HTML on the page."""
    st.html(tag("div", "wb", *parts), width=width)


def show_text(text: str, css: str = "plain") -> None:
    """A text from outside, exactly as it is, in its own reading direction."""
    draw(tag("p", css, text, dir="auto"))


def small(text: str) -> None:
    """A line of quiet words under something."""
    show_text(text, "quiet")


def problem(error: WorkbenchError) -> None:
    """The box for an error: what happened, and what to do next."""
    notice(error.message, error.hint)


def notice(what: str, next_step: str = "") -> None:
    """A calm box: a sentence that says what is the matter, and one that says what to do."""
    parts = [tag("p", "what", what, dir="auto")]
    if next_step:
        parts.append(tag("p", "next", next_step, dir="auto"))
    draw(tag("div", "notice", *parts, role="status"))


def empty(what: str, next_step: str) -> None:
    """What an empty list says instead of nothing."""
    draw(tag("div", "empty", tag("p", "what", what), tag("p", "next", next_step)))


def said(text: str) -> None:
    """A confirmation, in words taken from what is stored."""
    draw(tag("p", "said", text, role="status"))


def pill(text: str, colour: str | None = None) -> Safe:
    """A small label: black or white on its colour, or plain in the ink of the theme."""
    if colour is not None and re.fullmatch(r"#[0-9A-Fa-f]{6}", colour):
        return tag("span", "pill filled", text, style=f"background:{colour};color:{ink_on(colour)}")
    return tag("span", "pill", text)


def stylesheet() -> None:
    """The look of everything that is not a Streamlit widget, and the few places where a widget needs to be quieter.

    Also which way the page runs, and which language a screen reader is to read it in.
    """
    runs = direction()
    _style("".join(one.read_text(encoding="utf-8") for one in (STYLE, FROM_THE_RIGHT)[: 2 if runs == "rtl" else 1]))
    said = language()
    _act("language", act="language", token=f"{said} {runs}", lang=said, dir=runs)


def only_below(width: int, panels: Iterable[str], shown: str) -> None:
    """Below `width` pixels, hide the keyed containers of `panels` except `shown`; they keep their state."""
    hidden = ", ".join(f".st-key-{panel}" for panel in panels if panel != shown)
    _style(f"@media (max-width: {int(width) - 1}px) {{ {hidden} {{ display: none !important; }} }}")


def scroll_to(element_id: str, *, token: str, block: str = "nearest") -> None:
    """Bring an element of the page into view once it is drawn; a new token makes it happen again.

    Raises: ValueError for an id that is not a plain name.
    """
    if not _ELEMENT_ID.match(element_id) or block not in ("nearest", "center"):
        raise ValueError(f"{element_id!r} cannot be scrolled to")
    _act(element_id, act="scroll", token=token, selector=f"#{element_id}", block=block)


def focus_link(container_key: str, *, token: str) -> None:
    """Move the keyboard's focus to the first link of a keyed container, so that Enter opens it; a new token does it again.

    Raises: ValueError for a key that is not a plain name.
    """
    if not _ELEMENT_ID.match(container_key):
        raise ValueError(f"{container_key!r} cannot be focused")
    _act(container_key, act="focus", token=token, selector=f".st-key-{container_key} a")


def press_on(key: str, button_key: str) -> None:
    """Have a key of the keyboard press a button of the page; not while somebody types in a field.

    Raises: ValueError for a key of a button that is not a plain name.
    """
    if not _ELEMENT_ID.match(button_key):
        raise ValueError(f"{button_key!r} cannot be pressed")
    _act(button_key, act="press", token=key, key=key, selector=f".st-key-{button_key} button")


# The component holds no text from outside: what it shows it takes from the page, as text, and from `data`.
_selection_bar = st.components.v2.component(
    "selected_words",
    html='<div class="bar" role="region" hidden>'
    '<p class="words" dir="auto" aria-live="polite"></p><p class="note"></p><div class="buttons"></div></div>',
    css=BAR.with_suffix(".css").read_text(encoding="utf-8"),
    js=BAR.read_text(encoding="utf-8"),
)


def selection_bar(
    key: str, groups: Mapping[str, tuple[str, Sequence[tuple[str, str]]]], *, on_chosen: Callable[[], None]
) -> None:
    """A bar that shows while words of an element with `data-start` are selected, with a note and a button for each action.

    groups: (note, [(action, label)]) by what `data-source` says; "" is for every other source.

    on_chosen runs after a press; `st.session_state[key].chosen` then holds source, start, end, words and action as the browser
    sent them, to be checked.
    """
    data = {source: {"note": note, "actions": list(actions)} for source, (note, actions) in groups.items()}
    _selection_bar(key=key, data={"label": _("Selected words"), "groups": data}, on_chosen_change=on_chosen)


def press_when_back(button_key: str) -> None:
    """Press a button when the line to the server, once it was dead, is there again: the page is drawn with what it holds.

    Streamlit's own page draws nothing anew then, and what was typed while the line was dead would wait for the next press.
    """
    _act(button_key, act="back", token=button_key, selector=f".st-key-{button_key} button")


def keep_cookie(name: str, value: str | None) -> None:
    """Keep a percent-encoded value in this browser for a year; None changes nothing. Raises: ValueError for other values."""
    if value is None:
        return
    if not re.fullmatch(r"[A-Za-z0-9%._~-]*", value):
        raise ValueError("only a percent-encoded value can be kept")
    age = 31_536_000 if value else 0
    _act("cookie", act="cookie", token=value, cookie=f"{name}={value}; path=/; max-age={age}; SameSite=Strict")


def sandboxed(document: str, *, height: int) -> None:
    """A whole HTML document in a frame that may run nothing, load nothing and reach nothing around it."""
    inner = tag("iframe", "", sandbox="", srcdoc=document, title=_("Preview of the report"))
    style = "<style>html,body{margin:0;height:100%}iframe{border:0;width:100%;height:100%;background:#fff}</style>"
    st.iframe(f"<!doctype html><meta charset='utf-8'>{style}{inner}", height=height)


def _style(css: str) -> None:
    """Add rules to the page. The empty element keeps Streamlit from treating them as an event, of which only one survives."""
    st.html(f'<div class="wb-hidden"></div><style>{css}</style>')


_page_acts = st.components.v2.component("page_acts", html="<span></span>", js=ACTS.read_text(encoding="utf-8"))


def _act(name: str, **data: str) -> None:
    """Have the browser do something once, until the token is another. Nothing here is a script: the policy forbids those."""
    _page_acts(key=f"act-{name}", data=data)
