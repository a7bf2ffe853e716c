"""The forms a report is written in: one function per form, in one table.

    html, pdf, docx, md   for readers: print the blocks of workbench.report.compose and nothing of the record
    claimreview           for search engines and other newsrooms (schema.org JSON-LD), from the page and the claim
    json, jsonl           the workspace's own records, whole, with working rationale and tokens: not for publication
    csv, xlsx             one row a claim for a spreadsheet; no working rationale

What does not live here: what a report says (workbench.report).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from workbench.errors import ExportError, UsageError
from workbench.exports import claimreview_jsonld, html, markdown, pdf, records, spreadsheet, tables, word
from workbench.report import ClaimReport
from workbench.report.blocks import Edition
from workbench.report.imprint import Imprint
from workbench.settings import Settings

__all__ = ["EXPORTERS", "Exporter", "exporter"]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PRINTED: tuple[Edition, ...] = ("reader", "full")


@dataclass(frozen=True)
class Exporter:
    """One form. pieces: the bytes of these reports, a piece at a time, so that a thousand claims need no more room than one.

    The same reports and imprint give the same bytes, UTF-8 where is_text. editions: those the form can be written in; a form
    that is data has none.
    """

    form: str
    suffix: str
    media_type: str
    is_text: bool
    pieces: Callable[[Sequence[ClaimReport], Imprint], Iterable[bytes]]
    editions: tuple[Edition, ...] = ()

    def write(self, reports: Sequence[ClaimReport], settings: Settings, *, edition: Edition = "reader") -> bytes:
        """All the bytes in one, for a few claims."""
        return b"".join(self.pieces(reports, Imprint(settings, edition)))


EXPORTERS: dict[str, Exporter] = {
    one.form: one
    for one in (
        Exporter("json", ".json", "application/json", True, records.write_json),
        Exporter("jsonl", ".jsonl", "application/x-ndjson", True, records.write_jsonl),
        Exporter("csv", ".csv", "text/csv; charset=utf-8", True, tables.write_csv),
        Exporter("xlsx", ".xlsx", XLSX, False, spreadsheet.write_xlsx),
        Exporter("md", ".md", "text/markdown; charset=utf-8", True, markdown.write_markdown, PRINTED),
        Exporter("html", ".html", "text/html; charset=utf-8", True, html.write_html, (*PRINTED, "fragment")),
        Exporter("docx", ".docx", DOCX, False, word.write_docx, PRINTED),
        Exporter("pdf", ".pdf", "application/pdf", False, pdf.write_pdf, PRINTED),
        Exporter("claimreview", ".jsonld", "application/ld+json", True, claimreview_jsonld.write_claimreview),
    )
}


def exporter(form: str, edition: str | None = None) -> Exporter:
    """The exporter of that form. Raises: ExportError `unknown_form` with the known ones; UsageError for an edition it lacks."""
    if form not in EXPORTERS:
        known = ", ".join(EXPORTERS)
        raise ExportError(f"There is no form {form!r} to export in.", hint=f"Use one of: {known}.", code="unknown_form")
    found = EXPORTERS[form]
    if edition is not None and edition not in found.editions:
        known = ", ".join(found.editions)
        hint = f"Use one of: {known}." if known else "Leave --edition out: this form is data and has one."
        raise UsageError(f"{form} has no edition {edition!r}.", hint=hint)
    return found
