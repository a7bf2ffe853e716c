"""Files in by upload: bytes to a folder of their own, to the Desk, and a line for each about what became of it.

They are taken in in the background: the page can be used, left and closed meanwhile, and the intake stopped and gone on with.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import streamlit as st

from workbench.errors import WorkbenchError
from workbench.exports.intake import write_rows
from workbench.folders import safe_name
from workbench.metadata import typed
from workbench.models import AddedFile, IngestReport, SourceKind, SourceMeta, display_name
from workbench.progress import Progress
from workbench.reading.formats import kinds_of_file
from workbench.tally import Run, called
from workbench.tongue import N_, _, counted
from workbench.ui import session, show, words
from workbench.ui.show import Safe, tag
from workbench.under_way import UnderWay, Work

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from workbench.desk import Desk

STAGES = (N_("Reading"), N_("Encoding"))  # as an intake calls what it is at
ROUND = "upload_round"  # counts uploads: a new key empties the drop zone after each
LINES = "upload_lines"
MINE = "intake_begun_here"  # the UnderWay this browser began
LEFT = "intake_stopped_here"  # the one it stopped
BEAT = 0.5  # seconds between two looks at how far it is


def draw(desk: Desk) -> None:
    """The drop zone, what is known of the files, and the lines of the last upload; while files are taken in, how far it is."""
    going = desk.stock.background.current
    if going is not None:
        _watch(going)
        return
    _take_over()
    number = st.session_state.setdefault(ROUND, 0)
    files = st.file_uploader(_("Add files"), accept_multiple_files=True, key=f"upload-{number}")
    show.small(_("Can be read: {kinds}.", kinds=kinds_of_file()))
    if files:
        said, replace = _about(number)
        if st.button(counted(len(files), "Take in {count} file", "Take in {count} files"), key="take-in", type="primary"):
            _take_in(desk, files, said, replace=replace)
    _what_is_left(desk)
    lines = st.session_state.get(LINES)
    if lines:
        show.draw(*lines)


def last_report(desk: Desk) -> None:
    """What the last intake did with each file, to take away; nothing where there was none."""
    if desk.stock.has_last_rows:
        st.download_button(
            _("Report of the last intake"),
            data=lambda: write_rows(desk.stock.last_rows(), ".csv"),
            file_name="intake.csv",
            mime="text/csv",
            key="intake-report",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )


@st.fragment(run_every=BEAT)
def _watch(going: UnderWay) -> None:
    """How far it is, drawn again and again while the rest of the page can be used; the page is drawn anew at its end."""
    if going.is_done:
        st.rerun()
    counts, left = going.counts(), going.seconds_left()
    told = [_("{stage}: {now} of {all}", stage=_(name), now=now, all=all_) for name, (now, all_) in counts.items()]
    told += [_how_long(left)] if left and left >= 1 else []
    behind = min((now / all_ if all_ else 1.0 for now, all_ in counts.values()), default=0.0)
    st.progress(min(1.0, behind), text=" · ".join(told) or _("Beginning"))
    if going.run.is_stopped:
        show.small(_("Stopping after the file in hand. What was read is being made searchable."))
    else:
        st.button(_("Stop"), key="stop-intake", help=_("After the file in hand. What was read stays."), on_click=going.run.stop)


def _take_over() -> None:
    """Show what became of the intake this browser began, once it has ended. What it died of is raised after that."""
    mine: UnderWay | None = st.session_state.get(MINE)
    if mine is None:
        return
    st.session_state[MINE] = None
    names, report = mine.run.names, mine.run.tally.report()
    st.session_state[LINES] = lines_of(report if names else report.model_copy(update={"unchanged": ()}), names)
    st.session_state[LEFT] = mine if mine.run.left else None
    if mine.error is not None:
        raise mine.error


def _what_is_left(desk: Desk) -> None:
    """After a stop: how many files are left, and the button that goes on with them."""
    stopped: UnderWay | None = st.session_state.get(LEFT)
    if stopped is None:
        return
    show.notice(
        counted(
            stopped.run.left,
            "Stopped: {count} file left. What was read before is in the library.",
            "Stopped: {count} files left. What was read before is in the library.",
        )
    )
    if st.button(_("Go on"), key="go-on-intake"):
        _begin(desk, stopped.work)


def _begin(desk: Desk, work: Work) -> None:
    """Have files taken in in the background, and draw the page anew with how far it is."""
    st.session_state[MINE] = desk.stock.background.begin(work)
    st.session_state[LINES] = st.session_state[LEFT] = None
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1
    st.rerun()


def _about(number: int) -> tuple[dict[str, Any], bool]:
    """What the person knows of these files; everything may stay empty."""
    with st.expander(_("What is known of them (optional)")):
        left, middle, right = st.columns(3)
        said: dict[str, Any] = {
            "title": left.text_input(_("Title"), key=f"title-{number}"),
            "publisher": middle.text_input(_("Publisher"), key=f"publisher-{number}"),
            "published_on": right.text_input(
                _("Published on"), key=f"published-{number}", placeholder=_("2021, 2021-06 or 2021-06-23")
            ),
            "author": left.text_input(_("Author"), key=f"author-{number}"),
            "url": middle.text_input(_("Address"), key=f"url-{number}", placeholder="https://"),
            "archived_url": left.text_input(_("Archived copy"), key=f"archived-{number}", placeholder="https://"),
            "captured_by": middle.text_input(_("Captured by"), key=f"captured-{number}", help=_("Who saved it from the web.")),
            "kind": right.selectbox(
                _("Kind"), list(get_args(SourceKind)), index=None, format_func=lambda one: words.KIND[one], key=f"kind-{number}"
            ),
        }
        replace = st.checkbox(
            _("Replace files of the same name"), key=f"replace-{number}", help=_("The old version is kept in records/.")
        )
    return {name: value.strip() for name, value in said.items() if value and value.strip()}, replace


def _take_in(desk: Desk, files: Sequence[UploadedFile], said: dict[str, Any], *, replace: bool) -> None:
    try:
        meta = SourceMeta.model_validate(typed(said)) if said else None
    except WorkbenchError as error:
        show.notice(_("Nothing was taken in. {message}", message=error.message), _("Mend it and press the button again."))
        return
    folder = tempfile.TemporaryDirectory(prefix="workbench-upload-", ignore_cleanup_errors=True)
    names: dict[str, str] = {}
    for place, file in enumerate(files):
        path = Path(folder.name, str(place), safe_name(file.name))
        path.parent.mkdir()
        path.write_bytes(file.getvalue())  # a buffer of it would be a second copy
        names[str(path)] = display_name(file.name)
        session.let_go(file)
    actor = session.whoever()

    def work(run: Run, progress: Progress) -> IngestReport:
        run.names.update(names)
        report = desk.stock.add(
            [Path(one) for one in names], meta=meta, replace=replace, actor=actor, progress=progress, run=run
        )
        if not run.left:  # else they wait there until somebody goes on with them, or takes other files in
            folder.cleanup()
        return report

    _begin(desk, work)


def take_in_folder(desk: Desk) -> None:
    """Take in what people dropped into evidence/; `draw` shows how far it is, and then the lines."""
    _begin(desk, lambda run, progress: desk.stock.sync(progress=progress, run=run))


def show_lines(report: IngestReport) -> None:
    """Have `draw` show what became of these files the next time the page is drawn."""
    st.session_state[LINES] = lines_of(report, {})


def _how_long(seconds: float) -> str:
    if seconds < 90:
        return _("about {seconds:.0f} s left", seconds=seconds)
    return (
        _("about {seconds:.0f} min left", seconds=seconds / 60)
        if seconds < 5_400
        else _("about {seconds:.1f} h left", seconds=seconds / 3600)
    )


def lines_of(report: IngestReport, names: Mapping[str, str]) -> list[Safe]:
    """One line per file, as it was called by whoever gave it: what became of it, and what to do where it failed."""

    def name(path: str) -> str:
        return called(path, names).removeprefix("evidence/")

    lines = [_added(_("Added"), one, name(one.path)) for one in report.added]
    lines += [_added(_("Replaced"), one, name(one.path)) for one in report.replaced]
    lines += [_line(_("Unchanged"), name(known.path), _("was in the library already")) for known in report.unchanged]
    lines += [_line(_("Gone"), name(known.path), _("no longer in evidence/; its original is kept")) for known in report.removed]
    for failure in report.failed:
        remedy = failure.hint.replace("give --replace", "tick “Replace files of the same name”")
        file = name(failure.path)
        told = failure.message.removeprefix(f"{file.rsplit('/', 1)[-1]}: ")
        lines.append(_line(_("Failed"), file, told, remedy))
    return lines


def _added(state: str, one: AddedFile, name: str) -> Safe:
    told = counted(one.passages, "searchable, {count} passage", "searchable, {count} passages")
    return _line(state, name, told, " ".join(f"{warning.rstrip('.')}." for warning in one.warnings))


def _line(state: str, name: str, told: str, more: str = "") -> Safe:
    first = tag(
        "p", "", tag("span", "stance", state), " ", tag("span", "", name, dir="auto"), ": ", tag("span", "", told, dir="auto")
    )
    return tag("div", "cited", first, *([tag("p", "quiet", more, dir="auto")] if more else []))
