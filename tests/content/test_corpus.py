"""The law as data is sound: every file, every id, every language."""

import csv
import re
from pathlib import Path

import pytest

from kb.content.checks import check_corpus
from kb.content.registry import Catalogue
from kb.locales import OFFERED_TAGS
from kb.settings import ROOT, Settings
from tests.conftest import SHARED, needs_texts

# The catalogue of this version: instrument -> provisions with digests.
EXPECTED = {
    "gcm": 33, "migof": 6, "udhr": 30, "icrmw": 71, "refugee-convention": 34, "iccpr": 27, "crc": 41,
    "eu-return-directive": 23,
}  # fmt: skip
RUN = 9
OTHER_NAMES = ["programme de développement durable à l horizon 2030"]


def test_no_problem_in_any_file() -> None:
    assert check_corpus(Settings().corpus) == []


def test_the_catalogue_is_complete(catalogue: Catalogue) -> None:
    assert {key: len(i.provisions) for key, i in catalogue.instruments.items()} == EXPECTED
    for provision in catalogue.provisions.values():
        assert set(provision.prose) == set(OFFERED_TAGS), provision.id


def test_twenty_topics_with_ten_questions_each(catalogue: Catalogue) -> None:
    assert len(catalogue.topics) >= 20
    for topic in catalogue.topics.values():
        assert all(len(topic.questions[tag]) >= 10 for tag in OFFERED_TAGS), topic.key
        assert {"right", "limit", "step"} <= {point.kind for point in topic.points}, topic.key


def test_what_is_not_verified_says_why(catalogue: Catalogue) -> None:
    for provision in catalogue.provisions.values():
        assert provision.verified or provision.reason, provision.id


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def _without_names(text: str, names: list[str]) -> str:
    """The text with the names of instruments taken out: a name is not a sentence of the law."""
    plain = " ".join(_words(text))
    for name in names:
        plain = plain.replace(name, "|")
    return plain


def _corpus_texts(catalogue: Catalogue, lang: str) -> list[tuple[str, str]]:
    texts = [(p.id, p.prose[lang].digest) for p in catalogue.provisions.values()]
    return texts + [(f"{p.topic}/{p.id}", p.text[lang]) for p in catalogue.points.values()]


@needs_texts
@pytest.mark.parametrize("lang", ["en", "fr", "es"])
def test_no_sentence_is_the_official_one(catalogue: Catalogue, lang: str) -> None:
    official: set[tuple[str, ...]] = set()
    for path in SHARED.glob(f"*/{lang}.md"):
        official |= _runs(_words(path.read_text(encoding="utf-8", errors="ignore")))
    names = [" ".join(_words(i.titles[lang])) for i in catalogue.instruments.values()] + OTHER_NAMES
    copied = [
        key
        for key, text in _corpus_texts(catalogue, lang)
        if any(_runs(part.split()) & official for part in _without_names(text, names).split("|"))
    ]
    assert copied == []


def test_no_evaluation_case_stands_in_the_corpus(catalogue: Catalogue) -> None:
    asked: dict[str, str] = {}
    for name in ("retrieval", "scope", "danger"):
        with (ROOT / "evals" / "cases" / f"{name}.csv").open(encoding="utf-8") as file:
            asked |= {" ".join(_words(row.get("question") or row["text"])): row["id"] for row in csv.DictReader(file)}
    lines = [question for t in catalogue.topics.values() for qs in t.questions.values() for question in qs]
    lines += [ask for p in catalogue.provisions.values() for prose in p.prose.values() for ask in prose.asks]
    lines += [line for scope in catalogue.scope.values() for ls in scope.examples.values() for line in ls]
    lines += [line for danger in catalogue.dangers for ls in danger.examples.values() for line in ls]
    assert [asked[key] for key in (" ".join(_words(line)) for line in lines) if key in asked] == []


def test_every_problem_of_a_file_is_listed_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "instruments" / "x"
    folder.mkdir(parents=True)
    (folder / "instrument.yml").write_text("key: x\nkindd: treaty\nforce: binding\n", encoding="utf-8")
    problems = [p for p in check_corpus(tmp_path) if p.startswith("instruments/x/instrument.yml")]
    assert any("kindd" in p for p in problems)
    assert any("titles" in p for p in problems)


@pytest.mark.parametrize(
    ("content", "said"),
    [("a: 1\na: 2\n", "stands twice"), ("a: [1\n", "not YAML"), (b"\xff\xfe", "not UTF-8")],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str | bytes, said: str) -> None:
    (tmp_path / "ui").mkdir()
    target = tmp_path / "ui" / "en.yml"
    target.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert any(p.startswith("ui/en.yml") and said in p for p in check_corpus(tmp_path))
