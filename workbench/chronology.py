"""What was known when: the day of a claim, the days its evidence was published, and the day of the verdict, in order. Pure.

What lives here: whether a source is later than a claim, the moments of a timeline, and on what was known when a verdict was
given. What does not: drawing it (ui/timeline.py), searching only what was known then (search/scope.py). A date is later only
where that is certain: a source of June 2021 is not later than a claim of 23 June 2021.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from workbench.models import Case, Citation, Hit, PartialDate, StoredVerdict, known_on
from workbench.tongue import _, counted
from workbench.tongue import day as written_day


@dataclass(frozen=True)
class Moment:
    """A day on the line. label: what it is of, "" for a passage that is only shown. is_later: certainly after the claim."""

    kind: Literal["claim", "cited", "shown", "verdict"]
    day: date
    told: str
    label: str
    is_later: bool = False


@dataclass(frozen=True)
class Chronology:
    """The moments of a claim in order, and the titles of cited files that say no date."""

    moments: tuple[Moment, ...]
    undated: tuple[str, ...]


def is_later(published: PartialDate, claimed: PartialDate) -> bool:
    """Whether a source was certainly published after the claim was made."""
    return published.earliest is not None and claimed.latest is not None and published.earliest > claimed.latest


def chronology(case: Case, hits: Sequence[Hit] = ()) -> Chronology:
    """The claim, what its verdict cites, what is shown of the search, and the verdict."""
    claimed, verdict = case.claim.claimed_on, case.counting
    moments = [_moment("claim", claimed, _("the claim"))]
    undated: dict[str, None] = {}
    cited = {one.source_id: one for one in verdict.citations} if verdict else {}
    for one in cited.values():
        day = _known(one)
        title = one.title or _("Untitled file")
        moments.append(_moment("cited", day, title, is_later=is_later(day, claimed)))
        if day.value is None:
            undated[title] = None
    shown = {hit.source_id: _known(hit) for hit in hits if hit.source_id not in cited}
    moments += [_moment("shown", day, "", is_later=is_later(day, claimed)) for day in shown.values()]
    if verdict:
        given = verdict.created_at.date()
        moments.append(Moment("verdict", given, written_day(given), _("the verdict")))
    return Chronology(tuple(sorted(filter(None, moments), key=lambda one: one.day)), tuple(undated))


def known_then(verdict: StoredVerdict) -> str:
    """On what was known when a verdict rests: "Judged on what was known on 23 June 2021", else "As of 1 May 2026".

    The first only where the reviewer searched nothing later, and cites nothing that is later or says no date.
    """
    until = verdict.receipt.filters.before if verdict.receipt else None
    if until is not None and all(_was_out(_known(one), until) for one in verdict.citations):
        return _("Judged on what was known on {day}", day=written_day(until))
    return _("As of {day}", day=written_day(verdict.created_at))


def is_late(one: Citation | Hit, claimed: PartialDate) -> bool:
    """Whether what a passage says was certainly known only after the claim was made."""
    return is_later(_known(one), claimed)


def _known(one: Citation | Hit) -> PartialDate:
    return known_on(one.kind, one.published_on, one.reports_on)


def _was_out(published: PartialDate, until: date) -> bool:
    return published.value is not None and not (published.earliest is not None and published.earliest > until)


def span_of(days: Iterable[Moment]) -> str:
    """`7 other sources shown, 1 June 2021 to 3 May 2022`; "" for none."""
    shown = list(days)
    if not shown:
        return ""
    many = counted(len(shown), "{count} other source shown", "{count} other sources shown")
    first, last = shown[0].told, shown[-1].told
    return f"{many}, {first}" if first == last else _("{many}, {first} to {last}", many=many, first=first, last=last)


def _moment(
    kind: Literal["claim", "cited", "shown"], when: PartialDate, label: str, *, is_later: bool = False
) -> Moment | None:
    day = when.earliest or when.latest
    return None if day is None else Moment(kind, day, when.said(), label, is_later)
