from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import ANA, FakeEncoder
from workbench.arrivals import FILES_AT_ONCE
from workbench.desk import Desk
from workbench.errors import ModelError, UnknownId
from workbench.folders import safe_name
from workbench.intake import Intake
from workbench.metadata import Edit
from workbench.models import SourceMeta
from workbench.tally import Run

pytestmark = pytest.mark.process  # files are read in a process of their own

VOTE = "The General Assembly adopted the resolution by 119 votes to 1. Thirty-six countries abstained."
COUNT = "The association counts 883 people killed by the end of June. It says the real number is higher."


class Counting(FakeEncoder):
    """Counts the texts it encoded."""

    def __init__(self) -> None:
        self.count = 0
        self.has_begun = threading.Event()

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        self.count += len(texts)
        self.has_begun.set()
        return super().encode(texts, query=query)


def drop(desk: Desk, name: str, text: str) -> Path:
    file = desk.workspace.evidence / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def outside(tmp_path: Path, name: str, text: str) -> Path:
    file = tmp_path / "inbox" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def titles(desk: Desk) -> list[str]:
    return [entry.title for entry in desk.library()]


def test_a_dropped_file_is_taken_in_and_found(desk: Desk) -> None:
    drop(desk, "vote.txt", VOTE)

    report = desk.sync_evidence()

    assert [(line.stored, line.passages, line.replaces) for line in report.added] == [("evidence/vote.txt", 1, None)]
    assert desk.find("General Assembly resolution votes").hits[0].path == "evidence/vote.txt"


def test_a_second_sync_finds_nothing_to_do(desk: Desk) -> None:
    drop(desk, "vote.txt", VOTE)
    desk.sync_evidence()
    before = desk.ledger.head()

    report = desk.sync_evidence()

    assert [one.path for one in report.unchanged] == ["evidence/vote.txt"]
    assert desk.ledger.head() == before


def test_a_folder_keeps_its_name_and_inner_paths(desk: Desk, tmp_path: Path) -> None:
    outside(tmp_path, "un/june/vote.txt", VOTE)

    report = desk.add_evidence([tmp_path / "inbox" / "un"])

    assert [line.stored for line in report.added] == ["evidence/un/june/vote.txt"]


def test_a_changed_file_replaces_its_old_version_which_stays_readable(desk: Desk) -> None:
    file = drop(desk, "vote.txt", VOTE)
    old = desk.sync_evidence().added[0].source_id
    file.write_text(COUNT, encoding="utf-8")

    report = desk.sync_evidence()

    assert [(line.path, line.replaces) for line in report.replaced] == [("evidence/vote.txt", old)]
    assert [hit.text for hit in desk.find("countries abstained").hits] == [COUNT]
    assert desk.originals.path(old).read_text(encoding="utf-8") == VOTE


def test_a_name_that_is_taken_by_other_bytes_is_refused(desk: Desk, tmp_path: Path) -> None:
    drop(desk, "vote.txt", VOTE)
    desk.sync_evidence()

    report = desk.add_evidence([outside(tmp_path, "vote.txt", COUNT)])

    assert [(one.code, report.exit_code) for one in report.failed] == [("name_taken", 1)]
    assert (desk.workspace.evidence / "vote.txt").read_text(encoding="utf-8") == VOTE


def test_replace_makes_a_new_version(desk: Desk, tmp_path: Path) -> None:
    drop(desk, "vote.txt", VOTE)
    old = desk.sync_evidence().added[0].source_id

    report = desk.add_evidence([outside(tmp_path, "vote.txt", COUNT)], replace=True)

    assert [line.replaces for line in report.replaced] == [old]


def test_the_same_bytes_under_two_names_are_one_source(desk: Desk) -> None:
    drop(desk, "a.txt", VOTE)
    drop(desk, "b.txt", VOTE)

    report = desk.sync_evidence()

    assert "the same bytes as evidence/a.txt" in report.added[1].warnings[-1]
    assert [entry.paths for entry in desk.library()] == [("evidence/a.txt", "evidence/b.txt")]


def test_the_same_text_in_another_format_is_said_and_both_are_kept(desk: Desk) -> None:
    drop(desk, "a.txt", VOTE)
    desk.sync_evidence()
    drop(desk, "b.md", VOTE + "\n")
    drop(desk, "c.md", COUNT)

    report = desk.sync_evidence()

    said = {line.stored: [one for one in line.warnings if "same text" in one] for line in report.added}
    assert said == {"evidence/b.md": [], "evidence/c.md": []}
    drop(desk, "d.md", "\ufeff" + VOTE)
    assert desk.sync_evidence().added[0].warnings[-1] == "the same text as evidence/a.txt, in another file"
    assert len(desk.library()) == 4


def test_a_renamed_file_is_the_same_source_at_a_new_place(desk: Desk) -> None:
    file = drop(desk, "a.txt", VOTE)
    source_id = desk.sync_evidence().added[0].source_id
    file.rename(file.with_name("b.txt"))

    desk.sync_evidence()

    assert [(entry.source_id, entry.paths) for entry in desk.library()] == [(source_id, ("evidence/b.txt",))]


def test_a_file_that_vanished_is_no_longer_found_but_its_original_stays(desk: Desk) -> None:
    file = drop(desk, "vote.txt", VOTE)
    source_id = desk.sync_evidence().added[0].source_id
    file.unlink()

    report = desk.sync_evidence()

    assert [one.path for one in report.removed] == ["evidence/vote.txt"]
    assert desk.find("General Assembly").hits == ()
    assert desk.originals.has(source_id)


def test_a_removed_source_is_not_taken_in_again_by_sync(desk: Desk) -> None:
    drop(desk, "vote.txt", VOTE)
    source_id = desk.sync_evidence().added[0].source_id

    desk.remove_source(source_id[:8], actor=ANA, reason="the wrong resolution")
    desk.sync_evidence()

    assert titles(desk) == []
    assert desk.find("General Assembly").hits == ()


def test_a_removed_source_comes_back_when_a_person_adds_it(desk: Desk, tmp_path: Path) -> None:
    drop(desk, "vote.txt", VOTE)
    desk.remove_source(desk.sync_evidence().added[0].source_id, actor=ANA)

    desk.add_evidence([outside(tmp_path, "vote.txt", VOTE)])

    assert titles(desk) == ["vote.txt"]
    assert len(desk.find("General Assembly").hits) == 1


def test_a_file_that_cannot_be_read_is_listed_with_its_remedy(desk: Desk) -> None:
    drop(desk, "empty.txt", "  \n")
    drop(desk, "vote.txt", VOTE)

    report = desk.sync_evidence()

    assert ([one.code for one in report.failed], report.exit_code) == (["empty_file"], 3)
    assert [one.path for one in desk.failures()] == ["evidence/empty.txt"]
    assert [one.path for one in desk.find("votes").receipt.unread] == ["evidence/empty.txt"]


def test_a_failure_goes_away_when_the_file_is_mended(desk: Desk) -> None:
    file = drop(desk, "vote.txt", " ")
    desk.sync_evidence()
    file.write_text(VOTE, encoding="utf-8")

    desk.sync_evidence()

    assert desk.failures() == []


def test_files_that_wait_are_named_in_the_receipt(desk: Desk) -> None:
    drop(desk, "vote.txt", VOTE)
    desk.sync_evidence()
    drop(desk, "count.txt", COUNT)

    assert desk.find("votes").receipt.waiting == ("evidence/count.txt",)


def test_readme_dotfiles_and_metadata_are_not_evidence(desk: Desk) -> None:
    for name in ("README.md", "readme.txt", ".hidden.txt", "vote.txt.meta.yaml"):
        drop(desk, name, "title: x")

    assert desk.sync_evidence().model_dump() == {"added": (), "unchanged": (), "replaced": (), "removed": (), "failed": ()}


def test_a_persons_word_comes_before_the_metadata_file_and_that_before_the_file(desk: Desk) -> None:
    drop(desk, "page.html", "<html><head><title>Of the page</title></head><body><p>" + VOTE + "</p></body></html>")
    drop(desk, "page.html.meta.yaml", "publisher: Of the file beside it\ntitle: Beside it\n")
    desk.sync_evidence()
    source_id = desk.library()[0].source_id

    desk.metadata.edit(source_id, Edit({"title": "Typed"}), actor=ANA)

    meta = desk.library()[0].meta
    assert (meta.title, meta.publisher) == ("Typed", "Of the file beside it")


def test_a_metadata_file_changed_later_is_taken_in(desk: Desk) -> None:
    drop(desk, "vote.txt", VOTE)
    desk.sync_evidence()
    drop(desk, "vote.txt.meta.yaml", "publisher: United Nations\npublished_on: 2021-06\nkind: official-statement\n")

    desk.sync_evidence()

    meta = desk.library()[0].meta
    assert (meta.publisher, str(meta.published_on), meta.kind) == ("United Nations", "June 2021", "official-statement")


def test_metadata_given_with_a_file_is_kept_in_the_records(desk: Desk, tmp_path: Path) -> None:
    meta = SourceMeta.model_validate({"publisher": "United Nations", "published_on": "2021-06-18"})

    desk.add_evidence([outside(tmp_path, "vote.txt", VOTE)], meta=meta)

    assert desk.library()[0].meta.publisher == "United Nations"


def test_deleting_everything_derived_and_syncing_gives_the_same_hits(desk: Desk) -> None:
    drop(desk, "vote.txt", VOTE)
    drop(desk, "count.txt", COUNT)
    desk.sync_evidence()
    before = desk.find("how many people were killed").hits
    root = desk.workspace.root
    desk.close()
    shutil.rmtree(desk.workspace.derived)

    with Desk.open(root, encoder=FakeEncoder) as again:
        again.sync_evidence()

        assert again.find("how many people were killed").hits == before


def test_a_link_or_a_missing_file_is_refused_and_the_rest_goes_in(desk: Desk, tmp_path: Path) -> None:
    good = outside(tmp_path, "vote.txt", VOTE)
    link = tmp_path / "link.txt"
    link.symlink_to(good)

    report = desk.add_evidence([good, link, tmp_path / "nothing.txt"])

    assert (sorted(one.code for one in report.failed), len(report.added), report.exit_code) == (
        ["not_a_regular_file", "not_found"],
        1,
        3,
    )


def test_an_unknown_type_is_refused_at_the_door(desk: Desk, tmp_path: Path) -> None:
    report = desk.add_evidence([outside(tmp_path, "tool.exe", "MZ")])

    assert [one.code for one in report.failed] == ["unsupported_type"]
    assert not (desk.workspace.evidence / "tool.exe").exists()


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/cron.d/x.txt", "x.txt"),
        ("..\\..\\x.pdf", "x.pdf"),
        ("a\u202egpj.exe", "a_gpj.exe"),
        ("a\nb.txt", "a_b.txt"),
        ("trailing. .", "trailing"),
        ("...", "_"),
        ("x" * 400 + ".pdf", "x" * 176 + ".pdf"),
    ],
)
def test_a_hostile_name_becomes_a_plain_label(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_an_unknown_source_says_how_to_list_them(desk: Desk) -> None:
    with pytest.raises(UnknownId) as caught:
        desk.source("ffff0000")

    assert "evidence list" in caught.value.hint


def test_a_mistake_in_a_metadata_file_is_listed_and_stops_nothing_else(desk: Desk) -> None:
    drop(desk, "vote.txt", VOTE)
    drop(desk, "vote.txt.meta.yaml", "titel: typo\n")
    drop(desk, "way.txt", COUNT)

    first, second = desk.sync_evidence(), desk.sync_evidence()

    assert [one.path for one in first.failed] == [one.path for one in second.failed] == ["evidence/vote.txt.meta.yaml"]
    assert [one.code for one in desk.failures()] == ["bad_metadata"]
    assert titles(desk) == ["vote.txt", "way.txt"]


def test_a_mended_metadata_file_is_no_failure_any_more(desk: Desk) -> None:
    drop(desk, "vote.txt", VOTE)
    drop(desk, "vote.txt.meta.yaml", "titel: typo\n")
    desk.sync_evidence()
    drop(desk, "vote.txt.meta.yaml", "title: Mended\n")

    assert desk.sync_evidence().failed == ()
    assert (titles(desk), desk.failures()) == (["Mended"], [])


def test_one_odd_file_never_ends_the_batch(desk: Desk) -> None:
    drop(desk, "x" * 250 + ".txt", VOTE)
    (desk.workspace.evidence / os.fsdecode(b"bad\xff.txt")).write_text(COUNT, encoding="utf-8")
    (desk.workspace.evidence / "link.txt").symlink_to(desk.workspace.config)
    drop(desk, "way.txt", COUNT)

    report = desk.sync_evidence()

    assert sorted(one.code for one in report.failed) == ["bad_name", "not_a_regular_file"]
    assert len(report.added) == 2
    assert [one.code for one in desk.failures()] == ["not_a_regular_file"]


def test_a_file_over_the_limit_is_listed_and_does_not_wait(home: Path) -> None:
    (home / "workbench.toml").write_text("[evidence]\nmax_file_mb = 1\n", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        drop(desk, "big.txt", "word " * 300_000)

        desk.sync_evidence()

        assert ([one.code for one in desk.failures()], desk.waiting()) == (["too_large"], [])


def test_a_folder_that_has_the_name_of_a_file_is_one_failure(desk: Desk, tmp_path: Path) -> None:
    drop(desk, "clash", "no suffix, but in the way")
    outside(tmp_path, "clash/vote.txt", VOTE)

    report = desk.add_evidence([tmp_path / "inbox" / "clash", outside(tmp_path, "way.txt", COUNT)])

    assert ([one.code for one in report.failed], len(report.added)) == (["not_copied"], 1)


def test_a_source_added_again_after_removal_is_where_it_is_now(desk: Desk, tmp_path: Path) -> None:
    file = drop(desk, "vote.txt", VOTE)
    desk.remove_source(desk.sync_evidence().added[0].source_id, actor=ANA)
    file.unlink()

    desk.add_evidence([outside(tmp_path, "moved.txt", VOTE)])

    assert [entry.paths for entry in desk.library()] == [("evidence/moved.txt",)]


def test_a_missing_model_is_said_before_anything_is_taken_in(home: Path, tmp_path: Path) -> None:
    def missing() -> FakeEncoder:
        raise ModelError("no model", hint="set one")

    with Desk.open(home, encoder=missing) as desk:
        with pytest.raises(ModelError):
            desk.add_evidence([outside(tmp_path, "vote.txt", VOTE)])

        assert (desk.library(), list(desk.workspace.evidence.iterdir())) == ([], [])


def test_files_share_transactions_and_each_is_in_the_report_once(desk: Desk) -> None:
    count = FILES_AT_ONCE + 3
    for number in range(count):
        drop(desk, f"{number:03}.txt", f"Observer {number} counted the votes.")
    drop(desk, "copy.txt", "Observer 1 counted the votes.")
    drop(desk, "empty.txt", " ")

    first, second = desk.sync_evidence(), desk.sync_evidence()

    assert ([len(first.added), len(first.failed)], first.unchanged) == ([count + 1, 1], ())
    assert (len(second.unchanged), len(second.failed), second.added) == (count + 1, 1, ())
    assert (len(desk.library()), desk.ledger.verify()) == (count, [])


def test_texts_are_encoded_while_later_files_are_still_being_read(home: Path) -> None:
    encoder = Counting()
    for number in range(3):
        text = "".join(f"Paragraph {number} {line} says that votes were counted.\n\n" for line in range(12_000))
        (home / "evidence" / f"{number}.txt").write_text(text, encoding="utf-8")
    encoded_when_read: list[int] = []

    def progress(what: str, done: int, total: int) -> None:
        if what == "Reading" and done == 2:
            assert encoder.has_begun.wait(60)
            encoded_when_read.append(encoder.count)

    with Desk.open(home, encoder=lambda: encoder) as desk:
        desk.sync_evidence(progress=progress)

    assert encoded_when_read[0] > 0


def test_a_large_folder_is_not_walked_for_every_search(desk: Desk) -> None:
    times = iter([0.0, 1.0, 5.9, 6.1, 6.1])  # begins, ends after a second; asked again; asked later: begins, ends
    intake = Intake(desk.workspace, desk.settings, desk.evidence, desk.originals, desk.catalog, clock=lambda: next(times))
    assert intake.waiting() == []
    drop(desk, "vote.txt", VOTE)

    assert (intake.waiting(), intake.waiting()) == ([], ["evidence/vote.txt"])


def test_what_was_just_taken_in_does_not_wait_any_more(desk: Desk) -> None:
    times = iter([0.0, 1.0, 1.1, 1.1])
    intake = Intake(desk.workspace, desk.settings, desk.evidence, desk.originals, desk.catalog, clock=lambda: next(times))
    drop(desk, "vote.txt", VOTE)
    assert intake.waiting() == ["evidence/vote.txt"]

    intake.sync(run=Run())

    assert intake.waiting() == []


def test_marks_of_pages_and_paragraphs_are_in_the_source_and_not_in_its_event(desk: Desk) -> None:
    drop(desk, "vote.txt", f"{VOTE}\n\n{COUNT}")

    source_id = desk.sync_evidence().added[0].source_id

    assert len(desk.source(source_id)[1].places) == 2
    assert "places" not in desk.ledger.events("source", source_id)[0].payload["source"]
