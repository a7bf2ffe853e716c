"""The lens on pairs written by hand, kind by kind.

`lens_pairs.yaml`: 207 judged pairs, written before the rules by somebody who had not seen them. The first rules were scored on
them once; since then they are, like `lens_more_pairs.yaml`, what the rules are improved on. The labels are never changed to
suit the rules.

`lens_realistic_pairs.yaml`: pairs that say one thing in quite different words, half of a blind set and more in its manner. The
floors are what was reached, a little below: precision first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from workbench.benchmark.contrast import KINDS
from workbench.lens import look, stands
from workbench.models import Finding, PartialDate


class Judged(NamedTuple):
    """A pair, what a person expects of one kind in it, and what the lens found of that kind."""

    name: str
    kind: str
    expected: str
    found: tuple[Finding, ...]

    @property
    def differs(self) -> bool:
        """Whether the lens shows a difference of that kind."""
        return stands(self.found) == "differs"


def looked_at(row: dict[str, Any] | list[str], number: int) -> Judged:
    """A row of either file, looked at."""
    if isinstance(row, list):
        row = dict(zip(("kind", "expect", "claim", "passage"), row, strict=True)) | {"id": f"more-{number}"}
    dated = PartialDate.model_validate(row["source_date"]) if row.get("source_date") else None
    found = look(row["claim"], row["passage"], source_date=dated, language=row.get("language", "en"))
    of_kind = tuple(one for one in found if one.kind == row["kind"])
    expected = "different dates" if row.get("as_of") else row["expect"].replace("-", " ")
    return Judged(row["id"], row["kind"], expected, of_kind)


def pairs_of(*names: str) -> list[Judged]:
    """The pairs of some files, looked at."""
    rows: list[Any] = []
    for name in names:
        rows += yaml.safe_load(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return [looked_at(row, number) for number, row in enumerate(rows)]


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    return pairs_of("lens_pairs.yaml", "lens_more_pairs.yaml")


@pytest.fixture(scope="module")
def realistic() -> list[Judged]:
    return pairs_of("lens_realistic_pairs.yaml")


REALISTIC_RECALL = {"number": 0.9, "date": 0.8, "negation": 0.7, "quantifier": 0.8, "name": 0.7, "place": 0.85}


@pytest.mark.parametrize("kind", KINDS)
def test_a_difference_is_right_and_found_in_the_pairs_the_rules_were_improved_on(kind: str, judged: list[Judged]) -> None:
    pairs = [pair for pair in judged if pair.kind == kind and pair.expected != "different dates"]
    seen = {pair.name for pair in pairs if pair.differs}
    due = {pair.name for pair in pairs if pair.expected == "differs"}

    assert len(seen & due) >= 0.95 * len(seen), seen - due
    assert len(seen & due) >= 0.85 * len(due), due - seen


@pytest.mark.parametrize("kind", KINDS)
def test_where_claim_and_passage_use_other_words_a_difference_is_right_before_it_is_found(
    kind: str, realistic: list[Judged]
) -> None:
    pairs = [pair for pair in realistic if pair.kind == kind]
    due = {pair.name for pair in pairs if pair.expected == "differs"}
    seen = {pair.name for pair in pairs if pair.differs}

    assert seen - due == set()
    assert len(seen) >= REALISTIC_RECALL[kind] * len(due), due - seen


def test_figures_counted_to_different_days_are_different_dates_and_no_difference(
    judged: list[Judged], realistic: list[Judged]
) -> None:
    counts = [pair for pair in judged + realistic if pair.expected == "different dates"]

    assert len(counts) >= 16
    assert [pair.name for pair in counts if pair.differs] == []
    assert [pair.name for pair in counts if "different dates" not in {one.relation for one in pair.found}] == []
