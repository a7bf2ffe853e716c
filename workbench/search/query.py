"""What is searched for, how a typed query was read, and what no search can be made of. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.errors import WorkbenchError
from workbench.models import UNKNOWN_DATE, PartialDate, SearchMode
from workbench.operators import Expression, has_operators, read_query, told
from workbench.posts import read_post

MAX_QUERY_WORDS = 2_000  # more is a pasted article; both searches look at these
MAX_WORDINGS = 8  # each is a search of its own
SIGNS = "Quotation marks, AND, OR, NOT, - and * were taken as words, not as operators."


@dataclass(frozen=True)
class Query:
    """What is searched for. wordings: one search each: the claim itself and whatever says it otherwise, a translation say.

    claim: what the lens holds each passage against, the first wording where none is given; claim_date: when it was said.
    is_typed: somebody typed the wordings to search by: where only words are searched, their operators count (operators.py). A
    claim's statement never is: a quotation mark or NOT in it is its own. is_looked_at: whether the lens looks at the hits;
    nobody reads its findings in news of saved searches, and it takes longer than the search.
    """

    wordings: tuple[str, ...]
    claim: str = ""
    claim_date: PartialDate = UNKNOWN_DATE
    is_typed: bool = False
    is_looked_at: bool = True


@dataclass(frozen=True)
class Wording:
    """One wording as it is asked for. expression: where it has operators that count."""

    text: str
    expression: Expression | None = None

    @property
    def wanted(self) -> str | Expression:
        """What the index of words is asked."""
        return self.text if self.expression is None else self.expression


def read_wordings(query: Query, mode: SearchMode, warnings: list[str]) -> list[Wording]:
    """The wordings of a query with what their operators say, where they count. Raises: WorkbenchError."""
    texts = checked_wordings(query.wordings, warnings)
    if query.is_typed and mode == "lexical":
        return [Wording(text, read_query(text)) for text in texts]
    if query.is_typed and any(map(has_operators, texts)):
        warnings.append(f"{SIGNS} Search by words only to have them read as operators.")
    return [Wording(read_post(text)) for text in texts]


def read_as(wordings: Sequence[Wording]) -> tuple[str, ...]:
    """How each wording was read; nothing where none has operators that count."""
    if all(one.expression is None for one in wordings):
        return ()
    return tuple(one.text if one.expression is None else told(one.expression) for one in wordings)


def checked_wordings(wordings: Sequence[str], warnings: list[str]) -> list[str]:
    """The words to search for, and what to say about them. Raises: WorkbenchError."""
    if not any(wording.split() for wording in wordings):
        raise WorkbenchError("There are no words to search for.", hint="Give the sentence to be checked.", code="empty_query")
    if len(wordings) > MAX_WORDINGS:
        raise WorkbenchError(
            f"{len(wordings)} wordings were given; at most {MAX_WORDINGS} are searched at once.",
            hint="Leave out those that say the same in the same words.",
            code="bad_query",
        )
    return [_checked_wording(wording, warnings) for wording in wordings if wording.split()]


def _checked_wording(wording: str, warnings: list[str]) -> str:
    if any(one == "\x00" or "\ud800" <= one <= "\udfff" for one in wording):
        raise WorkbenchError(
            "The search text holds a character that is not text (NUL or half a surrogate pair).",
            hint="Copy the sentence again, or type it.",
            code="bad_query",
        )
    words = wording.split()
    if len(words) <= MAX_QUERY_WORDS:
        return wording
    warnings.append(f"Only the first {MAX_QUERY_WORDS} of {len(words)} words were searched for.")
    return " ".join(words[:MAX_QUERY_WORDS])
