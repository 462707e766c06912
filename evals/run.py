"""Runs a suite and compares it with the frozen run."""

import json
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals import systems
from evals.cases import LabelCase, RetrievalCase, read_label_cases, read_retrieval_cases
from evals.metrics import MEASURES, Scores, score_labels, score_rankings
from kb.answering.danger import assess_danger
from kb.answering.scope import judge_scope
from kb.content.registry import Catalogue, load_catalogue
from kb.embeddings import Embedder
from kb.reading.passages import make_passages
from kb.reading.texts import read_texts
from kb.settings import Settings
from kb.store import Store

FROZEN = Path(__file__).parent / "frozen"
RESULTS = Path(__file__).parent / "results"
SUITES = ("retrieval", "scope", "danger")
# Misses shown at the end: enough to see what is wrong, not so many that nobody reads them.
_WORST = 15


def run_suite(suite: str, split: str, settings: Settings, console: Console, *, baselines: bool = True) -> Scores:
    """Run a suite, print its tables, and write it to results/.

    Args:
        suite: "retrieval", "scope" or "danger".
        split: "dev", which defaults are tuned on, or "test", which they never are.
        settings: whose index to measure.
        console: where tables go.
        baselines: measure BM25 and the naive pipeline beside ours.

    Returns:
        Scores of our system.
    """
    catalogue = load_catalogue(settings.corpus)
    if suite == "retrieval":
        return _retrieval(split, settings, catalogue, console, baselines=baselines)
    cases = [case for case in read_label_cases(suite) if case.split == split]
    given = judge_cases(suite, cases, settings, catalogue)
    scores = score_labels(cases, given)
    _print(console, f"{suite} ({split}, {len(cases)} cases)", {"ours": scores}, ("accuracy", "recall", "false alarms"))
    wrong = [(case, label) for case, label in zip(cases, given, strict=True) if case.expected != label]
    for case, label in wrong[: 2 * _WORST]:
        console.print(f"{case.id} {case.expected} -> {label}: {case.question}", markup=False, highlight=False)
    return _keep(suite, split, scores)


def rank_ours(cases: Sequence[RetrievalCase], settings: Settings, catalogue: Catalogue) -> list[systems.Ranking]:
    """Rankings of our system."""
    embedder = Embedder(settings)
    return systems.ours(Store(settings, embedder.fingerprint), embedder, catalogue.related)(cases)


def judge_cases(suite: str, cases: Sequence[LabelCase], settings: Settings, catalogue: Catalogue) -> list[str]:
    """Labels that our system gives: scope kinds, or danger kinds and "none"."""
    embedder = Embedder(settings)
    store = Store(settings, embedder.fingerprint)
    folder = settings.data / "index" / store.manifest["build_id"]
    weights = json.loads((folder / "classifiers.json").read_text(encoding="utf-8"))[suite]
    vectors = embedder.encode_queries([case.question for case in cases])
    if suite == "scope":
        return [judge_scope(vector, weights) for vector in vectors]
    found = (assess_danger(c.question, v, weights, catalogue) for c, v in zip(cases, vectors, strict=True))
    return [danger.kind if danger else "none" for danger in found]


def frozen(suite: str) -> Scores:
    """Committed scores of a suite, on its test split."""
    scores: Scores = json.loads((FROZEN / f"{suite}.json").read_text(encoding="utf-8"))
    return scores


def freeze(suite: str, scores: Scores) -> None:
    """Make scores the ones to compare with."""
    _write(FROZEN / f"{suite}.json", scores)


def _retrieval(split: str, settings: Settings, catalogue: Catalogue, console: Console, *, baselines: bool) -> Scores:
    cases = [case for case in read_retrieval_cases(catalogue) if case.split == split]
    rankings = {"ours": rank_ours(cases, settings, catalogue)}
    if baselines:
        warnings: list[str] = []
        passages = make_passages(catalogue, read_texts(catalogue, settings.texts, warnings.append))
        rankings["bm25"] = systems.bm25(passages)(cases)
        rankings["naive"] = systems.naive(passages)(cases)
    scores = {name: score_rankings(cases, ranking) for name, ranking in rankings.items()}
    _print(console, f"retrieval ({split}, {len(cases)} cases)", scores, tuple(MEASURES))
    _print_misses(console, cases, rankings["ours"])
    return _keep("retrieval", split, scores["ours"])


def _print_misses(console: Console, cases: Sequence[RetrievalCase], rankings: Sequence[systems.Ranking]) -> None:
    misses = []
    for case, ranking in zip(cases, rankings, strict=True):
        top = [provision for provision, _ in ranking[:10]]
        if not set(case.gold) & set(top):
            misses.append((case, top[:4]))
    console.print(f"{len(misses)} questions without any gold provision among the first ten:")
    for case, top in misses[:_WORST]:
        line = f"{case.id}: {case.question} | gold {' '.join(case.gold)} | found {' '.join(top)}"
        console.print(line, markup=False, highlight=False)


def _print(console: Console, title: str, scores: dict[str, Scores], names: tuple[str, ...]) -> None:
    table = Table("language", *(f"{system} {name}" for name in names for system in scores), title=title)
    for group in next(iter(scores.values())):
        table.add_row(group, *(f"{scores[system][group][name]:.3f}" for name in names for system in scores))
    console.print(table)


def _keep(suite: str, split: str, scores: Scores) -> Scores:
    _write(RESULTS / f"{suite}-{split}.json", scores)
    return scores


def _write(path: Path, scores: Scores) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    rounded = {group: {name: round(value, 4) for name, value in m.items()} for group, m in scores.items()}
    path.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
