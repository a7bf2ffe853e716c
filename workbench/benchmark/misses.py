"""What a search missed and why: for every query without a relevant document in the first ten, the facts and a reason.

What lives here: the reasons, a small closed list, each computed from ranks, scores and words and never guessed. What does not:
asking (exam.py). Read as "the first of these that holds", from REASONS down.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import regex

from workbench.benchmark.exam import TOLD_EVERY, Exam, Placed, Progress
from workbench.errors import WorkbenchError
from workbench.lexical import query_terms
from workbench.models import SearchMode

FIRST = 10  # documents a reviewer looks at; as in nDCG@10
NEAR = 20
TEXT_START = 200  # characters of a document shown in the file
DECIMALS = 6

NOT_HERE = "not in the corpus"
OUTSIDE = "outside both lists"
WORDS_ONLY = "found by words only, outranked by meaning"
MEANING_ONLY = "found by meaning only, outranked by words"
NEARLY = "near: rank 11 to 20"
NO_WORD = "no word in common"
SPLIT = "document is long and split"
LOW = "low in the lists: rank 21 or below"
REASONS = {
    NOT_HERE: "the judgements name a document that the corpus does not have",
    OUTSIDE: "neither search has it among its first 200 documents",
    WORDS_ONLY: "among the first ten by words, not by meaning, and the measured mode followed meaning",
    MEANING_ONLY: "among the first ten by meaning, not by words, and the measured mode followed the words",
    NEARLY: "the measured mode has it at rank 11 to 20",
    NO_WORD: "it shares no word stem with the query that is not a stop word",
    SPLIT: "it was cut into passages, and no single one has all the words it shares with the query",
    LOW: "none of these: other documents fit better on both sides",
}


@dataclass(frozen=True)
class Judged:
    """A document somebody judged relevant: its grade and the start of its text ("" where the corpus does not have it)."""

    id: str
    grade: int
    text: str


@dataclass(frozen=True)
class Described:
    """A document as the searches saw it. ranks: by mode, None where it is not among the first 200.

    cosine, bm25: of its best passages, exact, also where no list has them. score: in the measured mode, None outside its list.
    """

    id: str
    text: str
    passages: int
    ranks: Mapping[SearchMode, int | None]
    cosine: float | None
    bm25: float | None
    score: float | None
    words_in_common: tuple[str, ...]


@dataclass(frozen=True)
class Miss:
    """A query whose relevant documents are all outside the first ten. best: the one that came nearest; tenth: what is there."""

    query_id: str
    query: str
    mode: SearchMode
    reason: str
    relevant: tuple[Judged, ...]
    best: Described
    tenth: Described | None


def missed(exam: Exam, mode: SearchMode, rankings: Mapping[str, Sequence[str]], tell: Progress) -> Iterator[Miss]:
    """Every query of these rankings that has no relevant document in the first ten, in the order they were asked."""
    relevant = exam.collection.relevant
    queries = [query for query, found in rankings.items() if not relevant[query].keys() & set(found[:FIRST])]
    for at, query in enumerate(queries):
        if at % TOLD_EVERY == 0:
            tell("Looking at what was missed", at, len(queries))
        yield _miss(exam, mode, query)
    tell("Looking at what was missed", len(queries), len(queries))


def write_misses(path: Path, misses: Sequence[Miss]) -> None:
    """One line of JSON a miss, with the fields of Miss. Raises: WorkbenchError `unwritable`."""
    try:
        path.write_text("".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in misses), encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error.strerror or str(error)) from error


def check_writable(path: Path) -> None:
    """Look whether there is a folder for this file, before minutes go into what it is to hold.

    Raises: WorkbenchError `unwritable`.
    """
    if path.is_dir():
        raise _unwritable(path, "it is a folder")
    if not path.absolute().parent.is_dir():
        raise _unwritable(path, "its folder is not there")


def _unwritable(path: Path, why: str) -> WorkbenchError:
    hint = "Give --misses the name of a file in a folder that is there."
    return WorkbenchError(f"{path} cannot be written: {why}.", hint=hint, code="unwritable")


def words_in_common(query: str, text: str) -> tuple[str, ...]:
    """The words of a text that BM25 counts for a query, as they stand in it, each once."""
    asked = query_terms(query).keys()
    words = (word for word in text.split() if query_terms(word).keys() & asked)
    bare = (regex.sub(r"^\W+|\W+$", "", word) for word in words)
    return tuple({word.casefold(): word for word in bare}.values())


def _miss(exam: Exam, mode: SearchMode, query: str) -> Miss:
    modes: tuple[SearchMode, ...] = ("dense", "lexical", "hybrid")
    placed = {one: exam.ranking(query, one) for one in modes}
    documents, relevant = exam.collection.documents, exam.collection.relevant[query]
    order: list[SearchMode] = [mode, *(one for one in modes if one != mode)]

    def nearness(document: str) -> tuple[float, ...]:
        ranks = (placed[one][document].rank if document in placed[one] else np.inf for one in order)
        return (*ranks, -relevant[document])

    best = _described(exam, query, min(relevant, key=nearness), placed, mode)
    first = list(placed[mode])[:FIRST]
    return Miss(
        query_id=query,
        query=exam.collection.queries[query],
        mode=mode,
        reason=_reason(exam, query, best, mode),
        relevant=tuple(Judged(one, grade, documents.get(one, "")[:TEXT_START]) for one, grade in relevant.items()),
        best=best,
        tenth=_described(exam, query, first[-1], placed, mode) if first else None,
    )


def _described(
    exam: Exam, query: str, document: str, placed: Mapping[SearchMode, Mapping[str, Placed]], mode: SearchMode
) -> Described:
    ids = exam.passages.get(document, [])
    text, index = exam.collection.queries[query], exam.index
    cosine = bm25 = None
    words: tuple[str, ...] = ()
    if ids and index is not None:
        cosines = dict(zip(ids, (index.generation.dense.rows(ids) @ exam.vector(query)).tolist(), strict=True))
        scores = dict(index.generation.lexical.search(text, len(ids), ids=np.asarray(ids, dtype=np.int64)))
        cosine, bm25 = max(cosines.values()), max(scores.values(), default=0.0)
        nearest = max(ids, key=lambda one: (scores.get(one, 0.0), cosines[one]))
        words = words_in_common(text, exam.catalog.passages_by_id([nearest])[nearest].text)
    here = placed[mode].get(document)
    return Described(
        id=document,
        text=exam.collection.documents.get(document, "")[:TEXT_START],
        passages=len(ids),
        ranks={one: found[document].rank if document in found else None for one, found in placed.items()},
        cosine=None if cosine is None else round(cosine, DECIMALS),
        bm25=None if bm25 is None else round(bm25, DECIMALS),
        score=here.best.score if here else None,
        words_in_common=words,
    )


def _reason(exam: Exam, query: str, best: Described, mode: SearchMode) -> str:
    """The first of REASONS that holds."""
    if best.id not in exam.collection.documents:
        return NOT_HERE
    dense, lexical, here = (best.ranks[one] or np.inf for one in ("dense", "lexical", mode))
    if dense == lexical == np.inf:
        return OUTSIDE
    if lexical <= FIRST < dense:
        return WORDS_ONLY
    if dense <= FIRST < lexical:
        return MEANING_ONLY
    if here <= NEAR:
        return NEARLY
    if not best.words_in_common:
        return NO_WORD
    whole = words_in_common(exam.collection.queries[query], exam.collection.documents[best.id])
    return SPLIT if best.passages > 1 and len(whole) > len(best.words_in_common) else LOW
