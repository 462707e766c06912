"""The one door to Chroma: writes an index beside the serving one, swaps, and searches.

An index is two collections: lines (how people ask) and texts (what law and points say), because
each has slots of its own in the ranking. `current.json` in the data folder names the serving index;
it is replaced by one rename, so a reader sees the old index or the new one and never half of one.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlparse

import numpy as np
from langchain_core.documents import Document

from kb.embeddings import Vectors
from kb.errors import BuildBusyError, IndexMismatchError, IndexMissingError, KbError
from kb.models import Hit, Passage
from kb.settings import Settings

Slot = Literal["line", "text"]
SLOTS: tuple[Slot, ...] = ("line", "text")
# What Chroma takes in one call without trouble on any SQLite.
_BATCH = 1000
# HNSW: recall near exact at this size for well under a millisecond more.
_HNSW = {"hnsw:space": "cosine", "hnsw:search_ef": 256, "hnsw:construction_ef": 200}


def _client(settings: Settings, folder: Path) -> Any:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    quiet = ChromaSettings(anonymized_telemetry=False)
    if not settings.chroma_url:
        folder.mkdir(parents=True, exist_ok=True)
        return chromadb.PersistentClient(path=str(folder), settings=quiet)
    url = urlparse(settings.chroma_url)
    if not url.hostname:
        raise KbError(
            f"AMPARO_CHROMA_URL is {settings.chroma_url!r}, which is not a URL such as http://localhost:8000."
        )
    ssl = url.scheme == "https"
    try:
        return chromadb.HttpClient(host=url.hostname, port=url.port or (443 if ssl else 80), ssl=ssl, settings=quiet)
    except Exception as error:
        raise KbError(f"The Chroma server at {settings.chroma_url} does not answer.") from error


def _name(build_id: str, slot: Slot) -> str:
    return f"amparo-{build_id}-{slot}"


def _index_root(settings: Settings) -> Path:
    return settings.data / "index"


def _pointer(settings: Settings) -> Path:
    return _index_root(settings) / "current.json"


def read_manifest(settings: Settings) -> dict[str, Any] | None:
    """What the serving index was built from; None when there is none, or none that can be read."""
    try:
        manifest = json.loads(_pointer(settings).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(manifest, dict) or "build_id" not in manifest:
        return None
    if not settings.chroma_url and not (_index_root(settings) / manifest["build_id"]).is_dir():
        return None
    return manifest


@contextmanager
def build_lock(settings: Settings) -> Iterator[None]:
    """Hold the right to build; released when the process ends, however it ends.

    Raises:
        BuildBusyError: another process holds it.
    """
    _index_root(settings).mkdir(parents=True, exist_ok=True)
    with (_index_root(settings) / "build.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BuildBusyError("Another build is running; wait for it to finish.") from None
        yield


class IndexWriter:
    """Writes one index beside the serving one; `publish` makes it the serving one.

    A build that was killed is taken up where it stopped: what is already there is not embedded again.
    """

    def __init__(self, settings: Settings, build_id: str) -> None:
        self._settings = settings
        self._build_id = build_id
        self._folder = _index_root(settings) / build_id
        self._collections = self._open()

    def _open(self) -> dict[Slot, Any]:
        client = _client(self._settings, self._folder)
        return {
            slot: client.get_or_create_collection(_name(self._build_id, slot), metadata=_HNSW, embedding_function=None)
            for slot in SLOTS
        }

    def present(self) -> set[str]:
        """Ids of the passages already written."""
        return {
            passage_id for collection in self._collections.values() for passage_id in collection.get(include=[])["ids"]
        }

    def add(self, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Write passages with their vectors, shape (len(passages), dimensions)."""
        for slot in SLOTS:
            rows = [i for i, passage in enumerate(passages) if passage.slot == slot]
            for start in range(0, len(rows), _BATCH):
                part = rows[start : start + _BATCH]
                self._collections[slot].upsert(
                    ids=[passages[i].id for i in part],
                    documents=[passages[i].text for i in part],
                    embeddings=[vectors[i] for i in part],
                    metadatas=[_metadata(passages[i]) for i in part],
                )

    def publish(self, manifest: dict[str, Any]) -> None:
        """Make this the serving index, in one step, and remove those before it."""
        pointer = _pointer(self._settings)
        draft = pointer.with_suffix(".new")
        with draft.open("w", encoding="utf-8") as file:
            json.dump({**manifest, "build_id": self._build_id}, file, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(pointer)
        _remove_others(self._settings, self._build_id)


def _remove_others(settings: Settings, build_id: str) -> None:
    if settings.chroma_url:
        client = _client(settings, _index_root(settings))
        kept = {_name(build_id, slot) for slot in SLOTS}
        for collection in client.list_collections():
            if collection.name.startswith("amparo-") and collection.name not in kept:
                client.delete_collection(collection.name)
        return
    for folder in _index_root(settings).iterdir():
        # An app that still serves from it keeps its open files until it looks at the pointer again.
        if folder.is_dir() and folder.name != build_id:
            shutil.rmtree(folder, ignore_errors=True)


def _metadata(passage: Passage) -> dict[str, str]:
    return {
        "kind": passage.kind,
        "lang": passage.lang,
        "provisions": " ".join(passage.provisions),
        "topic": passage.topic or "",
        "point": passage.point or "",
    }


class Store:
    """The serving index, open for search.

    Args:
        settings: where it lies.
        fingerprint: of the embedding model in use.

    Raises:
        IndexMissingError: nothing was built yet.
        IndexMismatchError: another model built it.
    """

    def __init__(self, settings: Settings, fingerprint: str) -> None:
        manifest = read_manifest(settings)
        if manifest is None:
            raise IndexMissingError("There is no index yet; build it with `python ingest.py build`.")
        if manifest.get("embedder") != fingerprint:
            raise IndexMismatchError(
                f"The index was built with the embedding model {manifest.get('embedder')}, but {fingerprint} is "
                "configured; build it again with `python ingest.py build`."
            )
        from langchain_chroma import Chroma

        self.manifest = manifest
        client = _client(settings, _index_root(settings) / manifest["build_id"])
        try:
            self._chroma = {
                slot: Chroma(
                    client=client,
                    collection_name=_name(manifest["build_id"], slot),
                    create_collection_if_not_exists=False,
                )
                for slot in SLOTS
            }
            counts = {slot: self._chroma[slot]._collection.count() for slot in SLOTS}  # noqa: SLF001 no public count
        except Exception as error:
            raise IndexMissingError(
                "The index cannot be opened; build it again with `python ingest.py build`."
            ) from error
        if sum(counts.values()) != manifest.get("passages"):
            raise IndexMissingError("The index is not whole; build it again with `python ingest.py build`.")

    def search(self, vector: Vectors, slot: Slot, k: int) -> list[Hit]:
        """The k passages of a slot nearest to a unit vector, best first, with cosine similarity."""
        found = self._chroma[slot].similarity_search_by_vector_with_relevance_scores(vector.tolist(), k=k)
        return [Hit(passage=_passage(document, slot), score=1.0 - distance) for document, distance in found]


def _passage(document: Document, slot: Slot) -> Passage:
    about = document.metadata
    return Passage(
        id=document.id or "",
        slot=slot,
        kind=about["kind"],
        text=document.page_content,
        lang=about["lang"],
        provisions=tuple(about["provisions"].split()),
        topic=about["topic"] or None,
        point=about["point"] or None,
    )


def stored_vectors(settings: Settings, fingerprint: str) -> dict[str, Vectors]:
    """Vectors of the serving index by passage id, for passages that did not change.

    Empty when there is no index or another model built it.
    """
    manifest = read_manifest(settings)
    if manifest is None or manifest.get("embedder") != fingerprint:
        return {}
    try:
        client = _client(settings, _index_root(settings) / manifest["build_id"])
        vectors: dict[str, Vectors] = {}
        for slot in SLOTS:
            got = client.get_collection(_name(manifest["build_id"], slot), embedding_function=None).get(
                include=["embeddings"]
            )
            vectors |= {
                key: np.asarray(row, np.float32) for key, row in zip(got["ids"], got["embeddings"], strict=True)
            }
    except Exception:  # noqa: BLE001 an unreadable old index only costs the embedding again
        return {}
    return vectors
