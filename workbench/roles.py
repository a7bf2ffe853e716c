"""What may be done by whom in team mode: one table, from a kind of event to the roles that may save it. Pure.

What lives here: the table and the sentence of a refusal. What does not: who somebody is (people.py), and that the table is
asked inside the transaction of every save (ledger/). Deny by default: nobody may save a kind of event that is not listed here,
so that what is added later is refused until somebody decides who may.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workbench.errors import Refused
from workbench.models import OPERATOR, WORKBENCH, NewEvent, Person, Role

ROLES: tuple[Role, ...] = ("viewer", "reviewer", "adjudicator", "admin")
RULING = "ruling"  # a verdict that decides between others: of the kind verdict-recorded, and not for everybody who judges
VERDICT = "verdict-recorded"

_JUDGE: tuple[Role, ...] = ("reviewer",)
_SETTLE: tuple[Role, ...] = ("adjudicator",)
_WORK: tuple[Role, ...] = ("reviewer", "adjudicator")  # on a claim, without rating it
_DESK: tuple[Role, ...] = ("reviewer", "adjudicator", "admin")  # which claims there are, what is at hand, whose turn it is
_ADMIN: tuple[Role, ...] = ("admin",)

# A viewer reads: no kind of event names the role. An admin who is to judge as well is given the role of a reviewer too.
MAY: Mapping[str, tuple[Role, ...]] = {
    **dict.fromkeys((VERDICT, "verdict-voided", "hit-marked", "mark-cleared"), _JUDGE),
    **dict.fromkeys(("citation-confirmed", "evidence-answered", "similarity-judged", "quote-confirmed"), _JUDGE),
    **dict.fromkeys((RULING, "verdict-published", "verdict-retracted", "verdict-ready"), _SETTLE),
    **dict.fromkeys(("signed-off", "sign-off-withdrawn", "embargo-set", "embargo-lifted"), _SETTLE),
    **dict.fromkeys(("comment-made", "comment-taken-back", "reviewer-recused", "recusal-withdrawn"), _WORK),
    **dict.fromkeys(("contact-asked", "contact-changed", "contact-withdrawn"), _WORK),
    **dict.fromkeys(("claim-added", "claim-changed", "claim-retired", "claim-restored"), _DESK),
    **dict.fromkeys(("claim-assigned", "assignment-ended", "desk-matters-said"), _DESK),
    **dict.fromkeys(("source-added", "source-described", "source-removed"), _DESK),
    "source-told-as": ("adjudicator", "admin"),  # how readers are told of a source that is protected
    **dict.fromkeys(("search-saved", "search-renamed", "search-retired", "search-seen"), _DESK),
    **dict.fromkeys(("list-saved", "list-renamed", "list-retired"), _DESK),
    **dict.fromkeys(("source-purged", "words-erased"), _ADMIN),
    **dict.fromkeys(("person-added", "person-changed", "person-disabled", "person-enabled"), _ADMIN),
    **dict.fromkeys(("token-made", "token-revoked"), _ADMIN),
}
# What the software records of itself, while it takes files in and looks whether they still say what was cited.
SOFTWARE_MAY = frozenset(
    {"claim-added", "claim-changed", "claim-missing", "claim-found-again", "claim-file-taken-in", "rules-in-force"}
    | {"source-added", "source-described", "source-moved", "source-read-again", "source-path-gone", "source-found-inside"}
    | {"citations-checked", "evidence-found"}
)
# Whoever has a shell on the machine has the files; they are named by no login, so they neither judge nor publish.
OPERATOR_MAY = frozenset(kind for kind, roles in MAY.items() if "admin" in roles)


def may(person: Person, kind: str) -> bool:
    """Whether this person may save this kind of event now. kind: RULING for a verdict that decides between others."""
    return person.is_active and not set(person.roles).isdisjoint(MAY.get(kind, ()))


def refuse_unless_may(event: NewEvent, person: Person | None) -> None:
    """Raises: Refused where the actor of the event may not save it. person: who that is, as the records say now.

    Nobody changes what they themselves may do.
    """
    kind = RULING if event.kind == VERDICT and event.payload.get("verdict", {}).get("adjudicates") else event.kind
    if event.actor in (WORKBENCH, OPERATOR):
        _refuse_unlisted(kind, SOFTWARE_MAY if event.actor == WORKBENCH else OPERATOR_MAY)
        return
    name = event.actor.display_name
    if person is None or person.who != event.actor:
        raise Refused(
            f"{name} is not among the people of this workspace.",
            hint=f"Log in; an admin adds people. {_KEPT}",
            code="not_logged_in",
        )
    if person.disabled is not None:
        raise Refused(f"{name} was disabled: {person.disabled}", hint=f"Ask an admin. {_KEPT}", code="disabled")
    if not may(person, kind):
        needed = " or ".join(MAY.get(kind, ())) or "nobody"
        raise Refused(
            f"{name} may not do this: it takes the role {needed}, and theirs is {_listed(person.roles)}.",
            hint=f"Ask an admin. {_KEPT}",
            code="role",
        )
    if event.subject_kind == "person" and event.subject_id == person.id:
        raise Refused("Nobody changes what they themselves may do.", hint="Ask another admin.", code="role")


_KEPT = "Nothing was saved; what you wrote is kept as a draft."


def _refuse_unlisted(kind: str, allowed: frozenset[str]) -> None:
    if kind not in allowed:
        raise Refused(
            "In team mode this takes somebody who is logged in; the command line is nobody by name.",
            hint="Do it on the pages.",
            code="who",
        )


def _listed(roles: Sequence[Role]) -> str:
    return " and ".join(roles) or "none"
