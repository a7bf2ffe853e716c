"""The words the pages use for the values of the records. One word per idea (DESIGN.md section 4); no thinking."""

from __future__ import annotations

from collections.abc import Sequence

from workbench import ratings
from workbench.models import (
    Access,
    Age,
    Case,
    ChangeKind,
    DueIn,
    Ground,
    Order,
    PartialDate,
    Priority,
    RatingScale,
    RatingSnapshot,
    Sample,
    SearchMode,
    Shown,
    SourceKind,
    Stance,
    Status,
)
from workbench.ratings import public_label
from workbench.tongue import N_, Words, _, counted

STATUS: Words[Status] = Words(
    {
        "todo": N_("To do"),
        "draft": N_("In draft"),
        "submitted": N_("Submitted"),
        "needs-review": N_("Needs review"),
        "disagreement": N_("Disagreement"),
        "settled": N_("Decided"),
        "recheck": N_("Recheck"),
        "published": N_("Published"),
        "void": N_("Void"),
    }
)

STANCE: Words[Stance] = Words({"supports": N_("Supports"), "refutes": N_("Refutes"), "context": N_("Context")})

KIND: Words[SourceKind] = Words(
    {
        "primary-document": N_("primary document"),
        "official-statement": N_("official statement"),
        "party-to-the-dispute": N_("party to the dispute"),
        "eyewitness": N_("eyewitness"),
        "news-report": N_("news report"),
        "wire": N_("wire"),
        "fact-check": N_("fact-check: another newsroom's conclusion"),
        "social-post": N_("social post"),
        "digest": N_("digest, not the original"),
        "note": N_("note"),
    }
)

MODES: Words[SearchMode] = Words({"hybrid": N_("Meaning and words"), "dense": N_("Meaning only"), "lexical": N_("Words only")})

# Each sign with its word beside it: never a sign or a colour alone (UI.md).
LENS_SIGN: dict[str, str] = {"differs": "≠", "agrees": "=", "different dates": "↔", "not mentioned": "?"}
LENS: Words[str] = Words(
    {
        "differs": N_("differs"),
        "agrees": N_("agrees"),
        "different dates": N_("different dates"),
        "not mentioned": N_("not mentioned"),
    }
)

NOT_SAID = N_("Not said")
CONFIDENCE: dict[str, float | None] = {NOT_SAID: None} | {word.capitalize(): at for word, at in ratings.CONFIDENCE.items()}
_CONFIDENT = (N_("Low"), N_("Medium"), N_("High"))  # what stands in CONFIDENCE, said with `_`

_SHOWN: dict[Shown, str] = {"waiting": N_("Waiting"), "retired": N_("Retired"), **dict[Shown, str](STATUS.english.items())}
SHOWN: Words[Shown] = Words(_SHOWN)
PRIORITY: Words[Priority] = Words({"low": N_("Low"), "normal": N_("Normal"), "high": N_("High")})
HOW_URGENT: Words[Priority] = Words({"low": N_("low priority"), "normal": N_("normal priority"), "high": N_("high priority")})
DUE: Words[DueIn] = Words(
    {"overdue": N_("Overdue"), "in-7-days": N_("Within 7 days"), "later": N_("Later"), "no-day": N_("No day")}
)
AGE: Words[Age] = Words(
    {
        "last-7-days": N_("In the last 7 days"),
        "over-7-days": N_("Over 7 days ago"),
        "over-30-days": N_("Over 30 days ago"),
        "over-90-days": N_("Over 90 days ago"),
    }
)
SAMPLE: Words[Sample] = Words({"overlap": N_("In the overlap sample"), "no-overlap": N_("Not in it")})
ORDER: Words[Order] = Words({"urgent": N_("Most urgent first"), "newest": N_("Newest first"), "oldest": N_("Oldest first")})
CHANGE: Words[ChangeKind] = Words(
    {
        "correction": N_("Correction"),
        "clarification": N_("Clarification"),
        "update": N_("Update"),
        "retraction": N_("Retraction"),
    }
)
ACCESS: Words[Access] = Words({"public": N_("public"), "internal": N_("internal"), "confidential": N_("confidential")})
DRAFT_FIELD: Words[str] = Words(
    {
        "rating": N_("the rating"),
        "wording": N_("the wording"),
        "ground": N_("the ground"),
        "rationale": N_("the rationale"),
        "explanation": N_("the explanation"),
        "headline": N_("the headline"),
        "confidence": N_("the confidence"),
        "weighing": N_("the weighing"),
        "searched_elsewhere": N_("the searched elsewhere"),
        "change_kind": N_("the change kind"),
        "change_note": N_("the change note"),
    }
)
STATE: Words[str] = Words({"current": N_("current"), "superseded": N_("superseded"), "void": N_("void")})
ROLE: Words[str] = Words(
    {
        "viewer": N_("viewer"),
        "reviewer": N_("reviewer"),
        "adjudicator": N_("adjudicator"),
        "editor": N_("editor"),
        "admin": N_("admin"),
        "legal": N_("legal"),
        "copy": N_("copy"),
    }
)

GREY = "#5B6770"  # UI.md: the colour of "not enough"; white text on it is 5.8:1


def listed(names: Sequence[str]) -> str:
    """`Ana`, `Ana and Bo`, `Ana, Bo and Chen`."""
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}", names=", ".join(names[:-1]), last=names[-1])


def known_date(date: PartialDate) -> str | None:
    """The date in words, with how it is known where a file does not state it; None when unknown."""
    if date.value is None:
        return None
    return _("{date} (inferred)", date=date.said()) if date.basis == "inferred" else date.said()


def no_date() -> str:
    """What stands where a date would, and nobody knows it."""
    return _("date unknown")


def role(name: str) -> str:
    """What a role is called; one of the workspace's own as it was written there."""
    return ROLE.get(name, name)


def rating(given: RatingSnapshot, ground: Ground | None = None, scale: RatingScale | None = None) -> str:
    """What a rating that was given is called. scale: the one in force, whose translations in workbench.toml are used."""
    if ground is not None and given.order is None:
        return _(public_label(given, ground))
    known = next((one for one in scale.ratings if one.slug == given.slug), None) if scale and scale.id == given.scale else None
    return given.wording or ratings.label_of(known or given)


def confidence(value: float | None) -> str:
    """Which of CONFIDENCE a stored one is: what a field holds."""
    return (ratings.confidence_word(value) or NOT_SAID).capitalize()


def confidence_word(value: float | None) -> str:
    """The word for a stored confidence."""
    return _(confidence(value))


def rating_colour(given: RatingSnapshot, scale: RatingScale) -> str:
    """The colour a rating was given in; of an old record the one in the scale in force, grey where it has none."""
    return given.colour or next((one.colour for one in scale.ratings if one.slug == given.slug), GREY)


def stale_badges(case: Case) -> list[str]:
    """`1 changed`, `2 gone`, `new evidence`: what of a decided claim waits for a look."""
    changed, gone = (sum(one.state == state for one in case.stale) for state in ("changed", "gone"))
    badges = [counted(changed, "{count} changed", "{count} changed")] if changed else []
    badges += [counted(gone, "{count} gone", "{count} gone")] if gone else []
    return [*badges, _("new evidence")] if case.new_evidence else badges


def pill(case: Case, scale: RatingScale) -> tuple[str, str | None]:
    """What the one pill of a claim says, and its colour: the rating that counts, else the status without colour."""
    if case.counting is not None and case.status in ("settled", "published"):
        verdict = case.counting
        return rating(verdict.rating, verdict.ground, scale), rating_colour(verdict.rating, scale)
    return STATUS[case.status], None
