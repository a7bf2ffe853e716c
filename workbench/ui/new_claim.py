"""The form that adds a claim, empty or filled in from an article."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from workbench.articles import Article, Quotation, Suggestion, prefilled
from workbench.models import MAX_STATEMENT, Claim, Reviewer, Span
from workbench.settings import CustomField
from workbench.tongue import N_, _
from workbench.ui import precedents_panel, session, show
from workbench.ui.dialog import Dialog, Saves

if TYPE_CHECKING:
    from workbench.desk import Desk

ADDED = "claim_added"
LIFTED = "claim_lifted_from"  # (article, span) the form was filled in from


def _fields(desk: Desk) -> Saves:
    statement = st.text_area(
        _("The sentence to check"),
        key="claim_statement",
        max_chars=MAX_STATEMENT,
        height=96,
        help=_("One checkable sentence in plain words. It is what evidence is searched for."),
    )
    quote = st.text_area(
        _("The exact words, if you have them"), key="claim_quote", height=80, help=_("Without quotation marks around them.")
    )
    left, right = st.columns(2)
    claimant = left.text_input(_("Who said it"), key="claim_claimant")
    role = right.text_input(_("In what role at the time"), key="claim_role")
    affiliation = left.text_input(
        _("Counted with"), key="claim_affiliation", help=_("The party or body, for the balance of what is checked.")
    )
    said_on = left.text_input(
        _("When"), key="claim_date", placeholder=_("2021, 2021-06 or 2021-06-23"), help=_("As much of the date as is known.")
    )
    url = right.text_input(_("Where it can be read"), key="claim_url", placeholder="https://")
    why = st.text_input(_("Why it is checked"), key="claim_why")
    values = {"statement": statement, "quote": quote, "claimant": claimant, "role": role, "date": said_on, "url": url}
    values |= {"affiliation": affiliation, "why": why}
    fields = {name: (value or "").strip() for name, value in values.items()}
    custom = {field.name: _custom(field) for field in desk.settings.claims.fields}
    with session.calm():
        precedents_panel.already_here(desk, fields["statement"])
    return lambda who: _add(desk, fields, {name: said for name, said in custom.items() if said}, who)


def _custom(field: CustomField) -> str:
    """What is said in a field of the workspace; whether it is a number or a date is asked when the claim is added."""
    label, key = show.literal(field.label or field.name), f"claim_custom_{field.name}"
    if field.kind == "choice":
        return st.selectbox(label, field.choices, index=None, format_func=show.literal, key=key) or ""
    placeholder = {"text": "", "number": "12.5", "date": _("2021, 2021-06 or 2021-06-23")}[field.kind]
    return (st.text_input(label, key=key, placeholder=placeholder) or "").strip()


def _add(desk: Desk, fields: dict[str, str], custom: dict[str, str], who: Reviewer) -> None:
    lifted: tuple[Article, Span] | None = st.session_state.get(LIFTED)
    printed: dict[str, Any] = {"url": fields["url"] or None, "date": fields["date"] or None}
    if lifted:
        meta = lifted[0].meta
        printed |= {"title": meta.title, "publisher": meta.publisher, "date": meta.published_on}
        printed["archived_url"] = meta.archived_url if fields["url"] == meta.url else None
    claim = Claim.model_validate(
        {
            "id": desk.new_claim_id(fields["statement"] or "claim"),
            "statement": fields["statement"],
            "quote": fields["quote"].strip('“”"') or None,
            "claimant": _claimant(fields),
            "why_checked": fields["why"] or None,
            "custom": custom,
            "claimed_on": fields["date"] or None,
            "appearances": [printed] if printed["url"] or printed.get("title") or printed.get("publisher") else [],
        }
    )
    if lifted:
        claim = desk.articles.file(claim, lifted[0], lifted[1], actor=who)
    else:
        desk.add_claim(claim, actor=who)
    st.session_state[ADDED] = claim.id


def _claimant(fields: dict[str, str]) -> dict[str, str | None] | None:
    if not fields["claimant"]:
        return None
    return {"name": fields["claimant"]} | {name: fields[name] or None for name in ("role", "affiliation")}


DIALOG = Dialog(
    key="claim", title=N_("Add a claim"), save=N_("Add the claim"), refused=N_("The claim was not added:"), fields=_fields
)


def open_empty() -> None:
    """Have the dialog ask for a claim that no article holds."""
    st.session_state.pop(LIFTED, None)
    DIALOG.open()


def open_filled(article: Article, one: Quotation | Suggestion) -> None:
    """Have the dialog show what the article says; the claim will name the place it was lifted from."""
    st.session_state[LIFTED] = (article, one.span)
    for name, value in prefilled(one, article).items():
        st.session_state[f"claim_{name}"] = value
    DIALOG.open()


def confirmation() -> None:
    """Say once that the claim was added, with the way to it."""
    claim_id = st.session_state.pop(ADDED, None)
    if claim_id:
        with st.container(horizontal=True, vertical_alignment="center"):
            show.said(_("The claim was added to the list and to the folder claims/."))
            st.page_link("views/check.py", label=_("Check it now"), query_params={"claim": claim_id})
