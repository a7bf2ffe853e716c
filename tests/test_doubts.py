from __future__ import annotations

import pytest

from workbench.reading.doubts import doubts

PARAGRAPH = "The council met on Tuesday and heard from the people of the valley, who asked for a new bridge. "
PROSE = "\n\n".join([PARAGRAPH * 2] * 4)
SPOKEN = "I have told you what we saw, she said. We will not go back to our houses, and you know it, the farmer told me. "


def found(text: str, media_type: str = "text/plain") -> list[str]:
    return [warning.split(":")[0] for warning in doubts(text, media_type)]


@pytest.mark.parametrize("ending", ["Witnesses said that the soldiers came back in the eve", "They asked the minis-"], ids=str)
def test_prose_that_ends_in_mid_sentence_is_said_to_be_cut(ending: str) -> None:
    assert found(f"{PROSE}\n\n{PARAGRAPH}{ending}") == ["the text may be cut off"]


@pytest.mark.parametrize("ending", ["Read more", "Subscribe to continue reading.", "Already a subscriber?"], ids=str)
def test_an_ending_that_asks_for_more_is_said_to_hide_the_rest(ending: str) -> None:
    assert doubts(f"{PROSE}\n\n{ending}", "text/html") == [f"the text may be cut off: it ends with “{ending.strip('.?')}”"]


@pytest.mark.parametrize(
    "ending",
    [
        *("Source: a news agency of the valley", "Related posts", "- a list of what was brought to the meeting"),
        *("He said, “We will build it.”", "Photo: the bridge as it was in the year before", "ประชาชนในหุบเขาขอสะพานใหม่"),
    ],
    ids=str,
)
def test_a_signature_a_list_or_a_closed_quotation_is_no_cut(ending: str) -> None:
    assert doubts(f"{PROSE}\n\n{ending}", "text/plain") == []


def test_people_who_speak_without_any_quotation_mark_are_warned_of() -> None:
    assert found(PROSE + SPOKEN) == ["quotation marks may be lost"]
    assert found(PROSE + SPOKEN + "He called it “a start.”") == []


def test_a_digest_that_only_reports_has_lost_nothing() -> None:
    assert found(PROSE + "The mayor said that the bridge was safe. " * 6) == []


def test_a_page_that_only_asks_to_subscribe_is_said_to_be_a_stub() -> None:
    assert found("The bridge of the valley.\n\nSubscribe now. Already have a subscription? Sign in.", "text/html") == [
        "the article itself may be missing"
    ]


def test_tables_and_subtitles_are_not_judged_as_prose() -> None:
    assert doubts(f"{PROSE}\n\n{PARAGRAPH}and then they", "text/csv") == []
