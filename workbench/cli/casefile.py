"""`workbench casefile` and `workbench verify CASEFILE`: one fact-check with what it rests on, for strangers to check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.console import JsonOption, WorkspaceOption, open_desk, print_json, say

if TYPE_CHECKING:
    from workbench.casefile.checking import CaseFileCheck

ChainOption = Annotated[
    str | None,
    typer.Option("--chain", help="The last link of the case file's chain, as the newsroom gave it to you.", show_default=False),
]


def casefile(
    claim_id: Annotated[str, typer.Argument(metavar="CLAIM_ID")],
    output: Annotated[Path, typer.Option("--output", "-o", help="A new folder, or a file whose name ends in .zip.")],
    originals: Annotated[bool, typer.Option(help="Put the cited files in, so that every quotation can be found again.")] = True,
    with_names: Annotated[bool, typer.Option("--with-names", help="Name reviewers and files.")] = False,
    with_confidential: Annotated[
        bool, typer.Option("--with-confidential", help="Put in the words of sources that are not public.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write one claim with its report, evidence and history as a file that checks itself: workbench verify FILE."""
    from workbench.casefile import Disclosure

    wanted = Disclosure(names=with_names, confidential=with_confidential, originals=originals)
    with open_desk(workspace) as desk:
        made = desk.casefiles.write(claim_id, output, wanted)
    if as_json:
        print_json(made)
        return
    say(f"Wrote {made.path} ({made.files} files, {made.bytes:,} bytes): {made.events} events, {made.citations} citations.")
    if made.closed:
        say(f"{made.closed} of them without their words: their sources are not public.")
    if made.without_original:
        say(f"{len(made.without_original)} cited file(s) are not in it; those citations cannot be checked by others.")
    say(f"{made.withheld} words of the history are withheld: names, files and what is never published.")
    say(f"Last link of its chain: {made.hash}")
    say(f"Check it anywhere with: workbench verify {made.path}")


def check_case_file(path: Path, chain: str | None, *, as_json: bool) -> None:
    """Print what a check of the case file found; ends with exit code 1 where it is not whole."""
    from workbench.casefile.checking import check_case_file as check

    found = check(path, expected_hash=chain)
    if as_json:
        print_json(found)
    else:
        _print(found)
    raise typer.Exit(0 if found.passed else 1)


def _print(found: CaseFileCheck) -> None:
    for problem in found.failures:
        say(f"FAIL  {problem.file}: {problem.message}")
    for one in found.citations:
        say(f"{one.result:<11}  citation {one.number} ({one.stance}, sha256 {one.sha256[:12]}): {one.message}")
    if found.withheld:
        say(f"withheld     {found.withheld} words of the history: the chain holds salted digests of them, and was followed")
    say(f"{'PASS' if found.passed else 'FAIL'}: {found.files} files, {found.events} events, {len(found.citations)} citations.")
    if found.hash:
        say(f"Last link of the chain: {found.hash}. Compare it with one the newsroom gave you by another way.")
