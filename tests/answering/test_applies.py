"""Force of a provision: for this State, and for this person."""

import pytest

from kb.answering.applies import applies_to
from kb.content.registry import Catalogue
from kb.models import Force, Profile


@pytest.mark.parametrize(
    ("provision", "profile", "force"),
    [
        ("icrmw/art-21", {"country": "MAR"}, Force.BINDING),
        ("icrmw/art-21", {"country": "QAT"}, Force.NOT_BINDING),
        ("icrmw/art-21", {}, Force.UNKNOWN),
        ("icrmw/art-21", {"country": "MAR", "status": "refugee"}, Force.NOT_FOR_THIS_PERSON),
        ("icrmw/art-43", {"country": "MAR", "status": "irregular"}, Force.NOT_FOR_THIS_PERSON),
        ("icrmw/art-43", {"country": "MAR", "status": "regular"}, Force.BINDING),
        ("crc/art-28", {"country": "USA"}, Force.SIGNED),
        ("crc/art-28", {"country": "FRA", "age": 16}, Force.BINDING),
        ("crc/art-28", {"country": "FRA", "age": 40}, Force.NOT_FOR_THIS_PERSON),
        ("crc/art-28", {"country": "FRA", "age": 40, "has_children": True}, Force.BINDING),
        ("refugee-convention/art-33", {"country": "LBN"}, Force.NOT_BINDING),
        ("refugee-convention/art-33", {"country": "FRA", "status": "irregular"}, Force.BINDING),
        ("refugee-convention/art-33", {"country": "USA"}, Force.BINDING),
        ("gcm/obj-13", {"country": "USA"}, Force.SOFT_LAW),
        ("udhr/art-14", {"country": "FRA"}, Force.SOFT_LAW),
        ("eu-return-directive/art-15", {"country": "ITA"}, Force.EU_LAW),
        ("eu-return-directive/art-15", {"country": "CHE"}, Force.EU_LAW),
        ("eu-return-directive/art-15", {"country": "IRL"}, Force.NOT_BINDING),
        ("eu-return-directive/art-15", {"country": "MAR"}, Force.NOT_BINDING),
        ("eu-return-directive/art-15", {"country": "ITA", "status": "regular"}, Force.NOT_FOR_THIS_PERSON),
    ],
)
def test_force(provision: str, profile: dict[str, object], force: Force, catalogue: Catalogue) -> None:
    assert applies_to(provision, Profile(**profile), catalogue).force is force


def test_soft_law_is_never_binding_and_binding_always_has_a_source(catalogue: Catalogue) -> None:
    for provision in catalogue.provisions.values():
        instrument = catalogue.instruments[provision.instrument]
        for country in catalogue.states.codes:
            found = applies_to(provision.id, Profile(country=country), catalogue)
            if instrument.force == "soft":
                assert found.force is Force.SOFT_LAW
            if found.force is Force.BINDING:
                assert found.source
                assert found.as_of
