"""The sections of workbench.toml: every setting with its default and its reason."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from workbench.models import Rating, RatingScale, Slug, canonical_json, sha256_hex
from workbench.ratings import SCALES, in_language
from workbench.ratings.colours import PAPERS, contrast, nearest_visible, too_faint_on
from workbench.tongue import MIRRORED, languages


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Organisation(_Section):
    """Who publishes the fact-checks. Without a url a ClaimReview stays a draft.

    logo: a PNG or JPEG in the workspace folder, printed at the head of reports in place of the name.
    """

    name: str = ""
    url: str = ""
    licence: str = ""
    logo: str = ""

    @field_validator("url")
    @classmethod
    def _absolute(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError(f"{value!r} is not an address; start it with https://")
        return value


class RecordsSettings(_Section):
    """Where the records lie: records/ledger.sqlite of the workspace, or a PostgreSQL server several app servers share.

    url: may hold a password, and is shown nowhere; docs/postgres.md says how to keep it out of workbench.toml. takes_in:
    whether the files in this folder's claims/ and evidence/ are taken in: on one app server of several.
    """

    url: SecretStr = SecretStr("")  # a laptop needs no server
    takes_in: bool = True  # an empty claims/ of a second server would say that every claim is gone

    @field_validator("url")
    @classmethod
    def _of_a_server(cls, value: SecretStr) -> SecretStr:
        beginnings = ("postgresql+psycopg://", "postgresql://", "postgres://")
        if value.get_secret_value() and not value.get_secret_value().startswith(beginnings):
            raise ValueError("it is not the address of a PostgreSQL server: postgresql+psycopg://USER@HOST/DATABASE")
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


class MilvusSettings(_Section):
    """Where the indexes are kept with `engine = "milvus"`. collection: the alias that is searched; docs/scaling.md.

    token: for servers with accounts; best given as WORKBENCH_SEARCH__MILVUS__TOKEN, which stands in no file.
    """

    url: str = ""
    collection: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,199}$")] = "workbench"
    token: SecretStr = SecretStr("")
    # Seconds for one search. A cluster answers in well under one; 30 leave room for a collection that is still being loaded.
    seconds: Annotated[float, Field(gt=0, le=600)] = 30.0

    @field_validator("url")
    @classmethod
    def _of_a_server(cls, value: str) -> str:
        address = urlsplit(value)
        if value and (address.scheme not in ("http", "https") or not address.hostname or address.port == 0):
            raise ValueError("that is not the address of a server; one is like http://127.0.0.1:19530")
        return value


class SearchSettings(_Section):
    """The models and the fusion. dense_weight: share of cosine in the score of an ordinary query; the rest is BM25.

    Each query moves the share by how far its best passages stand out on either side (search/fusion.py). runtime: `auto`
    is torch on a GPU, else OpenVINO where it can run the model, else torch. Prompts come before what is encoded; None takes the
    model's own. dimensions: how many numbers of a vector are kept (0: all), for models trained to be cut. All are part of the
    fingerprint. engine: what keeps the indexes: files of this workspace, or a Milvus server.
    """

    engine: Literal["local", "milvus"] = "local"  # one machine needs no server: docs/scaling.md says from when on one helps
    milvus: MilvusSettings = MilvusSettings()

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

    @model_validator(mode="after")
    def _has_a_server(self) -> SearchSettings:
        if self.engine == "milvus" and not self.milvus.url:
            raise ValueError('engine = "milvus" needs the address of the server: url under [search.milvus]')
        return self

    @property
    def shaping(self) -> dict[str, object]:
        """What shapes a search, as JSON. Where the server is does not, and what stood here before there were engines stays."""
        aside = {"runtime", "k", "milvus"} | ({"engine"} if self.engine == "local" else set())
        return self.model_dump(mode="json", exclude=aside)


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
    same reached 0.82 in 1 of 100 (docs/similar-claims.md). The lens has a veto at either. bears_from: from which cosine a new
    passage may bear on a decided claim; of the sample workspace's 55 passages a claim has three at 0.5, twelve at 0.4.
    """

    similar_from: Annotated[float, Field(ge=0, le=1)] = 0.6
    near_certain_from: Annotated[float, Field(ge=0, le=1)] = 0.9
    bears_from: Annotated[float, Field(ge=0, le=1)] = 0.5
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
    are never an origin. origins: how many independent ones stand behind a decisive rating. ask_named_person: somebody who is
    named as the claimant was asked, and replied or had the time to, before a decisive rating. publish_confidence: reports say
    how sure the reviewer is; readers take a word for a measurement, so they do not by default.

    sign_offs: the roles that must sign a verdict before it goes to readers, `editor`, `legal`, `copy`; none by default: a
    newsroom of two has nobody to ask. second_person_publishes: whoever gave a verdict neither signs it off
    nor publishes it; off for the same reason.
    """

    decisive_needs_citation: bool = True
    off_axis_needs_ground: bool = False
    rationale_words: Annotated[int, Field(ge=0, le=10_000)] = 0
    repeats_count: bool = True
    origins: Annotated[int, Field(ge=0, le=20)] = 0
    explanation_required: bool = False
    headline_required: bool = False
    ask_named_person: bool = False
    publish_confidence: bool = False
    sign_offs: tuple[Slug, ...] = ()
    second_person_publishes: bool = False

    @field_validator("sign_offs")
    @classmethod
    def _asked_once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) != len(value):
            raise ValueError(f"a sign-off is asked for twice: {', '.join(value)}")
        return value


class ReportSettings(_Section):
    """How reports look. template: a file in the workspace folder that replaces the html template; paper: of pdf and docx."""

    template: str = ""
    paper: Literal["a4", "letter"] = "a4"  # most of the world; html is set by whoever prints it


class UiSettings(_Section):
    """The app. language: of its labels, `auto` being what the reader's browser asks for; text of people is never translated."""

    language: str = "auto"

    @field_validator("language")
    @classmethod
    def _there_is_one(cls, value: str) -> str:
        if value not in (known := ("auto", *languages(), MIRRORED)):
            raise ValueError(f"there is no language {value!r}; use one of {', '.join(known[:-1])}: docs/translating.md")
        return value


class CustomRating(Rating):
    """One rating of a scale written in workbench.toml. Its colour can be seen on both papers of the app."""

    @field_validator("colour")
    @classmethod
    def _can_be_seen(cls, value: str) -> str:
        faint = too_faint_on(value)
        if faint is not None:
            raise ValueError(
                f"{value} can hardly be seen on the {faint} paper ({contrast(value, PAPERS[faint]):.1f}:1; 3:1 is needed); "
                f"{nearest_visible(value)} is seen on both papers"
            )
        return value

    @field_validator("definition")
    @classmethod
    def _one_line(cls, value: str) -> str:
        if len(value.splitlines()) > 1:
            raise ValueError("the definition is one sentence for readers, on one line")
        return value


class ReviewSettings(_Section):
    """The scale, the policy and the guidelines in force, of which a verdict stores the hash; and how many eyes a claim needs.

    reviews: by how many people a claim is judged before it is settled. blind: where that is more than one, nobody reads what
    colleagues did on it before having given a verdict of their own. overlap: percent of claims that two people judge where one
    would do, drawn by overlap_seed. referee_may_review: one of those who disagree may settle it.

    language: of the labels and definitions of the scale, where a rating has a translation into it.
    """

    scale: str = "averitec-4"
    language: str = ""
    ratings: tuple[CustomRating, ...] = ()
    policy: Policy = Policy()
    guidelines: str = ""
    reviews: Literal[1, 2, 3] = 1  # DESIGN.md section 6: a desk of one person can work
    blind: bool = True  # a second judgement that has seen the first one is no second judgement
    overlap: Annotated[float, Field(ge=0, le=100)] = 0.0
    overlap_seed: str = ""
    referee_may_review: bool = False

    @model_validator(mode="after")
    def _known_scale(self) -> ReviewSettings:
        if not self.ratings and self.scale not in SCALES:
            raise ValueError(f"there is no scale {self.scale!r}; use one of {', '.join(SCALES)}, or list [[review.ratings]]")
        if self.ratings:
            self.rating_scale  # noqa: B018  # raises where the ratings do not make a scale
        if self.ratings and self.scale in SCALES:
            raise ValueError(
                f'{self.scale!r} is a preset; give the scale of [[review.ratings]] a name of its own: scale = "ours"'
            )
        return self

    @property
    def rating_scale(self) -> RatingScale:
        """The scale reviewers use, in the language of the settings where it was translated."""
        if not self.ratings:
            return in_language(SCALES[self.scale], self.language)
        ratings = tuple(Rating.model_validate(rating.model_dump()) for rating in self.ratings)
        return in_language(RatingScale(id=self.scale, name=self.scale, ratings=ratings), self.language)

    def reviews_of(self, claim_id: str) -> int:
        """How many people judge this claim: what the policy says, or two where it is in the overlap sample.

        Whether it is in the sample hangs on its id and the seed alone; a larger sample holds every smaller one.
        """
        return max(self.reviews, 2) if self.is_in_overlap(claim_id) else self.reviews

    def is_in_overlap(self, claim_id: str) -> bool:
        """Whether a claim was drawn for the overlap sample; the same claims as long as share and seed are."""
        drawn = int(sha256_hex(f"{self.overlap_seed}\n{claim_id}")[:13], 16) / 16**13  # 52 bits: a float holds them exactly
        return drawn * 100 < self.overlap

    def is_blind_on(self, claim_id: str) -> bool:
        """Whether those who judge this claim do not read one another's work first."""
        return self.blind and self.reviews_of(claim_id) > 1

    @property
    def is_ever_blind(self) -> bool:
        """Whether there may be a claim on which reviewers are blind."""
        return self.blind and (self.reviews > 1 or self.overlap > 0)

    @property
    def policy_hash(self) -> str:
        """sha256 of guidelines, scale and policy: what was in force when a verdict was given; not what comes after.

        What stands at its default is left out, so that a key a later version adds changes no hash; so is a colour, which
        changes no rule.
        """
        return sha256_hex(canonical_json(self.rules))

    @property
    def rules(self) -> dict[str, object]:
        """Guidelines, scale and policy in force, as JSON: what the hash is made of."""
        scale = self.rating_scale
        ratings = [one.model_dump(mode="json", exclude_defaults=True, exclude={"colour"}) for one in scale.ratings]
        after = {"sign_offs", "second_person_publishes", "publish_confidence"}
        return {
            "guidelines": self.guidelines,
            "scale": {"id": scale.id, "name": scale.name, "ratings": ratings},
            "policy": self.policy.model_dump(mode="json", exclude_defaults=True, exclude=after),
        }
