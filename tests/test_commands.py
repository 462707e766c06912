"""The commands of the README, run as a person runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ingest
from kb.answering.assistant import Assistant
from kb.batch import run_batch
from kb.content.registry import Catalogue
from kb.errors import KbError
from kb.settings import ROOT


def _run(assistant: Assistant, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    settings = assistant.settings
    variables = {"AMPARO_DATA": str(settings.data), "AMPARO_TEXTS": str(settings.texts), **env}
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, env={**os.environ, **variables}, check=False
    )


def test_ask_prints_an_answer_with_sources(assistant: Assistant) -> None:
    done = _run(assistant, "-m", "kb", "ask", "My boss keeps my passport", "--country", "Morocco")
    assert done.returncode == 0, done.stderr
    assert "Art. 21" in done.stdout
    assert "binding on Morocco" in done.stdout or "Morocco" in done.stdout


def test_ask_json_in_another_language(assistant: Assistant) -> None:
    done = _run(assistant, "-m", "kb", "ask", "My boss keeps my passport", "--lang", "fr", "--json")
    answer = json.loads(done.stdout)
    assert answer["language"] == "fr"
    assert answer["citations"]


@pytest.mark.parametrize(
    ("words", "env", "said"),
    [
        (("-m", "kb", "ask", ""), {}, "write a question"),
        (("-m", "kb", "ask", "hello, can I work?"), {"AMPARO_DATA": "/nonexistent/amparo"}, "ingest.py build"),
        (("-m", "kb", "ask", "hello, can I work?"), {"AMPARO_PRT": "1"}, "AMPARO_PRT is not a setting"),
        (("ingest.py", "add", "nothing.pdf", "--instrument", "gcm", "--lang", "en"), {}, "no such file"),
        (("ingest.py", "add", "README.md", "--instrument", "zzz", "--lang", "en"), {}, "not in the catalogue"),
        (("ingest.py", "status"), {"AMPARO_DATA": "/nonexistent/amparo"}, "no index yet"),
    ],
)
def test_what_goes_wrong_is_one_sentence(
    words: tuple[str, ...], env: dict[str, str], said: str, assistant: Assistant
) -> None:
    done = _run(assistant, *words, **env)
    said_all = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 1
    assert said in said_all
    assert "Traceback" not in said_all


def test_batch(small: Assistant, tmp_path: Path) -> None:
    lines = [
        {"id": "a", "question": "My boss keeps my passport", "profile": {"country": "Qatar", "age": 15, "mood": "sad"}},
        {"id": "b", "turns": ["My boss keeps my passport in Qatar", "and in Morocco?"]},
        {"id": "c", "question": "   "},
        {"question": "no id"},
        {"id": "d", "turns": []},
    ]
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text("\n".join([*map(json.dumps, lines), "not json"]) + "\n", encoding="utf-8")
    assert run_batch(source, target, small) == (2, 4)
    results = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [result["id"] for result in results] == ["a", "b", "c", None, "d", None]
    assert results[0]["answers"][0]["profile"]["country"] == "QAT"
    assert results[0]["answers"][0]["profile"]["not_understood"] == ["mood"]
    assert [a["profile"]["country"] for a in results[1]["answers"]] == ["QAT", "MAR"]
    assert all("error" in result for result in results[2:])


def test_batch_without_a_source_writes_nothing(small: Assistant, tmp_path: Path) -> None:
    with pytest.raises(KbError, match="cannot be read"):
        run_batch(tmp_path / "none.jsonl", tmp_path / "out.jsonl", small)
    assert list(tmp_path.iterdir()) == []


def test_check_lists_every_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "en.yml").write_text("a: 1\na: 2\n", encoding="utf-8")
    monkeypatch.setenv("AMPARO_CORPUS", str(tmp_path))
    assert ingest.main(["check"]) == 1
    assert "ui/en.yml" in capsys.readouterr().out


def test_add_then_build_takes_a_text_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue) -> None:
    monkeypatch.setenv("AMPARO_TEXTS", str(tmp_path / "texts"))
    source = tmp_path / "gcm.md"
    source.write_text("# Objective 1\nCollect data\n# Objective 2\nDrivers\n", encoding="utf-8")
    assert ingest.main(["add", str(source), "--instrument", "gcm", "--lang", "en"]) == 0
    assert (tmp_path / "texts" / "gcm" / "en.md").exists()
