"""A contrast set for the lens, made by code from given texts: sentences with one thing changed, and sentences said otherwise.

What lives here: putting edits together to pairs, and the score. What does not: any text, and the edits themselves (edits.py,
paraphrases.py), which are simple rules of their own, so that the lens is not examined on what it knows by construction.
A pair is an edited sentence as the claim, and the unedited one between its neighbours as the passage. Half of the changed
sentences are also said otherwise (clauses in another order, attributed, numbers in words), so they are no near-copies. Sorts:
changed (one difference, of one kind), harmless (said otherwise: no difference of any kind) and silence (the passage is of
another text: no difference). Edits are by rule, so a few are wrong; they count against the lens like the others.

    python -m workbench.benchmark.contrast FOLDER [--seed N] [--json FILE]

prints precision and recall by kind for a BEIR folder, or for a folder of txt and md files; and for a BEIR folder with stances
in how many supporting and refuting passages the lens shows a difference.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Literal, NamedTuple

import regex

from workbench.benchmark.beir import json_lines
from workbench.benchmark.edits import CHANGES, Edit, Kind
from workbench.benchmark.paraphrases import HARMLESS, reworded
from workbench.errors import WorkbenchError
from workbench.lens import look, stands

Expectation = Literal["differs", "same", "silent"]
KINDS: tuple[Kind, ...] = ("number", "date", "negation", "quantifier", "name", "place")
SHORTEST, LONGEST = 6, 45  # words of a sentence worth editing
ATTEMPTS = 40  # other texts tried for a silent pair
ROUNDS = 3  # times all sentences are gone through for one edit
PER_EDIT = 60  # pairs of one change at most; as many again are changed and said otherwise
MOST_STANCES = 700  # of one label
MOST_TEXTS = 4000  # of a large collection, by chance


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


def make_pairs(texts: Sequence[str], *, per_edit: int = PER_EDIT, seed: int = 1) -> list[ContrastPair]:
    """Pairs made from the texts: for each change up to per_edit plain ones and as many said otherwise, then as many harmless
    ones as there are changed ones, and a quarter as many silent ones.

    The same texts and seed give the same pairs. A text that is short of, say, quantifiers gives fewer of them.
    """
    chance = random.Random(seed)  # noqa: S311
    sentences = [one for number, text in enumerate(texts) for one in _sentences(text, number)]
    changed = _edited(sentences, CHANGES, "differs", per_edit, chance)
    changed += _said_otherwise(changed, chance)
    harmless = _edited(sentences, HARMLESS, "same", len(changed), chance)
    harmless += _said_otherwise(harmless, chance)
    return changed + _evenly(harmless, len(changed), chance) + _silent(sentences, changed, len(changed) // 4, chance)


def _sentences(text: str, number: int) -> Iterator[_Sentence]:
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
        for one in order * ROUNDS:
            if len(made) >= most:
                break
            claim = edit(one.text, chance)
            if claim and claim != one.text:
                made.setdefault((claim, one.passage), ContrastPair(claim, one.passage, kind, name, expectation))
        pairs.extend(made.values())
    return pairs


def _said_otherwise(pairs: Sequence[ContrastPair], chance: random.Random) -> list[ContrastPair]:
    """The pairs once more, with the claim said otherwise on top of its edit."""
    again = []
    for pair in pairs:
        claim = reworded(pair.claim, chance)
        if claim and claim != pair.claim:
            again.append(pair._replace(claim=claim, edit=f"{pair.edit}, said otherwise"))
    return again


def _evenly(pairs: Sequence[ContrastPair], most: int, chance: random.Random) -> list[ContrastPair]:
    """At most so many pairs, of every edit as many as there are until one that fits everywhere fills the rest."""
    left: dict[str, list[ContrastPair]] = defaultdict(list)
    for pair in chance.sample(list(pairs), len(pairs)):
        left[pair.edit].append(pair)
    rows = zip_longest(*left.values())
    return [pair for row in rows for pair in row if pair is not None][:most]


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


# --- the score -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class KindScore:
    """Precision and recall, in [0, 1], of "differs" for one kind, and how many pairs were changed in it.

    A difference of another kind than the one that was changed is a false one; so is any in a harmless or silent pair.
    """

    precision: float
    recall: float
    changed: int


@dataclass(frozen=True)
class Report:
    """What the lens reached: pairs by expectation, the score by kind, and for every edit the pairs and those seen right."""

    pairs: dict[str, int]
    kinds: dict[str, KindScore]
    edits: dict[str, tuple[int, int]]

    def table(self) -> str:
        """The score by kind as a Markdown table."""
        lines = ["| | " + " | ".join(self.kinds) + " |", "| --- |" + " --- |" * len(self.kinds)]
        lines.append("| pairs changed | " + " | ".join(str(one.changed) for one in self.kinds.values()) + " |")
        lines.append("| precision | " + " | ".join(f"{one.precision:.3f}" for one in self.kinds.values()) + " |")
        lines.append("| recall | " + " | ".join(f"{one.recall:.3f}" for one in self.kinds.values()) + " |")
        return "\n".join(lines)


_ALSO: dict[Kind, set[Kind]] = {"quantifier": {"negation"}}  # "none of" for "some of" is a denial too


def report(pairs: Iterable[ContrastPair]) -> Report:
    """How the lens does on pairs."""
    right, wrong, wanted, sorts = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    edits: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for pair in pairs:
        seen: set[Kind] = {finding.kind for finding in look(pair.claim, pair.passage) if finding.relation == "differs"}
        found, false = pair.kind in seen, seen
        sorts[pair.expectation] += 1
        if pair.expectation == "differs":
            wanted[pair.kind] += 1
            right[pair.kind] += found
            false = seen - {pair.kind} - _ALSO.get(pair.kind, set())
        wrong.update(false)
        edits[pair.edit][0] += 1
        edits[pair.edit][1] += found if pair.expectation == "differs" else not seen
    kinds: dict[str, KindScore] = {}
    for kind in KINDS:
        called = right[kind] + wrong[kind]
        precision, recall = right[kind] / called if called else 1.0, right[kind] / wanted[kind] if wanted[kind] else 1.0
        kinds[kind] = KindScore(round(precision, 4), round(recall, 4), wanted[kind])
    return Report(dict(sorts), kinds, {edit: (count, good) for edit, (count, good) in edits.items()})


def score_lens(texts: Sequence[str], seed: int = 1) -> Report:
    """How the lens does on the contrast set of some texts. The same texts and seed give the same report."""
    return report(make_pairs(texts, seed=seed))


def shown_by_label(folder: Path) -> dict[str, tuple[int, int]]:
    """For each label of the folder's stances the pairs looked at (MOST_STANCES at most), and those with a difference.

    {} where it has no stances. Raises: WorkbenchError `bad_benchmark`.
    """
    if not any(folder.glob("stance.jsonl*")):
        return {}
    by_label: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for _, line in json_lines(folder, "stance.jsonl"):
        by_label[str(line.get("label"))].append((str(line.get("claim")), str(line.get("passage"))))
    shown = {}
    for label, pairs in sorted(by_label.items()):
        chosen = random.Random(1).sample(pairs, min(MOST_STANCES, len(pairs)))  # noqa: S311
        shown[label] = len(chosen), sum(stands(look(claim, passage)) == "differs" for claim, passage in chosen)
    return shown


# --- the command -----------------------------------------------------------------------------------------------------


def read_texts(folder: Path) -> list[str]:
    """The texts of a BEIR folder (at most MOST_TEXTS, chosen by chance), or of the txt and md files of a folder.

    Raises: WorkbenchError `bad_benchmark`.
    """
    if any(folder.glob("corpus.jsonl*")):
        texts = [str(line.get("text") or "") for _, line in json_lines(folder, "corpus.jsonl")]
        return random.Random(1).sample(texts, min(MOST_TEXTS, len(texts)))  # noqa: S311
    files = sorted(path for path in folder.glob("*") if path.suffix in (".md", ".txt") and path.name != "README.md")
    if not files:
        raise WorkbenchError(
            f"{folder} holds no corpus.jsonl and no txt or md file.",
            hint="Name a BEIR folder, or a folder of texts such as evidence/.",
            code="bad_benchmark",
        )
    return [path.read_text(encoding="utf-8") for path in files]


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: prints the table, then the report as JSON (or writes it to a file)."""
    parser = argparse.ArgumentParser(prog="python -m workbench.benchmark.contrast", description="Score the lens on made pairs.")
    parser.add_argument("folder", type=Path, help="a BEIR folder, or a folder of txt and md files")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, help="write the report there instead of printing it")
    given = parser.parse_args(arguments)
    try:
        scored, shown = score_lens(read_texts(given.folder), given.seed), shown_by_label(given.folder)
    except WorkbenchError as error:
        sys.stderr.write(f"{error}\n{error.hint}\n")
        return 1
    written = json.dumps({**asdict(scored), "shown_by_label": shown}, indent=2)
    if given.json:
        given.json.write_text(written + "\n", encoding="utf-8")
    counts = ", ".join(f"{count} {sort}" for sort, count in scored.pairs.items())
    for label, (count, differing) in shown.items():
        counts += f"\n{label}: a difference shown in {differing} of {count} passages ({differing / count:.1%})"
    sys.stdout.write(
        f"{sum(scored.pairs.values())} pairs: {counts}\n{scored.table()}\n" + ("" if given.json else written + "\n")
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
