"""Documents that stand in one another to a large part: found, told how much and what was changed, never dropped."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.test_catalog import make_source
from workbench.catalog import Catalog
from workbench.models import LibraryEntry, NearCopy, PartialDate, Source, SourceMeta, sha256_hex
from workbench.near_copies import CopyElsewhere, copy_words
from workbench.reprints import Wording, is_near, overlap

WIRE = (
    "Rescue teams in the northern province pulled 21 people from the river on Sunday after a ferry overturned near the port. "
    "The harbour office said that no warning had been given before the boat left, and that its papers had expired in spring. "
    "Families waited through the night on the quay, where volunteers handed out blankets and tea to those who had come far. "
    "A spokesman for the ministry promised an inquiry and asked all owners of boats to have their engines looked at this week."
)
OTHER = (
    "Members of parliament spent most of Monday on the budget, which had been sent back to the committee twice since autumn. "
    "The treasurer defended the plan to raise the tax on fuel and offered to lower the one on bread in return next summer. "
    "Unions announced marches in three towns, while shopkeepers asked for time to change their tills and train their staff. "
    "A vote is expected before the end of the month, although several members of the majority have not made up their minds."
)
KHMER = "នាយករដ្ឋមន្ត្រីបានថ្លែងថាការបោះឆ្នោតនឹងប្រព្រឹត្តទៅនៅខែកក្កដា។ មន្ត្រីគណៈកម្មាធិការបានបញ្ជាក់ព័ត៌មាននេះនៅថ្ងៃសុក្រ។ "


def catalog_of(folder: Path, *texts: str) -> Catalog:
    catalog = Catalog(folder)
    catalog.put_all(make_source(str(number), text) for number, text in enumerate(texts))
    catalog.sketches.renew()
    return catalog


def near(catalog: Catalog, number: int) -> list[NearCopy]:
    return catalog.sketches.near(sha256_hex(str(number)))


def seen(one: str, other: str) -> tuple[float, float]:
    found = overlap(Wording.of(one), Wording.of(other))
    return round(found.here, 2), round(found.there, 2)


def test_a_reprint_names_the_figure_that_was_changed(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, WIRE, "Ferry accident: what is known. " + WIRE.replace("21", "12"), OTHER)

    (copy,) = near(catalog, 1)

    assert copy.source_id == sha256_hex("0")
    assert [(change.here, change.there) for change in copy.changes] == [
        (
            "in the northern province pulled 12 people from the river on",
            "in the northern province pulled 21 people from the river on",
        )
    ]


def test_a_dropped_denial_and_a_number_in_words_are_changes_too() -> None:
    changed = WIRE.replace("no warning", "a warning").replace("21 people", "nine people")

    found = overlap(Wording.of(WIRE), Wording.of(changed)).changes

    assert len(found) == 2
    assert "said that no warning had been" in found[1].here


def test_agency_copy_inside_a_longer_article_is_found_from_both_sides(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, WIRE, f"{OTHER}\n{WIRE}\n{OTHER[::-1]} {OTHER.upper()[:300]}")

    (of_wire,) = near(catalog, 0)
    (of_article,) = near(catalog, 1)

    assert of_wire.share == 1.0
    assert of_article.share_there == 1.0
    assert of_article.share < 0.5


def test_two_reports_that_share_no_runs_of_words_are_not_near(tmp_path: Path) -> None:
    assert near(catalog_of(tmp_path, WIRE, OTHER), 0) == []


def test_typesetting_is_no_difference() -> None:
    wrapped = WIRE.replace("volunteers", "volun-\nteers").replace(" and ", "\nand ")

    assert seen(WIRE, wrapped) == (1.0, 1.0)
    assert seen("It’s theirs. " + WIRE, "It's theirs. " + WIRE) == (1.0, 1.0)


def test_scripts_without_spaces_are_compared_by_letters() -> None:
    assert is_near(overlap(Wording.of(KHMER), Wording.of(f"ព័ត៌មានថ្មី {KHMER}")))


def test_texts_of_a_few_words_are_not_compared(tmp_path: Path) -> None:
    assert near(catalog_of(tmp_path, "The vote was held on Sunday.", "The vote was held on Sunday."), 0) == []


def test_tables_are_not_compared_because_their_columns_are_alike(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path)
    for name in ("a", "b"):
        source, passages = make_source(name, WIRE)
        catalog.put(source.model_copy(update={"media_type": "text/csv"}), passages)
    catalog.sketches.renew()

    assert catalog.sketches.sources() == set()


def test_a_source_that_is_read_again_or_dropped_takes_its_near_copies_with_it(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, WIRE, WIRE + " More.", WIRE + " Still more.")

    catalog.drop(sha256_hex("0"))
    catalog.put(*make_source("1", OTHER))
    catalog.sketches.renew()

    assert catalog.sketches.sources() == set()


def test_a_later_file_is_compared_with_those_of_another_process(tmp_path: Path) -> None:
    first, second = catalog_of(tmp_path, WIRE), Catalog(tmp_path)
    second.put(*make_source("1", "New: " + WIRE))
    second.sketches.renew()
    first.put(*make_source("2", "Newer: " + WIRE))
    first.sketches.renew()

    assert {copy.source_id for copy in near(first, 2)} == {sha256_hex("0"), sha256_hex("1")}


def test_a_catalog_of_the_version_before_keeps_everything_and_is_compared(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, WIRE, "New: " + WIRE)
    with sqlite3.connect(tmp_path / "catalog.sqlite") as db:
        for name in (
            *("TRIGGER source_new", "TRIGGER source_gone", "TRIGGER text_changed"),
            *("TABLE sketches", "TABLE near_copies", "TABLE unsketched"),
        ):
            db.execute(f"DROP {name}")
        db.execute("ALTER TABLE passages DROP COLUMN ocr_confidence")
        db.execute("PRAGMA user_version = 2")
    db.close()

    catalog = Catalog(tmp_path)
    catalog.sketches.renew()

    assert len(catalog.counts()) == 2
    assert len(catalog.sketches.sources()) == 2


@pytest.mark.parametrize(
    ("copy", "days", "words"),
    [
        ((0.87, 0.5), -3, "87 % of its words, published 3 days earlier by Example Wire"),
        ((0.2, 0.9), 1, "20 % of its words, which are 90 % of that file's, published 1 day later by Example Wire"),
        ((1.0, 1.0), 0, "100 % of its words, published on the same day by Example Wire"),
        ((1.0, 1.0), None, "100 % of its words, published by Example Wire"),
    ],
    ids=str,
)
def test_a_near_copy_says_how_much_when_and_by_whom(copy: tuple[float, float], days: int | None, words: str) -> None:
    near_copy = NearCopy(source_id="a" * 64, share=copy[0], share_there=copy[1])

    assert CopyElsewhere(entry=entry_of(publisher="Example Wire"), copy_of=near_copy, days=days).words == words


def test_the_intake_report_names_the_file_and_the_change() -> None:
    found = overlap(Wording.of(WIRE), Wording.of(WIRE.replace("21", "12")))
    copy = NearCopy(source_id="a" * 64, share=found.here, share_there=found.there, changes=found.changes)

    said = copy_words(copy, "evidence/a.txt")

    assert said.startswith("much of this text also stands in evidence/a.txt: 9")
    assert "here “in the northern province pulled 21 people" in said


def entry_of(publisher: str) -> LibraryEntry:
    made: Source = make_source("a", WIRE)[0]
    return LibraryEntry(
        source_id=made.source_id,
        paths=("evidence/a.txt",),
        meta=SourceMeta(publisher=publisher, published_on=PartialDate.model_validate("2021-06-02")),
        media_type=made.media_type,
        text_sha256=made.text_sha256,
        characters=len(made.text),
        reader="test 1",
        added_at=datetime(2021, 6, 3, tzinfo=UTC),
    )
