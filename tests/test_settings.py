"""Settings come from AMPARO_* and nowhere else."""

from pathlib import Path

import pytest

from kb.errors import SettingsError
from kb.settings import Settings


def test_reads_variables() -> None:
    settings = Settings.from_env(
        {"AMPARO_PORT": "8001", "AMPARO_DATA": "/srv/x", "AMPARO_EMBEDDER": "a/b", "HOME": "/"}
    )
    assert (settings.port, settings.data, settings.embedder) == (8001, Path("/srv/x"), "a/b")


@pytest.mark.parametrize(("name", "value"), [("AMPARO_PRT", "1"), ("AMPARO_PORT", "http")])
def test_refuses_in_one_sentence(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings.from_env({name: value})
