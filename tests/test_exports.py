"""The forms of a report: what each holds, what none leaks, and that hostile text stays text in all of them."""

from __future__ import annotations

import csv
import html
import io
import itertools
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from tests.conftest import NOON, make_claim
from tests.test_report import CANARY, FILE_B, SETTINGS, make_case, make_citation, make_receipt, make_verdict
from workbench.cells import neutralise, restore
from workbench.errors import ExportError
from workbench.exports import EXPORTERS, exporter
from workbench.exports.markdown import escape
from workbench.exports.tables import COLUMNS
from workbench.models import Case, Claim, Fragment, FragmentVerdict, ReportsOn, StoredVerdict
from workbench.ratings import AVERITEC_4, find_rating, ink_on, snapshot
from workbench.report import ClaimReport, build_report
from workbench.settings import CustomRating, ReviewSettings

READERS = ("html", "md", "claimreview")
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://evil.example/p.png)",
    "[click](javascript:alert(1))",
    "<https://evil.example>",
    "<svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "a\u2028b\u2029c",
    "# not a heading\n- not a list\n1. nor this\n---\n```\ncode\n```",
    "| a | b |\n| --- | --- |",
    "&lt;b&gt; &copy; **bold** _it_ ~~no~~ $x$ :smile: @someone",
    '" onmouseover="alert(1)',
    "\u202egnp.exe",
]
ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x00"))
SOME_TEXT = ANY_TEXT.filter(lambda text: text.strip() != "")


def hostile_report(text: str) -> ClaimReport:
    claim = make_claim(
        statement=text,
        quote=text,
        quote_original=text,
        quote_language='en" onload="x',
        translator=text,
        claimant={"name": text, "role": text, "same_as": ["javascript:alert(1)"]},
        appearances=[{"url": text, "title": text, "publisher": text, "archived_url": text, "via": text}],
        language='"><script>',
    )
    about = ReportsOn(body=text, article=text)
    cited = make_citation(
        text, title=text, publisher=text, page=text, origin=text, url=text, translation=text, kind="digest", reports_on=about
    )
    verdict = make_verdict(claim, headline=text, explanation=text, citations=(cited,), receipt=make_receipt(queries=(text,)))
    return build_report(make_case(claim, verdict), SETTINGS)


def write(form: str, *reports: ClaimReport) -> str:
    return EXPORTERS[form].write(reports, SETTINGS).decode("utf-8")


def rated(claim_id: str = "a-claim", **verdict: Any) -> ClaimReport:
    claim = make_claim(claim_id, quote="the election fraud")
    return build_report(make_case(claim, make_verdict(claim, **verdict)), SETTINGS)


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))


# --- the table of forms ----------------------------------------------------------------------------------------------


def test_the_forms_are_these() -> None:
    suffixes = {form: one.suffix for form, one in EXPORTERS.items()}

    assert suffixes == {
        "json": ".json",
        "jsonl": ".jsonl",
        "csv": ".csv",
        "xlsx": ".xlsx",
        "md": ".md",
        "html": ".html",
        "docx": ".docx",
        "pdf": ".pdf",
        "claimreview": ".jsonld",
    }


def test_an_unknown_form_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ExportError) as caught:
        exporter("wordstar")

    assert caught.value.as_json() == {
        "code": "unknown_form",
        "message": "There is no form 'wordstar' to export in.",
        "hint": "Use one of: json, jsonl, csv, xlsx, md, html, docx, pdf, claimreview.",
    }


@pytest.mark.parametrize("form", EXPORTERS)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_form_writes_any_number_of_claims_and_the_same_bytes_twice(form: str, count: int) -> None:
    reports = [rated(f"claim-{number}") for number in range(count)]

    assert EXPORTERS[form].write(reports, SETTINGS) == EXPORTERS[form].write(reports, SETTINGS)


@pytest.mark.parametrize("form", [*READERS, "csv"])
def test_no_form_that_leaves_the_house_holds_the_working_rationale(form: str) -> None:
    text = write(form, rated(), rated("other", state="void", void_reason=CANARY))

    assert CANARY not in text
    assert "0.8125" not in text


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_reader_sees_rating_quotation_evidence_digest_and_draft(form: str) -> None:
    digest = make_citation(kind="digest", reports_on=ReportsOn(body="Example Observatory", article="Toll passes 800"))
    undecided = build_report(make_case(make_claim("undecided")), SETTINGS)

    text = html.unescape(write(form, rated(citations=(digest,)), undecided)).replace("\\", "")

    for words in (
        "“the election fraud”",
        "Refuted",
        "The claims are unsubstantiated and disputed.",
        "digest, not the original; reports on Example Observatory, from Toll passes 800",
        "a" * 64,
        "No public explanation has been written for this verdict.",
        "No verdict yet",
        "Draft, not for publication: no verdict yet.",
    ):
        assert words in text


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_reader_is_told_what_made_a_cited_file_doubtful(form: str) -> None:
    doubtful = make_citation(warnings=("the text may be cut off: it ends in mid-sentence",))

    assert "the text may be cut off: it ends in mid-sentence" in html.unescape(write(form, rated(citations=(doubtful,))))


# --- json, jsonl -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["html", "md", "csv", "claimreview"])
def test_every_form_carries_the_fragments_their_ratings_and_the_sentence_the_reviewer_wrote(form: str) -> None:
    claim = make_claim()
    cited = (make_citation("Turnout rose.", stance="context"), make_citation())
    refuted = snapshot(AVERITEC_4, find_rating(AVERITEC_4, "refuted"))
    part = FragmentVerdict(
        fragment=Fragment(start=13, end=32), words="was marred by fraud", rating=refuted, citations=cited[1:]
    )
    verdict = make_verdict(
        claim, "conflicting-evidence", citations=cited, fragments=(part,), weighing="Only the turnout holds."
    )
    report = build_report(make_case(claim, verdict), SETTINGS)
    written = write(form, report)
    seen = " ".join(lxml_html.document_fromstring(written).text_content().split()) if form == "html" else written

    assert report.page.fragments[0].line == "was marred by fraud: Refuted (passage 2)"
    assert "was marred by fraud" in seen
    assert "passage 2" in seen
    assert form == "csv" or "Only the turnout holds." in seen
    assert "“was marred by fraud”" not in seen


def test_json_says_its_version_and_keeps_every_revision_with_hash_token_and_rationale() -> None:
    claim = make_claim()
    old, new = make_verdict(claim, state="superseded", hash="1" * 64), make_verdict(claim, revision=2)

    whole = json.loads(write("json", build_report(make_case(claim, old, new), SETTINGS)))

    assert (whole["schema_version"], whole["software"]) == (1, "claim-workbench 0.1.0")
    assert [(one["hash"], one["token"], one["rationale"]) for one in whole["claims"][0]["verdicts"]] == [
        ("1" * 64, "token-1", CANARY),
        ("d" * 64, "token-1", CANARY),
    ]


def test_jsonl_is_one_line_a_claim_for_whoever_splits_lines_how() -> None:
    text = write("jsonl", hostile_report("one\u2028two\u0085three\nfour"), rated())

    assert [json.loads(line)["id"] for line in text.splitlines()] == ["a-claim", "a-claim"]
    assert json.loads(text.splitlines()[0])["statement"] == "one\u2028two\u0085three\nfour"


@settings(max_examples=200, deadline=None)
@given(statement=SOME_TEXT, quote=ANY_TEXT, rationale=ANY_TEXT, cited=SOME_TEXT)
def test_json_reads_back_equal_in_any_script(statement: str, quote: str, rationale: str, cited: str) -> None:
    claim = make_claim(statement=statement, quote=quote)
    verdict = make_verdict(claim, rationale=rationale, explanation=rationale, citations=(make_citation(cited),))

    one = json.loads(write("json", build_report(make_case(claim, verdict), SETTINGS)))["claims"][0]

    assert Claim.model_validate(one["claim"]) == claim
    assert [StoredVerdict.model_validate(back) for back in one["verdicts"]] == [verdict]


# --- csv -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "＝1+1",
        "－1",
        "＠x",
        "  =1",
        '"=1',
        "'=1",
        "\u00a0=1",
        "\u200b=1",
    ],
)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(cell: str) -> None:
    assert neutralise(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "plain", "a=b", "1,400", "'tis", "“quoted”", "2021-06"])
def test_a_cell_that_could_not_is_left_as_it_is(cell: str) -> None:
    assert neutralise(cell) == cell


@settings(max_examples=500, deadline=None)
@given(st.one_of(ANY_TEXT, st.text("'\" =+-@\t\r\n＝a", max_size=6)))
def test_neutralising_a_cell_is_reversible(cell: str) -> None:
    assert restore(neutralise(cell)) == cell


@settings(max_examples=100, deadline=None)
@given(statement=SOME_TEXT, quote=ANY_TEXT)
def test_csv_cells_read_back_equal_in_any_script(statement: str, quote: str) -> None:
    claim = make_claim(statement=statement, quote=quote)

    row = rows(write("csv", build_report(make_case(claim), SETTINGS)))[0]

    assert (restore(row["statement"]), restore(row["quote"])) == (statement, quote)


def test_csv_is_what_spreadsheets_read() -> None:
    data = EXPORTERS["csv"].write([rated()], SETTINGS)

    assert data.startswith(b'\xef\xbb\xbf"id","statement","quote",')
    assert data.endswith(b'"settled"\r\n')


def test_a_csv_row_says_who_rated_what_on_which_sources() -> None:
    row = rows(write("csv", rated(citations=(make_citation(kind="digest"),), headline="No proof")))[0]

    assert tuple(row) == COLUMNS
    assert (row["rating"], row["rating_label"], row["reviewer"], row["headline"]) == ("refuted", "Refuted", "Ana", "No proof")
    assert (row["created_at"], row["revision"], row["hash"]) == (NOON.isoformat(), "1", "d" * 64)
    assert row["cited_sources"] == (
        "Interview, annotated, Example Daily, date unknown "
        f"(digest, not the original; what it reports on is not recorded) [refutes, sha256 {'a' * 64}]"
    )


# --- markdown --------------------------------------------------------------------------------------------------------------


def render(text: str) -> str:
    return str(MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_markdown(text: str) -> None:
    page = lxml_html.fromstring(render(write("md", hostile_report(text))))

    tags = {element.tag for element in page.iter()}
    assert tags <= {
        "div",
        "h1",
        "h2",
        "h3",
        "p",
        "strong",
        "em",
        "blockquote",
        "ul",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    }
    assert "".join(text.split()) in "".join(page.text_content().split())


@settings(max_examples=300, deadline=None)
@given(st.one_of(ANY_TEXT, st.text("*_`[]()<>#|~&\\!-+=:.1) \n\tab", max_size=20)))
def test_escaped_text_renders_as_itself(text: str) -> None:
    folded = " ".join(text.split())
    shown = re.sub(r"[\x00-\x1f\x7f-\x9f]", "\ufffd", folded)
    wanted = f"<p>{html.escape(shown, quote=False)}</p>\n".replace('"', "&quot;") if shown else ""

    assert render(escape(text)) == wanted


def test_markdown_breaks_up_what_readers_would_turn_into_links() -> None:
    assert escape("see www.evil.example or http://evil.example") == "see www\\.evil\\.example or http\\://evil\\.example"


def test_markdown_links_only_to_addresses_that_are_safe() -> None:
    claim = make_claim(
        appearances=[{"url": "https://tv.example.org/interview", "title": "Interview"}, {"url": "javascript:alert(1)"}]
    )

    page = lxml_html.fromstring(render(write("md", build_report(make_case(claim), SETTINGS))))

    assert [link.get("href") for link in page.iter("a")] == ["https://tv.example.org/interview"]


# --- html ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text_in_html(text: str) -> None:
    page = lxml_html.document_fromstring(write("html", hostile_report(text)))

    attributes = {(element.tag, name) for element in page.iter("*") for name in element.attrib}
    assert not [name for _, name in attributes if name.startswith("on") or name in ("src", "srcset", "srcdoc", "action")]
    assert not list(page.iter("script", "img", "svg", "link", "iframe", "object", "form", "base"))
    assert all(link.get("href").startswith(("#", "https://", "http://")) for link in page.iter("a"))
    assert "".join(text.split()) in "".join(page.text_content().split())


def test_the_page_allows_itself_its_style_and_nothing_else() -> None:
    text = write("html", rated(), rated("other"))
    page = lxml_html.document_fromstring(text)

    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]
    assert not re.search(r"url\(|@import|@font-face", text)
    assert page.get("lang") == "en"


def test_the_page_holds_every_quoted_citation_word_for_word() -> None:
    words = ("Line one,\nline two of “it” & <more>.", "လူပေါင်း ၁,၄၀၀ ကျော်", "A 'third' \"quotation\"  with   spaces")
    citations = tuple(make_citation(one, source_id=FILE_B) for one in words)

    page = lxml_html.document_fromstring(write("html", rated(citations=citations)))

    assert tuple(one.text for one in page.xpath("//figure/blockquote")) == words


def test_headings_step_down_one_level_at_a_time() -> None:
    for reports in ([rated()], [rated(), rated("other")]):
        page = lxml_html.document_fromstring(write("html", *reports))
        levels = [int(str(one.tag)[1]) for one in page.iter("h1", "h2", "h3", "h4")]

        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_several_claims_begin_with_a_table_that_leads_to_each() -> None:
    page = lxml_html.document_fromstring(write("html", rated(), rated("other")))

    targets = page.xpath("//section[@class='contents']//a/@href")
    assert targets == ["#a-claim", "#other"]
    assert all(page.xpath(f"//article[@id='{target[1:]}']") for target in targets)


def test_the_markup_says_nothing_the_page_does_not_show() -> None:
    report = rated("a-claim", headline="No proof was given")

    seen = lxml_html.document_fromstring(write("html", report)).text_content()

    assert "The election was marred by fraud." in seen
    assert "Refuted" in seen
    assert "".join(report.page.visible_text.split()) != ""
    assert all(line in seen for line in report.page.visible_text.replace(" · ", "\n").splitlines())


@pytest.mark.parametrize("colour", ["#00785A", "#B84A00", "#8A4B85", "#5B6770", "#FFFF00", "#767676", "#808080", "#000000"])
def test_a_rating_is_readable_on_any_colour(colour: str) -> None:
    def luminance(value: str) -> float:
        parts = [int(value[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(colour), luminance(ink_on(colour))))

    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_a_rating_of_the_house_keeps_the_colour_of_the_house() -> None:
    ratings = (
        CustomRating(slug="refuted", label="Refuted", order=1, colour="#2B6CB0"),
        CustomRating(slug="true", label="True", order=2),
    )
    house = SETTINGS.model_copy(update={"review": ReviewSettings(scale="house", ratings=ratings)})
    given = snapshot(house.review.rating_scale, find_rating(house.review.rating_scale, "refuted"))

    assert b"background:#2B6CB0;color:#FFFFFF" in EXPORTERS["html"].write([rated(rating=given)], SETTINGS)


# --- claimreview ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_json_ld_can_be_pasted_into_a_script_element(text: str) -> None:
    written = write("claimreview", hostile_report(text))

    assert not re.search("[<>&\u2028\u2029]", written)
    assert json.loads(written)["reviewBody"] == text.strip()


def test_one_claim_gives_an_object_and_several_a_feed() -> None:
    one = json.loads(write("claimreview", rated()))
    several = json.loads(write("claimreview", rated(), rated("other")))

    assert one["@type"] == "ClaimReview"
    assert several["@type"] == "DataFeed"
    assert [node["url"] for node in several["dataFeedElement"]] == [
        "https://check.example.org/a-claim",
        "https://check.example.org/other",
    ]


def test_a_draft_is_written_and_marked() -> None:
    undecided: Case = make_case(make_claim())

    assert json.loads(write("claimreview", build_report(undecided, SETTINGS)))["creativeWorkStatus"] == "Draft"
