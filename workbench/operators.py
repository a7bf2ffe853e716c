"""A query with operators, as somebody types it to search by words: "a phrase", AND OR NOT, -word, (groups), prefix*. Pure.

What lives here: reading such a text into an Expression, telling how it was read, and marking what it finds in a text. What does
not: searching (lexical.py makes tantivy's own queries of an Expression). tantivy's parser cannot be used over our terms: a
word of ours may stand in either of two fields after the text was folded; and that parser reads `foo*` as `foo` without saying
so, takes `14:30` for a field, and names no place in an error.

Words side by side: any of them, as in a query without operators. AND binds tighter than that, NOT and - tightest; what NOT and
- leave out of a list is left out of the whole list.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import regex

from workbench.errors import WorkbenchError
from workbench.matching import STOP_WORDS, matched_spans, phrase_spans
from workbench.models import Span

DEEPEST = 20  # groups inside groups
MOST_PARTS = 200  # words and phrases of one query
CLOSED_BY = {'"': '"', "“": "”“", "„": "“”", "«": "»", "»": "«", "”": "”", "＂": "＂"}
EXAMPLE = 'Write for example: "election fraud" AND NOT protest*'
_BARE = regex.compile(r"[^\s()" + "".join(CLOSED_BY) + "]+")
_QUOTES = regex.compile("[" + "".join(CLOSED_BY) + "]")
_HAS_LETTERS = regex.compile(r"\w")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")


@dataclass(frozen=True)
class Word:
    """A word in any of its forms; as it stands, where it holds several or is of a script without spaces."""

    text: str

    @property
    def is_one(self) -> bool:
        """Whether its forms count: one word of a script with spaces."""
        return len(regex.findall(r"\w+", self.text)) == 1 and not _UNSPACED.search(self.text)


@dataclass(frozen=True)
class Phrase:
    """These very words, one after the other. is_open: the last may go on: `"election obs*"`, `protest*`."""

    text: str
    is_open: bool = False


@dataclass(frozen=True)
class Every:
    """All of these."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class AnyOf:
    """One of these at least."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True)
class Without:
    """What `kept` finds, and none of `left_out` does."""

    kept: Expression
    left_out: tuple[Expression, ...]


Expression: TypeAlias = Word | Phrase | Every | AnyOf | Without


def words_asked_for(expression: Expression) -> list[str] | None:
    """Words of which everything that the expression finds has one at least; None where it finds what has none of any.

    A beginning of a word is no word, so that what only beginnings name is not known by its words.
    """
    match expression:
        case Word(text):
            return [text]
        case Phrase(text, is_open):
            whole = text.rpartition(" ")[0] if is_open else text
            return [whole] if whole.strip() else None
        case Every(parts):
            return next((found for part in parts if (found := words_asked_for(part)) is not None), None)
        case AnyOf(parts):
            every = [words_asked_for(part) for part in parts]
            return None if None in every else [word for some in every for word in some or ()]
        case Without(kept, _):
            return words_asked_for(kept)


def read_query(text: str) -> Expression | None:
    """The expression that a typed text stands for; None where it has no operator and is words only. Brackets alone are none.

    Raises: WorkbenchError (`bad_query`) naming the place of what cannot be read.
    """
    if not has_operators(text):
        return None
    signs = list(_signs(text))
    if sum(sign.kind in ("word", "phrase") for sign in signs) > MOST_PARTS:
        raise WorkbenchError(
            f"The query has more than {MOST_PARTS} words and phrases beside its operators.",
            hint="Ask for less at once, or search for the sentence without operators.",
            code="bad_query",
        )
    reading = _Reading(text, signs)
    found = reading.list_(0)
    if reading.at < len(signs):
        raise _wrong(text, signs[reading.at].at, "closes a group that was never opened")
    return found


def has_operators(text: str) -> bool:
    """Whether a text looks as if it held operators."""
    try:
        return any(sign.kind in ("and", "or", "not", "phrase") for sign in _signs(text))
    except WorkbenchError:
        return True


def told(expression: Expression) -> str:
    """How a query was read, as it could be typed: `(election OR vote) AND "mass fraud" AND NOT protest*`."""
    match expression:
        case Word(text):
            return text if expression.is_one else f'"{text}"'
        case Phrase(text, is_open):
            star = "*" if is_open else ""
            return f"{text}*" if is_open and regex.fullmatch(r"\w+", text) else f'"{text}{star}"'
        case Every(parts):
            return " AND ".join(map(_grouped, parts))
        case AnyOf(parts):
            return " OR ".join(map(_grouped, parts))
        case Without(kept, left_out):
            return " AND NOT ".join(map(_grouped, (kept, *left_out)))


def marks(expression: Expression, text: str) -> tuple[Span, ...]:
    """Where a text has what the expression asks for, in order; what it leaves out is not marked."""
    spans = {span for leaf in _asked_for(expression) for span in _spans(leaf, text)}
    return tuple(sorted(spans, key=lambda span: (span.start, span.end)))


def _spans(leaf: Word | Phrase, text: str) -> tuple[Span, ...]:
    if isinstance(leaf, Word) and leaf.is_one:
        return matched_spans(leaf.text, text)
    return phrase_spans(leaf.text, text, is_open=isinstance(leaf, Phrase) and leaf.is_open)


def _asked_for(expression: Expression) -> Iterator[Word | Phrase]:
    match expression:
        case Every(parts) | AnyOf(parts):
            for part in parts:
                yield from _asked_for(part)
        case Without(kept, _):
            yield from _asked_for(kept)
        case Word() | Phrase():
            yield expression


def _grouped(part: Expression) -> str:
    return told(part) if isinstance(part, Word | Phrase) else f"({told(part)})"


# --- signs -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sign:
    """A piece of a query, and where it stands in it. words: of a word or a phrase; is_open: a * ends it."""

    kind: Literal["word", "phrase", "and", "or", "not", "open", "close"]
    at: int
    shown: str
    words: str = ""
    is_open: bool = False


def _signs(text: str) -> Iterator[_Sign]:
    at = 0
    while at < len(text):
        character = text[at]
        if character.isspace():
            at += 1
        elif character in "()":
            yield _Sign("open" if character == "(" else "close", at, character)
            at += 1
        elif character in CLOSED_BY:
            end = next((place for place in range(at + 1, len(text)) if text[place] in CLOSED_BY[character]), None)
            if end is None:
                raise _wrong(text, at, "opens a phrase that is never closed")
            sign = _phrase(text, at, end)
            yield sign
            at += len(sign.shown)
        elif character == "-" and _begins_something(text, at + 1):
            yield _Sign("not", at, character)
            at += 1
        else:
            found = _BARE.match(text, at)
            assert found is not None  # noqa: S101  # every other character begins one
            if found[0] in ("AND", "OR", "NOT"):
                yield _Sign(_OPERATORS[found[0]], at, found[0])
            elif _HAS_LETTERS.search(found[0]) or "*" in found[0]:
                yield _bare(text, at, found[0])
            at = found.end()


_OPERATORS: dict[str, Literal["and", "or", "not"]] = {"AND": "and", "OR": "or", "NOT": "not"}


def _begins_something(text: str, at: int) -> bool:
    """Whether a - before this place leaves something out: it stands before a word, and after a space, a bracket or nothing."""
    before = text[at - 2] if at > 1 else " "
    after = text[at] if at < len(text) else " "
    return (before.isspace() or before == "(") and (after in CLOSED_BY or after in "(*" or bool(_HAS_LETTERS.match(after)))


def _bare(text: str, at: int, found: str) -> _Sign:
    star = found.find("*")
    if star < 0:
        words = found.strip(",;:!?'’…")
        return _Sign("word", at, found, words.rstrip(".") if words.count(".") == 1 else words)  # "U.S." keeps its points
    if star == 0 or not _HAS_LETTERS.search(found[:star]):
        raise _wrong(text, at + star, "has no beginning of a word before it")
    if _HAS_LETTERS.search(found[star:]) or found.count("*") > 1:
        raise _wrong(text, at + star, "can only stand at the end of a word")
    return _Sign("phrase", at, found, found[:star], is_open=True)


def _phrase(text: str, at: int, end: int) -> _Sign:
    """The phrase between two quotation marks; a * before or after the closing one leaves its last word open."""
    inside = text[at + 1 : end]
    after = text[end + 1 : end + 2] == "*"
    words = inside.rstrip()
    is_open = after or words.endswith("*")
    words = words.removesuffix("*")
    if "*" in words:
        raise _wrong(text, at + 1 + words.index("*"), "can only stand at the end of a phrase")
    if not _HAS_LETTERS.search(words) or (is_open and not _HAS_LETTERS.match(words[-1])):
        raise _wrong(text, at, "opens a phrase without a word" if not is_open else "opens a phrase whose * follows no word")
    return _Sign("phrase", at, text[at : end + 1 + after], " ".join(_QUOTES.sub(" ", words).split()), is_open)


# --- grammar -----------------------------------------------------------------------------------------------------------


@dataclass
class _Reading:
    """The signs of a text, read up to `at`."""

    text: str
    signs: Sequence[_Sign]
    at: int = 0

    def _next(self) -> _Sign | None:
        return self.signs[self.at] if self.at < len(self.signs) else None

    def list_(self, depth: int) -> Expression:
        """Chains side by side or with OR between them, up to the end or a closing bracket."""
        kept: list[Expression] = []
        loose: list[bool] = []  # stands beside its neighbours without OR: there a stop word says nothing
        left_out: list[Expression] = []
        begun, begins, after_or, is_left_out = self._next(), None, None, False
        while (sign := self._next()) is not None and sign.kind != "close":
            if sign.kind == "or":
                if after_or is not None or begins is None:
                    raise self._wrong(sign, "has nothing before it")
                if is_left_out:
                    raise self._wrong(sign, "follows what is left out, and would find nearly every passage; write AND NOT")
                after_or, loose[-1] = sign, False
                self.at += 1
                continue
            begins = sign
            found, is_left_out = self._chain(depth)
            if is_left_out and after_or is not None:
                raise self._wrong(begins, "after OR would find nearly every passage; write AND NOT")
            if is_left_out:
                left_out.append(found)
            else:
                kept.append(found)
                loose.append(after_or is None)
            after_or = None
        if after_or is not None:
            raise self._wrong(after_or, "has nothing after it")
        if not kept:
            raise self._nothing_kept(begun, left_out)
        kept = _without_stop_words(kept, loose)
        found = kept[0] if len(kept) == 1 else AnyOf(tuple(kept))
        return Without(found, tuple(left_out)) if left_out else found

    def _nothing_kept(self, begun: _Sign | None, left_out: list[Expression]) -> WorkbenchError:
        if begun is None or begun.kind == "close":
            return _wrong(self.text, begun.at if begun else len(self.text), "ends a query or a group without words")
        if left_out:
            return self._wrong(begun, "begins what only leaves out; say also what to look for")
        return self._wrong(begun, "has no words around it")

    def _chain(self, depth: int) -> tuple[Expression, bool]:
        """Operands with AND between them, and whether all there is is one that is left out."""
        first = self._next()
        assert first is not None  # noqa: S101  # its caller looked
        kept: list[Expression] = []
        left_out: list[Expression] = []
        while True:
            found, is_left_out = self._operand(depth)
            (left_out if is_left_out else kept).append(found)
            sign = self._next()
            if sign is None or sign.kind != "and":
                break
            self.at += 1
            after = self._next()
            if after is None or after.kind in ("and", "or", "close"):
                raise self._wrong(sign, "has nothing after it")
        if not kept:
            if len(left_out) == 1:
                return left_out[0], True
            raise self._wrong(first, "begins what only leaves out; say also what to look for")
        whole = kept[0] if len(kept) == 1 else Every(tuple(kept))
        return (Without(whole, tuple(left_out)) if left_out else whole), False

    def _operand(self, depth: int) -> tuple[Expression, bool]:
        sign = self._next()
        assert sign is not None  # noqa: S101  # its callers looked
        if sign.kind != "not":
            return self._one(sign, depth), False
        self.at += 1
        after = self._next()
        if after is None or after.kind in ("and", "or", "not", "close"):
            raise self._wrong(sign, "has nothing after it that it could leave out")
        return self._one(after, depth), True

    def _one(self, sign: _Sign, depth: int) -> Expression:
        self.at += 1
        match sign.kind:
            case "word":
                return Word(sign.words)
            case "phrase":
                return Phrase(sign.words, sign.is_open)
            case "open":
                if depth >= DEEPEST:
                    raise self._wrong(sign, f"opens a group inside {DEEPEST} others")
                found = self.list_(depth + 1)
                if self._next() is None:
                    raise self._wrong(sign, "opens a group that is never closed")
                self.at += 1
                return found
        raise self._wrong(sign, "has nothing before it")

    def _wrong(self, sign: _Sign, what: str) -> WorkbenchError:
        return _wrong(self.text, sign.at, what, shown=sign.shown)


def _without_stop_words(kept: list[Expression], loose: list[bool]) -> list[Expression]:
    """Without words like "the" that stand loose among others, as in a query without operators."""
    said = [one for one, is_loose in zip(kept, loose, strict=True) if not (is_loose and _is_stop_word(one))]
    return said or kept


def _is_stop_word(one: Expression) -> bool:
    if not isinstance(one, Word) or (one.text.isupper() and len(one.text) > 1):  # US, WHO: names
        return False
    return one.text.strip(".,:;!?'’").casefold() in STOP_WORDS


def _wrong(text: str, at: int, what: str, *, shown: str | None = None) -> WorkbenchError:
    shown = shown if shown is not None else text[at : at + 1]
    named = f"{shown if len(shown) <= 30 else shown[:29] + '…'} at character {at + 1}" if shown else "The end"
    around = text[max(0, at - 20) : at + 20].strip()
    return WorkbenchError(f"The query cannot be read: {named} {what} (near: {around}).", hint=EXAMPLE, code="bad_query")
