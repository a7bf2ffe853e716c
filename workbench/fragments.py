"""Parts of a statement judged apart: which words they are, what each rests on, and what a save of them needs. Pure.

What lives here: from the wish to judge some words to their verdict, and the lines of the policy about them. What does not: the
rest of the policy and the check inside the transaction (review/policy.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from workbench.errors import Refused, UnknownId
from workbench.models import Citation, Cite, Claim, Fragment, FragmentRating, FragmentVerdict, Rating, RatingScale
from workbench.ratings import find_rating, label_of, snapshot
from workbench.settings import Policy
from workbench.tongue import _
from workbench.whole_words import only_place, shortened


class Weighed(NamedTuple):
    """A fragment as the policy sees it. stands: its words are in the statement once. rating: None where none is chosen yet."""

    words: str
    stands: bool
    rating: Rating | None
    citations: tuple[Citation, ...]


def fragment_of(words: str, statement: str) -> Fragment:
    """The whole words of the statement that were typed or selected. Raises: Refused where they are not there exactly once."""
    place = only_place(words, statement, where="in the statement")
    return Fragment(start=place.start, end=place.end)


def with_fragment(asked: Sequence[FragmentRating], words: str, statement: str) -> tuple[FragmentRating, ...]:
    """The fragments and one more, in the words of the statement; the same ones where it is among them.

    Raises: Refused where the words are not there exactly once.
    """
    place = fragment_of(words, statement)
    found = statement[place.start : place.end]
    return tuple(asked) if any(one.words == found for one in asked) else (*asked, FragmentRating(words=found))


def judged(
    asked: Sequence[FragmentRating], claim: Claim, citations: Sequence[Citation], scale: RatingScale
) -> tuple[FragmentVerdict, ...]:
    """The verdicts on the fragments, each with its citations word for word, in the order asked.

    Raises: Refused where the words of one are not in the statement exactly once, or are another's; UnknownId for a rating.
    """
    made: list[FragmentVerdict] = []
    for one in asked:
        place = fragment_of(one.words, claim.statement)
        if any(other.fragment == place for other in made):
            hint = "Nothing was written. Give the fragment one rating."
            raise Refused(f"The fragment “{shortened(one.words)}” is judged twice.", hint=hint, code="fragment_twice")
        rating = find_rating(scale, one.rating or "")
        if rating.own_words:
            hint = "Nothing was written. Give the fragment another rating of the scale."
            raise Refused(f"{rating.label} is worded for the whole claim, not for a fragment.", hint=hint, code="own_words")
        made.append(
            FragmentVerdict(
                fragment=place,
                words=claim.statement[place.start : place.end],
                rating=snapshot(scale, rating),
                citations=_resting_on(one, citations),
            )
        )
    return tuple(made)


def asked_for(fragments: Sequence[FragmentVerdict]) -> tuple[FragmentRating, ...]:
    """The wish that these verdicts came from."""
    return tuple(
        FragmentRating(words=one.words, rating=one.rating.slug, passage_ids=tuple(cited.passage_id for cited in one.citations))
        for one in fragments
    )


def are_same(asked: Sequence[FragmentRating], stored: Sequence[FragmentVerdict]) -> bool:
    """Whether the verdicts are what was asked for, however its words were typed."""
    if len(asked) != len(stored):
        return False
    from workbench.matching import fold

    def key(one: FragmentRating) -> tuple[str, str | None, frozenset[str]]:
        return fold(one.words).text.strip(), one.rating, frozenset(one.passage_ids)

    return [key(one) for one in asked] == [key(one) for one in asked_for(stored)]


# --- what a save needs ---------------------------------------------------------------------------------------------------


def of_draft(
    asked: Sequence[FragmentRating], statement: str, citations: Sequence[Citation], scale: RatingScale
) -> list[Weighed]:
    """The fragments of a draft beside the statement and the citations as they are now."""
    return [
        Weighed(one.words, _stands(one.words, statement), _rating(one.rating, scale), _resting_on(one, citations))
        for one in asked
    ]


def of_verdict(fragments: Sequence[FragmentVerdict], scale: RatingScale) -> list[Weighed]:
    """The fragments of a verdict that is about to be stored."""
    return [Weighed(one.words, True, _rating(one.rating.slug, scale), one.citations) for one in fragments]


def needs(fragments: Sequence[Weighed], policy: Policy) -> list[tuple[bool, str]]:
    """What the policy asks of each fragment, as (done, sentence)."""
    lines = []
    for one in fragments:
        words = shortened(one.words)
        if not one.stands:
            told = _("The fragment “{words}” is in the statement once, word for word; take it out or add it again", words=words)
            lines.append((False, told))
        if one.rating is None:
            lines.append((False, _("The fragment “{words}” has a rating", words=words)))
        elif one.rating.decisive and policy.decisive_needs_citation:
            resting = [cited for cited in one.citations if policy.repeats_count or not cited.only_repeats]
            rating = label_of(one.rating)
            told = _("{rating} needs at least one citation for the fragment “{words}”", rating=rating, words=words)
            lines.append((bool(resting), told))
    return lines


def resting_on(asked: Sequence[FragmentRating], cites: Sequence[Cite]) -> tuple[FragmentRating, ...]:
    """The fragments without what was taken out of the citations since."""
    cited = {cite.passage_id for cite in cites}
    return tuple(
        one.model_copy(update={"passage_ids": tuple(found for found in one.passage_ids if found in cited)}) for one in asked
    )


def _resting_on(one: FragmentRating, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    return tuple(cited for cited in citations if cited.passage_id in one.passage_ids)


def _rating(slug: str | None, scale: RatingScale) -> Rating | None:
    with suppress(UnknownId):  # the scale was changed since the draft was begun
        return find_rating(scale, slug) if slug else None
    return None


def _stands(words: str, statement: str) -> bool:
    with suppress(Refused):
        return bool(fragment_of(words, statement))
    return False
