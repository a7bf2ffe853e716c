"""Pages without text, read by the tesseract that is installed on this machine. The only door to it.

What lives here: finding tesseract and its languages, one page at a time under a clock, and the pages that were read, kept so
that a kill loses one page at most. What does not: making the pictures (the reading process does, which may start no program),
or what is said of a page (scans.py). Tesseract is given grey pixels of our own making and never a file from outside.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

from pydantic import ValidationError

from workbench.errors import FileFailure
from workbench.folders import write_whole
from workbench.progress import Progress, no_progress
from workbench.reading.scans import OcrPage, OcrResult, counted, page_of
from workbench.reading.text import clean
from workbench.settings import EvidenceSettings

SURE = 80  # percent: below it a page is looked at once more, blurred, and the surer reading is taken
BLUR = 1.2  # pixels of 300 dpi: pages of Burmese went from 26 to 74 wrong letters in a hundred to 2; English stayed at none
REVISION = 1  # of how pages are read; raise it when a page would be read otherwise than before
MEMORY_MB = 2_000  # address space of tesseract: 20 million grey pixels took 500 MB
SECONDS_TO_ASK = 20.0  # for its version and its languages, on a cold disk
IN_A_ROW = 3  # pages that fail one after the other; then the rest of the file is not tried

# ISO 639-1, which files and people state, to the names of tesseract's data (ISO 639-2, mostly).
_DATA_NAMES = """
af:afr am:amh ar:ara az:aze be:bel bg:bul bn:ben bo:bod br:bre bs:bos ca:cat cs:ces cy:cym da:dan de:deu dv:div dz:dzo
el:ell en:eng eo:epo es:spa et:est eu:eus fa:fas fi:fin fo:fao fr:fra fy:fry ga:gle gd:gla gl:glg gu:guj he:heb hi:hin
hr:hrv ht:hat hu:hun hy:hye id:ind is:isl it:ita ja:jpn jv:jav ka:kat kk:kaz km:khm kn:kan ko:kor ku:kmr ky:kir la:lat
lb:ltz lo:lao lt:lit lv:lav mi:mri mk:mkd ml:mal mn:mon mr:mar ms:msa mt:mlt my:mya ne:nep nl:nld no:nor nb:nor oc:oci
or:ori pa:pan pl:pol ps:pus pt:por qu:que ro:ron ru:rus sa:san sd:snd si:sin sk:slk sl:slv sq:sqi sr:srp su:sun sv:swe
sw:swa ta:tam te:tel tg:tgk th:tha ti:tir tl:fil to:ton tr:tur tt:tat ug:uig uk:ukr ur:urd uz:uzb vi:vie yi:yid yo:yor
zh:chi_sim
"""
_DATA_OF = dict(pair.split(":") for pair in _DATA_NAMES.split())


# A page from 1, and by how many pixels to blur it: gives a PGM file, empty where nothing is on it. May raise FileFailure.
Picture = Callable[[int, float], bytes]


class Tesseract(NamedTuple):
    """The installed program: where it is, its version (`5.3.0`) and the names of the languages whose data is there."""

    path: str
    version: str
    languages: tuple[str, ...]


class _NotRead(Exception):
    """A page was not read; the message says why."""


def installed() -> Tesseract | None:
    """The tesseract on the PATH; None where there is none, or it does not answer."""
    path = shutil.which("tesseract")
    if path is None:
        return None
    version = re.search(r"^tesseract v?(\d[\w.\-]*)", _told(path, "--version"), re.MULTILINE)
    lines = _told(path, "--list-langs").splitlines()[1:]
    if version is None:
        return None
    return Tesseract(path, version[1], tuple(line for line in map(str.strip, lines) if line and line != "osd"))


def data_name(language: str) -> str:
    """What tesseract calls the data of a language: `mya` for my, my-MM and mya."""
    return _DATA_OF.get(re.split("[-_]", language.casefold())[0], language)


class Ocr:
    """Reads the pages of one file after the other. kept: the folder of pages read before; None keeps none.

    progress is told of every page, over all files.
    """

    def __init__(self, settings: EvidenceSettings, kept: Path | None = None, progress: Progress = no_progress) -> None:
        self._settings = settings
        self._kept = kept
        self._progress = progress
        self._done = self._total = 0

    @cached_property
    def _tesseract(self) -> Tesseract | None:
        return installed()

    def can_help(self, source_id: str) -> bool:
        """Whether these bytes could be read now, as far as can be told unread: tesseract is here and never looked at them."""
        return self._tesseract is not None and not (self._kept is not None and (self._kept / source_id).is_dir())

    def read(self, source_id: str, pages: Sequence[int], *, shown: str, language: str | None, picture: Picture) -> OcrResult:
        """What OCR makes of pages (numbers from 1) of the file with that sha256.

        language: what the file is said to be in, which comes before the settings. Raises: FileFailure no_text_layer,
        ocr_language_missing; the first of `picture` where no page was read.
        """
        tesseract, languages = self._chosen(shown, language, len(pages))
        engine = f"tesseract {tesseract.version}, {'+'.join(languages)}"
        read: dict[int, OcrPage] = {}
        unread: dict[int, str] = {}
        first: FileFailure | None = None
        failed = 0
        self._total += len(pages)
        for page in pages:
            self._progress("OCR of pages", self._done, self._total)
            self._done += 1
            if failed == IN_A_ROW:
                unread[page] = f"not tried after {IN_A_ROW} failures in a row"
                continue
            file = self._file_of(source_id, page, tesseract, languages)
            try:
                found = _kept_page(file) or self._recognised(partial(picture, page), tesseract, languages, file)
            except (_NotRead, FileFailure) as reason:
                first = first or (reason if isinstance(reason, FileFailure) else None)
                unread[page] = str(reason).removeprefix(f"{shown}: ").rstrip(".")
                failed += 1
                continue
            read[page], failed = found.model_copy(update={"words": ()}), 0
        self._progress("OCR of pages", self._done, self._total)
        if first is not None and not read:
            raise first
        return OcrResult(engine=engine, pages=read, unread=unread)

    def _chosen(self, shown: str, language: str | None, pages: int) -> tuple[Tesseract, tuple[str, ...]]:
        """The program and the languages to read a file with. Raises: FileFailure where one of them is not there."""
        is_known = language is not None and data_name(language) in _DATA_OF.values()
        named = (language,) if language and is_known else self._settings.ocr_languages
        languages = tuple(dict.fromkeys(map(data_name, named)))
        if self._tesseract is None:
            raise FileFailure(
                f"{shown}: {counted(pages)} without a text layer (a scan or a picture); OCR is needed to read it.",
                hint=f"Install tesseract ({_packages(languages, program=True)}), then run: workbench evidence sync.",
                code="no_text_layer",
            )
        missing = [one for one in languages if one not in self._tesseract.languages]
        if missing:
            raise FileFailure(
                f"{shown}: OCR in {', '.join(missing)} is asked for, and tesseract has no data for it.",
                hint=f"Install the data ({_packages(missing)}), then run: workbench evidence sync. Or name other ocr_languages "
                f"under [evidence] in workbench.toml; here are: {', '.join(self._tesseract.languages)}.",
                code="ocr_language_missing",
            )
        return self._tesseract, languages

    def _recognised(
        self, picture: Callable[[float], bytes], tesseract: Tesseract, languages: Sequence[str], file: Path | None
    ) -> OcrPage:
        """A page as tesseract reads it, kept in the file. Raises: _NotRead, FileFailure."""
        seconds, began = self._settings.ocr_seconds_per_page, time.monotonic()
        grey = picture(0.0)
        found = _read_by(tesseract, grey, languages, seconds) if grey else OcrPage()
        if grey and (found.confidence or 0) < SURE:
            with suppress(_NotRead):  # the first reading stands then
                again = _read_by(tesseract, picture(BLUR), languages, max(0.0, began + seconds - time.monotonic()))
                found = max(found, again, key=lambda page: page.confidence or 0)
        if file is not None:
            with suppress(OSError):  # a page that cannot be kept is read again after a kill, no more
                file.parent.mkdir(parents=True, exist_ok=True)
                write_whole(file, found.model_dump_json().encode())
        return found

    def _file_of(self, source_id: str, page: int, tesseract: Tesseract, languages: Sequence[str]) -> Path | None:
        name = f"{page}.{'+'.join(languages)}.{tesseract.version}.{REVISION}.json"
        return self._kept / source_id / name if self._kept is not None else None


def page_as_read(kept: Path, source_id: str, page: int, text: str) -> OcrPage | None:
    """A page that was read before and gave this text, with the boxes of its words; None where none is kept."""
    for file in sorted((kept / source_id).glob(f"{page}.*.json")):
        found = _kept_page(file)
        if found is not None and found.text == text:
            return found
    return None


def _kept_page(file: Path | None) -> OcrPage | None:
    try:
        return OcrPage.model_validate_json(file.read_bytes()) if file is not None else None
    except (OSError, ValidationError):
        return None


def _read_by(tesseract: Tesseract, picture: bytes, languages: Sequence[str], seconds: float) -> OcrPage:
    """A picture as tesseract reads it: its words and their boxes. Raises: _NotRead."""
    with tempfile.TemporaryDirectory(prefix="workbench-ocr-") as folder:
        base = Path(folder, "page")
        command = [tesseract.path, "stdin", str(base), "-l", "+".join(languages), "-c", "page_separator=", "txt", "tsv"]
        with subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env={**os.environ, "OMP_THREAD_LIMIT": "1", "LC_ALL": "C"},  # its four threads cost more than they save
            start_new_session=True,
        ) as process:
            try:
                _bound(process.pid, seconds)
                said = process.communicate(picture, timeout=seconds)[1]
            except subprocess.TimeoutExpired as error:
                process.kill()
                raise _NotRead(f"longer than {seconds:g} s") from error
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            last = said.decode(errors="replace").strip().splitlines()[-1:]
            raise _NotRead(f"tesseract ended with {process.returncode}{': ' if last else ''}{''.join(last)[:200]}")
        try:
            text, tsv = (base.with_suffix(suffix).read_bytes().decode(errors="replace") for suffix in (".txt", ".tsv"))
            return page_of(clean(text)[0].strip(), clean(tsv)[0])
        except (OSError, ValueError, IndexError) as error:
            raise _NotRead("tesseract gave no answer that can be read") from error


def _bound(process_id: int, seconds: float) -> None:
    """Limit what a process may take, also where nobody is left to stop it. On Linux; elsewhere the clock alone does."""
    if hasattr(resource, "prlimit"):
        with suppress(ProcessLookupError, ValueError):
            limits = ((resource.RLIMIT_AS, MEMORY_MB * 1_000_000), (resource.RLIMIT_CPU, round(seconds) + 1))
            for limit, most in limits:
                resource.prlimit(process_id, limit, (most, most))


def _told(path: str, question: str) -> str:
    """What tesseract says of itself, on whichever channel; nothing where it does not answer."""
    try:
        asked = subprocess.run([path, question], capture_output=True, timeout=SECONDS_TO_ASK, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (asked.stdout or asked.stderr).decode(errors="replace")


def _packages(languages: Sequence[str], *, program: bool = False) -> str:
    """How to install the data of languages, and the program too, where people mostly work."""
    names = ["tesseract-ocr"] * program + [f"tesseract-ocr-{one.replace('_', '-')}" for one in languages]
    brew = "tesseract " * program + "tesseract-lang"
    return f"Debian and Ubuntu: apt-get install {' '.join(names)}; macOS: brew install {brew}"
