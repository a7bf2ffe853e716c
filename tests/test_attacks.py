"""The server as an attacker meets it: Streamlit with the routes and the gate, in this process, spoken to past every page.

What the login adds (forged cookies, roles) is in the tests of the login; what a hostile text does on a page, in tests/e2e.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from streamlit import config, net_util
from streamlit.runtime import Runtime
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.testing.v1 import AppTest

from workbench.desk import Desk
from workbench.ui import session
from workbench.ui.app import MAIN_PAGE, wiring

ADDRESS = "http://127.0.0.1:8501"
STREAM = "/_stcore/stream"
DEPLOY = Path(__file__).resolve().parents[1] / "deploy"


@pytest.fixture
def server(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The app as it is served, on a workspace with nothing in it."""

    def looked_up(*_: object) -> None:
        raise AssertionError("Streamlit asks the internet for this machine's address")

    monkeypatch.setattr(net_util, "get_external_ip", looked_up)
    session.use_desk(desk)
    with TestClient(st.App(MAIN_PAGE, **wiring()), base_url=ADDRESS) as client:
        yield client
    session.use_desk(None)
    Runtime._instance = None  # Streamlit keeps one a process


def test_the_server_turns_away_what_no_page_of_ours_sends(server: TestClient) -> None:
    """One server for all of them: it takes a second to start."""
    for name in (
        "evil.example",
        "127.0.0.1.evil.example",
        "evil.example:8501",
        "user@127.0.0.1",
        "127.0.0.1:x",
        "",
        "[::1",
        "*",
    ):
        answer = server.get("/", headers={"host": name})
        assert (name, answer.status_code) == (name, 421)
        assert name not in ("", "*") or "This server does not answer" in answer.text
    for name in ("127.0.0.1:8501", "localhost:8501", "LOCALHOST", "[::1]:8501"):
        assert (name, server.get("/healthz", headers={"host": name}).status_code) == (name, server.get("/healthz").status_code)

    assert server.get("/_stcore/metrics").status_code == 404
    assert server.get("/_stcore/metrics/").status_code == 404
    assert server.options("/_stcore/metrics").status_code == 404

    public = server.get("/api/v1/claims", headers={"origin": "https://evil.example"})
    assert (public.status_code, public.headers.get("access-control-allow-origin")) == (200, None)
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert server.request(method, "/api/v1/claims").status_code == 405
        assert server.request(method, "/feeds/verdicts.atom").status_code == 405
        assert server.request(method, "/healthz", headers={"origin": "https://evil.example"}).status_code == 403
    assert server.get("/api/v1/claims", headers={"x-http-method-override": "DELETE"}).status_code == 200

    for path in OUTSIDE:
        answer = server.get(path)
        assert "root:" not in answer.text
        assert 'name = "Test desk"' not in answer.text, path
        assert "Index of" not in answer.text
        assert answer.status_code in (400, 404) or "<!doctype html>" in answer.text.lower(), path
    for path in ("/", "/static/", "/healthz", "/nothing", "/_stcore/metrics", "/media/none"):
        headers = server.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")


OUTSIDE = (
    "/media/../../../etc/passwd",
    "/media/%2e%2e/%2e%2e/etc/passwd",
    "/media/..%2f..%2fetc%2fpasswd",
    "/static/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%5c..%5cetc%5cpasswd",
    "/app/static/%2e%2e/workbench.toml",
    "/app/static/..%2fworkbench.toml",
    "/component/../../etc/passwd",
    "/_stcore/bidi-components/%2e%2e/%2e%2e/etc/passwd",
    "/api/v1/claims/..%2f..%2fworkbench.toml",
    "/workbench.toml",
    "/records/ledger.sqlite",
    "/evidence/",
    "/.streamlit/secrets.toml",
    "/%00",
    "//etc/passwd",
)


def test_pages_elsewhere_open_no_connection(server: TestClient) -> None:
    strangers = (
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},  # another server of this machine
        {"origin": "http://localhost:8501", "host": "127.0.0.1:8501"},
        {"origin": "null"},
        {"origin": "http://evil.example", "host": "evil.example"},  # a name pointed at this machine
        {"host": "evil.example"},
    )
    for headers in strangers:
        with pytest.raises(WebSocketDisconnect), server.websocket_connect(STREAM, headers=headers):
            pytest.fail(f"{headers} was let in")
    with server.websocket_connect(STREAM, headers={"origin": ADDRESS, "host": "127.0.0.1:8501"}):
        pass


def test_a_file_comes_in_only_from_an_open_page_with_its_token_and_within_the_limit(server: TestClient) -> None:
    def put(session_id: str, data: bytes, **headers: str) -> int:
        files = {"file": ("x.txt", data, "text/plain")}
        return server.put(f"/_stcore/upload_file/{session_id}/1", files=files, headers=headers).status_code

    server.get("/_stcore/health")
    server.get("/")
    with server.websocket_connect(STREAM, headers={"origin": ADDRESS, "host": "127.0.0.1:8501"}):
        [open_page] = Runtime.instance()._session_mgr.list_active_sessions()
        here = open_page.session.id
        token = server.cookies["_streamlit_xsrf"]
        limit = config.get_option("server.maxUploadSize") * 1024 * 1024

        assert put(here, b"x") == 403
        assert put(here, b"x", **{"x-xsrftoken": "forged"}) == 403
        assert put("another-session", b"x", **{"x-xsrftoken": token}) == 400
        assert put(here, b"x", **{"x-xsrftoken": token, "origin": "https://evil.example"}) == 403
        assert put(here, b"0" * (limit + 1), **{"x-xsrftoken": token}) == 413
        assert put(here, b"x", **{"x-xsrftoken": token}) == 204
    assert put(here, b"x", **{"x-xsrftoken": token}) == 400


@pytest.mark.parametrize("name", ['a"; filename="b.exe', "a\r\nSet-Cookie: x=1", "../../etc/x", "\u202egpj.exe", "a\\b"])
def test_the_name_of_a_download_cannot_write_a_header(server: TestClient, name: str) -> None:
    storage = Runtime.instance()._media_file_mgr._storage
    file_id = storage.load_and_get_id(b"x", "text/csv", MediaFileKind.DOWNLOADABLE, name)

    headers = server.get(storage.get_url(file_id)).headers

    assert "set-cookie" not in headers
    assert re.fullmatch(
        r"""attachment; (filename="[^"\\\r\n]+"|filename\*=utf-8''[A-Za-z0-9%._~-]+)""", headers["content-disposition"]
    )


def test_an_error_nobody_planned_for_shows_nothing_of_itself() -> None:
    def page() -> None:
        from workbench.ui.app import unexpected

        unexpected(ValueError("the secret of /srv/desk"))

    shown = " ".join(one.proto.body for one in AppTest.from_function(page).run().get("html"))

    assert "This page met an error it did not expect." in shown
    assert "secret" not in shown


def test_the_settings_of_the_server_keep_shut_what_is_not_needed() -> None:
    here = Path(__file__).resolve().parents[1]
    kept = (here / ".streamlit" / "config.toml").read_text(encoding="utf-8")

    for line in (
        'address = "127.0.0.1"',
        "enableXsrfProtection = true",
        "maxUploadSize = 50",
        "gatherUsageStats = false",
        'showErrorDetails = "none"',
    ):
        assert line in kept
    for word in ("enableCORS = false", "enableStaticServing = true", "trustedUserHeaders", "unsafeMetrics", "developmentMode"):
        assert word not in kept
    assert (here / "workbench" / "ui" / ".streamlit" / "config.toml").read_text(encoding="utf-8") == kept


# --- what is deployed, and what the page about it says ----------------------------------------------------------------


def test_the_proxies_let_an_upload_pass_and_nothing_say_who_somebody_is() -> None:
    nginx, caddy = ((DEPLOY / name).read_text(encoding="utf-8") for name in ("nginx.conf", "Caddyfile"))

    assert "client_max_body_size    51m;" in nginx
    assert "max_size 51MB" in caddy
    for words in (nginx, caddy):
        assert "/_stcore/metrics" in words
        assert "Strict-Transport-Security" in words
        assert words.count("{") == words.count("}")
    stripped = set(re.findall(r'proxy_set_header\s+([\w-]+)\s+"";', nginx))
    assert stripped == set(re.findall(r"header_up -([\w-]+)", caddy))
    assert {"X-Forwarded-User", "X-Forwarded-Email", "Remote-User"} <= stripped
    assert not re.search(r"location[^{]*\{[^}]*proxy_set_header", nginx), "a location that sets one header inherits none"


def test_the_server_of_a_team_runs_as_a_user_without_rights() -> None:
    unit = (DEPLOY / "workbench.service").read_text(encoding="utf-8").splitlines()
    image = (DEPLOY / "Containerfile").read_text(encoding="utf-8").splitlines()

    wanted = {"ProtectSystem=strict", "NoNewPrivileges=true", "CapabilityBoundingSet=", "PrivateTmp=true", "ProtectHome=true"}
    assert wanted <= set(unit)
    assert image.index("USER workbench") > max(at for at, line in enumerate(image) if line.startswith("RUN "))


def test_every_test_that_the_table_of_attacks_names_exists() -> None:
    table = (DEPLOY.parent / "docs" / "security.md").read_text(encoding="utf-8")
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", table)
    tests = {path.name: path.read_text(encoding="utf-8") for path in Path(__file__).parent.rglob("test_*.py")}

    assert len(named) > 10
    assert [f"{file}::{test}" for file, test in named if f"def {test}(" not in tests.get(file, "")] == []
