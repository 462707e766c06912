"""No sentence passes that its sources do not carry."""

import re
from collections.abc import Callable, Iterable

from kb.content.registry import Catalogue
from kb.locales import ascii_digits
from kb.models import Draft, Statement

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_CONTACT = re.compile(r"https?:|www\.|@|\+?\d[\d \-()]{6,}\d")
_NAME = re.compile(r"(?<![.!?¡¿«“(\[]\s)(?<!^)\b[A-ZÀ-Þ][\w’'-]+")
# A sentence and its source say the same when their embeddings are this near (E5 is generous: texts
# on different matters in one language are near .75 to .82).
_SUPPORT = 0.87

Similarity = Callable[[str, str], float]


def verify_draft(draft: Draft, catalogue: Catalogue) -> Draft:
    """Drop every statement of a draft that cites what does not exist, or says what no source of it says.

    Statements made of the corpus pass by standing on provisions that resolve; this is the last gate
    for them and for every later way of composing.
    """

    def sound(statements: Iterable[Statement]) -> tuple[Statement, ...]:
        return tuple(
            statement
            for statement in statements
            if all(catalogue.has(cite) for cite in statement.cites)
            and (statement.cites or statement.kind in ("step", "caution"))
        )

    return draft.model_copy(
        update={name: sound(getattr(draft, name)) for name in ("short", "rights", "limits", "steps")}
    )


def supported(sentence: str, sources: Iterable[str], similarity: Similarity) -> bool:
    """Whether a sentence that a model wrote stands on the texts it cites.

    It fails with a number, a name, a link or a phone number that no source has, and when no source
    is near enough in meaning.
    """
    texts = list(sources)
    if not texts or _CONTACT.search(sentence):
        return False
    together = ascii_digits("\n".join(texts))
    if any(number not in _NUMBER.findall(together) for number in _NUMBER.findall(ascii_digits(sentence))):
        return False
    known = together.casefold()
    if any(name.casefold() not in known for name in _NAME.findall(sentence)):
        return False
    return max(similarity(sentence, text) for text in texts) >= _SUPPORT
