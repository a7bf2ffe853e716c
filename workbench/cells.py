"""A cell of a table that no spreadsheet takes for a formula, and the way back.

What lives here: one rule, both ways. What does not: the tables (exports/tables.py, claims/table_rows.py, query_table.py).
"""

from __future__ import annotations

import regex

_FORMULA = regex.compile(r"[\s\p{Cf}'\"’＇“”]*[=+\-@＝＋－＠﹦﹢﹣﹫−\t\r\n]")


def neutralise(cell: str) -> str:
    """The cell with one apostrophe in front where it could be a formula.

    That is where it begins, after space, quotation marks or apostrophes, with = + - @ (also full width), a tab or a line end.
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restore(cell: str) -> str:
    """The cell as it was before `neutralise`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell[1:]) else cell
