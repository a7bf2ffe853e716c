"""In team mode every save is somebody's who may: asked of the records, in the transaction, by a table that denies the rest."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.conftest import ANA, CHECKOUT, FakeEncoder, make_claim
from tests.test_cli import Run, run
from workbench import api, roles
from workbench.desk import Desk
from workbench.errors import Refused, TokenReused, UnknownId
from workbench.history import CLAUSES
from workbench.models import OPERATOR, WORKBENCH, Mark, Person, Reviewer, Role, VerdictRequest
from workbench.review import disputed
from workbench.review.blind import NEUTRAL

__all__ = ["run"]  # a fixture

ISSUER = "https://login.example.org"


@pytest.fixture
def team(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """The desk of a team, with one claim, near the command line; nobody is in it yet."""
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(home))
    (home / "workbench.toml").write_text(
        'name = "Team desk"\nmode = "team"\n[review]\nreviews = 2\n[review.policy]\ndecisive_needs_citation = false\n',
        encoding="utf-8",
    )
    with Desk.open(home, encoder=FakeEncoder) as opened:
        opened.add_claim(make_claim("c"), actor=OPERATOR)
        yield opened


def join(desk: Desk, name: str, *given: Role, subject: str = "") -> Person:
    return desk.people.add(ISSUER, subject or f"sub-{name}", name=name, roles=given or ("reviewer",))


def asked(who: Reviewer, **fields: object) -> VerdictRequest:
    said = {
        "claim_id": "c",
        "rating": "not-enough-evidence",
        "rationale": "Nothing was found.",
        "reviewer": who,
        "token": "t-1",
    }
    return VerdictRequest.model_validate({**said, **fields})


def saved(desk: Desk) -> int:
    return desk.ledger.head()[0]


# --- who may save -------------------------------------------------------------------------------------------------------


def test_a_reviewer_of_the_team_records_a_verdict_under_issuer_and_subject(team: Desk) -> None:
    bo = join(team, "Bo")

    stored = team.record(asked(bo.who))

    assert (stored.reviewer.issuer, stored.reviewer.subject, stored.reviewer.display_name) == (ISSUER, "sub-Bo", "Bo")


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (ANA, "not_logged_in"),  # a name somebody typed
        (Reviewer(issuer=ISSUER, subject="sub-Eve", display_name="Bo"), "not_logged_in"),  # the same name, another account
        (Reviewer(issuer="https://evil.example", subject="sub-Bo", display_name="Bo"), "not_logged_in"),  # another issuer
        (Reviewer(issuer=ISSUER, subject="sub-Bo", display_name="Ana"), "not_logged_in"),  # one's own account, another's name
        (OPERATOR, "who"),
        (WORKBENCH, "who"),
    ],
    ids=["self-declared", "other-subject", "other-issuer", "other-name", "command-line", "software"],
)
def test_nobody_else_records_a_verdict(team: Desk, who: Reviewer, code: str) -> None:
    join(team, "Bo")

    with pytest.raises(Refused) as refused:
        team.record(asked(who))

    assert (refused.value.code, team.case("c").verdicts) == (code, ())


@pytest.mark.parametrize("given", [("viewer",), ("adjudicator",), ("admin",), ("viewer", "admin")], ids="-".join)
def test_only_the_role_of_a_reviewer_gives_verdicts(team: Desk, given: tuple[Role, ...]) -> None:
    with pytest.raises(Refused, match="it takes the role reviewer"):
        team.record(asked(join(team, "Bo", *given).who))


def test_a_lowered_role_holds_from_the_next_save_on_and_the_draft_is_kept(team: Desk) -> None:
    bo = join(team, "Bo")
    draft = team.save_draft(team.draft("c", bo.who).model_copy(update={"rationale": "A long evening's work."}))
    team.people.give_roles(bo, ("viewer",))

    with pytest.raises(Refused) as refused:
        team.record(asked(bo.who, token=draft.token))

    assert refused.value.code == "role"
    assert "theirs is viewer" in refused.value.message
    assert team.draft("c", bo.who).rationale == "A long evening's work."


def test_somebody_disabled_saves_nothing_more_and_is_told_why(team: Desk) -> None:
    bo = join(team, "Bo")
    team.people.disable(bo, "Left the desk.")

    with pytest.raises(Refused, match=r"Bo was disabled: Left the desk\.") as refused:
        team.mark("c", bo.who, Mark(passage_id=f"{'ab' * 8}-0-4", judgement="not-relevant"))
    team.people.enable(bo)
    team.record(asked(bo.who))

    assert refused.value.code == "disabled"


def test_settling_takes_an_adjudicator_who_gives_no_other_verdict(team: Desk) -> None:
    ana, bo, chen = join(team, "Ana"), join(team, "Bo"), join(team, "Chen", "adjudicator")
    for who, rating in ((ana.who, "refuted"), (bo.who, "supported")):
        team.record(asked(who, rating=rating, token=f"t-{who.display_name}"))
    between = tuple(one.hash for one in disputed(team.case("c").verdicts, chen.who))

    with pytest.raises(Refused, match="takes the role reviewer"):
        team.record(asked(chen.who))
    with pytest.raises(Refused, match="takes the role adjudicator"):
        team.record(asked(join(team, "Dee").who, rating="refuted", adjudicates=between))
    settled = team.record(asked(chen.who, rating="refuted", adjudicates=between))

    assert (team.case("c").counting, settled.reviewer) == (settled, chen.who)


def test_a_token_replayed_by_another_person_is_refused_and_tells_nothing(team: Desk) -> None:
    ana, eve = join(team, "Ana"), join(team, "Eve")
    team.record(asked(ana.who))

    with pytest.raises(TokenReused):
        team.record(asked(eve.who))

    assert [one.reviewer for one in team.case("c").verdicts] == [ana.who]


def test_two_people_of_one_address_are_two_and_none_takes_anothers_name(team: Desk) -> None:
    first = team.people.add(ISSUER, "1", name="Ana", roles=["reviewer"], email="ana@example.org")
    second = team.people.add(ISSUER, "2", name="Ana B.", roles=["reviewer"], email="ana@example.org")
    with pytest.raises(Refused, match="Somebody is called Ana already"):
        team.people.add("https://other.example", "1", name=" ana ", roles=["reviewer"])
    team.record(asked(first.who))

    team.record(asked(second.who, token="t-2"))

    assert [one.reviewer.subject for one in team.case("c").verdicts] == ["1", "2"]
    with pytest.raises(UnknownId, match="2 people are called"):
        team.people.find("ana@example.org")


def test_bulk_intake_goes_through_the_same_door(team: Desk) -> None:
    viewer = join(team, "Vi", "viewer")
    before = saved(team)

    with pytest.raises(Refused, match="takes the role"):
        team.add_claim(make_claim("d"), actor=viewer.who)
    with pytest.raises(Refused, match="takes the role"):
        team.ledger.append_many(iter([team.cases.event("c", "claim-retired", {}, actor=viewer.who)]))
    with pytest.raises(Refused, match="takes the role"):
        team.assignments.assign(["c"], [viewer.who], actor=viewer.who)

    assert saved(team) == before
    assert not (team.workspace.claims / "d.yaml").exists()


def test_a_viewer_cannot_have_a_file_copied_into_the_evidence(team: Desk, tmp_path: Path) -> None:
    file = tmp_path / "planted.txt"
    file.write_text("The election was clean.", encoding="utf-8")

    with pytest.raises(Refused, match="takes the role"):
        team.add_evidence([file], actor=join(team, "Vi", "viewer").who)

    assert list(team.workspace.evidence.iterdir()) == []


# --- who changes who may ------------------------------------------------------------------------------------------------


def test_an_admin_gives_roles_but_none_to_themselves(team: Desk) -> None:
    chief, bo = join(team, "Chief", "admin"), join(team, "Bo", "viewer")

    raised = team.people.give_roles(bo, ["reviewer"], actor=chief.who)

    assert raised.roles == ("reviewer",)
    with pytest.raises(Refused, match="Nobody changes what they themselves may do"):
        team.people.give_roles(chief, ["admin", "reviewer"], actor=chief.who)
    with pytest.raises(Refused, match="takes the role admin"):
        team.people.give_roles(chief, ["viewer"], actor=raised.who)


def test_what_was_done_to_somebody_stays_in_the_records_and_their_name_is_sealed(team: Desk) -> None:
    bo = join(team, "Bo", "reviewer")
    team.people.give_roles(bo, ["viewer"])
    team.people.disable(bo, "Left.")

    events = team.ledger.sealed("person", bo.id)
    told = json.dumps([one.record for one in events])

    assert [one.record["kind"] for one in events] == ["person-added", "person-changed", "person-disabled"]
    assert "sub-Bo" not in told
    assert '"roles": ["viewer"]' in told
    assert team.ledger.verify() == []


@pytest.mark.parametrize(
    ("issuer", "given", "code"),
    [
        ("self-declared", ["admin"], "bad_issuer"),
        ("workbench", ["admin"], "bad_issuer"),
        (ISSUER, [], "unknown_role"),
        (ISSUER, ["owner"], "unknown_role"),
    ],
)
def test_nobody_is_added_under_what_no_provider_can_give_or_without_a_role(
    team: Desk, issuer: str, given: list[Role], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        team.people.add(issuer, "operator", name="Eve", roles=given)

    assert refused.value.code == code


# --- the table ----------------------------------------------------------------------------------------------------------


# of the floors that store events: what finds, reads, shows or measures has none
STORING = [
    *(CHECKOUT / "workbench").glob("*.py"),
    *(
        path
        for name in ("review", "queue", "desk", "protection", "purge")
        for path in (CHECKOUT / "workbench" / name).glob("*.py")
    ),
]


@cache
def kinds_of_events() -> frozenset[str]:
    """Every kind of event this code stores or reads, as it stands in the source: what a new one is found by."""
    found = set(CLAUSES) | NEUTRAL
    for path in STORING:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                told = [one.value for one in node.keywords if one.arg == "kind"] if name == "NewEvent" else []
                told += node.args if name in {"event", "_event", "_append", "append", "_saved"} else []
                found |= {kind for one in told if (kind := text_of(one)) and is_kind(kind)}
            if isinstance(node, ast.MatchValue) and (kind := text_of(node.value)) and is_kind(kind):
                found.add(kind)
    return frozenset(found)


def text_of(node: ast.expr) -> str:
    """The text that stands there; empty where none does."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def is_kind(value: str) -> bool:
    """Whether it is a kind of event: all of them are two words or more, and no field, rating or status is one."""
    return re.fullmatch(r"[a-z]+(-[a-z]+)+", value) is not None and value not in NO_KINDS


NO_KINDS = {"needs-review", "not-relevant", "look-again", "party-to-the-dispute", "not-before", "not-after"}


def test_every_kind_of_event_is_somebodys_to_save() -> None:
    unlisted = kinds_of_events() - set(roles.MAY) - roles.SOFTWARE_MAY

    assert unlisted == set()
    assert len(kinds_of_events()) > 45


def test_a_kind_of_event_nobody_listed_is_refused_whoever_saves_it(team: Desk) -> None:
    everything = join(team, "Zoe", *roles.ROLES)

    for who in (everything.who, OPERATOR, WORKBENCH):
        with pytest.raises(Refused):
            team.ledger.append(team.cases.event("c", "claim-blessed", {}, actor=who))


def test_a_viewer_may_save_nothing_at_all() -> None:
    viewer = Person(id="1", who=Reviewer(issuer=ISSUER, subject="v", display_name="Vi"), roles=("viewer",))

    assert [kind for kind in roles.MAY if roles.may(viewer, kind)] == []


def test_the_command_line_neither_judges_nor_publishes_nor_speaks() -> None:
    spoken = {"verdict-recorded", "verdict-voided", "hit-marked", "ruling", "verdict-published", "signed-off", "comment-made"}

    assert not spoken & roles.OPERATOR_MAY
    assert {"person-added", "source-added", "claim-added"} <= roles.OPERATOR_MAY


# --- the command line ---------------------------------------------------------------------------------------------------

RECORD = ["verdict", "record", "c", "--rating", "not-enough-evidence", "--rationale", "Why", "--reviewer", "Bo"]


@pytest.mark.parametrize(
    "arguments",
    [
        RECORD,
        ["verdict", "void", "c", "--reviewer", "Bo", "--reason", "x"],
        ["comment", "add", "c", "--text", "x", "--reviewer", "Bo"],
    ],
    ids=["record", "void", "comment"],
)
def test_no_command_takes_a_name_for_a_login(team: Desk, run: Run, arguments: list[str]) -> None:
    before = saved(team)

    code, out, _ = run(*arguments, "--json")

    assert (code, json.loads(out)["error"]["code"]) == (2, "reviewer_refused")
    assert saved(team) == before


def test_people_come_and_go_by_the_command_line(team: Desk, run: Run) -> None:
    new = ["--issuer", ISSUER, "--subject", "s-1", "--name", "Ana Ito", "--role", "admin"]
    added = json.loads(run("people", "add", *new, "--json")[1])
    run("people", "roles", "Ana Ito", "--role", "viewer", "--role", "reviewer")
    run("people", "disable", added["id"][:12], "--reason", "On leave.")
    listed = json.loads(run("people", "list", "--json")[1])["people"]

    assert [(one["name"], one["roles"], one["disabled"]) for one in listed] == [
        ("Ana Ito", ["viewer", "reviewer"], "On leave.")
    ]
    assert run("people", "enable", "s-1")[0] == 0
    assert "unknown_person" in run("people", "roles", "nobody", "--role", "viewer", "--json")[1]


# --- tokens of programs -------------------------------------------------------------------------------------------------


def test_a_token_is_shown_once_kept_as_a_hash_and_opens_nothing_once_it_is_revoked(team: Desk) -> None:
    vi = join(team, "Vi", "viewer")
    made, shown = team.people.make_token(vi)
    secret = shown.split("_", 2)[2]

    opened = team.people.with_token(shown)
    team.people.revoke_token(made.token_id)

    assert opened is not None
    assert opened.who == vi.who
    assert team.people.with_token(shown) is None
    assert secret.encode() not in team.workspace.ledger.read_bytes()


def test_a_token_of_somebody_disabled_or_one_that_was_guessed_opens_nothing(team: Desk) -> None:
    vi = join(team, "Vi", "viewer")
    made, shown = team.people.make_token(vi)
    team.people.disable(vi, "Left.")

    assert team.people.with_token(shown) is None
    for guess in ("", "wbt", f"wbt_{made.token_id}_", f"wbt_{made.token_id}_{made.hash}", f"WBT{shown[3:]}", shown[:-1]):
        assert team.people.with_token(guess) is None


def test_routes_of_a_team_answer_whoever_shows_a_token_and_nobody_else(team: Desk) -> None:
    client = TestClient(Starlette(routes=api.routes(lambda: team)), base_url="https://desk.example.org")
    made, shown = team.people.make_token(join(team, "Vi", "viewer"))
    token = {"authorization": f"Bearer {shown}"}

    without = client.get("/api/v1/claims", headers={"cookie": "_streamlit_user=anything"})
    with_token = client.get("/api/v1/claims", headers=token).status_code
    team.people.revoke_token(made.token_id)

    assert (without.status_code, without.headers["www-authenticate"]) == (401, "Bearer")
    assert with_token == 200
    assert client.get("/feeds/verdicts.atom", headers=token).status_code == 401
