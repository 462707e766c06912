"""Citations are printed and found again, and wrong ones are called wrong."""

import pytest

from kb.citations import find_citations, format_citation, known_instruments
from kb.content.registry import Catalogue
from kb.locales import OFFERED_TAGS


@pytest.fixture(scope="module")
def known(catalogue: Catalogue):
    others = ((key, other.names, other.years) for key, other in catalogue.others.items())
    return known_instruments(catalogue.instruments.values(), others)


@pytest.mark.parametrize(
    ("text", "provision"),
    [
        ("What does Article 33 of the 1951 Refugee Convention say?", "refugee-convention/art-33"),
        ("art. 22 ICRMW", "icrmw/art-22"),
        ("l'article 22 de la CIDTM", "icrmw/art-22"),
        ("article premier de la DUDH", "udhr/art-1"),
        ("el artículo 13 del PIDCP", "iccpr/art-13"),
        ("ما هي المادة ٣٧ من اتفاقية حقوق الطفل", "crc/art-37"),
        ("GCM objective 13", "gcm/obj-13"),
        ("Return Directive art 15", "eu-return-directive/art-15"),
    ],
)
def test_finds(text: str, provision: str, known) -> None:
    assert provision in [found.provision for found in find_citations(text, known)]


def test_every_provision_is_found_as_it_is_printed(catalogue: Catalogue, known) -> None:
    missed = []
    for provision in catalogue.provisions.values():
        if provision.key.startswith("par-"):
            continue
        for lang in OFFERED_TAGS:
            title = catalogue.instruments[provision.instrument].short_titles[lang]
            printed = format_citation(provision.id, title, lang)
            if [found.provision for found in find_citations(printed, known)] != [provision.id]:
                missed.append((provision.id, printed))
    assert missed == []


def test_an_article_beyond_the_last_is_not_resolved(known) -> None:
    (found,) = find_citations("Article 99 of the Refugee Convention", known)
    assert (found.provision, found.count) == (None, 46)


def test_a_wrong_year_is_seen(known) -> None:
    assert find_citations("the 1988 ILO declaration", known)[0].wrong_year == "1988"
    assert find_citations("the 1998 ILO declaration", known)[0].wrong_year is None


def test_no_instrument_means_none_is_guessed(known) -> None:
    (found,) = find_citations("what about article 33?", known)
    assert (found.instrument, found.number) == (None, 33)


def test_pinpoints_are_printed() -> None:
    assert format_citation("icrmw/art-22(2)", "ICRMW", "en") == "ICRMW, Art. 22(2)"
    assert format_citation("icrmw/art-22", "الاتفاقية", "ar") == "الاتفاقية، المادة ٢٢"
    with pytest.raises(ValueError, match="not a provision id"):
        format_citation("nonsense", "x", "en")
