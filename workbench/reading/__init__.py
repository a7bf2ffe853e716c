"""Bytes of an evidence file -> Source, in a process of its own that can be killed.

What lives here: the room that owns the reading process: its start, its wall clock, its end; OCR (ocr.py) runs beside it. What
does not: the table of formats (formats.py), any parsing (one module per format), any storing. The process is `python -m
workbench.reading.worker`; both sides speak frames of 8 bytes length (big-endian) and that many bytes: a request is one of
JSON, an answer one of JSON, one of text in UTF-8 or of a picture (out of the JSON: once in memory), one for each inner file.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import stat
import struct
import subprocess
import sys
import threading
import time
import weakref
from pathlib import Path, PurePath
from types import TracebackType
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from workbench.errors import FileFailure
from workbench.models import Source, display_name, sha256_hex
from workbench.progress import Progress, no_progress
from workbench.reading.formats import FORMATS, supported_types
from workbench.reading.media import MEDIA, check_medium, needs_description
from workbench.reading.ocr import Ocr
from workbench.reading.text import Part

if TYPE_CHECKING:
    from workbench.reading.pdf_page import PageLook
    from workbench.reading.photo import PhotoLook
    from workbench.settings import EvidenceSettings  # the reading process needs none: a fifth of its start


FILES_PER_PROCESS = 200  # then a fresh one: what C libraries leak stays bounded
SECONDS_TO_START = 60.0  # a cold disk may need long to give Python and its libraries
SECONDS_TO_END = 2.0  # between closing the process's input and killing it
MAX_FRAME = 256_000_000  # bytes: the 64 million characters a text may have, of four bytes each


class ReadingRoom:
    """Reads evidence files one at a time in a reading process. Threads may share it. Close it, or let it be collected.

    kept_pages: where pages that OCR read are kept, so that none is read twice; None keeps none. progress: told of each of them.
    """

    def __init__(self, limits: EvidenceSettings, *, kept_pages: Path | None = None, progress: Progress = no_progress) -> None:
        self._limits = limits
        self.ocr = Ocr(limits, kept_pages, progress)
        self._lock = threading.Lock()
        self._workers: list[_Worker] = []  # none or one; a list, so that the finalizer need not hold the room
        weakref.finalize(self, _stop_all, self._workers)

    def read(self, path: Path, *, name: str, source_id: str) -> Source:
        """The Source of the bytes at `path`; `read_with_parts` without the parts."""
        return self.read_with_parts(path, name=name, source_id=source_id)[0]

    def read_with_parts(
        self, path: Path, *, name: str, source_id: str, language: str | None = None
    ) -> tuple[Source, tuple[Part, ...]]:
        """The Source of the bytes at `path` and the files inside it. The same bytes give an equal answer.

        name: what the person called the file; its suffix says how to read it. source_id: the sha256 of those bytes, as the
        caller stored them (not computed again here). language: as stated, for OCR. Raises: FileFailure with a stable code.
        """
        shown = display_name(name)
        suffix = PurePath(name).suffix.lower()
        if suffix not in FORMATS and (medium := MEDIA.get(suffix)):
            self._check_file(path, shown, most_mb=self._limits.media_mb)
            check_medium(path, shown, medium)
            raise needs_description(shown, medium)
        if suffix not in FORMATS:
            raise FileFailure(
                f"{shown}: files of the type {suffix or '(no suffix)'!s} cannot be read.",
                hint=f"Supported: {supported_types()}. Save or export it as one of these.",
                code="unsupported_type",
            )
        self._check_file(path, shown)
        request = {"path": os.fspath(path.absolute()), "name": shown, "suffix": suffix}
        answer = self._asked({**request, "source_id": source_id}, shown)
        if answer.get("scans"):
            answer = self._with_ocr(request, source_id, answer, language)
        try:
            source = Source.model_validate(answer["source"])
        except (KeyError, ValidationError) as error:  # a process that a file took over, or one of a newer version
            raise _untrue(shown) from error
        if (source.source_id, source.text_sha256) != (source_id, sha256_hex(source.text)):
            raise _untrue(shown)
        return source, tuple(answer["parts"])

    def _with_ocr(
        self, request: dict[str, Any], source_id: str, answer: dict[str, Any], language: str | None
    ) -> dict[str, Any]:
        """The answer for a file some of whose pages need OCR, with what that gave; without it where there is text to give."""
        shown = request["name"]

        def picture(page: int, blur: float) -> bytes:
            return bytes(self._asked({**request, "scan": page, "blur": blur}, shown)["picture"])

        try:
            found = self.ocr.read(source_id, answer["scans"], shown=shown, language=language, picture=picture)
        except FileFailure as failure:
            if "source" not in answer:
                raise
            told = f"no OCR was tried: {failure.message.removeprefix(f'{shown}: ')} {failure.hint}"
            answer["source"]["warnings"].append(told)
            return answer
        return self._asked({**request, "source_id": source_id, "ocr": found.model_dump(mode="json")}, shown)

    def look(self, path: Path, *, name: str, page: int, start: int, end: int) -> tuple[PageLook, bytes]:
        """A page (from 1) of the PDF or picture at `path` as a PNG, and where the characters [start, end) of its text stand.

        No boxes for what OCR read: the pages it kept tell those. Raises: FileFailure.
        """
        from workbench.reading.pdf_page import PageLook

        shown, wanted = display_name(name), {"page": page, "start": start, "end": end}
        self._check_file(path, shown)
        request = {"path": os.fspath(path.absolute()), "name": shown, "suffix": PurePath(name).suffix.lower()}
        answer = self._asked({**request, "page": wanted}, shown)
        try:
            return PageLook.model_validate(answer["page"]), bytes(answer["picture"])
        except (KeyError, ValidationError) as error:
            raise _untrue(shown) from error

    def look_at_photo(self, path: Path, *, name: str) -> tuple[PhotoLook, bytes]:
        """The photo at `path` as a JPEG fit for a page, and what the file states of it. Raises: FileFailure."""
        from workbench.reading.photo import PhotoLook

        shown = display_name(name)
        self._check_file(path, shown)
        answer = self._asked({"path": os.fspath(path.absolute()), "name": shown, "photo": True}, shown)
        try:
            return PhotoLook.model_validate(answer["photo"]), bytes(answer["picture"])
        except (KeyError, ValidationError) as error:
            raise _untrue(shown) from error

    @property
    def process_id(self) -> int | None:
        """Id of the reading process; None where none is running."""
        return self._workers[0].process.pid if self._workers else None

    def close(self) -> None:
        """End the reading process. A later read starts a new one."""
        with self._lock:
            _stop_all(self._workers)

    def __enter__(self) -> ReadingRoom:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def _check_file(self, path: Path, shown: str, *, most_mb: int | None = None) -> None:
        """Refuse what should not even be opened. most_mb: of its size; None is the limit for what is read whole."""
        limit, key = (self._limits.max_file_mb, "max_file_mb") if most_mb is None else (most_mb, "media_mb")
        try:
            found = path.lstat()
        except OSError as error:
            raise FileFailure(
                f"{shown}: the file cannot be opened ({error.strerror}).",
                hint="Check that it is still there.",
                code="missing_file",
            ) from error
        if not stat.S_ISREG(found.st_mode):
            raise FileFailure(
                f"{shown}: not a regular file (a link, folder, pipe or device).",
                hint="Copy the file itself into the evidence folder.",
                code="not_a_regular_file",
            )
        if found.st_size == 0:
            raise FileFailure(f"{shown}: the file is empty (0 bytes).", hint="Fetch or save it again.", code="empty_file")
        if found.st_size > limit * 1_000_000:
            raise FileFailure(
                f"{shown}: {found.st_size / 1_000_000:,.1f} MB; at most {limit:,} MB are read.",
                hint=f"Split the file, or raise {key} under [evidence] in workbench.toml.",
                code="too_large",
            )

    def _asked(self, request: dict[str, Any], shown: str) -> dict[str, Any]:
        """The reading process's answer. Raises: FileFailure, its own or about it."""
        with self._lock:
            answer = self._answer(request, shown)
        if "failure" in answer:
            failure = answer["failure"]
            raise FileFailure(failure["message"], hint=failure["hint"], code=failure["code"])
        return answer

    def _answer(self, request: dict[str, Any], shown: str) -> dict[str, Any]:
        """The reading process's answer, from a fresh process where the old one is used up, dead or was killed."""
        if self._workers and not self._workers[0].is_usable():
            _stop_all(self._workers)
        if not self._workers:
            self._workers.append(_Worker(self._limits))
        worker = self._workers[0]
        try:
            answer = worker.ask(request, self._limits.seconds_per_file)
        except TimeoutError as error:
            _stop_all(self._workers, patience=0)
            raise self._timeout(shown) from error
        except (EOFError, OSError) as error:
            code = worker.stop(patience=SECONDS_TO_END)
            self._workers.clear()
            if code == -signal.SIGXCPU:
                raise self._timeout(shown) from error
            raise FileFailure(
                f"{shown}: the reading process ended while reading it ({_how_it_ended(code)}).",
                hint="The file is damaged, or needs more than memory_mb under [evidence] in workbench.toml. Try it once more, "
                "or save it in another format.",
                code="reader_crashed",
            ) from error
        if answer.get("last"):
            _stop_all(self._workers)
        return answer

    def _timeout(self, shown: str) -> FileFailure:
        return FileFailure(
            f"{shown}: reading it took longer than {self._limits.seconds_per_file:g} s and was stopped.",
            hint="Split the file, or raise seconds_per_file under [evidence] in workbench.toml.",
            code="timeout",
        )


class _Worker:
    """One reading process and the two pipes to it."""

    def __init__(self, limits: EvidenceSettings) -> None:
        command = [sys.executable, "-P", "-m", "workbench.reading.worker"]
        self.process = subprocess.Popen(
            [*command, str(limits.memory_mb), str(limits.seconds_per_file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
        self.files = 0
        self._is_ready = False

    def is_usable(self) -> bool:
        """Whether it is alive and not yet used up."""
        return self.files < FILES_PER_PROCESS and self.process.poll() is None

    def ask(self, request: dict[str, Any], seconds: float) -> dict[str, Any]:
        """The answer to a request. Raises: TimeoutError, EOFError (the process ended), OSError (the pipe is broken)."""
        if not self._is_ready:
            self._receive(time.monotonic() + SECONDS_TO_START)
            self._is_ready = True
        self.files += 1
        assert self.process.stdin is not None  # noqa: S101  # for the type checker: Popen was given PIPE
        data = json.dumps(request).encode()
        self.process.stdin.write(struct.pack(">Q", len(data)) + data)
        return self._receive(time.monotonic() + seconds)

    def stop(self, *, patience: float) -> int:
        """End the process and everything it started; how it ended (negative: the signal). patience: seconds before the kill."""
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.process.wait(patience)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.wait()

    def _receive(self, deadline: float) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._frame(deadline))
        text = self._frame(deadline)
        if not {"page", "photo", "scan"}.isdisjoint(answer):
            answer["picture"] = text
        if "source" in answer:
            answer["source"]["text"] = text.decode()
            answer["parts"] = [Part(name, bytes(self._frame(deadline))) for name in answer["parts"]]
        return answer

    def _frame(self, deadline: float) -> bytearray:
        (length,) = struct.unpack(">Q", self._bytes(8, deadline))
        if length > MAX_FRAME:
            raise EOFError(f"a frame of {length} bytes")
        return self._bytes(length, deadline)

    def _bytes(self, count: int, deadline: float) -> bytearray:
        assert self.process.stdout is not None  # noqa: S101  # for the type checker: Popen was given PIPE
        descriptor = self.process.stdout.fileno()
        received = bytearray()
        poll = select.poll()  # not select(): that fails for descriptors above 1,023
        poll.register(descriptor, select.POLLIN)
        while len(received) < count:
            left = deadline - time.monotonic()
            if left <= 0 or not poll.poll(left * 1000):
                raise TimeoutError
            chunk = os.read(descriptor, min(count - len(received), 1 << 20))
            if not chunk:
                raise EOFError
            received += chunk
        return received


def _untrue(shown: str) -> FileFailure:
    return FileFailure(
        f"{shown}: the reading process gave an answer that cannot be true.",
        hint="If the workbench was updated while it ran, start it again; else do not trust this file.",
        code="reader_crashed",
    )


def _how_it_ended(code: int) -> str:
    return signal.Signals(-code).name if code < 0 else f"exit code {code}"


def _stop_all(workers: list[_Worker], *, patience: float = SECONDS_TO_END) -> None:
    while workers:
        workers.pop().stop(patience=patience)
