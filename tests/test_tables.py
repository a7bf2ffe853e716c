"""Data tables through the real reading process: a row is a passage, its cells are what the file holds, no table does harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import documents
from tests.conftest import Read, failure
from tests.documents import sheet_rows, words_cell, xlsx
from workbench.desk import Desk
from workbench.errors import FileFailure
from workbench.models import Source
from workbench.passages import split_passages
from workbench.reading.records import column_letters
from workbench.reading.spreadsheet import _damage

pytestmark = pytest.mark.process
DEATHS = "Date,Killed,Place\n27 March 2021,114,Yangon\n28 March 2021,13,Bago\n"


def rows(source: Source) -> list[str]:
    """Every record as `label | text`; what no record holds would be missing."""
    assert {place.kind for place in source.places} == {"record"}
    assert "\n\n".join(source.text[place.start : place.end] for place in source.places) == source.text
    return [f"{place.label} | {source.text[place.start : place.end]}" for place in source.places]


# --- a row is a passage --------------------------------------------------------------------------------------------


def test_a_cell_of_many_sentences_stays_with_its_row(read: Read) -> None:
    told = " ".join(f"Sentence {number} was said." for number in range(8))
    source = read("a.csv", f'Date,Said\n2021,"{told}"\n2022,Nothing\n'.encode())

    passages = split_passages(source, sentences=5, words=150)

    assert [(one.page, one.text) for one in passages] == [
        ("row 2", f"Date: 2021; Said: {told}"),
        ("row 3", "Date: 2022; Said: Nothing"),
    ]


def test_a_row_of_a_data_table_is_found_and_cited_by_its_number(desk: Desk) -> None:
    lines = ["Date,Killed,Place", *(f"{day} March 2021,{day + 100},Town number {day}" for day in range(1, 28))]
    (desk.workspace.evidence / "deaths.csv").write_text("\n".join(lines))

    report = desk.sync_evidence()
    hit = desk.find("people killed in Town number 11").hits[0]

    assert [line.passages for line in report.added] == [27]
    assert (hit.page, hit.text) == ("row 12", "Date: 11 March 2021; Killed: 111; Place: Town number 11")


def test_a_row_of_a_spreadsheet_is_found_and_cited_by_sheet_and_row(desk: Desk) -> None:
    (desk.workspace.evidence / "deaths.xlsx").write_bytes(
        xlsx(
            sheet_rows(["Town", "Killed"], ["Yangon", "many"]),
            sheet_rows(["Town", "Held"], ["Bago", "few"]),
            names=["May", "June"],
        )
    )

    desk.sync_evidence()
    hit = desk.find("held in Bago").hits[0]

    assert (hit.page, hit.text) == ("June!2", "Town: Bago; Held: few")


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_row_is_a_passage_in_every_script_and_a_long_one_is_several_of_the_same_label(read: Read, name: str) -> None:
    cells = [
        ["ရက်စွဲ", "地点", "Témoin « cité »"],
        ["၂၀၂၁ မတ် ၂၇", "仰光。缅甸", "Où est-il allé ?"],
        ["ថ្ងៃទី២៧។ ពួកគេ", "万象", "« Là-bas ». Oui."],
        ["long", "x", "A word here. " * 100],
    ]
    made = {"a.csv": lambda: "\n".join(";".join(row) for row in cells).encode(), "a.xlsx": lambda: xlsx(sheet_rows(*cells))}

    source = read(name, made[name]())
    passages = split_passages(source, sentences=5, words=150)

    assert [source.text[each.start : each.end] for each in passages] == [each.text for each in passages]
    assert [each.text for each in passages][:2] == [
        "ရက်စွဲ: ၂၀၂၁ မတ် ၂၇; 地点: 仰光。缅甸; Témoin « cité »: Où est-il allé ?",
        "ရက်စွဲ: ថ្ងៃទី២៧។ ពួកគេ; 地点: 万象; Témoin « cité »: « Là-bas ». Oui.",
    ]
    assert len(passages) > 4
    assert {each.page for each in passages[2:]} == {source.places[2].label}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.lists(st.sampled_from(["a", "", '"', "x;y", "1,5", "ខ្ញុំ។", "a\nb", " z "]), min_size=2, max_size=2), min_size=2)
)
def test_offsets_hold_and_reading_again_gives_an_equal_source(read: Read, cells: list[list[str]]) -> None:
    quoted = ["head,line", *(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells), "z,z"]

    source = read("a.csv", "\n".join(quoted).encode())

    assert source == read("a.csv", "\n".join(quoted).encode())
    assert all(source.text[each.start : each.end] == each.text for each in split_passages(source, sentences=5, words=150))
    assert "\n\n".join(source.text[place.start : place.end] for place in source.places) == source.text


# --- names of columns ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("Town,2019,2020\nBago,3,4", ["row 2 | Town: Bago; 2019: 3; 2020: 4"]),
        ("Town,1/22/20,1/23/20\nBago,3,4", ["row 2 | Town: Bago; 1/22/20: 3; 1/23/20: 4"]),
        (",Town,Killed\n0,Bago,82", ["row 2 | A: 0; Town: Bago; Killed: 82"]),
        ("Town,Killed,\nBago,82,", ["row 2 | Town: Bago; Killed: 82"]),
        ('"Number\nkilled:",Town\n82,Bago', ["row 2 | Number killed: 82; Town: Bago"]),
        ("In March\n\nTown,Dead\nBago,82", ["row 1 | A: In March", "row 4 | Town: Bago; Dead: 82"]),
        ("Bago,82\nYangon,114", ["row 1 | A: Bago; B: 82", "row 2 | A: Yangon; B: 114"]),
        ("n,n\nx,y", ["row 1 | A: n; B: n", "row 2 | A: x; B: y"]),
        ("n,,m\nx,y,z", ["row 1 | A: n; C: m", "row 2 | A: x; B: y; C: z"]),
        ("Town,Killed", ["row 1 | A: Town; B: Killed"]),
        ("Statement\nIt was fair.\nHe said, no", ["row 2 | Statement: It was fair.", "row 3 | Statement: He said; B:  no"]),
    ],
    ids=["years", "dates", "no first", "no last", "two lines", "title", "figure", "repeated", "gap", "one row", "one column"],
)  # fmt: skip
def test_columns_are_named_by_the_file_where_it_does_and_else_by_letter(read: Read, table: str, expected: list[str]) -> None:
    assert rows(read("a.csv", table.encode())) == expected


def test_where_the_names_of_columns_were_in_doubt_it_is_said(read: Read) -> None:
    assert read("a.csv", DEATHS.encode()).warnings == ()
    assert read("a.csv", b"Bago,82\nYangon,114").warnings == (
        "row 1 was read as data, not as names; columns are named by letter",
    )
    assert read("a.csv", b"Note,\nTown,Killed\nBago,82\nPyay,3").warnings == ("the names of the columns were taken from row 2",)


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")])
def test_columns_have_the_letters_that_spreadsheet_programs_give_them(column: int, letters: str) -> None:
    assert column_letters(column) == letters


# --- csv and tsv ---------------------------------------------------------------------------------------------------


def test_every_cell_of_a_csv_is_kept_to_the_letter(read: Read) -> None:
    table = "Code,Note,Sum,Text\n007,NA,null,None\n1e5,=cmd|' /C calc'!A0,+1, @x\n,-2,\t,“q”\n"

    assert rows(read("a.csv", table.encode())) == [
        "row 2 | Code: 007; Note: NA; Sum: null; Text: None",
        "row 3 | Code: 1e5; Note: =cmd|' /C calc'!A0; Sum: +1; Text:  @x",
        "row 4 | Note: -2; Text: “q”",
    ]


@pytest.mark.parametrize("divider", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "bar"])
def test_columns_are_divided_by_what_divides_most_rows_alike(read: Read, divider: str) -> None:
    table = [["Town", "Killed, wounded", "Share"], ["Bago", "82; more", "1.5"], ["Pyay", "3, at least", "2|5"]]
    quoted = [divider.join(f'"{cell}"' for cell in row) for row in table]

    source = read("a.csv", "\n".join(quoted).encode())

    assert rows(source)[0] == "row 2 | Town: Bago; Killed, wounded: 82; more; Share: 1.5"
    assert source.warnings == ()


@pytest.mark.parametrize(
    ("name", "table", "last"),
    [
        ("a.csv", "Town;Share\nBago;1,5\nPyay;2,5", "row 3 | Town: Pyay; Share: 2,5"),
        ("a.tsv", "Town\tSaid\nBago\tNo, never\nPyay\tYes", "row 3 | Town: Pyay; Said: Yes"),
        ("a.tsv", "Said\nNo, never\nYes, we did", "row 3 | Said: Yes, we did"),
    ],
    ids=["decimal commas", "commas in sentences", "one column"],
)
def test_commas_inside_cells_do_not_divide_them(read: Read, name: str, table: str, last: str) -> None:
    source = read(name, table.encode())

    assert (rows(source)[-1], source.warnings) == (last, ())


def test_a_divider_that_could_be_another_is_said_with_what_came_of_it(read: Read) -> None:
    assert read("a.csv", b"a;b,c\nd;e,f").warnings == (
        "columns were divided at semicolons (1 rows, 2 cells each); commas would fit as well",
    )


def test_where_two_dividers_fit_some_rows_the_one_that_fits_the_quotation_marks_is_taken(read: Read) -> None:
    source = read("a.csv", b'Town,Note\nBago,"x;y"\n"Pyay","b","x;y"\n"Mandalay","b","x;y"\nDawei,"b"\n')

    assert rows(source)[0] == "row 2 | Town: Bago; Note: x;y"


def test_ragged_rows_are_read_and_listed(read: Read) -> None:
    source = read("a.csv", DEATHS.encode() + b"29 March,3\n\n30 March,4,Bago,disputed\n" + b"x\n" * 12)

    assert rows(source)[2:4] == [
        "row 4 | Date: 29 March; Killed: 3",
        "row 6 | Date: 30 March; Killed: 4; Place: Bago; D: disputed",
    ]
    assert "rows with more or fewer cells than 3: 4, 6, 7, 8, 9, 10, 11, 12, 13, 14 and 4 more" in source.warnings


def test_line_ends_nul_and_encoding_are_handled_as_in_any_text(read: Read) -> None:
    source = read("a.csv", b'\xef\xbb\xbfTown;Note\r\nBago;"two\r\nli\x00nes"\r"Pyay";x')
    french = read("a.csv", "Ville;Cité\nRangoun;« Où est-il allé ? », dit l'élu\n".encode("cp1252"))

    assert rows(source) == ["row 2 | Town: Bago; Note: two\nlines", "row 3 | Town: Pyay; Note: x"]
    assert source.warnings == ("NUL characters removed: 1",)
    assert rows(french) == ["row 2 | Ville: Rangoun; Cité: « Où est-il allé ? », dit l'élu"]
    assert french.warnings[0].startswith("encoding guessed: cp1252")


def test_a_cell_may_hold_a_whole_article(read: Read) -> None:
    article = "He said so. " * 50_000

    assert rows(read("a.csv", f'Id,Text\n1,"{article}"\n'.encode())) == [f"row 2 | Id: 1; Text: {article}"]


def test_a_web_page_named_csv_is_said_to_be_one(read: Read) -> None:
    source = read("a.csv", b"<!doctype html><html><p>One</p>\n<p>Two</p></html>")

    assert "begins like a web page, but was read as a table; name it .html to read the article in it" in source.warnings


def test_an_unclosed_quotation_mark_names_the_line_where_its_row_begins(read: Read) -> None:
    refused = failure(read, "a.csv", (DEATHS + '29 March,"3,Bago\n' + "30 March,4,Bago\n" * 1_000).encode())

    assert "line 4" in refused.message
    assert "never closed" in refused.message


# --- xlsx ----------------------------------------------------------------------------------------------------------

VALUES = """<sheetData><row r="2"><c r="B2" t="inlineStr"><is><t>When</t></is></c></row><row r="9"><c r="B9"><v>114</v></c>
<c r="C9"><v>0.30000000000000004</v></c><c r="D9" s="1"><v>44282</v></c><c r="E9" s="2"><v>44282.5</v></c>
<c r="F9" s="3"><v>0.5</v></c><c r="G9" s="4"><v>1.5</v></c><c r="H9" t="b"><v>1</v></c><c r="I9"><v>1234567890123456</v></c>
<c r="J9" t="str"><f>A1&amp;B1</f><v>calc</v></c><c r="K9" t="inlineStr"><is><r><t>ri</t></r><r><t>ch</t></r></is></c></row>
</sheetData>"""


def test_a_cell_of_a_spreadsheet_is_what_it_holds(read: Read) -> None:
    source = read("a.xlsx", xlsx(VALUES))

    assert rows(source) == [
        "Sheet1!9 | When: 114; C: 0.3; D: 2021-03-27; E: 2021-03-27 12:00:00; F: 12:00:00; G: 36:00:00; H: TRUE; "
        "I: 1234567890123456; J: calc; K: rich",
    ]
    assert source.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_text_of_a_spreadsheet_is_kept_to_the_letter(read: Read) -> None:
    source = read("a.xlsx", xlsx(sheet_rows(["Code", "Note"], ["007", "=cmd|'/C calc'!A0"], [" a\n\tb ", "NA"])))

    assert rows(source) == ["Sheet1!2 | Code: 007; Note: =cmd|'/C calc'!A0", "Sheet1!3 | Code:  a\n\tb ; Note: NA"]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#SPILL!"])
def test_errors_of_a_spreadsheet_are_kept_and_counted(read: Read, error: str) -> None:
    row = f"<row>{words_cell('Bago')}<c s='0' t='e'><f>1/0</f><v>{error}</v></c></row>"

    source = read("a.xlsx", xlsx(sheet_rows(["Town", "Killed"]).replace("</sheetData>", f"{row}</sheetData>")))

    assert rows(source) == [f"Sheet1!2 | Town: Bago; Killed: {error}"]
    assert source.warnings == ("cells that hold an error (such as #REF! or #N/A), kept as they are: 1",)


def test_formulas_without_a_result_are_counted(read: Read) -> None:
    row = f"<row>{words_cell('Bago')}<c><f>1+1</f></c><c><f>1+1</f><v></v></c><c><f>1+1</f><v>2</v></c></row>"

    source = read("a.xlsx", xlsx(f"<sheetData>{row}</sheetData>"))

    assert rows(source) == ["Sheet1!1 | A: Bago; D: 2"]
    assert "formulas without a stored result, left out (open and save the file in a spreadsheet program): 2" in source.warnings


def test_hidden_sheets_are_read_and_named_and_what_is_not_read_is_counted(read: Read) -> None:
    sheet = sheet_rows(["Town", "Killed"], ["Bago", "many"])
    parts = {"xl/comments1.xml": "<comments/>", "xl/drawings/drawing1.xml": "<d/>"}

    source = read("a.xlsx", xlsx(sheet, sheet, state='state="veryHidden"', parts=parts))

    assert [row.split(" | ")[0] for row in rows(source)] == ["Sheet1!2", "Sheet2!2"]
    assert source.warnings == (
        "comments not read: 1",
        "sheets with drawings (charts, pictures, text boxes), which are not read: 1",
        "hidden sheets, read like the others: Sheet2",
    )


def test_a_merged_cell_has_its_value_once(read: Read) -> None:
    merged = sheet_rows(["Town", "Killed"], ["Bago", "many"], ["", "few"]) + '<mergeCells><mergeCell ref="A2:A3"/></mergeCells>'

    assert rows(read("a.xlsx", xlsx(merged))) == ["Sheet1!2 | Town: Bago; Killed: many", "Sheet1!3 | Killed: few"]


def test_a_size_that_a_sheet_only_claims_to_have_costs_nothing(read: Read) -> None:
    painted = '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    claimed = '<dimension ref="A1:XFD1048576"/>' + ONE.replace("</sheetData>", painted)

    assert rows(read("a.xlsx", xlsx(claimed))) == ["Sheet1!2 | Town: Bago; Killed: many"]


def test_a_panic_of_the_parser_is_a_failure_of_the_file() -> None:
    panic = type("PanicException", (BaseException,), {})

    with pytest.raises(FileFailure) as caught, _damage("a.xlsx"):
        raise panic

    assert caught.value.code == "malformed_xlsx"


# --- tables that are refused ---------------------------------------------------------------------------------------

ONE = sheet_rows(["Town", "Killed"], ["Bago", "many"])
FAR = '<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="{0}"><c r="{1}{0}"><v>1</v></c></row></sheetData>'
MACROS = '<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>'
LAUGHS = {"xl/styles.xml": '<!DOCTYPE x [<!ENTITY a "ha">]><x/>'}
HOSTILE: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "zip as csv": ("a.csv", lambda: documents.zip_of(x=b"y"), "type_mismatch"),
    "spreadsheet as csv": ("a.csv", lambda: xlsx(ONE), "type_mismatch"),
    "picture as tsv": ("a.tsv", lambda: b"\x89PNG\r\n\x1a\n" + b"\x00" * 90, "type_mismatch"),
    "binary as csv": ("a.csv", lambda: bytes(range(1, 32)) * 20, "type_mismatch"),
    "only dividers": ("a.csv", lambda: b",,,\n,,,\n", "empty_file"),
    "unclosed quote": ("a.csv", lambda: b'a,b\n1,"2\n' + b"3,4\n" * 1000, "malformed_csv"),
    "words after a quote": ("a.csv", lambda: b'a,b\n1,"2" and more\n', "malformed_csv"),
    "200,001 rows": ("a.csv", lambda: b"a,b\n" + b"1,2\n" * 200_001, "too_complex"),
    "names that multiply": ("a.csv", lambda: b"a" * 60_000 + b",b\n" + b"1,2\n" * 2_000, "too_complex"),
    "65 MB": ("a.csv", lambda: b"word,x\n" * 9_300_000, "too_complex"),
    "text as xlsx": ("a.xlsx", lambda: b"a,b\n1,2", "not_a_xlsx"),
    "docx as xlsx": ("a.xlsx", documents.report_docx, "not_a_xlsx"),
    "plain zip as xlsx": ("a.xlsx", lambda: documents.zip_of(x=b"y"), "not_a_xlsx"),
    "old xls": ("a.xlsx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "not_a_xlsx"),
    "xlsm": ("a.xlsx", lambda: xlsx(ONE, parts={"[Content_Types].xml": MACROS}), "not_a_xlsx"),
    "torn off": ("a.xlsx", lambda: xlsx(ONE)[:-40], "not_a_xlsx"),
    "sheet missing": ("a.xlsx", lambda: xlsx(ONE, parts={"xl/_rels/workbook.xml.rels": "<Relationships/>"}), "malformed_xlsx"),
    "torn XML": ("a.xlsx", lambda: xlsx(ONE[:-30]), "malformed_xlsx"),
    "UTF-16": ("a.xlsx", lambda: xlsx(ONE, parts={"xl/comments1.xml": "\x00<"}), "malformed_xlsx"),
    "same name twice": ("a.xlsx", lambda: xlsx(ONE, ONE, names=["May", "MAY"]), "malformed_xlsx"),
    "no shared strings": ("a.xlsx", lambda: xlsx('<sheetData><row><c t="s"><v>7</v></c></row></sheetData>'), "malformed_xlsx"),
    "no such cell": ("a.xlsx", lambda: xlsx(FAR.format("1", "??")), "malformed_xlsx"),
    "row beyond all": ("a.xlsx", lambda: xlsx(FAR.format("4000000000", "A")), "malformed_xlsx"),
    "far corner": ("a.xlsx", lambda: xlsx(FAR.format("1048576", "XFD")), "too_complex"),
    "wide and long": ("a.xlsx", lambda: xlsx(FAR.format("3000", "XFD")), "too_complex"),
    "far, no root": ("a.xlsx", lambda: xlsx("", parts={"xl/worksheets/sheet1.xml": FAR.format(900, "XFD")}), "too_complex"),
    "no cells": ("a.xlsx", lambda: xlsx("<sheetData/>"), "empty_file"),
    "billion laughs": ("a.xlsx", lambda: xlsx(ONE, parts=LAUGHS), "malformed_xlsx"),
    "path out": ("a.xlsx", lambda: xlsx(ONE, parts={"../x.xml": "<x/>"}), "malformed_xlsx"),
    "60 MB of rows": ("a.xlsx", lambda: xlsx(f"<sheetData>{'<row/>' * 10_000_000}</sheetData>"), "decompression_limit"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "make", "code"), HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_table_is_a_clear_failure_and_the_next_file_is_read(
    read: Read, name: str, make: Callable[[], bytes], code: str
) -> None:
    refused = failure(read, name, make())

    assert refused.code == code
    assert name in refused.message
    assert rows(read("next.csv", DEATHS.encode()))[0] == "row 2 | Date: 27 March 2021; Killed: 114; Place: Yangon"


def test_a_table_in_an_archive_is_a_source_of_its_own(desk: Desk) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("may/deaths.xlsx", xlsx(ONE))
    (desk.workspace.evidence / "un.zip").write_bytes(out.getvalue())

    desk.sync_evidence()

    assert desk.find("killed in Bago").hits[0].page == "Sheet1!2"
