"""A chat model can word an answer; it cannot make it wrong."""

from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

from kb.answering.verify import supported
from kb.answering.word import word_answer
from kb.models import Statement

STATEMENTS = (
    Statement(text="Nobody but an official may take your passport.", cites=("icrmw/art-21",), kind="right"),
    Statement(text="A worker can ask for wages that were not paid.", cites=("icrmw/art-25",), kind="right"),
)


def _near(first: str, second: str) -> float:
    one, two = set(first.lower().split()), set(second.lower().split())
    return 0.95 if len(one & two) >= 3 else 0.5


def _word(written: str) -> tuple[Statement, ...]:
    model = GenericFakeChatModel(messages=iter([AIMessage(content=written)]))
    return word_answer(model, "my boss has my passport", STATEMENTS, "en", _near)


def test_sentences_that_stand_are_kept_with_their_citations() -> None:
    worded = _word("Only an official may take your passport. [1] You can ask for wages that were not paid. [2]")
    assert [statement.cites for statement in worded] == [("icrmw/art-21",), ("icrmw/art-25",)]


def test_what_no_source_says_is_cut() -> None:
    worded = _word("Nobody may take your passport [1]. Nobody may take your passport for 30 days [1].")
    assert [statement.text for statement in worded] == ["Nobody may take your passport ."]


def test_when_too_little_stands_the_composed_answer_is_used() -> None:
    for written in (
        "Call Amnesty at +1 555 123 4567 [1]. You will win [7]. Trust me.",
        "Article 99 of the Doha Treaty protects your passport [1].",
        "See https://evil.example for your passport [1].",
        "",
    ):
        assert _word(written) == STATEMENTS


def test_a_broken_model_changes_nothing() -> None:
    class Broken:
        def invoke(self, prompt: str) -> None:
            raise RuntimeError("server down")

    assert word_answer(Broken(), "q", STATEMENTS, "en", _near) == STATEMENTS


def test_support_needs_a_source() -> None:
    assert not supported("Anything.", [], _near)
