"""What people say about being reached: recorded with its proof, asked in lists, agreed with by the columns."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from kariz.core import actions, conditions, doctor, merging, records, registry
from kariz.features.privacy import consent
from kariz.features.privacy.consent import CLOSED_BY, NO, Word
from kariz.features.privacy.models import Channel, Consent
from kariz.jobs import worker
from kariz.web import bulk
from tests import specimens
from tests.forms import form, send
from tests.reading import FRAGMENT, at, rows, text

LEAD, CONTACT = registry.get("lead"), registry.get("contact")


@pytest.fixture
def sara(cast):
    return specimens.make(LEAD, cast.reza, "Sara Ahmadi", email="sara@example.org")


@pytest.fixture
def say(cast):
    def record(person, channel, state, user=None, **more):
        consent.record(registry.of(person), [person.pk], Word(channel, state, **more), user or cast.shirin)

    return record


def tab(client, record):
    return client.get(at("tab", registry.of(record), record.pk, "consent"), headers=FRAGMENT)


def state(record, channel):
    row = consent.newest(registry.of(record), [record.pk]).get(record.pk, {}).get(channel)
    return consent.state(specimens.current(record), row, channel)


@pytest.mark.covers("R052")
def test_a_consent_is_recorded_with_its_proof_and_its_date(sara, cast, browser_of):
    reza = browser_of(cast.reza)
    page = tab(reza, sara)
    answer = send(
        reza, page, "text", channel="email", state="given", at="2026-05-14 14:30", valid_until="2027-05-14",
        source="form", text="I agree to be written to.", note="Fair in Tehran", url="https://example.org/form",
    )  # fmt: skip
    assert answer.status_code == 302
    words = text(tab(reza, sara))
    for told in (
        "E-mail Given May 14, 2026 May 14, 2027 A form",
        "I agree to be written to.",
        "Fair in Tehran",
    ):
        assert told in words
    [row] = Consent.objects.all()
    assert (row.user, row.url, row.at.isoformat()) == (
        cast.reza,
        "https://example.org/form",
        "2026-05-14T11:00:00+00:00",
    )
    assert consent.may_contact(sara, "email")
    assert not consent.may_contact(sara, "sms")


def test_withdrawing_adds_a_row_and_keeps_the_first(sara, shirin, say):
    say(sara, "email", "given", text="I agree.")
    answer = shirin.post(
        reverse("privacy:consent", args=["lead", sara.pk]),
        {"channel": "email", "state": "withdrawn"},
        headers=FRAGMENT,
    )
    assert "Withdrawn" in text(answer)
    assert [row.state for row in Consent.objects.all()] == ["withdrawn", "given"]
    assert not consent.may_contact(sara, "email")


def test_several_records_get_the_same_word_where_one_may_change_them(cast, browser_of, sara):
    demir = browser_of(cast.demir)
    hers = specimens.make(LEAD, cast.bob, "Bob's")
    page = demir.post(reverse("privacy:consent_bulk", args=["lead"]), {"ids": f"{sara.pk},{hers.pk}"})
    send(demir, page, "text", channel="sms", state="refused")
    assert [(row.record_id, row.state) for row in Consent.objects.all()] == [(sara.pk, "refused")]


def test_a_whole_list_gets_the_same_word_by_a_job_where_it_is_long(cast, shirin, monkeypatch):
    monkeypatch.setattr(bulk, "DIRECTLY", 2)
    for n in range(4):
        specimens.make(LEAD, cast.reza, f"No {n}")
    where = '{"all": [["title", "is_not", "No 3"]]}'
    page = shirin.post(
        f"{reverse('privacy:consent_bulk', args=['lead'])}?{urlencode({'where': where})}", {"all": "1"}
    )
    assert "Record consent for 3 records" in text(page)
    answer = send(shirin, page, "text", channel="email", state="withdrawn")
    assert "in the background" in text(shirin.get(answer["Location"]))
    assert not Consent.objects.exists()
    worker.drain()
    assert Consent.objects.filter(state="withdrawn").count() == 3
    assert LEAD.model.objects.filter(is_opted_out=True).count() == 3


def test_a_word_that_cannot_be_is_refused_and_nothing_typed_is_lost(sara, shirin):
    page = tab(shirin, sara)
    tomorrow = (timezone.now() + timedelta(days=2)).strftime("%Y-%m-%d %H:%M")
    for wrong, why in [
        ({"channel": ""}, "Choose a channel."),
        ({"channel": "pigeon"}, "Choose a channel."),
        ({"channel": "email", "at": "soon"}, "is not a date and time"),
        ({"channel": "email", "at": tomorrow}, "Nobody can have said it in the future"),
        ({"channel": "email", "url": "javascript:alert(1)"}, "Write the whole address"),
        ({"channel": "email", "at": "2026-05-14", "valid_until": "2026-05-01"}, "ended before it was said"),
        ({"channel": "email", "state": "perhaps"}, "Choose one of the list."),
    ]:
        answer = send(shirin, page, "text", **{"text": "I agree.", **wrong})
        assert answer.status_code == 422
        assert why in text(answer)
        assert form(answer, "text").fields["text"] == ["I agree."]
    assert not Consent.objects.exists()


def test_those_who_may_not_change_the_record_record_nothing(sara, cast, browser_of):
    kaveh = browser_of(cast.kaveh)
    assert (
        kaveh.post(reverse("privacy:consent", args=["lead", sara.pk]), {"channel": "email"}).status_code
        == 404
    )
    person = specimens.make(CONTACT, cast.can, "Can's")
    reading = browser_of(cast.elif_)
    assert tab(reading, person).status_code == 200
    assert "Rıza kaydet" not in text(tab(reading, person))
    said = {"channel": "email", "state": "given"}
    assert reading.post(reverse("privacy:consent", args=["contact", person.pk]), said).status_code == 403
    assert not Consent.objects.exists()


class TestColumns:
    def test_a_withdrawal_closes_the_column_and_a_consent_opens_it(self, sara, say):
        say(sara, "email", "withdrawn")
        say(sara, "phone", "refused")
        assert specimens.current(sara).is_opted_out
        assert specimens.current(sara).is_do_not_call
        say(sara, "email", "given")
        assert not specimens.current(sara).is_opted_out

    def test_a_column_that_somebody_ticks_is_a_word(self, sara, cast):
        records.save(LEAD, sara, {"is_opted_out": "true"}, user=cast.reza)
        assert state(sara, "email") == "withdrawn"
        assert Consent.objects.get().source == "fields"
        records.save(LEAD, sara, {"is_opted_out": ""}, user=cast.reza)
        assert state(sara, "email") == "unknown"

    @pytest.mark.covers("R052")
    def test_the_consent_of_a_lead_is_the_word_about_its_data(self, sara, cast, say):
        records.save(LEAD, sara, {"consent_text": "Pass it on."}, user=cast.reza)
        row = Consent.objects.get(channel="data")
        assert (row.state, row.text, row.at) == ("given", "Pass it on.", specimens.current(sara).consented_at)
        say(sara, "data", "withdrawn")
        assert specimens.current(sara).consent_withdrawn_at
        assert state(sara, "data") == "withdrawn"
        say(sara, "data", "given", text="Again.")
        lead = specimens.current(sara)
        assert (lead.consent_text, lead.consent_withdrawn_at) == ("Again.", None)

    def test_a_locked_record_still_hears_a_withdrawal(self, cast, say):
        lead = specimens.make(LEAD, cast.reza, "Sara", email="sara@example.org", company="")
        actions.run("convert", LEAD, lead, user=cast.shirin)
        say(lead, "email", "withdrawn")
        assert specimens.current(lead).is_opted_out

    def test_an_import_of_many_brings_their_words_in_one_statement_more(
        self, cast, django_assert_max_num_queries
    ):
        given = [(LEAD.model(), specimens.least(LEAD, f"No {n}", is_opted_out="true")) for n in range(50)]
        batch = records.batch_of("import", cast.reza)
        with django_assert_max_num_queries(40):
            records.save_many(LEAD, given, user=cast.reza, batch=batch)
        assert Consent.objects.filter(channel="email", state="withdrawn").count() == 50

    @given(
        said=st.lists(
            st.tuples(st.booleans(), st.sampled_from(["email", "phone"]), st.booleans()), max_size=6
        )
    )
    @examples(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    def test_whatever_is_said_in_whatever_order_both_agree(self, cast, said):
        lead = specimens.make(LEAD, cast.reza, "Sara", email="sara@example.org")
        for by_word, channel, is_no in said:
            if by_word:
                word = Word(channel, "withdrawn" if is_no else "given")
                consent.record(LEAD, [lead.pk], word, cast.shirin)
            else:
                records.save(LEAD, specimens.current(lead), {CLOSED_BY[channel]: is_no}, user=cast.shirin)
            for one, name in CLOSED_BY.items():
                assert (state(lead, one) in NO) == getattr(specimens.current(lead), name)

    def test_the_doctor_finds_what_disagrees(self, sara, say):
        say(sara, "email", "withdrawn")
        LEAD.model.objects.update(is_opted_out=False)
        [found] = [one for one in doctor.examine() if one.name == "disagreeing_consents"]
        found.repair()
        assert specimens.current(sara).is_opted_out
        assert not [one for one in doctor.examine() if one.name == "disagreeing_consents"]


class TestTravelling:
    def test_words_move_along_when_records_are_merged_and_the_newest_counts(self, sara, cast, say):
        other = specimens.make(LEAD, cast.reza, "Sara A.", email="sara@example.org")
        say(sara, "email", "given", at=timezone.now() - timedelta(days=2))
        say(other, "email", "withdrawn")
        merging.merge(LEAD, sara.pk, [other.pk], user=cast.shirin)
        assert state(sara, "email") == "withdrawn"
        assert specimens.current(sara).is_opted_out

    def test_what_a_lead_said_its_contact_has_said(self, cast, say):
        lead = specimens.make(LEAD, cast.reza, "Sara", email="sara@example.org", company="Arvand")
        say(lead, "email", "given", text="I agree.")
        say(lead, "phone", "withdrawn")
        actions.run("convert", LEAD, specimens.current(lead), user=cast.shirin)
        contact = specimens.current(lead).contact
        assert consent.may_contact(contact, "email")
        assert specimens.current(contact).is_do_not_call
        assert not Consent.objects.exclude(record_type__in=["lead", "contact"]).exists()


class TestAsking:
    @pytest.fixture
    def people(self, cast, say):
        found = {}
        for name in ("given", "withdrawn", "refused", "unknown", "lapsed", "again"):
            found[name] = specimens.make(LEAD, cast.reza, name)
        for name in ("given", "withdrawn", "refused"):
            say(found[name], "email", name)
        ago = timezone.now() - timedelta(days=40)
        say(found["lapsed"], "email", "given", at=ago, valid_until=(ago + timedelta(days=20)).date())
        say(found["again"], "email", "withdrawn", at=ago)
        say(found["again"], "email", "given")
        return found

    @pytest.mark.parametrize(
        ("asked", "names"),
        [
            (["is", "given"], ["again", "given"]),
            (["is", "withdrawn"], ["withdrawn"]),
            (["is", "unknown"], ["unknown"]),
            (["is", "lapsed"], ["lapsed"]),
            (["one_of", ["withdrawn", "refused"]], ["refused", "withdrawn"]),
            (["is_not", "given"], ["lapsed", "refused", "unknown", "withdrawn"]),
        ],
    )
    def test_lists_ask_for_consent(self, people, asked, names):
        found = records.visible(LEAD, None, where=["consent_email", *asked])
        assert sorted(one.title for one in found) == names

    def test_the_filter_offers_it_and_says_it_in_a_sentence(self, people, shirin):
        where = '["consent_email","is","given"]'
        page = shirin.get(at("list", LEAD), {"where": where})
        assert "Consent: E-mail is Given" in text(page)
        assert sorted(rows(page)) == sorted([people["given"].pk, people["again"].pk])
        row = shirin.get(
            at("condition", LEAD), {"field": "consent_email", "operator": "is"}, headers=FRAGMENT
        )
        assert "Lapsed" in text(row)

    def test_deals_say_nothing_of_consent(self, db):
        assert "consent_email" in conditions.askable(CONTACT)
        assert "consent_email" not in conditions.askable(registry.get("opportunity"))

    def test_columns_from_before_count_where_nobody_has_said_anything(self, people):
        LEAD.model.objects.filter(pk=people["unknown"].pk).update(is_opted_out=True)
        assert records.visible(LEAD, None, where=["consent_email", "is", "unknown"]).count() == 0
        unknown = specimens.current(people["unknown"])
        assert not consent.may_contact(unknown, "email", unless_refused=True)
        assert consent.may_contact(unknown, "sms", unless_refused=True)
        assert not consent.may_contact(specimens.current(people["lapsed"]), "email")


def test_administrators_add_rename_and_hide_channels(shirin, sara, cast, browser_of):
    page = shirin.get(reverse("privacy:channels"))
    shirin.post(reverse("privacy:channels"), {"label": "Visits at home"})
    fax = Channel.objects.get(key="visits_at_home")
    assert "Visits at home" in text(tab(shirin, sara))
    sms = Channel.objects.get(key="sms")
    shirin.post(reverse("privacy:channel", args=[sms.pk]), {"label": "SMS"})
    shirin.post(reverse("privacy:channel", args=[fax.pk]), {"label": "Visits", "is_offered": "1"})
    words = text(tab(shirin, sara))
    assert "Visits" in words
    assert "SMS" not in words
    assert "consent_sms" not in conditions.askable(LEAD)
    assert page.status_code == 200
    assert browser_of(cast.reza).get(reverse("privacy:channels")).status_code == 403


def test_the_tab_asks_the_database_no_more_often_the_more_was_said(
    sara, shirin, say, django_assert_num_queries
):
    say(sara, "email", "given")
    tab(shirin, sara)
    with CaptureQueriesContext(connection) as few:
        tab(shirin, sara)
    for _n in range(5):
        say(sara, "phone", "given")
    with django_assert_num_queries(len(few)):
        tab(shirin, sara)
