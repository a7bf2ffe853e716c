"""What `make docs` adds to the pages in this folder: the ones made from the code and from the files beside it."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

from workbench.cli.reference import commands_page, settings_page

TOP = Path(__file__).resolve().parents[1]


def on_files(files: Files, *, config: Any) -> Files:
    """Adds the reference, the home page (the README), the change log and the contributor's page."""
    made = {
        "reference/commands.md": commands_page(),
        "reference/settings.md": settings_page(),
        "reference/modules.md": modules_page(),
        "index.md": _moved((TOP / "README.md").read_text(encoding="utf-8")),
        "changelog.md": (TOP / "CHANGELOG.md").read_text(encoding="utf-8"),
        "contributing.md": _moved((TOP / "CONTRIBUTING.md").read_text(encoding="utf-8")),
        "images/icon.svg": (TOP / "workbench" / "ui" / "icon.svg").read_text(encoding="utf-8"),
    }
    for path, content in made.items():
        files.append(File.generated(config, path, content=content))
    return files


def _moved(text: str) -> str:
    """A page of the top folder whose links lead out of docs/: they are told from docs/ instead."""
    text = re.sub(r"\]\(docs/", "](", text)
    return text.replace("](CONTRIBUTING.md)", "](contributing.md)").replace("](CHANGELOG.md)", "](changelog.md)")


def modules_page() -> str:
    """Every module with its lines, what its docstring says lives there, and what it is the only door to."""
    lines = [
        "# Modules",
        "",
        "The floors and the line of data flow: [architecture](../architecture.md). The doors are contracts in",
    ]
    lines += [
        "pyproject.toml, which `make check` holds.",
        "",
        "| module | lines | holds | the only door to |",
        "| --- | --- | --- | --- |",
    ]
    doors = dict(_doors())
    for name, parts in _modules():
        texts = [part.read_text(encoding="utf-8") for part in parts]
        said = (ast.get_docstring(ast.parse(texts[0])) or "").partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
        count = sum(text.count("\n") for text in texts)
        lines.append(f"| `{name}` | {count} | {said} | {', '.join(doors.get(name.rstrip('/').removesuffix('.py'), ()))} |")
    return "\n".join(lines) + "\n"


def _modules() -> Iterator[tuple[str, list[Path]]]:
    for path in sorted((TOP / "workbench").iterdir()):
        if (path / "__init__.py").exists():
            yield (
                f"{path.name}/",
                [path / "__init__.py", *(one for one in sorted(path.rglob("*.py")) if one != path / "__init__.py")],
            )
        elif path.suffix == ".py" and not path.name.startswith("__"):
            yield path.name, [path]


def _doors() -> Iterator[tuple[str, list[str]]]:
    told = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    found: dict[str, list[str]] = {}
    for contract in told:
        match = re.match(r"The only doors? to (.+?) (?:is|are) (workbench.+)", contract["name"])
        for module in re.findall(r"workbench\.(\w+)", match[2]) if match else ():
            if match and match[1] not in found.setdefault(module, []):
                found[module].append(match[1])
    yield from found.items()
