"""The values that sources have, counted, and the nearest of them to a value that none has. Pure.

What lives here: what a person may filter by in this library, and what is said of a filter that can find nothing. What does not:
filtering (scope.py).
"""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from workbench.languages import is_same_language, named
from workbench.models import CONDITION_NAMES, Conditions, Filters, LibraryEntry
from workbench.tongue import ENGLISH

NEAREST = 3
ALIKE = 0.5  # of difflib's ratio: "Cartre Centre" is near "The Carter Center"


def facets(library: Iterable[LibraryEntry]) -> dict[str, Counter[str]]:
    """How many sources have each value of each condition; values that differ only in case or spaces count as the first seen."""
    found: dict[str, Counter[str]] = {name: Counter() for name in CONDITION_NAMES}
    spelled: dict[tuple[str, str], str] = {}
    for entry in library:
        meta = entry.meta
        values: dict[str, list[str | None]] = {
            "publishers": [meta.publisher],
            "languages": [entry.language],
            "kinds": [meta.kind],
            "media": [entry.media_type],
            "topics": [*dict.fromkeys(meta.topics)],
        }
        for name, said in values.items():
            for value in said:
                if value and value.strip():
                    found[name][spelled.setdefault((name, folded(value)), " ".join(value.split()))] += 1
    return found


def doubts(filters: Filters, known: Mapping[str, Counter[str]]) -> list[str]:
    """A sentence for each value of the filters that no source has, with the nearest that some have. known: their facets."""
    asked = [(name, value) for part in (filters, filters.exclude) for name, value in _values(part)]
    return [_doubt(name, value, known[name]) for name, value in dict.fromkeys(asked) if not _is_there(name, value, known[name])]


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A value as it is compared: case, compatibility forms and runs of spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _values(conditions: Conditions) -> Iterator[tuple[str, str]]:
    for name in CONDITION_NAMES:
        yield from ((name, value) for value in getattr(conditions, name))


def _is_there(name: str, value: str, known: Counter[str]) -> bool:
    if name == "languages":
        return any(is_same_language(one, value) for one in known)
    return any(folded(one) == folded(value) for one in known)


def _doubt(name: str, value: str, known: Counter[str]) -> str:
    said = f"No source has the {CONDITION_NAMES[name]} {value!r}"
    if not known:
        return f"{said}; none says one."
    shown = {one: f"{one} ({named(one, spoken=ENGLISH)})" if name == "languages" else one for one in known}
    also = {
        folded(form): one for one in known for form in (one, *((named(one, spoken=ENGLISH),) if name == "languages" else ()))
    }
    near = [also[form] for form in difflib.get_close_matches(folded(value), also, n=NEAREST, cutoff=ALIKE)]
    near += [one for form, one in also.items() if folded(value) in form or form in folded(value)]
    chosen = list(dict.fromkeys(near))[:NEAREST]
    if chosen:
        return f"{said}. Nearest: {', '.join(shown[one] for one in chosen)}."
    most = [one for one, _ in known.most_common(NEAREST)]
    return f"{said}. The most common: {', '.join(shown[one] for one in most)}."
