"""Which words of an event are sealed, and how they are put back.

What lives here: names, paths and free text of an event replaced by salted digests, so that the words can be erased later
while every hash still holds. What does not: storing (records.py, ledger.py). Pure but for the salt. Sealing is safe by
default: what is not listed in CLEAR_KEYS is sealed, and a later change of that list alters nothing already stored.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Container, Iterator, Mapping
from datetime import UTC
from typing import Any, NamedTuple

from workbench import models
from workbench.errors import LedgerError
from workbench.models import NewEvent, canonical_json

ERASED = "[erased]"  # what a reader sees where words were lawfully removed

# Keys whose strings are ids, hashes, slugs, enums or times: a record must stay valid after everything else is erased.
CLEAR_KEYS = frozenset(
    {
        "id",
        "ids",
        "claim_id",
        "source_id",
        "source_ids",
        "passage_id",
        "token",
        "slug",
        "scale",
        "rating",
        "code",
        "subject_kind",
    }
    | {"sha256", "text_sha256", "text_hash", "claim_hash", "policy_hash", "hash", "hashes", "prev_hash", "subject_prev"}
    | {"adjudicates"}
    | {"replaces", "part_of", "by", "cleared", "quote_marks"}
    | {"ground", "stance", "kind", "kinds", "access", "priority", "judgement", "mode", "asked_mode", "bound", "basis"}
    | {"signs_as", "settings_hash", "until", "change_kind"}
    | {"roles", "token_id", "made_at"}
    | {"party", "averitec", "asked_at", "replied_at", "deadline", "no_reply_by"}
    | {
        "due",
        "created_at",
        "updated_at",
        "retrieved_at",
        "added_at",
        "at",
        "status",
        "state",
        "colour",
        "age",
        "order",
        "sample",
    }
    | {"model_fingerprint", "reranker_fingerprint", "generation", "corpus_digest", "folded", "script", "language_identified"}
)
# Of those, what may be the id of a source that is protected when it is stored, and is then sealed as well.
HASHES = frozenset({"source_id", "source_ids", "sha256", "text_sha256", "text_hash", "replaces", "part_of"})
PASSAGES = frozenset({"passage_id", "folded"})
_CLEAR_TOKEN = re.compile(r"[A-Za-z0-9#][A-Za-z0-9:+._-]{0,199}")  # no spaces and no slashes: not a sentence, not a path
# "before" is a date in a search filter and quoted words in a citation, so here the shape decides.
DATE_KEYS = frozenset({"value", "after", "before"})
_CLEAR_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# A dict is walked where all its keys are fields of our nouns; with any other key (a person's own words) it is sealed whole.
FIELD_NAMES = frozenset(
    name
    for noun in vars(models).values()
    if isinstance(noun, type) and issubclass(noun, models.Record)
    for name in noun.model_fields
)
FREE_KEYS = frozenset(
    {"custom", "languages_unchecked", "unsaid_left_out"}
)  # dicts whose keys are free even where they look like fields
TEXT, DICT = "sealed", "sealed_object"  # no field has these names, so no payload can be mistaken for a seal
_DEEP = (dict, list)  # what may hold a seal: the rest needs no pointer, and most of a record is the rest
_DIGEST = re.compile(r"[0-9a-f]{64}")


class Words(NamedTuple):
    """One sealed value: where it stood (RFC 6901), its salt of 16 random bytes and the words; both None once erased."""

    pointer: str
    salt: bytes | None
    value: str | None


def digest_of(salt: bytes, value: str) -> str:
    """What stands in the event for the words."""
    return hashlib.sha256(salt + value.encode("utf-8")).hexdigest()


def sealed_record(event: NewEvent, *, secret: Container[str] = frozenset()) -> tuple[dict[str, Any], list[Words]]:
    """(what the hash covers but for the links, the words it seals).

    secret: beginnings (16 digits) of ids that are sealed too, since they would tell whoever has the file that it is here.
    Raises: LedgerError (`not_json`) for what could not be stored exactly.
    """
    words = _Words(secret)
    payload = json.loads(json_text(lambda: canonical_json(event.payload)))  # so that what is stored is what is read back
    actor = event.actor.model_dump(mode="json")
    try:
        sealed = {
            "actor": _seal(actor, "/actor", "actor", words),
            # The payload's own keys are the words of its kind of event, and stay; what they hold is sealed.
            "payload": {name: _seal(item, _step("/payload", name), name, words) for name, item in payload.items()},
        }
    except (ValueError, RecursionError) as error:
        raise _not_json(error) from error
    plain = {
        "subject_kind": event.subject_kind,
        "subject_id": event.subject_id,
        "kind": event.kind,
        "created_at": event.created_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "revision": event.revision,
        "token": event.token,
    }
    return {**plain, **sealed}, words.found


def json_text(spell: Callable[[], str]) -> str:
    """The JSON that `spell` gives. Raises: LedgerError for what is not JSON, or holds half a character (a lone surrogate)."""
    try:
        text = spell()
        text.encode("utf-8")
    except (TypeError, ValueError, RecursionError) as error:
        raise _not_json(error) from error
    return text


def _not_json(error: Exception) -> LedgerError:
    hint = "Nothing was written. Remove the value named, or write it as text."
    return LedgerError(f"This record cannot be stored exactly: {error}.", hint=hint, code="not_json")


class _Words:
    """The words sealed so far, and the beginnings of ids that are to be."""

    def __init__(self, secret: Container[str]) -> None:
        self.found: list[Words] = []
        self.secret = secret


def _seal(value: Any, pointer: str, key: str, words: _Words) -> Any:
    """`value` with a seal in place of every string that is not clearly an id; the strings are added to `words`."""

    def sealed(form: str, text: str) -> dict[str, str]:
        salt = secrets.token_bytes(16)
        words.found.append(Words(pointer, salt, text))
        return {form: digest_of(salt, text)}

    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError(f"the text at {pointer} contains a NUL character")
        return value if _is_clear(value, key) and value[:16] not in words.secret else sealed(TEXT, value)
    if isinstance(value, list):
        return [_seal(item, _step(pointer, place), key, words) for place, item in enumerate(value)]
    if isinstance(value, dict) and value:
        if key in FREE_KEYS or not value.keys() <= FIELD_NAMES:
            return sealed(DICT, canonical_json(value))
        return {name: _seal(item, _step(pointer, name), name, words) for name, item in value.items()}
    return value


def _is_clear(value: str, key: str) -> bool:
    if key in DATE_KEYS:
        return not value or _CLEAR_DATE.fullmatch(value) is not None
    return not value or (key in CLEAR_KEYS and _CLEAR_TOKEN.fullmatch(value) is not None)


def _step(pointer: str, key: str | int) -> str:
    step = str(key)
    if not step.isidentifier():  # an identifier, which nearly every key is, holds none of the three
        if "\x00" in step:
            raise ValueError(f"a key under {pointer} contains a NUL character")
        step = step.replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{step}"


def unseal(node: Any, values: Mapping[str, str | None], pointer: str = "", *, blank: str = ERASED) -> Any:
    """The node as it was: `blank` for words that are None, {} for such a dict. Raises: KeyError for words that were lost."""
    if isinstance(node, list):
        places: Iterator[tuple[str | int, Any]] = iter(enumerate(node))
    elif not isinstance(node, dict):
        return node
    elif (form := _form_of(node)) is not None:
        value = values[pointer]
        if form == TEXT:
            return _blank(pointer, node[form], blank) if value is None else value
        return {} if value is None else json.loads(value)
    else:
        places = iter(node.items())
    # Most of a record stays as it is: only what can hold a seal is walked, since a save opens every record of its subject.
    opened = {
        key: unseal(item, values, _step(pointer, key), blank=blank) if isinstance(item, _DEEP) else item for key, item in places
    }
    return list(opened.values()) if isinstance(node, list) else opened


def _blank(pointer: str, digest: str, blank: str) -> str:
    """What stands for words that are gone or not given; for an id one of its shape that names nothing: a record stays valid."""
    key = next(step for step in reversed(pointer.split("/")) if not step.isdecimal())
    if key in HASHES:
        return digest
    return f"{digest[:16]}-0-1" if key in PASSAGES else blank


def seals(node: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """(pointer, digest) of every seal in this node."""
    if isinstance(node, list):
        for place, item in enumerate(node):
            if isinstance(item, _DEEP):
                yield from seals(item, _step(pointer, place))
    elif isinstance(node, dict):
        form = _form_of(node)
        if form is not None:
            yield pointer, node[form]
            return
        for name, item in node.items():
            if isinstance(item, _DEEP):
                yield from seals(item, _step(pointer, name))


def _form_of(node: dict[str, Any]) -> str | None:
    """TEXT or DICT where this node is a seal. A person's own {"sealed": …} never is: it was sealed itself."""
    if len(node) != 1:
        return None
    ((form, digest),) = node.items()
    return form if form in (TEXT, DICT) and isinstance(digest, str) and _DIGEST.fullmatch(digest) else None
