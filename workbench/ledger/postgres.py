"""All that is particular to PostgreSQL: how a server is reached, what its errors mean, and that no password is told.

What lives here: addresses, connections, error codes. What does not: tables and events (records.py), making a ledger and saving
into it (server.py). With server.py the only place that knows psycopg, which is imported when the first address is opened.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from workbench.errors import LedgerDamaged, LedgerError
from workbench.ledger.database import overtaken, token_taken

OLDEST = 13  # PostgreSQL that can say what became of a transaction (pg_xact_status of an xid8)
CONNECT_SECONDS = 5
# Kept open, and opened besides while many ask at once: Streamlit draws each page in a thread, a server takes 100 by default.
CONNECTIONS, MORE = 5, 15
# A machine that vanished is noticed in half a minute, not in the two hours that TCP takes by itself.
KEEPALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 20_000}
_ADDRESS = "postgresql+psycopg://USER@HOST/DATABASE"
_EXTRA = "pip install 'claim-workbench[postgres]'"


def parsed(address: str) -> URL:
    """The address of a server, taken apart. Raises: LedgerError, which does not hold the address: it may have a password."""
    try:
        url = make_url(address).set(drivername="postgresql+psycopg")
        told = "it names no database" if not url.database else "it cannot be taken apart" if "@" in (url.host or "") else ""
    except (ArgumentError, ValueError):  # they quote what was not understood: part of a password, perhaps
        told = "it cannot be taken apart"
    if told:
        hint = f"Write records.url as {_ADDRESS}; in a password or a name @ is %40, / is %2F, : is %3A and % is %25."
        raise LedgerError(f"records.url is not the address of a database: {told}.", hint=hint, code="ledger_address")
    return url


def shown(url: URL) -> str:
    """The address for people: no password, and of the options none but the host, in which one could stand."""
    host = url.host or next(iter(url.normalized_query.get("host", ())), "")
    port = f":{url.port}" if url.port else ""
    user = f"{url.username}@" if url.username else ""
    return f"postgresql://{user}{host}{port}/{url.database}"


def connected(url: URL, *, busy_seconds: float, asked_first: bool = True) -> Engine:
    """An engine that keeps a few connections. asked_first: each whether it still stands; else whoever uses a lost one is told.

    Raises: LedgerError without a driver.
    """
    wanted: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "application_name": "workbench", **KEEPALIVE}
    wanted["prepare_threshold"] = None  # nothing is left on a connection, which a pooler between may give to somebody else
    try:
        return create_engine(
            url,
            pool_size=CONNECTIONS,
            max_overflow=MORE,
            pool_timeout=busy_seconds,
            pool_pre_ping=asked_first,  # a server started again, a proxy that closed what was idle: nobody is told of it
            isolation_level="READ COMMITTED",  # whoever waited for the turn sees what was saved meanwhile
            hide_parameters=True,  # what is saved stands in no error
            use_native_hstore=False,
            connect_args={name: value for name, value in wanted.items() if name not in url.query},
        )
    except ImportError as error:
        hint = f"Install it: {_EXTRA}"
        raise LedgerError(f"{shown(url)} needs psycopg ({error}).", hint=hint, code="driver_missing") from error


def is_lost(error: DBAPIError) -> bool:
    """Whether the connection is gone: what was asked last may have been done or not."""
    state = _state(error)
    return error.connection_invalidated or state.startswith(("08", "57P")) or (not state and _is_operational(error))


def is_busy(error: DBAPIError) -> bool:
    """Whether others were in the way: nothing was written, and trying again is safe."""
    return _state(error) in {"40001", "40P01", "55P03"}


def _state(error: DBAPIError) -> str:
    return str(getattr(error.orig, "sqlstate", None) or "")


def _is_operational(error: DBAPIError) -> bool:
    return type(error.orig).__name__ in {"OperationalError", "ConnectionTimeout", "InterfaceError"}


_UNSAVED = "Nothing was acknowledged; drafts are kept."
_LOGIN = (
    "Check the user and the password in records.url, in PGPASSWORD or in ~/.pgpass, and that pg_hba.conf lets this machine in."
)
_CREATE = "Make it: CREATE DATABASE workbench OWNER workbench ENCODING 'UTF8'; or mend the name at the end of records.url."
_RIGHTS = f"{_UNSAVED} The user needs to own the tables, or the database or schema they are to be made in: docs/postgres.md."
_RUNNING = f"{_UNSAVED} Check that the server runs and that host and port in records.url are right, then try again."
# Error codes by their beginning -> type, code, what happened, what to do next.
_MEANINGS: tuple[tuple[tuple[str, ...], type[LedgerError], str, str, str], ...] = (
    (("40001", "40P01", "55P03"), LedgerError, "ledger_busy", "is in use by others", f"{_UNSAVED} Try again."),
    (("28",), LedgerError, "ledger_login", "refuses the login", _LOGIN),
    (("3D000",), LedgerError, "ledger_absent", "has no such database", _CREATE),
    (
        ("53100",),
        LedgerError,
        "disk_full",
        "cannot grow: the server's disk is full",
        f"{_UNSAVED} Free some space, then try again.",
    ),
    (("53",), LedgerError, "ledger_busy", "takes no more work now", f"{_UNSAVED} Try again, or raise max_connections there."),
    (("42501",), LedgerError, "ledger_unwritable", "does not let this user write", _RIGHTS),
    (
        ("25006",),
        LedgerError,
        "ledger_unwritable",
        "is a copy that only reads (a standby)",
        f"{_UNSAVED} Name the primary server in records.url, or all of them with ?target_session_attrs=read-write.",
    ),
    (("57014",), LedgerError, "ledger_busy", "gave the statement up", f"{_UNSAVED} Try again."),
    (
        ("42P01", "42703", "42883", "XX"),
        LedgerDamaged,
        "ledger_damaged",
        "has lost part of itself",
        "Nothing was changed. Run `workbench doctor`; put the database back from its newest dump: docs/postgres.md.",
    ),
)
# Before a login there is no code, only words; of another language than these they are told as they are.
_WORDS = (
    ("password authentication failed", "28P01"),
    ("no password supplied", "28P01"),
    ("no pg_hba.conf entry", "28000"),
    ('role "', "28000"),
    ('database "', "3D000"),
    ("too many clients", "53300"),
    ("remaining connection slots", "53300"),
)


def explain(error: DBAPIError, url: URL) -> LedgerError:
    """The error a person is shown for one of the database's."""
    state, told = _state(error), _told(error, url)
    if state == "23505":
        return _explain_taken(error, url)
    if not state:
        state = next((code for words, code in _WORDS if words in told), "")
    for beginnings, kind, code, happened, hint in _MEANINGS:
        if state.startswith(beginnings):
            return kind(f"{shown(url)} {happened} ({told}).", hint=hint, code=code)
    if is_lost(error):
        return LedgerError(f"{shown(url)} cannot be reached ({told}).", hint=_RUNNING, code="ledger_unreachable")
    return LedgerError(f"{shown(url)} could not be used ({told}).", hint="Run `workbench doctor`; nothing was acknowledged.")


def _told(error: DBAPIError, url: URL) -> str:
    """The first line of what the server said, without the password, whatever it quotes."""
    lines = str(error.orig).strip().splitlines()
    first = lines[0].rstrip(".") if lines else type(error.orig).__name__
    secrets = [url.password, *url.normalized_query.get("password", ())]
    for secret in filter(None, secrets):
        first = first.replace(secret, "***")
    return first


def _explain_taken(error: DBAPIError, url: URL) -> LedgerError:
    rule = str(getattr(getattr(error.orig, "diag", None), "constraint_name", ""))
    if rule == "one_save_per_token":
        return token_taken()
    if rule in {"one_order_per_subject", "one_revision_per_actor"}:
        return overtaken()
    return LedgerError(f"{shown(url)} refused the record ({rule}).", hint="Nothing was written. Run `workbench verify`.")


def unconfirmed(error: LedgerError) -> LedgerError:
    """The error of a save of which nobody knows whether it arrived: the server went away while it was being committed."""
    return LedgerError(
        f"{error.message.rstrip('.')}, and it went away while a save was being committed.",
        hint="It is not confirmed; the draft is kept. Save again when the server is back: the same save is stored once.",
        code="not_confirmed",
    )
