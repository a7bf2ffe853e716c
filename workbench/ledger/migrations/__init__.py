"""The ledger's schema as numbered steps, taken from Python: no alembic.ini, no command line, also from an installed wheel.

What lives here: the list of revisions, the way to the newest, and (sqlite.py) what is particular to SQLite. What does not:
reading or writing events (ledger.py). A released revision is never edited; a change of schema is a new one. Before the second
revision is released, `upgrade` of a ledger that holds records gets its verified copy first (RELIABILITY.md rule 14).
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

REVISIONS = ("0001",)  # oldest first; known without importing Alembic, so that opening a current ledger stays fast
HEAD = REVISIONS[-1]


def upgrade(connection: Connection) -> None:
    """Bring the schema to HEAD inside the caller's transaction: all steps or, if it is rolled back, none."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))  # ConfigParser reads % itself
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
