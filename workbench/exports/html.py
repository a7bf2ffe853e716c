"""html: reports for readers as one self-contained page, for the screen and for paper, or as a fragment for another page.

No script, nothing remote, a content security policy that allows its own style and no more; jinja2 escapes every value. A
workspace may bring a template of its own: it runs in a sandbox, is given words and blocks and nothing that does anything, and
cannot turn the escaping off. What does not live here: what a report says (workbench.report).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import regex

from workbench.errors import SettingsError
from workbench.models import PublicChange
from workbench.ratings import ink_on
from workbench.report import CHANGE_WORDS, ClaimReport, safe_link
from workbench.report.compose import document
from workbench.report.imprint import Imprint
from workbench.settings import Settings

if TYPE_CHECKING:
    from jinja2 import Environment, Template

TEMPLATES = Path(__file__).parent / "templates"
PIECE = 65_536  # characters
_LANGUAGE = regex.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_OWN = "report.html.j2"


def write_html(reports: Sequence[ClaimReport], imprint: Imprint) -> Iterator[bytes]:
    """One page: of one claim, or of several after a page that sums them up. Raises: SettingsError for a faulty template."""
    only = reports[0].page if len(reports) == 1 else None
    values = {
        "document": document(reports, imprint.edition),
        "claims": len(reports),
        "publisher": imprint.publisher,
        "licence": imprint.licence,
        "logo": imprint.logo.data_uri if imprint.logo else None,
        "title": imprint.title((only.headline or only.title) if only else None),
        "colour_of": imprint.colour_of,
    }
    if imprint.edition == "fragment":
        yield from _pieces(_house()[0].get_template("fragment.html.j2").generate(values))
    elif imprint.template is None:
        yield from _pieces(_house()[1].generate(values))
    else:
        yield from _replaced(imprint.template, values)


def write_changes_page(changes: Sequence[tuple[PublicChange, str]], settings: Settings) -> bytes:
    """The page of corrections, clarifications, updates and retractions, each with the claim's words, in the order given."""
    values = {
        "changes": [(CHANGE_WORDS[one.kind], one, safe_link(one.url), claim) for one, claim in changes],
        "publisher": settings.organisation.name or settings.name,
    }
    return _house()[0].get_template("corrections.html.j2").render(values).encode("utf-8")


def _pieces(words: Iterable[str]) -> Iterator[bytes]:
    """The words in pieces of some size: the template gives them a few letters at a time."""
    held: list[str] = []
    size = 0
    for one in words:
        held.append(one)
        size += len(one)
        if size >= PIECE:
            yield "".join(held).encode("utf-8")
            held, size = [], 0
    yield "".join(held).encode("utf-8")


def _replaced(template: str, values: dict[str, object]) -> Iterator[bytes]:
    from jinja2.exceptions import TemplateError

    try:
        yield from _pieces(_template_of(template).generate(values))
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise SettingsError(
            f"The report template of this workspace cannot be used: {error}",
            hint="Mend it, or take template out of [report] in workbench.toml to print with the one that comes along.",
        ) from error


@lru_cache(maxsize=1)
def _house() -> tuple[Environment, Template]:
    env = _environment(None)
    return env, env.get_template(_OWN)


@lru_cache(maxsize=4)
def _template_of(source: str) -> Template:
    """The workspace's own template. Raises: TemplateError, also where it would switch the escaping off."""
    from jinja2 import nodes
    from jinja2.exceptions import TemplateSyntaxError

    env = _environment(source)
    for node in env.parse(source).find_all(nodes.ScopedEvalContextModifier):
        raise TemplateSyntaxError("autoescape is not for templates of a report", node.lineno)
    return env.get_template(_OWN)


def _environment(own: str | None) -> Environment:
    from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    house = FileSystemLoader(TEMPLATES)
    loader = ChoiceLoader([DictLoader({_OWN: own}), house]) if own is not None else house
    env = ImmutableSandboxedEnvironment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    del env.filters["safe"]  # what comes from outside stays text, whatever a template wishes
    env.globals.update(ink_on=ink_on, language=lambda code: code if code and _LANGUAGE.fullmatch(code) else None)
    return env
