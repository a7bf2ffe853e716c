"""docs/architecture.md says what the code is: every module has its place, the picture has the arrows that the imports have."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from docs import house

NO_FLOOR = {"version", "__init__", "__main__"}  # they hold nothing


def test_every_module_stands_once_in_the_table() -> None:
    named = [name for _, names, _ in house.rows() for name in names]
    package = house.DOCS.parent / "workbench"
    modules = {path.stem for path in package.glob("*.py")} | {path.parent.name for path in package.glob("*/__init__.py")}

    assert sorted(named) == sorted(modules - NO_FLOOR)


def test_the_picture_has_the_arrows_that_the_imports_have() -> None:
    drawn = ET.parse(house.PICTURE)
    arrows = {(one.get("data-from"), one.get("data-to")) for one in drawn.iter() if one.get("class") == "arrow"}
    words = {word for one in drawn.iter("{http://www.w3.org/2000/svg}text") for word in (one.text or "").split()}
    by_floor = house.floors()

    assert arrows == house.arrows(by_floor), "draw it again: make picture"
    assert words == {*by_floor, *(name for names in by_floor.values() for name in names)}, "draw it again: make picture"


def test_every_arrow_points_down() -> None:
    order = list(house.floors())

    assert [pair for pair in house.arrows(house.floors()) if order.index(pair[0]) > order.index(pair[1])] == []


def test_the_table_names_what_each_module_is_the_only_door_to() -> None:
    said = {name: doors for _, names, doors in house.rows() for name in names}
    peers = {"benchmark"}  # it runs what the workbench is compared with, as others would write it

    missing = [
        (module, library)
        for module, library in house.doors()
        if module not in peers and not re.search(library.removeprefix("python_").replace("_", "."), said[module], re.IGNORECASE)
    ]

    assert missing == []
