"""Ask in the terminal: `python -m kb ask "..."`, `python -m kb batch IN.jsonl OUT.jsonl`."""

import argparse
import json
import os
import sys
from pathlib import Path

from kb.errors import KbError
from kb.locales import OFFERED_TAGS
from kb.settings import Settings


def main(argv: list[str] | None = None) -> int:
    """Run a command. Returns the exit status: 0 done, 1 a clear failure, 2 wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m kb", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    ask = commands.add_parser("ask", help="answer one question")
    ask.add_argument("question")
    ask.add_argument("--lang", choices=OFFERED_TAGS, help="answer in this language")
    for name in ("country", "nationality", "status", "age", "sector", "gender"):
        ask.add_argument(f"--{name}", help=f"{name}, as people write it")
    ask.add_argument("--json", action="store_true", help="the stable JSON instead of text")
    batch = commands.add_parser("batch", help="answer many questions, one JSON object a line")
    batch.add_argument("source", type=Path, metavar="IN.jsonl")
    batch.add_argument("target", type=Path, metavar="OUT.jsonl")
    args = parser.parse_args(argv)
    # Nothing of these libraries may call home.
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    try:
        return _ask(args) if args.command == "ask" else _batch(args)
    except KbError as error:
        print(error, file=sys.stderr)
        return 1


def _ask(args: argparse.Namespace) -> int:
    from kb.answering.assistant import Assistant
    from kb.answering.profile import choose_profile
    from kb.models import Conversation
    from kb.render import render_text, to_json

    assistant = Assistant.open(Settings.from_env())
    given = {name: getattr(args, name) for name in ("country", "nationality", "status", "age", "sector", "gender")}
    profile = choose_profile(given, assistant.catalogue)
    answer, _ = assistant.ask(args.question, Conversation(profile=profile), args.lang, answer_in=args.lang)
    if args.json:
        print(json.dumps(to_json(answer, assistant.catalogue), ensure_ascii=False, indent=2))
    else:
        print(render_text(answer, assistant.catalogue))
    return 0


def _batch(args: argparse.Namespace) -> int:
    from kb.answering.assistant import Assistant
    from kb.batch import run_batch

    done, failed = run_batch(args.source, args.target, Assistant.open(Settings.from_env()))
    print(f"{done} answered, {failed} could not be read; answers are in {args.target}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
