"""What stands beside us, as its own documentation would have it written: a plain script, txtai, chromadb.

Run by path, perhaps with the Python of another environment, so it imports nothing of the workbench. One JSON request (the
argument, else one a line on stdin) gives one line of JSON. Each rival keeps its defaults; texts go in all at once.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

GEMM = (512, 384, 1536)  # rows, inner, columns: a small batch through the widest layer of the packaged model
TOP = 10


class Store(Protocol):
    """One rival's index: filled, kept in a folder, and asked."""

    def fill(self, texts: list[str], folder: Path) -> None:
        """Encode and index the texts, and keep the index in a folder that is empty."""

    def open(self, folder: Path) -> None:
        """Open what was kept."""

    def find(self, query: str) -> list[str]:
        """The texts of the ten best."""


class Plain:
    """sentence-transformers' encode() and a flat FAISS index; the texts in one JSON file."""

    def __init__(self, model: str) -> None:
        from sentence_transformers import SentenceTransformer

        self.model = SentenceTransformer(model)

    def fill(self, texts: list[str], folder: Path) -> None:
        """Encode by default, add to a flat index, write both."""
        import faiss

        vectors = self.model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
        index: Any = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(folder / "vectors.faiss"))
        (folder / "texts.json").write_text(json.dumps(texts), encoding="utf-8")

    def open(self, folder: Path) -> None:
        """Read the index and the texts."""
        import faiss

        self.index: Any = faiss.read_index(str(folder / "vectors.faiss"))
        self.texts = json.loads((folder / "texts.json").read_text(encoding="utf-8"))

    def find(self, query: str) -> list[str]:
        """Encode the query and multiply."""
        vector = self.model.encode([query], normalize_embeddings=True, show_progress_bar=False)
        _, found = self.index.search(vector, TOP)
        return [self.texts[at] for at in found[0] if at >= 0]


class Txtai:
    """txtai with both searches and the texts kept."""

    def __init__(self, model: str) -> None:
        from txtai import Embeddings

        self.embeddings: Any = Embeddings(path=model, hybrid=True, content=True)

    def fill(self, texts: list[str], folder: Path) -> None:
        """Index and save."""
        self.embeddings.index(texts)
        self.embeddings.save(str(folder / "index"))

    def open(self, folder: Path) -> None:
        """Load what was saved."""
        self.embeddings.load(str(folder / "index"))

    def find(self, query: str) -> list[str]:
        """Ask both searches, as it weighs them by itself."""
        return [one["text"] for one in self.embeddings.search(query, TOP)]


class Chroma:
    """chromadb, kept on disk, with its sentence-transformers embedding function."""

    def __init__(self, model: str) -> None:
        from chromadb.utils.embedding_functions import SentenceTransformerEmbeddingFunction

        self.embed: Any = SentenceTransformerEmbeddingFunction(model_name=model, normalize_embeddings=True)

    def open(self, folder: Path) -> None:
        """The collection in a folder, made where there is none."""
        import chromadb

        self.client: Any = chromadb.PersistentClient(str(folder), settings=chromadb.Settings(anonymized_telemetry=False))
        self.texts: Any = self.client.get_or_create_collection(
            "bench", embedding_function=self.embed, metadata={"hnsw:space": "cosine"}
        )

    def fill(self, texts: list[str], folder: Path) -> None:
        """Add in batches of the size it allows."""
        self.open(folder)
        most = self.client.get_max_batch_size()
        for start in range(0, len(texts), most):
            part = texts[start : start + most]
            self.texts.add(ids=[str(start + at) for at in range(len(part))], documents=part)

    def find(self, query: str) -> list[str]:
        """Ask the collection."""
        found: list[str] = self.texts.query(query_texts=[query], n_results=TOP)["documents"][0]
        return found


STORES: dict[str, Callable[[str], Store]] = {"plain": Plain, "txtai": Txtai, "chromadb": Chroma}


class Program:
    """The requests of one process, by name; it keeps the model and the store between them."""

    def __init__(self) -> None:
        self.store: Any = None

    def versions(self, packages: list[str]) -> dict[str, str]:
        """What is installed of the packages named."""
        found = {}
        for name in packages:
            try:
                found[name] = importlib.metadata.version(name)
            except importlib.metadata.PackageNotFoundError:
                continue
        return found

    def load(self, rival: str, model: str) -> dict[str, Any]:
        """Import the rival and load the model into it."""
        self.store = STORES[rival](model)
        return {}

    def first_vector(self, model: str, query: str) -> dict[str, Any]:
        """Import sentence-transformers and encode one query."""
        self.load("plain", model)
        return {"dimension": self.store.model.encode([query], show_progress_bar=False).shape[1]}

    def fill(self, rival: str, model: str, texts: str, folder: str) -> dict[str, Any]:
        """Everything from the texts in a JSON file to a kept index."""
        self.load(rival, model)
        self.store.fill(json.loads(Path(texts).read_text(encoding="utf-8")), Path(folder))
        return {}

    def open(self, folder: str) -> dict[str, Any]:
        """Open a kept index with the model loaded."""
        self.store.open(Path(folder))
        return {}

    def find(self, queries: list[str]) -> dict[str, Any]:
        """Ask one by one: seconds of each, by the clock and of the processors."""
        rows = []
        for query in queries:
            with stopwatch() as taken:
                found = self.store.find(query)
            if not found:
                raise SystemExit(f"nothing found for {query!r}")
            rows.append(taken)
        return {"queries": rows}

    def encode(self, texts: str, keep: str | None = None) -> dict[str, Any]:
        """Encode the texts of a JSON file as the library does by default; `keep`: where the rows go as .npy."""
        import numpy as np

        wanted = json.loads(Path(texts).read_text(encoding="utf-8"))
        with stopwatch() as taken:
            rows = self.store.model.encode(wanted, normalize_embeddings=True, show_progress_bar=False)
        if keep is not None:
            np.save(keep, rows, allow_pickle=False)
        return taken

    def shape(self, texts: str) -> dict[str, Any]:
        """What the arithmetic of the model is made of, and how many word pieces the texts have."""
        texts_read = json.loads(Path(texts).read_text(encoding="utf-8"))
        config = self.store.model[0].auto_model.config
        pieces = self.store.model.tokenizer(texts_read, truncation=True, max_length=self.store.model.max_seq_length)
        return {
            "layers": config.num_hidden_layers,
            "hidden": config.hidden_size,
            "inner": config.intermediate_size,
            "pieces": [len(one) for one in pieces["input_ids"]],
        }

    def gemm(self, kind: str, seconds: float = 0.5) -> dict[str, Any]:
        """GFLOP of one matrix product per second of a processor, on the threads the library takes by itself."""
        rows, inner, columns = GEMM
        multiply = _numpy_product() if kind == "numpy fp32" else _torch_product(kind)
        multiply()
        times, cpu, until = 0, time.process_time(), time.perf_counter() + seconds
        while times == 0 or time.perf_counter() < until:
            multiply()
            times += 1
        return {"gflops": times * 2 * rows * inner * columns / (time.process_time() - cpu) / 1e9}


def _numpy_product() -> Callable[[], Any]:
    import numpy as np

    rows, inner, columns = GEMM
    rng = np.random.default_rng(0)
    left = rng.standard_normal((rows, inner)).astype(np.float32)
    right = rng.standard_normal((inner, columns)).astype(np.float32)
    return lambda: left @ right


def _torch_product(kind: str) -> Callable[[], Any]:
    import torch

    rows, inner, columns = GEMM
    dtype = torch.bfloat16 if kind == "torch bf16" else torch.float32
    left, right = torch.randn(rows, inner).to(dtype), torch.randn(inner, columns).to(dtype)
    return lambda: left @ right


@contextmanager
def stopwatch() -> Iterator[dict[str, float]]:
    """Seconds the block took: `wall` by the clock, `cpu` of every thread, and of the children that ended in it."""
    taken: dict[str, float] = {}
    wall, cpu = time.perf_counter(), _processor_seconds()
    yield taken
    taken["cpu"] = _processor_seconds() - cpu
    taken["wall"] = time.perf_counter() - wall


def _processor_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def answer(program: object) -> None:
    """Answer the request in the first argument, else every line of stdin. Whatever a library prints goes to stderr."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.argv[1:2] or sys.stdin:
        request = json.loads(line)
        found = getattr(program, request.pop("do"))(**request)
        out.write(json.dumps(found) + "\n")
        out.flush()


if __name__ == "__main__":
    answer(Program())
