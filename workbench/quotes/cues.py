"""The words that attribute a quotation, and the mention of the speaker beside them.

A cue is looked for right after the quotation ("…," X said), then before it in its sentence (X said, "…"; X called it "…";
according to X). Which of them wins is decided in `workbench.quotes`.
"""

from __future__ import annotations

from typing import NamedTuple

from workbench.quotes.marks import MASK, Area, Marked
from workbench.quotes.subjects import AFTER, BEFORE, Page, Word, first_mention, gap_between, subject_after, subject_before
from workbench.quotes.words import NOUNLIKE, PRONOUNS, TITLES, TO_BE

NEAR = 170  # characters between a quotation and the verb of the subject that follows it ("…,” Smith, 45, of Ohio, said")


class Cue(NamedTuple):
    """The attributing words, and the mention of the speaker they give."""

    start: int
    end: int
    speaker: Area | None


def after_quote(page: Page, text: str, quote: Marked, end: int) -> Cue | None:
    """The cue right after a quotation: `said X`, `X said`, `according to X`; `end` is where its paragraph ends."""
    end = min(end, quote.close + AFTER)
    mask = page.cover.find(MASK, quote.close, end)
    words = page.between(quote.close, mask if mask >= 0 else end)
    if not words or gap_between(page, quote.close, words[0].start).strip(",.;—–-") != "":
        return None
    if says_according(words, 0):
        return Cue(words[0].start, words[1].end, subject_after(page, words[1].end, end))
    full_stop = text[quote.end - 1] == "." or page.cover[quote.close : quote.close + 1] == "."
    for number, word in enumerate(words):
        gap = page.cover[words[number - 1].end : word.start] if number else ""
        if word.start - quote.close > NEAR or (number and _sentence_ends(words[number - 1].text, gap)):
            return None
        if not page.is_cue(words, number) or word.text.endswith("ing"):
            continue
        if full_stop and not _ends_there(page, words, number, end):
            return None
        if number == 0 and word.text in NOUNLIKE and text[quote.end - 1].isalnum():
            return None  # “systematic” attacks
        if number == 0:
            return Cue(word.start, word.end, subject_after(page, word.end, end))
        follows_name = page.names_between(word.end, min(end, word.end + NEAR))
        if gap.strip() == "," and follows_name and not gap_between(page, word.end, follows_name[0].run_start):
            return Cue(word.start, word.end, subject_after(page, word.end, end))  # “…” in Myanmar, warned Smith
        bare = text[quote.end - 1].isalnum() and not gap_between(page, quote.close, words[0].start)
        if bare and not _is_plain_subject(page, words[:number]):
            return None
        speaker = subject_before(page, quote.close, word)
        return Cue(word.start, word.end, speaker) if speaker else None
    return None


def _sentence_ends(word: str, gap: str) -> bool:
    """Whether a sentence ends between a word and the next: not after "Mr." or an initial."""
    gap = gap.lstrip(")")
    if gap.startswith(". ") and (word + "." in TITLES or len(word) == 1):
        return False
    return gap.startswith((". ", "! ", "? ", ";", ":"))


def _is_plain_subject(page: Page, words: list[Word]) -> bool:
    names = page.names_between(words[0].start, words[-1].end)
    return words[0].text.lower() in PRONOUNS or bool(names and names[0].run_start == words[0].start and len(words) <= 6)


def _ends_there(page: Page, words: list[Word], number: int, end: int) -> bool:
    """Whether nothing but a full stop follows the verb: after “….” a new sentence may begin with a subject of its own."""
    rest = page.cover[words[number].end : end].lstrip()
    return not rest or rest[0] in ".,:;" or rest[0] == MASK


def says_according(words: list[Word], number: int) -> bool:
    """Whether "according to" stands at that word."""
    return words[number].text.lower() == "according" and number + 1 < len(words) and words[number + 1].text.lower() == "to"


def before_quote(page: Page, left: int, right: int) -> Cue | None:
    """The nearest cue in [left, right), which is what stands before a quotation in its sentence."""
    left = max(left, right - BEFORE)
    words = page.between(left, right)
    for number in range(len(words) - 1, -1, -1):
        word = words[number]
        if says_according(words, number):
            return Cue(word.start, words[number + 1].end, subject_after(page, words[number + 1].end, right))
        if page.is_cue(words, number):
            return Cue(word.start, word.end, speaker_of(page, words, number, left))
    return None


def speaker_of(page: Page, words: list[Word], number: int, left: int) -> Area | None:
    """Who does the verb at that word: its subject, the "by" of a passive, or the subject of the verb it depends on."""
    word, before = words[number], words[number - 1].text.lower() if number else ""
    is_ing = word.text.endswith("ing")
    if not is_ing and before in TO_BE and word.text.endswith(("ed", "wn", "ten", "told", "said", "thought")):
        by = next((item for item in words[number + 1 : number + 4] if item.text == "by"), None)  # "was called by X a ..."
        return subject_after(page, by.end, words[-1].end) if by else None
    if is_ing or before == "to":
        earlier = [place for place in range(number) if page.is_cue(words, place) and not words[place].text.endswith("ing")]
        return subject_before(page, left, words[earlier[-1]]) if earlier else first_mention(page, words[:number])
    return subject_before(page, left, word)
