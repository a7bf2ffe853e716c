"""What is known of a source and by whose word, as the Document and Evidence pages show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from workbench.languages import named
from workbench.metadata import Said
from workbench.models import MEDIA_WORDS, LibraryEntry, spelled_out
from workbench.near_copies import CopyElsewhere
from workbench.protection import MEANING
from workbench.tongue import N_, _, counted
from workbench.ui import media, session, show, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

NOT_ARCHIVED = N_("no archived copy")  # the badge; what it asks for is said beside the facts
COPIES_SHOWN = 5


def byline(entry: LibraryEntry) -> Safe:
    """Publisher, date and language in one line, with the badges of what is not an original, and of what may change any day."""
    meta = entry.meta
    parts: list[str | Safe] = []
    if entry.describes:
        parts.append(media.badge(entry.describes))
    if meta.access != "public":
        parts.append(tag("span", "badge", words.ACCESS[meta.access], title=_(MEANING[meta.access])))
    if meta.kind == "digest":
        parts.append(tag("span", "badge", words.KIND["digest"]))
    if meta.needs_archiving:
        parts.append(tag("span", "badge", _(NOT_ARCHIVED), title=_("A page of the web that may change any day")))
    facts = [meta.publisher, words.known_date(meta.published_on) or words.no_date(), entry.language]
    parts += [tag("span", "", fact, dir="auto") for fact in facts if fact]
    return tag("p", "where", *parts)


def facts(desk: Desk, entry: LibraryEntry) -> Safe:
    """Everything that is known, as a list of terms, each with whose word it is; what nobody said is left out."""
    rows: list[Safe] = []
    said = {one.field: one for one in desk.metadata.said(entry.source_id)}
    for field, term, value in _said(entry):
        is_said = said[field].by == "person"  # that it is unknown, too
        if value or is_said:
            rows += [tag("dt", "", term), tag("dd", "", value or _("unknown"), *_origin(said[field]), dir="auto")]
    for term, value in _seen(entry):
        if value:
            rows += [tag("dt", "", term), tag("dd", "", value, dir="auto")]
    notes = [tag("p", "quiet", _("Note when reading: {warning}", warning=warning), dir="auto") for warning in entry.warnings]
    if entry.meta.needs_archiving:
        ask = _(
            "No archived copy of this page is named. Save it in a web archive and give the address under Edit: it may change."
        )
        notes.insert(0, tag("p", "asks", ask))
    return tag("div", "", tag("dl", "facts", *rows), *notes)


def _said(entry: LibraryEntry) -> Sequence[tuple[str, str, str | Safe | None]]:
    """(field, term, value) of what somebody may say of it."""
    meta, about = entry.meta, entry.meta.reports_on
    article = about.article if about else ""
    return [
        ("publisher", _("Publisher"), meta.publisher or _("unknown")),
        ("author", _("Author"), meta.author),
        ("published_on", _("Published"), words.known_date(meta.published_on) or _("unknown")),
        ("reports_on", _("Reports on"), about.body if about else None),
        ("reports_on", _("Read in"), tag("a", "", article, href=about.url) if about and about.url else article),
        ("kind", _("Kind"), words.KIND[meta.kind] if meta.kind else None),
        ("language", _("Language"), named(entry.language) if entry.language else None),
        ("url", _("Address"), _link(meta.url)),
        ("archived_url", _("Archived copy"), _link(meta.archived_url)),
        ("retrieved_at", _("Saved"), session.day_and_clock(meta.retrieved_at) if meta.retrieved_at else None),
        ("captured_by", _("Captured by"), meta.captured_by or (_("not said") if meta.url or meta.retrieved_at else None)),
        ("access", _("Access"), f"{words.ACCESS[meta.access]}. {_(MEANING[meta.access])}" if meta.access != "public" else None),
        ("reliability_note", _("Reliability"), str(meta.reliability_note) if meta.reliability_note else None),
    ]


def _seen(entry: LibraryEntry) -> Sequence[tuple[str, str | Safe | None]]:
    """(term, value) of what the workbench saw itself."""
    of = entry.describes
    described = (
        [
            (_("Describes"), f"{_(MEDIA_WORDS[of.kind])} {of.file}"),
            (_("Described by"), f"{of.who}, {words.known_date(of.on) or words.no_date()}"),
            (_("SHA-256 of it"), f"{of.sha256[:16]}…"),
        ]
        if of
        else []
    )
    return [
        *described,
        (_("Found inside"), _to(entry.part_of, _("another file"))),
        (_("New version of"), _to(entry.replaces, _("the file before it"))),
        (_("Reports say"), f"{entry.told_as.words} ({entry.told_as.by})" if entry.told_as else None),
        (_("Erased"), entry.purged.words if entry.purged else None),
        (_("File"), ", ".join(map(spelled_out, entry.paths)) or _("no longer in evidence/; the original is kept")),
        (
            _("Length"),
            _(
                "{characters} characters in {passages}",
                characters=entry.characters,
                passages=counted(entry.passages or 0, "{count} passage", "{count} passages"),
            ),
        ),
        (_("Taken in"), _("{when}, read by {reader}", when=session.day_and_clock(entry.added_at), reader=entry.reader)),
        ("SHA-256", f"{entry.source_id[:16]}…"),
    ]


def _origin(said: Said) -> list[Safe]:
    """Whose word a value is; nothing where nobody said anything."""
    if said.by == "nobody":
        return []
    when = f", {session.day_and_clock(said.at)}" if said.at else ""
    whose = f"{said.who}{when}" if said.by == "person" else said.origin
    return [tag("span", "whose", whose, dir="auto")]


def near_copies(copies: Sequence[CopyElsewhere]) -> Iterator[Safe]:
    """Where else much of the text stands, and what is changed there; nothing where it stands nowhere else."""
    if copies:
        yield tag("p", "label", _("Much of this text also stands in"))
    for copy in copies[:COPIES_SHOWN]:
        link = tag("a", "", copy.entry.title, href=f"/document?source={copy.entry.source_id[:16]}")
        parts = [tag("p", "", link, f": {copy.words}.", dir="auto")]
        for change in copy.copy_of.changes:
            here = tag("p", "quiet", show.woven(_("Here: {words}"), words=tag("span", "words", change.here)), dir="auto")
            parts += [
                here,
                tag("p", "quiet", show.woven(_("There: {words}"), words=tag("span", "words", change.there)), dir="auto"),
            ]
        yield tag("div", "cited", *parts)
    if len(copies) > COPIES_SHOWN:
        yield tag("p", "quiet", _("And in {count} more.", count=len(copies) - COPIES_SHOWN))


def _to(source_id: str | None, words_for_it: str) -> Safe | None:
    return tag("a", "", words_for_it, href=f"/document?source={source_id[:16]}") if source_id else None


def _link(url: str | None) -> Safe | None:
    return tag("a", "", url, href=url) if url else None
