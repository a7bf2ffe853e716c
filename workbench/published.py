"""What is published: the only records that routes and feeds read (promise 11).

What lives here: which verdicts are published, and their feeds. What does not: publishing (review/publishing.py), what a report
says (report/), how it is served (api/).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from workbench.cases import Cases
from workbench.claimreview import to_claimreview
from workbench.errors import UnknownId
from workbench.exports.atom import write_atom, write_changes
from workbench.exports.claimreview_jsonld import write_feed
from workbench.exports.html import write_changes_page
from workbench.models import Case, PublicChange
from workbench.report import ClaimReport, Tell, told_report
from workbench.report.imprint import Imprint
from workbench.settings import Settings


class Published:
    """The published verdicts of one workspace."""

    def __init__(self, cases: Cases, settings: Settings, changes: Callable[[], Sequence[PublicChange]], tell: Tell) -> None:
        self._cases = cases
        self._settings = settings
        self._changes = changes
        self._tell = tell

    def count(self) -> int:
        """How many there are."""
        return sum(_is_published(case) for case in self._cases.judged())

    def reports(self, *, offset: int = 0, limit: int | None = None) -> list[ClaimReport]:
        """What a report says of each, the one published last first; of `limit` of them after the first `offset`."""
        found = [(case.publication.at, case) for case in self._cases.judged() if case.publication and _is_published(case)]
        found.sort(key=lambda one: one[0], reverse=True)
        wanted = found[offset:] if limit is None else found[offset : offset + limit]
        return [told_report(case, self._settings, self._tell) for _, case in wanted]

    def report(self, claim_id: str) -> ClaimReport:
        """Of one claim. Raises: UnknownId, also for a claim that is here and not published: that it is here is not told."""
        case = self._cases.all().get(claim_id)
        if case is None or not _is_published(case):
            raise UnknownId(f"No verdict on {claim_id!r} is published.", hint="List what is at /api/v1/claims.")
        return told_report(case, self._settings, self._tell)

    def markup(self, report: ClaimReport) -> dict[str, Any]:
        """The ClaimReview node of a report."""
        return to_claimreview(report, self._settings)

    def claimreview(self) -> bytes:
        """A schema.org DataFeed of all whose markup keeps the rules; readers of markup are given no drafts."""
        nodes = map(self.markup, self.reports())
        return b"".join(write_feed((one for one in nodes if "creativeWorkStatus" not in one), Imprint(self._settings)))

    def atom(self, *, address: str) -> bytes:
        """The feed for people. address: where it is read from."""
        return write_atom(self.reports(), self._settings, address=address)

    def changes(self) -> list[tuple[PublicChange, str]]:
        """What readers were told was corrected, clarified, updated or retracted, with the claim's words, newest first."""
        return [(one, self._cases.get(one.claim_id).claim.statement) for one in self._changes()]

    def corrections(self, *, address: str) -> bytes:
        """The feed of those changes."""
        return write_changes(self.changes(), self._settings, address=address)

    def corrections_page(self) -> bytes:
        """The page of those changes, for a browser."""
        return write_changes_page(self.changes(), self._settings)


def _is_published(case: Case) -> bool:
    """A verdict that is to be looked at again, since its evidence changed, is still what readers have."""
    is_out = case.status == "published" or (case.status == "recheck" and bool(case.stale))
    return case.publication is not None and is_out and not case.retired
