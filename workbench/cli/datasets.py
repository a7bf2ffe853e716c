"""`workbench export --format averitec|fever|beir` and `workbench hydrate`: what people judged, as data for research."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, cast

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say, stderr
from workbench.errors import UsageError

FORMS = ("averitec", "fever", "beir")
TEXTS = ("full", "none")


def export_data(
    form: str,
    output: str,
    selection: Any,
    *,
    split: str | None,
    seed: int,
    text: str,
    workspace: Path | None,
    as_json: bool,
) -> None:
    """Write a data set: one file where the output is - or has a suffix, else a folder with manifest and datasheet."""
    from workbench.cli.report import to_file, to_stdout
    from workbench.datasets import Form, Wanted
    from workbench.datasets.splits import split_by

    if text not in TEXTS:
        raise UsageError(f"{text!r} is no choice of text.", hint=f"Use one of: {', '.join(TEXTS)}.")
    wanted, chosen = Wanted(split_by(split), seed, text == "full"), cast(Form, form)
    is_file = output == "-" or bool(Path(output).suffix)
    if is_file and form == "beir":
        raise UsageError("beir is a folder of files.", hint="Name a new folder: -o beir")
    with open_desk(workspace) as desk:
        if not is_file:
            told = desk.datasets.write(chosen, Path(output), selection, wanted)
        else:
            pieces, tell = desk.datasets.one_file(chosen, selection, wanted)
            size = to_stdout(pieces) if output == "-" else to_file(Path(output), pieces)
            told = tell() | {"files": [{"path": output, "bytes": size}]}
    _print(output, told, as_json=as_json)


def _print(output: str, told: dict[str, Any], *, as_json: bool) -> None:
    for reason, number in (*told["left_out"].items(), *told["loses"].items()):
        stderr.print(f"{number:,}: {reason}")
    if told["null"]:
        stderr.print(f"Nobody recorded: {', '.join(f'{name} ({number:,})' for name, number in told['null'].items())}.")
    if output == "-":
        return
    if as_json:
        print_json({"path": output, **told})
    else:
        say(f"Wrote {output}: {told['counts']['claims']:,} claims, {sum(one['bytes'] for one in told['files']):,} bytes.")


def hydrate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A data set that was written with --text none.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A new folder.")],
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put the words of sources back into a data set, where their files are in this workspace."""
    with open_desk(workspace) as desk:
        found = desk.datasets.hydrate(folder, output)
    if as_json:
        print_json(found)
    else:
        say(f"Wrote {found.path}: {found.filled:,} texts put back.")
        for source_id, number in found.missing.items():
            say(f"{number:,} not put back: the file {source_id} is not here as it was read then.")
    raise typer.Exit(3 if found.missing else 0)
