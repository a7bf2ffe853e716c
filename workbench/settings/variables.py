"""WORKBENCH_* variables of the environment, laid over what workbench.toml says. The only door to pydantic-settings."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, cast

from pydantic import BaseModel

from workbench.errors import SettingsError

PREFIX = "WORKBENCH_"
DELIMITER = "__"


def overridden(values: Mapping[str, Any], settings: type[BaseModel]) -> dict[str, Any]:
    """The values, with those of the environment in place of theirs. Raises: SettingsError for a variable that is not JSON."""
    return _laid_over(values, _told(settings))


def _told(settings: type[BaseModel]) -> dict[str, Any]:
    """What the environment says; read by pydantic-settings, which takes a twelfth of `verdict record` to import, only then."""
    names = [name.lower().removeprefix(PREFIX.lower()) for name in os.environ if name.upper().startswith(PREFIX)]
    if not any(name.split(DELIMITER)[0] in settings.model_fields for name in names):
        return {}
    from pydantic_settings import BaseSettings, EnvSettingsSource
    from pydantic_settings.exceptions import SettingsError as NotJson

    try:  # it looks at nothing but the fields: those of a plain model do
        source = EnvSettingsSource(cast("type[BaseSettings]", settings), env_prefix=PREFIX, env_nested_delimiter=DELIMITER)
        return source()
    except NotJson as error:
        raise SettingsError(
            f"A variable {PREFIX}* is wrong: {error}.", hint="Give one setting: WORKBENCH_SEARCH__K=7; lists are JSON."
        ) from error


def _laid_over(values: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    laid = dict(values)
    for name, value in told.items():
        below = laid.get(name)
        laid[name] = _laid_over(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return laid
