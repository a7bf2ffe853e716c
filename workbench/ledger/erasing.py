"""Words taken out of a ledger for good: every hash, link and seal holds after it.

What lives here: blanking sealed words and drafts in one transaction. What does not: which words (workbench.purge), what a
database keeps of words that were overwritten (file.py, server.py). Blanked is what somebody has to have erased by law or by
promise; nothing else is ever changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from workbench.ledger.records import DRAFTS, EVENTS, VALUES, load
from workbench.ledger.sealing import Words, json_text
from workbench.models import Draft, Event

AT_ONCE = 500  # events looked at together

Names = Callable[[Event, Words], bool]  # whether these words of that event are to go


def _named(connection: sa.Connection, names: Names) -> Iterator[tuple[Event, Words]]:
    """The words that are still here and that `names` names, each with its event, oldest first."""
    seq = 0
    while page := load(connection, EVENTS.c.seq > seq, limit=AT_ONCE):
        for stored in page:
            event = stored.event()
            yield from ((event, words) for words in stored.words if words.value is not None and names(event, words))
        seq = page[-1].row.seq


def blank(connection: sa.Connection, names: Names, redraft: Callable[[Draft], Draft]) -> tuple[int, list[str]]:
    """Take the named words out, and have every draft be what `redraft` makes of it.

    How many words and drafts changed, and the claims that lose words.
    """
    gone, claims = [], dict[str, None]()
    for event, words in _named(connection, names):
        gone.append((event.seq, words.pointer))
        if event.subject_kind == "claim":
            claims[event.subject_id] = None
    for seq, pointer in gone:
        here = sa.and_(VALUES.c.seq == seq, VALUES.c.pointer == pointer)
        connection.execute(sa.update(VALUES).where(here).values(value=None, salt=None))
    changed = 0
    for row in connection.execute(sa.select(DRAFTS)).all():
        before = Draft.model_validate_json(row.draft)
        after = redraft(before)
        if after != before:
            mine = sa.and_(DRAFTS.c.claim_id == row.claim_id, DRAFTS.c.actor_key == row.actor_key)
            connection.execute(sa.update(DRAFTS).where(mine).values(draft=json_text(after.model_dump_json)))
            changed += 1
    return len(gone) + changed, list(claims)
