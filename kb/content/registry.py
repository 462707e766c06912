"""The catalogue: everything in corpus/, loaded and joined, ready to be asked."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kb.content import schema
from kb.content.loader import load_file, load_table
from kb.content.states import States
from kb.errors import CitationError, CorpusError
from kb.locales import DEFAULT, OFFERED_TAGS
from kb.models import Contact, Instrument, Point, Prose, Provision, Topic

Loaded = TypeVar("Loaded")


class Catalogue:
    """The law as data: instruments, provisions, topics, dangers, cues, contacts, States, words.

    Made by `load_catalogue`. Everything is read-only.
    """

    def __init__(self) -> None:
        self.instruments: dict[str, Instrument] = {}
        self.provisions: dict[str, Provision] = {}
        self.topics: dict[str, Topic] = {}
        self.points: dict[str, Point] = {}
        self.dangers: tuple[schema.DangerFile, ...] = ()
        self.fields: dict[str, schema.FieldFile] = {}
        self.scope: dict[str, schema.ScopeFile] = {}
        self.contacts: dict[str, tuple[Contact, ...]] = {}
        self.ui: dict[str, dict[str, str]] = {}
        self.places = schema.PlaceCues(people={}, leaving={}, origin={}, here={})
        self.states = States([], [], {})
        self.others: dict[str, schema.OtherInstrument] = {}
        self.related: tuple[tuple[str, ...], ...] = ()
        self.problems: list[str] = []

    def provision(self, provision_id: str) -> Provision:
        """The provision of an id; a pinpoint that has no entry of its own gives its article.

        Raises:
            CitationError: no such provision.
        """
        key = provision_id
        while key not in self.provisions and key.endswith(")"):
            key = key[: key.rindex("(")]
        if key not in self.provisions:
            raise CitationError(f"{provision_id} is not in the catalogue.")
        return self.provisions[key]

    def has(self, provision_id: str) -> bool:
        """Whether an id, pinpoint or not, resolves."""
        try:
            self.provision(provision_id)
        except CitationError:
            return False
        return True

    def instrument_of(self, provision_id: str) -> Instrument:
        """The instrument a provision belongs to."""
        return self.instruments[provision_id.split("/", maxsplit=1)[0]]

    def prose(self, provision_id: str, lang: str) -> Prose:
        """Digest of a provision in a language, English standing in where there is none."""
        prose = self.provision(provision_id).prose
        return prose.get(lang) or prose[DEFAULT]

    def words(self, key: str, lang: str, /, **values: object) -> str:
        """A phrase of the interface in a language, with `{name}` filled in."""
        phrase = self.ui.get(lang, {}).get(key) or self.ui[DEFAULT][key]
        return phrase.format(**values) if values else phrase


def load_catalogue(corpus: Path, *, strict: bool = True) -> Catalogue:
    """Load the corpus.

    Args:
        corpus: its folder.
        strict: raise when anything is wrong; else leave out what is broken and list it in `problems`.

    Raises:
        CorpusError: strict, with every problem of every file.
    """
    catalogue = Catalogue()
    problems = catalogue.problems

    def attempt(load: Callable[[], Loaded]) -> Loaded | None:
        try:
            return load()
        except CorpusError as error:
            problems.extend(error.problems)
            return None

    def each(pattern: str) -> list[Path]:
        return sorted(path for path in corpus.glob(pattern) if not path.name.startswith("_"))

    for tag in OFFERED_TAGS:
        ui = attempt(lambda path=corpus / "ui" / f"{tag}.yml": load_file(path, schema.UiFile, corpus))  # type: ignore[misc]
        catalogue.ui[tag] = ui.root if ui else {}
    for path in each("instruments/*/instrument.yml"):
        instrument = attempt(lambda path=path: _instrument(path, corpus, problems))  # type: ignore[misc]
        if instrument:
            catalogue.instruments[instrument.key] = instrument
            catalogue.provisions |= {provision.id: provision for provision in instrument.provisions}
    for path in each("topics/*/topic.yml"):
        topic = attempt(lambda path=path: _topic(path, corpus, problems))  # type: ignore[misc]
        if topic:
            catalogue.topics[topic.key] = topic
            catalogue.points |= {f"{topic.key}/{point.id}": point for point in topic.points}
    dangers = [attempt(lambda path=path: load_file(path, schema.DangerFile, corpus)) for path in each("danger/*.yml")]  # type: ignore[misc]
    catalogue.dangers = tuple(sorted(filter(None, dangers), key=lambda danger: danger.rank))
    for path in each("profile/*.yml"):
        if path.stem == "places":
            catalogue.places = attempt(lambda path=path: load_file(path, schema.PlaceCues, corpus)) or catalogue.places  # type: ignore[misc]
            continue
        field = attempt(lambda path=path: load_file(path, schema.FieldFile, corpus))  # type: ignore[misc]
        if field:
            catalogue.fields[field.field] = field
    for path in each("scope/*.yml"):
        scope = attempt(lambda path=path: load_file(path, schema.ScopeFile, corpus))  # type: ignore[misc]
        if scope:
            catalogue.scope[scope.kind] = scope
    for path in each("contacts/*.yml"):
        entries = attempt(lambda path=path: load_file(path, schema.ContactFile, corpus))  # type: ignore[misc]
        if entries:
            catalogue.contacts[path.stem] = tuple(
                Contact(country=path.stem, **entry.model_dump()) for entry in entries.root
            )
    others = attempt(lambda: load_file(corpus / "instruments" / "others.yml", schema.OtherInstruments, corpus))
    catalogue.others = others.root if others else {}
    related = attempt(lambda: load_file(corpus / "related.yml", schema.RelatedFile, corpus))
    catalogue.related = tuple(related.root.values()) if related else ()
    states = attempt(lambda: _states(corpus))
    catalogue.states = states or catalogue.states
    if strict and problems:
        raise CorpusError(problems)
    return catalogue


def _prose_files(folder: Path, model: type[Loaded], corpus: Path, problems: list[str]) -> dict[str, Loaded]:
    files = {}
    for tag in OFFERED_TAGS:
        try:
            files[tag] = load_file(folder / f"{tag}.yml", model, corpus)  # type: ignore[type-var]
        except CorpusError as error:
            problems.extend(error.problems)
    return files


def _instrument(path: Path, corpus: Path, problems: list[str]) -> Instrument:
    facts = load_file(path, schema.InstrumentFile, corpus)
    prose = {
        tag: file.root for tag, file in _prose_files(path.parent, schema.InstrumentProse, corpus, problems).items()
    }
    provisions = tuple(
        Provision(
            id=f"{facts.key}/{key}",
            instrument=facts.key,
            key=key,
            prose={tag: Prose(**entries[key].model_dump()) for tag, entries in prose.items() if key in entries},
            **fact.model_dump(),
        )
        for key, fact in facts.provisions.items()
    )
    return Instrument(**facts.model_dump(exclude={"provisions"}), provisions=provisions)


def _topic(path: Path, corpus: Path, problems: list[str]) -> Topic:
    facts = load_file(path, schema.TopicFile, corpus)
    prose = _prose_files(path.parent, schema.TopicProse, corpus, problems)
    points = tuple(
        Point(
            topic=facts.key,
            text={tag: file.points[point.id] for tag, file in prose.items() if point.id in file.points},
            **point.model_dump(),
        )
        for point in facts.points
    )
    return Topic(
        key=facts.key,
        group=facts.group,
        help=facts.help,
        titles={tag: file.title for tag, file in prose.items()},
        questions={tag: file.questions for tag, file in prose.items()},
        points=points,
    )


def _states(corpus: Path) -> States:
    folder = corpus / "states"
    return States(
        load_table(folder / "countries.csv", {"iso3", "iso2", "name_en", "eu_member"}, corpus),
        load_table(folder / "ratifications.csv", {"iso3", "instrument_id", "status", "year", "as_of"}, corpus),
        load_file(folder / "names.yml", schema.StateNames, corpus).root,
    )
