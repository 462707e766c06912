"""The documents say what is true."""

import re
from dataclasses import fields

from kb.answering.assistant import Assistant
from kb.content.coverage import with_coverage
from kb.content.registry import Catalogue
from kb.render import render_text
from kb.settings import ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_is_short() -> None:
    assert len(README.splitlines()) < 120


def test_every_setting_is_in_the_readme() -> None:
    for field in fields(Settings):
        assert f"AMPARO_{field.name.upper()}" in README


def test_the_coverage_table_is_fresh(catalogue: Catalogue) -> None:
    assert with_coverage(README, catalogue) == README, "run `make docs`"


def test_the_answers_in_the_readme_are_real(assistant: Assistant) -> None:
    block = re.search(r"```\n(\$ .*?)```", README, re.DOTALL)
    assert block
    for example in block.group(1).split("$ python -m kb ask ")[1:]:
        question, shown = example.split("\n", 1)
        answer, _ = assistant.ask(question.strip().strip('"'))
        text = re.sub(r" <https?:[^>]*>", "", render_text(answer, assistant.catalogue)).replace("*", "")
        for line in filter(None, shown.strip().split("\n")):
            assert line == "..." or line in text, line


def test_links_between_documents_lead_somewhere() -> None:
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
