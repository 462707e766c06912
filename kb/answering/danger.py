"""Danger is looked for before anything else."""

from typing import Any

from kb.answering.likelihood import likelihoods
from kb.content.registry import Catalogue
from kb.embeddings import Vectors
from kb.models import Contact, Danger

# Probability of any danger from which the classifier raises the alarm: by cross-validation on the
# examples, the point where it still finds 96 of 100 (docs/danger.md).
_ALARM = 0.7
# Contacts shown with a danger; more would bury the one that matters.
_MOST_CONTACTS = 4


def assess_danger(text: str, vector: Vectors | None, weights: dict[str, Any], catalogue: Catalogue) -> Danger | None:
    """The danger that a text shows, in whatever language it is written; None if none.

    Cues of `corpus/danger/` decide first, most urgent kind first; what no cue foresaw is left to a
    classifier trained on the examples beside them.

    Args:
        text: what a person wrote.
        vector: its embedding; None leaves the classifier out.
        weights: of the danger classifier, as the build stored them.
        catalogue: the cues.
    """
    for danger in catalogue.dangers:
        if danger.matcher.match(text):
            return Danger(kind=danger.kind)
    likely = {} if vector is None else likelihoods(vector, weights)
    if not likely or 1 - likely["none"] < _ALARM:
        return None
    return Danger(kind=max((kind for kind in likely if kind != "none"), key=lambda kind: likely[kind]))


def contacts_for(purposes: tuple[str, ...], country: str | None, catalogue: Catalogue) -> tuple[Contact, ...]:
    """Who can help with any of the purposes in a country: national, then regional, then anywhere.

    A contact comes in the order of the purposes. A number that nobody confirmed is left out; the
    contact's page is still given.
    """
    places = [country] if country else []
    if country and catalogue.states.is_in(country, "eu"):
        places.append("EUE")
    places.append("INT")
    ranked: list[tuple[int, int, Contact]] = []
    for nearness, place in enumerate(places):
        for contact in catalogue.contacts.get(place, ()):
            fits = [purposes.index(purpose) for purpose in contact.purposes if purpose in purposes]
            safe = contact if contact.verified else contact.model_copy(update={"phone": None})
            if fits and (safe.phone or safe.url) and country not in contact.not_in:
                ranked.append((nearness, min(fits), safe))
    ranked.sort(key=lambda entry: (entry[0], entry[1]))
    return tuple(contact for _, _, contact in ranked[:_MOST_CONTACTS])
