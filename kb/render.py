"""Answer -> Markdown, plain text, or the stable JSON. Pure: the same answer gives the same text."""

import html
import re
from collections.abc import Iterable
from typing import Any

from kb.content.registry import Catalogue
from kb.locales import is_rtl, localise_digits
from kb.models import PROFILE_FACTS, Answer, Contact, Source, Statement

# Keeps a Latin name or number in its own order inside Arabic text.
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
# What provisions of an answer the JSON carries.
_PROVISIONS = 20


def render_markdown(answer: Answer, catalogue: Catalogue, *, cards: bool = False) -> str:
    """The answer as a person reads it, in the order: danger, answer, rights, limits, steps, help, assumed, sources.

    Args:
        answer: what to render.
        catalogue: for the words of the interface.
        cards: make each source a card that opens (HTML inside the Markdown), as the page shows it.
    """
    lang = answer.language

    def words(key: str, **values: object) -> str:
        return catalogue.words(key, lang, **values)

    parts: list[str] = []
    marks = {source.id: source.mark for source in answer.sources}
    if answer.danger_first:
        parts.append(f"**⚠ {words('danger_title')}**\n\n{answer.danger_first}")
        parts.append(_contacts(answer, catalogue) or words("contact_none"))
    parts += answer.notices
    if answer.kind == "decline" and answer.reason not in ("false_premise", "no_source"):
        parts.append(words(f"decline_{answer.reason}"))
    if answer.reason == "no_source" and not answer.notices:
        parts.append(words("decline_no_source"))
    if answer.kind == "clarify" and answer.question_back:
        parts.append(f"**{answer.question_back}**")
    if answer.short:
        parts.append("\n\n".join(_statement(s, marks, lang) for s in answer.short))
    for key, statements in (("rights", answer.rights), ("limits", answer.limits), ("steps", answer.steps)):
        if statements:
            parts.append(f"**{words(f'part_{key}')}**\n\n{_list(_statement(s, marks, lang) for s in statements)}")
    if answer.contacts and not answer.danger_first:
        parts.append(f"**{words('part_help')}**\n\n{_contacts(answer, catalogue)}")
    if answer.assumed:
        lines = [localise_digits(line, lang) for line in (*answer.assumed, words("said_wrong"))]
        parts.append(f"**{words('part_assumed')}**\n\n{' '.join(lines)}")
    if answer.kind == "answer" and answer.question_back:
        parts.append(f"**{answer.question_back}**")
    if answer.sources and cards:
        inner = "".join(_card(source, answer, catalogue) for source in answer.sources)
        count = localise_digits(str(len(answer.sources)), lang)
        title = f"{html.escape(words('part_sources'))} ({count})"
        parts.append(f'<details class="sources"><summary>{title}</summary>{inner}</details>')
    elif answer.sources:
        parts.append(
            f"**{words('part_sources')}**\n\n" + "\n".join(_source(s, answer, catalogue) for s in answer.sources)
        )
    return "\n\n".join(part for part in parts if part)


def render_text(answer: Answer, catalogue: Catalogue) -> str:
    """The answer as plain text, for the terminal."""
    text = render_markdown(answer, catalogue)
    text = re.sub(r"\[([^\]]+)\]\((https?:[^)\s]+|tel:[^)\s]+)\)", _plain_link, text)
    return html.unescape(text.replace("**", "").replace("\\", ""))


def to_json(answer: Answer, catalogue: Catalogue) -> dict[str, Any]:
    """The stable JSON of an answer, as `ask --json` and `batch` write it; documented in docs/answers.md."""
    return {
        "language": answer.language,
        "kind": answer.kind,
        "reason": answer.reason,
        "danger": {"kind": answer.danger.kind} if answer.danger else None,
        "text": render_text(answer, catalogue),
        "citations": [{"id": source.id, "force": source.force.value} for source in answer.sources],
        "provisions": [{"id": p.id, "score": round(p.score, 4)} for p in answer.provisions[:_PROVISIONS]],
        "profile": {
            **{name: getattr(answer.profile, name) for name in PROFILE_FACTS},
            "not_understood": list(answer.profile.not_understood),
        },
        "question_back": answer.question_back,
        "timings": {name: round(value, 1) for name, value in answer.timings.items()},
    }


def _plain_link(match: "re.Match[str]") -> str:
    label, target = match.group(1), match.group(2)
    return label if target.startswith("tel:") else f"{label} <{target}>"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _statement(statement: Statement, marks: dict[str, int], lang: str) -> str:
    text = localise_digits(statement.text, lang)
    if statement.condition:
        text = f"*{statement.condition}:* {text}"
    numbers = sorted(marks[cite] for cite in statement.cites if cite in marks)
    cited = " ".join(f"[{localise_digits(str(number), lang)}]" for number in numbers)
    note = f" *({statement.force_note})*" if statement.force_note else ""
    return f"{text} {cited}{note}".rstrip()


def _isolate(text: str, lang: str) -> str:
    return f"{_ISOLATE}{text}{_END_ISOLATE}" if is_rtl(lang) else text


def _source(source: Source, answer: Answer, catalogue: Catalogue) -> str:
    lang = answer.language
    label = f"[{source.label}]({source.url})" if source.url else source.label
    mark = localise_digits(str(source.mark), lang)
    force = localise_digits(source.force_words, lang)
    doubt = "" if source.verified else f" · {catalogue.words('unverified', lang)}"
    return f"- [{mark}] {label} · {source.heading} · *{force}*{doubt}"


def _card(source: Source, answer: Answer, catalogue: Catalogue) -> str:
    """A source as a card: the line one sees, and what opens under it. One line of HTML."""
    lang = answer.language

    def safe(text: str) -> str:
        return html.escape(localise_digits(text, lang))

    mark = safe(str(source.mark))
    body = [f"<p>{safe(source.digest)}</p>", f"<p><em>{safe(source.force_words)}</em></p>"]
    if not source.verified:
        body.append(f"<p>{safe(catalogue.words('unverified', lang))}</p>")
    if source.quote and source.quote_lang:
        intro = safe(catalogue.words("quote_intro", lang, lang=source.quote_lang))
        direction = "rtl" if is_rtl(source.quote_lang) else "ltr"
        quote = html.escape(source.quote).replace("\n", "<br>")
        body.append(f'<p>{intro}</p><blockquote dir="{direction}" lang="{source.quote_lang}">{quote}</blockquote>')
    if source.url:
        url = html.escape(source.url, quote=True)
        body.append(f'<p><a href="{url}" target="_blank" rel="noopener noreferrer">{safe(source.label)} ↗</a></p>')
    summary = f"<summary>[{mark}] {safe(source.label)} · {safe(source.heading)}</summary>"
    return f'<details class="source">{summary}{"".join(body)}</details>'


def _contacts(answer: Answer, catalogue: Catalogue) -> str:
    return _list(_contact(contact, answer.language, catalogue) for contact in answer.contacts)


def _contact(contact: Contact, lang: str, catalogue: Catalogue) -> str:
    name = _isolate(contact.name, lang)
    parts = [f"[{name}]({contact.url})" if contact.url else name]
    if contact.phone:
        number = contact.phone.split(";")[0].split("(")[0].strip()
        dial = re.sub(r"[^\d+]", "", number)
        parts.append(f"[{_isolate(number, lang)}](tel:{dial})")
    parts.append(
        "، ".join(_purposes(contact, lang, catalogue))
        if lang == "ar"
        else ", ".join(_purposes(contact, lang, catalogue))
    )
    if contact.verified and contact.as_of[:4].isdigit():
        parts.append(catalogue.words("contact_as_of", lang, date=localise_digits(contact.as_of, lang)))
    return " · ".join(parts)


def _purposes(contact: Contact, lang: str, catalogue: Catalogue) -> list[str]:
    return [catalogue.words(f"purpose_{purpose}", lang) for purpose in contact.purposes]
