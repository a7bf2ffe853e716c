"""What a colleague heard or saw becomes evidence: who, when, how, on what terms, and the words as they were."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from workbench.cli import main
from workbench.desk import Desk
from workbench.models import Note, PartialDate, Reviewer

ANN = Reviewer.self_declared("Ann")
WORDS = "We were told to leave the hall.\n\nThe soldiers “counted” nothing."
CALL = Note(
    who="Aye Aye Win",
    role="polling officer",
    when=PartialDate(value="2020-11-08"),
    how="call",
    terms="on-the-record",
    words=WORDS,
)


def test_a_note_is_a_file_that_reads_well_and_is_found(desk: Desk) -> None:
    report = desk.add_note(CALL, actor=ANN)

    (line,) = report.added
    assert line.path == line.stored == "evidence/notes/2020-11-08-aye-aye-win-call.md"
    text = (desk.workspace.root / line.stored).read_text(encoding="utf-8")
    assert text.startswith("# Call with Aye Aye Win, 2020-11-08\n\nWho: Aye Aye Win, polling officer\nWhen: 8 November 2020\n")
    assert text.endswith(f"Taken down by: Ann\n\n{WORDS}\n")
    assert "soldiers “counted” nothing" in desk.find("did the soldiers count").hits[0].text


def test_what_is_said_of_a_note_is_a_persons_word(desk: Desk) -> None:
    desk.add_note(CALL, actor=ANN)

    meta = desk.library()[0].meta
    assert (meta.title, meta.author, meta.kind, meta.captured_by) == (
        "Call with Aye Aye Win, 2020-11-08",
        "Aye Aye Win",
        "note",
        "Ann",
    )
    assert (str(meta.published_on.value), meta.access) == ("2020-11-08", "public")


def test_what_was_given_as_background_is_not_public(desk: Desk) -> None:
    desk.add_note(CALL.model_copy(update={"terms": "background"}), actor=ANN)

    assert desk.library()[0].meta.access == "internal"
    assert "not attributed by name" in desk.source(desk.library()[0].source_id)[1].text


def test_two_notes_of_one_talk_are_two_files(desk: Desk) -> None:
    desk.add_note(CALL, actor=ANN)
    report = desk.add_note(CALL.model_copy(update={"words": "She called again."}), actor=ANN)

    assert [line.stored for line in report.added] == ["evidence/notes/2020-11-08-aye-aye-win-call-2.md"]


@pytest.mark.parametrize(
    ("who", "name"),
    [("ဒေါ်အေးအေးဝင်း", "ဒေါ်အေးအေးဝင်း"), ("../../etc/passwd", "etc-passwd"), ("***", "someone"), ("x" * 200, "x" * 60)],
    ids=["Burmese", "a path", "no letter", "long"],
)
def test_the_name_of_the_file_is_safe_and_keeps_every_script(desk: Desk, who: str, name: str) -> None:
    report = desk.add_note(Note(who=who, how="observation", terms="background", words="Smoke over the hall."), actor=ANN)

    assert report.added[0].stored.startswith(f"evidence/notes/{name}")


@pytest.mark.parametrize("field", ["who", "words"])
def test_a_note_that_says_nothing_is_none(field: str) -> None:
    with pytest.raises(ValidationError):
        Note.model_validate({"who": "Ann", "terms": "background", "words": "x", field: "  "})


def test_the_command_takes_a_note_down(desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(desk.workspace.root))
    said = ["--who", "Aye Aye Win", "--words", WORDS, "--terms", "background", "--reviewer", "Ann"]
    monkeypatch.setattr("sys.argv", ["workbench", "evidence", "note", *said, "--json"])

    with pytest.raises(SystemExit) as ended:
        main()

    assert ended.value.code == 0
    added = json.loads(capsys.readouterr().out)["added"]
    assert [line["stored"] for line in added] == ["evidence/notes/aye-aye-win-interview.md"]
