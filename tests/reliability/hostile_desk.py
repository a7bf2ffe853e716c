"""A workspace in which every field that comes from outside holds payloads: claims, files, people, comments, settings."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import cycle
from pathlib import Path

from tests.conftest import FakeEncoder, make_claim
from tests.reliability.payloads import LONG_WORD, PAYLOADS, TURNED
from workbench.desk import Desk
from workbench.errors import WorkbenchError
from workbench.metadata import Edit
from workbench.models import Cite, FragmentRating, Note, QuestionDraft, QueueFilter, Reviewer, VerdictRequest

EACH = 12  # payloads in one long text
WORDS = "The vote was marred by fraud, observers say."


def fill(home: Path, payloads: Sequence[str] = PAYLOADS) -> list[str]:
    """Make the workspace; gives back the ids of its claims. Long fields hold EACH payloads, short ones the next one in turn."""
    for part in ("claims", "evidence"):
        (home / part).mkdir(parents=True, exist_ok=True)
    (home / "workbench.toml").write_text(_settings(payloads), encoding="utf-8")
    short = cycle(payloads)
    chunks = [" | ".join(payloads[at : at + EACH]) for at in range(0, len(payloads), EACH)]
    for number, chunk in enumerate(chunks):
        name = next(short).replace("/", "_").replace("\n", " ").replace("\u2028", " ")[:60]
        (home / "evidence" / f"{number:03} {name}.txt").write_text(f"{WORDS}\n\n{chunk}\n\n{TURNED}\n", encoding="utf-8")
    with Desk.open(home, encoder=FakeEncoder) as desk:
        desk.sync_evidence()
        ids = [_claim(desk, number, chunk, lambda: next(short)) for number, chunk in enumerate(chunks)]
        _around(desk, ids, lambda: next(short))
    return ids


def _settings(payloads: Sequence[str]) -> str:
    said = iter(cycle(payloads))
    quoted = [json.dumps(next(said)) for _ in range(6)]
    return "\n".join(
        (
            f"name = {quoted[0]}",
            "[organisation]",
            f"name = {quoted[1]}",
            "[review]",
            f"guidelines = {json.dumps(' '.join(payloads[:EACH]) + LONG_WORD)}",
            "[[claims.fields]]",
            'name = "beat"',
            f"label = {quoted[2]}",
            "[[claims.fields]]",
            'name = "desk"',
            f"label = {quoted[3]}",
            'kind = "choice"',
            f"choices = [{quoted[4]}, {quoted[5]}]",
            "",
        )
    )


def _claim(desk: Desk, number: int, chunk: str, short: Callable[[], str]) -> str:
    """One claim with everything about it."""
    claim_id = f"claim-{number:03}"
    url = "https://evil.example/" + "".join(letter for letter in short() if letter.isalnum())
    statement = f"{WORDS} {chunk}"[:900] + (f" {LONG_WORD[:900]}" if number == 1 else "")
    claim = make_claim(
        claim_id,
        statement,
        quote=f"marred by fraud {short()}",
        claimant={"name": short() + TURNED, "role": short(), "affiliation": short()},
        topics=(short().replace(";", ","), short().replace(";", ",")),
        appearances=({"url": url, "title": short(), "publisher": short(), "via": short()},),
        reviews=({"publisher": short(), "url": url, "title": short(), "rating": short()},),
        why_checked=chunk,
        context=chunk + (LONG_WORD if number == 1 else ""),
        custom={"beat": short(), "gone": short()},
    )
    desk.add_claim(claim, actor=_who(short()))
    people = [_who(short()), _who(short())]
    passages = [desk.passages(entry.source_id)[0].passage_id for entry in desk.library()[number % 3 : number % 3 + 2]]
    cites = tuple(Cite(passage_id=one, stance="supports", origin=short()[:200], note=short()) for one in passages)
    for who, rating in zip(people, ("supported", "refuted"), strict=True):
        for _ in range(2 if number % 4 == 0 else 1):
            desk.record(
                VerdictRequest(
                    claim_id=claim_id,
                    rating=rating,
                    rationale=chunk,
                    explanation=chunk,
                    headline=short(),
                    cites=cites,
                    fragments=(FragmentRating(words="marred by fraud", rating="refuted", passage_ids=passages[:1]),),
                    weighing=short(),
                    reviewer=who,
                    token=f"{claim_id}-{rating}-{_}",
                    searched_elsewhere=chunk,
                )
            )
    _talk(desk, claim_id, chunk, short, passages[0])
    return claim_id


def _talk(desk: Desk, claim_id: str, chunk: str, short: Callable[[], str], passage_id: str) -> None:
    who = _who(short())
    desk.comments.say(claim_id, chunk, by=who, token=f"{claim_id}-1", passage_id=passage_id, to=short()[:200])
    asked = desk.contacts.ask(
        claim_id, party="claimant", name=short()[:200], channel=short()[:200], question=chunk, by=who, token=f"{claim_id}-2"
    )
    desk.contacts.reply(claim_id, asked.number, chunk, by=who)
    desk.change_draft(
        desk.draft(claim_id, Reviewer.self_declared("Ana")),
        lambda draft: draft.model_copy(
            update={
                "rationale": chunk,
                "cites": (Cite(passage_id=passage_id, stance="refutes", origin=short()[:200], note=short()),),
                "questions": (QuestionDraft(text=short()),),
            }
        ),
    )


def _around(desk: Desk, ids: list[str], short: Callable[[], str]) -> None:
    """What is not of one claim: sources, notes, people, lists and searches."""
    ana = _who(short())
    for entry in desk.library():
        said = {"title": short(), "publisher": short(), "author": short(), "reliability_note": short()}
        desk.metadata.edit(entry.source_id, Edit(said), actor=ana)
    desk.add_note(Note(who=short()[:200], role=short()[:200], words=short() + WORDS, terms="background"), actor=ana)
    desk.assignments.assign(ids[:3], [_who(short()), Reviewer.self_declared("Ana")], actor=ana)
    desk.impartiality.recuse(ids[-1], _who(short()), short())
    for _ in range(3):
        with suppress(WorkbenchError):  # a wording that is no query by words
            desk.searches.save(short()[:120], [f"fraud {short()}"], mode="dense", actor=ana)
        desk.queue.lists.save(short()[:120], filter=QueueFilter(text=short()), actor=ana)


def _who(name: str) -> Reviewer:
    return Reviewer.self_declared(" ".join(name.split())[:190])


def table() -> Iterator[str]:
    """A file of claims to import, of which some rows are refused with their words in the reason."""
    yield "statement,claimant,url"
    for payload in PAYLOADS[::9]:
        cell = payload.replace('"', '""').replace("\n", " ")
        yield f'"{WORDS} {cell}","{cell}","{"javascript:alert(1)" if len(payload) % 5 == 0 else "https://evil.example/x"}"'
