"""H4 and H13: a newsroom at work on one workspace. Verdicts, files, reports, searches and backups at once, or for a long time.

Everybody in the first is a process with a desk of its own, as a command line beside a server is; in the second a thread of one
process, as the reviewers of one server are.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from unittest import mock

from tests.conftest import ANA, NOON, FakeEncoder, make_claim
from tests.reliability.forks import Ended, Say, together
from tests.reliability.jobs import HereRoom
from workbench import intake
from workbench.backup import backup, check
from workbench.care import verify
from workbench.cli import report
from workbench.desk import Desk
from workbench.errors import Conflict, WorkbenchError
from workbench.models import Draft, Reviewer, VerdictRequest

CLAIMS = 5
LONGEST = 3_600  # seconds that one of them may take on a machine that other work shares
WORDS = "The resolution passed by 119 votes to 1, said observer number {}. Nobody abstained."


class Worked(NamedTuple):
    """What became of the attempts to save, how often everything beside them was done meanwhile, and what does not hold."""

    attempts: int
    accepted: int
    conflicts: int
    beside: Counter[str]
    problems: list[str]


@contextmanager
def _desk(home: Path) -> Iterator[Desk]:
    with mock.patch.object(intake, "ReadingRoom", HereRoom), Desk.open(home, encoder=FakeEncoder, now=lambda: NOON) as desk:
        yield desk


def opened_newsroom(home: Path) -> None:
    """A workspace with claims and a file, for everybody to open."""
    (home / "evidence").mkdir(parents=True)
    (home / "claims").mkdir()
    (home / "workbench.toml").write_text('name = "Newsroom"\n', encoding="utf-8")
    (home / "evidence" / "first.txt").write_text(WORDS.format(0), encoding="utf-8")
    with _desk(home) as desk:
        for number in range(CLAIMS):
            desk.add_claim(make_claim(f"claim-{number}"), actor=ANA)
        desk.sync_evidence()


def at_once(folder: Path, *, writers: int, each: int) -> Worked:
    """So many processes save so many verdicts each, all as one person on the same claims; four others work until they end."""
    home, done = folder / "newsroom", folder / "done"
    done.mkdir()
    opened_newsroom(home)
    writing = [lambda say, number=number: _writer(home, number, each, done, say) for number in range(writers)]
    beside = [
        lambda say, work=work: _beside(home, work, done, writers, say) for work in (_takes_in, _reports, _searches, _backs_up)
    ]
    ended = together([*writing, *beside], longest=LONGEST)
    problems = [f"{one.raised or 'a process was killed'}" for one in ended if one.raised or one.killed]
    problems += [" ".join(line) for one in ended for line in one.of("PROBLEM")]
    accepted = {line[0]: line[1] for one in ended for line in one.of("ACK")}
    with _desk(home) as desk:
        problems += verify(desk).failures
        stored = {event.token: event.hash for event in desk.ledger.since() if event.kind == "verdict-recorded"}
        problems += [f"the verdict {token} was lost or changed" for token in accepted if stored.get(token) != accepted[token]]
        if len(stored) != len(accepted):
            problems.append(f"{len(stored)} verdicts are stored and {len(accepted)} were acknowledged")
        for case in desk.claims():
            if [one.revision for one in case.verdicts] != [*range(1, len(case.verdicts) + 1)]:
                problems.append(f"the revisions of {case.claim.id} are not one after the other")
    conflicts = sum(len(one.of("CONFLICT")) for one in ended)
    return Worked(writers * each, len(accepted), conflicts, _counted(ended), problems)


def _counted(ended: list[Ended]) -> Counter[str]:
    return Counter(line[0] for one in ended for line in one.of("DID"))


def _writer(home: Path, number: int, each: int, done: Path, say: Say) -> None:
    try:
        with _desk(home) as desk:
            for attempt in range(each):
                claim, token = f"claim-{(number + attempt) % CLAIMS}", f"w{number}-{attempt}"
                seen = len(desk.case(claim).verdicts)
                request = _request(claim, token, based_on=seen)
                try:
                    say("ACK", token, desk.record(request).hash)
                except Conflict:
                    say("CONFLICT", token)
                except WorkbenchError as error:
                    say("PROBLEM", "a save ended in", error.code, error.message)
    finally:
        (done / str(number)).touch()


def _request(claim: str, token: str, *, by: Reviewer = ANA, based_on: int | None = None) -> VerdictRequest:
    words = f"Why {token}. " * 9
    return VerdictRequest(
        claim_id=claim, rating="not-enough-evidence", reviewer=by, token=token, rationale=words, based_on=based_on
    )


def _beside(home: Path, work: Callable[[Desk, int, Path], str], done: Path, writers: int, say: Say) -> None:
    with _desk(home) as desk:
        number = 0
        while len(list(done.iterdir())) < writers or not number:
            number += 1
            problem = work(desk, number, done.parent)
            say(*(("PROBLEM", problem) if problem else ("DID", work.__name__.strip("_").replace("_", "-"))))


def _takes_in(desk: Desk, number: int, _: Path) -> str:
    (desk.workspace.evidence / f"{number}.txt").write_text(WORDS.format(number), encoding="utf-8")
    return "; ".join(failed.message for failed in desk.sync_evidence().failed)


def _reports(desk: Desk, number: int, folder: Path) -> str:
    report.to_file(folder / "report.md", desk.reporting.pieces("md"))
    return "" if "The election was marred by fraud." in (folder / "report.md").read_text(encoding="utf-8") else "half a report"


def _searches(desk: Desk, number: int, _: Path) -> str:
    return "" if desk.find("resolution votes observer").hits else "a search found nothing"


def _backs_up(desk: Desk, number: int, folder: Path) -> str:
    made = folder / f"backup-{number}"
    backup(desk, made, now=NOON)
    problems = check(made).problems
    shutil.rmtree(made)
    return "; ".join(problems)


# --- for a long time -----------------------------------------------------------------------------------------------


class Soaked(NamedTuple):
    """What a long run used. The drift: of the last quarter's mean over the second's, as a share; the first warms up."""

    drafts: int
    verdicts: int
    rss_mb: float
    rss_drift: float
    descriptors: tuple[int, int]  # at most in the second quarter, and in the last
    journal_bytes: int  # the largest journal or write-ahead log seen in the last quarter
    problems: list[str]


class _Sample(NamedTuple):
    rss_mb: float
    descriptors: int
    journal_bytes: int


def soak(folder: Path, *, seconds: float, reviewers: int = 8) -> Soaked:
    """Reviewers of one server type drafts that grow, save them and search, for so long; what the process uses is sampled."""
    home, problems, counted = folder / "newsroom", list[str](), Counter[str]()
    opened_newsroom(home)
    until, samples = time.monotonic() + seconds, list[_Sample]()
    with _desk(home) as desk:
        people = [threading.Thread(target=_review, args=(desk, n, until, counted, problems)) for n in range(reviewers)]
        for one in people:
            one.start()
        while any(one.is_alive() for one in people):
            samples.append(_sample(desk.workspace.ledger))
            time.sleep(min(1.0, seconds / 20))  # not a wait for something to happen: the distance between two samples
        problems += verify(desk).failures
    quarter = max(1, len(samples) // 4)
    early, late = samples[quarter : 2 * quarter] or samples, samples[-quarter:]
    before, after = (sum(one.rss_mb for one in part) / len(part) for part in (early, late))
    descriptors = (max(one.descriptors for one in early), max(one.descriptors for one in late))
    journal = max(one.journal_bytes for one in late)
    return Soaked(counted["draft"], counted["verdict"], after, after / before - 1, descriptors, journal, problems)


def _sample(ledger: Path) -> _Sample:
    resident = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    journals = 0
    for suffix in ("-journal", "-wal"):
        try:
            journals += os.stat(f"{ledger}{suffix}").st_size
        except FileNotFoundError:
            continue
    return _Sample(resident, len(os.listdir("/proc/self/fd")), journals)


def _review(desk: Desk, number: int, until: float, counted: Counter[str], problems: list[str]) -> None:
    reviewer, saved = Reviewer.self_declared(f"Reviewer {number}"), 0
    try:
        while time.monotonic() < until:
            claim, token = f"claim-{saved % CLAIMS}", f"r{number}-{saved}"
            text = ""
            for sentence in range(40):
                text += f"Sentence {sentence} of a thought that grows. "
                draft = Draft(claim_id=claim, reviewer=reviewer, token=token, updated_at=NOON, rationale=text)
                desk.ledger.change_draft(draft, lambda _, draft=draft: draft)  # type: ignore[misc]
                counted["draft"] += 1
            kept = desk.ledger.draft(claim, reviewer)
            if kept is None or kept.rationale != text:
                problems.append(f"a draft of {reviewer.display_name} was lost")
            desk.find(f"votes {number} {saved}")
            desk.record(_request(claim, token, by=reviewer))
            counted["verdict"] += 1
            saved += 1
    except WorkbenchError as error:
        problems.append(f"{error.code}: {error.message}")
