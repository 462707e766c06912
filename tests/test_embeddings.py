"""The door to sentence-transformers: the bundled model, and any folder of a hub's form."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from kb.bundled import PROMPTS, unpack_bundled
from kb.embeddings import Embedder
from kb.errors import ModelError
from kb.settings import Settings


def test_the_bundled_model_is_e5_small(settings: Settings) -> None:
    embedder = Embedder(settings)
    assert embedder.model.prompts == PROMPTS
    question = embedder.encode_query("who may take my passport")
    near, far = embedder.encode_documents(
        ["Nobody but an official may confiscate identity papers.", "How to bake bread."]
    )
    assert question.shape == (384,)
    assert np.linalg.norm(question) == pytest.approx(1, abs=1e-3)
    assert question @ near > question @ far + 0.02


def test_order_is_kept(settings: Settings) -> None:
    embedder = Embedder(settings)
    texts = ["a long text about asylum and the border " * 5, "short", "another text of middle length here"]
    together = embedder.encode_documents(texts)
    alone = np.stack([embedder.encode_documents([text])[0] for text in texts])
    assert np.allclose((together * alone).sum(axis=1), 1, atol=2e-3)


def test_unpacking_again_does_nothing(settings: Settings) -> None:
    folder = unpack_bundled(settings.cache)
    stamp = (folder / "modules.json").stat().st_mtime_ns
    assert unpack_bundled(settings.cache) == folder
    assert (folder / "modules.json").stat().st_mtime_ns == stamp
    assert not list(settings.cache.glob("unpacking-*"))


@pytest.fixture(scope="module")
def hub_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model in the form in which hubs hold them."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    inner = tmp_path_factory.mktemp("bert")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "query", "passage", ":", "boss", "passport"]
    (inner / "vocab.txt").write_text("\n".join(words), encoding="utf-8")
    BertTokenizerFast(vocab=str(inner / "vocab.txt")).save_pretrained(inner)
    config = BertConfig(
        vocab_size=len(words), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    BertModel(config).save_pretrained(inner)
    folder = tmp_path_factory.mktemp("hub") / "tiny-e5"
    SentenceTransformer(modules=[Transformer(str(inner)), Pooling(16)], device="cpu").save(str(folder))
    return folder


def test_a_hub_style_folder_loads_offline(settings: Settings, hub_folder: Path) -> None:
    embedder = Embedder(dataclasses.replace(settings, embedder=str(hub_folder)))
    assert embedder.encode_documents(["boss", "passport"]).shape == (2, 16)
    assert embedder.model.prompts["query"] == "query: "
    assert embedder.fingerprint != Embedder(settings).fingerprint


def test_a_name_nobody_knows_is_one_sentence(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded") as caught:
        Embedder(dataclasses.replace(settings, embedder=str(tmp_path))).model  # noqa: B018 loads
    assert "\n" not in str(caught.value)
