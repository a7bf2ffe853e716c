"""A Milvus server: its collections, what is put into them and asked of them. The only door to pymilvus.

What lives here: connecting when it is first needed, calls that end in time, and every refusal as one error with what to do
next. What does not: what a collection is for.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypedDict, TypeVar
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from workbench.errors import EngineError
from workbench.settings import MilvusSettings

CONNECTING = 5.0  # seconds for a first answer; a server of the same network gives it in milliseconds
WRITING = 120.0  # seconds for one call that writes
MOST = 16_384  # hits of one search, a limit of Milvus
IDS_AT_ONCE = 5_000
NARROWEST = 2  # numbers of a vector, a limit of Milvus; one that has fewer, where only words are searched, gets a zero
GONE, NOT_LOADED, NO_CONNECTION = (100, 1600), 101, 2  # codes of Milvus: no such collection, or alias
MARKED = "workbench."  # before the names of our properties
MARKS = ("model", "dimension", "kind", "catalog", "passages", "digest")
# A channel of its own for each try: else a server that came back is not asked for up to two minutes (gRPC's backing off).
BACK_AT_ONCE = {"grpc.use_local_subchannel_pool": 1, "grpc.max_reconnect_backoff_ms": 1_000}
BM25 = {"bm25_k1": 1.2, "bm25_b": 0.75}  # as tantivy has them
UNANSWERED = (
    "See whether the server runs and whether url under [search.milvus] is its address. "
    "Everything but searching goes on without it."
)

Given = TypeVar("Given")


class Row(TypedDict):
    """A passage as it is put into a collection. terms: what its words are found by; dense: (d,) of unit length."""

    passage_id: str
    source: int
    terms: str
    dense: NDArray[np.float32]


class Server:
    """One server, connected to when it is first asked. Safe from several threads.

    Raises of every method: EngineError where it does not answer in time or refuses, or pymilvus is not installed.
    """

    def __init__(self, settings: MilvusSettings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._client: Any = None
        address = urlsplit(settings.url)
        self.place = f"{address.scheme}://{address.netloc.rpartition('@')[2]}"  # no password in it

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    # collections -------------------------------------------------------------------------------------------------------

    def collections(self) -> list[str]:
        """The names of all collections."""
        return sorted(self._asked(lambda client: client.list_collections(timeout=CONNECTING)))

    def named_by(self, alias: str) -> str | None:
        """The collection an alias names; None where there is no such alias."""
        try:
            return str(self._asked(lambda client: client.describe_alias(alias, timeout=CONNECTING))["collection_name"])
        except EngineError as error:
            if error.code != "no_collection":
                raise
            return None

    def point(self, alias: str, name: str) -> None:
        """Have an alias name this collection from now on."""
        if self.named_by(alias) is None:
            self._asked(lambda client: client.create_alias(name, alias, timeout=WRITING))
        else:
            self._asked(lambda client: client.alter_alias(name, alias, timeout=WRITING))

    def drop_alias(self, alias: str) -> None:
        """Have an alias name nothing."""
        self._asked(lambda client: client.drop_alias(alias, timeout=WRITING))

    def drop(self, name: str) -> None:
        """Delete a collection with everything in it."""
        self._asked(lambda client: client.drop_collection(name, timeout=WRITING))

    def create(self, name: str, dimension: int, marks: Mapping[str, str]) -> None:
        """A new collection, loaded. The server makes sparse vectors of `terms` by itself, for BM25."""
        from pymilvus import DataType, Function, FunctionType, MilvusClient

        schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field("passage_id", DataType.VARCHAR, max_length=64, is_primary=True)
        schema.add_field("source", DataType.INT64)
        tokens = {"tokenizer": "standard"}  # what every server has; the terms are such that it leaves them whole
        schema.add_field("terms", DataType.VARCHAR, max_length=65_535, enable_analyzer=True, analyzer_params=tokens)
        schema.add_field("dense", DataType.FLOAT_VECTOR, dim=max(dimension, NARROWEST))
        schema.add_field("sparse", DataType.SPARSE_FLOAT_VECTOR)
        words = {"input_field_names": ["terms"], "output_field_names": ["sparse"]}
        schema.add_function(Function(name="words", function_type=FunctionType.BM25, **words))

        def make(client: Any) -> None:
            indexes = client.prepare_index_params()
            indexes.add_index("dense", index_type="AUTOINDEX", metric_type="IP")
            indexes.add_index("sparse", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25", params=BM25)
            indexes.add_index("source", index_type="INVERTED")
            # Strong: what was put is found by the next search, on whichever node
            named = {"schema": schema, "consistency_level": "Strong", "properties": _properties(marks)}
            client.create_collection(name, timeout=WRITING, **named)
            client.create_index(name, indexes, timeout=WRITING, sync=False)  # of nothing yet: there is nothing to wait for
            client.load_collection(name, timeout=WRITING)

        self._asked(make)

    def marks(self, name: str) -> dict[str, str] | None:
        """What is kept with a collection, "" for what is not; None where there is no collection."""
        if not self._asked(lambda client: client.has_collection(name, timeout=CONNECTING)):
            return None
        properties = self._asked(lambda client: client.describe_collection(name, timeout=CONNECTING))["properties"]
        return {one: str(properties.get(f"{MARKED}{one}", "")) for one in MARKS}

    def mark(self, name: str, marks: Mapping[str, str]) -> None:
        """Keep these with a collection."""
        self._asked(lambda client: client.alter_collection_properties(name, _properties(marks), timeout=WRITING))

    # passages ----------------------------------------------------------------------------------------------------------

    def upsert(self, name: str, rows: Sequence[Row]) -> None:
        """Put passages by their id, in place of what had it."""
        wide = [{**row, "dense": _wide_enough(row["dense"])} for row in rows]
        self._asked(lambda client: client.upsert(name, wide, timeout=WRITING))

    def delete(self, name: str, expression: str) -> None:
        """Take out every passage of which this is true."""
        self._asked(lambda client: client.delete(name, filter=expression, timeout=WRITING))

    def flush(self, name: str) -> None:
        """Have what was put written into segments, which are searched many times quicker than what is not."""
        self._asked(lambda client: client.flush(name, timeout=WRITING))

    def count(self, name: str) -> int:
        """How many passages a collection has."""
        found = self._asked(lambda client: client.query(name, filter="", output_fields=["count(*)"], timeout=WRITING))
        return int(found[0]["count(*)"])

    def search(self, name: str, field: str, asked: Any, limit: int, expression: str) -> dict[str, float]:
        """The best passages by name, with what the server scored them, best first."""
        metric = {"dense": "IP", "sparse": "BM25"}[field]
        data = [_wide_enough(asked).tolist() if isinstance(asked, np.ndarray) else asked]

        def search(client: Any) -> Any:
            named = {"anns_field": field, "filter": expression, "output_fields": ["passage_id"]}  # none: all of them are sent
            return client.search(
                name, data, limit=limit, search_params={"metric_type": metric}, timeout=self._settings.seconds, **named
            )

        try:
            found = self._asked(search)
        except EngineError as error:
            if error.code != "not_loaded":
                raise
            self._asked(lambda client: client.load_collection(name, timeout=WRITING))  # the server was started again
            found = self._asked(search)
        return {hit["passage_id"]: float(hit["distance"]) for hit in found[0]}

    def every_id(self, name: str) -> Iterator[list[str]]:
        """The ids of all passages, some thousands at a time."""
        fields = {"output_fields": ["passage_id"], "batch_size": IDS_AT_ONCE}
        pages = self._asked(lambda client: client.query_iterator(name, filter="", timeout=WRITING, **fields))
        while found := self._asked(lambda _: pages.next()):
            yield [one["passage_id"] for one in found]
        pages.close()

    # calling -----------------------------------------------------------------------------------------------------------

    def _asked(self, call: Callable[[Any], Given]) -> Given:
        """What a call gives. Raises: EngineError."""
        client = self._connected()
        import grpc
        from pymilvus.exceptions import MilvusException

        try:
            return call(client)
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
            raise self._explained(error) from error

    def _connected(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self._connect()
            return self._client

    def _connect(self) -> Any:
        try:
            import grpc
            from pymilvus import MilvusClient
            from pymilvus.exceptions import MilvusException
        except ImportError as error:
            message = 'The settings name engine = "milvus", and what speaks to it is not installed.'
            hint = 'Run: pip install "claim-workbench[milvus]". Or set engine = "local" and run: workbench evidence sync'
            raise EngineError(message, hint=hint, code="missing_extra") from error
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # it logs what it raises, with the whole way there
        try:
            token = self._settings.token.get_secret_value()
            return MilvusClient(uri=self._settings.url, token=token, timeout=CONNECTING, grpc_options=BACK_AT_ONCE)
        except (MilvusException, grpc.RpcError, grpc.FutureTimeoutError) as error:
            raise self._explained(error) from error

    def _explained(self, error: Any) -> EngineError:
        """One error for whatever the client raised."""
        code, said = getattr(error, "code", None), getattr(error, "message", "") or str(error)
        code = code() if callable(code) else code
        told = " ".join(str(said).split())[:300]
        if code == NOT_LOADED:
            return EngineError(f"Milvus at {self.place} has not loaded the collection.", hint=UNANSWERED, code="not_loaded")
        if code in GONE:
            hint = "Run: workbench evidence reindex"
            return EngineError(f"Milvus at {self.place} does not have the collection: {told}", hint=hint, code="no_collection")
        if code == NO_CONNECTION or getattr(code, "name", "") in ("UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED"):
            return EngineError(f"Milvus at {self.place} does not answer.", hint=UNANSWERED, code="engine_down")
        if getattr(code, "name", "") in ("UNAUTHENTICATED", "PERMISSION_DENIED") or code == 1800:
            hint = "Give the account's token in the variable WORKBENCH_SEARCH__MILVUS__TOKEN."
            return EngineError(f"Milvus at {self.place} refuses this account: {told}", hint=hint, code="engine_refused")
        return EngineError(f"Milvus at {self.place} refuses: {told}", hint=UNANSWERED, code="engine_refused")


def _wide_enough(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return vector if len(vector) >= NARROWEST else np.pad(vector, (0, NARROWEST - len(vector)))


def _properties(marks: Mapping[str, str]) -> dict[str, str]:
    return {f"{MARKED}{name}": value for name, value in marks.items()}
