"""Options that several commands take, written once, and handed to each as the one value that is made of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, get_type_hints

Answer = TypeVar("Answer")


def takes(**made: Callable[..., Any]) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """A decorator: in place of each parameter named here the command has the parameters of the function given for it.

    The command gets what that function returns. Their order is the order of the help.
    """

    def gather(command: Callable[..., Answer]) -> Callable[..., Answer]:
        parts = {name: _parameters(make) for name, make in made.items()}
        own = _parameters(command)

        @wraps(command)
        def run(**given: Any) -> Answer:
            values = {name: made[name](**{one.name: given.pop(one.name) for one in parts[name]}) for name in made}
            return command(**given, **values)

        shown = [one for mine in own for one in parts.get(mine.name, [mine])]
        run.__signature__ = inspect.Signature(shown)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in shown}
        del run.__wrapped__
        return run

    return gather


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Its parameters, to be given by name, so that one with a default may stand before one without."""
    hints = get_type_hints(function, include_extras=True)
    found = inspect.signature(function).parameters.values()
    return [one.replace(kind=inspect.Parameter.KEYWORD_ONLY, annotation=hints.get(one.name, Any)) for one in found]
