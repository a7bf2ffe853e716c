"""Data sets for research: what people judged, in the fields of AVeriTeC, FEVER and BEIR.

    judged.py      which judgements may be data, and what every form says of them
    splits.py      which claims go together, and the draw
    averitec.py fever.py beir.py    one form each
    writing.py datasheet.py         the folder with its manifest and datasheet
    hydrate.py     words of sources put back into a data set that was written without

What does not live here: reports (workbench.report), measuring (workbench.benchmark).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from workbench.cases import Cases
from workbench.catalog import Catalog
from workbench.datasets import averitec, beir, fever
from workbench.datasets.datasheet import datasheet_of
from workbench.datasets.hydrate import Hydrated, Texts, hydrate
from workbench.datasets.judged import Judged, Judgement
from workbench.datasets.splits import SplitBy
from workbench.datasets.writing import array_of, lines_of, table_of, write_folder
from workbench.ledger import Ledger
from workbench.library import Library
from workbench.originals import Originals
from workbench.reporting import EVERYTHING, Reporting, Selection
from workbench.settings import Settings
from workbench.version import VERSION

__all__ = ["Datasets", "Form", "Hydrated", "SplitBy", "Wanted"]

Form = Literal["averitec", "fever", "beir"]
NO_SPLIT = "undated"  # of a split by time: the claims of which no day is known
Named = tuple[str, Iterable[bytes]]


@dataclass(frozen=True)
class Wanted:
    """How a data set is wanted. split: None draws none. with_text: false leaves out words of sources, for `hydrate`."""

    split: SplitBy | None = None
    seed: int = 0
    with_text: bool = True


class Datasets:
    """The data sets of one workspace."""

    def __init__(
        self,
        cases: Cases,
        reporting: Reporting,
        ledger: Ledger,
        evidence: Library,
        catalog: Catalog,
        originals: Originals,
        settings: Settings,
        now: Callable[[], datetime],
    ) -> None:
        self._cases = cases
        self._reporting = reporting
        self._ledger = ledger
        self._evidence = evidence
        self._catalog = catalog
        self._originals = originals
        self._settings = settings
        self._now = now

    def write(self, form: Form, target: Path, selection: Selection = EVERYTHING, wanted: Wanted = Wanted()) -> dict[str, Any]:
        """Write a data set as a new folder; its manifest. The same ledger, settings and seed give the same bytes.

        Raises: UnknownId, WorkspaceError where something is there or it cannot be written; then nothing is left.
        """
        head = self._ledger.head()
        judged = self._judged(selection, wanted)

        def told() -> dict[str, Any]:
            return self._told(form, judged, wanted, head)

        return write_folder(target, self._files(form, judged, wanted), told, datasheet_of)

    def one_file(
        self, form: Form, selection: Selection = EVERYTHING, wanted: Wanted = Wanted()
    ) -> tuple[Iterator[bytes], Callable[[], dict[str, Any]]]:
        """What stands of the claims as one file in that form (not BEIR), and what is told of it once it is written."""
        head = self._ledger.head()
        judged = self._judged(selection, wanted)
        records = self._adjudicated(form, judged, [*judged.adjudicated()], fever.Documents(self._originals, judged), wanted)
        pieces = array_of(records) if form == "averitec" else lines_of(records)
        return iter(pieces), lambda: self._told(form, judged, wanted, head)

    def hydrate(self, folder: Path, target: Path) -> Hydrated:
        """Write a data set anew with the words of sources that are at hand here. Raises: WorkbenchError, WorkspaceError."""
        return hydrate(folder, target, Texts(self._originals, self._catalog))

    # the files -----------------------------------------------------------------------------------------------------

    def _judged(self, selection: Selection, wanted: Wanted) -> Judged:
        chosen, every = self._reporting.cases(selection), self._cases.all()
        stores = (self._settings.review, self._ledger, self._evidence, self._now())
        return Judged(chosen, every, *stores, by=wanted.split, seed=wanted.seed)

    def _files(self, form: Form, judged: Judged, wanted: Wanted) -> Iterator[Named]:
        if form == "beir":
            yield from self._beir(judged, wanted)
            return
        documents = fever.Documents(self._originals, judged)
        suffix, spelled = (".json", array_of) if form == "averitec" else (".jsonl", lines_of)
        standing, reviewers = [*judged.adjudicated()], [*judged.of_reviewers()]
        apart = [one for one in standing if form == "fever" and one.label not in fever.LABELS]
        classed = [one for one in standing if one not in apart]
        for name, part in _by_split(classed, judged, form, wanted):
            yield name + suffix, spelled(self._adjudicated(form, judged, part, documents, wanted))
        if form == "fever":
            yield "no-class.jsonl", lines_of(self._adjudicated(form, judged, apart, documents, wanted))
        yield f"reviewers{suffix}", spelled(self._adjudicated(form, judged, reviewers, documents, wanted))
        if form == "fever":
            yield "documents.jsonl", lines_of(documents.records(with_text=wanted.with_text))

    def _adjudicated(
        self, form: Form, judged: Judged, part: Iterable[Judgement], documents: fever.Documents, wanted: Wanted
    ) -> Iterator[Mapping[str, Any]]:
        for one in part:
            if form == "averitec":
                yield averitec.record_of(one, judged, with_text=wanted.with_text)
            else:
                yield fever.record_of(one, judged, documents)

    def _beir(self, judged: Judged, wanted: Wanted) -> Iterator[Named]:
        passages = beir.Passages(self._evidence, self._catalog)
        found = beir.relevance_of(judged, passages)
        yield "corpus.jsonl", lines_of(passages.records(judged, found.loose, with_text=wanted.with_text))
        yield "queries.jsonl", lines_of(beir.queries_of(judged))
        yield "qrels.tsv", table_of("query-id\tcorpus-id\tscore", ((*key, grade) for key, grade in sorted(found.qrels.items())))
        yield "shown.tsv", table_of("query-id\tcorpus-id\trank", ((*key, rank) for key, rank in sorted(found.shown.items())))
        yield "judgements.jsonl", lines_of(found.own)

    def _told(self, form: Form, judged: Judged, wanted: Wanted, head: tuple[int, str]) -> dict[str, Any]:
        told, splits = judged.told, [judged.splits.split_of(case.claim.id) for case in judged.cases]
        drawn = {name: splits.count(name) for name in judged.splits.names}
        if wanted.split and None in splits:
            drawn[NO_SPLIT] = splits.count(None)
        return {
            "form": form,
            "name": self._settings.organisation.name or self._settings.name,
            "licence": self._settings.organisation.licence or None,
            "software": f"workbench {VERSION}",
            "text": "full" if wanted.with_text else "none",
            "ledger": {"seq": head[0], "hash": head[1]},
            "split": {"by": wanted.split, "seed": wanted.seed if wanted.split else None, "claims": drawn},
            "counts": dict(told.counts),
            "null": dict(sorted(told.null.items())),
            "left_out": {reason: number for reason, number in told.left_out.items() if number},
            "loses": dict(sorted(told.loses.items())),
            "guidelines": dict(sorted(told.guidelines.items())),
        }


def _by_split(part: list[Judgement], judged: Judged, form: Form, wanted: Wanted) -> Iterator[tuple[str, list[Judgement]]]:
    """The name of each file of what stands, and what is in it."""
    if wanted.split is None:
        yield form, part
        return
    for name in (*judged.splits.names, None):
        held = [one for one in part if judged.splits.split_of(one.claim.id) == name]
        if held or name is not None:
            yield name or NO_SPLIT, held
