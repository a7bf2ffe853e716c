"""The first page goes before the model, and says that the model is being loaded."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, make_claim
from workbench.casebook import Casebook
from workbench.cli import main
from workbench.desk import Desk
from workbench.encoders import Encoder
from workbench.errors import ModelError
from workbench.models import Case, VerdictRequest
from workbench.ui import first_page, session
from workbench.ui.app import MAIN_PAGE

SAID = "The model is being loaded"
NOT_YET = [
    "torch",
    "transformers",
    "sentence_transformers",
    "openvino",
    "tokenizers",
    "faiss",
    "tantivy",
    "altair",
    "trafilatura",
]
DRAWS = f"""
import os, sys
from streamlit.testing.v1 import AppTest
from workbench.ui.app import MAIN_PAGE
page = AppTest.from_file(MAIN_PAGE, default_timeout=60)
page.switch_page("views/queue.py")
page.run()
print(*[one.message for one in page.exception], *[name for name in {NOT_YET!r} if name in sys.modules])
"""


@pytest.fixture(autouse=True)
def nobody_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when the server begins."""
    monkeypatch.setattr(first_page, "_coming", threading.Event())
    monkeypatch.setattr(first_page, "_drawn", threading.Event())
    monkeypatch.setattr(first_page, "SHOWING", 0)


@pytest.fixture
def drawn(desk: Desk) -> Iterator[AppTest]:
    session.use_desk(desk)
    page = AppTest.from_file(MAIN_PAGE, default_timeout=30)
    page.switch_page("views/queue.py")
    yield page.run()
    session.use_desk(None)


def said(page: AppTest) -> bool:
    return any(SAID in element.proto.body for element in page.get("html"))


def loading(done: list[str]) -> threading.Thread:
    """What loads the model, begun."""

    def load() -> None:
        first_page.wait()
        done.append("model")

    thread = threading.Thread(target=load)
    thread.start()
    return thread


def test_loading_the_model_waits_for_the_page_of_whoever_came() -> None:
    done: list[str] = []

    with first_page.drawing():
        thread = loading(done)
        done.append("page")
    thread.join()

    assert done == ["page", "model"]


def test_loading_the_model_waits_for_nobody_where_nobody_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_page, "VISITOR", 0)
    done: list[str] = []

    loading(done).join()

    assert done == ["model"]


def test_a_page_says_that_the_model_is_being_loaded_until_it_is(drawn: AppTest, desk: Desk) -> None:
    before = said(drawn)
    desk.readiness.warm_up()

    assert (before, said(drawn.run())) == (True, False)


def test_a_model_that_cannot_be_loaded_is_said_to_be_missing_and_not_to_be_coming(home: Path) -> None:
    def load() -> Encoder:
        raise ModelError("The model m is not here.", hint="Name another one.")

    with Desk.open(home, encoder=load) as desk:
        with pytest.raises(ModelError):
            desk.readiness.warm_up()

        assert desk.readiness.told() == (False, "The model m is not here. Name another one.")
        assert not desk.readiness.is_coming


@pytest.mark.process
def test_the_first_page_waits_for_no_library_it_does_not_show(home: Path) -> None:
    drew = subprocess.run([sys.executable, "-c", DRAWS], cwd=home, capture_output=True, text=True, check=True)

    assert drew.stdout.split() == []


def test_a_port_that_is_taken_is_refused_with_another_one_to_choose(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setattr(sys, "argv", ["workbench", "--workspace", str(home), "serve", "--port", str(port)])

        with pytest.raises(SystemExit) as ended:
            main()

    said = capsys.readouterr()
    assert ended.value.code == 1
    assert (f"--port {port + 1}" in said.err, "Serving" in said.out) == (True, False)


def test_what_waits_is_told_without_opening_what_nothing_happened_to(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for claim_id in ("changed", "as-it-was"):
        desk.add_claim(make_claim(claim_id), actor=ANA)
        request = VerdictRequest(claim_id=claim_id, rating="not-enough-evidence", reviewer=ANA, token=claim_id)
        desk.record(request)
    said = {"claim": make_claim("changed", "The election was not marred.").model_dump(mode="json")}
    desk.ledger.append_all([desk.cases.event("changed", "claim-changed", said, actor=ANA)])
    walked: list[str] = []
    walk = Casebook.walk

    def noted(book: Casebook, claim_ids: Sequence[str]) -> Iterator[Case]:
        walked.extend(claim_ids)
        return walk(book, claim_ids)

    monkeypatch.setattr(Casebook, "walk", noted)

    assert (desk.freshness.waiting().reworded, walked) == (("changed",), ["changed"])
