"""Files in by upload: bytes to a folder of their own, to the Desk, and a line for each about what became of it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.folders import safe_name
from workbench.metadata import typed
from workbench.models import OPERATOR, AddedFile, IngestReport, SourceKind, SourceMeta, display_name
from workbench.reading import kinds_of_file
from workbench.ui import session, show, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from workbench.desk import Desk

ROUND = "upload_round"  # counts uploads: a new key empties the drop zone after each
LINES = "upload_lines"


def draw(desk: Desk) -> None:
    """The drop zone, what is known of the files, and the lines of the last upload."""
    number = st.session_state.setdefault(ROUND, 0)
    files = st.file_uploader("Add files", accept_multiple_files=True, key=f"upload-{number}")
    show.small(f"Read are: {kinds_of_file()}.")
    if files:
        said, replace = _about(number)
        if st.button(f"Take in {words.counted(len(files), 'file')}", key="take-in", type="primary"):
            _take_in(desk, files, said, replace=replace)
    lines = st.session_state.get(LINES)
    if lines:
        show.draw(*lines)


def _about(number: int) -> tuple[dict[str, Any], bool]:
    """What the person knows of these files; everything may stay empty."""
    with st.expander("What is known of them (optional)"):
        left, middle, right = st.columns(3)
        said: dict[str, Any] = {
            "title": left.text_input("Title", key=f"title-{number}"),
            "publisher": middle.text_input("Publisher", key=f"publisher-{number}"),
            "published_on": right.text_input(
                "Published on", key=f"published-{number}", placeholder="2021, 2021-06 or 2021-06-23"
            ),
            "author": left.text_input("Author", key=f"author-{number}"),
            "url": middle.text_input("Address", key=f"url-{number}", placeholder="https://"),
            "archived_url": left.text_input("Archived copy", key=f"archived-{number}", placeholder="https://"),
            "captured_by": middle.text_input("Captured by", key=f"captured-{number}", help="Who saved it from the web."),
            "kind": right.selectbox(
                "Kind", list(get_args(SourceKind)), index=None, format_func=lambda one: words.KIND[one], key=f"kind-{number}"
            ),
        }
        replace = st.checkbox(
            "Replace files of the same name", key=f"replace-{number}", help="The old version is kept in records/."
        )
    return {name: value.strip() for name, value in said.items() if value and value.strip()}, replace


def _take_in(desk: Desk, files: Sequence[UploadedFile], said: dict[str, Any], *, replace: bool) -> None:
    try:
        meta = SourceMeta.model_validate(typed(said)) if said else None
    except WorkbenchError as error:
        show.notice(f"Nothing was taken in. {error.message}", "Mend it and press the button again.")
        return
    with tempfile.TemporaryDirectory(prefix="workbench-upload-") as folder:
        names: dict[str, str] = {}
        for place, file in enumerate(files):
            path = Path(folder, str(place), safe_name(file.name))
            path.parent.mkdir()
            path.write_bytes(file.getbuffer())
            names[str(path)] = display_name(file.name)
        actor = session.reviewer() or OPERATOR
        with _Progress() as progress:
            report = desk.add_evidence(
                [Path(path) for path in names], meta=meta, replace=replace, actor=actor, progress=progress
            )
    st.session_state[LINES] = lines_of(report, names)
    st.session_state[ROUND] += 1
    st.rerun()


def take_in_folder(desk: Desk) -> None:
    """Take in what people dropped into evidence/, with progress; the lines are shown by `draw`."""
    with _Progress() as progress:
        try:
            report = desk.sync_evidence(progress=progress)
        except WorkbenchError as error:
            show.problem(error)
            st.stop()
    st.session_state[LINES] = lines_of(report.model_copy(update={"unchanged": ()}), {})


def show_lines(report: IngestReport) -> None:
    """Have `draw` show what became of these files the next time the page is drawn."""
    st.session_state[LINES] = lines_of(report, {})


class _Progress:
    """A bar with the counts of everything being done at once, taken away when the work is done."""

    def __enter__(self) -> _Progress:
        self._bar = st.progress(0.0, text="Reading")
        self._counts: dict[str, tuple[int, int]] = {}
        return self

    def __call__(self, what: str, done: int, total: int) -> None:
        self._counts[what] = (done, total)
        told = " · ".join(f"{name}: {now:,} of {all_:,}" for name, (now, all_) in self._counts.items())
        behind = min(now / all_ if all_ else 1.0 for now, all_ in self._counts.values())
        self._bar.progress(min(1.0, behind), text=told)

    def __exit__(self, *_: object) -> None:
        self._bar.empty()


def lines_of(report: IngestReport, names: dict[str, str]) -> list[Safe]:
    """One line per file, as it was called by whoever gave it: what became of it, and what to do where it failed."""

    def name(path: str) -> str:
        inside = next((given for given in names if path == given or path.startswith(f"{given}/")), None)  # a file in a file
        return path.removeprefix("evidence/") if inside is None else names[inside] + path[len(inside) :]

    lines = [_added("Added", one, name(one.path)) for one in report.added]
    lines += [_added("Replaced", one, name(one.path)) for one in report.replaced]
    lines += [_line("Unchanged", name(known.path), "was in the library already") for known in report.unchanged]
    lines += [_line("Gone", name(known.path), "no longer in evidence/; its original is kept") for known in report.removed]
    for failure in report.failed:
        remedy = failure.hint.replace("give --replace", "tick “Replace files of the same name”")
        called = name(failure.path)
        told = failure.message.removeprefix(f"{called.rsplit('/', 1)[-1]}: ")
        lines.append(_line("Failed", called, told, remedy))
    return lines


def _added(state: str, one: AddedFile, name: str) -> Safe:
    told = f"searchable, {words.counted(one.passages, 'passage')}"
    return _line(state, name, told, " ".join(f"{warning.rstrip('.')}." for warning in one.warnings))


def _line(state: str, name: str, told: str, more: str = "") -> Safe:
    first = tag(
        "p", "", tag("span", "stance", state), " ", tag("span", "", name, dir="auto"), ": ", tag("span", "", told, dir="auto")
    )
    return tag("div", "cited", first, *([tag("p", "quiet", more, dir="auto")] if more else []))
