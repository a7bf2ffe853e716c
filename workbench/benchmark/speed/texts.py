"""Texts to measure with: made up from a seed, or taken from a BEIR folder. Nothing needs to be downloaded.

What lives here: sentences of a newsroom's grammar with a long tail of rare names, passages recombined from them, the files of
an evidence folder, and vectors for texts too many to encode. What does not: measuring. One seed always gives the same texts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.benchmark.beir import read_collection
from workbench.passages import sentence_spans

PER_FILE = 20  # passages in a file of the evidence folder
POOL = 20_000  # sentences that passages are recombined from
TAIL = 1.3  # exponent of the Zipf law that names are drawn by: most are rare, as in a newspaper

GRAMMAR = """
who: ministry of trade|election commission|central bank|city council|army spokesman|health department|opposition party
who: court of appeal|farmers union|port authority|national museum|weather office|teachers association|border police
who: statistics bureau|observer mission|finance committee|railway company|refugee agency|fishing cooperative
said: said|announced|denied|confirmed|reported|claimed|warned|recalled|conceded|repeated
people: farmers|voters|students|nurses|soldiers|migrants|workers|teachers|drivers|children|witnesses|fishermen
did: left|protested in|returned to|been counted in|been detained in|lost their homes in|registered in|been vaccinated in
did: been employed in|marched through|been displaced from
what: price of rice|unemployment rate|number of patients|budget deficit|voter turnout|water level|export of timber
what: harvest of maize|fuel subsidy|air quality|minimum wage|interest rate|cost of rent|crime rate|production of cement
moved: rose|fell|doubled|stayed flat|dropped sharply|recovered slowly|grew faster than expected|was revised
why: after the bridge was closed|because of the long drought|although nobody had expected it|while the factory stood idle
why: before the ballots were printed|when the new law came into force|since the strike began in spring
month: January|February|March|April|May|June|July|August|September|October|November|December
syllable: ka|lo|mar|ti|ven|sa|ru|no|bel|da|shi|po|rin|ga|tor|el|ma|que|zu|han|vi|ster|ol|fen
"""


def _grammar() -> dict[str, list[str]]:
    words: dict[str, list[str]] = {}
    for line in GRAMMAR.strip().splitlines():
        kind, _, listed = line.partition(": ")
        words.setdefault(kind, []).extend(listed.split("|"))
    return words


WORDS = _grammar()


@dataclass(frozen=True)
class Texts:
    """Passages without end and queries held out from them. With documents of a BEIR folder those come first, as they are."""

    seed: int
    sentences: tuple[str, ...]
    documents: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()

    @classmethod
    def made_up(cls, seed: int) -> Texts:
        """Texts of the newsroom's grammar."""
        made = _sentences(POOL + 1_000, seed)
        return cls(seed, tuple(made[:POOL]), queries=tuple(made[POOL:]))

    @classmethod
    def of_folder(cls, folder: Path, seed: int) -> Texts:
        """The documents and queries of a BEIR folder. Raises: WorkbenchError `bad_benchmark`."""
        found = read_collection(folder)
        documents = tuple(found.documents.values())
        pool: list[str] = []
        for text in documents:
            pool.extend(text[span.start : span.end] for span in sentence_spans(text))
            if len(pool) >= POOL:
                break
        return cls(seed, tuple(pool), documents, tuple(found.queries[one] for one in found.relevant))

    def passages(self, count: int, *, skip: int = 0) -> Iterator[str]:
        """`count` texts of about 50 words, the same ones at every call: the documents first, then three sentences each."""
        yield from self.documents[skip : skip + count]
        start, end = max(skip, len(self.documents)), skip + count
        for at in range(start - start % 1_000, end, 1_000):  # drawn by thousands, so that any stretch begins quickly
            picks = np.random.default_rng([self.seed, at]).integers(len(self.sentences), size=(1_000, 3))
            for row in picks[max(start - at, 0) : max(end - at, 0)].tolist():
                yield " ".join(self.sentences[one] for one in row)

    def asked(self, count: int) -> list[str]:
        """`count` queries, repeated from the first where there are fewer."""
        return [self.queries[at % len(self.queries)] for at in range(count)]


def write_files(folder: Path, texts: Iterator[str], *, per_file: int = PER_FILE) -> int:
    """Text files of `per_file` passages, one a paragraph; how many files."""
    folder.mkdir(parents=True)
    page: list[str] = []
    count = 0

    def turn() -> None:
        nonlocal count
        (folder / f"{count:06d}.txt").write_text("\n\n".join(page) + "\n", encoding="utf-8")
        page.clear()
        count += 1

    for text in texts:
        page.append(text)
        if len(page) == per_file:
            turn()
    if page:
        turn()
    return count


class MadeUpEncoder:
    """Vectors for texts too many to encode: one of the base moved by the difference of two others, chosen by the text's hash.

    With embeddings of real texts as base, the cloud has the shape of theirs. The same text always has the same vector; another
    base is another fingerprint.
    """

    max_words = 1_000_000
    notice: str | None = None

    def __init__(self, base: NDArray[np.float32]) -> None:
        self._base = base
        self.dimension = int(base.shape[1])
        self.fingerprint = f"made-up/{hashlib.sha256(base.tobytes()).hexdigest()[:16]}"

    @classmethod
    def of_seed(cls, seed: int, dimension: int = 384) -> MadeUpEncoder:
        """From a base of random directions: no model is needed."""
        rows = np.random.default_rng(seed).standard_normal((512, dimension))
        return cls((rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32))

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        """One unit row per text: (n, dimension) float32."""
        digests = b"".join(hashlib.blake2b(text.encode(), digest_size=16).digest() for text in texts)
        draws = np.frombuffer(digests, dtype="<u4").reshape(len(texts), 4).astype(np.int64)
        size = len(self._base)
        first, second = draws[:, 0] % size, draws[:, 1] % size
        third = (second + 1 + draws[:, 2] % (size - 1)) % size  # never the second: their difference has a direction
        step = self._base[second] - self._base[third]
        step /= np.maximum(np.linalg.norm(step, axis=1, keepdims=True), 1e-6)
        reach = (0.4 + 0.8 * draws[:, 3] / 2**32).astype(np.float32)
        rows = self._base[first] + reach[:, None] * step
        unit: NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit


def _sentences(count: int, seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    names = _names(rng)
    rank = np.minimum(rng.zipf(TAIL, size=(count, 2)), len(names)) - 1
    draws = rng.integers(1 << 30, size=(count, 8))
    return [_sentence(row, names[a], names[b]) for row, (a, b) in zip(draws.tolist(), rank.tolist(), strict=True)]


def _sentence(draw: list[int], place: str, person: str) -> str:
    def pick(kind: str, at: int) -> str:
        return WORDS[kind][draw[at] % len(WORDS[kind])]

    who, said, why, what, moved = pick("who", 0), pick("said", 1), pick("why", 2), pick("what", 3), pick("moved", 4)
    people, did, number = pick("people", 3), pick("did", 4), 10 + draw[5] % 9_990
    when = f"{1 + draw[6] % 28} {pick('month', 5)} {1990 + draw[6] % 36}"
    return (
        f"The {who} of {place} {said} on {when} that {number:,} {people} had {did} {person}.",
        f"In {place} the {what} {moved} by {number % 90 + 1} percent {why}, the {who} {said}.",
        f"{person}, who speaks for the {who}, {said} that the {what} {moved} {why}.",
        f"Some {number:,} {people} had {did} {place} by {when}, {why}, according to {person}.",
    )[draw[7] % 4]


def _names(rng: np.random.Generator) -> list[str]:
    """50,000 names, the likeliest first; the number of syllables grows with the rank."""
    syllables = WORDS["syllable"]
    draws = rng.integers(len(syllables), size=(50_000, 5)).tolist()
    return ["".join(syllables[one] for one in row[: 2 + (at > 50) + (at > 5_000)]).title() for at, row in enumerate(draws)]
