"""How well quotations and their speakers are found, beside a plain regular expression, on articles with marked attributions.

What lives here: the layout (articles.jsonl[.gz]: `text`, `attributions` with spans), the counting, the baseline and the table.
What does not: finding (quotes/). Run: `python -m workbench.benchmark.quotations FOLDER`.

A marked quotation is found where at least half of its characters inside quote marks are covered; a quotation of ours is right
where at least half of it lies in marked ones. Attributed: found, and a speaker's span overlaps the marked source (none where
the article names none). Reported speech counts one to one, where both spans share at least half of their union.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import regex

from workbench.benchmark.beir import bad, json_lines
from workbench.errors import WorkbenchError
from workbench.quotes import extract_quotes

HALVES = ("read", "held out")
QUOTED = ("direct", "mixed")
_IN_MARKS = regex.compile(r"“(.+?)(?:”|$)|\"(.+?)(?:\"|$)|«(.+?)(?:»|$)|„(.+?)(?:“|$)", regex.DOTALL)

# The baseline: what stands in quote marks in one line and is no scare quote by its length; the nearest "said" and name.
SCARE_WORDS = 2  # a single word is a scare quote; longer limits find less on the half that was read
NEAR = 120  # characters on either side of a quotation in which a name beside a verb of saying is looked for
_QUOTE = regex.compile(r"“([^“”\n]+)”|\"([^\"\n]+)\"|«([^«»\n]+)»|„([^„“\n]+)“")
_NAME = r"(?P<who>\p{Lu}[\p{L}.’'-]+(?: \p{Lu}[\p{L}.’'-]+){0,3}|[Hh]e|[Ss]he|[Tt]hey)"
_SAID = r"(?:said|says|told|added|wrote|asked|noted|called|argued|explained)"
_SPEAKER = regex.compile(rf"{_NAME} {_SAID}\b|\b{_SAID} {_NAME}")
_REPORT = regex.compile(rf"{_NAME} {_SAID} (?:that )?(?P<clause>\p{{Ll}}[^.\n“\"]+)")


class Found(NamedTuple):
    """One quotation as a finder gives it: spans in code points, None where no speaker is known."""

    kind: str
    span: tuple[int, int]
    speaker: tuple[int, int] | None


Finder = Callable[[str], list[Found]]


class Share(NamedTuple):
    """Right among given and found among marked, as counts; the shares and F1 follow."""

    right: int
    given: int
    found: int
    marked: int

    @property
    def precision(self) -> float:
        """The share of what was given that is right; 0 for nothing."""
        return self.right / self.given if self.given else 0.0

    @property
    def recall(self) -> float:
        """The share of what is marked that was found; 0 for nothing."""
        return self.found / self.marked if self.marked else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def workbench_finds(text: str) -> list[Found]:
    """What `claims extract` finds."""
    return [Found(one.kind, (one.start, one.end), _pair(one.speaker_start, one.speaker_end)) for one in extract_quotes(text)]


def _pair(start: int | None, end: int | None) -> tuple[int, int] | None:
    return None if start is None or end is None else (start, end)


def regex_finds(text: str) -> list[Found]:
    """What two plain regular expressions find."""
    found = []
    for quote in _QUOTE.finditer(text):
        group = next(number for number in range(1, 5) if quote[number] is not None)
        if len(quote[group].split()) >= SCARE_WORDS:
            found.append(Found("direct", quote.span(group), _nearest_speaker(text, quote.start(), quote.end())))
    found += [Found("indirect", report.span("clause"), report.span("who")) for report in _REPORT.finditer(text)]
    return found


def _nearest_speaker(text: str, start: int, end: int) -> tuple[int, int] | None:
    after = _SPEAKER.search(text, end, end + NEAR)
    before = list(_SPEAKER.finditer(text, max(0, start - NEAR), start))
    if not after and not before:
        return None
    is_after = after and (not before or after.start() - end < start - before[-1].end())
    first, last = (after if is_after else before[-1]).span("who")
    return first, last


def half_of(article_id: str) -> str:
    """The half an article belongs to, by the parity of the sha256 of its id: rules may be read off the even half only."""
    return HALVES[int(sha256(article_id.encode()).hexdigest(), 16) % 2]


def read_articles(folder: Path) -> Iterator[tuple[str, str, list[Mapping[str, Any]]]]:
    """(id, text, attributions) of every article. Raises: WorkbenchError `bad_benchmark`."""
    for place, line in json_lines(folder, "articles.jsonl"):
        if not isinstance(line.get("text"), str) or not isinstance(line.get("attributions"), list):
            raise bad(f"{place} has no text with attributions.")
        yield str(line.get("_id") or place), line["text"], line["attributions"]


def _places(parts: Sequence[Mapping[str, Any]]) -> set[int]:
    return {place for part in parts for place in range(part["start"], part["end"])}


def _in_marks(text: str, parts: Sequence[Mapping[str, Any]]) -> set[int]:
    """The places of these parts that stand in quote marks; all of them where no mark does."""
    inside: set[int] = set()
    for part in parts:
        for quote in _IN_MARKS.finditer(text[part["start"] : part["end"]]):
            group = next(number for number in range(1, 5) if quote[number] is not None)
            inside.update(range(part["start"] + quote.start(group), part["start"] + quote.end(group)))
    return inside or _places(parts)


def count(text: str, attributions: Sequence[Mapping[str, Any]], found: Sequence[Found]) -> Counter[tuple[str, str]]:
    """(row, right | given | found | marked) -> how many, for one article."""
    counts: Counter[tuple[str, str]] = Counter()
    quoted = [one for one in attributions if one["quote_type"] in QUOTED]
    content: set[int] = set().union(*(_places(one["content"]) for one in quoted))
    ours = [one for one in found if one.kind in QUOTED]
    for one in ours:
        covered = sum(place in content for place in range(*one.span))
        for row in (one.kind, "quoted"):
            counts[row, "given"] += 1
            counts[row, "right"] += covered * 2 >= one.span[1] - one.span[0]
    for marked in quoted:
        wanted, source = _in_marks(text, marked["content"]), _places(marked["source"])
        hits = [hit for hit in _within(ours, wanted) if not wanted.isdisjoint(range(*hit.span))]
        is_found = len(wanted.intersection(*[set().union(*(range(*hit.span) for hit in hits))])) * 2 >= len(wanted)
        speakers = [range(*hit.speaker) for hit in hits if hit.speaker]
        is_attributed = any(not source.isdisjoint(who) for who in speakers) if source else not speakers
        for row in (str(marked["quote_type"]), "quoted"):
            counts[row, "marked"] += 1
            counts[row, "found"] += is_found
        counts["attributed", "found"] += is_found and is_attributed
    return counts + _count_reported(attributions, [one for one in found if one.kind == "indirect"])


def _within(ours: Sequence[Found], wanted: set[int]) -> list[Found]:
    """Those that may share a place with a set: what lies before or after all of it is passed over."""
    first, last = min(wanted, default=0), max(wanted, default=-1)
    return [one for one in ours if one.span[0] <= last and one.span[1] > first]


def _count_reported(attributions: Sequence[Mapping[str, Any]], ours: list[Found]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter({("indirect", "given"): len(ours)})
    for one in attributions:
        if one["quote_type"] != "indirect":
            continue
        counts["indirect", "marked"] += 1
        wanted = _places(one["content"])
        for hit in _within(ours, wanted):
            shared = len(wanted.intersection(range(*hit.span)))
            if shared * 2 >= len(wanted) + hit.span[1] - hit.span[0] - shared:
                ours.remove(hit)
                counts["indirect", "found"] += 1
                counts["indirect", "right"] += 1
                break
    return counts


def shares(counts: Counter[tuple[str, str]]) -> dict[str, Share]:
    """The rows of the table. Attributed: of the right quotations the share that is attributed too, as precision."""
    rows = {
        row: Share(*(counts[row, what] for what in ("right", "given", "found", "marked")))
        for row in ("direct", "mixed", "quoted", "indirect")
    }
    quoted, attributed = rows["quoted"], counts["attributed", "found"]
    kept = round(quoted.right * attributed / quoted.found) if quoted.found else 0
    return {**rows, "attributed": Share(kept, quoted.given, attributed, quoted.marked)}


def measure(folder: Path, find: Finder, halves: Sequence[str] = HALVES) -> dict[str, dict[str, Share]]:
    """Row by row for each half asked for and for both together. Raises: WorkbenchError `bad_benchmark`."""
    counts: dict[str, Counter[tuple[str, str]]] = {part: Counter() for part in ("all", *halves)}
    for article_id, text, attributions in read_articles(folder):
        half = half_of(article_id)
        if half in halves:
            one = count(text, attributions, find(text))
            counts["all"] += one
            counts[half] += one
    return {part: shares(counted) for part, counted in counts.items()}


def table(measured: Mapping[str, Mapping[str, Mapping[str, Share]]]) -> str:
    """Markdown: a line for each finder and row, with precision, recall and F1 of each half and F1 of all articles.

    Kinds that a finder does not tell apart are left out.
    """
    heads = [f"{half}, {what}" for half in HALVES for what in ("precision", "recall", "F1")]
    lines = [f"| finder | kind | {' | '.join(heads)} | all, F1 |", "| --- " * (len(heads) + 3) + "|"]
    for finder, parts in measured.items():
        rows = QUOTED if parts["all"]["mixed"].given else ()
        for row in (*rows, "quoted", "attributed", "indirect"):
            halves = [parts[half][row] for half in HALVES]
            figures = [figure for one in halves for figure in (one.precision, one.recall, one.f1)]
            written = " | ".join(f"{figure:.3f}" for figure in (*figures, parts["all"][row].f1))
            lines.append(f"| {finder} | {row} | {written} |")
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command: prints the table."""
    parser = argparse.ArgumentParser(prog="python -m workbench.benchmark.quotations", description="Score found quotations.")
    parser.add_argument("folder", type=Path, help="a folder with articles.jsonl or articles.jsonl.gz")
    given = parser.parse_args(arguments)
    finders: dict[str, Finder] = {"workbench": workbench_finds, "regex": regex_finds}
    try:
        measured = {name: measure(given.folder, find) for name, find in finders.items()}
    except WorkbenchError as error:
        sys.stderr.write(f"{error}\n{error.hint}\n")
        return 1
    sys.stdout.write(table(measured) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
