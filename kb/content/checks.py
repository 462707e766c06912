"""Checks across the files of the corpus: what one file alone cannot know."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from kb.content import schema
from kb.content.registry import Catalogue, load_catalogue
from kb.locales import DEFAULT, OFFERED_TAGS, ascii_digits
from kb.models import Instrument, Profile, Topic

_NUMBER = re.compile(r"\d+")
_ADVICE = re.compile(r"\b(you should|you must|vous devriez|deberías|debería usted|you will win)\b", re.IGNORECASE)
# Every {name} in a phrase of the interface.
_SLOT = re.compile(r"\{(\w+)\}")


def check_corpus(corpus: Path) -> list[str]:
    """Every problem of the corpus, one line each, with its path; empty when it is sound."""
    catalogue = load_catalogue(corpus, strict=False)
    problems = list(catalogue.problems)
    for instrument in catalogue.instruments.values():
        problems += _instrument_problems(instrument, corpus)
    for topic in catalogue.topics.values():
        problems += _topic_problems(topic, catalogue, corpus)
    problems += [
        f"related.yml: {provision} is not in the catalogue"
        for group in catalogue.related
        for provision in group
        if not catalogue.has(provision)
    ]
    problems += _cue_problems(catalogue)
    problems += _word_problems(catalogue)
    return problems


def _languages(where: str, given: Mapping[str, object]) -> Iterator[str]:
    for tag in OFFERED_TAGS:
        if tag not in given:
            yield f"{where}: missing in {tag}"


def _numbers(text: str) -> list[str]:
    return sorted(_NUMBER.findall(ascii_digits(text)))


def _same_numbers(where: str, texts: Mapping[str, str]) -> Iterator[str]:
    if DEFAULT not in texts:
        return
    expected = _numbers(texts[DEFAULT])
    for tag, text in texts.items():
        if _numbers(text) != expected:
            yield f"{where}: numbers differ between {DEFAULT} {expected} and {tag} {_numbers(text)}"


def _instrument_problems(instrument: Instrument, corpus: Path) -> Iterator[str]:
    base = f"instruments/{instrument.key}"
    folder = corpus / "instruments" / instrument.key
    if not folder.is_dir():
        yield f"{base}: the key differs from the folder"
    yield from _languages(f"{base}/instrument.yml: titles", instrument.titles)
    yield from _languages(f"{base}/instrument.yml: short_titles", instrument.short_titles)
    for provision in instrument.provisions:
        where = f"{base}: {provision.key}"
        yield from _languages(where, provision.prose)
        yield from _same_numbers(f"{where}: digest", {tag: prose.digest for tag, prose in provision.prose.items()})
        for tag, prose in provision.prose.items():
            if _ADVICE.search(prose.digest):
                yield f"{base}/{tag}.yml: {provision.key}: gives advice; state the rule instead"


def _topic_problems(topic: Topic, catalogue: Catalogue, corpus: Path) -> Iterator[str]:
    base = f"topics/{topic.key}"
    if not (corpus / "topics" / topic.key).is_dir():
        yield f"{base}: the key differs from the folder"
    yield from _languages(base, topic.titles)
    for purpose in topic.help:
        if purpose not in schema.PURPOSES:
            yield f"{base}/topic.yml: {purpose} is not a purpose of contacts"
    for point in topic.points:
        where = f"{base}: point {point.id}"
        yield from _languages(where, point.text)
        yield from _same_numbers(where, point.text)
        for cite in point.cites:
            if not schema.PROVISION_ID.match(cite) or not catalogue.has(cite):
                yield f"{where}: cites {cite}, which is not in the catalogue"
        for tag, text in point.text.items():
            if _ADVICE.search(text):
                yield f"{base}/{tag}.yml: point {point.id}: gives advice; inform instead"


def _cue_problems(catalogue: Catalogue) -> Iterator[str]:
    for danger in catalogue.dangers:
        where = f"danger/{danger.kind}.yml"
        yield from _languages(f"{where}: first", danger.first)
        yield from _cue_set_problems(where, danger)
        for topic in danger.topics:
            if topic not in catalogue.topics:
                yield f"{where}: {topic} is not a topic"
        for purpose in danger.contacts:
            if purpose not in schema.PURPOSES:
                yield f"{where}: {purpose} is not a purpose of contacts"
    for field in catalogue.fields.values():
        if field.field not in Profile.model_fields:
            yield f"profile/{field.field}.yml: {field.field} is not a field of the profile"
        for value, cues in field.values.items():
            yield from _cue_set_problems(f"profile/{field.field}.yml: {value}", cues)
    for country, contacts in catalogue.contacts.items():
        for contact in contacts:
            for purpose in contact.purposes:
                if purpose not in schema.PURPOSES:
                    yield f"contacts/{country}.yml: {contact.name}: {purpose} is not a purpose"


def _cue_set_problems(where: str, cues: schema.CueSet) -> Iterator[str]:
    yield from _languages(f"{where}: cues", cues.cues)
    for tag, sentences in cues.examples.items():
        for sentence in sentences:
            if not cues.matcher.match(sentence):
                yield f"{where}: the {tag} example {sentence!r} is not matched"
    for tag, sentences in cues.lookalikes.items():
        for sentence in sentences:
            hit = cues.matcher.match(sentence)
            if hit:
                yield f"{where}: the {tag} lookalike {sentence!r} is matched by {hit[0]!r}"


def _word_problems(catalogue: Catalogue) -> Iterator[str]:
    reference = catalogue.ui.get(DEFAULT, {})
    for tag, words in catalogue.ui.items():
        for key in reference.keys() - words.keys():
            yield f"ui/{tag}.yml: {key} is missing"
        for key in words.keys() - reference.keys():
            yield f"ui/{tag}.yml: {key} is not in ui/{DEFAULT}.yml"
        for key in words.keys() & reference.keys():
            if set(_SLOT.findall(words[key])) != set(_SLOT.findall(reference[key])):
                yield f"ui/{tag}.yml: {key}: its {{names}} differ from ui/{DEFAULT}.yml"
