"""On Check, from a verdict to its readers: a signature that an edit takes back, an embargo, a correction, a retraction."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import ANA, FakeEncoder, make_claim
from tests.test_ui import html, visit
from workbench.desk import Desk
from workbench.models import VerdictRequest
from workbench.ui import session

URL = "https://check.example.org/rain"


@pytest.fixture
def signing(home: Path) -> Iterator[Desk]:
    """A desk whose policy asks an editor to sign, with one claim that Ana rated."""
    (home / "workbench.toml").write_text('[review.policy]\nsign_offs = ["editor"]\n', encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.add_claim(make_claim("rain", "It rained in Naypyidaw on 1 February 2021."), actor=ANA)
        desk.record(VerdictRequest(claim_id="rain", rating="not-enough-evidence", reviewer=ANA, token="first"))
        session.use_desk(desk)
        yield desk
    session.use_desk(None)


def click(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception


def unfold(app: AppTest, key: str) -> None:
    app.session_state[key] = True
    app.run()


def write(app: AppTest, label: str, words: str) -> None:
    next(area for area in app.text_area if area.label.startswith(label)).input(words).run()


def sign(app: AppTest) -> None:
    assert app.button(key="publish").disabled
    click(app, "sign-editor")
    assert "Editor: signed by Ana" in html(app)


def publish(app: AppTest) -> None:
    app.text_input(key="publish-url-rain").input(URL).run()
    click(app, "publish")
    assert "What counts now has not been published yet" not in html(app)
    assert "Published at" in html(app)


def test_a_verdict_is_signed_embargoed_published_corrected_and_retracted(signing: Desk) -> None:
    app = visit("check", claim="rain")
    sign(app)
    click(app, "revise")
    write(app, "Explanation", "No weather report was found.")
    click(app, "save-verdict")
    assert "Ana signed what an edit has replaced" in html(app)

    sign(app)
    unfold(app, "embargo-rain")
    click(app, "set-embargo")
    assert "Embargoed until" in html(app)
    assert app.button(key="publish").disabled
    click(app, "lift-embargo")
    publish(app)

    click(app, "revise")
    assert app.button(key="save-verdict").disabled  # it does not say yet what changes
    next(one for one in app.button_group if one.label == "This is a").set_value("correction").run()
    write(app, "Note for readers", "The day was 2 February.")
    write(app, "Explanation", "No weather report of 2 February was found.")
    click(app, "save-verdict")
    assert "What counts now has not been published yet" in html(app)
    assert signing.publishing.corrections() == []
    sign(app)
    publish(app)
    assert [one.note for one in signing.publishing.corrections()] == ["The day was 2 February."]

    unfold(app, "retract-rain")
    app.text_area(key="retract-note-rain").input("The claim was never made.").run()
    click(app, "retract")
    assert [one.kind for one in signing.publishing.corrections()] == ["retraction", "correction"]
    assert "it was retracted on" in str(signing.reports(["rain"])[0].page.draft)
