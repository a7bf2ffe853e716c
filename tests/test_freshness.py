"""Verdicts that know when what they rest on has changed: every citation intact, moved, changed or gone."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, BO, FakeEncoder, make_claim
from tests.test_catalog import make_source
from workbench.cli.fresh import fresh, verdict_stands
from workbench.desk import Desk
from workbench.errors import Refused
from workbench.freshness import Held, look_again
from workbench.models import Citation, Cite, Found, VerdictRequest, sha256_hex
from workbench.ui import session
from workbench.ui.app import MAIN_PAGE

COUNT = "The count of the votes in the north was fair, the observers said."
FILE = f"They came on Sunday.\n{COUNT}\nThey left on Monday, after the last of the stations had closed.\n"
OTHER = sha256_hex("other bytes")


def cited(text: str, quote: str = COUNT, path: str = "evidence/un.txt") -> Citation:
    """A citation of words of a text, as the workbench makes one."""
    start = text.index(quote)
    end = start + len(quote)
    return Citation(
        source_id=sha256_hex(f"bytes of {text}"),
        text_sha256=sha256_hex(text),
        start=start,
        end=end,
        quote=quote,
        before=text[max(0, start - 32) : start],
        after=text[end : end + 32],
        stance="supports",
        path=path,
    )


def now(text: str, citation: Citation | None = None) -> Found:
    """What became of the citation where this text stands in its place."""
    return look_again(citation or cited(FILE), Held(texts=((OTHER, text),), is_there=True))


@pytest.mark.parametrize(
    ("text", "state"),
    [
        pytest.param(FILE.replace("Sunday", "Friday"), "moved", id="only one edge changed"),
        pytest.param(f"A title.\n{FILE}A last line.", "moved", id="added before and after"),
        pytest.param(FILE.replace("\n", "\r\n  "), "moved", id="broken into other lines"),
        pytest.param(FILE.replace("fair", "unfair"), "changed", id="a word of it changed"),
        pytest.param(FILE.replace("fair,", "“fair”,"), "changed", id="marks put round a word"),
        pytest.param(FILE.replace("north", "NORTH"), "changed", id="letters in another case"),
        pytest.param(FILE.replace("Sunday", "Friday").replace("Monday", "Friday"), "changed", id="both edges changed"),
        pytest.param(f"Elsewhere: {COUNT} Others disagreed. {COUNT} And again.", "changed", id="look-alikes in other places"),
        pytest.param(FILE + FILE, "changed", id="the whole of it twice"),
        pytest.param("The price of rice rose.", "changed", id="another text"),
        pytest.param("", "changed", id="nothing"),
    ],
)
def test_words_are_found_again_only_where_their_place_is_certain(text: str, state: str) -> None:
    assert now(text).state == state


def test_an_edit_inside_shows_what_stands_there_now_between_the_edges() -> None:
    edited = "The count of the votes in the south was neither free nor fair, the observers say."

    found = now(FILE.replace(COUNT, edited))

    assert (found.state, found.now) == ("changed", edited)


def test_a_sentence_that_is_gone_is_not_taken_for_the_nearest_one() -> None:
    found = now(FILE.replace(COUNT + "\n", "The weather held, and the roads were open.\n"))

    assert found.state == "changed"
    assert COUNT not in (found.now or "")


def test_letters_composed_otherwise_and_very_long_texts_with_the_same_words_are_no_change() -> None:
    text = "Le président Ñuñez a été élu à Cảnh Dương hier. Puis il est parti."
    decomposed = "Autre titre. " + text.replace("é", "e\u0301").replace("Ñ", "N\u0303")

    assert now(decomposed, cited(text, "Ñuñez a été élu")).state == "moved"
    assert now("a b " * 200_000 + text, cited(text, "Ñuñez a été élu")).state == "moved"


WORDS = st.lists(st.sampled_from(["the", "count", "of", "votes", "was", "fair", "fraud", "119", "1"]), min_size=1, max_size=12)


@given(WORDS, WORDS, WORDS, st.data())
def test_wherever_words_are_said_to_stand_they_do_and_nowhere_else(
    before: list[str], words: list[str], after: list[str], data: st.DataObject
) -> None:
    text, quote = " ".join([*before, *words, *after]), " ".join(words)
    edited = text.split()
    at = data.draw(st.integers(0, len(edited) - 1))
    edited[at : at + 1] = data.draw(st.sampled_from([[], ["not"], [edited[at], "again"], [edited[at].upper()]]))
    held = " ".join(edited)
    start = len(" ".join(before)) + 1
    whole = cited(text, text).model_copy(
        update={
            "start": start,
            "end": start + len(quote),
            "quote": quote,
            "before": text[max(0, start - 32) : start],
            "after": text[start + len(quote) : start + len(quote) + 32],
        }
    )

    found = look_again(whole, Held(texts=((OTHER, held),), is_there=True))

    if found.state == "moved":
        assert found.span is not None
        assert held[found.span.start : found.span.end] == quote
        context = held.count(whole.before + quote + whole.after)
        edges = (whole.before + quote in held) or (quote + whole.after in held)
        assert held == text or context == 1 or (held.count(quote) == 1 and edges)


# --- with files ----------------------------------------------------------------------------------------------------

TOWNS = ["Mandalay", "Sagaing", "Magway", "Bago", "Yangon", "Mon", "Kayin", "Kayah", "Chin", "Kachin", "Shan", "Rakhine"]
CHANGES = {
    "inside": "changed",
    "elsewhere": "moved",
    "before and after": "moved",
    "delete": "gone",
    "rename": "intact",
    "re-encode": "moved",
    "nothing": "intact",
    "unreadable": "changed",
    "copy and delete": "intact",
    "other words": "changed",
}


def report(town: str, seed: random.Random) -> str:
    filler = [f"Station {seed.randint(1, 900)} in {town} opened at {seed.randint(5, 9)} in the morning." for _ in range(40)]
    filler[20] = f"In {town} the observers counted {seed.randint(1_000, 9_000)} votes, and the count was “fair”."
    return "\n".join(filler) + "\n"


def change(path: Path, how: str, quote: str) -> None:
    """Do to a file of evidence/ what people do."""
    text = path.read_text(encoding="utf-8")
    match how:
        case "inside":
            path.write_text(text.replace("the count was", "the count was not"), encoding="utf-8")
        case "elsewhere":
            lines = text.splitlines()
            path.write_text("\n".join(["A correction was made.", *lines[:30], *lines[32:]]), encoding="utf-8")
        case "before and after":
            path.write_text(f"Title\n\n{text}\nPrinted twice.", encoding="utf-8")
        case "delete":
            path.unlink()
        case "rename":
            path.rename(path.with_name(f"renamed-{path.name}"))
        case "re-encode":
            path.write_bytes(text.replace("\n", "\r\n").encode("utf-16"))
        case "unreadable":
            path.write_bytes(b"")
        case "copy and delete":
            path.with_name(f"copy-{path.name}").write_bytes(path.read_bytes())
            path.unlink()
        case "other words":
            path.write_text("Nothing of what was here before.", encoding="utf-8")


def record(desk: Desk, claim_id: str, passage_id: str, **fields: object) -> None:
    claim = {"claim_id": claim_id, "rating": "supported", "rationale": "Read.", "reviewer": ANA, "token": claim_id}
    request = VerdictRequest.model_validate({**claim, "cites": (Cite(passage_id=passage_id, stance="supports"),), **fields})
    desk.record(request)


def test_whatever_is_done_to_files_every_citation_is_in_its_right_state_and_back_again(desk: Desk) -> None:
    chance = random.Random(1)
    evidence = desk.workspace.evidence
    plan = dict(zip(TOWNS, chance.sample([*CHANGES, "inside", "elsewhere"], len(TOWNS)), strict=True))
    for town in TOWNS:
        (evidence / f"{town}.txt").write_text(report(town, chance), encoding="utf-8")
    desk.sync_evidence()
    for town in TOWNS:
        source_id = desk.evidence.at(f"evidence/{town}.txt")[0]
        desk.add_claim(make_claim(town.lower(), f"The count in {town} was fair."), actor=ANA)
        counted = next(one for one in desk.passages(source_id) if "the count was" in one.text)
        record(desk, town.lower(), counted.passage_id)
    originals = {path: path.read_bytes() for path in evidence.iterdir()}
    assert {one.state for one in desk.freshness.lines()} == {"intact"}

    for town, how in plan.items():
        change(evidence / f"{town}.txt", how, town)
    desk.sync_evidence()

    assert {one.claim_id: one.state for one in desk.freshness.lines()} == {
        town.lower(): CHANGES[how] for town, how in plan.items()
    }
    stale = {town.lower() for town, how in plan.items() if CHANGES[how] in ("changed", "gone")}
    assert {case.claim.id for case in desk.claims(status="recheck")} == stale == set(desk.freshness.waiting().stale)
    assert desk.status()["stale_verdicts"] == len(stale)

    for path in evidence.iterdir():
        path.unlink()
    for path, data in originals.items():
        path.write_bytes(data)
    desk.sync_evidence()
    assert {one.state for one in desk.freshness.lines()} == {"intact"}
    assert desk.claims(status="recheck") == []


# --- what is recorded ----------------------------------------------------------------------------------------------


def put(desk: Desk, path: str, text: str) -> str:
    """A text at a path of the evidence, as an intake records it, in place of what was there."""
    source, passages = make_source(text, *text.splitlines())
    for other in desk.evidence.at(path):
        desk.evidence.append(other, "source-path-gone", {"path": path})
        desk.catalog.drop(other)
    stored = source.model_dump(mode="json", exclude={"text", "places"})
    payload = {"path": path, "source": stored, "characters": len(text), "replaces": None}
    desk.evidence.append(source.source_id, "source-added", payload)
    desk.catalog.put_all([(source, passages)])
    desk.catalog.build(FakeEncoder(), desk.settings)
    desk.freshness.renew()
    return passages[1].passage_id if len(passages) > 1 else passages[0].passage_id


@pytest.fixture
def decided(desk: Desk) -> Desk:
    """A desk with one decided claim, whose verdict cites the second line of a file."""
    desk.add_claim(make_claim(), actor=ANA)
    record(desk, "a-claim", put(desk, "evidence/un.txt", FILE))
    return desk


def test_what_became_of_a_citation_is_recorded_once_with_its_time(decided: Desk) -> None:
    put(decided, "evidence/un.txt", FILE.replace("fair", "unfair"))
    events = decided.case("a-claim").events
    decided.freshness.renew()
    put(decided, "evidence/un.txt", FILE.replace("fair", "unfair") + "One more line.")

    case = decided.case("a-claim")
    assert len(case.events) == len(events)
    assert case.status == "recheck"
    assert [(one.state, one.now) for one in case.stale] == [("changed", COUNT.replace("fair", "unfair"))]
    assert case.stale[0].at == events[-1].created_at


def test_a_verdict_is_as_it_was_however_its_evidence_changes(decided: Desk) -> None:
    before = decided.case("a-claim").verdicts

    put(decided, "evidence/un.txt", "A new first line.\n" + FILE)

    case = decided.case("a-claim")
    assert case.verdicts == before
    assert case.status == "settled"
    found = decided.freshness.found(case.verdicts[0].citations[0])
    assert (found.state, found.span and found.span.start) == ("moved", before[0].citations[0].start + 18)


def test_a_person_says_that_no_change_is_needed_and_is_asked_again_only_for_other_words(decided: Desk) -> None:
    passage_id = decided.case("a-claim").verdicts[0].citations[0].passage_id
    put(decided, "evidence/un.txt", FILE.replace("fair", "“fair”"))

    case = decided.freshness.confirm("a-claim", passage_id, BO, "Only quotation marks were added.")

    assert (case.status, case.stale) == ("settled", ())
    assert case.citation_states[0].confirmed is not None
    assert case.citation_states[0].confirmed.by == "Bo"
    put(decided, "evidence/un.txt", FILE.replace("fair", "“fair”") + "More.")
    assert decided.case("a-claim").status == "settled"
    put(decided, "evidence/un.txt", FILE.replace("fair", "unfair"))
    assert decided.case("a-claim").status == "recheck"


def test_only_what_is_stale_can_be_confirmed_and_with_a_reason(decided: Desk) -> None:
    passage_id = decided.case("a-claim").verdicts[0].citations[0].passage_id
    with pytest.raises(Refused, match="waits for a look"):
        decided.freshness.confirm("a-claim", passage_id, BO, "It stands.")
    put(decided, "evidence/un.txt", "Another text.")
    with pytest.raises(Refused, match="takes a reason"):
        decided.freshness.confirm("a-claim", passage_id, BO, " ")
    assert decided.case("a-claim").status == "recheck"


def test_a_source_that_a_person_took_out_is_gone_with_who_and_why(decided: Desk) -> None:
    cited_file = decided.case("a-claim").verdicts[0].citations[0]

    decided.remove_source(cited_file.source_id, actor=BO, reason="It is forged.")

    assert decided.case("a-claim").status == "recheck"
    found = decided.freshness.found(cited_file)
    assert found.state == "gone"
    assert found.note.startswith("Bo took the file out of the evidence on ")
    assert found.note.endswith(": It is forged.")


def test_the_same_bytes_read_anew_are_held_against_the_citation(decided: Desk) -> None:
    citation = decided.case("a-claim").verdicts[0].citations[0]
    source = decided.catalog.source(citation.source_id)
    assert source is not None
    for text, state in ((f"Page 1\n{FILE}", "moved"), (FILE.replace("fair", "fa1r"), "changed"), (source.text, "intact")):
        again = source.model_copy(update={"text": text, "text_sha256": sha256_hex(text)})
        decided.catalog.put(again, [])
        decided.evidence.read_again(again)
        decided.freshness.renew()

        assert decided.freshness.found(citation).state == state
        assert decided.case("a-claim").status == ("recheck" if state == "changed" else "settled")


def test_a_new_revision_that_cites_what_stands_there_now_ends_the_recheck(decided: Desk) -> None:
    passage_id = put(decided, "evidence/un.txt", FILE.replace("fair", "unfair"))
    assert decided.case("a-claim").status == "recheck"

    record(decided, "a-claim", passage_id, rating="refuted", token="second")

    assert decided.case("a-claim").status == "settled"
    assert decided.freshness.waiting().stale == ()


def test_the_command_tells_it_as_the_contract_says(decided: Desk, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    put(decided, "evidence/un.txt", FILE.replace("fair", "unfair"))
    citation = decided.case("a-claim").verdicts[0].citations[0]

    fresh(decided.workspace.root, as_json=True)

    told = json.loads(capsysbinary.readouterr().out)
    was = {"claim_id": "a-claim", "revision": 1, "sha256": citation.source_id, "path": "evidence/un.txt"}
    line = {**was, "state": "changed", "was": COUNT, "now": COUNT.replace("fair", "unfair")}
    assert told == {"citations": [line], "claims": [], "standing": []}


def test_the_command_says_that_a_verdict_stands(decided: Desk, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    put(decided, "evidence/un.txt", FILE.replace("fair", "“fair”"))
    citation = decided.case("a-claim").verdicts[0].citations[0]

    verdict_stands("a-claim", citation.passage_id, "Bo", "Only marks.", workspace=decided.workspace.root, as_json=True)

    told = json.loads(capsysbinary.readouterr().out)
    assert told == {"claim_id": "a-claim", "status": "settled", "waiting": []}


def test_a_text_that_changes_twice_before_it_is_compared_is_kept(desk: Desk) -> None:
    for text in ("One.", "Another.", "A third."):
        source, passages = make_source("the same bytes", text)
        desk.catalog.put(source, passages)

    assert [one.text for one in desk.passages(source.source_id)] == ["A third."]


def test_a_claim_that_was_reworded_after_its_verdict_is_listed(decided: Desk) -> None:
    decided.cases.add([], changed=[make_claim(statement="The election was stolen.")], actor=ANA)

    assert decided.freshness.reworded() == [("a-claim", 1)]
    assert decided.freshness.waiting().reworded == ("a-claim",)


# --- on the page ---------------------------------------------------------------------------------------------------


def test_check_shows_what_changed_word_by_word_and_takes_the_answer(decided: Desk) -> None:
    decided.encoder()
    put(decided, "evidence/un.txt", FILE.replace("fair", "<b>unfair</b>"))
    session.use_desk(decided)
    try:
        app = AppTest.from_file(MAIN_PAGE, default_timeout=30)
        app.session_state["reviewer"] = "Bo"
        app.switch_page("views/check.py")
        app.query_params["claim"] = "a-claim"
        page = " ".join(one.proto.body for one in app.run().get("html"))
        assert "0 of 1 citation intact; 1 changed since" in page
        assert "<del>fair,</del> <ins>&lt;b&gt;unfair&lt;/b&gt;,</ins>" in page

        passage_id = decided.case("a-claim").stale[0].passage_id
        app.text_area(key=f"stands-why-{passage_id}").set_value("A slip of the pen.").run()
        app.button(key=f"stands-record-{passage_id}").click().run()
        page = " ".join(one.proto.body for one in app.get("html"))
        assert "Bo holds that the verdict stands" in page
        assert decided.case("a-claim").status == "settled"
    finally:
        session.use_desk(None)
