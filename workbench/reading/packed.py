"""Zip archives, and the formats that are zip archives inside, checked before anything in them is parsed.

What lives here: the limits, the order of the checks, and the one sentence for each fault (RELIABILITY.md cases 39 to 43). What
does not: what the entries mean. Nothing is ever extracted to a disk.
"""

from __future__ import annotations

import io
import itertools
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass

from workbench.errors import FileFailure

MAX_ENTRIES = 2_000
MAX_XML = 10_000_000  # bytes of one XML part, unpacked: a thousand printed pages; 40 MB took lxml 29 s and 548 MB
MAX_TOTAL = 100_000_000  # bytes of all entries, unpacked
MAX_RATIO = 100  # unpacked to packed, for entries over a megabyte
_DAMAGE = (  # what zipfile, its unpackers and their reading of sizes and places raise
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, OSError, ValueError, NotImplementedError, RuntimeError),
)
_DRIVE = re.compile(r"[A-Za-z]:")  # elsewhere a colon is one of a time or a title, in files from a Mac
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # LZMA takes whatever memory an entry of 40 bytes names
OLD_OFFICE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class Packed:
    """A format that is a zip archive inside. suffix: without the dot; label: "Word document"; remedy: for a file that is none.

    xml: endings of the entries that are parsed as XML, so that their size counts and no entity is let in.
    has_doctypes: whether they may declare a document type, as every XHTML chapter does.
    max_xml: bytes of one such part, unpacked.
    """

    suffix: str
    label: str
    remedy: str
    xml: tuple[str, ...] = (".xml", ".rels")
    has_doctypes: bool = False
    max_xml: int = MAX_XML

    def open(self, data: bytes, name: str) -> zipfile.ZipFile:
        """The archive, every entry of which was unpacked once, no further than declared, with its checksum.

        Raises: FileFailure not_a_SUFFIX, malformed_SUFFIX, decompression_limit.
        """
        if data.startswith(OLD_OFFICE):
            is_encrypted = "EncryptedPackage".encode("utf-16-le") in data
            raise self.not_one(name, "it is encrypted" if is_encrypted else "it is an old Office file")
        try:
            archive = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGE as error:
            raise self.not_one(name, "it is no zip archive") from error
        entries = archive.infolist()
        self._check_directory(entries, name)
        self._check_entries(archive, entries, name)
        return archive

    def not_one(self, name: str, why: str) -> FileFailure:
        """The file is of another kind."""
        return FileFailure(f"{name}: not a {self.label} ({why}).", hint=self.remedy, code=f"not_a_{self.suffix}")

    def malformed(self, name: str, why: str) -> FileFailure:
        """The file is of this kind, and not whole."""
        return FileFailure(
            f"{name}: this .{self.suffix} is damaged or was tampered with: {why}.",
            hint="Ask for another copy, or save it again from the program it came from.",
            code=f"malformed_{self.suffix}",
        )

    def too_large(self, name: str, why: str) -> FileFailure:
        """The file would be far larger than it looks."""
        return FileFailure(
            f"{name}: this .{self.suffix} unpacks too far: {why}.",
            hint="If you trust it, unpack it or save it as PDF, and add that.",
            code="decompression_limit",
        )

    def _check_directory(self, entries: list[zipfile.ZipInfo], name: str) -> None:
        """What the archive says of its entries: number, names, sizes, places."""
        if len(entries) > MAX_ENTRIES:
            raise self.too_large(name, f"{len(entries):,} entries, at most {MAX_ENTRIES:,}")
        if len({entry.filename.lower() for entry in entries}) < len(entries):
            raise self.malformed(name, "two of its entries have the same name")
        for entry in entries:
            path = entry.filename.replace("\\", "/")
            if path.startswith("/") or ".." in path.split("/") or _DRIVE.match(path):
                raise self.malformed(name, f"an entry is named {entry.filename[:80]!r}")
            if entry.flag_bits & 0x1:
                raise self.not_one(name, "it is encrypted")
            if entry.compress_type not in _PACKINGS:
                raise self.not_one(name, f"{path[:80]} is packed in a way that is not read here (neither stored nor deflated)")
            if self._is_xml(path) and entry.file_size > self.max_xml:
                raise self.too_large(name, f"{path} has {entry.file_size:,} bytes, at most {self.max_xml:,}")
            if entry.file_size > 1_000_000 and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
                raise self.too_large(name, f"{path} unpacks to more than {MAX_RATIO} times its size")
        total = sum(entry.file_size for entry in entries)
        if total > MAX_TOTAL:
            raise self.too_large(name, f"{total:,} bytes in all, at most {MAX_TOTAL:,}")
        inner = sorted(entries, key=lambda entry: entry.header_offset)
        for before, after in itertools.pairwise(inner):
            if before.header_offset + 30 + before.compress_size > after.header_offset:
                raise self.malformed(name, "its entries overlap")

    def _check_entries(self, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str) -> None:
        """Unpack every entry once, no further than declared (zipfile compares size and checksum), and refuse entities."""
        for entry in entries:
            try:
                part = archive.read(entry)
            except _DAMAGE as error:
                raise self.malformed(name, f"{entry.filename[:80]} cannot be unpacked") from error
            if self._is_xml(entry.filename):
                narrow = part.replace(b"\x00", b"")  # UTF-16 and UTF-32 as well
                if b"<!ENTITY" in narrow or (b"<!DOCTYPE" in narrow and not self.has_doctypes):
                    what = "entities" if self.has_doctypes else "a document type"
                    raise self.malformed(name, f"{entry.filename[:80]} declares {what}, which no {self.label} does")

    def _is_xml(self, path: str) -> bool:
        return path.lower().endswith(self.xml)
