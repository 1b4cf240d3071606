import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kariz.core import changes, records, registry
from kariz.core.duplicates import Part
from kariz.core.models import ChangeBatch
from kariz.features.duplicates import rules
from kariz.features.duplicates.models import DuplicateGroup, MatchRule
from kariz.jobs import enqueue, worker
from kariz.records.leads.models import Lead


@pytest.fixture
def browse():
    def signed_in(user):
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def twins(save, cast, scanned):
    """Two leads of Can's that are one, and two of Deniz's that he does not see."""
    for name, mail, user in (("Ali", "ali@pars.ir", cast.can), ("Sara", "sara@ege.tr", cast.deniz)):
        for n in range(2):
            save("lead", name=f"{name} {'Rezaei' if n else 'Rezaee'}", email=mail, source="email", user=user)
    scanned()
    return DuplicateGroup.objects.order_by("id")


def text(response):
    return response.content.decode()


def test_the_queue_shows_the_groups_that_one_may_see(twins, browse, cast):
    page = text(browse(cast.can).get("/duplicates/lead/"))
    assert "Ali Rezaei" in page
    assert "the same e-mail · a name like it" in page
    assert "Sara" not in page
    assert "2 groups" in text(browse(cast.admin).get("/duplicates/lead/"))
    assert browse(cast.leyla).get("/duplicates/opportunity/").status_code == 404


def test_a_group_of_which_one_sees_a_single_record_is_not_there(save, browse, cast, scanned):
    save("lead", name="Ali Rezaei", email="ali@pars.ir", source="email", user=cast.can)
    save("lead", name="Ali Rezaei", email="ali@pars.ir", source="email", user=cast.deniz)
    scanned()
    assert "No possible duplicates" in text(browse(cast.can).get("/duplicates/lead/"))
    pk = DuplicateGroup.objects.get().pk
    assert browse(cast.can).post(f"/duplicates/lead/{pk}/", {"do": "apart"}).status_code == 404


def test_keeping_separate_is_said_and_undone(twins, browse, cast):
    client = browse(cast.can)
    response = client.post(f"/duplicates/lead/{twins[0].pk}/", {"do": "apart"}, follow=True)
    assert "They are kept separate" in text(response)
    assert "No possible duplicates" in text(response)
    assert "Ask again" in text(client.get("/duplicates/lead/?state=apart"))
    changes.undo(ChangeBatch.objects.get(kind="keep_separate"), cast.can)
    assert "Ali Rezaei" in text(client.get("/duplicates/lead/"))


def test_what_was_decided_can_be_asked_again(twins, browse, cast):
    client = browse(cast.can)
    client.post(f"/duplicates/lead/{twins[0].pk}/", {"do": "never"})
    client.post(f"/duplicates/lead/{twins[0].pk}/", {"do": "ask"})
    assert "Ali Rezaei" in text(client.get("/duplicates/lead/"))


def test_only_who_may_change_all_of_them_decides(save, scanned, browse, cast):
    for _number in range(2):
        save("contact", name="Ali Rezaei", email="ali@pars.ir", user=cast.can)
    scanned()
    client = browse(cast.elif_)  # who reads her team's contacts and changes none
    page = text(client.get("/duplicates/contact/"))
    assert "Ali Rezaei" in page
    assert "Keep separate" not in page
    pk = DuplicateGroup.objects.get().pk
    assert client.post(f"/duplicates/contact/{pk}/", {"do": "apart"}).status_code == 403


def test_the_queue_is_filtered_by_what_agrees_and_by_whose_they_are(twins, browse, cast):
    admin = browse(cast.admin)
    assert "2 groups" in text(admin.get("/duplicates/lead/?kind=email"))
    assert "Nothing matches" in text(admin.get("/duplicates/lead/?kind=phone"))
    assert "Nothing matches" in text(admin.get("/duplicates/lead/?mine=1"))
    assert "1 group" in text(browse(cast.deniz).get("/duplicates/lead/?mine=1"))


def test_the_queue_is_paged_by_key_and_costs_the_same_however_long(save, scanned, browse, cast, monkeypatch):
    from kariz.features.duplicates import queue

    client = browse(cast.admin)
    counts = []
    for stretch in range(2):
        for n in range(2):
            for _twice in range(2):
                save("lead", name="Ali", email=f"ali{stretch}{n}@pars.ir", source="email")
        scanned()
        client.get("/duplicates/lead/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/duplicates/lead/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
    monkeypatch.setattr(queue.page, "__defaults__", ("", 3))
    first = client.get("/duplicates/lead/")
    seen = {one.group.pk for one in first.context["page"].shown}
    second = client.get(first.context["next_url"])
    seen |= {one.group.pk for one in second.context["page"].shown}
    assert len(seen) == 4
    back = client.get(second.context["previous_url"]).context["page"].shown
    assert [one.group.pk for one in back] == [one.group.pk for one in first.context["page"].shown]


def test_merging_leads_to_the_page_of_the_merge_and_empties_the_queue(twins, browse, cast):
    client = browse(cast.can)
    leads = sorted(Lead.objects.filter(owner=cast.can).values_list("pk", flat=True))
    page = text(client.get("/duplicates/lead/"))
    assert f"/lead/merge/?ids={leads[0]},{leads[1]}&amp;back=" in page
    pk = DuplicateGroup.objects.order_by("id")[0].pk
    response = client.post("/duplicates/lead/merge/", {"ids": [pk]}, follow=True)
    assert "1 group was merged." in text(response)
    assert Lead.objects.filter(owner=cast.can).count() == 1
    assert not DuplicateGroup.objects.filter(pk=pk).exists()
    changes.undo(ChangeBatch.objects.get(kind="merge"), cast.can)
    assert Lead.objects.filter(owner=cast.can).count() == 2


def test_all_that_the_list_shows_is_merged_at_once(twins, browse, cast):
    response = browse(cast.admin).post("/duplicates/lead/merge/", {"all": "1"}, follow=True)
    assert "2 groups were merged." in text(response)
    assert Lead.objects.count() == 2


def test_what_was_decided_is_not_merged_by_ticking(twins, browse, cast):
    client = browse(cast.admin)
    client.post(f"/duplicates/lead/{twins[0].pk}/", {"do": "apart"})
    assert client.post("/duplicates/lead/merge/?state=apart", {"all": "1"}).status_code == 404
    assert Lead.objects.count() == 4


def test_rules_merge_by_themselves_where_the_administrator_says_so(save, cast, scanned):
    parts = rules.rule_of(registry.get("lead")).parts
    rules.change(registry.get("lead"), parts, 60, 90)
    save("lead", name="Ali Rezaei", email="ali@pars.ir", source="email")
    save("lead", name="Ali Rezaei", email="ali@pars.ir", phone="09121234567", source="email")
    save("lead", name="Reza Ahmadi", email="reza@pars.ir", phone="09121234567", source="email")
    save("lead", name="Sara", phone="09351234567", source="email")
    save("lead", name="Sara Karimi", phone="09351234567", source="email")
    enqueue("scan_duplicates", merges=True)
    worker.drain()
    assert sorted(Lead.objects.values_list("name", flat=True)) == [
        "Ali Rezaei", "Reza Ahmadi", "Sara", "Sara Karimi",
    ]  # fmt: skip
    batch = ChangeBatch.objects.get(kind="merge")
    assert batch.user is None
    changes.undo(batch, cast.admin)
    assert Lead.objects.count() == 5


def test_the_screen_starts_a_scan_and_tells_how_far_it_is(save, browse, cast):
    client = browse(cast.can)
    save("lead", name="Ali Rezaei", email="ali@pars.ir", source="email", user=cast.can)
    save("lead", name="Ali Rezaei", email="ali@pars.ir", source="email", user=cast.can)
    assert "Looking through everything…" in text(client.post("/duplicates/lead/scan/", follow=True))
    htmx = {"HX-Request": "true"}
    assert "progress" in text(client.get("/duplicates/lead/scan/", headers=htmx))
    worker.drain()
    assert client.get("/duplicates/lead/scan/", headers=htmx)["HX-Refresh"] == "true"
    assert "Ali Rezaei" in text(client.get("/duplicates/lead/"))


def test_a_list_can_be_asked_for_possible_duplicates(twins, cast):
    found = records.visible(registry.get("lead"), cast.can, where=["possible_duplicate", "yes"])
    assert [one.name for one in found.order_by("name")] == ["Ali Rezaee", "Ali Rezaei"]


class TestTheWarning:
    def check(self, client, record="", **values):
        return text(client.post(f"/duplicates/lead/check/?record={record}", values))

    def test_somebody_who_is_there_is_shown_while_one_types(self, save, browse, cast):
        one = save("lead", name="Ali Rezaei", email="ali@pars.ir", source="email", user=cast.can)
        client = browse(cast.can)
        page = text(client.get("/lead/new/"))
        assert 'hx-post="/duplicates/lead/check/"' in page
        assert "input delay:500ms from:#form-email" in page
        told = self.check(client, email="ali@pars.ir")
        assert "Recorded already?" in told
        assert f'href="/lead/{one.pk}/"' in told
        assert "Similar records" in self.check(client, name="علی رضایی")
        assert self.check(client, email="ali@").strip() == ""
        assert self.check(client, record=one.pk, email="ali@pars.ir").strip() == ""

    def test_nobody_hears_of_what_he_may_not_see(self, save, browse, cast):
        save("lead", name="Deniz's", email="x@ege.tr", source="email", user=cast.deniz)
        assert self.check(browse(cast.can), email="x@ege.tr").strip() == ""

    def test_it_takes_three_statements_at_most(self, save, browse, cast):
        one = save("lead", name="Ali Rezaei", email="ali@pars.ir", source="email", user=cast.can)
        for type_name in ("lead", "contact", "interest"):
            save(type_name, name="Ali Rezaei", email="ali@pars.ir", source="email", user=cast.can)
        client = browse(cast.can)
        self.check(client, record=one.pk, email="ali@pars.ir")
        with CaptureQueriesContext(connection) as nothing:
            self.check(client)
        with CaptureQueriesContext(connection) as asked:
            assert "Recorded already?" in self.check(client, record=one.pk, email="ali@pars.ir", name="Ali")
        assert len(asked) - len(nothing) <= 3

    def test_the_quick_form_asks_too_and_a_type_without_a_rule_does_not(self, browse, cast):
        client = browse(cast.admin)
        quick = text(client.get("/organization/quick/", headers={"HX-Request": "true"}))
        assert 'hx-post="/duplicates/organization/check/"' in quick
        assert "/duplicates/" not in text(client.get("/product/new/"))


class TestTheRule:
    def post(self, client, *parts, **values):
        columns = {
            "field": [p[0] for p in parts],
            "kind": [p[1] for p in parts],
            "weight": [p[2] for p in parts],
        }
        return client.post("/settings/types/lead/duplicates/", columns | {"threshold": "60", **values})

    def test_administrators_edit_it_and_everything_is_looked_at_again(self, save, browse, cast, alike):
        save("lead", name="Ali", email="ali@pars.ir", job_title="Buyer", source="email")
        client = browse(cast.admin)
        response = self.post(
            client, ("job_title", "text", "۷۰"), ("", "text", ""), threshold="65", merges_from="100"
        )
        assert response.status_code == 302
        row = MatchRule.objects.get()
        assert row.parts == [{"field": "job_title", "kind": "text", "weight": 70}]
        assert (row.threshold, row.merges_from) == (65, 100)
        worker.drain()
        assert alike("lead", job_title="BUYER") == ["Ali"]
        client.post("/settings/types/lead/duplicates/", {"reset": "1"})
        worker.drain()
        assert alike("lead", email="ali@pars.ir") == ["Ali"]

    def test_what_cannot_be_compared_is_refused_beside_its_row(self, browse, cast):
        client = browse(cast.admin)
        for part, told in {
            ("email", "phone", "10"): "cannot be compared in this way",
            ("email", "email", "0"): "Enter points from 1 to 100.",
            ("email", "email", "many"): "Enter points from 1 to 100.",
            ("nothing", "email", "10"): "Choose a field.",
        }.items():
            response = self.post(client, part)
            assert response.status_code == 422
            assert told in text(response)
        twice = self.post(client, ("email", "email", "10"), ("email", "email", "20"))
        assert "compared in this way already" in text(twice)
        assert "cannot merge by themselves" in text(
            self.post(client, ("email", "email", "10"), merges_from="30")
        )
        assert not MatchRule.objects.exists()

    def test_everybody_else_is_refused(self, browse, cast):
        assert browse(cast.demir).get("/settings/types/lead/duplicates/").status_code == 403

    def test_a_type_without_a_rule_gets_one(self, browse, cast, save, alike):
        client = browse(cast.admin)
        assert client.get("/settings/types/product/duplicates/").status_code == 200
        rules.change(registry.get("product"), [Part("name", "company", 70)], 60, None)
        save("product", name="GTX Pro", unit_price="1")
        assert alike("product", name="gtx  pro") == ["GTX Pro"]
