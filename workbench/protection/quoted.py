"""Whether a text for readers says words of a source that is protected, or names it: pure.

What lives here: letters in a row compared with letters in a row, in any script. What does not: which texts and which sources
(workbench.protection), what a person does about it (workbench.publishable).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from workbench.matching import fold
from workbench.models import display_name

RUN = 32  # letters in a row, some six words: fewer are in everybody's mouth
NAME = 8  # letters: a shorter title or name is a common word
_NO_LETTER = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")


@dataclass(frozen=True)
class Secret:
    """A protected source. title: what colleagues know it by. letters: of its text and of what was cited of it. names: of it."""

    title: str
    letters: tuple[str, ...]
    cited: tuple[str, ...]
    names: tuple[str, ...]

    def citing(self, quotes: Sequence[str]) -> Secret:
        """The same with words that were cited of it, which count however few."""
        found = (one for one in map(letters_of, quotes) if len(one) >= NAME)
        return replace(self, cited=tuple(dict.fromkeys(found)))


def secret(title: str, texts: Sequence[str], names: Sequence[str]) -> Secret:
    """What to look for. texts: of the source; names: titles, files, people."""
    stems = [display_name(name).rsplit(".", 1)[0] for name in names]
    known = dict.fromkeys(letters_of(one) for one in (*names, *stems))
    return Secret(
        title,
        tuple(map(letters_of, texts)),
        (),
        tuple(one for one in known if len(one) >= NAME),
    )


def letters_of(text: str) -> str:
    """The letters and digits of a text in a row, folded, so that spaces, marks and quotation marks do not matter."""
    return str(_NO_LETTER.sub("", fold(text).text))


def said_of(text: str, secrets: Sequence[Secret]) -> Iterator[tuple[Secret, str]]:
    """(source, the words that betray it) for each of these sources whose words or name the text says."""
    letters = letters_of(text)
    starts = [
        (found.start(), letters_of(text[found.start() : found.start() + 4 * RUN])[:RUN]) for found in _WORD.finditer(text)
    ]
    for one in secrets:
        where = next((at for at, run in starts if len(run) == RUN and any(run in held for held in one.letters)), None)
        if where is not None:
            yield one, " ".join(text[where : where + 60].split())
        elif any(words in letters for words in one.cited):
            yield one, "words that a citation of it holds"
        elif any(name in letters for name in one.names):
            yield one, "its name"
