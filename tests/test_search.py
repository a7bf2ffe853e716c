"""Search: what is found, in which order, what is left out and said to be, and what is never searched."""

import shutil
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.conftest import NOON, FakeEncoder
from tests.test_catalog import make_source
from workbench.catalog import Catalog
from workbench.encoders import Encoder
from workbench.errors import ModelError, StaleIndex, WorkbenchError
from workbench.models import Failure, Filters, LibraryEntry, SearchMode, SearchResult, SourceMeta, Span
from workbench.search import Query, Searcher
from workbench.search.fusion import fuse, weight_of_words
from workbench.settings import EvidenceSettings, SearchSettings, Settings

SETTINGS = Settings()
CLAIM = "There was mass fraud in the election"

VOTE = make_source("vote.txt", "Observers found no fraud in the election.", "The count took two days.", "Rain fell on Sunday.")
ARMY = make_source("army.txt", "The army alleged mass fraud in the election.", "The price of rice rose.")
KHMER = make_source("khmer.txt", "ការបោះឆ្នោតមានការក្លែងបន្លំ។", language="km")
SOURCES = [VOTE, ARMY, KHMER]
META = {
    VOTE[0].source_id: SourceMeta(
        publisher="The  Carter Center", published_on="2020-11", language="en", kind="official-statement"
    ),
    ARMY[0].source_id: SourceMeta(
        publisher="TASS",
        published_on="2021-06-23",
        language="en-GB",
        kind="news-report",
        title="Interview",
        topics=("Election fraud", "army"),
    ),
    KHMER[0].source_id: SourceMeta(language="km"),
}


def entry(source_id: str, **fields: object) -> LibraryEntry:
    values = {
        "source_id": source_id,
        "paths": (f"evidence/{source_id[:4]}.txt",),
        "meta": META.get(source_id, SourceMeta()),
        "media_type": "text/plain",
        "text_sha256": source_id,
        "characters": 10,
        "reader": "test",
        "added_at": NOON,
    }
    return LibraryEntry.model_validate({**values, **fields})


LIBRARY = {source.source_id: entry(source.source_id) for source, _ in SOURCES}


class Desk:
    """A catalog and its searcher, with the arguments of a search filled in."""

    def __init__(self, folder: Path, settings: Settings = SETTINGS, encoder: Encoder | None = None) -> None:
        self.settings = settings
        self.encoder = encoder or FakeEncoder()
        self.catalog = Catalog(folder)
        self.searcher = Searcher(self.catalog, settings, lambda: self.encoder)

    def build(self) -> None:
        self.catalog.build(self.encoder, self.settings)

    def find(
        self,
        text: str = CLAIM,
        *,
        k: int = 10,
        mode: SearchMode = "hybrid",
        library: Mapping[str, LibraryEntry] = LIBRARY,
        unread: Sequence[Failure] = (),
        waiting: Sequence[str] = (),
        also: Sequence[str] = (),
        about: str = "",
        is_typed: bool = False,
        **filters: object,
    ) -> SearchResult:
        wanted = Filters.model_validate(filters)
        return self.searcher.search(
            Query((text, *also), about, is_typed=is_typed),
            k=k,
            mode=mode,
            filters=wanted,
            library=library,
            unread=unread,
            waiting=waiting,
            now=NOON,
        )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".workbench"


@pytest.fixture
def empty(folder: Path) -> Desk:
    return Desk(folder)


@pytest.fixture
def desk(empty: Desk) -> Desk:
    empty.catalog.put_all(SOURCES)
    empty.build()
    return empty


def texts(result: SearchResult) -> list[str]:
    return [hit.text for hit in result.hits]


# --- fusion --------------------------------------------------------------------------------------------------------


def test_fusion_adds_cosine_and_bm25_over_the_best_bm25() -> None:
    fused = fuse({1: 0.5, 2: 0.9}, {1: 8.0, 3: 4.0}, dense_weight=0.8)

    assert fused == {1: 0.6, 2: 0.72, 3: 0.1}


def test_fusion_without_any_word_in_common_keeps_the_dense_order() -> None:
    assert fuse({1: 0.5, 2: 0.9}, {}, dense_weight=0.8) == {1: 0.4, 2: 0.72}


scores = st.dictionaries(st.integers(0, 9), st.floats(0, 1), max_size=6)


@given(dense=scores, lexical=scores, weight=st.floats(0, 1))
def test_fusion_ignores_the_order_and_the_size_of_bm25(
    dense: dict[int, float], lexical: dict[int, float], weight: float
) -> None:
    turned = dict(reversed(lexical.items()))

    fused = fuse(dense, lexical, dense_weight=weight)

    assert fused == fuse(dict(reversed(dense.items())), turned, dense_weight=weight)
    assert fused.keys() == dense.keys() | lexical.keys()
    assert all(-1 <= score <= 1.000001 for score in fused.values())


# --- what is found -------------------------------------------------------------------------------------------------


FALLING = [0.7 - 0.01 * rank for rank in range(20)]  # meaning: the tenth lies 0.09 below the best
FLAT = [0.7 - 0.001 * rank for rank in range(20)]
STEEP = [0.9, *[0.3] * 19]


@pytest.mark.parametrize(
    ("dense", "lexical", "share"),
    [
        (FALLING, [10.0, *[5.0] * 19], 0.2222),
        (FALLING, [10.0, *[9.0] * 19], 0.0444),
        (FALLING, [10.0, 9.0], 0.3333),
        (FLAT, [10.0, *[5.0] * 19], 0.3),
        (STEEP, [10.0, *[5.0] * 19], 0.1),
        (FALLING, [], 0.2),
        ([], [10.0], 0.2),
    ],
    ids=[
        "ordinary",
        "words single nothing out",
        "few have the words",
        "meaning is flat",
        "meaning is sure",
        "no words",
        "no meaning",
    ],
)
def test_words_count_where_they_stand_out_and_meaning_does_not(dense: list[float], lexical: list[float], share: float) -> None:
    assert weight_of_words(dense, lexical, dense_weight=0.8) == pytest.approx(share, abs=1e-4)


@given(st.lists(st.floats(-1, 1), max_size=30), st.lists(st.floats(0, 50), max_size=30), st.floats(0, 1))
def test_the_share_of_words_stays_a_share(dense: list[float], lexical: list[float], dense_weight: float) -> None:
    share = weight_of_words(sorted(dense, reverse=True), sorted(lexical, reverse=True), dense_weight=dense_weight)

    assert 0 <= share <= 1


@pytest.mark.parametrize("mode", ["hybrid", "dense", "lexical"])
def test_the_passages_about_the_claim_come_first(desk: Desk, mode: SearchMode) -> None:
    result = desk.find(mode=mode)

    assert texts(result)[:2] == ["The army alleged mass fraud in the election.", "Observers found no fraud in the election."]
    assert (result.receipt.mode, result.receipt.asked_mode) == (mode, mode)


def test_a_hit_says_where_it_is_and_why_it_is_here(desk: Desk) -> None:
    result = desk.find()
    hit, share = result.hits[0], result.receipt.dense_weight or 0

    assert (hit.rank, hit.dense_rank, hit.lexical_rank, hit.ordinal) == (1, 1, 1, 0)
    assert (hit.passage_id, hit.source_id) == (ARMY[1][0].passage_id, ARMY[0].source_id)
    assert (hit.path, hit.title, hit.publisher) == (LIBRARY[ARMY[0].source_id].paths[0], "Interview", "TASS")
    assert [hit.text[span.start : span.end] for span in hit.matched] == ["mass", "fraud", "election"]
    assert hit.score == pytest.approx(share * ((hit.cosine or 0) - 0.2 * (hit.hubness or 0)) + 1 - share, abs=1e-4)
    assert ARMY[0].text[hit.start : hit.end] == hit.text


def test_scores_fall_and_ranks_count_from_one(desk: Desk) -> None:
    result = desk.find()

    assert [hit.rank for hit in result.hits] == [1, 2, 3, 4, 5]
    assert [hit.score for hit in result.hits] == sorted((hit.score for hit in result.hits), reverse=True)
    assert [(one.passage_id, one.rank, one.score) for one in result.receipt.shown] == [
        (hit.passage_id, hit.rank, hit.score) for hit in result.hits
    ]


def test_k_is_how_many_are_shown(desk: Desk) -> None:
    assert len(desk.find(k=2).hits) == 2


def test_a_passage_without_a_word_of_the_claim_has_no_lexical_rank(desk: Desk) -> None:
    rain = next(hit for hit in desk.find().hits if hit.text == "Rain fell on Sunday.")

    assert (rain.lexical_rank, rain.bm25, rain.matched) == (None, 0.0, ())


def test_a_passage_only_the_words_found_gets_its_exact_cosine(folder: Path) -> None:
    desk = Desk(folder, Settings(search=SearchSettings(candidates=10)))
    near = [f"election fraud fraud mass {number}" for number in range(12)]
    desk.catalog.put(*make_source("near.txt", *near, "A zebra " + "walked slowly along the river bank " * 5))
    desk.build()
    library = {one: entry(one) for one in desk.catalog.counts()}

    hits = desk.find("election fraud mass zebra", k=13, library=library).hits
    zebra = next(hit for hit in hits if "zebra" in hit.text)
    dense = next(
        hit for hit in desk.find("election fraud mass zebra", k=13, mode="dense", library=library).hits if "zebra" in hit.text
    )

    assert zebra.cosine == pytest.approx(dense.cosine, abs=1e-5)


def test_a_script_without_spaces_is_found_by_its_words(desk: Desk) -> None:
    result = desk.find("មានការក្លែងបន្លំ", mode="lexical")

    assert texts(result) == ["ការបោះឆ្នោតមានការក្លែងបន្លំ។"]
    assert result.receipt.languages_unchecked == {"km": 1}


def test_passages_that_tie_come_in_passage_order(folder: Path) -> None:
    desk = Desk(folder)
    desk.catalog.put_all(
        make_source(name, f"Fraud was alleged {name}.", f"Fraud was alleged {name}.") for name in ("b", "a", "c")
    )
    desk.build()
    index = desk.searcher.open()
    assert index is not None

    ranked = desk.searcher.rank(index, "fraud alleged", None, mode="lexical", k=10).candidates

    position = index.roster.positions([one.id for one in ranked])
    assert [position[one.id] for one in ranked] == [0, 1, 2, 3, 4, 5]


# --- what is shown of it -------------------------------------------------------------------------------------------

WIRE = (
    "Counsel for the agency said that observers had found no sign of fraud in the vote of {day} November across 94 townships."
)


def shown(folder: Path, sources: dict[str, list[str]], settings: Settings = SETTINGS, **wanted: Any) -> SearchResult:
    desk = Desk(folder, settings)
    desk.catalog.put_all(make_source(name, *passages) for name, passages in sources.items())
    desk.build()
    return desk.find(
        "Observers found no fraud in the vote", library={one: entry(one) for one in desk.catalog.counts()}, **wanted
    )


def test_reprints_are_one_hit_that_names_them_all(folder: Path) -> None:
    printed = [WIRE.format(day=8), "London. " + WIRE.format(day=8), WIRE.format(day=8).replace("agency", "AGENCY")]
    sources = {f"{number}.txt": [text] for number, text in enumerate(printed)}

    result = shown(folder, sources)

    assert len(result.hits) == 1
    assert len(result.hits[0].similar) == 2
    assert {other.source_id for other in result.hits[0].similar} | {result.hits[0].source_id} == {
        make_source(name, *passages)[0].source_id for name, passages in sources.items()
    }
    assert result.receipt.shown[0].folded == tuple(other.passage_id for other in result.hits[0].similar)


@pytest.mark.parametrize(
    "other",
    [WIRE.format(day=9), WIRE.format(day=8).replace("no sign", "a sign"), WIRE.format(day=8).replace("94", "49")],
    ids=["another day", "a denial less", "another figure"],
)
def test_a_copy_with_another_figure_or_without_the_denial_is_a_hit_of_its_own(folder: Path, other: str) -> None:
    result = shown(folder, {"a.txt": [WIRE.format(day=8)], "b.txt": [other]})

    assert len(result.hits) == 2


def test_no_file_crowds_out_the_others_and_none_of_it_is_lost(folder: Path) -> None:
    long = [f"Observers found no fraud in the vote, said witness {name}." for name in ("Aye", "Bo", "Chit", "Daw", "Ei")]
    settings = Settings(search=SearchSettings(per_source=2))

    result = shown(
        folder, {"long.txt": long, "other.txt": ["The vote was observed, and rain fell on all of the days."]}, settings
    )

    long_id = make_source("long.txt", *long)[0].source_id
    assert [hit.source_id == long_id for hit in result.hits] == [True, True, False, True, True, True]


def test_k_hits_are_found_behind_many_reprints(folder: Path) -> None:
    sources = {f"copy-{number}.txt": [WIRE.format(day=8)] for number in range(40)}
    others = {f"{name}.txt": [f"Observers in {name} found no fraud in the vote."] for name in ("Bago", "Dawei", "Loikaw")}

    result = shown(folder, sources | others, k=4)

    assert len(result.hits) == 4
    assert max(len(hit.similar) for hit in result.hits) == 39


# --- several wordings, and what the model cannot read --------------------------------------------------------------


def test_a_translation_typed_beside_the_claim_finds_what_is_in_that_language(desk: Desk) -> None:
    result = desk.find(also=["ការបោះឆ្នោត មានការក្លែងបន្លំ"])

    khmer = next(hit for hit in result.hits if hit.source_id == KHMER[0].source_id)
    assert (khmer.wording, khmer.cosine, khmer.dense_rank, khmer.lexical_rank) == (1, None, None, 1)
    assert khmer.score == max(hit.score for hit in result.hits)
    assert result.receipt.queries == (CLAIM, "ការបោះឆ្នោត មានការក្លែងបន្លំ")
    assert result.receipt.mode == "hybrid"


def test_what_the_model_was_not_checked_for_is_found_by_words_only_and_counted(desk: Desk) -> None:
    result = desk.find()

    assert KHMER[0].source_id not in {hit.source_id for hit in result.hits}
    assert result.receipt.languages_unchecked == {"km": 1}
    assert result.receipt.passages_searched == 6


def test_a_file_nobody_named_the_language_of_goes_by_its_script(desk: Desk) -> None:
    unnamed = {**LIBRARY, KHMER[0].source_id: entry(KHMER[0].source_id, meta=SourceMeta(), script="Khmr")}

    assert desk.find(library=unnamed).receipt.languages_unchecked == {"Khmr": 1}


def test_a_model_that_was_checked_for_a_language_ranks_it(folder: Path) -> None:
    desk = Desk(folder, Settings(search=SearchSettings(languages=("en", "km"))))
    desk.catalog.put_all(SOURCES)
    desk.build()

    result = desk.find()

    assert result.receipt.languages_unchecked == {}
    assert next(hit for hit in result.hits if hit.source_id == KHMER[0].source_id).dense_rank is not None


def test_a_claim_in_a_script_the_model_does_not_know_is_searched_by_words_and_says_so(desk: Desk) -> None:
    result = desk.find("ការបោះឆ្នោត")

    assert (result.receipt.mode, result.receipt.asked_mode, result.receipt.model_fingerprint) == ("lexical", "hybrid", None)
    assert result.receipt.warnings == (
        "The model was not checked for Khmer script: what is written in it was searched by words only.",
    )


def test_the_lens_holds_passages_against_the_claim_whatever_was_searched(desk: Desk) -> None:
    result = desk.find("fraud in the election", about="There was no mass fraud in the election.")
    alleged = next(hit for hit in result.hits if "alleged" in hit.text)

    assert alleged.stands == "differs"
    assert [(one.kind, one.claim_span) for one in alleged.lens if one.relation == "differs"] == [
        ("negation", Span(start=10, end=12))
    ]


def test_too_many_wordings_are_refused(desk: Desk) -> None:
    with pytest.raises(WorkbenchError, match="9 wordings were given; at most 8"):
        desk.find(also=["fraud"] * 8)


def test_a_deleted_derived_folder_is_rebuilt_to_the_same_hits(desk: Desk, folder: Path) -> None:
    before = [desk.find(mode=mode) for mode in ("hybrid", "dense", "lexical")]

    shutil.rmtree(folder)
    desk.catalog.put_all(reversed(SOURCES))
    desk.build()

    after = [desk.find(mode=mode) for mode in ("hybrid", "dense", "lexical")]
    assert [one.hits for one in after] == [one.hits for one in before]
    assert after[0].receipt == before[0].receipt


def test_a_new_file_is_found_without_a_restart(desk: Desk) -> None:
    desk.find()
    new = make_source("new.txt", "The tribunal heard of mass fraud in the election.")
    desk.catalog.put(*new)
    desk.build()

    assert new[1][0].text in texts(desk.find(library=LIBRARY | {new[0].source_id: entry(new[0].source_id)}))


def test_threads_may_search_at_once(desk: Desk) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: desk.find(), range(24)))

    assert all(one == found[0] for one in found)


# --- filters -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "sources"),
    [
        ({"publishers": ("the carter  center",)}, {VOTE[0].source_id}),
        ({"publishers": ("tass", "THE CARTER CENTER")}, {VOTE[0].source_id, ARMY[0].source_id}),
        ({"publishers": ("nobody",)}, set()),
        ({"languages": ("en",)}, {VOTE[0].source_id, ARMY[0].source_id}),
        ({"languages": ("en-gb",)}, {ARMY[0].source_id}),
        ({"kinds": ("news-report",)}, {ARMY[0].source_id}),
        ({"after": date(2020, 11, 30)}, {VOTE[0].source_id, ARMY[0].source_id}),
        ({"after": date(2020, 12, 1)}, {ARMY[0].source_id}),
        ({"before": date(2020, 11, 1)}, {VOTE[0].source_id}),
        ({"before": date(2020, 10, 31)}, set()),
        ({"after": date(2021, 6, 23), "before": date(2021, 6, 23)}, {ARMY[0].source_id}),
        ({"topics": ("ARMY", "rice")}, {ARMY[0].source_id}),
        ({"media": ("text/plain",), "languages": ("en",)}, {VOTE[0].source_id, ARMY[0].source_id}),
        ({"media": ("application/pdf",)}, set()),
        ({"exclude": {"publishers": ("tass",)}, "languages": ("en",)}, {VOTE[0].source_id}),
        ({"exclude": {"kinds": ("official-statement",)}, "languages": ("en",)}, {ARMY[0].source_id}),
        ({"exclude": {"topics": ("army",), "languages": ("km",)}}, {VOTE[0].source_id}),
        ({"exclude": {"languages": ("en",), "media": ("text/plain",)}}, set()),
    ],
)
@pytest.mark.parametrize("mode", ["hybrid", "lexical"])
def test_filters_keep_only_what_passes(desk: Desk, filters: dict[str, Any], sources: set[str], mode: SearchMode) -> None:
    result = desk.find(mode=mode, **filters)

    assert {hit.source_id for hit in result.hits} == sources
    assert result.receipt.sources_searched == len(sources)
    assert result.receipt.filters == Filters.model_validate(filters)


def test_sources_without_a_date_are_left_out_of_a_dated_search_and_counted(desk: Desk) -> None:
    receipt = desk.find(after=date(2000, 1, 1)).receipt

    assert (receipt.undated_left_out, receipt.sources_searched, receipt.passages_searched) == (1, 2, 5)


def test_sources_that_do_not_say_what_a_filter_asks_for_are_counted_and_kept_by_an_exclude(desk: Desk) -> None:
    wanted = desk.find(publishers=("tass",), topics=("army",)).receipt
    without = desk.find(exclude={"publishers": ("tass",)}).receipt

    assert wanted.unsaid_left_out == {"publishers": 1, "topics": 1}  # the Khmer file says neither; the other's publisher fails
    assert (without.unsaid_left_out, without.sources_searched) == ({}, 2)


def test_a_value_no_source_has_is_said_with_the_nearest(desk: Desk) -> None:
    warnings = desk.find(
        publishers=("Cartre Centre",), languages=("khmer",), exclude={"topics": ("elections",)}
    ).receipt.warnings

    assert warnings == (
        "No source has the publisher 'Cartre Centre'. Nearest: The Carter Center.",
        "No source has the language 'khmer'. Nearest: km (Khmer).",
        "No source has the topic 'elections'. Nearest: Election fraud.",
    )


# --- operators ---------------------------------------------------------------------------------------------------------


def test_operators_count_in_a_typed_search_by_words_and_the_receipt_says_how_they_were_read(desk: Desk) -> None:
    result = desk.find('"mass fraud" -observers', mode="lexical", is_typed=True)

    assert [hit.source_id for hit in result.hits] == [ARMY[0].source_id]
    assert [ARMY[1][0].text[span.start : span.end] for span in result.hits[0].matched] == ["mass fraud"]
    assert result.receipt.read_as == ('"mass fraud" AND NOT observers',)


@pytest.mark.parametrize("is_typed", [True, False])
def test_in_a_search_by_meaning_operators_are_words_and_only_a_typed_one_is_warned_of(desk: Desk, is_typed: bool) -> None:
    receipt = desk.find('"mass fraud" -observers', is_typed=is_typed).receipt

    assert receipt.read_as == ()
    assert any("as words" in warning for warning in receipt.warnings) is is_typed


def test_a_claims_own_quotation_marks_are_words(desk: Desk) -> None:
    result = desk.find('He said there was "NOT mass fraud', mode="lexical")

    assert (len(result.hits), result.receipt.read_as, result.receipt.warnings) == (2, (), ())


def test_a_filter_never_leaves_fewer_than_k_where_more_would_pass(folder: Path) -> None:
    desk = Desk(folder, Settings(search=SearchSettings(candidates=10)))
    loud = make_source("loud.txt", *(f"mass fraud election {number}" for number in range(40)))
    desk.catalog.put_all([loud, VOTE])
    desk.build()

    result = desk.find(k=3, library=LIBRARY | {loud[0].source_id: entry(loud[0].source_id)}, publishers=("the carter center",))

    assert {hit.source_id for hit in result.hits} == {VOTE[0].source_id}
    assert len(result.hits) == 3


@pytest.mark.parametrize(
    "library",
    [{**LIBRARY, ARMY[0].source_id: entry(ARMY[0].source_id, removed=True)}, {VOTE[0].source_id: LIBRARY[VOTE[0].source_id]}],
)
def test_removed_sources_never_appear(desk: Desk, library: dict[str, LibraryEntry]) -> None:
    result = desk.find(library=library)

    assert ARMY[0].source_id not in {hit.source_id for hit in result.hits}
    assert result.receipt.sources_searched == len([one for one in library.values() if not one.removed])


# --- the receipt ---------------------------------------------------------------------------------------------------


def test_the_receipt_is_complete(desk: Desk) -> None:
    failure = Failure(path="evidence/scan.pdf", code="no_text_layer", message="no text", hint="OCR it")

    receipt = desk.find(k=1, unread=[failure], waiting=["evidence/new.txt"]).receipt

    assert receipt.queries == (CLAIM,)
    assert (receipt.k, receipt.dense_weight, receipt.model_fingerprint) == (1, 0.85, "fake-encoder-64")
    assert (receipt.generation, receipt.corpus_digest) == ("gen-1", desk.catalog.corpus_digest())
    assert (receipt.sources_searched, receipt.passages_searched) == (3, 6)
    assert (receipt.unread, receipt.waiting, receipt.created_at) == ((failure,), ("evidence/new.txt",), NOON)
    assert (receipt.languages_unchecked, receipt.warnings) == ({"km": 1}, ())


def test_a_search_by_words_names_no_model(desk: Desk) -> None:
    receipt = desk.find(mode="lexical").receipt

    assert (receipt.model_fingerprint, receipt.dense_weight) == (None, None)


# --- what is not searched ------------------------------------------------------------------------------------------


def test_without_any_evidence_there_are_no_hits_and_a_way_on(empty: Desk) -> None:
    result = empty.find(library={})

    assert result.hits == ()
    assert "workbench evidence add" in result.receipt.warnings[0]


def test_an_empty_library_that_was_built_has_no_hits_and_a_way_on(empty: Desk) -> None:
    empty.build()

    assert "workbench evidence add" in empty.find(library={}).receipt.warnings[0]


def test_passages_that_were_never_indexed_are_said_to_be_waiting_for_it(empty: Desk) -> None:
    empty.catalog.put_all(SOURCES)

    result = empty.find()

    assert result.hits == ()
    assert result.receipt.warnings == ("No index has been built yet of the 6 passages here. Run: workbench evidence sync",)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_query_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(WorkbenchError) as caught:
        desk.find(text)

    assert caught.value.code == "empty_query"


@pytest.mark.parametrize("text", ["fraud\x00", "fraud \ud800"])
def test_a_query_that_is_not_text_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(WorkbenchError) as caught:
        desk.find(text)

    assert caught.value.code == "bad_query"


def test_a_query_of_punctuation_finds_nothing_by_words(desk: Desk) -> None:
    assert desk.find("??? …", mode="lexical").hits == ()


def test_a_very_long_query_is_searched_as_far_as_it_is_read_and_says_so(desk: Desk) -> None:
    result = desk.find("mass fraud election " * 1000)

    assert result.hits[0].source_id == ARMY[0].source_id
    assert result.receipt.warnings == (
        "Only the first 2000 of 3000 words were searched for.",
        "The model read about the first 200 of 2000 words; the rest was searched by words only.",
    )


def test_changed_evidence_is_never_searched_with_the_old_index(desk: Desk) -> None:
    desk.catalog.drop(ARMY[0].source_id)

    with pytest.raises(StaleIndex, match="not the 4 of the library now") as caught:
        desk.find()

    assert caught.value.hint == "Run: workbench evidence reindex"


def test_a_lost_catalog_is_said_to_need_a_sync(desk: Desk, folder: Path) -> None:
    (folder / "catalog.sqlite").unlink()

    with pytest.raises(StaleIndex) as caught:
        desk.find()

    assert caught.value.hint == "Run: workbench evidence sync"


def test_other_passage_settings_are_never_searched_with_the_old_index(desk: Desk, folder: Path) -> None:
    other = Desk(folder, Settings(evidence=EvidenceSettings(passage_sentences=4)))

    with pytest.raises(StaleIndex, match="5 sentences or 150 words"):
        other.find()


def test_while_evidence_is_taken_in_the_index_before_is_searched_without_what_was_removed(desk: Desk) -> None:
    with desk.catalog.writing():
        desk.catalog.put(*make_source("new.txt", "More mass fraud in the election."))
        desk.catalog.drop(VOTE[0].source_id)

        result = desk.find()

    assert {hit.source_id for hit in result.hits} == {ARMY[0].source_id}
    assert result.receipt.warnings == ("Evidence is being taken in: 1 new passages cannot be found until that is done.",)


def test_a_damaged_index_is_not_searched(desk: Desk, folder: Path) -> None:
    (folder / "generations" / "gen-1" / "dense" / "seg-1.rows.faiss").write_bytes(b"IxM2")

    with pytest.raises(StaleIndex, match="set aside"):
        desk.find()


# --- a model that does not fit -------------------------------------------------------------------------------------


class OtherEncoder(FakeEncoder):
    fingerprint = "other"


class SlowerEncoder(FakeEncoder):
    notice = "The model runs on torch, several times more slowly: OpenVINO is not installed."


def test_a_model_that_runs_more_slowly_than_it_might_is_said_on_the_receipt(desk: Desk) -> None:
    desk.encoder = SlowerEncoder()

    result = desk.find()

    assert result.receipt.mode == "hybrid"
    assert result.receipt.warnings == ("The model runs on torch, several times more slowly: OpenVINO is not installed.",)


class BrokenEncoder(FakeEncoder):
    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        raise ModelError("The model returned NaN.", hint="Choose another.")


@pytest.mark.parametrize("mode", ["hybrid", "dense"])
def test_another_model_than_the_index_was_made_with_searches_by_words_and_says_so(desk: Desk, mode: SearchMode) -> None:
    desk.encoder = OtherEncoder()

    result = desk.find(mode=mode)

    assert (result.receipt.mode, result.receipt.asked_mode, result.receipt.model_fingerprint) == ("lexical", mode, None)
    assert result.hits[0].source_id == ARMY[0].source_id
    assert result.receipt.warnings == (
        "Searched by words only: the index was made with fake-encoder-64, the settings name other."
        " Run: workbench evidence reindex",
    )


def test_a_model_that_fails_searches_by_words_and_says_why(desk: Desk) -> None:
    desk.encoder = BrokenEncoder()

    result = desk.find()

    assert result.receipt.mode == "lexical"
    assert result.receipt.warnings == ("Searched by words only: The model returned NaN. Choose another.",)


def test_the_model_is_not_asked_for_where_only_words_are_searched(desk: Desk) -> None:
    def never() -> Encoder:
        raise AssertionError("the model was loaded")

    searcher = Searcher(desk.catalog, SETTINGS, never)

    result = searcher.search(
        Query((CLAIM,)), k=1, mode="lexical", filters=Filters(), library=LIBRARY, unread=(), waiting=(), now=NOON
    )

    assert len(result.hits) == 1
