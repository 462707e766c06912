"""Sources are read into blocks; what cannot be read is one sentence and changes nothing."""

from pathlib import Path

import pytest
from pypdf import PdfWriter

from kb.errors import ReadingError
from kb.reading.blocks import read_blocks
from tests.conftest import SHARED, needs_texts


def test_html_keeps_headings_and_stated_numbers(tmp_path: Path) -> None:
    path = tmp_path / "x.html"
    path.write_text(
        "<article data-number='3'><h2>Artículo 3</h2><p>Uno</p></article><script>no</script>", encoding="utf-8"
    )
    blocks = read_blocks(path)
    assert [(b.text, b.heading, b.number) for b in blocks] == [("Artículo 3", True, 3), ("Uno", False, None)]


def test_markdown_headings(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text("# Title\n\n### Article  1\nText  here", encoding="utf-8")
    assert [(b.text, b.heading) for b in read_blocks(path)] == [
        ("Title", True),
        ("Article 1", True),
        ("Text here", False),
    ]


def _encrypted(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(path)


def _blank(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.write(path)


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("missing.pdf", None, "no such file"),
        ("x.docx", b"PK", "only PDF"),
        ("x.txt", b"", "empty"),
        ("x.md", b"\xff\xfe\xfa", "not UTF-8"),
        ("x.pdf", b"<!DOCTYPE html><p>404</p>", "not a PDF"),
        ("x.pdf", b"%PDF-1.7\n1 0 obj <<", "damaged"),
        ("x.pdf", _blank, "pictures without text"),
        ("x.pdf", _encrypted, "password"),
        ("x.html", b"<html><script>1</script></html>", "no text"),
    ],
)
def test_what_cannot_be_read_is_said(tmp_path: Path, name: str, make, said: str) -> None:
    path = tmp_path / name
    if callable(make):
        make(path)
    elif make is not None:
        path.write_bytes(make)
    with pytest.raises(ReadingError, match=said):
        read_blocks(path)


@needs_texts
@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("pdf-fixture-truncated/en.pdf", "damaged"),
        ("pdf-fixture-encrypted/en.pdf", "password"),
        ("pdf-fixture-image-only/ar.pdf", "pictures"),
        ("pdf-fixture-not-a-pdf/en.pdf", "not a PDF"),
    ],
)
def test_real_broken_files(file: str, said: str) -> None:
    with pytest.raises(ReadingError, match=said):
        read_blocks(SHARED / file)
