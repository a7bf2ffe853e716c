"""YAML read strictly, with the line of everything, and written so that it reads back the same. The only door to yaml.

Every scalar is a text (`2021` and `yes` stay as typed; `null`, `~` and nothing are None): the models decide what it means.
Refused: keys given twice, anchors and aliases (bombs are made of them), tags, more than one document, deep nesting.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

MAX_DEPTH = 20  # a claim is four deep
NOTHING = ("", "~", "null", "Null", "NULL")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml where it is built in: some ten times faster


class YamlProblem(Exception):
    """One thing wrong with a YAML text, at a line (1-based)."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(problem)
        self.line = line
        self.problem = problem


@dataclass(slots=True)
class Node:
    """A value of the file with its line. value: text, None, a list of nodes, or a dict of nodes by key."""

    line: int
    value: Any
    key_lines: dict[str, int] = field(default_factory=dict)
    waiting_key: str | None = None

    @property
    def plain(self) -> Any:
        """The value without lines."""
        if isinstance(self.value, list):
            return [item.plain for item in self.value]
        if isinstance(self.value, dict):
            return {key: item.plain for key, item in self.value.items()}
        return self.value

    def line_of(self, place: Sequence[int | str]) -> int:
        """The line of the thing at that path; of the nearest thing that is there, where it is not."""
        node, line = self, self.line
        for step in place:
            if isinstance(node.value, dict) and step in node.value:
                line, node = node.key_lines[str(step)], node.value[step]
            elif isinstance(node.value, list) and isinstance(step, int) and step < len(node.value):
                node = node.value[step]
                line = node.line
            else:
                break
        return line


def _scalar(event: yaml.ScalarEvent, line: int) -> str | None:
    value = str(event.value)
    if event.implicit[0] and not event.style and value in NOTHING:
        return None
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise YamlProblem(line, "half of a surrogate pair is not a character; type the character itself")
    return value


def _hang(stack: list[Node], node: Node) -> None:
    """Put a node into the list or mapping that is open."""
    parent = stack[-1]
    if isinstance(parent.value, list):
        parent.value.append(node)
    elif parent.waiting_key is None:
        if not isinstance(node.value, str):
            raise YamlProblem(node.line, "a key must be a word")
        if node.value in parent.value:
            raise YamlProblem(
                node.line, f"the key {node.value!r} is given twice (first on line {parent.key_lines[node.value]})"
            )
        parent.waiting_key = node.value
        parent.key_lines[node.value] = node.line
        parent.value[node.value] = node  # replaced by its value at the next event
    else:
        parent.value[parent.waiting_key] = node
        parent.waiting_key = None


def _grow(events: Any) -> list[Node]:
    """The documents of an event stream. Iterative, so that deep nesting is an error and not a crash."""
    root = Node(1, [])
    stack = [root]
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlProblem(line, "anchors and aliases (& and *) are not used in these files; write the value out")
        if getattr(event, "tag", None) not in (None, "!"):
            raise YamlProblem(line, f"tags such as {event.tag!r} are not used in these files; leave it out")
        if isinstance(event, yaml.ScalarEvent):
            _hang(stack, Node(line, _scalar(event, line)))
        elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            node = Node(line, {} if isinstance(event, yaml.MappingStartEvent) else [])
            _hang(stack, node)
            stack.append(node)
            if len(stack) > MAX_DEPTH:
                raise YamlProblem(line, f"nested deeper than {MAX_DEPTH} levels")
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
    return list(root.value)


def read_yaml(text: str) -> Node:
    """The one document of a YAML text. Raises: YamlProblem naming the line."""
    try:
        documents = _grow(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlProblem(line, f"not valid YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise YamlProblem(1, f"not valid YAML: {str(error).splitlines()[0]}") from error
    if not documents:
        raise YamlProblem(1, "the file is empty")
    if len(documents) > 1:
        raise YamlProblem(documents[1].line, "a second document (---) begins; write a list (- id: ...) instead")
    return documents[0]


# --- what a model says about values ------------------------------------------------------------------------------------


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[tuple[tuple[int | str, ...], str]]:
    """What pydantic found, in our words, each with the path it is at."""
    return [(item["loc"], _worded(dict(item), model)) for item in error.errors(include_url=False)]


def _worded(item: Mapping[str, Any], model: type[BaseModel]) -> str:
    place = [step for step in item["loc"] if isinstance(step, str)]
    key = place[-1] if place else ""
    if item["type"] == "extra_forbidden":
        near = get_close_matches(key, _keys_at(model, place[:-1]), n=1, cutoff=0.6)
        return f"unknown key {key!r}" + (f" (did you mean {near[0]!r}?)" if near else "")
    if item["type"] == "missing":
        return f"{'.'.join(place)!r} is missing"
    if item["type"] == "string_pattern_mismatch" and key == "id":
        return f"id {item['input']!r} must be small letters, digits and hyphens, at most 80"
    said = str(item["msg"]).removeprefix("Value error, ")
    return f"{'.'.join(place)}: {said}" if place else said


def _keys_at(model: type[BaseModel], place: Sequence[str]) -> list[str]:
    """The keys a record allows at that path; [] where the path leaves the records."""
    for step in place:
        inner = _records(model.model_fields[step].annotation) if step in model.model_fields else []
        if not inner:
            return []
        model = inner[0]
    return list(model.model_fields)


def _records(annotation: Any) -> list[type[BaseModel]]:
    """The records an annotation names, `Claimant | None` and `tuple[Appearance, ...]` included."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [record for part in getattr(annotation, "__args__", ()) for record in _records(part)]


# --- writing ------------------------------------------------------------------------------------------------------------


class _Dumper(yaml.SafeDumper):
    """Block style, list items set in under their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


_Dumper.add_representer(str, _text)


def write_yaml(value: Mapping[str, Any]) -> str:
    """The mapping as YAML people can edit: block style, keys in order, letters of every language as themselves.

    Raises: ValueError where the text would not read back the same.
    """
    readable = yaml.dump(dict(value), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    if _reads_back(readable, value):
        return readable
    plain = yaml.safe_dump(_as_text(value), allow_unicode=False, sort_keys=False, default_style='"')
    if _reads_back(plain, value):
        return plain
    raise ValueError("the text holds characters that YAML cannot keep")


def _reads_back(text: str, value: Mapping[str, Any]) -> bool:
    try:
        return bool(read_yaml(text).plain == _as_text(value))
    except YamlProblem:
        return False


def _as_text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_text(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_as_text(item) for item in value]
    return value if value is None else str(value)
