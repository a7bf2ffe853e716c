"""Messages as they are sent and saved (RFC 5322, MIME): the tree of parts, their bytes and names, headers in characters.

What lives here: what e-mails (mail.py) and pages saved as MHTML (mhtml.py) share, within limits. What does not: which part is
the text. Headers are taken as the raw strings they are and decoded here: the standard decode_header takes 25 s for a subject of
1 MB, and drops broken base64 without a word. The only door to the email package.
"""

from __future__ import annotations

import base64
import binascii
import itertools
import operator
import re
from datetime import UTC, datetime
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime
from typing import Any

from workbench.errors import FileFailure
from workbench.reading.text import known_charset

MAX_ENTITIES = 2_000  # parts of all kinds; more is a bomb
MAX_DEPTH = 50  # multiparts in multiparts; mail programs need four
MAX_PARAMETERS = 4_000  # characters of a Content-… header: reading its parameters costs the square of it
MAX_ADDRESS = 600  # characters of a header names are taken from: its comments are read by recursion
MAX_DATE = 200  # characters of a date
CHUNK = 1 << 16
FALLBACK = "cp1252"  # of headers in bytes that state no charset and are no UTF-8: what old mail programs wrote

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,75})\?([qQbB])\?([^?]*)\?=")
_ENCODED_WORDS = re.compile(rf"{_ENCODED_WORD.pattern}(?:\s+{_ENCODED_WORD.pattern})*")
_RAW_BYTES = re.compile("[\udc80-\udcff]")
_LEADING = b"\xef\xbb\xbf\r\n \t"  # what some programs write before the first header


class Entity(Message):
    """A message or one part of it. A message inside is not opened: it stays the bytes it is, a file of its own."""

    @property
    def media_type(self) -> str:
        """`text/plain`, as stated; lowercase."""
        return super().get_content_type()

    def get_content_type(self) -> str:
        """The type the parser acts on: it would open messages that are attached, and their bytes were lost."""
        return "application/octet-stream" if self.media_type.startswith("message/") else self.media_type

    @property
    def children(self) -> list[Entity]:
        """The parts of a multipart; none of anything else."""
        inner = self.get_payload() if self.is_multipart() else []
        return [one for one in inner if isinstance(one, Entity)] if isinstance(inner, list) else []

    @property
    def leaves(self) -> list[Entity]:
        """What it holds at the ends of its tree, in order; itself where it holds nothing."""
        return [one for one in self.walk() if not one.is_multipart()]

    @property
    def charset(self) -> str | None:
        """The charset its type states."""
        return self.parameter("charset")

    @property
    def file_name(self) -> str | None:
        """The name it states for a file of it, decoded (RFC 2231, and RFC 2047 as mail programs do); not to be trusted."""
        found = self.parameter("filename", "content-disposition") or self.parameter("name")
        return self._decoded(found).strip() or None if found else None

    @property
    def is_attached(self) -> bool:
        """Whether it is a file to keep rather than words to read."""
        return self.get_content_disposition() == "attachment" or self.file_name is not None

    def data(self) -> bytes:
        """Its bytes, base64 and quoted-printable undone as far as they are whole."""
        found = self.get_payload(decode=True)
        return found if isinstance(found, bytes) else b""  # only a multipart has none

    def get_content_charset(self, failobj: Any = None) -> Any:
        """None: get_payload would decode by it on some versions, and raise. Ask `charset`."""
        return failobj

    def stated(self, field: str) -> list[str]:
        """Every value of a header, decoded, each on one line."""
        return [self._decoded(str(raw)) for raw in self.get_all(field, [])]

    def first(self, field: str) -> str | None:
        """The first value of a header, decoded; None where it is not stated."""
        return next(iter(self.stated(field)), None)

    def names(self, field: str) -> list[str]:
        """The names people go by in the first header of that kind, without their addresses."""
        raw = str(self.get(field, ""))
        try:
            found = getaddresses([raw]) if len(raw) <= MAX_ADDRESS else []
        except (ValueError, LookupError, RecursionError):
            return []
        return [self._decoded(name) for name, _ in found if name]

    def parameter(self, name: str, header: str = "content-type") -> str | None:
        """A parameter of its Content-Type or another header; None where there is none that can be read."""
        try:
            found = self.get_param(name, None, header)
            return collapse_rfc2231_value(found) if found is not None else None
        except (ValueError, LookupError):
            return None

    def _decoded(self, raw: str) -> str:
        """A header's characters. Line ends become spaces, encoded ones too: no header can pretend to be two."""
        flat = re.sub(r"[\r\n]", "", raw)
        if _RAW_BYTES.search(flat):
            flat = _unstated(flat.encode("utf-8", "surrogateescape"), self.charset)
        return " ".join(_ENCODED_WORDS.sub(_words, flat).splitlines())


class _AsTheyAre(Compat32):
    """Headers as raw strings; those with parameters cut to what can be read in good time."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value[:MAX_PARAMETERS].strip() if name.lower().startswith("content-") else value


_RAW: Any = _AsTheyAre()  # a Policy[Entity], which only the stubs can say


def entity(data: bytes, name: str, *, kind: str) -> Entity:
    """The tree of parts in `data`. kind: what the file is called in messages, `e-mail`.

    Raises: FileFailure too_complex, decompression_limit, malformed_message.
    """
    made = 0

    def one_more(policy: Any = _RAW) -> Entity:
        nonlocal made
        made += 1
        if made > MAX_ENTITIES:
            raise FileFailure(
                f"{name}: this {kind} has more than {MAX_ENTITIES:,} parts.",
                hint="Save the files that matter from the program that made it, and add those.",
                code="decompression_limit",
            )
        return Entity(policy)

    start = len(data) - len(data.lstrip(_LEADING))
    try:
        parser: BytesFeedParser[Entity] = BytesFeedParser(one_more, policy=_RAW)
        for offset in range(start, len(data), CHUNK):
            parser.feed(data[offset : offset + CHUNK])
        root = parser.close()
    except RecursionError as error:
        raise _too_deep(name, kind) from error
    except (ValueError, LookupError) as error:  # what damaged types and boundaries do
        raise FileFailure(
            f"{name}: this {kind} is damaged: its parts cannot be told apart ({type(error).__name__}).",
            hint="Save it again from the program it came from.",
            code="malformed_message",
        ) from error
    level = [root]
    for _ in range(MAX_DEPTH):
        level = [child for one in level for child in one.children]
    if level:
        raise _too_deep(name, kind)
    return root


def defects(root: Entity) -> list[str]:
    """One warning that names what is wrong with a message; none for a good one. Ask when its parts have been decoded."""
    kinds = dict.fromkeys(type(defect).__name__.removesuffix("Defect") for one in root.walk() for defect in one.defects)
    words = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", kind).lower() for kind in kinds]
    return [f"the message is damaged or was made wrongly: {', '.join(words)}"] if words else []


def moment(stated: str | None) -> datetime | None:
    """The moment a Date header states, with its own offset (`-0000` is UTC: RFC 5322); None where it states none."""
    try:
        found = parsedate_to_datetime((stated or "")[:MAX_DATE])
    except (ValueError, TypeError, LookupError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _too_deep(name: str, kind: str) -> FileFailure:
    return FileFailure(
        f"{name}: this {kind} has parts inside parts more than {MAX_DEPTH} deep.",
        hint="No program writes such a file. Save what you see of it as text or PDF, and add that.",
        code="too_complex",
    )


def _words(run: re.Match[str]) -> str:
    """Encoded words side by side, decoded; as they stand where they cannot be (an unknown charset, UTF-7, broken base64).

    Not by decode_header, which costs the square of their number and drops what is no base64 in silence.
    """
    try:
        words = [(word[1].lower(), _undone(word[2], word[3])) for word in _ENCODED_WORD.finditer(run[0])]
        same = itertools.groupby(words, key=operator.itemgetter(0))  # a letter may lie in two words
        return "".join(_characters(b"".join(data for _, data in group), charset) for charset, group in same)
    except (ValueError, LookupError, FileFailure):
        return run[0]


def _undone(encoding: str, text: str) -> bytes:
    """Raises: ValueError where it is no base64."""
    if encoding in "qQ":
        return binascii.a2b_qp(text.encode(), header=True)
    bare = "".join(text.split())
    return base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True)


def _unstated(data: bytes, charset: str | None) -> str:
    """The characters of a header in plain bytes: UTF-8, else as the text is; what cannot be told is U+FFFD, and counted."""
    for one in ("utf-8", charset, FALLBACK):
        try:
            return _characters(data, one)
        except (ValueError, LookupError, FileFailure):
            continue
    return data.decode("utf-8", errors="replace")


def _characters(data: bytes, charset: str | None) -> str:
    """Raises: FileFailure for UTF-7, LookupError where there is no such charset, UnicodeError."""
    encoding = known_charset((charset or "").split("*")[0], "a header")  # RFC 2231 lets a language follow
    if encoding is None:
        raise LookupError(charset)
    return data.decode(encoding)
