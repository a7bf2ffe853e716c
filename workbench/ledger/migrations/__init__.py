"""The ledger's schema as numbered steps, taken from Python: no alembic.ini, no command line, also from an installed wheel.

What lives here: the list of revisions and the way to the newest. What does not: reading or writing events, and the verified
copy that is kept before a ledger file is migrated (file.py). A released revision is never edited: a change of schema is a new
one, and the ledger of the schema before it joins tests/reliability/ledgers.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.errors import LedgerDamaged

if TYPE_CHECKING:
    from sqlalchemy import Connection

REVISIONS = ("0001",)  # oldest first; known without importing Alembic, so that opening a current ledger stays fast
HEAD = REVISIONS[-1]
STEPS = (Path(__file__).parent / "versions",)  # where the scripts of REVISIONS are


def upgrade(connection: Connection) -> None:
    """Bring the schema to HEAD inside the caller's transaction: all steps or, if it is rolled back, none."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _literal(Path(__file__).parent))
    config.set_main_option("version_locations", "\n".join(map(_literal, STEPS)))
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def newer(where: str, revision: str) -> LedgerDamaged:
    """What is raised for a ledger in a schema that is none of REVISIONS."""
    return LedgerDamaged(
        f"{where} has the schema {revision}, which this version of the workbench does not know.",
        hint="Nothing was changed. Install the version of the workbench that wrote it, or a newer one.",
        code="ledger_newer",
    )


def _literal(path: Path) -> str:
    return str(path).replace("%", "%%")  # ConfigParser reads % itself
