"""Searches that somebody keeps under a name, and what is new in them since somebody last looked.

What lives here: saving, renaming, retiring, running, and finding the news: passages of sources that were added since. What does
not: how anything is found (search/), when it is announced (the doors). A saved search and every look at it are events of the
ledger: people's work, not derived. A search by words has as news every passage of a new source that it matches; one by meaning
has those of the new sources' passages that stand among its first k, as a person who ran it would see them.
"""

from __future__ import annotations

import difflib
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from workbench.catalog import Catalog, Corpus
from workbench.claims import slug_for
from workbench.errors import Conflict, StaleIndex, UnknownId, WorkbenchError
from workbench.ledger import Ledger
from workbench.library import Library
from workbench.models import Event, Filters, Hit, LibraryEntry, NewEvent, News, Reviewer, SavedSearch, SearchMode, SearchResult
from workbench.operators import read_query
from workbench.search import Query, Searcher
from workbench.search.facets import doubts
from workbench.search.query import read_wordings

SUBJECT = "search-"  # subject ids of their events: search-election-observers, of the kind `workspace`
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
    is_retired: bool = False


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
        self._seq = 0
        self._kept: dict[str, _Kept] = {}
        self._added: dict[str, tuple[int, datetime]] = {}
        self._added_seq = 0
        self._beat: object = None
        self._looked: dict[str, _Looked] = {}

    # what is kept ----------------------------------------------------------------------------------------------------

    def all(self) -> list[SavedSearch]:
        """The saved searches that were not retired, by name."""
        return sorted((kept.search for kept in self._current()), key=lambda one: one.name.casefold())

    def get(self, name_or_id: str) -> SavedSearch:
        """The saved search of that name (in any case) or id. Raises: UnknownId naming the nearest."""
        wanted = _one_line(name_or_id).casefold()
        here = self.all()
        for search in here:
            if wanted in (search.id, search.name.casefold()):
                return search
        near = difflib.get_close_matches(wanted, [search.name.casefold() for search in here], n=3)
        named = [search.name for search in here if search.name.casefold() in near] or [search.name for search in here[:3]]
        hint = f"There is: {', '.join(named)}." if named else "Save one with: workbench searches save NAME TEXT"
        raise UnknownId(f"There is no saved search {name_or_id!r}.", hint=hint, code="unknown_search")

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
        with self._lock:
            self._refuse_taken(name)
            search = SavedSearch(
                id=slug_for(name, self._all_kept()),
                name=_one_line(name),
                queries=tuple(query for query in queries if query.strip()),
                mode=mode,
                filters=filters or Filters(),
                k=k,
            )
            payload = {"search": search.model_dump(mode="json"), "up_to": self._ledger.head()[0]}
            self._ledger.append(self._event(search.id, "search-saved", payload, actor), _refuse_second)
        return search

    def doubts(self, search: SavedSearch) -> list[str]:
        """What to say of a search that may find less, or more, than was meant."""
        said = doubts(search.filters, self._searcher.facets(self._library.searchable()))
        loose = [text for text in search.queries if len(text.split()) > 1 and read_query(text) is None]
        if search.mode == "lexical" and loose:
            said.append("Words side by side match where one of them stands. Join them with AND, or quote them, to ask for all.")
        return said

    def rename(self, name_or_id: str, name: str, *, actor: Reviewer) -> SavedSearch:
        """Give a saved search another name; its id stays. Raises: UnknownId, WorkbenchError (`name_taken`)."""
        with self._lock:
            search = self.get(name_or_id)
            renamed = SavedSearch.model_validate({**search.model_dump(), "name": _one_line(name)})
            self._refuse_taken(name, but=search.id)
            self._ledger.append(self._event(search.id, "search-renamed", {"name": renamed.name}, actor))
        return renamed

    def retire(self, name_or_id: str, *, actor: Reviewer) -> SavedSearch:
        """Take a saved search off the list; it stays in the history. Raises: UnknownId."""
        search = self.get(name_or_id)
        self._ledger.append(self._event(search.id, "search-retired", {}, actor))
        return search

    def run(self, name_or_id: str) -> SearchResult:
        """The saved search as it finds now, with its receipt. Nobody is taken to have looked. Raises: UnknownId, as `find`."""
        search = self.get(name_or_id)
        return self._find(search.queries[0], also=search.queries[1:], k=search.k, mode=search.mode, filters=search.filters)

    def _refuse_taken(self, name: str, *, but: str | None = None) -> None:
        wanted = _one_line(name).casefold()
        if any(wanted in (one.name.casefold(), one.id) and one.id != but for one in self.all()):
            raise WorkbenchError(
                f"There is a saved search {_one_line(name)!r} already; nothing was changed.",
                hint="Choose another name, or remove that one first.",
                code="name_taken",
            )

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
            kept = self._all_kept().get(news.search.id)
            if kept is not None and kept.up_to < news.up_to:
                self._ledger.append(self._event(news.search.id, "search-seen", {"up_to": news.up_to}, actor))

    def _with_new_sources(self) -> list[tuple[_Kept, dict[str, LibraryEntry]]]:
        """The saved searches, by name, each with the sources a search may show that were added since it was looked at."""
        current = sorted(self._current(), key=lambda one: one.search.name.casefold())
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

    # events ----------------------------------------------------------------------------------------------------------

    def _current(self) -> list[_Kept]:
        return [kept for kept in self._all_kept().values() if not kept.is_retired]

    def _all_kept(self) -> dict[str, _Kept]:
        """Every search that was ever saved, by id; only events since the last call are read."""
        with self._lock:
            beat = self._ledger.beat()
            if beat != self._beat:
                for event in self._ledger.since(self._seq, subject_kind="workspace"):
                    self._seq = event.seq
                    if event.subject_id.startswith(SUBJECT):
                        self._take(event.subject_id.removeprefix(SUBJECT), event)
                self._beat = beat
            return dict(self._kept)

    def _take(self, search_id: str, event: Event) -> None:
        payload = event.payload
        if event.kind == "search-saved":
            self._kept[search_id] = _Kept(SavedSearch.model_validate(payload["search"]), payload["up_to"])
            return
        kept = self._kept[search_id]
        match event.kind:
            case "search-renamed":
                renamed = kept.search.model_copy(update={"name": payload["name"]})
                self._kept[search_id] = replace(kept, search=renamed)
            case "search-seen":
                self._kept[search_id] = replace(kept, up_to=max(kept.up_to, payload["up_to"]))
            case "search-retired":
                self._kept[search_id] = replace(kept, is_retired=True)

    def _event(self, search_id: str, kind: str, payload: dict[str, Any], actor: Reviewer) -> NewEvent:
        return NewEvent(
            subject_kind="workspace",
            subject_id=f"{SUBJECT}{search_id}",
            kind=kind,
            actor=actor,
            created_at=self._now(),
            payload=payload,
        )


def _refuse_second(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    """The check of a save: nobody else kept a search under this id meanwhile. Raises: Conflict."""
    if events:
        raise Conflict("A search of that name was saved by somebody else just now.", hint="Choose another name.")
    return event


def _one_line(name: str) -> str:
    return " ".join(name.split())
