"""The look of a Word document: its styles, page, header and footer, and the XML that python-docx has no words for.

What lives here: python-docx made ready. What does not: the blocks of a report (word_parts.py), the archive (word.py).
"""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache
from typing import Any

import regex

from workbench.errors import SettingsError
from workbench.report.imprint import Imprint

SANS, SERIF, MONO, EAST = "Calibri", "Cambria", "Consolas", "Microsoft YaHei"
PAPER_MM = {"a4": (210, 297), "letter": (215.9, 279.4)}
MARGIN_MM = 22
SOFT, RULE = "565C64", "D8D3C8"
STYLES: dict[str, dict[str, Any]] = {  # name: font, size in points, colour, space after; bold, indent in mm
    "Small": {"size": 9.5, "colour": SOFT, "after": 4},
    "Statement": {"font": SERIF, "size": 15, "after": 6},
    "Quotation": {"font": SERIF, "size": 11.5, "indent": 8, "after": 6},
    "Explanation": {"size": 11.5, "after": 8},
    "Missing": {"colour": SOFT, "italic": True, "after": 6},
    "Notice": {"bold": True, "after": 8, "boxed": True},
    "Stance": {"bold": True, "after": 3, "next": True, "before": 8},
    "Caution": {"bold": True, "after": 3, "next": True},
    "Record": {"size": 8.5, "colour": SOFT, "after": 2},
}
# What the schema puts after each property that is added by hand: Word refuses some documents that have another order.
_AFTER_BIDI = ("w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr")
_AFTER_BORDERS = ("w:shd", "w:tabs", "w:bidi", *_AFTER_BIDI)
FOLLOWING = {
    "w:bidi": _AFTER_BIDI,
    "w:pBdr": _AFTER_BORDERS,
    "w:pageBreakBefore": ("w:widowControl", "w:numPr", "w:pBdr", *_AFTER_BORDERS),
    "w:tblBorders": ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook"),
}
_LINE_END = regex.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
_NO_XML = regex.compile(r"[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069\p{Cs}\uFFFE\uFFFF]")
_MADE = datetime(2000, 1, 1, tzinfo=UTC)


def clean(text: str) -> str:
    """The text as XML can hold it, with one kind of line end."""
    cleaned: str = _NO_XML.sub("\ufffd", _LINE_END.sub("\n", text))
    return cleaned


def styled(imprint: Imprint, title: str) -> Any:
    """A document without paragraphs, in the styles of a report, with its page, header and footer. Raises: SettingsError."""
    from docx import Document

    doc = Document()
    _styles(doc)
    _frame(doc, imprint, clean(title))
    return doc


def _styles(doc: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE

    styles = doc.styles
    _style(styles["Normal"], {"font": SANS, "size": 10.5, "after": 6})
    for level, size in ((1, 20), (2, 14), (3, 11.5)):
        _style(styles[f"Heading {level}"], {"font": SANS, "size": size, "bold": True, "before": 14, "after": 6})
    _style(styles["List Bullet"], {"after": 3})
    for name, look in STYLES.items():
        made = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        made.base_style = styles["Normal"]
        _style(made, look)


def _style(style: Any, look: dict[str, Any]) -> None:
    from docx.shared import Mm, Pt, RGBColor

    font, space = style.font, style.paragraph_format
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(attribute(name), None)
    if "font" in look:
        font.name = look["font"]
    if "size" in look:
        font.size = Pt(look["size"])
    font.color.rgb = RGBColor.from_string(look.get("colour", "1B1F24"))
    font.bold, font.italic = look.get("bold", False), look.get("italic", False)
    space.space_before, space.space_after = Pt(look.get("before", 0)), Pt(look.get("after", 6))
    if "indent" in look:
        space.left_indent = Mm(look["indent"])
    if look.get("next"):
        space.keep_with_next = True
    if look.get("boxed"):
        add_property(style.element.get_or_add_pPr(), "w:pBdr", left="000000")


def _frame(doc: Any, imprint: Imprint, title: str) -> None:
    from docx.shared import Mm

    section, properties = doc.sections[0], doc.core_properties
    width, height = PAPER_MM[imprint.settings.report.paper]
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(20)
    properties.title, properties.author, properties.comments = title[:250], clean(imprint.publisher)[:250], ""
    properties.created = properties.modified = _MADE
    properties.last_modified_by, properties.revision = "", 1
    _logo(section.header.paragraphs[0], imprint)
    last = " · ".join(part for part in (imprint.publisher, imprint.licence) if part)
    footer = section.footer.paragraphs[0]
    footer.style = doc.styles["Record"]
    footer.add_run(clean(f"{last} · Page "))
    _field(footer, "PAGE")
    footer.add_run(" of ")
    _field(footer, "NUMPAGES")


def _logo(header: Any, imprint: Imprint) -> None:
    from docx.exceptions import PythonDocxError
    from docx.image.exceptions import InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError
    from docx.shared import Mm

    if imprint.logo is None:
        header.add_run(clean(imprint.publisher)).bold = True
        return
    broken = (PythonDocxError, InvalidImageStreamError, UnexpectedEndOfFileError, UnrecognizedImageError)
    try:
        picture = header.add_run().add_picture(io.BytesIO(imprint.logo.data), height=Mm(9))
    except (*broken, ValueError, KeyError, ZeroDivisionError) as error:
        raise SettingsError("The logo is broken: its picture cannot be read.", hint="Save it as PNG again.") from error
    picture._inline.docPr.set("descr", clean(imprint.publisher))


def _field(paragraph: Any, instruction: str) -> None:
    from docx.oxml import OxmlElement

    field = OxmlElement("w:fldSimple")
    field.set(attribute("instr"), instruction)
    paragraph._p.append(field)
    field.append(paragraph.add_run("1")._r)


def colour(run: Any, shade: str) -> None:
    """Set the words of a run in #rrggbb, without its #."""
    from docx.shared import RGBColor

    run.font.color.rgb = RGBColor.from_string(shade)


def add_property(owner: Any, name: str, **lines: str) -> None:
    """Add a property where its schema has it; lines: the colours of borders in it."""
    from docx.oxml import OxmlElement

    made = OxmlElement(name)
    for side, shade in lines.items():
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "18" if side == "left" else "4"), ("space", "6"), ("color", shade)):
            line.set(attribute(key), value)
        made.append(line)
    owner.insert_element_before(made, *FOLLOWING.get(name, ()))


@cache
def attribute(name: str) -> str:
    """The name of an attribute of Word's own."""
    return qualified(f"w:{name}")


def qualified(name: str) -> str:
    """A name with its prefix as lxml knows it."""
    from docx.oxml.ns import qn

    return str(qn(name))
