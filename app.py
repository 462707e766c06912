"""Starts the web app on this computer and prints its address."""

import os
import sys

from kb.errors import KbError
from kb.settings import Settings


def main() -> int:
    """Open the assistant, build the page, serve it. Returns the exit status."""
    # Nothing of the libraries may call home; set before they are loaded.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    try:
        settings = Settings.from_env()
        from kb.answering.assistant import Assistant
        from kb.web.page import launch

        assistant = Assistant.open(settings)
        assistant.warm_up()
        launch(assistant, settings)
    except KbError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
