"""The lens: a claim and a passage laid side by side; what agrees, what differs, what is not mentioned.

What lives here: the one door, `look`, and the order of its findings. What does not: any judgement. A difference is shown to a
person, who decides what it means; silence is told apart from it. Rules are tables with their reasons, nothing is learned from
data.

words, concepts: a text and the company its words keep; matter: what a sentence is about; seen: all that is read from one
text. numerals, figures, units, scripts:
figures; amounts, numbers: set side by side. dates, date_readers, when, calendar_words: dates; moments: side by side. names,
name_words, gazetteer: names and places; same_name, roles: side by side. denials, opposites, quantifiers: themselves; negation:
denials side by side. pairing: what goes with what. measured, stated, named: all of it as findings. Every kind is bounded in
number, every word's company in width: the time is linear.
"""

from __future__ import annotations

from collections.abc import Iterable

from workbench.lens.measured import measures
from workbench.lens.named import namings
from workbench.lens.seen import see
from workbench.lens.stated import statements
from workbench.models import Finding, PartialDate, Stands
from workbench.quotes.words import word_set


def look(
    claim: str,
    passage: str,
    *,
    claim_date: PartialDate | None = None,
    source_date: PartialDate | None = None,
    language: str = "en",
) -> tuple[Finding, ...]:
    """What a claim and a passage have in common and where they part, in the order of the claim.

    Spans are offsets into the two texts as given. Only what the claim speaks of is reported, and what the passage denies of it;
    "not mentioned" has no passage_span, every other relation has both spans. claim_date, source_date: the dates of the two
    texts, for "yesterday" and "last June". language: ISO 639-1, of a text that is not plainly English, French or Spanish.
    Of a question ("was a ballot lost") only figures, dates and names are looked at.
    Pure; the same arguments, the same findings.
    """
    mine, theirs = see(claim, claim_date, language), see(passage, source_date, language)
    stated = () if _asks(claim) else statements(mine, theirs)
    return tuple(sorted([*measures(mine, theirs), *stated, *namings(mine, theirs)], key=_order))


def stands(findings: Iterable[Finding]) -> Stands:
    """The group a passage belongs to by what was found in it: only a difference puts it among those that differ.

    "different dates" and "not mentioned" are no difference; without one agreement either, the passage is silent.
    """
    relations = {finding.relation for finding in findings}
    return "differs" if "differs" in relations else "agrees" if "agrees" in relations else "silent"


def _asks(claim: str) -> bool:
    """Whether the text is a question, as people type into a search: it states nothing that could be denied."""
    plain = claim.strip().casefold()
    return plain.endswith(("?", "？", "؟")) or (plain[-1:] not in (".", "!", "”", '"') and plain.split(" ", 1)[0] in _ASKING)


_ASKING = word_set(
    "how what when where which who whom whose why did does do is are was were has have had can could will would should"
)


def _order(finding: Finding) -> tuple[int, int, str, str]:
    start = finding.claim_span.start if finding.claim_span else 0
    return start, finding.passage_span.start if finding.passage_span else -1, finding.kind, finding.relation
