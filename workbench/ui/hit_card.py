"""One passage on the Check page: where it is from, its words with what the lens saw, its stance, and why it is here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import streamlit as st

from workbench.attribution import Attribution, attribution
from workbench.chronology import is_late
from workbench.errors import ModelError
from workbench.models import Case, Draft, Hit, SearchReceipt, SimilarPassage, page_words, spot_of
from workbench.search.fusion import HUB_SHARE
from workbench.tongue import _, counted
from workbench.ui import doubt_marks, keys, lens_marks, media, page_picture, show, stances, steps, words
from workbench.ui.show import Safe, tag

if TYPE_CHECKING:
    from workbench.desk import Desk

BADGED = ("digest", "fact-check")  # kinds of source that tell of others


def go_to(passage_id: str) -> None:
    """Make a passage the current one."""
    steps.go("passage", passage_id)
    st.session_state["scroll"] = True


def brief(hit: Hit, case: Case, *, draft: Draft | None, is_marked: bool) -> None:
    """A passage that is not the current one."""
    stance = stances.of(draft, hit.passage_id)
    with st.container(key=f"hit-{hit.passage_id}", gap=None):
        label = f"{hit.rank}  {show.literal(hit.title)}"
        st.button(label, key=f"open-{hit.passage_id}", type="tertiary", wrap=True, on_click=go_to, args=(hit.passage_id,))
        parts = [where(hit, whose(hit, case), is_late=is_late(hit, case.claim.claimed_on)), *_reliability(hit)]
        if is_marked:
            parts.append(tag("p", "quiet", _("Not relevant")))
        else:
            text = tag("p", "passage", _text(hit), dir="auto", data_source=hit.source_id, data_start=str(hit.start))
            parts += [text, *lens_marks.lines(hit.lens)]
        if hit.similar:
            parts.append(tag("p", "quiet", _and_more(hit)))
        if stance:
            parts.append(tag("p", "quiet stance", _("Cited: {stance}", stance=words.STANCE[stance].lower())))
        if some := stances.inside(draft, hit.source_id, hit.start, hit.end):
            parts.append(
                tag(
                    "p",
                    "quiet stance",
                    counted(len(some), "{count} citation of words in it", "{count} citations of words in it"),
                )
            )
        show.draw(*parts)


def current(desk: Desk, case: Case, hit: Hit, receipt: SearchReceipt, *, draft: Draft | None, is_marked: bool) -> None:
    """The passage that is being judged. Where the columns are tabs, the claim stands above it."""
    with st.container(key="hit-current", gap="xsmall"):
        claim = tag("p", "plain", lens_marks.marked(case.claim.statement, hit.lens, "claim"), dir="auto")
        parts = [
            tag("div", "narrow-only", tag("p", "label", _("The claim")), claim),
            tag("p", "hit-title", tag("strong", "", f"{hit.rank}  {hit.title}", dir="auto")),
            where(hit, whose(hit, case), is_late=is_late(hit, case.claim.claimed_on)),
            *_reliability(hit),
            tag("p", "passage", _text(hit), dir="auto", data_source=hit.source_id, data_start=str(hit.start)),
            *doubt_marks.lines(hit),
            *lens_marks.lines(hit.lens),
        ]
        show.draw(tag("div", "", *parts, id="current-passage", role="group", aria_label=_("Current passage")))
        if hit.describes:
            media.draw(desk, hit.describes, spot_of(hit.page))
        _suggestion(desk, case, hit)
        if st.session_state.pop("scroll", False):
            show.scroll_to("current-passage", token=hit.passage_id)
        with st.container(horizontal=True, gap="xsmall"):
            if draft is not None:
                stances.buttons(desk, draft, hit.passage_id, is_marked=is_marked)
            if st.button(_("Open"), key="open-document", shortcut=keys.of("open"), help=_("Open this passage in its document")):
                st.switch_page("views/document.py", query_params=_address(hit.source_id, hit.passage_id, case.claim.id))
        if draft is not None and is_marked:
            stances.reason(desk, case, draft, hit.passage_id)
        if some := stances.inside(draft, hit.source_id, hit.start, hit.end):
            show.draw(stances.cited_words(desk, some))
        if draft is None:
            show.small(_("Say who you are at the top of the page to mark passages and record a verdict."))
        if hit.similar:
            with st.expander(_and_more(hit), type="compact"):
                for other in hit.similar:
                    link = _address(other.source_id, other.passage_id, case.claim.id)
                    st.page_link("views/document.py", label=show.literal(_named(other)), query_params=link)
        with st.expander(_("Why is this here"), type="compact"):
            show.draw(why(hit, receipt))


def whose(hit: Hit, case: Case) -> Attribution:
    """Whose words a hit shares with the claim, as far as its text says."""
    claimant = case.claim.claimant.name if case.claim.claimant else None
    return attribution(hit.text, hit.matched, claimant=claimant, publisher=hit.publisher)


def _suggestion(desk: Desk, case: Case, hit: Hit) -> None:
    """What the model named in the settings makes of it, by its name; nothing where none is named."""
    try:
        made = desk.suggest_stance(case.claim, hit)
    except ModelError as error:
        show.small(_("No suggestion: {message} {hint}", message=error.message, hint=error.hint))
        return
    if made is not None:
        shares = _(
            "supports {supports:.0%}, refutes {refutes:.0%}, neither {neutral:.0%}",
            supports=made.supports,
            refutes=made.refutes,
            neutral=made.neutral,
        )
        show.small(_("Model {model} suggests: {shares}. You decide.", model=made.model, shares=shares))


def where(hit: Hit, whose_words: Attribution, *, is_late: bool = False) -> Safe:
    """Publisher, date and page of a hit, and the badges of what is not an original, is the claimant's own, or came later."""
    parts: list[str | Safe] = [*doubt_marks.badges(hit)]
    parts += [tag("span", "badge", text, title=why) for text, why in _badges(hit, whose_words)]
    if is_late:
        parts.append(tag("span", "badge", _("later than the claim"), title=_("It was published after the claim was made")))
    if hit.describes:
        parts.append(media.badge(hit.describes))
    if hit.kind == "digest" and hit.reports_on:
        parts.append(tag("span", "", _("reports on {body}", body=hit.reports_on.body), dir="auto"))
    elif hit.kind and hit.kind not in BADGED:
        parts.append(tag("span", "", words.KIND[hit.kind]))
    by_ocr = page_picture.ocr_badge(hit.ocr_confidence)
    if by_ocr:
        parts.append(by_ocr)
    facts = [hit.publisher, words.known_date(hit.published_on) or words.no_date(), page_words(hit.page)]
    parts += [tag("span", "", fact, dir="auto") for fact in facts if fact]
    return tag("p", "where", *parts)


def _reliability(hit: Hit) -> list[Safe]:
    """What a colleague noted of the source, signed and dated."""
    return (
        [tag("p", "quiet", _("On this source: {reliability_note}", reliability_note=hit.reliability_note), dir="auto")]
        if hit.reliability_note
        else []
    )


def _badges(hit: Hit, whose_words: Attribution) -> Iterator[tuple[str, str]]:
    """What a reader must know of whose words these are, each with why it says so."""
    speaker = whose_words.speaker
    if whose_words.by_claimant:
        yield _("published by the claimant"), _("The file says it was published by {publisher}", publisher=hit.publisher)
    if whose_words.repeats_claim:
        yield _("repeats the claim"), _("The words in common are {speaker}'s own, as quoted here", speaker=speaker)
    elif speaker:
        yield (
            _("attributed to {speaker}", speaker=speaker),
            _("The words in common stand in what {speaker} says here", speaker=speaker),
        )
    if hit.kind in BADGED:
        yield words.KIND[hit.kind], _("Not an original: look for what it rests on")


def _text(hit: Hit) -> Safe:
    return lens_marks.marked(hit.text, hit.lens, "passage", matched=hit.matched)


def _and_more(hit: Hit) -> str:
    return counted(len(hit.similar), "And {count} more that says the same", "And {count} more that say the same")


def _named(other: SimilarPassage) -> str:
    facts = (other.title, other.publisher, words.known_date(other.published_on), page_words(other.page))
    return " · ".join(fact for fact in facts if fact)


def _address(source_id: str, passage_id: str, claim_id: str) -> dict[str, str]:
    return {"source": source_id[:16], "passage": passage_id, "claim": claim_id}


# --- why it is here -----------------------------------------------------------------------------------------------------


def why(hit: Hit, receipt: SearchReceipt) -> Safe:
    """What put the passage at its rank, in words first, then in figures."""
    of_all = counted(receipt.passages_searched, "{count} passage", "{count} passages")
    lines = [
        _in_words(hit),
        _("Rank {rank} of {of_all}, with a score of {score:.3f}.", rank=hit.rank, of_all=of_all, score=hit.score),
    ]
    if len(receipt.queries) > 1:
        lines.append(_("Found best by “{query}”.", query=receipt.queries[hit.wording]))
    if hit.dense_rank:
        lines.append(
            _("By meaning: number {rank}.", rank=hit.dense_rank)
            if hit.cosine is None
            else _("By meaning: number {rank}, cosine {cosine:.3f}.", rank=hit.dense_rank, cosine=hit.cosine)
        )
    else:
        lines.append(_("By meaning: not among the nearest, or not looked at."))
    if hit.lexical_rank:
        place = (
            _("By words: number {rank}.", rank=hit.lexical_rank)
            if hit.bm25 is None
            else _("By words: number {rank}, BM25 {bm25:.2f}.", rank=hit.lexical_rank, bm25=hit.bm25)
        )
        lines.append(place + " " + _("Words in common are underlined."))
    else:
        lines.append(_("By words: nothing in common that counts, or not looked at."))
    if hit.dense_weight is not None:
        share, near_all = hit.dense_weight, hit.hubness or 0.0
        meaning = _(
            "{share:.2f} × (cosine − {hub_share} × {near_all:.2f}, how near it lies to everything)",
            share=share,
            hub_share=str(HUB_SHARE),
            near_all=near_all,
        )
        lines.append(
            _("Score = {meaning} + {rest:.2f} × BM25 over the best BM25 of this search.", meaning=meaning, rest=1 - share)
        )
    if hit.rerank_score is not None:
        lines.append(_("Put at its place by the re-ranking model, with {rerank_score:.3f}.", rerank_score=hit.rerank_score))
    lines += lens_marks.silences(hit.lens)
    facts = tag("p", "quiet", _("{path} · passage {id}", path=hit.path, id=hit.passage_id), dir="auto")
    return tag("div", "why", *(tag("p", "", line, dir="auto") for line in lines), facts)


def _in_words(hit: Hit) -> str:
    """One sentence: what it has in common with the search, and how it stands to the claim."""
    shared = list(dict.fromkeys(hit.text[span.start : span.end].casefold() for span in hit.matched))
    common = (
        _("It shares the words {words}", words=", ".join(f"“{word}”" for word in shared[:5]))
        if shared
        else _("It shares no telling word")
    )
    told = {
        "differs": _("{common}, and differs from the claim.", common=common),
        "agrees": _("{common}, and agrees with the claim in what is marked “=”.", common=common),
    }
    return told.get(hit.stands) or _("{common}, and says nothing of what the lens can compare.", common=common)
