"""Finding: filters, hits, receipts, quotations found in a text."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from workbench.models.claim import QuoteMarks
from workbench.models.media import Described
from workbench.models.record import UNKNOWN_DATE, Named, Offset, PartialDate, Record, SearchMode, Sha256, SourceKind, Span
from workbench.models.source import Failure, ReliabilityNote, ReportsOn
from workbench.tongue import N_, _, counted


class Conditions(Record):
    """What a source is: by whom, in which language, of which kind, which kind of file, on which topics.

    media: media types, `application/pdf`. A condition holds where one of its values is the source's.
    """

    publishers: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    kinds: tuple[SourceKind, ...] = ()
    media: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()


CONDITION_NAMES = {  # what every interface calls one value of each condition
    "publishers": N_("publisher"),
    "languages": N_("language"),
    "kinds": N_("kind"),
    "media": N_("type of file"),
    "topics": N_("topic"),
}


class Filters(Conditions):
    """The closed set of conditions a search may carry: each must hold, and none of those to `exclude`.

    A partial date passes when it may lie within the bounds. A source that does not say what is asked for does not pass, and the
    receipt counts it; excluded is only what says so.
    """

    after: date | None = None
    before: date | None = None
    exclude: Conditions = Conditions()

    @property
    def is_empty(self) -> bool:
        """Whether every source passes."""
        return self == Filters()


class SavedSearch(Named):
    """A search that somebody keeps under a name. queries: the wordings; k: how many hits count, None: as the settings say."""

    queries: Annotated[tuple[str, ...], Field(min_length=1)]
    mode: SearchMode = "hybrid"
    filters: Filters = Filters()
    k: Annotated[int, Field(ge=1, le=1000)] | None = None


class Finding(Record):
    """What the lens saw in a claim and a passage. Spans are offsets into the claim's text and the passage's text.

    relation: "different dates" says that two figures, or the dates they are for, were counted to different days: neither
    agreement nor difference. "not mentioned" is silence and has no passage_span.
    """

    kind: Literal["number", "date", "negation", "quantifier", "name", "place"]
    relation: Literal["agrees", "differs", "different dates", "not mentioned"]
    claim_span: Span | None = None
    passage_span: Span | None = None
    detail: str = ""


Stands = Literal["agrees", "differs", "silent"]


class SimilarPassage(Record):
    """A passage that says the same as a hit in the same words: a reprint, agency copy. It is shown with the hit."""

    passage_id: str
    source_id: Sha256
    path: str
    title: str
    page: str | None = None
    publisher: str | None = None
    published_on: PartialDate = UNKNOWN_DATE


class Hit(Record):
    """A passage found for a claim, flat as the command line prints it.

    score: what passages are ranked by, in [-1.2, 1.2]; the list follows it but for `per_source`. cosine: [-1, 1]; bm25: 0 or
    more; None where that search did not look. dense_rank, lexical_rank: 1-based, None when that search did not list it.
    dense_weight: the share of meaning in the score, None where only one side was asked; hubness: how near the passage lies to
    everything, which counts against it. wording: which of the receipt's queries
    found it best, from 0. matched: spans of `text` whose words are in a query. lens: what agrees with the claim and what
    differs; stands: the group that puts the hit in. similar: passages folded into this hit. ocr_confidence: of a page OCR read.
    warnings: those of its source that bear on its words.
    """

    rank: int
    passage_id: str
    source_id: Sha256
    sha256: Sha256
    path: str
    title: str
    page: str | None
    ocr_confidence: int | None = None
    start: Offset
    end: Offset
    text: str
    score: float
    dense_rank: int | None
    lexical_rank: int | None
    rerank_score: float | None = None
    cosine: float | None = None
    bm25: float | None = None
    dense_weight: float | None = None
    hubness: float | None = None
    wording: int = 0
    matched: tuple[Span, ...] = ()
    lens: tuple[Finding, ...] = ()
    stands: Stands = "silent"
    similar: tuple[SimilarPassage, ...] = ()
    publisher: str | None = None
    published_on: PartialDate = UNKNOWN_DATE
    kind: SourceKind | None = None
    language: str | None = None
    url: str | None = None
    reports_on: ReportsOn | None = None
    reliability_note: ReliabilityNote | None = None
    describes: Described | None = None
    warnings: tuple[str, ...] = ()
    ordinal: Offset = 0


class News(Record):
    """Passages of sources added since a saved search was last looked at that stand in it: how many, in which sources.

    hits: the best of them. up_to: the ledger's seq up to which sources were counted; looking at this is looking up to there.
    problem: why it could not be searched, where it could not.
    """

    search: SavedSearch
    passages: int
    source_ids: tuple[Sha256, ...]
    hits: tuple[Hit, ...]
    up_to: int
    problem: str = ""

    @property
    def told(self) -> str:
        """`3 new passages in 2 files match “election observers”`, as every interface says it."""
        if self.problem:
            return _("“{name}” could not be searched: {problem}", name=self.search.name, problem=self.problem).rstrip(".")
        return counted(
            self.passages,
            "{count} new passage in {files} matches “{name}”",
            "{count} new passages in {files} match “{name}”",
            files=counted(len(self.source_ids), "{count} file", "{count} files"),
            name=self.search.name,
        )


class StanceSuggestion(Record):
    """What a local model named in the settings makes of a passage: three shares that add up to 1. A suggestion, no stance."""

    model: str
    supports: float
    refutes: float
    neutral: float


class ShownHit(Record):
    """What a receipt keeps of a hit. folded: passages shown with it because they say the same."""

    passage_id: str
    rank: int
    score: float
    folded: tuple[str, ...] = ()


class SearchReceipt(Record):
    """The record of one search: what was asked, in what, with what, and what was shown.

    queries: every wording that was searched for. read_as: how each was read, where one has operators. dense_weight: the share
    of meaning in the scores of the first. undated_left_out: sources without a date, where the filters ask for one;
    unsaid_left_out: for each of their other conditions (`publishers`), sources that say nothing of it and pass the rest.
    languages_unchecked: how many passages, by language (`my`) or script (`Mymr`), the model was not checked for; they were
    searched by words only. evidence_seq: the last event of a source that was counted; settings_hash: of what shapes a search.
    Older receipts have neither.
    """

    queries: tuple[str, ...]
    read_as: tuple[str, ...] = ()
    mode: SearchMode
    asked_mode: SearchMode
    filters: Filters = Filters()
    k: int
    dense_weight: float | None = None
    model_fingerprint: str | None = None
    reranker_fingerprint: str | None = None
    generation: str | None = None
    corpus_digest: str | None = None
    sources_searched: int = 0
    passages_searched: int = 0
    undated_left_out: int = 0
    unsaid_left_out: dict[str, int] = Field(default_factory=dict)
    unread: tuple[Failure, ...] = ()
    waiting: tuple[str, ...] = ()
    languages_unchecked: dict[str, int] = Field(default_factory=dict)
    shown: tuple[ShownHit, ...] = ()
    warnings: tuple[str, ...] = ()
    evidence_seq: int | None = None
    settings_hash: Sha256 | None = None
    created_at: AwareDatetime


class SearchResult(Record):
    """Hits, best first, and the receipt of the search that found them."""

    query: str
    receipt: SearchReceipt
    hits: tuple[Hit, ...]


class ExtractedQuote(Record):
    """A quotation found in a text. Offsets are code points into that text; None where the text does not say."""

    quote: str
    start: Offset
    end: Offset
    speaker: str | None = None
    speaker_start: int | None = None
    speaker_end: int | None = None
    cue: str | None = None
    kind: Literal["direct", "indirect", "mixed"]
    statement: str

    @property
    def quote_marks(self) -> QuoteMarks:
        """What a claim with these words says of its marks (`Claim.quote_marks`): a reported clause has none."""
        return "none" if self.kind == "indirect" else "in-file"
