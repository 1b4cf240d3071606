"""Records through the client, over the wire: what the API lets its user do, and nothing else."""

from decimal import Decimal
from itertools import islice

import pytest

from kariz.client import (
    BadRequest,
    Conflict,
    Forbidden,
    Invalid,
    Kariz,
    NotFound,
    Unauthenticated,
    Unreachable,
)
from kariz.core import metadata, registry
from tests import specimens

pytestmark = pytest.mark.django_db(transaction=True)

LEAD = registry.get("lead")
SARA = {"name": "Sara Ahmadi", "email": "sara@example.com", "source": "website"}


def test_a_record_is_made_read_changed_deleted_and_comes_back(shirins, cast):
    leads = shirins.type("lead")
    made = leads.create({**SARA, "budget": Decimal("1200.50"), "owner": cast.reza.pk})
    assert (made.type, made.version, made["budget"]) == ("lead", 1, "1200.5")
    read = leads.get(made.id, fields=["name", "owner"], expand=["owner"])
    assert (dict(read.fields), read.expanded["owner"]["name"], read.batch) == (
        {"name": "Sara Ahmadi", "owner": cast.reza.pk},
        "Reza Moradi",
        None,
    )
    changed = leads.update(made.id, {"company": "Arvand"}, version=made.version)
    assert (changed.version, changed["company"]) == (2, "Arvand")
    gone = leads.delete(made.id)
    with pytest.raises(NotFound):
        leads.get(made.id)
    undone = shirins.undo(gone)
    assert (undone.is_done, undone.restored, undone.kept) == (True, 1, ())
    assert leads.get(made.id)["company"] == "Arvand"
    batch = shirins.batch(changed.batch)
    assert (batch.kind, batch.by.name, batch.may_undo) == ("edit", "Shirin Rad", True)
    assert [one.record for one in shirins.batch_changes(changed.batch)] == [made.id]


def test_a_list_is_fetched_a_page_at_a_time_and_none_is_skipped(kariz_of, cast, between):
    for number in range(45):
        specimens.make(LEAD, cast.reza, f"Sara {number:02}")
    leads = kariz_of(cast.reza, url=between.url).type("lead")
    found = leads.list(["owner", "is_me"], sort="name", fields=["name"], at_once=10)
    first = [lead["name"] for lead in islice(found, 10)]
    assert (first[0], len(between.passed)) == ("Sara 00", 1)
    assert [lead["name"] for lead in found] == [f"Sara {number:02}" for number in range(10, 45)]
    assert len(between.passed) == 5
    page = leads.page(sort="name", limit=10, count=True)
    assert (len(page.items), page.count, page.count_is_capped) == (10, 45, False)
    assert leads.page(sort="name", limit=10, cursor=page.next).items[0]["name"] == "Sara 10"
    specimens.make(LEAD, cast.reza, "Parviz")
    assert [lead["name"] for lead in leads.list(find="parviz")] == ["Parviz"]


def test_a_clash_shows_all_three_values(shirins):
    leads = shirins.type("lead")
    made = leads.create(SARA)
    leads.update(made.id, {"company": "Arvand"}, version=1)
    with pytest.raises(Conflict) as met:
        leads.update(made.id, {"company": "Pars", "job_title": "CEO"}, version=1)
    [clash] = met.value.clashes
    assert (clash.field, clash.base, clash.theirs, clash.mine) == ("company", "", "Arvand", "Pars")
    assert met.value.version == 2
    assert leads.update(made.id, {"job_title": "CEO"}, version=1)["company"] == "Arvand"


def test_messages_come_by_field_and_in_the_language_asked_for(kariz_of, cast):
    with pytest.raises(Invalid) as refused:
        kariz_of(cast.shirin).type("lead").create({"name": "Ali", "email": "nonsense", "nothing": 1})
    assert set(refused.value.fields) == {"email", "nothing"}
    assert "There is no field “nothing”." in str(refused.value)
    with pytest.raises(Invalid) as refused:
        kariz_of(cast.shirin, language="fa").type("lead").create({"nothing": 1})
    assert "nothing" in refused.value.fields
    assert "There is no field" not in str(refused.value)


@pytest.mark.parametrize("lost", [1, 2])
def test_a_record_is_made_once_though_its_answer_was_lost(lost, kariz_of, cast, between):
    between.lose = lost
    made = kariz_of(cast.reza, url=between.url).type("lead").create(SARA)
    assert len(between.passed) == lost + 1
    assert [lead.pk for lead in LEAD.model.objects.all()] == [made.id]
    assert made.batch is not None


def test_a_program_that_ended_sends_again_under_its_own_key(kariz_of, cast, between):
    leads = kariz_of(cast.reza, url=between.url, attempts=1).type("lead")
    between.lose = 1
    with pytest.raises(Unreachable):
        leads.create(SARA, idempotency_key="order-17")
    made = leads.create(SARA, idempotency_key="order-17")
    assert [lead.pk for lead in LEAD.model.objects.all()] == [made.id]


def test_many_are_made_or_changed_by_a_key_of_ones_own(shirins):
    contacts = shirins.type("contact")
    items = [{"email": "ali@example.com", "name": "Ali"}, {"email": "nonsense", "name": "Nobody"}]
    outcome = contacts.upsert(items, key="email")
    assert (outcome.created, outcome.failed) == (1, 1)
    assert [(one.index, list(one.errors)) for one in outcome.failures] == [(1, ["email"])]
    again = contacts.upsert([{"email": "ali@example.com", "job_title": "CEO"}], key="email")
    assert (again.updated, again.items[0].id) == (1, outcome.items[0].id)
    ids = [outcome.items[0].id]
    assert contacts.update_many(ids, {"job_title": "CTO"}).updated == 1
    assert contacts.delete_many(ids).deleted == 1


def test_a_lead_is_converted_and_comes_back(shirins):
    leads = shirins.type("lead")
    lead = leads.create({**SARA, "company": "Arvand"})
    assert "convert" in {one.name for one in leads.actions(lead.id)}
    done = leads.act(lead.id, "convert", {"opportunity": {"name": "Pumps"}})
    made = {one.type: one.id for one in done.changes if one.kind == "created"}
    assert set(made) == {"organization", "contact", "opportunity"}
    firms = shirins.type("organization")
    [relation] = [one for one in firms.relations(made["organization"]) if one.name == "contact-organization"]
    assert relation.count == 1
    [contact] = firms.related(made["organization"], relation, fields=["name"])
    assert (contact.type, contact["name"]) == ("contact", "Sara Ahmadi")
    shirins.undo(done.batch)
    with pytest.raises(NotFound):
        shirins.type("contact").get(contact.id)


def test_what_stands_around_a_record(shirins, cast):
    leads = shirins.type("lead")
    lead = leads.create(SARA)
    leads.update(lead.id, {"company": "Arvand"})
    newest, oldest = leads.history(lead.id)
    assert (newest.by.id, newest.values["company"]) == (cast.shirin.pk, {"old": "", "new": "Arvand"})
    assert (oldest.kind, oldest.at.utcoffset() is not None) == ("created", True)
    said = leads.comment(lead.id, "Call her on Monday.")
    assert [(one.id, one.text, one.by.name) for one in leads.comments(lead.id)] == [
        (said.id, "Call her on Monday.", "Shirin Rad")
    ]
    assert [hit.title for hit in shirins.search("sara", types=["lead"])] == ["Sara Ahmadi"]
    [known] = leads.duplicates({"email": "sara@example.com"})
    assert (known.id, known.is_likely) == (lead.id, True)
    assert leads.duplicates({"email": "sara@example.com"}, of=lead.id) == []
    met = leads.request({"email": "sara@example.com"}, source="website", text="Call me")
    assert (met.id, met.is_new) == (lead.id, False)


def test_what_there_is_to_know_of_types(shirins):
    metadata.add_field(LEAD, label="Shoe size", type="number")
    assert {"lead", "contact"} <= {kind.name for kind in shirins.types()}
    leads = shirins.type("lead")
    described = leads.describe()
    fields = {one.name: one for one in described.fields}
    assert (fields["shoe_size"].is_custom, fields["owner"].target) == (True, "user")
    assert (described.board, "title" in described.columns, "create" in described.may) == (
        "status",
        True,
        True,
    )
    assert described.layout[0].fields
    assert {"new"} <= {choice.key for choice in leads.choices("status")}
    assert {person.name for person in shirins.users()} >= {"Shirin Rad", "Reza Moradi"}
    me = shirins.me()
    assert (me.user.name, me.is_administrator, me.scope) == ("Shirin Rad", True, {"*": ["*"]})


def test_views_are_saved_listed_with_and_deleted(shirins):
    leads = shirins.type("lead")
    leads.create({**SARA, "company": "Arvand"})
    leads.create({**SARA, "email": "ali@example.com", "company": "Pars"})
    view = leads.save_view("Arvand's", where=["company", "is", "Arvand"], sort="name", fields=["company"])
    [kept] = [one for one in leads.views() if one.id == view.id]
    found = leads.list(kept.where, sort=kept.sort, fields=kept.fields)
    assert [dict(lead.fields) for lead in found] == [{"company": "Arvand"}]
    leads.delete_view(view.id)
    assert view.id not in {one.id for one in leads.views()}


def test_records_are_counted_and_summed(shirins):
    deals = shirins.type("opportunity")
    for amount in ("100.5", "200"):
        deals.create({"name": "Pumps", "amount": amount, "currency": "USD", "stage": "contact"})
    [group] = deals.summary(["stage"], sums=["amount"], where=["is_open", "yes"])
    assert (group.keys, group.count, group.sums) == ({"stage": "contact"}, 2, {"amount": {"USD": "300.5"}})


def test_changes_are_followed_by_a_cursor(shirins):
    leads = shirins.type("lead")
    lead = leads.create(SARA)
    feed = shirins.changes(types=["lead"])
    [event] = feed
    assert (event.record, event.kind, event.by.username) == (lead.id, "created", "shirin")
    leads.update(lead.id, {"company": "Arvand"})
    later = shirins.changes(feed.cursor)
    assert [one.values["company"]["after"] for one in later] == ["Arvand"]
    assert list(shirins.changes(later.cursor)) == []


def test_a_loop_that_is_left_sees_its_page_once_more(shirins):
    for number in range(3):
        shirins.type("lead").create({**SARA, "email": f"sara{number}@example.com"})
    feed = shirins.changes()
    for _event in feed:
        break
    assert len(list(shirins.changes(feed.cursor))) == 3


class TestOfSomebodyElse:
    def test_nothing_is_seen_or_done_beyond_his_rights(self, kariz_of, cast):
        hidden = specimens.make(LEAD, cast.bob, "Hidden", email="hidden@example.com")
        leads = kariz_of(cast.reza).type("lead")
        assert list(leads.list()) == []
        assert list(kariz_of(cast.reza).changes()) == []
        for forbidden in (
            lambda: leads.get(hidden.pk),
            lambda: leads.update(hidden.pk, {"company": "Mine"}),
            lambda: leads.delete(hidden.pk),
            lambda: leads.act(hidden.pk, "convert"),
            lambda: leads.comment(hidden.pk, "Mine"),
            lambda: list(leads.history(hidden.pk)),
        ):
            with pytest.raises(NotFound):
                forbidden()
        assert leads.delete_many([hidden.pk]).failed == 1
        assert specimens.current(hidden).company != "Mine"

    def test_what_his_role_may_not_do_is_forbidden(self, kariz_of, cast):
        kaveh = kariz_of(cast.kaveh)
        with pytest.raises(Forbidden):
            kaveh.type("lead").create(SARA)
        assert not LEAD.model.objects.exists()

    def test_nothing_is_done_beyond_the_scope_of_the_token(self, kariz_of, cast):
        made = specimens.make(LEAD, cast.reza, "Sara")
        leads = kariz_of(cast.reza, {"lead": ["read"]}).type("lead")
        assert leads.get(made.pk)["name"] == "Sara"
        with pytest.raises(Forbidden) as refused:
            leads.update(made.pk, {"company": "Arvand"})
        assert refused.value.code == "out_of_scope"
        with pytest.raises(Forbidden):
            list(kariz_of(cast.reza, {"lead": ["read"]}).type("opportunity").list())

    def test_hidden_fields_are_not_asked_for(self, kariz_of, cast):
        metadata.change_field(LEAD, "budget", is_hidden=True)
        leads = kariz_of(cast.reza).type("lead")
        assert "budget" not in {one.name for one in leads.describe().fields}
        with pytest.raises(BadRequest):
            list(leads.list(["budget", "greater", "1"]))

    def test_a_token_that_is_none_lets_nobody_in(self, live_server, cast):
        with Kariz(live_server.url, token="krz_nonsense") as kariz, pytest.raises(Unauthenticated):
            kariz.me()


def test_every_type_is_listed_read_and_described(kariz_of, cast):
    kariz = kariz_of(cast.shirin)
    for record_type in registry.every():
        made = specimens.make_full(record_type, cast.reza, "Full Of Values")
        records = kariz.type(record_type.name)
        links = [one.name for one in records.describe().fields if one.target]
        [found] = [one for one in records.list(expand=links) if one.id == made.pk]
        assert found == records.get(made.pk, expand=links)
        assert set(found.expanded) == set(links)
