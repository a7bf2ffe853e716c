"""Claim files in and out, imports, and NAME.meta.yaml."""

import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import make_claim
from tests.imported import imported
from workbench.claims import load_claim_files, load_meta, slug_for, write_claim_file
from workbench.errors import ClaimFileError, FileFailure
from workbench.models import Appearance, Claim, Claimant, ExternalReview, Fragment, PartialDate, ReportsOn

FULL = """\
id: fraud-2021
statement: There was fraud in the election.
quote: because of the election fraud
claimant: {name: Min Aung Hlaing, role: head of the junta}
claimed_on: 2021-06 (inferred)
appearances:
  - publisher: Sputnik
    date: not before 2021-06-20
    via: Polygraph
topics: [elections, Myanmar]
priority: high
due: 2026-12-01
"""


def import_claims(path: Path) -> list[Claim]:
    return list(imported(path).claims)


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / "claims" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def complaint(folder: Path) -> str:
    with pytest.raises(ClaimFileError) as caught:
        load_claim_files(folder / "claims")
    return caught.value.message


def import_complaint(path: Path) -> str:
    with pytest.raises(ClaimFileError) as caught:
        import_claims(path)
    return caught.value.message


# --- reading ------------------------------------------------------------------------------------------------------------


def test_a_claim_file_is_read_into_its_claim(tmp_path: Path) -> None:
    put(tmp_path, "fraud.yaml", FULL)

    [file] = load_claim_files(tmp_path / "claims")

    assert file.claims == (
        Claim(
            id="fraud-2021",
            statement="There was fraud in the election.",
            quote="because of the election fraud",
            claimant=Claimant(name="Min Aung Hlaing", role="head of the junta"),
            claimed_on=PartialDate(value="2021-06", basis="inferred"),
            appearances=(
                Appearance(publisher="Sputnik", date=PartialDate(value="2021-06-20", bound="not-before"), via="Polygraph"),
            ),
            topics=("elections", "Myanmar"),
            priority="high",
            due=date(2026, 12, 1),
        ),
    )


def test_one_file_may_hold_a_list_of_claims(tmp_path: Path) -> None:
    put(tmp_path, "two.yml", "- {id: a, statement: One thing.}\n- {id: b, statement: Another., claimant: Ana}\n")

    [file] = load_claim_files(tmp_path / "claims")

    assert [(claim.id, claim.claimant) for claim in file.claims] == [("a", None), ("b", Claimant(name="Ana"))]


def test_a_value_stays_as_it_was_typed(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", "id: 007\nstatement: yes\nclaimed_on: 2021\nquote: ~\ncustom: {share: 1.0}\n")

    [file] = load_claim_files(tmp_path / "claims")

    assert file.claims[0] == Claim(id="007", statement="yes", claimed_on=PartialDate(value="2021"), custom={"share": "1.0"})


def test_the_files_come_in_order_of_their_paths_and_hidden_ones_not_at_all(tmp_path: Path) -> None:
    for name, claim_id in (("b.yaml", "b"), ("a.yaml", "a"), (".draft.yaml", "c"), ("README.md", "d")):
        put(tmp_path, name, f"id: {claim_id}\nstatement: A thing.\n")

    assert [file.path.name for file in load_claim_files(tmp_path / "claims")] == ["a.yaml", "b.yaml"]


def test_a_missing_folder_holds_no_claims(tmp_path: Path) -> None:
    assert load_claim_files(tmp_path / "claims") == []


def test_a_typo_in_a_key_is_named_with_its_line_and_the_likely_word(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "id: x\nstatement: A thing.\n\nclaiment: Ana\n")

    assert complaint(tmp_path) == "claims/x.yaml line 4: unknown key 'claiment' (did you mean 'claimant'?)"


def test_a_typo_in_an_inner_key_is_named_with_its_line(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "id: x\nstatement: A thing.\nappearances:\n  - publisher: AP\n    titel: News\n")

    assert complaint(tmp_path) == "claims/x.yaml line 5: unknown key 'titel' (did you mean 'title'?)"


def test_every_problem_of_every_file_is_listed_at_once(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", "id: a\nstatment: A thing.\nclaimed_on: 2021-13\n")
    put(tmp_path, "b.yaml", "id: 'unclosed\n")

    message = complaint(tmp_path)

    assert message.startswith("4 problems in claim files:\n")
    assert "claims/a.yaml line 2: unknown key 'statment' (did you mean 'statement'?)" in message
    assert "claims/a.yaml line 1: 'statement' is missing" in message
    assert "claims/a.yaml line 3: claimed_on" in message
    assert "claims/b.yaml line 2: not valid YAML" in message


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "line 1: the file is empty"),
        ("# nothing yet\n", "line 1: the file is empty"),
        ("just words\n", "line 1: a claim must be keys and values"),
        ("[]\n", "line 1: the list is empty"),
        ("id: x\nid: y\nstatement: A.\n", "line 2: the key 'id' is given twice (first on line 1)"),
        ("id: x\nstatement: &a A.\nquote: *a\n", "line 2: anchors and aliases"),
        ("id: x\nstatement: !!python/name:os.system A.\n", "line 2: tags such as"),
        ("id: x\nstatement: A.\n---\nid: y\nstatement: B.\n", "line 4: a second document"),
        ("id: x\nstatement: ''\n", "line 2: statement"),
        ("id: X y\nstatement: A.\n", "line 1: id 'X y' must be small letters, digits and hyphens"),
        ('id: x\nstatement: "a\\0b"\n', "line 2: statement: statement contains a NUL character"),
        ("? [a]\n: b\n", "line 1: a key must be a word"),
        ("id: x\nstatement: A.\nclaimed_on: 2023-02-29\n", "line 3: claimed_on"),
    ],
)
def test_a_file_that_is_off_is_refused_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    put(tmp_path, "x.yaml", text)

    assert complaint(tmp_path).startswith(f"claims/x.yaml {problem}")


def test_a_deeply_nested_file_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "[" * 500 + "]" * 500)

    assert "nested deeper than 20 levels" in complaint(tmp_path)


def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "# " + "x" * 5_000_000)

    assert "the most is 5,000,000" in complaint(tmp_path)


def test_a_file_in_another_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    put(tmp_path, "x.yaml", "").write_bytes("id: x\nstatement: café\n".encode("latin-1"))

    assert complaint(tmp_path) == "claims/x.yaml line 2: not UTF-8 text; save the file as UTF-8"


def test_an_id_used_in_two_files_is_named_in_both(tmp_path: Path) -> None:
    put(tmp_path, "a.yaml", "id: same\nstatement: A.\n")
    put(tmp_path, "b.yaml", "statement: B.\nid: same\n")

    assert complaint(tmp_path) == "claims/b.yaml line 2: the id 'same' is already used in claims/a.yaml line 1"


# --- writing ------------------------------------------------------------------------------------------------------------


def test_a_written_claim_reads_well_and_back(tmp_path: Path) -> None:
    claim = make_claim(
        "fraud",
        quote="election fraud",
        claimant=Claimant(name="မင်းအောင်လှိုင်"),
        claimed_on="not before 2021-06 (stated)",
        topics=("elections",),
        context="Line one.\nLine two.",
    )

    path = write_claim_file(tmp_path / "claims", claim)

    assert path.read_text(encoding="utf-8") == (
        "id: fraud\n"
        "statement: The election was marred by fraud.\n"
        "quote: election fraud\n"
        "claimant:\n"
        "  name: မင်းအောင်လှိုင်\n"
        "claimed_on: not before 2021-06 (stated)\n"
        "topics:\n"
        "  - elections\n"
        "context: |-\n"
        "  Line one.\n"
        "  Line two.\n"
    )
    assert load_claim_files(tmp_path / "claims")[0].claims == (claim,)


def test_a_file_that_is_there_is_never_overwritten(tmp_path: Path) -> None:
    path = put(tmp_path, "fraud.yaml", "# mine\n")

    with pytest.raises(ClaimFileError, match=r"fraud\.yaml is already in claims/"):
        write_claim_file(tmp_path / "claims", make_claim("fraud"))

    assert path.read_text(encoding="utf-8") == "# mine\n"
    assert os.listdir(tmp_path / "claims") == ["fraud.yaml"]


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=40)
dates = st.sampled_from(["2021", "2021-06 (stated)", "2021-06-23", "not after 2021-06-23 (inferred)", "unknown"])


@settings(max_examples=150)
@given(words.filter(str.strip), words, dates, words, st.booleans())
def test_any_claim_written_reads_back_equal(statement: str, quote: str, day: str, note: str, split: bool) -> None:
    import tempfile

    claim = Claim(
        id="a-claim",
        statement=statement,
        quote=quote,
        claimed_on=PartialDate.model_validate(day),
        custom={"note": note},
        fragments=(Fragment(start=0, end=1, note=note),) if split else (),
    )
    with tempfile.TemporaryDirectory() as folder:
        write_claim_file(Path(folder), claim)

        assert load_claim_files(Path(folder))[0].claims == (claim,)


@pytest.mark.parametrize(
    ("statement", "taken", "slug"),
    [
        ("Myanmar’s army is one of the strongest!", [], "myanmars-army-is-one-of-the-strongest"),
        ("Café: 1,400 dead", ["cafe-1-400-dead", "cafe-1-400-dead-2"], "cafe-1-400-dead-3"),
        ("缅甸选举舞弊", [], "claim-c0420e3e"),
    ],
)
def test_a_new_claim_is_named_by_its_first_words(statement: str, taken: list[str], slug: str) -> None:
    assert slug_for(statement, taken) == slug


@given(words)
def test_every_slug_is_a_valid_id(statement: str) -> None:
    assert make_claim(slug_for(statement, [])).id


# --- metadata -----------------------------------------------------------------------------------------------------------


def test_metadata_beside_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.meta.yaml"
    path.write_text("title: A digest\nkind: digest\npublished_on: 2026-11-21\nreports_on: {body: AAPP, article: A check}\n")

    meta = load_meta(path)

    assert (meta.title, meta.kind, meta.published_on) == ("A digest", "digest", PartialDate(value="2026-11-21"))
    assert meta.reports_on == ReportsOn(body="AAPP", article="A check")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("title: A\npublished: 2021\n", "a.meta.yaml line 2: unknown key 'published' (did you mean 'publisher'?)"),
        ("title: A\nkind: novel\n", "a.meta.yaml line 2: kind"),
        ("- title\n", "a.meta.yaml line 1: metadata must be keys and values"),
        ("title: [\n", "a.meta.yaml line 2: not valid YAML"),
    ],
)
def test_metadata_that_is_off_is_a_failure_with_its_line(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "a.meta.yaml"
    path.write_text(text)

    with pytest.raises(FileFailure) as caught:
        load_meta(path)

    assert caught.value.code == "bad_metadata"
    assert caught.value.message.startswith(problem)


# --- import: tables -----------------------------------------------------------------------------------------------------


def table(folder: Path, text: str, name: str = "claims.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8"))
    return path


def test_a_table_gives_claims_with_their_appearance(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "statement,quote,claimant,role,claimed_on,url,publisher,topics\r\n"
        '"1,400 died.",,Ana Ruiz,minister,2022-01 (stated),https://example.org/a,AP,deaths; Myanmar\r\n'
        "007 is a number.,,,,,,,\r\n",
    )

    first, second = import_claims(path)

    assert first == Claim(
        id="1-400-died",
        statement="1,400 died.",
        claimant=Claimant(name="Ana Ruiz", role="minister"),
        claimed_on=PartialDate(value="2022-01", basis="stated"),
        appearances=(Appearance(url="https://example.org/a", publisher="AP"),),
        topics=("deaths", "Myanmar"),
    )
    assert second == Claim(id="007-is-a-number", statement="007 is a number.")


@pytest.mark.parametrize("separator", [";", "\t"])
def test_cells_may_be_separated_otherwise_and_the_notes_say_so(tmp_path: Path, separator: str) -> None:
    found = imported(table(tmp_path, f"id{separator}statement\na{separator}None of it, NA\n"))

    assert found.claims == (Claim(id="a", statement="None of it, NA"),)
    assert found.notes[0].startswith("The cells are separated by")


def test_a_formula_is_taken_in_as_the_text_it_is(tmp_path: Path) -> None:
    assert import_claims(table(tmp_path, "id,statement\na,=cmd|'/c calc'!A1\n"))[0].statement == "=cmd|'/c calc'!A1"


def test_a_reviewer_in_a_table_is_never_ours(tmp_path: Path) -> None:
    found = imported(table(tmp_path, "statement,reviewer,verdict,__class__\nA thing.,Ana,true,x\n"))

    assert found.notes == ("Columns left out: reviewer, verdict, __class__.",)
    assert found.claims == (Claim(id="a-thing", statement="A thing."),)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('id,statement\na,"one\nb,two\n', "line 3: unexpected end of data; a quotation mark may be missing"),
        ("id,statement\na,one,two\n", "row 1 (line 2): 3 cells where the header has 2"),
        ("id,statement,statement\n", "line 1: the column 'statement' is there twice"),
        ("id,text\na,one\n", "line 1: no column 'statement'; the columns are id, text"),
        ("id,statement\na,o\x00ne\n", "line 2: a NUL character; remove it"),
        ("id,statement\na,\n", "row 1 (line 2): 'statement' is missing"),
        ("id,statement,claimed_on\na,one,23.6.2021\n", "row 1 (line 2): claimed_on: '23.6.2021' is not a date"),
        ("id,statement,url\na,one,javascript:alert(1)\n", "row 1 (line 2): 'javascript:alert(1)' is not a web address"),
        ("id,statement\na,one\na,two\n", "row 2 (line 3): the id 'a' is already used in row 1 (line 2)"),
        ("id,statement\na," + "x" * 140_000 + "\n", "line 2: field larger than field limit"),
        ("", "the file is empty"),
    ],
    ids=lambda value: value[:30],
)
def test_a_table_that_is_off_gives_nothing_and_names_the_row(tmp_path: Path, text: str, problem: str) -> None:
    assert import_complaint(table(tmp_path, text)).startswith(f"claims.csv {problem}")


def test_all_ragged_rows_are_listed(tmp_path: Path) -> None:
    message = import_complaint(table(tmp_path, "id,statement\na\nb,two\nc,3,4\n"))

    assert message == (
        "2 problems:\nclaims.csv row 1 (line 2): 1 cells where the header has 2\n"
        "claims.csv row 3 (line 4): 3 cells where the header has 2"
    )


def test_a_row_that_repeats_another_is_left_out_and_named(tmp_path: Path) -> None:
    found = imported(table(tmp_path, "statement\nA  thing.\na thing.\n"))

    assert len(found.claims) == 1
    assert found.notes == ("row 2 (line 3) repeats row 1 (line 2) and was left out.",)


def test_a_format_nobody_knows_is_refused_with_those_known(tmp_path: Path) -> None:
    with pytest.raises(ClaimFileError, match=r"claims\.xls is not a format") as caught:
        import_claims(table(tmp_path, "x", "claims.xls"))

    assert ".csv" in caught.value.hint


def test_a_missing_file_is_one_clear_sentence(tmp_path: Path) -> None:
    assert import_complaint(tmp_path / "none.csv") == "none.csv cannot be read (No such file or directory)"


# --- import: json -------------------------------------------------------------------------------------------------------


def test_lines_of_json_give_claims(tmp_path: Path) -> None:
    path = table(
        tmp_path, '{"statement": "One.", "claimant": "Ana"}\n\n{"id": "b", "statement": "Two.", "rating": 5}\n', "c.jsonl"
    )

    found = imported(path)

    assert found.claims == (
        Claim(id="one", statement="One.", claimant=Claimant(name="Ana")),
        Claim(id="b", statement="Two."),
    )
    assert found.notes == ("Keys left out: rating.",)


def test_a_claim_dumped_as_json_comes_back_equal(tmp_path: Path) -> None:
    claim = make_claim(
        claimant=Claimant(name="Ana"), claimed_on="2021-06 (stated)", appearances=[{"url": "https://example.org"}]
    )

    assert import_claims(table(tmp_path, f'{{"claims": [{claim.model_dump_json()}]}}', "c.json")) == [claim]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"statement": "A.", "statement": "B."}', "the key 'statement' is given twice"),
        ('{"statement": NaN}', "NaN is not a number"),
        ('{"statement": ' + "9" * 5000 + "}", "a number of 5000 digits"),
        ('{"statement": 1e999}', "1e999 is too large a number"),
        ('{"statement": "\\ud800"}', "half of a surrogate pair"),
        ("[" * 200_000, "nested too deep"),
        ('{"statement": ', "Expecting value"),
    ],
    ids=lambda value: value[:30],
)
def test_json_that_others_let_pass_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    assert problem in import_complaint(table(tmp_path, text, "c.json"))
    assert problem in import_complaint(table(tmp_path, text, "c.jsonl"))


REVIEW = """{"@context": "https://schema.org", "@graph": [{"@type": "ClaimReview", "claimReviewed": "There was fraud.",
 "author": {"name": "Somebody"}, "reviewRating": {"ratingValue": 1, "alternateName": "False"},
 "itemReviewed": {"@type": "Claim", "author": [{"name": "Ana Ruiz", "jobTitle": "minister", "sameAs": "https://example.org/ana"}],
  "datePublished": "2021-06-23T10:00:00Z",
  "firstAppearance": "https://example.org/speech",
  "appearance": [{"@type": "CreativeWork", "url": "https://example.org/b", "headline": "B", "publisher": {"name": "AP"}}]}}]}"""


def test_a_claim_review_gives_the_claim_and_never_its_rating(tmp_path: Path) -> None:
    found = imported(table(tmp_path, REVIEW, "review.jsonld"))

    assert found.claims == (
        Claim(
            id="there-was-fraud",
            statement="There was fraud.",
            claimant=Claimant(name="Ana Ruiz", role="minister", same_as=("https://example.org/ana",)),
            claimed_on=PartialDate(value="2021-06-23", basis="stated"),
            appearances=(
                Appearance(url="https://example.org/speech"),
                Appearance(url="https://example.org/b", title="B", publisher="AP"),
            ),
            reviews=(ExternalReview(publisher="Somebody", rating="False"),),
        ),
    )
    assert "external and unverified, never as a verdict" in found.notes[0]


def test_a_yaml_file_is_imported_strictly(tmp_path: Path) -> None:
    assert import_claims(table(tmp_path, "statement: A thing.\n", "c.yaml")) == [Claim(id="a-thing", statement="A thing.")]
    assert "unknown key 'verdict'" in import_complaint(table(tmp_path, "statement: A thing.\nverdict: true\n", "d.yaml"))
