"""Is a question ours to answer, and if not, of which kind is it?"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from kb.embeddings import Vectors

Kind = Literal["in_scope", "out_of_scope", "national_detail", "illegal_help", "injection"]


# Probability from which a question is declined. Below, it is answered: a wrong refusal wastes the one
# minute that somebody had, a wrong answer still shows its sources.
_DECLINE = 0.55


@dataclass(frozen=True)
class Scope:
    """The most likely kind of a question and its probability."""

    kind: Kind
    probability: float

    @property
    def verdict(self) -> Kind:
        """The kind to act on: in scope unless another kind is likely enough."""
        return self.kind if self.probability >= _DECLINE else "in_scope"


def judge_scope(vector: Vectors, weights: dict[str, Any]) -> Scope:
    """Classify a question by its embedding.

    Args:
        vector: the question's embedding.
        weights: `classes`, `weights` and `bias` as the build stored them; empty when the corpus has
            no examples, and then everything is in scope.
    """
    if not weights:
        return Scope("in_scope", 1.0)
    logits = np.asarray(weights["weights"]) @ vector + np.asarray(weights["bias"])
    likely = np.exp(logits - logits.max())
    likely /= likely.sum()
    best = int(likely.argmax())
    return Scope(weights["classes"][best], float(likely[best]))
