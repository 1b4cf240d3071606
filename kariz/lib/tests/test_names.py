import pytest

from kariz.lib.names import LEGAL_FORMS, key, likeness, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammad Rezaei", "محمد رضایی"),
        ("رضایی محمد", "Mohamad Rezayi"),
        ("Hüseyin Karimi", "حسین کریمی"),
        ("Çelik Şahin", "Sahin Celik"),
        ("Işıl Yıldız", "ISIL YILDIZ"),
        ("Fatma Kaya", "فاطمه کایا"),
        ("Davoud Qasemi", "داوود قاسمی"),
        ("علی رضا احمدی", "علیرضا احمدي"),
        ("Dr. Sara Ahmadi", "خانم سارا احمدی"),
    ],
)
def test_a_name_is_known_in_any_order_script_or_spelling(one, other):
    assert key(words(one)) == key(words(other)) != ""
    assert likeness(words(one), words(other)) > 0.89


@pytest.mark.parametrize(
    ("one", "other"),
    [("Reza Moradi", "Reza Kamali"), ("Sara Ahmadi", "Sara Mohammadi"), ("Sara Ahmadi", "Maryam Kazemi")],
)
def test_people_who_share_one_word_are_not_alike(one, other):
    assert likeness(words(one), words(other)) <= 0.5


def test_a_wrong_letter_a_missing_middle_name_and_an_initial_are_forgiven():
    assert likeness(words("Sara Rezaei"), words("Sara Rezaee")) > 0.9
    assert likeness(words("Mohammad Ali Rezaei"), words("Mohammad Rezaei")) > 0.9
    assert likeness(words("A. Rezaei"), words("Ali Rezaei")) > 0.9
    assert likeness(words("Ali"), words("Ali Rezaei")) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Arman Sanat Co.", "شرکت آرمان صنعت"),
        ("Yıldız Holding A.Ş.", "YILDIZ"),
        ("Pars Sanat Ltd", "Sanat Pars"),
        ("Kaya Ltd. Şti.", "Kaya"),
    ],
)
def test_the_legal_form_of_a_firm_is_not_its_name(one, other):
    assert key(words(one, LEGAL_FORMS)) == key(words(other, LEGAL_FORMS)) != ""
    assert likeness(words(one, LEGAL_FORMS), words(other, LEGAL_FORMS)) >= 0.9


def test_a_name_of_nothing_but_ignored_words_keeps_them():
    assert words("Group", LEGAL_FORMS) == ("group",)
    assert words(" .-_ ") == ()
    assert key(()) == ""
    assert likeness((), ("sara",)) == 0
