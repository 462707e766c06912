"""Builds the index: corpus and texts in, a serving index out. Does nothing when nothing changed."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from kb.content.registry import Catalogue
from kb.embeddings import Embedder, Vectors
from kb.models import Passage
from kb.reading.classifiers import train_classifiers
from kb.reading.fetch import text_files
from kb.reading.passages import make_passages
from kb.reading.texts import read_texts
from kb.settings import Settings
from kb.store import IndexWriter, build_lock, read_manifest, stored_vectors

# Raised when the making of passages changes, so that indexes of an older make are built again.
_MAKE = 2
# Passages embedded between two writes; a kill loses at most these.
_STEP = 512


@dataclass(frozen=True)
class Built:
    """What a build did. `unchanged` when the serving index was already up to date."""

    unchanged: bool
    passages: int
    embedded: int
    warnings: tuple[str, ...] = ()


def inputs_digest(settings: Settings, fingerprint: str) -> str:
    """One digest of everything an index is made of. Reads files only, parses nothing."""
    digest = hashlib.sha256(f"{_MAKE}:{fingerprint}".encode())
    for path in _input_files(settings):
        digest.update(path.as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _input_files(settings: Settings) -> Iterator[Path]:
    for part in ("instruments", "topics", "scope", "danger"):
        yield from sorted((settings.corpus / part).rglob("*.yml"))
    yield from text_files(settings.texts).values()


def build_index(
    settings: Settings,
    load: Callable[[], Catalogue],
    embedder: Embedder,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Built:
    """Build the index, or take up a build that was killed.

    The serving index stays as it is until the new one is whole. Passages whose text did not change
    keep their vectors.

    Args:
        settings: where things lie.
        load: loads the catalogue; called only when something changed.
        embedder: the model.
        progress: called with passages done and in all.

    Raises:
        BuildBusyError: another build is running.
        CorpusError: the corpus has problems; the serving index is untouched.
    """
    with build_lock(settings):
        build_id = inputs_digest(settings, embedder.fingerprint)
        manifest = read_manifest(settings)
        if manifest is not None and manifest["build_id"] == build_id and manifest.get("chroma") == settings.chroma_url:
            return Built(unchanged=True, passages=manifest["passages"], embedded=0)
        catalogue = load()
        warnings: list[str] = []
        units = read_texts(catalogue, settings.texts, warnings.append)
        passages = make_passages(catalogue, units)
        embedded = _write(settings, build_id, passages, embedder, progress)
        classifiers, examples = train_classifiers(catalogue, embedder, _known_examples(settings, manifest, embedder))
        counts = {kind: sum(p.kind == kind for p in passages) for kind in sorted({p.kind for p in passages})}
        facts: dict[str, Any] = {
            "embedder": embedder.fingerprint,
            "chroma": settings.chroma_url,
            "passages": len(passages),
            "counts": counts,
            "built": datetime.now(UTC).isoformat(timespec="seconds"),
            "texts": sorted(f"{key}/{lang}" for key, lang in text_files(settings.texts)),
        }
        writer = IndexWriter(settings, build_id)
        _write_beside(settings, build_id, "classifiers.json", classifiers)
        np.savez(settings.data / "index" / build_id / "examples.npz", **examples)  # type: ignore[arg-type]
        _write_beside(settings, build_id, "units.json", [unit.model_dump() for unit in units])
        writer.publish(facts)
        return Built(unchanged=False, passages=len(passages), embedded=embedded, warnings=tuple(warnings))


def _known_examples(settings: Settings, manifest: dict[str, Any] | None, embedder: Embedder) -> dict[str, Vectors]:
    """Embeddings of the classifiers' examples from the serving index, if the same model made them."""
    if manifest is None or manifest.get("embedder") != embedder.fingerprint:
        return {}
    try:
        with np.load(settings.data / "index" / manifest["build_id"] / "examples.npz") as stored:
            return {key: stored[key] for key in stored.files}
    except (OSError, ValueError):
        return {}


def _write_beside(settings: Settings, build_id: str, name: str, content: object) -> None:
    folder = settings.data / "index" / build_id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def _write(
    settings: Settings,
    build_id: str,
    passages: list[Passage],
    embedder: Embedder,
    progress: Callable[[int, int], None],
) -> int:
    writer = IndexWriter(settings, build_id)
    present = writer.present()
    missing = [passage for passage in passages if passage.id not in present]
    done = len(passages) - len(missing)
    progress(done, len(passages))
    known = stored_vectors(settings, embedder.fingerprint) if missing else {}
    kept = [passage for passage in missing if passage.id in known]
    if kept:
        writer.add(kept, np.stack([known[passage.id] for passage in kept]))
        done += len(kept)
        progress(done, len(passages))
    fresh = [passage for passage in missing if passage.id not in known]
    for start in range(0, len(fresh), _STEP):
        part = fresh[start : start + _STEP]

        def step(count: int, before: int = done) -> None:
            progress(before + count, len(passages))

        writer.add(part, embedder.encode_documents([passage.text for passage in part], step))
        done += len(part)
        progress(done, len(passages))
    return len(fresh)
