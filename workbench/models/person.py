"""The people of a team: who they are, and what each of them may do."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from workbench.models.record import Record, Reviewer, Sha256

Role = Literal["viewer", "reviewer", "adjudicator", "admin"]


class AccessToken(Record):
    """A bearer token of the routes, as the records hold it: its hash, never itself. token_id: what it is revoked by."""

    token_id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    hash: Sha256
    made_at: AwareDatetime


class Person(Record):
    """Somebody who may log in. id: their subject in the ledger, which says neither their name nor their account.

    who: issuer and subject as the provider of the login gives them, which are the identity; the display name is what colleagues
    know them by. email: for display only; nothing is looked up by it. disabled: why they may do nothing any more.
    """

    id: str
    who: Reviewer
    email: str | None = None
    roles: tuple[Role, ...] = ()
    disabled: str | None = None
    tokens: tuple[AccessToken, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether they may log in: not disabled, and with a role at all."""
        return self.disabled is None and bool(self.roles)
