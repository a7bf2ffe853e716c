"""Questions a check is broken into, each with answers of its kind and what they rest on."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from tests.test_review import ADDED, SOURCE, request, run, verdict
from workbench.errors import Refused
from workbench.models import Citation, QuestionDraft
from workbench.questions import answered, are_same, asked_for, needs, resting_on

CITED = Citation(
    source_id=SOURCE, text_sha256=SOURCE, start=0, end=33, quote="The board found “no irregularity”.", stance="refutes"
)
HERE = CITED.passage_id


def asked(kind: str, text: str = "", *passage_ids: str, explanation: str | None = None) -> QuestionDraft:
    answer = {"kind": kind, "text": text, "passage_ids": passage_ids, "explanation": explanation}
    return QuestionDraft.model_validate({"text": "Was there fraud?", "answers": [answer]})


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (asked("extractive", 'found "No irregularity"', HERE), "found “no irregularity”"),
        (asked("abstractive", "The board found none.", HERE), "The board found none."),
        (asked("boolean", "no", HERE, explanation="Its report says so."), "No"),
        (asked("unanswerable", explanation="No report was published."), ""),
    ],
    ids=lambda one: one.answers[0].kind if isinstance(one, QuestionDraft) else "",
)
def test_an_answer_is_kept_with_what_it_rests_on(question: QuestionDraft, text: str) -> None:
    (made,) = answered([question], [CITED])

    assert made.answers[0].text == text
    assert [one.quote for one in made.answers[0].citations] == ([CITED.quote] if question.answers[0].passage_ids else [])
    assert are_same([question], [made])
    assert answered(asked_for([made]), [CITED]) == (made,)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (asked("extractive", "many irregularities", HERE), "does not stand once in what it rests on"),
        (asked("extractive", "no irregularity"), "does not stand in any words it rests on"),
        (asked("abstractive", "  ", HERE), "has no words"),
        (asked("boolean", "partly", HERE), "neither Yes nor No"),
        (asked("unanswerable", "", HERE), "has an answer"),
    ],
)
def test_an_answer_that_is_not_of_its_kind_is_refused_and_the_checklist_says_why(question: QuestionDraft, told: str) -> None:
    with pytest.raises(Refused, match=told):
        answered([question], [CITED])

    assert [done for done, sentence in needs([question], [CITED]) if told in sentence] == [False]


def test_a_description_is_never_an_answer_in_quotation_marks() -> None:
    described = {"sha256": SOURCE, "kind": "photo", "who": "Ana", "name": "a.jpg"}
    seen = CITED.model_copy(update={"describes": described})

    with pytest.raises(Refused, match="does not stand in any words"):
        answered([asked("extractive", "no irregularity", HERE)], [seen])


def test_a_question_is_asked_once() -> None:
    with pytest.raises(Refused, match="asked twice"):
        answered([asked("boolean", "yes"), asked("boolean", "no")], [])


@pytest.mark.parametrize(
    "questions",
    [
        [{"text": "Why?"}],
        [{"text": " "}],
        [{"text": "Why?", "answers": [{"kind": "boolean", "passage_ids": ["b" * 16 + "-0-5"]}]}],
    ],
    ids=["no answer", "no words", "rests on what is not cited"],
)
def test_a_request_with_half_a_question_is_refused(questions: list[dict[str, Any]]) -> None:
    with pytest.raises(ValidationError):
        request(questions=questions)


def test_a_question_of_a_draft_waits_for_its_answer() -> None:
    ((done, sentence),) = needs([QuestionDraft(text="Was there fraud?")], [])

    assert (done, sentence) == (False, "The question “Was there fraud?” is answered, or called unanswerable")


def test_an_answer_loses_what_was_taken_out_of_the_citations() -> None:
    (kept,) = resting_on([asked("boolean", "no", HERE)], [])

    assert kept.answers[0].passage_ids == ()


def test_questions_are_stored_with_the_verdict() -> None:
    own = verdict().citations[0]
    wanted = request(questions=[asked("boolean", "no", own.passage_id).model_dump()])
    made = answered(wanted.questions, [own])
    event = run(wanted, [ADDED], given_verdict=verdict().model_copy(update={"questions": made}))

    assert event.payload["verdict"]["questions"][0]["answers"][0]["text"] == "No"
