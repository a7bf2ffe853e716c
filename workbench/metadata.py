"""What is known of a source, by whose word, and how a person's word about it is taken and taken back.

What lives here: the origin of every value (a person, NAME.meta.yaml, the file itself, identified from its text), what was typed
read as values, and edits. What does not: storing events (ledger), the fold (source_fold.py), what NAME.meta.yaml may say
(claims/). An edit writes the fields that were changed and no others, as one event; the original and every citation already
recorded stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import regex
from pydantic import AwareDatetime, ValidationError

from workbench.errors import WorkbenchError
from workbench.library import Library
from workbench.models import Event, LibraryEntry, NewEvent, PartialDate, Record, ReliabilityNote, Reviewer, SourceMeta
from workbench.source_fold import UNSAID, KnownSource, known_from
from workbench.tongue import N_

SaidBy = Literal["person", "meta.yaml", "file", "identified", "nobody"]
LAYERS: tuple[tuple[str, SaidBy], ...] = (
    ("person", "person"),
    ("file", "meta.yaml"),
    ("source", "file"),
)  # the first that says it
LABELS = {
    "title": N_("Title"),
    "author": N_("Author"),
    "publisher": N_("Publisher"),
    "published_on": N_("Published"),
    "language": N_("Language"),
    "kind": N_("Kind"),
    "topics": N_("Topics"),
    "url": N_("Address"),
    "archived_url": N_("Archived copy"),
    "retrieved_at": N_("Saved"),
    "captured_by": N_("Captured by"),
    "access": N_("Access"),
    "reliability_note": N_("Reliability"),
}  # what a person may say, in the order it is asked for
MOST = {"reliability_note": 10_000}  # characters; of every other field 2,000, the most an address has
MOST_CHARACTERS = 2_000
_WEB = regex.compile(r"https?://[^\s/?#]+\S*")
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


class Said(Record):
    """One thing known of a source. value: as JSON has it. who, at: of a person's word. beneath: what stands without it."""

    field: str
    value: Any
    by: SaidBy
    who: str | None = None
    at: AwareDatetime | None = None
    beneath: Any = None

    @property
    def label(self) -> str:
        """What people call the field."""
        return LABELS.get(self.field, self.field.replace("_", " ").capitalize())

    @property
    def origin(self) -> str:
        """Whose word it is: `Ana, 1 May 2026`, `meta.yaml`, `the file`, `identified by its text`, `nobody`."""
        if self.by == "person":
            day = f"{self.at.day} {self.at:%B %Y}" if self.at else None
            return ", ".join(part for part in (self.who, day) if part)
        return {"file": "the file", "identified": "identified by its text"}.get(self.by, self.by)

    @property
    def words(self) -> str:
        """The value in words; `unknown` where there is none."""
        return in_words(self.field, self.value)


@dataclass(frozen=True)
class Edit:
    """What a person asks to have changed. said: new values as JSON, None for unknown. cleared: back to what the file says.

    seen: the values on the form when it was opened; a field that no longer has that value is kept. None: whatever it has is
    replaced.
    """

    said: Mapping[str, Any]
    cleared: Sequence[str] = ()
    seen: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Edited:
    """What came of an edit: the source as it is now, the fields written, and those that somebody else had changed meanwhile."""

    entry: LibraryEntry
    written: tuple[str, ...]
    kept: tuple[Said, ...]


class Metadata:
    """What is known of the sources of one workspace. Safe to share between threads and processes."""

    def __init__(self, library: Library, now: Callable[[], datetime]) -> None:
        self._library = library
        self._now = now

    def said(self, id_or_prefix: str) -> tuple[Said, ...]:
        """Every field of a source with its value and whose word that is, unknown ones included. Raises: UnknownId."""
        source_id = self._library.find(id_or_prefix).source_id
        return said_of(self._library.sources()[source_id])

    def edit(self, id_or_prefix: str, edit: Edit, *, actor: Reviewer) -> Edited:
        """Take a person's word; edits that cross both stay. Raises: UnknownId, WorkbenchError for a value that cannot be.

        The fields are compared inside the transaction that stores them, so that no edit overwrites one it has not seen.
        """
        source_id = self._library.find(id_or_prefix).source_id
        signed = _signed(edit, actor, self._now())
        kept: tuple[Said, ...] = ()
        written: tuple[str, ...] = ()

        def settle(event: NewEvent, events: Sequence[Event]) -> NewEvent | Event:
            nonlocal kept, written
            said, cleared, kept = _settled(signed, known_from(events))
            written = (*said, *cleared)
            payload = {"by": "person", "meta": said, **({"cleared": cleared} if cleared else {})}
            return event.model_copy(update={"payload": payload}) if written else events[-1]

        self._library.append(source_id, "source-described", {"by": "person", "meta": {}}, actor=actor, check=settle)
        return Edited(self._library.find(source_id), written, kept)


def said_of(known: KnownSource) -> tuple[Said, ...]:
    """Every field of a source with its value and whose word that is."""
    layers = {layer: _as_json(known.layers.get(layer, {})) for layer, _ in LAYERS[:-1]}
    layers["source"] = _as_json({name: value for name, value in known.source.items() if name in SourceMeta.model_fields})
    return tuple(_said(name, layers, known) for name in SourceMeta.model_fields)


def _said(name: str, layers: Mapping[str, Mapping[str, Any]], known: KnownSource) -> Said:
    found: list[tuple[SaidBy, Any]] = [(by, layers[layer][name]) for layer, by in LAYERS if name in layers[layer]]
    if name == "language" and (identified := known.source.get("language_identified")):
        found.append(("identified", identified))
    found.append(("nobody", UNSAID[name]))
    by, value = found[0]
    who, at = known.said_by.get(name, (None, None)) if by == "person" else (None, None)
    beneath = found[1][1] if by == "person" else value
    return Said(field=name, value=value, by=by, who=who, at=datetime.fromisoformat(at) if at else None, beneath=beneath)


def _as_json(said: Mapping[str, Any]) -> dict[str, Any]:
    """What a layer says, in one spelling; a note that was a plain string becomes one nobody signed."""
    meta = SourceMeta.model_validate(said)
    return meta.model_dump(mode="json", include=meta.model_fields_set)


def _settled(edit: Edit, known: KnownSource) -> tuple[dict[str, Any], list[str], tuple[Said, ...]]:
    """(values to write, fields to clear, fields kept as somebody else left them). What stands already is none of them."""
    now = {one.field: one for one in said_of(known)}
    persons = _as_json(known.layers.get("person", {}))
    wanted = {name: value for name, value in edit.said.items() if name not in persons or persons[name] != value}
    cleared = [name for name in edit.cleared if name in persons and name not in edit.said]
    crossed: set[str] = set()
    if edit.seen is not None:
        asked = {name: edit.said.get(name, now[name].beneath) for name in (*wanted, *cleared)}
        changed = {name for name in asked if name in edit.seen and now[name].value != edit.seen[name]}
        crossed = {name for name in changed if now[name].value != asked[name]}
        wanted = {name: value for name, value in wanted.items() if name not in changed}
        cleared = [name for name in cleared if name not in changed]
    return wanted, cleared, tuple(now[name] for name in now if name in crossed)


def _signed(edit: Edit, actor: Reviewer, now: datetime) -> Edit:
    """The edit with its values as records spell them, and a reliability note signed and dated by whoever writes it."""
    unknown = [name for name in (*edit.said, *edit.cleared) if name not in SourceMeta.model_fields]
    if unknown:
        raise WorkbenchError(
            f"There is no field {unknown[0]!r}.", hint=f"These can be changed: {', '.join(LABELS)}.", code="invalid_value"
        )
    said = dict(edit.said)
    if isinstance(said.get("reliability_note"), str):
        day = PartialDate(value=now.date().isoformat())
        said["reliability_note"] = ReliabilityNote(text=said["reliability_note"], signed_by=actor.display_name, signed_on=day)
    try:
        return Edit(_as_json(said), tuple(dict.fromkeys(edit.cleared)), edit.seen)
    except ValidationError as error:
        raise _refused(str(error.errors()[0]["loc"][0]), str(error.errors()[0]["msg"])) from error


def typed(values: Mapping[str, str]) -> dict[str, Any]:
    """What was typed into fields or options, as values: nothing is unknown. Raises: WorkbenchError naming the field."""
    read: dict[str, Any] = {}
    for name, text in values.items():
        text = text.strip() if name == "reliability_note" else " ".join(text.split())
        if len(text) > MOST.get(name, MOST_CHARACTERS):
            raise _refused(name, f"it has {len(text):,} characters; the most is {MOST.get(name, MOST_CHARACTERS):,}")
        if text and name in ("url", "archived_url") and not _WEB.fullmatch(text):
            raise _refused(name, f"{text[:80]!r} is not an address of the web; write https://…")
        if text and name == "language" and not _LANGUAGE.fullmatch(text):
            raise _refused(name, f"{text[:40]!r} is not a code; write en, fr, my or pt-BR")
        read[name] = _value(name, text)
    try:
        SourceMeta.model_validate(read)
    except ValidationError as error:
        raise _refused(str(error.errors()[0]["loc"][0]), str(error.errors()[0]["msg"])) from error
    return read


def _value(name: str, text: str) -> Any:
    if name == "published_on":
        return text or "unknown"
    if name == "topics":
        return [one for part in text.split(";") if (one := part.strip())]
    if name == "access":
        return text or UNSAID["access"]
    if name == "retrieved_at":
        return text.removesuffix("UTC").rstrip() + "+00:00" if text.endswith("UTC") else text or None
    return text or None


def in_words(name: str, value: Any) -> str:
    """A value as it would be typed; `unknown` where there is none."""
    if name == "published_on":
        when = PartialDate.model_validate(value or {})
        bound = "" if when.bound == "on" else f"{when.bound.replace('-', ' ')} "
        inferred = f" ({when.basis})" if when.basis != "typed" else ""
        return f"{bound}{when.value}{inferred}" if when.value else "unknown"
    if name == "reliability_note" and value:
        return str(ReliabilityNote.model_validate(value))
    if isinstance(value, Mapping):
        return ", ".join(str(one) for one in value.values() if one and not isinstance(one, Mapping))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "unknown"
    return str(value) if value else "unknown"


def _refused(name: str, reason: str) -> WorkbenchError:
    label = LABELS.get(name, name)
    reason = reason.removeprefix("Value error, ").rstrip(".")
    return WorkbenchError(f"{label}: {reason}.", hint="Mend it and try again; nothing was changed.", code="invalid_value")
