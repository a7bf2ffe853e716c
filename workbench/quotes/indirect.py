"""Reported speech without quote marks: the clause that a verb of speech reports.

Four shapes, the commonest in news text: X said that CLAUSE; X said CLAUSE; CLAUSE, X said; CLAUSE, according to X (or the other
way round). Clauses with quote marks in them are mixed quotations and are left to the marks.
"""

from __future__ import annotations

from collections.abc import Iterator

from workbench.quotes.cues import Cue, says_according
from workbench.quotes.marks import MASK, Area
from workbench.quotes.subjects import Page, Word, subject_after, subject_before
from workbench.quotes.words import DETERMINERS, FORMS, PREPOSITIONS, PRONOUNS, TAKES_CLAUSE, TO_BE, word_set

CLAUSE_WORDS = 4  # a shorter clause states nothing that could be checked
OBJECT_WORDS = 5  # words between the verb and its "that": "told reporters on Tuesday that"
TAIL = 60  # characters after the verb of a trailing attribution: ", Cruz said in a statement."
# Verbs that often drop their "that". "warn" and "promise" are followed by other things too often.
BARE = word_set("say think believe add argue claim suggest note insist contend acknowledge allege estimate tell predict")
NO_CLAUSE = PREPOSITIONS | word_set("so it yes no nothing something anything what how why whether goodbye hello thanks and or")


def reported_clauses(page: Page, sentences: list[Area]) -> Iterator[tuple[Area, Cue]]:
    """Every reported clause with its cue, in order; at most one a verb."""
    for sentence in sentences:
        words = page.between(sentence.start, sentence.end)
        taken = sentence.start
        for number, word in enumerate(words):
            found = _at(page, sentence, words, number) if word.start >= taken else None
            if found and _states_something(page, found[0]):
                yield found
                taken = max(found[0].end, word.end)


def _states_something(page: Page, clause: Area) -> bool:
    return MASK not in page.cover[clause.start : clause.end] and len(page.between(clause.start, clause.end)) >= CLAUSE_WORDS


def _at(page: Page, sentence: Area, words: list[Word], number: int) -> tuple[Area, Cue] | None:
    if says_according(words, number):
        return _according(page, sentence, words, number)
    if not page.is_cue(words, number) or FORMS[words[number].text] not in TAKES_CLAUSE or words[number].text.endswith("ing"):
        return None
    if number and words[number - 1].text.lower() in TO_BE:
        return None
    clause = _following(page, sentence, words, number) or _leading(page, sentence, words, number)
    speaker = subject_before(page, sentence.start, words[number]) if clause else None
    return (clause, Cue(words[number].start, words[number].end, speaker)) if clause and speaker else None


def _trimmed(page: Page, start: int, end: int) -> Area:
    piece = page.cover[start:end]
    return Area(start + len(piece) - len(piece.lstrip(" ,\n")), start + len(piece.rstrip(" ,.;:\n")))


def _following(page: Page, sentence: Area, words: list[Word], number: int) -> Area | None:
    for place in range(number + 1, min(number + 2 + OBJECT_WORDS, len(words))):
        if page.cover[words[place - 1].end : words[place].start].strip():
            break
        if place > number + 1 and words[place - 1].text.lower() in DETERMINERS | PRONOUNS | PREPOSITIONS:
            break
        if words[place].text == "that":
            return _trimmed(page, words[place].end, sentence.end)
    place = number + 1
    base = FORMS[words[number].text]
    if base == "tell":
        while (
            place < len(words)
            and place < number + 4
            and (words[place].text[0].isupper() or words[place].text in ("reporters", "me"))
        ):
            place += 1
        if place == number + 1:
            return None
    if base not in BARE or place >= len(words) or words[place].text.lower() in NO_CLAUSE:
        return None
    if page.cover[words[place - 1].end : words[place].start].strip():
        return None
    return _trimmed(page, words[place].start, sentence.end)


def _leading(page: Page, sentence: Area, words: list[Word], number: int) -> Area | None:
    if sentence.end - words[number].end > TAIL or FORMS[words[number].text] not in BARE:
        return None
    comma = page.cover.rfind(",", sentence.start, words[number].start)
    if comma < 0 or len(page.between(comma, words[number].start)) > 6:
        return None
    return _trimmed(page, sentence.start, comma)


def _according(page: Page, sentence: Area, words: list[Word], number: int) -> tuple[Area, Cue] | None:
    cue = Cue(words[number].start, words[number + 1].end, subject_after(page, words[number + 1].end, sentence.end))
    if words[number].start - sentence.start > 2:
        return _trimmed(page, sentence.start, words[number].start), cue
    comma = page.cover.find(",", cue.speaker.end if cue.speaker else cue.end, sentence.end)
    return (_trimmed(page, comma, sentence.end), cue) if comma >= 0 else None
