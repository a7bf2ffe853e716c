"""What every engine of search promises: the same tests over the files of a workspace and over a Milvus server."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import ANA, NOON, FakeEncoder, make_claim
from tests.milvus import LiteServer, lite_server, needs_milvus
from tests.test_catalog import CountingEncoder, make_source
from tests.test_search import LIBRARY, SOURCES, entry
from tests.test_ui import html, visit
from workbench.benchmark.exam import WordsOnly
from workbench.care import verify
from workbench.catalog import Catalog
from workbench.desk import Desk
from workbench.desk.records import copy_records
from workbench.engines import engine_of
from workbench.errors import EngineError, StaleIndex
from workbench.models import Cite, Filters, Hit, LibraryEntry, SearchMode, SearchResult, VerdictRequest
from workbench.search import Query, Searcher
from workbench.settings import SearchSettings, Settings
from workbench.ui import session

CLAIM = "There was mass fraud in the election"
VOTE, ARMY, KHMER = SOURCES
BURMESE = make_source("burmese.txt", "ရွေးကောက်ပွဲတွင် မဲလိမ်မှု ရှိခဲ့သည်။", language="my")
CHINESE = make_source("chinese.txt", "选举中没有发现舞弊行为。", language="zh")
numbers = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiteServer]:
    yield from lite_server(tmp_path_factory.mktemp("server"))


@pytest.fixture(params=["local", pytest.param("milvus", marks=[needs_milvus, pytest.mark.process])])
def settings(request: pytest.FixtureRequest) -> Settings:
    return Settings() if request.param == "local" else on(request.getfixturevalue("server").url)


def on(url: str, **fields: object) -> Settings:
    """Settings of a workspace that searches a collection of its own at this address."""
    place = {"url": url, "collection": f"test_{next(numbers)}", **fields}
    return Settings(search=SearchSettings.model_validate({"engine": "milvus", "milvus": place}))


class Shop:
    """A catalog on some engine and its searcher, with the arguments of a search filled in."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.settings = settings
        self.encoder = FakeEncoder()
        self.catalog = Catalog(folder, engine_of(settings.search))
        self.searcher = Searcher(self.catalog, settings, lambda: self.encoder)

    def build(self, *sources: Any) -> "Shop":
        self.catalog.put_all(sources)
        self.catalog.build(self.encoder, self.settings)
        return self

    def find(
        self,
        text: str = CLAIM,
        *,
        k: int = 10,
        mode: SearchMode = "hybrid",
        library: Mapping[str, LibraryEntry] | None = None,
        **filters: object,
    ) -> SearchResult:
        held = {one: LIBRARY.get(one) or entry(one) for one in self.catalog.counts()} if library is None else library
        wanted = Filters.model_validate(filters)
        return self.searcher.search(
            Query((text,)), k=k, mode=mode, filters=wanted, library=held, unread=(), waiting=(), now=NOON
        )

    def texts(self, text: str = CLAIM, **asked: Any) -> list[str]:
        return [hit.text for hit in self.find(text, **asked).hits]


@pytest.fixture
def shop(tmp_path: Path, settings: Settings) -> Iterator[Shop]:
    opened = Shop(tmp_path / ".workbench", settings)
    yield opened
    opened.catalog.close()


MODES = ["hybrid", "dense", "lexical"]


@pytest.mark.parametrize("mode", MODES)
def test_the_passages_about_the_claim_come_first(shop: Shop, mode: SearchMode) -> None:
    result = shop.build(*SOURCES).find(mode=mode)

    assert [hit.text for hit in result.hits][:2] == [
        "The army alleged mass fraud in the election.",
        "Observers found no fraud in the election.",
    ]
    assert all((hit.bm25 or 0) >= 0 for hit in result.hits)


@pytest.mark.parametrize(
    ("source", "query"),
    [(BURMESE, "မဲလိမ်မှု"), (KHMER, "ការបោះឆ្នោត"), (CHINESE, "舞弊")],
    ids=["Burmese", "Khmer", "Chinese"],
)
def test_scripts_without_spaces_are_found_by_their_words(shop: Shop, source: Any, query: str) -> None:
    shop.build(*SOURCES, BURMESE, CHINESE)

    assert shop.texts(query, mode="lexical") == [source[1][0].text]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ('"no fraud"', ["Observers found no fraud in the election."]),
        ("fraud AND NOT army", ["Observers found no fraud in the election."]),
        ('"mass fraud" OR rain', ["Rain fell on Sunday.", "The army alleged mass fraud in the election."]),
        ("fraud AND alleg*", ["The army alleged mass fraud in the election."]),
        ('"alleged ma*"', ["The army alleged mass fraud in the election."]),
        ('"fraud no"', []),
        (
            '"in the" OR rice',
            [
                "Observers found no fraud in the election.",
                "The army alleged mass fraud in the election.",
                "The price of rice rose.",
            ],
        ),
    ],
)
def test_operators_find_what_they_say(shop: Shop, query: str, found: list[str]) -> None:
    shop.build(*SOURCES)
    library = {one: LIBRARY[one] for one in shop.catalog.counts()}
    asked = Query((query,), is_typed=True)
    given = {"k": 10, "mode": "lexical", "filters": Filters(), "library": library, "unread": (), "waiting": (), "now": NOON}

    assert sorted(hit.text for hit in shop.searcher.search(asked, **given).hits) == found  # type: ignore[arg-type]


@pytest.mark.parametrize("mode", MODES)
def test_a_filter_acts_inside_the_search(shop: Shop, mode: SearchMode) -> None:
    near = [make_source(f"near-{one}.txt", f"Mass fraud in the election, report {one}.") for one in range(30)]
    shop.build(VOTE, ARMY, *near)

    assert shop.texts(mode=mode, k=1, publishers=["the carter center"], before=date(2021, 1, 1)) == [VOTE[1][0].text]


def test_nothing_that_was_taken_out_is_ever_found(shop: Shop) -> None:
    shop.build(*SOURCES)
    shop.catalog.drop(ARMY[0].source_id)

    assert ARMY[1][0].text not in shop.build().texts(k=50)
    assert shop.catalog.problems(shop.settings) == []


def test_what_the_library_removed_is_not_found_before_any_build(shop: Shop) -> None:
    shop.build(*SOURCES)
    library = {**LIBRARY, ARMY[0].source_id: entry(ARMY[0].source_id, removed=True)}

    assert ARMY[1][0].text not in shop.texts(k=50, library=library)


def test_a_source_that_changed_is_found_by_what_it_says_now(shop: Shop) -> None:
    shop.build(*SOURCES)
    now = make_source("army.txt", "The army alleged mass fraud in the election.", "The price of tea fell in Monywa.")
    shop.build(now)

    assert shop.texts("The price of tea", mode="lexical") == ["The price of tea fell in Monywa."]
    assert "The price of rice rose." not in shop.texts("The price of rice rose", k=50)
    assert shop.catalog.problems(shop.settings) == []


def test_an_index_of_words_alone_is_searched_by_words(shop: Shop) -> None:
    shop.encoder = WordsOnly()  # type: ignore[assignment]

    assert shop.build(*SOURCES).texts("price of rice", mode="lexical")[0] == "The price of rice rose."


def test_what_is_added_is_found_and_adding_it_again_changes_nothing(shop: Shop) -> None:
    shop.build(VOTE)
    before = shop.build(ARMY).texts(k=50)

    assert before[0] == ARMY[1][0].text
    assert shop.build(ARMY, VOTE).texts(k=50) == before
    assert shop.catalog.problems(shop.settings) == []


def test_a_source_that_comes_back_is_found_again(shop: Shop) -> None:
    shop.build(*SOURCES)
    shop.catalog.drop(ARMY[0].source_id)
    shop.build()

    assert shop.build(ARMY).texts()[0] == ARMY[1][0].text
    assert shop.catalog.problems(shop.settings) == []


def test_passages_that_tie_come_in_passage_order(shop: Shop) -> None:
    twins = [make_source(f"{one}.txt", f"Fraud number {one} 7.") for one in "abcdefgh"]
    ids = sorted(passage.passage_id for _, (passage,) in twins)

    shop.build(*reversed(twins))
    found = shop.searcher.rank(shop.searcher.open(), "fraud", None, mode="lexical", k=50).candidates  # type: ignore[arg-type]

    assert [shop.catalog.passages_by_id([one.id])[one.id].passage_id for one in found] == ids


def test_an_index_of_other_evidence_is_never_searched(shop: Shop) -> None:
    shop.build(*SOURCES)
    shop.catalog.put(*BURMESE)

    with pytest.raises(StaleIndex, match="not the 7 of the library now"):
        shop.find()


def test_an_index_of_another_model_is_searched_by_words_and_says_so(shop: Shop) -> None:
    shop.build(*SOURCES)
    shop.encoder.fingerprint = "another-model"

    result = shop.find()

    assert (result.receipt.mode, result.hits[0].text) == ("lexical", ARMY[1][0].text)


def test_an_erased_source_is_in_no_index(shop: Shop) -> None:
    shop.build(*SOURCES)
    shop.catalog.erase(ARMY[0].source_id)

    assert shop.catalog.generation() is None
    assert ARMY[1][0].text not in shop.build().texts(k=50)


# --- what only a server can be -------------------------------------------------------------------------------------------


@pytest.fixture
def remote(tmp_path: Path, server: LiteServer) -> Iterator[Shop]:
    opened = Shop(tmp_path / ".workbench", on(server.url)).build(*SOURCES)
    yield opened
    opened.catalog.close()


milvus_only = [needs_milvus, pytest.mark.process]


class TestAServer:
    pytestmark = milvus_only

    def test_a_server_that_is_lost_in_a_search_is_one_error_and_found_again(self, remote: Shop, server: LiteServer) -> None:
        before = remote.texts()
        server.lose()

        with pytest.raises(EngineError) as caught:
            remote.find()

        assert (caught.value.code, caught.value.hint[:3]) == ("engine_down", "See")
        assert remote.catalog.passages(ARMY[0].source_id) == ARMY[1]
        server.start()
        assert remote.texts() == before

    def test_what_is_taken_in_while_it_is_lost_is_kept_and_found_after_the_next_build(
        self, remote: Shop, server: LiteServer
    ) -> None:
        server.lose()
        with pytest.raises(EngineError):
            remote.build(BURMESE)
        server.start()
        remote.encoder = counting = CountingEncoder()

        assert remote.build().texts("မဲလိမ်မှု", mode="lexical") == [BURMESE[1][0].text]
        assert counting.texts == []
        assert remote.catalog.problems(remote.settings) == []

    def test_the_wrong_address_is_one_error_without_the_password_in_it(self, tmp_path: Path) -> None:
        shop = Shop(tmp_path, on("http://root:secret@127.0.0.1:9"))

        with pytest.raises(EngineError, match=r"^Milvus at http://127\.0\.0\.1:9 does not answer\.$"):
            shop.build(*SOURCES)

    def test_without_the_package_it_says_what_to_install(
        self, tmp_path: Path, server: LiteServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(__import__("sys").modules, "pymilvus", None)

        with pytest.raises(EngineError) as caught:
            Shop(tmp_path, on(server.url)).build(*SOURCES)

        assert (caught.value.code, "claim-workbench[milvus]" in caught.value.hint) == ("missing_extra", True)

    def test_the_collection_of_another_model_is_not_searched(self, remote: Shop, tmp_path: Path) -> None:
        engine = remote.catalog._generations.engine
        name = f"{remote.settings.search.milvus.collection}_1"
        engine._server.mark(name, {"model": "somebody-elses"})  # type: ignore[attr-defined]
        restarted = Shop(tmp_path / ".workbench", remote.settings)

        with pytest.raises(EngineError, match="somebody-elses") as caught:
            restarted.find()

        assert caught.value.code == "other_collection"

    def test_a_collection_that_somebody_dropped_is_said_and_made_again(self, remote: Shop) -> None:
        before = remote.texts()
        remote.catalog._generations.engine.clear()

        with pytest.raises(EngineError, match=r"is not at|does not have the collection"):
            remote.find()
        remote.catalog.build(remote.encoder, remote.settings, whole=True)

        assert remote.texts() == before

    def test_another_model_fills_a_new_collection_and_the_alias_moves(self, remote: Shop) -> None:
        server = remote.catalog._generations.engine._server  # type: ignore[attr-defined]
        alias = remote.settings.search.milvus.collection
        remote.encoder.fingerprint = "another-model"

        remote.build()

        assert (server.named_by(alias), f"{alias}_1" in server.collections()) == (f"{alias}_2", False)

    def test_the_collection_of_another_workspace_is_left_alone(self, remote: Shop, tmp_path: Path) -> None:
        other = Shop(tmp_path / "other", remote.settings)

        with pytest.raises(EngineError) as caught:
            other.build(BURMESE)

        assert caught.value.code == "collection_taken"
        assert remote.texts()[0] == ARMY[1][0].text

    def test_a_deleted_catalog_takes_its_collection_up_again(self, remote: Shop, tmp_path: Path) -> None:
        again = Shop(tmp_path / "again", remote.settings).build(*SOURCES)

        assert again.catalog.generation().manifest.segments == remote.catalog.generation().manifest.segments  # type: ignore[union-attr]
        assert again.texts() == remote.texts()

    def test_moving_to_a_server_and_back_encodes_nothing_and_keeps_the_hits(self, remote: Shop, tmp_path: Path) -> None:
        there, folder = remote.find(), tmp_path / ".workbench"
        back = Shop(folder, Settings())
        with pytest.raises(StaleIndex, match=r"one for milvus, the settings name local.*"):
            back.find()
        back.encoder = counting = CountingEncoder()

        here = back.build().find()

        assert counting.texts[:-1] == []  # but for the query
        assert [hit.passage_id for hit in here.hits] == [hit.passage_id for hit in there.hits]
        assert [hit.cosine for hit in here.hits] == [hit.cosine for hit in there.hits]


def test_a_server_is_named_by_its_address() -> None:
    with pytest.raises(ValueError, match="is not the address of a server"):
        SearchSettings.model_validate({"engine": "milvus", "milvus": {"url": "./workbench.db"}})
    with pytest.raises(ValueError, match="needs the address of the server"):
        SearchSettings.model_validate({"engine": "milvus"})


def test_a_token_is_never_printed_and_no_server_changes_what_a_receipt_says_of_the_settings() -> None:
    plain, remote = Settings(), on("http://127.0.0.1:19530", token="hunter2")

    assert "hunter2" not in remote.model_dump_json() + repr(remote)
    assert "engine" not in plain.search.shaping
    assert "milvus" not in remote.search.shaping


@needs_milvus
@pytest.mark.process
@pytest.mark.long
def test_pages_that_search_nothing_work_while_the_server_is_away_and_the_others_say_so(home: Path, server: LiteServer) -> None:
    settings = f'[search]\nengine = "milvus"\n[search.milvus]\nurl = "{server.url}"\ncollection = "of_pages"\n'
    (home / "workbench.toml").write_text(settings, encoding="utf-8")
    (home / "evidence" / "vote.txt").write_text("The army alleged fraud in the vote.", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.sync_evidence()
        for name, said in (("vote", "There was fraud in the vote."), ("rain", "It rained on the day.")):
            desk.add_claim(make_claim(name, said), actor=ANA)
        session.use_desk(desk)
        try:
            with_it = html(visit("check", claim="vote"))
            server.lose()
            pages = {one: visit(one, claim="rain") for one in ("check", "evidence")}
            with pytest.raises(EngineError):
                desk.catalog.check()
        finally:
            session.use_desk(None)
            server.start()

    assert "The army alleged" in with_it
    assert [name for name, page in pages.items() if page.exception] == []
    assert f"Milvus at {server.url} does not answer." in html(pages["check"])


@needs_milvus
@pytest.mark.process
def test_a_workspace_that_moves_to_both_servers_and_back_keeps_every_event_citation_and_hit(
    desk: Desk, server: LiteServer, on_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, file = desk.workspace.root, desk.workspace.ledger
    for number, said in enumerate(("119 votes to 1", "no vote at all", "a vote of the army", "rain on the day of the vote")):
        (home / "evidence" / f"{number}.txt").write_text(f"The resolution was adopted by {said}.", encoding="utf-8")
    desk.sync_evidence()
    desk.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)
    cites = (Cite(passage_id=desk.match("vote").hits[0].passage_id, stance="supports"),)
    desk.record(VerdictRequest(claim_id="vote", rating="supported", reviewer=ANA, token="t", rationale="Counted.", cites=cites))

    def seen(one: Desk) -> tuple[object, list[Hit]]:
        assert verify(one).failures == ()
        cited = [citation for verdict in one.case("vote").verdicts for citation in verdict.citations]
        return (list(one.ledger.since()), cited, one.freshness.lines()), list(one.match("vote").hits)

    kept, hits = seen(desk)
    desk.close()
    away = {"RECORDS__URL": on_server, "SEARCH__ENGINE": "milvus", "SEARCH__MILVUS__URL": server.url}
    for is_away in (True, False):
        copy_records(*((str(file), on_server) if is_away else (on_server, str(file))))
        for name, value in away.items():
            monkeypatch.setenv(f"WORKBENCH_{name}", value) if is_away else monkeypatch.delenv(f"WORKBENCH_{name}")
        if is_away:
            file.unlink()
        Counting.encoded = []
        with Desk.open(home, encoder=Counting) as moved:
            moved.sync_evidence()
            still, found = seen(moved)

        assert Counting.encoded == []
        assert still == kept
        assert [hit.passage_id for hit in found] == [hit.passage_id for hit in hits]
        assert [hit.score for hit in found] == pytest.approx([hit.score for hit in hits], abs=0.02 if is_away else 0)


class Counting(FakeEncoder):
    """The fake encoder, remembering every passage it was given."""

    encoded: ClassVar[list[str]] = []

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        self.encoded.extend([] if query else texts)
        return super().encode(texts, query=query)


@needs_milvus
@pytest.mark.process
def test_nothing_is_erased_while_the_server_is_away_and_everything_once_it_is_back(home: Path, server: LiteServer) -> None:
    settings = f'[search]\nengine = "milvus"\n[search.milvus]\nurl = "{server.url}"\ncollection = "of_purge"\n'
    (home / "workbench.toml").write_text(settings, encoding="utf-8")
    (home / "evidence" / "vote.txt").write_text("The army alleged fraud in the vote.", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.sync_evidence()
        (source_id,) = desk.catalog.counts()
        server.lose()
        try:
            with pytest.raises(EngineError):
                desk.erasing.purge(source_id, "Asked by a court.", actor=ANA)
            assert (desk.evidence.find(source_id).purged, desk.catalog.has(source_id)) == (None, True)
        finally:
            server.start()
        desk.erasing.purge(source_id, "Asked by a court.", actor=ANA)
        engine: Any = desk.catalog._generations.engine
        left = [one for name in engine._ours() for ids in engine._server.every_id(name) for one in ids]

    assert left == []
