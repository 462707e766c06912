"""One source file -> blocks: pieces of text in reading order, each with its place.

PDF (pypdf), HTML, Markdown and plain text. Whatever is wrong with the file becomes one sentence.
"""

import logging
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from bs4 import BeautifulSoup
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from kb.errors import ReadingError

# pypdf reports every oddity of a font; what matters to the reader is said by ReadingError.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

# No treaty comes near it; a file beyond is a mistake or an attack.
MAX_BYTES = 60_000_000
MAX_PAGES = 2_000
# Fewer letters a page than this is a scan with a stamp, not a text.
_LETTERS_A_PAGE = 200

SUFFIXES = {".pdf": "pdf", ".html": "html", ".htm": "html", ".xhtml": "html", ".md": "markdown", ".txt": "text"}


@dataclass(frozen=True)
class Block:
    """A line or paragraph of a source.

    Attributes:
        text: its words, white space folded.
        page: page of a PDF, from 1.
        heading: the source marks it as a heading.
        number: unit number that the source itself states in its markup.
    """

    text: str
    page: int | None = None
    heading: bool = False
    number: int | None = None


def read_blocks(path: Path) -> list[Block]:
    """Read a source file.

    Raises:
        ReadingError: the file is missing, of an unknown kind, too large, damaged, encrypted or holds no text.
    """
    kind = SUFFIXES.get(path.suffix.lower())
    if not path.is_file():
        raise ReadingError(f"{path.name}: there is no such file.")
    if kind is None:
        raise ReadingError(f"{path.name}: only PDF, HTML, Markdown and text files can be read.")
    size = path.stat().st_size
    if size == 0:
        raise ReadingError(f"{path.name}: the file is empty.")
    if size > MAX_BYTES:
        raise ReadingError(f"{path.name}: {size // 1_000_000} MB is more than the {MAX_BYTES // 1_000_000} MB allowed.")
    if kind == "pdf":
        blocks = _pdf(path)
    else:
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            raise ReadingError(f"{path.name}: not UTF-8 text (byte {error.start} cannot be read).") from None
        blocks = _html(text) if kind == "html" else _lines(text, markdown=kind == "markdown")
    if not any(block.text for block in blocks):
        raise ReadingError(f"{path.name}: no text was found in it.")
    return blocks


def _fold(text: str) -> str:
    return " ".join(text.replace("\u00ad", "").split())


def _lines(text: str, *, markdown: bool) -> list[Block]:
    blocks = []
    for line in text.splitlines():
        mark = re.match(r"\s*#{1,6}\s*", line) if markdown else None
        words = _fold(line[mark.end() :] if mark else line)
        if words:
            blocks.append(Block(words, heading=mark is not None))
    return blocks


def _html(text: str) -> list[Block]:
    soup = BeautifulSoup(text, "html.parser")
    for tag in soup(["script", "style", "head", "nav", "noscript"]):
        tag.decompose()
    blocks: list[Block] = []
    leaves = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "li", "td", "dt", "dd", "pre")
    for tag in soup.find_all(leaves):
        if tag.find(leaves):
            continue
        words = _fold(tag.get_text(" "))
        if not words:
            continue
        unit = tag.find_parent("article")
        stated = str(unit.get("data-number") or "") if unit else ""
        classes = " ".join(tag.get("class") or ())
        heading = tag.name.startswith("h") or "ti-art" in classes.split("oj-")[-1]
        blocks.append(Block(words, heading=heading, number=int(stated) if heading and stated.isdigit() else None))
    return blocks or _lines(soup.get_text("\n"), markdown=False)


def _pdf(path: Path) -> list[Block]:
    with path.open("rb") as file:
        if b"%PDF-" not in file.read(1024):
            raise ReadingError(f"{path.name}: this is not a PDF, whatever its name says.")
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise ReadingError(f"{path.name}: the PDF is locked with a password; save a copy without one.")
        count = len(reader.pages)
        if count > MAX_PAGES:
            raise ReadingError(f"{path.name}: {count} pages are more than the {MAX_PAGES} allowed.")
        pages = [[_fold(line) for line in (page.extract_text() or "").splitlines()] for page in reader.pages]
    except ReadingError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError) as error:
        raise ReadingError(f"{path.name}: the PDF is damaged and cannot be read ({type(error).__name__}).") from None
    letters = sum(char.isalpha() for lines in pages for line in lines for char in line)
    if letters < _LETTERS_A_PAGE * max(1, count) // 4:
        raise ReadingError(f"{path.name}: its {count} pages are pictures without text; run text recognition first.")
    return [Block(line, page=number) for number, lines in _without_running_heads(pages) for line in lines]


def _without_running_heads(pages: list[list[str]]) -> list[tuple[int, list[str]]]:
    """Leave out page numbers and lines that stand at the top or bottom of many pages."""

    def shape(line: str) -> str:
        return re.sub(r"\d+", "#", line)

    filled = [[line for line in lines if line] for lines in pages]
    edges = Counter(shape(line) for lines in filled for line in {*lines[:2], *lines[-2:]})
    often = max(3, len(pages) // 3)
    cleaned = []
    for number, lines in enumerate(filled, 1):
        last = len(lines) - 1
        kept = [
            line
            for at, line in enumerate(lines)
            if not ((at < 2 or at > last - 2) and (edges[shape(line)] >= often or shape(line).strip(" -–/") == "#"))
        ]
        cleaned.append((number, kept))
    return cleaned
