"""A source erased for good: its bytes, its text, what was made of them, and its words in the records; events say that it was.

    hunt.py   which words of the records are its

What lives here: the order of the steps, and what a person must be told is still elsewhere. What does not: blanking words
(ledger/erasing.py), what the stores hold (originals.py, catalog/), why the bytes are not taken in again (inbox.py).

The event comes first. From then on nothing takes the bytes in again, and a purge that was broken off is finished by asking
again: every step looks for what is still there. The words of the records go before the text they are known by.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from workbench import log
from workbench.cases import Cases
from workbench.catalog import Catalog
from workbench.copying import hash_of
from workbench.errors import Refused, StaleIndex, WorkbenchError, WorkspaceError
from workbench.folders import META_SUFFIX, evidence_files, sync_path
from workbench.ledger import Ledger
from workbench.library import Library
from workbench.models import Event, LibraryEntry, NewEvent, Record, Reviewer, Sha256
from workbench.originals import Originals
from workbench.purge.hunt import Hunt
from workbench.reading import ReadingRoom
from workbench.reading.formats import FORMATS
from workbench.settings import Settings, Workspace
from workbench.stock import Stock

__all__ = ["Purge", "PurgeDone"]


class PurgeDone(Record):
    """What a purge did. words: how many of the records were blanked; files: of evidence/ that were deleted.

    claims: whose verdicts, marks or comments had words of it. elsewhere: where its words still are, a sentence each.
    """

    source_id: Sha256
    reason: str
    words: int
    files: tuple[str, ...]
    claims: tuple[str, ...]
    elsewhere: tuple[str, ...]


class Purge:
    """Erasing sources of one workspace. One at a time, while nobody takes files in."""

    def __init__(
        self,
        workspace: Workspace,
        settings: Settings,
        cases: Cases,
        ledger: Ledger,
        library: Library,
        originals: Originals,
        catalog: Catalog,
        stock: Stock,
        now: Callable[[], datetime],
    ) -> None:
        self._workspace = workspace
        self._settings = settings
        self._cases = cases
        self._ledger = ledger
        self._library = library
        self._originals = originals
        self._catalog = catalog
        self._stock = stock
        self._now = now

    def purge(self, id_or_prefix: str, reason: str, *, actor: Reviewer) -> PurgeDone:
        """Erase a source; asking again finishes what was broken off, and else does nothing. The first reason stays.

        Raises: UnknownId; Refused without a reason, or with one that has words of the source; StaleIndex while files are taken
        in, or where the server of the index does not answer (nothing was erased then); LedgerError; WorkspaceError where
        something cannot be deleted. Until it gives back, words may still be there: ask again.
        """
        self._stock.refuse_unless_taking_in()  # its files in evidence/ are to go too
        reason = " ".join(reason.split())
        entry = self._library.find(id_or_prefix)
        if not reason:
            hint = "Say it in a few words that may be read by anybody: --reason TEXT. Nothing was erased."
            raise Refused("A purge needs a reason, which stays when everything else is gone.", hint=hint, code="no_reason")
        with self._stock.changing(), _told_in_words():
            self._catalog.reach()  # an index on a server that is away would keep its words
            texts = self._text_hashes(entry)
            hunt = Hunt(entry.source_id, list(self._texts(entry, texts[True])))
            if hunt.says(reason):
                hint = "Nothing was erased. Give a reason that does not quote it: it stays."
                raise Refused("The reason has words of the source.", hint=hint, code="names_source")
            self._say_so(entry.source_id, reason, actor)
            words = self._blank(entry.source_id, hunt, actor)
            elsewhere = tuple(self._elsewhere(entry))  # before what it is known by goes
            files = self._delete_files(entry.source_id)
            self._delete_originals(entry.source_id, texts)
            self._forget(entry.source_id)
            self._make_again()
        log.tell("purged", words=words, files=len(files))
        kept, claims = self._library.find(entry.source_id).purged, self._told(entry.source_id)
        told = kept.reason if kept else reason
        return PurgeDone(source_id=entry.source_id, reason=told, words=words, files=files, claims=claims, elsewhere=elsewhere)

    # the steps, in their order ---------------------------------------------------------------------------------------

    def _say_so(self, source_id: str, reason: str, actor: Reviewer) -> None:
        def once(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
            return next((one for one in events if one.kind == "source-purged"), event)

        self._library.append(source_id, "source-purged", {"reason": reason}, actor=actor, check=once)

    def _blank(self, source_id: str, hunt: Hunt, actor: Reviewer) -> int:
        """Its words out of the records; in each claim that loses some an event says why."""
        purged = self._library.sources()[source_id].purged or [""]

        def tell(claims: Sequence[str]) -> list[NewEvent]:
            payload = {"source_id": source_id, "reason": purged[0]}
            return [self._cases.event(one, "words-erased", payload, actor=actor) for one in claims]

        return self._ledger.erase(hunt.names, hunt.redraft, tell)

    def _told(self, source_id: str) -> tuple[str, ...]:
        """The claims that lost words of it."""
        events = self._ledger.of_subjects_with("claim", "words-erased")
        of_it = (one for one in events if one.kind == "words-erased" and one.payload["source_id"] == source_id)
        return tuple(dict.fromkeys(one.subject_id for one in of_it))

    def _delete_files(self, source_id: str) -> tuple[str, ...]:
        """Every file of evidence/ with these bytes, and what NAME.meta.yaml said of it."""
        size = self._originals.path(source_id).stat().st_size if self._originals.has(source_id) else None
        gone = []
        for one in evidence_files(self._workspace.evidence)[0]:
            file = Path(one.path)
            if file.is_symlink() or (size is not None and file.stat().st_size != size) or hash_of(file) != source_id:
                continue
            for beside in (file.with_name(file.name + META_SUFFIX), file):  # the file last: what finds the other
                beside.unlink(missing_ok=True)
            sync_path(file.parent)
            gone.append(file.relative_to(self._workspace.root).as_posix())
        return tuple(gone)

    def _delete_originals(self, source_id: str, texts: Mapping[bool, set[str]]) -> None:
        """The bytes, and every kept text that no other source has, or had when it was cited."""
        for text_sha256 in texts[True] - texts[False]:
            if not [one for one in self._library.of_text(text_sha256) if one != source_id]:
                self._originals.erase_text(text_sha256)
        self._originals.erase(source_id)

    def _forget(self, source_id: str) -> None:
        """What was derived: passages, vectors, indexes, pages read by OCR, copies of what is known and was done."""
        self._stock.forget(source_id)

    def _make_again(self) -> None:
        """The index without it, and what follows for verdicts. Where no model is at hand, searches say how to make it."""
        try:
            self._stock.renew()
        except WorkbenchError as error:
            log.tell_error("index not made", error)

    # what is looked for ----------------------------------------------------------------------------------------------

    def _texts(self, entry: LibraryEntry, kept: Collection[str]) -> Iterator[str]:
        """Its text as the catalog has it, else as the original is read again; and as it was kept where it was cited."""
        try:
            source = self._catalog.source(entry.source_id)
        except StaleIndex:
            source = None
        if source is None and self._originals.has(entry.source_id):
            try:
                with ReadingRoom(self._settings.evidence) as room:
                    name = f"original{self._suffix(entry.source_id)}"
                    source = room.read(self._originals.path(entry.source_id), name=name, source_id=entry.source_id)
            except WorkbenchError:  # unreadable today: what was cited is still known
                source = None
        if source is not None:
            yield source.text
        for text_sha256 in kept:
            try:
                yield self._originals.text(text_sha256)
            except WorkbenchError:
                continue

    def _suffix(self, source_id: str) -> str:
        """The ending of its name that says how to read it, as its events have it; they keep it until they are blanked."""
        events = self._ledger.events("source", source_id)
        named = [Path(event.payload["path"]).suffix.lower() for event in events if event.kind == "source-added"]
        return next((one for one in named if one in FORMATS), ".txt")

    def _text_hashes(self, entry: LibraryEntry) -> dict[bool, set[str]]:
        """True: of every text it was read as, or that was cited from it; False: cited from others that are still here."""
        read = {
            event.payload["source"]["text_sha256"]
            for event in self._ledger.events("source", entry.source_id)
            if event.kind in ("source-added", "source-read-again")
        }
        hashes, gone = {True: read, False: set[str]()}, self._library.purged()
        for event in self._ledger.of_subjects_with("claim", "verdict-recorded"):
            for one in event.payload["verdict"]["citations"] if event.kind == "verdict-recorded" else ():
                is_its = one["source_id"] == entry.source_id
                if is_its or one["source_id"] not in gone:
                    hashes[is_its].add(one["text_sha256"])
        return hashes

    def _elsewhere(self, entry: LibraryEntry) -> Iterator[str]:
        entries = self._library.entries()
        if entry.part_of is not None and entry.part_of in entries:
            container = f"{entries[entry.part_of].title} ({entry.part_of[:12]})"
            yield f"It was found inside {container}, whose bytes hold it: purge that too."
        for one in entries.values():
            if one.part_of == entry.source_id:
                yield f"Found inside it, and kept as a source of its own: {one.title} ({one.source_id[:12]})."
        for source_id in self._library.of_text(entry.text_sha256):
            if source_id != entry.source_id:
                yield f"The same text stands in {entries[source_id].title} ({source_id[:12]})."
        if entry.describes:
            yield f"The {entry.describes.kind} it describes is kept (sha256 {entry.describes.sha256[:12]})."
        for path in sorted(self._workspace.records.glob("*.before-migration-*")):
            yield f"records/{path.name}, a copy of the ledger from before a migration, holds its words: delete it."
        yield from self._ledger.database.left_behind()
        yield "Backups, and what was exported or published before, hold it as before."


@contextmanager
def _told_in_words() -> Iterator[None]:
    """What the system would not do, as an error that says what to do next."""
    try:
        yield
    except OSError as error:
        hint = "Words of the source may still be there. Check the disk and the permissions, then ask for the same purge again."
        message = f"The erasure stopped: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}."
        raise WorkspaceError(message, hint=hint, code="purge_unfinished") from error
