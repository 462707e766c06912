"""Real things to test with: the corpus, an index built by the bundled model, a second small index."""

import dataclasses
import hashlib
import os
from pathlib import Path

import numpy as np
import pytest

from kb.answering.assistant import Assistant
from kb.content.registry import Catalogue, load_catalogue
from kb.embeddings import Embedder, Vectors
from kb.reading.build import build_index
from kb.settings import ROOT, Settings

os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

SHARED = ROOT.parent / "shared" / "instruments"
needs_texts = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of official texts is not beside the project")
OUTPUT = ROOT / "test-output"


class WordEmbedder(Embedder):
    """A real but tiny embedder: hashed words, 64 dimensions. Fast, and near in words is near in vectors."""

    dims = 64

    @property
    def fingerprint(self) -> str:
        return f"words-{self.dims}"

    def _vector(self, text: str) -> Vectors:
        vector = np.full(self.dims, 1e-3, np.float32)
        for word in text.lower().split():
            vector[int(hashlib.md5(word.strip(".,?!").encode()).hexdigest(), 16) % self.dims] += 1.0
        return vector / np.linalg.norm(vector)

    def encode_query(self, text: str) -> Vectors:
        return self._vector(text)

    def encode_queries(self, texts) -> Vectors:
        return np.stack([self._vector(text) for text in texts])

    def encode_documents(self, texts, progress=lambda _: None) -> Vectors:
        progress(len(texts))
        return np.stack([self._vector(text) for text in texts])


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings of the session: the real corpus, no fetched texts, an index kept between runs."""
    base = Settings.from_env()
    return dataclasses.replace(base, data=ROOT / ".cache" / "tests", texts=tmp_path_factory.mktemp("texts"), port=0)


@pytest.fixture(scope="session")
def catalogue(settings: Settings) -> Catalogue:
    """The real corpus."""
    return load_catalogue(settings.corpus)


@pytest.fixture(scope="session")
def assistant(settings: Settings, catalogue: Catalogue) -> Assistant:
    """An assistant over the real corpus and the bundled model."""
    embedder = Embedder(settings)
    build_index(settings, lambda: catalogue, embedder)
    return Assistant(settings, catalogue, embedder)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, catalogue: Catalogue) -> Assistant:
    """An assistant over the real corpus and the tiny embedder: for what does not hang on meaning."""
    folder = tmp_path_factory.mktemp("small")
    settings = Settings(data=folder / "data", texts=folder / "texts", port=0)
    embedder = WordEmbedder(settings)
    build_index(settings, lambda: catalogue, embedder)
    return Assistant(settings, catalogue, embedder)


@pytest.fixture
def output() -> Path:
    """Folder for what a person may want to look at after the tests."""
    OUTPUT.mkdir(exist_ok=True)
    return OUTPUT
