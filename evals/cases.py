"""Evaluation cases: hand-edited CSV, every problem listed by row."""

import csv
from dataclasses import dataclass
from pathlib import Path

from kb.content.registry import Catalogue
from kb.errors import KbError

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class RetrievalCase:
    """A question and the provisions that directly answer it."""

    id: str
    split: str
    lang: str
    question: str
    gold: tuple[str, ...]
    topic: str


@dataclass(frozen=True)
class LabelCase:
    """A question and the one label it must get."""

    id: str
    split: str
    lang: str
    question: str
    expected: str


def read_retrieval_cases(catalogue: Catalogue, path: Path = FOLDER / "retrieval.csv") -> list[RetrievalCase]:
    """Read and check the retrieval cases.

    Raises:
        KbError: with every problem of the file, by row.
    """
    problems: list[str] = []
    cases: list[RetrievalCase] = []
    seen: set[str] = set()
    for number, row in enumerate(_rows(path), 2):
        gold = tuple(row["gold"].split())
        unknown = [provision for provision in gold if not catalogue.has(provision)]
        if not gold or not row["question"].strip():
            problems.append(f"row {number}: needs a question and gold provisions")
        if unknown:
            problems.append(f"row {number}: not in the catalogue: {' '.join(unknown)}")
        if row["id"] in seen:
            problems.append(f"row {number}: the id {row['id']} stands twice")
        seen.add(row["id"])
        cases.append(RetrievalCase(row["id"], row["split"], row["lang"], row["question"], gold, row["topic"]))
    if problems:
        raise KbError(f"{path.name} has problems:\n" + "\n".join(f"- {problem}" for problem in problems))
    return cases


def read_label_cases(name: str) -> list[LabelCase]:
    """Read the cases of `scope` or `danger`."""
    return [
        LabelCase(
            row["id"], row.get("split") or "test", row["lang"], row.get("question") or row["text"], row["expected"]
        )
        for row in _rows(FOLDER / f"{name}.csv")
    ]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
