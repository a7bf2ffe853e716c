"""Questions a check is broken into, each with its answers and what those rest on."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from workbench.models.citation import Citation
from workbench.models.record import MAX_STATEMENT, Record

# As AVeriTeC has them (Schlichtkrull et al. 2023): words of a source, the reviewer's own words, yes or no, or no answer.
AnswerKind = Literal["extractive", "abstractive", "boolean", "unanswerable"]
AnswerText = Annotated[str, Field(max_length=MAX_STATEMENT)]
QuestionText = Annotated[str, Field(min_length=1, max_length=MAX_STATEMENT)]


class Answer(Record):
    """An answer with those of the verdict's citations that it rests on. text: "" where there is none to give.

    Of an extractive answer the text is words of one of them; of a boolean one `Yes` or `No`. explanation: how it follows.
    """

    kind: AnswerKind
    text: AnswerText = ""
    explanation: AnswerText | None = None
    citations: tuple[Citation, ...] = ()


class Question(Record):
    """A question of a check, answered once or more often: sources may answer it differently."""

    text: QuestionText
    answers: Annotated[tuple[Answer, ...], Field(min_length=1)]


class AnswerDraft(Record):
    """An answer as it was given. passage_ids: those of the citations it rests on."""

    kind: AnswerKind
    text: AnswerText = ""
    explanation: AnswerText | None = None
    passage_ids: tuple[str, ...] = ()


class QuestionDraft(Record):
    """A question as it was asked; in a draft it may wait for its answers."""

    text: QuestionText
    answers: tuple[AnswerDraft, ...] = ()

    @model_validator(mode="after")
    def _asks(self) -> QuestionDraft:
        if not self.text.strip():
            raise ValueError("a question is empty; write what is to be found out")
        return self
