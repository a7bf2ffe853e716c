"""Where a bench run works: its plan, its temporary folder, the commands and the materials that several rows share."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.benchmark.speed import rival
from workbench.benchmark.speed.children import Child, ChildFailed, Finished, listening, run_to_end
from workbench.benchmark.speed.texts import Texts, write_files
from workbench.encoders import model_folder
from workbench.encoders.torch_runtime import OFFLINE
from workbench.settings import CONFIG_NAME, Settings

Tell = Callable[[str], None]

PEERS = ("txtai", "chromadb")
NOT_FOR_CHILDREN = ("WORKBENCH_WORKSPACE", "PYTHONDONTWRITEBYTECODE")
QUIET = {  # of the rivals and of Streamlit: nothing leaves the machine, nothing is counted
    **OFFLINE,
    "ANONYMIZED_TELEMETRY": "False",
    "DO_NOT_TRACK": "1",
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "STREAMLIT_RUNNER_MAGIC_ENABLED": "false",  # as .streamlit/config.toml serves the pages
}


@dataclass(frozen=True)
class Plan:
    """What one run measures. passages: in the evidence folder; encoded: how many of them the encoding row takes.

    changed: passages of the workspace that one file is added to; million: passages of the largest one, 0 to leave it out.
    claims: of the workspace that is clicked through, with five times as many passages and half as many verdicts.
    many_claims: of the row claims, which are imported, listed and filtered.
    decided: claims in the row standing; files: new ones there, each of per_file passages.
    queries: asked of each store in a round. saves: verdicts recorded in a round. records: whole `verdict record` processes.
    """

    passages: int = 600
    encoded: int = 192
    changed: int = 20_000
    million: int = 0
    many_claims: int = 5_000
    decided: int = 1_000
    files: int = 100
    per_file: int = 20
    queries: int = 40
    saves: int = 100
    records: int = 5
    claims: int = 500
    rounds: int = 3
    peers: bool = False
    peer_python: Path = Path(sys.executable)
    texts: Path | None = None
    seed: int = 20_211
    made_up: int | None = None  # tests: the seed of an encoder that takes the place of the model in the million row


@dataclass
class Site:
    """The folder of one run, and what is made in it once."""

    plan: Plan
    home: Path
    tell: Tell
    filled: set[str] = field(default_factory=set)  # whose store holds the evidence
    _unavailable: dict[str, str] | None = None  # why each peer that is left out is; None before they were tried

    @cached_property
    def texts(self) -> Texts:
        """The texts of the plan. Raises: WorkbenchError `bad_benchmark`."""
        return Texts.made_up(self.plan.seed) if self.plan.texts is None else Texts.of_folder(self.plan.texts, self.plan.seed)

    @cached_property
    def model(self) -> str:
        """The folder of the model everybody uses. Raises: ModelError."""
        return str(model_folder(Settings().search.model))

    @cached_property
    def env(self) -> Mapping[str, str]:
        """The environment of every child: offline, quiet, in no workspace, its temporary files in the folder of the run.

        It may keep bytecode, as everywhere else: without, we would be compiled at each start and installed peers would not.
        """
        kept = {name: value for name, value in os.environ.items() if name not in NOT_FOR_CHILDREN}
        return {**kept, **QUIET, "TMPDIR": str(self.home)}

    @cached_property
    def evidence(self) -> Path:
        """A folder of text files that makes the plan's number of passages."""
        folder = self.home / "files"
        write_files(folder, self.texts.passages(self.plan.passages))
        return folder

    @cached_property
    def pieces(self) -> list[str]:
        """The passages of our own store, once it is filled: what every rival is given."""
        path = self.home / "pieces.json"
        self.once("ours", "pieces", workspace=str(self.home / "store-ours"), to=str(path))
        pieces: list[str] = json.loads(path.read_text(encoding="utf-8"))
        return pieces

    def kept(self, name: str, value: Any) -> str:
        """A JSON file of the run with that value; its path."""
        path = self.home / f"{name}.json"
        path.write_text(json.dumps(value), encoding="utf-8")
        return str(path)

    def folder(self, name: str) -> Path:
        """An empty folder of the run, whatever was in it."""
        path = self.home / name
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        return path

    def workspace(self, name: str) -> Path:
        """An empty workspace of the run with every setting at its default."""
        path = self.folder(name)
        for part in ("claims", "evidence"):
            (path / part).mkdir()
        (path / CONFIG_NAME).write_text('name = "Bench"\n', encoding="utf-8")
        return path

    @cached_property
    def small(self) -> Path:
        """A workspace of one file, its model made ready: what cold starts and pages open."""
        self.tell("a small workspace")
        path = self.workspace("small")
        files = self.home / "one"
        write_files(files, self.texts.passages(40), per_file=40)
        self.command("evidence", "add", str(files), "--json", workspace=path)
        return path

    # children ------------------------------------------------------------------------------------------------------

    def command(self, *arguments: str, workspace: Path) -> Finished:
        """The `workbench` command as a whole process. Raises: ChildFailed."""
        return run_to_end([sys.executable, "-m", "workbench", "-w", str(workspace), *arguments], env=self.env, cwd=self.home)

    def once(self, program: str, do: str, **request: Any) -> tuple[Finished, Any]:
        """One request as a whole process of `ours`, `million` or a rival: what it cost, and its answer. Raises: ChildFailed."""
        command = [*self._program(program), json.dumps({"do": do, **request})]
        finished = run_to_end(command, env=self.env, cwd=self.home)
        return finished, json.loads(finished.out)

    @contextmanager
    def child(self, program: str) -> Iterator[Child]:
        """A process of `ours`, `million` or a rival that waits for questions."""
        with listening(self._program(program), env=self.env, cwd=self.home) as child:
            yield child

    def _program(self, program: str) -> list[str]:
        if program in ("ours", "million", "clicks", "many_claims"):
            return [sys.executable, "-m", f"workbench.benchmark.speed.{program}"]
        python = self.plan.peer_python if program in PEERS else Path(sys.executable)
        return [str(python), "-I", rival.__file__]  # isolated: PYTHONPATH is ours, and this folder would hide modules

    # who takes part ------------------------------------------------------------------------------------------------

    @property
    def rivals(self) -> tuple[str, ...]:
        """The plain script, and the peers that were asked for and have not failed; why others do not is in `absent`."""
        if self._unavailable is None:
            self._unavailable = {} if self.plan.peers else dict.fromkeys(PEERS, "not asked for; give --peers")
            for peer in PEERS if self.plan.peers else ():
                with self.may_fail(peer):
                    self.once(peer, "load", rival=peer, model=self.model)
        return ("plain", *(peer for peer in PEERS if peer not in self._unavailable))

    def absent(self) -> dict[str, str]:
        """Why each peer that does not take part does not."""
        _ = self.rivals
        return dict(self._unavailable or {})

    @contextmanager
    def may_fail(self, who: str) -> Iterator[None]:
        """From here on do without a peer whose process fails in the block. Raises: ChildFailed for anybody else's."""
        try:
            yield
        except ChildFailed as error:
            if who not in PEERS:
                raise
            self._unavailable = {**(self._unavailable or {}), who: error.message}

    def rival_versions(self) -> dict[str, dict[str, str]]:
        """The versions each peer runs with, of what decides its speed."""
        names = ["txtai", "chromadb", "sentence-transformers", "transformers", "torch", "faiss-cpu", "numpy", "onnxruntime"]
        return {peer: self.once(peer, "versions", packages=names)[1] for peer in self.rivals if peer in PEERS}
