"""Merging as people do it: records side by side, from a list, a record's menu or a queue of groups."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kariz import jobs
from kariz.core import actions, changes, merging, records, registry
from kariz.core.models import ChangeBatch
from kariz.features.comments.models import Comment
from kariz.features.comments.writing import comment
from kariz.features.duplicates.merging import proposals, told_of_circles
from kariz.jobs import worker
from kariz.jobs.models import Job
from kariz.notices.models import Notice
from kariz.records.contacts.models import Contact
from kariz.records.leads import conversion
from kariz.records.leads.models import Lead
from kariz.records.organizations.models import Organization
from tests.forms import form, send
from tests.reading import html, links, text, undo_address

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def browser(cast):
    """Pages as somebody gets them; the administrator where nobody is named."""

    def signed_in(user=cast.admin):
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def lead(save):
    return lambda name, **values: save("lead", name=name, source="website", email="a@b.ir", **values)


@pytest.fixture
def side_by_side(browser):
    """The page that shows these records beside each other."""

    def shown(*found, client=None, **more):
        ids = ",".join(str(one.pk) for one in found)
        return (client or browser()).get(f"/{found[0]._meta.model_name}/merge/", {"ids": ids, **more})

    return shown


def test_the_page_asks_only_where_the_records_differ(side_by_side, lead):
    sara = lead("Sara Ahmadi", temperature="hot", city="Tehran")
    sarah = lead("Sarah Ahmadi", temperature="warm", city="Karaj")
    page = side_by_side(sara, sarah)
    asked = {name.removeprefix("take.") for name in form(page, "merge").fields if name.startswith("take.")}
    assert asked == {"name", "temperature", "street"}
    shown = text(page)
    assert "City: Tehran" in shown
    assert "fields are the same in all" in shown


def test_the_fuller_record_is_proposed_and_the_first_that_says_something_wins(side_by_side, lead):
    bare, full = lead("Sara"), lead("Sara Ahmadi", company="Pars", phone="+98 21 8888 1234")
    fields = form(side_by_side(bare, full), "merge").fields
    assert fields["primary"] == [str(full.pk)]
    assert fields["take.company"] == [str(full.pk)]
    fields = form(side_by_side(bare, full, primary=bare.pk), "merge").fields
    assert (fields["primary"], fields["take.name"], fields["take.company"]) == (
        [str(bare.pk)], [str(bare.pk)], [str(full.pk)],
    )  # fmt: skip


def test_what_is_chosen_on_the_page_is_what_becomes_of_the_record(side_by_side, browser, lead):
    sara = lead("Sara Ahmadi", temperature="hot", needs="Pumps.")
    sarah = lead("Sarah Ahmadi", temperature="warm", needs="Pipes.")
    client = browser()
    page = side_by_side(sara, sarah, client=client)
    answer = send(client, page, "merge", merge="1", primary=str(sara.pk),
                  **{"take.temperature": str(sarah.pk), "take.needs": "all"})  # fmt: skip
    assert answer["Location"] == f"/lead/{sara.pk}/"
    now = Lead.objects.get()
    assert (now.name, now.temperature, now.needs) == ("Sara Ahmadi", "warm", "Pumps.\n\nPipes.")
    shown = client.get(answer["Location"])
    assert "1 record was merged into “Sara Ahmadi”." in text(shown)
    batch = ChangeBatch.objects.get(kind="merge")
    assert "deleted this record · Sarah Ahmadi" in text(client.get(f"/batches/{batch.pk}/"))
    client.post(undo_address(shown))
    assert sorted(Lead.objects.values_list("name", flat=True)) == ["Sara Ahmadi", "Sarah Ahmadi"]


def test_the_page_tells_what_moves_and_it_does(side_by_side, browser, save, cast):
    one, other = save("organization", name="Pars Sanat"), save("organization", name="Pars Sanat Co.")
    staff = [save("contact", name=name, organization=other.pk) for name in ("Ali", "Zahra")]
    comment(registry.get("organization"), [other.pk], "Pays late.", cast.admin)
    page = side_by_side(one, other, primary=one.pk)
    assert "2 Contacts" in text(page)
    assert "1 Comments" in text(page)
    send(browser(), page, "merge", merge="1", primary=str(one.pk))
    assert set(Contact.objects.values_list("organization_id", flat=True)) == {one.pk}
    assert Comment.objects.get().record_id == one.pk
    assert {contact.version for contact in Contact.objects.all()} == {staff[0].version + 1}


def test_values_that_have_changed_meanwhile_are_shown_before_anything_happens(
    side_by_side, browser, save, lead
):
    sara, sarah = lead("Sara Ahmadi"), lead("Sarah Ahmadi")
    page = side_by_side(sara, sarah)
    save("lead", sarah, company="Pars Sanat")
    again = send(browser(), page, "merge", merge="1")
    assert again.status_code == 409
    assert "Somebody has changed one of these records meanwhile. Look at the values again." in text(again)
    assert "Pars Sanat" in text(again)
    assert Lead.objects.count() == 2
    send(browser(), again, "merge", merge="1")
    assert Lead.objects.count() == 1


def test_a_record_that_is_gone_meanwhile_is_told_of(side_by_side, browser, lead):
    sara, sarah, third = lead("Sara"), lead("Sarah"), lead("S. Ahmadi")
    page = side_by_side(sara, sarah, third)
    records.delete(registry.get("lead"), [third], user=None)
    again = send(browser(), page, "merge", merge="1")
    assert again.status_code == 409
    assert "Somebody has deleted or merged one of these records meanwhile." in text(again)
    assert Lead.objects.count() == 2


def test_a_converted_lead_takes_the_others_in_and_stays_as_it_is(side_by_side, browser, lead):
    customer = lead("Sara Ahmadi", company="Pars Sanat", phone="+98 21 8888 1234")
    conversion.convert(customer, user=None)
    again = lead("Sara Ahmady", temperature="hot", company="Pars Sanat")
    page = side_by_side(again, customer)
    fields = form(page, "merge").fields
    assert fields["primary"] == [str(customer.pk)]
    assert not [name for name in fields if name.startswith("take.")]
    assert "“Sara Ahmadi” is locked: it keeps its values" in text(page)
    send(browser(), page, "merge", merge="1")
    now = Lead.objects.get()
    assert (now.pk, now.temperature, now.is_converted) == (customer.pk, "", True)


def test_two_converted_leads_are_not_merged(side_by_side, lead):
    for name in ("Sara", "Sarah"):
        conversion.convert(lead(name), user=None)
    page = side_by_side(*Lead.objects.all())
    assert "It can only be the record that the others become part of." in text(page)
    assert ("merge", "1") not in form(page, "ids").buttons


def test_a_conversion_still_leads_to_its_customer_when_contacts_are_merged(save, lead, cast):
    done = conversion.convert(
        lead("Sara Ahmadi", company="Pars Sanat", company_phone="+98 21 8888 1234"), user=None
    )
    other = save("contact", name="Sara Ahmadi")
    firm = save("organization", name="Pars")
    merging.merge(registry.get("contact"), other.pk, [done.contact.pk], user=cast.admin)
    merging.merge(registry.get("organization"), firm.pk, [done.organization.pk], user=cast.admin)
    now = Lead.objects.get()
    assert (now.contact_id, now.organization_id) == (other.pk, firm.pk)
    assert Contact.objects.get().lead_id == Organization.objects.get().lead_id == now.pk
    assert Contact.objects.get().organization_id == firm.pk


class TestCircles:
    """A firm that is part of a daughter of the one that becomes part of it."""

    @pytest.fixture
    def firms(self, save):
        gone = save("organization", name="Parsian")
        between = save("organization", name="Ege", parent=gone.pk)
        return save("organization", name="Pars", parent=between.pk), between, gone

    def test_the_page_says_which_link_will_be_empty_and_undo_brings_it_back(
        self, side_by_side, browser, firms
    ):
        kept, between, gone = firms
        page = side_by_side(kept, gone, primary=kept.pk)
        assert "“Part of” will be empty: what it names would lead back to “Pars” itself." in text(page)
        client = browser()
        shown = client.get(send(client, page, "merge", merge="1")["Location"])
        assert "“Part of” is empty now: what it named led back to “Pars”." in text(shown)
        parents = Organization.objects.values_list("pk", "parent")
        assert dict(parents.all()) == {kept.pk: None, between.pk: kept.pk}
        client.post(undo_address(shown))
        assert dict(parents.all()) == {kept.pk: between.pk, between.pk: gone.pk, gone.pk: None}

    def test_where_nothing_leads_back_nothing_is_said(self, side_by_side, firms):
        assert "will be empty" not in text(side_by_side(*firms[:2]))

    def test_merged_with_others_at_once_it_is_told_too(self, firms, cast):
        kept, _between, gone = firms
        batch = records.batch_of("merge", cast.admin)
        jobs.enqueue(
            "merge_groups",
            record_type="organization",
            groups=[[kept.pk, [gone.pk]]],
            person=cast.admin.pk,
            batch=batch.pk,
        )
        worker.drain()
        assert "Links that would have led back to their own record are empty now." in str(
            Notice.objects.get()
        )
        assert told_of_circles(1) == "1 link that would have led back to its own record is empty now."


def test_who_may_not_delete_what_would_go_is_told_why(side_by_side, browser, save, cast):
    ours = (
        save("contact", name="Ali", owner=cast.maryam.pk),
        save("contact", name="Aly", owner=cast.maryam.pk),
    )
    page = side_by_side(*ours, client=browser(cast.maryam))
    assert "would be deleted, which you may not do." in text(page)
    assert ("merge", "1") not in form(page, "ids").buttons
    sent = {"ids": [str(one.pk) for one in ours], "primary": str(ours[0].pk), "merge": "1"}
    answer = browser(cast.maryam).post("/contact/merge/", sent)
    assert answer.status_code == 422
    assert Contact.objects.count() == 2


def test_what_one_does_not_see_is_not_shown_beside_one_s_own(side_by_side, browser, lead, cast):
    mine, hidden = lead("Sara", owner=cast.maryam.pk), lead("Secret", owner=cast.deniz.pk)
    page = side_by_side(mine, hidden, client=browser(cast.maryam))
    assert page.status_code == 422
    assert "Secret" not in html(page)


class TestFromAList:
    def test_ticked_rows_are_opened_side_by_side(self, browser, lead):
        one, other = lead("Sara"), lead("Sarah")
        page = html(browser().get("/lead/"))
        assert 'formaction="/lead/merge/"' in page
        sent = {"ids": [str(one.pk), str(other.pk)]}
        answer = browser().post("/lead/merge/", sent)
        assert answer["Location"] == f"/lead/merge/?ids={one.pk}%2C{other.pk}"
        inside = browser().post("/lead/merge/", sent, headers=FRAGMENT)
        assert inside.headers["HX-Redirect"] == answer["Location"]

    @pytest.mark.parametrize("count", [0, 1, 6])
    def test_one_or_too_many_are_refused_with_what_to_do(self, browser, lead, count):
        ids = [str(lead(f"Sara {number}").pk) for number in range(count)]
        answer = browser().post("/lead/merge/", {"ids": ids}, headers=FRAGMENT)
        assert "Tick two to 5 records in the list, then merge them." in text(answer)

    def test_all_of_a_short_list_can_be_taken(self, browser, lead):
        one, other = lead("Sara"), lead("Sarah")
        answer = browser().post("/lead/merge/", {"all": "1"})
        assert str(one.pk) in answer["Location"]
        assert str(other.pk) in answer["Location"]

    def test_the_button_is_for_those_who_may_delete(self, browser, cast):
        assert "/contact/merge/" not in html(browser(cast.maryam).get("/contact/"))


class TestFromARecord:
    def test_its_menu_leads_to_those_that_may_be_the_same(self, browser, lead):
        sara, _sarah = (
            lead("Sara Ahmadi", phone="+98 21 8888 1234"),
            lead("Sara Ahmadi", phone="+98 21 8888 1234"),
        )
        assert f"/lead/{sara.pk}/merge/" in html(browser().get(f"/lead/{sara.pk}/"))
        page = browser().get(f"/lead/{sara.pk}/merge/")
        assert "Choose up to 4 records that are the same." in text(page)

    def test_those_chosen_are_opened_beside_it(self, browser, lead):
        sara, sarah = lead("Sara"), lead("Sarah")
        answer = browser().get(f"/lead/{sara.pk}/merge/", {"ids": [str(sarah.pk)]})
        assert answer["Location"] == f"/lead/merge/?ids={sara.pk}%2C{sarah.pk}"

    def test_who_has_chosen_none_or_too_many_is_told(self, browser, lead):
        sara, *others = (lead(f"Sara {number}") for number in range(6))
        address = f"/lead/{sara.pk}/merge/"
        nobody = browser().get(address, {"merge_text": "Sara", "ids": [str(sara.pk)]})
        assert "Choose a record from the suggestions." in text(nobody)
        crowd = browser().get(address, {"ids": [str(one.pk) for one in others]})
        assert "Choose 4 records at most." in text(crowd)

    def test_the_box_finds_records_by_name_and_offers_no_new_one(self, browser, lead):
        sara = lead("Sara")
        assert "?known=1" in html(browser().get(f"/lead/{sara.pk}/merge/"))
        found = browser().get("/lead/lookup/", {"q": "Sara", "known": "1"}, headers=FRAGMENT)
        assert "Create" not in text(found)

    def test_the_action_does_the_same_for_programs(self, lead, cast):
        sara, sarah = lead("Sara"), lead("Sarah", company="Pars")
        batch = actions.run("merge", registry.get("lead"), sara, user=cast.admin, others=[sarah.pk])
        assert Lead.objects.get().company == "Pars"
        changes.undo(batch, cast.admin)
        assert Lead.objects.count() == 2


def test_afterwards_one_is_back_where_one_came_from_but_never_elsewhere(side_by_side, browser, lead):
    for back, there in (("/duplicates/lead/", "/duplicates/lead/"), ("https://evil.example/", "/lead/")):
        one, other = lead("Sara"), lead("Sarah")
        answer = send(browser(), side_by_side(one, other, back=back), "merge", merge="1")
        assert answer["Location"].startswith(there)


def test_a_group_of_the_queue_is_merged_and_gone_until_undo_and_the_next_scan(browser, lead, scanned):
    phone = {"phone": "+98 912 345 6789", "company": "Pars"}
    lead("Sara Ahmadi", **phone), lead("Sara Ahmadi", **phone)
    assert scanned() == [["Sara Ahmadi", "Sara Ahmadi"]]
    client = browser()
    [address] = [url for name, url in links(client.get("/duplicates/lead/")).items() if name == "Merge"]
    answer = send(client, client.get(address), "merge", merge="1")
    assert answer["Location"].startswith("/duplicates/lead/")
    queue = client.get(answer["Location"])
    assert "Sara Ahmadi" not in text(queue).replace("merged into “Sara Ahmadi”", "")
    client.post(undo_address(queue))
    assert scanned() == [["Sara Ahmadi", "Sara Ahmadi"]]


def test_many_groups_are_merged_by_a_job_that_tells_its_person(lead, cast):
    pairs = [(lead(f"Sara {n}"), lead(f"Sara {n} Ahmadi", company="Pars")) for n in range(3)]
    found = proposals(registry.get("lead"), [[one.pk, other.pk] for one, other in pairs], cast.admin)
    assert [group.primary for group in found] == [other.pk for _one, other in pairs]
    batch = records.batch_of("merge", cast.admin)
    jobs.enqueue(
        "merge_groups",
        user=cast.admin,
        record_type="lead",
        groups=[[group.primary, group.others] for group in found],
        person=cast.admin.pk,
        batch=batch.pk,
    )
    worker.drain()
    done = Job.objects.get(name="merge_groups")
    assert (done.state, done.result["done"], done.result["left_count"]) == ("done", 3, 0)
    assert Lead.objects.count() == 3
    told = Notice.objects.get(url=f"/batches/{batch.pk}/")
    assert str(told) == "3 groups of duplicates were merged, 0 were left as they are."
    assert changes.undo(ChangeBatch.objects.get(pk=batch.pk), cast.admin).kept == []
    assert Lead.objects.count() == 6


def test_the_page_costs_the_same_for_five_records_as_for_two(side_by_side, browser, lead):
    found = [lead(f"Sara {n}", company=f"Pars {n}", products=[]) for n in range(5)]
    client = browser()
    side_by_side(*found[:2], client=client)
    counts = []
    for some in (found[:2], found):
        with CaptureQueriesContext(connection) as asked:
            side_by_side(*some, client=client)
        counts.append(len(asked))
    assert counts[0] == counts[1], counts
