"""The command line: typer commands over the Desk, one group of commands per file. Holds no thinking.

Exit codes: 0 done; 1 the request failed; 2 bad usage; 3 done in part. With --json stdout is exactly one JSON document.
"""

from workbench.cli.app import main

__all__ = ["main"]
