"""`workbench init`, `serve`, `status`, `verify`: the workspace as a whole."""

from __future__ import annotations

import errno
import os
import socket
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.casefile import ChainOption, check_case_file
from workbench.cli.console import JsonOption, WorkspaceOption, chosen, open_desk, print_json, say
from workbench.errors import UsageError, WorkspaceError


def init(folder: Annotated[Path, typer.Argument(metavar="DIR")], as_json: JsonOption = False) -> None:
    """Make a new workspace: workbench.toml with every setting explained, claims/, evidence/."""
    from workbench.settings import TEMPLATE, Workspace  # here: `workbench --help` needs no settings

    made = Workspace(folder.expanduser().resolve())
    try:
        if made.root.exists() and (not made.root.is_dir() or any(made.root.iterdir())):
            raise WorkspaceError(
                f"{made.root} exists and is not empty; nothing was changed.",
                hint="Choose a new or empty folder.",
                code="not_empty",
            )
        for part in (made.root, made.claims, made.evidence):
            part.mkdir(parents=True, exist_ok=True)
        made.config.write_text(
            TEMPLATE.replace("{name}", made.root.name.replace("\\", " ").replace('"', " ")), encoding="utf-8"
        )
    except OSError as error:
        raise WorkspaceError(
            f"{made.root} cannot be written: {error.strerror}.", hint="Choose a folder you may write to.", code="unwritable"
        ) from error
    if as_json:
        print_json({"workspace": str(made.root)})
    else:
        say(f"Made {made.root}. Next: workbench --workspace {made.root} evidence add FILE...")


def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it answers.")] = 8501,
    host: Annotated[str, typer.Option(help="Loopback by default: nobody else on the network can reach it.")] = "127.0.0.1",
    workspace: WorkspaceOption = None,
) -> None:
    """Serve the app in the browser."""
    from workbench.settings import find_workspace, load_settings
    from workbench.settings.login import refuse_unless_fit

    found = find_workspace(chosen(workspace))
    root = found.root
    refuse_unless_fit(load_settings(found).mode, found.secrets, host)
    spec = find_spec("workbench.ui.app")
    if spec is None or spec.origin is None:
        raise WorkspaceError("The app is not part of this installation.", hint="Install the workbench again.")
    _refuse_unless_free(host, port)
    os.environ["WORKBENCH_WORKSPACE"] = str(root)
    say(f"Serving {root} on http://{host}:{port}")
    if host in ("0.0.0.0", "::"):  # noqa: S104
        say("Other machines reach it only under a name of `allowedHosts`, under [server] of .streamlit/config.toml.")
    sys.stdout.flush()
    arguments = ["--server.port", str(port), "--server.address", host, "--server.headless", "true"]
    arguments += ["--secrets.files", str(found.secrets)]  # this file and no other, whatever folder it is started in
    os.execv(sys.executable, [sys.executable, "-m", "streamlit", "run", spec.origin, *arguments])  # noqa: S606


def _refuse_unless_free(host: str, port: int) -> None:
    """Raises: WorkspaceError where something answers there already, or this machine is not called so."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what ended a moment ago is not in the way
                tried.bind(address)
    except OSError as error:
        told = f"http://{host}:{port} cannot be served: {(error.strerror or str(error)).lower()}."
        hint = f"Another workbench may be serving there already. Choose another port: --port {port % 65_535 + 1}"
        if error.errno != errno.EADDRINUSE:
            hint = "Choose another --host or --port; --host 127.0.0.1 is this machine."
        raise WorkspaceError(told, hint=hint, code="not_free") from error


def status(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Say what is in the workspace, what failed and what is stale."""
    with open_desk(workspace) as desk:
        found = desk.status()
    if as_json:
        print_json(found)
        return
    if found["records"].startswith("postgresql:"):
        say(f"Records at {found['records']}")
    say(f"{found['sources']} sources, {found['passages']} passages; index {found['index_generation'] or 'not built'}")
    if found["index_problem"]:
        say(found["index_problem"])
    say(", ".join(f"{count} {name}" for name, count in found["claims"].items()) + " (claims)")
    if found["stale_verdicts"] or found["new_evidence"]:
        told = f"{found['stale_verdicts']} verdict(s) to check again, new evidence for {found['new_evidence']} decided claim(s)"
        say(f"{told}: workbench fresh")
    for failure in found["failures"]:
        say(f"could not be read: {failure['path']} [{failure['code']}] {failure['message']} {failure['hint']}")
    for line in found["searches"]["news"]:
        say(f"{line['told']}: workbench searches news")
    if found["searches"]["to_look_through"]:
        say(f"{found['searches']['to_look_through']} saved search(es) by meaning have new files: workbench searches news")
    if found["waiting"]:
        say(f"{len(found['waiting'])} file(s) are waiting: workbench evidence sync")


def verify(
    case_file: Annotated[
        Path | None,
        typer.Argument(metavar="[CASEFILE]", help="A case file, checked without any workspace.", show_default=False),
    ] = None,
    chain: ChainOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check that the records are whole: the chain, the originals, every quoted word, the index; or a case file."""
    if case_file is not None:
        check_case_file(case_file, chain, as_json=as_json)
        return
    if chain is not None:
        raise UsageError(
            "--chain is the last link of a case file.", hint="Name the case file: workbench verify CASEFILE --chain"
        )
    from workbench.care import verify as check

    with open_desk(workspace) as desk:
        found = check(desk)
    if as_json:
        print_json(found)
    else:
        for problem in found.failures:
            say(f"FAIL  {problem}")
        for note in found.notes:
            say(f"note  {note}")
        say(
            f"{'FAIL' if found.failures else 'PASS'}: {found.events} events, {found.originals} originals, "
            f"{found.citations} citations checked."
        )
    raise typer.Exit(1 if found.failures else 0)
