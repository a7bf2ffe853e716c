"""The terms of passages and queries as an analyser of a server leaves them alone. Pure.

Both engines look for the same terms (lexical.py makes them), so that Burmese, Khmer or Chinese is found on a server whose own
analysers know only spaces and English. A term that a tokenizer might cut or fold becomes the hash of itself.
"""

from __future__ import annotations

import hashlib
from base64 import b32encode
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import regex

LONGEST = 65_000  # bytes: Milvus keeps at most 65,535 of a text; a passage of 400 Burmese words has some 25,000
PLAIN = regex.compile(r"[a-z0-9]+")
HASHED = 5  # bytes: two of a million terms share a hash once in two corpora of that kind


def as_stored(terms: Iterable[str]) -> str:
    """The terms of a passage as one text, with blanks between them."""
    text = " ".join(map(kept_whole, terms))
    return text if len(text) <= LONGEST else text[:LONGEST].rpartition(" ")[0]


def as_asked(terms: Counter[tuple[str, str]]) -> str:
    """The terms of a query, each as often as the query says it."""
    return " ".join(kept_whole(term) for (_, term), times in terms.items() for _ in range(times))


@lru_cache(maxsize=100_000)
def kept_whole(term: str) -> str:
    """The term where it is of small letters and digits, else "0x" and a hash of it, which is."""
    if PLAIN.fullmatch(term):
        return term
    return "0x" + b32encode(hashlib.blake2b(term.encode(), digest_size=HASHED).digest()).decode().lower()
