"""A case file passes as it was written, names what was changed in it, and tells a stranger nothing that was to be left out."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import stat
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ANA, BO, NOON, FakeEncoder, make_claim
from workbench.casefile import Disclosure
from workbench.casefile.checking import CaseFileCheck, check_case_file
from workbench.cli import main
from workbench.desk import Desk
from workbench.errors import ExportError, Refused, WorkspaceError
from workbench.metadata import Edit
from workbench.models import AnswerDraft, Cite, Mark, QuestionDraft, Reviewer, SourceMeta, VerdictRequest
from workbench.reading import ReadingRoom

STATEMENT = "The election was marred by mass fraud."
REPORT = "Observers spent four weeks at the polls.\n\nThey say the claims of election fraud are unsubstantiated and disputed.\n"
LEDGERS = "The commission published its count.\n\nOf 1,171 seats, the count of 1,170 was confirmed in every recount.\n"
SECRET = "The informant saw the minister order the count of fraud to be changed.\n"
CANARIES = {
    "reviewer": "Ana-Canary",
    "second": "Bo-Canary",
    "file name": "informant-canary",
    "rationale": "rationale-canary",
    "note": "note-canary",
    "mark": "mark-canary",
    "secret words": "saw the minister order",
}
CLAIM = "a-claim"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A claim with a verdict that cites two public files and a confidential one, after one that was withdrawn."""
    home = tmp_path_factory.mktemp("case") / "desk"
    for part in ("claims", "evidence", "new"):
        (home / part).mkdir(parents=True)
    (home / "workbench.toml").write_text('name = "Test desk"\n', encoding="utf-8")
    given = {"observers.txt": REPORT, "count.md": LEDGERS, "informant-canary.txt": SECRET}
    for name, text in given.items():
        (home / "new" / name).write_text(text, encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        ana, bo = Reviewer.self_declared(CANARIES["reviewer"]), Reviewer.self_declared(CANARIES["second"])
        desk.add_claim(make_claim(CLAIM, STATEMENT, context="context-canary", claimant={"name": "The junta"}), actor=ana)
        desk.add_evidence([home / "new" / "observers.txt"], meta=SourceMeta(title="Observers' report"))
        desk.add_evidence([home / "new" / "count.md"])
        desk.add_evidence([home / "new" / "informant-canary.txt"], meta=SourceMeta(access="confidential"))
        passages = [desk.passages(entry.source_id)[-1].passage_id for entry in desk.library()]
        desk.mark(CLAIM, bo, Mark(passage_id=passages[0], judgement="not-relevant", reason=CANARIES["mark"]))
        first = VerdictRequest(
            claim_id=CLAIM,
            rating="supported",
            rationale=CANARIES["rationale"],
            cites=(Cite(passage_id=passages[0], stance="supports", note=CANARIES["note"]),),
            reviewer=bo,
            token="t1",
        )
        desk.record(first)
        desk.void(CLAIM, bo, reason=CANARIES["rationale"])
        cites = tuple(Cite(passage_id=one, stance="refutes", note=CANARIES["note"]) for one in passages)
        answers = [AnswerDraft(kind="extractive", text=CANARIES["secret words"], passage_ids=(one,)) for one in passages]
        asked = tuple(
            QuestionDraft(text="Who saw it?", answers=(one,))
            for one in answers
            if _stands_in(desk, one.passage_ids[0], one.text)
        )
        explained = {"headline": "No mass fraud was found", "explanation": "Observers disagree.\n\nSo do the courts."}
        desk.record(
            first.model_copy(
                update={"rating": "refuted", "cites": cites, "reviewer": ana, "token": "t2", "questions": asked, **explained}
            )
        )
        yield desk


def _stands_in(desk: Desk, passage_id: str, words: str) -> bool:
    return words in desk.passage(passage_id).text


@pytest.fixture(scope="module")
def made(workspace: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The case file of that claim, as a folder."""
    folder = tmp_path_factory.mktemp("made") / "case"
    workspace.casefiles.write(CLAIM, folder)
    return folder


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def put(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def zipped(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def forged(files: dict[str, bytes], **chain: Any) -> dict[str, bytes]:
    """The files with a manifest made anew, as somebody would who knows how one is made."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = [
        {"path": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in files.items()
        if not name.startswith("manifest.")
    ]
    manifest["chain"] |= chain
    data = json.dumps(manifest).encode()
    return {**files, "manifest.json": data, "manifest.sha256": f"{hashlib.sha256(data).hexdigest()}  manifest.json\n".encode()}


def results(found: CaseFileCheck) -> list[str]:
    return [one.result for one in found.citations]


def named(found: CaseFileCheck) -> dict[str, str]:
    """The first thing that is said of each file."""
    return {one.file: one.message for one in reversed(found.failures)}


# --- untouched -----------------------------------------------------------------------------------------------------


def test_an_untouched_case_file_passes_as_a_folder_and_as_a_zip(made: Path, workspace: Desk, room: ReadingRoom) -> None:
    written = workspace.casefiles.write(CLAIM, made.parent / "case.zip")

    for path in (made, made.parent / "case.zip"):
        found = check_case_file(path, expected_hash=written.hash, room=room)
        assert (found.passed, found.failures) == (True, ())
        assert sorted(results(found)) == ["PASS", "PASS", "WITHHELD"]


def test_the_manifest_lists_every_other_file_and_is_covered_itself(made: Path) -> None:
    files = files_of(made)
    manifest = json.loads(files["manifest.json"])

    assert {one["path"] for one in manifest["files"]} == files.keys() - {"manifest.json", "manifest.sha256"}
    assert files["manifest.sha256"].decode().split()[0] == hashlib.sha256(files["manifest.json"]).hexdigest()
    assert manifest["chain"]["events"] == 5


def test_without_originals_nothing_is_said_to_have_passed(workspace: Desk, tmp_path: Path, room: ReadingRoom) -> None:
    workspace.casefiles.write(CLAIM, tmp_path / "case", Disclosure(originals=False))

    found = check_case_file(tmp_path / "case", room=room)

    assert found.passed
    assert sorted(results(found)) == ["NOT CHECKED", "NOT CHECKED", "WITHHELD"]


def test_the_same_case_makes_the_same_zip(workspace: Desk, tmp_path: Path) -> None:
    for name in ("one.zip", "two.zip"):
        workspace.casefiles.write(CLAIM, tmp_path / name)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_a_claim_without_a_verdict_has_a_case_file_too(desk: Desk, tmp_path: Path, room: ReadingRoom) -> None:
    desk.add_claim(make_claim(CLAIM, STATEMENT), actor=ANA)
    desk.casefiles.write(CLAIM, tmp_path / "case")

    found = check_case_file(tmp_path / "case", room=room)

    assert (found.passed, found.citations) == (True, ())


def test_what_is_there_is_never_written_over(made: Path, workspace: Desk) -> None:
    before = files_of(made)

    with pytest.raises(WorkspaceError, match="not empty"):
        workspace.casefiles.write(CLAIM, made)

    assert files_of(made) == before
    assert not list(made.parent.glob(".*"))


# --- what leaves ---------------------------------------------------------------------------------------------------


def test_names_paths_and_words_that_are_not_public_stay_here(made: Path) -> None:
    whole = b"\n".join(name.encode() + data for name, data in files_of(made).items()).decode()

    assert [what for what, canary in CANARIES.items() if canary in whole] == []
    assert "context-canary" not in whole
    assert "Reviewer 2" in whole  # who decided is told apart from who was there first
    assert "the source is not public" in whole


def test_names_and_confidential_words_leave_only_when_asked_for(workspace: Desk, tmp_path: Path, room: ReadingRoom) -> None:
    workspace.casefiles.write(CLAIM, tmp_path / "case", Disclosure(names=True, confidential=True))

    whole = b"\n".join(files_of(tmp_path / "case").values()).decode()
    assert [what for what, canary in CANARIES.items() if canary in whole] == [
        "reviewer", "second", "file name", "secret words",
    ]  # fmt: skip
    assert results(check_case_file(tmp_path / "case", room=room)) == ["PASS", "PASS", "PASS"]


def test_a_source_made_confidential_after_it_was_cited_is_left_out(workspace: Desk, tmp_path: Path, room: ReadingRoom) -> None:
    entry = next(one for one in workspace.library() if one.title == "Observers' report")
    workspace.metadata.edit(entry.source_id, Edit({"access": "internal"}), actor=BO)

    workspace.casefiles.write(CLAIM, tmp_path / "case")

    workspace.metadata.edit(entry.source_id, Edit({"access": "public"}), actor=BO)
    assert sorted(results(check_case_file(tmp_path / "case", room=room))) == ["PASS", "WITHHELD", "WITHHELD"]
    assert b"unsubstantiated" not in b"".join(files_of(tmp_path / "case").values())


def test_what_readers_were_told_stays_told_after_a_retraction(desk: Desk, tmp_path: Path, room: ReadingRoom) -> None:
    desk.add_claim(make_claim(CLAIM, STATEMENT), actor=ANA)
    cannot = VerdictRequest(claim_id=CLAIM, rating="not-enough-evidence", rationale="x", reviewer=ANA, token="t1")
    desk.record(cannot)
    desk.publishing.publish(CLAIM, "https://example.org/a", actor=BO)
    desk.publishing.retract(CLAIM, "It rested on a forged letter.", actor=BO)

    desk.casefiles.write(CLAIM, tmp_path / "case")

    assert check_case_file(tmp_path / "case", room=room).passed
    page = (tmp_path / "case" / "report.html").read_text(encoding="utf-8")
    assert "It rested on a forged letter." in page
    assert "revision 1: not enough evidence" in page.lower()


def test_people_asked_are_named_as_reports_name_them_and_no_others(home: Path, tmp_path: Path, room: ReadingRoom) -> None:
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        desk.add_claim(
            make_claim(CLAIM, STATEMENT, quote="fraud", source_quote={"sha256": "a" * 64, "start": 0, "end": 5}), actor=ANA
        )
        desk.quotations.confirm(CLAIM, reviewer=ANA)
        for who, is_public in (("The junta's spokesman", True), ("In-confidence-canary", False)):
            desk.contacts.ask(
                CLAIM,
                party="claimant",
                name=who,
                channel="e-mail",
                question=f"Is it so, {who}?",
                asked_at=NOON,
                is_public=is_public,
                by=ANA,
                token=str(is_public),
            )
        desk.comments.say(CLAIM, "comment-canary", by=BO, token="c")
        desk.casefiles.write(CLAIM, tmp_path / "case")
    whole = b"\n".join(files_of(tmp_path / "case").values()).decode()
    assert "The junta&#39;s spokesman" in whole or "The junta's spokesman" in whole
    assert "canary" not in whole
    assert "“fraud”" in whole
    assert check_case_file(tmp_path / "case", room=room).passed


def test_nothing_leaves_while_reviewers_are_blind_to_one_another_or_under_embargo(home: Path, tmp_path: Path) -> None:
    (home / "workbench.toml").write_text('name = "Test desk"\n[review]\nreviews = 2\n', encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        for one in ("blind", "kept-back"):
            desk.add_claim(make_claim(one, f"{STATEMENT} {one}"), actor=ANA)
        unknown = VerdictRequest(claim_id="blind", rating="not-enough-evidence", rationale="x", reviewer=ANA, token="t1")
        desk.record(unknown)
        for number, who in enumerate((ANA, BO)):
            desk.record(unknown.model_copy(update={"claim_id": "kept-back", "reviewer": who, "token": f"k{number}"}))
        desk.publishing.embargo("kept-back", NOON + timedelta(days=1), actor=ANA)

        for one, code in (("blind", "blind"), ("kept-back", "embargoed")):
            with pytest.raises(Refused) as refused:
                desk.casefiles.write(one, tmp_path / one)
            assert refused.value.code == code

    assert [one.name for one in tmp_path.iterdir()] == ["desk"]


# --- tampering -----------------------------------------------------------------------------------------------------

Tamper = Callable[[dict[str, bytes], random.Random], str]


def original_byte(files: dict[str, bytes], chance: random.Random) -> str:
    name = chance.choice([one for one in files if one.startswith("originals/")])
    at = chance.randrange(len(files[name]))
    files[name] = files[name][:at] + bytes([files[name][at] ^ (1 << chance.randrange(8))]) + files[name][at + 1 :]
    return name


def _events(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files["events.jsonl"].splitlines()]


def _put_events(files: dict[str, bytes], events: list[dict[str, Any]]) -> str:
    files["events.jsonl"] = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in events).encode()
    return "events.jsonl"


def event_edited(files: dict[str, bytes], chance: random.Random) -> str:
    events = _events(files)
    one = chance.choice(events)
    words = [each for each in one["words"] if each["value"]]
    how = chance.randrange(3)
    if how == 0 and words:
        chance.choice(words)["value"] += " not"
    elif how == 1:
        one["record"]["created_at"] = one["record"]["created_at"].replace("2026", "2025")
    else:
        one["record"]["actor"]["subject"] = {"sealed": hashlib.sha256(chance.randbytes(8)).hexdigest()}
    return _put_events(files, events)


def event_removed(files: dict[str, bytes], chance: random.Random) -> str:
    events = _events(files)
    events.pop(chance.randrange(len(events)))
    return _put_events(files, events)


def events_reordered(files: dict[str, bytes], chance: random.Random) -> str:
    events = _events(files)
    one, other = chance.sample(range(len(events)), 2)
    events[one], events[other] = events[other], events[one]
    return _put_events(files, events)


def quotation_changed(files: dict[str, bytes], chance: random.Random) -> str:
    name = chance.choice(["case.json", "report.html", "excerpts.txt"])
    was, now = chance.choice(
        [(b"are unsubstantiated and disputed", b"are substantiated and undisputed"), (b"count of 1,170", b"count of 1,070")]
    )
    assert was in files[name]
    files[name] = files[name].replace(was, now)
    return name


TAMPERINGS: tuple[Tamper, ...] = (original_byte, event_edited, event_removed, events_reordered, quotation_changed)


@pytest.mark.parametrize("with_manifest", [False, True], ids=["as it is", "manifest forged too"])
@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
def test_a_tampered_case_file_is_named_in_100_of_100_cases(
    tamper: Tamper, with_manifest: bool, made: Path, tmp_path: Path, room: ReadingRoom
) -> None:
    for seed in range(10):
        files = files_of(made)
        name = tamper(files, random.Random(f"{tamper.__name__} {seed}"))
        folder = put(tmp_path / str(seed), forged(files) if with_manifest else files)

        found = check_case_file(folder, room=room)

        assert not found.passed
        assert name in {one.file for one in found.failures}, (seed, found.failures)


def test_a_history_cut_off_at_the_end_and_forged_throughout_is_told_by_its_last_link(
    made: Path, tmp_path: Path, room: ReadingRoom
) -> None:
    files = files_of(made)
    kept, last = _events(files)[:1], _events(files)[-1]["hash"]
    _put_events(files, kept)
    folder = put(tmp_path / "case", forged(files, events=1, hash=kept[0]["hash"]))

    found = check_case_file(folder, expected_hash=last, room=room)

    assert any("last link" in one.message for one in found.failures)


@pytest.mark.parametrize("name", ["manifest.json", "manifest.sha256", "case.json", "events.jsonl", "report.html"])
def test_a_file_that_is_missing_is_named(name: str, made: Path, tmp_path: Path, room: ReadingRoom) -> None:
    folder = put(tmp_path / "case", {one: data for one, data in files_of(made).items() if one != name})

    assert name in {one.file for one in check_case_file(folder, room=room).failures}


# --- hostile -------------------------------------------------------------------------------------------------------


def test_a_hostile_zip_is_named_for_what_it_is_and_nothing_is_written(made: Path, tmp_path: Path, room: ReadingRoom) -> None:
    files = files_of(made)
    for name in ("../outside.txt", "/etc/outside", "originals/../../up.txt", "C:\\outside.txt", "extra.html", "originals/x/"):
        found = check_case_file(zipped(tmp_path / "case.zip", {**files, name: b"x"}), room=room)
        assert [one.file for one in found.failures] == [name]

    assert sorted(one.name for one in tmp_path.iterdir()) == ["case.zip"]


def test_a_name_that_stands_twice_a_link_and_a_bomb_are_refused(made: Path, tmp_path: Path, room: ReadingRoom) -> None:
    files, path = files_of(made), tmp_path / "case.zip"
    zipped(path, files)
    link = zipfile.ZipInfo("originals/" + "a" * 64 + ".txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as archive:
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("case.json", b"{}")
        archive.writestr(link, b"/etc/passwd")
        archive.writestr("originals/" + "b" * 64 + ".txt", b"\0" * 50_000_000, compress_type=zipfile.ZIP_DEFLATED)

    told = named(check_case_file(path, room=room))

    assert told["case.json"] == "it stands there twice"
    assert told[link.filename] == "it is a link or a device, not a file"
    assert "manifest does not list it" in told["originals/" + "b" * 64 + ".txt"]


def test_links_in_a_folder_are_not_followed(made: Path, tmp_path: Path, room: ReadingRoom) -> None:
    folder = put(tmp_path / "case", files_of(made))
    (folder / "report.html").unlink()
    (folder / "report.html").symlink_to(made / "report.html")
    shutil.rmtree(folder / "originals")
    (folder / "originals").symlink_to(made / "originals")
    os.mkfifo(folder / "case.json.fifo")

    told = named(check_case_file(folder, room=room))

    assert {told[name] for name in ("report.html", "originals", "case.json.fifo")} == {"it is a link or a device, not a file"}


HOSTILE_JSON = {
    "deep": b"[" * 200_000,
    "closed deep": b'{"a":' * 500 + b"1" + b"}" * 500,
    "twice": b'{"format": "workbench-case-file", "format": "x"}',
    "nan": b'{"format": NaN}',
    "digits": b'{"version": ' + b"9" * 10_000 + b"}",
    "half a character": b'{"claim_id": "\\ud800"}',
    "no text": b"\xff\xfe\x00",
    "list": b"[]",
    "newer": b'{"format": "workbench-case-file", "version": 99}',
    "numbers for names": b'{"format": "workbench-case-file", "version": 1, "files": [1, {}]}',
}


@pytest.mark.parametrize("data", HOSTILE_JSON.values(), ids=HOSTILE_JSON)
@pytest.mark.parametrize("name", ["manifest.json", "case.json", "events.jsonl", "claimreview.json"])
def test_json_made_to_hurt_is_a_failure_of_its_file(
    name: str, data: bytes, made: Path, tmp_path: Path, room: ReadingRoom
) -> None:
    folder = put(tmp_path / "case", {**files_of(made), name: data})

    assert name in {one.file for one in check_case_file(folder, room=room).failures}


def test_a_damaged_zip_is_a_failure_and_never_a_crash(made: Path, tmp_path: Path, room: ReadingRoom) -> None:
    whole = zipped(tmp_path / "case.zip", files_of(made)).read_bytes()
    chance = random.Random(7)

    for _ in range(60):
        at, size = chance.randrange(len(whole)), chance.choice([0, 1, 4, 400])
        path = tmp_path / "damaged.zip"
        path.write_bytes(whole[:at] + chance.randbytes(size) + whole[at + size :])
        with contextlib.suppress(ExportError):  # no zip at all any more
            assert check_case_file(path, room=room).files <= 11


# --- the command line ----------------------------------------------------------------------------------------------


def test_the_commands_write_and_check_without_the_workspace(
    workspace: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str | Path) -> tuple[int, Any]:
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments), "--json"])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        return int(stop.value.code or 0), json.loads(capsys.readouterr().out)

    path = tmp_path / "case.zip"
    assert run("casefile", CLAIM, "-o", path, "--no-originals", "-w", workspace.workspace.root)[0] == 0
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    code, found = run("verify", path)
    assert (code, found["passed"]) == (0, True)

    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("more.txt", "x")
    code, found = run("verify", path)
    assert (code, [one["file"] for one in found["failures"]]) == (1, ["more.txt"])

    code, found = run("verify", tmp_path / "nothing.zip")
    assert (code, found["error"]["code"]) == (1, "no_case_file")
