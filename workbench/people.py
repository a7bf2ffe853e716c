"""The people of a team, as events: who may log in, with which roles; and the tokens of programs that read for them.

What lives here: people added, changed and disabled; the token of a program known again; that only who may saves (`admission`).
What does not: which role may save what (roles.py), the login itself (ui/). An identity is (issuer, subject), as the provider
of the login gives them; names and addresses are for display, sealed like all names, and nothing is looked up by them but by
colleagues who name one another.
"""

from __future__ import annotations

import hmac
import secrets
import shlex
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from workbench import roles
from workbench.errors import Refused, UnknownId
from workbench.ledger import Ledger
from workbench.models import OPERATOR, AccessToken, Event, NewEvent, Person, Reviewer, Role, sha256_hex

NOTHING = "Nothing was written."
SESSION = timedelta(hours=12)  # from the login on; Streamlit's cookie would let somebody in for 30 days
SKEW = timedelta(minutes=5)  # by which the provider's clock may be ahead of this one
TOKEN_PREFIX = "wbt"  # noqa: S105  # what tells a leaked token from other strings


def admission(event: NewEvent, known: Sequence[Event]) -> None:
    """What the ledger of a team asks of every event it stores. known: the events of its actor, as a person, so far.

    Raises: Refused where the actor may not save it, as things stand in this very transaction.
    """
    roles.refuse_unless_may(event, person_of(known))


class _Login(BaseModel):
    """What a login says that is believed: who issued it, to whom, when. Anything else it says is not looked at."""

    model_config = ConfigDict(strict=True, frozen=True)

    is_logged_in: Literal[True]
    iss: Annotated[str, Field(min_length=1, max_length=2000)]
    sub: Annotated[str, Field(min_length=1, max_length=200)]
    iat: Annotated[float, Field(gt=0, lt=1e11, allow_inf_nan=False)]


class Entry(NamedTuple):
    """Who is let in; or why nobody is. code: `in`, `logged_out`, `expired`, `unknown`, `disabled`."""

    person: Person | None
    code: str = "in"
    told: str = ""
    hint: str = ""


def person_of(events: Sequence[Event]) -> Person | None:
    """Whom the events of one person add up to, oldest first; None for an id nobody was added under."""
    person: Person | None = None
    tokens: dict[str, AccessToken] = {}
    disabled: str | None = None
    for event in events:
        payload = event.payload
        match event.kind:
            case "person-added" | "person-changed":
                person = Person.model_validate({"id": event.subject_id, **payload["person"]})
            case "person-disabled":
                disabled = payload["reason"]
            case "person-enabled":
                disabled = None
            case "token-made":
                made = AccessToken.model_validate({**payload["token"], "made_at": event.created_at})
                tokens[made.token_id] = made
            case "token-revoked":
                tokens.pop(payload["token_id"], None)
    return person and person.model_copy(update={"disabled": disabled, "tokens": tuple(tokens.values())})


class People:
    """The people of one workspace. is_team: whether names are those of the people here; else anybody says who they are."""

    def __init__(self, ledger: Ledger, now: Callable[[], datetime], *, is_team: bool) -> None:
        self._ledger = ledger
        self._now = now
        self.is_team = is_team

    # --- who is here ---

    def all(self) -> list[Person]:
        """Everybody who was ever added, by name."""
        events: dict[str, list[Event]] = {}
        for event in self._ledger.since(subject_kind="person"):
            events.setdefault(event.subject_id, []).append(event)
        found = [person for person in map(person_of, events.values()) if person is not None]
        return sorted(found, key=lambda person: (person.who.display_name.casefold(), person.id))

    def known(self, issuer: str, subject: str) -> Person | None:
        """The person of this identity, exactly; None where nobody was added under it."""
        who = Reviewer(issuer=issuer, subject=subject, display_name="-")
        return person_of(self._ledger.events("person", self._ledger.pseudonyms.actor_key(who)))

    def let_in(self, claims: Mapping[str, object]) -> Entry:
        """Who the claims of a login let in, now. They are those of a login of this app's own provider, or nobody's.

        An e-mail address is no identity: providers give it to another person, and other providers give it too.
        """
        try:
            login = _Login.model_validate(claims)
        except ValidationError:
            return Entry(None, "logged_out")
        age = self._now() - datetime.fromtimestamp(login.iat, UTC)
        if not -SKEW <= age <= SESSION:
            hint = "Log in again. What you wrote is kept as a draft."
            return Entry(None, "expired", f"A login holds for {SESSION // timedelta(hours=1)} hours, and yours is over.", hint)
        person = self.known(login.iss, login.sub)
        if person is None:
            who = shlex.join(["--issuer", login.iss, "--subject", login.sub])
            hint = f"An admin adds you: workbench people add {who} --name NAME --role reviewer"
            return Entry(None, "unknown", "You are logged in, and not among the people of this workspace.", hint)
        if not person.is_active:
            return Entry(None, "disabled", f"You were disabled: {person.disabled or 'no role'}", "Ask an admin.")
        return Entry(person)

    def find(self, named: str) -> Person:
        """The person of this id (its beginning will do), name or address. Raises: UnknownId, also where several are."""
        wanted = " ".join(named.split()).casefold()
        found = [
            person
            for person in self.all()
            if wanted in (person.who.display_name.casefold(), (person.email or "").casefold(), person.who.subject.casefold())
            or (len(wanted) >= 6 and person.id.startswith(wanted))
        ]
        if not wanted or len(found) != 1:
            told = f"{len(found)} people are" if found else "Nobody here is"
            raise UnknownId(f"{told} called {named!r}.", hint="Give the id: workbench people list", code="unknown_person")
        return found[0]

    def named(self, name: str) -> Reviewer:
        """The colleague somebody means by a name. Raises: UnknownId in a team, for nobody there or somebody disabled."""
        if not self.is_team:
            return Reviewer.self_declared(name)
        person = self.find(name)
        if not person.is_active:
            raise UnknownId(f"{person.who.display_name} is disabled.", hint="Name somebody else.", code="unknown_person")
        return person.who

    # --- changing them ---

    def add(
        self,
        issuer: str,
        subject: str,
        *,
        name: str,
        roles: Sequence[Role],
        email: str | None = None,
        actor: Reviewer = OPERATOR,
    ) -> Person:
        """Somebody who may log in from now on. Raises: Refused for an identity that is here, or that no provider can give."""
        if not issuer.startswith(("https://", "http://")):
            hint = "It is the address of the login's provider, as its metadata says under `issuer`."
            raise Refused(f"{issuer!r} is not an issuer.", hint=hint, code="bad_issuer")
        who = Reviewer(issuer=issuer, subject=subject, display_name=" ".join(name.split()))
        said = _stated(who, roles, email)

        namesake = next((one for one in self.all() if _folded(one.who.display_name) == _folded(name)), None)

        def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
            if person_of(events) is not None:
                hint = "Change what they may do: workbench people roles"
                raise Refused(f"{subject} of {issuer} is here already.", hint=hint, code="person_exists")
            if namesake is not None:
                hint = "Give them a name colleagues can tell apart."
                raise Refused(f"Somebody is called {namesake.who.display_name} already.", hint=hint, code="name_taken")
            return event

        return self._saved(self._ledger.pseudonyms.actor_key(who), "person-added", said, actor, check)

    def give_roles(self, person: Person, wanted: Sequence[Role], *, actor: Reviewer = OPERATOR) -> Person:
        """The person with these roles and no others, from their next save on. Raises: Refused where it is so already."""

        def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
            now = person_of(events)
            if now is None or set(now.roles) == set(wanted):
                raise Refused(f"{person.who.display_name} has these roles already.", hint=NOTHING, code="already_so")
            return event.model_copy(update={"payload": _stated(now.who, wanted, now.email)})

        return self._saved(person.id, "person-changed", {}, actor, check)

    def disable(self, person: Person, reason: str, *, actor: Reviewer = OPERATOR) -> Person:
        """The person, who may neither log in nor save from now on; what they did stays. Raises: Refused without a reason."""
        if not reason.strip():
            raise Refused("Nobody is disabled without a reason.", hint="Say why; it stands in the records.", code="no_reason")
        check = _unless(lambda now: now.disabled is not None, "disabled already")
        return self._saved(person.id, "person-disabled", {"reason": reason.strip()}, actor, check)

    def enable(self, person: Person, *, actor: Reviewer = OPERATOR) -> Person:
        """The person, who may log in again with the roles they had. Raises: Refused where they were not disabled."""
        return self._saved(person.id, "person-enabled", {}, actor, _unless(lambda now: now.disabled is None, "not disabled"))

    def _saved(
        self, person_id: str, kind: str, payload: dict[str, Any], actor: Reviewer, check: Callable[..., NewEvent]
    ) -> Person:
        event = NewEvent(
            subject_kind="person", subject_id=person_id, kind=kind, actor=actor, created_at=self._now(), payload=payload
        )
        self._ledger.append(event, check)
        person = person_of(self._ledger.events("person", person_id))
        if person is None:
            raise UnknownId(f"Nobody here has the id {person_id}.", hint="workbench people list", code="unknown_person")
        return person

    # --- tokens of programs ---

    def make_token(self, person: Person, *, actor: Reviewer = OPERATOR) -> tuple[AccessToken, str]:
        """(the token as it is kept, the token itself): a program that shows it reads the routes as this person.

        It is given once and not stored: of its 256 random bits the records hold a hash. Raises: Refused for somebody disabled.
        """
        token_id, secret = secrets.token_hex(4), secrets.token_urlsafe(32)
        made = {"token_id": token_id, "hash": sha256_hex(secret)}
        check = _unless(lambda now: not now.is_active, "disabled, or without a role")
        kept = self._saved(person.id, "token-made", {"token": made}, actor, check)
        return next(one for one in kept.tokens if one.token_id == token_id), f"{TOKEN_PREFIX}_{token_id}_{secret}"

    def revoke_token(self, token_id: str, *, actor: Reviewer = OPERATOR) -> Person:
        """Whose token it was; it opens nothing any more. Raises: UnknownId."""
        owner = self._owner_of(token_id)
        if owner is None:
            raise UnknownId(f"There is no token {token_id!r}.", hint="workbench people list", code="unknown_token")
        check = _unless(lambda now: all(one.token_id != token_id for one in now.tokens), "without that token")
        return self._saved(owner.id, "token-revoked", {"token_id": token_id}, actor, check)

    def with_token(self, shown: str) -> Person | None:
        """Whose token this is, if it holds and they are active; None otherwise, whatever is wrong with it."""
        prefix, _, rest = shown.partition("_")
        token_id, _, secret = rest.partition("_")
        owner = self._owner_of(token_id) if prefix == TOKEN_PREFIX else None
        kept = next((one for one in owner.tokens if one.token_id == token_id), None) if owner else None
        if owner is None or kept is None or not owner.is_active:
            return None
        return owner if hmac.compare_digest(kept.hash, sha256_hex(secret)) else None

    def _owner_of(self, token_id: str) -> Person | None:
        return next((person for person in self.all() if any(one.token_id == token_id for one in person.tokens)), None)


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def _stated(who: Reviewer, wanted: Sequence[Role], email: str | None) -> dict[str, Any]:
    """What an event says of a person. Raises: Refused for no role, or one there is none of."""
    unknown = [role for role in wanted if role not in roles.ROLES]
    if unknown or not wanted:
        told = f"There is no role {unknown[0]!r}." if unknown else "Somebody without a role could do nothing."
        raise Refused(told, hint=f"The roles are {', '.join(roles.ROLES)}.", code="unknown_role")
    given = [role for role in roles.ROLES if role in wanted]
    return {"person": {"who": who.model_dump(mode="json"), "email": (email or "").strip() or None, "roles": given}}


def _unless(rule: Callable[[Person], bool], told: str) -> Callable[[NewEvent, Sequence[Event]], NewEvent]:
    """The check of a change that there is something to do. Raises: UnknownId, Refused where the rule holds."""

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        person = person_of(events)
        if person is None:
            raise UnknownId("Nobody was added under that id.", hint="workbench people list", code="unknown_person")
        if rule(person):
            raise Refused(f"{person.who.display_name} is {told}.", hint=NOTHING, code="already_so")
        return event

    return check
