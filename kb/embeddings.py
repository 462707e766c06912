"""The one door to sentence-transformers: text in, unit vectors out."""

import hashlib
import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from kb.bundled import PROMPTS, unpack_bundled
from kb.bundled import SHA256 as BUNDLED_SHA256
from kb.errors import ModelError
from kb.settings import BUNDLED_EMBEDDER, Settings

Vectors = NDArray[np.float32]

# Passages handed to the model between two reports of progress. Large, because the model sorts
# what it gets by length and so wastes less on padding.
_SLICE = 256
_BATCH = 32


class Embedder(Embeddings):
    """An embedding model by name, loaded at first use; fits wherever LangChain wants `Embeddings`.

    Args:
        settings: `embedder` is 'bundled', a folder, or a name that a model hub or its cache knows.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def fingerprint(self) -> str:
        """What tells this model from any other; the index records it. Does not load the model."""
        name = self._settings.embedder
        if name == BUNDLED_EMBEDDER:
            return f"bundled-{BUNDLED_SHA256[:16]}"
        if Path(name).is_dir():
            return f"{Path(name).name}-{_folder_digest(Path(name))}"
        return name

    @cached_property
    def model(self) -> Any:
        """The `SentenceTransformer`, on the CPU.

        Raises:
            ModelError: it cannot be loaded.
        """
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
        name = self._settings.embedder
        local = name == BUNDLED_EMBEDDER or Path(name).is_dir()
        path = str(unpack_bundled(self._settings.cache)) if name == BUNDLED_EMBEDDER else name
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer

        transformers.logging.set_verbosity_error()
        transformers.logging.disable_progress_bar()
        if self._settings.threads:
            torch.set_num_threads(self._settings.threads)
        try:
            model = SentenceTransformer(
                path, device="cpu", local_files_only=local, model_kwargs={"dtype": self._dtype(torch)}
            )
        except (OSError, ValueError, RuntimeError, KeyError, AttributeError) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0]
            raise ModelError(f"The embedding model {name!r} cannot be loaded: {first}") from error
        prompts = {key: value for key, value in model.prompts.items() if value}
        # Models of the E5 family were trained with these prompts and lose much without them,
        # but their folders do not name them.
        if not prompts and "e5" in Path(name).name.lower():
            model.prompts = dict(PROMPTS)
        return model

    def _dtype(self, torch: Any) -> Any:
        wanted = self._settings.embedder_dtype
        if wanted == "auto":
            wanted = "bfloat16" if _has_amx() else "float32"
        if wanted not in ("float32", "bfloat16"):
            raise ModelError(f"AMPARO_EMBEDDER_DTYPE is {wanted!r}; it can be auto, float32 or bfloat16.")
        return getattr(torch, wanted)

    def encode_query(self, text: str) -> Vectors:
        """Embed a question. Returns a unit vector of shape (dimensions,)."""
        vector = self.model.encode_query(text, show_progress_bar=False, normalize_embeddings=True)
        return np.asarray(vector, dtype=np.float32)

    def encode_documents(self, texts: Sequence[str], progress: Callable[[int], None] = lambda _: None) -> Vectors:
        """Embed passages.

        Args:
            texts: any number.
            progress: called with the number of passages just embedded.

        Returns:
            Unit vectors of shape (len(texts), dimensions), in the order given.
        """
        return self._encode(self.model.encode_document, texts, progress)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Embed many questions. Unit vectors of shape (len(texts), dimensions), in the order given."""
        return self._encode(self.model.encode_query, texts, lambda _: None)

    @staticmethod
    def _encode(encode: Callable[..., Any], texts: Sequence[str], progress: Callable[[int], None]) -> Vectors:
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        rows: list[Vectors] = []
        for start in range(0, len(order), _SLICE):
            part = order[start : start + _SLICE]
            vectors = encode(
                [texts[i] for i in part], batch_size=_BATCH, show_progress_bar=False, normalize_embeddings=True
            )
            rows.append(np.asarray(vectors, dtype=np.float32))
            progress(len(part))
        stacked = np.concatenate(rows) if rows else np.zeros((0, 0), np.float32)
        result = np.empty_like(stacked)
        result[order] = stacked
        return result

    def embed_query(self, text: str) -> list[float]:
        """LangChain's name for `encode_query`."""
        return [float(value) for value in self.encode_query(text)]

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's name for `encode_documents`."""
        return [[float(value) for value in row] for row in self.encode_documents(texts)]


def _has_amx() -> bool:
    try:
        return "amx_bf16" in Path("/proc/cpuinfo").read_text()
    except OSError:
        return False


def _folder_digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(folder).as_posix()}:{path.stat().st_size}".encode())
            with path.open("rb") as file:
                digest.update(file.read(1 << 20))
    return digest.hexdigest()[:16]
