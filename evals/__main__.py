"""`python -m evals run retrieval`: measure, beside two baselines; `--freeze` makes it the reference."""

import argparse
import os
import sys

from rich.console import Console

from kb.errors import KbError
from kb.settings import Settings


def main(argv: list[str] | None = None) -> int:
    """Run a command. Returns the exit status; 1 when a measure fell below the frozen run."""
    from evals.metrics import drops
    from evals.run import SUITES, freeze, frozen, run_suite

    parser = argparse.ArgumentParser(prog="python -m evals", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a suite")
    run.add_argument("suite", choices=SUITES)
    run.add_argument("--split", choices=("dev", "test"), default="test")
    run.add_argument("--no-baselines", action="store_true", help="measure our system only")
    run.add_argument("--freeze", action="store_true", help="make this run the reference")
    args = parser.parse_args(argv)
    os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
    console = Console(width=200 if not sys.stdout.isatty() else None)
    try:
        scores = run_suite(args.suite, args.split, Settings.from_env(), console, baselines=not args.no_baselines)
    except KbError as error:
        console.print(str(error), style="red", markup=False)
        return 1
    if args.split == "dev":
        return 0
    if args.freeze:
        freeze(args.suite, scores)
        return 0
    fallen = drops(scores, frozen(args.suite), slack=0.01)
    for line in fallen:
        console.print(f"worse than the frozen run: {line}", style="red")
    return 1 if fallen else 0


if __name__ == "__main__":
    sys.exit(main())
