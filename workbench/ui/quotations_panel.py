"""What an article quotes and says: the list with a way to file each, and the text with everything listed marked in it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.articles import Article, Quotation, Suggestion
from workbench.models import Span
from workbench.tongue import N_, Words, _, number
from workbench.ui import new_claim, session, sheet, show
from workbench.ui.show import Safe, tag

ROWS = 10  # on one page of the list
QUOTED, REPORTED, WORTH, FILED = N_("Quoted"), N_("Reported"), N_("Worth checking"), N_("Filed")
LONGEST = 320  # characters of a quotation that the list shows
KINDS = Words({"direct": N_("in quote marks"), "mixed": N_("partly in quote marks"), "indirect": N_("reported, not quoted")})
ABOUT = {
    REPORTED: N_("Not the words that were said: the sentence that reports them."),
    WORTH: N_("Sentences with something that can be checked, the most checkable first. Whether they are true is not said."),
}

Listed = Quotation | Suggestion


def draw(article: Article, quotations: Sequence[Quotation], suggestions: Sequence[Suggestion]) -> list[Listed]:
    """The list; gives back what it lists, for the text to mark."""
    groups: dict[str, list[Listed]] = {
        QUOTED: [one for one in quotations if one.found.kind != "indirect"],
        REPORTED: [one for one in quotations if one.found.kind == "indirect"],
        WORTH: list(suggestions),
    }
    groups[FILED] = [one for group in groups.values() for one in group if one.claim_id]
    first = next((name for name, group in groups.items() if group), None)
    if first is None:
        show.empty(_("Nothing was found in this text."), _("Add the claim by hand from the queue, with its exact words."))
        return []
    chosen = st.segmented_control(
        _("Show"),
        list(groups),
        default=first,
        required=True,
        key="quotation-group",
        label_visibility="collapsed",
        format_func=lambda group: f"{_(group)} ({number(len(groups[group]))})",
    )
    listed = groups[chosen or first]
    show.small(_(ABOUT.get(chosen or first, "")) if listed else _("None of these yet."))
    pages = max(1, -(-len(listed) // ROWS))
    page = session.page_number("quotation_page", pages)
    for one in listed[(page - 1) * ROWS : page * ROWS]:
        _row(article, one)
    if pages > 1:
        st.pagination(pages, key="quotation_page")
    return listed


def _row(article: Article, one: Listed) -> None:
    key = f"{type(one).__name__.lower()}-{one.span.start}-{one.span.end}"
    with st.container(key=key, gap="xsmall"):
        show.draw(*(_quotation(one) if isinstance(one, Quotation) else _suggestion(one)))
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if one.claim_id:
                show.draw(show.pill(_("Filed")), width="content")
                st.page_link("views/check.py", label=_("Open the claim"), query_params={"claim": one.claim_id})
            else:
                st.button(_("File as claim"), key=f"file-{key}", on_click=new_claim.open_filled, args=(article, one))
            st.button(_("Show in the text"), key=f"show-{key}", type="tertiary", on_click=_show, args=(one.span.start,))


def _quotation(one: Quotation) -> list[Safe]:
    found = one.found
    said = f"“{_cut(found.quote)}”" if found.kind != "indirect" else _cut(found.statement)
    about = [tag("span", "", found.speaker or _("speaker unknown"), dir="auto"), tag("span", "", KINDS[found.kind])]
    if found.cue:
        about.insert(1, tag("span", "", f"“{found.cue}”", dir="auto"))
    return [tag("p", "passage", said, dir="auto"), tag("p", "where", *about)]


def _suggestion(one: Suggestion) -> list[Safe]:
    told = [*one.found.reasons, *(_("but: {reason}", reason=reason) for reason in one.found.against)]
    return [tag("p", "passage", _cut(one.words), dir="auto"), tag("p", "where", *(tag("span", "", reason) for reason in told))]


def _cut(words: str) -> str:
    joined = " ".join(words.split())
    return joined if len(joined) <= LONGEST else joined[:LONGEST].rsplit(" ", 1)[0] + " …"


def _show(place: int) -> None:
    st.query_params["at"] = str(place)


def draw_text(article: Article, listed: Sequence[Listed]) -> None:
    """The text around the place of the address, with what is listed marked; what stands at that place as `here`."""
    asked = st.query_params.get("at", "")
    at = int(asked) if asked.isdecimal() and len(asked) < 10 else 0
    part = sheet.window(article.source, at)
    spans: dict[int, Span] = {one.span.start: one.span for one in reversed(listed)}
    inside = [span for span in spans.values() if span.start < part.end and span.end > part.start]
    here = [spans[at]] if asked and at in spans else []
    if part.start > 0:
        st.button(_("Earlier text"), key="earlier", type="tertiary", on_click=_show, args=(max(0, part.start - sheet.BEFORE),))
    show.draw(sheet.draw(article.source, part, [sheet.Layer("here", here), sheet.Layer("lifted", inside)]))
    if part.end < len(article.text):
        st.button(_("Later text"), key="later", type="tertiary", on_click=_show, args=(part.end,))
    if here:
        show.scroll_to("here", token=f"{article.sha256[:12]}-{at}", block="center")
