"""What a workspace and its machine are made of, and what needs care: `doctor`. It looks and tells, and mends nothing.

What lives here: one line per thing that has gone wrong somewhere (RELIABILITY.md rule 16), each with what to do. What does not:
whether the records are whole (care.py), which a line of `examine` asks.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from workbench.backup import LAST, Outcome
from workbench.desk import Desk
from workbench.errors import StaleIndex, WorkbenchError
from workbench.ledger.sqlite import may_use_wal
from workbench.models import Record
from workbench.reading.ocr import installed
from workbench.settings import Workspace

LOW_SPACE = 1_000_000_000  # bytes: below this an index generation of a large workspace may not fit
MOUNTS = Path("/proc/self/mounts")  # Linux alone has it
# File systems where locks or shared memory of SQLite are known to fail: NousResearch/hermes-agent#110848 for virtiofs.
SHARED = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "virtiofs", "fuse.sshfs", "fuse.rclone", "davfs", "fuse.gvfsd-fuse"}
)
FLEETING = frozenset({"tmpfs", "ramfs", "overlay"})
ELSEWHERE = "elsewhere"  # the ledger is in no file of SQLite's; what is (the index) can be made again
RESTORE = "Keep the folder as it is, and restore the newest backup: workbench restore BACKUP --into NEW_FOLDER"


class Check(Record):
    """One line of `doctor`."""

    name: str
    value: str
    ok: bool = True
    hint: str = ""


def examine(workspace: Workspace) -> list[Check]:
    """Everything, also of a workspace that does not open. Slow where there is much: every event and stored file is hashed."""
    try:
        with Desk.open(workspace.root) as desk:
            return [*doctor(desk), _chain(desk), _integrity(desk), _altered(desk)]
    except WorkbenchError as error:
        unopened = Check(name="workspace", value=error.message, ok=False, hint=error.hint)
        return [*_machine(workspace), unopened]


def doctor(desk: Desk) -> list[Check]:
    """What can be said at once; `examine` also hashes every event and every stored file, and asks SQLite for its integrity."""
    drafts = desk.ledger.drafts()
    oldest = f", the oldest since {min(one.updated_at for one in drafts):%Y-%m-%d}" if drafts else ""
    evidence = f"{len(desk.library())} sources, {len(desk.failures())} unreadable, {len(desk.waiting())} waiting"
    return [
        *_machine(desk.workspace, journal=desk.ledger.database.journal_mode or ELSEWHERE),
        *(Check(**fact._asdict()) for fact in desk.ledger.database.facts()),
        Check(name="ledger", value=f"{desk.ledger.head()[0]} events"),
        Check(name="drafts", value=f"{len(drafts)}{oldest}"),
        _originals(desk),
        Check(name="evidence", value=evidence),
        _index(desk),
        _backup(desk.workspace),
    ]


def _chain(desk: Desk) -> Check:
    faults = desk.ledger.verify()
    return Check(name="chain", value=faults[0] if faults else "whole", ok=not faults, hint=RESTORE if faults else "")


def _machine(workspace: Workspace, *, journal: str = "") -> Iterator[Check]:
    yield Check(name="python", value=platform.python_version())
    yield _sqlite(sqlite3.sqlite_version_info, journal)
    yield _file_system(workspace.root, MOUNTS)
    free = shutil.disk_usage(workspace.root).free
    low = free < LOW_SPACE
    yield Check(
        name="free space", value=f"{free / 1e9:.1f} GB", ok=not low, hint="Free some space on this disk." if low else ""
    )
    yield _ocr()


def _sqlite(version: tuple[int, ...], journal: str) -> Check:
    """A fault that this workspace is kept from is told and is no failure; one that it runs into is."""
    value = ".".join(map(str, version)) + (f", journal {journal}" if journal in ("wal", "delete") else "")
    if may_use_wal(version) or journal == ELSEWHERE:
        return Check(name="sqlite", value=value)
    if version < (3, 7, 0):
        return Check(name="sqlite", value=value, ok=False, hint="This SQLite is too old: use a newer Python.")
    known = "This SQLite has the WAL-reset fault (mended in 3.51.3, 3.50.7 and 3.44.6)"
    if journal == "wal":
        return Check(name="sqlite", value=value, ok=False, hint=f"{known} and the ledger is in WAL mode: use a newer Python.")
    return Check(name="sqlite", value=value, hint=f"{known}; the ledger keeps a rollback journal, which does not have it.")


def _file_system(root: Path, mounts: Path) -> Check:
    kind = file_system(root, mounts)
    if kind in SHARED:
        hint = "Locks are not safe on a shared file system: keep the workspace on a disk of this machine."
        return Check(name="file system", value=kind, ok=False, hint=hint)
    fleeting = "What lies here may go with the machine or the container: make backups elsewhere." if kind in FLEETING else ""
    return Check(name="file system", value=kind or "not known on this system", hint=fleeting)


def file_system(folder: Path, mounts: Path = MOUNTS) -> str:
    """The type of file system a folder lies on, as Linux calls it; "" where that is not known."""
    try:
        lines = [line.split(" ") for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines()]
    except OSError:
        return ""
    here = folder.resolve()
    holding = [(_unescaped(line[1]), line[2]) for line in lines if len(line) > 2 and here.is_relative_to(_unescaped(line[1]))]
    return max(enumerate(holding), key=lambda item: (len(item[1][0]), item[0]))[1][1] if holding else ""  # the last one covers


def _unescaped(mount: str) -> str:
    for code, sign in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        mount = mount.replace(code, sign)
    return mount


def _originals(desk: Desk) -> Check:
    """Originals the ledger names and that are not there are a failure; those it does not name do no harm."""
    entries = desk.evidence.entries()
    described = {one.describes.sha256 for one in entries.values() if one.describes}
    stored = desk.originals.stored()
    missing = [one for one, entry in entries.items() if not entry.purged and one not in stored]
    unfinished = [one for one, entry in entries.items() if entry.purged and one in stored]
    loose = len(stored - entries.keys() - described)
    value = f"{len(stored)} stored, {len(missing)} missing, {loose} that no record names"
    if unfinished:
        hint = f"Finish it: workbench evidence purge {unfinished[0]} --reason TEXT"
        return Check(name="originals", value=f"{value}; an erasure was broken off", ok=False, hint=hint)
    if missing:
        named = next((one[:12] for one in missing if desk.evidence.is_public(one)), "one of a source that is protected")
        return Check(name="originals", value=f"{value}; first missing: {named}", ok=False, hint=RESTORE)
    left = "Left by an intake that was stopped, or added as a file that could not be read; they do no harm." if loose else ""
    return Check(name="originals", value=value, hint=left)


def _index(desk: Desk) -> Check:
    try:
        found = desk.searcher.open()
        desk.catalog.check()
    except StaleIndex as error:
        return Check(name="index", value=error.message, ok=False, hint=error.hint)
    return Check(name="index", value=found.generation.name if found else "not built yet")


def _backup(workspace: Workspace) -> Check:
    """When this workspace was last backed up, as far as it knows. None is no failure: another program may copy it."""
    try:
        last = Outcome.model_validate_json((workspace.derived / LAST).read_bytes())
    except (OSError, ValueError):
        return Check(name="backup", value="none known of", hint="Make one, best on another disk: workbench backup FOLDER")
    return Check(name="backup", value=f"{last.created_at:%Y-%m-%d %H:%M} UTC, {last.events} events, {last.path}")


def _integrity(desk: Desk) -> Check:
    found = desk.ledger.database.unsound()
    return Check(name="integrity", value=found[0] if found else "sound", ok=not found, hint=RESTORE if found else "")


def _altered(desk: Desk) -> Check:
    found = desk.originals.altered()
    value = f"{len(found)} changed since they were stored, first {found[0][:12]}" if found else "as they were stored"
    return Check(name="stored files", value=value, ok=not found, hint=RESTORE if found else "")


def _ocr() -> Check:
    """Whether scans and pictures can be read. They need not: without tesseract each is a failure that says so."""
    found = installed()
    if found is None:
        hint = "To read scans and pictures, install tesseract (Debian and Ubuntu: apt-get install tesseract-ocr)."
        return Check(name="ocr", value="no tesseract", hint=hint)
    return Check(name="ocr", value=f"tesseract {found.version}: {', '.join(found.languages)}")
