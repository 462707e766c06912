"""What was found + who asks -> the statements of an answer. Deterministic; no language model."""

from collections.abc import Iterable

from kb.answering.conditions import depends_on, holds
from kb.content.registry import Catalogue
from kb.models import Draft, Findings, Point, Profile, Statement, When

# A topic leads when one of its questions is about as near as the nearest line of all.
_TOPIC_MARGIN = 0.015
# A second topic joins when it is nearly as near as the first.
_SECOND_TOPIC_MARGIN = 0.012
# How much of each part a frightened reader can take in.
_SHORT, _RIGHTS, _LIMITS, _STEPS, _TOPICS = 3, 4, 3, 3, 2
# How far below its topic's best question a point stands whose own text was not among the hits.
_UNSEEN_POINT = 0.08
# What each place down the order of a topic costs, in similarity.
_ORDER = 0.015


def compose_draft(
    findings: Findings, profile: Profile, lang: str, catalogue: Catalogue, first: tuple[str, ...] = ()
) -> Draft:
    """Choose the statements that answer, for this person, in this language.

    Args:
        findings: what retrieval found.
        profile: what is known of the person.
        lang: language of the answer.
        catalogue: topics and digests.
        first: topics that come before those found, because the person is in a danger they speak to.

    Returns:
        Statements part by part. A point whose conditions fail is left out; one whose conditions are not known carries them in words.
    """
    found = _topics(findings)
    topics = list(dict.fromkeys((*first, *found)))[: max(len(first), _TOPICS)]
    points = [point for topic in topics for point in catalogue.topics[topic].points]
    points = [point for point in points if holds(point.when, profile, catalogue.states) is not False]
    base = findings.topics[0][1] - _UNSEEN_POINT if findings.topics else 0.0
    # Nearest to the question first, but a topic's own order of importance counts too.
    order = {id(point): place for topic in topics for place, point in enumerate(catalogue.topics[topic].points)}
    near = {
        id(point): findings.points.get(f"{point.topic}/{point.id}", base) - _ORDER * order[id(point)]
        for point in points
    }

    digests = [] if first or (found and _topic_leads(findings)) else _digests(findings, lang, catalogue)
    leading = sorted((p for p in points if p.kind in ("right", "limit")), key=lambda p: -near[id(p)])
    short_points = leading[: max(0, _SHORT - len(digests))] if topics else []
    # Chosen by nearness, told in order of importance.
    short_points.sort(key=lambda point: (topics.index(point.topic), order[id(point)]))
    short = [*digests, *(_statement(point, profile, lang, catalogue) for point in short_points)]
    rest = [point for point in points if point not in short_points]

    def part(kinds: Iterable[str], most: int) -> tuple[Statement, ...]:
        wanted = tuple(kinds)
        return tuple(_statement(p, profile, lang, catalogue) for p in rest if p.kind in wanted)[:most]

    return Draft(
        short=tuple(short),
        rights=part(("right",), _RIGHTS),
        limits=part(("limit", "caution"), _LIMITS),
        steps=part(("step",), _STEPS),
        topics=tuple(topics),
    )


def _topic_leads(findings: Findings) -> bool:
    return bool(findings.topics) and findings.topics[0][1] >= findings.best_line - _TOPIC_MARGIN


def _topics(findings: Findings) -> list[str]:
    if not findings.topics or findings.topics[0][1] < findings.best_line - 2 * _TOPIC_MARGIN:
        return []
    best = findings.topics[0][1]
    chosen = [topic for topic, score in findings.topics[:2] if score >= best - _SECOND_TOPIC_MARGIN]
    return chosen if _topic_leads(findings) else chosen[:1]


def _digests(findings: Findings, lang: str, catalogue: Catalogue) -> list[Statement]:
    return [
        Statement(text=catalogue.prose(found.id, lang).digest, cites=(found.id,), kind="answer")
        for found in findings.provisions[:2]
    ]


def _statement(point: Point, profile: Profile, lang: str, catalogue: Catalogue) -> Statement:
    return Statement(
        text=point.text.get(lang) or point.text["en"],
        cites=point.cites,
        kind=point.kind,
        condition=_condition(point.when, profile, lang, catalogue),
    )


def _condition(when: When | None, profile: Profile, lang: str, catalogue: Catalogue) -> str | None:
    """The conditions that are not known, in words: "If you are under 18"."""
    phrases = []
    for field in depends_on(when, profile, catalogue.states):
        wanted = getattr(when, field)
        if field == "region":  # such points name the States they speak of
            continue
        if isinstance(wanted, bool):
            if wanted:
                phrases.append(catalogue.words(f"if_{field}", lang))
        elif field == "sector":
            places = [catalogue.words(f"sector_{value}", lang) for value in wanted]
            between = f" {catalogue.words('or', lang)} "
            phrases.append(catalogue.words("if_sector", lang, sector=between.join(places)))
        else:
            between = f" {catalogue.words('or', lang)} "
            first, *others = (catalogue.words(f"if_{field}_{value}", lang) for value in wanted)
            phrases.append(between.join([first, *(other[:1].lower() + other[1:] for other in others)]))
    rest = [phrase[:1].lower() + phrase[1:] for phrase in phrases[1:]]
    return ("، " if lang == "ar" else ", ").join([*phrases[:1], *rest]) or None
