"""What publishing a verdict must satisfy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.errors import Refused
from workbench.models import Event, NewEvent
from workbench.review.fold import fold_case


def check_publish(url: str) -> Any:
    """The check that stores where the counting verdict was published. Raises: Refused where none counts, or for no address."""
    if not url.startswith(("https://", "http://")):
        raise Refused(f"{url!r} is not a web address.", hint="Start it with https://", code="bad_url")

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        case = fold_case(events)
        if case.counting is None or case.status == "recheck":
            raise Refused(
                f"{event.subject_id} cannot be published: its status is {case.status}.",
                hint="Record a verdict the reviewers agree on first.",
                code="nothing_to_publish",
            )
        return event.model_copy(update={"payload": {"url": url, "hash": case.counting.hash}})

    return check
