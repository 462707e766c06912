"""What is known of the person: from what they write, and from what they choose in the panel.

Deterministic: cues of `corpus/profile/` and names of States. Every field says where it came from.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from kb.content.registry import Catalogue
from kb.content.schema import CueSet
from kb.content.states import first_match
from kb.cues import plain_sentences, plain_words
from kb.models import PROFILE_FACTS, Profile

# Words before a country that may say whether the person is there or comes from there.
_BEFORE = 6
_TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read_profile(text: str, before: Profile, turn: int, lang: str, catalogue: Catalogue) -> Profile:
    """Read facts about the person out of a text.

    Args:
        text: what they wrote in this turn.
        before: what was known; a later turn corrects an earlier one and the panel.
        turn: number of this turn, from 1.
        lang: language of the text.
        catalogue: cues and names of States.

    Returns:
        The profile with what was found; unchanged where nothing was.
    """
    found: dict[str, Any] = {}
    for name, field in catalogue.fields.items():
        for value, cues in field.values.items():
            match = _match(text, cues)
            if match is not None:
                found[name] = _value(name, value, match)
                break
    found |= _places(text, lang, catalogue)
    return _updated(before, found, f"turn {turn}")


def choose_profile(given: Mapping[str, Any], catalogue: Catalogue, base: Profile | None = None) -> Profile:
    """Make a profile of named values as people write them ("Qatar", "no papers", "15").

    What is not understood is named in `not_understood` and otherwise left out.
    """
    found: dict[str, Any] = {}
    failed: list[str] = []
    for name, raw in given.items():
        if raw is None or raw == "":
            continue
        value = _chosen(name, raw, catalogue)
        if value is None:
            failed.append(name)
        else:
            found[name] = value
    profile = _updated(base or Profile(), found, "chosen")
    return profile.model_copy(update={"not_understood": (*profile.not_understood, *failed)})


def _updated(before: Profile, found: dict[str, Any], source: str) -> Profile:
    if not found:
        return before
    data = before.model_dump() | found
    data["sources"] = before.sources | dict.fromkeys(found, source)
    try:
        return Profile(**data)
    except ValidationError:
        # A number that is no age, say: keep what was known.
        return before


def _match(text: str, cues: CueSet) -> tuple[int, ...] | None:
    hit = cues.matcher.match(text)
    return None if hit is None else hit[1]


def _value(name: str, value: str, numbers: tuple[int, ...]) -> Any:
    if value == "#":
        return numbers[0] if numbers else None
    if name == "age":
        return int(value)
    return _TRUTH.get(value, value)


def _chosen(name: str, raw: Any, catalogue: Catalogue) -> Any:
    if name not in PROFILE_FACTS:
        return None
    if name in ("country", "nationality"):
        return catalogue.states.resolve(str(raw))
    if name == "age":
        text = str(raw).strip()
        return int(text) if text.isdecimal() and int(text) <= 120 else None
    if isinstance(raw, bool):
        return raw if Profile.model_fields[name].annotation == (bool | None) else None
    word = str(raw).strip().lower().replace("-", "_").replace(" ", "_")
    if Profile.model_fields[name].annotation == (bool | None):
        return _TRUTH.get(word)
    try:
        return getattr(Profile.model_validate({name: word}), name)
    except ValidationError:
        pass
    for value, cues in catalogue.fields[name].values.items() if name in catalogue.fields else ():
        if _match(str(raw), cues) is not None:
            return value
    return None


def _places(text: str, lang: str, catalogue: Catalogue) -> dict[str, str]:
    here = [cue for texts in catalogue.places.here.values() for cue in texts]
    leaving = [cue for texts in catalogue.places.leaving.values() for cue in texts]
    origin = [cue for texts in catalogue.places.origin.values() for cue in texts]
    people = [cue for texts in catalogue.places.people.values() for cue in texts]
    doubtful = {" ".join(plain_words(name)) for name in catalogue.places.doubtful}
    found: dict[str, str] = {}
    loose: list[str] = []
    for words in plain_sentences(text):
        for mention in catalogue.states.mentions(words, lang):
            lead = words[max(0, mention.start - _BEFORE) : mention.start]
            # Arabic joins "in" and "from" to the name; put the joined letter back as a word.
            if words[mention.start][:1] == "ب" and not mention.people:
                lead = [*lead, "في"]
            name = " ".join(words[mention.start : mention.end])
            # "Soy siria", "je suis suisse": some peoples are named as their country is.
            if first_match(lead, people):
                found.setdefault("nationality", mention.iso3)
            elif mention.people:
                continue
            elif first_match(lead, leaving):
                found.setdefault("country", mention.iso3)
            elif first_match(lead, origin):
                found.setdefault("nationality", mention.iso3)
            elif first_match(lead, here):
                found.setdefault("country", mention.iso3)
            elif name not in doubtful:
                loose.append(mention.iso3)
    if loose and "country" not in found:
        others = [iso3 for iso3 in loose if iso3 != found.get("nationality")]
        if len(set(others)) == 1:
            found["country"] = others[0]
    return found
