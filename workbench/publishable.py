"""What keeps a report from readers, and where each is mended.

What lives here: the report's own gaps and the ClaimReview rules as one list. What does not: the rules (claimreview/rules.py),
what publishing must satisfy (review/publishing.py), pages and links (ui/).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

from workbench.claimreview import RuleBreak, broken_rules
from workbench.models import Record
from workbench.protection import Betrayal
from workbench.report import ClaimReport
from workbench.report.page import ClaimPage
from workbench.report.standing import NOT_FOR_READERS
from workbench.report.words import NO_EXPLANATION, NO_HEADLINE
from workbench.settings import Settings
from workbench.tongue import _

Place = Literal["claim", "source", "settings"]
OF_SETTINGS = frozenset(("CR4", "CR6", "CR8", "CR14"))  # rules kept by workbench.toml
OF_A_SOURCE = "W1"


class Gap(Record):
    """One thing that is missing or could be better. place: where it is mended; source_id: the file, where it is one.

    needed: without it the report is not for readers, or is no valid ClaimReview.
    """

    claim_id: str
    told: str
    hint: str
    place: Place
    needed: bool
    source_id: str | None = None


def gaps(reports: Sequence[ClaimReport], settings: Settings) -> list[Gap]:
    """What is missing first, then what could be better, each in the order of the claims. Settings are told of once."""
    found = [gap for report in reports for gap in _of_the_report(report.page)]
    pages = {report.id: report.page for report in reports}
    found += [_of_a_rule(one, pages.get(one.claim_id)) for one in broken_rules(reports, settings)]
    once: dict[object, Gap] = {}
    for gap in found:
        once.setdefault(gap.told if gap.place == "settings" else gap, gap)
    return sorted(once.values(), key=lambda gap: not gap.needed)


def texts_of(page: ClaimPage) -> list[tuple[str, str]]:
    """Every text that somebody wrote for readers of this page, with the field it stands in; not the words that are cited."""
    printed = page.model_dump(mode="json", exclude={"citations", "method", "scale", "scale_rows", "software"})
    return [(name, text) for name, value in printed.items() for text in _strings(value)]


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _strings(each)


def betrayed(claim_id: str, one: Betrayal) -> Gap:
    """The gap that words for readers make which give a protected source away: the check `protected words`."""
    told = _(
        "The {field} gives away “{title}”, which is {access}: {words} (protected words)",
        field=one.field.replace("_", " "),
        title=one.title,
        access=_(one.access),
        words=one.words,
    )
    hint = _("Say it in other words, or leave it out, and save again.")
    return Gap(claim_id=claim_id, told=told, hint=hint, place="claim", needed=True)


def _of_the_report(page: ClaimPage) -> Iterator[Gap]:
    def gap(told: str, hint: str, *, needed: bool = False) -> Gap:
        return Gap(claim_id=page.id, told=told, hint=hint, place="claim", needed=needed)

    if page.draft:
        why = page.draft.removeprefix(NOT_FOR_READERS.format(why="")[:-1]).rstrip(".")
        yield gap(_(NOT_FOR_READERS, why=_(why)), _("Open the claim: Check says what it needs."), needed=True)
    if page.rating and not page.explanation:
        yield gap(_(NO_EXPLANATION), _("Write it beside the verdict, and save again."))
    if page.rating and not page.headline:
        yield gap(_(NO_HEADLINE), _("Write one beside the verdict, and save again."))
    withheld = [str(one.number) for one in page.citations if one.withheld]
    if withheld:
        told = _("What citation {numbers} says is not printed: its source is not public.", numbers=", ".join(withheld))
        yield gap(told, _("Cite a public source for it, if there is one."))


def _of_a_rule(one: RuleBreak, page: ClaimPage | None) -> Gap:
    place: Place = "settings" if one.rule in OF_SETTINGS or "workbench.toml" in one.hint else "claim"
    source_id = None
    if one.rule == OF_A_SOURCE and page is not None:
        cited = (cited.sha256 for cited in page.citations if cited.title in one.message)
        place, source_id = "source", next(cited, None)
    told = f"{one.message} ({one.rule})"
    return Gap(
        claim_id=one.claim_id, told=told, hint=one.hint, place=place, needed=one.severity == "error", source_id=source_id
    )
