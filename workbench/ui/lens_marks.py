"""What the lens saw, drawn into the two texts and in words under them. Pure.

What lives here: a text with the words it shares with a search underlined and the lens's findings marked, each with a sign of
its own and what is the matter in its tooltip; the same in lines. What does not: seeing (workbench.lens). Signs are written by
the style sheet, so that no character is added to words that may be cited.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from workbench.lens.saying import said
from workbench.models import Finding, Span
from workbench.tongue import _
from workbench.ui import show, words
from workbench.ui.show import Safe, tag

Side = Literal["claim", "passage"]
ORDER = ("differs", "different dates", "agrees", "not mentioned")  # where two findings mark the same words, the first is drawn


def marked(text: str, findings: Sequence[Finding], side: Side, *, matched: Sequence[Span] = ()) -> Safe:
    """The text with the findings of one side marked and the matched words underlined; every character of it, once."""
    seen = list(_apart(findings, side))
    spans = [span for span in matched if span.end <= len(text)]
    edges = {0, len(text)}
    edges.update(edge for span in [*spans, *(one[0] for one in seen)] for edge in (span.start, span.end) if edge < len(text))
    parts: list[str | Safe] = []
    inside: list[str | Safe] = []
    for start, end in pairwise(sorted(edges)):
        piece: str | Safe = text[start:end]
        if any(span.start <= start < span.end for span in spans):
            piece = tag("mark", "matched", piece)
        here = next(((span, finding) for span, finding in seen if span.start <= start < span.end), None)
        if here is None:
            parts.append(piece)
            continue
        inside.append(piece)
        if end == here[0].end:
            parts.append(_mark(here[1], inside))
            inside = []
    return show.together(parts)


def lines(findings: Sequence[Finding]) -> list[Safe]:
    """What a reader must not overlook, in words, differences first; silences stand under "Why is this here"."""
    told = [one for relation in ORDER[:-1] for one in findings if one.relation == relation]
    written = [
        tag(
            "span",
            _css(one),
            f"{words.LENS_SIGN[one.relation]} {_told(one)}",
            dir="auto",
        )
        for one in told
    ]
    return [tag("p", "findings", *written)] if written else []


def legend(findings: Sequence[Finding]) -> str:
    """The signs that stand in the claim, each with its word."""
    there = {one.relation for one in findings if one.claim_span}
    return ", ".join(f"{words.LENS_SIGN[relation]} {words.LENS[relation]}" for relation in ORDER if relation in there)


def silences(findings: Sequence[Finding]) -> list[str]:
    """What the claim speaks of and the passage does not, a line each."""
    sign = words.LENS_SIGN["not mentioned"]
    return [f"{sign} {_told(one)}" for one in findings if one.relation == "not mentioned"]


def _apart(findings: Sequence[Finding], side: Side) -> Iterator[tuple[Span, Finding]]:
    """The findings that have words on this side, none overlapping another: the graver one, else the first, is kept."""
    taken: list[Span] = []
    for one in sorted(findings, key=lambda one: ORDER.index(one.relation)):
        span = one.claim_span if side == "claim" else one.passage_span
        if span and span.start < span.end and all(span.end <= other.start or other.end <= span.start for other in taken):
            taken.append(span)
            yield span, one


def _mark(finding: Finding, inside: Sequence[str | Safe]) -> Safe:
    return tag("span", f"seen {_css(finding)}", *inside, title=_told(finding))


def _told(finding: Finding) -> str:
    return _("{relation}: {detail}", relation=words.LENS[finding.relation], detail=said(finding.detail))


def _css(finding: Finding) -> str:
    return f"lens {finding.relation.replace(' ', '-')} {finding.kind}"
