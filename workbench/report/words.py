"""How a report says a date, an address, a citation and a search.

What lives here: values in, sentences out. What does not: which of them a report prints (workbench.report).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import regex

from workbench import tongue
from workbench.languages import named
from workbench.ledger.sealing import ERASED
from workbench.models import (
    CONDITION_NAMES,
    MAY_READ,
    MEDIA_WORDS,
    Audience,
    Citation,
    Conditions,
    Erasure,
    Mark,
    PartialDate,
    SearchReceipt,
    Stance,
    erased_words,
    ocr_words,
    page_words,
    spelled_out,
)
from workbench.protection.telling import CLOSED
from workbench.report.page import CitedWords
from workbench.tongue import N_, _

NO_HEADLINE = N_("No public headline has been written.")
REPORTED_WORDS = "As reported, not confirmed as the speaker's own words"
FRAGMENTS = "Parts of the claim as checked, rated apart"
NO_EXPLANATION = N_("No public explanation has been written for this verdict.")
WITHHELD = "The words are from a source that is not public, and are not printed here."
PROTECTED = "A source we protect"
STANCE_WORDS: dict[Stance, str] = {"supports": "Supports the claim", "refutes": "Refutes the claim", "context": "Context"}
MODE_WORDS = {"hybrid": N_("by meaning and by words"), "dense": N_("by meaning"), "lexical": N_("by words")}
_ADDRESS = regex.compile(
    r"https?://[^\s<>\"'\\^`{|}]+"
)  # what RFC 3986 keeps out of an address can only be an attack or a slip


def safe_link(url: str | None) -> str | None:
    """The address where a reader may follow it: http or https, a host, no credentials, nothing invisible; else None."""
    if url is None or not url.isprintable() or not _ADDRESS.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.hostname and "@" not in parts.netloc else None


def date_words(when: PartialDate) -> str:
    """The date as far as it is known, and that it was inferred where it was."""
    return f"{when} (inferred)" if when.basis == "inferred" and when.value else str(when)


def time_words(at: datetime) -> str:
    """`1 May 2026, 12:00 UTC`."""
    there = at.astimezone(UTC)
    return f"{tongue.day(there)}, {there:%H:%M} UTC"


# --- evidence ------------------------------------------------------------------------------------------------------


def cited_words(one: Citation, number: int) -> CitedWords:
    """The citation as a reader sees it, numbered."""
    return CitedWords(
        number=number,
        quote=one.quote,
        translation=one.translation,
        stance=one.stance,
        stance_words=STANCE_WORDS[one.stance],
        title=one.title or "Untitled file",
        publisher=one.publisher,
        published=date_words(one.published_on),
        page=page_words(one.page),
        place=_place(one),
        kind=one.kind.replace("-", " ") if one.kind else None,
        caution=_caution(one),
        by_ocr=_by_ocr(one),
        warnings=tuple(map(spelled_out, one.warnings)),
        origin=one.origin,
        reliability=str(one.reliability_note) if one.reliability_note else None,
        link=safe_link(one.url),
        archived=safe_link(one.archived_url),
        sha256=one.source_id,
        told=_told(one),
        is_quotation=one.is_quotation,
        described_sha256=one.describes.sha256 if one.describes else None,
    )


def published_words(
    one: Citation,
    number: int,
    receipt: SearchReceipt | None,
    audience: Audience = "public",
    erasures: Sequence[Erasure] = (),
) -> CitedWords:
    """The citation as its audience may see it: of a source they may not read, what it does and what somebody approved.

    With its rank among the passages the reviewer was shown, where the receipt holds it. erasures: of the claim; of a source
    that was erased, that it was and why.
    """
    told = cited_words(one, number)
    if one.quote != ERASED and one.access in MAY_READ[audience]:
        return told.model_copy(update={"rank": _rank(one, receipt)})
    hidden = dict.fromkeys(name for name, value in CitedWords.model_fields.items() if value.default is None)
    nothing = {"quote": "", "published": "", "place": "", "warnings": ()}
    optional = ("translation", "publisher", "page", "kind", "caution", "by_ocr", "origin", "link", "archived")
    return told.model_copy(update=hidden | dict.fromkeys(optional) | nothing | _in_its_place(one, erasures))


def _in_its_place(one: Citation, erasures: Sequence[Erasure]) -> dict[str, str]:
    """What is said of a source whose words are not printed. Only of a citation made for telling is the title approved words."""
    why = next((erased_words(each.reason, each.at) for each in erasures if each.source_id == one.source_id), None)
    if why or one.quote == ERASED:
        return {"title": "Erased source", "withheld": why or "The source was erased."}
    approved = one.title if one.quote == CLOSED else None
    title = approved or (PROTECTED if one.access == "confidential" else "Source not public")
    return {"title": title, "withheld": f"{title}. {WITHHELD}" if one.access == "confidential" else WITHHELD}


def _rank(one: Citation, receipt: SearchReceipt | None) -> str | None:
    """Where the passage that holds these words stood among those shown."""
    file = one.source_id[:16]
    for shown in receipt.shown if receipt else ():
        for passage_id in (shown.passage_id, *shown.folded):
            of, start, end = passage_id.rsplit("-", 2)
            if of == file and int(start) < one.end and one.start < int(end):
                return f"shown as number {shown.rank:,} of {len(receipt.shown) if receipt else 0:,}, score {shown.score:.2f}"
    return None


def _told(one: Citation) -> str | None:
    """Whose words these are, of a photo or recording."""
    if one.describes is None:
        return None
    of, by = one.describes, one.describes.who
    if one.heard:
        return f"Words heard in the {MEDIA_WORDS[of.kind]}, as {by} wrote them down"
    senses = {"photo": "seen", "video": "seen and heard", "sound": "heard"}[of.kind]
    return f"What is {senses} in the {MEDIA_WORDS[of.kind]}, as {by} describes it"


def _place(one: Citation) -> str:
    """Where the words stand: of a description, also the place in the file that was described, and which file that is."""
    place = f"characters {one.start:,} to {one.end:,} of its text"
    if one.describes is None:
        return place
    of, spot = one.describes, (one.page or "").rpartition(", ")[0]
    return f"{place}; {MEDIA_WORDS[of.kind]} sha256 {of.sha256}, {spot or 'place not recorded'}"


def _by_ocr(one: Citation) -> str | None:
    told = ocr_words(one.ocr_confidence)
    return f"{told}: a machine's reading of a picture, in which letters may be wrong" if told else None


def _caution(one: Citation) -> str | None:
    """What a reader must know of the file or of whose words these are; None where there is nothing."""
    whose = None
    if one.attributed_to:
        whose = f"{'repeats the claim, ' if one.repeats_claim else ''}attributed there to {one.attributed_to}"
    cautions = (
        f"{one.access}, not for publication" if one.access != "public" else None,
        "published by the claimant" if one.by_claimant else None,
        whose,
        "another newsroom's conclusion" if one.kind == "fact-check" else None,
        _digested(one),
    )
    return "; ".join(caution for caution in cautions if caution) or None


def _digested(one: Citation) -> str | None:
    about = None
    if one.reports_on:
        body = one.reports_on
        dated = date_words(body.date) if body.date.value else None
        article = ", ".join(part for part in (body.article, body.publisher, dated) if part)
        about = f"reports on {body.body}, from {article}"
    if one.describes:
        by = f"described by {one.describes.who}"
        return f"{by}; {about}" if about else by
    if one.kind == "digest":
        return f"digest, not the original; {about or 'what it reports on is not recorded'}"
    return about


def citation_line(one: Citation) -> str:
    """A citation as it is pasted into a text: the words, in quotation marks unless they describe, then what finds them again.

    Title, publisher, date, page, caution, that OCR read it, address, archived address, and 12 digits of the file's sha256.
    """
    said = cited_words(one, 1)
    words = _quoted(" ".join(one.quote.split())) if one.is_quotation else f"{said.told}: {' '.join(one.quote.split())}"
    facts = [
        said.source,
        said.caution,
        ocr_words(one.ocr_confidence),
        said.link,
        f"archived at {said.archived}" if said.archived else None,
    ]
    return f"{words} {'. '.join(fact for fact in facts if fact)}. sha256 {one.source_id[:12]}"


def _quoted(words: str) -> str:
    """The words in the quotation marks of English; single ones where the words hold double ones themselves."""
    return f"‘{words}’" if any(mark in words for mark in '“”"') else f"“{words}”"


def evidence_words(citations: tuple[CitedWords, ...], origins: int, repeating: int = 0) -> str:
    """How many passages from how many files and origins, which way they point, and the origins a person named.

    repeating: how many of them only repeat the claim, and are no origin.
    """
    if not citations:
        return "No passage is cited."
    stances: Counter[Stance] = Counter(one.stance for one in citations)
    verbs: tuple[tuple[Stance, str, str], ...] = (
        ("supports", "supports the claim", "support the claim"),
        ("refutes", "refutes the claim", "refute the claim"),
        ("context", "gives context", "give context"),
    )
    parts = [f"{stances[one]} {single if stances[one] == 1 else several}" for one, single, several in verbs if stances[one]]
    files = counted(len({one.described_sha256 or one.sha256 for one in citations}), "file")
    behind = f", {counted(origins, 'origin')}" if len(citations) > 1 or repeating else ""
    sentence = f"{counted(len(citations), 'passage')} cited from {files}{behind}: {', '.join(parts)}."
    if repeating:
        verbs_of = ("repeats", "is") if repeating == 1 else ("repeat", "are")
        sentence += f" {repeating} only {verbs_of[0]} the claim and {verbs_of[1]} no origin."
    named = sorted({one.origin for one in citations if one.origin})
    return f"{sentence} Origins named by the reviewer: {'; '.join(named)}." if named else sentence


def counted(number: int, noun: str) -> str:
    """`1 passage`, `1,204 passages`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


# --- the search ----------------------------------------------------------------------------------------------------


def search_words(receipt: SearchReceipt) -> tuple[str, ...]:
    """What was searched, when, with what, and what could not be. Files are counted, never named: a name may betray a person."""
    searched = _(
        "The search of {when} looked through {passages} of {sources} {mode}; the reviewer was shown {shown} of at most {most} "
        "asked for.",
        when=time_words(receipt.created_at),
        passages=tongue.counted(receipt.passages_searched, "{count} passage", "{count} passages"),
        sources=tongue.counted(receipt.sources_searched, "{count} source", "{count} sources"),
        mode=_(MODE_WORDS[receipt.mode]),
        shown=tongue.counted(len(receipt.shown), "{count} passage", "{count} passages"),
        most=receipt.k,
    )
    sentences = [searched, *_left_out(receipt), *_filters(receipt)]
    if receipt.mode != receipt.asked_mode:
        sentences.append(_("A search {mode} was asked for and could not be made.", mode=_(MODE_WORDS[receipt.asked_mode])))
    if unchecked := sorted(receipt.languages_unchecked.items()):
        many = {code: tongue.counted(number, "{count} passage", "{count} passages") for code, number in unchecked}
        listed = ", ".join(f"{named(code)} ({told})" for code, told in many.items())
        sentences.append(_("Searched by words only, since the model was not checked for it: {listed}.", listed=listed))
    model = receipt.model_fingerprint
    sentences.append(_("Model: {model}.", model=model) if model else _("No language model took part in the search."))
    return tuple(sentences)


NOWHERE_ELSE = "No place searched outside the library was noted."


def by_hand_words(rejected: Sequence[Mark], elsewhere: str) -> tuple[str, ...]:
    """What the reviewer did besides: passages set aside, counted (their reasons are for colleagues), and places searched."""
    sentences = []
    if rejected:
        sentences.append(
            tongue.counted(
                len(rejected),
                "{count} of the passages was looked at and set aside as not bearing on the claim.",
                "{count} of the passages were looked at and set aside as not bearing on the claim.",
            )
        )
    places = [line.strip() for line in elsewhere.splitlines() if line.strip()]
    if places:
        sentences.append(_("Searched outside the library as well: {places}.", places="; ".join(places)))
    return tuple(sentences)


def _left_out(receipt: SearchReceipt) -> list[str]:
    unread, waiting = len(receipt.unread), len(receipt.waiting)
    if not unread and not waiting:
        return [_("Every file of the library was read; none was waiting.")]
    parts = [tongue.counted(unread, "{count} file could not be read", "{count} files could not be read")] if unread else []
    if waiting:
        was = tongue.counted(waiting, "{count} file was waiting to be taken in", "{count} files were waiting to be taken in")
        parts.append(was)
    files = _("{names} and {last}", names=parts[0], last=parts[1]) if len(parts) > 1 else parts[0]
    return [_("{files}: what they say was not searched.", files=files)]


def _filters(receipt: SearchReceipt) -> list[str]:
    chosen = receipt.filters
    parts = [_("dated after {day}", day=chosen.after)] if chosen.after else []
    parts += [_("dated before {day}", day=chosen.before)] if chosen.before else []
    parts += _conditions(chosen)
    sentences = [_("Only sources {conditions} were searched.", conditions="; ".join(parts))] if parts else []
    excluded = _or(_conditions(chosen.exclude), between="; ")
    sentences += [_("Sources {conditions} were left out.", conditions=excluded)] if excluded else []
    if receipt.undated_left_out:
        sentences.append(
            tongue.counted(
                receipt.undated_left_out,
                "{count} source without a date fell outside the dates chosen.",
                "{count} sources without a date fell outside the dates chosen.",
            )
        )
    sentences += [
        tongue.counted(
            count,
            "{count} source without a known {condition} fell outside the filters.",
            "{count} sources without a known {condition} fell outside the filters.",
            condition=_(CONDITION_NAMES[name]),
        )
        for name, count in receipt.unsaid_left_out.items()
    ]
    return sentences


def _conditions(chosen: Conditions) -> list[str]:
    listed = (
        (N_("published by {values}"), chosen.publishers),
        (N_("in {values}"), chosen.languages),
        (N_("of the kind {values}"), chosen.kinds),
        (N_("of the type {values}"), chosen.media),
        (N_("on the topic {values}"), chosen.topics),
    )
    return [_(sentence, values=_or(values)) for sentence, values in listed if values]


def _or(parts: Sequence[str], between: str = " ") -> str:
    """`a or b`, with what stands before the word."""
    return (between + _("or") + " ").join(parts)
