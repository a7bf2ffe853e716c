from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, BO, FakeEncoder, make_claim
from tests.documents import report_pdf, zip_of
from workbench.desk import Desk
from workbench.errors import Refused
from workbench.metadata import Edit
from workbench.models import Cite, VerdictRequest
from workbench.reading import ReadingRoom
from workbench.ui import session, stances
from workbench.ui.app import MAIN_PAGE

pytestmark = pytest.mark.process  # files are read in a process of their own

VOTE = "The General Assembly adopted the resolution by 119 votes to 1. Thirty-six countries abstained."
HOSTILE = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) ![](//evil.example/x.png) :material/home: $$y$$"
PAGES = ("intake", "queue", "check", "document", "evidence", "searches", "reports", "workspace")


@pytest.fixture
def empty(desk: Desk) -> Iterator[Desk]:
    """A desk with nothing in it, handed to the pages."""
    desk.encoder()
    session.use_desk(desk)
    yield desk
    session.use_desk(None)


@pytest.fixture
def full(empty: Desk) -> Desk:
    """One claim, one source of one passage."""
    (empty.workspace.evidence / "vote.txt").write_text(VOTE, encoding="utf-8")
    empty.sync_evidence()
    empty.add_claim(
        make_claim(
            "vote", "The resolution passed 119 to 1.", quote="119 to 1", claimant={"name": "A delegate"}, topics=("UN",)
        ),
        actor=ANA,
    )
    return empty


def visit(view: str, *, name: str | None = "Ana", **address: str) -> AppTest:
    app = AppTest.from_file(MAIN_PAGE, default_timeout=30)
    if name:
        app.session_state["reviewer"] = name
    app.switch_page(f"views/{view}.py")
    for key, value in address.items():
        app.query_params[key] = value
    return app.run()


def html(app: AppTest) -> str:
    """Everything drawn through show.py, as the browser gets it."""
    return "\n".join(element.proto.body for element in app.get("html"))


def take_in(app: AppTest, desk: Desk, key: str = "take-in") -> None:
    """Press a button that takes files in, and look again when that has ended."""
    app.button(key=key).click().run()
    if desk.stock.background.latest is not None:
        assert desk.stock.background.latest.wait(60)
    app.run()


def press(app: AppTest, key: str) -> None:
    """Press a stance of the current passage."""
    action = {"1": "supports", "2": "refutes", "3": "context", "4": "not_relevant"}[key]
    next(button for button in app.button if (button.key or "").startswith(f"stance-{action}-")).click().run()


def the_passage(desk: Desk) -> str:
    return desk.match("vote").hits[0].passage_id


def passages_of(desk: Desk) -> list[str]:
    """The id of the first passage of every file."""
    return [desk.passages(entry.source_id)[0].passage_id for entry in desk.library()]


def record(desk: Desk, **fields: object) -> None:
    given = {"claim_id": "vote", "rating": "not-enough-evidence", "reviewer": ANA, "token": "elsewhere"}
    desk.record(VerdictRequest.model_validate({**given, **fields}))


# --- every page: empty, full, failing --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("view", "told"),
    [
        ("intake", "Nothing is stored until you file a claim"),
        ("queue", "No claims yet."),
        ("check", "No claim is open."),
        ("document", "No document is open."),
        ("evidence", "The library is empty."),
        ("searches", "Nothing is searched for yet."),
        ("reports", "There is nothing to report yet."),
        ("workspace", "0 claims, 0 files of evidence"),
    ],
)
def test_an_empty_page_says_what_to_do(empty: Desk, view: str, told: str) -> None:
    app = visit(view)

    assert not app.exception
    assert told in html(app)


@pytest.mark.parametrize("view", PAGES)
def test_a_full_page_draws(full: Desk, view: str) -> None:
    passage = the_passage(full)

    app = visit(view, claim="vote", passage=passage, source=passage.split("-")[0])

    assert not app.exception
    assert "problem" not in html(app)


@pytest.mark.parametrize("view", PAGES)
def test_a_workspace_that_cannot_be_opened_is_a_calm_box(view: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session.use_desk(None)
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(tmp_path / "nowhere"))

    app = visit(view)

    assert not app.exception
    assert "is not a workspace" in html(app)
    assert "workbench init" in html(app)


@pytest.mark.parametrize(
    ("view", "key"),
    [
        ("intake", "source"),
        ("check", "claim"),
        ("document", "source"),
        ("evidence", "source"),
        ("searches", "saved"),
        ("reports", "claim"),
    ],
)
def test_an_unknown_address_is_answered_without_echoing_it(full: Desk, view: str, key: str) -> None:
    app = visit(view, **{key: "zz-not-here"})

    assert not app.exception
    assert "zz-not-here" not in html(app)


def test_the_front_page_is_the_queue(full: Desk) -> None:
    app = AppTest.from_file(MAIN_PAGE, default_timeout=30).run()

    assert not app.exception
    assert "1 claim" in html(app)


def test_a_claim_file_with_a_fault_is_told_and_the_queue_still_draws(full: Desk) -> None:
    (full.workspace.claims / "bad.yaml").write_text("statment: a typo\n", encoding="utf-8")

    app = visit("queue")

    assert "bad.yaml" in html(app)
    assert "A delegate" in html(app)


# --- what the lens saw -----------------------------------------------------------------------------------------------


@pytest.fixture
def compared(full: Desk) -> Desk:
    """Beside the passage that agrees with the claim, one that gives another figure and one reprinted under two names."""
    wire = "A delegate said after the session that nobody had counted on so many votes for the resolution in June."
    files = {
        "other.txt": "The General Assembly adopted the resolution by 109 votes to 1, the record says.",
        "wire.txt": wire,
        "reprint.txt": f"{wire}\n",
    }
    for name, text in files.items():
        (full.workspace.evidence / name).write_text(text, encoding="utf-8")
    full.sync_evidence()
    return full


def test_what_differs_stands_under_its_own_heading_after_the_rest(compared: Desk) -> None:
    drawn = html(visit("check", claim="vote"))

    heading = drawn.index("Similar but differs (1)")
    assert drawn.index("Thirty-six countries") < heading < drawn.index("the record says")
    assert '<a href="#differs">1 differs, listed last</a>' in drawn


def test_both_texts_are_marked_with_what_the_lens_saw_in_the_current_passage(compared: Desk) -> None:
    hits = compared.match("vote").hits
    other = next(hit for hit in hits if "109" in hit.text)

    drawn = html(visit("check", claim="vote", passage=other.passage_id))

    assert f"Marked by what passage {other.rank} says" in drawn
    told = 'title="differs: 119 in the claim, 109 here"'
    assert f'<span class="seen lens differs number" {told}>119</span>' in drawn
    assert f'<span class="seen lens differs number" {told}>109</span>' in drawn


def test_a_hit_is_explained_in_words(compared: Desk) -> None:
    drawn = html(visit("check", claim="vote"))

    assert "It shares the words “resolution”, “119”, “1”, and agrees with the claim in what is marked “=”." in drawn


def test_a_reprint_is_named_with_the_passage_it_repeats(compared: Desk) -> None:
    app = visit("check", claim="vote", passage=next(hit.passage_id for hit in compared.match("vote").hits if hit.similar))

    assert "And 1 more that says the same" in {expander.label for expander in app.expander}


def test_a_search_in_other_words_as_well_says_which_found_the_passage(compared: Desk) -> None:
    other_words = "nobody had counted on so many votes in June"
    found = compared.find("The resolution passed 119 to 1.", also=[other_words]).hits
    app = visit("check", claim="vote", passage=next(hit.passage_id for hit in found if hit.wording == 1))

    app.text_area(key="also-vote").input(f"{other_words}\n").run()

    assert f"Found best by “{other_words}”." in html(app)


# --- who is reviewing ------------------------------------------------------------------------------------------------


def test_the_name_is_asked_once(full: Desk) -> None:
    app = visit("queue", name=None)

    app.text_input(key="first_name").input("  Ana   Maria ").run()

    assert app.session_state["reviewer"] == "Ana Maria"
    assert "first_name" not in [field.key for field in app.text_input]


def test_without_a_name_a_claim_can_be_read_and_not_judged(full: Desk) -> None:
    app = visit("check", name=None, claim="vote")

    assert "119" in html(app)
    assert "save-verdict" not in [button.key for button in app.button]


# --- queue -----------------------------------------------------------------------------------------------------------


def test_the_queue_filters_by_status_and_words(full: Desk) -> None:
    full.add_claim(make_claim("coup", "The army seized power."), actor=ANA)
    record(full)

    decided = visit("queue", status="settled")
    by_words = visit("queue", q="army")

    assert [link.proto.label for link in decided.get("page_link")] == ["“119 to 1”"]
    assert [link.proto.label for link in by_words.get("page_link")] == ["The army seized power\\."]


def test_a_filter_that_leaves_fewer_pages_brings_the_list_back(full: Desk) -> None:
    for number in range(45):
        full.add_claim(make_claim(f"rain-{number}", f"Rain fell on day {number}."), actor=ANA)
    app = visit("queue")
    app.pagination(key="queue_page").set_value(3).run()

    app.text_input(key="q").input("rain").run()
    app.text_input(key="q").input("119").run()

    assert not app.exception
    assert [link.proto.label for link in app.get("page_link")] == ["“119 to 1”"]


def test_a_claim_is_added_from_the_queue(empty: Desk) -> None:
    app = visit("queue")
    app.button(key="add_claim").click().run()
    app.text_area(key="claim_statement").input("Rain fell in May.")
    app.text_input(key="claim_date").input("2021-05")

    app.button(key="claim_save").click().run()

    assert not app.exception
    assert [(case.claim.statement, str(case.claim.claimed_on)) for case in empty.claims()] == [
        ("Rain fell in May.", "May 2021")
    ]


@pytest.fixture
def with_a_field(home: Path) -> Iterator[Desk]:
    """A desk whose workspace gives its claims a field of its own."""
    field = '[[claims.fields]]\nname = "desk"\nlabel = "Which desk"\nkind = "choice"\nchoices = ["Asia", "Europe"]\n'
    with (home / "workbench.toml").open("a", encoding="utf-8") as settings:
        settings.write(field)
    with Desk.open(home, encoder=FakeEncoder) as opened:
        opened.encoder()
        session.use_desk(opened)
        yield opened
        session.use_desk(None)


def test_a_claim_is_added_with_the_fields_of_the_workspace(with_a_field: Desk) -> None:
    app = visit("queue")
    app.button(key="add_claim").click().run()
    app.text_area(key="claim_statement").input("It rained in June.").run()
    app.selectbox(key="claim_custom_desk").set_value("Asia").run()
    app.button(key="claim_save").click().run()

    [case] = with_a_field.claims()
    assert case.claim.custom == {"desk": "Asia"}
    assert "Which desk" in html(visit("check", claim=case.claim.id))


def test_a_date_that_is_none_keeps_what_was_typed_and_says_why(empty: Desk) -> None:
    app = visit("queue")
    app.button(key="add_claim").click().run()
    app.text_area(key="claim_statement").input("Rain fell in May.")
    app.text_input(key="claim_date").input("last spring")

    app.button(key="claim_save").click().run()

    assert "is not a date" in html(app)
    assert empty.claims() == []


# --- intake ----------------------------------------------------------------------------------------------------------


def test_a_claim_is_filed_from_a_pasted_article_and_marked_as_filed(empty: Desk) -> None:
    app = visit("intake")
    app.text_area(key="article_text").input("Ana Ruiz said, “The vote was stolen.” Nobody answered.")
    app.text_input(key="article_date").input("2021-06")
    app.text_input(key="article_publisher").input("The Bell")
    app.button(key="find-quotations").click().run()
    app.button(key="file-quotation-16-36").click().run()

    app.button(key="claim_save").click().run()

    assert not app.exception
    claim = empty.claims()[0].claim
    assert (claim.quote, claim.claimant and claim.claimant.name) == ("The vote was stolen.", "Ana Ruiz")
    assert (claim.claimed_on.value, claim.claimed_on.basis) == ("2021-06", "inferred")
    assert [place.publisher for place in claim.appearances] == ["The Bell"]
    assert claim.source_quote
    assert (claim.source_quote.start, claim.source_quote.end) == (16, 36)
    assert "Filed" in html(app)


def test_a_document_opens_with_what_it_quotes(full: Desk) -> None:
    (full.workspace.evidence / "article.txt").write_text("Bo Lind said that the count was fair.", encoding="utf-8")
    full.sync_evidence()
    source = next(entry for entry in full.library() if entry.paths == ("evidence/article.txt",))

    app = visit("intake", source=source.source_id[:16])

    assert "the count was fair" in html(app)
    assert "reported, not quoted" in html(app)


def test_a_photo_is_described_where_it_is_listed_and_shown_with_the_part_boxed(empty: Desk) -> None:
    name = "<img src=x onerror=alert(1)>.png"
    Image.new("RGB", (60, 40), "teal").save(empty.workspace.evidence / name)
    empty.sync_evidence()
    app = visit("evidence")

    app.button(key="describe-0").click().run()
    app.radio(key="describe_part").set_value("A part of it").run()
    app.number_input(key="describe_left").set_value(80.0).run()
    app.text_area(key="describe_words").input("A banner.")
    app.button(key="describe_save").click().run()

    assert "does not lie on the photo" in html(app)
    app.number_input(key="describe_left").set_value(10.0).run()
    app.button(key="describe_save").click().run()
    assert not app.exception
    (entry,) = empty.library()
    app = visit("document", source=entry.source_id, passage=empty.passages(entry.source_id)[0].passage_id)
    assert not app.exception
    assert "left:10%;top:25%;width:50%;height:50%" in html(app)
    assert "described by Ana" in html(app)
    assert "<img src=x" not in html(app)


def test_a_passage_of_a_pdf_opens_on_its_page_with_its_words_boxed(empty: Desk) -> None:
    (empty.workspace.evidence / "mission.pdf").write_bytes(report_pdf())
    source_id = empty.sync_evidence().added[0].source_id
    first, second = empty.passages(source_id)

    pages = [html(visit("document", source=source_id, passage=one.passage_id)) for one in (first, second)]

    assert ["Page 1 of" in pages[0], "Page 2 of" in pages[1]] == [True, True]
    assert all('class="box"' in page for page in pages)


def test_a_recording_is_described_beside_its_player(empty: Desk) -> None:
    with wave.open(str(empty.workspace.evidence / "talk.wav"), "wb") as file:
        file.setparams((1, 2, 8_000, 0, "NONE", ""))
        file.writeframes(bytes(16_000))
    empty.sync_evidence()
    app = visit("evidence")

    app.button(key="describe-0").click().run()
    assert len(app.get("audio")) == 1
    app.text_input(key="describe_from").input("0:05")
    app.text_input(key="describe_to").input("0:20")
    app.radio(key="describe_manner").set_value("What is said, word for word")
    app.text_area(key="describe_words").input("We counted 119 votes.")
    app.button(key="describe_save").click().run()

    assert not app.exception
    (passage,) = empty.passages(empty.library()[0].source_id)
    assert (passage.text, passage.page) == ("We counted 119 votes.", "00:00:05–00:00:20, words heard")
    player = visit("document", source=passage.source_id, passage=passage.passage_id).get("audio")[0]
    assert player.proto.start_time == 5


# --- check -----------------------------------------------------------------------------------------------------------


def test_a_verdict_is_recorded_from_what_was_marked_and_written(full: Desk) -> None:
    app = visit("check", claim="vote")
    press(app, "1")
    rating = next(radio for radio in app.radio if radio.label == "Verdict")
    rating.set_value("supported").run()
    next(area for area in app.text_area if area.label.startswith("Rationale")).input("As recorded.").run()

    app.button(key="save-verdict").click().run()

    stored = full.case("vote").verdicts[0]
    assert (stored.rating.slug, stored.rationale, stored.citations[0].stance) == ("supported", "As recorded.", "supports")
    assert stored.receipt is not None
    assert "Saved as revision 1 at" in html(app)


def test_words_of_the_statement_are_judged_apart_with_a_rating_and_citations_of_their_own(full: Desk) -> None:
    app = visit("check", claim="vote")
    press(app, "1")
    assert 'data-source="statement" data-start="0"' in html(app)
    next(field for field in app.text_input if field.label == "Words of the statement").input("119 TO 1").run()
    app.button(key="judge-apart").click().run()
    assert [one.words for one in full.draft("vote", ANA).fragments] == ["119 to 1"]

    next(box for box in app.selectbox if box.label == "Its rating").set_value("supported").run()
    assert "Supported needs at least one citation for the fragment “119 to 1”" in html(app)
    next(box for box in app.multiselect if box.label == "It rests on").set_value([the_passage(full)]).run()
    next(radio for radio in app.radio if radio.label == "Verdict").set_value("supported").run()
    app.button(key="save-verdict").click().run()

    part = full.case("vote").verdicts[0].fragments[0]
    assert (part.words, part.rating.slug, part.citations[0].quote) == ("119 to 1", "supported", VOTE)
    assert "Supported (passage 1)" in full.export("csv", ["vote"]).decode()


def test_a_reviewer_recuses_and_comes_back_and_the_reason_for_checking_is_kept(full: Desk) -> None:
    app = visit("check", claim="vote")
    app.button(key="edit-matters").click().run()
    app.text_area(key="matters_why_checked").set_value("Widely shared.").run()
    app.button(key="matters_save").click().run()
    next(field for field in app.text_input if field.label == "The conflict of interest").input("I was there.").run()
    app.button(key="recuse").click().run()

    assert full.case("vote").claim.why_checked == "Widely shared."
    assert "You recused yourself from this claim" in html(app)
    assert not [radio for radio in app.radio if radio.label == "Verdict"]
    assert "Ana recused: I was there." in html(visit("check", claim="vote", name="Bo"))
    app.button(key="unrecuse").click().run()
    assert [radio for radio in app.radio if radio.label == "Verdict"]
    assert "took the recusal back" in html(app)


def test_a_draft_comes_back_in_another_browser(full: Desk) -> None:
    app = visit("check", claim="vote")
    press(app, "3")
    next(area for area in app.text_area if area.label.startswith("Rationale")).input("Half a thought").run()

    again = visit("check", claim="vote")

    assert next(area for area in again.text_area if area.label.startswith("Rationale")).value == "Half a thought"
    assert [cite.stance for cite in full.draft("vote", ANA).cites] == ["context"]


def test_a_stance_pressed_again_is_taken_back(full: Desk) -> None:
    app = visit("check", claim="vote")

    press(app, "2")
    press(app, "2")

    assert full.draft("vote", ANA).cites == ()


def test_not_relevant_replaces_a_citation_and_a_stance_replaces_it(full: Desk) -> None:
    app = visit("check", claim="vote")
    press(app, "1")

    press(app, "4")
    marked = full.case("vote").marks
    press(app, "2")

    assert [mark.judgement for _, mark in marked] == ["not-relevant"]
    assert [cite.stance for cite in full.draft("vote", ANA).cites] == ["refutes"]
    assert full.case("vote").marks == ()


def test_a_verdict_that_misses_something_cannot_be_saved(full: Desk) -> None:
    app = visit("check", claim="vote")

    next(radio for radio in app.radio if radio.label == "Verdict").set_value("supported").run()

    assert app.button(key="save-verdict").disabled
    assert "needs at least one citation" in html(app)


def test_a_save_from_elsewhere_is_a_conflict_and_the_draft_is_kept(full: Desk) -> None:
    app = visit("check", claim="vote")
    next(radio for radio in app.radio if radio.label == "Verdict").set_value("not-enough-evidence").run()
    next(area for area in app.text_area if area.label.startswith("Rationale")).input("Mine").run()
    record(full, rationale="Theirs")

    app.run()
    app.button(key="save-verdict").click().run()

    assert "already has revision 1" in html(app)
    assert "Theirs" in html(app)
    assert full.draft("vote", ANA).rationale == "Mine"
    app.button(key="rebase").click().run()
    app.button(key="save-verdict").click().run()
    assert [one.rationale for one in full.case("vote").verdicts] == ["Theirs", "Mine"]


def test_a_revision_begins_from_the_last_verdict(full: Desk) -> None:
    record(full, rationale="First", cites=(Cite(passage_id=the_passage(full), stance="context"),))
    app = visit("check", claim="vote")

    app.button(key="revise").click().run()

    draft = full.draft("vote", ANA)
    assert (draft.based_on, draft.rating, draft.rationale, len(draft.cites)) == (1, "not-enough-evidence", "First", 1)


def test_while_the_model_is_loading_words_are_searched_and_the_page_says_so(desk: Desk) -> None:
    (desk.workspace.evidence / "vote.txt").write_text(VOTE, encoding="utf-8")
    desk.sync_evidence()
    desk.add_claim(make_claim("vote", "The resolution passed 119 to 1."), actor=ANA)
    with Desk.open(desk.workspace.root, encoder=FakeEncoder) as cold:
        session.use_desk(cold)

        app = visit("check", claim="vote")

        session.use_desk(None)
    assert "by their words only" in html(app)
    assert "General Assembly" in html(app)


# --- document, evidence, reports -------------------------------------------------------------------------------------


def test_a_document_opens_at_its_passage(full: Desk) -> None:
    app = visit("document", passage=the_passage(full))

    assert f'<mark class="here" id="here">{VOTE}</mark>' in html(app)


def test_an_upload_is_taken_in_and_a_failure_says_what_to_do(full: Desk) -> None:
    app = visit("evidence")
    app.file_uploader[0].upload("rain.txt", b"Rain fell in May, the office said.", "text/plain").run()
    take_in(app, full)
    app.file_uploader[0].upload("nothing.txt", b"", "text/plain").run()

    take_in(app, full)

    assert sorted(entry.title for entry in full.library()) == ["rain.txt", "vote.txt"]
    assert "Failed" in html(app)
    assert "nothing.txt" in html(app)
    assert "workbench-upload-" not in html(app)


def test_what_is_typed_of_a_source_shows_with_whose_word_it_is(full: Desk) -> None:
    app = visit("evidence", source=full.library()[0].source_id[:16])
    app.button(key="edit-source").click().run()
    app.text_input(key="said-publisher-1").input("United Nations")
    app.text_input(key="said-url-1").input("https://un.example/vote")

    app.button(key="source-save").click().run()

    assert (full.library()[0].meta.publisher, full.library()[0].meta.author) == ("United Nations", None)
    assert "Changed: publisher, address." in html(app)
    assert 'United Nations<span class="whose" dir="auto">Ana, ' in html(app)
    assert "No archived copy of this page is named." in html(app)


def test_an_edit_that_crosses_another_is_told_and_overwrites_nothing(full: Desk) -> None:
    app = visit("document", source=full.library()[0].source_id[:16])
    app.button(key="edit-source").click().run()
    full.metadata.edit(full.library()[0].source_id, Edit({"publisher": "Reuters"}), actor=BO)
    app.text_input(key="said-publisher-1").input("AFP")

    app.button(key="source-save").click().run()

    assert full.library()[0].meta.publisher == "Reuters"
    assert "Publisher stays as Bo left it" in html(app)


def test_files_that_wait_are_taken_in_by_a_button(full: Desk) -> None:
    (full.workspace.evidence / "late.txt").write_text("A late report about the vote.", encoding="utf-8")
    app = visit("evidence")

    take_in(app, full, "take-in-waiting")

    assert full.waiting() == []
    assert "late.txt" in html(app)


def test_an_intake_is_stopped_and_gone_on_with_and_its_report_taken_away(full: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        (full.workspace.evidence / f"late{number}.txt").write_text(f"Late report {number} of the vote.", encoding="utf-8")
    first = ReadingRoom.read_with_parts

    def and_stop(self: ReadingRoom, *given: Any, **named: Any) -> Any:
        assert full.stock.background.latest is not None
        full.stock.background.latest.run.stop()
        return first(self, *given, **named)

    with monkeypatch.context() as patched:
        patched.setattr(ReadingRoom, "read_with_parts", and_stop)
        app = visit("evidence")
        take_in(app, full, "take-in-waiting")
    assert "Stopped: 2 files left." in html(app)
    assert len(full.waiting()) == 2

    take_in(app, full, "go-on-intake")

    assert (full.waiting(), len(full.library())) == ([], 4)
    assert "Stopped" not in html(app)
    assert [row.outcome for row in full.stock.last_rows()] == ["added", "added", "unchanged", "unchanged"]


def test_a_source_is_removed_with_a_reason(full: Desk) -> None:
    source = full.library()[0].source_id
    app = visit("evidence", source=source[:16])
    app.text_input(key=f"reason-{source[:16]}").input("Wrong file")

    app.button(key="remove-source").click().run()

    assert full.library() == []
    assert "was removed from search" in html(app)


def test_a_report_is_previewed_and_offered_in_every_form(full: Desk) -> None:
    record(full, explanation="Nobody showed it.")
    app = visit("reports", claim="vote")

    for form in ("md", "claimreview", "csv", "json", "jsonl"):
        app.radio(key="report_form").set_value(form).run()
        assert not app.exception
        assert "119" in app.code[0].value


def test_a_case_file_is_made_when_it_is_asked_for(full: Desk) -> None:
    record(full, explanation="Nobody showed it.")
    app = visit("reports", claim="vote")
    assert "Download it" not in [one.proto.label for one in app.get("download_button")]

    app.button(key="make-case-file").click().run()

    assert "Download it" in [one.proto.label for one in app.get("download_button")]


def test_the_records_are_checked_on_request(full: Desk) -> None:
    record(full)
    app = visit("workspace")

    app.button(key="verify").click().run()

    assert "all are whole" in html(app)


# --- text is shown as text -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("view", PAGES)
def test_text_from_outside_is_never_markup(empty: Desk, view: str) -> None:
    (empty.workspace.evidence / "x.txt").write_text(HOSTILE, encoding="utf-8")
    empty.sync_evidence()
    empty.add_claim(make_claim("vote", HOSTILE, claimant={"name": HOSTILE}, topics=(HOSTILE,)), actor=ANA)
    record(empty, rationale=HOSTILE, explanation=HOSTILE, headline=HOSTILE)
    source = empty.library()[0].source_id

    app = visit(view, claim="vote", source=source[:16])

    assert not app.exception
    assert "<script>alert" not in html(app).replace("<script>{ /*", "")
    assert all("**bold**" not in link.proto.label for link in app.get("page_link"))


# --- who knows it -----------------------------------------------------------------------------------------------------


def test_the_origins_behind_the_citations_are_counted_and_can_be_named(full: Desk) -> None:
    reprint = VOTE.replace("The General Assembly adopted", "The Assembly adopted")
    (full.workspace.evidence / "reprint.txt").write_text(reprint, encoding="utf-8")
    (full.workspace.evidence / "other.txt").write_text("Envoys of many states spoke for the text.", encoding="utf-8")
    full.sync_evidence()
    cites = tuple(Cite(passage_id=one, stance="supports") for one in passages_of(full))
    full.change_draft(full.draft("vote", ANA), lambda now: now.model_copy(update={"cites": cites}))

    app = visit("check", claim="vote")

    assert [one.label for one in app.expander if one.label.startswith("Cited")] == ["Cited: 3 supports · 2 origins"]
    fields = [field for field in app.text_input if field.label == "Who knows it"]
    for field in fields:
        field.set_value("AAPP, via somebody")
    app.run()
    assert {cite.origin for cite in full.draft("vote", ANA).cites} == {"AAPP, via somebody"}
    assert [one.label for one in app.expander if one.label.startswith("Cited")] == ["Cited: 3 supports · 1 origin"]


def test_a_suggested_origin_is_taken_over_by_a_click_only(full: Desk) -> None:
    text = "According to the AAPP, the resolution passed 119 to 1 that Friday in June."
    (full.workspace.evidence / "aapp.txt").write_text(text, encoding="utf-8")
    full.sync_evidence()
    [passage] = [one for one in passages_of(full) if full.passage(one).text == text]
    cite = Cite(passage_id=passage, stance="supports")
    full.change_draft(full.draft("vote", ANA), lambda now: now.model_copy(update={"cites": (cite,)}))

    app = visit("check", claim="vote")
    assert full.draft("vote", ANA).cites == (cite,)
    next(button for button in app.button if button.label == "The text suggests: AAPP").click().run()

    assert [one.origin for one in full.draft("vote", ANA).cites] == ["AAPP"]


def test_a_document_steps_through_the_hits_of_the_claim_and_cites_the_words_it_is_opened_at(full: Desk) -> None:
    source_id = full.library()[0].source_id
    words = full.citing.between(full.passages(source_id)[0], "119 votes to 1", "")

    app = visit("document", claim="vote", passage=words.passage_id)
    press(app, "2")

    assert [one.value for one in app.subheader][:2] == ["Hit 1 of 1 of this claim here", "These words"]
    assert "“119 votes to 1” vote.txt, date unknown. sha256" in app.code[0].value
    [cite] = full.draft("vote", ANA).cites
    assert (cite.passage_id, cite.stance) == (words.passage_id, "refutes")
    assert "Refutes: </span>“119 votes to 1”" in html(visit("check", claim="vote"))


def test_what_a_browser_sends_as_selected_is_checked_against_the_text(full: Desk) -> None:
    sent = {"source": full.library()[0].source_id, "start": 0, "end": 7, "words": "Another", "action": "supports"}

    with pytest.raises(Refused, match="Other words stand"):
        stances.cite_sent(full, full.draft("vote", ANA), sent)
    with pytest.raises(ValidationError):
        stances.cite_sent(full, full.draft("vote", ANA), {**sent, "start": -1})
    assert full.draft("vote", ANA).cites == ()


def test_an_origin_named_in_another_window_is_not_undone_here(full: Desk) -> None:
    cite = Cite(passage_id=the_passage(full), stance="supports")
    full.change_draft(full.draft("vote", ANA), lambda now: now.model_copy(update={"cites": (cite,)}))
    here = visit("check", claim="vote")
    elsewhere = cite.model_copy(update={"origin": "AAPP"})
    full.change_draft(full.draft("vote", ANA), lambda now: now.model_copy(update={"cites": (elsewhere,)}))

    here.run()

    assert [one.origin for one in full.draft("vote", ANA).cites] == ["AAPP"]


def test_the_claimants_own_words_are_marked_as_such(full: Desk) -> None:
    said = "A delegate said: “The resolution passed 119 to 1.”"
    claim = make_claim("own", "The resolution passed 119 to 1.", claimant={"name": "Ann Delegate"})
    full.add_claim(claim, actor=ANA)
    (full.workspace.evidence / "said.txt").write_text(said.replace("A delegate", "Ann Delegate"), encoding="utf-8")
    full.sync_evidence()

    drawn = html(visit("check", claim="own"))

    assert drawn.count('<span class="badge" title="The words in common are Ann Delegate&#x27;s own, as quoted here">') == 1
    assert drawn.index('id="repeats">Repeats the claim (1)') > drawn.index("Thirty-six countries abstained")


def test_a_file_from_inside_another_says_so_with_the_way_to_it(empty: Desk) -> None:
    (empty.workspace.evidence / "un.zip").write_bytes(zip_of(**{"vote.txt": VOTE.encode()}))
    empty.sync_evidence()
    inner = next(entry for entry in empty.library() if entry.part_of)

    drawn = html(visit("document", source=inner.source_id))

    assert "Found inside" in drawn
    assert f'href="/document?source={(inner.part_of or "")[:16]}"' in drawn


# --- searches ----------------------------------------------------------------------------------------------------------


def test_operators_in_a_search_by_words_are_told_and_a_mistake_in_them_is_a_calm_box(full: Desk) -> None:
    app = visit("searches")
    app.radio(key="mode-searches").set_value("lexical")

    app.text_input(key="search-searches").set_value('"119 votes" -observers').run()
    assert "read as: &quot;119 votes&quot; AND NOT observers" in html(app)
    assert '<mark class="matched">119 votes</mark>' in html(app)
    app.text_input(key="search-searches").set_value("votes AND").run()
    assert not app.exception
    assert "AND at character 7 has nothing after it" in html(app)


def test_a_search_is_saved_announced_and_marked_as_looked_at(full: Desk) -> None:
    app = visit("searches")
    app.radio(key="mode-searches").set_value("lexical")
    app.text_input(key="search-searches").set_value("observ*").run()
    app.text_input(key="saved-name").set_value("Who *observed*").run()
    app.button(key="save-search").click().run()
    assert "Saved as Who *observed*." in html(app)

    (full.workspace.evidence / "new.txt").write_text("Observers were there.", encoding="utf-8")
    full.sync_evidence()
    assert any("1 new passage in 1 file" in link.proto.label for link in visit("queue").get("page_link"))
    app = visit("searches", saved="who-observed")
    assert "1 new passage in 1 file matches “Who *observed*”" in html(app)
    app.button(key="see-news").click().run()

    assert not app.exception
    assert full.searches.news() == []
    assert "new passage" not in html(app)
