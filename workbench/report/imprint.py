"""Who publishes a report and how it is to look: what a form needs beside the reports themselves.

What lives here: values, and the check of a logo's bytes. What does not: reading them from a workspace (workbench.reporting).
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Literal

from workbench.errors import SettingsError
from workbench.report.blocks import Edition
from workbench.settings import Settings

MAX_LOGO = 1_000_000  # bytes: it is written into every html report
OFF_SCALE_COLOUR = "#5B6770"  # what a rating has that this workspace's scale no longer holds
_MAGIC: dict[bytes, Literal["png", "jpeg"]] = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}


@dataclass(frozen=True)
class Logo:
    """A picture as its bytes: PNG or JPEG, which hold no script and ask for nothing from elsewhere, as SVG may."""

    data: bytes
    form: Literal["png", "jpeg"]

    @property
    def data_uri(self) -> str:
        """The picture itself, as an address."""
        return f"data:image/{self.form};base64,{base64.b64encode(self.data).decode('ascii')}"


def logo_of(data: bytes, name: str) -> Logo:
    """The logo in these bytes. Raises: SettingsError for another kind of picture, or one too large."""
    if len(data) > MAX_LOGO:
        raise SettingsError(f"The logo {name} has {len(data):,} bytes.", hint=f"Use one of at most {MAX_LOGO:,}.")
    for magic, form in _MAGIC.items():
        if data.startswith(magic):
            return Logo(data, form)
    raise SettingsError(f"The logo {name} is neither PNG nor JPEG.", hint="Save it as one and name that under [organisation].")


@dataclass(frozen=True)
class Imprint:
    """What stands around the claims. template: the text of the workspace's own html template, where it has one."""

    settings: Settings
    edition: Edition = "reader"
    logo: Logo | None = None
    template: str | None = None
    colours: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ratings = self.settings.review.rating_scale.ratings
        object.__setattr__(self, "colours", {one.slug: one.colour for one in ratings})

    @property
    def publisher(self) -> str:
        """The organisation, or the workspace where none is named."""
        return self.settings.organisation.name or self.settings.name

    @property
    def licence(self) -> str:
        """The licence line; empty where there is none."""
        return self.settings.organisation.licence

    def colour_of(self, slug: str | None) -> str:
        """The colour of a rating, #rrggbb."""
        return self.colours.get(slug or "", OFF_SCALE_COLOUR)

    def title(self, only: str | None) -> str:
        """What the file is called inside: its one claim, else that these are fact-checks."""
        return only or f"Fact-checks by {self.publisher}"
