"""Which language a question is in."""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import pycld2

from kb.locales import nearest_offered

# Below this many letters a detector guesses; the language of the page is the better guess.
_ENOUGH = 15
_LETTERS = re.compile(r"[^\W\d_]")


def detect_language(text: str, fallback: str) -> str:
    """Detect the language of a text.

    Args:
        text: what a person wrote.
        fallback: language to believe when the text is too short to tell: the one of the page or of
            the turn before.

    Returns:
        A BCP 47 tag, such as "fr" or "bn".
    """
    letters = len(_LETTERS.findall(text))
    if letters < _ENOUGH:
        return fallback if _same_script(text, fallback) else _by_script(text, fallback)
    clean = "".join(char for char in text if char.isprintable() or char.isspace())
    try:
        reliable, _, details = pycld2.detect(clean.encode("utf-8", "ignore"), bestEffort=True)
        tag = details[0][1]
    except pycld2.error:
        reliable, tag = False, "un"
    if reliable and tag != "un":
        return _tidy(tag)
    guess, _ = _second_opinion().classify(clean)
    return _tidy(guess)


@lru_cache(maxsize=1)
def _second_opinion() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE)


def _tidy(tag: str) -> str:
    base = tag.split("-", maxsplit=1)[0].lower()
    return {"iw": "he", "zh-hant": "zh", "in": "id"}.get(base, base)


def _script(text: str) -> str:
    for char in text:
        if char.isalpha():
            return unicodedata.name(char, "").split()[0]
    return ""


def _same_script(text: str, tag: str) -> bool:
    script = _script(text)
    if not script:
        return True
    arabic = nearest_offered(tag) == "ar" or tag in ("fa", "ur", "ps")
    return (script == "ARABIC") == arabic and (script == "LATIN" or arabic or tag not in ("en", "fr", "es"))


def _by_script(text: str, fallback: str) -> str:
    by_script = {
        "ARABIC": "ar", "CYRILLIC": "ru", "BENGALI": "bn", "DEVANAGARI": "hi", "CJK": "zh", "ETHIOPIC": "am",
        "HIRAGANA": "ja", "HANGUL": "ko", "GREEK": "el", "HEBREW": "he", "THAI": "th", "TAMIL": "ta",
    }  # fmt: skip
    return by_script.get(_script(text), "en" if _script(text) == "LATIN" and fallback == "ar" else fallback)
