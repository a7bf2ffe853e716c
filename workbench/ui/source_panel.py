"""What is known of a source, as the Document and Evidence pages show it."""

from __future__ import annotations

from workbench.languages import named
from workbench.models import MEDIA_WORDS, LibraryEntry, spelled_out
from workbench.ui import media, session, words
from workbench.ui.show import Safe, tag


def byline(entry: LibraryEntry) -> Safe:
    """Publisher, date and language in one line, with the badge of what is not an original."""
    meta = entry.meta
    parts: list[str | Safe] = []
    if entry.describes:
        parts.append(media.badge(entry.describes))
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
    if entry.describes:
        of = entry.describes
        known[:0] = [
            ("Describes", f"{MEDIA_WORDS[of.kind]} {of.file}"),
            ("Described by", f"{of.by}, {words.known_date(of.on) or 'date unknown'}"),
            ("SHA-256 of it", f"{of.sha256[:16]}…"),
        ]
    rows = [part for term, value in known if value for part in (tag("dt", "", term), tag("dd", "", value, dir="auto"))]
    warnings = [tag("p", "quiet", f"Note when reading: {warning}", dir="auto") for warning in entry.warnings]
    return tag("div", "", tag("dl", "facts", *rows), *warnings)


def _to(source_id: str | None, words_for_it: str) -> Safe | None:
    return tag("a", "", words_for_it, href=f"/document?source={source_id[:16]}") if source_id else None


def _link(url: str | None) -> Safe | None:
    return tag("a", "", url, href=url) if url else None
