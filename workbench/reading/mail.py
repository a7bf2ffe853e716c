"""E-mails: who wrote to whom, when and what, and the attached files as parts.

What lives here: EML -> Reading. Its text is the head (From, To, Cc, Date, Subject, as far as they are stated) and the body as
written, quoted replies and line ends included (format=flowed is not unfolded). The body is plain text where there is any, else
what HTML shows, never both. What does not: opening attachments (each becomes a source of its own, intake.py), checking
signatures, decrypting. Any sender can write any name and date: they are what the e-mail states.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from workbench.errors import FileFailure
from workbench.models import UNKNOWN_DATE, PartialDate, SourceMeta
from workbench.reading.formats import FORMATS
from workbench.reading.html import all_text
from workbench.reading.mime import Entity, defects, entity, moment
from workbench.reading.parts import readable
from workbench.reading.stated import one_line
from workbench.reading.text import Part, Reading, check_length, clean, decode, mark_paragraphs, remarks

REVISION = 1  # of this reader; raise it when the text it gives for some file changes
HEAD = ("From", "To", "Cc", "Date", "Subject")
MARKS = (
    *HEAD,
    "Received",
    "Message-ID",
    "MIME-Version",
    "Return-Path",
    "Delivered-To",
)  # a mail has one; a text with a colon none
MAX_TITLE = 1_000  # characters; a longer subject is in the text only
ARMOUR = "-----BEGIN PGP MESSAGE-----"

_SUFFIX_OF = {found.media_type: suffix for suffix, found in reversed(FORMATS.items())}
_NO_SUFFIX_NEEDED = {"text/plain"}  # stated of tables and programs too: their names say better what they are


def read(data: bytes, name: str) -> Reading:
    """An e-mail. Raises: FileFailure not_an_email, encrypted, no_text, too_complex, decompression_limit, bad_encoding."""
    message = entity(data, name, kind="e-mail")
    if not any(field in message for field in MARKS):
        raise FileFailure(
            f"{name}: not an e-mail (it does not begin with headers such as From, Date or Subject).",
            hint="Save the e-mail as .eml from the mail program; if it is another kind of file, give it its right suffix.",
            code="not_an_email",
        )
    _refuse_what_is_closed(message, name)
    texts, attached = _sorted_out(message) if message.is_multipart() else _of_one_piece(message)
    warnings: list[str] = []
    body = [found for found in (_text_of(one, name, warnings) for one in texts) if found]
    if any(one.startswith(ARMOUR) for one in body):
        raise _closed(name, "encrypted (PGP)")
    if not body:
        warnings.append("the e-mail has no text of its own")
    text, nuls = clean("\n\n".join([*_head(message, warnings), *body]))
    check_length(text, name)
    parts, unread = readable(_files(attached), name, besides=set(_set_into_the_page(attached)))
    warnings += [*unread, *defects(message)]
    places = mark_paragraphs(text, warnings)
    warnings += remarks(text, nuls)
    return Reading(text, places, "mail", f"email + {REVISION}", _metadata(message), tuple(dict.fromkeys(warnings)), parts)


# --- the head ------------------------------------------------------------------------------------------------------


def _head(message: Entity, warnings: list[str]) -> list[str]:
    """The lines a reader can quote, as one block; none where none is stated."""
    lines = [f"{field}: {value}" for field in HEAD for value in message.stated(field)]
    twice = [field for field in HEAD if len(message.stated(field)) > 1]
    if twice:
        warnings.append(f"stated more than once: {', '.join(twice)}; programs differ in which one they show")
    return ["\n".join(lines)] if lines else []


def _metadata(message: Entity) -> SourceMeta:
    """The subject, the sender's name and the day of sending where it was sent; the first where several are stated."""
    subject = one_line(message.first("Subject"))
    sent = moment(message.first("Date"))
    return SourceMeta(
        title=subject if subject and len(subject) <= MAX_TITLE else None,
        author=one_line(", ".join(message.names("From"))),
        published_on=PartialDate(value=sent.date().isoformat(), basis="stated") if sent else UNKNOWN_DATE,
    )


# --- the body ------------------------------------------------------------------------------------------------------


def _sorted_out(part: Entity) -> tuple[list[Entity], list[Entity]]:
    """(the words of a part, the files in it), each in order.

    Of alternatives the first in plain text, else the last (the sender's best); of related parts the root alone has words.
    """
    if not part.children:
        is_words = part.media_type in ("text/plain", "text/html") and not part.is_attached
        return ([part], []) if is_words else ([], [part])
    if part.media_type == "multipart/related":
        root, *others = part.children
        texts, files = _sorted_out(root)
        return texts, files + [leaf for other in others for leaf in other.leaves]
    inside = [_sorted_out(child) for child in part.children]
    files = [one for _, found in inside for one in found]
    if part.media_type == "multipart/alternative":
        said = [texts for texts, _ in inside if any(one.data().strip() for one in texts)]
        plain = [texts for texts in said if all(one.media_type == "text/plain" for one in texts)]
        return next(iter(plain or reversed(said)), []), files
    return [one for texts, _ in inside for one in texts], files


def _of_one_piece(message: Entity) -> tuple[list[Entity], list[Entity]]:
    """As `_sorted_out`: a text is the body whatever it is called; a multipart whose parts were not found, too."""
    is_text = message.media_type.startswith(("text/", "multipart/"))
    return ([message], []) if is_text else ([], [message])


def _text_of(part: Entity, name: str, warnings: list[str]) -> str:
    """A part's text without empty lines around it."""
    if part.media_type == "text/html":
        text, warned = all_text(part.data(), name, charset=part.charset)
    else:
        text, warned = decode(part.data(), name, declared=part.charset)
    warnings += warned
    return text.strip("\r\n")


# --- what is closed ------------------------------------------------------------------------------------------------


def _refuse_what_is_closed(message: Entity, name: str) -> None:
    """Stop what cannot be read without a key: Raises: FileFailure encrypted; no_text for a text sealed in its signature."""
    if any(one.media_type == "multipart/encrypted" for one in message.walk()):
        raise _closed(name, "encrypted")
    if message.media_type in ("application/pkcs7-mime", "application/x-pkcs7-mime"):
        if (message.parameter("smime-type") or "").lower() == "signed-data":
            raise FileFailure(
                f"{name}: the text of this e-mail is packed inside its S/MIME signature, which is not opened here.",
                hint="Open it in the mail program and save its text (as .txt or PDF), and add that.",
                code="no_text",
            )
        raise _closed(name, "encrypted (S/MIME)")


def _closed(name: str, how: str) -> FileFailure:
    return FileFailure(
        f"{name}: this e-mail is {how} and cannot be read.",
        hint="Decrypt it in the mail program, save it decrypted, and add that.",
        code="encrypted",
    )


# --- attachments ---------------------------------------------------------------------------------------------------


def _files(attached: list[Entity]) -> Iterator[Part]:
    return (Part(_file_name(one, number), one.data()) for number, one in enumerate(attached, start=1))


def _set_into_the_page(attached: list[Entity]) -> Iterator[str]:
    """The names of pictures that the words of the e-mail show in their place: logos and signatures, mostly."""
    for number, one in enumerate(attached, start=1):
        if one.media_type.startswith("image/") and "Content-ID" in one and one.get_content_disposition() != "attachment":
            yield _file_name(one, number)


def _file_name(part: Entity, number: int) -> str:
    """Its own name, with the suffix of its type where it has none we read; `attachment 2.png` where it has no name."""
    suffix = _SUFFIX_OF.get(part.media_type)
    stated = part.file_name
    if not stated:
        return f"attachment {number}{suffix or '.' + part.media_type.partition('/')[2]}"
    is_known = PurePosixPath(stated).suffix.lower() in FORMATS
    return stated if is_known or suffix is None or part.media_type in _NO_SUFFIX_NEEDED else stated + suffix
