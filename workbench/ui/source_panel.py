"""What is known of a source, as the Document and Evidence pages show it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workbench.languages import named
from workbench.models import LibraryEntry, spelled_out
from workbench.near_copies import CopyElsewhere
from workbench.ui import session, words
from workbench.ui.show import Safe, tag

COPIES_SHOWN = 5


def byline(entry: LibraryEntry) -> Safe:
    """Publisher, date and language in one line, with the badge of what is not an original."""
    meta = entry.meta
    parts: list[str | Safe] = []
    if meta.kind == "digest":
        parts.append(tag("span", "badge", words.KIND["digest"]))
    facts = [meta.publisher, words.known_date(meta.published_on) or "date unknown", entry.language]
    parts += [tag("span", "", fact, dir="auto") for fact in facts if fact]
    return tag("p", "where", *parts)


def _identified(entry: LibraryEntry) -> str | None:
    return f"{named(entry.language_identified)}, as identified by its text" if entry.language_identified else None


def facts(entry: LibraryEntry) -> Safe:
    """Everything that is known, as a list of terms; what nobody said is left out."""
    meta = entry.meta
    known: list[tuple[str, str | Safe | None]] = [
        ("Publisher", meta.publisher),
        ("Author", meta.author),
        ("Published", words.known_date(meta.published_on) or "date unknown"),
        ("Kind", words.KIND[meta.kind] if meta.kind else None),
        ("Language", meta.language or _identified(entry)),
        ("Address", _link(meta.url)),
        ("Archived copy", _link(meta.archived_url)),
        ("Saved", session.day_and_clock(meta.retrieved_at) if meta.retrieved_at else None),
        ("Access", meta.access if meta.access != "public" else None),
        ("Captured by", meta.captured_by),
        ("Note", meta.reliability_note),
        ("Found inside", _to(entry.part_of, "another file")),
        ("New version of", _to(entry.replaces, "the file before it")),
        ("File", ", ".join(map(spelled_out, entry.paths)) or "no longer in evidence/; the original is kept"),
        ("Length", f"{entry.characters:,} characters in {words.counted(entry.passages or 0, 'passage')}"),
        ("Taken in", f"{session.day_and_clock(entry.added_at)}, read by {entry.reader}"),
        ("SHA-256", f"{entry.source_id[:16]}…"),
    ]
    if meta.reports_on:
        article = meta.reports_on.article
        known[3:3] = [
            ("Reports on", meta.reports_on.body),
            ("Read in", tag("a", "", article, href=meta.reports_on.url) if meta.reports_on.url else article),
        ]
    rows = [part for term, value in known if value for part in (tag("dt", "", term), tag("dd", "", value, dir="auto"))]
    warnings = [tag("p", "quiet", f"Note when reading: {warning}", dir="auto") for warning in entry.warnings]
    return tag("div", "", tag("dl", "facts", *rows), *warnings)


def near_copies(copies: Sequence[CopyElsewhere]) -> Iterator[Safe]:
    """Where else much of the text stands, and what is changed there; nothing where it stands nowhere else."""
    if copies:
        yield tag("p", "label", "Much of this text also stands in")
    for copy in copies[:COPIES_SHOWN]:
        link = tag("a", "", copy.entry.title, href=f"/document?source={copy.entry.source_id[:16]}")
        parts = [tag("p", "", link, f": {copy.words}.", dir="auto")]
        for change in copy.copy_of.changes:
            here = tag("p", "quiet", "Here: ", tag("span", "words", change.here), dir="auto")
            parts += [here, tag("p", "quiet", "There: ", tag("span", "words", change.there), dir="auto")]
        yield tag("div", "cited", *parts)
    if len(copies) > COPIES_SHOWN:
        yield tag("p", "quiet", f"And in {len(copies) - COPIES_SHOWN:,} more.")


def _to(source_id: str | None, words_for_it: str) -> Safe | None:
    return tag("a", "", words_for_it, href=f"/document?source={source_id[:16]}") if source_id else None


def _link(url: str | None) -> Safe | None:
    return tag("a", "", url, href=url) if url else None
