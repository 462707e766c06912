"""The only module that knows the order of the stages: a question in, an answer out."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
from babel import Locale

from kb.answering.applies import applies_to
from kb.answering.compose import compose_draft
from kb.answering.danger import assess_danger, contacts_for
from kb.answering.explain import ask_back, explain_sources, note_weakness, tell_profile
from kb.answering.language import detect_language
from kb.answering.profile import read_profile
from kb.answering.retrieve import find_provisions
from kb.answering.scope import judge_scope
from kb.answering.verify import verify_draft
from kb.answering.word import word_answer
from kb.citations import Found, find_citations, known_instruments
from kb.content.registry import Catalogue, load_catalogue
from kb.cues import plain_words
from kb.embeddings import Embedder, Vectors
from kb.errors import QuestionError
from kb.llm import make_chat_model
from kb.locales import DEFAULT, nearest_offered
from kb.models import (
    Answer,
    Conversation,
    Draft,
    Findings,
    Force,
    Profile,
    RankedProvision,
    Source,
    Statement,
)
from kb.settings import Settings
from kb.store import Store, read_manifest

# About 600 words: room for a whole story, and no room to stall the page.
MAX_CHARACTERS = 4000
# A later turn of so few words is read together with the one before it ("and my wife?").
_FOLLOW_UP_WORDS = 8
# Nothing in the index is near: then say so instead of showing what is merely least far.
_FLOOR = 0.80
_STRENGTH = {Force.BINDING: 0, Force.EU_LAW: 0, Force.UNKNOWN: 1, Force.SIGNED: 2}
_WEAK = (Force.SOFT_LAW, Force.NOT_BINDING, Force.SIGNED)


class Assistant:
    """Answers questions. Holds no word of any person; what a conversation needs travels with it.

    Args:
        settings: what the operator decided.
        catalogue: the law as data.
        embedder: must be the model that built the index.
        model: a LangChain chat model, or None.
    """

    def __init__(self, settings: Settings, catalogue: Catalogue, embedder: Embedder, model: Any | None = None) -> None:
        self.settings = settings
        self.catalogue = catalogue
        self.embedder = embedder
        self.model = model
        self._store: Store | None = None
        self._beside: dict[str, Any] = {}

    @classmethod
    def open(cls, settings: Settings) -> "Assistant":
        """An assistant for the settings; broken corpus files are left out.

        Raises:
            ModelError: the configured chat model cannot be used.
        """
        return cls(
            settings, load_catalogue(settings.corpus, strict=False), Embedder(settings), make_chat_model(settings)
        )

    @cached_property
    def _known(self) -> Any:
        others = ((key, other.names, other.years) for key, other in self.catalogue.others.items())
        return known_instruments(self.catalogue.instruments.values(), others)

    @property
    def store(self) -> Store:
        """The serving index; the new one as soon as a build swapped it.

        Raises:
            IndexMissingError, IndexMismatchError: see `Store`.
        """
        manifest = read_manifest(self.settings)
        if self._store is None or manifest is None or manifest["build_id"] != self._store.manifest["build_id"]:
            self._store = Store(self.settings, self.embedder.fingerprint)
            folder = self.settings.data / "index" / self._store.manifest["build_id"]
            units = json.loads((folder / "units.json").read_text(encoding="utf-8"))
            self._beside = {
                **json.loads((folder / "classifiers.json").read_text(encoding="utf-8")),
                "units": {(unit["provision"], unit["lang"]): unit["text"] for unit in units},
            }
        return self._store

    def warm_up(self) -> None:
        """Load the model and the index now, so that the first question does not wait for them."""
        find_provisions(self.embedder.encode_query("warm up"), self.store)
        detect_language("a sentence that is long enough to be detected", DEFAULT)

    def ask(
        self,
        question: str,
        conversation: Conversation | None = None,
        page_language: str | None = None,
        answer_in: str | None = None,
    ) -> tuple[Answer, Conversation]:
        """Answer one turn.

        Args:
            question: what the person wrote.
            conversation: what this conversation remembers; a new one when None.
            page_language: language to believe when the question is too short to tell.
            answer_in: answer in this offered language, whatever the question is in.

        Returns:
            The answer, and the conversation to hand in with the next turn.

        Raises:
            QuestionError: nothing to answer, in the language of the page.
            IndexMissingError, IndexMismatchError: there is no index to answer from.
        """
        before = conversation or Conversation()
        clock = _Clock()
        fallback = before.language or page_language or DEFAULT
        self._refuse_unusable(question, nearest_offered(fallback))
        with clock("language"):
            asked = detect_language(question, fallback)
        lang = answer_in or nearest_offered(asked)
        store = self.store
        with clock("embed"):
            vector = self.embedder.encode_query(self._standalone(question, before))
        with clock("danger"):
            danger = assess_danger(question, vector, self._beside["danger"], self.catalogue)
        with clock("profile"):
            profile = read_profile(question, before.profile, len(before.turns) + 1, asked, self.catalogue)
        after = Conversation(profile=profile, language=asked, turns=(*before.turns, question))
        answer = Answer(language=lang, asked_language=asked, kind="answer", danger=danger, profile=profile)
        entry = next((d for d in self.catalogue.dangers if danger and d.kind == danger.kind), None)
        if entry:
            answer = answer.model_copy(
                update={
                    "danger_first": entry.first.get(lang) or entry.first[DEFAULT],
                    "contacts": contacts_for(entry.contacts, profile.country, self.catalogue),
                }
            )
        answer = answer if answer_in else self._notices(answer)
        if entry and entry.only:
            return answer.model_copy(update={"timings": clock.ms}), after
        with clock("citations"):
            cited = find_citations(question, self._known)
        special = self._about_citations(cited, answer)
        if special is not None and special.kind != "answer":
            return special.model_copy(update={"timings": clock.ms}), after
        with clock("retrieve"):
            findings = self._first(find_provisions(vector, store, self.catalogue.related), cited)
        answer = answer.model_copy(update={"provisions": findings.provisions})
        if special is None:
            # Somebody in danger is answered, whatever else the question looks like.
            reason = None if danger else self._reason_to_decline(vector, findings)
            if reason:
                declined = answer.model_copy(update={"kind": "decline", "reason": reason, "timings": clock.ms})
                return declined, after
        with clock("compose"):
            first = entry.topics if entry else ()
            answer = self._composed(answer, findings, cited if special is not None else [], question, first)
        return answer.model_copy(update={"timings": clock.ms}), after

    # ------------------------------------------------------------ before searching

    def _refuse_unusable(self, question: str, lang: str) -> None:
        if not question.strip():
            raise QuestionError(self.catalogue.words("error_empty", lang))
        if len(question) > MAX_CHARACTERS:
            raise QuestionError(self.catalogue.words("error_too_long", lang, length=len(question), most=MAX_CHARACTERS))
        if not any(char.isalpha() for char in question):
            raise QuestionError(self.catalogue.words("error_no_words", lang))

    def _notices(self, answer: Answer) -> Answer:
        notices = []
        if answer.language != answer.asked_language.split("-")[0]:
            asked = _language_name(answer.asked_language, answer.language)
            given = _language_name(answer.language, answer.language)
            notices.append(self.catalogue.words("nearest_language", answer.language, asked=asked, given=given))
        if answer.profile.not_understood:
            fields = ", ".join(answer.profile.not_understood)
            notices.append(self.catalogue.words("not_understood", answer.language, fields=fields))
        return answer.model_copy(update={"notices": tuple(notices)})

    def _about_citations(self, cited: list[Found], answer: Answer) -> Answer | None:
        """What citations in the question lead to: a correction, a question back, or an answer about them."""
        lang = answer.language
        words = self.catalogue.words
        for found in cited:
            if found.wrong_year and found.instrument:
                year = next(entry for entry in self._known if entry.key == found.instrument).years[0]
                text = words(
                    "false_year", lang, title=self._title(found.instrument, lang), year=year, wrong=found.wrong_year
                )
                return self._declined(answer, "false_premise", text)
            if found.instrument and found.count is not None:
                unit = {"art": "false_article", "obj": "false_objective"}.get(found.unit or "", "false_unit")
                key = unit if found.count else "false_unit"
                title = self._title(found.instrument, lang)
                values = {"title": title, "number": found.number, "count": found.count}
                return self._declined(answer, "false_premise", words(key, lang, **values))
            if found.instrument in self.catalogue.others and found.unit:
                url = self.catalogue.others[found.instrument].url
                text = words("decline_not_in_catalogue", lang, title=self._title(found.instrument, lang), url=url)
                return self._declined(answer, "no_source", text)
            if found.instrument is None and found.unit in ("art", "obj"):
                return self._which(answer, found)
        return answer if any(found.provision and self.catalogue.has(found.provision) for found in cited) else None

    def _declined(self, answer: Answer, reason: str, text: str) -> Answer:
        return answer.model_copy(update={"kind": "decline", "reason": reason, "notices": (*answer.notices, text)})

    def _which(self, answer: Answer, found: Found) -> Answer:
        """Ask which instrument is meant, showing what each has under that number."""
        kind = "article" if found.unit == "art" else "objective"
        candidates = [
            f"{instrument.key}/{'objective' if instrument.key == 'migof' else found.unit}-{found.number}"
            for instrument in self.catalogue.instruments.values()
            if kind in instrument.units and 1 <= (found.number or 0) <= instrument.units[kind]
        ]
        present = tuple(candidate for candidate in candidates if self.catalogue.has(candidate))
        question = self.catalogue.words(f"clarify_{kind}", answer.language, number=found.number)
        return answer.model_copy(
            update={
                "kind": "clarify",
                "question_back": question,
                "sources": self._sources(present, answer),
                "provisions": tuple(RankedProvision(id=candidate, score=1.0) for candidate in present),
            }
        )

    def _title(self, key: str, lang: str) -> str:
        if key in self.catalogue.instruments:
            return self.catalogue.instruments[key].short_titles.get(lang, key)
        return self.catalogue.others[key].names[0]

    # ------------------------------------------------------------ searching

    def _standalone(self, question: str, before: Conversation) -> str:
        if before.turns and len(plain_words(question)) <= _FOLLOW_UP_WORDS:
            return f"{before.turns[-1]} {question}"
        return question

    def _first(self, findings: Findings, cited: list[Found]) -> Findings:
        """Provisions that the question itself cites come before what was found."""
        named = [found.provision for found in cited if found.provision and self.catalogue.has(found.provision)]
        if not named:
            return findings
        rest = tuple(found for found in findings.provisions if found.id not in named)
        first = tuple(RankedProvision(id=provision, score=1.0) for provision in dict.fromkeys(named))
        return findings.model_copy(update={"provisions": first + rest})

    def _reason_to_decline(self, vector: Vectors, findings: Findings) -> str | None:
        verdict = judge_scope(vector, self._beside["scope"])
        if verdict != "in_scope":
            return verdict
        return "no_source" if findings.best_line < _FLOOR else None

    # ------------------------------------------------------------ composing

    def _composed(
        self, answer: Answer, findings: Findings, cited: list[Found], question: str, first: tuple[str, ...]
    ) -> Answer:
        lang, profile = answer.language, answer.profile
        draft = compose_draft(findings, profile, lang, self.catalogue, first)
        named = [found.provision for found in cited if found.provision and self.catalogue.has(found.provision)]
        if named:
            # The question is about a provision: that is the answer, whatever topics are near.
            digests = tuple(
                Statement(text=self.catalogue.prose(provision, lang).digest, cites=(provision,), kind="answer")
                for provision in dict.fromkeys(named)
            )
            draft = Draft(short=digests)
        draft = verify_draft(draft, self.catalogue)
        parts = {
            name: self._with_force(getattr(draft, name), profile, lang)
            for name in ("short", "rights", "limits", "steps")
        }
        if self.model is not None and parts["short"]:
            parts["short"] = self._with_force(
                word_answer(self.model, question, parts["short"], lang, self._similarity), profile, lang
            )
        shown = dict.fromkeys(cite for part in parts.values() for statement in part for cite in statement.cites)
        contacts = answer.contacts
        if not contacts:
            contacts = contacts_for(self._purposes(draft), profile.country, self.catalogue)
        return answer.model_copy(
            update={
                **parts,
                "topics": draft.topics,
                "contacts": contacts,
                "sources": self._sources(tuple(shown), answer),
                "question_back": ask_back(draft, tuple(shown), profile, lang, self.catalogue),
                "assumed": tell_profile(profile, lang, self.catalogue),
            }
        )

    def _purposes(self, draft: Draft) -> tuple[str, ...]:
        """What kind of help fits the topics of an answer."""
        fitting = [purpose for topic in draft.topics for purpose in self.catalogue.topics[topic].help]
        return tuple(dict.fromkeys((*fitting, "legal", "information")))

    def _with_force(self, statements: tuple[Statement, ...], profile: Profile, lang: str) -> tuple[Statement, ...]:
        """Leave out what is not for this person; put what binds, and holds for sure, first; say where nothing binds."""
        kept: list[tuple[tuple[int, bool], Statement]] = []
        for statement in statements:
            forces = {cite: applies_to(cite, profile, self.catalogue).force for cite in statement.cites}
            cites = tuple(cite for cite in statement.cites if forces[cite] is not Force.NOT_FOR_THIS_PERSON)
            if statement.cites and not cites:
                continue
            strength = min((_STRENGTH.get(forces[cite], 3) for cite in cites), default=1)
            note = None
            if cites and all(forces[cite] in _WEAK for cite in cites):
                note = note_weakness({forces[cite] for cite in cites}, profile, lang, self.catalogue)
            kept.append(
                (
                    (strength, statement.condition is not None),
                    statement.model_copy(update={"cites": cites, "force_note": note}),
                )
            )
        kept.sort(key=lambda pair: pair[0])
        return tuple(statement for _, statement in kept)

    def _sources(self, provision_ids: tuple[str, ...], answer: Answer) -> tuple[Source, ...]:
        texts = self._beside.get("units", {})
        return explain_sources(provision_ids, answer.profile, answer.language, self.catalogue, texts)

    def _similarity(self, first: str, second: str) -> float:
        return float(np.dot(self.embedder.encode_query(first), self.embedder.encode_query(second)))


class _Clock:
    """Milliseconds per stage."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._stages: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self._stages[stage] = (time.perf_counter() - start) * 1000

    @property
    def ms(self) -> dict[str, float]:
        return {**self._stages, "total": (time.perf_counter() - self._start) * 1000}


def _language_name(tag: str, lang: str) -> str:
    try:
        return Locale.parse(tag.replace("-", "_")).get_display_name(lang) or tag
    except (ValueError, LookupError):
        return tag
