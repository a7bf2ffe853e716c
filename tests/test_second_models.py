"""Models that read claim and passage together: the re-ranker of a search, and the one that suggests a stance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import ANA, NOON, FakeEncoder, make_claim
from tests.test_search import CLAIM, LIBRARY, SOURCES
from tests.tiny_models import save_cross_encoder
from workbench.catalog import Catalog
from workbench.desk import Desk
from workbench.errors import ModelError
from workbench.models import Filters, SearchMode, SearchResult
from workbench.search import Query, Reranker, Searcher
from workbench.settings import SearchSettings, Settings


class LikesRain:
    """A re-ranker that knows what it wants."""

    fingerprint = "likes-rain"

    def score(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([0.9 if "Rain" in text else 0.1 for text in texts], dtype=np.float32)


class Broken(LikesRain):
    def score(self, query: str, texts: Sequence[str]) -> NDArray[np.float32]:
        raise ModelError("The re-ranker returned NaN.", hint="Choose another.")


def find(folder: Path, reranker: Reranker, *, mode: SearchMode = "hybrid", depth: int = 50) -> SearchResult:
    settings = Settings(search=SearchSettings(rerank_depth=depth))
    catalog = Catalog(folder)
    catalog.put_all(SOURCES)
    catalog.build(FakeEncoder(), settings)
    searcher = Searcher(catalog, settings, FakeEncoder, reranker=lambda: reranker)
    return searcher.search(
        Query((CLAIM,)), k=10, mode=mode, filters=Filters(), library=LIBRARY, unread=(), waiting=(), now=NOON
    )


def test_the_re_ranker_has_the_last_word_and_is_named_on_the_receipt(tmp_path: Path) -> None:
    result = find(tmp_path, LikesRain())

    assert (result.hits[0].text, result.hits[0].rerank_score) == ("Rain fell on Sunday.", 0.9)
    assert result.receipt.reranker_fingerprint == "likes-rain"


def test_it_reads_no_further_than_it_is_told(tmp_path: Path) -> None:
    result = find(tmp_path, LikesRain(), depth=2)

    assert [hit.rerank_score for hit in result.hits][:3] == [0.1, 0.1, None]


@pytest.mark.parametrize("mode", ["dense", "lexical"])
def test_one_side_alone_is_shown_as_it_is(tmp_path: Path, mode: SearchMode) -> None:
    result = find(tmp_path, LikesRain(), mode=mode)

    assert {hit.rerank_score for hit in result.hits} == {None}
    assert result.receipt.reranker_fingerprint is None


def test_a_broken_re_ranker_leaves_the_order_and_says_so(tmp_path: Path) -> None:
    result = find(tmp_path, Broken())

    assert result.hits[0].text == "The army alleged mass fraud in the election."
    assert result.receipt.warnings == ("Not re-ranked: The re-ranker returned NaN. Choose another.",)


@pytest.mark.model
def test_a_re_ranker_named_in_the_settings_is_loaded_and_used(home: Path, tmp_path: Path) -> None:
    folder = save_cross_encoder(tmp_path, labels=["LABEL_0"])
    (home / "workbench.toml").write_text(f'[search]\nreranker = "{folder}"\n', encoding="utf-8")
    (home / "evidence" / "vote.txt").write_text("Observers found no fraud in the election.", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.sync_evidence()

        result = desk.find("fraud in the election")

    assert 0 < (result.hits[0].rerank_score or 0) < 1
    assert (result.receipt.reranker_fingerprint or "").startswith("bert")


@pytest.mark.model
def test_a_stance_model_suggests_under_its_own_name_and_evened_out(home: Path, tmp_path: Path) -> None:
    folder = save_cross_encoder(tmp_path, labels=["entailment", "contradiction", "neutral"])
    (home / "evidence" / "vote.txt").write_text("Observers found no fraud in the election.", encoding="utf-8")
    suggested = []
    for temperature in (1.0, 50.0):
        toml = f'[stance]\nmodel = "{folder}"\ntemperature = {temperature}\n'
        (home / "workbench.toml").write_text(toml, encoding="utf-8")
        with Desk.open(home, encoder=FakeEncoder) as desk:
            desk.sync_evidence()
            suggested.append(desk.suggest_stance(make_claim(), desk.find("fraud in the election").hits[0]))

    sharp, even = suggested
    assert sharp is not None
    assert even is not None
    assert sharp.model == folder.name
    for made in (sharp, even):
        assert made.supports + made.refutes + made.neutral == pytest.approx(1, abs=1e-5)
    assert max(even.supports, even.refutes, even.neutral) < max(sharp.supports, sharp.refutes, sharp.neutral)
    assert even.supports == pytest.approx(1 / 3, abs=0.05)


def test_without_a_stance_model_nothing_is_suggested(desk: Desk) -> None:
    (desk.workspace.evidence / "vote.txt").write_text("Observers found no fraud in the election.", encoding="utf-8")
    desk.sync_evidence()
    desk.add_claim(make_claim(), actor=ANA)

    assert desk.suggest_stance(make_claim(), desk.match("a-claim").hits[0]) is None
