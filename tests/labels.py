"""Which texts reach the labels of Streamlit, which are Markdown, and whose words they are: read from the source.

A label is ours where it is made of constants, numbers, `show.literal` and what is itself ours: local names, parameters as
every caller in the file gives them, functions of the file by what they return. Anything else is foreign.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

# Widgets whose first argument is a label in Markdown; None where only named arguments are.
SINKS = {
    *("markdown", "caption", "error", "warning", "info", "success", "toast", "title", "header", "subheader", "write", "text"),
    *("button", "link_button", "download_button", "form_submit_button", "selectbox", "multiselect", "checkbox", "radio"),
    *("text_input", "text_area", "number_input", "date_input", "time_input", "toggle", "select_slider", "file_uploader"),
    *("expander", "tabs", "popover", "dialog", "segmented_control", "pills", "metric", "status", "spinner", "badge", "latex"),
}
NAMED_ONLY = {"page_link", "Page", "progress", "chat_input"}
ARGUMENTS = {"label", "body", "title", "text", "help"}
OPTIONS = {"radio", "segmented_control", "pills"}  # these draw each option as Markdown as well
ESCAPES = {"show.literal", "literal", "len", "sum", "day", "number", "month", "session.clock"}
SAID = {"_", "N_", "Words", "counted"}  # the door of tongue.py: what it says is ours where what is filled in is
NUMBERS = {"rank", "revision"}
DEEP = 12


class Module:
    """One file of pages: what its names stand for."""

    def __init__(self, path: Path) -> None:
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = {one.name: one for one in ast.walk(self.tree) if isinstance(one, ast.FunctionDef)}
        self.constants = _assigned([one for one in self.tree.body if isinstance(one, ast.Assign | ast.AnnAssign)])
        self.calls: dict[str, list[ast.Call]] = defaultdict(list)
        self.inside: dict[ast.AST, ast.FunctionDef] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                self.calls[ast.unparse(node.func).removeprefix("self.")].append(node)
        imported = [one for one in self.tree.body if isinstance(one, ast.ImportFrom) and "workbench" in (one.module or "")]
        self.ours = {name.asname or name.name for one in imported for name in one.names}  # modules of ours, not Streamlit
        for function in self.functions.values():  # outer functions come first, so that the innermost one stays
            self.inside |= dict.fromkeys(ast.walk(function), function)

    def foreign(self) -> Iterator[tuple[int, str]]:
        """(line, expression) of every label that is not shown to be ours."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if isinstance(node.func.value, ast.Name) and node.func.value.id in self.ours:
                    continue
                for label in _labels(node, node.func.attr):
                    if not self.is_ours(label):
                        yield node.lineno, ast.unparse(label)

    def is_ours(self, node: ast.AST, depth: int = 0) -> bool:
        """Whether nothing in this expression can come from outside."""
        if depth > DEEP:
            return False
        match node:
            case ast.Constant():
                return True
            case ast.FormattedValue(format_spec=ast.JoinedStr(values=[ast.Constant(value=str(spec))])):
                return spec[-1] in ",dfg%" or self.is_ours(node.value, depth + 1)
            case ast.Name(id=name):
                return name.isupper() or name in SAID or self._name(name, node, depth + 1)
            case ast.Attribute(attr=name, value=value):
                return name.isupper() or name in NUMBERS or (name in ("__getitem__", "get") and self.is_ours(value, depth + 1))
            case ast.Call():
                return self._call(node, depth + 1)
            case ast.Subscript(value=value):
                return self.is_ours(value, depth + 1)
            case ast.Lambda(body=body) | ast.ListComp(elt=body) | ast.GeneratorExp(elt=body):
                return self.is_ours(body, depth + 1)
            case ast.DictComp(value=value):
                return self.is_ours(value, depth + 1)
            case ast.IfExp(body=one, orelse=other) | ast.BinOp(left=one, right=other):
                return self.is_ours(one, depth + 1) and self.is_ours(other, depth + 1)
            case ast.JoinedStr(values=parts) | ast.BoolOp(values=parts) | ast.Dict(values=parts):
                return all(self.is_ours(one, depth + 1) for one in parts)
            case ast.FormattedValue(value=value) | ast.Starred(value=value) | ast.keyword(value=value):
                return self.is_ours(value, depth + 1)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return all(self.is_ours(one, depth + 1) for one in parts)
        return False

    def _name(self, name: str, node: ast.AST, depth: int) -> bool:
        function = self.inside.get(node)
        while function is not None:
            given = [*_assigned(ast.walk(function))[name], *self._given(function, name)]
            if given:
                return all(self.is_ours(one, depth) for one in given)
            outer = self.inside.get(function)
            function = outer if outer is not function else None
        return name in self.constants and all(self.is_ours(one, depth) for one in self.constants[name])

    def _given(self, function: ast.FunctionDef, name: str) -> Iterator[ast.AST]:
        """What callers in the file hand in under that name, and its default; the name itself where nobody calls."""
        places = [one.arg for one in function.args.args if one.arg != "self"]
        if name not in (*places, *(one.arg for one in function.args.kwonlyargs)):
            return
        found = False
        for call in self.calls[function.name]:
            handed = dict(zip(places, call.args, strict=False)) | {one.arg: one.value for one in call.keywords if one.arg}
            if name in handed:
                found = True
                yield handed[name]
        if not found:
            yield ast.parse("foreign", mode="eval").body

    def _call(self, call: ast.Call, depth: int) -> bool:
        name = ast.unparse(call.func).removeprefix("self.")
        if name in ESCAPES:
            return True
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("join", "capitalize", "items"):
            return self.is_ours(call.func.value, depth) and all(self.is_ours(one, depth) for one in call.args)
        if name in SAID:
            return all(self.is_ours(one, depth) for one in (*call.args[name == "counted" :], *call.keywords))
        if name in ("list", "tuple", "sorted", "filter", "dict", "str", "zip"):
            return all(self.is_ours(one, depth) for one in call.args)
        if name in self.functions:
            returned = [one.value for one in ast.walk(self.functions[name]) if isinstance(one, ast.Return) and one.value]
            return bool(returned) and all(self.is_ours(one, depth) for one in returned)
        return False


def _labels(call: ast.Call, sink: str) -> Iterator[ast.AST]:
    if sink not in SINKS | NAMED_ONLY:
        return
    named = {one.arg: one.value for one in call.keywords}
    yield from call.args[: 1 if sink in SINKS else 0]
    yield from (value for name, value in named.items() if name in ARGUMENTS)
    if sink in OPTIONS:
        yield from [named["format_func"]] if "format_func" in named else call.args[1:2]


def _assigned(nodes: Iterator[ast.AST] | list[ast.stmt]) -> dict[str, list[ast.AST]]:
    """What stands on the right of each name's assignments, and what loops over literals give it."""
    found: dict[str, list[ast.AST]] = defaultdict(list)
    for node in nodes:
        match node:
            case ast.Assign(targets=[target], value=value) | ast.NamedExpr(target=target, value=value):
                _bind(found, target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.AugAssign(target=target, value=value):
                _bind(found, target, value)
            case ast.For(target=target, iter=ast.Tuple(elts=rows) | ast.List(elts=rows)):
                for row in rows:
                    _bind(found, target, row)
            case ast.For(target=target, iter=over) | ast.comprehension(target=target, iter=over):
                _bind(found, target, over)
    return found


def _bind(found: dict[str, list[ast.AST]], target: ast.AST, value: ast.AST) -> None:
    if isinstance(target, ast.Name):
        found[target.id].append(value)
    elif isinstance(target, ast.Tuple):
        rows = value.elts if isinstance(value, ast.Tuple) else [value] * len(target.elts)
        for part, one in zip(target.elts, rows, strict=False):
            _bind(found, part, one)
