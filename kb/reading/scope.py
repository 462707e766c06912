"""Trains the scope classifier: is a question ours, and if not, of which kind is it?

A logistic regression on the question's embedding. It is trained at every build, because its
in-scope examples are the corpus itself, and stored as plain numbers beside the index.
"""

from typing import Any

import numpy as np

from kb.content.registry import Catalogue
from kb.embeddings import Embedder

# Inverse strength of the penalty, chosen on the dev cases of evals/cases/scope.csv.
_C = 30.0


def train_scope(catalogue: Catalogue, embedder: Embedder) -> dict[str, Any]:
    """Train on the questions of topics and provisions (in scope) and the examples in scope/.

    Returns:
        `classes`, `weights` (classes x dimensions) and `bias` (classes), as lists. Empty when the
        corpus has no examples of what is out of scope.
    """
    examples = [(text, "in_scope") for text in _in_scope(catalogue)]
    for kind, file in sorted(catalogue.scope.items()):
        examples += [(text, kind) for texts in file.examples.values() for text in texts]
    kinds = {kind for _, kind in examples}
    if len(kinds) < 2:
        return {}
    from sklearn.linear_model import LogisticRegression

    vectors = np.stack([embedder.encode_query(text) for text, _ in examples])
    model = LogisticRegression(C=_C, class_weight="balanced", max_iter=2000)
    model.fit(vectors, [kind for _, kind in examples])
    return {
        "classes": [str(kind) for kind in model.classes_],
        "weights": np.round(model.coef_, 5).tolist(),
        "bias": np.round(model.intercept_, 5).tolist(),
    }


def _in_scope(catalogue: Catalogue) -> list[str]:
    questions = [text for topic in catalogue.topics.values() for texts in topic.questions.values() for text in texts]
    # One line a provision and language: enough to show what the catalogue speaks of.
    asks = [
        prose.asks[0]
        for provision in catalogue.provisions.values()
        if not provision.final
        for prose in provision.prose.values()
    ]
    return questions + asks
