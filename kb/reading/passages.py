"""The catalogue and the official texts -> passages, the pieces that are embedded and searched."""

import hashlib
from collections.abc import Iterable, Iterator

from kb.content.registry import Catalogue
from kb.models import Passage, Unit

# Words a piece of a long text holds: about 400 tokens in most scripts, under the model's 512.
_WORDS = 220


def make_passages(catalogue: Catalogue, units: Iterable[Unit]) -> list[Passage]:
    """Everything that is searched, in a stable order.

    Lines (how people ask): the questions of topics and of provisions. Texts: digests, points, and
    units of official texts. Final clauses and units that the catalogue does not hold are left out.
    A passage's id ends with a hash of its text, so an id that is already indexed need not be embedded
    again.
    """
    found: dict[str, Passage] = {}
    for passage in (*_of_provisions(catalogue), *_of_topics(catalogue), *_of_units(catalogue, units)):
        found.setdefault(passage.id, passage)
    return list(found.values())


def _id(place: str, text: str, provisions: Iterable[str] = ()) -> str:
    content = "\n".join((text, *provisions))
    return f"{place}#{hashlib.sha256(content.encode()).hexdigest()[:12]}"


def _of_provisions(catalogue: Catalogue) -> Iterator[Passage]:
    for provision in catalogue.provisions.values():
        if provision.final:
            continue
        instrument = catalogue.instrument_of(provision.id)
        for lang, prose in provision.prose.items():
            title = instrument.short_titles.get(lang, instrument.key)
            text = f"{title} — {prose.heading}. {prose.digest}"
            yield Passage(
                id=_id(f"digest/{lang}/{provision.id}", text),
                slot="text", kind="digest", text=text, lang=lang, provisions=(provision.id,),
            )  # fmt: skip
            for ask in prose.asks:
                yield Passage(
                    id=_id(f"ask/{lang}/{provision.id}", ask),
                    slot="line", kind="ask", text=ask, lang=lang, provisions=(provision.id,),
                )  # fmt: skip


def _of_topics(catalogue: Catalogue) -> Iterator[Passage]:
    for topic in catalogue.topics.values():
        cited = tuple(dict.fromkeys(_whole(catalogue, cite) for point in topic.points for cite in point.cites))
        for lang, questions in topic.questions.items():
            for question in questions:
                yield Passage(
                    id=_id(f"question/{lang}/{topic.key}", question, cited),
                    slot="line", kind="question", text=question, lang=lang, provisions=cited, topic=topic.key,
                )  # fmt: skip
        for point in topic.points:
            cites = tuple(dict.fromkeys(_whole(catalogue, cite) for cite in point.cites))
            for lang, text in point.text.items():
                yield Passage(
                    id=_id(f"point/{lang}/{topic.key}/{point.id}", text, cites),
                    slot="text", kind="point", text=text, lang=lang, provisions=cites,
                    topic=topic.key, point=f"{topic.key}/{point.id}",
                )  # fmt: skip


def _of_units(catalogue: Catalogue, units: Iterable[Unit]) -> Iterator[Passage]:
    for unit in units:
        if unit.provision not in catalogue.provisions or catalogue.provisions[unit.provision].final:
            continue
        instrument = catalogue.instrument_of(unit.provision)
        title = instrument.short_titles.get(unit.lang) or instrument.short_titles["en"]
        words = unit.text.split()
        for number, start in enumerate(range(0, len(words), _WORDS)):
            text = f"{title} — {' '.join(words[start : start + _WORDS])}"
            yield Passage(
                id=_id(f"unit/{unit.lang}/{unit.provision}/{number}", text),
                slot="text", kind="unit", text=text, lang=unit.lang, provisions=(unit.provision,),
            )  # fmt: skip


def _whole(catalogue: Catalogue, provision_id: str) -> str:
    """The entry of the catalogue that a citation, pinpoint or not, belongs to."""
    return catalogue.provision(provision_id).id
