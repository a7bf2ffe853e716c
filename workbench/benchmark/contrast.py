"""A contrast set for the lens, made by code from given texts: sentences with one thing changed, and sentences said otherwise.

What lives here: the edits, by simple rules of their own (nothing of the lens's grammar is used to make them), and the score.
What does not: any text. A pair is an edited sentence as the claim, and the unedited one between its neighbours as the passage.
Three sorts: changed (one difference, of one kind), harmless (said otherwise: no difference of any kind) and silence (the
passage is of another text: no difference). Edits are by rule, so a few are wrong; they count against the lens like the others.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

import regex

from workbench.benchmark.edits import CHANGES, Edit, Kind
from workbench.benchmark.paraphrases import HARMLESS
from workbench.lens import look

Expectation = Literal["differs", "same", "silent"]
KINDS: tuple[Kind, ...] = ("number", "date", "negation", "quantifier", "name", "place")
SHORTEST, LONGEST = 6, 45  # words of a sentence worth editing
ATTEMPTS = 40  # sentences tried for one pair before a rule is given up


class ContrastPair(NamedTuple):
    """A claim, a passage, the kind that was touched and how, and whether the lens should see a difference."""

    claim: str
    passage: str
    kind: Kind
    edit: str
    expectation: Expectation


# --- the set ---------------------------------------------------------------------------------------------------------


class _Sentence(NamedTuple):
    text: str
    passage: str
    of: int


def make_pairs(texts: Sequence[str], *, per_edit: int = 40, seed: int = 1) -> list[ContrastPair]:
    """Pairs made from the texts: up to per_edit for each change, as many harmless ones in all, a quarter as many silent ones.

    The same texts and seed give the same pairs. A text that is short of, say, quantifiers gives fewer of them.
    """
    chance = random.Random(seed)  # noqa: S311
    sentences = [one for number, text in enumerate(texts) for one in _sentences(text, number)]
    changed = _edited(sentences, CHANGES, "differs", per_edit, chance)
    enough = len(changed) // 3 + 1  # of one edit; a text may have nothing that most of them change
    harmless = _edited(sentences, HARMLESS, "same", enough, chance)
    chance.shuffle(harmless)
    harmless = harmless[: len(changed)]
    return changed + harmless + _silent(sentences, changed, len(changed) // 4, chance)


def _sentences(text: str, number: int) -> Iterable[_Sentence]:
    for paragraph in regex.split(r"\n\s*\n", text):
        parts = [part for part in regex.split(r"(?<=[.!?][”\"]?)\s+(?=[\p{Lu}“\"])", paragraph.strip()) if part]
        for at, part in enumerate(parts):
            if SHORTEST <= len(part.split()) <= LONGEST and part[-1] in ".!?”":
                yield _Sentence(" ".join(part.split()), " ".join(" ".join(parts[max(0, at - 1) : at + 2]).split()), number)


def _edited(
    sentences: Sequence[_Sentence],
    edits: dict[str, tuple[Kind, Edit]],
    expectation: Expectation,
    most: int,
    chance: random.Random,
) -> list[ContrastPair]:
    pairs: list[ContrastPair] = []
    for name, (kind, edit) in edits.items():
        order = list(sentences)
        chance.shuffle(order)
        made: dict[tuple[str, str], ContrastPair] = {}
        for _ in range(3):
            for one in order:
                if len(made) >= most:
                    break
                claim = edit(one.text, chance)
                if claim and claim != one.text:
                    made.setdefault((claim, one.passage), ContrastPair(claim, one.passage, kind, name, expectation))
        pairs.extend(made.values())
    return pairs


def _silent(
    sentences: Sequence[_Sentence], changed: Sequence[ContrastPair], most: int, chance: random.Random
) -> list[ContrastPair]:
    """Edited claims with a passage of another text."""
    if len({one.of for one in sentences}) < 2 or not changed:
        return []
    own = {one.passage: one.of for one in sentences}
    pairs = []
    for pair in chance.sample(list(changed), min(most, len(changed))):
        others = [one for one in (chance.choice(sentences) for _ in range(ATTEMPTS)) if one.of != own[pair.passage]]
        if others:
            pairs.append(ContrastPair(pair.claim, others[0].passage, pair.kind, "silence", "silent"))
    return pairs


def score(pairs: Iterable[ContrastPair]) -> dict[str, dict[str, float]]:
    """Precision and recall of "differs" by kind, and how many pairs were changed in that kind.

    A difference of another kind than the one that was changed is a false one; so is any in a harmless or silent pair.
    """
    right, wrong, wanted = Counter[str](), Counter[str](), Counter[str]()
    for pair in pairs:
        seen = {finding.kind for finding in look(pair.claim, pair.passage) if finding.relation == "differs"}
        if pair.expectation == "differs":
            wanted[pair.kind] += 1
            right[pair.kind] += pair.kind in seen
            seen -= {pair.kind}
        wrong.update(seen)
    table: dict[str, dict[str, float]] = {}
    for kind in KINDS:
        called = right[kind] + wrong[kind]
        table[kind] = {
            "precision": right[kind] / called if called else 1.0,
            "recall": right[kind] / wanted[kind] if wanted[kind] else 1.0,
            "pairs": wanted[kind],
        }
    return table


def by_edit(pairs: Iterable[ContrastPair]) -> dict[str, tuple[int, int]]:
    """For every edit, the pairs and how many of them the lens saw as it should."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for pair in pairs:
        seen = {finding.kind for finding in look(pair.claim, pair.passage) if finding.relation == "differs"}
        found[pair.edit][0] += 1
        found[pair.edit][1] += pair.kind in seen if pair.expectation == "differs" else not seen
    return {edit: (count, good) for edit, (count, good) in found.items()}
