"""An offline workbench for fact-checkers. `from workbench import Desk` is the front door of the library."""

from importlib import import_module
from typing import Any

from workbench.version import VERSION

__all__ = ["Desk", "__version__"]  # Desk comes from __getattr__
__version__ = VERSION


def __getattr__(name: str) -> Any:
    """`Desk`, imported when it is asked for, so that importing one module stays instant (PEP 562)."""
    if name == "Desk":
        return import_module("workbench.desk").Desk
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
