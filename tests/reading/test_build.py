"""The index is never half-built."""

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kb.content.registry import Catalogue
from kb.errors import BuildBusyError, CorpusError, IndexMismatchError, IndexMissingError, KbError
from kb.reading.build import build_index
from kb.reading.fetch import add_text
from kb.settings import ROOT, Settings
from kb.store import Store, build_lock, read_manifest
from tests.conftest import WordEmbedder


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", texts=tmp_path / "texts")


def _build(settings: Settings, catalogue: Catalogue):
    return build_index(settings, lambda: catalogue, WordEmbedder(settings))


def _only(catalogue: Catalogue, topics: int) -> Catalogue:
    part = Catalogue()
    part.__dict__.update(catalogue.__dict__)
    part.topics = dict(list(catalogue.topics.items())[:topics])
    cited = {cite.split("(")[0] for t in part.topics.values() for point in t.points for cite in point.cites}
    part.provisions = {key: value for key, value in catalogue.provisions.items() if key in cited or "obj-1" in key}
    return part


def test_no_index_is_one_sentence(place: Settings) -> None:
    with pytest.raises(IndexMissingError, match=r"ingest\.py build"):
        Store(place, "words-64")


def test_build_search_and_nothing_to_do(place: Settings, catalogue: Catalogue) -> None:
    part = _only(catalogue, 1)
    first = _build(place, part)
    assert first.embedded == first.passages > 0
    embedder = WordEmbedder(place)
    topic = next(iter(part.topics.values()))
    hits = Store(place, embedder.fingerprint).search(embedder.encode_query(topic.questions["en"][0]), "line", 3)
    assert hits[0].passage.topic == topic.key
    assert hits[0].score == pytest.approx(1.0, abs=1e-3)
    again = build_index(place, lambda: pytest.fail("nothing changed, so nothing is loaded"), embedder)
    assert again.unchanged


def test_another_model_is_refused(place: Settings, catalogue: Catalogue) -> None:
    _build(place, _only(catalogue, 1))
    with pytest.raises(IndexMismatchError, match=r"words-64.*other"):
        Store(place, "other")


def test_only_what_changed_is_embedded(place: Settings, catalogue: Catalogue, tmp_path: Path) -> None:
    _build(place, _only(catalogue, 1))
    text = tmp_path / "en.md"
    text.write_text("# Objective 1\nData\n# Objective 2\nDrivers\n", encoding="utf-8")
    add_text(text, "gcm", "en", place.texts)
    second = _build(place, _only(catalogue, 1))
    assert second.embedded < 5 < second.passages


def test_a_bad_corpus_leaves_the_index_as_it_was(place: Settings, catalogue: Catalogue, tmp_path: Path) -> None:
    _build(place, _only(catalogue, 1))
    before = read_manifest(place)
    broken = dataclasses.replace(place, corpus=tmp_path)

    def load() -> Catalogue:
        raise CorpusError(["x.yml: broken"])

    with pytest.raises(CorpusError):
        build_index(broken, load, WordEmbedder(place))
    assert read_manifest(place) == before


def test_two_builds_at_once_are_refused(place: Settings, catalogue: Catalogue) -> None:
    with build_lock(place), pytest.raises(BuildBusyError):
        _build(place, _only(catalogue, 1))


_SLOW = """
import sys, time
from pathlib import Path
from kb.content.registry import load_catalogue
from kb.reading.build import build_index
from kb.settings import Settings
from tests.conftest import WordEmbedder
import kb.reading.build as build
build._STEP = 64
class Slow(WordEmbedder):
    def encode_documents(self, texts, progress=lambda _: None):
        print("step", flush=True)
        time.sleep(0.3)
        return super().encode_documents(texts, progress)
settings = Settings(data=Path(sys.argv[1]), texts=Path(sys.argv[2]))
build_index(settings, lambda: load_catalogue(settings.corpus), Slow(settings))
"""


@pytest.mark.parametrize("steps", [1, 3])
def test_a_killed_build_leaves_the_old_index_and_is_finished_by_the_next(
    place: Settings, catalogue: Catalogue, tmp_path: Path, steps: int
) -> None:
    old = tmp_path / "old.md"
    old.write_text("# Objective 1\nData\n", encoding="utf-8")
    _build(place, _only(catalogue, 2))
    before = read_manifest(place)
    add_text(old, "gcm", "en", place.texts)
    child = subprocess.Popen(
        [sys.executable, "-c", _SLOW, str(place.data), str(place.texts)],
        cwd=ROOT, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    for _ in range(steps):
        child.stdout.readline()
    time.sleep(0.1)
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()

    assert read_manifest(place) == before
    store = Store(place, "words-64")
    assert store.search(WordEmbedder(place).encode_query("passport"), "line", 1)
    done = _build(place, catalogue)
    assert not done.unchanged
    assert done.passages > done.embedded
    assert Store(place, "words-64").manifest["passages"] == done.passages


def test_a_half_written_index_is_not_served(place: Settings, catalogue: Catalogue) -> None:
    _build(place, _only(catalogue, 1))
    manifest = place.data / "index" / "current.json"
    manifest.write_text(manifest.read_text().replace('"passages": ', '"passages": 9'), encoding="utf-8")
    with pytest.raises(IndexMissingError, match="not whole"):
        Store(place, "words-64")
    manifest.write_text("{", encoding="utf-8")
    with pytest.raises(IndexMissingError, match="no index"):
        Store(place, "words-64")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_chroma_server_serves_the_index_too(place: Settings, catalogue: Catalogue, tmp_path: Path) -> None:
    port = _free_port()
    command = [
        str(Path(sys.executable).with_name("chroma")),
        "run",
        "--path",
        str(tmp_path / "server"),
        "--port",
        str(port),
    ]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    remote = dataclasses.replace(place, chroma_url=f"http://127.0.0.1:{port}")
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        _build(remote, _only(catalogue, 1))
        embedder = WordEmbedder(remote)
        assert Store(remote, embedder.fingerprint).search(embedder.encode_query("passport"), "line", 1)
    finally:
        server.terminate()
        server.wait()
    with pytest.raises(KbError, match="does not answer"):
        Store(remote, embedder.fingerprint)
