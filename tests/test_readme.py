"""Every command of the README is run: here in its own words, or by the test that is named beside it."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT, FakeEncoder
from workbench import encoders
from workbench.claims import load_claim_files
from workbench.cli import main

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
MAX_LINES = 66  # two screens
ELSEWHERE = {  # what does not come back by itself, or is one of the two commands: who runs it
    "make run": ("Makefile", "workbench --workspace . serve"),  # its two lines: tests/e2e runs both for every journey
    "make test": (".ci/run", "make test"),
    "make demo": ("tests/test_cli.py", "demo.run()"),
    "make docs": ("tests/test_docs.py", '"mkdocs", "build", "--strict"'),
    "workbench serve": ("tests/test_package.py", '"serve", "--port"'),
    "source .venv/bin/activate": ("Makefile", "-m venv .venv"),
}


def commands() -> Iterator[str]:
    """The commands of the blocks, line by line with their continuations, and those that stand in the text."""
    for block in re.findall(r"(?:^    .*\n)+", README, re.MULTILINE):
        for line in re.sub(r"\\\n\s*", "", block).splitlines():
            for part in re.split(r"\s+#\s|&&", line):
                if re.match(r"(workbench|make|source|cd|git|pip|python3?)\s|\.venv/", part.strip()):
                    yield part.strip()
    yield from re.findall(r"`((?:make|workbench) [^`]+)`", README)


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home folder with an article in Downloads, and made-up vectors in place of the model's."""
    (tmp_path / "Downloads" / "articles").mkdir(parents=True)
    article = "The junta says the November 2020 election was marred by mass fraud. Observers found no mass fraud in it."
    (tmp_path / "Downloads" / "articles" / "voa.txt").write_text(article, encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(encoders, "load_encoder", lambda _: FakeEncoder())
    return tmp_path


def typed(command: str, known: dict[str, str]) -> list[str]:
    """The words of a command as a shell gives them, with the ids that earlier ones printed in place of their names."""
    words = [str(Path(word).expanduser()) if word.startswith("~") else word for word in shlex.split(command)]
    for name, value in known.items():
        words = [re.sub(rf"\b{name}\b", value, word) for word in words]
    return words


def test_every_command_of_the_readme_does_what_it_says(
    at_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    known: dict[str, str] = {}
    for command in commands():
        if command in ELSEWHERE:
            continue
        program, *words = typed(command, known)
        if program == "cd":
            monkeypatch.chdir(words[0])
            continue
        assert program == "workbench", f"nothing runs {command!r}: run it here, or say in ELSEWHERE which test does"
        monkeypatch.setattr(sys, "argv", [program, *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert not ended.value.code, f"{command}\n{said.err}"
        if words[0] == "match":
            known = {"CLAIM": words[1], "PASSAGE_ID": re.findall(r"\[(\w{16}-\d+-\d+)\]", said.out)[0]}

    assert "mass fraud" in (at_home / "desk" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", list(ELSEWHERE))
def test_what_is_run_elsewhere_is(command: str) -> None:
    file, words = ELSEWHERE[command]

    assert command in set(commands())
    assert words in (CHECKOUT / file).read_text(encoding="utf-8")


def test_the_readme_is_two_screens_with_a_picture_and_counts_what_is_there() -> None:
    claims = sum(len(file.claims) for file in load_claim_files(CHECKOUT / "claims"))
    digests = [path for path in (CHECKOUT / "evidence").iterdir() if path.suffix in (".md", ".txt") and path.stem != "README"]

    assert README.count("\n") <= MAX_LINES
    assert (CHECKOUT / re.findall(r"!\[[^]]+\]\(([^)]+)\)", README)[0]).is_file()
    assert f"{claims} claims found in four articles and {len(digests)} short digests" in README.replace("\n", " ")
