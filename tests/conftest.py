"""Fixtures every test may use: real stores in tmp_path, a deterministic encoder, no network, no checkout."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
import regex
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir
from numpy.typing import NDArray

from tests import servers
from workbench import extract, intake, pages
from workbench.casefile import checking
from workbench.desk import Desk
from workbench.errors import FileFailure
from workbench.models import Claim, Reviewer, Source
from workbench.progress import Progress, no_progress
from workbench.reading import ReadingRoom
from workbench.settings import EvidenceSettings

CHECKOUT = Path(__file__).resolve().parents[1]
SHARED = CHECKOUT.parent / "shared"

set_hypothesis_home_dir(CHECKOUT / ".hypothesis")  # the working folder of a test is another one: see `elsewhere`
settings.register_profile("workbench", deadline=None)  # this machine is shared: a slow example says nothing
settings.load_profile("workbench")

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
ANA = Reviewer.self_declared("Ana")
BO = Reviewer.self_declared("Bo")
SOURCE_ID = "cd" * 32  # of whatever `read` reads
Read = Callable[[str, bytes | str], Source]


class FakeEncoder:
    """Hashed words, 64 dimensions: texts that share words are near, nothing is downloaded, every run is the same."""

    dimension = 64
    fingerprint = "fake-encoder-64"
    max_words = 200
    notice: str | None = None

    def encode(self, texts: Sequence[str], *, query: bool = False) -> NDArray[np.float32]:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in regex.findall(r"\w+", text.lower()):
                slot = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % self.dimension
                vectors[row, slot] += 1.0
            vectors[row, 0] += 1e-3  # an empty text still has a direction
        unit: NDArray[np.float32] = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
        return unit


@pytest.fixture
def fake_encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("../shared is not here: this test reads the development articles")
    return SHARED


def make_claim(claim_id: str = "a-claim", statement: str = "The election was marred by fraud.", **fields: object) -> Claim:
    return Claim.model_validate({"id": claim_id, "statement": statement, **fields})


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A new workspace folder: settings, claims/, evidence/, nothing in them."""
    folder = tmp_path / "desk"
    for part in ("claims", "evidence"):
        (folder / part).mkdir(parents=True)
    (folder / "workbench.toml").write_text('name = "Test desk"\n', encoding="utf-8")
    return folder


@pytest.fixture
def desk(home: Path) -> Iterator[Desk]:
    """The desk of `home`, with the fake encoder: everything else is real."""
    with Desk.open(home, encoder=FakeEncoder) as opened:
        yield opened


# --- the records lie in a file, or on a server ---------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server, one for the whole run; without one, what needs it is skipped and says why."""
    with ExitStack() as until_the_end:
        try:
            address = until_the_end.enter_context(servers.a_server())
        except servers.NoServer as why:
            pytest.skip(str(why))
        yield address


@pytest.fixture
def on_server(postgres: str) -> Iterator[str]:
    """The address of a place on the server where there is no ledger yet."""
    with servers.a_schema(postgres) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a ledger that is not there yet: what is tested with it holds in both databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.sqlite"
    found: str = request.getfixturevalue("on_server")
    return found


@pytest.fixture(scope="session", autouse=True)
def caches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The user's cache folder of this run, which processes started by tests share: a model is converted in it once."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.getbasetemp().parent / "caches"
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


# --- files are read ------------------------------------------------------------------------------------------------


class KeptRoom(ReadingRoom):
    """A room that leaves its reading process to the next room of the same limits: to start one takes most of a second."""

    processes: ClassVar[dict[tuple[int, float], ReadingRoom]] = {}

    def __init__(self, limits: EvidenceSettings, *, kept_pages: Path | None = None, progress: Progress = no_progress) -> None:
        super().__init__(limits, kept_pages=kept_pages, progress=progress)
        key = (limits.memory_mb, limits.seconds_per_file)
        if key not in self.processes:
            self.processes[key] = ReadingRoom(limits)
        self._kept = self.processes[key]

    def _asked(self, request: dict[str, Any], shown: str) -> dict[str, Any]:
        return self._kept._asked(request, shown)


@pytest.fixture(scope="session", autouse=True)
def kept_processes() -> Iterator[None]:
    """Every intake of this run reads in the same processes; a test of the process itself opens a ReadingRoom of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (intake, pages, extract, checking):
            patch.setattr(module, "ReadingRoom", KeptRoom)
        yield
    for one in KeptRoom.processes.values():
        one.close()


@pytest.fixture(scope="session")
def room() -> Iterator[ReadingRoom]:
    """One reading process for every test that needs none of its own: whatever a file does to it, the next one is read."""
    with ReadingRoom(EvidenceSettings()) as opened:
        yield opened


@pytest.fixture
def read(room: ReadingRoom, tmp_path: Path) -> Read:
    """Writes bytes, or a text in UTF-8, to a file and reads it under that name in the real reading process."""

    def write_and_read(name: str, data: bytes | str) -> Source:
        path = tmp_path / "original"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return room.read(path, name=name, source_id=SOURCE_ID)

    return write_and_read


def failure(read: Read, name: str, data: bytes) -> FileFailure:
    """Why a file is not read."""
    with pytest.raises(FileFailure) as caught:
        read(name, data)
    assert caught.value.hint, "a failure says what to do next"
    return caught.value


# --- the checkout stays as it is -----------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The working folder of every test, and of a process that is started without one: no workspace is in or above it."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("elsewhere")
        patch.chdir(folder)
        patch.delenv("WORKBENCH_WORKSPACE", raising=False)
        yield folder


@pytest.fixture(autouse=True)
def main_stays() -> Iterator[None]:
    """Puts back what AppTest leaves as `__main__`: a spawned process runs that first, and a page opens a workspace."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before


def tree_state(checkout: Path) -> list[str]:
    """What git sees changed or untracked in a checkout, and whether a workspace was opened in it; a line for each."""
    git = ["git", "-C", str(checkout), "status", "--porcelain", "--untracked-files=all"]
    seen = subprocess.run(git, capture_output=True, text=True, check=False)
    opened = [(name, checkout / name) for name in ("records", ".workbench")]
    return [
        *seen.stdout.splitlines(),
        *seen.stderr.splitlines(),
        *(f"{name}/ written at {path.stat().st_mtime_ns}" for name, path in opened if path.exists()),
    ]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Remember the checkout as it was; the controller does, not its workers."""
    if not hasattr(session.config, "workerinput"):
        session.config.stash[TREE_BEFORE] = tree_state(CHECKOUT)


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail the run if any test wrote into the checkout or opened it as a workspace."""
    before = session.config.stash.get(TREE_BEFORE, None)
    if before is None or (after := tree_state(CHECKOUT)) == before:
        return
    changes = "\n".join(f"  {line}" for line in sorted(set(before) ^ set(after)))
    sys.stderr.write(
        f"\nThe suite changed the checkout; tests write to tmp_path only. What git sees before or after, not both:\n{changes}\n"
    )
    session.exitstatus = 1


TREE_BEFORE = pytest.StashKey[list[str]]()
