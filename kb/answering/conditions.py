"""Whether conditions of the corpus hold for a person: yes, no, or not known."""

from kb.content.states import States
from kb.models import Profile, Status, When


def holds(when: When | None, profile: Profile, states: States) -> bool | None:
    """Evaluate conditions. True or False when known; None when it depends on what is not known."""
    verdict: bool | None = True
    for field in unknown_and_known(when):
        one = _one(field, when, profile, states)
        if one is False:
            return False
        if one is None:
            verdict = None
    return verdict


def depends_on(when: When | None, profile: Profile, states: States) -> tuple[str, ...]:
    """Fields of the conditions that the profile says nothing of."""
    return tuple(field for field in unknown_and_known(when) if _one(field, when, profile, states) is None)


def unknown_and_known(when: When | None) -> tuple[str, ...]:
    """Names of the fields that the conditions speak of."""
    if when is None:
        return ()
    return tuple(name for name in When.model_fields if getattr(when, name) not in ((), None))


def _one(field: str, when: When | None, profile: Profile, states: States) -> bool | None:
    wanted = getattr(when, field)
    if field == "region":
        if profile.country is None:
            return None
        return any(states.is_in(profile.country, region) for region in wanted)
    if field == "age":
        # A parent asks for the child.
        if "child" in wanted and profile.has_children:
            return True
        if profile.age is None:
            return True if profile.unaccompanied and "child" in wanted else None
        return ("child" if profile.age < 18 else "adult") in wanted
    given = getattr(profile, field)
    if given is None:
        return None
    # Who has no papers may well be a refugee: nobody is one only because a State said so.
    if given == Status.IRREGULAR and given not in wanted and {Status.REFUGEE, Status.ASYLUM_SEEKER} & set(wanted):
        return None
    return given in wanted if isinstance(wanted, tuple) else given == wanted
