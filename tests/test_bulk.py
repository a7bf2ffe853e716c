"""Many files at once: every one accounted for, stopped and gone on with, and a table of what became of each."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.conftest import FakeEncoder
from workbench.desk import Desk
from workbench.errors import ModelError, StaleIndex, UsageError
from workbench.exports.intake import form_of, write_rows
from workbench.models import Failure, KnownFile
from workbench.tally import FileRow, Run
from workbench.under_way import Background

WORDS = ("The vote was fair.", "119 countries voted for it.", "Nobody saw fraud.")
# good, double, empty, no text at all
CONTENTS = st.sampled_from([*(word.encode() for word in WORDS), b"", b" \n", b"\x00\x01\x02 binary"])
NAMES = st.sampled_from(["a.txt", "b.txt", "c.txt", "=cmd.txt", "in/a.txt", "in/deeper/b.txt", "README.txt"])
FOLDERS = st.dictionaries(NAMES, CONTENTS, max_size=6)


def fill(folder: Path, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def outcomes(rows: tuple[FileRow, ...]) -> list[str]:
    return sorted(row.outcome for row in rows)


def drop_some(desk: Desk, count: int) -> None:
    fill(desk.workspace.evidence, {f"{number:02}.txt": f"Observer {number} saw nothing.".encode() for number in range(count)})


@pytest.mark.process
@settings(max_examples=8)
@given(before=FOLDERS, after=FOLDERS, stopped_after=st.none() | st.integers(0, 4))
def test_every_file_of_a_folder_is_accounted_for(
    before: dict[str, bytes], after: dict[str, bytes], stopped_after: int | None
) -> None:
    with tempfile.TemporaryDirectory() as place:
        home = Path(place, "desk")
        fill(home, {"workbench.toml": b'name = "x"\n', "evidence/README": b""})
        with Desk.open(home, encoder=FakeEncoder) as desk:
            fill(desk.workspace.evidence, before)
            desk.sync_evidence()
            fill(desk.workspace.evidence, after)
            run = Run()

            def stop(what: str, done: int, total: int) -> None:
                if what == "Reading" and done == stopped_after:
                    run.stop()

            report = desk.stock.sync(run=run, progress=stop)

            files = {name for name in before | after if name != "README.txt"}
            done = len(report.added) + len(report.replaced) + len(report.unchanged) + len(report.failed)
            assert done + run.left == len(files)
            assert len(desk.stock.rows(run)) == done + len(report.removed)
            assert sum(map(len, vars(desk.sync_evidence()).values())) == len(files)
            assert (desk.waiting(), desk.catalog.problems(desk.settings)) == ([], [])


@pytest.mark.process
def test_a_stopped_intake_is_searchable_as_far_as_it_came_and_goes_on_from_there(desk: Desk) -> None:
    drop_some(desk, 6)
    run = Run()

    report = desk.stock.sync(run=run, progress=lambda what, done, total: run.stop() if done == 2 else None)

    assert (len(report.added), run.left, len(desk.waiting())) == (3, 3, 3)
    assert "Observer 1 saw nothing." in [hit.text for hit in desk.find("What did observer 1 see?").hits]
    again = desk.sync_evidence()
    assert (len(again.added), len(again.unchanged), desk.waiting()) == (3, 3, [])


@pytest.mark.process
def test_what_became_of_each_file_is_known_later_and_when_the_model_failed(home: Path) -> None:
    class Failing(FakeEncoder):
        def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
            raise ModelError("no memory")

    with Desk.open(home, encoder=Failing) as desk:
        fill(desk.workspace.evidence, {"a.txt": b"The vote was fair.", "b.txt": b""})
        with pytest.raises(ModelError):
            desk.sync_evidence()

    with Desk.open(home, encoder=FakeEncoder) as again:
        rows = {row.path: row for row in again.stock.last_rows()}
        again.sync_evidence()
    assert {path: row.outcome for path, row in rows.items()} == {"evidence/a.txt": "added", "evidence/b.txt": "failed"}
    assert (rows["evidence/a.txt"].passages, rows["evidence/b.txt"].code) == (1, "empty_file")
    assert rows["evidence/a.txt"].seconds is not None


def test_a_row_is_safe_in_a_spreadsheet_and_whole_in_json() -> None:
    run = Run(clock=iter([1.0, 3.5]).__next__)
    with run.timing("=cmd().txt", "evidence/=cmd().txt"):
        run.tally.failed.append(Failure(path="=cmd().txt", code="empty_file", message="It is empty.", hint="+1"))
    run.tally.unchanged.append(KnownFile(path="/tmp/0/b.txt"))
    run.names["/tmp/0/b.txt"] = "b.txt"

    rows = run.rows(lambda path: ["a" * 64])
    table = list(csv.DictReader(io.StringIO(write_rows(rows, ".csv").decode("utf-8-sig"))))

    assert [(row["path"], row["outcome"], row["hint"], row["seconds"]) for row in table] == [
        ("b.txt", "unchanged", "", ""),
        ("'=cmd().txt", "failed", "'+1", "2.5"),
    ]
    assert json.loads(write_rows(rows, ".json"))["files"][1]["path"] == "=cmd().txt"


def test_a_report_in_another_form_is_refused_before_anything_is_taken_in() -> None:
    with pytest.raises(UsageError, match=r"\.pdf"):
        form_of(".pdf")


def test_one_intake_at_a_time_goes_on_in_the_background_and_is_stopped() -> None:
    background = Background()

    def work(run: Run, progress: object) -> object:
        run._stop.wait(30)
        return run.tally.report()

    going = background.begin(work)  # type: ignore[arg-type]
    with pytest.raises(StaleIndex, match="already"):
        background.begin(work)  # type: ignore[arg-type]

    background.close()

    assert (going.is_done, going.error, background.current) == (True, None, None)
