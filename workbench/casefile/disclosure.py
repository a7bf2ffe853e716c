"""What of a claim's history may leave in a case file: rules by kind of event, safe by default.

What lives here: which sealed words are given, the pseudonyms of people, and the case as a stranger may read it, made of nothing
but what is given. What does not: the files (contents.py), the seals themselves (workbench.ledger). Pure.

A word is given where a rule names it. So a new field or a new kind of event is withheld until somebody decides otherwise here.
What stands in the clear in an event (ids, hashes, ratings, places, times) cannot be left out: the hash covers it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from workbench.ledger import SealedEvent
from workbench.ledger.sealing import Words
from workbench.models import WORKBENCH, Case, Citation, Event, Reviewer, StoredVerdict, display_name
from workbench.protection import CLOSED
from workbench.review import CLAIM_STATED, fold_case, reviewer_key

WITHHELD = CLOSED  # what a stranger reads where words were left out

# Pointers into the payload that readers may see: `*` is one step, `**` all that follows. Notes, reasons and the working
# rationale are in none.
_CLAIM = (
    *("/claim/statement", "/claim/quote", "/claim/quote_original", "/claim/quote_language", "/claim/language"),
    *("/claim/claimant/name", "/claim/claimant/role", "/claim/claimant/same_as/*", "/claim/claimed_on/**"),
    *("/claim/appearances/**", "/claim/topics/*"),
)
_PLACES = ("/verdict/citations/*", "/verdict/fragments/*/citations/*", "/verdict/questions/*/answers/*/citations/*")
_CITED = (
    *("quote", "before", "after", "translation", "origin", "title", "publisher", "published_on/**", "url", "archived_url"),
    *("source_id", "text_sha256", "describes/sha256"),  # in the clear but for sources that were protected when it was stored
    *("reports_on/**", "reliability_note/text", "reliability_note/signed_on/**", "page", "warnings/*", "attributed_to"),
    "describes/on/**",
)
_VERDICT = (
    *("/verdict/rating/**", "/verdict/headline", "/verdict/explanation", "/verdict/weighing", "/verdict/change/**"),
    *("/verdict/fragments/*/words", "/verdict/fragments/*/rating/**", "/verdict/software", "/verdict/model"),
    *("/verdict/questions/*/text", "/verdict/questions/*/answers/*/text", "/verdict/questions/*/answers/*/explanation"),
    *("/verdict/receipt/queries/*", "/verdict/receipt/read_as/*", "/verdict/receipt/filters/**"),
    *("/verdict/receipt/languages_unchecked", "/verdict/receipt/unsaid_left_out", "/verdict/searched_elsewhere"),
    *(f"{place}/{name}" for place in _PLACES for name in _CITED),
)
# Of a verdict that readers had, whatever became of it: what it rated, and what was changed.
_WAS_PUBLISHED = ("/verdict/rating/**", "/verdict/change/**")
_TOLD_READERS = {"verdict-published": ("/url",), "verdict-retracted": ("/note",), "words-erased": ("/reason",)}
_CONTACT = ("/contact/name", "/contact/channel", "/contact/question", "/contact/reply/words")
# What a report is made of. No other kind of event is read for it, so that none can keep a case file from being made.
_PRINTED = frozenset(
    {*CLAIM_STATED, "claim-retired", "claim-restored", "quote-confirmed", "verdict-recorded", "verdict-voided"}
    | {"verdict-ready", "signed-off", "sign-off-withdrawn", "verdict-published", "verdict-retracted"}
    | {"words-erased", "citations-checked", "citation-confirmed", "contact-asked", "contact-changed", "contact-withdrawn"}
)
# With names: who worked on it, and what files were called.
_CALLED = ("path", "title", "describes/who", "describes/file", "reliability_note/signed_by")
_NAMES = (
    *("/claim/translator", "/claim/quote_marks_by", "/file"),
    *(f"{place}/{name}" for place in _PLACES for name in _CALLED),
)


@dataclass(frozen=True)
class Disclosure:
    """What a case file gives beyond what every report prints.

    names: of reviewers, of colleagues, and of files. confidential: the words of sources that are not public. originals: the
    bytes of the sources whose words are given.
    """

    names: bool = False
    confidential: bool = False
    originals: bool = True


@dataclass(frozen=True)
class Disclosed:
    """A claim's history as it leaves. events: with the words that are given. people: of each event, who stands at a pointer.

    case: folded of nothing but what is given. closed: places in the verdict's citations whose words are withheld.
    """

    events: tuple[SealedEvent, ...]
    people: tuple[dict[str, str], ...]
    case: Case
    closed: frozenset[int]

    @property
    def standing(self) -> StoredVerdict | None:
        """The verdict that the report is about; None where none stands."""
        return standing(self.case)


def standing(case: Case) -> StoredVerdict | None:
    """The verdict that a report of this case is about."""
    return None if case.status in ("disagreement", "void") else case.counting


def disclose(
    sealed: Sequence[SealedEvent],
    wanted: Disclosure,
    is_public: Callable[[Citation], bool],
    own_names: frozenset[str] = frozenset(),
) -> Disclosed:
    """What leaves of these events: all of one claim's, with all of their words, oldest first.

    is_public: whether the source of a citation is public today. own_names: publishers and topics that only sources have which
    are not; a filter may name one. Raises: UnknownId where they state no claim.
    """
    events = [one.event(blank=WITHHELD) for one in sealed]
    case = fold_case(events)
    verdict = standing(case)
    closed = frozenset(
        place
        for place, one in enumerate(verdict.citations if verdict else ())
        if one.quote == WITHHELD or not (wanted.confidential or is_public(one))  # erased for good, or not to be read
    )
    hidden = {verdict.citations[place].source_id for place in closed} if verdict else set[str]()
    patterns = _patterns(events, case, verdict)
    names = _pseudonyms(events)
    closed_names = frozenset() if wanted.confidential else own_names
    given, people, seen = [], [], []
    for one, event in zip(sealed, events, strict=True):
        may_leave = _Rule(event, patterns.get(event.seq, ()), wanted.names, hidden)
        kept = replace(one, words=tuple(words for words in one.words if may_leave(words, closed_names)))
        known = {} if wanted.names else {where: names[reviewer_key(who)] for where, who in _colleagues(event)}
        given.append(kept)
        people.append(known)
        if event.kind in _PRINTED:
            seen.append(_named(kept.event(blank=WITHHELD), known))
    return Disclosed(tuple(given), tuple(people), _as_it_stands(fold_case(seen), case, hidden), closed)


def _as_it_stands(seen: Case, case: Case, hidden: set[str]) -> Case:
    """The case as a stranger reads it, with the status it has: words left out of the claim are no edit of it."""
    was, now = case.claim.content_hash, seen.claim.content_hash
    verdicts = tuple(one.model_copy(update={"claim_hash": now}) if one.claim_hash == was else one for one in seen.verdicts)
    found = next((one for one in verdicts if case.counting and one.seq == case.counting.seq), None)
    counting = _let_out(found, case.counting, hidden) if found and case.counting else None
    return seen.model_copy(update={"verdicts": verdicts, "counting": counting, "status": case.status})


def _let_out(verdict: StoredVerdict, whole: StoredVerdict, hidden: set[str]) -> StoredVerdict:
    """The verdict with citations that are public unless they are hidden: a source may be confidential by now, or let out.

    whole: the same with nothing left out, which says what fragments and answers rest on where ids are not given.
    """
    access = {one.passage_id: "confidential" if one.source_id in hidden else "public" for one in whole.citations}
    cited = {
        one.passage_id: seen.model_copy(update={"access": access[one.passage_id]})
        for one, seen in zip(whole.citations, verdict.citations, strict=True)
    }

    def told(of: Sequence[Citation]) -> dict[str, tuple[Citation, ...]]:
        return {"citations": tuple(cited[one.passage_id] for one in of)}

    return verdict.model_copy(
        update={
            "citations": tuple(cited.values()),
            "fragments": tuple(
                seen.model_copy(update=told(one.citations))
                for one, seen in zip(whole.fragments, verdict.fragments, strict=True)
            ),
            "questions": tuple(
                asked.model_copy(
                    update={
                        "answers": tuple(
                            seen.model_copy(update=told(one.citations))
                            for one, seen in zip(each.answers, asked.answers, strict=True)
                        )
                    }
                )
                for each, asked in zip(whole.questions, verdict.questions, strict=True)
            ),
        }
    )


def _patterns(events: Sequence[Event], case: Case, verdict: StoredVerdict | None) -> dict[int, tuple[str, ...]]:
    """Which words of each event may leave, by its place in the ledger: of what stands, and of what readers were told."""
    had = {event.payload["hash"] for event in events if event.kind == "verdict-published"}
    asked = {one.number: one for one in case.contacts if one.is_public}
    found: dict[int, tuple[str, ...]] = {}
    for event in events:
        found[event.seq] = _TOLD_READERS.get(event.kind, ())
        if event.hash in had:
            found[event.seq] = _WAS_PUBLISHED
        elif event.kind == "quote-confirmed" and event.payload["quote"] == case.claim.quote:
            found[event.seq] = ("/quote",)
        elif event.kind in ("contact-asked", "contact-changed"):
            told = asked.get(event.payload["contact"]["number"])
            found[event.seq] = _CONTACT if told and told.model_dump(mode="json") == event.payload["contact"] else ()
    found[max(event.seq for event in events if event.kind in CLAIM_STATED)] = _CLAIM
    return found | ({verdict.seq: _VERDICT} if verdict else {})


class _Rule:
    """Whether the words at a pointer of one event may leave."""

    def __init__(self, event: Event, patterns: tuple[str, ...], names: bool, hidden: set[str]) -> None:
        self._event = event
        self._names = names
        self._hidden = hidden
        self._people = {where for where, who in _people(event) if names or who.issuer == WORKBENCH.issuer}
        self._patterns = _compiled(patterns + (_NAMES if names else ()))

    def __call__(self, words: Words, closed_names: frozenset[str]) -> bool:
        pointer = words.pointer
        if words.value is None or ("/filters/" in pointer and words.value in closed_names):
            return False
        if pointer.rpartition("/")[0] in self._people:
            return True
        place = pointer.removeprefix("/payload")
        if place == pointer or not self._patterns.fullmatch(place):
            return False
        nodes = list(_on_the_way(self._event.payload, pointer.split("/")[2:]))
        if any(_rests_on(node, self._hidden) for node in nodes):
            return False
        cited = nodes[-1]
        return self._names or not place.endswith("/title") or not _is_file_name(cited)


@cache
def _compiled(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """What one of the pointers matches."""
    spelled = [re.escape(one).replace(r"\*\*", ".+").replace(r"\*", "[^/]+") for one in patterns]
    return re.compile("|".join(spelled) or "(?!)")


def _on_the_way(payload: dict[str, Any], steps: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The objects that a pointer leads through, the outermost first."""
    node: Any = payload
    for step in steps:
        if isinstance(node, dict):
            yield node
        node = node[int(step)] if isinstance(node, list) else node[step]


def _rests_on(node: dict[str, Any], hidden: set[str]) -> bool:
    """Whether this is a citation of one of those sources, or an answer that rests on one: its text may be words of it."""
    if "quote" in node and node.get("source_id") in hidden:
        return True
    is_answer = "kind" in node and "text" in node and "citations" in node
    return is_answer and any(one["source_id"] in hidden for one in node["citations"])


def _is_file_name(cited: dict[str, Any]) -> bool:
    """Whether the title of a citation is only what the file was called, where nobody stated one."""
    return bool(cited.get("path")) and cited.get("title") == display_name(cited["path"])


def _people(event: Event) -> Iterator[tuple[str, Reviewer]]:
    """(pointer, who) of every person who acts in an event."""
    yield "/actor", event.actor
    yield from _people_under(event.payload, "/payload")


def _colleagues(event: Event) -> Iterator[tuple[str, Reviewer]]:
    """Those of `_people` who are people, not the workbench itself."""
    return ((where, who) for where, who in _people(event) if who.issuer != WORKBENCH.issuer)


def _people_under(node: Any, pointer: str) -> Iterator[tuple[str, Reviewer]]:
    if isinstance(node, dict):
        if node.keys() == Reviewer.model_fields.keys():
            yield pointer, Reviewer.model_validate(node)
            return
        for name, item in node.items():
            yield from _people_under(item, f"{pointer}/{name}")
    elif isinstance(node, list):
        for place, item in enumerate(node):
            yield from _people_under(item, f"{pointer}/{place}")


def _pseudonyms(events: Sequence[Event]) -> dict[str, str]:
    """What each person is called instead, in the order in which they appear."""
    keys = dict.fromkeys(reviewer_key(who) for event in events for _, who in _colleagues(event))
    return {key: f"Reviewer {number}" for number, key in enumerate(keys, 1)}


def _named(event: Event, known: dict[str, str]) -> Event:
    """The event with people called as `known` says, by pointer."""
    people = {where: Reviewer(issuer="withheld", subject=name, display_name=name) for where, name in known.items()}
    payload = copy.deepcopy(event.payload)
    for where, who in people.items():
        *way, last = where.split("/")[2:] or [""]
        node: Any = payload
        for step in way:
            node = node[int(step)] if isinstance(node, list) else node[step]
        if last:
            node[int(last) if isinstance(node, list) else last] = who.model_dump(mode="json")
    return event.model_copy(update={"actor": people.get("/actor", event.actor), "payload": payload})
