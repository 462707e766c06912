"""Cues: short word patterns that lawyers and translators write, matched on what people type.

`boss|employer ~ took|keeps ~ passport*` reads: "boss" or "employer", then within six words "took" or
"keeps", then within six words a word that begins with "passport". `i_am|im` is either two words or one. `#` is a number. Accents, capitals,
punctuation, Arabic vowel signs and hamza forms do not matter, nor do the one-letter words and the
article that Arabic writes joined to the next word.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from kb.locales import ascii_digits

# Words that may stand between two parts joined by `~`.
GAP = 6

_SENTENCE_END = re.compile(r"[.!?؟।;؛\n]+")
_WORD = re.compile(r"\w+")
_ARABIC = re.compile(r"[؀-ۿ]")
_SAME_LETTER = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "ی": "ي", "ک": "ك"})
# Written joined to the next word: and, so, by, to, like; with or without the article.
_CLITIC = re.compile(r"^[وف]?(?:[بك]?ال|لل|[بلك])?")


def plain_words(text: str) -> list[str]:
    """The words of a text as cues see them: lower case, no accents, digits 0-9."""
    return _WORD.findall(_plain(text))


def plain_sentences(text: str) -> list[list[str]]:
    """The words of each sentence of a text, as cues see them."""
    sentences = (plain_words(sentence) for sentence in _SENTENCE_END.split(text))
    return [words for words in sentences if words]


# Not cached: what people type must not stay in memory.
def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", ascii_digits(text))
    letters = "".join(char for char in decomposed if not unicodedata.combining(char))
    return letters.casefold().translate(_SAME_LETTER)


def _forms(word: str) -> tuple[str, ...]:
    """A word, and what remains of an Arabic one without what is written joined to it."""
    if not _ARABIC.match(word):
        return (word,)
    bare = _CLITIC.sub("", word, count=1)
    shorter = word[1:] if word[0] in "وفبلك" else bare
    return tuple(dict.fromkeys(filter(None, (word, bare, shorter))))


@dataclass(frozen=True)
class _Word:
    """One word of an alternative: its letters, whether only the beginning counts, or any number."""

    letters: str
    prefix: bool = False
    number: bool = False

    def fits(self, word: str) -> bool:
        if self.number:
            return word.isdigit()
        if word == self.letters or (self.prefix and word.startswith(self.letters)):
            return True
        return any(form == self.letters or (self.prefix and form.startswith(self.letters)) for form in _forms(word)[1:])


@dataclass(frozen=True)
class Cue:
    """A compiled cue: parts in order, each with its alternatives; True before a part allows a gap."""

    text: str
    parts: tuple[tuple[bool, tuple[tuple[_Word, ...], ...]], ...]

    def numbers(self, words: list[str]) -> tuple[int, ...] | None:
        """The numbers at the `#` of the first place where the cue matches; None where it does not."""
        for start in range(len(words)):
            found = self.numbers_at(words, start)
            if found is not None:
                return found
        return None

    def numbers_at(self, words: list[str], start: int) -> tuple[int, ...] | None:
        """The numbers at its `#` when the cue matches from one word on; None when it does not."""
        return self._match(words, start, 0, ())

    def _match(self, words: list[str], at: int, part: int, numbers: tuple[int, ...]) -> tuple[int, ...] | None:
        if part == len(self.parts):
            return numbers
        gap, alternatives = self.parts[part]
        for skip in range(GAP + 1 if gap else 1):
            start = at + skip
            if start >= len(words):
                return None
            for alternative in alternatives:
                end = start + len(alternative)
                taken = words[start:end]
                if len(taken) < len(alternative) or not all(
                    form.fits(word) for form, word in zip(alternative, taken, strict=True)
                ):
                    continue
                more = tuple(int(w) for f, w in zip(alternative, taken, strict=True) if f.number)
                found = self._match(words, end, part + 1, numbers + more)
                if found is not None:
                    return found
        return None


@lru_cache(maxsize=16384)
def compile_cue(text: str) -> Cue:
    """Read a cue.

    Raises:
        ValueError: the cue is empty, or begins or ends with a gap.
    """
    parts: list[tuple[bool, tuple[tuple[_Word, ...], ...]]] = []
    gap = False
    for chunk in text.split():
        if chunk == "~":
            gap = True
            continue
        alternatives = tuple(filter(None, (_alternative(option) for option in chunk.split("|"))))
        if not alternatives:
            raise ValueError(f"the cue {text!r} has an empty part")
        parts.append((gap and bool(parts), alternatives))
        gap = False
    if not parts or gap or text.strip().startswith("~"):
        raise ValueError(f"the cue {text!r} is empty or begins or ends with a gap")
    return Cue(text, tuple(parts))


def _alternative(option: str) -> tuple[_Word, ...]:
    if option == "#":
        return (_Word("", number=True),)
    prefix = option.endswith("*")
    words = plain_words(option.replace("_", " "))
    return tuple(_Word(word, prefix=prefix and i == len(words) - 1) for i, word in enumerate(words))


class CueMatcher:
    """Many cues made ready at once: a sentence is tried only against cues that can begin at one of its words.

    Args:
        cues: any of them makes a match.
        unless: any of these, in the same sentence, cancels it.
        across: a match may also run over this many sentences that follow each other.
    """

    def __init__(self, cues: Iterable[str], unless: Iterable[str] = (), *, across: int = 1) -> None:
        self._cues = _index([compile_cue(cue) for cue in cues])
        self._unless = _index([compile_cue(cue) for cue in unless])
        self._across = across

    def match(self, text: str) -> tuple[str, tuple[int, ...]] | None:
        """The first cue that matches and the numbers at its `#`; None when none does or one of `unless` cancels."""
        sentences = plain_sentences(text)
        for span in range(1, self._across + 1):
            for start in range(len(sentences) - span + 1):
                words = [word for sentence in sentences[start : start + span] for word in sentence]
                found = _first(self._cues, words)
                if found is not None and _first(self._unless, words) is None:
                    return found
        return None


def match_cues(text: str, cues: Iterable[str], unless: Iterable[str] = ()) -> tuple[str, tuple[int, ...]] | None:
    """Find the first cue that matches a sentence which no `unless` cue matches. See `CueMatcher`."""
    return CueMatcher(cues, unless).match(text)


# Cues by the first letters that a word must have for the cue to begin there.
_KEY = 2
_Index = dict[str, list[Cue]]


def _index(cues: Iterable[Cue]) -> _Index:
    index: _Index = {}
    for cue in cues:
        # Numbers go under "#"; an alternative shorter than the key goes under what it has.
        keys = {"#" if form[0].number else form[0].letters[:_KEY] for form in cue.parts[0][1]}
        for key in keys:
            index.setdefault(key, []).append(cue)
    return index


def _first(index: _Index, words: list[str]) -> tuple[str, tuple[int, ...]] | None:
    for at, word in enumerate(words):
        keys = {"#"} if word.isdigit() else set()
        for form in _forms(word):
            keys |= {form[:length] for length in range(1, _KEY + 1)}
        for key in keys:
            for cue in index.get(key, ()):
                numbers = cue.numbers_at(words, at)
                if numbers is not None:
                    return cue.text, numbers
    return None
