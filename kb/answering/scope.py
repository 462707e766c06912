"""Is a question ours to answer, and if not, of which kind is it?"""

from typing import Any, Literal, cast

from kb.answering.likelihood import likelihoods
from kb.embeddings import Vectors

Kind = Literal["in_scope", "out_of_scope", "national_detail", "illegal_help", "injection"]
# Probability from which a question is declined. Below, it is answered: a wrong refusal wastes the one
# minute that somebody had, a wrong answer still shows its sources.
_DECLINE = 0.55


def judge_scope(vector: Vectors, weights: dict[str, Any]) -> Kind:
    """The kind of a question: in scope unless another kind is likely enough.

    Args:
        vector: the question's embedding.
        weights: of the scope classifier; empty means everything is in scope.
    """
    likely = likelihoods(vector, weights)
    best = max(likely, key=lambda kind: likely[kind], default="in_scope")
    return cast("Kind", best) if likely.get(best, 0.0) >= _DECLINE else "in_scope"
