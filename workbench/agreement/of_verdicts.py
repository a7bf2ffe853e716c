"""From cases to what is compared: the first verdict of each reviewer on each claim, in the round it belongs to. Pure.

A first verdict is given before anybody else's is read; what is revised afterwards is no second judgement. A round is what was
given under one set of guidelines, scale and policy (`policy_hash`). Left out: rulings, and first verdicts declared void.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import Literal

from workbench.agreement import coefficients
from workbench.agreement.coefficients import (
    Counts,
    Weights,
    alpha,
    counted,
    gwet,
    identity,
    interval,
    kappa,
    ordinal,
    percent,
)
from workbench.agreement.evidence import cited_passages, share_in_common
from workbench.models import Case, RatingScale, Record, StoredVerdict
from workbench.review import reviewer_key

Field = Literal["rating", "stance", "fragment"]
Units = list[dict[str, str]]  # for each thing that was judged, what each reviewer gave it
STANCES = ("refutes", "context", "supports")


class Coefficient(Record):
    """One figure. low, high: its 95 % interval, where there is one; value None: not defined for these judgements."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


class FieldAgreement(Record):
    """How far reviewers agree on one field. units: what two people or more judged; judgements: of those, all there are.

    ordinal_alpha, ac2: of those judgements whose rating has a place on the scale's axis, where it has three places or more.
    """

    field: Field
    units: int
    judgements: int
    percent: Coefficient
    alpha: Coefficient
    ac1: Coefficient
    ordinal_alpha: Coefficient | None = None
    ac2: Coefficient | None = None


class PairAgreement(Record):
    """How far two reviewers agree on ratings. evidence: the share of passages both cite, averaged over the claims."""

    one: str
    other: str
    claims: int
    percent: float | None
    kappa: float | None
    weighted_kappa: float | None = None
    evidence: float | None = None


class EvidenceAgreement(Record):
    """What two reviewers of one claim cite. shared, cited: passages. in_common: their ratio; None where none is cited."""

    claim_id: str
    one: str
    other: str
    same_rating: bool
    shared: int
    cited: int
    in_common: float | None


class Round(Record):
    """The agreement of one round. first, last: days of its first and last verdict. evidence: the mean of `in_common`.

    claims: those that two people or more judged in it. apart: the same verdict on evidence of which nothing is shared.
    """

    policy_hash: str
    first: str
    last: str
    claims: int
    reviewers: tuple[str, ...]
    fields: tuple[FieldAgreement, ...]
    pairs: tuple[PairAgreement, ...]
    evidence: float | None
    by_claim: tuple[EvidenceAgreement, ...]
    apart: tuple[EvidenceAgreement, ...]


def rounds_of(cases: Iterable[Case], scale: RatingScale) -> tuple[Round, ...]:
    """The rounds in which any claim was judged by two people or more, the newest first. scale: the one in force."""
    rounds: dict[str, list[list[StoredVerdict]]] = {}
    for case in cases:
        of_case: dict[str, list[StoredVerdict]] = {}
        for verdict in first_verdicts(case):
            of_case.setdefault(verdict.policy_hash, []).append(verdict)
        for policy_hash, verdicts in of_case.items():
            if len(verdicts) > 1:
                rounds.setdefault(policy_hash, []).append(verdicts)
    made = [_round(policy_hash, judged, scale) for policy_hash, judged in rounds.items()]
    return tuple(sorted(made, key=lambda one: (one.last, one.first), reverse=True))


def first_verdicts(case: Case) -> list[StoredVerdict]:
    """What each reviewer said of the claim first, oldest first."""
    return [one for one in case.verdicts if one.revision == 1 and one.state != "void" and not one.adjudicates]


def _round(policy_hash: str, judged: Sequence[Sequence[StoredVerdict]], scale: RatingScale) -> Round:
    slugs, in_order = _values(judged, scale)
    by_claim = [one for verdicts in judged for one in _evidence(verdicts)]
    days = sorted(verdict.created_at.date().isoformat() for verdicts in judged for verdict in verdicts)
    fields = (
        _field("rating", [_said(verdicts, lambda one: one.rating.slug) for verdicts in judged], slugs, in_order),
        _field("stance", _stances(judged), STANCES, STANCES),
        _field("fragment", _fragments(judged), slugs, in_order),
    )
    shares = [one.in_common for one in by_claim if one.in_common is not None]
    return Round(
        policy_hash=policy_hash,
        first=days[0],
        last=days[-1],
        claims=len(judged),
        reviewers=tuple(sorted({verdict.reviewer.display_name for verdicts in judged for verdict in verdicts})),
        fields=tuple(field for field in fields if field.units),
        pairs=tuple(_pairs(judged, slugs, in_order, by_claim)),
        evidence=sum(shares) / len(shares) if shares else None,
        by_claim=tuple(by_claim),
        apart=tuple(one for one in by_claim if one.same_rating and one.in_common == 0),
    )


def _values(judged: Sequence[Sequence[StoredVerdict]], scale: RatingScale) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(every rating there was to give, those on the axis from the worst to the best).

    Of a scale that is no longer in force, only what was given is known.
    """
    ratings = [rating for verdicts in judged for one in verdicts for rating in (one.rating, *(f.rating for f in one.fragments))]
    places = {rating.slug: rating.order for rating in ratings}
    if any(rating.scale == scale.id for rating in ratings):
        places |= {rating.slug: rating.order for rating in scale.ratings}
    on_axis = sorted((order, slug) for slug, order in places.items() if order is not None)
    return tuple(places), tuple(slug for _, slug in on_axis)


def _said(verdicts: Sequence[StoredVerdict], value: Callable[[StoredVerdict], str]) -> dict[str, str]:
    return {reviewer_key(verdict.reviewer): value(verdict) for verdict in verdicts}


def _stances(judged: Sequence[Sequence[StoredVerdict]]) -> Units:
    """What each passage was taken for by those who cite it."""
    return [
        {reviewer_key(verdicts[place].reviewer): stance for place, stance in passage.stances.items()}
        for verdicts in judged
        for passage in cited_passages([verdict.citations for verdict in verdicts])
    ]


def _fragments(judged: Sequence[Sequence[StoredVerdict]]) -> Units:
    """What each fragment was rated by those who judged it apart."""
    units: dict[tuple[int, str], dict[str, str]] = {}
    for number, verdicts in enumerate(judged):
        for verdict in verdicts:
            for one in verdict.fragments:
                units.setdefault((number, one.words), {})[reviewer_key(verdict.reviewer)] = one.rating.slug
    return list(units.values())


def _field(field: Field, units: Units, values: Sequence[str], in_order: Sequence[str]) -> FieldAgreement:
    judged = [list(unit.values()) for unit in units if len(unit) > 1]
    counts = counted(judged, values)
    ordered = None
    if len(in_order) > 2:
        ordered = counted([[value for value in unit if value in in_order] for unit in judged], in_order)
    return FieldAgreement(
        field=field,
        units=len(judged),
        judgements=sum(map(len, judged)),
        percent=_with_interval(counts, percent),
        alpha=_with_interval(counts, alpha),
        ac1=_with_interval(counts, gwet),
        ordinal_alpha=None if ordered is None else _with_interval(ordered, partial(alpha, in_order=True)),
        ac2=None if ordered is None else _with_interval(ordered, partial(gwet, weights=ordinal(len(in_order)))),
    )


def _with_interval(counts: Counts, coefficient: coefficients.Coefficient) -> Coefficient:
    value = coefficient(counts)
    limits = interval(counts, coefficient) if value is not None else None
    return Coefficient(value=value, low=limits[0] if limits else None, high=limits[1] if limits else None)


def _evidence(verdicts: Sequence[StoredVerdict]) -> list[EvidenceAgreement]:
    found = []
    for one, other in combinations(sorted(verdicts, key=lambda verdict: verdict.reviewer.display_name), 2):
        passages = cited_passages((one.citations, other.citations))
        found.append(
            EvidenceAgreement(
                claim_id=one.claim_id,
                one=one.reviewer.display_name,
                other=other.reviewer.display_name,
                same_rating=one.rating.slug == other.rating.slug,
                shared=sum(passage.is_shared for passage in passages),
                cited=len(passages),
                in_common=share_in_common(passages),
            )
        )
    return found


def _pairs(
    judged: Sequence[Sequence[StoredVerdict]],
    slugs: Sequence[str],
    in_order: Sequence[str],
    by_claim: Sequence[EvidenceAgreement],
) -> list[PairAgreement]:
    ratings: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for verdicts in judged:
        for one, other in combinations(sorted(verdicts, key=lambda verdict: verdict.reviewer.display_name), 2):
            names = (one.reviewer.display_name, other.reviewer.display_name)
            ratings.setdefault(names, []).append((one.rating.slug, other.rating.slug))
    shares: Mapping[tuple[str, str], list[float]] = {
        names: [one.in_common for one in by_claim if (one.one, one.other) == names and one.in_common is not None]
        for names in ratings
    }
    return [
        PairAgreement(
            one=names[0],
            other=names[1],
            claims=len(given),
            percent=sum(mine == theirs for mine, theirs in given) / len(given),
            kappa=_kappa(given, slugs, identity(len(slugs))),
            weighted_kappa=_kappa(given, in_order, ordinal(len(in_order))) if len(in_order) > 2 else None,
            evidence=sum(shares[names]) / len(shares[names]) if shares[names] else None,
        )
        for names, given in sorted(ratings.items())
    ]


def _kappa(given: Sequence[tuple[str, str]], values: Sequence[str], weights: Weights) -> float | None:
    place = {value: number for number, value in enumerate(values)}
    return kappa([(place[mine], place[theirs]) for mine, theirs in given if mine in place and theirs in place], weights)
