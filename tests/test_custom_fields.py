"""The fields a workspace gives its claims: asked for, held to, and never lost where they are unknown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import ANA, FakeEncoder, make_claim
from tests.imported import imported
from workbench.desk import Desk
from workbench.errors import ClaimFileError, SettingsError
from workbench.settings import CustomField

FIELDS = (
    CustomField(name="desk", label="Desk", kind="choice", choices=("Asia", "Europe")),
    CustomField(name="reach", kind="number"),
    CustomField(name="seen", kind="date"),
)
TOML = """
[[claims.fields]]
name = "desk"
kind = "choice"
choices = ["Asia", "Europe"]
"""


def table(folder: Path, text: str) -> Path:
    path = folder / "claims.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_an_import_holds_custom_columns_to_their_fields_and_keeps_unknown_ones_with_a_note(tmp_path: Path) -> None:
    head = "statement,custom.desk,custom.reach,custom.seen,custom.mood\n"
    found = imported(table(tmp_path, f"{head}A thing.,Asia,12.5,2021-06,calm\n"), FIELDS)

    assert found.claims[0].custom == {"desk": "Asia", "reach": "12.5", "seen": "2021-06", "mood": "calm"}
    assert found.notes == ("No fields of this workspace, kept as they are: mood.",)
    with pytest.raises(ClaimFileError) as caught:
        imported(table(tmp_path, f"{head}A thing.,Mars,many,soon,\n"), FIELDS)
    for told in ("row 1", "'Mars' is none of Asia, Europe", "'many' is not a number", "'soon' is not a date"):
        assert told in caught.value.message


def test_a_claim_file_and_a_new_claim_are_held_to_the_fields_of_the_workspace(home: Path) -> None:
    with (home / "workbench.toml").open("a", encoding="utf-8") as settings:
        settings.write(TOML)
    with Desk.open(home, encoder=FakeEncoder) as desk:
        assert desk.add_claim(make_claim(custom={"desk": "Asia"}), actor=ANA).custom == {"desk": "Asia"}
        with pytest.raises(ClaimFileError, match="'Mars' is none of Asia, Europe"):
            desk.add_claim(make_claim("b", custom={"desk": "Mars"}), actor=ANA)
        assert [case.claim.id for case in desk.claims()] == ["a-claim"]

        (home / "claims" / "c.yaml").write_text("id: c\nstatement: C.\ncustom:\n  desk: Mars\n", encoding="utf-8")
        with pytest.raises(ClaimFileError, match=r"claims/c\.yaml line 4: desk: 'Mars' is none of"):
            desk.sync_claims()


@pytest.mark.parametrize(
    "wrong", [TOML + TOML, '[[claims.fields]]\nname = "desk"\nkind = "choice"\n'], ids=["twice", "no choices"]
)
def test_fields_that_make_no_sense_are_named_when_the_workspace_opens(home: Path, wrong: str) -> None:
    with (home / "workbench.toml").open("a", encoding="utf-8") as settings:
        settings.write(wrong)

    with pytest.raises(SettingsError, match="desk"):
        Desk.open(home)
