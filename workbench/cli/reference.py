"""The pages of reference that are made from the code: every command, every setting. `make docs` prints them into the site.

What lives here: walking the commands and the settings, and Markdown of what they say of themselves. What does not: their words,
which stand where the command or the setting is.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin

import typer
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from workbench.settings import TEMPLATE, Settings

_Command = Any  # click's Command: typer vendors it, and its module has moved between releases


def commands_page() -> str:
    """Markdown of every command with its arguments and options, in the order of `--help`."""
    from workbench.cli.app import app  # here: importing every command is what the command line itself avoids

    lines = [
        "# Commands",
        "",
        "Made from the code. `--json` prints exactly one JSON document on stdout; exit codes: 0 done, 1 the",
    ]
    lines += ["request failed, 2 bad usage, 3 done in part.", ""]
    for path, command in commands(typer.main.get_command(app)):
        lines += _command(path, command)
    return "\n".join(lines) + "\n"


def commands(command: _Command, path: str = "workbench") -> Iterator[tuple[str, _Command]]:
    """Every command below this one that does something, with the words that call it."""
    below = getattr(command, "commands", None)
    if below is None:
        yield path, command
    for name, inner in (below or {}).items():
        if not inner.hidden:
            yield from commands(inner, f"{path} {name}")


def _command(path: str, command: _Command) -> list[str]:
    asked = [given for given in command.params if given.name != "help" and not getattr(given, "hidden", False)]
    arguments = [given for given in asked if given.param_type_name == "argument"]
    options = [given for given in asked if given.param_type_name == "option"]
    usage = " ".join([path, *(_placeholder(given) for given in arguments), *(["[OPTIONS]"] if options else [])])
    lines = [f"## {path.removeprefix('workbench ')}", "", f"    {usage}", "", _paragraphs(command.help or ""), ""]
    if options:
        lines += ["| option | is |", "| --- | --- |", *(_option(given) for given in options), ""]
    return lines


def _placeholder(argument: _Command) -> str:
    name = (argument.metavar or argument.name.upper()).strip("[]") + ("..." if argument.nargs == -1 else "")
    return name if argument.required else f"[{name}]"


def _option(option: _Command) -> str:
    spelled = ", ".join(f"`{one}`" for one in [*option.opts, *option.secondary_opts])
    said = [option.help or "", "Required." if option.required else ""]
    if option.default not in (None, False, (), [], "") and not option.required and not callable(option.default):
        said.append(f"Default: `{option.default}`.")
    return f"| {spelled} | {_cell(' '.join(one for one in said if one))} |"


def _paragraphs(text: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n"))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def settings_page() -> str:
    """Markdown of every setting: workbench.toml as `workbench init` writes it, then each key with its type and default."""
    lines = [
        "# Settings",
        "",
        "`workbench init` writes this workbench.toml. What is commented out shows its default.",
        "",
        "```toml",
    ]
    lines += [TEMPLATE.replace("{name}", "My desk").rstrip(), "```", ""]
    lines += ["## Every key", "", "A variable of the environment comes before the file.", ""]
    lines += ["| key | variable | is | default |", "| --- | --- | --- | --- |"]
    lines += [_setting(key, field) for key, field in settings()]
    return "\n".join(lines) + "\n"


def settings(model: type[BaseModel] = Settings, path: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key of workbench.toml that is no section, with what is known of it."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from settings(field.annotation, f"{path}{name}.")
        else:
            yield f"{path}{name}", field


def _setting(key: str, field: FieldInfo) -> str:
    default = "" if field.default is None else f"`{field.get_default(call_default_factory=True)!r}`"
    variable = "WORKBENCH_" + key.upper().replace(".", "__")
    return f"| `{key}` | `{variable}` | {_cell(_kind(field.annotation) + _bounds(field))} | {_cell(default)} |"


def _kind(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is None:
        return {"str": "text", "bool": "true or false", "int": "whole number", "float": "number", "NoneType": "nothing"}.get(
            annotation.__name__, str(annotation.__name__)
        )
    if origin in (Union, UnionType):
        return " or ".join(_kind(one) for one in inner)
    if origin in (tuple, list, frozenset):
        return f"list of {_kind(inner[0])}"
    if origin is dict:
        return f"table of {_kind(inner[1])}"
    if hasattr(annotation, "__metadata__"):
        return _kind(inner[0])
    return "one of " + ", ".join(f"`{one}`" for one in inner)


def _bounds(field: FieldInfo) -> str:
    told = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than", "pattern": "matching"}
    found = [f"{words} {getattr(one, name)}" for one in field.metadata for name, words in told.items() if hasattr(one, name)]
    return ", " + ", ".join(found) if found else ""
