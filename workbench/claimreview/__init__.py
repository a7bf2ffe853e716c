"""schema.org ClaimReview: the markup of a report, and whether it may be published.

What lives here: the three questions others ask. What does not: bytes (workbench.exports.claimreview_jsonld).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workbench.claimreview.markup import CONTEXT, markup_of
from workbench.claimreview.rules import RULES, Checked, RuleBreak, once_per_page
from workbench.report import ClaimReport
from workbench.settings import Settings

__all__ = ["CONTEXT", "RuleBreak", "broken_rules", "check_markup", "to_claimreview"]


def to_claimreview(report: ClaimReport, settings: Settings) -> dict[str, Any]:
    """The ClaimReview node of a report. creativeWorkStatus is "Draft" where no verdict stands or a rule is broken as an error.

    What is not known is left out, never filled in: no verdict, no reviewRating; no site address, no url.
    """
    markup = markup_of(report, settings)
    broken = check_markup(markup, report, settings)
    if report.page.draft or any(one.severity == "error" for one in broken):
        markup["creativeWorkStatus"] = "Draft"
    return markup


def check_markup(markup: Mapping[str, Any], report: ClaimReport, settings: Settings) -> list[RuleBreak]:
    """The rules this markup breaks as the description of this report's page, in order of their numbers."""
    checked = Checked(markup, report, settings)
    return [one for rule in RULES.values() for one in rule(checked)]


def broken_rules(reports: ClaimReport | Sequence[ClaimReport], settings: Settings) -> list[RuleBreak]:
    """The rules the markup of these reports breaks, each alone and (CR12) all together."""
    several = [reports] if isinstance(reports, ClaimReport) else list(reports)
    marked = [Checked(markup_of(one, settings), one, settings) for one in several]
    alone = [one for checked in marked for rule in RULES.values() for one in rule(checked)]
    return alone + once_per_page(marked)
