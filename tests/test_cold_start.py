"""What a command imports: a reviewer who saves a verdict does not wait for a model, a parser or a web server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ANA, FakeEncoder, make_claim
from workbench.desk import Desk

pytestmark = pytest.mark.process

MODELS = ["torch", "transformers", "sentence_transformers", "openvino", "tokenizers"]
INDEXES = ["faiss", "tantivy"]
READERS = ["trafilatura", "pypdfium2", "docx", "lxml", "charset_normalizer", "sentencex"]
REST = [
    "pydantic_settings",
    "streamlit",
    "starlette",
    "pandas",
    "pyarrow",
    "alembic",
    "jinja2",
    "dateutil",
    "workbench.lens",
    "workbench.quotes",
]
HEAVY = [*MODELS, *INDEXES, *READERS, *REST]
STORES = ["sqlalchemy", "numpy", "yaml"]
RECORD = ["verdict", "record", "c", "--rating", "not-enough-evidence", "--rationale", "Why", "--reviewer", "Ana"]

WATCH = """
import sys
from workbench.cli import main
try:
    main()
except SystemExit as ended:
    if ended.code:
        raise
print(*[name for name in {names!r} if name in sys.modules], file=sys.stderr)
"""


def imported(arguments: list[str], names: list[str], home: Path) -> list[str]:
    command = [sys.executable, "-c", WATCH.format(names=names), *arguments]
    ended = subprocess.run(command, cwd=home, capture_output=True, text=True, check=True)
    return ended.stderr.split()


@pytest.fixture
def begun(home: Path) -> Path:
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.add_claim(make_claim("c"), actor=ANA)
    return home


@pytest.mark.parametrize("arguments", [["claims", "list"], RECORD], ids=["claims-list", "verdict-record"])
def test_a_command_about_claims_imports_no_model_index_or_parser(begun: Path, arguments: list[str]) -> None:
    assert imported(arguments, HEAVY, begun) == []


def test_status_imports_no_model_and_no_parser(begun: Path) -> None:
    assert imported(["status"], [*MODELS, *READERS, "streamlit", "alembic", "jinja2", "pandas"], begun) == []


@pytest.mark.parametrize("arguments", [["--help"], ["verdict", "record", "--help"]], ids=["help", "help-of-a-command"])
def test_help_opens_no_store(tmp_path: Path, arguments: list[str]) -> None:
    assert imported(arguments, [*HEAVY, *STORES], tmp_path) == []
