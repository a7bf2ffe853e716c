"""The register: one row for each claim, with what lists, filters and counts ask of it, and a disposable copy of it on disk.

What lives here: what a row says of a case, and the copy. What does not: which events there are (cases.py), a whole case, which
is folded when somebody opens it (casebook.py), which rows a filter lets pass (queue/). The copy is a projection (DESIGN.md
promise 4): it names the last event it holds and its hash, carries the sha256 of its own bytes, and is made afresh where one of
these does not hold. A row is some 500 bytes where a case is 15,000: a hundred thousand claims are listed without opening
one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from workbench import review
from workbench.claims import wording_digest
from workbench.folders import write_whole
from workbench.ledger import Ledger
from workbench.models import Case, Claim, Priority, Status

FORMAT = 2  # of the copy; another one is made afresh
COPY_AFTER = 500  # rows made before the copy is renewed: some 0.3 s of a later start
COPY_PART = 50  # or one in so many of them: writing the copy of a hundred thousand takes a second
ADDED = frozenset({"claim-added"})
NOBODY: frozenset[str] = frozenset()
DECIDED: frozenset[Status] = frozenset({"settled", "published"})


class Row(NamedTuple):
    """One claim, as far as a list of claims needs it.

    number: its place in the order claims were added, from 0. kinds: of the events there are of it. added: the day. said: what
    is compared with other claims. words: what a search looks through, folded. people, recused: keys of reviewers; names: what
    those people are called. rating, decided: the label and the day of the verdict that counts. wording: equal where statement,
    claimant and date are. lifted_from: the sha256 of the file its quotation was lifted from.
    """

    number: int
    claim_id: str
    kinds: frozenset[str]
    status: Status
    retired: bool
    added: date
    said: str
    words: str
    claimant: str | None
    affiliation: str | None
    topics: tuple[str, ...]
    priority: Priority
    due: date | None
    people: frozenset[str]
    names: frozenset[str]
    recused: frozenset[str]
    drafted_by: tuple[str, ...]
    rating: str | None
    decided: date | None
    wording: str
    lifted_from: str | None

    @property
    def waits(self) -> bool:
        """Whether a person has something to do with it."""
        return self.status not in DECIDED and not self.retired

    @property
    def has_verdict(self) -> bool:
        """Whether anybody ever recorded one; it may be void by now."""
        return "verdict-recorded" in self.kinds


def row_of(number: int, case: Case) -> Row:
    """The row of a case."""
    counting = case.counting
    return row_of_new(number, case.claim, case.events[0].created_at)._replace(
        kinds=frozenset(event.kind for event in case.events),
        status=case.status,
        retired=case.retired,
        people=frozenset(review.reviewer_key(one.reviewer) for one in case.assignments),
        names=frozenset(one.reviewer.display_name for one in case.assignments),
        recused=frozenset(review.reviewer_key(one.reviewer) for one in case.recusals),
        drafted_by=case.drafted_by,
        rating=counting.rating.label if counting else None,
        decided=counting.created_at.date() if counting else None,
    )


def row_of_new(number: int, claim: Claim, added: datetime) -> Row:
    """The row of a claim that was added, and of which nothing was said since."""
    return Row(
        number=number,
        claim_id=claim.id,
        kinds=ADDED,
        status="todo",
        retired=False,
        added=added.date(),
        said=said(claim),
        words=_words(claim),
        claimant=claim.claimant.name if claim.claimant else None,
        affiliation=claim.claimant.affiliation if claim.claimant else None,
        topics=claim.topics,
        priority=claim.priority,
        due=claim.due,
        people=NOBODY,
        names=NOBODY,
        recused=NOBODY,
        drafted_by=(),
        rating=None,
        decided=None,
        wording=wording_digest(claim),
        lifted_from=claim.source_quote.sha256 if claim.source_quote else None,
    )


def said(claim: Claim) -> str:
    """What of a claim is compared: its statement, and its exact words where they add to it."""
    return claim.statement if not claim.quote or claim.quote in claim.statement else f"{claim.statement}\n{claim.quote}"


def _words(claim: Claim) -> str:
    claimant = claim.claimant.name if claim.claimant else ""
    return " ".join([claim.id, claim.statement, claim.quote or "", claimant, *claim.topics]).casefold()


# --- the copy on disk ---------------------------------------------------------------------------------------------------


class Copied(NamedTuple):
    """The rows of the ledger up to the event `seq`; 0 where there is no copy that holds."""

    seq: int
    rows: dict[str, Row]


class RegisterCopy:
    """The copy on disk of the register of one ledger."""

    def __init__(self, file: Path, ledger: Ledger) -> None:
        self._file = file
        self._ledger = ledger
        self._news = 0

    def read(self) -> Copied:
        """What it holds; no row where there is none, it is damaged, another ledger's, or of one that went another way."""
        try:
            digest, header, *rows = self._file.read_bytes().split(b"\n")
            copy: dict[str, Any] = json.loads(header) if digest == _digest(header, rows) else {}
        except (OSError, ValueError):
            return Copied(0, {})
        if (copy.get("format"), copy.get("ledger")) != (FORMAT, self._ledger.workspace_id):
            return Copied(0, {})
        if self._ledger.hash_at(copy["seq"]) != copy["hash"]:
            return Copied(0, {})
        return Copied(copy["seq"], {row.claim_id: row for row in map(_row, rows)})

    def renew(self, seq: int, rows: Mapping[str, Row], *, news: int) -> None:
        """Write it anew once many rows are new or changed since that was last done. seq: the last event in them."""
        self._news += news
        if self._news >= max(COPY_AFTER, len(rows) // COPY_PART):
            self.write(seq, rows)

    def write(self, seq: int, rows: Mapping[str, Row]) -> None:
        """Put it on disk, whole; where that fails, the next process makes it afresh."""
        copy = {"format": FORMAT, "ledger": self._ledger.workspace_id, "seq": seq, "hash": self._ledger.hash_at(seq)}
        header, lines = _line(copy), [_line(_plain(row)) for row in rows.values()]  # a line each: lists of them are large
        with suppress(OSError):
            write_whole(self._file, b"\n".join([_digest(header, lines), header, *lines]))
            self._news = 0


def _line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def _digest(header: bytes, lines: Iterable[bytes]) -> bytes:
    """sha256 of the header and the rows, in hex."""
    found = hashlib.sha256(header)
    for line in lines:
        found.update(b"\n" + line)
    return found.hexdigest().encode()


def _plain(row: Row) -> list[Any]:
    values = row._asdict()
    values |= {name: sorted(values[name]) for name in ("kinds", "people", "names", "recused")}
    values |= {name: values[name] and values[name].isoformat() for name in ("added", "due", "decided")}
    return list(values.values())


def _row(line: bytes) -> Row:
    values = Row._make(json.loads(line))
    return values._replace(
        kinds=_some(tuple(values.kinds)),
        added=_day(cast(str, values.added)),
        topics=tuple(values.topics),
        due=_day(cast(str, values.due)) if values.due else None,
        people=_some(tuple(values.people)),
        names=_some(tuple(values.names)),
        recused=_some(tuple(values.recused)),
        drafted_by=tuple(values.drafted_by),
        decided=_day(cast(str, values.decided)) if values.decided else None,
    )


@lru_cache(maxsize=4_096)  # the same few people, kinds and days stand in a hundred thousand rows: they are held once
def _some(values: tuple[str, ...]) -> frozenset[str]:
    return frozenset(values)


@lru_cache(maxsize=4_096)
def _day(text: str) -> date:
    return date.fromisoformat(text)
