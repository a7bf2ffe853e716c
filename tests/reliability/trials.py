"""The trials by name, long and short, and the figures they must reach.

A trial gives figures; a figure names the row of RELIABILITY.md section 1 that it backs. What is tried is in the modules beside.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from hypothesis import settings

from tests.reliability import disks, hostile, office, power, traced
from tests.reliability.contention import contend, replay
from tests.reliability.drill import drill
from tests.reliability.guards import GUARDS
from tests.reliability.jobs import JOBS
from tests.reliability.many import take_in_all
from tests.reliability.model import explore
from tests.reliability.mutants import mutate
from tests.reliability.newsroom import at_once, soak
from tests.reliability.points import ACTIONS, Bench, at_random, sweep

PEOPLE_DO = tuple(name for name in JOBS if name not in GUARDS)
NEXT_START = 5.0  # seconds
READING_SECONDS, READING_MB = (
    22.0,
    1_024,
)  # of one file: 20 s are a file's own, the rest starts a process in place of a killed one
DRIFT, FEW, JOURNAL_MOST = 0.05, 4, 8_000_000  # of a soak: memory, open files (each thread has some at once), bytes
STAYS = 200  # megabytes more than before, of what a server holds when large files were sent to it
FAIR = 4  # times as many saves of others as there are writers may go before one that waits: SQLite's waiting is no queue
SHORT_STEP = 71  # of the points of a job, those that the short form tries; a prime, so that it meets all kinds of them


@dataclass(frozen=True)
class Scale:
    """How much is tried. url: of a ledger to contend for, or None for a file in the trial's folder.

    part: (which, of how many) parts of a long trial, so that each fits into the minutes there are.
    """

    long: bool
    seed: int
    url: str | None = None
    part: tuple[int, int] = (1, 1)

    def of(self, long: int, short: int) -> int:
        """The number for this scale."""
        return long if self.long else short


class Figure(NamedTuple):
    """What was reached. row: of RELIABILITY.md section 1."""

    row: int
    what: str
    reached: str
    ok: bool


Trial = Callable[[Path, Scale], Iterator[Figure]]


def scratch() -> str | None:
    """Where trials lie: in memory where that is a disk, since a killed process (unlike a power cut) loses nothing written."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else None


def crash(jobs: tuple[str, ...], actions: tuple[str, ...], folder: Path, scale: Scale) -> Iterator[Figure]:
    """Jobs with these actions at every point (in short: at a few)."""
    bench = Bench(folder)
    for line in sweep(
        bench, jobs=jobs, actions=actions, first=scale.part[0], every=scale.of(scale.part[1], SHORT_STEP * len(actions))
    ):
        print(f"      {line}", file=sys.stderr, flush=True)
    yield from _told(bench)


def moments(jobs: tuple[str, ...], folder: Path, scale: Scale) -> Iterator[Figure]:
    """Kills at random moments of each job in turn."""
    bench = Bench(folder)
    for line in at_random(
        bench, jobs=jobs, kills=scale.of(420 // scale.part[1], len(jobs)), seed=scale.seed + scale.part[0] - 1
    ):
        print(f"      {line}", file=sys.stderr, flush=True)
    yield from _told(bench)


def _told(bench: Bench) -> Iterator[Figure]:
    found = bench.found
    for problem in found.problems[:20]:
        print(f"      {problem}", file=sys.stderr)
    tried = ", ".join(f"{name} {count}" for name, count in found.tried.items())
    lost = sum("lost" in problem or "changed" in problem for problem in found.problems)
    yield Figure(1, f"{found.tried.total()} points ({tried})", f"{len(found.problems)} failures", not found.problems)
    if found.acked:
        yield Figure(1, f"{found.acked} acknowledged verdicts", f"{lost} lost", not lost)
    took = f"{found.slowest:.2f} s of CPU at most"
    yield Figure(1, "the next start, with its job done again", took, found.slowest <= NEXT_START)


def model(folder: Path, scale: Scale) -> Iterator[Figure]:
    """A ledger beside its model."""
    runs, steps = scale.of(500 // scale.part[1], 3), scale.of(50, 15)
    explore(examples=runs, steps=steps, first=scale.seed + scale.part[0], server=scale.url)
    done = "save, replay, conflict, interrupt, draft, reopen, back up, restore"
    yield Figure(3, f"{runs} x {steps} random steps ({done})", "as modelled", True)


def contention(writers: int, each: int, folder: Path, scale: Scale) -> Iterator[Figure]:
    """Writers at once."""
    each = each // scale.part[1] if scale.long else 12
    found = contend(scale.url or f"sqlite:///{folder}/ledger.sqlite", writers=writers, each=each)
    adds_up = found.accepted + found.conflicts == found.attempts
    sums = f"{found.accepted} accepted + {found.conflicts} conflicts = {found.accepted + found.conflicts} of {found.attempts}"
    yield Figure(3, f"{writers} processes x {each} verdicts", sums, adds_up and found.accepted > 0)
    silent = found.overwritten + found.lost + len(found.faults)
    yield Figure(3, "silent overwrites, lost or doubled records, faults of the chain", str(silent), not silent)
    yield Figure(
        3, "errors that reached a user", f"{found.errors} ({found.busy} saves found it busy and tried again)", not found.errors
    )
    told = f"{found.cpu_ms:.0f} ms of CPU, {found.slowest_ms:.0f} ms by the clock, at a load of {os.getloadavg()[0]:.0f}"
    yield Figure(3, "99 of 100 saves took at most", told, True)
    fair = not scale.long or found.ahead <= FAIR * writers  # among a dozen saves one stopped process is the 99th percentile
    yield Figure(3, "99 of 100 saves let at most so many others go first", f"{found.ahead} of {writers} writers", fair)


def newsroom(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Verdicts while files are taken in, reports written, searches made and backups taken."""
    writers, each = scale.of(8, 2), scale.of(125, 3)
    found = at_once(folder, writers=writers, each=each)
    for problem in found.problems[:20]:
        print(f"      {problem}", file=sys.stderr)
    sums = f"{found.accepted} accepted + {found.conflicts} conflicts = {found.accepted + found.conflicts} of {found.attempts}"
    yield Figure(3, f"{writers} desks x {each} verdicts", sums, found.accepted + found.conflicts == found.attempts)
    beside = ", ".join(f"{count} x {name}" for name, count in sorted(found.beside.items()))
    yield Figure(3, f"meanwhile: {beside}", f"{len(found.problems)} failures", not found.problems and len(found.beside) == 4)


def soaked(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Reviewers at work for minutes."""
    seconds = scale.of(600, 2)
    found = soak(folder, seconds=seconds)
    for problem in found.problems[:20]:
        print(f"      {problem}", file=sys.stderr)
    what = f"8 reviewers for {seconds} s: {found.drafts} drafts, {found.verdicts} verdicts"
    yield Figure(16, what, f"{len(found.problems)} failures", not found.problems and found.verdicts > 0)
    drift = f"{found.rss_drift:+.1%} at {found.rss_mb:.0f} MB; {found.descriptors[1]} after {found.descriptors[0]}"
    steady = not scale.long or (found.rss_drift < DRIFT and found.descriptors[1] <= found.descriptors[0] + FEW)
    yield Figure(16, "drift of memory, and open files, from the second quarter to the last", drift, steady)
    journal = f"{found.journal_bytes / 1000:.0f} kB at most"
    yield Figure(16, "journal or write-ahead log in the last quarter", journal, found.journal_bytes < JOURNAL_MOST)


def tokens(folder: Path, scale: Scale) -> Iterator[Figure]:
    """One token, again and again, from several processes."""
    times = scale.of(1000, 40)
    rows, answers = replay(scale.url or f"sqlite:///{folder}/ledger.sqlite", times=times)
    yield Figure(4, f"{times} replays of one token by 4 processes", f"{rows} row, {answers} answer", (rows, answers) == (1, 1))


def hostile_files(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Hostile files through the real reading process."""
    first, every = scale.part if scale.long else (7, 90)
    tried: dict[str, list[hostile.Tried]] = {}
    for one in hostile.try_all(folder, seed=scale.seed, first=first, every=every):
        tried.setdefault(one.code, []).append(one)
        if one.problem or one.cpu > READING_SECONDS or one.peak_mb > READING_MB:
            print(f"      {one.name}: {one.cpu:.1f} s, {one.peak_mb} MB, {one.problem}", file=sys.stderr, flush=True)
    every_one = [one for ones in tried.values() for one in ones]
    wrong = sum(bool(one.problem) for one in every_one)
    yield Figure(7, f"{len(every_one)} hostile files", f"{wrong} crashes, hangs, silent empties or broken promises", not wrong)
    for code, ones in sorted(tried.items(), key=lambda item: -len(item[1])):
        cpu, peak = max(one.cpu for one in ones), max(one.peak_mb for one in ones)
        told = f"{len(ones)}, at most {cpu:.1f} s of CPU and {peak} MB each"
        yield Figure(7, f"hostile files: `{code}`", told, cpu <= READING_SECONDS and peak <= READING_MB)


def power_cuts(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Jobs under strace, and what a power cut would leave of them at many moments."""
    command = traced.program()
    if command is None:
        yield Figure(2, "power cuts", "not shown (strace is not installed, or may not watch here)", True)
        return
    names = PEOPLE_DO[scale.part[0] - 1 :: scale.part[1]] if scale.long else ("save",)
    found = power.cut(command, folder, jobs=names, cuts=scale.of(12, 2), seed=scale.seed)
    for problem in found.problems[:20]:
        print(f"      {problem}", file=sys.stderr)
    what = (
        f"{found.tried} power cuts at moments among {found.calls} calls ({', '.join(names)}), what was not synced lost or not"
    )
    yield Figure(2, what, f"{len(found.problems)} failures", not found.problems)
    if found.acked:
        synced = f"{found.synced} had all of the ledger on the disk before"
        yield Figure(2, f"{found.acked} acknowledged verdicts", synced, found.synced == found.acked)


def many_files(folder: Path, scale: Scale) -> Iterator[Figure]:
    """A run over ten thousand files."""
    found = take_in_all(folder, files=scale.of(10_000, 100))
    for problem in found.problems[:20]:
        print(f"      {problem}", file=sys.stderr)
    codes = ", ".join(f"{count} {code}" for code, count in sorted(found.failed.items()))
    sums = f"{found.added} taken in + {found.failed.total()} failed ({codes}) + {found.same} known = {found.told}"
    yield Figure(9, f"a run over {found.files} files ({found.cpu_seconds:.0f} s of CPU)", sums, found.told == found.files)
    told = "every file told of once, a second run takes in none, everything verifies"
    yield Figure(9, told, f"{len(found.problems)} failures", not found.problems)


def drafts(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Lines cut and servers killed under people who write."""
    from tests.reliability.writing import write

    outages = (5, 130) if scale.long else (5,)
    found = write(folder, people=scale.of(5, 1), outages=outages)
    for one in found.lost:
        print(f"      {one}", file=sys.stderr)
    what = f"{found.runs} browsers cut off or their server killed for {' or '.join(map(str, outages))} s while somebody types"
    yield Figure(5, what, f"{len(found.lost)} lost of {found.texts} texts", not found.lost and found.texts == 2 * found.runs)


def uploads(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Large files sent to a server."""
    from tests.reliability.uploads import upload

    files = scale.of(20, 3)
    found = upload(folder, files=files, megabytes=50)
    what = f"{files} x 50 MB sent through the page Evidence: the server's memory, {found.base:.0f} MB before"
    told = f"{found.after:.0f} MB after, {found.peak:.0f} MB at most"
    yield Figure(16, what, told, found.after <= found.base + STAYS)


def index(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Mutations of an index."""
    found = mutate(folder, count=scale.of(200, 12), seed=scale.seed)
    for line in found.missed:
        print(f"      {line}", file=sys.stderr)
    every = f"{found.tried} mutations of index files"
    yield Figure(6, f"{every}, caught before FAISS or tantivy read one", str(found.caught), found.caught == found.tried)
    yield Figure(6, f"{every}, the same ten found after the rebuild", str(found.mended), found.mended == found.tried)


def round_trips(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Records of any text through files and back: the laws of the test suite, with more examples."""
    from tests import test_claims, test_exports

    laws = (
        test_exports.test_json_reads_back_equal_in_any_script,
        test_exports.test_csv_cells_read_back_equal_in_any_script,
        test_claims.test_any_claim_written_reads_back_equal,
    )
    count = scale.of(3334, 5)
    for law in laws:
        chosen = law._hypothesis_internal_use_settings  # type: ignore[attr-defined]
        law._hypothesis_internal_use_settings = settings(chosen, max_examples=count, database=None)  # type: ignore[attr-defined]
        law()
    yield Figure(10, f"{count * len(laws)} records through JSON, CSV and claim files", "all equal", True)


def small_disk(folder: Path, scale: Scale) -> Iterator[Figure]:
    """A small disk that fills up, in a mount namespace of its own."""
    arguments = ["disk-inside", *([] if scale.long else ["--short"]), "--figures", str(folder)]
    ended = disks.inside(arguments)
    if ended is None or not (folder / "disk-inside.json").exists():
        why = "no mounts are allowed here" if ended is None else ended.stderr[-300:]
        yield Figure(8, "a small disk", f"not shown ({why}); the failpoint `full` of every job stands in", True)
        return
    print(ended.stderr, file=sys.stderr, end="")
    for one in json.loads((folder / "disk-inside.json").read_text(encoding="utf-8"))["figures"]:
        yield Figure(**one)


def disk_inside(folder: Path, scale: Scale) -> Iterator[Figure]:
    """What runs in the namespace."""
    jobs = ("save", "begin", "ingest", "export", "backup") if scale.long else ("save",)
    found = disks.on_small_disks(folder, jobs=jobs, margins=scale.of(240, 10), step=scale.of(4, 5))
    for problem in found.problems[:20]:
        print(f"      {problem}", file=sys.stderr)
    what = f"{found.tried} runs on a tmpfs of 6 MB, full but for 0, 4, 8 ... pages, or read-only ({', '.join(jobs)})"
    yield Figure(
        8,
        what,
        f"{found.refused} refused in clear words, {found.done} done, {len(found.problems)} failures",
        not found.problems,
    )


def restore_drill(folder: Path, scale: Scale) -> Iterator[Figure]:
    """A backup and a restore of a newsroom's size."""
    found = drill(folder, verdicts=scale.of(10_000, 50), files=scale.of(1_000, 10))
    what = f"{found.events} events and {found.files} files backed up and restored"
    took = f"{'; '.join(found.differences) or 'byte-equal'}, {found.seconds:.0f} s ({found.cpu_seconds:.0f} s of CPU)"
    yield Figure(14, what, took, not found.differences)


def spreadsheet(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Reports with formulas in every field, opened by LibreOffice."""
    command = office.program()
    if command is None:
        yield Figure(10, "csv and xlsx in LibreOffice", "not shown (it is not installed)", True)
        return
    found = office.opened(command, folder)
    for one in found.computed[:20]:
        print(f"      {one}", file=sys.stderr)
    what = f"{found.cells} cells of csv and xlsx with formulas in every field, opened by LibreOffice"
    yield Figure(10, what, f"{len(found.computed)} computed", not found.computed)


def xss(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Payloads in every field and every view, in Chromium."""
    from tests.reliability.xss import look

    found = look(folder, every=scale.of(1, 9))
    for problem in (*found.drawn, *found.asked, *found.refused, *found.wide, *found.errors)[:30]:
        print(f"      {problem}", file=sys.stderr)
    what = f"{found.payloads} payloads in every field, {found.views} views and {found.parts} of their folds and dialogs"
    harm = len(found.dialogs) + len(found.asked) + len(found.drawn)
    told = (
        f"{len(found.dialogs)} dialogs, {len(found.asked)} foreign requests, {len(found.drawn)} elements or formats of theirs"
    )
    yield Figure(11, what, told, not harm)
    yield Figure(11, "refusals of the content policy on them", str(len(found.refused)), not found.refused)
    failed = f"{len(found.errors)} could not be looked at, {len(found.wide)} wider than the window"
    yield Figure(
        11, "the same views, with a word of 10,000 letters and turned text", failed, not found.errors and not found.wide
    )


def sessions(folder: Path, scale: Scale) -> Iterator[Figure]:
    """Visitors who type at once."""
    from tests.reliability.sessions import mingle

    visitors, actions = scale.of(16, 3), scale.of(200 // scale.part[1], 5)
    found = mingle(folder / "desk", visitors=visitors, actions=actions, seed=scale.seed + scale.part[0])
    for problem in (*found.sightings, *found.failures)[:20]:
        print(f"      {problem}", file=sys.stderr)
    what = f"{visitors} sessions x {actions} actions ({found.pages} pages opened, {found.typed} texts typed)"
    yield Figure(13, what, f"{len(found.sightings)} words of another seen", not found.sightings)
    yield Figure(13, "errors of a page on the way", str(len(found.failures)), not found.failures)


TRIALS: dict[str, Trial] = {
    "spreadsheet": spreadsheet,
    **{f"{action}-{name}": partial(crash, (name,), (action,)) for action in ACTIONS for name in PEOPLE_DO},
    "kill-random": partial(moments, PEOPLE_DO),
    "guards": partial(crash, tuple(GUARDS), ("kill", "error", "interrupt")),
    "model": model,
    "contention-8": partial(contention, 8, 1000),
    "contention-32": partial(contention, 32, 250),
    "newsroom": newsroom,
    "soak": soaked,
    "tokens": tokens,
    "hostile": hostile_files,
    "power": power_cuts,
    "many-files": many_files,
    "index": index,
    "round-trips": round_trips,
    "disk": small_disk,
    "disk-inside": disk_inside,
    "restore-drill": restore_drill,
    "drafts": drafts,
    "uploads": uploads,
    "sessions": sessions,
    "xss": xss,
}
SHORT = (  # what `make test` runs of them, in one process; the others are held there by tests of their own
    *("kill-save", "kill-ingest", "kill-migrate", "kill-backup", "kill-random"),
    *("full-ingest", "error-backup", "interrupt-save", "guards", "contention-8", "tokens", "newsroom", "disk"),
)
__all__ = ["SHORT", "TRIALS", "Figure", "Scale", "scratch"]
