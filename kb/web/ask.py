"""The room Ask: a person asks, in their language, and can say more about their situation."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr

from kb.answering.assistant import Assistant
from kb.answering.profile import choose_profile
from kb.content.registry import Catalogue
from kb.errors import IndexMismatchError, IndexMissingError, QuestionError
from kb.locales import DEFAULT, OFFERED, OFFERED_TAGS, is_rtl, nearest_offered
from kb.models import PROFILE_FACTS, Conversation, Profile, Sector, Status
from kb.render import render_markdown

Messages = list[dict[str, Any]]

# What the panel offers, in order. Everything else is read from what people write.
_PANEL = (
    "country", "nationality", "status", "age", "sector",
    "detained", "unaccompanied", "has_children", "stateless",
)  # fmt: skip
_CHECKS = ("detained", "unaccompanied", "has_children", "stateless")
# A page left open forgets its conversation this long after the last question, in seconds.
_FORGET_S = 3600
# Where "leave quickly" goes: a page nobody minds being seen on.
_ELSEWHERE = "https://www.wikipedia.org/"
_EXAMPLES = ("example_1", "example_2", "example_3", "example_4")


def build_ask_room(assistant: Assistant) -> gr.Blocks:
    """The page of the room, wired to an assistant."""
    catalogue = assistant.catalogue
    handle = make_handlers(assistant)

    def words(key: str, lang: str = DEFAULT) -> str:
        return catalogue.words(key, lang)

    with gr.Blocks(title="Amparo", analytics_enabled=False) as page:
        conversation = gr.State(Conversation, time_to_live=_FORGET_S)
        with gr.Row(elem_id="top"):
            header = gr.HTML(header_html(catalogue, DEFAULT), elem_id="header")
            language = gr.Radio(
                [(locale.name, locale.tag) for locale in OFFERED],
                value=DEFAULT,
                label=words("language"),
                elem_id="language",
            )
            leave = gr.Button(words("leave"), variant="stop", elem_id="leave", size="sm")
        notice = gr.HTML(notice_html(assistant, DEFAULT), elem_id="notice")
        chat = gr.Chatbot(
            elem_id="chat", show_label=False, label=words("app_title"), height="auto", min_height=120, buttons=[],
            layout="bubble", latex_delimiters=[], feedback_options=None, allow_file_downloads=False, autoscroll=False,
        )  # fmt: skip
        with gr.Row(elem_id="asking"):
            question = gr.Textbox(
                label=words("ask_label"), placeholder=words("ask_placeholder"), lines=1, max_lines=8,
                elem_id="question", scale=8, autofocus=True,
            )  # fmt: skip
            send = gr.Button(words("send"), variant="primary", elem_id="send", scale=1, min_width=90)
        with gr.Row(elem_id="examples"):
            examples = [gr.Button(words(key), size="sm", elem_classes="example") for key in _EXAMPLES]
        with gr.Accordion(words("situation"), open=False, elem_id="situation") as situation:
            help_text = gr.Markdown(words("situation_help"))
            fields = {name: _field(name, catalogue, DEFAULT) for name in _PANEL}
        erase = gr.Button(words("erase"), elem_id="erase", size="sm")

        panel = [fields[name] for name in _PANEL]
        asking = {"inputs": [question, chat, conversation, language, *panel], "outputs": [question, chat, conversation]}
        gr.on([send.click, question.submit], handle["ask"], **asking, api_name="ask", show_progress="minimal")
        for number, button in enumerate(examples, 1):
            button.click(lambda text: text, button, question, api_name=f"example_{number}").then(
                handle["ask"], **asking, api_name=f"ask_example_{number}", show_progress="minimal"
            )
        erase.click(
            handle["erase"], [language], [question, chat, conversation, *panel], api_name="erase", js=_CONFIRM_NOTHING
        )
        leave.click(None, js=_LEAVE, api_name="leave")
        relabel = [
            header, notice, language, leave, chat, question, send, *examples, situation, help_text, erase, *panel,
        ]  # fmt: skip
        language.change(handle["language"], [language], relabel, api_name="language", js=_TURN)
        page.load(handle["arrive"], None, language, api_name="arrive").then(
            handle["language"], [language], relabel, api_name="arrive_language", js=_TURN
        )

        def forget(request: gr.Request) -> None:
            # Gradio would keep the chat of a closed tab in memory until the server stops.
            page.app.state_holder.session_data.pop(request.session_hash, None)

        page.unload(forget)
    return page


def make_handlers(assistant: Assistant) -> dict[str, Callable[..., Any]]:
    """What the events of the page call. Plain functions: they can be tested without a page."""
    catalogue = assistant.catalogue

    def ask(
        question: str, chat: Messages, conversation: Conversation, lang: str, *panel: Any
    ) -> Iterator[tuple[Any, Messages, Conversation]]:
        chat = [*(chat or []), {"role": "user", "content": plain(question)}]
        try:
            before = chosen(conversation, dict(zip(_PANEL, panel, strict=True)))
            answer, after = assistant.ask(question, before, lang)
        except QuestionError as error:
            # The question stays in the box, to be mended.
            yield question, [*chat[:-1], {"role": "assistant", "content": str(error)}], conversation
            return
        except (IndexMissingError, IndexMismatchError):
            text = catalogue.words("error_no_index", lang)
            yield question, [*chat[:-1], {"role": "assistant", "content": text}], conversation
            return
        except Exception:  # noqa: BLE001 the edge: a person sees one sentence and keeps the question
            text = catalogue.words("error_unexpected", lang)
            yield question, [*chat[:-1], {"role": "assistant", "content": text}], conversation
            return
        direction = "rtl" if is_rtl(answer.language) else "ltr"
        text = render_markdown(answer, catalogue, cards=True)
        shown = f'<div dir="{direction}" lang="{answer.language}">\n\n{text}\n\n</div>'
        yield "", [*chat, {"role": "assistant", "content": shown}], after

    def chosen(conversation: Conversation, given: dict[str, Any]) -> Conversation:
        """The conversation with what the panel says; an unticked box says nothing."""
        said = {name: value for name, value in given.items() if value not in (None, "", False, 0)}
        kept = {
            name: getattr(conversation.profile, name)
            for name in PROFILE_FACTS
            if conversation.profile.sources.get(name, "chosen") != "chosen"
        }
        sources = {name: source for name, source in conversation.profile.sources.items() if source != "chosen"}
        base = Profile(**kept, sources=sources)
        unsaid = {name: value for name, value in said.items() if name not in sources}
        return conversation.model_copy(update={"profile": choose_profile(unsaid, catalogue, base)})

    def erase(lang: str) -> tuple[Any, ...]:
        gr.Info(catalogue.words("erased", lang), duration=3)
        return ("", [], Conversation(), *(False if name in _CHECKS else None for name in _PANEL))

    def arrive(request: gr.Request) -> str:
        wanted = str(request.query_params.get("lang", "")) or str(request.headers.get("accept-language", ""))
        return nearest_offered(wanted.split(",")[0].strip() or DEFAULT)

    def language(lang: str) -> tuple[Any, ...]:
        lang = lang if lang in OFFERED_TAGS else DEFAULT

        def words(key: str) -> str:
            return catalogue.words(key, lang)

        return (
            header_html(catalogue, lang),
            notice_html(assistant, lang),
            gr.update(label=words("language")),
            words("leave"),
            gr.update(rtl=is_rtl(lang)),
            gr.update(label=words("ask_label"), placeholder=words("ask_placeholder"), rtl=is_rtl(lang)),
            words("send"),
            *(words(key) for key in _EXAMPLES),
            gr.update(label=words("situation")),
            words("situation_help"),
            words("erase"),
            *(_field_update(name, catalogue, lang) for name in _PANEL),
        )

    return {"ask": ask, "erase": erase, "arrive": arrive, "language": language}


def plain(text: str) -> str:
    """A person's words as Markdown that shows them as they are: no link, image or markup comes alive."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!|~$&:])", r"\\\1", text)


def header_html(catalogue: Catalogue, lang: str) -> str:
    """Name and purpose of the page."""
    return f"<h1>{catalogue.words('app_title', lang)}</h1><p>{catalogue.words('tagline', lang)}</p>"


def notice_html(assistant: Assistant, lang: str) -> str:
    """What the page is not, who runs it, and who receives what is typed."""
    words = assistant.catalogue.words
    operator = assistant.settings.operator
    lines = [
        words("notice", lang),
        words("run_by", lang, operator=operator) if operator else words("run_by_nobody", lang),
    ]
    if assistant.model is not None:
        lines.append(words("llm_notice", lang, model=assistant.settings.llm))
    return f"<p>{' '.join(lines)}</p>"


def _choices(name: str, catalogue: Catalogue, lang: str) -> list[tuple[str, str]]:
    empty = (catalogue.words("not_said", lang), "")
    if name in ("country", "nationality"):
        states = catalogue.states
        return [empty, *sorted((states.name(iso3, lang), iso3) for iso3 in states.codes)]
    values = Status if name == "status" else Sector
    return [empty, *((catalogue.words(f"{name}_{value.value}", lang), value.value) for value in values)]


def _field(name: str, catalogue: Catalogue, lang: str) -> Any:
    label = catalogue.words(f"{name}_field", lang)
    if name in _CHECKS:
        return gr.Checkbox(label=label, value=False, elem_id=f"field-{name}")
    if name == "age":
        return gr.Number(label=label, value=None, minimum=0, maximum=120, precision=0, elem_id="field-age")
    return gr.Dropdown(_choices(name, catalogue, lang), value="", label=label, elem_id=f"field-{name}")


def _field_update(name: str, catalogue: Catalogue, lang: str) -> Any:
    label = catalogue.words(f"{name}_field", lang)
    if name in _CHECKS or name == "age":
        return gr.update(label=label)
    return gr.update(label=label, choices=_choices(name, catalogue, lang))


_CONFIRM_NOTHING = "(lang) => { window.getSelection()?.removeAllRanges(); return [lang]; }"
# The address keeps the language and nothing else; the page turns with it.
_TURN = """(lang) => {
  const rtl = lang === 'ar';
  document.documentElement.lang = lang;
  document.documentElement.dir = rtl ? 'rtl' : 'ltr';
  const url = new URL(window.location.href);
  url.search = '?lang=' + lang;
  window.history.replaceState(null, '', url);
  return [lang];
}"""
_LEAVE = f"""() => {{
  document.body.innerHTML = '';
  window.location.replace('{_ELSEWHERE}');
}}"""
