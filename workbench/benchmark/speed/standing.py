"""The row about standing claims: new files held against every decided claim, beside taking those files in."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.benchmark.speed.figures import Cost, Line, Target, timed
from workbench.benchmark.speed.site import Site
from workbench.benchmark.speed.texts import write_files

ROW = "standing"
SHARE = Target(0.1, "", "at most")  # of the time it took to take the files in


def standing(site: Site) -> Iterator[Line]:
    """`plan.files` new files in a workspace of `plan.decided` decided claims, each citing a passage; the model encodes.

    The claims are encoded in a first look, at one file, which is told apart: a text is encoded once.
    """
    plan, workspace = site.plan, site.workspace("standing")
    old, first, new = (site.home / name for name in ("standing-old", "standing-first", "standing-new"))
    write_files(old, site.texts.passages(plan.passages))
    write_files(first, site.texts.passages(plan.per_file, skip=plan.passages), per_file=plan.per_file)
    skip = plan.passages + plan.per_file
    write_files(new, site.texts.passages(plan.files * plan.per_file, skip=skip), per_file=plan.per_file)
    site.tell(f"a workspace of {plan.decided:,} decided claims")
    site.once("ours", "fill", workspace=str(workspace), folder=str(old))
    statements = site.kept("statements", site.texts.asked(plan.decided))
    site.once("ours", "decide", workspace=str(workspace), statements=statements)
    site.tell(f"{plan.files} new files in it")
    _, began = site.once("ours", "watch", workspace=str(workspace), folder=str(first))
    _, told = site.once("ours", "watch", workspace=str(workspace), folder=str(new))
    size = f"{plan.files} files of {plan.per_file} passages, {plan.decided:,} decided claims"
    intake, looked = Cost(**told["intake"]), Cost(**told["looked"])
    share = max(looked.wall / intake.wall, looked.cpu / intake.cpu)
    note = f"{size}; {told['found']} claims wait for a look; the larger of the shares by the clock and of the processors"
    yield Line(ROW, "holding them against the claims, of taking them in", reached=share, target=SHARE, note=note)
    yield timed(ROW, "take them in", [intake], note=size)
    yield timed(ROW, "hold them against the claims", [looked], note="with the look at the citations; once for all files")
    yield timed(ROW, "the first look, which encodes the claims", [Cost(**began["looked"])], note="at one file")
