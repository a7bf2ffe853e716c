"""Nobody sees what another visitor typed, chose or is called: the pages keep that in their session, never in the process."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.sessions import mingle
from workbench.models import Reviewer
from workbench.ui import session, show

UI = Path(__file__).resolve().parents[1] / "workbench" / "ui"
MEMORIES = {"cache_data", "cache_resource", "cache", "lru_cache", "cached_property", "ContextVar"}
CHANGES = {"append", "extend", "insert", "add", "update", "setdefault", "pop", "popitem", "remove", "discard", "clear", "write"}
KEPT = {  # (file, what): why every visitor may share it
    ("app.py", "app"): "the server itself",
    ("app.py", "_stopping"): "whether the server ends",
    ("first_page.py", "_coming"): "whether anybody came since the server began",
    ("first_page.py", "_drawn"): "whether anybody saw a page since then",
    ("session.py", "_desk"): "the workspace, which holds no visitor; pages get it as one visitor may read it (seen_by)",
    ("session.py", "_lock"): "guards its opening",
    ("show.py", "_page_acts"): "a script and no data",
    ("show.py", "_selection_bar"): "a script and no data",
}


def kept(path: Path) -> Iterator[str]:
    """What a file of pages keeps from one visitor to the next: variables, what is written into constants, memories."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    outer = set(assigned(tree.body))
    yield from (name for name in outer if not name.strip("_").isupper() and not name[:1].isupper())  # a type is no variable
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from node.names
        elif isinstance(node, ast.Name | ast.Attribute) and name_of(node) in MEMORIES:
            yield name_of(node)
        elif isinstance(node, ast.Subscript | ast.Attribute) and is_changed(node) and name_of(node.value) in outer:
            yield name_of(node.value)


def assigned(body: list[ast.stmt]) -> Iterator[str]:
    """The variables of a module."""
    for one in body:
        targets = one.targets if isinstance(one, ast.Assign) else [one.target] if isinstance(one, ast.AnnAssign) else []
        yield from (name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name))


def is_changed(node: ast.Subscript | ast.Attribute) -> bool:
    """Whether what stands before the bracket or the point is changed."""
    return isinstance(node.ctx, ast.Store | ast.Del) or (isinstance(node, ast.Attribute) and node.attr in CHANGES)


def name_of(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def test_no_page_keeps_anything_from_one_visitor_to_the_next() -> None:
    found = {(str(path.relative_to(UI)), what) for path in sorted(UI.rglob("*.py")) for what in kept(path)}

    assert found - set(KEPT) == set()
    assert set(KEPT) - found == set(), "reasons for what is not there"


@pytest.mark.parametrize(
    "code",
    [
        "last = None",
        "def page():\n    global LAST\n    LAST = 1",
        "SEEN = {}\ndef page(name): SEEN[name] = 1",
        "SEEN = []\ndef page(name): SEEN.append(name)",
        "@st.cache_data\ndef page(): return st.session_state",
        "from functools import lru_cache\n@lru_cache\ndef name(): ...",
        "class Page: ...\nPAGE = Page()\ndef page(): PAGE.name = 1",
    ],
)
def test_what_is_kept_is_seen(tmp_path: Path, code: str) -> None:
    path = tmp_path / "page.py"
    path.write_text(code, encoding="utf-8")

    assert list(kept(path))


# --- several at once --------------------------------------------------------------------------------------------------


@pytest.mark.process
def test_three_visitors_at_once_see_nothing_that_only_another_typed(tmp_path: Path) -> None:
    """The short form of `python -m tests.reliability sessions`."""
    seen = mingle(tmp_path / "desk", visitors=3, actions=4, seed=7)

    assert (seen.sightings, seen.failures) == ([], [])
    assert (seen.actions, seen.typed > 2) == (12, True)


def test_a_word_that_leaks_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last = ["nobody"]
    own = session.reviewer

    def everybody() -> Reviewer | None:
        who = own()
        show.small(f"Here before you: {last[0]}")
        last[0] = who.display_name if who else last[0]
        return who

    monkeypatch.setattr(session, "reviewer", everybody)

    assert mingle(tmp_path / "desk", visitors=2, actions=2, seed=7).sightings
