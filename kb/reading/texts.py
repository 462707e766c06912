"""Official texts at hand -> units, with the counts of the catalogue asserted."""

from collections.abc import Callable
from pathlib import Path

from kb.content.registry import Catalogue
from kb.errors import ReadingError
from kb.models import Instrument, Unit
from kb.reading.blocks import read_blocks
from kb.reading.fetch import text_files
from kb.reading.units import Reading, cut_units


def read_text(path: Path, instrument: Instrument, lang: str) -> Reading:
    """Read one official text into units.

    Raises:
        ReadingError: the file cannot be read, or no unit of the instrument is in it.
    """
    kind = "objective" if "objective" in instrument.units and "article" not in instrument.units else "article"
    reading = cut_units(read_blocks(path), instrument.key, lang, instrument.units[kind], kind)
    if not reading.units:
        raise ReadingError(f"{path.name}: no {kind} of {instrument.short_titles['en']} was found in it.")
    return reading


def read_texts(catalogue: Catalogue, texts: Path, warn: Callable[[str], None]) -> list[Unit]:
    """Read every text at hand. One that cannot be read, or lacks units, is said and the rest goes on."""
    units: list[Unit] = []
    for (key, lang), path in text_files(texts).items():
        instrument = catalogue.instruments.get(key)
        if instrument is None:
            warn(f"{key}/{path.name}: {key} is not in the catalogue; left out.")
            continue
        try:
            reading = read_text(path, instrument, lang)
        except ReadingError as error:
            warn(f"{key}/{error}")
            continue
        if reading.missing:
            warn(f"{key}/{path.name}: units not found: {', '.join(map(str, reading.missing))}.")
        units += reading.units
    return units
