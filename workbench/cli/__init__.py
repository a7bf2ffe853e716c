"""The command line: typer commands over the Desk, one group of commands per file. Holds no thinking.

Exit codes: 0 done; 1 the request failed; 2 bad usage; 3 done in part. With --json stdout is exactly one JSON document.
"""

import gc

COLLECTED_AT = 50_000  # new objects: what is imported stays, and looking through it 200 times was a tenth of a short command


def main() -> None:
    """Run the command line."""
    gc.set_threshold(COLLECTED_AT, *gc.get_threshold()[1:])
    from workbench.cli.app import main as run  # here: the imports are what is allotted most

    run()


__all__ = ["main"]
