"""Standard measures of ranked retrieval, by ir-measures, per language."""

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
from ir_measures import RR, R, nDCG

from evals.cases import LabelCase, RetrievalCase

MEASURES = {"recall@5": R @ 5, "recall@10": R @ 10, "nDCG@10": nDCG @ 10, "MRR": RR}
Scores = dict[str, dict[str, float]]


def score_rankings(cases: Sequence[RetrievalCase], rankings: Iterable[Sequence[tuple[str, float]]]) -> Scores:
    """Mean of every measure per language and over "all".

    Args:
        cases: questions with gold.
        rankings: for each case, provisions with scores.

    Returns:
        language -> measure -> mean, 0 to 1.
    """
    run = [
        ir_measures.ScoredDoc(case.id, provision, score)
        for case, ranking in zip(cases, rankings, strict=True)
        for provision, score in ranking
    ]
    qrels = [ir_measures.Qrel(case.id, provision, 1) for case in cases for provision in case.gold]
    by_case = {case.id: dict.fromkeys(MEASURES, 0.0) for case in cases}
    names = {str(measure): name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(MEASURES.values()), qrels, run):
        by_case[metric.query_id][names[str(metric.measure)]] = metric.value
    groups: dict[str, list[str]] = {"all": [case.id for case in cases]}
    for case in cases:
        groups.setdefault(case.lang, []).append(case.id)
    return {
        group: {name: sum(by_case[i][name] for i in ids) / len(ids) for name in MEASURES}
        for group, ids in groups.items()
    }


def score_labels(cases: Sequence[LabelCase], given: Sequence[str]) -> Scores:
    """Accuracy, recall of the cases that are not `none`/`in_scope`, and false alarms among those that are."""
    groups: dict[str, list[int]] = {"all": list(range(len(cases)))}
    for row, case in enumerate(cases):
        groups.setdefault(case.lang, []).append(row)
    return {group: _labels([(cases[i].expected, given[i]) for i in rows]) for group, rows in groups.items()}


def _labels(pairs: Sequence[tuple[str, str]]) -> dict[str, float]:
    quiet = ("none", "in_scope")
    loud = [pair for pair in pairs if pair[0] not in quiet]
    calm = [pair for pair in pairs if pair[0] in quiet]
    return {
        "accuracy": sum(expected == given for expected, given in pairs) / max(1, len(pairs)),
        "recall": sum(given not in quiet for _, given in loud) / max(1, len(loud)),
        "false alarms": sum(given not in quiet for _, given in calm) / max(1, len(calm)),
    }


def drops(now: Mapping[str, Mapping[str, float]], before: Mapping[str, Mapping[str, float]], slack: float) -> list[str]:
    """Where a measure fell by more than `slack` against frozen scores (or false alarms rose)."""
    found = []
    for group, measures in before.items():
        for name, value in measures.items():
            new = now.get(group, {}).get(name, 0.0)
            worse = new - value if name == "false alarms" else value - new
            if worse > slack:
                found.append(f"{group} {name}: {value:.3f} -> {new:.3f}")
    return found
