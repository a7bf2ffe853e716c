"""workbench.toml and WORKBENCH_* variables, and where a workspace keeps its things.

What lives here: reading the settings, the folder layout, the search for the workspace. What does not: the settings themselves
(sections.py, keys.py, template.py), how variables are read (variables.py), or anything that opens a store, beyond making the
folders.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from workbench.errors import LedgerDamaged, LedgerError, SettingsError, UsageError, WorkspaceError
from workbench.settings.keys import KeySettings
from workbench.settings.sections import (
    ClaimSettings,
    CustomField,
    CustomRating,
    EvidenceSettings,
    MilvusSettings,
    Organisation,
    Policy,
    RecordsSettings,
    ReportSettings,
    ReviewSettings,
    SearchSettings,
    StanceSettings,
    UiSettings,
)
from workbench.settings.template import TEMPLATE
from workbench.settings.variables import overridden

__all__ = [
    "CONFIG_NAME",
    "TEMPLATE",
    "ClaimSettings",
    "CustomField",
    "CustomRating",
    "EvidenceSettings",
    "KeySettings",
    "MilvusSettings",
    "Organisation",
    "Policy",
    "RecordsSettings",
    "ReportSettings",
    "ReviewSettings",
    "SearchSettings",
    "Settings",
    "StanceSettings",
    "UiSettings",
    "Workspace",
    "find_workspace",
    "keeps_files",
    "ledger_address",
    "load_settings",
    "prepare",
]

CONFIG_NAME = "workbench.toml"


class Settings(BaseModel):
    """Everything workbench.toml may say. `WORKBENCH_SEARCH__MODEL=/path` overrides `[search] model`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "Workbench"
    mode: Literal["local", "team"] = "local"  # team: docs/team.md; one laptop needs no login
    records: RecordsSettings = RecordsSettings()
    organisation: Organisation = Organisation()
    evidence: EvidenceSettings = EvidenceSettings()
    search: SearchSettings = SearchSettings()
    claims: ClaimSettings = ClaimSettings()
    stance: StanceSettings = StanceSettings()
    review: ReviewSettings = ReviewSettings()
    report: ReportSettings = ReportSettings()
    ui: UiSettings = UiSettings()
    keys: KeySettings = KeySettings()

    @model_validator(mode="before")
    @classmethod
    def _overridden(cls, values: Any) -> Any:
        """Variables of the environment come before what `load_settings` read from the file."""
        return overridden(values, cls) if isinstance(values, dict) else values


@dataclass(frozen=True)
class Workspace:
    """The folders of one workspace (DESIGN.md section 5). Only `derived` may be deleted."""

    root: Path

    @property
    def config(self) -> Path:
        """workbench.toml."""
        return self.root / CONFIG_NAME

    @property
    def claims(self) -> Path:
        """Claim files people may edit."""
        return self.root / "claims"

    @property
    def evidence(self) -> Path:
        """Evidence files as people dropped them: an intake folder."""
        return self.root / "evidence"

    @property
    def records(self) -> Path:
        """Ledger, originals and cited texts: what must be backed up besides claims/ and evidence/."""
        return self.root / "records"

    @property
    def secrets(self) -> Path:
        """What the login of team mode needs: Streamlit's own file, never in a backup."""
        return self.root / ".streamlit" / "secrets.toml"

    @property
    def ledger(self) -> Path:
        """The ledger database."""
        return self.records / "ledger.sqlite"

    @property
    def derived(self) -> Path:
        """Passages, vectors and index generations; rebuilt by `workbench evidence sync`."""
        return self.root / ".workbench"

    @property
    def ocr_pages(self) -> Path:
        """Pages that OCR read, by the sha256 of their file, so that none is read twice."""
        return self.derived / "ocr"


def find_workspace(given: str | Path | None = None, *, start: Path | None = None) -> Workspace:
    """The workspace named by `given`, else by WORKBENCH_WORKSPACE, else the nearest folder up that has workbench.toml.

    Raises: UsageError (exit 2) where there is none.
    """
    named = given or os.environ.get("WORKBENCH_WORKSPACE")
    if named:
        root = Path(named).expanduser().resolve()
        if not (root / CONFIG_NAME).is_file():
            raise UsageError(
                f"{root} is not a workspace: it has no {CONFIG_NAME}.", hint=f"Make one with: workbench init {root}"
            )
        return Workspace(root)
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG_NAME).is_file():
            return Workspace(folder)
    raise UsageError(
        f"No {CONFIG_NAME} in {here} or any folder above it.",
        hint="Give --workspace DIR, set WORKBENCH_WORKSPACE, or make one with: workbench init DIR",
    )


def load_settings(workspace: Workspace) -> Settings:
    """The settings of a workspace. Raises: SettingsError listing every problem at once (RELIABILITY.md case 71)."""
    try:
        values: dict[str, Any] = tomllib.loads(workspace.config.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{workspace.config} is not valid TOML: {error}", hint="Mend that line and try again.") from error
    try:
        return Settings(**values)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, item['loc'])) or CONFIG_NAME}: {item['msg']}" for item in error.errors()]
        raise SettingsError(
            f"{len(problems)} setting(s) in {workspace.config} or in WORKBENCH_* are wrong: " + "; ".join(problems),
            hint="Mend the keys named; `workbench init` in an empty folder writes every key with its default.",
        ) from error


def ledger_address(workspace: Workspace, settings: Settings) -> str:
    """Where the ledger of a workspace is. It may hold a password: never for people to see."""
    return settings.records.url.get_secret_value() or f"sqlite:///{workspace.ledger}"


def keeps_files(workspace: Workspace) -> Path | None:
    """The folder that holds originals or cited texts; None where nothing was kept yet, and a ledger may be begun."""
    folders = (workspace.records / "originals", workspace.records / "texts")
    return next((folder for folder in folders if any(one.is_file() for one in folder.rglob("*"))), None)


def _refuse_lost_ledger(workspace: Workspace) -> None:
    """A ledger is begun only where nothing was kept: beside originals or cited texts a new one would hide that it is gone."""
    kept = None if workspace.ledger.exists() else keeps_files(workspace)
    if kept is not None:
        raise LedgerDamaged(
            f"{workspace.ledger} is gone, but {kept} still holds what it recorded.",
            hint="Put the ledger back from a backup. To begin anew without its verdicts, move the records folder away.",
            code="ledger_gone",
        )


def _refuse_two_ledgers(workspace: Workspace) -> None:
    """Of a file and a server only one goes on being written: whoever opens the other later would miss what was saved."""
    if workspace.ledger.exists():
        raise LedgerError(
            f"records.url names a server, and {workspace.ledger} holds a ledger too.",
            hint="If it was copied to the server, move that file out of the folder. To copy it: workbench records copy --from "
            f"{workspace.ledger} --to ADDRESS. To go on with the file, take records.url out.",
            code="two_ledgers",
        )


def prepare(workspace: Workspace, records: RecordsSettings) -> None:
    """Make the folders a workspace needs.

    Raises: WorkspaceError where they cannot be written, LedgerDamaged for a lost ledger, LedgerError where there are two.
    """
    if records.url.get_secret_value():
        _refuse_two_ledgers(workspace)
    else:
        _refuse_lost_ledger(workspace)
    try:
        for folder in (workspace.claims, workspace.evidence, workspace.records, workspace.derived):
            folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WorkspaceError(
            f"The workspace {workspace.root} cannot be written: {error.strerror}.",
            hint="Check the permissions of the folder and the free space.",
            code="unwritable",
        ) from error
