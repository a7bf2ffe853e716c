"""md: a report for readers as CommonMark, every word of people and files escaped so that none of it becomes markup.

Links appear only where the report has an address that is safe to follow, written as <https://...>. What does not live here:
what a report says (workbench.report). Prints the page of a report, never the record.
"""

from __future__ import annotations

from collections.abc import Sequence

import regex

from workbench.report import (
    FRAGMENTS,
    NO_EXPLANATION,
    NO_HEADLINE,
    REPORTED_WORDS,
    CitedWords,
    ClaimPage,
    ClaimReport,
    one_per_scale,
)
from workbench.settings import Settings

_MARKUP = regex.compile(
    r"[\\`*_\[\]{}<>#|~&$@^]|:(?=\S)|(?<=\w)\.(?=\p{L})"
)  # the last two: addresses become links by themselves
_LINE_START = regex.compile(r"\d{1,9}(?=[.)])|(?=[-+=:%])")  # lists, rules, underlines: markup only where a line begins
_CONTROL = regex.compile(r"\p{Cc}")


def write_markdown(reports: Sequence[ClaimReport], settings: Settings) -> bytes:
    """One heading a claim; several claims begin with a table of them."""
    blocks: list[str] = []
    if len(reports) != 1:
        blocks += [f"# Fact-checks by {escape(settings.organisation.name or settings.name)}", _contents(reports)]
    for report in reports:
        blocks += _claim(report.page)
    for page in one_per_scale([report.page for report in reports]):
        blocks += ["## Method and scale", escape(" ".join(page.method)), _scale(page)]
    if settings.organisation.licence:
        blocks.append(escape(settings.organisation.licence))
    return ("\n\n".join(blocks) + "\n").encode("utf-8")


def escape(text: str) -> str:
    """The text as one line of CommonMark that reads as itself; a control character, which a terminal may obey, as U+FFFD."""
    line: str = _MARKUP.sub(r"\\\g<0>", _CONTROL.sub("\ufffd", " ".join(text.split())))
    start = _LINE_START.match(line)
    return f"{line[: start.end()]}\\{line[start.end() :]}" if start else line


def block(text: str, *, before: str = "") -> str:
    """The text as CommonMark lines, blank lines kept as paragraph ends, each line after `before`."""
    lines = regex.split(r"\r\n|[\n\r\v\f\x85\u2028\u2029]", text.strip())
    return "\n".join(f"{before}{escape(line)}".rstrip() for line in lines)


def _contents(reports: Sequence[ClaimReport]) -> str:
    if not reports:
        return "No claim was chosen."
    rows = [
        f"| {escape(one.page.title)} | {escape(one.page.who_and_when)} | {escape(one.page.verdict_words)} |" for one in reports
    ]
    return "\n".join(["| Claim | Who and when | Rating |", "| --- | --- | --- |", *rows])


def _claim(page: ClaimPage) -> list[str]:
    blocks = [f"# {escape(page.headline or page.title)}"]
    if page.draft:
        blocks.append(f"**{escape(page.draft)}**")
    blocks += [f"**{one.label}, {one.when}:** {escape(one.note)}" for one in page.changes]
    blocks += [*_said(page), *_rated(page)]
    blocks += ["## Evidence", escape(page.evidence), *[part for one in page.citations for part in _cited(one)]]
    if page.search:
        queries = [f"- Searched for: {escape(query)}" for query in page.queries]
        blocks += ["## How we searched", *(["\n".join(queries)] if queries else []), escape(" ".join(page.search))]
    if page.history:
        lines = [f"- {one.when}: {escape(one.words)}" for one in page.history]
        blocks += ["## History", "\n".join(lines)]
    return [*blocks, *_record(page)]


def _said(page: ClaimPage) -> list[str]:
    blocks = ["## The claim"]
    if page.quote:
        blocks += [block(f"“{page.quote}”", before="> "), f"The claim as checked: {escape(page.statement)}"]
    else:
        blocks.append(block(page.statement))
    if page.reported:
        blocks.append(f"{REPORTED_WORDS}: {escape(page.reported)}")
    if page.translated:
        original = f" from: {escape(page.quote_original)}" if page.quote_original else ""
        blocks.append(f"{escape(page.translated)}{original}")
    blocks.append(escape(page.who_and_when))
    lines = [f"- {' '.join(part for part in (escape(one.words), _link(one.link)) if part)}" for one in page.appearances]
    if lines:
        blocks.append("\n".join(["Where it appeared:", "", *lines]))
    return blocks


def _rated(page: ClaimPage) -> list[str]:
    blocks = ["## Rating", f"**{escape(page.verdict_words)}**"]
    if page.rating is None:
        return blocks
    if page.rating.meaning:
        blocks[-1] += f" {escape(page.rating.meaning)}"
    if page.fragments:
        lines = [f"- {escape(one.words)}: **{escape(one.label)}** ({one.resting})" for one in page.fragments]
        blocks.append("\n".join([f"{FRAGMENTS}:", "", *lines]))
    if page.weighing:
        blocks.append(block(page.weighing))
    blocks.append(block(page.explanation) if page.explanation else f"*{NO_EXPLANATION}*")
    if page.headline is None:
        blocks.append(f"*{NO_HEADLINE}*")
    blocks += [escape(note) for note in page.notes]
    return [*blocks, f"Rated by {escape(page.decided_by or '')}, {page.decided}."]


def _cited(one: CitedWords) -> list[str]:
    link = _link(one.link)
    head = f"### {one.number}\\. {one.stance_words}"
    archived = _link(one.archived)
    lines = [" ".join(part for part in (escape(one.source), link, archived and f"(archived: {archived})") if part)]
    lines += [f"Underlying origin: {escape(one.origin)}"] if one.origin else []
    lines += [f"On this source: {escape(one.reliability)}"] if one.reliability else []
    lines += [f"Translation: {escape(one.translation)}"] if one.translation else []
    caution = [f"**{escape(said)}**" for said in (one.caution, one.by_ocr) if said]
    caution += [f"*Of this file: {escape(warning)}*" for warning in one.warnings]
    told = [f"{escape(one.told)}:"] if one.told else []
    words = block(one.quote, before="> " if one.is_quotation else "")  # a description is no quotation
    return [head, *caution, *told, words, "\n\n".join(lines)]


def _scale(page: ClaimPage) -> str:
    rows = [f"| {escape(row.label)} | {escape(row.definition)} | {_number(row.order)} |" for row in page.scale_rows]
    head = [f"The scale: {escape(page.scale)}", "", "| Rating | Meaning | Number |", "| --- | --- | --- |"]
    return "\n".join([*head, *rows])


def _number(order: int | None) -> str:
    return "none" if order is None else str(order)


def _record(page: ClaimPage) -> list[str]:
    lines = [f"- Claim: {page.id}, {escape(page.status_words)}"]
    if page.verdict_hash:
        lines.append(f"- Verdict: revision {page.revision}, sha256 {page.verdict_hash}, {escape(page.software or '')}")
    lines += [f"- Source {one.number}: sha256 {one.sha256}, {one.place}" for one in page.citations]
    return ["## Record", "\n".join(lines)]


def _link(link: str | None) -> str:
    return f"<{link}>" if link else ""
