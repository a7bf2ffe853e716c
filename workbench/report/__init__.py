"""What a report says: the one place that turns a Case into the words a reader sees.

What lives here: which sentences a report prints, about what. What does not: any format (exports/) or schema.org name
(claimreview.py). Forms for readers print `ClaimReport.page` and nothing else; the workspace's own files print `record` too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import overload

from workbench.chronology import known_then
from workbench.models import MAY_READ, Appearance, Audience, Case, Claim, RatingScale, Status, StoredVerdict
from workbench.origins import origins_of
from workbench.ratings import GROUND_MEANING, SCALES, confidence_word, public_label, translated
from workbench.report.asked import contact_words, question_words, together_words
from workbench.report.fresh import fresh_notes
from workbench.report.page import (
    AppearanceWords,
    CaseRecord,
    ChangeWords,
    CitedWords,
    ClaimPage,
    ClaimReport,
    FragmentWords,
    HistoryLine,
    RatingWords,
    ScaleRow,
)
from workbench.report.standing import CHANGE_WORDS, change_words, draft_words, history, no_verdict
from workbench.report.words import (
    FRAGMENTS,
    NOWHERE_ELSE,
    by_hand_words,
    citation_line,
    date_words,
    evidence_words,
    published_words,
    safe_link,
    search_words,
    time_words,
)
from workbench.settings import Settings
from workbench.tongue import ENGLISH, speaking

__all__ = [
    "CHANGE_WORDS",
    "FRAGMENTS",
    "STATUS_WORDS",
    "AppearanceWords",
    "CaseRecord",
    "ChangeWords",
    "CitedWords",
    "ClaimPage",
    "ClaimReport",
    "FragmentWords",
    "HistoryLine",
    "RatingWords",
    "Reports",
    "ScaleRow",
    "build_report",
    "citation_line",
    "safe_link",
    "told_report",
]

Tell = Callable[[Case, Audience], Case]  # a case as an audience may know it
FOR_COLLEAGUES = "For colleagues only, not for publication: it prints words of sources that are internal."

STATUS_WORDS: dict[Status, str] = {
    "todo": "no verdict yet",
    "draft": "a review has begun",
    "submitted": "submitted for a second look",
    "needs-review": "waiting for another reviewer",
    "disagreement": "the reviewers disagree",
    "settled": "settled",
    "recheck": "to be checked again",
    "published": "published",
    "void": "withdrawn",
}


def build_report(case: Case, settings: Settings, *, now: datetime | None = None, audience: Audience = "public") -> ClaimReport:
    """What a report says of this case. Pure: the same case, settings and moment give the same report.

    now: what an embargo is held against; without a clock it holds. audience: who reads it; a case of a workspace was told for
    them before (workbench.protection), since only the workspace knows who may read a source today.
    """
    return ClaimReport(page=_page(case, settings, now, audience), record=_record(case))


def _record(case: Case) -> CaseRecord:
    return CaseRecord(
        claim=case.claim,
        status=case.status,
        retired=case.retired,
        counting=case.counting,
        verdicts=case.verdicts,
        marks=case.marks,
        publication=case.publication,
        contacts=case.contacts,
        changes=case.changes,
        sign_offs=case.sign_offs,
        embargo=case.embargo,
    )


def told_report(
    case: Case, settings: Settings, tell: Tell, *, now: datetime | None = None, audience: Audience = "public"
) -> ClaimReport:
    """The report on a case of a workspace: the page as its audience may read it, the record as colleagues may."""
    with speaking(ENGLISH):  # a report is read by others than whoever asks for it
        page = _page(tell(case, audience), settings, now, audience)
    return ClaimReport(page=page, record=_record(tell(case, "team")))


def _as_it_is(case: Case, _: Audience) -> Case:
    return case


class Reports(Sequence[ClaimReport]):
    """A report on each of these cases, made when it is asked for and not kept: a thousand take no more room than one.

    Walking over it again makes the same reports again. tell: what may be told of a case, and to whom.
    """

    def __init__(
        self,
        cases: Sequence[Case],
        settings: Settings,
        *,
        now: datetime | None = None,
        tell: Tell = _as_it_is,
        audience: Audience = "public",
    ) -> None:
        self._cases = cases
        self._settings = settings
        self._now = now
        self._tell = tell
        self._audience = audience

    @overload
    def __getitem__(self, at: int) -> ClaimReport: ...
    @overload
    def __getitem__(self, at: slice) -> Reports: ...
    def __getitem__(self, at: int | slice) -> ClaimReport | Reports:
        """The report at that place, or a part of these reports."""
        if isinstance(at, slice):
            return Reports(self._cases[at], self._settings, now=self._now, tell=self._tell, audience=self._audience)
        return self._report(self._cases[at])

    def __iter__(self) -> Iterator[ClaimReport]:
        return (self._report(case) for case in self._cases)

    def _report(self, case: Case) -> ClaimReport:
        return told_report(case, self._settings, self._tell, now=self._now, audience=self._audience)

    def __len__(self) -> int:
        return len(self._cases)


def _page(case: Case, settings: Settings, now: datetime | None, audience: Audience) -> ClaimPage:
    claim, standing = case.claim, _standing(case)
    rows = _scale_rows(standing, settings)
    citations = _citations(case, standing, audience)
    return ClaimPage(
        **_claim_words(claim),
        **_verdict_words(case, standing),
        fragments=_fragments(standing),
        weighing=_said(standing.weighing) if standing else None,
        confidence=confidence_word(standing.confidence) if standing and settings.review.policy.publish_confidence else None,
        questions=question_words(standing, audience),
        contacts=contact_words(case.contacts),
        evidence=evidence_words(citations, *_origins(standing, settings)),
        citations=citations,
        queries=standing.receipt.queries if standing and standing.receipt else (),
        search=_search(standing, settings),
        history=history(case, standing),
        scale=_scale(standing, settings)[0],
        scale_rows=rows,
        method=_method(settings),
        known=known_then(standing) if standing else None,
        notes=_notes(case, standing, audience),
        status=case.status,
        status_words=STATUS_WORDS[case.status],
        draft=_draft(case, standing, settings, now, audience),
        changes=tuple(map(change_words, case.changes)),
        published_at=case.publication.at if case.publication else None,
        published_url=case.publication.url if case.publication else None,
    )


def _draft(
    case: Case, standing: StoredVerdict | None, settings: Settings, now: datetime | None, audience: Audience
) -> str | None:
    """Why this is not for readers; None where it is."""
    why = draft_words(case, standing, settings.review.policy, now)
    printed = (one for one in standing.citations if one.access in MAY_READ[audience]) if standing else ()
    inside = FOR_COLLEAGUES if any(one.access != "public" for one in printed) else None
    return " ".join(part for part in (why, inside) if part) or None


def _citations(case: Case, standing: StoredVerdict | None, audience: Audience) -> tuple[CitedWords, ...]:
    if standing is None:
        return ()
    cited = standing.citations
    receipt, erased = standing.receipt, case.erasures
    told = (published_words(one, number, receipt, audience, erased) for number, one in enumerate(cited, 1))
    return tuple(one.model_copy(update={"together": together_words(one.number, cited)}) for one in told)


def _origins(standing: StoredVerdict | None, settings: Settings) -> tuple[int, int]:
    """How many origins stand behind the citations, and how many citations only repeat the claim and are none."""
    found = origins_of(standing.citations if standing else ())
    return len(found), len(found.repeating)


def _standing(case: Case) -> StoredVerdict | None:
    return None if case.status in ("disagreement", "void") else case.counting


def _said(text: str | None) -> str | None:
    return text.strip() or None if text else None


def _claim_words(claim: Claim) -> dict[str, object]:
    translated = None
    if claim.quote_original or claim.translator:
        translated = "Translated" + (f" by {claim.translator}" if claim.translator else "; translator not recorded")
    return {
        "id": claim.id,
        "title": claim.headline,
        "statement": claim.statement,
        "quote": claim.quote if claim.is_quoted else None,
        "reported": claim.reported_words,
        "quote_original": claim.quote_original,
        "quote_language": claim.quote_language,
        "translated": translated,
        "language": claim.language,
        "claimant": claim.claimant.name if claim.claimant else None,
        "role": claim.claimant.role if claim.claimant else None,
        "claimed": date_words(claim.claimed_on),
        "appearances": tuple(_appearance(one) for one in claim.appearances),
    }


def _appearance(one: Appearance) -> AppearanceWords:
    date = date_words(one.date) if one.date.value else None
    words = ", ".join(part for part in (one.title, one.publisher, date) if part)
    link = safe_link(one.url)
    if one.url and not link:
        words = f"{words} ({one.url})" if words else one.url
    if one.via:
        words = f"{words} (known only through {one.via})" if words else f"Known only through {one.via}"
    return AppearanceWords(words=words, link=link, archived=safe_link(one.archived_url))


def _verdict_words(case: Case, standing: StoredVerdict | None) -> dict[str, object]:
    names = (
        "headline",
        "explanation",
        "decided_by",
        "decided_at",
        "decided",
        "revision",
        "verdict_hash",
        "policy_hash",
        "software",
    )
    if standing is None:
        sentence = no_verdict(case)
        return {"rating": None, "verdict_words": sentence[0].upper() + sentence[1:], **dict.fromkeys(names)}
    rating = _rating_words(standing, case.claim.language)
    said = (
        _said(standing.headline),
        _said(standing.explanation),
        standing.reviewer.display_name,
        standing.created_at,
        time_words(standing.created_at),
        standing.revision,
        standing.hash,
        standing.policy_hash,
        standing.software,
    )
    return {"rating": rating, "verdict_words": rating.label, **dict(zip(names, said, strict=True))}


def _rating_words(verdict: StoredVerdict, language: str | None) -> RatingWords:
    rating = verdict.rating
    also = translated(rating.translations, language)
    off_axis = rating.order is None
    meaning = GROUND_MEANING[verdict.ground] if off_axis and verdict.ground else rating.definition
    return RatingWords(
        slug=rating.slug,
        label=public_label(rating, verdict.ground),
        scale_label=rating.label,
        meaning=meaning,
        colour=rating.colour,
        also=also.label if also and also.label != rating.label else None,
        order=rating.order,
        worst=rating.worst,
        best=rating.best,
    )


def _fragments(standing: StoredVerdict | None) -> tuple[FragmentWords, ...]:
    """The fragments in the order of the statement, each with the numbers its citations have in the report."""
    if standing is None:
        return ()
    return tuple(
        FragmentWords(
            words=one.words,
            slug=one.rating.slug,
            label=one.rating.label,
            meaning=one.rating.definition,
            colour=one.rating.colour,
            numbers=tuple(
                number
                for number, cited in enumerate(standing.citations, 1)
                if any(cited.passage_id == own.passage_id for own in one.citations)
            ),
        )
        for one in sorted(standing.fragments, key=lambda one: (one.fragment.start, one.fragment.end))
    )


# --- search, scale, method ----------------------------------------------------------------------------------------


def _search(standing: StoredVerdict | None, settings: Settings) -> tuple[str, ...]:
    if standing is None:
        return ()
    absence = ("Absence here is not evidence of absence: other files may say what these do not.",)
    kept = search_words(standing.receipt) if standing.receipt else ("No record of a search was kept with this verdict.",)
    kept += by_hand_words(standing.rejected, standing.searched_elsewhere)
    if _decides(standing, settings):
        return kept
    return kept + (() if standing.searched_elsewhere else (NOWHERE_ELSE,)) + absence


def _decides(standing: StoredVerdict, settings: Settings) -> bool:
    """Whether the rating decides; of a record from before that was kept, after the scale of today."""
    if standing.rating.decisive is not None:
        return standing.rating.decisive
    undecided = {one.slug for one in settings.review.rating_scale.ratings if not one.decisive} | {"not-enough-evidence"}
    return standing.rating.slug not in undecided


def _scale(standing: StoredVerdict | None, settings: Settings) -> tuple[str, RatingScale | None]:
    chosen = settings.review.rating_scale
    if standing is None or standing.rating.scale == chosen.id:
        return chosen.name, chosen
    known = SCALES.get(standing.rating.scale)
    return (known.name, known) if known else (f"{standing.rating.scale}, no longer in use here", None)


def _scale_rows(standing: StoredVerdict | None, settings: Settings) -> tuple[ScaleRow, ...]:
    """The scale the verdict was given on; its own rating as it stood then, whatever the scale says today."""
    scale = _scale(standing, settings)[1]
    given = standing.rating if standing else None
    rows = []
    for one in scale.ratings if scale else ():
        shown = given if given and given.slug == one.slug else one
        rows.append(
            ScaleRow(slug=one.slug, label=shown.label, definition=shown.definition, order=shown.order, given=shown is given)
        )
    if given and not any(row.given for row in rows):
        rows.append(ScaleRow(slug=given.slug, label=given.label, definition=given.definition, order=given.order, given=True))
    return tuple(rows)


def _method(settings: Settings) -> tuple[str, ...]:
    who = settings.organisation.name or "The reviewers"
    return (
        f"{who} compared the claim with a library of files. A program found and ranked passages; a person read them and rated.",
        "Each passage is printed word for word as it stands in its file, and the file is named by its sha256, "
        "so that anyone who has it can find the words again.",
        "Of a claim, quotation marks enclose only the words of the person quoted; the claim as checked is our wording.",
    )


def _notes(case: Case, standing: StoredVerdict | None, audience: Audience) -> tuple[str, ...]:
    if standing is None:
        return ()
    is_edited = standing.claim_hash != case.claim.content_hash
    edited = ("The record of the claim was edited after this verdict was given.",) if is_edited else ()
    return (*edited, *fresh_notes(case, standing, audience))
