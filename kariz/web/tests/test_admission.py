"""Roles that may come from certain networks only."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from kariz.accounts import company, demands, people
from kariz.accounts.models import Role

PASSWORD = "pars-sanat-40"
OFFICE, CAFE = "192.168.1.7", "203.0.113.9"


@pytest.fixture
def maryam(fleet):
    user = people.create("maryam", PASSWORD, name="Maryam Ahmadi")[0]
    restrict(user.role, ["192.168.1.0/24", "2001:db8::/32"])
    return user


def restrict(role, networks):
    Role.objects.filter(pk=role.pk).update(networks=networks)
    company.touch()


def sign_in(address, **extra):
    browser = Client(REMOTE_ADDR=address)
    return browser, browser.post("/sign-in/", {"username": "maryam", "password": PASSWORD}, **extra)


@pytest.mark.parametrize("address", [OFFICE, "2001:db8:7::1"])
def test_from_the_office_one_comes_in(maryam, address):
    browser, answer = sign_in(address)
    assert answer.url == "/"
    assert browser.get("/").status_code == 200


def test_from_elsewhere_the_right_password_leads_to_the_reason(maryam):
    browser, answer = sign_in(CAFE)
    assert answer.status_code == 403
    assert CAFE in answer.content.decode()
    assert browser.get("/").status_code == 302


def test_a_session_carried_elsewhere_is_of_no_use_there(maryam):
    browser, _answer = sign_in(OFFICE)
    for address in ("/", "/me/security/", "/search/?q=x"):
        assert browser.get(address, REMOTE_ADDR=CAFE).status_code == 403
    assert browser.get("/").status_code == 200
    assert browser.post("/sign-out/", REMOTE_ADDR=CAFE).status_code == 302


def test_an_address_that_the_client_claims_is_believed_only_behind_as_many_proxies(maryam, settings):
    claims = {"headers": {"X-Forwarded-For": f"{OFFICE}, {CAFE}"}}
    assert sign_in(CAFE, **claims)[1].status_code == 403
    settings.PROXIES = 1
    assert sign_in("10.0.0.1", **claims)[1].status_code == 403
    settings.PROXIES = 2
    assert sign_in("10.0.0.1", **claims)[1].url == "/"


def test_every_role_of_a_person_must_allow_it(maryam):
    other = Role.objects.get(key="telemarketer")
    maryam.other_roles.add(other)
    restrict(other, ["10.0.0.0/8"])
    assert sign_in(OFFICE)[1].status_code == 403


def test_others_come_from_everywhere(maryam):
    people.create("can", PASSWORD, role="telemarketer")
    answer = Client(REMOTE_ADDR=CAFE).post("/sign-in/", {"username": "can", "password": PASSWORD})
    assert answer.url == "/"


def test_nobody_locks_himself_out(maryam):
    with pytest.raises(ValidationError, match="does not contain your own address, 203"):
        demands.check_not_locked_out(maryam.role, ["192.168.1.0/24"], user=maryam, address=CAFE)
    demands.check_not_locked_out(maryam.role, ["192.168.1.0/24"], user=maryam, address=OFFICE)
    demands.check_not_locked_out(maryam.role, [], user=maryam, address=CAFE)
    other = Role.objects.get(key="telemarketer")
    demands.check_not_locked_out(other, ["192.168.1.0/24"], user=maryam, address=CAFE)
    assert demands.may_come_from(maryam, OFFICE)
