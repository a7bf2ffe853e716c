"""The queue: which claims somebody looks at, in what order, and such a choice kept under a name."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from workbench.models.claim import Priority
from workbench.models.record import Named, Record, Status

Shown = Literal["waiting", "retired", Status]
Age = Literal["last-7-days", "over-7-days", "over-30-days", "over-90-days"]
DueIn = Literal["overdue", "in-7-days", "later", "no-day"]
Sample = Literal["overlap", "no-overlap"]
Order = Literal["urgent", "newest", "oldest"]
ME, NOBODY = "@me", "@nobody"  # in place of a person's name: whoever looks; claims assigned to nobody


class QueueFilter(Record):
    """Which claims of the queue are shown. None, or an empty text: not asked.

    status: one of a case, else `waiting` (for a person to do something) or `retired`, which no other shows. person: whom a
    claim is assigned to, by the name that is shown, else ME or NOBODY. age: since the claim was added. sample: whether two
    people judge it because it was drawn, where one would do. text: words, all of them in the claim.
    """

    status: Shown | None = None
    text: Annotated[str, Field(max_length=1_000)] = ""
    person: Annotated[str, Field(max_length=200)] | None = None
    topic: Annotated[str, Field(max_length=1_000)] | None = None
    claimant: Annotated[str, Field(max_length=1_000)] | None = None
    age: Age | None = None
    due: DueIn | None = None
    priority: Priority | None = None
    sample: Sample | None = None
    order: Order = "urgent"

    @property
    def is_empty(self) -> bool:
        """Whether it leaves nothing out."""
        return self.model_copy(update={"order": "urgent"}) == QueueFilter()


class SavedList(Named):
    """A filter of the queue that somebody keeps under a name."""

    filter: QueueFilter
