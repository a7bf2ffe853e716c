"""Docstrings say what types cannot: the shapes of arrays, and what is raised. (That there is one at all, ruff holds.)"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT
from workbench import errors

Function = ast.FunctionDef | ast.AsyncFunctionDef
PACKAGE = CHECKOUT / "workbench"
SHAPE = re.compile(r"\((?:\.\.\.|n|d|k|count|dimension|rows|columns|queries|\d[\d,]*)(?:, ?\w+)*,?\)")  # (n, d), (queries,)
NOT_FOR_CALLERS = ("AssertionError", "NotImplementedError", "SystemExit")  # a mistake of ours, or the end of a process
ARRAYS = ("NDArray", "ndarray")


def public(node: ast.AST, told: str = "") -> Iterator[tuple[Function, str]]:
    """Every public function below a module or a class, with what the classes around it say."""
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.ClassDef) and not one.name.startswith("_"):
            yield from public(one, f"{told} {ast.get_docstring(one) or ''}")
        elif isinstance(one, Function) and not one.name.startswith("_"):
            yield one, told


def takes_or_gives_arrays(function: Function) -> bool:
    signature = f"{ast.unparse(function.args)} {ast.unparse(function.returns) if function.returns else ''}"
    return any(array in signature for array in ARRAYS)


def raised(node: ast.AST, caught: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of the errors a function raises itself and does not catch."""
    for one in ast.iter_child_nodes(node):
        if isinstance(one, Function | ast.ClassDef | ast.Lambda):
            continue
        if isinstance(one, ast.Raise) and one.exc is not None:
            error = one.exc.func if isinstance(one.exc, ast.Call) else one.exc
            if isinstance(error, ast.Name) and error.id not in caught:
                yield error.id
        if isinstance(one, ast.Try):
            here = tuple(ast.unparse(handler.type) for handler in one.handlers if handler.type is not None)
            for tried in one.body:
                yield from raised(tried, (*caught, *here))
            after: list[ast.AST] = [*one.handlers, *one.orelse, *one.finalbody]
            for part in after:
                yield from raised(part, caught)
        else:
            yield from raised(one, caught)


def is_named(error: str, told: str) -> bool:
    """Whether a docstring names an error, or what it is a kind of."""
    kind = getattr(errors, error, None) or getattr(builtins, error, None)
    if kind is None or error in NOT_FOR_CALLERS:  # None: a variable, or an error of the module's own
        return True
    return any(one.__name__ in told for one in kind.__mro__[:-2])


def silent(path: Path) -> Iterator[str]:
    """What the docstrings of a file leave unsaid. What commands say is read by people: their errors are in the docs."""
    name = path.relative_to(CHECKOUT).as_posix() if path.is_relative_to(CHECKOUT) else path.name
    for function, around in public(ast.parse(path.read_text(encoding="utf-8"))):
        told = f"{around} {ast.get_docstring(function) or ''}"
        if takes_or_gives_arrays(function) and not SHAPE.search(told):
            yield f"{name}:{function.lineno} {function.name}: no shape"
        if not name.startswith("workbench/cli/"):
            missing = sorted({error for error in raised(function) if not is_named(error, told)})
            yield from (f"{name}:{function.lineno} {function.name}: {error}" for error in missing)


def test_docstrings_name_the_shapes_of_arrays_and_the_errors_that_are_raised() -> None:
    assert [line for path in sorted(PACKAGE.rglob("*.py")) for line in silent(path)] == []


@pytest.mark.parametrize(
    ("code", "left"),
    [
        ('def rows(x: NDArray[np.int64]) -> None:\n    """Rows."""', "1 rows: no shape"),
        ('def rows(x: NDArray[np.int64]) -> None:\n    """Rows, (n,) int64."""', ""),
        ('class A:\n    """Ids are (n,) int64."""\n    def rows(self) -> NDArray[int]:\n        """Rows."""', ""),
        ('def find() -> None:\n    """Finds."""\n    raise StaleIndex("x")', "1 find: StaleIndex"),
        ('def find() -> None:\n    """Finds. Raises: StaleIndex."""\n    raise EngineError("x")', ""),
        ('def find() -> None:\n    """Finds."""\n    try:\n        raise ValueError\n    except ValueError:\n        pass', ""),
    ],
)
def test_what_a_docstring_leaves_out_is_seen(tmp_path: Path, code: str, left: str) -> None:
    file = tmp_path / "a.py"
    file.write_text(code, encoding="utf-8")

    assert list(silent(file)) == ([f"a.py:{left}"] if left else [])
