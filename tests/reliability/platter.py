"""A disk as a power cut leaves it: what was synced is there, and of the rest nothing, or any of it.

A file's bytes are there once the file was synced, a name once its folder was. That is the least POSIX promises: ext4 and others
keep more. What was not synced may have got there all the same: writes in any selection, names in the order of their changes.
"""

from __future__ import annotations

import os
import random
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.reliability.traced import Call

ROOT = 0
_PLAIN = re.compile(r"at2?$")  # renameat2 is rename
PIECE = 512  # bytes that a disk writes whole


@dataclass
class _Naming:
    """Names changed: each of `gone` leaves its folder, then `given` put in. is_kept: a folder of them was synced."""

    gone: tuple[tuple[int, str], ...]
    given: tuple[int, str, int] | None
    is_kept: bool = False

    @property
    def folders(self) -> set[int]:
        return {folder for folder, _ in self.gone} | ({self.given[0]} if self.given else set())


@dataclass
class _Opened:
    """An open file. at: where the next write goes."""

    node: int
    at: int = 0
    appends: bool = False


@dataclass
class _Bytes:
    """What a file holds on the disk, and the (offset, bytes) or new size of each change since it was synced."""

    kept: bytearray = field(default_factory=bytearray)
    since: list[tuple[int, bytes] | int] = field(default_factory=list)


class Platter:
    """A folder, followed through the calls of a process; `image` is what a power cut now would leave of it."""

    def __init__(self, folder: Path, *, before: Path) -> None:
        """folder: what is watched. before: a copy of it as it was when that began, all of it synced."""
        self._at = os.fsencode(folder.absolute()) + b"/"
        self._next, self._touched = ROOT, 0
        self._files: dict[int, _Bytes] = {}
        self._base: dict[int, dict[str, int]] = defaultdict(dict)
        self._now: dict[int, dict[str, int]] = defaultdict(dict)
        self._namings: list[_Naming] = []
        self._open: dict[int, _Opened] = {}
        self._take(ROOT, before)
        for one, names in self._base.items():
            self._now[one] = dict(names)

    def _take(self, node: int, folder: Path) -> None:
        self._base[node] = {}
        for path in folder.iterdir():
            self._next += 1
            mine = self._base[node][path.name] = self._next
            if path.is_dir():
                self._take(mine, path)
            else:
                self._files[mine] = _Bytes(bytearray(path.read_bytes()))

    # --- what the process did ---

    def follow(self, call: Call) -> bool:
        """Take one call into account; whether it changed or synced something here."""
        before = self._touched
        act = getattr(self, f"_do_{_PLAIN.sub('', call.name)}", None)
        if act is not None:
            act(call)
        return self._touched > before

    def _place(self, folder: str, path: bytes) -> tuple[int, str] | None:
        """(folder, name) of a path; None for what lies elsewhere. folder: the descriptor it is relative to."""
        if path.startswith(b"/"):
            if not (path + b"/").startswith(self._at):
                return None
            node, path = ROOT, path[len(self._at) :]
        elif folder.isdigit() and int(folder) in self._open:
            node = self._open[int(folder)].node
        else:
            return None
        parts = [os.fsdecode(part) for part in path.split(b"/") if part not in (b"", b".")]
        for part in parts[:-1]:
            node = self._now[node][part]
        return node, parts[-1] if parts else ""

    def _places(self, call: Call) -> list[tuple[int, str] | None]:
        """The places of the paths a call was given, each beside the descriptor it stands after."""
        folders = (
            [part for part in call.rest if part.isdigit() or part == "AT_FDCWD"] if call.name.endswith(("at", "at2")) else []
        )
        return [self._place(folders[place] if place < len(folders) else "", word) for place, word in enumerate(call.words)]

    def _name(self, gone: tuple[tuple[int, str], ...], given: tuple[int, str, int] | None) -> None:
        for folder, name in gone:
            self._now[folder].pop(name, None)
        if given is not None:
            self._now[given[0]][given[1]] = given[2]
        self._namings.append(_Naming(gone, given))
        self._touched += 1

    def _change(self, node: int, change: tuple[int, bytes] | int) -> None:
        self._files[node].since.append(change)
        self._touched += 1

    def _new(self) -> int:
        self._next += 1
        return self._next

    def _do_open(self, call: Call) -> None:
        self._open.pop(call.result, None)
        (place,) = self._places(call)
        if place is None:
            return
        folder, name = place
        flags = next(part for part in call.rest if part.startswith("O_"))
        node = self._now[folder].get(name) if name else ROOT
        if node is None:
            node = self._new()
            self._files[node] = _Bytes()
            self._name((), (folder, name, node))
        elif "O_TRUNC" in flags:
            self._change(node, 0)
        self._open[call.result] = _Opened(node, appends="O_APPEND" in flags)

    def _do_close(self, call: Call) -> None:
        self._open.pop(int(call.rest[0]), None)

    def _do_dup(self, call: Call) -> None:
        self._open.pop(call.result, None)
        if (whole := self._open.get(int(call.rest[0]))) is not None:
            self._open[call.result] = whole

    _do_dup2 = _do_dup3 = _do_dup

    def _do_fcntl(self, call: Call) -> None:
        if call.rest[1].startswith("F_DUPFD"):
            self._do_dup(call)

    def _do_lseek(self, call: Call) -> None:
        if (opened := self._open.get(int(call.rest[0]))) is not None:
            opened.at = call.result

    def _do_write(self, call: Call) -> None:
        opened = self._open.get(int(call.rest[0]))
        if opened is None or opened.node not in self._files:
            return
        data = b"".join(call.words)[: call.result]
        at = self._size(opened.node) if opened.appends else opened.at
        self._change(opened.node, (at, data))
        opened.at = at + len(data)

    _do_writev = _do_write

    def _do_pwrite64(self, call: Call) -> None:
        if (opened := self._open.get(int(call.rest[0]))) is not None:
            self._change(opened.node, (int(call.rest[-1]), call.words[0][: call.result]))

    def _do_ftruncate(self, call: Call) -> None:
        if (opened := self._open.get(int(call.rest[0]))) is not None:
            self._change(opened.node, int(call.rest[1]))

    def _do_fallocate(self, call: Call) -> None:
        if (opened := self._open.get(int(call.rest[0]))) is not None:
            size = int(call.rest[2]) + int(call.rest[3])
            if size > self._size(opened.node):
                self._change(opened.node, size)

    def _do_sendfile(self, call: Call) -> None:
        target, source = (self._open.get(int(part)) for part in call.rest[:2])
        if target is None:
            return
        if source is None:
            raise NotImplementedError("a copy of a file from outside the folder by the kernel")
        whole = self._whole(source.node)
        self._change(target.node, (target.at, whole[source.at : source.at + call.result]))
        target.at, source.at = target.at + call.result, source.at + call.result

    def _do_copy_file_range(self, call: Call) -> None:
        source, target = call.rest[0], call.rest[2]
        self._do_sendfile(call._replace(rest=(target, source)))

    def _do_fsync(self, call: Call) -> None:
        opened = self._open.get(int(call.rest[0]))
        if opened is None:
            return
        self._touched += 1
        if opened.node in self._files:
            held = self._files[opened.node]
            held.kept, held.since = bytearray(self._whole(opened.node)), []
            return
        for naming in self._namings:
            naming.is_kept = naming.is_kept or opened.node in naming.folders

    _do_fdatasync = _do_fsync

    def _do_rename(self, call: Call) -> None:
        old, new = self._places(call)
        if old is not None and new is not None:
            self._name((old,), (*new, self._now[old[0]][old[1]]))

    def _do_link(self, call: Call) -> None:
        old, new = self._places(call)
        if old is not None and new is not None:
            self._name((), (*new, self._now[old[0]][old[1]]))

    def _do_unlink(self, call: Call) -> None:
        (place,) = self._places(call)
        if place is not None:
            self._name((place,), None)

    _do_rmdir = _do_unlink

    def _do_mkdir(self, call: Call) -> None:
        (place,) = self._places(call)
        if place is not None:
            self._name((), (*place, self._new()))

    # --- what is left ---

    def _size(self, node: int) -> int:
        return len(self._whole(node))

    def _whole(self, node: int) -> bytes:
        held = self._files[node]
        return _after(held.kept, held.since)

    def unsynced(self, path: str) -> int:
        """How many changes of the file at this path, and of names in its folder, would be lost now."""
        *folders, name = path.split("/")
        node = ROOT
        for folder in folders:
            node = self._now[node][folder]
        names = sum(not naming.is_kept for naming in self._namings if node in naming.folders)
        return names + len(self._files[self._now[node][name]].since)

    def image(self, folder: Path, luck: random.Random | None = None) -> None:
        """Write what a power cut now leaves into `folder`. luck: what else reached the disk; None: nothing did."""
        reached = -1 if luck is None else luck.randrange(len(self._namings) + 1)
        names = {node: dict(held) for node, held in self._base.items()}
        for place, naming in enumerate(self._namings):
            if naming.is_kept or place < reached:
                for folder_of, name in naming.gone:
                    names.setdefault(folder_of, {}).pop(name, None)
                if naming.given is not None:
                    names.setdefault(naming.given[0], {})[naming.given[1]] = naming.given[2]
        self._write(folder, ROOT, names, luck)

    def _write(self, folder: Path, node: int, names: dict[int, dict[str, int]], luck: random.Random | None) -> None:
        folder.mkdir(exist_ok=True)
        for name, one in names.get(node, {}).items():
            if one in self._files:
                held = self._files[one]
                (folder / name).write_bytes(_after(held.kept, [] if luck is None else _some(held.since, luck)))
            else:
                self._write(folder / name, one, names, luck)


def _some(changes: list[tuple[int, bytes] | int], luck: random.Random) -> list[tuple[int, bytes] | int]:
    """Those that reached the disk, in pieces as a disk writes them: any selection."""
    pieces: list[tuple[int, bytes] | int] = []
    for change in changes:
        if isinstance(change, int):
            pieces.append(change)
        else:
            at, data = change
            pieces += [(at + start, data[start : start + PIECE]) for start in range(0, len(data), PIECE)]
    return [piece for piece in pieces if luck.random() < 0.5]


def _after(kept: bytes | bytearray, changes: list[tuple[int, bytes] | int]) -> bytes:
    """The bytes after these changes."""
    whole = bytearray(kept)
    for change in changes:
        if isinstance(change, int):
            whole[change:] = b"\0" * max(0, change - len(whole))
            continue
        at, data = change
        whole.extend(b"\0" * max(0, at - len(whole)))
        whole[at : at + len(data)] = data
    return bytes(whole)
