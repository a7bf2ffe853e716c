"""`workbench verdict ...`: record, adjudicate, list, show, void; what comes after a verdict is in publishing.py."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli import publishing
from workbench.cli.console import JsonOption, WorkspaceOption, declared, open_desk, print_json, say, table
from workbench.cli.gathered import takes
from workbench.cli.verdict_parts import cite_of, confidence_of, fragment_of, grouped_of, questions_of
from workbench.errors import UsageError
from workbench.models import Reviewer, StoredVerdict, VerdictRequest, ocr_words, page_words
from workbench.questions import UNANSWERABLE
from workbench.ratings import confidence_word, public_label

app = typer.Typer(no_args_is_help=True)
for later in (
    publishing.sign_off,
    publishing.ready,
    publishing.embargo,
    publishing.publish,
    publishing.retract,
    publishing.corrections,
    publishing.replay,
    publishing.history,
    publishing.compare,
    publishing.restore,
):
    app.command()(later)

ChangeNote = Annotated[str | None, typer.Option(help="Of a published verdict: what readers are told of the change.")]
ReviewerName = Annotated[str, typer.Option("--reviewer", help="Your name; self-declared in local mode.")]


def change_of(
    correction: ChangeNote = None, clarification: ChangeNote = None, update: ChangeNote = None
) -> dict[str, str] | None:
    """The one change whose note was given; None for none. Raises: UsageError for two of them."""
    notes = {"correction": correction, "clarification": clarification, "update": update}
    given = {kind: note for kind, note in notes.items() if note is not None}
    if len(given) > 1:
        raise UsageError(f"--{' and --'.join(given)} were both given.", hint="A revision is one of them: give one note.")
    return next(({"kind": kind, "note": note} for kind, note in given.items()), None)


def _reviewer(name: str) -> Reviewer:
    if not name.strip():
        raise UsageError("--reviewer is empty.", hint="Give the name the verdict is to be recorded under.")
    return declared(name)


def _line(verdict: StoredVerdict) -> dict[str, Any]:
    return {
        "claim_id": verdict.claim_id,
        "reviewer": verdict.reviewer.display_name,
        "revision": verdict.revision,
        "token": verdict.token,
        "hash": verdict.hash,
        "rating": verdict.rating.slug,
        "created_at": verdict.model_dump(mode="json")["created_at"],
        "state": verdict.state,
    }


def judged_of(
    rating: Annotated[str, typer.Option(help="A rating of the workspace's scale, by slug.")],
    rationale: Annotated[str, typer.Option(help="Your reasons, for colleagues; never published.")],
    reviewer: ReviewerName,
    explanation: Annotated[str | None, typer.Option(help="The public explanation.")] = None,
    headline: Annotated[str | None, typer.Option(help="The public headline.")] = None,
    ground: Annotated[
        str | None, typer.Option(help="Why a rating is off the true-false axis, for example claimant-gave-no-evidence.")
    ] = None,
    cite: Annotated[list[str] | None, typer.Option(help="PASSAGE_ID:supports, :refutes or :context; may be repeated.")] = None,
    confidence: Annotated[
        str | None, typer.Option(help="How sure you are: low, medium, high, or 0 to 1; never published by default.")
    ] = None,
    token: Annotated[str | None, typer.Option(help="A name for this save: repeating it gives the same record back.")] = None,
) -> dict[str, Any]:
    """What every verdict says, as fields of the request."""
    return {
        "rating": rating,
        "rationale": rationale,
        "reviewer": _reviewer(reviewer),
        "explanation": explanation,
        "headline": headline,
        "ground": ground,
        "cites": [cite_of(one) for one in cite or ()],
        "confidence": confidence_of(confidence),
        "token": token or uuid.uuid4().hex,
    }


def beside_of(
    wording: Annotated[str | None, typer.Option(help="Your words for a rating that asks for some; public.")] = None,
    fragment: Annotated[
        list[str] | None,
        typer.Option(help="WORDS=RATING[:PASSAGE_ID,...]: words of the statement judged apart; may be repeated."),
    ] = None,
    weighing: Annotated[str | None, typer.Option(help="How the rating follows from those of the fragments; public.")] = None,
    questions: Annotated[
        Path | None, typer.Option(help='JSON: [{"text", "answers": [{"kind", "text", "explanation", "passage_ids"}]}].')
    ] = None,
    searched_elsewhere: Annotated[
        list[str] | None, typer.Option(help="A place you searched outside the tool; public; may be repeated.")
    ] = None,
    based_on: Annotated[int | None, typer.Option(min=0, help="The revision you saw; refused if you have saved since.")] = None,
) -> dict[str, Any]:
    """What a reviewer's own verdict may say beside that, as fields of the request."""
    return {
        "wording": wording,
        "fragments": [fragment_of(one) for one in fragment or ()],
        "weighing": weighing,
        "questions": questions_of(questions) if questions else [],
        "searched_elsewhere": "\n".join(searched_elsewhere or ()),
        "based_on": based_on,
    }


@app.command()
@takes(judged=judged_of, beside=beside_of, change=change_of)
def record(
    claim_id: str,
    judged: dict[str, Any],
    beside: dict[str, Any],
    change: dict[str, str] | None,
    together: Annotated[
        list[str] | None, typer.Option(help="PASSAGE_ID,PASSAGE_ID: cited passages that count only together; may be repeated.")
    ] = None,
    keep_search: Annotated[
        bool,
        typer.Option("--keep-search", help="Search for the statement first, and keep the record of that with the verdict."),
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record a verdict. Printed only once it is stored and read back."""
    fields = {**judged, **beside, "claim_id": claim_id, "change": change}
    fields["cites"] = grouped_of(judged["cites"], together or ())
    with open_desk(workspace) as desk:
        if keep_search:
            fields["receipt"] = desk.match(claim_id).receipt
        stored = desk.record(VerdictRequest.model_validate(fields))
    if as_json:
        print_json(stored)
    else:
        say(f"Saved as revision {stored.revision} at {stored.created_at:%H:%M:%S}Z, {stored.hash[:12]}, token {stored.token}.")


@app.command()
@takes(judged=judged_of)
def adjudicate(claim_id: str, judged: dict[str, Any], workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Settle a disagreement: a verdict of its own that names those it decides between, and counts."""
    from workbench.review import ruling  # here: `workbench --help` opens no settings

    with open_desk(workspace) as desk:
        request = VerdictRequest.model_validate({**judged, "claim_id": claim_id})
        stored = desk.record(ruling(request, desk.case(claim_id).verdicts))
    if as_json:
        print_json(stored)
    else:
        said = ", ".join(one[:12] for one in stored.adjudicates)
        say(f"Settled at {stored.created_at:%H:%M:%S}Z: {stored.rating.label}, {stored.hash[:12]}, between {said}.")


@app.command("list")
def list_(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List every revision of every verdict, oldest first."""
    with open_desk(workspace) as desk:
        verdicts = sorted((one for case in desk.cases.judged() for one in case.verdicts), key=lambda one: one.seq)
    if as_json:
        print_json({"verdicts": [_line(verdict) for verdict in verdicts]})
        return
    rows = [
        [
            one.claim_id,
            one.reviewer.display_name,
            str(one.revision),
            one.rating.label,
            one.state,
            f"{one.created_at:%Y-%m-%d %H:%M}",
        ]
        for one in verdicts
    ]
    table(
        ["claim", "reviewer", "revision", "rating", "state", "when"],
        rows,
        empty="No verdicts yet. Record one: workbench verdict record CLAIM_ID ...",
    )


@app.command()
def show(claim_id: str, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show every revision of the verdicts on one claim, with their citations."""
    with open_desk(workspace) as desk:
        case = desk.case(claim_id)
    if as_json:
        print_json({"claim_id": claim_id, "status": case.status, "verdicts": case.verdicts})
        return
    for verdict in case.verdicts:
        say(
            f"revision {verdict.revision} by {verdict.reviewer.display_name}, "
            f"{verdict.created_at:%Y-%m-%d %H:%M}Z: {_rated(verdict)} ({verdict.state})"
        )
        if verdict.confidence is not None:
            say(f"  confidence: {confidence_word(verdict.confidence)}")
        if verdict.adjudicates:
            say(f"  settles the disagreement between {', '.join(one[:12] for one in verdict.adjudicates)}")
        for citation in verdict.citations:
            words = f"“{citation.quote}”" if citation.is_quotation else citation.quote  # a description is no quotation
            told = f"described by {citation.describes.who}" if citation.describes else None
            facts = (citation.title, told, page_words(citation.page), ocr_words(citation.ocr_confidence))
            group = f" [only together, {citation.group}]" if citation.group else ""
            say(f"  {citation.stance}{group}: {words} ({', '.join(fact for fact in facts if fact)})")
        for one in verdict.fragments:
            resting = f", resting on {', '.join(cited.passage_id for cited in one.citations)}" if one.citations else ""
            say(f"  fragment: {one.words}: {one.rating.label}{resting}")
        for asked in verdict.questions:
            say(f"  question: {asked.text}")
            for answer in asked.answers:
                explained = f": {answer.explanation}" if answer.explanation else ""
                say(f"    {answer.kind}: {answer.text or UNANSWERABLE}{explained}")
    if not case.verdicts:
        say("No verdict yet.")


def _rated(verdict: StoredVerdict) -> str:
    """What readers see, and in brackets what the scale calls it where that is another word."""
    shown = public_label(verdict.rating, verdict.ground)
    return shown if shown == verdict.rating.label else f"{shown} [{verdict.rating.label}]"


@app.command()
def rules(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show the guidelines, scale and policy verdicts were given under, round by round: what a policy hash stands for."""
    with open_desk(workspace) as desk:
        rounds, now = desk.rules.rounds(), desk.settings.review.policy_hash
    if as_json:
        told = [{**one.model_dump(mode="json", exclude={"text"}), **one.in_force} for one in rounds]
        print_json({"in_force": now, "rounds": told})
        return
    for one in rounds:
        state = ", in force" if one is rounds[-1] and one.policy_hash == now else ""
        say(f"round {one.round}, since {one.since:%Y-%m-%d %H:%M}Z, {one.policy_hash[:12]}{state}")
        say(one.text)
    if not rounds:
        say("No verdict or mark was recorded yet; the rules are kept with the first.")


@app.command()
def void(
    claim_id: str,
    reviewer: ReviewerName,
    reason: Annotated[str, typer.Option(help="Why it no longer stands; kept in the records.")],
    revision: Annotated[int | None, typer.Option(min=1, help="Which revision; your newest by default.")] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Declare a verdict void: it stays readable and counts no more."""
    with open_desk(workspace) as desk:
        voided = desk.void(claim_id, _reviewer(reviewer), revision=revision, reason=reason)
    if as_json:
        print_json(voided)
    else:
        say(f"Revision {voided.revision} by {voided.reviewer.display_name} is void.")
