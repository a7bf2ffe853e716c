"""The first page of a report on several claims: how they came out, when, on which sources, and where each is.

What lives here: counting, in one walk, keeping a line a claim. What does not: any claim's own words (compose.py).
"""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from workbench.models import StoredVerdict
from workbench.report.blocks import Block, Heading, Run, Runs, Section, Table, plain, said
from workbench.report.page import ClaimReport
from workbench.report.words import counted

MOST_CITED = 50  # sources listed; the others are counted
MOST_MONTHS = 36  # rows of the timeline; a longer one goes by years
UNKNOWN = "date unknown"


@dataclass
class _Tally:
    """What one walk over the reports adds up to."""

    claims: int = 0
    ratings: Counter[str] = field(default_factory=Counter)
    claimed: Counter[str] = field(default_factory=Counter)
    decided: Counter[str] = field(default_factory=Counter)
    cited: Counter[str] = field(default_factory=Counter)
    citing: Counter[str] = field(default_factory=Counter)
    names: dict[str, str] = field(default_factory=dict)
    judged_twice: int = 0
    agreed: int = 0
    contents: list[tuple[Runs, ...]] = field(default_factory=list)


def summary(reports: Iterable[ClaimReport]) -> tuple[Block, ...]:
    """The blocks of that page. What nobody recorded (a date, a second reviewer) is counted as such, never filled in."""
    tally = _Tally()
    for report in reports:
        _add(tally, report)
    title = "No claim was chosen." if not tally.claims else counted(tally.claims, "claim")
    return (Heading(1, title), *(_blocks(tally) if tally.claims else ()))


def _add(tally: _Tally, report: ClaimReport) -> None:
    page = report.page
    tally.claims += 1
    tally.ratings[page.verdict_words] += 1
    tally.claimed[_month(report.record.claim.claimed_on.value)] += 1
    if page.decided_at:
        tally.decided[f"{page.decided_at:%Y-%m}"] += 1
    shown = [one for one in page.citations if not one.withheld]
    for one in shown:
        tally.cited[one.sha256] += 1
        tally.names.setdefault(one.sha256, ", ".join(part for part in (one.title, one.publisher, one.published) if part))
    tally.citing.update({one.sha256 for one in shown})
    current = [one for one in report.record.verdicts if one.state == "current"]
    if _reviewers(current) > 1:
        tally.judged_twice += 1
        tally.agreed += len({one.rating.says for one in current}) == 1
    link = Run(page.title, "words", link=f"#{page.id}")
    tally.contents.append(((link, Run(f"\n{page.who_and_when}", "quiet")), (Run(page.verdict_words, "strong"),)))


def _reviewers(verdicts: Sequence[StoredVerdict]) -> int:
    return len({(one.reviewer.issuer, one.reviewer.subject) for one in verdicts})


def _month(value: str | None) -> str:
    """`2021-06` of a date, `2021` where no month is known."""
    return value[:7] if value else UNKNOWN


def _blocks(tally: _Tally) -> Iterator[Block]:
    yield Section("ratings", "How they came out", (_ratings(tally), *_agreement(tally)))
    yield Section("timeline", "When", (_timeline(tally),))
    if tally.cited:
        yield Section("sources", "Sources, by how often they are cited", tuple(_sources(tally)))
    contents = Table("", ("Claim", "Rating"), tuple(tally.contents))
    yield Section("contents", "The claims", (contents,))


def _ratings(tally: _Tally) -> Table:
    rows = tuple(
        ((Run(label, "strong"),), plain(f"{count:,}"), plain(f"{100 * count / tally.claims:.0f} %"))
        for label, count in tally.ratings.most_common()
    )
    return Table("", ("Rating", "Claims", "Share"), rows, numbers=(1, 2))


def _agreement(tally: _Tally) -> Iterator[Block]:
    if tally.judged_twice:
        told = counted(tally.judged_twice, "claim")
        verb = "was" if tally.judged_twice == 1 else "were"
        yield said("plain", f"{told} {verb} judged by more than one reviewer; they agree on {tally.agreed:,}.")


def _timeline(tally: _Tally) -> Table:
    claimed, decided = tally.claimed, tally.decided
    name = "Month"
    if len({*claimed, *decided}) > MOST_MONTHS:
        name, claimed, decided = "Year", _by_year(claimed), _by_year(decided)
    moments = sorted({*claimed, *decided}, key=lambda one: (one == UNKNOWN, one))
    rows = tuple((plain(_named(one)), plain(f"{claimed[one]:,}"), plain(f"{decided[one]:,}")) for one in moments)
    return Table("", (name, "Claims made", "Verdicts given"), rows, numbers=(1, 2))


def _by_year(counts: Counter[str]) -> Counter[str]:
    years: Counter[str] = Counter()
    for moment, count in counts.items():
        years[moment if moment == UNKNOWN else moment[:4]] += count
    return years


def _named(moment: str) -> str:
    if moment == UNKNOWN:
        return "Date unknown"
    year, _, month = moment.partition("-")
    return f"{calendar.month_name[int(month)]} {year}" if month else year


def _sources(tally: _Tally) -> Iterator[Block]:
    rows = tuple(
        (plain(tally.names[sha]), plain(f"{times:,}"), plain(f"{tally.citing[sha]:,}"))
        for sha, times in tally.cited.most_common(MOST_CITED)
    )
    yield Table("", ("Source", "Times cited", "By claims"), rows, numbers=(1, 2))
    if len(tally.cited) > MOST_CITED:
        yield said("small", f"{counted(len(tally.cited) - MOST_CITED, 'source')} cited less often are not listed.")
