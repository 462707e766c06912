"""Blocks -> units: articles and objectives with their text, and what is left over."""

import re
from dataclasses import dataclass

from kb.locales import ascii_digits
from kb.models import Unit
from kb.reading.blocks import Block

_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
# The words that open an article, by language; headings of other kinds are never units.
_ARTICLE_WORDS = (
    "article|art|artículo|articulo|artigo|articolo|artikel|статья|стаття|المادة|مادة|ماده|مادهٔ|madde|第|"
    "দফা|ধারা|अनुच्छेद|دفعہ|qod|qodobka|ibara|kifungu"
)
_OPENING = re.compile(
    rf"^(?P<word>{_ARTICLE_WORDS})\b[\s.\u00a0]*(?:cha\s+)?(?P<number>\d+|[ivxlc]+\b|premier|primero|único)"
    r"(?:er|º|°|ª|bis|\.º)?(?P<rest>.*)$",
    re.IGNORECASE,
)
_OBJECTIVE = re.compile(r"^(?:objective|objectif|objetivo|الهدف)\s+(?P<number>\d+)\b(?P<rest>.*)$", re.IGNORECASE)
# Articles that a text may skip (deleted, or not recognised) before a number counts as a reference.
_STEP = 3
_SECOND = 2
# What may follow the number of a heading; anything else ("of the Covenant", "shall", ", paragraph 2")
# shows that the line continues a sentence and only refers to an article.
_HEADING_REST = re.compile(r"^\s*(?:$|[.:—–\-\]*¹²³(]|[A-ZÀ-ÝА-Я\u0600-\u06ff«\"“])")


@dataclass(frozen=True)
class Reading:
    """What was read of a source.

    Attributes:
        units: in order; each number once.
        missing: numbers that the instrument has and the text lacks.
        remainder: blocks that belong to no unit: title, preamble, chapter headings before the first
            unit, and what follows the last one.
    """

    units: tuple[Unit, ...]
    missing: tuple[int, ...]
    remainder: tuple[Block, ...]


def cut_units(blocks: list[Block], instrument: str, lang: str, expected: int, kind: str = "article") -> Reading:
    """Cut a text into its units.

    Args:
        blocks: the text in order.
        instrument: key of the instrument, for the ids.
        lang: language of the text.
        expected: how many units the instrument has.
        kind: "article" or "objective".

    Returns:
        Units with the ids of the catalogue (`icrmw/art-22`, `gcm/obj-13`).
    """
    openings = [(at, number) for at, block in enumerate(blocks) if (number := _number(block, kind)) is not None]
    chain = _best_chain(openings, expected)
    prefix = "obj" if kind == "objective" else "art"
    units = []
    inside: set[int] = set()
    for position, (at, number) in enumerate(chain):
        end = chain[position + 1][0] if position + 1 < len(chain) else _end(blocks, at, openings)
        body = [blocks[i] for i in range(at, end)]
        inside.update(range(at, end))
        text = "\n".join(block.text for block in body)
        units.append(Unit(provision=f"{instrument}/{prefix}-{number}", text=text, lang=lang, page=body[0].page))
    found = {number for _, number in chain}
    return Reading(
        units=tuple(units),
        missing=tuple(number for number in range(1, expected + 1) if number not in found),
        remainder=tuple(block for at, block in enumerate(blocks) if at not in inside),
    )


def _number(block: Block, kind: str) -> int | None:
    if block.number is not None:
        return block.number
    line = ascii_digits(block.text).strip("*_ ")
    match = (_OBJECTIVE if kind == "objective" else _OPENING).match(line)
    if not match:
        return None
    written = match["number"].lower()
    if written.isdigit():
        number = int(written)
    elif written in ("premier", "primero", "único"):
        number = 1
    else:
        number = _roman(written)
    if block.heading:
        return number
    return number if _HEADING_REST.match(match["rest"]) else None


def _roman(text: str) -> int:
    values = [_ROMAN[char] for char in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _best_chain(openings: list[tuple[int, int]], expected: int) -> list[tuple[int, int]]:
    """The longest run of rising numbers that begins at an Article 1.

    A file may hold an approving law before the treaty and a protocol after it, each numbered from 1.
    """
    best: list[tuple[int, int]] = []
    for start, (_, number) in enumerate(openings):
        if number != 1 and start > 0:
            continue
        chain: list[tuple[int, int]] = []
        last = 0
        for place, (at, value) in enumerate(openings[start:], start):
            following = openings[place + 1][1] if place + 1 < len(openings) else None
            # A small step is the next article; a jump is a reference.
            if last < value <= min(expected, last + _STEP):
                chain.append((at, value))
                last = value
            # Another text begins: its Article 1 is followed by its Article 2.
            elif value == 1 and following == _SECOND:
                break
        if len(chain) > len(best):
            best = chain
    return best


def _end(blocks: list[Block], last: int, openings: list[tuple[int, int]]) -> int:
    """Where the last unit ends: at the next heading or opening, else at the end of the text."""
    for at in range(last + 1, len(blocks)):
        if blocks[at].heading or any(at == place for place, number in openings if number == 1):
            return at
    return len(blocks)
