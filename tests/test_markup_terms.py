"""ClaimReview beside schema.org's own context: a JSON-LD parser expands it, and every term in it is one that schema.org has."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from tests.test_claimreview import good_report
from tests.test_report import SETTINGS, make_citation
from workbench.claimreview import to_claimreview
from workbench.exports.claimreview_jsonld import write_feed
from workbench.report.imprint import Imprint

CONTEXT = json.loads((Path(__file__).parent / "fixtures/schemaorg/context-12.0.jsonld").read_text(encoding="utf-8"))
NAMESPACE = "http://schema.org/"
NEWER = {"archivedAt"}  # a property of CreativeWork since a later release (https://schema.org/archivedAt)


def from_the_fixture(url: str, _: Any) -> dict[str, Any]:
    assert url == "https://schema.org", f"the markup names another context: {url}"
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXT}


def expanded(node: dict[str, Any]) -> list[dict[str, Any]]:
    """What a JSON-LD parser makes of it, offline."""
    found: list[dict[str, Any]] = jsonld.expand(node, {"documentLoader": from_the_fixture})
    return found


def terms(node: Any) -> Iterator[str]:
    """Every property and type in an expanded document."""
    if isinstance(node, list):
        for one in node:
            yield from terms(one)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "@type":
                yield from [value] if isinstance(value, str) else value
            elif not name.startswith("@"):
                yield name
            yield from terms(value) if name != "@type" else ()


def invented(node: dict[str, Any]) -> list[str]:
    """Terms that schema.org does not have; with its context a parser takes any word for one of its own."""
    known = {NAMESPACE + name for name in CONTEXT["@context"]} | {NAMESPACE + name for name in NEWER}
    return sorted({term for term in terms(expanded(node)) if term not in known})


def full_markup() -> dict[str, Any]:
    report = good_report(headline="No evidence of fraud", citations=[make_citation()])
    return to_claimreview(report, SETTINGS)


def test_a_parser_reads_who_said_it_and_what_it_was_rated() -> None:
    [review] = expanded(full_markup())

    assert review["@type"] == [f"{NAMESPACE}ClaimReview"]
    [rating] = review[f"{NAMESPACE}reviewRating"]
    assert rating[f"{NAMESPACE}alternateName"] == [{"@value": "Refuted"}]
    [item] = review[f"{NAMESPACE}itemReviewed"]
    [author] = item[f"{NAMESPACE}author"]
    assert author[f"{NAMESPACE}name"] == [{"@value": "Min Aung Hlaing"}]


def test_every_term_of_the_markup_is_one_that_schema_org_has() -> None:
    assert invented(full_markup()) == []
    assert invented(json.loads(b"".join(write_feed([full_markup()], Imprint(SETTINGS))))) == []


@pytest.mark.parametrize("invention", [{"truthiness": 1}, {"@type": "ClaimVerdict"}])
def test_an_invented_term_is_found(invention: dict[str, Any]) -> None:
    assert invented(full_markup() | invention) != []
