"""The data-health page: numbers of what is wrong, each a way to exactly its records, and fixes with undo."""

import json
import re
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import gettext_lazy

from kariz.accounts import company, people, teams
from kariz.accounts.models import Company, Team
from kariz.accounts.roles import ShippedRole
from kariz.core import changes, marks, measures, records, registry
from kariz.core.measures import Measure
from kariz.core.models import ChangeBatch, SearchRow
from kariz.jobs import worker
from kariz.notices.models import Notice
from kariz.records.contacts.models import Contact
from kariz.records.leads.models import Lead
from kariz.web import bulk


@pytest.fixture(autouse=True)
def in_iran(db):
    Company.objects.update_or_create(pk=1, defaults={"region": "IR"})
    company.touch()
    yield
    company.forget()


@pytest.fixture
def team():
    return teams.place(Team(name="Sales"), None)


@pytest.fixture
def boss(team):
    return people.create("boss", role=ShippedRole.HEAD_OF_SALES)[0]


@pytest.fixture
def sara(team):
    return people.create("sara", role=ShippedRole.SALESPERSON, team=team)[0]


@pytest.fixture
def bob(team):
    return people.create("bob", role=ShippedRole.SALESPERSON, team=team)[0]


@pytest.fixture
def make(boss):
    def make(name, owner=None, **columns):
        values = {
            "name": name,
            "source": "website",
            "phone": "+982188881234",
            "next_contact_on": "2030-01-01",
        }
        lead = records.save(registry.get("lead"), Lead(), values | {"owner": owner and owner.pk}, user=boss)
        Lead.objects.filter(pk=lead.pk).update(**{"completeness": 80, "stale_on": None, **columns})
        return lead

    return make


def browse(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, record_type="lead"):
    answer = browse(user).get(f"/health/{record_type}/")
    assert answer.status_code == 200
    return answer.content.decode()


def tiles(user, record_type="lead"):
    """Each measure with its number and the address of its list."""
    found = re.findall(
        r'<a href="([^"]*)" class="tile"><span class="tile__label">([^<]*)</span><span class="tile__value">([^<]*)<',
        page(user, record_type),
    )
    return {unescape(label): (int(number), unescape(url)) for url, label, number in found}


def opened(user, url):
    """The names in the list that an address opens."""
    where = json.loads(parse_qs(urlsplit(url).query)["where"][0])
    record_type = registry.get(urlsplit(url).path.strip("/"))
    assert browse(user).get(url).status_code == 200
    return sorted(one.name for one in records.visible(record_type, user, where=where))


@pytest.fixture
def troubled(make, sara, bob):
    """One lead for each fault, one with none, and one that is refused and no longer counts."""
    yesterday = timezone.now().date() - timedelta(days=3)
    make("Stale", sara, stale_on=yesterday)
    make("Thin", sara, completeness=20)
    make("Silent", sara, phone="")
    make("Odd phone", sara, phone="021 8888 1235")
    make("Odd mail", bob, email="sara at home")
    make("Waiting", bob, next_contact_on=None)
    make("Nobody's")
    bob.is_active = False
    bob.save()
    make("Fine", sara)
    make("Over", sara, is_open=False, stale_on=yesterday, phone="021", completeness=0)


EXPECTED = {
    "Stale": ["Stale"],
    "Under-filled": ["Thin"],
    "No phone and no e-mail": ["Silent"],
    "Invalid phone": ["Odd phone"],
    "Invalid e-mail": ["Odd mail"],
    "No next step": ["Waiting"],
    "Nobody responsible": ["Nobody's"],
    "Responsible is inactive": ["Odd mail", "Waiting"],
}


@pytest.mark.covers("R135")
def test_each_number_opens_exactly_its_records(troubled, boss):
    found = tiles(boss)
    assert EXPECTED.items() <= {label: opened(boss, url) for label, (_number, url) in found.items()}.items()
    assert all(number == len(EXPECTED[label]) for label, (number, _url) in found.items() if label in EXPECTED)


def test_people_see_numbers_of_what_they_may_see(troubled, sara):
    found = tiles(sara)
    assert found["Stale"][0] == 1
    assert found["Nobody responsible"][0] == 0
    assert found["Invalid e-mail"][0] == 0
    shown = page(sara)
    assert "<bdi>bob</bdi>" not in shown
    assert "Hand over" not in shown


@pytest.mark.covers("R133", "R134")
def test_completeness_is_told_for_each_type_and_each_person(troubled, boss, sara, bob):
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page(boss)))
    assert "Completeness 72% on average" in shown
    assert re.search(r"sara 5 .*? 68%", shown)
    assert re.search(r"bob 2 .*? 80%", shown)
    contacts = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page(boss, "contact")))
    assert "Completeness 0% on average" in contacts


def test_the_numbers_of_a_person_open_that_persons_records(troubled, boss, sara):
    urls = [
        unescape(url) for url in re.findall(r'<td class="table__number"[^>]*><a href="([^"]*)"', page(boss))
    ]
    mine = [url for url in urls if f'["owner","is",{sara.pk}]' in parse_qs(urlsplit(url).query)["where"][0]]
    assert [opened(boss, url) for url in mine] == [
        ["Fine", "Odd phone", "Silent", "Stale", "Thin"], ["Stale"], ["Thin"], ["Silent"], ["Odd phone"],
    ]  # fmt: skip


def test_every_type_that_people_work_on_has_a_page(boss):
    address = browse(boss).get("/health/")
    assert address.url == "/health/lead/"
    for name in ("lead", "contact", "organization", "opportunity", "interest"):
        assert f'href="/health/{name}/"' in page(boss, name)
        assert tiles(boss, name)
    assert browse(boss).get("/health/product/").status_code == 404


def test_who_may_not_read_a_type_does_not_find_its_page(team):
    dealer = people.create("dealer", role=ShippedRole.DEALER)[0]
    assert browse(dealer).get("/health/opportunity/").status_code == 404


def test_the_number_of_queries_depends_on_nothing(troubled, boss, make):
    client = browse(boss)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get("/health/lead/")
        return len(seen)

    queries()
    before = queries()
    for number in range(8):
        make(f"New {number}", people.create(f"p{number}", role=ShippedRole.SALESPERSON)[0], phone="1")
    queries()  # reads anew who is there
    assert queries() == before


def test_features_add_measures_of_what_no_field_says(troubled, boss, monkeypatch):
    monkeypatch.setattr(marks, "_marks", dict(marks._marks))
    monkeypatch.setattr(measures, "_measures", dict(measures._measures))

    @marks.register("unknown_to_search", gettext_lazy("Unknown to search"))
    def unknown(record_type):
        return Exists(SearchRow.objects.filter(record_type=record_type.name, record_id=OuterRef("pk")))

    measures.register(
        Measure("unknown", "Unknown to search", lambda record_type: ["unknown_to_search", "no"])
    )
    SearchRow.objects.filter(title="Thin").delete()
    number, url = tiles(boss)["Unknown to search"]
    assert (number, opened(boss, url)) == (1, ["Thin"])


@pytest.mark.parametrize("is_many", [False, True])
def test_phones_that_can_be_read_are_rewritten_and_taken_back(make, boss, sara, is_many, monkeypatch):
    for number in range(3):
        make(f"Odd {number}", sara, phone=f"021 8888 123{number}")
    make("Hopeless", sara, phone="call me")
    if is_many:
        monkeypatch.setattr(bulk, "DIRECTLY", 2)
    said = browse(boss).post("/health/lead/phones/", follow=True).content.decode()
    if is_many:
        assert "in the background" in said
        worker.drain()
        assert Notice.objects.filter(user=boss).exists()
    else:
        assert "3 records changed. 1 record was left as it is. No phone number can be read there." in said
    assert opened(boss, tiles(boss)["Invalid phone"][1]) == ["Hopeless"]
    assert Lead.objects.get(name="Odd 1").phone == "+982188881231"
    changes.undo(ChangeBatch.objects.filter(kind="bulk_edit").latest("pk"), boss)
    assert Lead.objects.get(name="Odd 1").phone == "021 8888 1231"


def test_only_what_one_may_change_is_rewritten(make, sara, bob):
    make("Mine", sara, phone="021 8888 1231")
    make("Other", bob, phone="021 8888 1232")
    browse(sara).post("/health/lead/phones/")
    assert Lead.objects.get(name="Mine").phone == "+982188881231"
    assert Lead.objects.get(name="Other").phone == "021 8888 1232"


def test_records_of_inactive_people_are_handed_over(troubled, boss, sara, bob):
    client = browse(boss)
    assert (
        "Choose who is to be responsible."
        in client.post("/health/lead/hand-over/", follow=True).content.decode()
    )
    assert (
        "Choose who is to be responsible."
        in client.post("/health/lead/hand-over/", {"owner": bob.pk}, follow=True).content.decode()
    )
    said = client.post("/health/lead/hand-over/", {"owner": sara.pk}, follow=True).content.decode()
    assert "2 records changed." in said
    assert tiles(boss)["Responsible is inactive"][0] == 0
    assert Lead.objects.get(name="Waiting").owner_id == sara.pk
    client.post(f"/batches/{ChangeBatch.objects.filter(kind='bulk_edit').latest('pk').pk}/undo/")
    assert Lead.objects.get(name="Waiting").owner_id == bob.pk


def test_what_was_long_untouched_is_stale_where_there_is_no_stage(boss):
    contact = registry.get("contact")
    for name in ("Old", "New"):
        records.save(contact, Contact(), {"name": name}, user=boss)
    Contact.objects.filter(name="Old").update(updated_at=timezone.now() - timedelta(days=400))
    assert opened(boss, tiles(boss, "contact")["Stale"][1]) == ["Old"]
