"""How each kind of block looks in a Word document.

What lives here: paragraphs, tables, links and bookmarks, through python-docx. Text is text, and a link is made only where the
report has an address. What does not live here: styles and page (word_look.py), the archive (word.py).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import regex

from workbench.exports.word_look import (
    EAST,
    MARGIN_MM,
    MONO,
    PAPER_MM,
    RULE,
    SERIF,
    SOFT,
    add_property,
    attribute,
    clean,
    colour,
    qualified,
    styled,
)
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
from workbench.report.imprint import Imprint

# Word sets a script of its own in the one font a run names for all of them, so each run names the one it needs.
SCRIPT_FONTS = (
    (regex.compile(r"\p{Myanmar}"), "Myanmar Text"),
    (regex.compile(r"\p{Khmer}"), "Khmer UI"),
    (regex.compile(r"[\p{Thai}\p{Lao}]"), "Leelawadee UI"),
    (regex.compile(r"[\p{Devanagari}\p{Bengali}\p{Tamil}\p{Telugu}\p{Gujarati}\p{Sinhala}]"), "Nirmala UI"),
)
EVERYDAY = "Arial"  # Arabic and Hebrew
RIGHT = 2  # as Word numbers alignments
ROLE_STYLES = {
    "small": "Small", "source": "Small", "draft": "Notice", "statement": "Statement", "explanation": "Explanation",
    "weighing": "Explanation", "missing": "Missing", "stance": "Stance", "caution": "Caution", "change": "Notice",
}  # fmt: skip


class Sheet:
    """A document being written. several: an article begins on a page of its own."""

    def __init__(self, imprint: Imprint, *, title: str, several: bool) -> None:
        self._imprint = imprint
        self._several = several
        self._marks: dict[str, str] = {}
        self._links: dict[str, str] = {}
        self._doc = styled(imprint, title)

    def add(self, block: Block | Article) -> None:
        """Write a block at the end."""
        match block:
            case Article() | Section() | Cited():
                self._several_blocks(block)
            case Heading():
                self._heading(block.text, block.level, words=block.words)
            case Para():
                self._para(block.runs, ROLE_STYLES.get(block.role, "Normal"))
            case Quote(role="claim"):
                self._para((Run(f"“{block.text}”"),), "Statement")
            case Quote():
                self._para((Run(block.text),), "Quotation")
            case Items():
                for item in block.items:
                    self._para(item, "ListBullet")
            case Rated():
                self._rated(block)
            case Table():
                self._table(block)
            case Facts():
                for name, value in block.rows:
                    self._para((Run(f"{name}: ", "strong"), *value), "Record")

    def taken(self) -> Iterator[Any]:
        """Take out everything written so far, in order."""
        for element in list(self._doc.element.body)[:-1]:
            self._doc.element.body.remove(element)
            yield element

    def saved(self) -> bytes:
        """The document without what was taken: styles, links, footer."""
        kept = io.BytesIO()
        self._doc.save(kept)
        return kept.getvalue()

    # blocks ------------------------------------------------------------------------------------------------------

    def _several_blocks(self, block: Article | Section | Cited) -> None:
        if isinstance(block, Section) and block.titled:
            self._heading(block.name, block.level, words=False)
        if isinstance(block, Cited):
            first, *others = block.blocks
            told = first.runs if isinstance(first, Para) else ()
            self._para((Run(f"{block.number}  ", "quiet"), *told), "Stance")
            for below in others:
                self.add(below)
            return
        for at, part in enumerate(block.blocks):
            self.add(part)
            if at == 0 and isinstance(block, Article):
                first_element = self._doc.element.body[-2]
                self._bookmark(first_element, block.id)
                if self._several:
                    add_property(first_element.get_or_add_pPr(), "w:pageBreakBefore")

    def _heading(self, text: str, level: int, *, words: bool) -> None:
        paragraph = self._paragraph(f"Heading{level}")
        self._turn(paragraph, text)
        self._run(paragraph, Run(text), font=SERIF if words else None)

    def _para(self, runs: Runs, style: str) -> None:
        self._fill(self._paragraph(style), runs)

    def _paragraph(self, style: str) -> Any:
        """An empty one at the end. style: by its id; python-docx looks a name up in all of them, a hundred times slower."""
        paragraph = self._doc.add_paragraph()
        paragraph._p.style = style
        return paragraph

    def _fill(self, paragraph: Any, runs: Runs) -> None:
        self._turn(paragraph, "".join(run.text for run in runs))
        for run in runs:
            self._run(paragraph, run)

    def _turn(self, paragraph: Any, text: str) -> None:
        if reads_from_right(text):
            add_property(paragraph._p.get_or_add_pPr(), "w:bidi")

    def _run(self, paragraph: Any, run: Run, *, font: str | None = None) -> None:
        made = paragraph.add_run(clean(run.text))
        named = font or {"words": SERIF, "code": MONO}.get(run.mark)
        fonts = {"ascii": named, "hAnsi": named} if named else {}
        if not run.text.isascii():
            fonts["cs"] = next((name for script, name in SCRIPT_FONTS if script.search(run.text)), EVERYDAY)
            fonts["eastAsia"] = EAST
        if fonts:
            of_run = made._r.get_or_add_rPr().get_or_add_rFonts()
            for name, chosen in fonts.items():
                of_run.set(attribute(name), chosen)
        if run.mark in ("strong", "title"):
            made.font.bold = made.font.cs_bold = True
        if run.mark == "quiet":
            colour(made, SOFT)
        if not run.text.isascii() and reads_from_right(run.text):
            made.font.rtl = True
        if run.link:
            self._link(paragraph, made, run.link)

    def _link(self, paragraph: Any, made: Any, link: str) -> None:
        from docx.opc.constants import RELATIONSHIP_TYPE
        from docx.oxml import OxmlElement

        around = OxmlElement("w:hyperlink")
        if link.startswith("#"):
            around.set(attribute("anchor"), self._mark(link[1:]))
        else:
            if link not in self._links:  # numbered here: python-docx would look through all of them for each
                self._links[link] = f"link{len(self._links) + 1}"
                self._doc.part.rels.add_relationship(RELATIONSHIP_TYPE.HYPERLINK, link, self._links[link], is_external=True)
            around.set(qualified("r:id"), self._links[link])
        colour(made, "0F5C63")
        paragraph._p.append(around)
        around.append(made._r)

    def _rated(self, block: Rated) -> None:
        from docx.shared import Pt

        paragraph = self._paragraph("Normal")
        paragraph.paragraph_format.keep_with_next = True
        self._run(paragraph, Run(block.label, "strong"))
        made = paragraph.runs[0]
        made.font.size = Pt(15)
        if block.slug:
            add_property(paragraph._p.get_or_add_pPr(), "w:pBdr", left=self._imprint.colour_of(block.slug)[1:])
            colour(made, self._imprint.colour_of(block.slug)[1:])

    def _table(self, block: Table) -> None:
        if block.caption:
            self._para((Run(block.caption),), "Small")
        table = self._doc.add_table(rows=1, cols=len(block.head))
        add_property(table._tbl.tblPr, "w:tblBorders", bottom=RULE, insideH=RULE)
        widths = self._widths(block)
        for at, (cell, name) in enumerate(zip(table.rows[0].cells, block.head, strict=True)):
            table.columns[at].width = cell.width = widths[at]  # rows added later take theirs from the column
            self._fill(cell.paragraphs[0], (Run(name, "strong"),))
            if at in block.numbers:
                cell.paragraphs[0].alignment = RIGHT
        add_property(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")
        for row in block.rows:
            for at, (cell, runs) in enumerate(zip(table.add_row().cells, row, strict=True)):
                self._fill(cell.paragraphs[0], runs)
                if at in block.numbers:
                    cell.paragraphs[0].alignment = RIGHT
        self._paragraph("Record")  # Word joins tables that touch

    def _widths(self, block: Table) -> list[int]:
        """Narrow columns for numbers and ratings; the rest of the page for the others, in EMU."""
        from docx.shared import Mm

        narrow = dict.fromkeys(block.numbers, 25) | {at: 42 for at, name in enumerate(block.head) if name == "Rating"}
        room = PAPER_MM[self._imprint.settings.report.paper][0] - 2 * MARGIN_MM - sum(narrow.values())
        share = room / max(1, len(block.head) - len(narrow))
        return [Mm(narrow.get(at, share)) for at in range(len(block.head))]

    def _mark(self, claim_id: str) -> str:
        return self._marks.setdefault(claim_id, f"claim_{len(self._marks) + 1}")

    def _bookmark(self, element: Any, claim_id: str) -> None:
        from docx.oxml import OxmlElement

        name = self._mark(claim_id)
        number = name.removeprefix("claim_")
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        start.set(attribute("id"), number)
        start.set(attribute("name"), name)
        end.set(attribute("id"), number)
        element.append(start)
        element.append(end)
