"""Texts are compared, ordered and turned into keys as Persian, Turkish and English readers would."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.lib.text import digits, fold, slug, sort_key

KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}$")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("علي كريمي", "علی کریمی"),
        ("می‌خواهم", "میخواهم"),
        ("شركة", "شرکه"),
        ("نامۀ آرش", "نامه ارش"),
        ("مسؤول", "مسوول"),
        ("رئیس", "رییس"),
        ("أإآٱ", "اااا"),
        ("مُحَمَّد", "محمد"),
        ("کـــاریز", "کاریز"),
        ("ﻛﺎرﯾﺰ", "کاریز"),
        ("۰۹۱۲ ٣٤٥", "0912 345"),
        ("İSTANBUL Işık", "istanbul isik"),
        ("ığdır", "IĞDIR"),
        ("Şeküre Çağlayan Gözüm", "sekure caglayan gozum"),
        ("café Zoë", "CAFE ZOE"),
        ("cafe\u0301", "café"),
        ("  two \u00a0\n\twords  ", "two words"),
        ("\u200fکاریز\u200e", "کاریز"),
        ("Straße", "STRASSE"),
        ("Ｋａｒｉｚ", "kariz"),
    ],
)
def test_two_spellings_of_one_text_are_equal(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("پر", "بر"), ("گل", "کل"), ("şal", "sala"), ("کا", "قا"), ("कि", "क")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_the_short_cut_for_ascii_gives_what_the_table_gives(text: str) -> None:
    assert fold(text + "ی").removesuffix("ی").strip() == fold(text)


@given(st.text())
def test_case_makes_no_difference(text: str) -> None:
    assert fold(text.casefold()) == fold(text)


def test_every_single_character_folds_to_something_that_stays_as_it_is() -> None:
    unstable = [code for code in range(0x20000) if fold(fold(chr(code))) != fold(chr(code))]

    assert unstable == []


def test_letters_of_other_scripts_stay_whole() -> None:
    assert fold("서울 が Привет") == "서울 が привет"


def test_digits_keeps_only_digits() -> None:
    assert digits("+98 (۹۱۲) ٣٤٥-٦٧ x²") == "9891234567"


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("First contact", "first_contact"),
        ("Şirket Adı", "sirket_adi"),
        ("سرنخ جدید", "srnkh_jdyd"),
        ("2nd phone", "key_2nd_phone"),
        ("名", "key"),
        ("", "key"),
        ("a" * 60, "a" * 40),
    ],
)
def test_a_label_becomes_a_key(label: str, key: str) -> None:
    assert slug(label) == key


@given(st.text(), st.integers(min_value=1, max_value=12))
def test_keys_are_well_formed_and_never_repeat(label: str, times: int) -> None:
    taken: list[str] = []
    for _ in range(times):
        taken.append(slug(label, taken))

    assert len(set(taken)) == times
    assert all(KEY.match(key) for key in taken)


def test_turkish_letters_stand_where_the_turkish_alphabet_has_them() -> None:
    alphabet = list("abcçdefgğhıijklmnoöprsştuüvyz")
    backwards = alphabet[::-1]

    assert sorted(backwards, key=lambda letter: sort_key(letter, "tr")) == alphabet
    assert sorted(["İzmir", "Isparta", "Hatay", "Iğdır"], key=lambda name: sort_key(name, "tr")) == [
        "Hatay", "Iğdır", "Isparta", "İzmir"
    ]  # fmt: skip


def test_persian_letters_stand_where_the_persian_alphabet_has_them() -> None:
    alphabet = list("آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی")
    backwards = alphabet[::-1]

    assert sorted(backwards, key=lambda letter: sort_key(letter, "fa")) == alphabet
    assert sorted(["گلشن", "کریمی", "چمن", "پارس", "هما", "وحید"], key=lambda name: sort_key(name, "fa")) == [
        "پارس", "چمن", "کریمی", "گلشن", "وحید", "هما"
    ]  # fmt: skip


def test_an_english_list_ignores_accents_and_reads_i_as_i() -> None:
    assert sort_key("Éclair IBM", "en") == sort_key("eclair ibm", "en")
    assert sort_key("IBM") == sort_key("ibm")
    assert sort_key("cz") < sort_key("ça") < sort_key("da")
