"""The documentation says all there is, and links to nothing that is not there."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typer

from tests.conftest import CHECKOUT
from workbench.cli.app import app
from workbench.cli.reference import commands, commands_page, settings, settings_page
from workbench.settings import TEMPLATE

MAX_MODULE, MAX_FUNCTION = 400, 50  # lines
LONG_FOR_A_REASON: dict[str, str] = {
    "workbench/cli/verdict.py::record": "a command's options are its parameters, a line or two each",
}


def test_every_command_and_every_option_says_what_it_is() -> None:
    found = dict(commands(typer.main.get_command(app)))
    silent = [path for path, command in found.items() if not command.help]
    silent += [
        f"{path} {option.opts[0]}"
        for path, command in found.items()
        for option in command.params
        if option.param_type_name == "option" and option.name != "help" and not option.help
    ]

    assert silent == []
    assert len(re.findall("^## ", commands_page(), re.MULTILINE)) == len(found)


def test_every_setting_is_explained_in_the_file_that_init_writes() -> None:
    missing = [key for key, _ in settings() if not re.search(rf"\b{key.rpartition('.')[2]}\b", TEMPLATE)]

    assert missing == []
    assert all(f"| `{key}` |" in settings_page() for key, _ in settings())


@pytest.mark.process
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    command += ["--config-file", str(CHECKOUT / "mkdocs.yml")]

    built = subprocess.run(command, capture_output=True, text=True, check=False, cwd=CHECKOUT)

    assert built.returncode == 0, built.stderr
    page = (tmp_path / "site" / "tutorial.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="https?://(?!127\.0\.0\.1)', page.replace("https://squidfunk.github.io", ""))


def test_no_module_and_no_function_is_too_long_to_be_read() -> None:
    long = []
    for path in sorted((CHECKOUT / "workbench").rglob("*.py")):
        name, text = path.relative_to(CHECKOUT).as_posix(), path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > MAX_MODULE:
            long.append(f"{name}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > MAX_FUNCTION and f"{name}::{node.name}" not in LONG_FOR_A_REASON:
                    long.append(f"{name}::{node.name}: {lines} lines")

    assert long == []


def test_the_pages_lead_nowhere_that_could_rot() -> None:
    """Links between pages are held by the build above; outside there is nothing: this machine, and names for examples."""
    pages = [*(CHECKOUT / "docs").glob("*.md"), *(CHECKOUT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md"))]
    hosts = {
        urlsplit(address).hostname
        for page in pages
        for address in re.findall(r"\bhttps?://[^\s)>\"'`]+", page.read_text(encoding="utf-8"))
    }

    assert {host for host in hosts if host != "127.0.0.1" and not str(host).endswith(".example.org")} == set()


def test_every_page_that_the_code_names_is_there() -> None:
    files = [*(CHECKOUT / "workbench").rglob("*.py"), *(CHECKOUT / "deploy").iterdir(), CHECKOUT / "Makefile"]
    named = {page for file in files for page in re.findall(r"docs/[\w/-]+\.md", file.read_text(encoding="utf-8"))}

    assert {page for page in named if not (CHECKOUT / page).is_file()} == set()
