"""Says in words what stands behind an answer: sources and their force, what was understood, what to ask."""

from collections.abc import Mapping

from kb.answering.applies import applies_to
from kb.answering.conditions import depends_on
from kb.citations import format_citation
from kb.content.registry import Catalogue
from kb.locales import DEFAULT
from kb.models import PROFILE_FACTS, Applicability, Draft, Force, Profile, Source

# Official units at hand: (provision id, language) -> text.
Texts = Mapping[tuple[str, str], str]


def explain_sources(
    provision_ids: tuple[str, ...], profile: Profile, lang: str, catalogue: Catalogue, texts: Texts
) -> tuple[Source, ...]:
    """The sources of an answer, numbered in the order given.

    Args:
        provision_ids: what the answer cites.
        profile: whose force it is.
        lang: language of the words.
        catalogue: instruments, digests, States.
        texts: official units at hand, by provision and language.
    """
    sources = []
    for mark, provision_id in enumerate(provision_ids, 1):
        provision = catalogue.provision(provision_id)
        instrument = catalogue.instruments[provision.instrument]
        force = applies_to(provision_id, profile, catalogue)
        prose = catalogue.prose(provision_id, lang)
        quote_lang, quote = _quote(provision.id, lang, texts)
        sources.append(
            Source(
                id=provision_id,
                mark=mark,
                label=format_citation(provision_id, instrument.short_titles.get(lang, instrument.key), lang),
                heading=prose.heading,
                digest=prose.digest,
                force=force.force,
                force_words=_force_words(force, profile, lang, catalogue),
                url=instrument.urls.get(lang) or instrument.urls.get(DEFAULT),
                quote=quote,
                quote_lang=quote_lang,
                verified=provision.verified,
            )
        )
    return tuple(sources)


def _quote(provision_id: str, lang: str, texts: Texts) -> tuple[str | None, str | None]:
    for tag in (lang, DEFAULT):
        if (provision_id, tag) in texts:
            return tag, texts[provision_id, tag]
    return None, None


def _force_words(force: Applicability, profile: Profile, lang: str, catalogue: Catalogue) -> str:
    words = catalogue.words
    state = catalogue.states.name(profile.country, lang) if profile.country else ""
    key = f"force_{force.force.value}"
    if force.force is Force.UNKNOWN:
        key = "force_unknown_eu" if force.note == "eu_only" else "force_unknown_state" if state else key
    elif force.force is Force.BINDING and not force.since:
        key = "force_binding_undated"
    text = words(key, lang, state=state, since=(force.since or "")[:4])
    more = []
    if force.note and force.note != "eu_only":
        more.append(words(force.note, lang))
    if force.as_of and force.force in (Force.BINDING, Force.SIGNED, Force.NOT_BINDING):
        more.append(words("as_of", lang, date=force.as_of))
    return f"{text} ({'; '.join(more)})" if more else text


def note_weakness(forces: set[Force], profile: Profile, lang: str, catalogue: Catalogue) -> str:
    """What to add to a statement when nothing that it stands on binds where the person is."""
    state = catalogue.states.name(profile.country, lang) if profile.country else ""
    if Force.SIGNED in forces:
        return catalogue.words("signed_mark", lang, state=state)
    if Force.NOT_BINDING in forces:
        return catalogue.words("not_binding_mark", lang, state=state)
    return catalogue.words("soft_mark", lang)


def ask_back(draft: Draft, shown: tuple[str, ...], profile: Profile, lang: str, catalogue: Catalogue) -> str | None:
    """The one question whose answer would change most of what is shown."""
    weight: dict[str, int] = {}
    if profile.country is None:
        weight["country"] = sum(catalogue.instrument_of(cite).force != "soft" for cite in shown if catalogue.has(cite))
    points = [point for topic in draft.topics for point in catalogue.topics[topic].points]
    conditions = [point.when for point in points]
    conditions += [catalogue.provision(cite).when for cite in shown]
    for when in conditions:
        for field in depends_on(when, profile, catalogue.states):
            name = "country" if field == "region" else field
            weight[name] = weight.get(name, 0) + 1
    if not weight or max(weight.values()) == 0:
        return None
    order = {name: place for place, name in enumerate(PROFILE_FACTS)}
    best = min(weight, key=lambda name: (-weight[name], order[name]))
    return catalogue.words(f"ask_{best}", lang)


def tell_profile(profile: Profile, lang: str, catalogue: Catalogue) -> tuple[str, ...]:
    """What is known of the person, in sentences."""
    words = catalogue.words
    said = []
    for name in PROFILE_FACTS:
        value = getattr(profile, name)
        if value is None or value is False:
            continue
        if name in ("country", "nationality"):
            said.append(words(f"said_{name}", lang, value=catalogue.states.name(value, lang)))
        elif name == "age":
            said.append(words("said_age", lang, value=value))
        elif name == "sector":
            said.append(words("said_sector", lang, value=words(f"sector_{value}", lang)))
        elif value is True:
            said.append(words(f"said_{name}", lang))
        else:
            said.append(words(f"said_{name}_{value}", lang))
    return tuple(said)
