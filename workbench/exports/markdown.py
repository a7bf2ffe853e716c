"""md: a report for readers as CommonMark, every word of people and files escaped so that none of it becomes markup.

Links appear only where the report has an address that is safe to follow, written as <https://...>. What does not live here:
what a report says (workbench.report). Prints the blocks of a report, never the record.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import regex

from workbench.report import ClaimReport
from workbench.report.blocks import Article, Block, Cited, Facts, Heading, Items, Para, Quote, Rated, Run, Runs, Section, Table
from workbench.report.compose import document
from workbench.report.imprint import Imprint

_MARKUP = regex.compile(
    r"[\\`*_\[\]{}<>#|~&$@^]|:(?=\S)|(?<=\w)\.(?=\p{L})"
)  # the last two: addresses become links by themselves
_LINE_START = regex.compile(r"\d{1,9}(?=[.)])|(?=[-+=:%])")  # lists, rules, underlines: markup only where a line begins
_CONTROL = regex.compile(r"\p{Cc}")
_LINES = regex.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")


def write_markdown(reports: Sequence[ClaimReport], imprint: Imprint) -> Iterator[bytes]:
    """One heading a claim; several claims begin with what they add up to and a table of them."""
    if len(reports) != 1:
        yield f"{escape(imprint.title(None))}\n\n".encode()
    for block in document(reports, imprint.edition):
        yield ("\n\n".join(_printed(block)) + "\n\n").encode()
    last = " · ".join(part for part in (imprint.publisher, imprint.licence) if part)
    yield f"{escape(last)}\n".encode()


def escape(text: str) -> str:
    """The text as one line of CommonMark that reads as itself; a control character, which a terminal may obey, as U+FFFD."""
    line: str = _MARKUP.sub(r"\\\g<0>", _CONTROL.sub("\ufffd", " ".join(text.split())))
    start = _LINE_START.match(line)
    return f"{line[: start.end()]}\\{line[start.end() :]}" if start else line


def block(text: str, *, before: str = "") -> str:
    """The text as CommonMark lines, blank lines kept as paragraph ends, each line after `before`."""
    return "\n".join(f"{before}{escape(line)}".rstrip() for line in _LINES.split(text.strip()))


def _printed(one: Block | Article) -> Iterator[str]:
    """The paragraphs of a block, to be set apart by empty lines."""
    match one:
        case Heading():
            yield f"{'#' * one.level} {escape(one.text)}"
        case Para():
            yield _paragraph(one)
        case Quote(role="claim"):
            yield block(f"“{one.text}”", before="> ")
        case Quote():
            yield block(one.text, before="> ")
        case Items():
            yield "\n".join(f"- {_line(item)}" for item in one.items)
        case Rated():
            yield f"**{escape(one.label)}**"
        case Table():
            yield _table(one)
        case Facts():
            yield "\n".join(f"- {escape(name)}: {_line(value)}" for name, value in one.rows)
        case Cited():
            first, *others = one.blocks
            yield f"{one.number}\\. **{_line(first.runs) if isinstance(first, Para) else ''}**"
            for part in others:
                yield from _printed(part)
        case Section():
            if one.titled:
                yield f"{'#' * one.level} {escape(one.name)}"
            for inside in one.blocks:
                yield from _printed(inside)
        case Article():
            for inside in one.blocks:
                yield from _printed(inside)


def _paragraph(para: Para) -> str:
    words = "".join(run.text for run in para.runs)
    match para.role:
        case "draft" | "caution":
            return f"**{escape(words)}**"
        case "missing":
            return f"*{escape(words)}*"
        case "explanation" | "weighing" | "description" | "statement":
            return block(words)
    return _line(para.runs)


def _line(runs: Runs) -> str:
    """The runs as one line: words between them are kept apart as they are, and none begins a list."""
    return "".join(_run(run, first=at == 0) for at, run in enumerate(runs)).strip()


def _run(run: Run, *, first: bool) -> str:
    text = run.text
    before, after = " " if text[:1].isspace() else "", " " if text[-1:].isspace() else ""
    words = escape(text) if first else escape(f"x{text}").removeprefix("x").lstrip()
    if run.link and not run.link.startswith("#"):
        words = f"<{run.link}>" if run.text == run.link else f"{words}: <{run.link}>"
    elif run.mark == "strong" and words:
        words = f"**{words}**"
    return f"{before}{words}{after}" if words else before


def _table(one: Table) -> str:
    rule = ["---:" if at in one.numbers else "---" for at in range(len(one.head))]
    rows = [[escape(name) for name in one.head], rule, *([_line(cell) for cell in row] for row in one.rows)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([escape(one.caption), "", *lines] if one.caption else lines)
