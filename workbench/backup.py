"""Backups: everything of a workspace that cannot be made again, in one folder that proves it is whole, and the way back.

What lives here: what is kept, the manifest, checking and restoring. What does not: copying a ledger in use (ledger/copies.py)
and files (copying.py), and what makes records whole (care.py). A backup is laid out as the workspace is, with `manifest.json`
beside: every other file with its sha256, and the newest record of the ledger; `manifest.sha256` covers the manifest. Neither a
backup nor a restored workspace is ever seen half-made: it is filled beside its place, checked, named (RELIABILITY.md rule 15).

A backup holds everything, confidential sources too: it is to be kept as the workspace itself is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from workbench import log
from workbench.care import verify
from workbench.copying import Found, Odd, copy_hashed, files_below, hash_of, new_folder, room_for
from workbench.desk import Desk
from workbench.errors import FileFailure, WorkspaceError
from workbench.folders import shown_path, write_whole
from workbench.models import Record, Sha256, sha256_hex
from workbench.progress import Progress, no_progress
from workbench.settings import CONFIG_NAME, RecordsSettings, Settings, Workspace, prepare
from workbench.version import VERSION

MANIFEST, SEAL = "manifest.json", "manifest.sha256"
LEDGER = "records/ledger.sqlite"
FOLDERS = ("claims", "evidence", "records/originals", "records/texts")
LAST = "last-backup.json"  # in .workbench/: for doctor


class Kept(Record):
    """A file of a backup. path: below the backup, with `/`. size: in bytes."""

    path: str
    size: int
    sha256: Sha256


class LeftOut(Record):
    """A file of the workspace that is not in the backup, and why."""

    path: str
    reason: str


class Manifest(Record):
    """What a backup holds. events, head: number and hash of the newest record of its ledger ("" for none).

    problems: what `verify` found wrong with the records themselves; a backup does not mend them.
    """

    format: Literal[1] = 1
    software: str
    created_at: datetime
    workspace_id: str
    events: int
    head: str
    files: tuple[Kept, ...]
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[str, ...] = ()


class Outcome(Record):
    """What `backup` or `restore` did. path: the new folder. bytes: of all its files."""

    path: str
    created_at: datetime
    events: int
    head: str
    files: int
    bytes: int
    left_out: tuple[LeftOut, ...] = ()
    problems: tuple[str, ...] = ()


def backup(desk: Desk, dest: Path, *, now: datetime, progress: Progress = no_progress) -> Outcome:
    """Copy ledger, originals, cited texts, claims, evidence and workbench.toml into the new folder `dest`.

    The ledger is copied first, as it is at one moment, and what it refers to is never changed or removed: saving and taking in
    files may go on. The copy is then opened as a workspace and verified, and every file read back.
    Raises: WorkspaceError, LedgerError; then no `dest` was made.
    """
    dest = dest.expanduser().absolute()
    _refuse_place(dest, desk.workspace)
    room_for(
        dest.parent,
        sum(one.size for one in _worth_keeping(desk.workspace, desk.settings)[0]) + _size(desk.workspace.ledger),
    )
    with new_folder(dest) as draft:
        (draft / "records").mkdir()
        events, head = desk.ledger.database.copy_to(draft / LEDGER)
        found, odd = _worth_keeping(desk.workspace, desk.settings)
        kept, gone = _copied(found, draft, progress)
        problems = _problems(draft, (events, head))
        if problems and not gone:
            _refuse_new(problems, desk)
        ledger = Kept(path=LEDGER, size=(draft / LEDGER).stat().st_size, sha256=hash_of(draft / LEDGER))
        manifest = Manifest(
            software=f"workbench {VERSION}",
            created_at=now,
            workspace_id=desk.ledger.workspace_id,
            events=events,
            head=head,
            files=(ledger, *kept),
            left_out=tuple(LeftOut(path=one.path, reason=one.reason) for one in odd + gone),
            problems=problems,
        )
        _seal(draft, manifest)
        check(draft)
    outcome = _outcome(dest, manifest)
    _tell("backed up", outcome)
    with suppress(OSError):  # a note for doctor: the backup stands without it
        write_whole(desk.workspace.derived / LAST, outcome.model_dump_json().encode())
    return outcome


def restore(source: Path, into: Path, *, progress: Progress = no_progress) -> Outcome:
    """Make the new workspace `into` from a backup. The backup is only read.

    Every file is checked against the manifest, copied, and the copy hashed, opened and verified before it has its name; an
    older ledger is migrated. What the backup itself knew to be broken is told, and is no reason to refuse.
    Raises: WorkspaceError, LedgerError; then no `into` was made.
    """
    source, into = source.expanduser().absolute(), into.expanduser().absolute()
    manifest = check(source)
    if Path(os.path.realpath(into)).is_relative_to(os.path.realpath(source)):
        raise WorkspaceError(f"{into} lies inside the backup.", hint="Choose a folder outside of it.", code="inside_backup")
    room_for(into.parent, sum(one.size for one in manifest.files))
    with new_folder(into) as draft:
        found = [one for one in files_below(source)[0] if one.path not in (MANIFEST, SEAL)]
        kept, gone = _copied(found, draft, progress)
        if gone or {one.path: one.sha256 for one in kept} != {one.path: one.sha256 for one in manifest.files}:
            raise _damaged(f"{source} changed while it was read.")
        for folder in FOLDERS:
            (draft / folder).mkdir(parents=True, exist_ok=True)
        new = [one for one in _problems(draft, (manifest.events, manifest.head)) if one not in manifest.problems]
        if new:
            hint = f"Nothing was restored; {source} is as it was. Try the backup before it."
            raise WorkspaceError(f"The restored records are not whole: {new[0]}", hint=hint, code="restore_unsound")
    outcome = _outcome(into, manifest)
    _tell("restored", outcome)
    return outcome


def check(folder: Path) -> Manifest:
    """The manifest of a backup whose every file is as it was when the backup was made; nothing is opened but to be hashed.

    Raises: WorkspaceError naming the first files that were changed, that are missing or that were added.
    """
    manifest = _manifest(folder)
    wanted = {one.path: one for one in manifest.files}
    found, odd = files_below(folder)
    here = {one.path: one for one in found if one.path not in (MANIFEST, SEAL)}
    wrong = [f"{path} is missing" for path in sorted({LEDGER, *wanted} - here.keys())]
    wrong += [f"{path} was added" for path in sorted(here.keys() - wanted.keys())]
    wrong += [f"{one.path} {one.reason}" for one in odd]
    wrong += [
        f"{path} was changed"
        for path in sorted(wanted.keys() & here.keys())
        if here[path].size != wanted[path].size or hash_of(here[path].file) != wanted[path].sha256
    ]
    if wrong:
        told = "; ".join(wrong[:5]) + (f"; and {len(wrong) - 5} more" if len(wrong) > 5 else "")
        raise _damaged(f"The backup {folder} is not whole: {told}.")
    return manifest


def _damaged(message: str) -> WorkspaceError:
    hint = "Nothing was changed. Use another backup, or another copy of this one."
    return WorkspaceError(message, hint=hint, code="backup_damaged")


def _manifest(folder: Path) -> Manifest:
    try:
        text, seal = (folder / MANIFEST).read_bytes(), (folder / SEAL).read_text(encoding="ascii", errors="replace")
    except OSError as error:
        hint = f"A backup is a folder that `workbench backup` made, with {MANIFEST} in it."
        raise WorkspaceError(f"{folder} is no backup: {error.strerror}.", hint=hint, code="no_backup") from error
    if seal.split(" ")[0] != sha256_hex(text):
        raise _damaged(f"{folder / MANIFEST} was changed.")
    try:
        return Manifest.model_validate_json(text)
    except ValueError as error:
        raise WorkspaceError(
            f"{folder / MANIFEST} is of another version of the workbench.",
            hint="Restore it with the version that made it, or a newer one.",
            code="backup_newer",
        ) from error


def _worth_keeping(workspace: Workspace, settings: Settings) -> tuple[list[Found], list[Odd]]:
    """Every file of a workspace that cannot be made again, but the ledger; and what cannot be copied."""
    found: list[Found] = []
    odd: list[Odd] = []
    for name in (CONFIG_NAME, settings.organisation.logo, settings.report.template):
        file = workspace.root / name
        if name and not (file.is_file() and file.resolve().is_relative_to(workspace.root.resolve())):
            odd.append(Odd(name, "is named by workbench.toml and is no file of the workspace"))
        elif name and not any((workspace.root / folder) in file.parents for folder in FOLDERS):
            found.append(Found(name, file, file.stat().st_size))
    for folder in FOLDERS:
        some, more = files_below(workspace.root / folder)
        found += [one._replace(path=f"{folder}/{one.path}") for one in some]
        odd += [one._replace(path=f"{folder}/{one.path}") for one in more]
    return found, odd


def _copied(files: Sequence[Found], draft: Path, progress: Progress) -> tuple[list[Kept], list[Odd]]:
    """The files as they were copied, and those that could not be read."""
    kept: list[Kept] = []
    odd: list[Odd] = []
    for number, one in enumerate(files):
        progress("Copying", number, len(files))
        try:
            size, sha256 = copy_hashed(one.file, draft / one.path)
            kept.append(Kept(path=one.path, size=size, sha256=sha256))
        except FileFailure as failure:
            odd.append(Odd(one.path, failure.message))
    progress("Copying", len(files), len(files))
    return kept, odd


def _problems(draft: Path, head: tuple[int, str]) -> tuple[str, ...]:
    """What `verify` finds wrong in a copy that is opened as a workspace; what opening it made is taken away again."""
    copy = Workspace(draft)
    in_file = RecordsSettings()  # whatever the environment says: it is the copy that is looked at
    prepare(copy, in_file)
    try:
        with Desk(copy, Settings().model_copy(update={"records": in_file})) as desk:
            cut = () if desk.ledger.head() == head else (f"The ledger does not end with record {head[0]}, as it should.",)
            return (*cut, *desk.ledger.database.unsound(), *verify(desk).failures)
    finally:
        shutil.rmtree(copy.derived, ignore_errors=True)


def _refuse_new(problems: Sequence[str], desk: Desk) -> None:
    """What is wrong with a copy must be wrong with the workspace itself: else it is the copy that is broken."""
    known = {*desk.ledger.database.unsound(), *verify(desk).failures}
    new = [one for one in problems if one not in known]
    if new:
        hint = "No backup was made. Check the disk it was to lie on, then try again."
        raise WorkspaceError(f"The copy is not whole: {new[0]}", hint=hint, code="backup_unsound")


def _size(ledger: Path) -> int:
    """Of the ledger's file, in bytes; 0 where it lies on a server."""
    return ledger.stat().st_size if ledger.exists() else 0


def _seal(draft: Path, manifest: Manifest) -> None:
    text = manifest.model_dump_json(indent=1).encode()
    write_whole(draft / MANIFEST, text)
    write_whole(draft / SEAL, f"{sha256_hex(text)}  {MANIFEST}\n".encode())  # as sha256sum -c reads it


def _refuse_place(dest: Path, workspace: Workspace) -> None:
    real = Path(os.path.realpath(dest))
    for folder in (workspace.claims, workspace.evidence, workspace.records, workspace.derived):
        if real.is_relative_to(os.path.realpath(folder)):
            raise WorkspaceError(
                f"{dest} lies in {folder}, which is what is backed up.",
                hint="Choose a folder outside the workspace, best on another disk.",
                code="inside_workspace",
            )


def _tell(what: str, done: Outcome) -> None:
    counts = {"left_out": len(done.left_out), "problems": len(done.problems)}
    log.tell(what, events=done.events, files=done.files, bytes=done.bytes, **counts)


def _outcome(folder: Path, manifest: Manifest) -> Outcome:
    return Outcome(
        path=shown_path(folder),
        files=len(manifest.files),
        bytes=sum(one.size for one in manifest.files),
        **manifest.model_dump(include={"created_at", "events", "head", "left_out", "problems"}),
    )
