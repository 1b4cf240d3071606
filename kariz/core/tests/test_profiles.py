"""What several roles and administrators' rows make of what record types declare."""

import pytest

from kariz.accounts import company, people, role_tree
from kariz.accounts.models import Profile, Role
from kariz.core import access, profiles, records
from kariz.core.models import FieldGrant, ProfileGrant


def grant(ship, profile, **what):
    made = ProfileGrant.objects.update_or_create(
        profile=Profile.objects.get(key=profile), record_type=ship.name, defaults=what
    )
    company.touch()
    return made


def hide(ship, profile, field, level="hidden"):
    FieldGrant.objects.create(
        profile=Profile.objects.get(key=profile), record_type=ship.name, field=field, level=level
    )
    company.touch()


def names(ship, user):
    return {one.name for one in records.visible(ship, user)}


def verbs(ship, user):
    return {verb for verb in access.VERBS if access.may(ship, user, verb)}


@pytest.fixture
def ships(make_ship, sara, bob, manager, caller):
    for owner in (sara, bob, manager, caller):
        make_ship(name=owner.username, owner=owner.pk)


def test_what_a_declaration_does_not_say_follows_from_the_rest(ship, sara, manager, caller, admin):
    works = {"read", "edit", "create", "export", "import", "bulk", "convert"}
    assert verbs(ship, sara) == works
    assert verbs(ship, manager) == works | {"delete", "merge"}
    assert verbs(ship, caller) == {"read", "export"}
    assert verbs(ship, admin) == set(access.VERBS)


def test_people_outside_neither_import_nor_export(ship, sara):
    Role.objects.filter(key="salesperson").update(is_external=True)
    company.touch()
    assert sara.is_external
    assert not {"import", "export"} & verbs(ship, sara)


def test_a_row_says_more_than_the_declaration(ship, ships, sara):
    grant(ship, "salesperson", read="own", write="none", may_export=True)
    assert names(ship, sara) == {"sara"}
    assert verbs(ship, sara) == {"read", "export"}


def test_nobody_changes_what_he_does_not_see(ship, ships, sara):
    grant(ship, "salesperson", read="own", write="all", delete_reach="all")
    assert {one.name for one in access.editable(ship, sara)} == {"sara"}


def test_no_row_takes_anything_from_administrators(ship, ships, admin):
    grant(ship, "administrator")
    assert len(names(ship, admin)) == 4
    assert verbs(ship, admin) == set(access.VERBS)


def test_several_roles_do_what_any_of_them_does(ship, ships, caller, sara):
    assert names(ship, caller) == {"caller"}
    people.give_roles(caller, "telemarketer", "sales_manager")
    caller.team = sara.team
    assert names(ship, caller) == {"caller", "sara", "bob"}
    assert "delete" in verbs(ship, caller)
    assert caller.role_name == "Telemarketer, Sales manager"


def test_a_reach_below_follows_the_tree_of_roles_not_of_teams(ship, ships, manager):
    grant(ship, "sales_manager", read="below")
    assert names(ship, manager) == {"manager", "sara", "bob", "caller"}
    role = Role.objects.get(key="telemarketer")
    role_tree.place(role, None)
    assert names(ship, manager) == {"manager", "sara", "bob"}


def test_a_field_is_hidden_with_those_that_are_computed_from_it(ship, sara, bob, add_field):
    doubled = add_field("Doubled", "number", formula="price * 2")
    again = add_field("Again", "number", formula=f"{doubled} + 1")
    hide(ship, "salesperson", "price")
    hide(ship, "salesperson", "notes", "readonly")
    seen, changed = access.readable(ship, sara), access.writable(ship, sara)
    assert not {"price", doubled, again} & seen.keys()
    assert "notes" in seen
    assert "notes" not in changed
    assert "kind" in changed


def test_the_name_of_a_record_is_never_hidden(ship, sara):
    hide(ship, "salesperson", ship.title)
    assert ship.title in access.readable(ship, sara)


def test_a_field_is_hidden_only_where_every_role_hides_it(ship, sara):
    hide(ship, "salesperson", "price")
    people.give_roles(sara, "salesperson", "sales_manager")
    assert "price" in access.readable(ship, sara)
    hide(ship, "sales_manager", "price", "readonly")
    assert "price" in access.readable(ship, sara)
    assert "price" not in access.writable(ship, sara)


def test_administrators_and_the_program_read_every_field(ship, admin):
    hide(ship, "administrator", "price")
    assert "price" in access.writable(ship, admin)
    assert "price" in access.writable(ship, None)


def test_a_copied_profile_may_what_its_original_may(ship, ships, sara):
    grant(ship, "salesperson", read="own", write="own", may_undo_others=True)
    hide(ship, "salesperson", "price")
    made = profiles.copy(Profile.objects.get(key="salesperson"), key="junior", name="Junior")
    Role.objects.filter(key="salesperson").update(profile=made)
    company.touch()
    assert names(ship, sara) == {"sara"}
    assert access.may(ship, sara, "undo_others")
    assert "price" not in access.readable(ship, sara)


def test_a_copy_of_a_declared_profile_keeps_what_is_declared(ship, ships, sara):
    before = names(ship, sara), verbs(ship, sara)
    made = profiles.copy(Profile.objects.get(key="salesperson"), key="junior", name="Junior")
    Role.objects.filter(key="salesperson").update(profile=made)
    company.touch()
    assert (names(ship, sara), verbs(ship, sara)) == before
