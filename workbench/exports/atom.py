"""atom: what is published as feeds that people subscribe to (RFC 4287): the verdicts, and what was corrected.

What lives here: one entry a verdict or a change. What does not: which are published (workbench.published).
"""

from __future__ import annotations

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import UTC, datetime

import regex

from workbench.models import PublicChange
from workbench.report import CHANGE_WORDS, ClaimPage, ClaimReport
from workbench.settings import Settings

ATOM = "http://www.w3.org/2005/Atom"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # an empty feed must name a time all the same
_NOT_XML = regex.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")  # XML 1.0, section 2.2


def write_atom(reports: Sequence[ClaimReport], settings: Settings, *, address: str) -> bytes:
    """The feed, in the order of the reports. address: where it is read from, which is its id.

    An entry keeps its id through corrections, and its `updated` is when the verdict that stands was given: a reader that has
    the entry shows it anew. All text is text, never markup.
    """
    times = [_changed(one.page) for one in reports]
    feed = _feed(settings, f"Fact-checks by {settings.organisation.name or settings.name}", address, times)
    for report in reports:
        _entry(feed, report.page)
    return _bytes(feed)


def write_changes(changes: Sequence[tuple[PublicChange, str]], settings: Settings, *, address: str) -> bytes:
    """The feed of corrections, clarifications, updates and retractions, each with the claim's words, in the order given."""
    name = settings.organisation.name or settings.name
    feed = _feed(settings, f"Corrections by {name}", address, [one.at for one, _ in changes])
    for one, claim in changes:
        entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
        _text(entry, "title", f"{CHANGE_WORDS[one.kind]}: {claim}")
        _text(entry, "id", uuid.uuid5(uuid.NAMESPACE_OID, f"{one.hash}#{one.kind}").urn)
        if one.url:
            _link(entry, one.url, rel="alternate")
        _text(entry, "updated", _time(one.at))
        _text(entry, "summary", one.note)
    return _bytes(feed)


def _feed(settings: Settings, title: str, address: str, times: Sequence[datetime]) -> ET.Element:
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _text(feed, "title", title)
    _text(feed, "id", address)
    _link(feed, address, rel="self")
    if settings.organisation.url:
        _link(feed, settings.organisation.url, rel="alternate")
    _text(feed, "updated", _time(max(times, default=NEVER)))
    _text(ET.SubElement(feed, f"{{{ATOM}}}author"), "name", settings.organisation.name or settings.name)
    if settings.organisation.licence:
        _text(feed, "rights", settings.organisation.licence)
    return feed


def _bytes(feed: ET.Element) -> bytes:
    ET.indent(feed)
    whole: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return whole + b"\n"


def _entry(feed: ET.Element, page: ClaimPage) -> None:
    entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "title", page.headline or f"{page.verdict_words}: {page.title}")
    _text(entry, "id", uuid.uuid5(uuid.NAMESPACE_URL, f"{page.published_url}#{page.id}").urn)
    if page.published_url:
        _link(entry, page.published_url, rel="alternate")
    _text(entry, "published", _time(page.published_at or NEVER))
    _text(entry, "updated", _time(_changed(page)))
    lines = (page.statement, page.who_and_when, page.verdict_words, page.explanation)
    _text(entry, "summary", "\n".join(line for line in lines if line))


def _changed(page: ClaimPage) -> datetime:
    return max(page.published_at or NEVER, page.decided_at or NEVER)


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _text(parent: ET.Element, name: str, said: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", said)


def _link(parent: ET.Element, href: str, *, rel: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": _NOT_XML.sub("", href)})
