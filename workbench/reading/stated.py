"""What files state about themselves, made fit for a record: a line, a date, a language. None where nothing usable is stated."""

from __future__ import annotations

import re

from workbench.models import PartialDate

_ISO = re.compile(r"\s*(\d{4}(?:-\d{2}(?:-\d{2})?)?)(?!\d)")
_LANGUAGE = re.compile(r"\s*([A-Za-z]{2,3})(?:[-_][\w-]*)?\s*")


def one_line(value: str | None) -> str | None:
    """A stated value on one line, without characters no record can hold."""
    return " ".join((value or "").replace("\x00", "").split()) or None


def iso_date(value: str | None, basis: str = "stated") -> PartialDate | None:
    """The day, month or year a value such as 2021-06-23T10:00:00Z begins with. basis: "stated" or "inferred"."""
    found = _ISO.match(value or "")
    try:
        return PartialDate.model_validate({"value": found[1], "basis": basis}) if found else None
    except ValueError:
        return None


def language_code(value: str | None) -> str | None:
    """`en` of a tag such as en-GB."""
    found = _LANGUAGE.fullmatch(value or "")
    code = found[1].lower() if found else None
    return None if code in ("und", "mul", "zxx") else code  # undetermined, several, none
