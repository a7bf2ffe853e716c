"""Which engine the settings name for the indexes of a catalog. Nothing of it is loaded before a catalog needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from workbench.settings import SearchSettings

if TYPE_CHECKING:
    from workbench.catalog.engine import Engine


def engine_of(settings: SearchSettings, *, apart: str = "") -> Callable[[], Engine] | None:
    """What makes the engine; None for the files of the workspace, which a catalog has by itself.

    apart: the end of the name of a collection of its own, for what is no workspace.
    """
    if settings.engine == "local":
        return None

    def made() -> Engine:
        from workbench.milvus import MilvusEngine

        place = settings.milvus
        return MilvusEngine(place.model_copy(update={"collection": f"{place.collection}_{apart}"}) if apart else place)

    return made
