"""csv: one row a claim, for a spreadsheet. UTF-8 with a byte order mark, CR LF, every cell quoted (RFC 4180).

A cell that a spreadsheet could take for a formula gets one apostrophe in front (cells.py); importing the file takes it off.
What does not live here: what a report says (workbench.report).
"""

from __future__ import annotations

import csv
import io
from codecs import BOM_UTF8
from collections.abc import Iterator, Sequence

from workbench.cells import neutralise
from workbench.models import PartialDate
from workbench.report import CitedWords, ClaimReport
from workbench.report.imprint import Imprint

COLUMNS = (
    "id", "statement", "quote", "reported_words", "quote_original", "quote_language", "translator", "claimant", "role",
    "claimed_on", "rating", "rating_label", "headline", "explanation", "fragments", "citations", "cited_sources", "reviewer",
    "created_at", "revision", "hash", "status",
)  # fmt: skip


def write_csv(reports: Sequence[ClaimReport], imprint: Imprint) -> Iterator[bytes]:
    """A header and one row a claim, in the order given; what is not known is an empty cell."""
    yield BOM_UTF8 + _row(COLUMNS)
    for report in reports:
        cells = claim_cells(report)
        yield _row([neutralise(cells[name]) for name in COLUMNS])


def _row(cells: Sequence[str]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode("utf-8")


def claim_cells(report: ClaimReport) -> dict[str, str]:
    """One claim as the cells of COLUMNS, in words and not yet neutralised."""
    page, claim = report.page, report.record.claim
    return {
        "id": page.id,
        "statement": page.statement,
        "quote": page.quote or "",
        "reported_words": page.reported or "",
        "quote_original": page.quote_original or "",
        "quote_language": page.quote_language or "",
        "translator": claim.translator or "",
        "claimant": page.claimant or "",
        "role": page.role or "",
        "claimed_on": date_cell(claim.claimed_on),
        "rating": page.rating.slug if page.rating else "",
        "rating_label": page.rating.label if page.rating else "",
        "headline": page.headline or "",
        "explanation": page.explanation or "",
        "fragments": "; ".join(one.line for one in page.fragments),
        "citations": str(len(page.citations)),
        "cited_sources": "; ".join(_source(one) for one in page.citations),
        "reviewer": page.decided_by or "",
        "created_at": page.decided_at.isoformat() if page.decided_at else "",
        "revision": str(page.revision or ""),
        "hash": page.verdict_hash or "",
        "status": page.status,
    }


def date_cell(when: PartialDate) -> str:
    """`2021-06`, `not before 2021-06`, `2021 (inferred)`, or nothing where it is unknown: what claim files read back."""
    if when.value is None:
        return ""
    bound = "" if when.bound == "on" else when.bound.replace("-", " ") + " "
    return f"{bound}{when.value}{' (inferred)' if when.basis == 'inferred' else ''}"


def _source(one: CitedWords) -> str:
    if one.withheld:
        return f"{one.title} [{one.stance}]"
    caution = f" ({one.caution})" if one.caution else ""
    return f"{one.source}{caution} [{one.stance}, sha256 {one.sha256}]"
