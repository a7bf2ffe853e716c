"""Two revisions of a verdict side by side, and an old one begun anew. Pure.

What lives here: the difference of two verdicts, word by word, and a verdict as a draft. What does not: storing anything.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Literal

from workbench import questions
from workbench.errors import UnknownId
from workbench.fragments import asked_for
from workbench.models import Case, Citation, Draft, Record, Reviewer, Stance, StoredVerdict
from workbench.ratings import public_label
from workbench.tongue import _

WORDS_COMPARED = 3_000  # of one text, besides what both begin and end with; a longer stretch is shown as replaced


class Run(Record):
    """Words of two texts, run by run: in both, only in the older one, only in the newer one."""

    where: Literal["both", "older", "newer"]
    words: str


class FieldChange(Record):
    """A field of a verdict that differs between two revisions, word by word."""

    label: str
    runs: tuple[Run, ...]


class Restanced(Record):
    """Words cited by both verdicts, with another stance. citation: as the newer has it; was: the stance of the older."""

    citation: Citation
    was: Stance


class Comparison(Record):
    """What differs between two verdicts: the fields, and the citations they rest on."""

    fields: tuple[FieldChange, ...]
    added: tuple[Citation, ...]
    removed: tuple[Citation, ...]
    restanced: tuple[Restanced, ...]

    @property
    def is_same(self) -> bool:
        """Whether both say the same and rest on the same."""
        return not (self.fields or self.added or self.removed or self.restanced)


def revision_of(case: Case, reviewer: Reviewer | None, revision: int) -> StoredVerdict:
    """One revision of a reviewer; of the only one who has it where nobody is named. Raises: UnknownId."""
    fitting = [
        one
        for one in case.verdicts
        if one.revision == revision
        and (reviewer is None or (one.reviewer.issuer, one.reviewer.subject) == (reviewer.issuer, reviewer.subject))
    ]
    if len(fitting) == 1:
        return fitting[0]
    told = f"{len(fitting)} reviewers have a revision {revision}" if fitting else f"There is no revision {revision}"
    hint = f"Name the reviewer; they are listed by: workbench verdict show {case.claim.id}"
    raise UnknownId(f"{told} on {case.claim.id}.", hint=hint, code="unknown_revision")


def rounds_of(verdicts: Sequence[StoredVerdict]) -> dict[int, str]:
    """By the seq of the last verdict of each round, what is said of the round; nothing where there was one only.

    A round ends where the guidelines, the scale or the policy changed: what was decided before was decided by other rules.
    """
    in_order = sorted(verdicts, key=lambda one: one.seq)
    last = [one for one, after in pairwise(in_order) if after.policy_hash != one.policy_hash] + in_order[-1:]
    if len(last) < 2:
        return {}
    later = {one.seq: f"Round {number}, under other rules than the one before" for number, one in enumerate(last, start=1)}
    return {**later, last[0].seq: "Round 1"}


def compared(older: StoredVerdict, newer: StoredVerdict) -> Comparison:
    """What differs between two verdicts, word by word; what is the same is left out."""
    was, now = _fields(older), _fields(newer)
    labels = dict.fromkeys([*was, *now])
    before = {one.passage_id: one for one in older.citations}
    after = {one.passage_id: one for one in newer.citations}
    return Comparison(
        fields=tuple(
            FieldChange(label=label, runs=tuple(word_runs(was.get(label, ""), now.get(label, ""))))
            for label in labels
            if was.get(label, "") != now.get(label, "")
        ),
        added=tuple(one for key, one in after.items() if key not in before),
        removed=tuple(one for key, one in before.items() if key not in after),
        restanced=tuple(
            Restanced(citation=one, was=before[key].stance)
            for key, one in after.items()
            if key in before and before[key].stance != one.stance
        ),
    )


def _fields(one: StoredVerdict) -> dict[str, str]:
    """What a verdict says, by what a page calls it; fragments by their words."""
    said = {
        _("Rating"): public_label(one.rating, one.ground),
        _("Confidence"): "" if one.confidence is None else f"{one.confidence:g}",
        _("Headline"): one.headline or "",
        _("Public explanation"): one.explanation or "",
        _("How it follows from the fragments"): one.weighing or "",
        _("Rationale"): one.rationale,
        _("Searched elsewhere"): one.searched_elsewhere,
    }
    said |= {_("Fragment “{words}”", words=part.words): part.rating.label for part in one.fragments}
    for asked in one.questions:
        answers = (answer.text or answer.kind for answer in asked.answers)
        said[_("Question “{words}”", words=asked.text)] = "; ".join(answers)
    return said


def word_runs(older: str, newer: str) -> Iterator[Run]:
    """Two texts as runs of words, in order: what both have, what only the older has, what only the newer has."""
    was, now = older.split(), newer.split()
    start = next((at for at, (one, other) in enumerate(zip(was, now, strict=False)) if one != other), min(len(was), len(now)))
    room = min(len(was), len(now)) - start
    end = next((at for at in range(room) if was[-1 - at] != now[-1 - at]), room)
    middle, other_middle = was[start : len(was) - end], now[start : len(now) - end]
    if start:
        yield Run(where="both", words=" ".join(was[:start]))
    yield from _middle(middle, other_middle)
    if end:
        yield Run(where="both", words=" ".join(was[len(was) - end :]))


def _middle(was: list[str], now: list[str]) -> Iterator[Run]:
    """The runs of what differs. Comparing costs the product of both lengths: a long stretch counts as replaced."""
    opcodes: Sequence[tuple[str, int, int, int, int]] = [("replace", 0, len(was), 0, len(now))]
    if max(len(was), len(now)) <= WORDS_COMPARED:
        opcodes = difflib.SequenceMatcher(None, was, now, autojunk=False).get_opcodes()
    for kind, a, b, c, d in opcodes:
        if kind == "equal":
            yield Run(where="both", words=" ".join(now[c:d]))
            continue
        if a < b:
            yield Run(where="older", words=" ".join(was[a:b]))
        if c < d:
            yield Run(where="newer", words=" ".join(now[c:d]))


# --- begun anew ------------------------------------------------------------------------------------------------------


def begun_from(draft: Draft, verdict: StoredVerdict) -> Draft:
    """The draft with everything a verdict says: what is saved from it is a new revision, and the old one stays as it is.

    The draft keeps its token and the revision it is based on: restoring an old revision hides none that came after it.
    """
    return draft.model_copy(
        update={
            "rating": verdict.rating.slug,
            "ground": verdict.ground,
            "confidence": verdict.confidence,
            "rationale": verdict.rationale,
            "explanation": verdict.explanation or "",
            "headline": verdict.headline or "",
            "cites": tuple(one.as_asked for one in verdict.citations),
            "wording": verdict.rating.wording or "",
            "questions": questions.asked_for(verdict.questions),
            "fragments": asked_for(verdict.fragments),
            "weighing": verdict.weighing or "",
            "searched_elsewhere": verdict.searched_elsewhere,
            "departures": verdict.departures,
        }
    )
