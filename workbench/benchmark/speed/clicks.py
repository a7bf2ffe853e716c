"""The pages as somebody clicks through them, in a process of its own: `python -m workbench.benchmark.speed.clicks`.

What lives here: a workspace of a given size made by code, and one click after the other by Streamlit's AppTest: no browser, no
network, a made-up encoder in place of the model. What does not: what the times are set beside (drawing.py).
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

from workbench.benchmark.speed.ours import REVIEWER, encoder_of
from workbench.benchmark.speed.rival import answer, stopwatch
from workbench.benchmark.speed.texts import Texts
from workbench.citations import compose_verdict
from workbench.desk import Desk, new_token
from workbench.errors import WorkbenchError
from workbench.models import OPERATOR, Claim, NewEvent, Priority, Reviewer, VerdictRequest
from workbench.ui import session
from workbench.ui.app import MAIN_PAGE, warm_up

REVIEWERS = tuple(Reviewer.self_declared(name) for name in ("Ana", "Bo", "Chen", "Dora", "Bench"))
TOPICS = ("elections", "health", "climate", "economy", "migration", "courts", "army", "press")
RATINGS = ("supported", "refuted", "not-enough-evidence", "conflicting-evidence")
AT_ONCE = 1_000  # verdicts stored in one transaction
ARTICLE = 6  # passages of the pasted article

Click = Callable[[AppTest], object]


class Program:
    """The requests of one process, by name."""

    def fill(self, workspace: str, files: str, seed: int, claims: int, verdicts: int) -> dict[str, Any]:
        """Evidence, claims of many people on many topics, and a verdict on the first of them; how much there is then."""
        texts = Texts.made_up(seed)
        with Desk.open(workspace, encoder=encoder_of(seed)) as desk:
            if any(Path(files).iterdir()):
                desk.add_evidence([Path(files)])
            made = list(_claims(texts, claims))
            desk.cases.add(made, actor=OPERATOR)
            _judge(desk, made[:verdicts])
            desk.precedents.keep_index()
            return {"passages": sum(entry.passages or 0 for entry in desk.library()), "claims": len(desk.claims())}

    def pages(self, workspace: str, seed: int, rounds: int) -> dict[str, Any]:
        """Seconds of every click on every page, the first drawing of each left out."""
        os.environ["WORKBENCH_WORKSPACE"] = workspace
        with Desk.open(workspace, encoder=encoder_of(seed)) as desk:
            session.use_desk(desk)
            warm_up()
            claim = next(iter(desk.claims())).claim.id
            article = "\n\n".join(Texts.made_up(seed).passages(ARTICLE, skip=1_000_000))
            times = {
                "queue": _clicked("queue", _queue_clicks(desk), rounds),
                "check": _clicked("check", _check_clicks(desk, claim), rounds, claim=claim),
                "evidence": _clicked("evidence", _evidence_clicks(), rounds),
                "intake": _clicked("intake", _intake_clicks(article), rounds),
            }
            session.use_desk(None)
        return {"clicks": times}


# --- a workspace of a given size ------------------------------------------------------------------------------------------


def _claims(texts: Texts, count: int) -> Iterator[Claim]:
    for number, statement in enumerate(islice(_statements(texts), count)):
        day = f"{2015 + number % 11}-{1 + number % 12:02d}-{1 + number % 28:02d}"
        fields: dict[str, Any] = {
            "id": f"bench-{number:06d}",
            "statement": statement,
            "claimant": {"name": f"Speaker {number % 200}", "affiliation": f"Party {number % 12}"},
            "claimed_on": day,
            "topics": [TOPICS[number % 8], TOPICS[(number * 3 + 1) % 8]] if number % 8 else [TOPICS[0]],
            "priority": ("normal", "normal", "normal", "high", "low")[number % 5],
            "due": f"2027-{1 + number % 12:02d}-{1 + number % 28:02d}" if number % 3 == 0 else None,
        }
        yield Claim.model_validate(fields)


def _statements(texts: Texts) -> Iterator[str]:
    at = 2_000_000  # of other passages than the evidence has
    while True:
        for text in texts.passages(1_000, skip=at):
            yield text.split(". ")[0].rstrip(".") + "."
        at += 1_000


def _judge(desk: Desk, claims: Sequence[Claim]) -> None:
    """A verdict on each, stored a thousand at once: what they say matters here, not how long each save takes."""
    events: list[NewEvent] = []
    began = datetime.now(UTC) - timedelta(days=364)
    for number, claim in enumerate(claims):
        request = VerdictRequest(
            claim_id=claim.id,
            rating=RATINGS[number % 4],
            rationale="Recorded to see how a page draws beside many.",
            reviewer=REVIEWERS[number % 4],
            token=new_token(),
        )
        verdict = compose_verdict(request, claim, (), desk.settings.review, now=began + timedelta(hours=number % 8_700))
        stored = verdict.model_copy(update={"revision": 1, "based_on": 0})
        event = desk.cases.event(
            claim.id,
            "verdict-recorded",
            {"verdict": stored.model_dump(mode="json")},
            actor=request.reviewer,
            token=request.token,
        )
        events.append(event.model_copy(update={"revision": 1}))
    for start in range(0, len(events), AT_ONCE):
        desk.ledger.append_all(events[start : start + AT_ONCE])


# --- clicks ---------------------------------------------------------------------------------------------------------------


def _clicked(view: str, clicks: Sequence[Click], rounds: int, **address: str) -> list[dict[str, float]]:
    """The clicks in turn, `rounds` times over, on a page that was drawn once."""
    page = AppTest.from_file(MAIN_PAGE, default_timeout=300)
    page.session_state["reviewer"] = REVIEWER.display_name
    page.switch_page(f"views/{view}.py")
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    times = []
    for number in range(rounds * len(clicks)):
        clicks[number % len(clicks)](page)
        with stopwatch() as taken:
            page.run()
        if page.exception:
            raise SystemExit(f"{view} failed: {page.exception[0].message}")
        times.append(taken)
    return times


def _queue_clicks(desk: Desk) -> list[Click]:
    """Filters set and cleared, a step through the list, and a claim that somebody says something of meanwhile."""
    ids = itertools.cycle(list(desk.cases.all())[-30:])
    ranks: Iterator[Priority] = itertools.cycle(("high", "low"))

    def say(page: AppTest) -> object:
        desk.matters.set_priority([next(ids)], next(ranks), actor=REVIEWER)
        return page

    return [
        lambda page: page.text_input(key="q").set_value("the ministry"),
        lambda page: page.text_input(key="q").set_value(""),
        lambda page: page.selectbox(key="queue_due").set_value("later"),
        lambda page: page.button(key="queue_next").click(),
        lambda page: page.selectbox(key="queue_due").set_value(None),
        say,
    ]


def _check_clicks(desk: Desk, claim: str) -> list[Click]:
    words = iter(range(1_000_000))

    def write(page: AppTest) -> object:
        area = next(one for one in page.text_area if (one.key or "").startswith("rationale-"))
        return area.set_value(f"What was found, in its {next(words)}th wording.")

    def choose(page: AppTest) -> object:
        return next(one for one in page.radio if (one.key or "").startswith("rating-")).set_value(RATINGS[next(words) % 2])

    def stance(page: AppTest) -> object:
        found = [one for one in page.button if (one.key or "").startswith("stance-")]
        return found[0].click() if found else None

    return [write, choose, stance]


def _evidence_clicks() -> list[Click]:
    def see(page: AppTest) -> object:
        found = [one for one in page.button if (one.key or "").startswith("see-")]
        return found[0].click() if found else None

    def ask(text: str) -> Click:
        return lambda page: page.text_input(key="evidence_q").set_value(text) if _has(page, "evidence_q") else None

    return [see, ask("0000"), see, ask("")]


def _has(page: AppTest, key: str) -> bool:
    return any(one.key == key for one in page.text_input)


def _intake_clicks(article: str) -> list[Click]:
    def paste(page: AppTest) -> object:
        page.text_area(key="article_text").set_value(article)
        return page.button(key="find-quotations").click()

    def again(page: AppTest) -> object:
        return page.button(key="another-article").click()

    return [paste, again]


if __name__ == "__main__":
    try:
        answer(Program())
    except WorkbenchError as error:
        sys.exit(f"{error.message} {error.hint}")
