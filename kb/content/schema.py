"""The formats of the files in corpus/, one model a format. Unknown keys are errors."""

import re
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel, model_validator

from kb.cues import CueMatcher, compile_cue
from kb.locales import OFFERED_TAGS
from kb.models import TextSource, Through, When

# Unit and number, with a pinpoint in brackets where a paragraph or letter stands by itself.
PROVISION_KEY = re.compile(r"^(art|obj|par|principle|objective|rec)-\d+(\([a-z0-9]+\))*$")
PROVISION_ID = re.compile(r"^[a-z0-9][a-z0-9-]*/(art|obj|par|principle|objective|rec)-\d+(\([a-z0-9]+\))*$")

DANGER_KINDS = (
    "distress", "medical", "self_harm", "violence", "trafficking", "removal", "child_alone", "detention",
)  # fmt: skip
SCOPE_KINDS = ("out_of_scope", "national_detail", "illegal_help", "injection")
# What a contact is for. Each has words in ui/<lang>.yml.
PURPOSES = (
    "emergency", "trafficking", "violence", "children", "asylum", "labour", "sea", "legal", "information", "domestic_work",
)  # fmt: skip


def _cue(text: str) -> str:
    compile_cue(text)
    return text


def _one_line(text: str) -> str:
    if not text.strip() or "\n" in text:
        raise ValueError("must be one line of text")
    return text.strip()


CueText = Annotated[str, AfterValidator(_cue)]
Line = Annotated[str, AfterValidator(_one_line)]
PerLanguage = dict[str, tuple[Line, ...]]


class File(BaseModel):
    """Base of the formats: a typo in a key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ProvisionFacts(File):
    """What is true of a provision in every language."""

    verified: bool
    against: str | None = None
    reason: Line | None = None
    when: When | None = None
    final: bool = False

    @model_validator(mode="after")
    def _says_how(self) -> "ProvisionFacts":
        if self.verified and not self.against:
            raise ValueError("verified: true needs `against:`, the language of the text it was checked against")
        if not self.verified and not self.reason:
            raise ValueError("verified: false needs a `reason:`")
        return self


class InstrumentFile(File):
    """instruments/<key>/instrument.yml."""

    key: str
    kind: Literal["treaty", "declaration", "compact", "framework", "eu-directive"]
    force: Literal["binding", "soft", "eu"]
    titles: dict[str, Line]
    short_titles: dict[str, Line]
    aliases: tuple[Line, ...]
    adopted: str = Field(pattern=r"^\d{4}(-\d\d){0,2}$")
    in_force: str | None = Field(default=None, pattern=r"^\d{4}(-\d\d){0,2}$")
    depositary: Line
    authentic_languages: tuple[str, ...]
    urls: dict[str, str]
    region: Literal["global", "eu"] = "global"
    units: dict[Literal["article", "objective", "principle", "recital"], int]
    status: Line
    as_of: str
    when: When | None = None
    through: Through | None = None
    sources: tuple[TextSource, ...] = ()
    provisions: dict[str, ProvisionFacts]

    @model_validator(mode="after")
    def _keys(self) -> "InstrumentFile":
        wrong = [key for key in self.provisions if not PROVISION_KEY.match(key)]
        if wrong:
            raise ValueError(f"not provision keys: {', '.join(wrong)}")
        return self


class ProseEntry(File):
    """One provision in one language."""

    heading: Line
    digest: Line
    asks: tuple[Line, ...] = Field(min_length=1, max_length=4)


class InstrumentProse(RootModel[dict[str, ProseEntry]]):
    """instruments/<key>/<lang>.yml."""


class PointFacts(File):
    """One point of a topic, in every language."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    kind: Literal["right", "limit", "step", "caution"]
    cites: tuple[str, ...] = ()
    when: When | None = None

    @model_validator(mode="after")
    def _stands_on_something(self) -> "PointFacts":
        if self.kind in ("right", "limit") and not self.cites:
            raise ValueError(f"point {self.id}: a {self.kind} must cite at least one provision")
        return self


class TopicFile(File):
    """topics/<topic>/topic.yml."""

    key: str
    group: str
    help: tuple[str, ...] = ()
    """Purposes of contacts that fit the topic."""
    points: tuple[PointFacts, ...] = Field(min_length=3)


class TopicProse(File):
    """topics/<topic>/<lang>.yml."""

    title: Line
    questions: tuple[Line, ...] = Field(min_length=10)
    points: dict[str, Line]


class CueSet(File):
    """Cues with the sentences that prove them, per language."""

    cues: dict[str, tuple[CueText, ...]]
    unless: dict[str, tuple[CueText, ...]] = {}
    examples: PerLanguage = {}
    lookalikes: PerLanguage = {}

    @cached_property
    def matcher(self) -> CueMatcher:
        """The cues of all languages, ready to match: people mix languages, and writers of cues know it."""
        return self._matcher(across=1)

    def _matcher(self, *, across: int) -> CueMatcher:
        cues = [cue for texts in self.cues.values() for cue in texts]
        unless = [cue for texts in self.unless.values() for cue in texts]
        return CueMatcher(cues, unless, across=across)


class DangerFile(CueSet):
    """danger/<kind>.yml."""

    @cached_property
    def matcher(self) -> CueMatcher:
        """As of any cues, but a danger may be told in two sentences: "He has my passport. He beats me."."""
        return self._matcher(across=2)

    kind: Literal["distress", "medical", "self_harm", "violence", "trafficking", "removal", "child_alone", "detention"]
    rank: int
    contacts: tuple[str, ...]
    topics: tuple[str, ...] = ()
    """Topics that answer somebody in this danger, whatever words they used."""
    only: bool = False
    """Say the first words and who can help, and nothing else."""
    first: dict[str, Line]


class FieldFile(File):
    """profile/<field>.yml."""

    field: str
    values: dict[str, CueSet]


class ScopeFile(File):
    """scope/<kind>.yml."""

    kind: Literal["in_scope", "out_of_scope", "national_detail", "illegal_help", "injection"]
    examples: PerLanguage


class ContactEntry(File):
    """One entry of contacts/<ISO3>.yml."""

    name: Line
    purposes: tuple[str, ...] = Field(min_length=1)
    phone: str | None = None
    url: str | None = None
    languages: str = ""
    source: Line
    as_of: str
    verified: bool
    not_in: tuple[str, ...] = ()
    """States of the region where this contact does not work."""
    notes: str = ""


class ContactFile(RootModel[tuple[ContactEntry, ...]]):
    """contacts/<ISO3>.yml."""


class StateEntry(File):
    """One State in states/names.yml: how people write it and its people, per language."""

    names: PerLanguage = {}
    people: PerLanguage = {}


class StateNames(RootModel[dict[str, StateEntry]]):
    """states/names.yml."""


class PlaceCues(File):
    """profile/places.yml: words before a country that say where a person is or comes from."""

    people: PerLanguage
    leaving: PerLanguage
    origin: PerLanguage
    here: PerLanguage
    doubtful: tuple[Line, ...] = ()
    """Names that are also words or first names: counted only after one of the cues."""


class OtherInstrument(File):
    """One entry of instruments/others.yml: known by name, its provisions not in the catalogue yet."""

    names: tuple[Line, ...] = Field(min_length=1)
    years: tuple[str, ...] = ()
    url: str


class OtherInstruments(RootModel[dict[str, OtherInstrument]]):
    """instruments/others.yml."""


class RelatedFile(RootModel[dict[str, tuple[str, ...]]]):
    """related.yml: provisions of different instruments that speak to the same matter."""


class UiFile(RootModel[dict[str, Line]]):
    """ui/<lang>.yml."""


def languages_missing(given: dict[str, object]) -> list[str]:
    """Offered languages that a per-language mapping lacks."""
    return [tag for tag in OFFERED_TAGS if tag not in given]
