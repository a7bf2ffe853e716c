"""The register: one row for each claim, with what lists, filters and counts ask of it, and a disposable copy of it on disk.

What lives here: what a row says of a case, and the copy. What does not: which events there are (cases.py), a whole case, which
is folded when somebody opens it (casebook.py), which rows a filter lets pass (queue/). The copy is a projection (DESIGN.md
promise 4): it names the last event it holds and its hash, carries the sha256 of its own bytes, and is made afresh where one of
these does not hold. A row is some 500 bytes where a case is 15,000: a hundred thousand claims are listed without opening
one.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, cast

from workbench import review
from workbench.claims import wording_of
from workbench.folders import write_whole
from workbench.models import Case, Claim, Priority, Status, sha256_hex

FORMAT = 1  # of the copy; another one is made afresh
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
    claim, counting = case.claim, case.counting
    return Row(
        number=number,
        claim_id=claim.id,
        kinds=frozenset(event.kind for event in case.events),
        status=case.status,
        retired=case.retired,
        added=case.events[0].created_at.date(),
        said=said(claim),
        words=_words(claim),
        claimant=claim.claimant.name if claim.claimant else None,
        affiliation=claim.claimant.affiliation if claim.claimant else None,
        topics=claim.topics,
        priority=claim.priority,
        due=claim.due,
        people=frozenset(review.reviewer_key(one.reviewer) for one in case.assignments),
        names=frozenset(one.reviewer.display_name for one in case.assignments),
        recused=frozenset(review.reviewer_key(one.reviewer) for one in case.recusals),
        drafted_by=case.drafted_by,
        rating=counting.rating.label if counting else None,
        decided=counting.created_at.date() if counting else None,
        wording=wording_digest(claim),
        lifted_from=claim.source_quote.sha256 if claim.source_quote else None,
    )


def said(claim: Claim) -> str:
    """What of a claim is compared: its statement, and its exact words where they add to it."""
    return claim.statement if not claim.quote or claim.quote in claim.statement else f"{claim.statement}\n{claim.quote}"


def wording_digest(claim: Claim) -> str:
    """What is equal for two claims that are one however they were typed: short, since a hundred thousand are held."""
    return sha256_hex("\x1f".join(wording_of(claim)))[:24]


def _words(claim: Claim) -> str:
    claimant = claim.claimant.name if claim.claimant else ""
    return " ".join([claim.id, claim.statement, claim.quote or "", claimant, *claim.topics]).casefold()


# --- the copy on disk ---------------------------------------------------------------------------------------------------


class Copied(NamedTuple):
    """What the copy on disk holds. seq, hash: of the last event in it."""

    seq: int
    hash: str
    rows: dict[str, Row]


NOTHING = Copied(0, "", {})


def write_copy(file: Path, copied: Copied, *, ledger_id: str) -> None:
    """Put the copy on disk, whole; where that fails, the next process makes it afresh."""
    rows = [_plain(row) for row in copied.rows.values()]
    copy = {"format": FORMAT, "ledger": ledger_id, "seq": copied.seq, "hash": copied.hash, "rows": rows}
    body = json.dumps(copy, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    with suppress(OSError):
        write_whole(file, f"{sha256_hex(body)}\n".encode() + body)


def read_copy(file: Path, *, ledger_id: str) -> Copied:
    """The copy on disk; NOTHING where there is none, it is damaged, or it is another ledger's.

    Whether the ledger still holds `seq` with `hash` is for the caller to ask.
    """
    try:
        digest, _, body = file.read_bytes().partition(b"\n")
        copy: dict[str, Any] = json.loads(body) if digest.decode() == sha256_hex(body) else {}
    except (OSError, ValueError):
        return NOTHING
    if (copy.get("format"), copy.get("ledger")) != (FORMAT, ledger_id):
        return NOTHING
    return Copied(copy["seq"], copy["hash"], {row.claim_id: row for row in map(_row, copy["rows"])})


def _plain(row: Row) -> list[Any]:
    values = row._asdict()
    values |= {name: sorted(values[name]) for name in ("kinds", "people", "names", "recused")}
    values |= {name: values[name] and values[name].isoformat() for name in ("added", "due", "decided")}
    return list(values.values())


def _row(plain: list[Any]) -> Row:
    values = Row._make(plain)
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
