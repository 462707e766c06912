"""The page at three heights: its handlers, its server, and a real browser."""

import shutil
import time
from collections.abc import Iterator
from typing import Any

import pytest
from gradio_client import Client
from playwright.sync_api import Browser, Page, sync_playwright

from kb.answering.assistant import Assistant
from kb.models import Conversation
from kb.web.ask import _PANEL, build_ask_room, make_handlers, plain
from kb.web.page import launch

NOTHING = [None] * len(_PANEL)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUESTIONS = {
    "en": "My boss keeps my passport and has not paid me for 3 months. I am in Qatar",
    "ar": "كفيلي أخذ جواز سفري ولم يدفع راتبي منذ ثلاثة أشهر",
}


@pytest.fixture(scope="module")
def running(assistant: Assistant) -> Iterator[tuple[Any, str]]:
    page, address = launch(assistant, assistant.settings, block=False)
    yield page, address
    page.close()


@pytest.fixture(scope="module")
def served(running: tuple[Any, str]) -> str:
    return running[1]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    assert CHROMIUM, "These tests look at the page in Chromium; install it with `make browser`."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield browser
        browser.close()


# ------------------------------------------------------------------ handlers


def test_an_unusable_question_stays_in_the_box(small: Assistant) -> None:
    ask = make_handlers(small)["ask"]
    question, chat, _ = next(ask("   ", [], Conversation(), "fr", *NOTHING))
    assert question == "   "
    assert chat[-1]["content"] == small.catalogue.words("error_empty", "fr")


def test_the_panel_counts_and_words_correct_it(small: Assistant) -> None:
    ask = make_handlers(small)["ask"]
    panel = ["QAT", "NPL", "irregular", 34, "domestic_work", False, False, False, False]
    _, _, conversation = next(ask("my boss keeps my passport", [], Conversation(), "en", *panel))
    assert (conversation.profile.country, conversation.profile.age) == ("QAT", 34)
    _, _, conversation = next(ask("I am in Kuwait now and my boss is angry", [], conversation, "en", *panel))
    assert conversation.profile.country == "KWT"
    _, _, conversation = next(ask("what can I do about it", [], conversation, "en", *[None, *panel[1:]]))
    assert conversation.profile.country == "KWT"


def test_a_field_taken_back_is_forgotten(small: Assistant) -> None:
    ask = make_handlers(small)["ask"]
    panel = ["QAT", *NOTHING[1:]]
    _, _, conversation = next(ask("my boss keeps my passport", [], Conversation(), "en", *panel))
    _, _, conversation = next(ask("my boss keeps my passport", [], conversation, "en", *NOTHING))
    assert conversation.profile.country is None


def test_what_people_type_never_comes_alive() -> None:
    shown = plain("![x](http://evil/x.png) <img src=x onerror=alert(1)> [click](javascript:1) **b**")
    for character in "![]()<>*":
        assert f"\\{character}" in shown


def test_every_event_has_a_name(small: Assistant) -> None:
    page = build_ask_room(small)
    names = [dependency["api_name"] for dependency in page.config["dependencies"]]
    assert {"ask", "erase", "leave", "language", "arrive"} <= set(names)
    assert all(isinstance(name, str) and not name.startswith("lambda") for name in names)
    page.close()


def test_an_unexpected_failure_keeps_the_question(small: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(small, "ask", lambda *_: 1 / 0)
    question, chat, _ = next(make_handlers(small)["ask"]("my question", [], Conversation(), "en", *NOTHING))
    assert question == "my question"
    assert chat[-1]["content"] == small.catalogue.words("error_unexpected", "en")


# ------------------------------------------------------------------ server


def test_the_server_answers_programs(served: str) -> None:
    client = Client(served, verbose=False)
    result = client.predict("My boss keeps my passport", [], "en", *NOTHING, api_name="/ask")
    assert "details" in str(result)


def test_it_is_reachable_from_this_computer_only(served: str) -> None:
    assert served.startswith("http://127.0.0.1:")


# ------------------------------------------------------------------ browser


def _open(browser: Browser, served: str, lang: str, width: int) -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 844})
    foreign: list[str] = []
    page.on(
        "request",
        lambda r: None if r.url.startswith((served, "data:", "blob:", "ws:")) else foreign.append(r.url),
    )
    page.goto(f"{served}?lang={lang}")
    page.wait_for_function(f"document.documentElement.lang === '{lang}'", timeout=20_000)
    page.wait_for_timeout(500)
    return page, foreign


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_person_asks_and_opens_a_source(browser: Browser, served: str, lang: str, width: int, output) -> None:
    page, foreign = _open(browser, served, lang, width)
    page.fill("#question textarea", QUESTIONS[lang])
    page.click("#send button, button#send")
    page.wait_for_selector("#chat details.sources", timeout=30_000)
    page.click("#chat details.sources > summary")
    page.click("#chat details.source summary")
    page.screenshot(path=output / f"answer-{lang}-{width}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar" else "ltr")
    assert page.input_value("#question textarea") == ""
    assert page.url == f"{served}?lang={lang}"
    assert foreign == []
    page.close()


def test_erase_empties_everything(browser: Browser, served: str) -> None:
    page, _ = _open(browser, served, "en", 390)
    page.fill("#question textarea", "Zebulon asks about a passport kept by the boss")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chat details.sources", timeout=30_000)
    assert "Zebulon" in page.content()
    page.click("#erase")
    page.wait_for_function("!document.body.innerText.includes('Zebulon')", timeout=10_000)
    page.close()


def _in_memory(page: Any) -> str:
    sessions = page.app.state_holder.session_data.values()
    return repr([(session.state_data, session.config_values) for session in sessions])


def test_a_closed_tab_leaves_nothing_on_the_server(browser: Browser, running: tuple[Any, str]) -> None:
    server, address = running
    tab, _ = _open(browser, address, "en", 390)
    tab.fill("#question textarea", "My boss Wilhelmina keeps my passport")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#chat details.sources", timeout=30_000)
    assert "Wilhelmina" in _in_memory(server)
    tab.close()
    deadline = time.monotonic() + 60
    while "Wilhelmina" in _in_memory(server) and time.monotonic() < deadline:
        time.sleep(0.5)
    assert "Wilhelmina" not in _in_memory(server)


def test_hostile_text_is_shown_and_does_nothing(browser: Browser, served: str) -> None:
    page, foreign = _open(browser, served, "en", 1280)
    page.fill(
        "#question textarea", "boss has my passport <img src=x onerror='window.hacked=1'> ![a](http://127.0.0.9/a.png)"
    )
    page.click("#send button, button#send")
    page.wait_for_selector("#chat details.sources", timeout=30_000)
    assert page.evaluate("window.hacked") is None
    assert foreign == []
    page.close()


def test_two_people_do_not_see_each_other(browser: Browser, served: str) -> None:
    first, _ = _open(browser, served, "en", 390)
    second, _ = _open(browser, served, "en", 390)
    first.fill("#question textarea", "My boss Zebulon keeps my passport in Qatar")
    first.click("#send button, button#send")
    first.wait_for_selector("#chat details.sources", timeout=30_000)
    second.fill("#question textarea", "Can my child go to school?")
    second.click("#send button, button#send")
    second.wait_for_selector("#chat details.sources", timeout=30_000)
    assert "Zebulon" not in second.content()
    assert "Qatar" not in second.inner_text("#chat")
    first.close()
    second.close()
