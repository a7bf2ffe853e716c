"""The language of what people are shown: the one door from an English text to the words of whoever reads them.

What lives here: which languages there are, which one is spoken now, `_` and `counted` that say a text in it, words kept in
tables that are said when they are shown, numbers and dates. What does not: text of people, claims and files, which is never
translated; what is stored, which is codes and English; which language somebody wants (`[ui] language`, ui/session.py).

An English text is its own key: GNU gettext, catalogs in locale/, `make messages`. docs/translating.md says how to add one.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

if TYPE_CHECKING:
    from gettext import NullTranslations

K = TypeVar("K")

CATALOGS = Path(__file__).with_name("locale")
DOMAIN = "workbench"
ENGLISH = "en"
# English with each word written backwards by the reader's own rendering, as of a language that is written from the right:
# what stays readable on a page did not go through this door, and what stands on the wrong side does not follow the direction.
MIRRORED = "ar-XB"
_FROM_THE_RIGHT = ("ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi")
_WORDS = re.compile(r"(\{[^}]*\})|([^\W\d_]+)")

_spoken: ContextVar[str | None] = ContextVar("workbench_language", default=None)
_asked: Callable[[], str] | None = None


# --- which language ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def languages() -> tuple[str, ...]:
    """The codes of the languages there are: English, and each that has a catalog."""
    return (ENGLISH, *sorted(found.parent.parent.name for found in CATALOGS.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


def nearest(wanted: str, locale: object) -> str:
    """The language for a setting and the locale of a browser: what is wanted; for `auto` the locale's, where there is one.

    locale: what the browser says, for example `fr-CA`; anything but a text counts as nothing said.
    """
    if wanted != "auto":
        return wanted if wanted in languages() or wanted == MIRRORED else ENGLISH
    said = locale.replace("_", "-").casefold() if isinstance(locale, str) else ""
    by_code = {one.replace("_", "-").casefold(): one for one in languages()}
    return by_code.get(said) or by_code.get(said.partition("-")[0]) or ENGLISH


def ask(whose: Callable[[], str]) -> None:
    """Let a door say, at each text, which language is spoken to whoever is served at the moment."""
    global _asked
    _asked = whose


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside in this language, whoever is served."""
    before = _spoken.set(language)
    try:
        yield
    finally:
        _spoken.reset(before)


def language() -> str:
    """The code of the language spoken now; English where nobody said otherwise."""
    return _spoken.get() or (_asked() if _asked is not None else ENGLISH)


def direction(code: str | None = None) -> Literal["ltr", "rtl"]:
    """Which way a language is written, by default the one spoken now."""
    return "rtl" if (code or language()).partition("-")[0] in _FROM_THE_RIGHT else "ltr"


# --- texts --------------------------------------------------------------------------------------------------------------


def _(text: str, /, **values: object) -> str:
    """An English text in the language spoken now, with values in the place of `{names}`; numbers as they are written there."""
    if not text:
        return text  # gettext answers an empty text with the head of the catalog
    return _filled(_said(text), values)


def counted(number: int, one: str, many: str, /, **values: object) -> str:
    """`1 passage`, `1,204 passages`: the English forms for one and many hold `{count}`; a language may have more forms."""
    return _filled(_said_of(number, one, many), {"count": number, **values})


def N_(text: str, /) -> str:  # noqa: N802  gettext's name for it
    """The text as it is: it is noted for translation here, and goes through `_` where it is shown."""
    return text


class Words(Mapping[K, str]):
    """Words for values, noted with `N_` in a table of a module and said in the language spoken when one is looked up."""

    def __init__(self, english: Mapping[K, str]) -> None:
        self.english = dict(english)

    def __getitem__(self, key: K) -> str:
        return _(self.english[key])

    def __iter__(self) -> Iterator[K]:
        return iter(self.english)

    def __len__(self) -> int:
        return len(self.english)


def _said(text: str) -> str:
    code = language()
    if code == ENGLISH:
        return text
    return _mirrored(text) if code == MIRRORED else _catalog(code).gettext(text)


def _said_of(number: int, one: str, many: str) -> str:
    code = language()
    if code in (ENGLISH, MIRRORED):
        text = one if number == 1 else many
        return text if code == ENGLISH else _mirrored(text)
    return _catalog(code).ngettext(one, many, number)


@lru_cache(maxsize=8)
def _catalog(code: str) -> NullTranslations:
    import gettext

    return gettext.translation(DOMAIN, CATALOGS, languages=[code], fallback=True)


@lru_cache(maxsize=4096)
def _mirrored(text: str) -> str:
    return "\u200f" + _WORDS.sub(lambda found: found[1] or f"\u202e{found[2]}\u202c", text)  # first, a mark: written from there


class _Filler(string.Formatter):
    """Numbers in the way of the language: `{count}`, `{score:.3f}`, `{share:.0%}`."""

    def format_field(self, value: Any, spec: str) -> str:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return number(value, spec)
        return str(super().format_field(value, spec))


_filler = _Filler()


def _filled(text: str, values: Mapping[str, object]) -> str:
    return _filler.vformat(text, (), values) if values else text


# --- numbers and dates ------------------------------------------------------------------------------------------------


def number(value: float, spec: str = "") -> str:
    """A number as the language writes it: `1,204`, `1 204`. spec: as in format(), with decimals (`.2f`) or percent (`.0%`)."""
    spec = spec or (",d" if isinstance(value, int) else "")
    code = _code_for_babel()
    return format(value, spec) if code is None else _written(value, spec, code)


@lru_cache(maxsize=4096)  # Babel takes a third of a millisecond for one, and a page has a hundred
def _written(value: float, spec: str, code: str) -> str:
    known = re.fullmatch(r",?d|,?\.(\d)f|\.0(%)", spec)
    if known is None:
        return format(value, spec)
    from babel.numbers import format_decimal, format_percent

    if known[2] == "%":
        return format_percent(value, locale=code)
    decimals = int(known[1] or 0)
    return format_decimal(value, "#,##0" + ("." + "0" * decimals if decimals else ""), locale=code)


def day(value: date) -> str:
    """`1 May 2026`, `1 mai 2026`."""
    code = _code_for_babel()
    if code is None:
        return f"{value.day} {value:%B %Y}"
    from babel.dates import format_date

    return format_date(value, "long", locale=code)


def month(value: date) -> str:
    """`May 2026`, `mai 2026`."""
    code = _code_for_babel()
    if code is None:
        return f"{value:%B %Y}"
    from babel.dates import format_skeleton

    return format_skeleton("yMMMM", value, locale=code)


def clock(value: datetime | time, *, seconds: bool = False) -> str:
    """`12:03`, with seconds `12:03:20`: the same in every language, as newsrooms write it."""
    return value.strftime("%H:%M:%S" if seconds else "%H:%M")


def name_of_language(code: str) -> str:
    """What a language of the interface calls itself: `Français`."""
    if code == ENGLISH:
        return "English"
    from babel import Locale, UnknownLocaleError

    try:
        found = Locale.parse(code.replace("-", "_")).display_name
    except (UnknownLocaleError, ValueError):
        return code
    return found[:1].upper() + found[1:] if found else code


def _code_for_babel() -> str | None:
    """The locale of numbers and dates; None where English needs no table."""
    code = language()
    return None if code in (ENGLISH, MIRRORED) else code.replace("-", "_")
