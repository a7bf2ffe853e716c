"""The fields a workspace gives its claims (`[[claims.fields]]`): whether a value is one of its field. Pure.

What does not live here: what the fields are (settings/), storing (`Claim.custom` holds the words as they were typed).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from pydantic import ValidationError

from workbench.models import PartialDate
from workbench.settings import CustomField


def custom_faults(custom: Mapping[str, str], fields: Sequence[CustomField]) -> Iterator[tuple[str, str]]:
    """(field, what is wrong) for each value that is none of its field; a field nobody named has nothing to be held to."""
    for field in fields:
        value = custom.get(field.name, "").strip()
        if not value:
            continue
        if field.kind == "choice" and value not in field.choices:
            yield field.name, f"{field.name}: {value[:80]!r} is none of {', '.join(field.choices)}"
        elif field.kind == "number" and not _is_number(value):
            yield field.name, f"{field.name}: {value[:80]!r} is not a number; write 12 or 12.5"
        elif field.kind == "date" and not _is_date(value):
            yield field.name, f"{field.name}: {value[:80]!r} is not a date; write 2021, 2021-06 or 2021-06-23"


def unknown_fields(custom: Mapping[str, str], fields: Sequence[CustomField]) -> list[str]:
    """The names that are no field of a workspace that has some; none where it has none: there any name may stand."""
    known = {field.name for field in fields}
    return sorted(name for name in custom if name not in known) if known else []


def _is_number(value: str) -> bool:
    try:
        return value.isascii() and Decimal(value).is_finite()
    except InvalidOperation:
        return False


def _is_date(value: str) -> bool:
    try:
        return PartialDate.model_validate(value).value is not None
    except ValidationError:
        return False
