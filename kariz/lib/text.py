"""How two texts are compared, put in order, and turned into keys, in Persian, Turkish and English alike."""

import re
import unicodedata
from collections.abc import Iterable

# What is left different after Unicode's own decomposition and case folding, yet is one letter to a reader.
LETTERS = {
    "ي": "ی", "ى": "ی", "ك": "ک", "ة": "ه", "ە": "ه", "ھ": "ه", "ہ": "ه", "ۀ": "ه", "ٱ": "ا",
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe",
}  # fmt: skip
TATWEEL = "ـ"


class _Folding(dict[int, str]):
    """Each character's folded form, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if character == TATWEEL or unicodedata.category(character) == "Cf" or _is_accent(character):
        return ""
    plain = LETTERS.get(character) or unicodedata.normalize("NFKD", character.casefold())
    if plain == character:
        return plain
    # What is no accent, such as the parts of a Korean syllable, comes together again.
    return unicodedata.normalize("NFC", "".join(map(_fold_character, plain)))


def _is_accent(character: str) -> bool:
    """Whether it is a mark on a Latin or Arabic letter. In other scripts, such as Hindi's, marks are vowels."""
    if unicodedata.category(character) != "Mn" or character >= "\u3000":
        return False
    return unicodedata.name(character).startswith(("COMBINING", "ARABIC"))


_FOLDED = _Folding()


def fold(text: str) -> str:
    """The one way in which two texts are compared: no case, accents, joiners, or kinds of ye, kaf, digit and space."""
    text = text.replace("\x00", " ")  # no database looks for it
    return " ".join((text.lower() if text.isascii() else text.translate(_FOLDED)).split())


def digits(text: str) -> str:
    """Only the digits, whatever their script, as ASCII."""
    return "".join([str(unicodedata.decimal(character)) for character in text if character.isdecimal()])


_LATIN = str.maketrans(
    {
        "ا": "a", "ب": "b", "پ": "p", "ت": "t", "ث": "s", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d", "ذ": "z",
        "ر": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "z", "ط": "t", "ظ": "z", "ع": "a", "غ": "gh",
        "ف": "f", "ق": "gh", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "v", "ه": "h", "ی": "y", "ء": "",
    }
)  # fmt: skip
KEY_LENGTH = 40


def slug(text: str, taken: Iterable[str] = ()) -> str:
    """A key such as `first_contact` for any label, different from all `taken`."""
    key = re.sub(r"[^a-z0-9]+", "_", fold(text).translate(_LATIN)).strip("_")
    if not key[:1].isalpha():
        key = f"key_{key}" if key else "key"
    key = key[:KEY_LENGTH].rstrip("_")
    held, found, number = set(taken), key, 1
    while found in held:
        number += 1
        found = f"{key[: KEY_LENGTH - 1 - len(str(number))]}_{number}"
    return found


# DEL comes after every ASCII letter: "c" + DEL stands behind all of c and before d.
_TURKISH = {
    letter: f"{before}\x7f"
    for letters, before in (("çÇ", "c"), ("ğĞ", "g"), ("ıI", "h"), ("öÖ", "o"), ("şŞ", "s"), ("üÜ", "u"))
    for letter in letters
}
# Hamza's place is before alef, where Persian has its alef with madda.
_PERSIAN_FIRST = {"آ": "ء"}
_TURKISH_ORDER = str.maketrans(_TURKISH | _PERSIAN_FIRST)
_OTHER_ORDER = str.maketrans(_PERSIAN_FIRST)
# A text of no known language may be English: its I is an i.
_ANY_ORDER = str.maketrans(
    {letter: key for letter, key in _TURKISH.items() if letter != "I"} | _PERSIAN_FIRST
)
_PERSIAN = "ابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_PERSIAN_ORDER = str.maketrans(dict(zip(_PERSIAN, sorted(_PERSIAN), strict=True)))


def sort_key(text: str, language: str = "") -> str:
    """A text whose plain order is the alphabet's: Turkish ç after c and ı before i, Persian پ, چ, ژ, گ in place.

    Without a language, letters of both alphabets stand where their own alphabet has them.
    """
    order = _TURKISH_ORDER if language.startswith("tr") else _OTHER_ORDER if language else _ANY_ORDER
    return fold(unicodedata.normalize("NFC", text).translate(order)).translate(_PERSIAN_ORDER)
