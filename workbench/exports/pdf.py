"""pdf: reports for readers on paper, set by typst: PDF/A, tagged for screen readers, Burmese, Khmer and Chinese shaped right.

The fonts come along (fonts/), so that the same report has the same pages on every machine. Text reaches typst as strings of a
JSON value and is never its code. What does not live here: what a report says (workbench.report).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from workbench.errors import ExportError
from workbench.exports.lettering import FONTS, Lettering
from workbench.report import ClaimReport
from workbench.report.blocks import (
    Article,
    Block,
    Cited,
    Facts,
    Heading,
    Items,
    Para,
    Quote,
    Rated,
    Run,
    Runs,
    Section,
    Table,
    reads_from_right,
)
from workbench.report.compose import document
from workbench.report.imprint import Imprint

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"
SCRIPTS = (
    "Noto Sans Myanmar", "Noto Sans Khmer", "Noto Sans Thai", "Noto Sans Lao", "Noto Naskh Arabic", "Noto Sans Hebrew",
    "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Gujarati", "Noto Sans Gurmukhi", "Noto Sans Kannada",
    "Noto Sans Malayalam", "Noto Sans Sinhala", "Noto Sans Tamil", "Noto Sans Telugu", "Noto Sans Armenian",
    "Noto Sans Georgian", "Noto Sans Ethiopic", "Noto Sans CJK SC", "Noto Sans Symbols2", "DejaVu Sans",
)  # fmt: skip
PAPER = {"a4": "a4", "letter": "us-letter"}
MOST = 2_000  # claims: typst keeps the whole document, about 1 MB a claim
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # the date of a report without a verdict: PDF/A wants one
Standard = Literal["a-2a", "ua-1"]
ARCHIVAL: tuple[Standard, ...] = ("a-2a", "ua-1")  # kept for good, and read aloud in order


def write_pdf(reports: Sequence[ClaimReport], imprint: Imprint) -> Iterator[bytes]:
    """One document, of one claim or of several after a page that sums them up. Raises: ExportError for more than MOST."""
    if len(reports) > MOST:
        told = f"{len(reports):,} claims are too many for one pdf."
        raise ExportError(told, hint=f"Choose at most {MOST:,} (--status, --topic, --since), or write html and print that.")
    import typst

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        logo = f"logo.{imprint.logo.form}" if imprint.logo else None
        if imprint.logo and logo:
            (root / logo).write_bytes(imprint.logo.data)
        (root / "report.typ").write_bytes(TEMPLATE.read_bytes())
        inputs = {"report": json.dumps(_values(reports, imprint, logo), ensure_ascii=False)}
        try:
            yield _set(root, inputs, ARCHIVAL)
        except typst.TypstError as error:
            if "could not be displayed" not in str(error):
                raise ExportError(f"typst could not set the report: {error}", hint="Write html and print that.") from error
            yield _set(root, inputs, ())  # letters that no font joins so: a box in their place, which PDF/A does not allow


def _set(root: Path, inputs: Mapping[str, str], standards: Sequence[Standard]) -> bytes:
    import typst

    made: bytes = typst.compile(
        root / "report.typ",
        root=root,
        font_paths=[FONTS],
        ignore_system_fonts=True,
        sys_inputs=dict(inputs),
        pdf_standards=list(standards),
        timestamp=0,
    )
    return made


def _values(reports: Sequence[ClaimReport], imprint: Imprint, logo: str | None) -> dict[str, Any]:
    only = reports[0].page if len(reports) == 1 else None
    last = max((report.page.decided_at for report in reports if report.page.decided_at), default=NEVER)
    pages = _Pages(imprint, several=only is None)
    blocks = [pages.block(one) for one in document(reports, imprint.edition)]
    return {
        "title": pages.words(imprint.title((only.headline or only.title) if only else None)),
        "publisher": pages.words(imprint.publisher),
        "licence": pages.words(imprint.licence),
        "date": [last.year, last.month, last.day],
        "logo": logo,
        "paper": PAPER[imprint.settings.report.paper],
        "claims": len(reports),
        "sans": ["Noto Sans", *SCRIPTS],
        "serif": ["Noto Serif", *SCRIPTS],
        "mono": ["DejaVu Sans Mono", *SCRIPTS],
        "blocks": blocks,
        "note": pages.lettering.note,
    }


class _Pages:
    """Blocks as values of JSON, as the template reads them. several: an article begins on a page of its own."""

    def __init__(self, imprint: Imprint, *, several: bool) -> None:
        self._imprint = imprint
        self._several = several
        self.lettering = Lettering()
        self.words = self.lettering.words

    def block(self, one: Block | Article) -> dict[str, Any]:
        """The block with all that is in it; `kind` says which it is."""
        return {"kind": one.kind} | self._inside(one)

    def _inside(self, one: Block | Article) -> dict[str, Any]:
        match one:
            case Article():
                return {"new_page": self._several, "id": one.id, "blocks": self._all(one.blocks)}
            case Section():
                named = {"key": one.key, "name": one.name, "titled": one.titled, "level": one.level}
                return named | {"colour": self._imprint.colour_of(one.colour_of), "blocks": self._all(one.blocks)}
            case Cited():
                return {"number": str(one.number), "blocks": self._all(one.blocks)}
            case Heading():
                words = {"text": self.words(one.text), "rtl": reads_from_right(one.text)}
                return words | {"level": one.level, "words": one.words}
            case Para():
                rtl = reads_from_right("".join(run.text for run in one.runs))
                return {"role": one.role, "runs": self._runs(one.runs), "rtl": rtl}
            case Quote():
                return {"role": one.role, "text": self.words(one.text), "rtl": reads_from_right(one.text)}
            case Items():
                return {"items": [self._runs(item) for item in one.items]}
            case Rated():
                return {"label": self.words(one.label), "colour": self._imprint.colour_of(one.slug) if one.slug else None}
            case Facts():
                return {"rows": [{"name": name, "runs": self._runs(value)} for name, value in one.rows]}
            case Table():
                return self._table(one)

    def _all(self, blocks: Sequence[Block]) -> list[dict[str, Any]]:
        return [self.block(one) for one in blocks]

    def _table(self, one: Table) -> dict[str, Any]:
        """Columns of numbers are as wide as they need, short names get one part of the rest and sentences three."""
        shares = [0 if at in one.numbers else 3 for at in range(len(one.head))]
        shares = [1 if share and name == "Rating" else share for share, name in zip(shares, one.head, strict=True)]
        return {
            "caption": self.words(one.caption),
            "head": list(one.head),
            "rows": [[{"runs": self._runs(cell)} for cell in row] for row in one.rows],
            "marked": -1 if one.marked is None else one.marked + 1,  # the head is row 0
            "numbers": list(one.numbers),
            "columns": shares,
        }

    def _runs(self, all_runs: Runs) -> list[dict[str, str]]:
        return [self._run(one) for one in all_runs]

    def _run(self, one: Run) -> dict[str, str]:
        told = {"text": self.words(one.text), "mark": one.mark}
        if one.link is None:
            return told
        return told | ({"to": one.link[1:]} if one.link.startswith("#") else {"link": one.link})
