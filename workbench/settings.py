"""workbench.toml and WORKBENCH_* variables, and where a workspace keeps its things.

What lives here: every setting with its default and its reason, the folder layout, the search for the workspace. What does
not: anything that opens a store, beyond making the folders. The only door to pydantic-settings.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from workbench.errors import LedgerDamaged, SettingsError, UsageError, WorkspaceError
from workbench.models import Rating, RatingScale, canonical_json, sha256_hex
from workbench.ratings import SCALES

CONFIG_NAME = "workbench.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(_Section):
    """Who publishes the fact-checks. Without a url a ClaimReview stays a draft."""

    name: str = ""
    url: str = ""
    licence: str = ""

    @field_validator("url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError(f"{value!r} is not an address; start it with https://")
        return value


_DataName = Annotated[str, Field(pattern=r"^[A-Za-z]{2,8}(?:_[A-Za-z]+)*$")]  # it names a file to tesseract


class EvidenceSettings(_Section):
    """How evidence files are read and cut. The limits are per file and kept by the parent of the reading process.

    media_mb: of a photo, video or sound file, which is copied and hashed piece by piece and never read whole.
    """

    max_file_mb: Annotated[int, Field(ge=1, le=4096)] = 200
    media_mb: Annotated[int, Field(ge=1, le=1_000_000)] = 2_000
    seconds_per_file: Annotated[float, Field(gt=0, le=3600)] = 20.0
    memory_mb: Annotated[int, Field(ge=256, le=65536)] = 1024
    # Three sentences of 90 words lost 0.013 nDCG@10 on politihop against the uncut texts; these lose nothing, and MiniLM's 256
    # word pieces hold them. A paragraph that ends earlier ends its passage.
    passage_sentences: Annotated[int, Field(ge=1, le=20)] = 5
    passage_words: Annotated[int, Field(ge=20, le=400)] = 150
    # What scans are read in where nobody says what they are in: ISO 639-1 codes, or tesseract's own names of its data.
    ocr_languages: Annotated[tuple[_DataName, ...], Field(min_length=1, max_length=8)] = ("eng",)
    ocr_seconds_per_page: Annotated[float, Field(gt=0, le=3600)] = 30.0


class SearchSettings(_Section):
    """The models and the fusion. dense_weight: share of cosine in the score of an ordinary query; the rest is BM25.

    Each query moves the share by how far its best passages stand out on either side (search/fusion.py). runtime: `auto`
    is torch on a GPU, else OpenVINO where it can run the model, else torch. Prompts come before what is encoded; None takes the
    model's own. dimensions: how many numbers of a vector are kept (0: all), for models trained to be cut. All are part of the
    fingerprint.
    """

    model: str = "packaged"
    runtime: Literal["auto", "openvino", "torch"] = "auto"
    query_prompt: str | None = None
    passage_prompt: str | None = None
    dimensions: Annotated[int, Field(ge=0, le=100_000)] = 0
    reranker: str = ""
    rerank_depth: Annotated[int, Field(ge=1, le=1000)] = 50
    dense_weight: Annotated[float, Field(ge=0, le=1)] = 0.8  # issue 2: beats BM25, dense and RRF on most development sets
    candidates: Annotated[int, Field(ge=10, le=10_000)] = 200
    k: Annotated[int, Field(ge=1, le=1000)] = 10
    per_source: Annotated[int, Field(ge=1, le=1000)] = 3  # hits of one file that may stand before those of other files
    # What the model was checked for: the packaged one was trained on English. Anything else is found by words only.
    languages: tuple[str, ...] = ("en",)


class CustomField(_Section):
    """A field that a workspace gives its claims. label: what a page calls it, the name where it has none."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
    label: str = ""
    kind: Literal["text", "choice", "number", "date"] = "text"
    choices: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _choices_for_a_choice(self) -> CustomField:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"the field {self.name} is a {self.kind} with {len(self.choices)} choices; only a choice has some")
        return self


class ClaimSettings(_Section):
    """When claims are shown as alike: from which cosine a pair is suggested, and from which it is all but certain.

    Of tweets set against checked claims the nearest was the right one in 98 of 100 from 0.6 on; two claims that are not the
    same reached 0.82 in 1 of 100 (docs/similar-claims.md). The lens has a veto at either.
    """

    similar_from: Annotated[float, Field(ge=0, le=1)] = 0.6
    near_certain_from: Annotated[float, Field(ge=0, le=1)] = 0.9
    fields: tuple[CustomField, ...] = ()

    @field_validator("fields")
    @classmethod
    def _named_once(cls, value: tuple[CustomField, ...]) -> tuple[CustomField, ...]:
        names = [field.name for field in value]
        if len(set(names)) != len(names):
            raise ValueError(f"two fields share a name: {', '.join(names)}")
        return value

    @model_validator(mode="after")
    def _in_order(self) -> ClaimSettings:
        if self.near_certain_from < self.similar_from:
            raise ValueError(f"near_certain_from ({self.near_certain_from}) lies below similar_from ({self.similar_from})")
        return self


class StanceSettings(_Section):
    """A model that suggests whether a passage supports a claim; off unless a folder is named, and named where it speaks.

    temperature: what its probabilities are evened out by; `workbench eval DIR --stance` fits one on labelled pairs.
    """

    model: str = ""
    temperature: Annotated[float, Field(gt=0, le=100)] = 1.0


class Policy(_Section):
    """What a verdict needs before it is accepted. Checked inside the ledger's transaction.

    repeats_count: whether words of the claimant's own, as a file quotes them, are citation enough for a decisive rating; they
    are never an origin.
    """

    decisive_needs_citation: bool = True
    off_axis_needs_ground: bool = False
    rationale_words: Annotated[int, Field(ge=0, le=10_000)] = 0
    repeats_count: bool = True


class CustomRating(_Section):
    """One rating of a scale written in workbench.toml."""

    slug: str
    label: str
    definition: str = ""
    order: int | None = None
    decisive: bool = True
    colour: str = "#5B6770"
    same_as: str | None = None


class ReviewSettings(_Section):
    """The scale, the policy and the guidelines in force. A verdict stores their hash."""

    scale: str = "averitec-4"
    ratings: tuple[CustomRating, ...] = ()
    policy: Policy = Policy()
    guidelines: str = ""

    @model_validator(mode="after")
    def _known_scale(self) -> ReviewSettings:
        if not self.ratings and self.scale not in SCALES:
            raise ValueError(f"there is no scale {self.scale!r}; use one of {', '.join(SCALES)}, or list [[review.ratings]]")
        if self.ratings:
            self.rating_scale  # noqa: B018  # raises where the ratings do not make a scale
        return self

    @property
    def rating_scale(self) -> RatingScale:
        """The scale reviewers use."""
        if not self.ratings:
            return SCALES[self.scale]
        ratings = tuple(Rating(**rating.model_dump()) for rating in self.ratings)
        return RatingScale(id=self.scale, name=self.scale, ratings=ratings)

    @property
    def policy_hash(self) -> str:
        """sha256 of guidelines, scale and policy: what was in force when a verdict was given."""
        parts = [self.guidelines, self.rating_scale.model_dump(mode="json"), self.policy.model_dump(mode="json")]
        return sha256_hex(canonical_json(parts))


class Settings(BaseSettings):
    """Everything workbench.toml may say. `WORKBENCH_SEARCH__MODEL=/path` overrides `[search] model`."""

    model_config = SettingsConfigDict(env_prefix="WORKBENCH_", env_nested_delimiter="__", extra="forbid", frozen=True)

    name: str = "Workbench"
    mode: Literal["local"] = "local"
    organisation: Organisation = Organisation()
    evidence: EvidenceSettings = EvidenceSettings()
    search: SearchSettings = SearchSettings()
    claims: ClaimSettings = ClaimSettings()
    stance: StanceSettings = StanceSettings()
    review: ReviewSettings = ReviewSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Variables of the environment come before what `load_settings` read from the file."""
        return env_settings, init_settings


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


def _refuse_lost_ledger(workspace: Workspace) -> None:
    """A ledger is begun only where nothing was kept: beside originals or cited texts a new one would hide that it is gone."""
    if workspace.ledger.exists():
        return
    folders = (workspace.records / "originals", workspace.records / "texts")
    kept = [folder for folder in folders if any(one.is_file() for one in folder.rglob("*"))]
    if kept:
        raise LedgerDamaged(
            f"{workspace.ledger} is gone, but {kept[0]} still holds what it recorded.",
            hint="Put the ledger back from a backup. To begin anew without its verdicts, move the records folder away.",
            code="ledger_gone",
        )


def prepare(workspace: Workspace) -> None:
    """Make the folders a workspace needs. Raises: WorkspaceError where they cannot be written, LedgerDamaged for a lost one."""
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


TEMPLATE = """\
# Settings of this workspace. Every key is optional; what is commented out shows its default.
# A variable such as WORKBENCH_SEARCH__MODEL overrides `model` under [search].

name = "{name}"

[organisation]            # who publishes; a ClaimReview without a url stays a draft
# name = ""
# url = ""                # for example "https://factcheck.example.org"
# licence = ""

[evidence]                # limits are per file
# max_file_mb = 200
# media_mb = 2000         # photos, videos and sound files that somebody describes
# seconds_per_file = 20.0
# memory_mb = 1024
# passage_sentences = 5   # changing either makes new passages: run `workbench evidence reindex`
# passage_words = 150
# ocr_languages = ["eng"] # of scans and pictures, for example ["my", "en"]; a language in NAME.meta.yaml comes before it
# ocr_seconds_per_page = 30.0

[search]
# model = "packaged"      # or the folder of any sentence-transformers model on this machine; try it: workbench model check
# runtime = "auto"        # torch where there is a GPU, else OpenVINO where it runs the model; or "openvino", or "torch"
# dimensions = 0          # keep the first so many numbers of a vector (0: all); for models trained to be cut (Matryoshka)
#                           query_prompt, passage_prompt: words put before what is encoded, in place of the model's own
# reranker = ""           # the folder of a CrossEncoder that puts the best hits in a better order
# rerank_depth = 50       # how many of the best hits it reads
# dense_weight = 0.8      # share of meaning in the score of an ordinary query; the rest is words
# candidates = 200
# k = 10
# per_source = 3          # hits of one file that may stand before those of other files
# languages = ["en"]      # what the model was checked for; passages in other languages are found by words only

[claims]                  # cosine from which two claims are shown as alike; never where the lens sees a difference
# similar_from = 0.6
# near_certain_from = 0.9
#                           fields of your own are blocks of [[claims.fields]] with name, label, kind (text, choice, number,
#                           date) and, for a choice, choices: docs/claims.md

[stance]                  # "model X suggests", never a verdict
# model = ""              # the folder of a CrossEncoder with the labels entailment, contradiction and neutral
# temperature = 1.0       # evens out its probabilities; `workbench eval DIR --stance` fits one on labelled pairs

[review]
# scale = "averitec-4"
# guidelines = ""

[review.policy]
# decisive_needs_citation = true
# off_axis_needs_ground = false
# rationale_words = 0
# repeats_count = true    # false: a passage that only quotes the claimant making the claim is not citation enough
"""
