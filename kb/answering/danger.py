"""Danger is looked for before anything else."""

from kb.content.registry import Catalogue
from kb.cues import match_cues
from kb.models import Contact, Danger

# Contacts shown with a danger; more would bury the one that matters.
_MOST_CONTACTS = 4


def assess_danger(text: str, catalogue: Catalogue) -> Danger | None:
    """The most urgent danger that a text shows, in whatever language it is written; None if none.

    Deterministic: cues of `corpus/danger/`, most urgent kind first.
    """
    for danger in catalogue.dangers:
        cues = [cue for texts in danger.cues.values() for cue in texts]
        unless = [cue for texts in danger.unless.values() for cue in texts]
        if match_cues(text, cues, unless):
            return Danger(kind=danger.kind)
    return None


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
