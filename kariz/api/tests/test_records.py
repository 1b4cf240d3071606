"""Records over the API: the same records, rules and rights as on the screens."""

import json

import pytest

from kariz.core import metadata, registry
from kariz.core.models import ChangeBatch
from kariz.features.duplicates.marking import NAME
from tests import specimens
from tests.cast import signed_in
from tests.reading import EVERYTHING, at, rows

LEAD, OPPORTUNITY = registry.get("lead"), registry.get("opportunity")


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["items"]]


def stored(record_type, record):
    """What the record holds in the fields that are not hidden."""
    return {name: value for name, value in specimens.held(record).items() if name in record_type.fields}


class TestReading:
    def test_a_record_is_read_with_every_value_as_the_change_log_keeps_it(self, record_type, full, shirins):
        found = shirins.get(f"{record_type.name}/{full.pk}").json()
        assert found.pop("updated_at")
        assert (found.pop("id"), found.pop("version")) == (full.pk, full.version)
        assert found == stored(record_type, full)

    def test_what_was_read_can_be_written_again_and_changes_nothing(self, record_type, full, shirins):
        before = shirins.get(f"{record_type.name}/{full.pk}").json()
        kept = {name for name, field in record_type.fields.items() if field.is_readonly}
        same = {name: value for name, value in before.items() if name not in kept | {"id"}}
        answer = shirins.patch(f"{record_type.name}/{full.pk}", same)
        assert answer.status_code == 200, answer.content
        assert answer.json() == before
        assert "Kariz-Batch" not in answer

    def test_everyone_lists_the_records_of_his_screen(self, record_type, cast, program):
        for owner in (cast.reza, cast.maryam, cast.bob, cast.shirin):
            specimens.make(record_type, owner, f"Of {owner.username}")
        for person in (cast.shirin, cast.demir, cast.reza, cast.elif_, cast.kaveh, cast.bob):
            screen = signed_in(person).get(at("list", record_type), EVERYTHING)
            listed = program(person).get(record_type.name)
            assert listed.status_code == screen.status_code
            if listed.status_code == 200:
                assert ids(listed) == rows(screen)

    def test_a_list_goes_on_where_its_cursor_says(self, cast, shirins):
        made = [specimens.make(LEAD, cast.reza, f"Sara {n}").pk for n in range(7)]
        seen, query = [], {"limit": 3, "sort": "created_at", "fields": "name"}
        while True:
            answer = shirins.get("lead", query)
            seen += ids(answer)
            if not answer.json()["next"]:
                break
            query["cursor"] = answer.json()["next"]
        assert seen == made
        back = shirins.get("lead", query | {"cursor": answer.json()["previous"]})
        assert ids(back) == made[3:6]

    def test_a_cursor_of_another_order_is_refused(self, cast, shirins):
        for n in range(3):
            specimens.make(LEAD, cast.reza, f"Sara {n}")
        cursor = shirins.get("lead", {"limit": 1, "sort": "created_at"}).json()["next"]
        for query in ({"sort": "name", "cursor": cursor}, {"cursor": "nonsense"}, {"cursor": "WzFd"}):
            assert shirins.get("lead", query).json()["error"]["fields"]["cursor"]

    def test_conditions_plain_values_words_and_marks_narrow_a_list(self, cast, shirins):
        sara = specimens.make(LEAD, cast.reza, "Sara", company="Arvand", is_do_not_call=True)
        ali = specimens.make(LEAD, cast.bob, "Ali", company="Pars")
        where = {
            "where": json.dumps({"any": [["name", "is", "Ali"], ["company", "contains", "rvan"]]}),
            "sort": "name",
        }
        assert ids(shirins.get("lead", where)) == [ali.pk, sara.pk]
        assert ids(shirins.get("lead", {"owner": cast.bob.pk})) == [ali.pk]
        assert ids(shirins.get("lead", {"name": ["Sara", "Ali"], "sort": "name"})) == [ali.pk, sara.pk]
        assert ids(shirins.get("lead", {"is_do_not_call": "true"})) == [sara.pk]
        assert ids(shirins.get("lead", {"job_title": ""})) == ids(shirins.get("lead"))
        assert ids(shirins.get("lead", {"q": "arvand"})) == [sara.pk]
        assert ids(shirins.get("lead", {NAME: "true"})) == []
        counted = shirins.get("lead", {"count": "true", "limit": 1}).json()
        assert (counted["count"], counted["count_is_capped"], len(counted["items"])) == (2, False, 1)

    def test_a_hidden_field_is_neither_read_nor_asked_nor_sorted_by(self, sara_lead, shirins):
        metadata.change_field(LEAD, "needs", is_hidden=True)
        assert "needs" not in shirins.get(f"lead/{sara_lead.pk}").json()
        for query in (
            {"where": '["needs","contains","x"]'},
            {"needs": "x"},
            {"fields": "needs"},
            {"sort": "needs"},
            {"expand": "needs"},
        ):
            answer = shirins.get("lead", query)
            assert (answer.status_code, "needs" in answer.content.decode()) == (400, True)
        answer = shirins.patch(f"lead/{sara_lead.pk}", {"needs": "x"})
        assert answer.json()["error"]["fields"] == {"needs": ["There is no field “needs”."]}

    def test_linked_records_come_along_as_far_as_one_sees_them(self, cast, program):
        mine, theirs = specimens.make(LEAD, cast.reza, "Mine"), specimens.make(LEAD, cast.bob, "Theirs")
        deals = [
            specimens.make(OPPORTUNITY, cast.reza, f"Deal {n}", lead=one.pk)
            for n, one in enumerate((mine, theirs))
        ]
        answer = (
            program(cast.reza)
            .get("opportunity", {"expand": "lead,owner", "fields": "name", "sort": "name"})
            .json()
        )
        first, second = (one["_expanded"] for one in answer["items"])
        assert [one["id"] for one in answer["items"]] == [deal.pk for deal in deals]
        assert (first["lead"]["name"], second["lead"]) == ("Mine", None)
        assert first["owner"] == {"id": cast.reza.pk, "name": "Reza Moradi", "is_active": True}

    def test_a_record_that_one_may_not_see_is_not_there(self, record_type, cast, program):
        hidden = specimens.make(record_type, cast.bob, "Hidden")
        screen = signed_in(cast.kaveh).get(at("record", record_type, hidden.pk))
        kaveh = program(cast.kaveh)
        address = f"{record_type.name}/{hidden.pk}"
        if screen.status_code == 404:
            answers = [
                kaveh.get(address),
                kaveh.patch(address, {}),
                kaveh.delete(address),
                kaveh.get(f"{address}/history"),
            ]
            assert {answer.status_code for answer in answers} <= {403, 404}
        assert specimens.current(hidden).pk == hidden.pk

    def test_an_amount_never_comes_without_its_currency(self, cast, shirins):
        deal = specimens.make(OPPORTUNITY, cast.reza, "Deal", amount="12.5", currency="USD")
        found = shirins.get(f"opportunity/{deal.pk}", {"fields": "amount"}).json()
        assert (found["amount"], found["currency"]) == ("12.5", "USD")


@pytest.fixture
def sara_lead(cast):
    return specimens.make(LEAD, cast.reza, "Sara")


class TestWriting:
    def test_every_value_can_be_sent_as_it_is_read(self, record_type, full, cast, shirins):
        held = shirins.get(f"{record_type.name}/{full.pk}").json()
        unique = {c.name for c in record_type.model._meta.concrete_fields if c.unique}
        sent = {n: held[n] for n in specimens.fields(record_type) if n not in unique}
        answer = shirins.post(record_type.name, sent)
        assert answer.status_code == 201, answer.content
        made = answer.json()
        assert {name: made[name] for name in sent} == sent
        assert answer["Location"] == f"/api/v1/{record_type.name}/{made['id']}"
        assert ChangeBatch.objects.get(pk=int(answer["Kariz-Batch"])).user == cast.shirin

    @pytest.mark.covers("R042")
    def test_values_mean_the_same_whoever_sends_them(self, cast, program):
        maryams = program(cast.maryam)
        sent = {
            "name": "سارا",
            "email": "sara@example.com",
            "source": "website",
            "budget": "1200.5",
            "next_contact_on": "2026-05-14",
        }
        sent = {name: value for name, value in sent.items() if name in LEAD.fields}
        answer = maryams.post("lead", sent)
        assert answer.status_code == 201, answer.content.decode()
        made = answer.json()
        assert {name: made[name] for name in sent} == sent

    def test_custom_fields_are_written_checked_and_read_like_all_others(self, cast, shirins):
        metadata.add_field(LEAD, label="Tier", type="text")
        metadata.add_field(LEAD, label="Seats", type="number")
        made = shirins.post("lead", specimens.least(LEAD) | {"tier": "gold", "seats": 12}).json()
        assert (made["tier"], made["seats"]) == ("gold", "12")
        assert ids(shirins.get("lead", {"tier": "gold"})) == [made["id"]]
        wrong = shirins.patch(f"lead/{made['id']}", {"seats": "many", "tier": 7}).json()["error"]["fields"]
        assert set(wrong) == {"seats", "tier"}

    def test_what_kariz_keeps_is_not_set(self, record_type, full, shirins):
        before = specimens.held(full)
        kept = {n: 1 for n, field in record_type.fields.items() if field.is_readonly}
        kept |= dict.fromkeys(("id", "pk", "sort_name", "rank", "custom", "owner_id", "created_by_id"), 1)
        for name, value in kept.items():
            answer = shirins.patch(f"{record_type.name}/{full.pk}", {name: value})
            assert (answer.status_code, list(answer.json()["error"]["fields"])) == (422, [name])
            assert shirins.post(record_type.name, {name: value}).status_code == 422
        assert specimens.held(full) == before

    @pytest.mark.parametrize(
        "sent",
        [
            {"name": 5}, {"name": ["x"]}, {"budget": "1e999"}, {"budget": True}, {"budget": "NaN"}, {"owner": "x"},
            {"owner": 10**30}, {"owner": True}, {"products": 5}, {"products": [{}]}, {"is_do_not_call": "yes"},
            {"email": "nonsense"}, {"phone": "abc"}, {"status": "no such"}, {"milestones": [7]}, {"name": "x" * 5000},
            {"phone_verified_at": "2026"}, {"nothing": 1},
        ],
        ids=str,
    )  # fmt: skip
    def test_a_value_that_makes_no_sense_is_named(self, sent, sara_lead, shirins):
        answer = shirins.patch(f"lead/{sara_lead.pk}", sent)
        [name] = sent
        assert answer.status_code == 422, answer.content
        assert list(answer.json()["error"]["fields"]) == [name]

    def test_different_fields_merge_and_the_same_one_clashes(self, sara_lead, shirins):
        address = f"lead/{sara_lead.pk}"
        assert shirins.patch(address, {"version": 1, "company": "Arvand"}).json()["version"] == 2
        merged = shirins.patch(address, {"job_title": "CEO"}, If_Match='"1"')
        assert (merged.json()["company"], merged.json()["job_title"], merged["ETag"]) == (
            "Arvand",
            "CEO",
            '"3"',
        )
        clash = shirins.patch(address, {"version": 1, "company": "Pars"})
        error = clash.json()["error"]
        assert (clash.status_code, error["code"], clash["ETag"]) == (409, "conflict", '"3"')
        assert error["items"] == [
            {"field": "company", "base": "company of Sara", "theirs": "Arvand", "mine": "Pars"}
        ]
        assert specimens.current(sara_lead).company == "Arvand"

    def test_a_record_that_is_given_away_is_not_shown_any_more(self, cast, program):
        rezas = program(cast.reza)
        made = rezas.post("lead", specimens.least(LEAD)).json()
        given = rezas.patch(f"lead/{made['id']}", {"owner": cast.bob.pk})
        assert (given.status_code, set(given.json())) == (200, {"id", "version"})
        assert rezas.get(f"lead/{made['id']}").status_code == 404

    def test_a_version_that_is_none_is_refused(self, sara_lead, shirins):
        assert shirins.patch(f"lead/{sara_lead.pk}", {"version": "x"}).json()["error"]["fields"]["version"]
        assert (
            shirins.patch(f"lead/{sara_lead.pk}", {}, If_Match='"x"').json()["error"]["code"] == "bad_version"
        )

    def test_a_deleted_record_comes_back_by_its_batch(self, record_type, sara, shirins):
        before = specimens.held(sara)
        answer = shirins.delete(f"{record_type.name}/{sara.pk}")
        assert shirins.get(f"{record_type.name}/{sara.pk}").status_code == 404
        undone = shirins.post(f"batches/{answer.json()['batch']}/undo").json()
        assert (undone["is_done"], undone["restored"], undone["kept"]) == (True, 1, [])
        assert specimens.held(sara) == before

    def test_what_one_may_not_change_on_the_screen_one_may_not_change_here(self, cast, program):
        theirs = specimens.make(LEAD, cast.maryam, "Theirs")
        before = specimens.held(theirs)
        for person in (cast.reza, cast.elif_, cast.kaveh, cast.bob):
            asks = program(person)
            answer = asks.patch(f"lead/{theirs.pk}", {"company": "Mine"})
            screen = signed_in(person).get(at("edit", LEAD, theirs.pk)).status_code
            assert answer.status_code == {200: 200, 403: 403, 404: 404}[screen]
            if screen != 200:
                assert specimens.held(theirs) == before

    def test_a_link_leads_only_to_records_that_one_may_see(self, cast, program):
        hidden = specimens.make(LEAD, cast.bob, "Hidden")
        sent = specimens.least(OPPORTUNITY) | {"lead": hidden.pk}
        answer = program(cast.reza).post("opportunity", sent)
        assert "does not exist, or you may not see it" in answer.json()["error"]["fields"]["lead"][0]
