"""Whose words a passage prints, and who seems to know: read from the text, never filled in."""

from __future__ import annotations

import pytest

from workbench.attribution import Attribution, attribution, is_by, suggested_origin
from workbench.matching import matched_spans
from workbench.models import Span

CLAIM = "There was massive election fraud in Myanmar."
CLAIMANT = "Min Aung Hlaing"


def whole(text: str) -> list[Span]:
    return [Span(start=0, end=len(text))]


@pytest.mark.parametrize(
    ("claimant", "said", "expected"),
    [
        ("Min Aung Hlaing", "Min Aung Hlaing", True),
        ("Min Aung Hlaing", "Hlaing", False),
        ("Myanmar", "Myanmar Now", False),
        ("Government of Myanmar", "Myanmar", False),
        ("Min Aung Hlaing", "General Min Aung Hlaing", True),
        ("Min Aung Hlaing", "Aung San Suu Kyi", False),
        ("Author of the report (not named in the file)", "The report", False),
        ("The Ministry of Information", "Ministry of Information", True),
        ("မင်းအောင်လှိုင်", "မင်းအောင်လှိုင်", True),
        ("Min Aung Hlaing", None, False),
        (None, "Hlaing", False),
    ],
)
def test_whose_words_they_are(claimant: str | None, said: str | None, expected: bool) -> None:
    assert is_by(claimant, said) is expected


def test_a_speaker_may_be_called_by_the_last_of_his_names() -> None:
    assert is_by("Min Aung Hlaing", "Hlaing", surname=True)
    assert not is_by("Min Aung Hlaing", "Aung", surname=True)


@pytest.mark.parametrize(
    ("passage", "expected"),
    [
        (
            "Min Aung Hlaing said: “There was massive election fraud in Myanmar.” Nobody else did.",
            Attribution("Min Aung Hlaing", repeats_claim=True),
        ),
        ("Hlaing said there was massive election fraud in Myanmar.", Attribution("Hlaing", repeats_claim=True)),
        ("The AAPP said there was massive election fraud in Myanmar.", Attribution("AAPP")),
        (
            "Min Aung Hlaing said he was tired. There was massive election fraud in Myanmar, two courts found.",
            Attribution(None),
        ),
    ],
    ids=["his own words", "reported without marks", "another's words", "not what he said"],
)
def test_the_words_a_passage_shares_with_the_claim_are_those_of_whoever_says_them(passage: str, expected: Attribution) -> None:
    assert attribution(passage, matched_spans(CLAIM, passage), claimant=CLAIMANT) == expected


def test_what_the_claimant_published_is_told_apart_from_what_quotes_him() -> None:
    assert attribution("It rains.", [], claimant=CLAIMANT, publisher="Min Aung Hlaing") == Attribution(by_claimant=True)


@pytest.mark.parametrize(
    ("text", "publisher", "expected"),
    [
        ("According to the AAPP, 883 people have been killed since the coup.", "VOA", "AAPP, via VOA"),
        ("The AAPP said 883 people had been killed.", None, "AAPP"),
        ("“We counted every ballot,” Thomas Andrews told Reuters on Friday.", "The Irrawaddy", "Thomas Andrews, via Reuters"),
        ("YANGON (Reuters) - Soldiers opened fire on protesters.", "The Irrawaddy", "Reuters, via The Irrawaddy"),
        ("YANGON (AP) — Soldiers opened fire on protesters.", "AP", "AP"),
        ("Officials said 883 people had been killed.", "VOA", None),
        ("The vote was held on Friday.", "VOA", None),
    ],
)
def test_attribution_phrases_suggest_who_knows(text: str, publisher: str | None, expected: str | None) -> None:
    assert suggested_origin(text, whole(text), publisher=publisher) == expected


def test_a_dateline_at_the_top_of_the_document_and_the_body_of_a_digest_suggest_too() -> None:
    text = "Soldiers opened fire."

    assert suggested_origin(text, whole(text), opening="NAYPYITAW, Feb 1 (Reuters) - Troops moved in.") == "Reuters"
    assert suggested_origin(text, whole(text), body="AAPP", publisher="VOA") == "AAPP, via VOA"
