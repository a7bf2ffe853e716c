"""CR1 to CR14 and W1: what a ClaimReview must keep to be published, one small function a rule.

What lives here: looking. What does not: mending, or the map (markup.py). The rules sum up Google's Fact Check documentation and
schema.org, as FEATURES.md section 2 lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urldefrag, urlsplit

import regex

from workbench.models import Record, canonical_json
from workbench.ratings import GROUND_WORDING
from workbench.report import ClaimReport, safe_link
from workbench.settings import Settings
from workbench.tongue import N_, _

SUMMARY_LENGTH = 75  # characters of claimReviewed that search results show whole
SHORTENERS = frozenset(
    (
        "bit.ly",
        "buff.ly",
        "cutt.ly",
        "goo.gl",
        "is.gd",
        "lnkd.in",
        "ow.ly",
        "rebrand.ly",
        "t.co",
        "t.ly",
        "tiny.cc",
        "tinyurl.com",
    )
)
_ISO_DATE = regex.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


class RuleBreak(Record):
    """A rule the markup of a claim breaks. error: not publishable; warning: publishable, and worse than it could be."""

    rule: str
    claim_id: str
    message: str
    hint: str
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True)
class Checked:
    """What a rule looks at: the markup as it would be published, the page it describes, the settings it is published under."""

    markup: Mapping[str, Any]
    report: ClaimReport
    settings: Settings

    def broken(self, rule: str, message: str, hint: str, *, severity: Literal["error", "warning"] = "error") -> list[RuleBreak]:
        """The one-element list a rule gives back."""
        return [RuleBreak(rule=rule, claim_id=self.report.id, message=message, hint=hint, severity=severity)]

    def part(self, name: str) -> Mapping[str, Any]:
        """A nested node; empty where there is none."""
        found = self.markup.get(name)
        return found if isinstance(found, Mapping) else {}


def has_context_and_type(checked: Checked) -> list[RuleBreak]:
    """CR1: only schema.org's own context and a ClaimReview at the root are read."""
    context, kind = checked.markup.get("@context"), checked.markup.get("@type")
    if (
        context in ("https://schema.org", "http://schema.org", "https://schema.org/", "http://schema.org/")
        and kind == "ClaimReview"
    ):
        return []
    return checked.broken(
        "CR1",
        _("The root says context {context!r} and type {kind!r}.", context=context, kind=kind),
        _("Use https://schema.org and ClaimReview."),
    )


def has_required_fields(checked: Checked) -> list[RuleBreak]:
    """CR2: claimReviewed, reviewRating and url are there."""
    hints = {
        "claimReviewed": _("Write the claim's statement."),
        "reviewRating": _("Record a verdict, or settle the disagreement."),
        "url": _("Set url under [organisation] in workbench.toml."),
    }
    missing = [name for name in hints if not checked.markup.get(name)]
    return [one for name in missing for one in checked.broken("CR2", _("{name} is missing.", name=name), hints[name])]


def has_rating_words(checked: Checked) -> list[RuleBreak]:
    """CR3: the rating has words; they are all a reader is shown."""
    words = checked.part("reviewRating").get("alternateName")
    if isinstance(words, str) and words.strip():
        return []
    return checked.broken(
        "CR3", _("The rating has no words (alternateName)."), _("Record a verdict with a rating that has a label.")
    )


def _numbers(checked: Checked) -> dict[str, Any]:
    names = ("worstRating", "ratingValue", "bestRating")
    return {name: checked.part("reviewRating")[name] for name in names if name in checked.part("reviewRating")}


def has_sound_numbers(checked: Checked) -> list[RuleBreak]:
    """CR4: all three numbers or none; 1 <= worst <= value <= best and worst < best."""
    numbers = _numbers(checked)
    values = [numbers.get(name) for name in ("worstRating", "ratingValue", "bestRating")]
    if not numbers:
        return []
    if all(isinstance(one, (int, float)) and not isinstance(one, bool) for one in values):
        worst, value, best = (float(one) for one in values if one is not None)
        if 1 <= worst <= value <= best and worst < best:
            return []
    told = ", ".join(f"{name} {one}" for name, one in numbers.items())
    return checked.broken(
        "CR4",
        _("The rating's numbers do not make a scale: {told}.", told=told),
        _("Number the ratings upwards from 1, falsest first."),
    )


def has_no_numbers_off_the_axis(checked: Checked) -> list[RuleBreak]:
    """CR5: a rating that is neither truer nor falser than another carries no number."""
    rating = checked.report.page.rating
    if rating is None or rating.order is not None or not _numbers(checked):
        return []
    return checked.broken(
        "CR5",
        _("{label!r} is off the true-false axis and carries numbers.", label=rating.label),
        _("Leave out ratingValue, bestRating, worstRating."),
    )


def has_own_address(checked: Checked) -> list[RuleBreak]:
    """CR6: the address is absolute, on the organisation's own site, and no short link."""
    home, url = safe_link(checked.settings.organisation.url), str(checked.markup.get("url") or "")
    site = urlsplit(home).hostname if home else None
    if site is None:
        return checked.broken(
            "CR6", _("The organisation has no site address."), _("Set url under [organisation] in workbench.toml.")
        )
    host = urlsplit(url).hostname if safe_link(url) else None
    if host is None:
        return checked.broken(
            "CR6", _("{url!r} is not an absolute address.", url=url), _("Publish at an address that starts with https://.")
        )
    if host in SHORTENERS:
        return checked.broken("CR6", _("{url} is a short link.", url=url), _("Give the address of the page itself."))
    if host.removeprefix("www.") != site.removeprefix("www.") and not host.endswith("." + site.removeprefix("www.")):
        return checked.broken(
            "CR6",
            _("{url} is not on {site}.", url=url, site=site),
            _("Publish on your own site, or correct url under [organisation]."),
        )
    return []


def has_a_neutral_summary(checked: Checked) -> list[RuleBreak]:
    """CR7: claimReviewed does not give the verdict away; longer than a result line is a warning."""
    summary = str(checked.markup.get("claimReviewed") or "")
    scale = checked.settings.review.rating_scale.ratings
    labels = {one.label for one in scale} | set(GROUND_WORDING.values()) | {one.label for one in checked.report.page.scale_rows}
    broken = []
    for label in sorted(labels, key=str.casefold):
        word = regex.escape(label)
        if regex.search(rf"^\W*{word}(?:\s*[:.!|)\]–—]|\s-\s|\W*$)|(?:[:|–—(\[]|\s-)\s*{word}\W*$", summary, regex.IGNORECASE):
            broken += checked.broken(
                "CR7",
                _("claimReviewed gives the rating {label!r} away.", label=label),
                _("Reword the statement as the claim alone."),
            )
    if len(summary) > SUMMARY_LENGTH:
        told = _("claimReviewed has {count} characters; results show about {most}.", count=len(summary), most=SUMMARY_LENGTH)
        broken += checked.broken("CR7", told, _("Shorten the statement if you can."), severity="warning")
    return broken


def has_a_review_author(checked: Checked) -> list[RuleBreak]:
    """CR8: whoever publishes the fact-check has a name or an address."""
    author = checked.part("author")
    if author.get("name") or author.get("url"):
        return []
    return checked.broken("CR8", _("Nobody is named as the publisher."), _("Set name under [organisation] in workbench.toml."))


def has_a_named_claimant(checked: Checked) -> list[RuleBreak]:
    """CR9: the claimant, where there is one, has a name and is not the publisher of the fact-check."""
    item = checked.part("itemReviewed")
    if "author" not in item:
        return []
    name = str(item["author"].get("name") or "").strip()
    if not name:
        return checked.broken("CR9", _("The claimant has no name."), _("Name the claimant, or leave the claimant out."))
    if name.casefold() == str(checked.part("author").get("name") or "").strip().casefold():
        return checked.broken(
            "CR9", _("{name} is claimant and publisher at once.", name=name), _("Somebody else has to check this claim.")
        )
    return []


def has_an_appearance(checked: Checked) -> list[RuleBreak]:
    """CR10 (warning): an address shows where the claim was made."""
    item = checked.part("itemReviewed")
    if item.get("appearance") or item.get("firstAppearance"):
        return []
    hint = _("Add an appearance with its url to the claim.")
    return checked.broken("CR10", _("No address shows where the claim was made."), hint, severity="warning")


def has_sound_dates(checked: Checked) -> list[RuleBreak]:
    """CR11: dates are ISO 8601 (a year or a month will do), and the claim is not later than the review."""
    given = {N_("review"): checked.markup.get("datePublished"), N_("claim"): checked.part("itemReviewed").get("datePublished")}
    first = {}
    for name, value in given.items():
        if value is None:
            continue
        try:
            first[name] = _first_day(str(value))
        except ValueError:
            told = _("The date of the {which}, {value!r}, is no date.", which=_(name), value=value)
            return checked.broken("CR11", told, _("Write 2021, 2021-06 or 2021-06-23."))
    if len(first) == 2 and first["claim"] > first["review"]:
        told = _("The claim is dated {claim}, after the review of {review}.", **given)
        return checked.broken("CR11", told, _("Correct claimed_on."))
    return []


def _first_day(value: str) -> date:
    if not _ISO_DATE.fullmatch(value):
        raise ValueError(value)
    return date(*(*map(int, value.split("-")), 1, 1)[:3])


def once_per_page(marked: Sequence[Checked]) -> list[RuleBreak]:
    """CR12: one ClaimReview a page, and the same claim by the same claimant on one page only."""
    broken: list[RuleBreak] = []
    seen: dict[str, str] = {}
    for checked in marked:
        item = checked.part("itemReviewed")
        url = urldefrag(str(checked.markup.get("url") or f"none yet: {checked.report.id}")).url
        claim = canonical_json([checked.markup.get("claimReviewed"), item.get("author"), item.get("datePublished")])
        for key, told in (
            (url, N_("{id} is on the same page as {other}.")),
            (claim, N_("{id} is the same claim as {other}.")),
        ):
            if key in seen:
                told = _(told, id=checked.report.id, other=seen[key])
                broken += checked.broken("CR12", told, _("Keep one ClaimReview for a claim, on a page of its own."))
            seen.setdefault(key, checked.report.id)
    return broken


def is_in_the_visible_text(checked: Checked) -> list[RuleBreak]:
    """CR13: the page shows the claim and the rating in the words of the markup."""
    seen = " ".join(checked.report.page.visible_text.split())
    said = {
        "claimReviewed": checked.markup.get("claimReviewed"),
        "alternateName": checked.part("reviewRating").get("alternateName"),
    }
    hidden = [name for name, words in said.items() if words and " ".join(str(words).split()) not in seen]
    hint = _("Write the markup from the same report as the page.")
    told = {name: _("{name} is not in the page's visible text.", name=name) for name in hidden}
    return [one for name in hidden for one in checked.broken("CR13", told[name], hint)]


def has_its_scale_explained(checked: Checked) -> list[RuleBreak]:
    """CR14: the page explains every rating of the scale the verdict was given on."""
    page = checked.report.page
    bare = [row.label for row in page.scale_rows if not row.definition.strip()]
    if page.rating and (len(page.scale_rows) < 2 or bare):
        told = (
            _("The scale {scale!r} has no definition of {labels}.", scale=page.scale, labels=", ".join(bare))
            if bare
            else _("The scale {scale!r} is not known here.", scale=page.scale)
        )
        return checked.broken("CR14", told, _("Write a definition for each of [[review.ratings]]."))
    return []


def cites_what_stays(checked: Checked) -> list[RuleBreak]:
    """W1: a page of the web that is cited has an archived address, for the day it changes. Ours, not Google's: a warning."""
    bare = [one for one in checked.report.page.citations if one.link and not one.archived]
    hint = _(
        "Save the page in a web archive and name its address: “Edit” on the Evidence page, or archived_url in NAME.meta.yaml. "
        "Then save the verdict again: a recorded citation keeps what was known."
    )
    return [
        found
        for one in {cited.sha256: cited for cited in bare}.values()
        for found in checked.broken(
            "W1", _("“{title}” is cited from the web and has no archived address.", title=one.title), hint, severity="warning"
        )
    ]


RULES: dict[str, Callable[[Checked], list[RuleBreak]]] = {
    "CR1": has_context_and_type,
    "CR2": has_required_fields,
    "CR3": has_rating_words,
    "CR4": has_sound_numbers,
    "CR5": has_no_numbers_off_the_axis,
    "CR6": has_own_address,
    "CR7": has_a_neutral_summary,
    "CR8": has_a_review_author,
    "CR9": has_a_named_claimant,
    "CR10": has_an_appearance,
    "CR11": has_sound_dates,
    "CR13": is_in_the_visible_text,
    "CR14": has_its_scale_explained,
    "W1": cites_what_stays,
}  # CR12 looks at several at once: once_per_page
