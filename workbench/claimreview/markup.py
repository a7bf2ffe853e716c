"""The map from a report to a schema.org ClaimReview node.

What lives here: which property says what. What does not: the rules the node must keep (rules.py), bytes (workbench.exports).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

import regex

from workbench.models import Appearance, Claim, Claimant, PartialDate
from workbench.report import FRAGMENTS, ClaimPage, ClaimReport, safe_link
from workbench.settings import Settings

CONTEXT = "https://schema.org"
_BODY_NOUN = regex.compile(
    r"\b(agency|army|association|authority|commission|committee|council|court|department|embassy|foundation|government|group"
    r"|institute|junta|league|military|ministry|nations|office|organi[sz]ation|parliament|party|police|union|university)\b",
    regex.IGNORECASE,
)


def markup_of(report: ClaimReport, settings: Settings) -> dict[str, Any]:
    """The ClaimReview node of a report, before anybody asked whether it may be published. What is not known is left out."""
    page = report.page
    decided = page.published_at or page.decided_at
    values = {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "url": _url(report, settings),
        "claimReviewed": " ".join(page.statement.split()),
        "itemReviewed": _item(report.record.claim),
        "reviewRating": _rating(report),
        "author": _without_none({"@type": "Organization", **_organisation(settings)}),
        "datePublished": decided.astimezone(UTC).date().isoformat() if decided else None,
        "headline": page.headline,
        "reviewBody": page.explanation,
        "license": safe_link(settings.organisation.licence),
    }
    return _without_none(values)


def _without_none(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _url(report: ClaimReport, settings: Settings) -> str | None:
    if report.page.published_url:
        return report.page.published_url
    site = settings.organisation.url.rstrip("/")
    return f"{site}/{report.id}" if site else None


def _organisation(settings: Settings) -> dict[str, str | None]:
    return {"name": settings.organisation.name or None, "url": settings.organisation.url or None}


def _rating(report: ClaimReport) -> dict[str, Any] | None:
    rating = report.page.rating
    if rating is None:
        return None
    node: dict[str, Any] = {"@type": "Rating", "alternateName": rating.label}
    if rating.order is not None:
        node |= {"ratingValue": rating.order, "bestRating": rating.best, "worstRating": rating.worst}
    return _without_none(node | {"ratingExplanation": _explained(report.page) or None})


def _explained(page: ClaimPage) -> str:
    """What the rating means, then the rating of each fragment and how the whole follows from them, as the page says it."""
    meaning = page.rating.meaning if page.rating else ""
    parts = f"{FRAGMENTS}: {'; '.join(one.line for one in page.fragments)}." if page.fragments else ""
    return " ".join(part for part in (meaning, parts, page.weighing) if part)


def _item(claim: Claim) -> dict[str, Any]:
    appearances = [_appearance(one) for one in claim.appearances if safe_link(one.url)]
    values = {
        "@type": "Claim",
        "author": _claimant(claim.claimant) if claim.claimant else None,
        "datePublished": _known_date(claim.claimed_on),
        "inLanguage": claim.language,
        "appearance": appearances or None,
    }
    return _without_none(values)


def _claimant(claimant: Claimant) -> dict[str, Any]:
    """The claimant's node. Where nobody said person or organization, a noun of a body in a name without a role decides."""
    guess = "organization" if _BODY_NOUN.search(claimant.name) and not claimant.role else "person"
    body = (claimant.kind or guess) == "organization"
    links = [link for link in claimant.same_as if safe_link(link)]
    same_as = links[0] if len(links) == 1 else links or None
    values = {
        "@type": "Organization" if body else "Person",
        "name": claimant.name,
        "jobTitle": claimant.role,
        "sameAs": same_as,
    }
    return _without_none(values)


def _appearance(one: Appearance) -> dict[str, Any]:
    values = {
        "@type": "CreativeWork",
        "url": one.url,
        "name": one.title,
        "publisher": {"@type": "Organization", "name": one.publisher} if one.publisher else None,
        "datePublished": _known_date(one.date),
        "archivedAt": safe_link(one.archived_url),
    }
    return _without_none(values)


def _known_date(when: PartialDate) -> str | None:
    """The date as far as it is known; a bound ("not before June") is no date and is left out."""
    return when.value if when.bound == "on" else None
