"""Trains what judges a question by its embedding: is it ours to answer, and does it show a danger?

Two logistic regressions, trained at every build because their examples are the corpus itself, and
stored as plain numbers beside the index.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from kb.content.registry import Catalogue
from kb.embeddings import Embedder, Vectors

# Inverse strength of the penalty: scope on the dev cases of evals/cases/scope.csv, danger by
# cross-validation on its own examples (docs/danger.md).
_SCOPE_C = 30.0
_DANGER_C = 10.0
Example = tuple[str, str]


def train_classifiers(
    catalogue: Catalogue, embedder: Embedder, known: Mapping[str, Vectors]
) -> tuple[dict[str, Any], dict[str, Vectors]]:
    """Train both.

    Args:
        catalogue: the examples.
        embedder: the model.
        known: embeddings by `text_key`, from an earlier build.

    Returns:
        `scope` and `danger`, each with `classes`, `weights` (classes x dimensions) and `bias`, or empty
        where the corpus has no examples; and the embeddings of all examples by `text_key`.
    """
    in_scope = [(text, "in_scope") for text in _questions(catalogue)]
    out = [(text, kind) for kind, file in sorted(catalogue.scope.items()) for text in _flat(file.examples)]
    dangers = [(text, danger.kind) for danger in catalogue.dangers for text in _flat(danger.examples)]
    calm = [(text, "none") for danger in catalogue.dangers for text in _flat(danger.lookalikes)]
    calm += [(text, "none") for text, _ in (*in_scope, *out)]

    texts = list(dict.fromkeys(text for text, _ in (*in_scope, *out, *dangers, *calm)))
    fresh = [text for text in texts if text_key(text) not in known]
    made = dict(zip(map(text_key, fresh), embedder.encode_queries(fresh), strict=True)) if fresh else {}
    vectors = {text_key(text): made.get(text_key(text), known.get(text_key(text))) for text in texts}
    complete = {key: vector for key, vector in vectors.items() if vector is not None}
    return {
        "scope": _fit([*in_scope, *out], complete, _SCOPE_C),
        "danger": _fit([*dangers, *calm], complete, _DANGER_C),
    }, complete


def text_key(text: str) -> str:
    """Name of an example's embedding."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _fit(examples: Sequence[Example], vectors: Mapping[str, Vectors], strength: float) -> dict[str, Any]:
    if len({kind for _, kind in examples}) < 2:
        return {}
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, class_weight="balanced", max_iter=3000)
    model.fit(np.stack([vectors[text_key(text)] for text, _ in examples]), [kind for _, kind in examples])
    weights, bias = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # the library gives one row for two classes
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return {
        "classes": [str(kind) for kind in model.classes_],
        "weights": np.round(weights, 5).tolist(),
        "bias": np.round(bias, 5).tolist(),
    }


def _flat(examples: Mapping[str, Sequence[str]]) -> list[str]:
    return [text for texts in examples.values() for text in texts]


def _questions(catalogue: Catalogue) -> list[str]:
    questions = [text for topic in catalogue.topics.values() for text in _flat(topic.questions)]
    # One line a provision and language: enough to show what the catalogue speaks of.
    asks = [
        prose.asks[0]
        for provision in catalogue.provisions.values()
        if not provision.final
        for prose in provision.prose.values()
    ]
    return questions + asks
