"""The order of a report: the blocks that each edition prints of a claim.

    reader    the story first; the annex at the end has what only a checker needs: wordings searched for, places, digests, ranks
    full      everything where it belongs
    fragment  the reader's edition as bare html for somebody else's page

What does not live here: the sentences themselves (report/__init__.py, words.py), any format (workbench.exports).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workbench.report.blocks import (
    Article,
    Block,
    Cited,
    Edition,
    Facts,
    Heading,
    Items,
    Para,
    Quote,
    Rated,
    Run,
    Section,
    Table,
    plain,
    said,
)
from workbench.report.page import AnswerWords, AppearanceWords, CitedWords, ClaimPage, ClaimReport, ContactWords, QuestionWords
from workbench.report.summary import summary
from workbench.report.words import FRAGMENTS, NO_EXPLANATION, NO_HEADLINE, REPORTED_WORDS


def document(reports: Sequence[ClaimReport], edition: Edition) -> Iterator[Block | Article]:
    """Everything a form for readers prints, in order, one claim at a time.

    Several claims begin with a page that sums them up and end with the method; the fragment has no such page.
    """
    if len(reports) == 1:
        yield article(reports[0].page, edition, top=2 if edition == "fragment" else 1, with_method=True)
        return
    if edition != "fragment":
        yield from summary(reports)
    methods: dict[object, ClaimPage] = {}
    for report in reports:
        methods.setdefault(report.page.explained, report.page)
        yield article(report.page, edition, top=2, with_method=False)
    yield from (method(page, mark_given=False) for page in methods.values())


def article(page: ClaimPage, edition: Edition, *, top: int, with_method: bool) -> Article:
    """What this edition prints of one claim. top: the level of its heading. Pure."""
    full = edition == "full"
    blocks = [*_top(page), _rating(page), *_judged(page), *_questions(page), _evidence(page, full), *_asked(page)]
    blocks += [*_searched(page, full), *_history(page)]
    if with_method:
        blocks.append(method(page, mark_given=True))
    blocks.append(_record(page) if full else _annex(page))
    return Article(page.id, tuple(_at_level(block, top) for block in blocks))


def _at_level(block: Block, top: int) -> Block:
    if isinstance(block, Heading):
        return replace(block, level=top)
    return replace(block, level=top + 1) if isinstance(block, Section) else block


def method(page: ClaimPage, *, mark_given: bool) -> Section:
    """How claims are checked and what the ratings mean. mark_given: point out the rating of this page."""
    given = next((at for at, row in enumerate(page.scale_rows) if row.given), None) if mark_given else None
    rows = tuple(
        (
            (Run(row.label, "strong"),) + ((Run(" given here", "quiet"),) if at == given else ()),
            plain(row.definition),
            plain("none" if row.order is None else str(row.order)),
        )
        for at, row in enumerate(page.scale_rows)
    )
    scale = Table(page.scale, ("Rating", "Meaning", "Number"), rows, marked=given, numbers=(2,))
    return Section("method", "Method and scale", (said("plain", " ".join(page.method)), scale))


# --- the story -----------------------------------------------------------------------------------------------------


def _top(page: ClaimPage) -> Iterator[Block]:
    if page.draft:
        yield said("draft", page.draft)
    for one in page.changes:
        yield Para("change", (Run(f"{one.label}, ", "strong"), Run(one.when, "strong", at=one.at), Run(f": {one.note}")))
    yield Heading(1, page.headline or page.title, words=page.headline is None)
    yield Section("claim", "The claim", tuple(_claim(page)), titled=False)


def _claim(page: ClaimPage) -> Iterator[Block]:
    if page.headline:
        yield Quote("claim", page.quote, _own_language(page)) if page.quote else said("statement", page.statement)
    who = Run(page.claimant or "Claimant not known", "strong")
    yield Para("who", (who, *((Run(f", {page.role}"),) if page.role else ()), Run(f" · {page.claimed}")))
    if page.translated:
        yield said("small", f"{page.translated}{', from:' if page.quote_original else ''}")
    if page.quote_original:
        yield Quote("original", page.quote_original, page.quote_language)
    if page.quote:
        yield said("plain", f"The claim as checked: {page.statement}")
    if page.reported:
        yield said("plain", f"{REPORTED_WORDS}: {page.reported}")
    yield from (_appeared(one) for one in page.appearances)


def _own_language(page: ClaimPage) -> str | None:
    """The language of the quotation; a translation is in that of the report."""
    return None if page.translated else page.language


def _appeared(one: AppearanceWords) -> Para:
    runs = [Run(f"Appeared in: {one.words}"), *_address(one.link, one.archived, before=" ")]
    return Para("small", tuple(runs))


def _address(link: str | None, archived: str | None, *, before: str) -> Iterator[Run]:
    if link:
        yield Run(before)
        yield Run(link, link=link)
    if archived:
        yield Run(" (")
        yield Run("archived copy", link=archived)
        yield Run(")")


def _rating(page: ClaimPage) -> Section:
    rating = page.rating
    if rating is None:
        return Section("rating", "Rating", (Rated(page.verdict_words, None),), titled=False)
    scaled = f" On the scale: {rating.scale_label}." if rating.label != rating.scale_label else ""
    also = f" In the language of the claim: {rating.also}." if rating.also else ""
    sure = (Run(f". Confidence of the reviewer: {page.confidence}"),) if page.confidence else ()
    when = Run(page.decided or "", at=page.decided_at)
    blocks = (
        Rated(rating.label, rating.slug, rating.colour),
        Para("meaning", (Run(rating.meaning), *((Run(scaled + also, "quiet"),) if scaled or also else ()))),
        Para("small", (Run(f"Rated by {page.decided_by}, "), when, *((Run(f". {page.known}"),) if page.known else ()), *sure)),
    )
    return Section("rating", "Rating", blocks, titled=False, colour_of=rating.slug, colour=rating.colour)


def _judged(page: ClaimPage) -> Iterator[Block]:
    if page.fragments:
        items = tuple(
            (Run(one.words, "words"), Run(": "), Run(one.label, "strong"), Run(f" ({one.resting})", "quiet"))
            for one in page.fragments
        )
        yield Section("fragments", FRAGMENTS, (said("small", f"{FRAGMENTS}:"), Items("fragments", items)), titled=False)
    if page.weighing:
        yield said("weighing", page.weighing)
    if page.rating:
        yield said("explanation", page.explanation) if page.explanation else said("missing", NO_EXPLANATION)
        if not page.headline:
            yield said("missing", NO_HEADLINE)
    yield from (said("missing", note) for note in page.notes)


def _questions(page: ClaimPage) -> Iterator[Section]:
    if page.questions:
        blocks = (block for one in page.questions for block in (Para("plain", (Run(one.text, "strong"),)), _answers(one)))
        yield Section("questions", "Questions asked of the evidence", tuple(blocks))


def _answers(question: QuestionWords) -> Items:
    return Items("plain", tuple(tuple(_answer(one)) for one in question.answers))


def _answer(one: AnswerWords) -> Iterator[Run]:
    yield Run(f"“{one.text}”" if one.is_quotation else one.text, "words" if one.is_quotation else "plain")
    if one.explanation:
        yield Run(f" {one.explanation}" if one.text.endswith(".") or one.is_quotation else f": {one.explanation}")
    if one.kind != "unanswerable":
        yield Run(f" ({one.resting})", "quiet")


def _asked(page: ClaimPage) -> Iterator[Section]:
    if page.contacts:
        yield Section("asked", "Who was asked", tuple(block for one in page.contacts for block in _contact(one)))


def _contact(one: ContactWords) -> Iterator[Block]:
    yield Para("plain", (Run(one.name, "strong"), Run(f", {one.party}: {one.asked}.")))
    yield said("description", one.question)
    yield said("small", one.outcome)
    if one.reply:
        yield Quote("cited", one.reply) if one.is_verbatim else said("description", one.reply)


# --- the evidence --------------------------------------------------------------------------------------------------


def _evidence(page: ClaimPage, full: bool) -> Section:
    cited = tuple(Cited(one.number, tuple(_cited(one, full))) for one in page.citations)
    return Section("evidence", "Evidence", (said("plain", page.evidence), *cited))


def _cited(one: CitedWords, full: bool) -> Iterator[Para | Quote]:
    yield said("stance", one.stance_words)
    if one.together:
        yield said("small", one.together)
    yield from (said("caution", told) for told in (one.caution, one.by_ocr) if told)
    yield from (said("small", f"Of this file: {warning}") for warning in one.warnings)
    if one.withheld:
        yield said("missing", one.withheld)
        return
    if one.told:
        yield said("small", f"{one.told}:")
    yield Quote("cited", one.quote) if one.is_quotation else said("description", one.quote)
    if one.translation:
        yield said("small", f"Translation: {one.translation}")
    yield Para("source", tuple(_source(one)))
    if one.origin:
        yield said("small", f"Underlying origin: {one.origin}")
    if one.reliability:
        yield said("small", f"On this source: {one.reliability}")
    if full:
        yield Para("small", _place(one))


def _source(one: CitedWords) -> Iterator[Run]:
    yield Run(one.title, "title")
    yield Run("".join(f", {part}" for part in (one.publisher, one.published, one.page) if part))
    if one.kind and not one.caution:
        yield Run(f" ({one.kind})")
    yield from _address(one.link, one.archived, before=" ")


def _place(one: CitedWords) -> tuple[Run, ...]:
    rank = f"; {one.rank}" if one.rank else ""
    return (Run("sha256 "), Run(one.sha256, "code"), Run(f", {one.place}{rank}"))


# --- search, history, record ---------------------------------------------------------------------------------------


def _searched(page: ClaimPage, full: bool) -> Iterator[Section]:
    if page.search:
        queries = _queries(page) if full else ()
        yield Section("search", "How we searched", (*queries, said("plain", " ".join(page.search))))


def _queries(page: ClaimPage) -> tuple[Block, ...]:
    if not page.queries:
        return ()
    return (said("plain", "Searched for:"), Items("queries", tuple((Run(query, "words"),) for query in page.queries)))


def _history(page: ClaimPage) -> Iterator[Section]:
    if page.history:
        lines = tuple((Run(one.when, "quiet", at=one.at), Run(f" {one.words}")) for one in page.history)
        yield Section("history", "History of this verdict", (Items("history", lines),))


def _annex(page: ClaimPage) -> Section:
    """The reader's edition ends with what only somebody who checks it needs."""
    sources = tuple((f"Source {one.number}", _place(one)) for one in page.citations if not one.withheld)
    return Section("record", "Annex: for whoever checks this", (*_queries(page), Facts((*_verdict_facts(page), *sources))))


def _record(page: ClaimPage) -> Section:
    return Section("record", "Record", (Facts(_verdict_facts(page)),))


def _verdict_facts(page: ClaimPage) -> tuple[tuple[str, tuple[Run, ...]], ...]:
    claim = ("Claim", plain(f"{page.id}, {page.status_words}"))
    if not page.verdict_hash:
        return (claim,)
    verdict = (
        Run(f"revision {page.revision}, sha256 "),
        Run(page.verdict_hash, "code"),
        Run(f", {page.software}"),
    )
    rules = (Run("guidelines, scale and policy in force: sha256 "), Run(page.policy_hash or "", "code"))
    return (claim, ("Verdict", verdict), ("Rules", rules))
