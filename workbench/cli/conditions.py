"""The options of every command that searches: how, how many, and among which sources."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

import typer

from workbench.models import Filters

Mode = Annotated[
    Literal["hybrid", "dense", "lexical"],
    typer.Option("--mode", help='Meaning and words, meaning only, words only (there "a phrase", AND OR NOT, -word, prefix*).'),
]
K = Annotated[int | None, typer.Option("--k", min=1, max=1000, help="How many passages; [search] k by default.")]
Also = Annotated[
    list[str] | None, typer.Option(help="Search in other words as well, a translation for example; may be repeated.")
]
Day = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only sources published then or after (before): 2021-06-23.")
]
Publisher = Annotated[list[str] | None, typer.Option(help="Only this publisher; may be repeated.")]
Language = Annotated[list[str] | None, typer.Option(help="Only this language, for example en; may be repeated.")]
Kind = Annotated[list[str] | None, typer.Option(help="Only this kind, for example digest; may be repeated.")]
FileType = Annotated[
    list[str] | None, typer.Option("--type", help="Only this type of file: pdf, web page, e-mail; may be repeated.")
]
Topic = Annotated[list[str] | None, typer.Option(help="Only this topic; may be repeated.")]
NotPublisher = Annotated[list[str] | None, typer.Option("--exclude-publisher", help="Not this publisher; may be repeated.")]
NotLanguage = Annotated[list[str] | None, typer.Option("--exclude-language", help="Not this language; may be repeated.")]
NotKind = Annotated[list[str] | None, typer.Option("--exclude-kind", help="Not this kind; may be repeated.")]
NotType = Annotated[list[str] | None, typer.Option("--exclude-type", help="Not this type of file; may be repeated.")]
NotTopic = Annotated[list[str] | None, typer.Option("--exclude-topic", help="Not this topic; may be repeated.")]


def conditions(
    *,
    publisher: Sequence[str] | None = None,
    language: Sequence[str] | None = None,
    kind: Sequence[str] | None = None,
    file_type: Sequence[str] | None = None,
    topic: Sequence[str] | None = None,
) -> dict[str, Any]:
    """The values of Conditions that these options stand for. Raises: UsageError for an unknown type of file."""
    media: tuple[str, ...] = ()
    if file_type:
        from workbench.reading.formats import media_types  # here: `workbench --help` needs no readers

        media = tuple(one for wanted in file_type for one in media_types(wanted))
    return {
        "publishers": tuple(publisher or ()),
        "languages": tuple(language or ()),
        "kinds": tuple(kind or ()),
        "media": media,
        "topics": tuple(topic or ()),
    }


def filters(
    included: dict[str, Any], excluded: dict[str, Any], *, after: datetime | date | None, before: datetime | date | None
) -> Filters:
    """The filters these options stand for. Raises: ValidationError for a kind there is none of."""

    def day(moment: datetime | date | None) -> date | None:
        return moment.date() if isinstance(moment, datetime) else moment

    return Filters.model_validate({**included, "after": day(after), "before": day(before), "exclude": excluded})
