"""The index of words: BM25 over English stems, and over character pairs and triples where a script puts no space between words.

What lives here: how a text becomes terms, writing and extending an index folder, searching it. What does not: what an id
means, and whether a folder may be trusted (the catalog hashes it first). A text that is searched for is plain words: no
character of it is syntax; operators come as an Expression (operators.py), which becomes tantivy's own queries. The only door
to tantivy.

Three fields: `words` (stems) and `grams` (pairs and triples of unspaced scripts) rank; `forms` holds every word as it stands
and every syllable of unspaced scripts, in their order, for phrases and beginnings of words.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import regex
from numpy.typing import NDArray

from workbench.errors import StaleIndex, WorkbenchError, WorkspaceError
from workbench.matching import STOP_WORDS, fold, syllables
from workbench.operators import AnyOf, Every, Expression, Phrase, Without, Word

KIND = "tantivy: en-stems + grams-2-3 + forms, v3"  # part of the manifest: another way to make terms is another index
WORD = r"\d+(?:\.\d+)+|\w+"  # Rust's \w keeps a Burmese or Khmer word whole, tantivy's own tokenizer does not
RUN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]+")
THOUSANDS = regex.compile(r"(?<=\d),(?=\d{3}(?!\d))")
INITIALS = regex.compile(r"\b(?:\p{L}\.){2,}")
SUBSCRIPT = regex.compile(r"\b(CO|CH|NO|SO|H|N|O) (\d)\b(?!\.\d)")  # how web pages give CO₂ when they are made into text
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
# "US troops", "WHO figures": in lower case they are stop words. Between other words in capitals they are no names.
STOPPED = "|".join(sorted(word.upper() for word in STOP_WORDS if len(word) > 1 and word.isalpha()))
ACRONYM = regex.compile(rf"\b(?:{STOPPED})\b(?<!\p{{Lu}}{{2}} \p{{Lu}}+)(?! \p{{Lu}}{{2}})")
ALSO_CALLED = {"US": "USA"}
LONGEST_TERM = 60  # bytes; longer ones are addresses and keys nobody searches for
WRITER_HEAP = 128_000_000  # bytes; one thread and one heap keep passages of one build in the order they came
MAX_QUERY_TERMS = 1_024
NARROW = 0.2  # an allowed id that is asked for costs 4 microseconds, a hit that a mask has to look through about 1
SPARE = 1.3  # times the hits a mask is expected to need: most searches fetch once
NO_IDS: NDArray[np.int64] = np.empty(0, dtype=np.int64)


class LexicalIndex:
    """An index folder, open for searching. Safe from several threads.

    gone: ids that are still in the folder and never found.
    """

    def __init__(self, folder: Path, *, gone: NDArray[np.int64] = NO_IDS) -> None:
        """Open the index in a folder; nothing in it is changed. Raises: StaleIndex where tantivy cannot read it."""
        import tantivy

        try:
            index = tantivy.Index.open(str(folder))
        except ValueError as error:
            if not os.access(folder, os.W_OK):  # tantivy takes a lock even to read
                message = f"{folder} cannot be searched: it is read-only."
                raise WorkspaceError(message, hint="Make the .workbench folder writable.", code="unwritable") from error
            raise StaleIndex(f"{folder} cannot be read: {error}", hint="Run: workbench evidence reindex") from error
        self._schema = index.schema
        self._searcher = index.searcher()
        self._gone = gone

    def __len__(self) -> int:
        return int(self._searcher.num_docs) - len(self._gone)

    def search(self, wanted: str | Expression, k: int, *, ids: NDArray[np.int64] | None = None) -> list[tuple[int, float]]:
        """The k best (id, BM25) for the words of a text or an expression, best first, ties by id; only among `ids`, (n,) int64.

        Scores are 0 or more and comparable within one query only. A text of stop words alone keeps them. An expression finds
        every passage that it says, and no other. Raises: WorkbenchError (`bad_query`) where a beginning has too many endings.
        """
        if k < 1 or not len(self) or (ids is not None and not len(ids)):
            return []
        if isinstance(wanted, str):
            terms = query_terms(wanted)
            return self._best_for(self._words(terms), k, ids) if terms else []
        try:
            return self._best_for(self._expressed(wanted), k, ids)
        except ValueError as error:  # what tantivy says of a phrase with too many endings
            message = f"Too many words begin as the last one of a phrase does: {error}."
            raise WorkbenchError(message, hint="Write more letters before the *.", code="bad_query") from error

    def _best_for(self, words: Any, k: int, ids: NDArray[np.int64] | None) -> list[tuple[int, float]]:
        if ids is not None and len(ids) ** 2 <= NARROW * k * self._searcher.num_docs:  # fewer ids than hits to look through
            few = np.setdiff1d(ids, self._gone)
            return _best(*self._found(self._among(words, few), k), k) if len(few) else []
        if ids is None and not len(self._gone):
            return _best(*self._found(words, k), k)
        return self._masked(words, k, ids)

    def _masked(self, words: Any, k: int, ids: NDArray[np.int64] | None) -> list[tuple[int, float]]:
        """The k best that may be found, from as many hits as that takes: doubled until there are k, or no more hits."""
        bits = _bits(self._gone, default=True) if ids is None else _bits(ids, default=False)
        if ids is not None:
            bits[self._gone[self._gone < len(bits)]] = False
        allowed = len(self) if ids is None else len(ids)
        limit = int(k * SPARE * self._searcher.num_docs / max(allowed, 1)) + k
        while True:
            rows, scores = self._found(words, limit)
            kept = np.flatnonzero(bits[np.minimum(rows, len(bits) - 1)])
            if len(kept) >= k or len(rows) < limit:
                return _best(rows[kept], scores[kept], k)
            limit *= 2

    def _found(self, query: Any, limit: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Ids and scores of the best hits, best first: as many as there are, at most `limit`."""
        hits = self._searcher.search(query, limit=min(limit, int(self._searcher.num_docs)), count=False).hits
        rows = self._searcher.fast_field_values("id", [address for _, address in hits])
        scores = np.fromiter((score for score, _ in hits), dtype=np.float64, count=len(hits))
        return np.array(rows, dtype=np.int64), scores

    def _words(self, terms: Counter[tuple[str, str]]) -> Any:
        from tantivy import Occur, Query

        wanted = []
        for (field, term), times in terms.items():
            query = Query.term_query(self._schema, field, term, index_option="freq")
            wanted.append((Occur.Should, Query.boost_query(query, float(times)) if times > 1 else query))
        return Query.boolean_query(wanted)

    def _expressed(self, wanted: Expression) -> Any:
        """The tantivy query of an expression."""
        from tantivy import Occur, Query

        match wanted:
            case Word(text):
                forms, terms = _forms(text), query_terms(text)
                if len(forms) == len(terms) == 1 and not RUN.search(text):
                    return self._words(terms)
                return self._in_order(forms)
            case Phrase(text, is_open):
                return self._in_order(_forms(text), is_open=is_open)
            case Every(parts):
                return Query.boolean_query([(Occur.Must, self._expressed(part)) for part in parts])
            case AnyOf(parts):
                return Query.boolean_query([(Occur.Should, self._expressed(part)) for part in parts])
            case Without(kept, left_out):
                without = [(Occur.MustNot, self._expressed(part)) for part in left_out]
                return Query.boolean_query([(Occur.Must, self._expressed(kept)), *without])

    def _in_order(self, forms: list[str], *, is_open: bool = False) -> Any:
        """The words one after the other, as they stand; is_open: the last may go on."""
        from tantivy import Query

        if not forms:
            return Query.empty_query()
        patterns = [*map(regex.escape, forms[:-1]), regex.escape(forms[-1]) + ".*"]
        if len(forms) == 1:
            if is_open:
                return Query.regex_query(self._schema, "forms", patterns[0])
            return Query.term_query(self._schema, "forms", forms[0])
        if is_open:
            return Query.regex_phrase_query(self._schema, "forms", patterns)
        return Query.phrase_query(self._schema, "forms", list[str | tuple[int, str]](forms))

    def _among(self, words: Any, ids: NDArray[np.int64]) -> Any:
        from tantivy import Occur, Query

        allowed = Query.term_set_query(self._schema, "id", ids.tolist())
        return Query.boolean_query([(Occur.Must, words), (Occur.Must, Query.const_score_query(allowed, 0.0))])


def _best(rows: NDArray[np.int64], scores: NDArray[np.float64], k: int) -> list[tuple[int, float]]:
    """The k best (id, score), best first, ties by id."""
    order = np.lexsort((rows, -scores))[:k]
    return list(zip(rows[order].tolist(), scores[order].tolist(), strict=True))


def _bits(ids: NDArray[np.int64], *, default: bool) -> NDArray[np.bool_]:
    """For each id up to the largest: `default`, but the opposite for these. The last entry stands for all larger ids."""
    bits = np.full(int(ids.max()) + 2, default)
    bits[ids] = not default
    return bits


def write_index(folder: Path, rows: Iterable[tuple[int, str]]) -> int:
    """Write a new index of (id, text) rows into an empty folder, in one commit; how many there were.

    A title is indexed by putting it in front of its text. Raises: OSError where the folder cannot be written.
    """
    import tantivy

    folder.mkdir(parents=True)
    return _fill(tantivy.Index(_schema(), path=str(folder)), rows, NO_IDS)


def extend_index(folder: Path, rows: Iterable[tuple[int, str]], *, without: NDArray[np.int64] = NO_IDS) -> int:
    """Add (id, text) rows to the index in a folder and take some ids out of it, in one commit; how many were added.

    without: (n,) int64. Files are only added or replaced, never written into: other folders may share them. tantivy merges its
    segments by itself, about eight of a size into one, before this returns. Raises: OSError where the folder cannot be written.
    """
    import tantivy

    return _fill(tantivy.Index.open(str(folder)), rows, without)


def _fill(index: Any, rows: Iterable[tuple[int, str]], without: NDArray[np.int64]) -> int:
    import tantivy

    index.register_tokenizer("words", _analyser("words"))
    index.register_tokenizer("grams", _analyser("grams"))
    index.register_tokenizer("forms", _analyser("forms"))
    count = 0
    try:
        writer = index.writer(heap_size=WRITER_HEAP, num_threads=1)
        if len(without):
            writer.delete_documents_by_query(tantivy.Query.term_set_query(index.schema, "id", without.tolist()))
        for row, text in rows:
            plain = _plain(text)
            words, runs = _split(plain)
            document = tantivy.Document()
            document.add_unsigned("id", row)
            document.add_text("words", words)
            document.add_text("forms", _in_syllables(plain) if runs else words)
            for run in runs:
                document.add_text("grams", run)
            writer.add_document(document)
            count += 1
        writer.commit()
        writer.wait_merging_threads()
    except ValueError as error:  # how tantivy reports a full disk
        raise OSError(f"The index of words: {error}") from error
    return count


def query_terms(text: str) -> Counter[tuple[str, str]]:
    """(field, term) of a query with how often it says each: stems without stop words, and grams of unspaced scripts."""
    words, runs = _split(_plain(text))
    stems = _analyser("query").analyze(words) or _analyser("words").analyze(words)
    terms = [("words", stem) for stem in stems]
    terms += [("grams", gram) for run in runs for gram in _analyser("grams").analyze(run)]
    return Counter(terms[:MAX_QUERY_TERMS])


def passage_terms(text: str) -> list[str]:
    """The terms of a passage as often as it has them, for an engine that keeps its own index of words: stems, and grams.

    What `query_terms` gives for a query that asks for the same words is among them.
    """
    words, runs = _split(_plain(text))
    terms: list[str] = _analyser("words").analyze(words)
    return terms + [gram for run in runs for gram in _analyser("grams").analyze(run)]


def _forms(text: str) -> list[str]:
    """The words of a text as they stand, and the syllables of its runs in scripts without spaces, in order."""
    forms: list[str] = _analyser("forms").analyze(_in_syllables(_plain(text)))
    return forms


def _in_syllables(plain: str) -> str:
    """The text with spaces in its runs of scripts that have none."""
    spaced: str = plain if plain.isascii() else RUN.sub(lambda run: f" {' '.join(syllables(run[0]))} ", plain)
    return spaced


def _split(plain: str) -> tuple[str, list[str]]:
    """The text without its runs in scripts without spaces, and those."""
    runs = [] if plain.isascii() else RUN.findall(plain)
    return (RUN.sub(" ", plain) if runs else plain), runs


def _plain(text: str) -> str:
    """The text as its words are looked for."""
    if not text.isascii():
        text = text.translate(LOWERED)
    text = SUBSCRIPT.sub(r"\1\2", INITIALS.sub(lambda found: found[0].replace(".", ""), text))
    text = ACRONYM.sub(lambda found: ALSO_CALLED.get(found[0], f"{found[0]}acronym"), text)
    if not text.isascii() or "-\n" in text:
        text = fold(text).text
    plain: str = THOUSANDS.sub("", text)
    return plain


@lru_cache(maxsize=4)
def _analyser(name: str) -> Any:
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

    if name == "grams":
        return TextAnalyzerBuilder(Tokenizer.ngram(2, 3)).filter(Filter.lowercase()).build()
    builder = TextAnalyzerBuilder(Tokenizer.regex(WORD)).filter(Filter.lowercase()).filter(Filter.remove_long(LONGEST_TERM))
    if name == "query":
        builder = builder.filter(Filter.custom_stopword(sorted(STOP_WORDS)))
    builder = builder.filter(Filter.ascii_fold())
    return (builder if name == "forms" else builder.filter(Filter.stemmer("english"))).build()


def _schema() -> Any:
    from tantivy import SchemaBuilder

    builder = SchemaBuilder()
    builder.add_unsigned_field("id", indexed=True, fast=True)
    builder.add_text_field("words", tokenizer_name="words", index_option="freq")
    builder.add_text_field("grams", tokenizer_name="grams", index_option="freq")
    builder.add_text_field("forms", tokenizer_name="forms", index_option="position")
    return builder.build()
