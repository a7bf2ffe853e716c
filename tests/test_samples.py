"""The sample workspace: claims/ and evidence/ of this repository, read only."""

import itertools
from pathlib import Path

import pytest
import regex

from workbench.claims import load_claim_files, load_meta
from workbench.lens import look
from workbench.matching import fold
from workbench.models import Claim, PartialDate, Source, sha256_hex
from workbench.passages import split_passages

HOME = Path(__file__).resolve().parents[1]
DIGESTS = sorted(path for path in (HOME / "evidence").iterdir() if path.suffix in (".md", ".txt") and path.stem != "README")
CLAIMS: list[Claim] = [claim for file in load_claim_files(HOME / "claims") for claim in file.claims]
COPIED = 12  # words in a row that count as copied
QUOTED = regex.compile(r"“([^”]*)”")


@pytest.fixture(scope="module")
def articles() -> dict[str, str]:
    folder = HOME.parent / "shared" / "seeds"
    if not folder.is_dir():
        pytest.skip("../shared is not here: this test compares the samples with the articles")
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))}


def runs_of(text: str, length: int) -> set[tuple[str, ...]]:
    words = regex.findall(r"\w+", fold(text).text)
    return {tuple(words[at : at + length]) for at in range(len(words) - length + 1)}


def own_words(claim: Claim) -> str:
    return " ".join(text for text in (claim.statement, claim.context, claim.why_checked) if text)


def test_there_are_enough_claims_with_ids_of_their_own() -> None:
    assert len({claim.id for claim in CLAIMS}) == len(CLAIMS) >= 14


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_every_claim_says_who_when_where_and_about_what(claim: Claim) -> None:
    assert claim.claimant is not None
    assert claim.appearances
    assert claim.language == "en"
    assert claim.topics
    assert claim.claimed_on.basis in ("stated", "inferred") or claim.claimed_on.value is None


def test_the_two_fraud_allegations_are_two_claims() -> None:
    by_id = {claim.id: claim for claim in CLAIMS}
    interview, report = by_id["myanmar-election-fraud-2021"], by_id["myanmar-mass-fraud-2022"]

    assert interview.claimant != report.claimant
    assert (interview.claimed_on, report.claimed_on) == (
        PartialDate(value="2021-06", basis="inferred"),
        PartialDate(value="2022-01-07", bound="not-after", basis="inferred"),
    )
    assert (interview.quote, report.quote) == ("because of the election fraud", None)
    assert None not in (interview.appearances[0].via, report.appearances[0].via)


@pytest.mark.parametrize("digest", DIGESTS, ids=lambda path: path.name)
def test_every_digest_says_that_it_is_one_and_of_what(digest: Path) -> None:
    meta = load_meta(digest.with_name(digest.name + ".meta.yaml"))

    assert (meta.kind, meta.publisher, meta.language) == ("digest", "Workbench sample", "en")
    assert meta.title
    assert meta.reports_on is not None
    assert meta.reports_on.body
    assert meta.reports_on.article


@pytest.mark.parametrize("digest", DIGESTS, ids=lambda path: path.name)
def test_a_digest_is_short_and_in_paragraphs(digest: Path) -> None:
    text = digest.read_text(encoding="utf-8")

    assert 120 <= len(text.split()) <= 250
    assert text.count("\n\n") >= 3


def test_there_are_about_ten_digests() -> None:
    assert 10 <= len(DIGESTS) <= 15


@pytest.mark.parametrize("claim", [claim for claim in CLAIMS if claim.quote], ids=lambda claim: claim.id)
def test_every_quotation_stands_in_quotation_marks_in_an_article(claim: Claim, articles: dict[str, str]) -> None:
    quoted = [words for text in articles.values() for words in QUOTED.findall(text)]

    assert any(str(claim.quote) in words for words in quoted)


@pytest.mark.parametrize("digest", DIGESTS, ids=lambda path: path.name)
def test_words_a_digest_quotes_are_in_an_article(digest: Path, articles: dict[str, str]) -> None:
    quoted = QUOTED.findall(digest.read_text(encoding="utf-8"))

    assert [words for words in quoted if not any(words in text for text in articles.values())] == []


@pytest.mark.parametrize("digest", DIGESTS, ids=lambda path: path.name)
def test_no_sentence_of_a_digest_is_copied(digest: Path, articles: dict[str, str]) -> None:
    written = runs_of(digest.read_text(encoding="utf-8"), COPIED)

    assert [run for text in articles.values() for run in written & runs_of(text, COPIED)] == []


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_no_sentence_of_a_claim_is_copied(claim: Claim, articles: dict[str, str]) -> None:
    written = runs_of(own_words(claim), COPIED)

    assert [run for text in articles.values() for run in written & runs_of(text, COPIED)] == []


def test_the_lens_raises_hardly_a_false_alarm_between_the_claims_and_the_digests() -> None:
    """No digest contradicts a claim: whatever differs is an alarm that takes a reviewer's time for nothing."""
    passages = [passage for digest in DIGESTS for passage in passages_of(digest.read_text(encoding="utf-8"))]

    alarms = [
        (claim.id, finding.detail)
        for claim, passage in itertools.product(CLAIMS, passages)
        for finding in look(claim.statement, passage, claim_date=claim.claimed_on if claim.claimed_on.value else None)
        if finding.relation == "differs"
    ]

    assert len(CLAIMS) * len(passages) > 1_000
    assert len(alarms) <= 4, alarms


def passages_of(text: str) -> list[str]:
    source = Source(
        source_id=sha256_hex(text),
        text=text,
        text_sha256=sha256_hex(text),
        media_type="text/plain",
        reader="",
        reader_version="",
    )
    return [passage.text for passage in split_passages(source, sentences=5, words=150)]
