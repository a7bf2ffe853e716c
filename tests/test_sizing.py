"""The tables of docs/scaling.md are what the sizing prints."""

from tests.conftest import CHECKOUT
from workbench.benchmark.sizing import simulated, tables


def test_the_tables_of_the_page_are_those_that_are_worked_out() -> None:
    page = (CHECKOUT / "docs" / "scaling.md").read_text(encoding="utf-8")

    missing = [table for table in tables().strip().split("\n\n") if table not in page]

    assert missing == []


def test_a_run_that_loses_nodes_takes_longer_than_one_that_loses_none() -> None:
    run = simulated(1_000_000_000)

    assert run.lost > 0
    assert 1_000_000_000 / 39 / 256 / 3600 < run.hours < 1.05 * 1_000_000_000 / 39 / 256 / 3600
    assert 0 < run.again < 0.001 * 1_000_000_000
