"""Provision ids and the way people cite: printing them, and finding them in text.

Finds what is cited in en, fr, es, ar, pt and ru, says when an article does not exist or a year is
wrong, and never guesses which instrument is meant.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.cues import plain_words
from kb.locales import localise_digits
from kb.models import Instrument

# How a unit is printed, per language. `par` is a paragraph of the Compact.
_UNITS: dict[str, dict[str, str]] = {
    "en": {"art": "Art. {n}", "obj": "Objective {n}", "par": "para. {n}", "principle": "Principle {n}",
           "objective": "Objective {n}", "rec": "recital {n}"},
    "fr": {"art": "art. {n}", "obj": "objectif {n}", "par": "par. {n}", "principle": "principe {n}",
           "objective": "objectif {n}", "rec": "considérant {n}"},
    "es": {"art": "art. {n}", "obj": "objetivo {n}", "par": "párr. {n}", "principle": "principio {n}",
           "objective": "objetivo {n}", "rec": "considerando {n}"},
    "ar": {"art": "المادة {n}", "obj": "الهدف {n}", "par": "الفقرة {n}", "principle": "المبدأ {n}",
           "objective": "الهدف {n}", "rec": "الحيثية {n}"},
}  # fmt: skip

# Words that open a citation, as `plain_words` writes them, by the unit they mean.
_UNIT_WORDS: dict[str, str] = (
    dict.fromkeys(
        ("article", "articles", "art", "arts", "articulo", "articulos", "artigo", "artigos", "artikel", "articolo",
         "ماده", "الماده", "بالماده", "للماده", "والماده", "статья", "статьи", "статье", "статью", "статьеи"), "art"
    )
    | dict.fromkeys(("objective", "objectif", "objetivo", "الهدف", "هدف", "цель"), "obj")
    | dict.fromkeys(("principle", "principe", "principio", "المبدا", "مبدا"), "principle")
)  # fmt: skip
_ORDINALS = {"premier": 1, "first": 1, "primero": 1, "الاولي": 1}
_ID_PARTS = re.compile(r"^(?P<instrument>[a-z0-9-]+)/(?P<unit>[a-z]+)-(?P<number>\d+)(?P<pinpoint>(?:\([a-z0-9]+\))*)$")
_YEAR = re.compile(r"^(?:1[89]|20)\d\d$")


@dataclass(frozen=True)
class Known:
    """An instrument by the names people use: of the catalogue, or known but not yet in it."""

    key: str
    names: tuple[str, ...]
    years: tuple[str, ...]
    units: Mapping[str, int]
    in_catalogue: bool


@dataclass(frozen=True)
class Found:
    """A citation found in a text.

    Attributes:
        instrument: key of the instrument named; None when none is.
        provision: id, when the instrument is in the catalogue and has that unit.
        unit: "art", "obj" or "principle"; None when only the instrument is named.
        number: as written.
        count: how many such units the instrument has, when the number is beyond them.
        wrong_year: a year written beside the instrument's name that is not one of its years.
    """

    instrument: str | None
    provision: str | None = None
    unit: str | None = None
    number: int | None = None
    count: int | None = None
    wrong_year: str | None = None


def format_citation(provision_id: str, title: str, lang: str) -> str:
    """Print a citation: `icrmw/art-22(2)` -> "ICRMW, Art. 22(2)".

    Args:
        provision_id: the id.
        title: short title of the instrument in that language.
        lang: language to print in.

    Raises:
        ValueError: not an id.
    """
    match = _ID_PARTS.match(provision_id)
    if not match:
        raise ValueError(f"{provision_id!r} is not a provision id")
    units = _UNITS.get(lang, _UNITS["en"])
    unit = units[match["unit"]].format(n=match["number"] + match["pinpoint"])
    comma = "، " if lang == "ar" else ", "
    return title + comma + localise_digits(unit, lang)


def known_instruments(
    instruments: Iterable[Instrument], others: Iterable[tuple[str, Sequence[str], Sequence[str]]]
) -> list[Known]:
    """What `find_citations` looks for.

    Args:
        instruments: of the catalogue.
        others: key, names and years of instruments that are known but not in the catalogue.
    """
    known = [
        Known(
            key=instrument.key,
            names=tuple({*instrument.aliases, *instrument.titles.values(), *instrument.short_titles.values()}),
            years=tuple(filter(None, (instrument.adopted[:4], (instrument.in_force or "")[:4]))),
            units=instrument.units,
            in_catalogue=True,
        )
        for instrument in instruments
    ]
    return known + [Known(key, tuple(names), tuple(years), {}, in_catalogue=False) for key, names, years in others]


def find_citations(text: str, known: Sequence[Known]) -> list[Found]:
    """Find instruments and units cited in a text.

    A unit belongs to the instrument named nearest after it, else to one named before it, else to none.
    """
    words = plain_words(text)
    named = _instruments_in(words, known)
    found: list[Found] = []
    cited: set[int] = set()
    for at, unit, number, end in _units_in(words):
        place = next((i for i, (start, _, _) in enumerate(named) if start >= end), None)
        if place is None and named:
            place = len(named) - 1
        if place is None:
            found.append(Found(None, unit=unit, number=number))
            continue
        cited.add(place)
        _, _, instrument = named[place]
        found.append(_unit_of(instrument, unit, number, _wrong_year(words, named[place], at)))
    for place, entry in enumerate(named):
        if place not in cited:
            found.append(Found(entry[2].key, wrong_year=_wrong_year(words, entry, -1)))
    return found


def _instruments_in(words: list[str], known: Sequence[Known]) -> list[tuple[int, int, Known]]:
    """Instruments named, longest names first, never overlapping; in order of place."""
    names = sorted(
        ((tuple(plain_words(name)), entry) for entry in known for name in entry.names),
        key=lambda pair: -len(pair[0]),
    )
    taken: set[int] = set()
    found = []
    for name, entry in names:
        if not name:
            continue
        for start in range(len(words) - len(name) + 1):
            span = range(start, start + len(name))
            if tuple(words[start : start + len(name)]) == name and not taken.intersection(span):
                taken.update(span)
                found.append((start, start + len(name), entry))
    return sorted(found, key=lambda entry: entry[0])


def _units_in(words: list[str]) -> list[tuple[int, str, int, int]]:
    """Units cited: place, unit, number, place after the number."""
    found = []
    for at, word in enumerate(words[:-1]):
        unit = _UNIT_WORDS.get(word)
        if unit is None:
            continue
        following = words[at + 1]
        number = int(following) if following.isdigit() else _ORDINALS.get(following)
        if number is not None:
            found.append((at, unit, number, at + 2))
    return found


def _unit_of(instrument: Known, unit: str, number: int, wrong_year: str | None) -> Found:
    if not instrument.in_catalogue:
        return Found(instrument.key, unit=unit, number=number, wrong_year=wrong_year)
    kinds = {"art": "article", "obj": "objective", "principle": "principle"}
    count = instrument.units.get(kinds[unit])
    if count is None or not 1 <= number <= count:
        return Found(instrument.key, unit=unit, number=number, count=count or 0, wrong_year=wrong_year)
    prefix = "objective" if unit == "obj" and instrument.key == "migof" else unit
    return Found(instrument.key, f"{instrument.key}/{prefix}-{number}", unit, number, None, wrong_year)


def _wrong_year(words: list[str], named: tuple[int, int, Known], unit_at: int) -> str | None:
    start, end, instrument = named
    inside = set(words[start:end])
    near = [(i, words[i]) for i in (*range(max(0, start - 2), start), *range(end, min(len(words), end + 3)))]
    for at, word in near:
        if not _YEAR.match(word) or word in inside or at == unit_at + 1:
            continue
        return None if not instrument.years or word in instrument.years else word
    return None
