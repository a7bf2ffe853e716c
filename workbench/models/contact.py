"""Asking people: who was asked about a claim, and what they replied."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from workbench.models.record import MAX_TEXT, Record

Party = Literal["claimant", "quoted", "expert", "other"]


class Reply(Record):
    """What somebody replied. is_verbatim: the words are theirs, one by one; else they are a colleague's summary."""

    words: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    replied_at: AwareDatetime
    is_verbatim: bool = True


class Contact(Record):
    """Somebody who was asked about a claim. number counts the contacts of the claim from 1.

    party: who they are to the claim. deadline: until when they were asked to reply. no_reply_by: recorded that there was none
    by then. is_public: whether reports print it; some people may only be asked in confidence.
    """

    number: Annotated[int, Field(ge=1)]
    party: Party
    name: Annotated[str, Field(min_length=1, max_length=200)]
    channel: Annotated[str, Field(min_length=1, max_length=200)]
    question: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    asked_at: AwareDatetime
    deadline: AwareDatetime | None = None
    reply: Reply | None = None
    no_reply_by: AwareDatetime | None = None
    is_public: bool = True

    @model_validator(mode="after")
    def _in_order(self) -> Contact:
        for name, moment in (("deadline", self.deadline), ("no_reply_by", self.no_reply_by)):
            if moment is not None and moment <= self.asked_at:
                raise ValueError(f"{name} ({moment:%Y-%m-%d %H:%M}) is not after the question was asked")
        if self.reply is not None and self.reply.replied_at < self.asked_at:
            raise ValueError(f"the reply ({self.reply.replied_at:%Y-%m-%d %H:%M}) came before the question was asked")
        return self
