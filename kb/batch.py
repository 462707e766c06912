"""Answers many questions from a file: JSON lines in, JSON lines out."""

import json
import os
from pathlib import Path
from typing import Any

from tqdm import tqdm

from kb.answering.assistant import Assistant
from kb.answering.profile import choose_profile
from kb.errors import KbError, QuestionError
from kb.models import Conversation
from kb.render import to_json


def run_batch(source: Path, target: Path, assistant: Assistant) -> tuple[int, int]:
    """Answer every line of a file.

    Args:
        source: a line is `{"id", "question"}` or `{"id", "turns": [...]}`, optionally with "profile".
        target: a line is `{"id", "answers": [...]}`, one answer a turn; written whole or not at all.
            A line that cannot be read gives `{"id", "error"}` and stops nothing.
        assistant: who answers.

    Returns:
        How many lines were answered, and how many could not be read.

    Raises:
        KbError: the source cannot be opened, or there is no index.
    """
    try:
        lines = [line for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise KbError(f"{source} cannot be read: {error}.") from None
    draft = target.with_name(f".{target.name}.new")
    failed = 0
    try:
        with draft.open("w", encoding="utf-8") as out:
            for number, line in enumerate(tqdm(lines, desc="answering", unit="line"), 1):
                result = _line(line, number, assistant)
                failed += "error" in result
                out.write(json.dumps(result, ensure_ascii=False) + "\n")
            out.flush()
            os.fsync(out.fileno())
        draft.replace(target)
    except OSError as error:
        raise KbError(f"{target} cannot be written: {error}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return len(lines) - failed, failed


def _line(line: str, number: int, assistant: Assistant) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {"id": None, "error": f"line {number} is not JSON"}
    if not isinstance(entry, dict) or "id" not in entry:
        return {"id": None, "error": f"line {number} has no id"}
    turns = entry.get("turns", [entry["question"]] if "question" in entry else None)
    if not isinstance(turns, list) or not turns or not all(isinstance(turn, str) for turn in turns):
        return {"id": entry["id"], "error": f"line {number} needs a question, or turns as a list of texts"}
    given = entry.get("profile") or {}
    if not isinstance(given, dict):
        return {"id": entry["id"], "error": f"line {number}: profile must be an object"}
    conversation = Conversation(profile=choose_profile(given, assistant.catalogue))
    answers = []
    for turn in turns:
        try:
            answer, conversation = assistant.ask(turn, conversation)
        except QuestionError as error:
            return {"id": entry["id"], "error": f"line {number}: {error}"}
        answers.append(to_json(answer, assistant.catalogue))
    return {"id": entry["id"], "answers": answers}
