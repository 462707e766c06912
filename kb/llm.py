"""The one place a chat model is made. None is a valid model: everything works without one."""

from typing import Any

from kb.errors import ModelError
from kb.settings import Settings


def make_chat_model(settings: Settings) -> Any | None:
    """The configured chat model, or None.

    Args:
        settings: `llm` as LangChain names models ("ollama:qwen3", "openai:..."), `llm_url` for a
            server of one's own.

    Raises:
        ModelError: the name is unknown, or the package of its provider is not installed.
    """
    if not settings.llm:
        return None
    from langchain.chat_models import init_chat_model

    extra: dict[str, Any] = {"base_url": settings.llm_url} if settings.llm_url else {}
    try:
        return init_chat_model(settings.llm, temperature=0, timeout=60, **extra)
    except (ImportError, ValueError) as error:
        raise ModelError(f"The chat model {settings.llm!r} cannot be used: {str(error).splitlines()[0]}") from error
