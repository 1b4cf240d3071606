"""How alike two names of people or firms are, in whatever order, script or spelling they are written."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from kariz.lib.text import fold

# Words that a name may have or lack and still be the same, as `fold` leaves them.
TITLES = frozenset(
    "mr mrs ms miss dr prof eng sayin bay bayan av اقای اقا خانم دکتر مهندس استاد جناب سرکار حاج".split()  # noqa: SIM905  words
)
LEGAL_FORMS = frozenset(
    "co company corp corporation inc incorporated ltd limited llc plc gmbh ag sa spa bv pjs pjsc jsc group holding"  # noqa: SIM905  words
    " as a s sti ltdsti san tic sanayi ticaret ve limitet anonim sirketi sirket the and"
    " شرکت گروه هلدینگ موسسه سهامی خاص عام با مسئولیت محدود مسوولیت و".split()
)

# Each letter's class of consonants: what Persian, Turkish and English write differently sounds the same here. Vowels,
# and the letters that are vowels in one script and consonants in another, count only where a word begins with them.
_PAIRS = str.maketrans({"x": "ks"})
_DIGRAPHS = re.compile("kh|gh|sh|ch|zh|th|ph|ck")
_DIGRAPH = {"kh": "h", "gh": "k", "sh": "s", "ch": "c", "zh": "c", "th": "t", "ph": "b", "ck": "k"}
_CLASSES = {
    "b": "bpfبپف", "t": "tdتطد", "s": "sثسصش", "c": "cjجچژ", "h": "hحخه", "z": "zذزضظ", "r": "rر", "k": "kgqغقکگ",
    "l": "lل", "m": "mم", "n": "nن",
}  # fmt: skip
_CLASS = {ord(letter): key for key, letters in _CLASSES.items() for letter in letters}
_FIRST = {
    letter: key for key, letters in {"a": "aeiouاعآ", "v": "vwو", "y": "yی"}.items() for letter in letters
}
_NOT_LETTERS = re.compile(r"[^\w]+|_")
_REPEATED = re.compile(r"(.)\1+")

UNLIKE = 0.75  # below this, words are others: one wrong letter in four is the most
SPELLING = 0.95  # the most that words with the same consonants are alike
INITIAL, BARE = 0.9, 0.85  # an initial for its name; a single consonant that two scripts share
LONGER, ALONE = 0.92, 0.7  # for each word that only one of the names has; beside a name of one word
MOST_WORDS = 8
CACHED = 50_000


def words(name: str, ignored: frozenset[str] = TITLES) -> tuple[str, ...]:
    """The folded words of a name, without those `ignored`, unless it has no others."""
    found = _NOT_LETTERS.sub(" ", fold(name)).split()
    return tuple([word for word in found if word not in ignored][:MOST_WORDS] or found[:MOST_WORDS])


@lru_cache(maxsize=CACHED)
def skeleton(word: str) -> str:
    """The classes of a folded word's consonants: `rz` for Rezaei, Rezayi and رضایی alike."""
    plain = _DIGRAPHS.sub(lambda match: _DIGRAPH[match[0]], word.translate(_PAIRS))
    rest = "".join([_CLASS.get(ord(letter), "") or (letter if letter.isdigit() else "") for letter in plain])
    if len(rest) > 1 and rest[-1] == "h":  # the silent he of فاطمه
        rest = rest[:-1]
    return _FIRST.get(plain[:1], "") + _REPEATED.sub(r"\1", rest)


@lru_cache(maxsize=CACHED)
def key(telling: tuple[str, ...]) -> str:
    """What names that may be one have in common: the consonants of their words in no order, or the words if too few."""
    consonants = "".join(sorted("".join([skeleton(word) for word in telling])))
    return consonants if len(consonants) > 1 else " ".join(sorted(telling))


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """From 0 to 1 for the words of two names; 0 where either has none."""
    fewer, more = sorted((one, other), key=len)
    if not fewer:
        return 0.0
    if sorted(fewer) == sorted(more):
        return 1.0
    if len(fewer) != len(more) and "".join(map(skeleton, one)) == "".join(map(skeleton, other)):
        return SPELLING  # Ali Reza and Alireza
    whole = sum(_matched(fewer, more)) / len(fewer)
    return whole * (LONGER if len(fewer) > 1 else ALONE) ** (len(more) - len(fewer))


def _matched(fewer: Sequence[str], more: Sequence[str]) -> Iterator[float]:
    """How alike each word is to the one that it is matched with, the likest matched first."""
    pairs = [(_alike(one, other), i, j) for i, one in enumerate(fewer) for j, other in enumerate(more)]
    free, left = set(range(len(fewer))), set(range(len(more)))
    for alike, i, j in sorted(pairs, reverse=True):
        if i in free and j in left:
            free.remove(i)
            left.remove(j)
            yield alike


@lru_cache(maxsize=CACHED)
def _alike(one: str, other: str) -> float:
    """How alike two words are, from 0 to 1."""
    if one == other:
        return 1.0
    spoken, heard = skeleton(one), skeleton(other)
    if 1 in (len(one), len(other)) and spoken[:1] == heard[:1]:
        return INITIAL
    is_same_script = one.isascii() == other.isascii()
    if spoken == heard:
        return SPELLING if len(spoken) > 1 else 0.0 if is_same_script else BARE
    alike = OSA.normalized_similarity(one, other, score_cutoff=UNLIKE) if is_same_script else 0.0
    if len(spoken) > 2 < len(heard):
        alike = max(alike, OSA.normalized_similarity(spoken, heard, score_cutoff=UNLIKE) * SPELLING)
    return alike if alike >= UNLIKE else 0.0
