from __future__ import annotations

from starlette.applications import Starlette
from starlette.testclient import TestClient

from workbench import api
from workbench.desk import Desk
from workbench.errors import LedgerError, WorkspaceError

VOTE = "The General Assembly adopted the resolution by 119 votes to 1."


def test_healthz_says_503_with_the_reason_until_a_search_can_run(desk: Desk) -> None:
    client = TestClient(Starlette(routes=api.routes(lambda: desk), middleware=api.MIDDLEWARE))
    (desk.workspace.evidence / "vote.txt").write_text(VOTE, encoding="utf-8")

    before = client.get("/healthz")
    desk.sync_evidence()
    desk.readiness.warm_up()
    after = client.get("/healthz")

    assert (before.status_code, before.json()["ready"]) == (503, False)
    assert before.json()["why"]
    assert (after.status_code, after.json()) == (200, {"ready": True})


def test_healthz_tells_why_the_workspace_cannot_be_opened() -> None:
    def broken() -> Desk:
        raise WorkspaceError("The workspace /x cannot be written.", hint="Check its permissions.")

    answer = TestClient(Starlette(routes=api.routes(broken))).get("/healthz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "why": "The workspace /x cannot be written. Check its permissions."}


def test_strangers_are_not_told_where_the_records_lie() -> None:
    def away() -> Desk:
        raise LedgerError(
            "postgresql://workbench@db.internal/x cannot be reached.", hint="Start it.", code="ledger_unreachable"
        )

    client = TestClient(Starlette(routes=api.routes(away)))
    answers = [client.get(path) for path in ("/healthz", "/api/v1/claims", "/feeds/verdicts.atom")]

    assert {one.status_code for one in answers} == {503}
    assert all("ledger_unreachable" in one.text and "db.internal" not in one.text for one in answers)


def test_every_answer_forbids_pictures_and_scripts_from_elsewhere(desk: Desk) -> None:
    client = TestClient(Starlette(routes=api.routes(lambda: desk), middleware=api.MIDDLEWARE))

    policy = client.get("/healthz").headers["content-security-policy"]

    assert "img-src 'self' data:;" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe-inline" not in scripts
    assert "'unsafe-eval'" not in scripts
