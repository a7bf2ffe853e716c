"""What a report says of who was asked, of the questions a check was broken into, and of citations that count only together.

What lives here: these words. What does not: where they stand in a report (compose.py).
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.models import MAY_READ, Answer, Audience, Citation, Contact, Party, StoredVerdict
from workbench.questions import UNANSWERABLE
from workbench.report.page import AnswerWords, ContactWords, QuestionWords
from workbench.report.words import time_words

PARTY_WORDS: dict[Party, str] = {
    "claimant": "who made the claim",
    "quoted": "who is quoted in it",
    "expert": "an expert",
    "other": "somebody who may know",
}
NOT_PUBLIC = "The answer stands in a source that is not public."


def contact_words(contacts: Sequence[Contact]) -> tuple[ContactWords, ...]:
    """Who was asked, but for those asked in confidence."""
    return tuple(_contact(one) for one in contacts if one.is_public)


def _contact(one: Contact) -> ContactWords:
    until = f", to reply by {time_words(one.deadline)}" if one.deadline else ""
    if one.reply is not None:
        how = "word for word" if one.reply.is_verbatim else "summed up by us"
        outcome = f"Reply of {time_words(one.reply.replied_at)}, {how}:"
    elif one.no_reply_by is not None:
        outcome = f"No reply by {time_words(one.no_reply_by)}."
    else:
        outcome = "No reply is recorded yet."
    return ContactWords(
        name=one.name,
        party=PARTY_WORDS[one.party],
        asked=f"asked by {one.channel}, {time_words(one.asked_at)}{until}",
        question=one.question,
        outcome=outcome,
        reply=one.reply.words if one.reply else None,
        is_verbatim=one.reply is not None and one.reply.is_verbatim,
    )


def question_words(standing: StoredVerdict | None, audience: Audience = "public") -> tuple[QuestionWords, ...]:
    """The questions of a verdict, each answer with the numbers its citations have in the report."""
    if standing is None:
        return ()
    return tuple(
        QuestionWords(text=one.text, answers=tuple(_answer(answer, standing.citations, audience) for answer in one.answers))
        for one in standing.questions
    )


def _answer(answer: Answer, citations: Sequence[Citation], audience: Audience) -> AnswerWords:
    own = {cited.passage_id for cited in answer.citations}
    is_hidden = answer.kind == "extractive" and any(cited.access not in MAY_READ[audience] for cited in answer.citations)
    text = answer.text or UNANSWERABLE
    return AnswerWords(
        kind=answer.kind,
        text=NOT_PUBLIC if is_hidden else text,
        explanation=answer.explanation,
        numbers=tuple(number for number, cited in enumerate(citations, 1) if cited.passage_id in own),
        is_quotation=answer.kind == "extractive" and not is_hidden,
    )


def together_words(number: int, citations: Sequence[Citation]) -> str | None:
    """With which others the citation of that number counts; None where it counts by itself."""
    group = citations[number - 1].group
    others = [str(at) for at, one in enumerate(citations, 1) if group is not None and one.group == group and at != number]
    if not others:
        return None
    *all_but_last, last = others
    listed = f"passages {', '.join(all_but_last)} and {last}" if all_but_last else f"passage {last}"
    return f"Counts only together with {listed}."
