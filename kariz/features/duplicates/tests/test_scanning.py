import pytest
from django.core.management import call_command

from kariz.core import changes, records, registry
from kariz.core.duplicates import Part
from kariz.features.duplicates import groups, rules
from kariz.features.duplicates.models import DuplicateGroup, KeptApart, MatchKey
from kariz.features.duplicates.reading import read
from kariz.records.interests import promotion
from kariz.records.leads import conversion


@pytest.fixture
def lead(save):
    def made(name, **values):
        return save("lead", name=name, **({"source": "email"} | values))

    return made


@pytest.fixture
def decide(cast):
    """Somebody decides on the only open group."""

    def decided(*, is_final=False):
        group = DuplicateGroup.objects.get(state="open")
        wanted = {}
        for member in group.members.all():
            wanted.setdefault(member.record_type, set()).add(member.record_id)
        return groups.decide(group, list(read(wanted, cast.admin).values()), cast.admin, is_final=is_final)

    return decided


def test_a_scan_finds_the_groups_of_everything(lead, save, scanned):
    lead("Ali Rezaei", email="ali@pars.ir")
    save("contact", name="علی رضایی", other_email="ali@pars.ir")
    lead("Sara Ahmadi", phone="09121234567")
    lead("Sara Ahmady", phone="0098 912 123 4567")
    lead("Alone", email="alone@ege.tr")
    save("organization", name="Pars Sanat Co.")
    save("organization", name="صنعت پارس")
    assert scanned() == [
        ["Ali Rezaei", "علی رضایی"],
        ["Sara Ahmadi", "Sara Ahmady"],
        ["Pars Sanat Co.", "صنعت پارس"],
    ]


def test_what_was_converted_or_promoted_is_no_duplicate_of_what_it_became(lead, save, scanned, cast):
    conversion.convert(lead("Ali Rezaei", email="ali@pars.ir"), user=cast.admin)
    promotion.promote(
        save("interest", name="Subject", person="Sara", email="s@ege.tr", source="email"), user=cast.admin
    )
    assert scanned() == []


def test_those_that_are_like_the_same_one_are_one_group(lead, scanned):
    lead("Ali Rezaei", email="ali@pars.ir")
    lead("Ali Rezaei", email="ali@pars.ir", phone="09121234567")
    lead("Ali Rezaei", phone="09121234567")
    assert scanned() == [["Ali Rezaei"] * 3]


def test_another_scan_keeps_a_group_that_is_the_same_and_drops_one_that_is_none(lead, save, scanned):
    one = lead("Ali Rezaei", email="ali@pars.ir")
    lead("Ali Rezaei", email="ali@pars.ir")
    scanned()
    pk = DuplicateGroup.objects.get().pk
    scanned()
    assert DuplicateGroup.objects.get().pk == pk
    save("lead", one, email="other@pars.ir", name="Other")
    assert scanned() == []


def test_who_was_kept_separate_is_asked_about_again_only_if_something_changes(lead, save, scanned, decide):
    one = lead("Ali Rezaei", email="ali@pars.ir")
    lead("Ali Rezai", email="ali@pars.ir")
    scanned()
    decide()
    assert scanned() == []
    save("lead", one, job_title="Buyer")
    assert scanned() == []
    save("lead", one, phone="09121234567")
    assert scanned() == [["Ali Rezaei", "Ali Rezai"]]
    assert DuplicateGroup.objects.filter(state="apart").count() == 0


def test_who_is_never_to_be_asked_about_stays_so_until_it_is_undone(lead, save, scanned, decide, cast):
    one = lead("Ali Rezaei", email="ali@pars.ir")
    lead("Ali Rezai", email="ali@pars.ir")
    scanned()
    batch = decide(is_final=True)
    save("lead", one, phone="09121234567")
    assert scanned() == []
    changes.undo(batch, cast.admin)
    assert not KeptApart.objects.exists()
    assert scanned() == [["Ali Rezaei", "Ali Rezai"]]


def test_a_deleted_record_leaves_its_group(lead, scanned, cast):
    one = lead("Ali Rezaei", email="ali@pars.ir")
    lead("Ali Rezaei", email="ali@pars.ir")
    scanned()
    records.delete(registry.get("lead"), [one], user=cast.admin)
    assert not DuplicateGroup.objects.exists()


def test_a_rule_decides_what_is_compared(lead, scanned):
    lead("Ali Rezaei", email="a@ege.tr", job_title="Head of procurement")
    lead("Sara Ahmadi", email="s@ege.tr", job_title="head of  Procurement")
    assert scanned() == []
    rules.change(registry.get("lead"), [Part("job_title", "text", 70)], 60, None)
    call_command("doctor", repair=True)
    assert scanned() == [["Ali Rezaei", "Sara Ahmadi"]]
    rules.reset(registry.get("lead"))


def test_the_doctor_makes_missing_keys_anew(lead, alike, capsys):
    lead("Ali Rezaei", email="ali@pars.ir")
    MatchKey.objects.all().delete()
    MatchKey.objects.create(key=1, record_type="lead", record_id=999_999)
    call_command("doctor", repair=True)
    assert alike("lead", email="ali@pars.ir") == ["Ali Rezaei"]
    assert not MatchKey.objects.filter(record_id=999_999).exists()
    capsys.readouterr()
    call_command("doctor")
    assert "in order" in capsys.readouterr().out


def test_names_make_no_pairs_where_they_cannot_decide():
    assert {kind.name for kind in rules.telling("person")} == {"email", "phone", "exact", "company", "text"}
    assert "company" in {kind.name for kind in rules.telling("organization")}
