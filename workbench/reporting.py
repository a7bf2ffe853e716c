"""Reports of a workspace: which claims, under whose name and look, in which form.

What lives here: choosing cases, and reading the logo and the template that a workspace has. What does not: what a report says
(report/), its forms (exports/), whether it may be published (claimreview/).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from workbench.cases import Cases
from workbench.claimreview import RuleBreak, broken_rules
from workbench.errors import SettingsError, UsageError
from workbench.exports import exporter
from workbench.models import Audience, Case, Status
from workbench.protection import Protection
from workbench.publishable import Gap, betrayed, gaps, texts_of
from workbench.register import Row
from workbench.report import Reports, told_report
from workbench.report.blocks import Edition
from workbench.report.imprint import MAX_LOGO, Imprint, logo_of
from workbench.settings import Settings, Workspace

MAX_TEMPLATE = 1_000_000  # bytes
Read = TypeVar("Read")


@dataclass(frozen=True)
class Selection:
    """Which claims. Every condition must hold; since, until: of the day of the verdict that stands, both included."""

    claim_ids: tuple[str, ...] = ()
    status: Status | None = None
    topic: str | None = None
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if self.since and self.until and self.since > self.until:
            raise UsageError(f"{self.since} is after {self.until}.", hint="Give the earlier day first.")

    def holds(self, row: Row) -> bool:
        """Whether this claim is one of them, its id aside."""
        if self.status not in (None, row.status) or (self.topic and self.topic not in row.topics):
            return False
        if not self.since and not self.until:
            return True
        day = row.decided
        return day is not None and (self.since or day) <= day <= (self.until or day)


EVERYTHING = Selection()


class Reporting:
    """The reports of one workspace."""

    def __init__(
        self, cases: Cases, settings: Settings, workspace: Workspace, protection: Protection, now: Callable[[], datetime]
    ) -> None:
        self._cases = cases
        self._settings = settings
        self._workspace = workspace
        self._protection = protection
        self._now = now

    def cases(self, selection: Selection = EVERYTHING) -> Sequence[Case]:
        """The cases chosen: those named, in that order, else all; each opened when it is reached. Raises: UnknownId."""
        book, named = self._cases.all(), dict.fromkeys(selection.claim_ids)
        unknown = next((one for one in named if one not in book), None)
        if unknown is not None:
            self._cases.get(unknown)
        return book.of([one for one in named or book if selection.holds(book.rows[one])])

    def reports(self, selection: Selection = EVERYTHING, edition: Edition | None = None) -> Reports:
        """What a report says of each of them, made as it is asked for. The full edition is for colleagues."""
        audience: Audience = "team" if edition == "full" else "public"
        tell = self._protection.told
        return Reports(self.cases(selection), self._settings, now=self._now(), tell=tell, audience=audience)

    def problems(self, selection: Selection = EVERYTHING) -> list[RuleBreak]:
        """What keeps them from being publishable as ClaimReview."""
        return broken_rules(self.reports(selection), self._settings)

    def gaps(self, selection: Selection = EVERYTHING) -> list[Gap]:
        """What keeps them from readers, and where each is mended."""
        found = gaps(self.reports(selection), self._settings)
        betrayed = [gap for case in self.cases(selection) for gap in self.given_away(case)]
        return sorted(betrayed + found, key=lambda gap: not gap.needed)

    def given_away(self, case: Case) -> list[Gap]:
        """Where its words for readers say words of protected sources, or name one: to be mended before it is published."""
        if not self._protection.is_needed:
            return []
        page = told_report(case, self._settings, self._protection.told, now=self._now()).page
        return [betrayed(case.claim.id, one) for one in self._protection.betrayals(case, texts_of(page))]

    def pieces(self, form: str, selection: Selection = EVERYTHING, edition: Edition | None = None) -> Iterator[bytes]:
        """The report in that form, a piece at a time. Raises: ExportError, UnknownId, SettingsError, UsageError."""
        chosen = exporter(form, edition)
        return iter(chosen.pieces(self.reports(selection, edition), self.imprint(edition or "reader")))

    def imprint(self, edition: Edition = "reader") -> Imprint:
        """Who publishes, with the logo and the template the settings name. Raises: SettingsError where one cannot be used."""
        organisation, report = self._settings.organisation, self._settings.report
        logo = self._file(organisation.logo, "logo", MAX_LOGO, logo_of) if organisation.logo else None
        template = self._file(report.template, "template", MAX_TEMPLATE, _text_of) if report.template else None
        return Imprint(self._settings, edition, logo, template)

    def _file(self, name: str, what: str, limit: int, read: Callable[[bytes, str], Read]) -> Read:
        """What a file of the workspace folder holds; one outside it is refused."""
        root = self._workspace.root.resolve()
        path = (root / name).resolve()
        try:
            if not path.is_relative_to(root):
                raise SettingsError(f"The {what} {name} is not in the workspace folder.", hint=f"Copy it to {root}.")
            if path.stat().st_size > limit:
                raise SettingsError(f"The {what} {name} is too large.", hint=f"Use one of at most {limit:,} bytes.")
            return read(path.read_bytes(), name)
        except OSError as error:
            raise SettingsError(
                f"The {what} {name} cannot be read: {error.strerror}.", hint="Correct its name in workbench.toml."
            ) from error


def _text_of(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SettingsError(f"The template {name} is not UTF-8 text.", hint="Save it as UTF-8.") from error
