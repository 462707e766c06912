"""Blocks are cut into units: headings open one, references never do, nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.reading.blocks import Block, read_blocks
from kb.reading.units import cut_units
from tests.conftest import SHARED, needs_texts


def _cut(lines: list[str], expected: int = 3, kind: str = "article"):
    return cut_units([Block(line) for line in lines], "x", "en", expected, kind)


@pytest.mark.parametrize(
    "lines",
    [
        ["Article 1", "a", "Article 2", "b", "Article 3", "c"],
        ["Article premier", "a", "Article 2. — Titre", "b", "ARTICLE 3", "c"],
        ["Artículo 1", "a", "Artículo 2. Título", "b", "Artículo 3", "c"],
        ["المادة ١", "a", "المادة ٢", "b", "المادة ٣", "c"],
        ["Статья 1", "a", "Статья 2", "b", "Статья 3", "c"],
        ["Article I", "a", "Article II", "b", "Article III", "c"],
    ],
)
def test_headings_in_many_languages(lines: list[str]) -> None:
    reading = _cut(lines)
    assert [unit.provision for unit in reading.units] == ["x/art-1", "x/art-2", "x/art-3"]
    assert reading.units[1].text.endswith("b")
    assert reading.missing == ()


def test_a_reference_opens_nothing() -> None:
    reading = _cut(
        ["Article 1", "as said in", "Article 2 of the Covenant", "Article 3, paragraph 2, applies", "Article 2", "b"]
    )
    assert [unit.provision for unit in reading.units] == ["x/art-1", "x/art-2"]
    assert reading.missing == (3,)


def test_an_approving_law_before_the_treaty_is_left_out() -> None:
    reading = _cut(["Article 1", "approved", "Article 1", "a", "Article 2", "b", "Article 3", "c"])
    assert reading.units[0].text == "Article 1\na"


@given(st.lists(st.sampled_from(["Article 1", "Article 2", "Article 3", "Article 2 of the law", "text", "Chapter I"])))
def test_nothing_is_lost(lines: list[str]) -> None:
    reading = _cut(lines)
    kept = sorted(
        [line for unit in reading.units for line in unit.text.split("\n")] + [b.text for b in reading.remainder]
    )
    assert kept == sorted(lines)


@needs_texts
@pytest.mark.parametrize(
    ("file", "expected", "kind"),
    [
        ("icrmw/en.md", 93, "article"), ("icrmw/es.md", 93, "article"), ("iccpr/en.md", 53, "article"),
        ("crc/en.md", 54, "article"), ("crc/es.md", 54, "article"), ("refugee-convention/en.md", 46, "article"),
        ("refugee-convention/fr.md", 46, "article"), ("refugee-convention/en.pdf", 46, "article"),
        ("eu-return-directive/it.html", 23, "article"), ("gcm/en.md", 23, "objective"), ("echr/en.pdf", 59, "article"),
        ("udhr/en.html", 30, "article"), ("udhr/ar.html", 30, "article"), ("udhr/am.html", 30, "article"),
        ("udhr/so.html", 30, "article"),
    ],
)  # fmt: skip
def test_real_texts_give_all_their_units(file: str, expected: int, kind: str) -> None:
    blocks = read_blocks(SHARED / file)
    reading = cut_units(blocks, "x", "en", expected, kind)
    assert (len(reading.units), reading.missing) == (expected, ())
    inside = "\n".join(unit.text for unit in reading.units).split("\n")
    assert len(inside) + len(reading.remainder) == len(blocks)
