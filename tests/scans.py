"""Scans made by code, and a tesseract that says what a test has it say."""

from __future__ import annotations

import io
import os
import shutil
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

LINES = ("The election was free of fraud.", "Observers saw 234 polling stations.")
FOUND = "\n".join(LINES)
HEAD = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext"


def picture(*lines: str, size: tuple[int, int] = (1240, 400)) -> Image.Image:
    """A white page with lines of black print, 100 pixels apart."""
    page = Image.new("L", size, 255)
    draw = ImageDraw.Draw(page)
    for number, line in enumerate(lines):
        draw.text((60, 60 + 100 * number), line, font=ImageFont.load_default(48), fill=0)
    return page


def saved(page: Image.Image, kind: str, *more: Image.Image) -> bytes:
    """A picture as a file; `more` are its other pages."""
    written = io.BytesIO()
    page.save(written, kind, **({"save_all": True, "append_images": more} if more else {}))
    return written.getvalue()


def png_of_size(width: int, height: int) -> bytes:
    """A PNG whose head states that size and whose body is as good as empty."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\x00" * 1_000)), (b"IEND", b""))
    body = b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def tsv(text: str, confidence: float, *, width: int = 1000, height: int = 500) -> str:
    """What tesseract writes of a text of short lines: each word 90 wide and 40 high, 100 apart; each line 50 below the last."""
    rows = [HEAD, f"1\t1\t0\t0\t0\t0\t0\t0\t{width}\t{height}\t-1\t"]
    for line, words in enumerate(text.split("\n")):
        rows += [
            f"5\t1\t1\t1\t{line + 1}\t{at + 1}\t{100 * at}\t{50 * line}\t90\t40\t{confidence}\t{word}"
            for at, word in enumerate(words.split())
        ]
    return "\n".join(rows) + "\n"


class Tesseract:
    """Stands on the PATH in place of the real one. Every page it is given is a line of its log: the languages asked for."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self._folder = folder
        self._patch = patch
        self.log = folder / "log"
        self._elsewhere = os.environ["PATH"]

    def install(self, *languages: str, version: str = "9.9.0") -> None:
        """Put it on the PATH with the data of these languages; it finds nothing until it is told what to say."""
        self._folder.mkdir(exist_ok=True)
        program = self._folder / "tesseract"
        names = "\\n".join(languages)
        program.write_text(
            f"""#!/bin/sh
cd {self._folder}
case "$1" in
  --version) echo "tesseract {version}" ;;
  --list-langs) printf 'List of available languages:\\n{names}\\n' ;;
  *) cat >/dev/null; echo "$4" >>log; . ./manner; cp said.txt "$2.txt"; cp said.tsv "$2.tsv" ;;
esac
""",
            encoding="utf-8",
        )
        program.chmod(0o755)
        self.say("", 0)
        self._patch.setenv("PATH", f"{self._folder}{os.pathsep}{self._elsewhere}")

    def say(self, text: str, confidence: float, *, manner: str = "") -> None:
        """What it finds on every page from now on. manner: a line of shell it runs first."""
        (self._folder / "said.txt").write_text(f"{text}\n", encoding="utf-8")
        (self._folder / "said.tsv").write_text(tsv(text, confidence), encoding="utf-8")
        (self._folder / "manner").write_text(f"{manner}\n", encoding="utf-8")

    def remove(self) -> None:
        """Leave no tesseract on the PATH, this one or another."""
        self._patch.setenv("PATH", str(self._folder / "nothing"))

    @property
    def pages_read(self) -> list[str]:
        """The languages each page was read in, in order."""
        return self.log.read_text(encoding="utf-8").split() if self.log.exists() else []


def needs_tesseract(*languages: str) -> pytest.MarkDecorator:
    """Skips a test where the real program or its data is not installed, and says so."""
    from workbench.reading.ocr import installed

    found = installed() if shutil.which("tesseract") else None
    missing = [one for one in languages if found is None or one not in found.languages]
    return pytest.mark.skipif(bool(missing), reason=f"tesseract with data for {', '.join(missing)} is not installed")
