"""Tokens let programs in, never further than their owner, nor further than they were made for."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from kariz.api import authentication, tokens
from kariz.api.authentication import Caller
from kariz.api.models import Token
from kariz.api.scopes import Scope
from kariz.core import registry
from tests import specimens
from tests.cast import signed_in

LEAD, CONTACT = registry.get("lead"), registry.get("contact")


class TestLettingIn:
    def test_nobody_comes_in_without_a_token(self, cast):
        answer = Client().get("/api/v1/lead")
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="Kariz"')

    @pytest.mark.parametrize(
        "header", ["Bearer krz_nonsense", "Bearer nonsense", "Bearer ", "Basic c2hpcmlu", "krz_x", ""]
    )
    def test_an_unknown_token_is_refused(self, header, cast):
        answer = Client(headers={"Authorization": header}).get("/api/v1/lead")
        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthenticated")
        assert 'error="invalid_token"' in answer["WWW-Authenticate"]

    def test_the_secret_is_kept_nowhere(self, cast):
        token, secret = tokens.make(cast.reza, "A program")
        kept = " ".join(str(value) for value in Token.objects.filter(pk=token.pk).values()[0].values())
        assert secret not in kept
        assert secret.startswith(token.prefix)
        assert len(secret) > 40

    def test_a_token_ends_with_its_time_its_revocation_or_its_owner(self, cast, program):
        expired = program(cast.reza, expires_at=timezone.now() - timedelta(seconds=1))
        revoked, left = program(cast.reza), program(cast.bob)
        assert {revoked.get("me").status_code, left.get("me").status_code} == {200}
        tokens.revoke(Token.objects.get(digest=tokens.digest(revoked.secret)))
        type(cast.bob).objects.filter(pk=cast.bob.pk).update(is_active=False)
        assert {one.get("me").status_code for one in (expired, revoked, left)} == {401}

    def test_a_token_in_the_address_is_refused_with_the_reason(self, cast, program):
        secret = program(cast.reza).secret
        for query in ({"access_token": secret}, {"token": "x"}, {"q": secret}):
            answer = Client().get("/api/v1/lead", query)
            assert answer.status_code == 400
            assert "never in the address" in answer.json()["error"]["message"]

    def test_its_last_use_is_noted_once_a_minute(self, cast, program):
        asks = program(cast.reza)
        token = Token.objects.get()
        asks.get("me")
        first = Token.objects.get().last_used_at
        asks.get("me")
        assert Token.objects.get().last_used_at == first
        Token.objects.filter(pk=token.pk).update(last_used_at=first - timedelta(minutes=2))
        asks.get("me")
        assert Token.objects.get().last_used_at > first

    def test_another_kind_of_token_can_join(self, cast, monkeypatch):
        monkeypatch.setattr(authentication, "_kinds", dict(authentication._kinds))
        scope = Scope({"lead": ("read",)})
        authentication.accept(
            "oth_", lambda secret: Caller(cast.reza, scope, "other") if secret == "oth_1" else None
        )
        answers = [
            Client(headers={"Authorization": f"Bearer {one}"}).get("/api/v1/me") for one in ("oth_1", "oth_2")
        ]
        assert [answer.status_code for answer in answers] == [200, 401]
        assert answers[0].json()["scope"] == {"lead": ["read"]}


class TestBrowser:
    def test_whoever_is_signed_in_may_ask_too(self, cast):
        assert signed_in(cast.reza).get("/api/v1/me").json()["user"]["id"] == cast.reza.pk

    def test_writing_needs_the_token_of_our_pages(self, cast):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cast.reza)
        sent = {"data": specimens.least(LEAD), "content_type": "application/json"}
        forged = browser.post("/api/v1/lead", **sent)
        assert (forged.status_code, forged.json()["error"]["code"]) == (403, "csrf")
        browser.get("/")
        token = browser.cookies["kariz_csrf"].value
        assert browser.post("/api/v1/lead", **sent, headers={"X-CSRFToken": token}).status_code == 201

    def test_a_program_needs_none(self, cast, program):
        asks = program(cast.reza)
        asks.client.handler.enforce_csrf_checks = True
        assert asks.post("lead", specimens.least(LEAD)).status_code == 201


class TestScope:
    def test_a_token_does_only_what_it_was_made_for(self, cast, program):
        sara, contact = specimens.make(LEAD, cast.reza, "Sara"), specimens.make(CONTACT, cast.reza, "Ali")
        reads = program(cast.reza, {"lead": ["read"]})
        assert reads.get(f"lead/{sara.pk}").status_code == 200
        refused = [
            reads.post("lead", specimens.least(LEAD)),
            reads.patch(f"lead/{sara.pk}", {"company": "X"}),
            reads.delete(f"lead/{sara.pk}"),
            reads.put("lead/upsert", {"key": "email", "items": [{}]}),
            reads.post("lead/bulk-update", {"ids": [sara.pk], "values": {}}),
            reads.post("lead/bulk-delete", {"ids": [sara.pk]}),
            reads.post(f"lead/{sara.pk}/actions/convert"),
            reads.post(f"lead/{sara.pk}/actions/merge", {"others": [1]}),
            reads.post("exports", {"type": "lead", "format": "csv"}),
            reads.post(f"lead/{sara.pk}/comments", {"text": "x"}),
            reads.post("lead/views", {"name": "x"}),
            reads.get(f"contact/{contact.pk}"),
            reads.get("contact"),
        ]
        assert {(answer.status_code, answer.json()["error"]["code"]) for answer in refused} == {
            (403, "out_of_scope")
        }
        assert specimens.held(sara)["company"] == "company of Sara"

    def test_what_it_does_not_cover_is_not_told_elsewhere(self, cast, program):
        firm = specimens.make(registry.get("organization"), cast.reza, "Arvand Trading")
        contact = specimens.make(CONTACT, cast.reza, "Ali Arvand", organization=firm.pk)
        reads = program(cast.reza, {"contact": ["read"]})
        assert [one["name"] for one in reads.get("types").json()["items"]] == ["contact"]
        assert {one["type"] for one in reads.get("search", {"q": "arvand"}).json()["items"]} == {"contact"}
        found = reads.get(f"contact/{contact.pk}", {"expand": "organization"}).json()
        assert found["_expanded"] == {"organization": None}
        related = reads.get(f"contact/{contact.pk}/related").json()["items"]
        assert {one["type"] for one in related} <= {"contact"}
        assert {tag["name"] for tag in reads.get("openapi.json").json()["tags"]} == {"contact"}

    def test_one_that_only_creates_reads_nothing_back(self, cast, program):
        makes = program(cast.reza, {"lead": ["create"]})
        made = makes.post("lead", specimens.least(LEAD))
        assert (made.status_code, set(made.json())) == (201, {"id", "version"})
        assert makes.get(f"lead/{made.json()['id']}").status_code == 403

    def test_a_batch_is_undone_by_a_token_that_may_edit_all_of_it(self, cast, program):
        sara = specimens.make(LEAD, cast.reza, "Sara")
        done = program(cast.reza).post(f"lead/{sara.pk}/actions/convert").json()
        narrow = program(cast.reza, {"lead": ["read", "edit"]})
        assert narrow.post(f"batches/{done['batch']}/undo").status_code == 403
        assert (
            program(cast.reza, {"*": ["read", "edit"]}).post(f"batches/{done['batch']}/undo").status_code
            == 200
        )

    def test_a_scope_gives_no_rights(self, cast, program):
        boasts = program(cast.kaveh, {"*": ["*"], "lead": ["delete"]})
        hidden = specimens.make(LEAD, cast.reza, "Sara")
        assert boasts.get(f"lead/{hidden.pk}").status_code == 404
        assert boasts.post("lead", specimens.least(LEAD)).status_code == 403

    def test_saying_who_asks(self, cast, program):
        me = program(cast.reza, {"lead": ["read"]}).get("me").json()
        assert (me["user"]["id"], me["is_administrator"], me["scope"]) == (
            cast.reza.pk,
            False,
            {"lead": ["read"]},
        )
        assert cast.bob.pk in {one["id"] for one in program(cast.reza).get("users").json()["items"]}
