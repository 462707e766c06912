"""The languages: names, direction, digits, and which one stands in for another."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Locale:
    """One language as BCP 47 writes it, its own name for itself, and how it runs."""

    tag: str
    name: str
    rtl: bool = False


# Complete content and measured quality: answers are given in these.
OFFERED: tuple[Locale, ...] = (
    Locale("en", "English"),
    Locale("fr", "Français"),
    Locale("es", "Español"),
    Locale("ar", "العربية", rtl=True),
)
OFFERED_TAGS: tuple[str, ...] = tuple(locale.tag for locale in OFFERED)
DEFAULT = "en"

# The offered language that speakers of another one are most likely to read. A guess of the
# kind a help desk makes; the answer always says that it was made.
_NEAREST = {
    "pt": "es", "gl": "es", "ca": "es", "eu": "es", "qu": "es", "ay": "es", "gn": "es",
    "it": "fr", "wo": "fr", "ln": "fr", "bm": "fr", "ff": "fr", "ht": "fr", "mg": "fr", "rn": "fr",
    "zgh": "fr", "kab": "fr", "ckb": "ar", "ku": "ar",
}  # fmt: skip

_RTL = {"ar", "fa", "ur", "ps", "he", "yi", "ckb", "sd", "ug", "dv"}
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_ASCII_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯", "0123456789" * 4)


def nearest_offered(tag: str) -> str:
    """The offered language for a reader of `tag`: itself when offered, else the nearest one."""
    base = tag.split("-", maxsplit=1)[0].lower()
    return base if base in OFFERED_TAGS else _NEAREST.get(base, DEFAULT)


def is_rtl(tag: str) -> bool:
    """Whether the language is written from right to left."""
    return tag.split("-", maxsplit=1)[0].lower() in _RTL


def ascii_digits(text: str) -> str:
    """The text with the digits of Arabic, Persian, Hindi and Bengali written as 0-9."""
    return text.translate(_ASCII_DIGITS)


def localise_digits(text: str, lang: str) -> str:
    """The text with 0-9 written as the language's readers expect (Arabic-Indic for Arabic)."""
    return text.translate(_ARABIC_DIGITS) if lang == "ar" else text
