"""What another model would mean here, before the switch: `workbench model check`.

What lives here: what a model is, how fast and how large it runs beside the present one, and how far the two agree on claims
and passages at hand. What does not: a verdict on quality (labelled sets have `workbench eval`), or the switch itself, which
is a line in workbench.toml. Nothing is written but converted models.
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.desk import Desk
from workbench.encoders import Encoder, ModelEncoder, hash_again, load_encoder
from workbench.models import Record
from workbench.settings import CONFIG_NAME, SearchSettings

MOST_PASSAGES = 1_000  # encoded by both models; a minute or two on a laptop
TIMED = 96  # texts whose encoding is timed, after one that is not
BEST = 10
PACKAGED_LANGUAGES = SearchSettings().languages  # the default of the settings is that of the packaged model
SENTENCES = (  # timed where there is neither workspace nor samples: of the length of a short passage
    "The ministry said on Friday that 1,204 people had been detained since the protests began, while lawyers counted 1,487.",
    "Observers who visited 220 polling stations reported delays and missing lists, and found no evidence of organised fraud.",
    "Rainfall in the delta fell by more than a third over thirty years, the hydrological service wrote in its annual review.",
)

Progress = Callable[[str, int, int], None]


class ModelFacts(Record):
    """What a model is and how it would be run. languages_checked: those its finding was tried on here; often none."""

    folder: str
    fingerprint: str
    runtime: str
    precision: str
    notice: str | None
    dimension: int
    max_words: int
    query_prompt: str
    passage_prompt: str
    languages_checked: tuple[str, ...]


class Speed(Record):
    """Measured in a process of its own. memory_mb: at its largest, Python and the model together.

    seconds_to_first_vector: from the settings; the workbench's own imports come on top.
    """

    texts: int
    texts_per_second: float
    texts_per_cpu_second: float
    seconds_to_first_vector: float
    memory_mb: int


class CitedRank(Record):
    """At which rank, by meaning alone, each model finds a passage that a verdict cites (1 is first)."""

    claim_id: str
    passage_id: str
    rank: int
    present_rank: int


class Agreement(Record):
    """How alike the two models rank. top10: mean share of the present model's ten best that are among the other's ten best.

    of: the passages there are; fewer are compared where there are very many (every cited one among them).
    """

    of_what: str
    claims: int
    passages: int
    of: int
    top10: float
    cited: tuple[CitedRank, ...]


class ModelCheck(Record):
    """Everything `workbench model check` says. skipped: why a part is missing."""

    model: ModelFacts
    present: ModelFacts
    speed: Speed
    present_speed: Speed
    agreement: Agreement | None
    skipped: str | None = None


def check_model(
    search: SearchSettings, *, present: SearchSettings, desk: Desk | None, progress: Progress | None = None
) -> ModelCheck:
    """What the model of `search` would mean in place of the one of `present`, for this workspace or, without one, the samples.

    Raises: ModelError where either cannot be used.
    """
    tell = progress or (lambda what, done, total: None)
    tell("Loading", 0, 2)
    hash_again()
    wanted, now = load_encoder(search), load_encoder(present)
    facts = [facts_of(one) for one in (wanted, now)]  # converts what was not converted yet
    with _at_hand(desk, now) as found:
        texts = _timed_texts(found)
        speeds = []
        for at, one in enumerate((search, present)):
            tell("Timing", at, 2)
            speeds.append(_in_its_own_process(one, texts))
        agreement = compare(found, wanted, now, tell) if found else None
    skipped = None if agreement else "There are no claims and passages to compare the models on; the samples are not here."
    return ModelCheck(
        model=facts[0], present=facts[1], speed=speeds[0], present_speed=speeds[1], agreement=agreement, skipped=skipped
    )


def facts_of(encoder: ModelEncoder) -> ModelFacts:
    """What a model is and how it would be run. Raises: ModelError."""
    runtime, _, precision = encoder.fingerprint.split("/")[1].rpartition("-")
    return ModelFacts(
        folder=str(encoder.folder.path),
        fingerprint=encoder.fingerprint,
        runtime=runtime,
        precision=precision,
        notice=encoder.notice,
        dimension=encoder.dimension,
        max_words=encoder.max_words,
        query_prompt=encoder.folder.query_prompt,
        passage_prompt=encoder.folder.passage_prompt,
        languages_checked=PACKAGED_LANGUAGES if encoder.folder.is_packaged else (),
    )


# --- speed ---------------------------------------------------------------------------------------------------------


def _timed_texts(found: AtHand | None) -> list[str]:
    texts = list(found.passages.values()) if found else list(SENTENCES)
    return [texts[at % len(texts)] for at in range(TIMED)]


def _in_its_own_process(search: SearchSettings, texts: Sequence[str]) -> Speed:
    """Timed where no other model is loaded, so that memory and start are the model's own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(measure, search, list(texts)).result()


def measure(search: SearchSettings, texts: Sequence[str]) -> Speed:
    """How fast and how large the model runs in this process, which should be a fresh one."""
    begun = time.perf_counter()
    encoder = load_encoder(search)
    encoder.encode(texts[:1], query=True)
    first = time.perf_counter() - begun
    encoder.encode(texts)
    wall, spent = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    wall, spent = time.perf_counter() - wall, time.process_time() - spent
    return Speed(
        texts=len(texts),
        texts_per_second=round(len(texts) / wall, 1),
        texts_per_cpu_second=round(len(texts) / spent, 1),
        seconds_to_first_vector=round(first, 2),
        memory_mb=_largest_mb(),
    )


def _largest_mb() -> int:
    """The most memory this process ever held; on Linux by its own count, as getrusage begins with that of the parent."""
    status = Path("/proc/self/status")
    if status.is_file():
        peak = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM:"))
        return int(peak.split()[1]) >> 10
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest >> (20 if sys.platform == "darwin" else 10)


# --- agreement -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class AtHand:
    """Statements by claim id, texts by passage id, and which passages the verdicts that count now cite."""

    what: str
    statements: dict[str, str]
    passages: dict[str, str]
    cited: tuple[tuple[str, str], ...]
    of: int


@contextmanager
def _at_hand(desk: Desk | None, encoder: Encoder) -> Iterator[AtHand | None]:
    """Claims and passages of the workspace; else of the sample workspace, taken into a folder that goes away again."""
    found = gather(desk, "this workspace") if desk else None
    samples = Path(__file__).resolve().parents[2]
    if found or not all((samples / part).exists() for part in (CONFIG_NAME, "claims", "evidence")):
        yield found
        return
    with tempfile.TemporaryDirectory(prefix="workbench-samples-") as name:
        for part in ("claims", "evidence"):
            shutil.copytree(samples / part, Path(name) / part)
        shutil.copy(samples / CONFIG_NAME, name)
        with Desk.open(name, encoder=lambda: encoder) as opened:
            opened.sync_claims()
            opened.sync_evidence()
            yield gather(opened, "the sample workspace")


def gather(desk: Desk, what: str) -> AtHand | None:
    """What a workspace has to compare models on; None where it has no claims or no passages."""
    passages = {one.passage_id: one for entry in desk.library() for one in desk.passages(entry.source_id)}
    cases = [case for case in desk.claims() if not case.retired]
    cited = [
        (case.claim.id, one.passage_id)
        for case in cases
        for verdict in case.verdicts
        for citation in verdict.citations
        for one in passages.values()
        if verdict.state == "current" and citation.source_id == one.source_id
        if citation.start < one.end and one.start < citation.end
    ]
    if not cases or not passages:
        return None
    named = {passage_id for _, passage_id in cited}
    others = [one for one in passages if one not in named]
    step = max(1, -(-len(others) // max(1, MOST_PASSAGES - len(named))))
    kept = [*named, *others[::step]]
    return AtHand(
        what=what,
        statements={case.claim.id: case.claim.statement for case in cases},
        passages={one: passages[one].text for one in sorted(kept)},
        cited=tuple(dict.fromkeys(cited)),
        of=len(passages),
    )


def compare(found: AtHand, wanted: Encoder, present: Encoder, progress: Progress) -> Agreement:
    """How alike two models rank the passages for the claims, by meaning alone. Raises: ModelError."""
    progress("Comparing", 0, 2)
    theirs = _ranked(found, wanted)
    progress("Comparing", 1, 2)
    ours = _ranked(found, present)
    row = {claim_id: at for at, claim_id in enumerate(found.statements)}
    column = {passage_id: at for at, passage_id in enumerate(found.passages)}
    shared = [len(set(one[:BEST]) & set(other[:BEST])) for one, other in zip(theirs.tolist(), ours.tolist(), strict=True)]
    cited = [
        CitedRank(
            claim_id=claim_id,
            passage_id=passage_id,
            rank=1 + int(np.flatnonzero(theirs[row[claim_id]] == column[passage_id])[0]),
            present_rank=1 + int(np.flatnonzero(ours[row[claim_id]] == column[passage_id])[0]),
        )
        for claim_id, passage_id in found.cited
    ]
    return Agreement(
        of_what=found.what,
        claims=len(found.statements),
        passages=len(found.passages),
        of=found.of,
        top10=round(sum(shared) / len(shared) / min(BEST, len(found.passages)), 4),
        cited=tuple(cited),
    )


def _ranked(found: AtHand, encoder: Encoder) -> NDArray[np.int64]:
    """(claims, passages): for each claim the places of the passages, best first, ties in passage order."""
    queries = encoder.encode(list(found.statements.values()), query=True)
    passages = encoder.encode(list(found.passages.values()))
    return np.argsort(-(queries @ passages.T), axis=1, kind="stable")
