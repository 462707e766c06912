"""Serves the page: theme, style, and the settings of the server that keep people's words private."""

from pathlib import Path
from typing import Any

import gradio as gr

from kb.answering.assistant import Assistant
from kb.errors import KbError
from kb.settings import Settings
from kb.web.ask import build_ask_room

# Fonts of the reader's own system: nothing is loaded from elsewhere.
_FONTS = ["system-ui", "-apple-system", "Segoe UI", "Noto Sans", "Noto Sans Arabic", "sans-serif"]
_THEME = gr.themes.Default(
    font=_FONTS, font_mono=["ui-monospace", "monospace"], primary_hue="blue", neutral_hue="slate"
)


def launch(assistant: Assistant, settings: Settings, *, block: bool = True) -> tuple[gr.Blocks, str]:
    """Serve the page.

    Args:
        assistant: who answers.
        settings: address and port.
        block: return only when the server stops; else return at once.

    Returns:
        The page (close it with `.close()`) and its address.

    Raises:
        KbError: the port is taken.
    """
    page = build_ask_room(assistant)
    options: dict[str, Any] = {
        "server_name": settings.host,
        "server_port": settings.port or None,
        "share": False,
        "show_error": False,
        "enable_monitoring": False,
        "run_history": False,
        "footer_links": [],
        "ssr_mode": False,
        "pwa": False,
        "theme": _THEME,
        "css_paths": Path(__file__).with_name("style.css"),
        "quiet": True,
        "prevent_thread_lock": True,
    }
    try:
        _, address, _ = page.queue(api_open=True, default_concurrency_limit=4).launch(**options)
    except OSError as error:
        raise KbError(
            f"Port {settings.port} on {settings.host} cannot be used ({error}); choose another with AMPARO_PORT."
        ) from error
    print(f"Amparo is ready: {address}", flush=True)  # noqa: T201 the one line the operator needs
    if block:
        page.block_thread()
    return page, address
