"""A filter of the queue as the address of its page, and back. Pure.

Every filter has an address that can be sent to a colleague. One typed by hand, or kept from another version, is read as far as
it goes: what it asks for that there is not is named, never passed over in silence and never an error.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from workbench.models import QueueFilter

NAMES = {
    "status": "status",
    "q": "text",
    "person": "person",
    "topic": "topic",
    "claimant": "claimant",
    "age": "age",
    "due": "due",
    "priority": "priority",
    "sample": "sample",
    "order": "order",
}  # what a value is called in the address, and in the filter


def as_address(wanted: QueueFilter) -> dict[str, str]:
    """The parameters of the address; none for what is not asked."""
    usual = QueueFilter()
    found = {name: getattr(wanted, field) for name, field in NAMES.items() if getattr(wanted, field) != getattr(usual, field)}
    return {name: str(value) for name, value in found.items() if value}


def from_address(parameters: Mapping[str, str]) -> tuple[QueueFilter, list[str]]:
    """(the filter, what the address asks for that there is not, as `status "done"`)."""
    given = {field: parameters[name].strip() for name, field in NAMES.items() if parameters.get(name, "").strip()}
    refused = []
    for name, field in NAMES.items():
        if field in given and not _can_be(field, given[field]):
            refused.append(f"{name} “{given.pop(field)[:80]}”")
    return QueueFilter.model_validate(given), refused


def _can_be(field: str, value: str) -> bool:
    try:
        QueueFilter.model_validate({field: value})
    except ValidationError:
        return False
    return True
