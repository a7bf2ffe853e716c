"""Agreement: how far reviewers agree, round by round, and whether on the same evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.agreement import Coefficient, Round
from workbench.cells import neutralise
from workbench.tongue import N_, Words, _, counted
from workbench.ui import session, show, words

if TYPE_CHECKING:
    from workbench.desk import Desk

FIELD = Words({"rating": N_("Rating"), "stance": N_("What a passage is taken for"), "fragment": N_("Rating of a fragment")})
COLUMNS = Words(  # a chart is told of its fields in English; what people read is said
    {
        "Reviewer": N_("Reviewer"),
        "And": N_("And"),
        "Claims": N_("Claims"),
        "Agree": N_("Agree"),
        "Kappa": N_("Kappa"),
        "Kappa, in order": N_("Kappa, in order"),
        "Passages in common": N_("Passages in common"),
        "Compared": N_("Compared"),
        "Units": N_("Units"),
        "Alpha": N_("Alpha"),
        "Alpha, in order": N_("Alpha, in order"),
        "AC2, in order": N_("AC2, in order"),
    }
)
PAPER, ACCENT = ("#F3F0E9", "#0F5C63"), ("#1C2125", "#5FB3B3")  # from little to much, light and dark (UI.md)
SHARES = ("Agree", "Passages in common")
FIGURES = (*SHARES, "Kappa", "Kappa, in order")
SHOWN = 50  # findings listed


def page() -> None:
    """Draw the page."""
    desk = session.shared_desk()
    st.title(_("Agreement"), anchor=False)
    with session.calm():
        rounds = desk.agreement.rounds()
        if not rounds:
            show.empty(
                _("No claim was judged by two people yet."),
                _("Ask for two reviews of every claim, or of a sample: reviews or overlap under [review] in workbench.toml."),
            )
            return
        show.small(
            _("Of what each reviewer said first, before reading anybody else's. Claims under blind review are not in it.")
        )
        chosen = rounds[0]
        if len(rounds) > 1:
            number = st.selectbox(
                _("Round"), range(len(rounds)), format_func=lambda one: _named(rounds[one]), key="agreement_round"
            )
            chosen = rounds[number or 0]
        _round(desk, chosen)


def _named(one: Round) -> str:
    days = one.first if one.first == one.last else _("{first} to {last}", first=one.first, last=one.last)
    return f"{days}, " + counted(one.claims, "{count} claim", "{count} claims")


def _round(desk: Desk, one: Round) -> None:
    st.subheader(_in_words(one), anchor=False)
    _fields(one)
    _pairs(one)
    _apart(desk, one)
    show.small(
        _(
            "Guidelines, scale and policy: {policy_hash}. What the figures say and do not: docs/second-eyes.md.",
            policy_hash=one.policy_hash[:12],
        )
    )


def _in_words(one: Round) -> str:
    rating = next((field for field in one.fields if field.field == "rating"), None)
    agreed = (
        _("{value:.0%} of judgements agree", value=rating.percent.value)
        if rating and rating.percent.value is not None
        else _("No figures")
    )
    shared = "" if one.evidence is None else _("of the passages they cite, {evidence:.0%} are in common", evidence=one.evidence)
    return _(
        "{claims}, {reviewers}: {agreed}",
        claims=counted(one.claims, "{count} claim", "{count} claims"),
        reviewers=counted(len(one.reviewers), "{count} reviewer", "{count} reviewers"),
        agreed=f"{agreed}; {shared}" if shared else agreed,
    )


def _pairs(one: Round) -> None:
    """Each reviewer beside each other: a chart of what they agree on, and the table behind it."""
    pairs: list[dict[str, Any]] = [
        {
            "Reviewer": neutralise(pair.one),
            "And": neutralise(pair.other),
            "Claims": pair.claims,
            "Agree": pair.percent,
            "Kappa": pair.kappa,
            "Kappa, in order": pair.weighted_kappa,
            "Passages in common": pair.evidence,
        }
        for pair in one.pairs
    ]
    mirrored = [*pairs, *({**pair, "Reviewer": pair["And"], "And": pair["Reviewer"]} for pair in pairs)]
    left, right = st.columns([1, 1], gap="large")
    left.vega_lite_chart(mirrored, _heat(len(one.reviewers)), width="stretch", key="agreement_matrix")
    table = [
        {name: _spelled(value, share=name in SHARES) if name in FIGURES else value for name, value in pair.items()}
        for pair in pairs
    ]
    right.dataframe(_without_empty(table), hide_index=True, key="agreement_pairs")


def _heat(reviewers: int) -> dict[str, Any]:
    """The chart: a square for each pair, darker where they agree more, the share written in it."""
    shades = ACCENT if st.context.theme.type == "dark" else PAPER
    side = {"type": "nominal", "axis": {"title": None, "labelAngle": 0, "ticks": False, "domain": False}}
    here = {"x": {"field": "Reviewer", **side}, "y": {"field": "And", **side}}
    colour = {"field": "Agree", "type": "quantitative", "scale": {"domain": [0, 1], "range": list(shades)}, "legend": None}
    on_dark = shades[0] if shades is PAPER else "#0C1719"
    ink = {
        "condition": {"test": "datum.Agree > 0.55", "value": on_dark},
        "value": "#1B1F24" if shades is PAPER else "#E8E6E1",
    }
    told = [{"field": name, "title": COLUMNS[name]} for name in ("Reviewer", "And", "Claims")] + [
        {"field": name, "title": COLUMNS[name], "format": form}
        for name, form in (("Agree", ".0%"), ("Kappa", ".2f"), ("Passages in common", ".0%"))
    ]
    return {
        "title": {"text": _("Ratings that agree"), "anchor": "start"},
        "height": 60 + 44 * reviewers,
        "encoding": {**here, "tooltip": told},
        "layer": [
            {"mark": {"type": "rect", "cornerRadius": 3}, "encoding": {"color": colour}},
            {
                "mark": {"type": "text", "fontSize": 14},
                "encoding": {"text": {"field": "Agree", "type": "quantitative", "format": ".0%"}, "color": ink},
            },
        ],
    }


def _fields(one: Round) -> None:
    rows = [
        {
            "Compared": FIELD[field.field],
            "Units": field.units,
            "Agree": _told(field.percent, share=True),
            "Alpha": _told(field.alpha),
            "AC1": _told(field.ac1),
            "Alpha, in order": _told(field.ordinal_alpha),
            "AC2, in order": _told(field.ac2),
        }
        for field in one.fields
    ]
    st.dataframe(_without_empty(rows), hide_index=True, key="agreement_fields")
    show.small(
        _(
            "In brackets the {share} interval. Alpha (Krippendorff) and AC1 (Gwet) take out what chance would give; a dash: "
            "not to be told from these judgements. Few claims make wide intervals: read the claims before ranking anybody.",
            share="95 %",
        )
    )


def _told(coefficient: Coefficient | None, *, share: bool = False) -> str | None:
    if coefficient is None or coefficient.value is None or coefficient.low is None or coefficient.high is None:
        return None if coefficient is None else _spelled(coefficient.value, share=share) or "–"
    low, high = _spelled(coefficient.low, share=share), _spelled(coefficient.high, share=share)
    return _("{spelled} ({low} to {high})", spelled=_spelled(coefficient.value, share=share), low=low, high=high)


def _spelled(value: float | None, *, share: bool) -> str | None:
    return None if value is None else f"{value:.0%}" if share else f"{value:.2f}"


def _without_empty(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without the columns that none of them fills."""
    filled = {name for row in rows for name, value in row.items() if value is not None}
    return [
        {COLUMNS.get(name, name): "" if value is None else value for name, value in row.items() if name in filled}
        for row in rows
    ]


def _apart(desk: Desk, one: Round) -> None:
    """The same verdict on evidence that has nothing in common: each may have missed what the other read."""
    if not one.apart:
        return
    by_claim: dict[str, list[str]] = {}
    for found in one.apart:
        by_claim.setdefault(found.claim_id, []).append(words.listed([found.one, found.other]))
    st.subheader(
        _("The same verdict, other evidence ({claims})", claims=counted(len(by_claim), "{count} claim", "{count} claims")),
        anchor=False,
    )
    show.small(_("These reviewers cite no passage in common: each may have missed what the other read."))
    for claim_id, pairs in list(by_claim.items())[:SHOWN]:
        with st.container(key=f"row-apart-{claim_id}", gap=None):
            label = show.literal(desk.case(claim_id).claim.headline)
            st.page_link("views/check.py", label=label, query_params={"claim": claim_id})
            show.small("; ".join(pairs))


page()
