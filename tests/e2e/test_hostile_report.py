"""A report full of hostile text, opened in Chromium as a reader would: nothing runs, nothing is asked for elsewhere."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Dialog, Page

from tests.test_exports import HOSTILE, hostile_report
from tests.test_report import SETTINGS
from workbench.exports import EXPORTERS

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::pytest.PytestRemovedIn10Warning"),  # pytest-base-url 2.1's own fixture
]

VECTORS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<body onload=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<link rel=stylesheet href=http://evil.example/x.css>",
    "<style>@import 'http://evil.example/x.css';</style>",
    "<base href=http://evil.example/>",
    "<meta http-equiv=refresh content='0;url=http://evil.example'>",
    "<object data=http://evil.example/x></object>",
    "<math><mtext></form><form><mglyph><svg><mtext><style><img src=x onerror=alert(1)>",
    "{{ ''.__class__.__mro__ }}",
    "<form action=http://evil.example><input type=submit autofocus>",
)
BEFORE = ("", '">', "'>", "</p></div>", "-->", "]]>", "</style>", "</title>", "</textarea>", "&lt;", "\u202e")
PAYLOADS = [before + vector for vector, before in product(VECTORS, BEFORE)]


def test_two_hundred_payloads_in_a_report_are_text(page: Page, tmp_path: Path) -> None:
    every = [*PAYLOADS, *HOSTILE]
    assert len(every) >= 200
    path = tmp_path / "report.html"
    path.write_bytes(EXPORTERS["html"].write([hostile_report(one) for one in every], SETTINGS))
    dialogs: list[str] = []
    asked: list[str] = []

    def dismissed(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", dismissed)
    page.on("request", lambda request: asked.append(request.url))

    page.goto(path.as_uri())
    page.wait_for_load_state("networkidle")

    assert dialogs == []
    assert asked == [path.as_uri()]
    assert page.evaluate("document.scripts.length") == 0
    foreign = (
        "Array.from(document.querySelectorAll('[src], link, iframe, object, base, form, [srcdoc]')).map(it => it.outerHTML)"
    )
    assert page.evaluate(foreign) == []
    assert page.get_by_text("<script>alert(1)</script>", exact=True).count() > 0
