"""At the doors: nobody is led astray, told who is there, or slipped a session; guessing is slow."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from kariz.accounts import invitations
from kariz.accounts.credentials import Invitation
from kariz.accounts.sessions import CONFIRMED_AT
from kariz.core import registry
from kariz.jobs.models import Job
from kariz.notices.models import Notice
from tests import cast as people
from tests import specimens
from tests.forms import send
from tests.reading import FRAGMENT, at, html, text
from tests.security import addresses

LEAD = registry.get("lead")
# What is no page of ours, however a browser may read it.
ELSEWHERE = (
    "https://evil.example/",
    "//evil.example/",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "\thttps://evil.example",
    "https:evil.example",
    "http://testserver@evil.example/",
    "http://testserver.evil.example/",
)


class TestSigningIn:
    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_it_never_leads_to_another_site(self, cast, there):
        browser = Client()
        page = browser.get(reverse("web:sign_in"), {"next": there})
        answer = send(browser, page, "password", username="reza", password=people.PASSWORD, next=there)
        assert answer["Location"] == reverse("web:home")

    def test_it_leads_on_to_the_page_that_was_wanted(self, cast):
        browser = Client()
        asked = browser.get(at("list", LEAD))
        answer = send(
            browser, browser.get(asked["Location"]), "password", username="reza", password=people.PASSWORD
        )
        assert answer["Location"] == at("list", LEAD)

    def test_it_says_the_same_of_a_wrong_name_and_a_wrong_password(self, cast):
        told = [
            text(Client().post(reverse("web:sign_in"), {"username": name, "password": "wrong"}))
            for name in ("reza", "nobody")
        ]
        assert told[0] == told[1].replace("nobody", "reza")
        assert "do not belong together" in told[0]

    def test_guessing_is_slowed_down(self, cast):
        answers = [
            Client().post(reverse("web:sign_in"), {"username": "reza", "password": f"{n}"}) for n in range(25)
        ]
        assert "Too many attempts" in text(answers[-1])
        right = Client().post(reverse("web:sign_in"), {"username": "reza", "password": people.PASSWORD})
        assert "Too many attempts" in text(right)

    def test_somebody_who_left_cannot_go_on(self, cast):
        browser = people.signed_in(cast.reza)
        type(cast.reza).objects.filter(pk=cast.reza.pk).update(is_active=False)
        assert browser.get(reverse("web:home")).status_code == 302

    def test_signing_in_gives_a_new_session(self, cast):
        browser = Client()
        browser.get(reverse("web:sign_in"))
        browser.force_login(cast.bob)
        before = browser.cookies["kariz_session"].value
        browser.post(reverse("web:sign_out"))
        send(
            browser,
            browser.get(reverse("web:sign_in")),
            "password",
            username="reza",
            password=people.PASSWORD,
        )
        assert browser.cookies["kariz_session"].value != before

    def test_a_link_on_another_page_signs_nobody_out(self, shirin):
        assert shirin.get(reverse("web:sign_out")).status_code == 405
        assert shirin.get(reverse("web:home")).status_code == 200


class TestLeadingOn:
    """Wherever an address says where to go on, it is an address of ours or is not heeded."""

    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_after_the_language_was_chosen(self, cast, there):
        answer = Client().post(reverse("web:language"), {"language": "tr", "next": there})
        assert answer["Location"] == reverse("web:sign_in")

    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_after_saying_again_who_one_is(self, cast, there):
        reza = Client()
        reza.post(reverse("web:sign_in"), {"username": "reza", "password": people.PASSWORD})
        page = reza.get(reverse("web:confirm"), {"next": there})
        assert "evil.example" not in html(page)
        answer = reza.post(reverse("web:confirm"), {"password": people.PASSWORD, "next": there})
        assert answer["Location"] == reverse("web:security")

    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_after_the_theme_was_chosen(self, shirin, there):
        answer = shirin.post(reverse("web:theme"), {"theme": "dark"}, headers={"Referer": there})
        assert answer["Location"] == reverse("web:home")

    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_where_one_has_to_say_again_who_one_is_first(self, cast, there):
        reza = people.signed_in(cast.reza)
        session = reza.session
        session[CONFIRMED_AT] = 0
        session.save()
        for headers in ({"Referer": there}, FRAGMENT | {"HX-Current-URL": there}):
            answer = reza.post(reverse("web:code_app_remove"), headers=headers)
            url = urlsplit(answer.get("Location") or answer["HX-Redirect"])
            assert url.path == reverse("web:confirm")
            assert is_ours(parse_qs(url.query)["next"][0])

    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_after_a_merge(self, cast, shirin, there):
        pair = [specimens.make(LEAD, cast.reza) for _n in range(2)]
        sent = {"ids": ",".join(str(one.pk) for one in pair), "merge": "1", "back": there}
        answer = shirin.post(reverse("duplicates:merge", args=["lead"]), sent)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/lead/")

    @pytest.mark.parametrize("there", ELSEWHERE)
    def test_after_a_notice(self, cast, there):
        notice = Notice.objects.create(user=cast.reza, msgid="Look", url=there)
        answer = people.signed_in(cast.reza).post(reverse("web:notices_read"), {"id": notice.pk})
        assert answer["Location"] == reverse("web:notices")


class TestWhoIsThere:
    """No answer tells a stranger whether somebody has an account."""

    @pytest.fixture(autouse=True)
    def mail_is_set_up(self, settings):
        settings.SENDS_MAIL = True

    def test_asking_for_a_new_password_is_answered_alike(self, cast):
        cast.reza.email = "reza@example.com"
        cast.reza.save()
        told = {}
        for name in ("reza", "reza@example.com", "nobody", "nobody@example.com"):
            before = Job.objects.count()
            answer = Client().post(reverse("web:forgotten"), {"name": name})
            told[name] = (answer.status_code, html(answer).replace(name, "…"), Job.objects.count() - before)
        assert len({(status, jobs) for status, _page, jobs in told.values()}) == 1
        assert len({without_token(page) for _status, page, _jobs in told.values()}) == 1

    def test_a_link_that_is_wrong_used_or_over_is_answered_alike(self, cast):
        invitation = Invitation(email="new@example.com", role_id="salesperson")
        over = invitations.renew(invitation)
        Invitation.objects.update(expires_at=timezone.now())
        told = [Client().get(reverse("web:join", args=[secret])) for secret in (over, "nonsense")]
        assert [answer.status_code for answer in told] == [404, 404]
        assert without_token(html(told[0])) == without_token(html(told[1]))
        uid = urlsafe_base64_encode(force_bytes(cast.reza.pk))
        nobody = urlsafe_base64_encode(force_bytes(10**9))
        told = [
            Client().get(reverse("web:new_password", args=[one, "x-y"]), follow=True)
            for one in (uid, nobody, "!")
        ]
        assert len({(answer.status_code, without_token(html(answer))) for answer in told}) == 1

    def test_a_passkey_is_asked_for_in_the_same_way(self, cast):
        told = [
            Client().post(reverse("web:passkey_options"), {"username": name}).json()
            for name in ("reza", "nobody")
        ]
        assert told[0].keys() == told[1].keys()
        assert told[0]["publicKey"].keys() == told[1]["publicKey"].keys()


def is_ours(address: str) -> bool:
    """Whether a browser that reads this address on a page of ours stays here; a backslash is a slash to it."""
    return urlsplit(urljoin("http://testserver/", address.strip().replace("\\", "/"))).netloc == "testserver"


def without_token(page: str) -> str:
    """A page without what is another one each time."""
    return re.sub(r'(value|content|X-CSRFToken)(": "|=")[^"]*"', "", page)


class TestSecretsInAddresses:
    @pytest.mark.parametrize(
        "address", [one for one in addresses.every() if one.is_api], ids=lambda one: one.name
    )
    def test_no_endpoint_takes_a_token_from_the_address(self, cast, program, address):
        secret = program(cast.shirin).secret
        answers = [
            Client().get(address.at(), {name: secret}) for name in ("access_token", "token", "anything")
        ]
        assert {answer.status_code for answer in answers} == {400}
        assert secret not in html(answers[0])
