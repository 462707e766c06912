"""Cues match what people write, however they write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.cues import GAP, compile_cue, match_cues


@pytest.mark.parametrize(
    ("text", "cue", "numbers"),
    [
        ("My BOSS took my passport!", "boss|employer ~ took ~ passport*", ()),
        ("j’ai 15 ans", "j'ai # ans", (15,)),
        ("عمري ١٥ سنة", "عمري #", (15,)),
        ("كفيلي أخذ جواز سفري", "كفيل* ~ اخذ ~ جواز*", ()),
        ("وبالجواز", "جواز", ()),
        ("im scared", "i_am|im scared", ()),
        ("I am scared", "i_am|im scared", ()),
        ("Je suis EXPULSÉE demain", "expulse* demain", ()),
    ],
)
def test_matches(text: str, cue: str, numbers: tuple[int, ...]) -> None:
    found = match_cues(text, [cue])
    assert found == (cue, numbers)


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("my boss is kind. I lost my passport", "boss ~ passport"),
        ("passports", "passport"),
        ("boss " + "word " * (GAP + 1) + "passport", "boss ~ passport"),
        ("", "boss"),
    ],
)
def test_does_not_match(text: str, cue: str) -> None:
    assert match_cues(text, [cue]) is None


def test_unless_cancels_its_own_sentence_only() -> None:
    cues, unless = ["took ~ passport"], ["film"]
    assert match_cues("in the film he took her passport", cues, unless) is None
    assert match_cues("I saw a film. he took my passport", cues, unless) is not None


@pytest.mark.parametrize("cue", ["", "~ passport", "passport ~", "| ~ passport"])
def test_a_broken_cue_is_refused(cue: str) -> None:
    with pytest.raises(ValueError, match="cue"):
        compile_cue(cue)


@given(st.text(max_size=300))
def test_any_text_is_survived(text: str) -> None:
    match_cues(text, ["boss|employer ~ took ~ passport*", "# years"])
