"""The contacts log of a claim: who was asked, when and how, until when, and what they replied, word for word.

What lives here: the verbs, and what an entry must satisfy. What does not: the checks inside the transaction and whether
somebody named was asked (review/asking.py), what a report prints of it (report/). A further event corrects an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from workbench import review
from workbench.cases import Cases
from workbench.errors import Refused
from workbench.ledger import Ledger
from workbench.models import Contact, NewEvent, Party, Reviewer


class Contacts:
    """Who was asked about the claims of one workspace."""

    def __init__(self, cases: Cases, ledger: Ledger, now: Callable[[], datetime]) -> None:
        self._cases = cases
        self._ledger = ledger
        self._now = now

    def ask(
        self,
        claim_id: str,
        *,
        party: Party,
        name: str,
        channel: str,
        question: str,
        asked_at: datetime | None = None,
        deadline: datetime | None = None,
        is_public: bool = True,
        by: Reviewer,
        token: str,
    ) -> Contact:
        """Record that somebody was asked (now, where no time is given). The same token and words give the same entry back.

        Raises: UnknownId, TokenReused; Refused for an empty field, a time to come, or a deadline before it.
        """
        words = {"name": name, "channel": channel, "question": question}
        contact = self._checked(
            {
                "number": 1,  # the check gives it the next one of the claim
                "party": party,
                **{field: value.strip() for field, value in words.items()},
                "asked_at": asked_at or self._now(),
                "deadline": deadline,
                "is_public": is_public,
            }
        )
        event = self._event(claim_id, "contact-asked", {"contact": contact.model_dump(mode="json")}, by, token=token)
        stored = self._ledger.append(event, review.check_asked)
        return self._entry(claim_id, stored.payload["contact"]["number"])

    def reply(
        self, claim_id: str, number: int, words: str, *, at: datetime | None = None, is_verbatim: bool = True, by: Reviewer
    ) -> Contact:
        """Record what somebody replied. A late reply takes the place of "no reply"; both stay in the history.

        Raises: UnknownId; Refused where a reply is recorded already, or for an empty one.
        """
        replied_at = at or self._now()

        def change(known: Contact) -> Contact:
            if known.reply is not None:
                hint = f"Correct it, or put both together: workbench claims correct-contact {claim_id} {number} --reply ..."
                raise Refused(f"A reply of {known.name} is recorded already.", hint=hint, code="replied_already")
            reply = {"words": words.strip(), "replied_at": replied_at, "is_verbatim": is_verbatim}
            return self._checked({**known.model_dump(), "reply": reply, "no_reply_by": None})

        return self._change(claim_id, number, change, by)

    def no_reply(self, claim_id: str, number: int, *, by_then: datetime | None = None, by: Reviewer) -> Contact:
        """Record that there was no reply by a time: the deadline, where one was set and none is given, else now.

        Raises: UnknownId; Refused where they replied, or that time is still to come.
        """

        def change(known: Contact) -> Contact:
            if known.reply is not None:
                raise Refused(f"{known.name} replied.", hint="Nothing was written.", code="replied_already")
            return self._checked({**known.model_dump(), "no_reply_by": by_then or known.deadline or self._now()})

        return self._change(claim_id, number, change, by)

    def correct(
        self, claim_id: str, number: int, said: Mapping[str, Any], *, by: Reviewer, seen: Contact | None = None
    ) -> Contact:
        """Record how an entry should have read. said: the fields of a Contact that change; `reply_words` those of its reply.

        seen: the entry as it was shown. Raises: UnknownId, Refused, Conflict where it was changed since it was shown.
        """

        def change(known: Contact) -> Contact:
            fields = {**known.model_dump(), **{name: value for name, value in said.items() if name != "reply_words"}}
            if "reply_words" in said:
                if known.reply is None:
                    hint = f"Record one: workbench claims reply {claim_id} {number} --words ..."
                    raise Refused(f"No reply of {known.name} is recorded.", hint=hint, code="no_reply_yet")
                fields["reply"] = {**known.reply.model_dump(), "words": said["reply_words"].strip()}
            return self._checked(fields)

        return self._change(claim_id, number, change, by, seen=seen)

    def withdraw(self, claim_id: str, number: int, reason: str, *, by: Reviewer) -> None:
        """Take an entry out of the log that should not be there; it stays in the history. Raises: UnknownId, Refused."""
        if not reason.strip():
            hint = "Say in a few words why it does not belong there."
            raise Refused("An entry is taken out with a reason.", hint=hint, code="no_reason")
        payload = {"number": number, "reason": reason.strip()}
        self._ledger.append(self._event(claim_id, "contact-withdrawn", payload, by), review.check_withdrawn(number))

    # the parts ------------------------------------------------------------------------------------------------------

    def _change(
        self,
        claim_id: str,
        number: int,
        change: Callable[[Contact], Contact],
        by: Reviewer,
        *,
        seen: Contact | None = None,
    ) -> Contact:
        event = self._event(claim_id, "contact-changed", {}, by)
        self._ledger.append(event, review.check_changed(number, change, seen=seen))
        return self._entry(claim_id, number)

    def _event(self, claim_id: str, kind: str, payload: dict[str, Any], by: Reviewer, *, token: str | None = None) -> NewEvent:
        return self._cases.event(self._cases.get(claim_id).claim.id, kind, payload, actor=by, token=token)

    def _entry(self, claim_id: str, number: int) -> Contact:
        return next(one for one in self._cases.get(claim_id).contacts if one.number == number)

    def _checked(self, fields: Mapping[str, Any]) -> Contact:
        """The entry these fields make. Raises: Refused for an empty field, and for what has not happened yet."""
        for name in ("name", "channel", "question"):
            if not str(fields[name] or "").strip():
                raise _refused(f"The {name} is empty", "Say who was asked, by what channel, and what.")
        if fields.get("reply") is not None and not fields["reply"]["words"]:
            raise _refused("The reply is empty", "Write it as it came, or record that there was none.")
        contact = Contact.model_validate(dict(fields))
        happened = [contact.asked_at, contact.reply.replied_at if contact.reply else None, contact.no_reply_by]
        ahead = max(moment for moment in happened if moment is not None)
        if ahead > self._now():
            raise _refused(f"{ahead:%Y-%m-%d %H:%M} UTC is still to come", "Record it once it has happened.")
        return contact


def _refused(message: str, hint: str) -> Refused:
    return Refused(f"{message}.", hint=f"Nothing was written. {hint}", code="bad_contact")
