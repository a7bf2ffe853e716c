"""Whether a workspace may be served as its mode says: bound to this machine alone, or behind a login that can be trusted.

What lives here: what is wrong with an address or with the settings of the login, all of it at once, each in a sentence. What
does not: the login itself (ui/), who is let in (people.py). The file is Streamlit's own, `.streamlit/secrets.toml`, so that a
secret stands in one place, apart from workbench.toml, which people mail to one another.
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from workbench.errors import SettingsError

SECRET_BYTES = 32  # RELIABILITY.md case 72
SECRET_KINDS = 12  # different characters: 32 random hex digits have 14 of 16, and fewer than 10 once in a million
CALLBACK = "/oauth2callback"  # where Streamlit takes the answer of a login
_PLACEHOLDER = re.compile(r"change.?me|placeholder|example|secret|password|your.|xxx|1234|abcd|<|>", re.IGNORECASE)
MAKE_ONE = 'python -c "import secrets; print(secrets.token_urlsafe(48))"'


def refuse_unless_fit(mode: str, secrets: Path, host: str | None) -> None:
    """Raises: SettingsError saying everything that keeps the app from being served under this address. host: None for any.

    secrets: the file with the settings of the login.
    """
    if mode == "local":
        if not is_loopback(host):
            raise SettingsError(
                f"This workspace is in local mode, without a login: it answers only on this machine, not on {host or 'all'}.",
                hint='Use --host 127.0.0.1; or set mode = "team" in workbench.toml and give it a login: docs/team.md.',
                code="not_loopback",
            )
        return
    faults = login_faults(secrets, host)
    if faults:
        raise SettingsError(
            f"This workspace is in team mode, and its login cannot be trusted yet: {' '.join(faults)}",
            hint=f"Mend {secrets}: docs/team.md says how.",
            code="login",
        )


def is_loopback(host: str | None) -> bool:
    """Whether nothing beyond this machine reaches an address."""
    try:
        return host == "localhost" or ipaddress.ip_address((host or "").strip("[]")).is_loopback
    except ValueError:
        return False


def login_faults(secrets: Path, host: str | None) -> list[str]:
    """What is wrong with the settings of the login, a sentence each; [] where people may log in."""
    try:
        mode, text = secrets.stat().st_mode, secrets.read_text(encoding="utf-8")
        told: dict[str, Any] = tomllib.loads(text)
    except FileNotFoundError:
        return [f"There is no {secrets}."]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return [f"{secrets} cannot be read as TOML: {error}."]
    auth = told.get("auth")
    if not isinstance(auth, Mapping) or not auth:
        return ["It has no [auth] section."]
    faults = [] if not mode & 0o007 else [f"Everybody on this machine may open {secrets.name}; run: chmod o-rwx {secrets}."]
    if find_spec("authlib") is None:
        faults.append("The login's library is not installed; run: pip install 'claim-workbench[team]'.")
    return [
        *faults,
        *(f"[auth] {name} is missing." for name in ("client_id", "client_secret") if not _text(auth, name)),
        *_provider_faults(auth),
        *_cookie_faults(_text(auth, "cookie_secret")),
        *_redirect_faults(_text(auth, "redirect_uri"), host),
        *(["[auth] expose_tokens hands the provider's tokens to the pages; leave it out."] if "expose_tokens" in auth else []),
    ]


def _text(auth: Mapping[str, Any], name: str) -> str:
    value = auth.get(name)
    return value.strip() if isinstance(value, str) else ""


def _provider_faults(auth: Mapping[str, Any]) -> list[str]:
    named = [name for name, value in auth.items() if isinstance(value, Mapping) and name != "client_kwargs"]
    if named:
        return [f"[auth.{named[0]}] is not used: a workspace has one provider, whose settings stand in [auth] itself."]
    url = _text(auth, "server_metadata_url")
    return [] if _is_safe(url) else ["[auth] server_metadata_url must be the https address of the provider's metadata."]


def _cookie_faults(secret: str) -> list[str]:
    """What is guessed is worth nothing: whoever knows it can be anybody."""
    size = len(secret.encode())
    if size < SECRET_BYTES:
        return [f"[auth] cookie_secret has {size} bytes and needs {SECRET_BYTES}; make one: {MAKE_ONE}."]
    if len(set(secret)) < SECRET_KINDS or secret in (secret + secret)[1:-1] or _PLACEHOLDER.search(secret):
        return [f"[auth] cookie_secret is not random; make one: {MAKE_ONE}."]
    return []


def _redirect_faults(uri: str, host: str | None) -> list[str]:
    """Only https, but where the browser is on this machine too and nobody else can reach the app: nothing crosses a network."""
    parts = urlsplit(uri)
    if not _is_safe(uri) or parts.path != CALLBACK:
        return [f"[auth] redirect_uri must be https://YOUR.ADDRESS{CALLBACK}."]
    if parts.scheme == "http" and not is_loopback(host):
        return [
            f"[auth] redirect_uri begins with http:, so the app may be served on this machine only, not on {host or 'any'}."
        ]
    return []


def _is_safe(url: str) -> bool:
    parts = urlsplit(url)
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname)))
