"""Old ledgers, and a schema that is not there yet (harness H12 of RELIABILITY.md).

ledgers/0001.sql is a ledger as the workbench wrote it with that schema, as text; each released schema has one. What a later
schema does to a ledger in use is tried with a step that only exists here.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from workbench.ledger import migrations

OLD = Path(__file__).with_name("ledgers")
STEP = '''
"""A step that is only tried: a column, a table, and rows in it made of every record."""

import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("drafts", sa.Column("remark", sa.Text))
    op.create_table("tried", sa.Column("seq", sa.Integer, primary_key=True), sa.Column("hash", sa.Text))
    op.execute("INSERT INTO tried SELECT seq, hash FROM events")
'''


def old_ledger(revision: str, path: Path) -> Path:
    """The ledger of a released schema, at `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((OLD / f"{revision}.sql").read_text(encoding="utf-8"))
    return path


@contextmanager
def a_newer_schema(folder: Path) -> Iterator[str]:
    """Have the workbench know one schema more, in this process; its revision."""
    step = folder / "9999_tried.py"
    if not step.exists():
        folder.mkdir(exist_ok=True)
        step.write_text(STEP.format(before=migrations.HEAD), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "REVISIONS", (*migrations.REVISIONS, "9999"))
        patch.setattr(migrations, "STEPS", (*migrations.STEPS, folder))
        patch.setattr(migrations, "HEAD", "9999")
        yield "9999"


def tried(path: Path) -> tuple[str, int]:
    """(revision, rows the tried step made) of a ledger; -1 where its table is not there."""
    with closing(sqlite3.connect(path)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        has = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'tried'").fetchone()
        return revision, connection.execute("SELECT count(*) FROM tried").fetchone()[0] if has else -1
