"""Where and when a page was saved, as the program that saved it noted.

What lives here: the notes of browsers and of SingleFile in the head of a page, and what they say against the page itself. What
does not: those of MHTML, which are headers (mhtml.py). The address a page was saved from is what was captured; the one it gives
itself may be of another page (a first version, an index, whatever its author liked), so it is named in a warning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from workbench.models import SourceMeta
from workbench.reading.mime import moment

HEAD = 20_000  # characters of a page in which notes may stand: before its head, an address being 2,000 at most
MAX_SHOWN = 200  # characters of an address in a warning

_BEFORE_THE_PAGE = re.compile(
    r"\s*(?:<!doctype[^>]*>|<\?xml[^>]*>|<html[^>]*>|<!--(?P<comment>.*?)-->)", re.DOTALL | re.IGNORECASE
)
_BY_A_BROWSER = re.compile(r"\s*saved from url=\(\d{1,6}\)(?P<url>\S+)")
_BY_SINGLEFILE = re.compile(
    r"\s*(?:Page saved with|Archive processed by) SingleFile\s+url:\s*(?P<url>\S+)(?:\s+saved date:\s*(?P<date>[^\n]+))?"
)
_SCRIPT_DATE = re.compile(r"[A-Za-z]{3} ([A-Za-z]{3}) (\d{1,2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})")  # Date.toString()
_WEB = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)


@dataclass(frozen=True)
class Capture:
    """url: of the web, or None. retrieved_at: with its offset."""

    url: str | None = None
    retrieved_at: datetime | None = None

    def described(self, meta: SourceMeta, warnings: list[str]) -> SourceMeta:
        """What a page states, with its address and time as it was saved; warns where it gives itself another address."""
        if self.url and meta.url and _same(self.url) != _same(meta.url):
            warnings.append(f"the page gives another address as its own than the one it was saved from: {meta.url[:MAX_SHOWN]}")
        return meta.model_copy(update={"url": self.url or meta.url, "retrieved_at": self.retrieved_at or meta.retrieved_at})


def noted_when_saved(markup: str) -> Capture:
    """What a browser or SingleFile wrote before a page; of comments inside the page none is believed."""
    head, position = markup[:HEAD], 0
    while found := _BEFORE_THE_PAGE.match(head, position):
        position = found.end()
        comment = found["comment"] or ""
        note = _BY_SINGLEFILE.match(comment)
        if note:
            return Capture(web_address(note["url"]), _moment(note["date"] or ""))
        note = _BY_A_BROWSER.match(comment)
        if note:
            return Capture(web_address(note["url"]))
    return Capture()


def web_address(stated: str) -> str | None:
    """An address of the web as stated; None for any other (a file, a script, an application)."""
    return stated if _WEB.fullmatch(stated) and stated.isprintable() else None


def _same(url: str) -> str:
    """An address without what does not change the page: its fragment and a last slash."""
    return url.split("#")[0].rstrip("/")


def _moment(stated: str) -> datetime | None:
    """A moment as scripts write it (`Wed Nov 25 2020 23:05:15 GMT+0100 (…)`), in ISO 8601, or as mail does."""
    found = _SCRIPT_DATE.match(stated)
    if found:
        month, day, year, time, offset = found.groups()
        return moment(f"{day} {month} {year} {time} {offset}")
    try:
        iso = datetime.fromisoformat(stated.strip())
    except ValueError:
        return None
    return iso if iso.tzinfo else None
