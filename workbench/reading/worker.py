"""The reading process: `python -m workbench.reading.worker MEMORY_MB SECONDS_PER_FILE`.

What lives here: limits on this process, the loop over requests, and one file -> Source. What does not: the wall clock, which
the parent keeps (workbench.reading), and the formats themselves. It ends when its input ends. Nothing it runs may start a
program or open a connection; whatever libraries print goes to standard error, never between the frames.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import math
import os
import resource
import stat
import struct
import sys
from typing import TYPE_CHECKING, Any

from workbench.errors import FileFailure
from workbench.languages import script_of
from workbench.models import Source, sha256_hex
from workbench.reading.doubts import doubts
from workbench.reading.formats import FORMATS
from workbench.reading.scans import OcrResult
from workbench.reading.text import HIDDEN, Reading

if TYPE_CHECKING:
    from workbench.reading.pdf_page import PageLook
    from workbench.reading.photo import PhotoLook

START_MB = 400  # address space of Python and the largest set of libraries: 194 MB measured, the rest for allocators' arenas
LAST_WORDS = 3  # exit status after an answer that says "last"

_REFUSED_EVENTS = frozenset(
    {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "subprocess.Popen"}
    | {"os.system", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty"}
)
_SIGNATURES = (
    (b"%PDF-", "a PDF", ".pdf"),
    (b"PK\x03\x04", "a zip archive (or an Office document)", ".docx", ".xlsx", ".zip", ".epub"),
    (b"PK\x05\x06", "an empty zip archive", ".zip", ".docx", ".xlsx", ".epub"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document, or an encrypted one", ".docx", ".xlsx"),  # packed.py tells
    (b"\x7fELF", "a program", ""),
    (b"\x89PNG\r\n", "a PNG picture", ".png"),
    (b"\xff\xd8\xff", "a JPEG picture", ".jpg", ".jpeg"),
    (b"GIF8", "a GIF picture", ".gif"),
    (b"II*\x00", "a TIFF picture", ".tif", ".tiff"),
    (b"MM\x00*", "a TIFF picture", ".tif", ".tiff"),
    (b"\x1f\x8b\x08", "a gzip archive", ""),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", ""),
    (b"Rar!\x1a\x07", "a RAR archive", ""),
    (b"SQLite format 3\x00", "a database", ""),
    (b"{\\rtf", "an RTF document", ""),
    (b"OggS", "a sound file", ""),
    (b"ID3", "a sound file", ""),
)
_BLANK = b" \t\r\n\f\v\x00\xef\xbb\xbf\xff\xfe"  # white space and the bytes of byte order marks


def main() -> None:
    """Answer requests until the input ends."""
    memory_mb, seconds = int(sys.argv[1]), float(sys.argv[2])
    requests, answers = os.dup(0), os.dup(1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(2, 1)
    _limit(memory_mb)
    _send(answers, json.dumps({"ready": True}).encode(), b"")
    while (request := _receive(requests)) is not None:
        renew_cpu_limit(seconds)
        answer, *frames = _answer(request, memory_mb)
        _send(answers, json.dumps(answer).encode(), *frames)
        if answer.get("last"):
            sys.exit(LAST_WORDS)


def read_file(
    path: str, name: str, suffix: str, source_id: str, ocr: dict[str, Any] | None = None
) -> tuple[Source | None, Reading]:
    """The Source of the file at `path`, read as `suffix` says, and the Reading it was made of. Raises: FileFailure.

    ocr: an OcrResult of its pages without text. None in place of the Source where the file has nothing else: its `scans` need
    OCR first.
    """
    return source_of(_bytes_of(path, name), name, suffix, source_id, ocr)


def source_of(
    data: bytes, name: str, suffix: str, source_id: str, ocr: dict[str, Any] | None = None
) -> tuple[Source | None, Reading]:
    """As `read_file`, of bytes already here. It sets no limits: whoever calls it outside the reading process trusts them."""
    if not data.strip(_BLANK):
        raise _empty(name)
    _check_signature(data, name, suffix)
    module = importlib.import_module(f"workbench.reading.{FORMATS[suffix].module}")
    reading: Reading = module.read(data, name, OcrResult.model_validate(ocr)) if ocr is not None else module.read(data, name)
    if all(each.isspace() or HIDDEN.match(each) for each in reading.text):
        if reading.scans:
            return None, reading
        raise _empty(name)
    by_ocr = any(place.ocr_confidence is not None for place in reading.places)  # loses marks and ends; that is said already
    source = Source(
        **reading.meta.model_dump(),
        source_id=source_id,
        text=reading.text,
        text_sha256=sha256_hex(reading.text),
        media_type=FORMATS[suffix].media_type,
        script=script_of(reading.text),
        places=reading.places,
        reader=reading.reader,
        reader_version=reading.reader_version,
        warnings=(*reading.warnings, *([] if by_ocr else doubts(reading.text, FORMATS[suffix].media_type))),
        describes=reading.describes,
    )
    return source, reading


def look_at_page(path: str, name: str, suffix: str, page: dict[str, int]) -> tuple[PageLook, bytes]:
    """The look of a page of the file at `path` and its picture. Raises: FileFailure."""
    from workbench.reading.pdf_page import PageRequest

    found: tuple[PageLook, bytes] = _pictures(suffix).look(_bytes_of(path, name), name, PageRequest.model_validate(page))
    return found


def scan_page(path: str, name: str, suffix: str, scan: int, blur: float) -> bytes:
    """A page (from 1) of the file at `path` as a PGM file for OCR; empty where nothing is on it. Raises: FileFailure."""
    picture: bytes = _pictures(suffix).scan(_bytes_of(path, name), name, scan, blur)
    return picture


def _pictures(suffix: str) -> Any:
    """The module that makes pictures of the pages of such a file."""
    return importlib.import_module("workbench.reading.pdf_page" if suffix == ".pdf" else "workbench.reading.image")


def look_at_photo(path: str, name: str) -> tuple[PhotoLook, bytes]:
    """The look of the photo at `path` and a picture of it. Raises: FileFailure."""
    from workbench.reading.photo import look

    return look(_bytes_of(path, name), name)


def _bytes_of(path: str, name: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise FileFailure(
            f"{name}: the file cannot be opened ({error.strerror}).", hint="Check that it is still there.", code="missing_file"
        ) from error
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise FileFailure(f"{name}: not a regular file.", hint="Copy the file itself.", code="not_a_regular_file")
        return file.read()


def _empty(name: str) -> FileFailure:
    return FileFailure(
        f"{name}: the file is empty: it holds nothing that can be seen.", hint="Fetch or save it again.", code="empty_file"
    )


def _check_signature(data: bytes, name: str, suffix: str) -> None:
    """Refuse a file whose first bytes say that it is something else."""
    kind = next(((label, *suffixes) for mark, label, *suffixes in _SIGNATURES if data.startswith(mark)), None)
    if kind is None and data.startswith(b"MZ") and b"\x00" in data[:1024]:  # a text may begin with MZ, but has no NUL so early
        kind = ("a Windows program", "")
    if kind is None or suffix in kind[1:]:
        return
    raise FileFailure(
        f"{name}: the name says {FORMATS[suffix].label}, but the file is {kind[0]}.",
        hint=f"If you trust it, give it its right suffix{f' ({kind[1]})' if kind[1] else ''} or save it in a supported format.",
        code="type_mismatch",
    )


# --- this process --------------------------------------------------------------------------------------------------


def _answer(request: dict[str, Any], memory_mb: int) -> tuple[Any, ...]:
    """The answer, the text's UTF-8 or the picture, and the bytes of each part.

    After anything but a Source or a foreseen failure this process says "last" and ends.
    """
    name = request["name"]
    try:
        if "page" in request:
            found, picture = look_at_page(**request)
            return {"page": found.model_dump()}, picture
        if request.pop("photo", False):
            seen, picture = look_at_photo(**request)
            return {"photo": seen.model_dump(mode="json")}, picture
        if "scan" in request:
            return {"scan": request["scan"]}, scan_page(**request)
        source, reading = read_file(**request)
        if source is None:
            return {"scans": reading.scans}, b""
        told = source.model_dump(mode="json", exclude={"text"})
        answer = {"source": told, "scans": reading.scans, "parts": [part.name for part in reading.parts]}
        return answer, source.text.encode(), *(part.data for part in reading.parts)
    except FileFailure as failure:
        return {"failure": failure.as_json()}, b""
    except MemoryError:
        message, code = f"{name}: reading it needs more than {memory_mb} MB of memory.", "out_of_memory"
        hint = "Split the file, or raise memory_mb under [evidence] in workbench.toml."
    except RecursionError:
        message, code = f"{name}: it is nested too deep to be read.", "too_complex"
        hint = "Save it in another format (for example PDF) and add that."
    except Exception as error:  # the boundary of the process: whatever a parser trips over belongs to this file alone
        message, code = f"{name}: the reader failed on it ({type(error).__name__}: {str(error)[:200]}).", "reader_crashed"
        hint = "The file is probably damaged. Save it again or in another format; if a viewer opens it, please report this."
    return {"failure": {"code": code, "message": message, "hint": hint}, "last": True}, b""


def _limit(memory_mb: int) -> None:
    address_space = (memory_mb + START_MB) * 1_000_000
    _set(resource.RLIMIT_AS, address_space)
    _set(resource.RLIMIT_CORE, 0)
    _set(resource.RLIMIT_FSIZE, 0)  # it writes no file
    _set(resource.RLIMIT_NOFILE, 128)
    sys.addaudithook(_refuse)


def _set(limit: int, value: int) -> None:
    hard = resource.getrlimit(limit)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(limit, (value, hard))


def renew_cpu_limit(seconds: float) -> None:
    """Give the next file its seconds. This holds where the parent is gone and nobody keeps the wall clock any more."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds) + 1)


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event in _REFUSED_EVENTS:
        raise PermissionError(f"a reading process may not do this: {event}")


def _receive(descriptor: int) -> dict[str, Any] | None:
    """The next request; None when the input has ended."""
    head = _exactly(descriptor, 8)
    body = _exactly(descriptor, struct.unpack(">Q", head)[0]) if head else None
    return json.loads(body) if body else None


def _exactly(descriptor: int, count: int) -> bytes | None:
    received = b""
    while len(received) < count:
        chunk = os.read(descriptor, count - len(received))
        if not chunk:
            return None
        received += chunk
    return received


def _send(descriptor: int, *frames: bytes) -> None:
    for frame in frames:
        for part in (struct.pack(">Q", len(frame)), frame):
            left = memoryview(part)
            while left:
                left = left[os.write(descriptor, left) :]


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):  # the parent is gone: nobody to answer
        main()
