"""One file of the corpus -> one checked model, or every problem in it with its path."""

import csv
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from kb.errors import CorpusError

Model = TypeVar("Model", bound=BaseModel)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which a key that stands twice is an error and dates stay text."""


def _mapping(loader: Any, node: Any) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in result:
            line = key_node.start_mark.line + 1
            raise yaml.constructor.ConstructorError(None, None, f"line {line}: the key {key!r} stands twice")
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: node.value)


def load_file(path: Path, model: type[Model], root: Path) -> Model:
    """Read one file of the corpus.

    Args:
        path: the YAML file.
        model: its format.
        root: folder the path is named from in messages.

    Raises:
        CorpusError: with every problem of the file.
    """
    name = path.relative_to(root).as_posix()
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 a safe loader
    except FileNotFoundError:
        raise CorpusError([f"{name}: the file is missing"]) from None
    except UnicodeDecodeError as error:
        raise CorpusError([f"{name}: not UTF-8 at byte {error.start}"]) from None
    except yaml.YAMLError as error:
        raise CorpusError([f"{name}: not YAML: {' '.join(str(error).split())}"]) from None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise CorpusError(
            [f"{name}: {'.'.join(map(str, e['loc'])) or 'file'}: {e['msg']}" for e in error.errors()]
        ) from None


def load_table(path: Path, columns: set[str], root: Path) -> list[dict[str, str]]:
    """Read one CSV table of the corpus.

    Raises:
        CorpusError: the file is missing, not UTF-8, or lacks a column.
    """
    name = path.relative_to(root).as_posix()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (FileNotFoundError, UnicodeDecodeError) as error:
        raise CorpusError([f"{name}: {error}"]) from None
    lacking = columns - set(rows[0] if rows else ())
    if lacking:
        raise CorpusError([f"{name}: no column {', '.join(sorted(lacking))}"])
    return rows
