"""Every knob of the program, read once from AMPARO_* environment variables."""

import os
from dataclasses import dataclass, fields
from pathlib import Path

from kb.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent
BUNDLED_EMBEDDER = "bundled"


@dataclass(frozen=True)
class Settings:
    """What the operator decides. `Settings.from_env()` reads it; everything else is handed it.

    The variable of a field is AMPARO_ and its name in capitals.
    """

    corpus: Path = ROOT / "corpus"
    """Folder of the law as data."""
    texts: Path = ROOT / "corpus" / "texts"
    """Folder of official texts as fetched."""
    data: Path = ROOT / "data"
    """Folder of the index."""
    cache: Path = Path.home() / ".cache" / "amparo"
    """Folder where the bundled model is unpacked."""
    embedder: str = BUNDLED_EMBEDDER
    """'bundled', or the name or folder of any sentence-transformers model."""
    embedder_dtype: str = "auto"
    """Precision for embedding: 'float32', 'bfloat16', or 'auto' (bfloat16 where the processor has AMX)."""
    chroma_url: str = ""
    """URL of a Chroma server; empty means embedded in this process."""
    llm: str = ""
    """Chat model as LangChain names it, such as 'ollama:qwen3'; empty means none."""
    llm_url: str = ""
    """Base URL of an OpenAI-compatible or Ollama server for the chat model."""
    operator: str = ""
    """Who runs this page; shown to the people who use it."""
    host: str = "127.0.0.1"
    """Address the web app listens on."""
    port: int = 7860
    """Port of the web app; 0 takes a free one."""
    threads: int = 0
    """Threads for the embedding model; 0 lets the library decide."""

    @classmethod
    def from_env(cls, environ: dict[str, str] | None = None) -> "Settings":
        """Read the settings.

        Args:
            environ: variables to read; those of the process when None.

        Raises:
            SettingsError: an unknown AMPARO_* name or a value of the wrong kind.
        """
        given = dict(os.environ) if environ is None else environ
        known = {f"AMPARO_{field.name.upper()}": field for field in fields(cls)}
        values: dict[str, object] = {}
        for name, raw in given.items():
            if not name.startswith("AMPARO_"):
                continue
            if name not in known:
                raise SettingsError(f"{name} is not a setting; the settings are {', '.join(sorted(known))}.")
            field = known[name]
            if field.type is int:
                if not raw.isdigit():
                    raise SettingsError(f"{name} is {raw!r}, but it must be a whole number.")
                values[field.name] = int(raw)
            elif field.type is Path:
                values[field.name] = Path(raw).expanduser().resolve()
            else:
                values[field.name] = raw
        return cls(**values)  # type: ignore[arg-type]
