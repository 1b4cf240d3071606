"""People make tokens for their programs, see what becomes of them, and shut programs out."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from kariz.api.models import Token
from kariz.audit.models import Entry
from tests.cast import signed_in
from tests.forms import send
from tests.reading import text


def make(browser, page="programs:new", **chosen):
    """Fill in the form of a new token; gives the page that shows the secret, and the secret."""
    given = {"name": "Website form", "expires": "90", "reach": "everything", **chosen}
    answer = send(browser, browser.get(reverse(page)), "reach", **given)
    found = re.search(r"krz_\w+", text(answer))
    return answer, found[0] if found else ""


def ask(secret, path="me"):
    return Client(headers={"Authorization": f"Bearer {secret}"}).get(f"/api/v1/{path}")


def test_a_token_is_shown_once_and_works_at_once(cast):
    browser = signed_in(cast.reza)
    answer, secret = make(browser)
    assert answer["Cache-Control"].startswith("max-age=0")
    assert ask(secret).json()["user"]["id"] == cast.reza.pk
    listed = text(browser.get(reverse("programs:tokens")))
    assert "Website form" in listed
    assert secret[:10] in listed
    assert secret not in listed


@pytest.mark.parametrize(
    ("chosen", "scope"),
    [
        ({"reach": "read"}, {"*": ["read"]}),
        ({"reach": "chosen", "scope": ["lead.read", "lead.create"]}, {"lead": ["create", "read"]}),
    ],
)
def test_it_reaches_as_far_as_was_chosen(chosen, scope, cast):
    _answer, secret = make(signed_in(cast.reza), **chosen)
    assert ask(secret).json()["scope"] == scope


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"name": ""}, "required"),
        ({"reach": "chosen", "scope": ["lead.nothing", "nothing.read"]}, "Tick at least one box"),
        ({"expires": "5"}, "Select a valid choice"),
    ],
)
def test_a_form_that_says_too_little_is_asked_again(chosen, told, cast):
    answer, _secret = make(signed_in(cast.reza), **chosen)
    assert (answer.status_code, told in text(answer), Token.objects.exists()) == (422, True, False)


def test_a_revoked_token_lets_nobody_in(cast):
    browser = signed_in(cast.reza)
    _answer, secret = make(browser, expires="never")
    revoking = reverse("programs:revoke", args=[Token.objects.get().pk])
    assert signed_in(cast.bob).post(revoking).status_code == 404
    assert ask(secret).status_code == 200
    for _time in range(2):
        browser.post(revoking)
    assert ask(secret).status_code == 401
    assert "revoked on" in text(browser.get(reverse("programs:tokens")))
    noted = Entry.objects.filter(kind__startswith="programs.token").order_by("pk")
    assert [(one.kind, one.user_id, one.title) for one in noted] == [
        ("programs.token_made", cast.reza.pk, "Website form"),
        ("programs.token_revoked", cast.reza.pk, "Website form"),
    ]
    assert not [one for one in noted if secret in one.details]


def test_administrators_see_and_revoke_every_token_and_make_those_of_services(cast, shirin):
    make(signed_in(cast.reza), name="Of Reza")
    _answer, secret = make(shirin, "programs:new_service", name="Nightly sync", owner=str(cast.bob.pk))
    assert ask(secret).json()["user"]["id"] == cast.bob.pk
    listed = text(shirin.get(reverse("programs:everybody")))
    assert all(word in listed for word in ("Of Reza", "Nightly sync", "service", "Bob Stone"))
    shirin.post(reverse("programs:revoke_any", args=[Token.objects.get(name="Nightly sync").pk]))
    assert ask(secret).status_code == 401


def test_the_page_of_a_new_token_says_how_to_connect_with_it(cast):
    answer, secret = make(signed_in(cast.reza))
    said = text(answer)
    for shown in (
        f"Bearer {secret}", f'Kariz("http://testserver", token="{secret}")', f'"KARIZ_TOKEN": "{secret}"',
        '"KARIZ_URL": "http://testserver"', "pip install 'kariz[mcp]'",
    ):  # fmt: skip
        assert shown in said, shown


@pytest.mark.parametrize("page", ["programs:tokens", "programs:everybody"])
def test_the_lists_of_tokens_say_it_without_one(page, shirin):
    make(shirin)
    said = text(shirin.get(reverse(page)))
    assert '"KARIZ_TOKEN": "krz_…"' in said
    assert "How to connect" in said


@pytest.mark.parametrize("page", ["everybody", "new_service"])
def test_nobody_else_does(page, cast):
    assert signed_in(cast.demir).get(reverse(f"programs:{page}")).status_code == 403


def test_tokens_are_found_from_the_menus(cast, shirin):
    assert reverse("programs:tokens") in shirin.get("/").content.decode()
    assert reverse("programs:everybody") in shirin.get(reverse("web:settings")).content.decode()
