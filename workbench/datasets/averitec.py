"""AVeriTeC: a claim with its label, its questions and their answers (Schlichtkrull et al. 2023).

What lives here: the record of one judgement. What nobody recorded is null. What does not: which judgements there are
(judged.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workbench.datasets.judged import Judged, Judgement, Told, words_at
from workbench.models import Answer, Averitec, Citation, PartialDate, Question

LABELS: dict[Averitec, str] = {
    "supported": "Supported",
    "refuted": "Refuted",
    "not-enough-evidence": "Not Enough Evidence",
    "conflicting-evidence": "Conflicting Evidence/Cherrypicking",
}
MEDIA = {"text/html": "Web text", "application/pdf": "PDF", "photo": "Image/graphic", "video": "Video", "sound": "Audio"}


def record_of(one: Judgement, judged: Judged, *, with_text: bool) -> dict[str, Any]:
    """The record of a judgement, with the fields of AVeriTeC and, under `workbench`, what it has no field for."""
    claim, verdict, told = one.claim, one.verdict, judged.tally(one)
    appearance = claim.appearances[0] if claim.appearances else None
    record: dict[str, Any] = {
        "claim": claim.statement,
        "required_reannotation": None,
        "label": LABELS[one.label] if one.label else None,
        "justification": verdict.explanation,
        "claim_date": _day(claim.claimed_on),
        "speaker": claim.claimant.name if claim.claimant else None,
        "original_claim_url": appearance.url if appearance else None,
        "cached_original_claim_url": appearance.archived_url if appearance else None,
        "fact_checking_article": one.published_url,
        "reporting_source": appearance.publisher if appearance else None,
        "location_ISO_code": None,
        "claim_types": None,
        "fact_checking_strategies": None,
        "questions": [_question(each, judged, told, with_text) for each in verdict.questions] or None,
    }
    told.nulls_of(record)
    cited = [_cited(each, judged, with_text) for each in one.citations]
    return record | {"workbench": {**judged.about(one), "citations": cited}}


def _day(when: PartialDate) -> str | None:
    """`23-6-2021`, as AVeriTeC writes a day; None for anything less exact."""
    if when.precision != "day" or when.bound != "on" or when.value is None:
        return None
    year, month, day = map(int, when.value.split("-"))
    return f"{day}-{month}-{year}"


def _question(one: Question, judged: Judged, told: Told, with_text: bool) -> dict[str, Any]:
    answers = [each for each in one.answers if all(map(judged.is_public, each.citations))]
    told.left_out["answers that rest on sources that are not public"] += len(one.answers) - len(answers)
    return {"question": one.text, "answers": [_answer(each, judged, told, with_text) for each in answers]}


def _answer(one: Answer, judged: Judged, told: Told, with_text: bool) -> dict[str, Any]:
    cited = one.citations[0] if one.citations else None
    place = _place(one.text, one.citations) if one.kind == "extractive" else None
    keeps_text = with_text or one.kind != "extractive"
    answer = {
        "answer": one.text if keeps_text else None,
        "answer_type": one.kind.capitalize(),
        "boolean_explanation": one.explanation if one.kind == "boolean" else None,
        "source_url": cited.url if cited else None,
        "cached_source_url": cited.archived_url if cited else None,
        "source_medium": _medium(cited, judged) if cited else None,
        "cites": [each.passage_id for each in one.citations],
    }
    recorded = {**answer, "answer": one.text, "boolean_explanation": one.explanation}
    told.nulls_of({f"answers.{name}": value for name, value in recorded.items()})
    return answer | ({"words": place} if place else {})


def _place(words: str, citations: Sequence[Citation]) -> dict[str, Any] | None:
    """Where the words of an extractive answer stand; None where they were typed otherwise than the file has them."""
    for one in citations:
        at = one.quote.find(words) if words else -1
        if at >= 0:
            start = one.start + at
            return words_at(one.source_id, one.text_sha256, start, start + len(words), words, fills="answer")
    return None


def _medium(one: Citation, judged: Judged) -> str | None:
    return MEDIA.get(one.describes.kind if one.describes else judged.media_type(one.source_id) or "")


def _cited(one: Citation, judged: Judged, with_text: bool) -> dict[str, Any]:
    return {
        "passage_id": one.passage_id,
        "stance": one.stance,
        "counts_with": one.group,
        "title": judged.stated_title(one.source_id) or None,
        "publisher": one.publisher,
        "published_on": one.published_on.model_dump(mode="json"),
        "url": one.url,
        "archived_url": one.archived_url,
        "text": one.quote if with_text else None,
        "words": words_at(one.source_id, one.text_sha256, one.start, one.end, one.quote),
    }
