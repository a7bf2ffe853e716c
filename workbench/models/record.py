"""What every record is made of: the closed frozen base, hashes, spans, partial dates, people."""

from __future__ import annotations

import calendar
import hashlib
import json
import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from workbench.tongue import _, day, month

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Offset = Annotated[int, Field(ge=0)]
Stance = Literal["supports", "refutes", "context"]
Basis = Literal["stated", "inferred", "typed"]
Ground = Literal["claimant-gave-no-evidence", "nothing-found-in-this-search", "cannot-be-known", "not-yet-known"]
SubjectKind = Literal["claim", "source", "person", "workspace"]
SearchMode = Literal["hybrid", "dense", "lexical"]
Status = Literal["todo", "draft", "submitted", "needs-review", "disagreement", "settled", "recheck", "published", "void"]
SourceKind = Literal[
    "primary-document",
    "official-statement",
    "party-to-the-dispute",
    "eyewitness",
    "news-report",
    "wire",
    "fact-check",
    "social-post",
    "digest",
    "note",
]
Access = Literal["public", "internal", "confidential"]
Audience = Literal["public", "team"]  # whom something is told: anybody, or colleagues
MAY_READ: dict[Audience, frozenset[Access]] = {"public": frozenset({"public"}), "team": frozenset({"public", "internal"})}
_STRICTNESS: tuple[Access, ...] = ("public", "internal", "confidential")

MAX_STATEMENT = 10_000  # characters: a claim is a sentence; longer is a pasted article (RELIABILITY.md case 50)
MAX_TEXT = 1_000_000  # characters of a rationale or note (case 67): stored exactly or refused, never cut


def sha256_hex(data: bytes | str) -> str:
    """Lowercase hex sha256 of bytes, or of a text's UTF-8."""
    return hashlib.sha256(data.encode("utf-8") if isinstance(data, str) else data).hexdigest()


def canonical_json(value: Any) -> str:
    """The one JSON spelling that is hashed: sorted keys, no spaces, text as itself, no NaN (RFC 8785 in spirit).

    Raises: ValueError for NaN or infinity.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def stricter(one: Access, other: Access) -> Access:
    """The one of the two under which fewer people may read."""
    return max(one, other, key=_STRICTNESS.index)


class Record(BaseModel):
    """Frozen, closed to unknown keys, and free of NUL (PostgreSQL refuses it, SQLite's length() stops at it: case 13)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="after")
    @classmethod
    def _no_nul(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str) and "\x00" in value:
            raise ValueError(f"{info.field_name} contains a NUL character; remove it")
        return value


class Named(Record):
    """What people keep under a name. id: a slug of the name it was first given."""

    id: Slug
    name: Annotated[str, Field(min_length=1, max_length=120)]


class Span(Record):
    """Code points [start, end) of a named text."""

    start: Offset
    end: Offset


_PARTIAL = re.compile(r"^\d{4}(-\d{2}(-\d{2})?)?$")
_SHORTHAND = re.compile(
    r"^(?:(?P<bound>not before|not after)\s+)?(?P<value>\d{4}(?:-\d{2}(?:-\d{2})?)?)"
    r"(?:\s*\((?P<basis>stated|inferred|typed)\))?$"
)


class PartialDate(Record):
    """A date as far as it is known: a year, a month or a day; or a bound; or unknown. Nothing is ever filled in.

    Files may use the shorthand `2021`, `2021-06`, `2021-06-23`, `not before 2021-02-01`, `2021-06 (inferred)`, `unknown`.
    """

    value: str | None = None
    bound: Literal["on", "not-before", "not-after"] = "on"
    basis: Basis = "typed"

    @model_validator(mode="before")
    @classmethod
    def _read_shorthand(cls, data: Any) -> Any:
        if data is None or data == "unknown":
            return {}
        if isinstance(data, datetime):
            return {"value": data.date().isoformat()}
        if isinstance(data, date):
            return {"value": data.isoformat()}
        if isinstance(data, int) and not isinstance(data, bool):
            return {"value": f"{data:04d}"}
        if isinstance(data, str):
            found = _SHORTHAND.match(data.strip())
            if not found:
                raise ValueError(f"{data!r} is not a date; write 2021, 2021-06, 2021-06-23, 'not before 2021-06' or unknown")
            return {
                "value": found["value"],
                "bound": (found["bound"] or "on").replace(" ", "-"),
                "basis": found["basis"] or "typed",
            }
        return data

    @field_validator("value")
    @classmethod
    def _real_date(cls, value: str | None) -> str | None:
        if value is not None:
            if not _PARTIAL.match(value):
                raise ValueError(f"{value!r} is not a date; write 2021, 2021-06 or 2021-06-23")
            year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
            date(year, month, day)  # raises ValueError for 2021-13 or 2023-02-29
        return value

    @property
    def precision(self) -> Literal["day", "month", "year", "unknown"]:
        """How much of the date is known."""
        if self.value is None:
            return "unknown"
        return ("year", "month", "day")[self.value.count("-")]

    @property
    def earliest(self) -> date | None:
        """The first day this date can mean; None where there is no lower bound."""
        if self.value is None or self.bound == "not-after":
            return None
        year, month, day = (*map(int, self.value.split("-")), 1, 1)[:3]
        return date(year, month, day)

    @property
    def latest(self) -> date | None:
        """The last day this date can mean; None where there is no upper bound."""
        if self.value is None or self.bound == "not-before":
            return None
        parts = [int(part) for part in self.value.split("-")]
        year, month = parts[0], parts[1] if len(parts) > 1 else 12
        return date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])

    def said(self) -> str:
        """The date in words of the language spoken: `23 juin 2021`, `pas avant 2021`. `str` says it in English."""
        first = self.earliest or self.latest
        if self.value is None or first is None:
            return _("date unknown")
        words = str(first.year) if self.precision == "year" else month(first) if self.precision == "month" else day(first)
        if self.bound == "on":
            return words
        return _("not before {date}", date=words) if self.bound == "not-before" else _("not after {date}", date=words)

    def __str__(self) -> str:
        """The date in words: `23 June 2021`, `June 2021`, `not before 2021`, `date unknown`."""
        if self.value is None:
            return "date unknown"
        parts = [int(part) for part in self.value.split("-")]
        words = str(parts[0])
        if len(parts) > 1:
            words = f"{calendar.month_name[parts[1]]} {words}"
        if len(parts) > 2:
            words = f"{parts[2]} {words}"
        return words if self.bound == "on" else f"{self.bound.replace('-', ' ')} {words}"


UNKNOWN_DATE = PartialDate()


class Reviewer(Record):
    """Who acts. In local mode the issuer is `self-declared` and the subject is the name the person typed."""

    issuer: str = "self-declared"
    subject: Annotated[str, Field(min_length=1, max_length=200)]
    display_name: Annotated[str, Field(min_length=1, max_length=200)]

    @classmethod
    def self_declared(cls, name: str) -> Reviewer:
        """The reviewer a typed name stands for: runs of white space folded to one space, letter case kept."""
        folded = " ".join(name.split())
        return cls(subject=folded, display_name=folded)


WORKBENCH = Reviewer(issuer="workbench", subject="workbench", display_name="workbench")  # intake of files
OPERATOR = Reviewer(issuer="workbench", subject="operator", display_name="operator at the command line")
