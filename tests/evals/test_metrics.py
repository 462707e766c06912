"""The measures are right on cases done by hand, and retrieval has not become worse."""

import pytest

from evals.cases import LabelCase, RetrievalCase, read_label_cases, read_retrieval_cases
from evals.metrics import drops, score_labels, score_rankings
from evals.run import frozen, judge_cases, rank_ours
from kb.answering.assistant import Assistant
from kb.content.registry import Catalogue
from kb.errors import KbError

# A machine with another processor rounds otherwise; one flipped case in a language is about this much.
SLACK = 0.02


def test_measures_by_hand() -> None:
    cases = [RetrievalCase("1", "test", "en", "q", ("a", "b"), ""), RetrievalCase("2", "test", "fr", "q", ("c",), "")]
    rankings = [[("a", 0.9), ("x", 0.8), ("b", 0.7)], [("x", 0.9), ("c", 0.8)]]
    scores = score_rankings(cases, rankings)
    assert scores["en"]["recall@5"] == 1
    assert scores["en"]["MRR"] == 1
    assert scores["fr"]["MRR"] == pytest.approx(0.5)
    assert scores["en"]["nDCG@10"] == pytest.approx((1 + 0.5) / (1 + 0.63093), abs=1e-3)
    assert scores["all"]["MRR"] == pytest.approx(0.75)


def test_a_case_without_any_hit_counts_as_zero() -> None:
    case = RetrievalCase("1", "test", "en", "q", ("a",), "")
    assert score_rankings([case], [[]])["all"]["recall@10"] == 0


def test_labels_by_hand() -> None:
    cases = [LabelCase(str(i), "test", "en", "q", label) for i, label in enumerate(("violence", "none", "none"))]
    scores = score_labels(cases, ["violence", "none", "medical"])["all"]
    assert scores == {"accuracy": pytest.approx(2 / 3), "recall": 1, "false alarms": 0.5}


def test_a_drop_is_seen() -> None:
    before = {"en": {"recall@10": 0.9, "false alarms": 0.1}}
    assert drops({"en": {"recall@10": 0.9, "false alarms": 0.1}}, before, 0.01) == []
    assert len(drops({"en": {"recall@10": 0.8, "false alarms": 0.3}}, before, 0.01)) == 2


def test_a_case_with_an_unknown_provision_is_refused_by_row(catalogue: Catalogue, tmp_path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(
        "id,split,lang,question,gold,topic,author,notes\na,test,en,q,icrmw/art-999,t,x,\n", encoding="utf-8"
    )
    with pytest.raises(KbError, match="row 2"):
        read_retrieval_cases(catalogue, path)


def test_there_are_enough_cases(catalogue: Catalogue) -> None:
    cases = [case for case in read_retrieval_cases(catalogue) if case.split == "test"]
    assert len(cases) >= 150
    assert len({case.lang for case in cases}) >= 10


def test_retrieval_has_not_become_worse(assistant: Assistant) -> None:
    cases = [case for case in read_retrieval_cases(assistant.catalogue) if case.split == "test"]
    scores = score_rankings(cases, rank_ours(cases, assistant.settings, assistant.catalogue))
    assert drops(scores, frozen("retrieval"), SLACK) == []


@pytest.mark.parametrize("suite", ["danger", "scope"])
def test_labels_have_not_become_worse(suite: str, assistant: Assistant) -> None:
    cases = [case for case in read_label_cases(suite) if case.split == "test"]
    given = judge_cases(suite, cases, assistant.settings, assistant.catalogue)
    assert drops(score_labels(cases, given), frozen(suite), SLACK) == []
