"""The claims of a workspace in an index of their own: which of them say nearly what a text says.

What lives here: bringing that index up to the claims, and ranking them by meaning and words. What does not: whether two claims
are the same (precedents.py). A claim is one passage, its statement and its quotation; the index is a catalog like that of the
evidence, in `.workbench/claims/`, and can be deleted like it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.catalog import Catalog
from workbench.encoders import Encoder, checked
from workbench.languages import is_among, script_of
from workbench.models import Passage, SearchMode, Source, sha256_hex
from workbench.posts import read_post
from workbench.search import Index, Searcher
from workbench.settings import EvidenceSettings, Settings

AT_ONCE = 200  # new claims that a look-up itself takes in; more wait for `keep`, so that no page waits for an import
READER = "claim"


@dataclass(frozen=True, slots=True)
class NearClaim:
    """A claim id with how near it lies. score: of the fusion, comparable within one look-up; cosine: [-1, 1] or None."""

    claim_id: str
    score: float
    cosine: float | None


class ClaimIndex:
    """Safe to share between threads. encoder: asked for when something is encoded."""

    def __init__(self, folder: Path, settings: Settings, encoder: Callable[[], Encoder]) -> None:
        self._catalog = Catalog(folder)
        # how evidence is cut is no matter here: a changed setting must not cut claims again
        self._settings = settings = settings.model_copy(update={"evidence": EvidenceSettings()})
        self._encoder = encoder
        self._searcher = Searcher(self._catalog, settings, encoder)
        self._lock = threading.RLock()
        self._said: Mapping[str, str] = {}  # as it was when the index was last brought up to it
        self._owner: dict[str, str] = {}  # claim id by source id

    def close(self) -> None:
        """Let go of the open index."""
        self._catalog.close()

    def near(self, text: str, said: Mapping[str, str], *, k: int) -> list[NearClaim]:
        """The k claims nearest to a text, best first; [] where there are none, or too many are waiting for `keep`.

        said: what each claim says that may be found, by id (register.said). A text the model was not checked
        for is compared by its words only. Raises: ModelError, StaleIndex.
        """
        with self._lock:
            if not text.split() or self._waiting(said) > AT_ONCE:
                return []
            self.keep(said)
            index = self._searcher.open()
            return [] if index is None else self._ranked(index, text, k)

    def keep(self, said: Mapping[str, str]) -> None:
        """Bring the index up to what the claims say; only new wordings are encoded. Raises: ModelError, StaleIndex."""
        with self._lock:
            encoder = self._encoder()
            if self._said and not self._changed(said) and self._catalog.is_current(encoder.fingerprint, self._settings):
                return
            owner = self._owners(said)
            held = self._catalog.counts().keys()
            new = [claim_id for source_id, claim_id in owner.items() if source_id not in held]
            with self._catalog.writing():
                self._catalog.put_all(_as_source(claim_id, said[claim_id]) for claim_id in new)
                for gone in held - owner.keys():
                    self._catalog.drop(gone)
            if not self._catalog.is_current(encoder.fingerprint, self._settings):
                self._catalog.build(encoder, self._settings)
            self._said, self._owner = said, owner

    def _owners(self, said: Mapping[str, str]) -> dict[str, str]:
        """Claim ids by source id; only of what is new or reworded is the digest made."""
        unchanged = {one: source_id for source_id, one in self._owner.items() if self._said.get(one) == said.get(one)}
        return {unchanged.get(one) or _source_id(one, words): one for one, words in said.items()}

    def _waiting(self, said: Mapping[str, str]) -> int:
        """How many claims are new or reworded since the index was last brought up to them, by this process or another."""
        if self._said:
            return len(self._changed(said))
        held, self._owner = self._catalog.counts().keys(), self._owners(said)
        if self._owner.keys() == held:
            self._said = said
        return len(self._owner.keys() - held)

    def _changed(self, said: Mapping[str, str]) -> set[str]:
        """Ids of claims that came, went or were reworded since."""
        if said is self._said:
            return set()
        came = {claim_id for claim_id, words in said.items() if self._said.get(claim_id) != words}
        return came | (self._said.keys() - said.keys())

    def _ranked(self, index: Index, text: str, k: int) -> list[NearClaim]:
        wording = read_post(text)
        readable = is_among(self._settings.search.languages, language=None, script=script_of(wording))
        vector: NDArray[np.float32] | None = None
        mode: SearchMode = "lexical"
        if readable:
            encoder = self._encoder()
            vector, mode = checked(encoder.encode([wording], query=True), 1, encoder.dimension)[0], "hybrid"
        found = self._searcher.rank(index, wording, vector, mode=mode, k=k).candidates
        passages = self._catalog.passages_by_id([one.id for one in found])
        near: dict[str, NearClaim] = {}
        for one in found:
            owner = self._owner.get(passages[one.id].source_id) if one.id in passages else None
            if owner is not None:
                near.setdefault(owner, NearClaim(owner, one.score, one.cosine))
        return list(near.values())


def _source_id(claim_id: str, said: str) -> str:
    """Two claims may say the same in the same words; each is found."""
    return sha256_hex(f"{claim_id}\n{said}")


def _as_source(claim_id: str, text: str) -> tuple[Source, list[Passage]]:
    source_id = _source_id(claim_id, text)
    source = Source(
        source_id=source_id,
        text=text,
        text_sha256=sha256_hex(text),
        media_type="text/plain",
        script=script_of(text),
        reader=READER,
        reader_version="1",
    )
    passage = Passage(
        passage_id=Passage.id_of(source_id, 0, len(text)),
        source_id=source_id,
        ordinal=0,
        start=0,
        end=len(text),
        text=text,
        text_hash=sha256_hex(text),
    )
    return source, [passage]
