"""What the options of `workbench verdict record` say, as the parts of a wish for a verdict."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workbench.errors import UsageError
from workbench.models import Cite, FragmentRating
from workbench.ratings import CONFIDENCE

STANCES = ("supports", "refutes", "context")


def cite_of(text: str) -> Cite:
    """`PASSAGE_ID:STANCE`. Raises: UsageError."""
    passage_id, colon, stance = text.rpartition(":")
    if not colon or stance not in STANCES or not passage_id:
        raise UsageError(f"--cite {text!r} is not PASSAGE_ID:STANCE.", hint=f"The stance is one of {', '.join(STANCES)}.")
    return Cite.model_validate({"passage_id": passage_id, "stance": stance})


def fragment_of(text: str) -> FragmentRating:
    """`WORDS=RATING[:PASSAGE_ID,...]`; the words may hold = and : themselves, ratings and ids do not."""
    words, equals, judged = text.rpartition("=")
    rating, _, ids = judged.partition(":")
    if not equals or not words.strip() or not rating.strip():
        raise UsageError(
            f"--fragment {text!r} is not WORDS=RATING[:PASSAGE_ID,...].",
            hint="For example: --fragment 'by 119 votes to 1=supported:PASSAGE_ID'",
        )
    passage_ids = [one.strip() for one in ids.split(",") if one.strip()]
    return FragmentRating.model_validate({"words": words, "rating": rating.strip(), "passage_ids": passage_ids})


def grouped_of(cites: Sequence[Cite], together: Sequence[str]) -> list[Cite]:
    """The cites with the number of the group each belongs to. Raises: UsageError."""
    groups: dict[str, int] = {}
    for number, text in enumerate(together, 1):
        named = [one.strip() for one in text.split(",") if one.strip()]
        strange = [one for one in named if one not in {cite.passage_id for cite in cites} or one in groups]
        if strange or len(set(named)) < 2:
            raise UsageError(
                f"--together {text!r} does not name two or more cited passages, each in one group.",
                hint="Give each a --cite with its stance, then --together PASSAGE_ID,PASSAGE_ID.",
            )
        groups |= dict.fromkeys(named, number)
    return [cite.model_copy(update={"group": groups.get(cite.passage_id)}) for cite in cites]


def questions_of(path: Path) -> list[dict[str, Any]]:
    """The questions of a JSON file. Raises: UsageError."""
    hint = 'For example: [{"text": "Was it counted twice?", "answers": [{"kind": "boolean", "text": "No"}]}]'
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"--questions {path} cannot be read: {error}.", hint=hint) from error
    if not isinstance(found, list):
        raise UsageError(f"--questions {path} holds no list of questions.", hint=hint)
    return found


def confidence_of(text: str | None) -> float | None:
    """The number for low, medium or high, or the number given. Raises: UsageError."""
    if text is None or text in CONFIDENCE:
        return CONFIDENCE[text] if text else None
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise UsageError(f"--confidence {text!r} is not in the range 0 to 1.", hint="Give low, medium, high, or 0 to 1.")
    return value
