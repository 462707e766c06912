"""A question -> the provisions, topics and points that fit it best.

Questions and texts have slots of their own in the ranking: a person's words are near to other
people's questions and far from the words of treaties, so merged by similarity alone the questions
would leave no room for a provision that happens to have none like it. docs/retrieval.md has the tables.
"""

from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from kb.embeddings import Embedder, Vectors
from kb.models import Findings, Hit, RankedProvision
from kb.store import Store

# Passages taken from each slot. The same provision comes up in several languages, so many
# passages make few provisions.
_TAKE = 120
# What a hit in a topic's question says of the provisions the topic cites: less, the further down
# the topic cites them.
_TOPIC_START = 0.012
_TOPIC_STEP = 0.003
# Share of the lines in the score of a provision that both slots found.
_LINE_SHARE = 0.65
# What stands in for a slot in which a provision was not found: the worst score seen there, less this.
_ABSENT = 0.01
_KEEP = 50
# The same right in other instruments stands just below the best of its group, when that one is
# among the first few found.
_RELATED_FROM = 3
_RELATED_LESS = 0.008
_RELATED_STEP = 0.001

Groups = Sequence[Sequence[str]]


def find_provisions(vector: Vectors, store: Store, related: Groups = ()) -> Findings:
    """Search both slots and rank.

    Args:
        vector: the question's embedding, a unit vector.
        store: the index.
        related: groups of provisions that give the same right in different instruments.

    Returns:
        Up to 50 provisions, best first; topics and points with the best similarity of any of their lines.
    """
    return rank(store.search(vector, "line", _TAKE), store.search(vector, "text", _TAKE), related)


def rank(lines: list[Hit], texts: list[Hit], related: Groups = ()) -> Findings:
    """Rank provisions, topics and points from the passages of both slots."""
    by_line: dict[str, float] = {}
    topics: dict[str, float] = {}
    points: dict[str, float] = {}
    for hit in lines:
        if hit.passage.topic:
            topics[hit.passage.topic] = max(topics.get(hit.passage.topic, 0.0), hit.score)
        for place, provision in enumerate(hit.passage.provisions):
            less = _TOPIC_START + _TOPIC_STEP * place if hit.passage.topic else 0.0
            by_line[provision] = max(by_line.get(provision, 0.0), hit.score - less)
    by_text: dict[str, float] = {}
    for hit in texts:
        if hit.passage.point:
            points[hit.passage.point] = max(points.get(hit.passage.point, 0.0), hit.score)
        for provision in hit.passage.provisions:
            by_text[provision] = max(by_text.get(provision, 0.0), hit.score)
    floor_line = min(by_line.values(), default=0.0) - _ABSENT
    floor_text = min(by_text.values(), default=0.0) - _ABSENT
    scores = {
        provision: _LINE_SHARE * by_line.get(provision, floor_line)
        + (1 - _LINE_SHARE) * by_text.get(provision, floor_text)
        for provision in by_line.keys() | by_text.keys()
    }
    ranked = _sorted(_with_related(scores, related))[:_KEEP]
    return Findings(
        provisions=tuple(RankedProvision(id=provision, score=score) for provision, score in ranked),
        topics=tuple(sorted(topics.items(), key=lambda item: -item[1])),
        points=points,
        best_line=max((hit.score for hit in lines), default=0.0),
    )


def _sorted(scores: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def _with_related(scores: dict[str, float], related: Groups) -> dict[str, float]:
    first = {provision for provision, _ in _sorted(scores)[:_RELATED_FROM]}
    raised = dict(scores)
    for group in related:
        best = max((scores[provision] for provision in group if provision in first), default=None)
        if best is None:
            continue
        for place, provision in enumerate(group):
            raised[provision] = max(raised.get(provision, 0.0), best - _RELATED_LESS - _RELATED_STEP * place)
    return raised


class ProvisionRetriever(BaseRetriever):
    """The same search as a LangChain retriever, for anybody's chain.

    Documents hold the digest in `lang`; their metadata the provision id and score.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    store: Any
    embedder: Any
    catalogue: Any
    lang: str = "en"
    k: int = 10

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        embedder: Embedder = self.embedder
        findings = find_provisions(embedder.encode_query(query), self.store, self.catalogue.related)
        return [
            Document(
                page_content=self.catalogue.prose(found.id, self.lang).digest,
                metadata={"provision": found.id, "score": found.score},
            )
            for found in findings.provisions[: self.k]
        ]
