"""What a provision means in law for a person, in the State they are in."""

from kb.answering.conditions import holds
from kb.content.registry import Catalogue
from kb.models import Applicability, Force, Instrument, Profile

_BY_STATUS = {
    "party": Force.BINDING,
    "signatory": Force.SIGNED,
    "none": Force.NOT_BINDING,
    "denounced": Force.NOT_BINDING,
}


def applies_to(provision_id: str, profile: Profile, catalogue: Catalogue) -> Applicability:
    """Force of a provision for a profile.

    Args:
        provision_id: id in the catalogue, pinpoint or not.
        profile: what is known of the person; without a country the force of a treaty is unknown.
        catalogue: instruments, and the status of States.

    Returns:
        The force; since when, and the date and source the status rests on, where they are known.

    Raises:
        CitationError: no such provision.
    """
    provision = catalogue.provision(provision_id)
    instrument = catalogue.instruments[provision.instrument]
    for when in (instrument.when, provision.when):
        if holds(when, profile, catalogue.states) is False:
            return Applicability(force=Force.NOT_FOR_THIS_PERSON)
    if instrument.force == "soft":
        return Applicability(force=Force.SOFT_LAW, as_of=instrument.as_of)
    if profile.country is None:
        return Applicability(force=Force.UNKNOWN, note="eu_only" if instrument.force == "eu" else None)
    if instrument.force == "eu":
        return _eu(instrument, profile.country, catalogue)
    result = _treaty(instrument.key, profile.country, catalogue)
    through = instrument.through
    if result.force is not Force.BINDING and through and provision.key not in through.not_for:
        other = _treaty(through.instrument, profile.country, catalogue)
        if other.force is Force.BINDING:
            return other.model_copy(update={"note": through.note})
    return result


def _treaty(key: str, country: str, catalogue: Catalogue) -> Applicability:
    record = catalogue.states.status(country, key)
    if record is None or record.confidence == "low":
        return Applicability(force=Force.UNKNOWN)
    force = _BY_STATUS.get(record.status, Force.UNKNOWN)
    since = record.date or None if force in (Force.BINDING, Force.SIGNED) else None
    return Applicability(force=force, since=since, as_of=record.as_of, source=record.source)


def _eu(instrument: Instrument, country: str, catalogue: Catalogue) -> Applicability:
    region = "eu-return" if instrument.key == "eu-return-directive" else "eu"
    record = catalogue.states.status(country, "eu-member")
    as_of = record.as_of if record and record.as_of else instrument.as_of
    if catalogue.states.is_in(country, region):
        return Applicability(force=Force.EU_LAW, since=instrument.in_force, as_of=as_of)
    return Applicability(force=Force.NOT_BINDING, as_of=as_of)
