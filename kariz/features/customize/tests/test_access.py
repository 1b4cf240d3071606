"""What administrators see of how people sign in, and do for those who are locked out; inviting people."""

import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kariz.accounts import factors, people
from kariz.accounts.credentials import CodeApp, Invitation, Passkey
from kariz.accounts.models import User
from kariz.jobs import worker

PASSWORD = "pars-sanat-40"
NEW = {"name": "Elif Kaya", "username": "elif", "new_password": "forty-pumps-9-more"}


@pytest.fixture
def elif_(fleet):
    return people.create("elif", PASSWORD, name="Elif Kaya", email="elif@example.com")[0]


def text(answer):
    return answer.content.decode()


def sign_in(password=PASSWORD):
    browser = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/133.0"})
    browser.post("/sign-in/", {"username": "elif", "password": password})
    return browser


def is_in(browser):
    return browser.get("/").status_code == 200


def test_the_list_says_who_has_a_second_factor_by_as_many_statements_for_one_as_for_many(as_admin, elif_):
    def asked():
        as_admin.get("/settings/users/")
        with CaptureQueriesContext(connection) as captured:
            shown = text(as_admin.get("/settings/users/"))
        return shown, len(captured)

    _shown, alone = asked()
    CodeApp.objects.create(user=elif_, secret="x")
    for number in range(5):
        one = people.create(f"user{number}", PASSWORD)[0]
        Passkey.objects.create(user=one, name="Key", credential_id=str(number), credential="")
    shown, among_many = asked()
    assert shown.count(">Passkey</a>") == 5
    assert shown.count(">App</a>") == 1
    assert among_many == alone


def test_the_page_of_a_person_tells_how_and_where(as_admin, elif_):
    CodeApp.objects.create(user=elif_, secret="x")
    factors.new_recovery_codes(elif_)
    browser = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/133.0"})
    browser.force_login(elif_)
    browser.get("/")
    shown = text(as_admin.get(f"/settings/users/{elif_.pk}/access/"))
    assert "Authenticator app" in shown
    assert "10 recovery codes" in shown


def test_lost_factors_are_taken_away_and_the_person_is_told(as_admin, elif_):
    CodeApp.objects.create(user=elif_, secret="x")
    factors.new_recovery_codes(elif_)
    as_admin.post(f"/settings/users/{elif_.pk}/access/reset/")
    assert not factors.has_any(elif_)
    assert not elif_.recovery_codes.exists()
    assert "An administrator took the second factors" in text(sign_in().get("/me/notices/"))


def test_an_administrator_signs_somebody_out_of_one_browser_or_of_all(as_admin, elif_):
    desk, phone, laptop = sign_in(), sign_in(), sign_in()
    row = elif_.sessions.order_by("signed_in_at").first()
    as_admin.post(f"/settings/users/{elif_.pk}/access/end/", {"session": row.pk})
    assert [is_in(one) for one in (desk, phone, laptop)] == [False, True, True]
    as_admin.post(f"/settings/users/{elif_.pk}/access/end/")
    assert [is_in(one) for one in (phone, laptop)] == [False, False]
    assert is_in(as_admin)


def test_an_administrator_unlocks(as_admin, elif_):
    for _ in range(6):
        sign_in("guess")
    assert not is_in(sign_in())
    assert "closed for 1 minute" in text(as_admin.get(f"/settings/users/{elif_.pk}/access/"))
    as_admin.post(f"/settings/users/{elif_.pk}/access/unlock/")
    assert is_in(sign_in())


def test_a_link_for_a_new_password_is_shown_once_and_works_once(as_admin, elif_):
    page = f"/settings/users/{elif_.pk}/access/"
    shown = text(as_admin.post(f"{page}link/"))
    link = re.search(r"http://testserver(/sign-in/forgotten/[^<\s]+)", shown)[1]
    assert link not in text(as_admin.get(page))
    browser = Client()
    opened = browser.get(link, follow=True)
    browser.post(opened.request["PATH_INFO"], {"new_password": "forty-pumps-9-more"})
    assert is_in(sign_in("forty-pumps-9-more"))


SECRET = (
    "access/",
    "access/end/",
    "access/unlock/",
    "access/reset/",
    "access/link/",
    "password/",
    "activate/",
)


@pytest.mark.parametrize("page", SECRET)
def test_all_of_it_is_for_administrators(browse, sara, elif_, page):
    CodeApp.objects.create(user=elif_, secret="x")
    client = browse(sara)
    send = client.get if page == "access/" else client.post
    assert send(f"/settings/users/{elif_.pk}/{page}").status_code == 403
    assert factors.has_any(elif_)


@pytest.mark.parametrize("page", SECRET[1:])
def test_administrators_are_asked_again_who_they_are(as_admin, elif_, page, later):
    CodeApp.objects.create(user=elif_, secret="x")
    later(minutes=16)
    assert "/me/security/confirm/" in as_admin.post(f"/settings/users/{elif_.pk}/{page}").url
    assert factors.has_any(elif_)
    assert is_in(sign_in()) or factors.has_any(elif_)


def test_a_dialog_asks_before_anything_is_typed_into_it(as_admin, elif_, later, htmx):
    later(minutes=16)
    answer = as_admin.get(f"/settings/users/{elif_.pk}/", headers=htmx("dialog", "/settings/users/"))
    assert answer.headers["HX-Redirect"] == "/me/security/confirm/?next=%2Fsettings%2Fusers%2F"


INVITED = {"email": "elif@example.com", "role": "telemarketer", "language": "tr"}


def link_in(told):
    return re.search(r"http://testserver(/sign-in/join/[^<\s]+)", told)[1]


def test_the_invited_chooses_name_and_password_and_is_in(as_admin, north):
    shown = text(as_admin.post("/settings/invitations/new/", INVITED | {"team": north.pk}))
    browser = Client()
    link = link_in(shown)
    assert "elif@example.com" in text(browser.get(link))
    assert browser.post(link, NEW).url == "/"
    user = User.objects.get(username="elif")
    assert (str(user), user.email, user.role_id, user.team, user.language) == (
        "Elif Kaya", "elif@example.com", "telemarketer", north, "tr",
    )  # fmt: skip
    assert is_in(browser)
    assert Client().get(link).status_code == 404


def test_by_mail_where_it_is_set_up(as_admin, settings):
    settings.SENDS_MAIL = True
    as_admin.post("/settings/invitations/new/", INVITED)
    worker.drain()
    [letter] = mail.outbox
    assert letter.to == ["elif@example.com"]
    assert Client().post(link_in(letter.body), NEW).url == "/"


def test_the_link_is_kept_as_a_hash_only(as_admin):
    link = link_in(text(as_admin.post("/settings/invitations/new/", INVITED)))
    assert Invitation.objects.get().digest not in link
    assert link.split("/")[-2] not in text(as_admin.get("/settings/users/"))


def test_the_link_is_too_old_after_a_week(as_admin, later):
    link = link_in(text(as_admin.post("/settings/invitations/new/", INVITED)))
    later(days=7, minutes=1)
    assert Client().post(link, NEW).status_code == 404


def test_sent_again_the_earlier_link_opens_nothing(as_admin):
    old = link_in(text(as_admin.post("/settings/invitations/new/", INVITED)))
    pk = Invitation.objects.get().pk
    new = link_in(text(as_admin.post(f"/settings/invitations/{pk}/again/")))
    assert Client().get(old).status_code == 404
    assert Client().get(new).status_code == 200


def test_withdrawn_it_opens_nothing(as_admin):
    link = link_in(text(as_admin.post("/settings/invitations/new/", INVITED)))
    as_admin.post(f"/settings/invitations/{Invitation.objects.get().pk}/withdraw/")
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"username": "admin"}, {"username": "x@y.example"}, {"new_password": "short"}, {"new_password": "elif-kaya-elif"},
     {"name": ""}],
    ids=str,
)  # fmt: skip
def test_what_the_invited_chooses_wrongly_is_told_and_can_be_put_right(as_admin, wrong):
    link = link_in(text(as_admin.post("/settings/invitations/new/", INVITED)))
    answer = Client().post(link, NEW | wrong)
    assert answer.status_code == 422
    assert "form__error" in text(answer)
    assert Client().post(link, NEW).url == "/"


def test_the_role_is_the_administrators_choice_whatever_is_sent(as_admin):
    link = link_in(text(as_admin.post("/settings/invitations/new/", INVITED)))
    Client().post(link, NEW | {"role": "administrator", "is_superuser": "1", "email": "x@example.com"})
    user = User.objects.get(username="elif")
    assert (user.role_id, user.is_superuser, user.email) == ("telemarketer", False, "elif@example.com")


@pytest.mark.parametrize("email", ["Elif@Example.com", "no address", ""])
def test_an_address_that_somebody_has_is_not_invited(as_admin, elif_, email):
    assert as_admin.post("/settings/invitations/new/", INVITED | {"email": email}).status_code == 422
    assert not Invitation.objects.exists()


def test_an_address_is_invited_once(as_admin):
    as_admin.post("/settings/invitations/new/", INVITED)
    again = as_admin.post("/settings/invitations/new/", INVITED | {"email": "ELIF@example.com"})
    assert "invited already" in text(again)


def test_two_active_users_never_share_an_address(as_admin, elif_):
    other = {"name": "Elif", "username": "elif2", "email": "ELIF@example.com", "role": "salesperson"}
    refused = as_admin.post("/settings/users/new/", other | {"skill": "best"})
    assert "Somebody has this e-mail address already." in text(refused)
    as_admin.post(f"/settings/users/{elif_.pk}/deactivate/")
    assert "password" in as_admin.post("/settings/users/new/", other | {"skill": "best"}).context
    as_admin.post(f"/settings/users/{elif_.pk}/activate/", follow=True)
    elif_.refresh_from_db()
    assert not elif_.is_active
