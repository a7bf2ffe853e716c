"""Fixtures every test may use: real stores in tmp_path, a deterministic encoder, no network, no checkout."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import regex
from hypothesis import settings
from numpy.typing import NDArray

from workbench.models import Claim, Reviewer

settings.register_profile("workbench", deadline=None)  # this machine is shared: a slow example says nothing
settings.load_profile("workbench")

SHARED = Path(__file__).resolve().parents[2] / "shared"
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ANA = Reviewer.self_declared("Ana")
BO = Reviewer.self_declared("Bo")


class FakeEncoder:
    """Hashed words, 64 dimensions: texts that share words are near, nothing is downloaded, every run is the same."""

    dimension = 64
    fingerprint = "fake-encoder-64"
    max_words = 200

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in regex.findall(r"\w+", text.lower()):
                slot = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % self.dimension
                vectors[row, slot] += 1.0
            vectors[row, 0] += 1e-3  # an empty text still has a direction
        unit: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit


@pytest.fixture
def fake_encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: this test reads the development articles")
    return SHARED


def make_claim(claim_id: str = "a-claim", statement: str = "The election was marred by fraud.", **fields: object) -> Claim:
    return Claim.model_validate({"id": claim_id, "statement": statement, **fields})
