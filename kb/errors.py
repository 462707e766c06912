"""What can go wrong, as one clear sentence each.

KbError                  base: its text is shown to the user as it is
├── SettingsError        an AMPARO_* variable has a value that cannot be used
├── CorpusError          corpus/ has problems; carries all of them
├── CitationError        an id that is not in the catalogue
├── ReadingError         a source document cannot be read
├── FetchError           an official text could not be brought
├── ModelError           an embedding or chat model cannot be used
├── IndexMissingError    no index, or not a whole one: build it first
├── IndexMismatchError   the index was built by another model
├── BuildBusyError       another build is running
└── QuestionError        a question that cannot be answered as it stands
"""


class KbError(Exception):
    """Base of all errors whose text is meant for the user."""


class SettingsError(KbError):
    """An AMPARO_* variable has a value that cannot be used."""


class CorpusError(KbError):
    """The corpus has problems.

    Attributes:
        problems: one line each, every problem that was found, each with its path.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        count = len(problems)
        noun = "problem" if count == 1 else "problems"
        super().__init__(f"{count} {noun} in the corpus:\n" + "\n".join(f"- {p}" for p in problems))


class CitationError(KbError):
    """An id that the catalogue does not hold."""


class ReadingError(KbError):
    """A source document cannot be read: damaged, encrypted, empty, not what it says it is."""


class FetchError(KbError):
    """An official text could not be brought from its source."""


class ModelError(KbError):
    """An embedding model or a chat model cannot be loaded or used."""


class IndexMissingError(KbError):
    """There is no complete index to serve from."""


class IndexMismatchError(KbError):
    """The index was built by another embedding model than the one configured."""


class BuildBusyError(KbError):
    """Another process is building the index."""


class QuestionError(KbError):
    """A question that cannot be answered as it stands, such as an empty one."""
