"""Searches that somebody keeps under a name, and what is new in them since somebody last looked.

What lives here: running them, and finding the news: passages of sources that were added since. What does not: keeping them
under names (kept_names.py), how anything is found (search/), when it is announced (the doors). A saved search and every look at
it are events of the ledger: people's work, not derived. A search by words has as news every passage of a new source that it
matches; one by meaning has those of the new sources' passages that stand among its first k, as a person who ran it would see
them.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from workbench.catalog import Catalog, Corpus
from workbench.errors import StaleIndex, WorkbenchError
from workbench.kept_names import KeptNames
from workbench.ledger import Ledger
from workbench.library import Library
from workbench.models import Event, Filters, Hit, LibraryEntry, News, Reviewer, SavedSearch, SearchMode, SearchResult
from workbench.operators import read_query
from workbench.search import Query, Searcher
from workbench.search.facets import doubts
from workbench.search.query import read_wordings

SHOWN = 5  # hits shown of the news of one search


class Find(Protocol):
    """What searches everything, with a whole receipt: Desk.find."""

    def __call__(self, text: str, *, also: Sequence[str], k: int | None, mode: SearchMode, filters: Filters) -> SearchResult:
        """Passages for a text."""


@dataclass(frozen=True)
class _Kept:
    """A saved search and the ledger's seq up to which sources were looked at."""

    search: SavedSearch
    up_to: int


@dataclass(frozen=True)
class _Evidence:
    """What is searched, at one moment."""

    corpus: Corpus
    generation: str | None
    library: Mapping[str, LibraryEntry]

    def is_same(self, other: _Evidence) -> bool:
        """Whether nothing changed: the library gives another mapping where anything did."""
        return (self.corpus, self.generation) == (other.corpus, other.generation) and self.library is other.library


@dataclass(frozen=True)
class _Looked:
    """The news of a search as they were found, and in what."""

    kept: _Kept
    at: _Evidence
    news: News | None


class SavedSearches:
    """The saved searches of one workspace, shared by all who work in it. Safe to share between threads."""

    def __init__(
        self,
        ledger: Ledger,
        library: Library,
        catalog: Catalog,
        searcher: Searcher,
        find: Find,
        now: Callable[[], datetime],
        *,
        usual_k: int,
    ) -> None:
        self._ledger = ledger
        self._library = library
        self._catalog = catalog
        self._searcher = searcher
        self._find = find
        self._now = now
        self._usual_k = usual_k
        self._lock = threading.RLock()
        self._names = KeptNames(
            ledger, now, word="search", model=SavedSearch, to_save="workbench searches save NAME TEXT", also=self._note
        )
        self._up_to: dict[str, int] = {}
        self._added: dict[str, tuple[int, datetime]] = {}
        self._added_seq = 0
        self._looked: dict[str, _Looked] = {}

    # what is kept ----------------------------------------------------------------------------------------------------

    def all(self) -> list[SavedSearch]:
        """The saved searches that were not retired, by name."""
        return self._names.all()

    def get(self, name_or_id: str) -> SavedSearch:
        """The saved search of that name (in any case) or id. Raises: UnknownId naming the nearest."""
        return self._names.get(name_or_id)

    def save(
        self,
        name: str,
        queries: Sequence[str],
        *,
        mode: SearchMode = "hybrid",
        filters: Filters | None = None,
        k: int | None = None,
        actor: Reviewer,
    ) -> SavedSearch:
        """Keep a search under a name that no other one has. What is in the evidence now is no news of it.

        Raises: WorkbenchError (`name_taken`, `bad_query`, `empty_query`), ValidationError.
        """
        read_wordings(Query(tuple(queries), is_typed=True), mode, [])
        return self._names.save(
            name,
            queries=tuple(query for query in queries if query.strip()),
            mode=mode,
            filters=filters or Filters(),
            k=k,
            says={"up_to": self._ledger.head()[0]},
            actor=actor,
        )

    def doubts(self, search: SavedSearch) -> list[str]:
        """What to say of a search that may find less, or more, than was meant."""
        said = doubts(search.filters, self._searcher.facets(self._library.searchable()))
        loose = [text for text in search.queries if len(text.split()) > 1 and read_query(text) is None]
        if search.mode == "lexical" and loose:
            said.append("Words side by side match where one of them stands. Join them with AND, or quote them, to ask for all.")
        return said

    def rename(self, name_or_id: str, name: str, *, actor: Reviewer) -> SavedSearch:
        """Give a saved search another name; its id stays. Raises: UnknownId, WorkbenchError (`name_taken`)."""
        return self._names.rename(name_or_id, name, actor=actor)

    def retire(self, name_or_id: str, *, actor: Reviewer) -> SavedSearch:
        """Take a saved search off the list; it stays in the history. Raises: UnknownId."""
        return self._names.retire(name_or_id, actor=actor)

    def run(self, name_or_id: str) -> SearchResult:
        """The saved search as it finds now, with its receipt. Nobody is taken to have looked. Raises: UnknownId, as `find`."""
        search = self.get(name_or_id)
        return self._find(search.queries[0], also=search.queries[1:], k=search.k, mode=search.mode, filters=search.filters)

    # news ------------------------------------------------------------------------------------------------------------

    def news(self) -> list[News]:
        """The searches in which passages of sources stand that were added since somebody last looked, by name.

        A search by meaning asks the model; all of them are read by it in one batch. Nothing while files are being taken in:
        what cannot be found yet must not be looked at. Raises: StaleIndex.
        """
        return self._looked_through(self._with_new_sources())

    def news_by_words(self) -> tuple[list[News], int]:
        """The news of searches by words, and how many by meaning have new sources to look through: no model is asked."""
        waiting = self._with_new_sources()
        by_words = [(kept, new) for kept, new in waiting if kept.search.mode == "lexical"]
        return self._looked_through(by_words), len(waiting) - len(by_words)

    def summary(self) -> dict[str, Any]:
        """How many searches are kept, and their news as far as no model has to be asked, for `workbench status`."""
        try:
            news, to_look_through = self.news_by_words()
        except StaleIndex:  # said where the index is
            news, to_look_through = [], len(self._with_new_sources())
        told = [
            {"name": one.search.name, "passages": one.passages, "files": len(one.source_ids), "told": one.told} for one in news
        ]
        return {"saved": len(self.all()), "news": told, "to_look_through": to_look_through}

    def see(self, news: News, *, actor: Reviewer) -> None:
        """Record that somebody looked at these news; what came in after them stays new."""
        with self._lock:
            kept = next((one for one in self._current() if one.search.id == news.search.id), None)
            if kept is not None and kept.up_to < news.up_to:
                self._names.say(news.search.id, "seen", {"up_to": news.up_to}, actor=actor)

    def _with_new_sources(self) -> list[tuple[_Kept, dict[str, LibraryEntry]]]:
        """The saved searches, by name, each with the sources a search may show that were added since it was looked at."""
        current = self._current()
        if not current:
            return []
        added = self._added_since(min(kept.up_to for kept in current))
        if self._catalog.is_being_written():  # asked after the events were read: none of them can be of files not yet indexed
            return []
        by_seq: dict[int, dict[str, LibraryEntry]] = {}  # searches looked at together share a mapping, and so a scope
        for up_to in {kept.up_to for kept in current}:
            by_seq[up_to] = {one: entry for one, (seq, entry) in added.items() if seq > up_to}
        return [(kept, by_seq[kept.up_to]) for kept in current if by_seq[kept.up_to]]

    def _added_since(self, seq: int) -> dict[str, tuple[int, LibraryEntry]]:
        """The searchable sources that were added after an event, with the seq that added them; another path adds none."""
        with self._lock:
            for event in self._ledger.since(max(seq, self._added_seq), subject_kind="source"):
                self._added_seq = event.seq
                if event.kind == "source-added":
                    self._added[event.subject_id] = (event.seq, event.created_at)
            added = dict(self._added)
        here = self._library.searchable()
        return {
            one: (at, here[one])
            for one, (at, moment) in added.items()
            if at > seq and one in here and here[one].added_at == moment
        }

    def _looked_through(self, waiting: Sequence[tuple[_Kept, Mapping[str, LibraryEntry]]]) -> list[News]:
        """The news of these searches, each found once for each state of the evidence."""
        if not waiting:
            return []
        generation = self._catalog.generation()
        at = _Evidence(self._catalog.corpus(), generation.name if generation else None, self._library.searchable())
        before = {kept.search.id: self._looked.get(kept.search.id) for kept, _ in waiting}
        unknown = [
            (kept, new)
            for kept, new in waiting
            if (known := before[kept.search.id]) is None or known.kept != kept or not known.at.is_same(at)
        ]
        texts = [text for kept, _ in unknown if kept.search.mode != "lexical" for text in kept.search.queries]
        if texts:
            self._searcher.meaning.read_ahead(texts)
        for kept, new in unknown:
            self._looked[kept.search.id] = _Looked(kept, at, self._news_of(kept.search, new, at.library))
        looked = [self._looked[kept.search.id].news for kept, _ in waiting]
        return [news for news in looked if news is not None]

    def _news_of(
        self, search: SavedSearch, new: Mapping[str, LibraryEntry], library: Mapping[str, LibraryEntry]
    ) -> News | None:
        """What is new in one search; None where nothing is. Raises: StaleIndex."""
        counts: Mapping[str, int] = {}
        hits: tuple[Hit, ...] = ()
        problem = ""
        try:
            find = self._matched if search.mode == "lexical" else self._among_first
            counts, hits = find(search, new, library)
        except WorkbenchError as error:
            if error.code != "bad_query":  # a beginning that came to have too many endings, say: the others go on
                raise
            problem = f"{error.message} {error.hint}"
        if not counts and not problem:
            return None
        return News(
            search=search,
            passages=sum(counts.values()),
            source_ids=tuple(sorted(counts)),
            hits=hits,
            up_to=max(seq for seq, _ in self._added.values()),
            problem=problem,
        )

    def _matched(
        self, search: SavedSearch, new: Mapping[str, LibraryEntry], _: Mapping[str, LibraryEntry]
    ) -> tuple[Mapping[str, int], tuple[Hit, ...]]:
        """Every passage of the new sources that the words find; only those sources are searched."""
        query = Query(search.queries, is_typed=True)
        counts = self._searcher.matching(query, filters=search.filters, library=new)
        return counts, self._found(search, new, k=SHOWN) if counts else ()

    def _among_first(
        self, search: SavedSearch, new: Mapping[str, LibraryEntry], library: Mapping[str, LibraryEntry]
    ) -> tuple[Mapping[str, int], tuple[Hit, ...]]:
        """The passages of the new sources among the first k of everything, with those folded into a hit."""
        hits = self._found(search, library, k=search.k or self._usual_k)
        sources = [(hit, [hit.source_id, *(other.source_id for other in hit.similar)]) for hit in hits]
        counts = Counter(one for _, said_by in sources for one in said_by if one in new)
        return counts, tuple(hit for hit, said_by in sources if not new.keys().isdisjoint(said_by))[:SHOWN]

    def _found(self, search: SavedSearch, library: Mapping[str, LibraryEntry], *, k: int) -> tuple[Hit, ...]:
        query = Query(search.queries, is_typed=True, is_looked_at=False)
        return self._searcher.search(
            query, k=k, mode=search.mode, filters=search.filters, library=library, unread=(), waiting=(), now=self._now()
        ).hits

    # how far each was looked at ----------------------------------------------------------------------------------------

    def _current(self) -> list[_Kept]:
        """The searches that were not retired, by name, with the seq up to which sources were looked at."""
        return [_Kept(search, self._up_to[search.id]) for search in self._names.all()]

    def _note(self, search_id: str, event: Event) -> None:
        if "up_to" in event.payload:  # of search-saved and search-seen
            self._up_to[search_id] = max(self._up_to.get(search_id, 0), event.payload["up_to"])
