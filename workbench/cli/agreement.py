"""`workbench agreement`: how far reviewers agree, and on which evidence, round by round."""

from __future__ import annotations

from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say, table


def agreement(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Show how far reviewers agree: percent, kappa, alpha, AC1 and AC2 of first verdicts, and the evidence they share."""
    with open_desk(workspace) as desk:
        rounds = desk.agreement.rounds()
    if as_json:
        print_json({"rounds": rounds})
        return
    if not rounds:
        say("No claim was judged by two people yet. Ask for two reviews: [review] reviews = 2 in workbench.toml.")
    for one in rounds:
        say(f"{one.first} to {one.last}, policy {one.policy_hash[:12]}: {one.claims} claim(s) judged by two or more")
        rows = [
            [field.field, str(field.units), *(_told(c) for c in (field.percent, field.alpha, field.ac1, field.ordinal_alpha))]
            for field in one.fields
        ]
        table(["field", "compared", "percent", "alpha", "AC1", "alpha, in order"], rows, empty="Nothing to compare.")
        pairs = [
            [f"{pair.one}, {pair.other}", str(pair.claims), *map(_figure, (pair.percent, pair.kappa, pair.evidence))]
            for pair in one.pairs
        ]
        table(["reviewers", "claims", "percent", "kappa", "passages in common"], pairs, empty="")
        for found in one.apart:
            say(f"  same verdict, other evidence: {found.claim_id} ({found.one}, {found.other})")


def _told(coefficient: object) -> str:
    value, low, high = (getattr(coefficient, name, None) for name in ("value", "low", "high"))
    return _figure(value) + (f" ({low:.2f} to {high:.2f})" if low is not None and high is not None else "")


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
