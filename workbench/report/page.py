"""The two halves of a report: what a reader may see, and the workspace's own record.

What lives here: frozen models of words. What does not: any deciding (workbench.report) or format (workbench.exports).
`ClaimPage` has no room for the working rationale, notes, tokens or file paths, and holds the confidence only where the policy
publishes it: a form for readers is given nothing else, so it cannot print them by accident.
"""

from __future__ import annotations

from pydantic import AwareDatetime

from workbench.models import (
    AnswerKind,
    ChangeKind,
    Claim,
    Contact,
    Embargo,
    Mark,
    Publication,
    PublicChange,
    Record,
    Reviewer,
    Sha256,
    SignOff,
    Slug,
    Stance,
    Status,
    StoredVerdict,
)


class AppearanceWords(Record):
    """Where the claim was made or printed. link, archived: None unless an address that is safe to follow."""

    words: str
    link: str | None
    archived: str | None


class RatingWords(Record):
    """The rating as a reader sees it. label: the ground's wording where it has one; scale_label: the scale's own.

    order, worst, best: None off the true-false axis. colour: as it was given in; None where nobody kept
    it. also: the label in the language of the claim, where it was translated.
    """

    slug: Slug
    label: str
    scale_label: str
    meaning: str
    colour: str | None = None
    also: str | None = None
    order: int | None
    worst: int | None
    best: int | None


class ScaleRow(Record):
    """One rating of the scale, explained."""

    slug: Slug
    label: str
    definition: str
    order: int | None
    given: bool


class CitedWords(Record):
    """A citation: the words as they stand in the file, and where.

    caution: where the file only tells of another, what of. by_ocr: that and how surely a machine read them in a picture.
    warnings: what made the words doubtful when they were cited. reliability: what a colleague noted of the source, signed and
    dated. told: who saw or heard it, where the words are a colleague's; is_quotation: false for what is seen, told in their
    words. described_sha256: the photo or recording described. rank: where it stood among what the search showed.
    together: with which others it counts, where it does not count by itself.
    withheld: the sentence printed instead, where the source is not public; quote, title and place are then not its own.
    """

    number: int
    quote: str
    translation: str | None
    stance: Stance
    stance_words: str
    title: str
    publisher: str | None
    published: str
    page: str | None
    place: str
    kind: str | None
    caution: str | None
    by_ocr: str | None
    warnings: tuple[str, ...]
    origin: str | None
    reliability: str | None = None
    link: str | None
    archived: str | None
    sha256: Sha256
    told: str | None = None
    is_quotation: bool = True
    described_sha256: Sha256 | None = None
    rank: str | None = None
    together: str | None = None
    withheld: str | None = None

    @property
    def source(self) -> str:
        """Title, publisher, date and page in one line."""
        return ", ".join(part for part in (self.title, self.publisher, self.published, self.page) if part)


class _Resting(Record):
    """What rests on citations. numbers: theirs in the report."""

    numbers: tuple[int, ...]

    @property
    def resting(self) -> str:
        """`passages 1 and 3`, or that none is cited for it."""
        if not self.numbers:
            return "no passage is cited for it"
        *others, last = map(str, self.numbers)
        return f"passages {', '.join(others)} and {last}" if others else f"passage {last}"


class AnswerWords(_Resting):
    """An answer to a question of the check. is_quotation: words of a source, to be printed in quotation marks."""

    kind: AnswerKind
    text: str
    explanation: str | None
    is_quotation: bool


class QuestionWords(Record):
    """A question the check was broken into, with its answers."""

    text: str
    answers: tuple[AnswerWords, ...]


class ContactWords(Record):
    """Somebody who was asked. outcome: that they replied and when, or that they did not; reply: the words, if there are any.

    is_verbatim: the reply is in their words; else it is our summary and no quotation.
    """

    name: str
    party: str
    asked: str
    question: str
    outcome: str
    reply: str | None
    is_verbatim: bool


class FragmentWords(_Resting):
    """A part of the statement that was judged apart. words: as the statement had them then. numbers: of its citations."""

    words: str
    slug: Slug
    label: str
    meaning: str
    colour: str | None = None

    @property
    def line(self) -> str:
        """The fragment, its rating and what it rests on, in one line."""
        return f"{' '.join(self.words.split())}: {self.label} ({self.resting})"


class HistoryLine(Record):
    """One thing that happened to the verdict, and when."""

    at: AwareDatetime
    when: str
    words: str


class ChangeWords(Record):
    """How what readers had was changed, and when. is_public: whether they have it already."""

    kind: ChangeKind
    label: str
    at: AwareDatetime
    when: str
    note: str
    is_public: bool


class ClaimPage(Record):
    """Everything a reader may see of one claim, in words. rating is None, and `draft` says why, where no verdict stands.

    reported: words of the file that stand in no quotation marks there and were confirmed by nobody; print none round them.
    fragments: in the order of the statement; print no quotation marks round their words either, the statement is our wording.
    weighing: how the rating follows from them, where the reviewer wrote it. known: on what was known when the verdict rests.
    confidence: None unless the policy publishes it.
    """

    id: Slug
    title: str
    statement: str
    quote: str | None
    reported: str | None
    quote_original: str | None
    quote_language: str | None
    translated: str | None
    language: str | None
    claimant: str | None
    role: str | None
    claimed: str
    appearances: tuple[AppearanceWords, ...]
    rating: RatingWords | None
    verdict_words: str
    headline: str | None
    explanation: str | None
    decided_by: str | None
    decided_at: AwareDatetime | None
    decided: str | None
    known: str | None = None
    revision: int | None
    verdict_hash: Sha256 | None
    policy_hash: Sha256 | None
    software: str | None
    confidence: str | None = None
    fragments: tuple[FragmentWords, ...] = ()
    weighing: str | None = None
    questions: tuple[QuestionWords, ...] = ()
    contacts: tuple[ContactWords, ...] = ()
    evidence: str
    citations: tuple[CitedWords, ...]
    queries: tuple[str, ...]
    search: tuple[str, ...]
    history: tuple[HistoryLine, ...]
    changes: tuple[ChangeWords, ...] = ()
    scale: str
    scale_rows: tuple[ScaleRow, ...]
    method: tuple[str, ...]
    notes: tuple[str, ...]
    status: Status
    status_words: str
    draft: str | None
    published_at: AwareDatetime | None
    published_url: str | None

    @property
    def who_and_when(self) -> str:
        """The claimant with the role, and the date, in one line."""
        who = ", ".join(part for part in (self.claimant or "Claimant not known", self.role) if part)
        return f"{who} · {self.claimed}"

    @property
    def explained(self) -> object:
        """What the method and the scale say, to be explained once for all claims that share it."""
        rows = tuple((row.slug, row.label, row.definition, row.order) for row in self.scale_rows)
        return (self.scale, rows, self.method)

    @property
    def visible_text(self) -> str:
        """What any page printed from this shows of the claim and its rating: ClaimReview markup must not say more (CR13)."""
        parts = (
            self.headline,
            self.quote,
            self.statement,
            self.reported,
            self.verdict_words,
            *(part for one in self.fragments for part in (one.words, one.label, one.resting)),
            self.weighing,
            self.explanation,
            self.who_and_when,
        )
        return "\n".join(part for part in parts if part)


class CaseRecord(Record):
    """The workspace's own record of one claim: working rationale, tokens, hashes and all. Never for readers."""

    claim: Claim
    status: Status
    retired: bool
    counting: StoredVerdict | None
    verdicts: tuple[StoredVerdict, ...]
    marks: tuple[tuple[Reviewer, Mark], ...]
    publication: Publication | None
    contacts: tuple[Contact, ...] = ()
    changes: tuple[PublicChange, ...] = ()
    sign_offs: tuple[SignOff, ...] = ()
    embargo: Embargo | None = None


class ClaimReport(Record):
    """A report on one claim: the reader's half and the workspace's half."""

    page: ClaimPage
    record: CaseRecord

    @property
    def id(self) -> str:
        """The claim's id."""
        return self.page.id
