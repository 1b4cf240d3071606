"""Every text on screen is there in Persian and in Turkish."""

import re
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.pofile import read_po

from scripts.messages import texts

LOCALE = Path(__file__).resolve().parent.parent / "kariz/locale"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
LATIN_DIGITS = re.compile(r"%(\(\w+\))?[-+#0-9. ]*[dif](?![a-zA-Z])")
TWO_MEANINGS = [
    ("More", "menu"),
    ("Done", "button"),
    ("Next", "page"),
    ("Import", "what was done"),
    ("Undo", "what was done"),
    ("Won", "number of records"),
    ("Lost", "number of records"),
]

languages = pytest.mark.parametrize("language", ["fa", "tr"])


def catalogue(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES/django.po").open("rb") as file:
        return read_po(file, locale=language, domain="django")


def key(message) -> tuple[str, str]:
    return (message.context or "", message.id[0] if isinstance(message.id, list | tuple) else message.id)


def forms(text) -> list[str]:
    return list(text) if isinstance(text, list | tuple) else [text]


@languages
@pytest.mark.covers("R384", "R385")
def test_the_catalogue_has_every_text_of_the_source(language):
    translated = {
        key(message) for message in catalogue(language) if message.id and all(forms(message.string))
    }
    missing = {key(message) for message in texts() if message.id} - translated
    assert not missing, "run `make messages` and translate these"


@languages
def test_no_translation_is_a_guess(language):
    assert [message.id for message in catalogue(language) if message.id and message.fuzzy] == []


@languages
def test_translations_name_the_same_placeholders(language):
    wrong = [
        message.id
        for message in catalogue(language)
        if message.id
        for form in forms(message.string)
        if set(PLACEHOLDER.findall(form)) - set(PLACEHOLDER.findall(" ".join(forms(message.id))))
    ]
    assert wrong == []


@languages
def test_an_english_word_with_two_meanings_is_translated_twice(language):
    """Such as the batch that an import left (a noun) and the link that begins one (a verb)."""
    found = catalogue(language)
    both = [(word, found.get(word), found.get(word, context)) for word, context in TWO_MEANINGS]
    assert [word for word, plain, special in both if not plain.string or not special.string] == []
    if language == "tr":
        assert [word for word, plain, special in both if plain.string == special.string] == []


def test_contexts_are_read_from_templates_and_from_python():
    found = {key(message) for message in texts() if message.id}
    assert ("menu", "More") in found
    assert ("what was done", "Import") in found


def test_numbers_come_in_the_digits_of_their_reader():
    """`%(n)d` writes Latin digits whatever the reader chose; `%(n)s` takes what `Locale.number` gives."""
    assert [message.id for message in texts() if any(map(LATIN_DIGITS.search, forms(message.id)))] == []
