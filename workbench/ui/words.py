"""The words the pages use for the values of the records. One word per idea (DESIGN.md section 4); no thinking."""

from __future__ import annotations

from workbench.models import Case, PartialDate, RatingScale, SearchMode, SourceKind, Stance, Status
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

CONFIDENCE: dict[str, float | None] = {"Not said": None, "Low": 0.3, "Medium": 0.6, "High": 0.9}

GREY = "#5B6770"  # UI.md: the colour of "not enough"; white text on it is 5.8:1


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 passage`, `1,204 passages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def known_date(date: PartialDate) -> str | None:
    """The date in words, with how it is known where a file does not state it; None when unknown."""
    if date.precision == "unknown":
        return None
    return f"{date} (inferred)" if date.basis == "inferred" else str(date)


def confidence_word(value: float | None) -> str:
    """The nearest word for a stored confidence."""
    if value is None:
        return "Not said"
    return "Low" if value < 0.45 else "Medium" if value < 0.75 else "High"


def rating_colour(scale: RatingScale, slug: str) -> str:
    """The colour of a rating in the scale in force, grey for one the scale no longer has."""
    return next((rating.colour for rating in scale.ratings if rating.slug == slug), GREY)


def pill(case: Case, scale: RatingScale) -> tuple[str, str | None]:
    """What the one pill of a claim says, and its colour: the rating that counts, else the status without colour."""
    if case.counting is not None and case.status in ("settled", "published"):
        verdict = case.counting
        return public_label(verdict.rating, verdict.ground), rating_colour(scale, verdict.rating.slug)
    return STATUS[case.status], None
