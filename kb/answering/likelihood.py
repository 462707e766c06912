"""Probabilities of a classifier that the build trained, from a question's embedding."""

from typing import Any

import numpy as np

from kb.embeddings import Vectors


def likelihoods(vector: Vectors, weights: dict[str, Any]) -> dict[str, float]:
    """Probability of each class; empty when the corpus had no examples to train on.

    Args:
        vector: the question's embedding.
        weights: `classes`, `weights` and `bias` as the build stored them.
    """
    if not weights:
        return {}
    logits = np.asarray(weights["weights"]) @ vector + np.asarray(weights["bias"])
    likely = np.exp(logits - logits.max())
    likely /= likely.sum()
    return {name: float(value) for name, value in zip(weights["classes"], likely, strict=True)}
