from threading import Barrier, Thread

import pytest
from django.db import connection

from kariz.core import records, registry
from kariz.core.duplicates import match_or_create
from kariz.core.records import Invalid
from kariz.features.duplicates.models import Request
from kariz.notices.models import Notice
from kariz.records.leads.models import Lead


@pytest.fixture
def ask(cast):
    """A request that reaches Kariz through a channel."""

    def asked(source="website", text="Please call me.", **values):
        return match_or_create(registry.get("lead"), values, source=source, text=text)

    return asked


@pytest.mark.covers("R058", "R059", "R060")
def test_the_same_mail_twice_is_one_card_two_requests_and_one_notice(ask, save, cast):
    first = ask(name="Hossein", email="h@ege.tr")
    assert first.is_new
    assert (first.record.source, first.record.title) == ("website", "Hossein")
    save("lead", first.record, owner=cast.maryam.pk)
    Notice.objects.all().delete()
    second = ask(name="Hosein", email="H@ege.tr", source="email", text="Again.")
    assert not second.is_new
    assert second.record == first.record
    assert Lead.objects.count() == 1
    said = [(one.source, one.text, one.is_of_known) for one in Request.objects.order_by("id")]
    assert said == [("website", "Please call me.", False), ("email", "Again.", True)]
    [notice] = Notice.objects.all()
    assert (notice.user, str(notice)) == (cast.maryam, "“Hossein” has sent a new request.")


@pytest.mark.covers("R058", "R059")
def test_a_contact_is_known_by_a_phone_that_is_written_otherwise(ask, save, cast):
    hossein = save("contact", name="Hossein", mobile="+90 532 000 00 01", user=cast.maryam)
    met = ask(name="H. Karimi", phone="05320000001")
    assert met.record == hossein
    assert not Lead.objects.exists()
    assert Notice.objects.get().user == cast.maryam


def test_a_lead_that_became_a_customer_leads_to_the_customer(ask, cast):
    from kariz.records.leads import conversion

    made = conversion.convert(ask(name="Sara", email="s@ege.tr").record, user=None)
    assert ask(email="s@ege.tr").record == made.contact


def test_the_phone_of_a_company_and_a_name_make_nobody_known(ask, save):
    save("lead", name="Sara", company="Ege", company_phone="02188881234", source="email")
    assert ask(name="Sara", phone="02188881234").is_new


def test_a_request_that_makes_no_card_leaves_nothing(ask):
    with pytest.raises(Invalid):
        ask(name="Sara", email="not an address")
    assert not Request.objects.exists()


def test_what_was_asked_stands_on_the_card(ask, cast, client):
    ask(email="s@ege.tr", name="Sara")
    met = ask(email="s@ege.tr", source="phone", text="<b>Call</b> me", name="Sara A.")
    client.force_login(cast.admin)
    page = client.get(f"/lead/{met.record.pk}/?tab=requests")
    shown = page.content.decode()
    assert "&lt;b&gt;Call&lt;/b&gt; me" in shown
    assert "Phone call" in shown
    assert "Sara A." in shown


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "sqlite" in str(connection.settings_dict["ENGINE"]), reason="SQLite has one writer at a time"
)
def test_two_requests_at_once_make_one_card():
    start, failed = Barrier(4), []

    def ask(n):
        try:
            start.wait()
            match_or_create(
                registry.get("lead"),
                {"name": f"Sara {n}", "email": "s@ege.tr", "phone": "+989121234567"},
                source="website",
            )
        except Exception as error:  # noqa: BLE001  told below
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=ask, args=[n]) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert Lead.objects.count() == 1
    assert Request.objects.count() == 4
    assert records.visible(registry.get("lead"), None).count() == 1
