"""What a process told the disk, call by call, as strace saw it: the harness for power cuts (power.py) replays it.

Only calls that change a disk or promise that it was changed, and lines said to the parent.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

CALLS = (
    *("openat", "open", "creat", "close", "dup", "dup2", "dup3", "fcntl", "lseek", "write", "pwrite64", "writev"),
    *("ftruncate", "truncate", "fallocate", "fsync", "fdatasync", "sendfile", "copy_file_range"),
    *("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
)
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+)")
_UNFINISHED = re.compile(r"^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|0x[0-9a-f]+)")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


class Call(NamedTuple):
    """A call that succeeded. words: the strings it was given, decoded; numbers: all else, as strace wrote it."""

    name: str
    words: tuple[bytes, ...]
    rest: tuple[str, ...]
    result: int


def program() -> str | None:
    """strace, where it is installed and allowed to watch."""
    command = shutil.which("strace")
    works = command and subprocess.run([command, "-o", "/dev/null", "true"], capture_output=True, check=False).returncode == 0
    return command if works else None


def watched(command: str, arguments: Sequence[str], trace: Path) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, and keep what it asked of the system in `trace`."""
    watching = [command, "-f", "--seccomp-bpf", "-xx", "-s", "100000000", "-e", f"trace={','.join(CALLS)}", "-o", str(trace)]
    return subprocess.run([*watching, *arguments], capture_output=True, text=True, check=False)


def calls(trace: Path) -> Iterator[Call]:
    """The calls that succeeded, in the order in which they ended."""
    begun: dict[str, str] = {}
    with trace.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            if (found := _UNFINISHED.match(line.rstrip("\n"))) is not None:
                begun[found[1]] = found[3]
                continue
            if (found := _RESUMED.match(line)) is not None:
                name, given, result = found[2], begun.pop(found[1], "") + found[3], found[4]
            elif (found := _LINE.match(line)) is not None:
                name, given, result = found[2], found[3], found[4]
            else:
                continue
            if not result.startswith("-"):
                words = tuple(bytes.fromhex(word.replace("\\x", "")) for word in _STRING.findall(given))
                rest = tuple(part.strip() for part in _STRING.sub("", given).split(","))
                yield Call(name, words, rest, int(result, 0))
