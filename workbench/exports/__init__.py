"""The forms a report is written in: one function per form, in one table.

    html, md        for readers: print the report's page and nothing of the record
    claimreview     for search engines and other newsrooms (schema.org JSON-LD), from the page and the claim
    json, jsonl     the workspace's own records, whole: working rationale, confidence, tokens, hashes. Not for publication.
    csv             one row a claim for a spreadsheet; no working rationale

What does not live here: what a report says (workbench.report).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.errors import ExportError
from workbench.exports import claimreview_jsonld, html, markdown, records, tables
from workbench.report import ClaimReport
from workbench.settings import Settings

__all__ = ["EXPORTERS", "Exporter", "exporter"]


@dataclass(frozen=True)
class Exporter:
    """One form. write: the bytes of these reports, UTF-8 where is_text; the same reports and settings give the same bytes."""

    form: str
    suffix: str
    media_type: str
    is_text: bool
    write: Callable[[Sequence[ClaimReport], Settings], bytes]


EXPORTERS: dict[str, Exporter] = {
    one.form: one
    for one in (
        Exporter("json", ".json", "application/json", True, records.write_json),
        Exporter("jsonl", ".jsonl", "application/x-ndjson", True, records.write_jsonl),
        Exporter("csv", ".csv", "text/csv; charset=utf-8", True, tables.write_csv),
        Exporter("md", ".md", "text/markdown; charset=utf-8", True, markdown.write_markdown),
        Exporter("html", ".html", "text/html; charset=utf-8", True, html.write_html),
        Exporter("claimreview", ".jsonld", "application/ld+json", True, claimreview_jsonld.write_claimreview),
    )
}


def exporter(form: str) -> Exporter:
    """The exporter of that form. Raises: ExportError `unknown_form` listing the known ones."""
    if form not in EXPORTERS:
        known = ", ".join(EXPORTERS)
        raise ExportError(f"There is no form {form!r} to export in.", hint=f"Use one of: {known}.", code="unknown_form")
    return EXPORTERS[form]
