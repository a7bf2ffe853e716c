"""A command pays for what it does: only its own options are made, and nothing is imported for what nobody asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command, get_command_from_info
from typer.models import CommandInfo

from workbench.cli import app, asked
from workbench.errors import SettingsError
from workbench.settings import Settings, variables


def paths(group: Any, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*before, name)
        if hasattr(command, "commands"):
            yield from paths(command, (*before, name))


def test_the_options_of_one_command_are_made_where_one_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []

    def make(info: CommandInfo, **rest: Any) -> Any:
        made.append(getattr(info.callback, "__name__", ""))
        return get_command_from_info(info, **rest)

    monkeypatch.setattr("workbench.cli.asked.get_command_from_info", make)
    group = asked.made_when_asked(app.app)

    with pytest.raises(SystemExit) as ended:
        group(["verdict", "record", "--help"])

    assert ended.value.code == 0
    assert made == ["record"]


def test_commands_that_wait_are_those_typer_makes_in_the_same_order() -> None:
    ours = list(paths(asked.made_when_asked(app.app)))

    assert ours == list(paths(get_command(app.app)))
    assert ("claims", "queue") in ours
    assert ("claims", "lists", "list") in ours


def test_a_mistyped_command_is_still_answered_with_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        asked.made_when_asked(app.app)(["verdict", "recrd"])

    assert ended.value.code == 2
    assert "'record'" in capsys.readouterr().err


def test_help_reads_the_same_as_what_typer_prints(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for group in (asked.made_when_asked(app.app), get_command(app.app)):
        with pytest.raises(SystemExit):
            group(["claims", "--help"], prog_name="workbench")
        printed.append(capsys.readouterr().out)

    assert printed[0] == printed[1]
    assert "workbench claims" in printed[0]


def test_variables_are_read_where_one_names_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_CACHE", "elsewhere")  # names no setting
    monkeypatch.setenv("WORKBENCH_search__Languages", '["en", "my"]')
    monkeypatch.setenv("WORKBENCH_SEARCH__K", "7")

    found = Settings.model_validate({"search": {"k": 5, "dense_weight": 0.25}}).search

    assert (found.k, found.dense_weight, found.languages) == (7, 0.25, ("en", "my"))


def test_a_variable_that_is_not_json_stops_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SEARCH", "{")

    with pytest.raises(SettingsError, match="search"):
        variables.overridden({}, Settings)
