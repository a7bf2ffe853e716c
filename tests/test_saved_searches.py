"""Saved searches: kept as events, and announced when new files match them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ANA, BO, FakeEncoder
from tests.test_catalog import make_source
from workbench.desk import Desk
from workbench.errors import UnknownId, WorkbenchError
from workbench.metadata import Edit
from workbench.models import Filters

OLD = "Election observers were in the capital."
COUNT = "The count of the votes was fair."
NEW = "Monitors came. The election observers left on Sunday."


def index(desk: Desk, **files: str) -> None:
    """Make files findable, as the end of an intake does: a passage each."""
    desk.catalog.put_all([make_source(name, text) for name, text in files.items()])
    desk.catalog.build(FakeEncoder(), desk.settings)


def take_in(desk: Desk, *, folder: str = "evidence", **files: str) -> None:
    """Files by name, as an intake records them, without the process that reads files."""
    for name, text in files.items():
        source, _ = make_source(name, text)
        stored = source.model_dump(mode="json", exclude={"text", "places"})
        payload = {"path": f"{folder}/{name}", "source": stored, "characters": len(text), "replaces": None}
        desk.evidence.append(source.source_id, "source-added", payload)
    index(desk, **files)


def opened(home: Path) -> Desk:
    return Desk.open(home, encoder=FakeEncoder)


@pytest.fixture
def filled(desk: Desk) -> Desk:
    """A desk with a file, and two searches saved by Ana: one by words, one by meaning."""
    take_in(desk, old=OLD)
    desk.searches.save("Election observers", ['"election observers" OR monitor*'], mode="lexical", actor=ANA)
    desk.searches.save("The count", [COUNT], k=1, actor=ANA)
    return desk


def test_new_files_are_announced_until_somebody_looked_across_restarts_and_without_derived_files(
    home: Path, filled: Desk
) -> None:
    assert filled.searches.news() == []

    take_in(filled, new=NEW, count=COUNT, other="The price of rice rose.")
    told = ["1 new passage in 1 file matches “Election observers”", "1 new passage in 1 file matches “The count”"]
    assert [one.told for one in filled.searches.news()] == told

    filled.close()
    shutil.rmtree(home / ".workbench")
    with opened(home) as again:
        index(again, old=OLD, new=NEW, count=COUNT, other="The price of rice rose.")
        news = again.searches.news()
        assert [one.told for one in news] == told
        assert [hit.path for hit in news[0].hits] == ["evidence/new"]
        again.searches.see(news[0], actor=BO)
        assert [one.search.name for one in again.searches.news()] == ["The count"]
    with opened(home) as later:
        assert [one.search.name for one in later.searches.news()] == ["The count"]


def test_by_words_every_passage_of_new_files_counts_and_by_meaning_those_among_the_first(filled: Desk) -> None:
    take_in(filled, **{f"town{number}": f"Monitors came to town {number}. {COUNT}" for number in range(12)})

    observers, count = filled.searches.news()

    assert (observers.passages, len(observers.source_ids), len(observers.hits)) == (12, 12, 5)
    assert (count.passages, len(count.hits)) == (1, 1)


def test_what_came_in_after_the_news_were_shown_stays_new(filled: Desk) -> None:
    take_in(filled, a="Monitors came.")
    shown = filled.searches.news()[0]
    take_in(filled, b="More monitors came.")

    filled.searches.see(shown, actor=ANA)

    left = filled.searches.news()[0]
    assert [hit.path for hit in left.hits] == ["evidence/b"]


def test_a_file_at_a_second_place_and_a_described_source_are_no_news(filled: Desk) -> None:
    take_in(filled, folder="evidence/copies", old=OLD)
    filled.metadata.edit(filled.library()[0].source_id, Edit(said={"title": "Observers"}), actor=ANA)

    assert filled.searches.news() == []


def test_removed_files_and_those_a_filter_leaves_out_are_no_news(filled: Desk) -> None:
    filled.searches.save("English monitors", ["monitor*"], mode="lexical", filters=Filters(publishers=("Reuters",)), actor=ANA)
    take_in(filled, new="Monitors came.")
    assert [one.search.name for one in filled.searches.news() if one.search.mode == "lexical"] == ["Election observers"]

    filled.remove_source(make_source("new")[0].source_id, actor=ANA)

    assert [one for one in filled.searches.news() if one.search.mode == "lexical"] == []


def test_status_asks_no_model_for_the_news(home: Path, filled: Desk) -> None:
    take_in(filled, new="Monitors came.")
    filled.close()

    def none() -> FakeEncoder:
        raise AssertionError("a model was asked for")

    with Desk.open(home, encoder=none) as quiet:
        summary = quiet.status()["searches"]

    assert (summary["saved"], summary["to_look_through"]) == (2, 1)
    assert [one["told"] for one in summary["news"]] == ["1 new passage in 1 file matches “Election observers”"]


def test_names_are_taken_once_renamed_and_retired(desk: Desk, home: Path) -> None:
    desk.searches.save("Fraud  watch", ["fraud"], actor=ANA)
    with pytest.raises(WorkbenchError, match="already"):
        desk.searches.save("fraud watch", ["other"], actor=BO)
    desk.searches.rename("fraud-watch", "Vote watch", actor=BO)

    with opened(home) as again:
        assert [(one.id, one.name, one.queries) for one in again.searches.all()] == [("fraud-watch", "Vote watch", ("fraud",))]
        again.searches.retire("VOTE WATCH", actor=ANA)
        with pytest.raises(UnknownId):
            again.searches.get("Vote watch")
        assert again.searches.save("Fraud watch", ["fraud"], actor=ANA).id == "fraud-watch-2"


def test_a_search_that_cannot_be_read_is_not_saved(desk: Desk) -> None:
    with pytest.raises(WorkbenchError, match="AND at character 7"):
        desk.searches.save("Broken", ["fraud AND"], mode="lexical", actor=ANA)

    assert desk.searches.all() == []


def test_an_unknown_name_is_answered_with_the_nearest(desk: Desk) -> None:
    desk.searches.save("Election observers", ["observers"], actor=ANA)

    with pytest.raises(UnknownId) as unknown:
        desk.searches.run("election observer")

    assert "Election observers" in unknown.value.hint


def test_nothing_is_news_while_files_are_being_taken_in(filled: Desk) -> None:
    take_in(filled, new="Monitors came.")

    with filled.catalog.writing():
        assert filled.searches.news() == []
    assert len(filled.searches.news()) == 1
