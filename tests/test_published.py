"""Routes and feeds: what is published leaves by them, and nothing else does."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator

import jsonschema
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.conftest import ANA, make_claim
from workbench import api
from workbench.desk import Desk, new_token
from workbench.models import Change, Cite, Draft, SourceMeta, VerdictRequest

ATOM = "{http://www.w3.org/2005/Atom}"
CANARY = "canary-9f3a"
URL = "https://check.example.org/fraud"
VOTE = "The General Assembly adopted the resolution by 119 votes to 1, with 36 abstentions."
EVERY_ROUTE = (
    "/api/v1/claims",
    "/api/v1/search?q=resolution",
    "/feeds/claimreview.json",
    "/feeds/verdicts.atom",
    "/feeds/corrections.atom",
    "/feeds/corrections.html",
)


@pytest.fixture
def client(desk: Desk) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=api.routes(lambda: desk)), base_url="http://127.0.0.1") as client:
        yield client


def take_in(desk: Desk, name: str, text: str, **meta: str) -> str:
    """Takes a file in; gives back the id of its first passage."""
    path = desk.workspace.root.parent / name
    path.write_text(text, encoding="utf-8")
    report = desk.add_evidence([path], meta=SourceMeta.model_validate(meta))
    return desk.passages(report.added[0].source_id)[0].passage_id


def decide(desk: Desk, claim_id: str, *, passage: str | None = None, words: str = "", **said: str) -> None:
    """A verdict on a new claim whose working rationale holds the canary."""
    desk.add_claim(make_claim(claim_id, f"The vote was rigged in {claim_id}. {words}".strip()), actor=ANA)
    desk.record(
        VerdictRequest(
            claim_id=claim_id,
            rating="refuted" if passage else "not-enough-evidence",
            ground=None if passage else "claimant-gave-no-evidence",
            rationale=f"{CANARY} a colleague told me",
            cites=(Cite(passage_id=passage, stance="refutes"),) if passage else (),
            reviewer=ANA,
            token=new_token(),
            **said,
        )
    )


def test_a_published_verdict_is_in_every_route_and_feed(desk: Desk, client: TestClient) -> None:
    decide(
        desk, "one", passage=take_in(desk, "vote.txt", VOTE), headline="No <b>fraud</b> found", explanation="The vote was open."
    )
    desk.publish("one", URL, actor=ANA)

    listed = client.get("/api/v1/claims").json()
    shown = client.get("/api/v1/claims/one").json()
    feed = ET.fromstring(client.get("/feeds/verdicts.atom").content)

    assert (listed["total"], listed["claims"][0]["verdict_words"]) == (1, "Refuted")
    assert shown["claim"]["citations"][0]["quote"] == VOTE
    assert shown["claimreview"]["reviewRating"]["alternateName"] == "Refuted"
    [entry] = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "No <b>fraud</b> found"
    assert entry.find(f"{ATOM}link").attrib["href"] == URL  # type: ignore[union-attr]


def test_the_feed_of_markup_holds_no_drafts(desk: Desk, client: TestClient) -> None:
    decide(desk, "one")
    desk.publish("one", URL, actor=ANA)  # the workspace names no organisation: rules CR6 and CR8 are broken

    feed = client.get("/feeds/claimreview.json").json()

    assert (feed["@type"], feed["dataFeedElement"]) == ("DataFeed", [])


def test_nothing_that_is_not_published_leaves(desk: Desk, client: TestClient) -> None:
    passage = take_in(desk, "vote.txt", VOTE)
    take_in(desk, "informant.txt", f"The informant {CANARY} saw the resolution.", access="confidential")
    take_in(desk, "memo.txt", f"The memo {CANARY} is about the resolution.", access="internal")
    decide(desk, "settled", passage=passage, words=CANARY)
    decide(desk, "voided", passage=passage, words=CANARY)
    desk.void("voided", ANA, reason=CANARY)
    decide(desk, "taken-back")
    desk.publish("taken-back", URL, actor=ANA)
    desk.publishing.retract("taken-back", "It was a joke.", actor=ANA)
    desk.add_claim(make_claim("begun", f"The vote {CANARY} was rigged."), actor=ANA)
    draft = desk.draft("begun", ANA)
    desk.save_draft(Draft.model_validate({**draft.model_dump(), "rationale": CANARY}))

    for path in (*EVERY_ROUTE, *(f"/api/v1/claims/{one}" for one in ("settled", "voided", "taken-back", "begun"))):
        answer = client.get(path)
        assert CANARY not in answer.text, path
        assert answer.status_code == (404 if path.count("/") == 4 else 200), path
    assert client.get("/api/v1/claims").json()["total"] == 0
    assert client.get("/api/v1/search?q=resolution").json()["hits"]  # the public file is found


def test_the_working_rationale_of_a_published_verdict_stays_here(desk: Desk, client: TestClient) -> None:
    decide(desk, "one")
    desk.publish("one", URL, actor=ANA)

    assert all(CANARY not in client.get(path).text for path in (*EVERY_ROUTE, "/api/v1/claims/one"))


def test_a_name_pointed_at_this_machine_is_not_answered(desk: Desk, client: TestClient) -> None:
    answers = [client.get(path, headers={"host": "evil.example:8501"}) for path in EVERY_ROUTE]

    assert [one.status_code for one in answers] == [403] * len(EVERY_ROUTE)
    assert answers[0].json()["error"]["code"] == "not_loopback"


@pytest.mark.parametrize(
    ("query", "named"),
    [("limit=0", "limit"), ("offset=-1", "offset"), ("limit=1e9", "limit"), (f"offset={'9' * 40}", "offset")],
)
def test_a_number_out_of_bounds_is_said(client: TestClient, query: str, named: str) -> None:
    answer = client.get(f"/api/v1/claims?{query}")

    assert (answer.status_code, answer.json()["error"]["message"].split()[0]) == (400, named)


@pytest.mark.parametrize("query", ["", "q=", "q=%20", "q=x&mode=guess", "q=x&k=0"])
def test_a_search_that_cannot_be_run_is_said(client: TestClient, query: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")

    assert answer.status_code == 400
    assert answer.json()["error"]["hint"]


def test_who_has_a_feed_already_is_not_sent_it_again_until_it_changes(desk: Desk, client: TestClient) -> None:
    decide(desk, "one")
    desk.publish("one", URL, actor=ANA)
    tag = client.get("/feeds/verdicts.atom").headers["etag"]

    unchanged = client.get("/feeds/verdicts.atom", headers={"if-none-match": tag})
    decide(desk, "two")
    desk.publish("two", f"{URL}-2", actor=ANA)
    changed = client.get("/feeds/verdicts.atom", headers={"if-none-match": tag})

    assert (unchanged.status_code, unchanged.content, changed.status_code) == (304, b"", 200)


def test_a_feed_stays_well_formed_whatever_a_claim_says(desk: Desk, client: TestClient) -> None:
    words = "]]><script>\x01\x1b\ufffe & \U0001f642"
    decide(desk, "one", headline=words)
    desk.publish("one", f"{URL}?a=1&b=%22", actor=ANA)

    feed = ET.fromstring(client.get("/feeds/verdicts.atom").content)

    assert feed.findtext(f"{ATOM}entry/{ATOM}title") == "]]><script>\ufffd\ufffd\ufffd & \U0001f642"


def test_the_description_names_every_route_and_every_answer_is_as_it_says(desk: Desk, client: TestClient) -> None:
    decide(desk, "one", passage=take_in(desk, "vote.txt", VOTE))
    desk.publish("one", URL, actor=ANA)
    described = client.get("/api/v1/openapi.json").json()

    assert set(described["paths"]) == {route.path for route in api.routes(lambda: desk)}
    answers = {"/api/v1/claims": "/api/v1/claims", "/api/v1/claims/{claim_id}": "/api/v1/claims/one"}
    for path, asked in (answers | {"/api/v1/search": "/api/v1/search?q=resolution"}).items():
        content = described["paths"][path]["get"]["responses"]["200"]["content"]
        schema = content["application/json"]["schema"] | {"components": described["components"]}
        jsonschema.validate(client.get(asked).json(), schema)


def test_the_routes_only_read(client: TestClient) -> None:
    assert {client.request(how, "/api/v1/claims").status_code for how in ("POST", "PUT", "DELETE", "PATCH")} == {405}


def test_a_correction_is_told_once_it_is_published_and_not_before(desk: Desk, client: TestClient) -> None:
    decide(desk, "one")
    desk.publish("one", URL, actor=ANA)
    verdict = desk.case("one").counting
    assert verdict is not None
    request = VerdictRequest(
        claim_id="one",
        rating="not-enough-evidence",
        ground="cannot-be-known",
        rationale=CANARY,
        change=Change(kind="correction", note="The <ground> was wrong."),
        reviewer=ANA,
        token=new_token(),
    )

    desk.record(request)
    before = client.get("/feeds/corrections.atom")
    desk.publish("one", URL, actor=ANA)
    after = ET.fromstring(client.get("/feeds/corrections.atom").content)
    page = client.get("/feeds/corrections.html").text

    assert "ground" not in before.text
    [entry] = after.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Correction: The vote was rigged in one."
    assert entry.findtext(f"{ATOM}summary") == "The <ground> was wrong."
    assert "The &lt;ground&gt; was wrong." in page
    assert CANARY not in page


def test_a_page_of_claims_is_the_newest_after_those_left_out(desk: Desk, client: TestClient) -> None:
    for name in ("first", "second", "third"):
        decide(desk, name)
        desk.publish(name, f"{URL}-{name}", actor=ANA)

    answer = client.get("/api/v1/claims?offset=1&limit=1").json()

    assert ([one["id"] for one in answer["claims"]], answer["total"], answer["offset"]) == (["second"], 3, 1)
