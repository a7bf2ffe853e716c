"""What a withdrawal must satisfy: a verdict declared void stays readable and counts no more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.errors import Refused, UnknownId
from workbench.models import Event, NewEvent, Reviewer
from workbench.review.fold import fold_case, reviewer_key
from workbench.review.publishing import refuse_void_of_published


def check_void(reviewer: Reviewer, revision: int | None, reason: str) -> Any:
    """The check that stores a void: of the given revision, else of the reviewer's newest that is not void.

    Raises: UnknownId where there is no such revision, Refused where it is void already, or is what readers have.
    """

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        case = fold_case(events)
        mine = [one for one in case.verdicts if reviewer_key(one.reviewer) == reviewer_key(reviewer)]
        standing = [one.revision for one in mine if one.state != "void"]
        wanted = revision if revision is not None else max(standing, default=None)
        if wanted is None or wanted not in {one.revision for one in mine}:
            known = ", ".join(str(one.revision) for one in mine) or "none"
            raise UnknownId(
                f"{reviewer.display_name} has no such verdict on {event.subject_id} (revisions: {known}).",
                hint=f"List them with: workbench verdict show {event.subject_id}",
                code="unknown_revision",
            )
        if wanted not in standing:
            raise Refused(f"Revision {wanted} is void already.", hint="Nothing was written.", code="already_void")
        refuse_void_of_published(case, next(one for one in mine if one.revision == wanted))
        payload = {"reviewer": reviewer.model_dump(mode="json"), "revision": wanted, "reason": reason}
        return event.model_copy(update={"payload": payload})

    return check
