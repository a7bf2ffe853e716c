"""What is exported and imported again is equal, in every script and with every mark that formats stumble over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import make_claim
from tests.imported import imported
from tests.test_report import SETTINGS, make_case, make_citation, make_verdict
from workbench.exports import EXPORTERS
from workbench.models import Claim, StoredVerdict
from workbench.report import ClaimReport, build_report

SCRIPTS = "Aé中ビ한မြကខអाب\u05d0ไд\U0001f600"
AWKWARD = "=+-@＝'\"“”,;|<>&\\/{}[]#*_`~$%\u200b\u00ad\u2028\u2029\x85\t\n "
WORDS = st.text(st.sampled_from(SCRIPTS + AWKWARD + "abc 12"), min_size=1, max_size=40)
LONG = st.builds(lambda word, times: word * times, WORDS, st.integers(1, 60))
TEXT = st.one_of(WORDS, LONG, st.text(max_size=30)).filter(lambda text: _is_kept(text))
DATES = st.sampled_from([None, "2021", "2021-06", "2021-06-23", "not before 2021-06-01", "2021-06 (inferred)"])


def _is_kept(text: str) -> bool:
    """Whether the claim keeps the text as it is: what it refuses or folds is the business of other tests."""
    try:
        return make_claim(statement=text).statement == text and text.strip() == text
    except ValueError:
        return False


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    given_values: dict[str, Any] = {
        "quote": draw(st.none() | TEXT),
        "quote_original": draw(st.none() | TEXT),
        "translator": draw(st.none() | TEXT),
        "claimed_on": draw(DATES),
    }
    claimant = draw(st.none() | st.fixed_dictionaries({"name": TEXT, "role": st.none() | TEXT}))
    kept = {name: value for name, value in given_values.items() if value is not None}
    made: dict[str, Any] = kept | ({"claimant": claimant} if claimant else {})
    return make_claim(statement=draw(TEXT), **made)


def report_on(claim: Claim) -> ClaimReport:
    return build_report(make_case(claim, make_verdict(claim, citations=(make_citation(claim.statement),))), SETTINGS)


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(claim=claims())
def test_an_exported_claim_is_imported_equal(form: str, tmp_path: Path, claim: Claim) -> None:
    path = tmp_path / f"claims.{form}"
    path.write_bytes(EXPORTERS[form].write([report_on(claim)], SETTINGS))

    assert imported(path).claims == (claim,)


@settings(max_examples=60, deadline=None)
@given(claim=claims())
def test_an_exported_verdict_reads_back_equal(claim: Claim) -> None:
    report = report_on(claim)

    one = json.loads(EXPORTERS["jsonl"].write([report], SETTINGS))
    assert tuple(map(StoredVerdict.model_validate, one["verdicts"])) == report.record.verdicts


def test_the_apostrophe_of_somebody_else_s_table_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "theirs.csv"
    path.write_text("statement\n'=1+1 is what he said\n", encoding="utf-8")

    assert imported(path).claims[0].statement == "'=1+1 is what he said"
