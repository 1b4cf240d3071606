"""Roles: the shipped ones, the tree, several per person, who is outside."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from kariz.accounts import chart, company, people, role_tree, teams
from kariz.accounts.models import Profile, Role, Team
from kariz.accounts.roles import ShippedRole

pytestmark = pytest.mark.django_db


@pytest.fixture
def sara():
    return people.create("sara")[0]


def test_each_shipped_role_is_there_with_its_profile():
    assert set(Role.objects.values_list("key", "profile__key")) == {(key, key) for key in ShippedRole.values}
    assert chart.current().roles_below(["head_of_sales"]) == {
        "sales_manager", "salesperson", "telemarketer", "dealer",
    }  # fmt: skip


def test_shipped_roles_are_named_in_the_readers_language(sara):
    with override("tr"):
        assert (str(sara.role), sara.role_name) == ("Satış temsilcisi", "Satış temsilcisi")


def test_planting_again_plants_nothing():
    Role.objects.get(key="dealer").delete()
    role_tree.plant()
    assert not Role.objects.filter(key="dealer").exists()


def test_a_role_moves_with_those_below_it():
    manager, marketer = (Role.objects.get(key=key) for key in ("sales_manager", "marketer"))
    role_tree.place(manager, marketer)
    assert chart.current().roles_below(["marketer"]) == {"sales_manager", "salesperson", "telemarketer"}


def test_a_role_is_not_below_itself():
    head, manager = (Role.objects.get(key=key) for key in ("head_of_sales", "sales_manager"))
    with pytest.raises(ValidationError):
        role_tree.place(head, manager)


def test_a_person_has_several_roles(sara):
    people.give_roles(sara, "telemarketer", "dealer", "telemarketer")
    assert sara.role_keys == ("telemarketer", "dealer")
    assert not sara.is_external
    people.give_roles(sara, "dealer")
    assert (sara.role_keys, sara.is_external) == (("dealer",), True)


def test_whoever_has_the_administrators_profile_by_any_role_is_one(sara):
    assert not sara.is_administrator
    profile = Profile.objects.get(key="administrator")
    role_tree.place(Role(key="owner", name="Owner", profile=profile), None)
    people.give_roles(sara, "salesperson", "owner")
    assert sara.is_administrator
    assert list(people.administrators()) == [sara]


def test_roles_and_colleagues_are_known_without_a_query(sara):
    sara.team = teams.place(Team(name="North"), None)
    sara.save()
    company.touch()
    other = people.create("bob", team=sara.team)[0]
    chart.current()
    with CaptureQueriesContext(connection) as captured:
        assert sara.team_member_ids == (sara.pk, other.pk)
        assert sara.role_keys == ("salesperson",)
        assert not sara.is_external
    assert not captured


@pytest.mark.parametrize("networks", ["10.0.0.0/8", ["10.0.0.1/8"], ["somewhere"]])
def test_networks_are_written_as_such(networks):
    role = Role.objects.get(key="dealer")
    role.networks = networks
    with pytest.raises(ValidationError):
        role.full_clean()


def test_networks_of_both_kinds_are_taken():
    role = Role.objects.get(key="dealer")
    role.networks = ["10.0.0.0/8", "2001:db8::/32"]
    role.full_clean()
    assert role.networks
