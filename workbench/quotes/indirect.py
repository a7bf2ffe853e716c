"""Reported speech without quote marks: what a word of speech reports, as a span.

Shapes: X said (that) CLAUSE; X asked whether CLAUSE; X vowed to DO; X called for SOMETHING; X's claim that CLAUSE; CLAUSE, X
said; CLAUSE, according to X (or the other way round). Which word takes which is in `workbench.quotes.frames`. What holds quote
marks is a mixed quotation and is left to the marks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import regex

from workbench.quotes.cues import Cue, says_according, speaker_of
from workbench.quotes.frames import (
    AUXILIARIES,
    BARE_FORMS,
    CUES,
    HEARER_FORMS,
    NOUN_FORMS,
    OBJECT_FORMS,
    QUESTIONS,
    STATE_FORMS,
    THAT_FORMS,
    TO_FORMS,
    VERBS,
    WH_FORMS,
    WHEN,
    WITH_FORMS,
)
from workbench.quotes.marks import MASK, Area
from workbench.quotes.subjects import Page, Word, gap_between, subject_after, subject_before
from workbench.quotes.words import CLAUSE_STARTS, DETERMINERS, NOUNLIKE, PREPOSITIONS, PRONOUNS, TO_BE, word_set

CLAUSE_WORDS = 3  # a shorter clause states nothing that could be checked
HEARER_WORDS = 10  # words between "told" and its "that": "told reporters in Ohio on Tuesday that"
SUBJECT_WORDS = 6  # words of the subject in ", the senator from Utah said"
VERB_WITHIN = 14  # words of a clause without "that" in which its verb has to come
MOST = 12  # reports in one sentence; one with more is no sentence, and time stays linear
TAIL = 60  # characters after the verb of a trailing attribution: ", Cruz said in a statement."
SAYS = word_set("say says said saying think thinks thought believe believes believed")  # take a clause rather than an object
SUBJECTS = PRONOUNS | word_set("they there this these those")
NO_CLAUSE = PREPOSITIONS | word_set("so yes something anything what how why whether goodbye hello thanks and or")
NO_OBJECT = (
    (PREPOSITIONS - {"over", "against", "about"})
    | CLAUSE_STARTS
    | AUXILIARIES
    | QUESTIONS
    | word_set("or out up off down back")
)
# Where what is reported ends before its sentence does. A clause goes on over most commas, an object does not.
_CLAUSE_END = regex.compile(
    r",? (?:but|while|although|though) (?=\p{L})"
    r"|, (?:and|who|which|whose|saying|adding|according|calling|citing)\b|; |\s[—–-]{1,2}\s|—|\)"
)
_OBJECT_END = regex.compile(r"[,;:] |\s[—–-]{1,2}\s|—|[()]| (?:but|while|although|though|and said|and says|because) ")


class Reported(NamedTuple):
    """What is reported, by whom, and whether it is a sentence by itself ("he would win", not "to win" or "the bill")."""

    area: Area
    cue: Cue
    is_sentence: bool


class _Frame(NamedTuple):
    """Where what is reported begins. is_clause: it has a verb of its own."""

    start: int
    is_clause: bool
    is_sentence: bool


def reported_speech(page: Page, sentences: list[Area]) -> Iterator[Reported]:
    """Everything reported, in order of the cues; a report inside another is one of its own."""
    for sentence in sentences:
        words = page.between(sentence.start, sentence.end)
        seen: set[Area] = set()
        for number in range(len(words)):
            if len(seen) == MOST:
                break
            found = _at(page, sentence, words, number)
            if found and found.area not in seen and MASK not in page.cover[found.area.start : found.area.end]:
                seen.add(found.area)
                yield found


def _at(page: Page, sentence: Area, words: list[Word], number: int) -> Reported | None:
    word = words[number]
    if says_according(words, number):
        return _according(page, sentence, words, number)
    if word.text not in CUES:
        return None
    frame = _frame(page, words, number)
    leads = word.text in BARE_FORMS and not (frame and frame.is_clause)
    leading = _leading(page, sentence, words, number) if leads else None
    if leading:
        return leading
    if frame is None:
        return None
    end = (_CLAUSE_END if frame.is_clause else _OBJECT_END).search(page.cover, frame.start, sentence.end)
    area = _trimmed(page, frame.start, end.start() if end else sentence.end)
    if len(page.between(area.start, area.end)) < (CLAUSE_WORDS if frame.is_clause else 1):
        return None
    return Reported(area, Cue(word.start, word.end, _speaker(page, sentence, words, number)), frame.is_sentence)


def _speaker(page: Page, sentence: Area, words: list[Word], number: int) -> Area | None:
    word = words[number]
    if word.text in VERBS and _is_verb(page, words, number):
        return speaker_of(page, words, number, sentence.start)
    if word.text in STATE_FORMS:
        return subject_before(page, sentence.start, word)
    owners = page.names_between(sentence.start, word.start)
    is_owned = owners and gap_between(page, owners[-1].end, word.start) in ("’s", "'s", "’", "'")
    return Area(owners[-1].start, owners[-1].end) if is_owned else None


def _is_verb(page: Page, words: list[Word], number: int) -> bool:
    """Whether the word is a verb here: a form that may be a noun is one after a name, a pronoun, a helper or "to"."""
    word = words[number]
    if not number:
        return word.text.endswith(("ing", "ed"))
    before = words[number - 1]
    lower = before.text.lower()
    if lower in DETERMINERS or lower in PREPOSITIONS - {"to"} or lower.endswith(("’s", "'s", "’")):
        return word.text.endswith("ing") and lower in PREPOSITIONS
    if word.text in NOUNLIKE or word.text in NOUN_FORMS:
        named = before.text[0].isupper() or lower in PRONOUNS | AUXILIARIES | {"to", "that", "which", "also"}
        tells = (
            word.text.endswith("s") and number + 1 < len(words) and words[number + 1].text == "that"
        )  # "the group claims that"
        return (named or tells or lower.endswith(("s", "ly"))) and gap_between(page, before.end, word.start) in ("", ")")
    return True


def _frame(page: Page, words: list[Word], number: int) -> _Frame | None:
    """What follows the cue, as the first of its frames that fits."""
    word = words[number]
    is_verb = _is_verb(page, words, number)
    if word.text in STATE_FORMS:
        return _noun(page, words, number, STATE_FORMS[word.text])
    if word.text in NOUN_FORMS and not is_verb:
        return _noun(page, words, number, NOUN_FORMS[word.text])
    at = _after_when(page, words, number + 1)
    that = _that(page, words, number, at)
    if that or not is_verb or at >= len(words) or _breaks(page, words, number + 1) or _breaks(page, words, at):
        return that
    found = _wh(words, number, at) or _to(words, number, at) or _with(words, number)
    if found or (number and words[number - 1].text.lower() in TO_BE and not word.text.endswith("ing")):
        return found  # "was accused", "is said": the rest of a passive is no object
    return _bare(page, words, number, at) or _object(words, number)


def _breaks(page: Page, words: list[Word], at: int) -> bool:
    """Whether something stands between a word and the one before it."""
    return at < len(words) and bool(gap_between(page, words[at - 1].end, words[at].start))


def _after_when(page: Page, words: list[Word], at: int) -> int:
    """The place after "on Tuesday", "last week", "again": words that say when and how it was said."""

    def says_when(place: int) -> bool:
        return place < len(words) and words[place].text.lower() in WHEN

    while at < len(words) and not _breaks(page, words, at):
        lower = words[at].text.lower()
        if lower in ("on", "in", "early", "late") and says_when(at + 1):
            at += 2
        elif lower in WHEN and (lower not in ("this", "here", "there", "then") or says_when(at + 1)):
            at += 1
        else:
            break
    return at


def _from(words: list[Word], at: int, *, is_clause: bool = True, is_sentence: bool = False) -> _Frame | None:
    return _Frame(words[at].start, is_clause, is_sentence) if at < len(words) else None


def _that(page: Page, words: list[Word], number: int, at: int) -> _Frame | None:
    """`said that`, `told reporters in Ohio that`, `said in an interview on Monday that`."""
    word = words[number].text
    if word not in THAT_FORMS and word not in HEARER_FORMS:
        return None
    if at < len(words) and words[at].text == "that" and not _breaks(page, words, at):
        return _from(words, at + 1, is_sentence=True)
    first = words[number + 1].text.lower() if number + 1 < len(words) else ""
    if word not in HEARER_FORMS and first not in PREPOSITIONS | WHEN:
        return None
    for place in range(number + 1, min(number + 1 + HEARER_WORDS, len(words))):
        if gap_between(page, words[place - 1].end, words[place].start) not in ("", ","):
            return None
        lower = words[place].text.lower()
        if lower == "that" and words[place - 1].text.lower() not in PREPOSITIONS | NOUN_FORMS.keys():
            return _from(words, place + 1, is_sentence=True)
        if lower in CLAUSE_STARTS | AUXILIARIES | QUESTIONS:
            return None
    return None


def _wh(words: list[Word], number: int, at: int) -> _Frame | None:
    """`asked whether`, `explained on Monday why`, `asked him what`."""
    if words[number].text not in WH_FORMS:
        return None
    places = (place for place in range(number + 1, min(at + 4, len(words))) if words[place].text in QUESTIONS)
    return _from(words, next(places, len(words)))


def _to(words: list[Word], number: int, at: int) -> _Frame | None:
    """`vowed to veto`."""
    return _from(words, at) if words[number].text in TO_FORMS and words[at].text == "to" else None


def _with(words: list[Word], number: int) -> _Frame | None:
    """`called for`, `lashed out at`."""
    joints = WITH_FORMS.get(words[number].text, frozenset())
    if number + 2 >= len(words) or words[number + 1].text not in joints:
        return None
    doubled = words[number + 2].text in ("of", "for", "against", "that", "to", "at", "on")
    return _from(words, number + (3 if doubled else 2), is_clause=False)


def _noun(page: Page, words: list[Word], number: int, joints: frozenset[str]) -> _Frame | None:
    """`claim that`, `criticism of`, `promise to`, `confident that`."""
    if number + 2 >= len(words) or _breaks(page, words, number + 1) or words[number + 1].text not in joints:
        return None
    joint, after = words[number + 1].text, words[number + 2].text
    if joint == "to" and after.islower() and after not in DETERMINERS:
        return _from(words, number + 1)
    return _from(words, number + 2, is_clause=joint == "that", is_sentence=joint == "that")


def _bare(page: Page, words: list[Word], number: int, at: int) -> _Frame | None:
    """`said he would`, `told the crowd he would`."""
    word = words[number].text
    for place in range(number + 2, min(number + 7, len(words)) if word in HEARER_FORMS else 0):
        before, lower = words[place - 1].text.lower(), words[place].text.lower()
        if lower in SUBJECTS and before not in PREPOSITIONS | DETERMINERS and not _breaks(page, words, place):
            return _from(words, place, is_sentence=True)
        if lower in AUXILIARIES | CLAUSE_STARTS:
            break
    if word not in BARE_FORMS or words[at].text.lower() in NO_CLAUSE:
        return None
    before_verb = gap_between(page, words[number - 1].end, words[number].start) if number else ""
    if before_verb.endswith((MASK, "'", "’")):
        return None  # "…,” said Smith, who is"
    return (
        _from(words, at, is_sentence=True) if _has_verb(page, words, at, over_commas=word in SAYS and not before_verb) else None
    )


def _has_verb(page: Page, words: list[Word], at: int, *, over_commas: bool = True) -> bool:
    """Whether what begins there has a verb, as far as that can be told without a dictionary."""
    has_subject = words[at].text.lower() in SUBJECTS
    for place in range(at + 1, min(at + VERB_WITHIN, len(words))):
        if not over_commas and _breaks(page, words, place):
            break
        lower = words[place].text.lower()
        if lower in AUXILIARIES or lower.endswith(("n’t", "n't", "’s", "’re", "’ve", "’d", "’ll")):
            return True
    return has_subject


def _object(words: list[Word], number: int) -> _Frame | None:
    """`criticised the bill`."""
    if words[number].text not in OBJECT_FORMS or words[number + 1].text.lower() in NO_OBJECT:
        return None
    return _from(words, number + 1, is_clause=False)


def _trimmed(page: Page, start: int, end: int) -> Area:
    piece = page.cover[start:end]
    return Area(start + len(piece) - len(piece.lstrip(" ,\n")), start + len(piece.rstrip(" ,.;:\n)")))


def _leading(page: Page, sentence: Area, words: list[Word], number: int) -> Reported | None:
    """`CLAUSE, X said.`, `CLAUSE, said X, the chair of Y.`, and `CLAUSE, X said, CLAUSE`, which is one with its cue inside."""
    verb = words[number]
    comma = page.cover.rfind(",", sentence.start, verb.start)
    if comma < 0 or not number or verb.text.endswith("ing"):
        return None
    subject = page.between(comma, verb.start)
    rest = page.cover[verb.end : sentence.end].lstrip()
    end = sentence.end if subject and rest.startswith(",") else comma
    if len(subject) > SUBJECT_WORDS or (subject and (len(rest) > TAIL) == (end == comma)):
        return None
    follows = words[number + 1].text if number + 1 < len(words) else ""
    if not subject and not (follows[:1].isupper() or follows in DETERMINERS):
        return None  # "Smith, a senator from Utah, said"
    clause = page.between(sentence.start, end)
    if len(clause) < CLAUSE_WORDS or not _has_verb(page, clause, 0):
        return None
    speaker = subject_before(page, comma, verb) if subject else subject_after(page, verb.end, sentence.end)
    return Reported(_trimmed(page, sentence.start, end), Cue(verb.start, verb.end, speaker), True)


def _according(page: Page, sentence: Area, words: list[Word], number: int) -> Reported | None:
    cue = Cue(words[number].start, words[number + 1].end, subject_after(page, words[number + 1].end, sentence.end))
    if words[number].start - sentence.start > 2:
        area = _trimmed(page, sentence.start, words[number].start)
    else:
        comma = page.cover.find(",", cue.speaker.end if cue.speaker else cue.end, sentence.end)
        if comma < 0:
            return None
        area = _trimmed(page, comma, sentence.end)
    return Reported(area, cue, True) if len(page.between(area.start, area.end)) >= CLAUSE_WORDS else None
