"""Bring texts, check the corpus, build the index: `python ingest.py fetch | add | check | build | status | docs`."""

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from kb.errors import CorpusError, KbError
from kb.settings import Settings

console = Console()


def fetch(settings: Settings) -> int:
    """Bring official texts; what cannot be brought is said and is no failure."""
    from kb.content.registry import load_catalogue
    from kb.reading.fetch import fetch_texts

    catalogue = load_catalogue(settings.corpus, strict=False)
    total = sum(len(source.files) for i in catalogue.instruments.values() for source in i.sources)
    with _progress("fetching texts") as bar:
        task = bar.add_task("fetching texts", total=total)
        results = fetch_texts(catalogue.instruments.values(), settings.texts, lambda _: bar.advance(task))
    for reason in dict.fromkeys(result.detail for result in results if result.outcome == "failed"):
        console.print(reason, style="yellow")
    table = Table("instrument", "new", "changed", "unchanged", "failed")
    for key in dict.fromkeys(result.instrument for result in results):
        mine = [result for result in results if result.instrument == key]
        table.add_row(key, *(
            " ".join(r.lang for r in mine if r.outcome == outcome) for outcome in ("new", "changed", "unchanged", "failed")
        ))  # fmt: skip
    console.print(table)
    return 0


def add(settings: Settings, path: Path, instrument: str, lang: str) -> int:
    """Take a file as the text of an instrument."""
    from kb.content.registry import load_catalogue
    from kb.reading.fetch import add_text
    from kb.reading.texts import read_text

    catalogue = load_catalogue(settings.corpus, strict=False)
    if instrument not in catalogue.instruments:
        raise KbError(f"{instrument} is not in the catalogue; it has {', '.join(catalogue.instruments)}.")
    if not lang.replace("-", "").isalnum() or not 2 <= len(lang) <= 12:
        raise KbError(f"{lang!r} is not a language tag such as en, fr or pt-BR.")
    reading = read_text(path, catalogue.instruments[instrument], lang)
    result = add_text(path, instrument, lang, settings.texts)
    console.print(f"{path.name}: {len(reading.units)} units read, {result.outcome}; run `python ingest.py build`.")
    if reading.missing:
        console.print(f"Units not found: {', '.join(map(str, reading.missing))}", style="yellow")
    return 0


def check(settings: Settings) -> int:
    """List every problem of the corpus."""
    from kb.content.checks import check_corpus

    problems = check_corpus(settings.corpus)
    if problems:
        raise CorpusError(problems)
    console.print("The corpus is sound.")
    return 0


def build(settings: Settings) -> int:
    """Build the index; nothing to do when nothing changed."""
    from kb.content.registry import load_catalogue
    from kb.embeddings import Embedder
    from kb.reading.build import build_index

    with _progress("indexing") as bar:
        task = bar.add_task("indexing", total=None)
        built = build_index(
            settings,
            lambda: load_catalogue(settings.corpus),
            Embedder(settings),
            lambda done, total: bar.update(task, completed=done, total=total),
        )
        if built.unchanged:
            bar.remove_task(task)
    for warning in built.warnings:
        console.print(warning, style="yellow")
    state = "nothing changed" if built.unchanged else f"{built.embedded} embedded"
    console.print(f"The index holds {built.passages} passages ({state}).")
    return 0


def status(settings: Settings) -> int:
    """Say what the index holds and whether it is up to date."""
    from kb.embeddings import Embedder
    from kb.reading.build import inputs_digest
    from kb.store import read_manifest

    manifest = read_manifest(settings)
    if manifest is None:
        console.print("There is no index yet; build it with `python ingest.py build`.")
        return 1
    fresh = manifest["build_id"] == inputs_digest(settings, Embedder(settings).fingerprint)
    table = Table("what", "value", show_header=False)
    table.add_row("built", manifest["built"])
    table.add_row("model", manifest["embedder"])
    for kind, count in manifest["counts"].items():
        table.add_row(f"passages: {kind}", str(count))
    table.add_row("texts", " ".join(manifest["texts"]) or "none")
    table.add_row("up to date", "yes" if fresh else "no: run `python ingest.py build`")
    console.print(table)
    return 0


def docs(settings: Settings) -> int:
    """Write the coverage table of the README anew."""
    from kb.content.coverage import with_coverage
    from kb.content.registry import load_catalogue

    readme = Path(__file__).with_name("README.md")
    readme.write_text(
        with_coverage(readme.read_text(encoding="utf-8"), load_catalogue(settings.corpus)), encoding="utf-8"
    )
    return 0


def _progress(title: str) -> Progress:
    return Progress(TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=console)


def main(argv: list[str] | None = None) -> int:
    """Run a command. Returns the exit status: 0 done, 1 a clear failure, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python ingest.py", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for function in (fetch, check, build, status, docs):
        commands.add_parser(function.__name__, help=function.__doc__)
    adding = commands.add_parser("add", help=add.__doc__)
    adding.add_argument("file", type=Path)
    adding.add_argument("--instrument", required=True, help="key of the instrument in the catalogue")
    adding.add_argument("--lang", required=True, help="language of the file, such as fr")
    args = parser.parse_args(argv)
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    try:
        settings = Settings.from_env()
        if args.command == "add":
            return add(settings, args.file, args.instrument, args.lang)
        return {"fetch": fetch, "check": check, "build": build, "status": status, "docs": docs}[args.command](settings)
    except KbError as error:
        console.print(str(error), style="red", markup=False)
        return 1


if __name__ == "__main__":
    sys.exit(main())
