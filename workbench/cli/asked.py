"""Commands made when they are asked for: a command line names one of ninety, and the options of the rest are not looked at.

What lives here: groups of typer whose commands wait. What does not: which commands there are (app.py and the groups' files).
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Iterator
from copy import copy
from functools import cache, partial
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info, get_command_name, get_group_from_info
from typer.models import TyperInfo

Command = TyperCommand | TyperGroup
PLAIN: dict[str, Any] = {"pretty_exceptions_short": False, "rich_markup_mode": None}


class _Waiting(UserDict[str, Any]):
    """Commands by name, in the order they were declared; each is made once, when it is first looked at."""

    def __getitem__(self, name: str) -> Command:
        made: Command = super().__getitem__(name)()
        return made


def made_when_asked(app: typer.Typer) -> TyperGroup:
    """What typer makes of `app`, but for the making of its commands, which waits until one is run or listed."""
    return _group(TyperInfo(), app)


def _group(info: TyperInfo, app: typer.Typer) -> TyperGroup:
    alone, shell = copy(info), copy(app)
    shell.registered_commands, shell.registered_groups = [], []
    alone.typer_instance = shell
    group = get_group_from_info(alone, suggest_commands=True, **PLAIN)
    group.commands = _Waiting({name: cache(make) for name, make in _makers(app)})
    return group


def _makers(app: typer.Typer) -> Iterator[tuple[str, Callable[[], Any]]]:
    for command in app.registered_commands:
        name = command.name or get_command_name(getattr(command.callback, "__name__", ""))
        yield name, partial(get_command_from_info, command, **PLAIN)
    for group in app.registered_groups:
        if group.typer_instance is None:
            continue
        if group.name:
            yield str(group.name), partial(_group, group, group.typer_instance)
        else:  # without a name its commands stand among these
            yield from _makers(group.typer_instance)
