"""The language of a question is found, and short ones believe the page."""

import pytest

from kb.answering.language import detect_language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My boss took my passport and has not paid me", "en"),
        ("Mon patron a pris mon passeport et ne me paie pas", "fr"),
        ("Mi jefe me quitó el pasaporte y no me paga", "es"),
        ("صاحب العمل أخذ جواز سفري ولا يدفع راتبي", "ar"),
        ("O meu patrão ficou com o meu passaporte", "pt"),
        ("Мой начальник забрал мой паспорт и не платит", "ru"),
        ("کارفرمای من پاسپورتم را گرفته و حقوقم را نمی‌دهد", "fa"),
        ("میرے مالک نے میرا پاسپورٹ رکھ لیا ہے اور تنخواہ نہیں دیتا", "ur"),
        ("আমার মালিক আমার পাসপোর্ট নিয়ে গেছে এবং বেতন দেয় না", "bn"),
        ("Patronum pasaportumu aldı ve maaşımı ödemiyor", "tr"),
        ("Mwajiri wangu amechukua pasipoti yangu na hanilipi", "sw"),
    ],
)
def test_detects(text: str, expected: str) -> None:
    assert detect_language(text, "en") == expected


@pytest.mark.parametrize(
    ("text", "page", "expected"),
    [
        ("passport", "fr", "fr"),
        ("visa ?", "es", "es"),
        ("جواز", "en", "ar"),
        ("passport", "ar", "en"),
        ("Да", "en", "ru"),
    ],
)
def test_short_texts_believe_the_page_unless_the_script_says_otherwise(text: str, page: str, expected: str) -> None:
    assert detect_language(text, page) == expected


@pytest.mark.parametrize(
    "text", ["\x00\x01 hello there my friend how are you", "a" * 5000, "😀" * 50, "\ud800 broken surrogate in text"]
)
def test_odd_text_is_survived(text: str) -> None:
    assert detect_language(text, "en")
