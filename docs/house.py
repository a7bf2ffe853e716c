"""The picture of the house (docs/images/house.svg): floors, their modules, and which floor imports from which. `make picture`.

What lives here: the floors as the table of architecture.md names them, the imports as the code has them, and drawing both. What
does not: whether imports may be so (the contracts in pyproject.toml). tests/test_house.py compares the picture with the code.
"""

from __future__ import annotations

import re
import textwrap
import tomllib
from html import escape
from pathlib import Path

import grimp

DOCS = Path(__file__).resolve().parent
PICTURE = DOCS / "images" / "house.svg"
WIDTH, TEXT_AT, LANES_AT, LANE = 980, 118, 742, 30  # pixels
LINE, PAD, GAP, SIGNS = 17, 11, 13, 92  # pixels; SIGNS: of a line of module names
STYLE = """
  text { font: 13px "Source Sans", "Noto Sans", Arial, sans-serif; fill: #1B1F24; }
  .floor { fill: #F3F0E9; stroke: #E3DFD6; } .name { font-weight: 700; fill: #0F5C63; }
  .arrow { fill: none; stroke: #0F5C63; stroke-width: 1.5; } .tip, .foot { fill: #0F5C63; }
  @media (prefers-color-scheme: dark) {
    text { fill: #E8E6E1; } .floor { fill: #1C2125; stroke: #2A2F34; } .name, .tip, .foot { fill: #5FB3B3; }
    .arrow { stroke: #5FB3B3; }
  }"""


def rows() -> list[tuple[str, list[str], str]]:
    """(floor, module names, the only door to) of each row of the table, the lowest floor first."""
    found, floor = [], ""
    for line in (DOCS / "architecture.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("| ") or len(cells) < 3:
            continue
        names = re.findall(r"`(\w+)(?:\.py|/)`", cells[1].split("(+")[0])
        if names:
            floor = cells[0] or floor
            found.append((floor, names, cells[3] if len(cells) > 3 else ""))
    return found


def floors() -> dict[str, list[str]]:
    """The modules of each floor, the highest floor first."""
    found: dict[str, list[str]] = {}
    for floor, names, _ in rows():
        found.setdefault(floor, []).extend(names)
    return dict(reversed(found.items()))


def arrows(by_floor: dict[str, list[str]]) -> set[tuple[str, str]]:
    """(floor, floor it imports from), as the code has it."""
    floor_of = {name: floor for floor, names in by_floor.items() for name in names}
    graph = grimp.build_graph("workbench")
    pairs = {
        (floor_of.get(one.split(".")[1]), floor_of.get(other.split(".")[1]))
        for one in graph.modules
        for other in graph.find_modules_directly_imported_by(one)
        if "." in one and "." in other
    }
    return {(one, other) for one, other in pairs if one and other and one != other}


def doors() -> list[tuple[str, str]]:
    """(module, library) of every contract that makes a module the only door to a library."""
    told = tomllib.loads((DOCS.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    return [
        (ignored.split(" -> ")[0].split(".")[1], library)
        for contract in told
        if contract["name"].startswith("The only door")
        for library in contract["forbidden_modules"]
        for ignored in contract["ignore_imports"]
        if ignored.endswith(f" -> {library}")
    ]


def picture(by_floor: dict[str, list[str]], among: set[tuple[str, str]]) -> str:
    """The SVG: a band for each floor, and for each that imports a line down with a tip at every floor it imports from."""
    parts, middle, at = [], {}, GAP
    for floor, names in by_floor.items():
        lines = textwrap.wrap("  ".join(sorted(names)), SIGNS)
        height = 2 * PAD + LINE * len(lines)
        middle[floor] = at + height / 2
        parts.append(f'<rect class="floor" x="8" y="{at}" width="{WIDTH - 16}" height="{height}" rx="4"/>')
        parts.append(f'<text class="name" x="22" y="{at + PAD + 13}">{escape(floor)}</text>')
        for number, line in enumerate(lines):
            parts.append(f'<text x="{TEXT_AT}" y="{at + PAD + 13 + LINE * number}">{escape(line)}</text>')
        at += height + GAP
    for lane, floor in enumerate(by_floor):
        below = [other for other in by_floor if (floor, other) in among]
        parts += _lane(LANES_AT + LANE * lane, floor, below, middle)
    drawn = "\n".join(parts)
    label = "The floors of the house, the modules on each, and from which floors each imports: only from below"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {at}" role="img" aria-label="{label}">\n'
        f"<style>{STYLE}\n</style>\n{drawn}\n</svg>\n"
    )


def _lane(x: int, floor: str, below: list[str], middle: dict[str, float]) -> list[str]:
    foot = [f'<circle class="foot" cx="{x}" cy="{middle[floor]}" r="4"/>'] if below else []
    tips = [
        f'<path class="arrow" data-from="{floor}" data-to="{other}" d="M{x} {middle[floor]}V{middle[other] - 7}"/>'
        f'<path class="tip" d="M{x - 5} {middle[other] - 9}h10l-5 9z"/>'
        for other in below
    ]
    return [*foot, *tips]


if __name__ == "__main__":
    PICTURE.write_text(picture(floors(), arrows(floors())), encoding="utf-8")
