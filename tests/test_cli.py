from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.documents import pdf
from workbench import __version__
from workbench.cli import demo, main

Run = Callable[..., tuple[int, str, str]]

ARTICLE = """The junta says the November 2020 election was marred by mass fraud.

Observers say the claims of election fraud are unsubstantiated and disputed.

Fishing boats returned to the harbour after the storm.
"""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Call the command line in this process: (exit code, stdout, stderr)."""

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["workbench", *map(str, arguments)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(home))
    return home


def document(run: Run, *arguments: str | Path) -> Any:
    code, out, _ = run(*arguments, "--json")
    assert code == 0, out
    return json.loads(out)


def error_of(run: Run, *arguments: str | Path, code: int = 1) -> dict[str, str]:
    got, out, err = run(*arguments, "--json")
    assert got == code, (out, err)
    error: dict[str, str] = json.loads(out)["error"]
    assert error["message"]
    assert error["hint"]
    return error


def test_version_and_help_need_no_workspace(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)

    assert run("--version")[:2] == (0, f"workbench {__version__}\n")
    assert run("--help")[0] == 0


def test_no_workspace_exits_2_with_a_hint(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)

    code, out, err = run("status")

    assert (code, out) == (2, "")
    assert "workbench init" in err


def test_init_makes_a_workspace_that_opens(run: Run, tmp_path: Path) -> None:
    assert run("init", tmp_path / "new")[0] == 0

    assert document(run, "--workspace", tmp_path / "new", "status")["sources"] == 0


def test_init_leaves_a_folder_that_is_not_empty_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    assert error_of(run, "init", tmp_path)["code"] == "not_empty"
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_the_workspace_may_be_named_before_or_after_the_command(run: Run, home: Path) -> None:
    before = document(run, "--workspace", home, "claims", "list")
    after = document(run, "claims", "list", "--workspace", home)

    assert before == after == {"claims": []}


def test_a_claim_is_added_listed_and_shown(run: Run, here: Path) -> None:
    claim = document(
        run,
        "claims",
        "add",
        "--statement",
        "There was fraud.",
        "--quote",
        "fraud",
        "--claimant",
        "The junta",
        "--claimed-on",
        "2021-06",
    )

    listed = document(run, "claims", "list")["claims"]
    assert [(one["id"], one["statement"], one["status"]) for one in listed] == [(claim["id"], "There was fraud.", "todo")]
    assert document(run, "claims", "show", claim["id"])["claimed_on"]["value"] == "2021-06"


def record(run: Run, *more: str, rating: str = "not-enough-evidence") -> tuple[int, str, str]:
    return run(
        "verdict", "record", "c", "--rating", rating, "--rationale", "Nothing found.", "--reviewer", "Ana", *more, "--json"
    )


@pytest.fixture
def claim(run: Run, here: Path) -> str:
    document(run, "claims", "add", "--id", "c", "--statement", "There was fraud.")
    return "c"


def test_a_recorded_verdict_is_printed_with_its_token_revision_and_hash(run: Run, claim: str) -> None:
    code, out, _ = record(run)
    stored = json.loads(out)

    assert (code, stored["revision"], stored["state"]) == (0, 1, "current")
    listed = document(run, "verdict", "list")["verdicts"]
    expected = {name: stored[name] for name in ("claim_id", "revision", "token", "hash", "state")}
    assert {name: listed[0][name] for name in expected} == expected
    assert set(listed[0]) == {"claim_id", "reviewer", "revision", "token", "hash", "rating", "created_at", "state"}


def test_the_same_token_gives_the_same_record_back(run: Run, claim: str) -> None:
    assert record(run, "--token", "t")[1] == record(run, "--token", "t")[1]
    assert len(document(run, "verdict", "list")["verdicts"]) == 1


def test_a_token_with_another_payload_is_refused(run: Run, claim: str) -> None:
    record(run, "--token", "t")
    code, out, _ = record(run, "--token", "t", "--confidence", "0.5")

    assert (code, json.loads(out)["error"]["code"]) == (1, "token_reused")


def test_a_stale_based_on_is_a_conflict_and_writes_nothing(run: Run, claim: str) -> None:
    record(run)
    code, out, _ = record(run, "--based-on", "0")

    assert (code, json.loads(out)["error"]["code"]) == (1, "conflict")
    assert len(document(run, "verdict", "list")["verdicts"]) == 1


def test_a_void_verdict_is_listed_as_void(run: Run, claim: str) -> None:
    record(run)
    document(run, "verdict", "void", "c", "--reviewer", "Ana", "--reason", "wrong claim")

    assert [one["state"] for one in document(run, "verdict", "list")["verdicts"]] == ["void"]


def test_every_revision_is_listed_oldest_first(run: Run, claim: str) -> None:
    record(run)
    record(run, "--based-on", "1")

    assert [(one["revision"], one["state"]) for one in document(run, "verdict", "list")["verdicts"]] == [
        (1, "superseded"),
        (2, "current"),
    ]


def test_publishing_names_the_address(run: Run, claim: str) -> None:
    record(run)

    assert document(run, "verdict", "publish", "c", "--url", "https://example.org/c")["status"] == "published"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("claims", "show", "nothing"), "unknown_claim"),
        (("match", "nothing"), "unknown_claim"),
        (("verdict", "record", "nothing", "--rating", "supported", "--rationale", "", "--reviewer", "Ana"), "unknown_claim"),
        (("verdict", "record", "c", "--rating", "mostly", "--rationale", "", "--reviewer", "Ana"), "unknown_rating"),
        (("verdict", "record", "c", "--rating", "supported", "--rationale", "", "--reviewer", "Ana"), "policy"),
        (
            (
                "verdict",
                "record",
                "c",
                "--rating",
                "supported",
                "--rationale",
                "",
                "--reviewer",
                "Ana",
                "--cite",
                "a-0-1:supports",
            ),
            "unknown_passage",
        ),
        (("evidence", "show", "ffffffff"), "unknown_source"),
        (("export", "--format", "papyrus", "-o", "-"), "unknown_form"),
        (("export", "--format", "json", "--claim", "nothing", "-o", "-"), "unknown_claim"),
        (("claims", "add", "--statement", "  "), "invalid_value"),
        (("claims", "add", "--statement", "x", "--claimed-on", "soon"), "invalid_value"),
        (("search", "  "), "empty_query"),
    ],
)
def test_a_request_that_cannot_be_met_is_one_error_with_a_hint(
    run: Run, claim: str, arguments: tuple[str, ...], code: str
) -> None:
    assert error_of(run, *arguments)["code"] == code


@pytest.mark.parametrize(
    "arguments",
    [
        ("verdict", "record", "c"),
        ("verdict", "record", "c", "--rating", "supported", "--rationale", "", "--reviewer", "Ana", "--confidence", "2"),
        ("search", "x", "--mode", "psychic"),
        ("search", "x", "--after", "June"),
        ("nonsense",),
    ],
)
def test_bad_usage_exits_2(run: Run, claim: str, arguments: tuple[str, ...]) -> None:
    assert run(*arguments)[0] == 2


def test_a_cite_without_a_stance_is_bad_usage(run: Run, claim: str) -> None:
    assert record(run, "--cite", "abc")[0] == 2


def test_words_of_the_statement_are_judged_apart_and_only_where_they_stand_in_it_once(run: Run, claim: str) -> None:
    apart = ("--fragment", "FRAUD=not-enough-evidence", "--weighing", "It all hangs on the one word.", "--token", "t")

    assert record(run, *apart)[1] == record(run, *apart)[1]
    stored = document(run, "verdict", "show", "c")["verdicts"][0]
    assert [(one["words"], one["rating"]["slug"]) for one in stored["fragments"]] == [("fraud", "not-enough-evidence")]
    assert "fragment: fraud: Not enough evidence" in run("verdict", "show", "c")[1]
    assert json.loads(record(run, "--fragment", "theft=not-enough-evidence")[1])["error"]["code"] == "words_not_found"
    assert json.loads(record(run, "--fragment", "fraud=refuted")[1])["error"]["code"] == "policy"
    assert record(run, "--fragment", "fraud")[0] == 2


def test_whoever_recuses_records_no_verdict_until_they_take_it_back(run: Run, claim: str) -> None:
    who = ("claims", "recuse", "c", "--reviewer", "Ana")
    assert run(*who)[0] == 2
    assert document(run, *who, "--reason", "I work there.")["recused"][0]["reason"] == "I work there."

    assert json.loads(record(run)[1])["error"]["code"] == "recused"
    assert document(run, *who, "--withdraw")["recused"] == []
    assert record(run)[0] == 0


def test_the_balance_is_printed_with_what_it_does_not_say(run: Run, claim: str) -> None:
    document(
        run, "claims", "add", "--statement", "It rained.", "--claimant", "Min", "--affiliation", "army", "--why", "Shared."
    )
    told = run("claims", "balance", "--by", "affiliation")[1]

    assert document(run, "claims", "balance")["rows"] == [{"name": "Min", "claims": 1, "undecided": 1, "ratings": {}}]
    assert "1 of 2 claims name no affiliation" in told
    assert "Who is checked is a choice" in told


def test_all_mistakes_of_all_claim_files_are_listed_at_once(run: Run, here: Path) -> None:
    (here / "claims" / "a.yaml").write_text("id: a\nstatment: A.\n", encoding="utf-8")
    (here / "claims" / "b.yaml").write_text("id: b\nstatement: B.\nclaimed_on: soon\n", encoding="utf-8")

    message = error_of(run, "claims", "list")["message"]

    assert all(part in message for part in ("a.yaml", "line 2", "statment", "b.yaml", "line 3"))


def test_a_mistake_in_a_claim_file_does_not_stop_other_work(run: Run, claim: str, here: Path) -> None:
    (here / "claims" / "a.yaml").write_text("id: a\nstatment: A.\n", encoding="utf-8")
    code, _, err = record(run)

    assert code == 0
    assert "statment" in err


def test_a_model_path_that_does_not_exist_is_one_sentence(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKBENCH_SEARCH__MODEL", str(tmp_path / "no-model"))
    (here / "evidence" / "a.txt").write_text(ARTICLE, encoding="utf-8")

    assert "no-model" in error_of(run, "evidence", "sync")["message"]


def test_an_export_goes_to_a_file_or_to_stdout(run: Run, claim: str, tmp_path: Path) -> None:
    record(run)

    assert run("export", "--format", "json", "-o", tmp_path / "out.json")[0] == 0
    code, out, _ = run("export", "--format", "json", "-o", "-")
    assert code == 0
    assert json.loads(out) == json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))


def test_a_claimreview_that_may_not_be_published_is_still_written_as_a_draft(run: Run, claim: str) -> None:
    record(run)
    code, out, err = run("export", "--format", "claimreview", "-o", "-")

    assert (code, json.loads(out)["creativeWorkStatus"]) == (0, "Draft")
    assert "CR6" in err


def test_an_export_to_a_folder_that_is_not_there_is_refused(run: Run, claim: str, tmp_path: Path) -> None:
    assert error_of(run, "export", "--format", "json", "-o", tmp_path / "no" / "out.json")["code"] == "export"


def test_extract_needs_no_workspace_and_gives_offsets_into_the_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORKBENCH_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text("“There was fraud in the vote,” Min Aung Hlaing said.\n", encoding="utf-8")

    found = document(run, "claims", "extract", "a.txt")["files"][0]

    quote = found["quotes"][0]
    assert found["text"] == (tmp_path / "a.txt").read_text(encoding="utf-8")
    assert found["text"][quote["start"] : quote["end"]] == quote["quote"]
    assert quote["speaker"] == "Min Aung Hlaing"


@pytest.mark.model
def test_the_whole_line_from_a_file_to_a_cited_verdict(run: Run, claim: str, here: Path, tmp_path: Path) -> None:
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "scan.pdf").write_text("this is no pdf", encoding="utf-8")

    code, out, _ = run("evidence", "add", tmp_path / "article.txt", tmp_path / "scan.pdf", "--publisher", "The Paper", "--json")
    report = json.loads(out)
    hits = document(run, "search", "The claims of fraud are not substantiated", "--k", "2")["hits"]
    cite = f"{hits[0]['passage_id']}:refutes"
    stored = json.loads(record(run, "--cite", cite, rating="refuted")[1])

    assert (code, [one["stored"] for one in report["added"]], len(report["failed"])) == (3, ["evidence/article.txt"], 1)
    assert set(report) == {"added", "unchanged", "replaced", "removed", "failed"}
    assert "unsubstantiated" in hits[0]["text"]
    assert stored["citations"][0]["quote"] == hits[0]["text"]
    at = report["added"][0]["sha256"][:16]
    words = f"{at}-{ARTICLE.index('mass fraud')}-{ARTICLE.index('mass fraud') + len('mass fraud')}"
    exact = json.loads(record(run, "--cite", f"{words}:refutes", "--token", "exact", rating="refuted")[1])
    assert [one["quote"] for one in exact["citations"]] == ["mass fraud"]
    printed = document(run, "evidence", "cite", words)
    assert (printed["passage_id"], printed["quote"], printed["publisher"]) == (words, "mass fraud", "The Paper")
    assert printed["citation"] == f"“mass fraud” article.txt, The Paper, date unknown. sha256 {at[:12]}"
    assert document(run, "verify")["failures"] == []


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("nothing-here.txt", None, "not_found"),
        ("no-pdf.pdf", b"this is no pdf", "malformed_pdf"),
        ("broken.pdf", b"%PDF-1.7\nbroken", "malformed_pdf"),
        ("empty.txt", b"", "empty_file"),
        ("scan.pdf", pdf([]), "no_text_layer"),
        ("tool.exe", b"MZ", "unsupported_type"),
    ],
    ids=["missing", "not a pdf", "broken pdf", "empty", "scan", "program"],
)
def test_a_file_that_cannot_be_taken_in_exits_1_with_reason_and_remedy(
    run: Run, here: Path, tmp_path: Path, name: str, content: bytes | None, code: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)

    got, out, _ = run("evidence", "add", tmp_path / name, "--json")

    report = json.loads(out)
    assert (got, [one["code"] for one in report["failed"]], report["added"]) == (1, [code], [])
    assert report["failed"][0]["message"]
    assert report["failed"][0]["hint"]
    assert document(run, "status")["sources"] == 0


@pytest.mark.model
def test_the_seed_articles_show_the_allegation_and_its_denial_in_the_top_five(run: Run, here: Path, shared: Path) -> None:
    run("evidence", "add", shared / "seeds")

    texts = [
        hit["text"] for hit in document(run, "search", "There was mass fraud in Myanmar's November 2020 election")["hits"][:5]
    ]

    assert any("unsubstantiated and disputed" in text for text in texts)
    assert any("alleging that there was mass fraud" in text for text in texts)


@pytest.mark.model
def test_the_demonstration_ends_with_a_report_and_leaves_the_checkout_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    demo.run()

    last = capsys.readouterr().out.splitlines()[-1]
    page = Path(last.removeprefix("The report is "))
    assert page.is_relative_to(tmp_path)
    assert "Unsubstantiated" in page.read_text(encoding="utf-8")


def test_an_export_is_written_through_a_link_and_never_over_a_folder(run: Run, claim: str, tmp_path: Path) -> None:
    target, link = tmp_path / "real.json", tmp_path / "link.json"
    target.write_text("", encoding="utf-8")
    link.symlink_to(target)

    assert run("export", "--format", "json", "-o", link)[0] == 0
    assert (link.is_symlink(), target.stat().st_size > 0) == (True, True)
    for place in (tmp_path, "", "/etc/passwd/x", tmp_path / ("x" * 260)):
        assert error_of(run, "export", "--format", "json", "-o", place)["code"] == "export"


def test_a_status_that_does_not_exist_is_bad_usage(run: Run, claim: str) -> None:
    assert error_of(run, "export", "--format", "json", "--status", "bogus", "-o", "-", code=2)["code"] == "usage"


def test_an_import_says_what_it_left_out(run: Run, here: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("statement,reviewer\nA thing.,Ana\nA thing.,Ana\n", encoding="utf-8")

    imported = document(run, "claims", "import", tmp_path / "in.csv")

    assert len(imported["added"]) == 1
    assert len(imported["notes"]) == 2


# --- searches ----------------------------------------------------------------------------------------------------------


def test_a_table_of_queries_gives_a_table_of_hits_and_lists_the_rows_that_could_not_be_searched_for(
    run: Run, here: Path, tmp_path: Path
) -> None:
    (here / "evidence" / "article.md").write_text(ARTICLE, encoding="utf-8")
    run("evidence", "sync")
    (tmp_path / "queries.csv").write_text('query,id\n"""mass fraud""",a\nfraud AND,b\n', encoding="utf-8")

    code, out, err = run(
        *("search", "--queries", tmp_path / "queries.csv", "-o", tmp_path / "hits.csv", "--mode", "lexical", "--json")
    )

    assert (code, json.loads(out)["failed"][0]["id"], json.loads(out)["hits"]) == (3, "b", 1)
    assert "row 2" in err
    assert "marred by mass fraud" in (tmp_path / "hits.csv").read_text(encoding="utf-8-sig")


def test_a_saved_search_is_announced_after_an_intake_until_it_was_seen(run: Run, here: Path, tmp_path: Path) -> None:
    assert run("searches", "save", "Fraud", "fraud -rice", "--mode", "lexical")[0] == 0
    (tmp_path / "article.md").write_text(ARTICLE, encoding="utf-8")

    err = run("evidence", "add", tmp_path / "article.md", "--topic", "Elections")[2]

    assert "1 new passage in 1 file matches “Fraud”" in err
    assert document(run, "status")["searches"]["news"][0]["passages"] == 1
    assert len(document(run, "searches", "run", "fraud")["hits"]) == 1
    assert len(document(run, "search", "fraud", "--mode", "lexical", "--topic", "elections")["hits"]) == 1
    assert document(run, "searches", "seen", "fraud")["seen"][0]["passages"] == 1
    assert document(run, "searches", "news") == {"news": []}
