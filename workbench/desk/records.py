"""The ledger of a workspace, wherever its settings say it lies: opened, and copied to another place.

What lives here: which address, who may save, whether a ledger may be begun. What does not: databases (ledger/).
"""

from __future__ import annotations

from pathlib import Path

from workbench.errors import UsageError
from workbench.ledger import Ledger
from workbench.models import Record
from workbench.people import admission
from workbench.settings import Settings, Workspace, keeps_files, ledger_address


class CopiedLedger(Record):
    """What `copy_records` did. source, target: where it was and is, without passwords. head: hash of the newest event."""

    source: str
    target: str
    events: int
    head: str
    drafts: int


def open_ledger(workspace: Workspace, settings: Settings) -> Ledger:
    """The ledger of a workspace, begun where nothing was kept yet.

    Raises: LedgerError, for a server that cannot be reached too; LedgerDamaged where it is none of ours.
    """
    on_server = bool(settings.records.url.get_secret_value())
    return Ledger.open(
        ledger_address(workspace, settings),
        admission=admission if settings.mode == "team" else None,
        begin=not (on_server and keeps_files(workspace)),  # beside originals a new one would hide that the address is wrong
    )


def copy_records(source: str, target: str) -> CopiedLedger:
    """Have the ledger at one place stand at another too, where none is yet: a file, or the address of a server.

    Nobody can save meanwhile. Raises: UsageError where they are one; LedgerDamaged for a ledger that is not whole; LedgerError.
    Then nothing was made.
    """
    from workbench.ledger.moving import copy_ledger  # here: no save needs it

    if _address(source) == _address(target):
        raise UsageError("The ledger is there already.", hint="Name another place with --to.")
    ledger = Ledger.open(_address(source), begin=False)
    try:
        copied = copy_ledger(ledger.database, _address(target))
        return CopiedLedger(
            source=ledger.database.where, target=copied.where, events=copied.events, head=copied.head, drafts=copied.drafts
        )
    finally:
        ledger.close()


def _address(place: str) -> str:
    return place if "://" in place else f"sqlite:///{Path(place).expanduser().absolute()}"
