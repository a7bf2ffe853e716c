"""Articles that are looked through for claims: files of the evidence, or text somebody pasted.

What lives here: what an article quotes, which of it is filed already, and filing. What does not: finding quotations (quotes/),
the form (ui/). A pasted text is nowhere until a claim is filed from it; then it is kept as a file in evidence/articles/, so
that the sha256 and the span of that claim can be opened as long as the workspace lives.
"""

from __future__ import annotations

import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import regex

from workbench.cases import Cases
from workbench.checkworthy import Checkable, worth_checking
from workbench.errors import FileFailure, UnknownId, WorkbenchError
from workbench.models import (
    MAX_TEXT,
    Claim,
    ExtractedQuote,
    LibraryEntry,
    PartialDate,
    Reviewer,
    Source,
    SourceMeta,
    SourceQuote,
    Span,
    sha256_hex,
)
from workbench.quotations import Quotations
from workbench.quotes import extract_quotes
from workbench.reading.text import clean, mark_paragraphs
from workbench.stock import Stock

FOLDER = "articles"
TITLE_WORDS = 8  # of the text, where no title is given
HELD = 8  # articles whose findings are kept at hand: a page asks for them on every drawing


@dataclass(frozen=True, slots=True)
class Article:
    """A text with what is known of it. source: as it was read, or as it will be once a claim is filed from a pasted text."""

    source: Source
    meta: SourceMeta
    title: str

    @property
    def sha256(self) -> str:
        """What a claim names the file by."""
        return self.source.source_id

    @property
    def text(self) -> str:
        """The canonical text that spans count into."""
        return self.source.text


@dataclass(frozen=True, slots=True)
class Quotation:
    """What an article says that somebody said. claim_id: of the claim that was filed from this very place."""

    found: ExtractedQuote
    claim_id: str | None

    @property
    def span(self) -> Span:
        """Where it stands in the text."""
        return Span(start=self.found.start, end=self.found.end)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A sentence of an article that is worth checking. claim_id: of the claim that was filed from this very place."""

    found: Checkable
    words: str
    claim_id: str | None

    @property
    def span(self) -> Span:
        """Where it stands in the text."""
        return self.found.span


class Articles:
    """The articles of one workspace. Safe to share between threads."""

    def __init__(
        self,
        stock: Stock,
        cases: Cases,
        quotations: Quotations,
        source: Callable[[str], tuple[LibraryEntry, Source]],
    ) -> None:
        self._stock = stock
        self._cases = cases
        self._quotations = quotations
        self._source = source
        self._lock = Lock()
        self._lifted: tuple[object, dict[str, dict[tuple[int, int], str]]] = (None, {})  # the cases, and claims by article
        self._held: OrderedDict[str, tuple[list[ExtractedQuote], list[Checkable]]] = OrderedDict()

    def of_source(self, id_or_prefix: str) -> Article:
        """A file of the evidence as an article. Raises: UnknownId."""
        entry, source = self._source(id_or_prefix)
        return Article(source, entry.meta, entry.title)

    def pasted(self, text: str, meta: SourceMeta) -> Article:
        """A text somebody pasted; nothing is stored. Raises: WorkbenchError for an empty or overlong one."""
        canonical, _ = clean(text)
        if not canonical.strip():
            raise WorkbenchError("There is no text to look through.", hint="Paste the article, then press the button again.")
        if len(canonical) > MAX_TEXT:
            raise WorkbenchError(
                f"The text has {len(canonical):,} characters; at most {MAX_TEXT:,} can be pasted.",
                hint="Save it as a text file and add that to the evidence.",
            )
        sha256 = sha256_hex(canonical)
        source = Source(
            source_id=sha256,
            text=canonical,
            text_sha256=sha256,
            media_type="text/plain",
            places=mark_paragraphs(canonical, []),
            reader="pasted",
            reader_version="",
        )
        return Article(source, meta, meta.title or " ".join(canonical.split()[:TITLE_WORDS]))

    def quotations(self, article: Article) -> list[Quotation]:
        """What the article quotes and reports, in order of place."""
        filed = self._filed(article)
        return [Quotation(one, filed.get((one.start, one.end))) for one in self._found(article)[0]]

    def suggestions(self, article: Article) -> list[Suggestion]:
        """The sentences of the article that are worth checking, the most checkable first."""
        filed = self._filed(article)
        return [
            Suggestion(one, article.text[one.span.start : one.span.end], filed.get((one.span.start, one.span.end)))
            for one in self._found(article)[1]
        ]

    def _filed(self, article: Article) -> dict[tuple[int, int], str]:
        """The claims that were lifted from the article, by the span each came from."""
        book = self._cases.all()
        if self._lifted[0] is not book:
            self._lifted = (book, {})
        held = self._lifted[1]
        if article.sha256 not in held:
            lifted = [row.claim_id for row in book.rows.values() if row.lifted_from == article.sha256 and not row.retired]
            places = ((case.claim.id, case.claim.source_quote) for case in book.walk(lifted))
            held[article.sha256] = {(place.start, place.end): claim_id for claim_id, place in places if place}
        return held[article.sha256]

    def _found(self, article: Article) -> tuple[list[ExtractedQuote], list[Checkable]]:
        key = sha256_hex(article.text)  # not the file's: another reader may give another text of it
        with self._lock:
            if key not in self._held:
                self._held[key] = extract_quotes(article.text), worth_checking(article.text)
                if len(self._held) > HELD:
                    self._held.popitem(last=False)
            self._held.move_to_end(key)
            return self._held[key]

    def file(self, claim: Claim, article: Article, span: Span, *, actor: Reviewer) -> Claim:
        """Store a claim with the place it was lifted from; a pasted article is kept first.

        Raises: FileFailure where the article cannot be kept (then no claim is stored either), ClaimFileError.
        """
        if not self.is_kept(article):
            self._keep(article, actor)
        place = SourceQuote(sha256=article.sha256, start=span.start, end=span.end)
        placed = self._quotations.looked_up(claim.model_copy(update={"source_quote": place}))
        self._cases.add([placed], actor=actor)
        return placed

    def is_kept(self, article: Article) -> bool:
        """Whether the article is in the evidence, with its text at hand."""
        try:
            return self._source(article.sha256)[1].text == article.text
        except UnknownId:
            return False

    def _keep(self, article: Article, actor: Reviewer) -> None:
        with self._stock.changing():
            name = self._stock.free_name(FOLDER, _file_name(article))
            report = self._stock.write(FOLDER, name, article.text, meta=article.meta, actor=actor)
        for failure in report.failed:
            raise FileFailure(failure.message, hint=failure.hint, code=failure.code)


def prefilled(one: Quotation | Suggestion, article: Article) -> dict[str, str]:
    """What a claim filed from there begins with, by field. Words without quote marks in the file are no quotation."""
    day = article.meta.published_on
    filled = {"date": f"{day.value} (inferred)" if day.value and day.bound == "on" else "", "url": article.meta.url or ""}
    if isinstance(one, Suggestion):
        return {**filled, "statement": " ".join(one.words.split()), "quote": "", "claimant": ""}
    found = one.found
    quote = found.quote if found.kind != "indirect" else ""
    return {**filled, "statement": found.statement, "quote": quote, "claimant": found.speaker or ""}


def _file_name(article: Article) -> str:
    """`2021-06-23-junta-leader-meets-minister.txt`; letters of every script are kept."""
    plain = unicodedata.normalize("NFKC", article.title).casefold()
    slug = regex.sub(r"[^\w]+", "-", plain).strip("-_")[:60].strip("-_") or "article"
    day: PartialDate = article.meta.published_on
    return "-".join(filter(None, [day.value, slug])) + ".txt"
