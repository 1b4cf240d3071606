import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.core import changes, duplicates, metadata, records, registry
from kariz.features.duplicates import keys, rules
from kariz.features.duplicates.models import MatchKey


@pytest.fixture
def ali(save):
    return save(
        "lead", name="Ali Rezaei", email="ali@pars.ir", phone="0912 123 4567", company="Pars", source="email"
    )


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "ALI+news@pars.ir"},
        {"phone": "+98 (912) 123-4567"},
        {"phone": "۰۹۱۲۱۲۳۴۵۶۷"},
        {"name": "علی رضایی", "company": "شرکت پارس"},
        {"name": "Rezayi Ali", "company": "PARS Ltd"},
    ],
)
def test_somebody_is_recognised_however_he_is_written(ali, alike, typed):
    assert alike("lead", **typed) == ["Ali Rezaei"]


@pytest.mark.parametrize(
    "typed",
    [
        {"email": "ali@"},
        {"email": "other@pars.ir"},
        {"name": "Ali Rezaei"},
        {"phone": "0912 123 4567", "name": "Maryam Kazemi"},
        {"name": "Maryam Kazemi", "company": "Pars"},
    ],
)
def test_too_little_or_another_name_recognises_nobody(ali, alike, typed):
    assert alike("lead", **typed) == []


@pytest.mark.covers("R058")
def test_a_number_dialled_from_two_countries_is_one(save, alike, cast):
    save("contact", name="Hossein", mobile="+90 532 000 00 01")
    assert alike("lead", phone="05320000001") == ["Hossein"]


def test_leads_contacts_and_interests_are_compared_and_organizations_among_themselves(save, alike):
    save("lead", name="A Lead", email="info@pars.ir", source="email")
    save("contact", name="A Contact", other_email="info@pars.ir")
    save("interest", name="A subject", person="An Interest", email="info@pars.ir")
    save("organization", name="Pars", email="info@pars.ir", website="pars.ir")
    assert alike("contact", email="info@pars.ir") == ["A Lead", "A Contact", "A subject"]
    assert alike("organization", email="info@pars.ir") == ["Pars"]
    assert alike("organization", name="شرکت پارس") == ["Pars"]


def test_nobody_is_told_of_what_he_may_not_see(save, alike, cast):
    save("lead", name="Deniz's", email="x@ege.tr", source="email", user=cast.deniz)
    assert alike("lead", cast.can, email="x@ege.tr") == []
    assert alike("lead", cast.deniz, email="x@ege.tr") == ["Deniz's"]


def test_a_record_is_not_its_own_duplicate_nor_that_of_what_it_came_from(save, ali, cast):
    lead_type, interest_type = registry.get("lead"), registry.get("interest")
    assert duplicates.find(lead_type, {"email": "ali@pars.ir"}, cast.admin, record=ali) == []
    interest = save("interest", name="Subject", email="x@ege.tr")
    lead = records.save(
        lead_type,
        lead_type.model(interest=interest),
        {"name": "X", "email": "x@ege.tr", "source": "email"},
        user=None,
    )
    assert duplicates.find(lead_type, {"email": "x@ege.tr"}, cast.admin, record=lead) == []
    assert duplicates.find(interest_type, {"email": "x@ege.tr"}, cast.admin, record=interest) == []


def test_hints_are_what_is_only_like_it(ali, cast):
    [hint] = duplicates.find(registry.get("contact"), {"name": "Ali Rezaei"}, cast.admin, hints=True)
    assert (hint.title, hint.is_likely, hint.reasons) == ("Ali Rezaei", False, ("a name like it",))
    said = {"name": "Maryam Kazemi", "phone": "0912 123 4567"}
    [hint] = duplicates.find(registry.get("contact"), said, cast.admin, hints=True)
    assert (hint.is_likely, hint.reasons) == (False, ("the same phone",))


def test_keys_follow_every_change_and_leave_with_the_record(save, ali, alike, cast):
    save("lead", ali, email="new@pars.ir")
    assert alike("lead", email="ali@pars.ir") == []
    assert alike("lead", email="new@pars.ir") == ["Ali Rezaei"]
    batch = records.delete(registry.get("lead"), [ali], user=cast.admin)
    assert not MatchKey.objects.exists()
    changes.undo(batch, cast.admin)
    assert alike("lead", email="new@pars.ir") == ["Ali Rezaei"]


def test_a_record_that_left_while_nothing_was_compared_comes_back(ali, alike, cast):
    lead_type = registry.get("lead")
    rules.change(lead_type, [], 60, None)
    batch = records.delete(lead_type, [ali], user=cast.admin)
    rules.reset(lead_type)
    changes.undo(batch, cast.admin)
    assert alike("lead", email="ali@pars.ir") == ["Ali Rezaei"]


def test_a_custom_field_can_be_compared(save, alike):
    lead_type = registry.get("lead")
    metadata.add_field(lead_type, label="Badge", type="text")
    rules.change(lead_type, [duplicates.Part("badge", "exact", 80)], 60, None)
    save("lead", name="Sara", email="s@ege.tr", source="email", badge="AB-12")
    assert alike("lead", badge="ab 12") == ["Sara"]
    assert alike("lead", email="s@ege.tr") == []


def test_a_key_that_too_many_have_tells_nothing(save, alike, cast, monkeypatch):
    monkeypatch.setattr("kariz.features.duplicates.finding.TOO_COMMON", 2)
    for n in range(3):
        save("lead", name=f"Lead {n}", email="info@pars.ir", source="email")
    assert alike("lead", email="info@pars.ir") == []


def test_looking_takes_two_statements_whatever_there_is(save, alike, cast):
    said = {"email": "x@ege.tr", "phone": "02188881234"}
    for n in range(3):
        save("lead", name=f"Lead {n}", source="email", **said)
        save("contact", name=f"Lead {n}", **said)
        save("interest", name="Subject", person=f"Lead {n}", **said)
    with CaptureQueriesContext(connection) as asked:
        assert len(alike("lead", name="Lead", company="Ege", **said)) == 9
    assert len(asked) == 2


def test_a_save_takes_one_statement_more_and_two_where_what_is_compared_has_changed(save, ali, monkeypatch):
    def cost(**values):
        with CaptureQueriesContext(connection) as asked:
            save("lead", ali, **values)
        return sum("duplicates_matchkey" in query["sql"] for query in asked)

    assert cost(job_title="Buyer") == 0
    assert cost(email="other@pars.ir") == 2
    with CaptureQueriesContext(connection) as asked:
        save("lead", name="Sara", email="s@ege.tr", source="email")
    assert sum("duplicates_matchkey" in query["sql"] for query in asked) == 1


def test_many_records_are_asked_about_at_once(save, ali, cast):
    lead_type = registry.get("lead")
    made = [
        save("lead", source="email", **said)
        for said in (
            {"name": "Ali Rezaei", "email": "ali@pars.ir"},
            {"name": "New", "email": "new@ege.tr"},
            {"name": "Sara", "email": "s@ege.tr"},
            {"name": "Sara", "email": "S+1@ege.tr"},
        )
    ]
    ids = [one.pk for one in made]
    with CaptureQueriesContext(connection) as asked:
        assert duplicates.repeated(lead_type, ids, cast.admin) == {ids[0], ids[2], ids[3]}
    assert len(asked) == 3
    assert duplicates.repeated(lead_type, ids, cast.deniz) == set()


def test_keys_of_different_kinds_and_families_never_meet():
    assert keys.key_of("person", "email", "x") != keys.key_of("organization", "email", "x")
    first, last = keys.stretch(rules.KINDS["phone"])
    assert first <= keys.key_of("person", "phone", "21234567") <= last < 2**63
