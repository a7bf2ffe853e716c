"""Claims in JSON: a list, a line each, or the ClaimReviews other fact-checkers published. Read strictly (cases 53, 54).

Of a ClaimReview, and of an answer of Google's Fact Check Tools, the claim is read; the rating and its author are kept beside it
as what somebody else said, never as a verdict.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from workbench.claims.columns import APPEARANCE, KNOWN, Faults, Given, Problems, Row, from_columns
from workbench.claims.files import with_claimant
from workbench.models import Claim

KEPT_APART = "their ratings are kept as external and unverified, never as a verdict."
VERDICTS_LEFT = "Claims of an export: their verdicts are left out; a backup brings those back."
MAX_DIGITS = 18  # digits of a number in JSON: longer ones are bait (case 53)


def _no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        names = [name for name, _ in pairs]
        twin = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"the key {twin!r} is given twice in one object")
    return values


def _no_constant(word: str) -> float:
    raise ValueError(f"{word} is not a number JSON knows")


def _short_number(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise ValueError(f"a number of {len(digits)} digits")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(f"{digits[:20]} is too large a number")
    return number


# One for all lines: a decoder refers to itself, so that one a line would pile up until they are collected.
_STRICT = json.JSONDecoder(
    object_pairs_hook=_no_twins, parse_constant=_no_constant, parse_int=_short_number, parse_float=_finite
)


def strict_json(text: str) -> Any:
    """The JSON value of a text. Raises: ValueError for keys given twice, NaN, endless numbers or nesting, half characters."""
    try:
        value = _STRICT.decode(text)
        json.dumps(value, ensure_ascii=False).encode("utf-8")
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    except UnicodeEncodeError as error:
        raise ValueError("half of a surrogate pair (\\ud800 to \\udfff) is not a character") from error
    return value


def json_rows(given: Given, notes: list[str]) -> Iterator[Row]:
    """The claims of a JSON value: ClaimReviews where there are any, else objects with a statement. Raises: Problems."""
    try:
        value = strict_json(given.text())
    except ValueError as error:
        raise Problems(f"not valid JSON: {error}") from error
    reviews = list(_reviews(value))
    if reviews:
        notes.append(f"{len(reviews)} ClaimReview(s): {KEPT_APART}")
        for number, review in enumerate(reviews, 1):
            yield Row(f"review {number}", _from_review(review))
        return
    answered = _fact_check_tools(value)
    if answered:
        notes.append(f"{len(answered)} answer(s) of the Fact Check Tools: {KEPT_APART}")
        for number, answer in enumerate(answered, 1):
            yield Row(f"claim {number}", _from_answer(answer))
        return
    items = value.get("claims", [value]) if isinstance(value, dict) else value
    if not isinstance(items, list):
        raise Problems("neither a list of claims nor a ClaimReview")
    for number, item in enumerate(items, 1):
        yield _checked_object(item, f"claim {number}", notes)


def jsonl_rows(given: Given, notes: list[str]) -> Iterator[Row]:
    """The claims of a text with one JSON object a line. Raises: Problems naming the lines, at the end."""
    faults = Faults()
    with given.lines("\n") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield _checked_object(strict_json(line), f"line {number}", notes)
            except ValueError as error:
                faults.add(f"line {number}: {error}")
    faults.check()


def _checked_object(item: Any, place: str, notes: list[str]) -> Row:
    if not isinstance(item, dict):
        raise Problems(f"{place}: not an object with a statement")
    if isinstance(item.get("claim"), dict) and "verdicts" in item:  # as `workbench export` writes it
        item = item["claim"]
        if VERDICTS_LEFT not in notes:
            notes.append(VERDICTS_LEFT)
    flat = not any(isinstance(item.get(name), (dict, list)) for name in ("claimant", "appearances"))
    known = KNOWN if flat else set()
    unknown = sorted(set(item) - known - set(Claim.model_fields))
    note = f"Keys left out: {', '.join(unknown)}."
    if unknown and note not in notes:
        notes.append(note)
    if flat and set(item) & (set(APPEARANCE) | {"role", "affiliation"}):
        cells = {
            name: "; ".join(cell) if isinstance(cell, list) else str(cell) for name, cell in item.items() if cell is not None
        }
        return Row(place, from_columns(cells))
    values = {name: value for name, value in item.items() if name in Claim.model_fields and value is not None}
    return Row(place, with_claimant(values))


def _reviews(value: Any) -> Iterator[dict[str, Any]]:
    """Every ClaimReview of a JSON-LD value, in lists, graphs and feeds too."""
    waiting = [value]  # the next one last
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += reversed(one)
        elif isinstance(one, dict) and "ClaimReview" in _as_list(one.get("@type")):
            yield one
        elif isinstance(one, dict):
            waiting += [one[key] for key in ("itemListElement", "item", "dataFeedElement", "@graph") if key in one]


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _first(value: Any) -> dict[str, Any]:
    first = _as_list(value)[0] if _as_list(value) else {}
    return first if isinstance(first, dict) else {"name": first}


def _day(value: Any) -> dict[str, Any]:
    """A schema.org date as a partial date: the day of a time, and stated, since the review states it."""
    return {"value": str(value).split("T")[0].split(" ")[0], "basis": "stated"}


def _from_review(review: dict[str, Any]) -> dict[str, Any]:
    claim = _first(review.get("itemReviewed"))
    author = _first(claim.get("author"))
    values: dict[str, Any] = {"statement": review.get("claimReviewed"), "language": review.get("inLanguage")}
    if author.get("name"):
        same = [one for one in _as_list(author.get("sameAs")) if isinstance(one, str)]
        values["claimant"] = {"name": author["name"], "role": author.get("jobTitle"), "same_as": same}
    if claim.get("datePublished"):
        values["claimed_on"] = _day(claim["datePublished"])
    values["reviews"] = [_review_of(review)]
    places = [*_as_list(claim.get("firstAppearance")), *_as_list(claim.get("appearance"))]
    values["appearances"] = [_place(place) for place in places]
    return {name: value for name, value in values.items() if value not in (None, [])}


def _review_of(review: dict[str, Any]) -> dict[str, Any]:
    said = {
        "publisher": _first(review.get("author") or review.get("publisher")).get("name"),
        "url": review.get("url"),
        "title": review.get("headline") or review.get("name"),
        "rating": _first(review.get("reviewRating")).get("alternateName") or _first(review.get("reviewRating")).get("name"),
        "language": review.get("inLanguage"),
    }
    dated = {"reviewed_on": _day(review["datePublished"])} if review.get("datePublished") else {}
    return {name: value for name, value in said.items() if value is not None} | dated


def _fact_check_tools(value: Any) -> list[dict[str, Any]]:
    """The claims of a `claims:search` response of the Google Fact Check Tools API (v1alpha1); [] for anything else."""
    items = value.get("claims") if isinstance(value, dict) else None
    found = [item for item in _as_list(items) if isinstance(item, dict) and "claimReview" in item]
    return found if found and len(found) == len(_as_list(items)) else []


def _from_answer(answer: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {"statement": answer.get("text"), "reviews": []}
    if answer.get("claimant"):
        values["claimant"] = {"name": answer["claimant"]}
    if answer.get("claimDate"):
        values["claimed_on"] = _day(answer["claimDate"])
    for review in _as_list(answer.get("claimReview")):
        one = review if isinstance(review, dict) else {}
        publisher = _first(one.get("publisher"))
        said = {
            "publisher": publisher.get("name") or publisher.get("site"),
            "url": one.get("url"),
            "title": one.get("title"),
            "rating": one.get("textualRating"),
            "language": one.get("languageCode"),
        }
        dated = {"reviewed_on": _day(one["reviewDate"])} if one.get("reviewDate") else {}
        values["reviews"].append({name: value for name, value in said.items() if value is not None} | dated)
    return values


def _place(place: Any) -> dict[str, Any]:
    if not isinstance(place, dict):
        return {"url": place}
    found = {
        "url": place.get("url") or place.get("@id"),
        "title": place.get("headline") or place.get("name"),
        "publisher": _first(place.get("publisher")).get("name"),
    }
    dated = {"date": _day(place["datePublished"])} if place.get("datePublished") else {}
    return {key: value for key, value in found.items() if value} | dated
