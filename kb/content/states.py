"""States: their names as people write them, their regions, and which instruments bind them."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pycountry
from babel import Locale, UnknownLocaleError

from kb.content.schema import StateEntry
from kb.cues import Cue, compile_cue, plain_words

# Bound by Directive 2008/115/EC without being bound as EU members: Schengen associates.
_RETURN_ASSOCIATES = {"CHE", "NOR", "ISL", "LIE"}
_RETURN_NOT_BOUND = {"IRL"}
# Languages whose country names are looked for in any question, beside the question's own.
_ALWAYS = ("en", "fr", "es", "ar")
# What may stand before a name when it is chosen, not read in a sentence: "the Emirates", "le Mali".
_ARTICLES = {"the", "le", "la", "les", "l", "el", "los", "las"}
# The longest a country's name is, in words.
_LONGEST_NAME = 6


@dataclass(frozen=True)
class Ratification:
    """Status of one State under one instrument, as `states/ratifications.csv` has it."""

    status: str
    date: str
    date_type: str
    as_of: str
    source: str
    confidence: str


@dataclass(frozen=True)
class Mention:
    """A State named in a text: where (word numbers), and whether as a place or as a people."""

    iso3: str
    start: int
    end: int
    people: bool


class States:
    """All States of the corpus.

    Args:
        countries: rows of `states/countries.csv`.
        ratifications: rows of `states/ratifications.csv`.
        names: `states/names.yml`.
    """

    def __init__(
        self,
        countries: list[dict[str, str]],
        ratifications: list[dict[str, str]],
        names: dict[str, StateEntry],
    ) -> None:
        self._countries = {row["iso3"]: row for row in countries}
        self._names = names
        self._status = {
            (row["iso3"], row["instrument_id"]): Ratification(
                row["status"], row["year"], row["date_type"], row["as_of"], row["source"], row["confidence"]
            )
            for row in ratifications
        }

    @property
    def codes(self) -> tuple[str, ...]:
        """ISO 3166-1 alpha-3 codes, in order."""
        return tuple(sorted(self._countries))

    def status(self, iso3: str, instrument: str) -> Ratification | None:
        """Status of a State under an instrument; None where the data has none (which is not "not bound")."""
        return self._status.get((iso3, instrument))

    def is_in(self, iso3: str, region: str) -> bool:
        """Whether the State belongs to a region: `eu`, or `eu-return` (bound by the Return Directive)."""
        member = self._countries.get(iso3, {}).get("eu_member") == "yes"
        if region == "eu-return":
            return (member and iso3 not in _RETURN_NOT_BOUND) or iso3 in _RETURN_ASSOCIATES
        return member

    def name(self, iso3: str, lang: str) -> str:
        """Name of the State in a language."""
        alpha2 = self._countries[iso3]["iso2"]
        return _territories(lang).get(alpha2) or self._countries[iso3]["name_en"]

    def resolve(self, written: str) -> str | None:
        """The code of a State written in any way: code, name, people, in any known language."""
        text = written.strip()
        if text.upper() in self._countries:
            return text.upper()
        by_alpha2 = {row["iso2"]: iso3 for iso3, row in self._countries.items()}
        if text.upper() in by_alpha2:
            return by_alpha2[text.upper()]
        words = plain_words(text)
        for lang in ("en", "pt", "ru", "tr", "fa", "ur", "bn"):
            for mention in self.mentions(words, lang):
                if mention.end == len(words) and all(word in _ARTICLES for word in words[: mention.start]):
                    return mention.iso3
        return None

    def mentions(self, words: list[str], lang: str) -> list[Mention]:
        """States named among the words of a text (as `plain_words` gives them), longest names first."""
        index = self._index_for(lang)
        found: list[Mention] = []
        at = 0
        while at < len(words):
            for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
                hit = self._lookup(index, words[at : at + length])
                if hit:
                    found.append(Mention(hit[0], at, at + length, hit[1]))
                    at += length
                    break
            else:
                at += 1
        return found

    def _lookup(self, index: dict[tuple[str, ...], tuple[str, bool]], words: list[str]) -> tuple[str, bool] | None:
        hit = index.get(tuple(words))
        if hit:
            return hit
        # Arabic writes "in", "and", "to" and the article joined to the name.
        for prefix in ("وال", "بال", "فال", "كال", "ال", "لل", "و", "ب", "ل", "ف"):
            if words[0].startswith(prefix) and len(words[0]) - len(prefix) > 1:
                bare = words[0][len(prefix) :]
                for form in (bare, "ال" + bare):
                    hit = index.get((form, *words[1:]))
                    if hit:
                        return hit
        return None

    @lru_cache(maxsize=32)  # noqa: B019 one States lives as long as the process
    def _index_for(self, lang: str) -> dict[tuple[str, ...], tuple[str, bool]]:
        index: dict[tuple[str, ...], tuple[str, bool]] = {}
        languages = dict.fromkeys((*_ALWAYS, lang))
        for iso3, row in self._countries.items():
            entry = self._names.get(iso3, StateEntry())
            people = (form for forms in entry.people.values() for form in forms)
            names: list[str] = [row["name_en"]]
            names += (form for forms in entry.names.values() for form in forms)
            names += filter(None, (_territories(tag).get(row["iso2"]) for tag in languages))
            country = pycountry.countries.get(alpha_3=iso3)
            if country is not None:
                names.append(country.name)
            for forms, is_people in ((people, True), (names, False)):
                for form in forms:
                    words = tuple(plain_words(form))
                    if words:
                        index[words] = (iso3, is_people)
        return index

    @cached_property
    def return_directive(self) -> tuple[str, ...]:
        """States bound by the Return Directive."""
        return tuple(iso3 for iso3 in self.codes if self.is_in(iso3, "eu-return"))


@lru_cache(maxsize=32)
def _territories(lang: str) -> dict[str, str]:
    try:
        return dict(Locale.parse(lang).territories)
    except (UnknownLocaleError, ValueError):
        return {}


def first_match(words: list[str], cues: Iterable[str]) -> bool:
    """Whether a cue matches the last words before a place (used to tell "from" and "in")."""
    compiled: list[Cue] = [compile_cue(cue) for cue in cues]
    suffixes = [words[start:] for start in range(len(words))]
    # The match must use the last word: without it, the cue does not match any more.
    return any(
        cue.numbers(suffix) is not None and cue.numbers(suffix[:-1]) is None for cue in compiled for suffix in suffixes
    )
