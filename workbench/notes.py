"""What a colleague heard or saw, written down as a file of evidence like any other.

What lives here: the layout of such a file, its name, and what is said of it. What does not: taking it in (stock.py). It is
Markdown that reads well without the workbench, in evidence/notes/.
"""

from __future__ import annotations

import unicodedata

import regex

from workbench.models import Note, NoteTerms, PartialDate, Reviewer, SourceMeta
from workbench.tongue import N_

FOLDER = "notes"
HOW = {
    "interview": N_("Interview"),
    "call": N_("Call"),
    "message": N_("Message"),
    "observation": N_("Observation"),
}
TERMS: dict[NoteTerms, str] = {
    "on-the-record": N_("on the record: may be quoted by name"),
    "background": N_("background: may be used, not attributed by name"),
}


def written(note: Note, taken_by: Reviewer) -> str:
    """The file: a head that says who, when, how and on what terms, then the words exactly as they were given."""
    who = f"{note.who}, {note.role}" if note.role else note.who
    head = [
        f"# {title_of(note)}",
        f"{'Seen by' if note.how == 'observation' else 'Who'}: {who}\nWhen: {note.when}\nHow: {HOW[note.how].lower()}\n"
        f"Terms: {TERMS[note.terms]}\nTaken down by: {taken_by.display_name}",
    ]
    return "\n\n".join([*head, note.words.strip()]) + "\n"


def title_of(note: Note) -> str:
    """`Call with Aye Aye Win, 2021-06-23`."""
    joint = "by" if note.how == "observation" else "from" if note.how == "message" else "with"
    when = f", {note.when.value}" if note.when.value else ""
    return f"{HOW[note.how]} {joint} {note.who}{when}"


def meta_of(note: Note, taken_by: Reviewer) -> SourceMeta:
    """What is said of the file: a note, by that person, of that day; not public where it was given as background."""
    return SourceMeta(
        title=title_of(note),
        author=note.who,
        published_on=note.when if note.when.value else PartialDate(),
        captured_by=taken_by.display_name,
        kind="note",
        access="public" if note.terms == "on-the-record" else "internal",
    )


def file_name(note: Note) -> str:
    """`2021-06-23-aye-aye-win-call.md`; letters of every script are kept."""
    plain = unicodedata.normalize("NFKC", note.who).casefold()
    slug = regex.sub(r"[^\w]+", "-", plain).strip("-_")[:60] or "someone"
    return "-".join(filter(None, [note.when.value, slug, note.how])) + ".md"
