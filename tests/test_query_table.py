"""A table of queries in, a table of hits out."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date

import pytest

from tests.conftest import NOON
from workbench.errors import UsageError, WorkbenchError
from workbench.models import Filters, Hit, SearchReceipt, SearchResult
from workbench.query_table import AskedRow, BadRow, HitTable, answered, batches, read_queries

FOUND = Hit(
    rank=1,
    passage_id="0123456789abcdef-0-20",
    source_id="0" * 64,
    sha256="0" * 64,
    path="evidence/a.txt",
    title="=HYPERLINK(\"http://x\")",
    page=None,
    start=0,
    end=20,
    text="+fraud, said\nthe army",
    score=0.5,
    dense_rank=1,
    lexical_rank=None,
)  # fmt: skip


def find(text: str, *, also: Sequence[str], k: int | None, filters: Filters) -> SearchResult:
    if text == "unreadable AND":
        raise WorkbenchError("The query cannot be read.", code="bad_query")
    receipt = SearchReceipt(
        queries=(text, *also), mode="lexical", asked_mode="lexical", filters=filters, k=k or 10, created_at=NOON
    )
    return SearchResult(query=text, receipt=receipt, hits=() if text == "nothing" else (FOUND,))


def rows_of(text: str) -> tuple[list[AskedRow | BadRow], list[str]]:
    notes: list[str] = []
    return list(read_queries(io.StringIO(text, newline=""), notes=notes)), notes


def test_a_row_may_name_its_own_filters_words_and_number() -> None:
    rows, notes = rows_of(
        "id;query;also;after;publisher;type;k;remark\r\nq1;fraud;fraude | Betrug;2021-06-23;TASS|BBC;pdf;3;mine\r\n"
    )

    wanted = Filters(after=date(2021, 6, 23), publishers=("TASS", "BBC"), media=("application/pdf",))
    assert rows == [AskedRow(1, "fraud", "q1", ("fraude", "Betrug"), wanted, 3)]
    assert notes == ["Columns left out: remark."]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",,1", "empty_query"),
        ("fraud,tomorrow,1", "bad_row"),
        ("fraud,,0", "bad_row"),
        ("fraud,,many", "bad_row"),
        ("fraud,,1,more", "bad_row"),
        ('fraud,"2021-01-01,1', "bad_table"),
    ],
)
def test_a_row_that_cannot_be_searched_for_is_listed_and_the_others_are_searched(row: str, code: str) -> None:
    rows, _ = rows_of(f"query,after,k\nfirst,,\n{row}\n")

    assert isinstance(rows[0], AskedRow)
    assert isinstance(rows[1], BadRow)
    assert (rows[1].row, rows[1].error.code) == (2, code)


@pytest.mark.parametrize("text", ["", "statement,k\nfraud,1\n", "query,query\na,b\n"])
def test_a_file_that_is_no_table_of_queries_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        rows_of(text)


def test_every_query_is_accounted_for_and_no_cell_is_a_formula() -> None:
    rows, _ = rows_of("query\nfraud\nnothing\nunreadable AND\n\n   \n=1+1\n")
    written = io.StringIO(newline="")
    table = HitTable(written)
    for some in batches(rows):
        for answer in answered(some, find):
            table.add(answer)

    lines = list(csv.DictReader(io.StringIO(written.getvalue(), newline="")))
    assert [(line["row"], line["query"], line["rank"], line["note"]) for line in lines] == [
        ("1", "fraud", "1", ""),
        ("2", "nothing", "", "No passage was found."),
        ("3", "unreadable AND", "", "Not searched: The query cannot be read."),
        ("4", "'=1+1", "1", ""),
    ]
    assert (lines[0]["title"], lines[0]["text"]) == ('\'=HYPERLINK("http://x")', "'+fraud, said\nthe army")
    assert (lines[0]["mode"], lines[0]["sha256"]) == ("lexical", "0" * 64)
