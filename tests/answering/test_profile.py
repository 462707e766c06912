"""What a person says of themselves is understood, and what they say later counts."""

import pytest

from kb.answering.profile import choose_profile, read_profile
from kb.content.registry import Catalogue
from kb.models import Profile


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "en",
            "I am from Nepal and work as a maid in Qatar",
            {"nationality": "NPL", "country": "QAT", "sector": "domestic_work"},
        ),
        ("en", "im 15 and alone here in Greece", {"age": 15, "country": "GRC", "unaccompanied": True}),
        ("en", "They want to deport me from Germany to Afghanistan", {"country": "DEU"}),
        (
            "fr",
            "Je suis sans papiers en France, j'ai deux enfants",
            {"status": "irregular", "country": "FRA", "has_children": True},
        ),
        (
            "fr",
            "Je viens du Mali et je suis en rétention en Belgique",
            {"nationality": "MLI", "country": "BEL", "detained": True},
        ),
        (
            "es",
            "Soy hondureña, no tengo papeles y vivo en México",
            {"nationality": "HND", "status": "irregular", "country": "MEX"},
        ),
        ("es", "pedí asilo en España", {"status": "asylum_seeker", "country": "ESP"}),
        ("ar", "أنا من سوريا وعمري ١٦ سنة وأعيش في تركيا", {"nationality": "SYR", "age": 16, "country": "TUR"}),
        (
            "ar",
            "ما عندي إقامة وأشتغل في مطعم بالأردن",
            {"status": "irregular", "sector": "restaurant", "country": "JOR"},
        ),
    ],
)
def test_reads(lang: str, text: str, expected: dict[str, object], catalogue: Catalogue) -> None:
    profile = read_profile(text, Profile(), 1, lang, catalogue)
    assert {name: getattr(profile, name) for name in expected} == expected
    assert all(profile.sources[name] == "turn 1" for name in expected)


def test_a_later_turn_corrects_an_earlier_one(catalogue: Catalogue) -> None:
    first = read_profile("I am 17 and I am in France", Profile(), 1, "en", catalogue)
    second = read_profile("sorry, I am 19", first, 2, "en", catalogue)
    assert (second.age, second.country) == (19, "FRA")
    assert second.sources == first.sources | {"age": "turn 2"}


def test_chosen_values_are_taken_as_people_write_them(catalogue: Catalogue) -> None:
    given = {
        "country": "the Emirates", "nationality": "Philippines", "status": "undocumented", "age": "34",
        "sector": "domestic work", "has_children": True, "hobby": "chess", "gender": "???",
    }  # fmt: skip
    profile = choose_profile(given, catalogue)
    assert (profile.country, profile.nationality, profile.status, profile.age) == ("ARE", "PHL", "irregular", 34)
    assert (profile.sector, profile.has_children) == ("domestic_work", True)
    assert set(profile.not_understood) == {"hobby", "gender"}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "j'ai 16 ans, je suis seul et j'ai peur"),
        ("ar", "أحتاج الدعم المالي لأولادي"),
        ("es", "soy solo un trabajador"),
        ("en", "I am alone and scared"),
    ],
)
def test_ordinary_words_are_no_countries(lang: str, text: str, catalogue: Catalogue) -> None:
    profile = read_profile(text, Profile(), 1, lang, catalogue)
    assert (profile.country, profile.nationality) == (None, None)


@pytest.mark.parametrize("name", ["Atlantis", "", "12", "💥", "a" * 500])
def test_an_unknown_country_is_said_and_not_guessed(name: str, catalogue: Catalogue) -> None:
    profile = choose_profile({"country": name}, catalogue)
    assert profile.country is None
    assert profile.not_understood == (("country",) if name else ())
