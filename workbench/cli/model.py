"""`workbench model`: what another model would mean here before it is named in workbench.toml, and making one ready."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from workbench.cli.console import (
    JsonOption,
    WorkspaceOption,
    chosen,
    near_settings,
    open_desk,
    print_json,
    progress,
    say,
    table,
)
from workbench.errors import UsageError

if TYPE_CHECKING:
    from workbench.benchmark.model_check import ModelCheck

app = typer.Typer(no_args_is_help=True)


@app.callback()
def model() -> None:
    """Look at a model before the switch; make one ready."""


@app.command()
def check(
    path: Annotated[str, typer.Argument(metavar="PATH", help='A sentence-transformers folder, or "packaged".')],
    runtime: Annotated[Literal["auto", "openvino", "torch"], typer.Option(help="How to run it.")] = "auto",
    dimensions: Annotated[int, typer.Option(min=0, help="Keep the first so many numbers of a vector; 0 keeps all.")] = 0,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what a model is, how fast it runs here, and how it ranks beside the present one. Changes nothing."""
    from workbench.benchmark.model_check import check_model
    from workbench.settings import SearchSettings, Settings

    folder = str(Path(path).expanduser().resolve()) if Path(path).expanduser().is_dir() else path
    wanted = SearchSettings(model=folder, runtime=runtime, dimensions=dimensions)
    with open_desk(workspace) if _has_workspace(workspace) else nullcontext() as desk, progress() as report:
        present = desk.settings.search if desk else Settings().search
        found = check_model(wanted, present=present, desk=desk, progress=report)
    if as_json:
        print_json(found)
    else:
        _show(found)


@app.command()
def prepare(workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Convert the model of the settings for this machine, so that the first search need not wait for it."""
    from workbench.encoders import load_encoder

    encoder = load_encoder(near_settings(workspace).search)
    encoder.encode(["The first sentence loads the model."], query=True)
    if as_json:
        print_json({"fingerprint": encoder.fingerprint, "notice": encoder.notice})
        return
    say(f"Ready: {encoder.fingerprint}")
    if encoder.notice:
        say(encoder.notice)


def _has_workspace(workspace: Path | None) -> bool:
    """Whether there is one; a folder that was named and is none is still an error."""
    from workbench.settings import find_workspace

    try:
        find_workspace(chosen(workspace))
    except UsageError:
        if chosen(workspace):
            raise
        return False
    return True


def _show(found: ModelCheck) -> None:
    model, present = found.model, found.present
    say(f"this model:    {model.fingerprint}\npresent model: {present.fingerprint}\n")
    for name, one in (("this model", model), ("present model", present)):
        if one.notice:
            say(f"note on {name}: {one.notice}")
    rows = [
        ["runtime", f"{model.runtime}, {model.precision}", f"{present.runtime}, {present.precision}"],
        ["numbers per vector", str(model.dimension), str(present.dimension)],
        ["words read of a text", f"about {model.max_words}", f"about {present.max_words}"],
        ["prompts", _prompts(model.query_prompt, model.passage_prompt), _prompts(present.query_prompt, present.passage_prompt)],
        ["texts per second", f"{found.speed.texts_per_second:.0f}", f"{found.present_speed.texts_per_second:.0f}"],
        ["first vector after", f"{found.speed.seconds_to_first_vector} s", f"{found.present_speed.seconds_to_first_vector} s"],
        ["memory", f"{found.speed.memory_mb} MB", f"{found.present_speed.memory_mb} MB"],
        ["languages checked", _listed(model.languages_checked), _listed(present.languages_checked)],
    ]
    table(["", "this model", "present model"], rows, empty="")
    if found.skipped:
        say(found.skipped)
    if found.agreement:
        compared = found.agreement
        say(
            f"\nOn {compared.claims} claims and {compared.passages} of {compared.of} passages of {compared.of_what}, "
            f"{compared.top10:.0%} of the present model's ten best passages are among this model's ten best."
        )
        for cited in compared.cited:
            say(
                f"{cited.claim_id}: the cited passage {cited.passage_id} has rank {cited.rank}; at present {cited.present_rank}"
            )
    say(f'\nTo use it: model = "{model.folder}" under [search] in workbench.toml, then: workbench evidence sync')


def _prompts(query: str, passage: str) -> str:
    return f"{query!r} for queries, {passage!r} for passages" if query or passage else "none"


def _listed(languages: tuple[str, ...]) -> str:
    return ", ".join(languages) or "none"
