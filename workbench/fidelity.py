"""Whether a claim's quotation stands word for word in the file it was lifted from, or that is given as its appearance.

What lives here: which file that is, editorial marks, the nearest wording where the words are not there, word by word. What does
not: any judgement of the difference. A translated quotation is checked in its original words: the translation is nobody's file.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import lru_cache

import regex
from rapidfuzz import fuzz

from workbench.catalog import Catalog
from workbench.errors import UnknownId
from workbench.library import Library
from workbench.matching import Folded, fold
from workbench.models import Claim, LibraryEntry, QuoteCheck, QuoteState, Source, Span, WordChange

LIKE = 70.0  # of 100, rapidfuzz's partial ratio: below it the nearest wording is another sentence
NEAREST = 5  # stretches that are compared letter by letter
FAR = 2_000  # characters between two parts of one quotation with an ellipsis
_ELLIPSIS = regex.compile(r"\[\s*(?:\.\s?){3}\s*\]|\[\s*…\s*\]|(?:\.\s?){3,}|…")
_LETTERS = regex.compile(r"(?<!\w)\[(\p{L}{1,2})\](?=\p{L})")  # "[T]he": a letter made to fit the sentence around it
_ADDED = regex.compile(r"\[[^\[\]]*\]")
_WORD = regex.compile(r"\S+")
_SCHEME = regex.compile(r"^https?://(?:www\.)?", regex.IGNORECASE)


class Fidelity:
    """Quotations of one workspace set beside their files. Safe to share between threads."""

    def __init__(self, library: Library, catalog: Catalog) -> None:
        self._library = library
        self._catalog = catalog
        self._checked = lru_cache(maxsize=64)(self._check)
        self._addressed: tuple[Mapping[str, LibraryEntry], dict[str, list[LibraryEntry]]] | None = None

    def of(self, claim: Claim) -> QuoteCheck | None:
        """What became of the claim's quotation; None where it quotes nothing. The best of several files counts."""
        words = claim.quote_original or claim.quote
        if not words:
            return None
        checks = []
        for entry in self._files(claim):
            with suppress(UnknownId):
                checks.append(self._checked(words, entry))
        order: list[QuoteState] = ["verbatim", "differs", "not-found"]
        return min(checks, key=lambda one: order.index(one.state), default=QuoteCheck(state="no-file"))

    def _files(self, claim: Claim) -> Iterator[LibraryEntry]:
        """The file the words were lifted from, and those that state the address of an appearance."""
        entries = self._library.entries()
        if claim.source_quote and claim.source_quote.sha256 in entries:
            yield entries[claim.source_quote.sha256]
        wanted = {_plain(url) for place in claim.appearances for url in (place.url, place.archived_url) if url}
        by_address = self._by_address(entries) if wanted else {}
        yield from {entry.source_id: entry for url in wanted for entry in by_address.get(url, ())}.values()

    def _by_address(self, entries: Mapping[str, LibraryEntry]) -> dict[str, list[LibraryEntry]]:
        """The sources by the addresses they state; made anew only where the library changed."""
        held = self._addressed
        if held is None or held[0] is not entries:
            found: dict[str, list[LibraryEntry]] = {}
            for entry in entries.values():
                for url in filter(None, (entry.meta.url, entry.meta.archived_url)):
                    found.setdefault(_plain(url), []).append(entry)
            self._addressed = held = (entries, found)
        return held[1]

    def _check(self, words: str, entry: LibraryEntry) -> QuoteCheck:
        source = self._catalog.source(entry.source_id)
        if source is None:  # removed, or not read yet: raised, since what is returned is kept
            raise UnknownId(f"The text of {entry.title} is not at hand.", hint="Run: workbench evidence sync")
        return quote_check(words, source).model_copy(update={"title": entry.title})


def quote_check(words: str, source: Source) -> QuoteCheck:
    """The words beside a text: verbatim (as `matching.fold` compares them, ellipses and brackets being the editor's), else the
    stretch that comes nearest with what differs word by word, else not found. Spans are offsets into the source's text.
    What a colleague describes is nobody's words: it is passed over; words heard, as somebody wrote them down, are not.
    """
    text = fold(_without_descriptions(source))
    place = _in_order(words, text)
    if place is not None:
        return QuoteCheck(state="verbatim", source_id=source.source_id, span=text.span(*place))
    wanted = fold(_without_marks(words)).text.strip()
    nearest = _nearest(wanted, text.text)
    if nearest is None:
        return QuoteCheck(state="not-found", source_id=source.source_id)
    span = text.span(*nearest)
    changes = tuple(word_changes(words, source.text[span.start : span.end], compared_as=_bare))
    return QuoteCheck(state="differs", source_id=source.source_id, span=span, changes=changes)


def _without_descriptions(source: Source) -> str:
    """The text with blanks in place of what is described, so that offsets hold."""
    parts, at = [], 0
    for place in source.places:
        if place.kind == "described":
            parts += [source.text[at : place.start], " " * (place.end - place.start)]
            at = place.end
    return "".join([*parts, source.text[at:]])


def _without_marks(words: str) -> str:
    return " ".join(_ADDED.sub(" ", _ELLIPSIS.sub(" ", _LETTERS.sub(r"\1", words))).split())


def _in_order(words: str, text: Folded) -> tuple[int, int] | None:
    """Where the parts of a quotation stand one after the other; what an editor added or left out may stand between them."""
    plain = _LETTERS.sub(r"\1", words)
    parts = [part for cut in _ELLIPSIS.split(plain) for part in _ADDED.split(cut)]
    folded = [one for part in parts if (one := fold(part).text.strip(" ,;:.")) and regex.search(r"\w", one)]
    if not folded:
        return None
    begin = text.text.find(folded[0])
    while begin >= 0:
        end = begin + len(folded[0])
        for part in folded[1:]:
            at = text.text.find(part, end, end + FAR)
            if at < 0:
                break
            end = at + len(part)
        else:
            return begin, end
        begin = text.text.find(folded[0], begin + 1)
    return None


def nearest_wording(words: str, text: str) -> Span | None:
    """The stretch of a text that comes nearest to the words, whole words; None where nothing in it is like them."""
    folded = fold(text)
    place = _nearest(fold(words).text.strip(), folded.text)
    return None if place is None else folded.span(*place)


def _nearest(wanted: str, text: str) -> tuple[int, int] | None:
    """The stretch of a text that comes nearest to the words, whole words; None where nothing is like them."""
    best, place = LIKE, None
    for start, stretch in _likely(wanted, text):
        found = fuzz.partial_ratio_alignment(wanted, stretch, score_cutoff=best)
        if found is not None and found.score >= best:
            best, place = found.score, (start + found.dest_start, start + found.dest_end)
    return None if place is None else _whole_words(text, *place)


def _likely(wanted: str, text: str) -> list[tuple[int, str]]:
    """The stretches of a text that share most words with the quotation: only they are compared letter by letter."""
    width = max(2 * len(wanted), 200)
    mine = set(_WORD.findall(wanted))
    stretches = [(at, text[at : at + width]) for at in range(0, max(len(text), 1), width // 2)]
    return sorted(stretches, key=lambda one: -len(mine & set(_WORD.findall(one[1]))))[:NEAREST]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def word_changes(quoted: str, filed: str, *, compared_as: Callable[[str], str]) -> Iterator[WordChange]:
    """The quotation and the file's words, run by run: in both, only in the quotation, only in the file.

    compared_as: what of a word has to be the same.
    """
    mine, theirs = quoted.split(), filed.split()
    compared = difflib.SequenceMatcher(None, [*map(compared_as, mine)], [*map(compared_as, theirs)], autojunk=False)
    for kind, a, b, c, d in compared.get_opcodes():
        if kind == "equal":
            yield WordChange(where="both", words=" ".join(theirs[c:d]))
            continue
        if a < b:
            yield WordChange(where="quotation", words=" ".join(mine[a:b]))
        if c < d:
            yield WordChange(where="file", words=" ".join(theirs[c:d]))


def _bare(word: str) -> str:
    """A word without the marks around it; a mark that stands alone is itself."""
    folded: str = fold(word).text
    stripped = folded.strip("\"'.,;:!?()[]")
    return stripped or folded


def _plain(url: str) -> str:
    address: str = _SCHEME.sub("", url.partition("#")[0])
    return address.rstrip("/").casefold()
