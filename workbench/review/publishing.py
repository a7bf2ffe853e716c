"""The way of a verdict to its readers: what stands between them, and what each step must satisfy. Pure; clocks are handed in.

What lives here: sign-offs, embargo, publication, the note that a change of what is published needs, retraction. What does not:
the fold of these events (public.py).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from workbench.errors import Conflict, Refused
from workbench.models import OPERATOR, WORKBENCH, Case, Change, Event, NewEvent, StoredVerdict
from workbench.review.fold import fold_case, reviewer_key
from workbench.settings import Policy
from workbench.tongue import _

Step = Callable[[NewEvent, Sequence[Event]], NewEvent]  # what the ledger runs inside the transaction
NOTHING_WRITTEN = "Nothing was written."


class Hindrance(NamedTuple):
    """Why a verdict may not go to readers now: a stable code, a clause that goes on after "because", and what to do."""

    code: str
    told: str
    hint: str


def hindrances(case: Case, policy: Policy, now: datetime | None) -> list[Hindrance]:
    """Everything that keeps the verdict that counts from readers, in the order a desk meets it; empty where nothing does.

    now: None where no clock is at hand; an embargo then holds. What was published is out: no sign-off is asked for any more.
    """
    if case.counting is None or case.status in ("disagreement", "recheck", "void") or case.retired:
        told = _("it was retired") if case.retired else _("its status is {status}", status=case.status)
        return [Hindrance("nothing_to_publish", told, "Record a verdict the reviewers agree on first.")]
    if case.status == "published":
        return []
    found = []
    missing = missing_sign_offs(case, policy)
    if missing:
        told = _("the sign-off of {names} is missing", names=_listed(missing))
        found.append(
            Hindrance("sign_off_missing", told, f"Sign it: workbench verdict sign-off {case.claim.id} --as {missing[0]}")
        )
    if case.embargo is not None and case.is_embargoed(now):
        told = _("it is embargoed until {when}", when=_moment(case.embargo.until))
        lift = f"Wait, or lift it: workbench verdict embargo {case.claim.id} --lift"
        found.append(Hindrance("embargoed", told, lift))
    return found


def missing_sign_offs(case: Case, policy: Policy) -> list[str]:
    """The roles that the policy asks for and that have not signed the verdict that counts, in the policy's order."""
    holding = {one.signs_as for one in case.holding_sign_offs}
    return [role for role in policy.sign_offs if role not in holding]


def change_needs(case: Case, kind: str | None, note: str) -> list[tuple[bool, str]]:
    """What a new revision of a published verdict must say, as (done, sentence); empty where nothing is published."""
    if case.live is None:
        return []
    return [
        (kind is not None, "It is published: say whether this corrects, clarifies or updates it"),
        (bool(note.strip()), "A note tells readers what changed"),
    ]


def refuse_silent_change(case: Case, change: Change | None) -> None:
    """Raises: Refused for a new revision over a published one that does not say so, or that says so of nothing published."""
    missing = [told for done, told in change_needs(case, *((change.kind, change.note) if change else (None, ""))) if not done]
    if missing and case.live is not None:
        raise Refused(
            f"This verdict was not saved: {case.claim.id} is published at {case.live.url}, and it does not say what changes.",
            hint="Give a note for readers with --correction, --clarification or --update, or on Check; or retract what is out.",
            code="published",
        )
    if change is not None and case.live is None:
        raise Refused(
            f"This verdict was not saved: nothing of {case.claim.id} is published that it could be a {change.kind} of.",
            hint="Save it without that note.",
            code="nothing_published",
        )


# --- the steps -------------------------------------------------------------------------------------------------------


def check_publish(url: str, policy: Policy = Policy()) -> Step:  # noqa: B008  # frozen: nobody can change the default
    """The check that stores where the counting verdict was published, at the event's own time.

    Raises: Refused for what is no address, and for whatever `hindrances` lists.
    """
    if not url.startswith(("https://", "http://")):
        raise Refused(f"{url!r} is not a web address.", hint="Start it with https://", code="bad_url")

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        case = fold_case(events)
        verdict = _ready_to_go(case, policy, event.created_at, "cannot be published")
        _refuse_own(verdict, event, policy, "publishes")
        return event.model_copy(update={"payload": {"url": url, "hash": verdict.hash}})

    return check


def check_ready(policy: Policy) -> Step:
    """The check that stores that the counting verdict is ready; an embargo does not matter. Raises: Refused."""

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        case = fold_case(events)
        verdict = _ready_to_go(case, policy, None, "is not ready", but=("embargoed",))
        if case.ready is not None or case.status == "published":
            told = "is published already" if case.status == "published" else "was called ready already"
            raise Refused(f"{event.subject_id} {told}.", hint=NOTHING_WRITTEN, code="already_ready")
        return event.model_copy(update={"payload": {"hash": verdict.hash}})

    return check


def check_sign_off(signs_as: str, policy: Policy, seen: str | None = None) -> Step:
    """The check that stores a sign-off of the counting verdict. seen: hash of the one that was read; None: any.

    Raises: Refused for a role the policy does not ask for, Conflict where another verdict counts by now.
    """
    _refuse_unknown_role(signs_as, policy)

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        case = fold_case(events)
        verdict = _ready_to_go(case, policy, None, "cannot be signed off", but=("embargoed", "sign_off_missing"))
        if seen is not None and not (len(seen) >= 8 and verdict.hash.startswith(seen)):
            raise Conflict(
                f"The verdict on {event.subject_id} changed since it was read: {verdict.hash[:12]} counts, not {seen[:12]}.",
                hint="Nothing was signed. Read it as it stands now, then sign.",
                code="verdict_changed",
            )
        if any(one.signs_as == signs_as for one in case.holding_sign_offs):
            raise Refused(f"{signs_as} has signed this verdict already.", hint=NOTHING_WRITTEN, code="already_signed")
        _refuse_own(verdict, event, policy, "signs off")
        return event.model_copy(update={"payload": {"signs_as": signs_as, "hash": verdict.hash}})

    return check


def check_sign_off_withdrawn(signs_as: str) -> Step:
    """The check that stores that a sign-off is taken back. Raises: Refused where there is none that holds."""

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        case = fold_case(events)
        held = next((one for one in case.holding_sign_offs if one.signs_as == signs_as), None)
        if held is None or case.status == "published":
            told = "is published already" if held else f"has no sign-off of {signs_as} that holds"
            raise Refused(f"{event.subject_id} {told}.", hint=NOTHING_WRITTEN, code="no_sign_off")
        return event.model_copy(update={"payload": {"signs_as": signs_as, "hash": held.hash}})

    return check


def check_embargo(until: datetime, reason: str) -> Step:
    """The check that stores an embargo in place of the one before. Raises: Refused for one that is over, or comes too late."""

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        if until <= event.created_at:
            raise Refused(f"{_moment(until)} is past.", hint="Name a time to come, with its zone.", code="embargo_past")
        if fold_case(events).status == "published":
            raise Refused(f"{event.subject_id} is published already.", hint="Retract it to take it back.", code="too_late")
        payload = {"until": until.astimezone(UTC).isoformat(), "reason": reason.strip()}
        return event.model_copy(update={"payload": payload})

    return check


def check_embargo_lifted(event: NewEvent, events: Sequence[Event]) -> NewEvent:
    """The check that stores the end of an embargo before its time. Raises: Refused where none holds."""
    if not fold_case(events).is_embargoed(event.created_at):
        raise Refused(f"No embargo on {event.subject_id} holds.", hint=NOTHING_WRITTEN, code="no_embargo")
    return event


def check_retract(note: str) -> Step:
    """The check that stores that what was published is taken back, with the note readers get.

    Raises: Refused without a note, or where nothing is published.
    """
    if not note.strip():
        raise Refused("A retraction needs a note for readers.", hint="Say in a sentence what was wrong.", code="no_note")

    def check(event: NewEvent, events: Sequence[Event]) -> NewEvent:
        live = fold_case(events).live
        if live is None:
            hint = "A verdict nobody published is taken out with: workbench verdict void"
            raise Refused(f"Nothing of {event.subject_id} is published.", hint=hint, code="nothing_published")
        return event.model_copy(update={"payload": {"hash": live.hash, "note": note.strip()}})

    return check


def refuse_void_of_published(case: Case, verdict: StoredVerdict) -> None:
    """Raises: Refused for a void of the verdict that readers have: it goes by a retraction, with a note for them."""
    if case.live is not None and case.live.hash == verdict.hash:
        raise Refused(
            f"Revision {verdict.revision} is published at {case.live.url}; declaring it void would tell its readers nothing.",
            hint=f"Retract it with a note for them: workbench verdict retract {case.claim.id} --note ...",
            code="published",
        )


# --- what they share -------------------------------------------------------------------------------------------------


def _ready_to_go(case: Case, policy: Policy, now: datetime | None, told: str, *, but: Collection[str] = ()) -> StoredVerdict:
    """The verdict that counts. Raises: Refused for the first hindrance whose code is not in `but`."""
    found = next((one for one in hindrances(case, policy, now) if one.code not in but), None)
    if found is not None or case.counting is None:
        reason = f": {found.told}" if found else ""
        raise Refused(
            f"{case.claim.id} {told}{reason}.",
            hint=found.hint if found else NOTHING_WRITTEN,
            code=found.code if found else "nothing_to_publish",
        )
    return case.counting


def _refuse_own(verdict: StoredVerdict, event: NewEvent, policy: Policy, verb: str) -> None:
    """Raises: Refused where the policy wants a second person, and this is the one who gave the verdict, or nobody by name."""
    if not policy.second_person_publishes:
        return
    actor = reviewer_key(event.actor)
    if actor in (reviewer_key(OPERATOR), reviewer_key(WORKBENCH)):
        raise Refused(f"The policy wants to know who {verb} it.", hint="Say so with --reviewer NAME.", code="who")
    if actor == reviewer_key(verdict.reviewer):
        raise Refused(
            f"{event.actor.display_name} gave this verdict, and the policy wants that somebody else {verb} it.",
            hint="Nothing was written. Ask a colleague.",
            code="own_verdict",
        )


def _refuse_unknown_role(signs_as: str, policy: Policy) -> None:
    if signs_as not in policy.sign_offs:
        asked = _listed(policy.sign_offs) if policy.sign_offs else "nobody"
        hint = "Name them in workbench.toml, under [review.policy] sign_offs."
        raise Refused(f"The policy asks {asked} to sign off, not {signs_as!r}.", hint=hint, code="unknown_role")


def _listed(names: Sequence[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
