"""Links that open something once: a new password, another e-mail address."""

import re
from datetime import datetime, timedelta
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kariz.accounts import people
from kariz.accounts.credentials import CodeApp
from kariz.jobs import worker

PASSWORD = "pars-sanat-40"
NEW = "forty-pumps-9-more"


@pytest.fixture
def maryam(fleet):
    return people.create("maryam", PASSWORD, name="Maryam Ahmadi", email="maryam@example.com")[0]


@pytest.fixture
def mails(settings):
    """What has been sent by now."""
    settings.SENDS_MAIL = True

    def sent():
        worker.drain()
        return mail.outbox

    return sent


def text(answer):
    return answer.content.decode()


def ask(name, **extra):
    return Client(**extra).post("/sign-in/forgotten/", {"name": name})


def path(letter):
    found = urlsplit(re.search(r"https?://\S+", letter.body)[0])
    return found.path


def choose(browser, link, password=NEW):
    """Open the link and choose a password there."""
    page = browser.get(link, follow=True)
    return browser.post(page.request["PATH_INFO"], {"new_password": password})


def sign_in(password, name="maryam"):
    return Client().post("/sign-in/", {"username": name, "password": password}).status_code == 302


@pytest.mark.parametrize("name", ["maryam", "MARYAM@example.com"])
def test_a_forgotten_password_is_replaced_by_a_link(maryam, mails, name):
    ask(name)
    [letter] = mails()
    assert letter.to == ["maryam@example.com"]
    answer = choose(Client(), path(letter))
    assert answer.url == "/sign-in/"
    assert sign_in(NEW)
    assert not sign_in(PASSWORD)


def test_the_link_works_once(maryam, mails):
    ask("maryam")
    link = path(mails()[0])
    choose(Client(), link)
    assert "This link works no more" in text(Client().get(link, follow=True))


def test_the_link_is_too_old_after_a_day(maryam, mails, monkeypatch):
    ask("maryam")
    link = path(mails()[0])
    tomorrow = datetime.now() + timedelta(hours=25)  # noqa: DTZ005  as Django's tokens count
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: tomorrow)
    assert "This link works no more" in text(Client().get(link, follow=True))


def test_the_link_works_no_more_once_the_person_has_signed_in(maryam, mails):
    ask("maryam")
    link = path(mails()[0])
    sign_in(PASSWORD)
    assert "This link works no more" in text(Client().get(link, follow=True))


def test_whoever_is_signed_in_anywhere_is_out_when_the_password_is_replaced(maryam, mails, browse):
    thief = browse(maryam)
    ask("maryam")
    choose(Client(), path(mails()[0]))
    assert thief.get("/").status_code == 302
    assert "Your password was changed." in mails()[-1].body


def test_the_second_factor_is_still_asked_for_after_it(maryam, mails):
    CodeApp.objects.create(user=maryam, secret="x")
    ask("maryam")
    choose(Client(), path(mails()[0]))
    answer = Client().post("/sign-in/", {"username": "maryam", "password": NEW})
    assert answer.url == "/sign-in/second-step/"


def test_nobody_learns_by_it_whether_there_is_such_a_user(maryam, mails):
    """Neither by the answer nor by what it takes to give it."""
    people.create("left", PASSWORD, is_active=False, email="left@example.com")
    work = {}
    for name in ("maryam", "nobody", "left", "nobody@example.com"):
        with CaptureQueriesContext(connection) as captured:
            shown = text(ask(name))
        assert "If there is a user with this name or address" in shown
        work[name] = len(captured)
    assert len(set(work.values())) == 1, work
    assert [letter.to for letter in mails()] == [["maryam@example.com"]]


def test_nobody_is_flooded_with_mail(maryam, mails):
    for _ in range(10):
        assert "If there is a user" in text(ask("maryam"))
    assert len(mails()) == 3


def test_whoever_has_left_gets_in_by_no_link(maryam, mails):
    ask("maryam")
    link = path(mails()[0])
    type(maryam).objects.update(is_active=False)
    assert "This link works no more" in text(Client().get(link, follow=True))


def test_a_weak_password_is_refused_there_as_well(maryam, mails):
    ask("maryam")
    assert choose(Client(), path(mails()[0]), "short").status_code == 200
    assert sign_in(PASSWORD)


def test_links_lead_where_the_settings_say_whatever_the_host_that_asked(maryam, mails, settings):
    settings.ALLOWED_HOSTS = ["*"]
    settings.URL = "https://crm.example.com"
    ask("maryam", headers={"Host": "evil.example"})
    assert "https://crm.example.com/sign-in/forgotten/" in mails()[0].body
    assert "evil" not in mails()[0].body


def test_where_no_mail_is_set_up_the_administrator_is_named(maryam):
    shown = text(Client().get("/sign-in/forgotten/"))
    assert "Ask your administrator" in shown
    ask("maryam")
    worker.drain()
    assert mail.outbox == []


def test_another_address_counts_when_its_link_is_opened(maryam, mails, browse):
    page = browse(maryam)
    page.post("/me/security/email/", {"email": "new@example.com"})
    maryam.refresh_from_db()
    assert maryam.email == "maryam@example.com"
    page.get(path(mails()[0]))
    maryam.refresh_from_db()
    assert maryam.email == "new@example.com"
    assert sign_in(PASSWORD, name="NEW@example.com")


def test_the_link_of_another_address_is_good_for_its_person_only(maryam, mails, browse, sara):
    browse(maryam).post("/me/security/email/", {"email": "new@example.com"})
    link = path(mails()[0])
    browse(sara).get(link)
    assert Client().get(link).status_code == 302
    sara.refresh_from_db()
    assert sara.email != "new@example.com"


def test_the_address_of_somebody_else_is_not_taken(maryam, mails, browse):
    people.create("can", PASSWORD, email="can@example.com")
    page = browse(maryam)
    page.post("/me/security/email/", {"email": "Can@Example.com"})
    page.get(path(mails()[0]))
    maryam.refresh_from_db()
    assert maryam.email == "maryam@example.com"


def told(*arguments):
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue()


def test_the_command_prints_a_link_and_changes_nothing(maryam, settings):
    settings.URL = "https://crm.example.com"
    link = told("password", "maryam@example.com", "--link").strip()
    assert link.startswith("https://crm.example.com/sign-in/forgotten/")
    maryam.refresh_from_db()
    assert maryam.check_password(PASSWORD)
    assert choose(Client(), urlsplit(link).path).url == "/sign-in/"
    assert sign_in(NEW)


def test_the_command_gives_a_new_password_and_signs_out(maryam, browse):
    thief = browse(maryam)
    password = told("password", "maryam").split("Password: ")[1].strip()
    assert sign_in(password)
    assert thief.get("/").status_code == 302


def test_the_command_unlocks(maryam):
    for _ in range(6):
        sign_in("guess")
    assert not sign_in(PASSWORD)
    assert "can try again at once" in told("unlock", "maryam")
    assert sign_in(PASSWORD)
    assert "was not locked out" in told("unlock", "maryam")


@pytest.mark.parametrize("command", ["unlock", "password"])
def test_a_name_that_nobody_has_is_told(maryam, command):
    with pytest.raises(CommandError, match="Nobody is called “nobody”"):
        call_command(command, "nobody")
