"""Who said what in a text: quotations with their speaker and the words that attribute them, as spans.

What lives here: telling speech from scare quotes and titles, carrying a speaker on, and what a quotation states as a sentence.
What does not: judging whether it is worth checking, or filing it as a claim. Rules are tables with reasons; nothing is learned
from data; every rule looks at a window of bounded length. Where the text does not say who spoke, the speaker is None.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Literal, NamedTuple

import regex

from workbench.models import ExtractedQuote
from workbench.quotes.cues import Cue, after_quote, before_quote
from workbench.quotes.indirect import Reported, reported_speech
from workbench.quotes.marks import MASK, Area, Marked, find_marked, masked, paragraphs, sentences
from workbench.quotes.names import NameBook, find_names
from workbench.quotes.subjects import BEFORE, Page, first_mention
from workbench.quotes.words import FORMS, PRONOUNS, TAKES_CLAUSE, word_set

SCARE_WORDS = 2  # up to so many words without a cue are distance ("the “deal”"), not speech
TITLE_WORDS = 7  # up to so many words, All Of Them Capital and no closing punctuation, are the name of a work
CARRY_WORDS = 5  # a quoted paragraph shorter than this does not inherit the speaker of the paragraph before
LOOK_BACK = 1500  # characters in which a pronoun's person is looked for
WHO_BACK = 60  # characters before "who" in which the name it stands for is looked for
SAME_PERSON = 2  # paragraphs over which "he" still means whoever spoke last
REPORTS = word_set("say add argue claim state assert insist maintain allege contend declare estimate note suggest warn believe")
_LEFTOVER = regex.compile(r"[“”\"«»„‟]")


Kind = Literal["direct", "mixed", "indirect"]


class _Spoken(NamedTuple):
    """A quotation with the one who spoke it, kept for the next."""

    quote: Marked
    cue: Cue | None
    speaker: str | None


class _Reading:
    """One text while it is read: where its sentences are, who it names, who spoke last."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.areas = paragraphs(text)
        self.marked = find_marked(text, self.areas)
        cover = masked(text, self.marked)
        names = find_names(cover)
        self.page = Page(cover, names)
        self.book = NameBook(text, names)
        self.sentences = sentences(cover, text, self.areas)
        self.sentence_starts = [sentence.start for sentence in self.sentences]
        self.area_starts = [area.start for area in self.areas]
        self.last_person: tuple[int, str] | None = None

    def sentence_of(self, place: int) -> int:
        """The number of the sentence that a place lies in."""
        return max(0, bisect_right(self.sentence_starts, place) - 1)

    def paragraph_of(self, place: int) -> int:
        """The number of the paragraph that a place lies in."""
        return max(0, bisect_right(self.area_starts, place) - 1)

    def speaker_of(self, cue: Cue | None) -> str | None:
        """The fullest name of the speaker a cue mentions; a pronoun means whoever spoke last or was named last."""
        if cue is None or cue.speaker is None:
            return None
        mention = cue.speaker
        words = self.text[mention.start : mention.end]
        if words.lower() in PRONOUNS:
            return self._meant_by(words.lower(), mention.start)
        article = 4 if words.lower().startswith("the ") else 0
        names = self.page.names_between(mention.start, mention.end)
        if not names or names[0].start not in (mention.start, mention.start + article) or names[-1].end != mention.end:
            return " ".join(words.split())
        if len(names) == 1 and names[0].may_be_a_person:
            self.last_person = (mention.start, self.book.fullest(names[0].words))
        return " and ".join(dict.fromkeys(self.book.fullest(name.words) for name in (names[0], names[-1])))

    def _meant_by(self, pronoun: str, place: int) -> str | None:
        if pronoun == "who":
            named = self.page.names_between(max(0, place - WHO_BACK), place)
            return self.book.fullest(named[-1].words) if named else None
        if pronoun not in ("he", "she"):
            return None  # "I" is the author, "they" and "it" anybody: the text does not say
        last = self.last_person
        if last and self.paragraph_of(place) - self.paragraph_of(last[0]) <= SAME_PERSON:
            return last[1]
        first = max(0, place - LOOK_BACK)
        people = [name for name in self.page.names_between(first, place) if name.may_be_a_person]
        return self.book.fullest(people[-1].words) if people else None


def _cue_of(reading: _Reading, quote: Marked, previous: _Spoken | None) -> Cue | None:
    """The cue of one quotation: beside it, before it, introducing it, or that of the quotation it goes on from."""
    page, text = reading.page, reading.text
    number = reading.sentence_of(quote.outer)
    start = reading.sentences[number].start
    found = _adjacent_before(reading, quote, start)
    found = found or after_quote(page, text, quote, reading.areas[reading.paragraph_of(quote.close - 1)].end)
    found = found or before_quote(page, start, quote.outer)
    if found:
        return found
    if page.between(start, quote.outer):
        return None
    before = reading.sentences[number - 1] if number else None
    if before and page.cover[max(0, quote.outer - 10) : quote.outer].rstrip().endswith(":"):
        words = page.between(before.start, before.end)
        cue = before_quote(page, before.start, before.end)
        return cue or Cue(before.end - 1, before.end, first_mention(page, words))
    return _carried(reading, quote, previous)


def _adjacent_before(reading: _Reading, quote: Marked, start: int) -> Cue | None:
    """The cue whose last word stands right before the mark: nothing that follows the quotation outweighs it."""
    page = reading.page
    words = page.between(max(start, quote.outer - BEFORE), quote.outer)
    if not words or page.cover[words[-1].end : quote.outer].strip() not in ("", ",", ":"):
        return None
    return before_quote(page, start, quote.outer) if page.is_cue(words, len(words) - 1) else None


def _carried(reading: _Reading, quote: Marked, previous: _Spoken | None) -> Cue | None:
    """The speaker of the quotation before, where this one goes on: in the same paragraph, or as the next whole paragraph."""
    if previous is None or previous.cue is None:
        return None
    apart = reading.paragraph_of(quote.outer) - reading.paragraph_of(previous.quote.outer)
    long_enough = all(len(_words(reading.text, one)) >= CARRY_WORDS for one in (quote, previous.quote))
    goes_on = apart == 0 or (apart == 1 and quote.starts and long_enough)
    return Cue(quote.outer, quote.outer, previous.cue.speaker) if goes_on else None


def _words(text: str, quote: Marked) -> list[str]:
    return text[quote.start : quote.end].split()


def _is_speech(text: str, quote: Marked, cue: Cue | None) -> bool:
    """Whether the marks hold speech: not a word held at a distance, not the name of a film."""
    words = _words(text, quote)
    last = text[quote.end - 2 : quote.end].rstrip(",.")[-1:]
    is_name = len(words) <= TITLE_WORDS and last.isalnum() and all(word[0].isupper() for word in words if len(word) > 3)
    is_name = is_name and words[0][0].isupper()
    if cue is None:
        return len(words) > SCARE_WORDS and not is_name
    return not (is_name and len(words) > 1 and cue.end < quote.outer - 2)


def _kind(reading: _Reading, quote: Marked, cue: Cue | None) -> Kind:
    """direct: everything that is reported stands inside the marks."""
    before = reading.page.cover[max(0, quote.outer - 2) : quote.outer].rstrip()
    first = reading.text[quote.start]
    begins = (
        not before or before[-1] in ",:.!?\n" + MASK or reading.sentence_starts[reading.sentence_of(quote.outer)] == quote.outer
    )
    if begins and (not first.islower() or quote.starts):
        return "direct"
    beside = cue and not reading.page.cover[cue.end : quote.outer].strip(" ,:") and cue.end <= quote.outer
    return "direct" if cue and beside and FORMS.get(reading.text[cue.start : cue.end]) in TAKES_CLAUSE else "mixed"


def _as_sentence(words: str) -> str:
    sentence = " ".join(_LEFTOVER.sub("", words).split()).strip(" ,;:—–-")
    sentence = sentence[:1].upper() + sentence[1:]
    return sentence if sentence.endswith((".", "!", "?", "…")) else sentence + "."


def _statement(reading: _Reading, quote: Marked, cue: Cue | None, kind: Kind) -> str:
    """The sentence to be checked, without quote marks: the quoted words, or the reported clause they stand in."""
    if kind == "direct":
        return _as_sentence(reading.text[quote.start : quote.end])
    sentence = reading.sentences[reading.sentence_of(quote.outer)]
    after = reading.page.between(quote.close, min(sentence.end, quote.close + BEFORE))
    goes_on = len(after) > 1 and after[0].text in ("and", "but") and reading.page.is_cue(after, 1)
    end = quote.close if goes_on else max(sentence.end, quote.close)  # "… “more crucial” and urged ..." ends at the mark
    if cue and sentence.start < cue.end <= quote.outer and FORMS.get(reading.text[cue.start : cue.end]) in REPORTS:
        clause = reading.text[cue.end : end].lstrip(" ,:").removeprefix("that ")
        if len(clause.split()) > len(_words(reading.text, quote)) + 1:
            return _as_sentence(clause)
    return _as_sentence(reading.text[sentence.start : end])


def _quotation(
    reading: _Reading, area: Area, cue: Cue | None, speaker: str | None, statement: str, kind: Kind
) -> ExtractedQuote:
    mention = cue.speaker if cue and cue.speaker else None
    words = reading.text[cue.start : cue.end] if cue else ""
    return ExtractedQuote(
        quote=reading.text[area.start : area.end],
        start=area.start,
        end=area.end,
        speaker=speaker,
        speaker_start=mention.start if mention else None,
        speaker_end=mention.end if mention else None,
        cue=words or None,
        kind=kind,
        statement=statement,
    )


def _spoken(reading: _Reading, quote: Marked, previous: _Spoken | None) -> _Spoken:
    cue = _cue_of(reading, quote, previous)
    goes_on = cue is not None and cue.start == cue.end
    return _Spoken(quote, cue, previous.speaker if previous and goes_on else reading.speaker_of(cue))


def _quoted(reading: _Reading, spoken: _Spoken) -> ExtractedQuote:
    quote, cue, speaker = spoken
    kind = _kind(reading, quote, cue)
    return _quotation(reading, Area(quote.start, quote.end), cue, speaker, _statement(reading, quote, cue, kind), kind)


def _reported(reading: _Reading, found: Reported) -> ExtractedQuote:
    """Reported speech; what is no sentence by itself ("to veto the bill") is stated with the sentence it stands in."""
    area, cue, is_sentence = found
    if not is_sentence:
        whole = reading.sentences[reading.sentence_of(area.start)]
        statement = reading.text[whole.start : whole.end]
    elif area.start < cue.start < area.end:  # "The vote, she said, was stolen"
        comma = reading.text.rfind(",", area.start, cue.start)
        statement = reading.text[area.start : comma] + reading.text[cue.end : area.end].lstrip(",")
    else:
        statement = reading.text[area.start : area.end]
    return _quotation(reading, area, cue, reading.speaker_of(cue), _as_sentence(statement), "indirect")


def extract_quotes(text: str) -> list[ExtractedQuote]:
    """The direct, mixed and indirect quotations of a text, in order of place; `text[q.start:q.end] == q.quote`.

    start, end: the quoted words without their marks (indirect: the reported clause). A quotation over several paragraphs is
    one, with the marks that reopen it inside. speaker: the fullest name the text knows; speaker_start, speaker_end: the mention
    beside the quotation, a pronoun for instance. statement: without quote marks.
    """
    reading = _Reading(text)
    reports = list(reported_speech(reading.page, reading.sentences))[::-1]  # next one last
    found: list[ExtractedQuote] = []
    previous: _Spoken | None = None
    for quote in reading.marked:
        while reports and reports[-1].cue.start < quote.outer:
            found.append(_reported(reading, reports.pop()))
        spoken = _spoken(reading, quote, previous)
        if _is_speech(text, quote, spoken.cue):
            found.append(_quoted(reading, spoken))
            previous = spoken
    found += [_reported(reading, one) for one in reversed(reports)]
    return sorted(found, key=lambda one: (one.start, one.end))
