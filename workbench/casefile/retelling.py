"""Whether the files of a case file say what its events say: case.json, the report, the excerpts, the markup.

What lives here: the comparison; a claim and a verdict are read from the events alone. What does not: whether the events are
whole (checking.py), whether the quotations are true (quoting.py). Pure.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.casefile.contents import as_given, claim_event
from workbench.casefile.disclosure import WITHHELD
from workbench.casefile.layout import CASE, CLAIMREVIEW, EXCERPTS, REPORT
from workbench.ledger import SealedEvent
from workbench.models import Citation, Claim, Verdict
from workbench.ratings import public_label


@dataclass(frozen=True)
class Told:
    """What the events say: the claim as it stands, and the verdict that case.json names. given: as they stand there."""

    claim: Claim
    verdict: Verdict | None
    given: Mapping[str, Any]

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Those of the verdict."""
        return self.verdict.citations if self.verdict else ()


def told_of(events: tuple[SealedEvent, ...], case: Mapping[str, Any]) -> Told:
    """What the events say. Raises: ValueError, KeyError, IndexError, TypeError where they are not those of a claim."""
    stated = claim_event(events)
    given: dict[str, Any] = {"claim": {"event": stated.hash, "as_given": as_given(stated, "claim")}, "verdict": None}
    verdict = None
    if case.get("verdict") is not None:
        named = next((one for one in events if one.hash == case["verdict"]["event"]), None)
        if named is None or named.record["kind"] != "verdict-recorded":
            raise ValueError("the verdict named is none of the events")
        given["verdict"] = {"event": named.hash, "as_given": as_given(named, "verdict")}
        verdict = Verdict.model_validate(given["verdict"]["as_given"])
    return Told(Claim.model_validate(given["claim"]["as_given"]), verdict, given)


def retold(
    told: Told, case: Mapping[str, Any], texts: Mapping[str, str], markup: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """(file, sentence) for each file that does not hold what the events say. texts: of the report and the excerpts."""
    yield from _case(told, case)
    yield from _report(told, texts[REPORT])
    for number, one in enumerate(told.citations, 1):
        if one.quote != WITHHELD and one.quote not in texts[EXCERPTS]:
            yield EXCERPTS, f"the words of citation {number} are not in it as the events have them"
    for name, words in _marked_up(told).items():
        if _at(markup, name) != words:
            yield CLAIMREVIEW, f"its {name} is not what the events say"


def _case(told: Told, case: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    expected: dict[str, Any] = {"claim_id": told.claim.id, "statement": told.claim.statement, **told.given}
    if told.verdict:
        expected["rating"] = _label(told.verdict)
    for name, said in expected.items():
        if name not in case or case[name] != said:
            yield CASE, f"its {name} is not what the events say"
    listed = case.get("citations")
    names = ("number", "sha256", "start", "end", "stance", "quote")
    cited = [
        (number, one.source_id, one.start, one.end, one.stance, None if one.quote == WITHHELD else one.quote)
        for number, one in enumerate(told.citations, 1)
    ]
    if not isinstance(listed, list) or cited != [
        tuple(one.get(name) for name in names) if isinstance(one, dict) else None for one in listed
    ]:
        yield CASE, "its citations are not those of the events"


def _report(told: Told, page: str) -> Iterator[tuple[str, str]]:
    printed, verdict = _closed_up(_printed(page)), told.verdict
    words = {"statement": told.claim.statement}
    if verdict:
        words |= {"rating": _label(verdict), "headline": verdict.headline or "", "explanation": verdict.explanation or ""}
    words |= {f"quotation of citation {number}": one.quote for number, one in enumerate(told.citations, 1)}
    for name, said in words.items():
        if said != WITHHELD and _closed_up(said) not in printed:
            yield REPORT, f"the {name} is not in it as the events have it"


def _marked_up(told: Told) -> dict[str, Any]:
    """What the markup has to say, by the way to it; None for what must not be in it."""
    expected: dict[str, Any] = {"claimReviewed": " ".join(told.claim.statement.split())}
    if told.verdict is None:
        return expected | {"reviewRating": None}
    rating = told.verdict.rating
    numbers = {"ratingValue": rating.order, "bestRating": rating.best, "worstRating": rating.worst}
    expected |= {f"reviewRating/{name}": number for name, number in numbers.items()}
    expected |= {"reviewRating/alternateName": _label(told.verdict)}
    for name, words in (("headline", told.verdict.headline), ("reviewBody", told.verdict.explanation)):
        expected[name] = (words or "").strip() or None
    return expected


def _label(verdict: Verdict) -> str:
    return public_label(verdict.rating, verdict.ground)


def _at(node: Any, way: str) -> Any:
    for step in way.split("/"):
        node = node.get(step) if isinstance(node, dict) else None
    return node


def _printed(page: str) -> str:
    """The text of a page without its tags; every `<` of a text is escaped in ours."""
    first, *rest = page.split("<")
    return html.unescape(first + "".join(part.partition(">")[2] for part in rest))


def _closed_up(text: str) -> str:
    return "".join(text.split())
