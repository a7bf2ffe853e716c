"""The words the pages use for the values of the records. One word per idea (DESIGN.md section 4); no thinking."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workbench import ratings
from workbench.models import (
    Age,
    Case,
    DueIn,
    Order,
    PartialDate,
    Priority,
    RatingScale,
    RatingSnapshot,
    Sample,
    SearchMode,
    SourceKind,
    Stance,
    Status,
)
from workbench.ratings import public_label

STATUS: dict[Status, str] = {
    "todo": "To do",
    "draft": "In draft",
    "submitted": "Submitted",
    "needs-review": "Needs review",
    "disagreement": "Disagreement",
    "settled": "Decided",
    "recheck": "Recheck",
    "published": "Published",
    "void": "Void",
}

STANCE: dict[Stance, str] = {"supports": "Supports", "refutes": "Refutes", "context": "Context"}

KIND: dict[SourceKind, str] = {
    "primary-document": "primary document",
    "official-statement": "official statement",
    "party-to-the-dispute": "party to the dispute",
    "eyewitness": "eyewitness",
    "news-report": "news report",
    "wire": "wire",
    "fact-check": "fact-check: another newsroom's conclusion",
    "social-post": "social post",
    "digest": "digest, not the original",
    "note": "note",
}

MODES: dict[SearchMode, str] = {"hybrid": "Meaning and words", "dense": "Meaning only", "lexical": "Words only"}

# Each sign with its word beside it: never a sign or a colour alone (UI.md).
LENS_SIGN: dict[str, str] = {"differs": "≠", "agrees": "=", "different dates": "↔", "not mentioned": "?"}

NOT_SAID = "Not said"
CONFIDENCE: dict[str, float | None] = {NOT_SAID: None} | {word.capitalize(): at for word, at in ratings.CONFIDENCE.items()}

SHOWN: dict[str, str] = {"waiting": "Waiting", "retired": "Retired"} | {str(one): label for one, label in STATUS.items()}
PRIORITY: dict[Priority, str] = {"low": "Low", "normal": "Normal", "high": "High"}
DUE: dict[DueIn, str] = {"overdue": "Overdue", "in-7-days": "Within 7 days", "later": "Later", "no-day": "No day"}
AGE: dict[Age, str] = {
    "last-7-days": "In the last 7 days",
    "over-7-days": "Over 7 days ago",
    "over-30-days": "Over 30 days ago",
    "over-90-days": "Over 90 days ago",
}
SAMPLE: dict[Sample, str] = {"overlap": "In the overlap sample", "no-overlap": "Not in it"}
ORDER: dict[Order, str] = {"urgent": "Most urgent first", "newest": "Newest first", "oldest": "Oldest first"}

GREY = "#5B6770"  # UI.md: the colour of "not enough"; white text on it is 5.8:1


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 passage`, `1,204 passages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """`Ana`, `Ana and Bo`, `Ana, Bo and Chen`."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def day(value: date) -> str:
    """`1 May 2026`."""
    return f"{value.day} {value:%B %Y}"


def known_date(date: PartialDate) -> str | None:
    """The date in words, with how it is known where a file does not state it; None when unknown."""
    if date.precision == "unknown":
        return None
    return f"{date} (inferred)" if date.basis == "inferred" else str(date)


def confidence_word(value: float | None) -> str:
    """The word for a stored confidence."""
    return (ratings.confidence_word(value) or NOT_SAID).capitalize()


def rating_colour(given: RatingSnapshot, scale: RatingScale) -> str:
    """The colour a rating was given in; of an old record the one in the scale in force, grey where it has none."""
    return given.colour or next((rating.colour for rating in scale.ratings if rating.slug == given.slug), GREY)


def stale_badges(case: Case) -> list[str]:
    """`1 changed`, `2 gone`, `new evidence`: what of a decided claim waits for a look."""
    counts = {state: sum(one.state == state for one in case.stale) for state in ("changed", "gone")}
    badges = [f"{count} {state}" for state, count in counts.items() if count]
    return [*badges, "new evidence"] if case.new_evidence else badges


def pill(case: Case, scale: RatingScale) -> tuple[str, str | None]:
    """What the one pill of a claim says, and its colour: the rating that counts, else the status without colour."""
    if case.counting is not None and case.status in ("settled", "published"):
        verdict = case.counting
        return public_label(verdict.rating, verdict.ground), rating_colour(verdict.rating, scale)
    return STATUS[case.status], None
