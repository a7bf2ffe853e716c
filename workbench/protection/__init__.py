"""Sources that must be protected: who may read of them, what may be said of them instead, and whether a text gives them away.

    telling.py   a Case as an audience may know it: the one place where a citation becomes what may leave
    quoted.py    words of a protected source in a text for readers

A source is `public`, `internal` (for the newsroom) or `confidential` (for nobody but whoever opens the workspace). What does
not live here: marking one (metadata.py), what a report prints (report/), erasing one (purge/).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from workbench.catalog import Catalog
from workbench.errors import Refused, StaleIndex
from workbench.ledger import Ledger
from workbench.ledger.sealing import ERASED
from workbench.library import Library
from workbench.models import (
    MAY_READ,
    OPERATOR,
    WORKBENCH,
    Access,
    Audience,
    Case,
    Event,
    LibraryEntry,
    NewEvent,
    Record,
    Reviewer,
)
from workbench.protection.quoted import Secret, said_of, secret
from workbench.protection.telling import CLOSED, SHORT, Telling
from workbench.tongue import N_

__all__ = ["CLOSED", "MEANING", "Betrayal", "Protection", "Telling"]

MEANING: dict[Access, str] = {
    "public": N_("Anybody may read it: reports print its words, and name the file by its sha256."),
    "internal": N_("For colleagues: only the full edition of a report and the json and jsonl records print its words."),
    "confidential": N_("No words, title, path or sha256 of it leave. Reports say only what a colleague approved."),
}


class Betrayal(Record):
    """Words for readers that give a protected source away. field: of the page they stand in; words: which, or in what way."""

    field: str
    title: str
    access: Access
    words: str


class Protection:
    """What is protected in one workspace. Safe to share between threads."""

    def __init__(self, library: Library, catalog: Catalog, ledger: Ledger) -> None:
        self._library = library
        self._catalog = catalog
        self._ledger = ledger
        self._secrets: tuple[Mapping[str, LibraryEntry], dict[str, Secret]] | None = None
        self._tellings: tuple[Mapping[str, Access], dict[Audience, Telling]] | None = None

    @property
    def is_needed(self) -> bool:
        """Whether any source is protected today."""
        return bool(self._library.protected())

    def telling(self, audience: Audience) -> Telling:
        """What may be told to that audience, as things are now."""
        protected = self._library.protected()
        held = self._tellings
        if held is None or held[0] is not protected:
            held = self._tellings = (protected, {})
        if audience not in held[1]:
            held[1][audience] = self._telling(protected, audience)
        return held[1][audience]

    def told(self, case: Case, audience: Audience) -> Case:
        """The case as that audience may know it: nothing in it names or quotes what they may not read."""
        return self.telling(audience).case(case)

    def _telling(self, protected: Mapping[str, Access], audience: Audience) -> Telling:
        known = self._library.sources()
        told_as = {one: words[0] for one in protected if (words := known[one].told_as)}
        return Telling(
            audience,
            {one[:SHORT]: access for one, access in protected.items()},
            {one[:SHORT]: words for one, words in told_as.items()},
            self._own_names(protected, audience),
            self._ledger.pseudonyms.of_source,
        )

    def _own_names(self, protected: Mapping[str, Access], audience: Audience) -> frozenset[str]:
        """Publishers and topics that only sources have of which this audience may not read."""
        if not protected:
            return frozenset()
        hidden, open_ = set[str](), set[str]()
        for source_id, entry in self._library.entries().items():
            may_read = protected.get(source_id, "public") in MAY_READ[audience]
            names = [*entry.meta.topics, *([entry.meta.publisher] if entry.meta.publisher else [])]
            (open_ if may_read else hidden).update(names)
        return frozenset(hidden - open_)

    # what may be said instead ----------------------------------------------------------------------------------------

    def tell_as(self, id_or_prefix: str, words: str, *, actor: Reviewer) -> LibraryEntry:
        """Approve the words that reports may say of a source; "" takes them back. A person does, by name.

        Raises: UnknownId; Refused where nobody is named, or where the words name the source or quote it.
        """
        words, entry = " ".join(words.split()), self._library.find(id_or_prefix)
        if actor in (OPERATOR, WORKBENCH):
            raise Refused(
                "Nobody is named who approves these words.", hint="Say who you are: --by NAME. Nothing was written.", code="who"
            )
        if len(words) > 200:
            raise Refused(f"These are {len(words)} characters.", hint="Describe the source in 200 or fewer.", code="too_long")
        given_away = next((said for _, said in said_of(words, [self._secret(entry, ())])), None)
        if given_away is not None:
            raise Refused(
                f"These words give the source away: {given_away}.",
                hint="Nothing was written. Describe it in words that do not name or quote it.",
                code="names_source",
            )

        def check(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
            said = [one for one in events if one.kind == "source-told-as"]
            if said and (said[-1].payload["told_as"], said[-1].actor) == (words, actor):
                return said[-1]
            return event

        self._library.append(entry.source_id, "source-told-as", {"told_as": words}, actor=actor, check=check)
        self._tellings = None
        return self._library.find(entry.source_id)

    # what gives one away ---------------------------------------------------------------------------------------------

    def betrayals(self, case: Case, texts: Sequence[tuple[str, str]]) -> list[Betrayal]:
        """Where texts for readers say words of a protected source, or name it. texts: (field, text); case: as it is."""
        protected = self._library.protected()
        if not protected:
            return []
        cited: dict[str, list[str]] = {}
        for verdict in case.verdicts:
            for one in verdict.citations:
                if one.source_id in protected and one.quote != ERASED:
                    cited.setdefault(one.source_id, []).append(one.quote)
        entries = self._library.entries()
        secrets = {self._secret(entries[one], cited.get(one, ())): one for one in protected if one in entries}
        return [
            Betrayal(field=field, title=said.title, access=protected[secrets[said]], words=words)
            for field, text in texts
            for said, words in said_of(text, [*secrets])
        ]

    def _secret(self, entry: LibraryEntry, cited: Sequence[str]) -> Secret:
        """What to look for, of one source; the letters of its text are kept while the library is the same."""
        entries = self._library.entries()
        if self._secrets is None or self._secrets[0] is not entries:
            self._secrets = (entries, {})
        held = self._secrets[1].get(entry.source_id)
        if held is None:
            people = [entry.meta.author] if entry.meta.author else []
            names = [name for name in (entry.meta.title, *people, *entry.paths, entry.source_id[:12]) if name]
            held = self._secrets[1][entry.source_id] = secret(entry.title, list(self._texts(entry)), names)
        return held.citing(cited)

    def _texts(self, entry: LibraryEntry) -> Iterator[str]:
        try:
            source = self._catalog.source(entry.source_id)
        except StaleIndex:  # the text is not at hand; what was cited of it still is
            return
        if source is not None:
            yield source.text
