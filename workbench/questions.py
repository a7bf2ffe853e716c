"""Questions a check is broken into: from what was asked to what a verdict keeps, and what a save of them needs. Pure.

What lives here: answers beside the citations they rest on, and the lines of the policy about them. What does not: the rest of
the policy and the check inside the transaction (review/policy.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from workbench.errors import Refused
from workbench.models import Answer, AnswerDraft, AnswerKind, Citation, Cite, Question, QuestionDraft
from workbench.tongue import N_, _
from workbench.whole_words import only_place, shortened

YES_OR_NO = (N_("Yes"), N_("No"))
UNANSWERABLE = N_("No answer was found.")


def answered(asked: Sequence[QuestionDraft], citations: Sequence[Citation]) -> tuple[Question, ...]:
    """The questions as a verdict keeps them, each answer with its citations word for word, in the order asked.

    Raises: Refused where an answer is not of its kind, or the same question is asked twice.
    """
    made: list[Question] = []
    for one in asked:
        if any(_is_same(one.text, other.text) for other in made):
            hint = "Nothing was written. Give the question its answers in one place."
            raise Refused(f"The question “{shortened(one.text)}” is asked twice.", hint=hint, code="question_twice")
        answers = tuple(_answer(answer, citations) for answer in one.answers)
        made.append(Question(text=one.text.strip(), answers=answers))
    return tuple(made)


def asked_for(questions: Sequence[Question]) -> tuple[QuestionDraft, ...]:
    """The wish that these questions came from."""
    return tuple(
        QuestionDraft(
            text=one.text,
            answers=tuple(
                AnswerDraft(
                    kind=answer.kind,
                    text=answer.text,
                    explanation=answer.explanation,
                    passage_ids=tuple(cited.passage_id for cited in answer.citations),
                )
                for answer in one.answers
            ),
        )
        for one in questions
    )


def resting_on(asked: Sequence[QuestionDraft], cites: Sequence[Cite]) -> tuple[QuestionDraft, ...]:
    """The questions without what was taken out of the citations since."""
    cited = {cite.passage_id for cite in cites}

    def kept(answer: AnswerDraft) -> AnswerDraft:
        return answer.model_copy(update={"passage_ids": tuple(found for found in answer.passage_ids if found in cited)})

    return tuple(one.model_copy(update={"answers": tuple(map(kept, one.answers))}) for one in asked)


def are_same(asked: Sequence[QuestionDraft], stored: Sequence[Question]) -> bool:
    """Whether the questions are what was asked for, however its white space and its quotation marks were typed."""
    from workbench.matching import fold

    def key(one: QuestionDraft) -> tuple[str, list[tuple[AnswerKind, str, str, frozenset[str]]]]:
        answers = [
            (answer.kind, fold(answer.text).text.strip(), (answer.explanation or "").strip(), frozenset(answer.passage_ids))
            for answer in one.answers
        ]
        return one.text.strip(), answers

    return [key(one) for one in asked] == [key(one) for one in asked_for(stored)]


def needs(asked: Sequence[QuestionDraft], citations: Sequence[Citation]) -> list[tuple[bool, str]]:
    """What a save asks of each question of a draft, as (done, sentence); nothing where all is well."""
    lines = []
    for one in asked:
        words = shortened(one.text)
        if not one.answers:
            lines.append((False, _("The question “{words}” is answered, or called unanswerable", words=words)))
        for answer in one.answers:
            fault = _fault(answer, citations)
            if fault:
                told = _("An answer to the question “{words}” is of its kind ({fault})", words=words, fault=fault)
                lines.append((False, told))
    return lines


def _fault(answer: AnswerDraft, citations: Sequence[Citation]) -> str:
    try:
        _answer(answer, citations)
    except Refused as error:
        return error.message[0].lower() + error.message[1:].rstrip(".")
    return ""


def _answer(given: AnswerDraft, citations: Sequence[Citation]) -> Answer:
    resting = tuple(one for one in citations if one.passage_id in given.passage_ids)
    explanation = (given.explanation or "").strip() or None
    text = given.text.strip()
    match given.kind:
        case "extractive":
            text = _as_it_stands(text, resting)
        case "abstractive" if not text:
            raise _refused("an answer in your own words has no words", "Write it, or call the question unanswerable.")
        case "boolean":
            found = next((one for one in YES_OR_NO if one.casefold() == text.casefold()), None)
            if found is None:
                raise _refused(f"“{shortened(text)}” is neither Yes nor No", "Say Yes or No; the explanation says the rest.")
            text = found
        case "unanswerable" if text or resting:
            raise _refused("it is called unanswerable and has an answer", "Take the answer out, or choose another kind.")
    return Answer(kind=given.kind, text=text, explanation=explanation, citations=resting)


def _as_it_stands(text: str, resting: Sequence[Citation]) -> str:
    """The words as a citation has them: an extractive answer is printed in quotation marks (promise 10)."""
    quoted = [one for one in resting if one.is_quotation]
    for cited in quoted:
        with suppress(Refused):
            place = only_place(text, cited.quote)
            return cited.quote[place.start : place.end]
    where = "once in what it rests on" if quoted else "in any words it rests on"
    raise _refused(f"“{shortened(text)}” does not stand {where}", "Copy it word for word, or answer in your own words.")


def _refused(message: str, hint: str) -> Refused:
    return Refused(f"{message[0].upper()}{message[1:]}.", hint=f"Nothing was written. {hint}", code="not_an_answer")


def _is_same(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())
