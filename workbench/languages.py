"""Languages and scripts: what a text is written in, what a language is written in, and what people call them.

What lives here: counting letters by script, identifying the language of a text, and the names of codes. What does not: what
a file states of itself, which comes first. The only door to babel and py3langid. Codes are the standards': ISO 639-1 for
languages (`my`, `en-GB`), ISO 15924 for scripts (`Mymr`).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import regex

from workbench.tongue import ENGLISH, MIRRORED, _, language

SAMPLE = 4_000  # characters that decide what a text is written in: its first pages
SCRIPTS = (
    *("Latn", "Cyrl", "Grek", "Armn", "Geor", "Arab", "Hebr", "Ethi", "Deva", "Beng", "Guru", "Gujr", "Taml", "Telu", "Knda"),
    *("Mlym", "Sinh", "Thai", "Laoo", "Tibt", "Mymr", "Khmr", "Hani", "Hira", "Kana", "Hang"),
)
MIXED = {  # what the standard has one code for, and Unicode several
    "Jpan": frozenset({"Hani", "Hira", "Kana"}),
    "Kore": frozenset({"Hani", "Hang"}),
    "Hans": frozenset({"Hani"}),
    "Hant": frozenset({"Hani"}),
}
ENOUGH, ENOUGH_DENSE = 200, 40  # characters from which a language is told; fewer where a script has few languages
ALPHABETS = ("Latn", "Cyrl", "Arab", None)  # written by many languages
SURE = 0.7  # two sentences of news text reach 0.99, Chinese 0.76 (beside Wu); "GDP fell 18%." is taken for Welsh with 0.11
NO_LANGUAGE = "zxx"
_LETTERS = {code: regex.compile(rf"\p{{Script={code}}}") for code in SCRIPTS}


def script_of(text: str) -> str | None:
    """The script most letters of a text are in, by its first SAMPLE characters; None where it has none we know."""
    sample = text[:SAMPLE]
    if sample.isascii():
        return "Latn" if regex.search(r"[A-Za-z]", sample) else None
    counted = {code: len(letters.findall(sample)) for code, letters in _LETTERS.items()}
    most = max(counted, key=lambda code: counted[code])
    return most if counted[most] else None


def identified(text: str, script: str | None) -> str | None:
    """The language a text is most likely in, by its first SAMPLE characters; None where it is too short or in doubt.

    script: of the text. 140 languages, Burmese and Khmer among them; offline, from what py3langid carries.
    """
    sample = text[:SAMPLE]
    if len(sample) < (ENOUGH if script in ALPHABETS else ENOUGH_DENSE):
        return None
    code, sureness = _identifier().classify(sample)
    return code if sureness >= SURE and code != NO_LANGUAGE else None


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@lru_cache(maxsize=512)
def scripts_of(language: str) -> frozenset[str]:
    """The scripts a language is usually written in; none where the language is not known. Source: CLDR likely subtags."""
    from babel.core import get_global

    likely = get_global("likely_subtags").get(language.replace("-", "_")) or get_global("likely_subtags").get(_base(language))
    parts = likely.split("_") if likely else []
    return MIXED.get(parts[1], frozenset({parts[1]})) if len(parts) > 1 else frozenset()


def is_same_language(language: str | None, wanted: str) -> bool:
    """Whether `en-GB` is wanted by `en` or `en-gb`."""
    have, want = (language or "").casefold(), wanted.casefold()
    return have == want or have.startswith(f"{want}-")


def is_among(languages: Iterable[str], *, language: str | None, script: str | None) -> bool:
    """Whether a text is in one of the languages: by its language where that is known, else by its script, else yes.

    A text nobody named the language of counts as one of them while its script is theirs: nothing is known against it.
    """
    if language:
        return any(is_same_language(language, one) for one in languages)
    return script is None or any(script in scripts_of(one) for one in languages)


def named(code: str, *, spoken: str | None = None) -> str:
    """What a language or script code is called: Burmese, Khmer script; the code where it has no name.

    spoken: in which language; in the one spoken now where nobody says. What is kept or shared says English.
    """
    return _named(code, spoken or language())


@lru_cache(maxsize=1024)
def _named(code: str, spoken: str) -> str:
    from babel import Locale

    locale = Locale.parse(ENGLISH if spoken == MIRRORED else spoken, sep="-")
    if code in _LETTERS:
        return _("{name} script", name=locale.scripts.get(code, code))
    return str(locale.languages.get(_base(code), code))


def _base(language: str) -> str:
    return language.replace("_", "-").split("-")[0].casefold()
