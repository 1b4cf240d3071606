"""What a column means, by its title in three languages and by its values; what is remembered, and made on the way."""

import pytest

from kariz.accounts.models import User
from kariz.core import registry
from kariz.features.transfer import guessing
from kariz.features.transfer.models import Import
from kariz.features.transfer.plans import Step
from kariz.features.transfer.targets import target_of
from kariz.features.transfer.tests.walking import answer, bring, names, upload, walk

pytestmark = pytest.mark.django_db


def guessed(kind, user, **columns):
    target = target_of(Step(kind), user)
    return list(guessing.columns(list(columns), target, list(columns.values())).values())


@pytest.mark.parametrize(
    "titles",
    [
        ("Full name", "E-mail", "Phone", "Company"),
        ("نام کامل", "ایمیل", "تلفن", "شرکت"),
        ("Ad soyad", "E-posta", "Telefon", "Şirket"),
    ],
)
def test_titles_are_understood_in_three_languages(ada, titles):
    target = target_of(Step("lead"), ada)
    assert list(guessing.columns(titles, target).values()) == ["name", "email", "phone", "company"]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        (["sara@ege.example", "ali@pars.example", "eve@x.example"], "email"),
        (["+90 232 444 00 00", "0232 444 00 01", "(0232) 444 00 02"], "phone"),
        (["https://ege.example", "www.pars.example", "arvand.com"], "website"),
        (["Website", "Trade fair", "Website"], "source"),
        (["Sara Yılmaz", "Ali Rezaei", "مریم احمدی"], "name"),
        (["1204", "1205", "1206"], ""),
        (["2024-05-01", "2024-05-02"], ""),
    ],
)
def test_a_column_without_a_telling_title_is_known_by_its_values(ada, values, field):
    assert guessed("lead", ada, x17=values) == [field]


def test_a_date_is_put_where_there_is_only_one_place_for_it(ada):
    assert guessed("contact", ada, x17=["14.05.1980", "1.12.1975"]) == ["birthday"]


def test_files_without_titles_are_mapped_by_their_values(browser_of_ada):
    text = "Sara Yılmaz;sara@ege.example;+90 232 444 00 00\nAli Kaya;ali@ege.example;+90 232 444 00 01\n"
    bring(browser_of_ada, "lead", text, default_source="website")
    assert names("lead") == ["Ali Kaya", "Sara Yılmaz"]


def test_a_first_and_a_last_name_are_one_name_in_their_order(browser_of_ada):
    text = "Last name,First name,E-mail\nYılmaz,Sara,s@ege.example\n"
    bring(browser_of_ada, "lead", text, default_source="website")
    assert names("lead") == ["Sara Yılmaz"]


def test_a_file_with_the_columns_of_an_earlier_one_is_mapped_as_that_was(browser_of_ada):
    text = "A,B,C\nSara,sara@ege.example,Website\n"
    said = {"column_0": "name", "column_1": "email", "column_2": "source"}
    run = upload(browser_of_ada, ("fair.csv", text), kind="lead")
    walk(browser_of_ada, run, match=["email"], on_match="skip", **said)
    again = upload(browser_of_ada, ("other name.csv", text.replace("Sara", "Ali")))
    file = again.files.get()
    page = browser_of_ada.get(f"/import/{again.pk}/columns/{file.pk}/")
    assert "Filled in as for “fair.csv”" in page.content.decode()
    assert [one["field"] for one in page.context["columns"]] == ["name", "email", "source"]
    answer(browser_of_ada, again)
    ways = browser_of_ada.get(f"/import/{again.pk}/known/").context["questions"][0]["ways"]
    assert [way["name"] for way in ways if way["is_chosen"]] == ["skip"]
    afresh = browser_of_ada.get(f"/import/{again.pk}/columns/{file.pk}/", {"afresh": "1"})
    assert "Filled in" not in afresh.content.decode()


def test_a_saved_mapping_serves_the_colleagues(browser_of_ada, client):
    run = upload(browser_of_ada, ("fair.csv", "A,B\nSara,sara@ege.example\n"), kind="lead")
    walk(browser_of_ada, run, column_0="name", column_1="email", default_source="trade_fair")
    browser_of_ada.post(f"/import/{run.pk}/plan/", {"name": "Fair"})
    client.force_login(User.objects.create_user("reza", password="x", role_id="salesperson"))
    assert upload(client, ("next.csv", "A,B\nAli,ali@ege.example\n")).files.get().plan["recalled"] == "Fair"


def test_an_administrator_makes_a_field_and_its_choices_on_the_way(browser_of_ada):
    rows = "Sara,s@ege.example,Website,Gold,7\nAli,a@ege.example,Website,Silver,8\n"
    text = f"Full name,E-mail,Source,Tier,Score card\n{rows}"
    run = upload(browser_of_ada, ("leads.csv", text), kind="lead")
    walk(browser_of_ada, run, column_3="=new:choice", column_4="=new:number")
    lead = registry.get("lead")
    tier, score = [field for field in lead.fields.values() if field.is_custom]
    shown = {one.name: (tier.show(tier.get(one)), score.get(one)) for one in lead.model.objects.all()}
    assert shown == {"Sara": ("Gold", 7), "Ali": ("Silver", 8)}


def test_nobody_else_makes_fields_on_the_way(client):
    client.force_login(User.objects.create_user("reza", password="x", role_id="salesperson"))
    run = upload(client, ("leads.csv", "Full name,E-mail,Tier\nSara,s@ege.example,Gold\n"), kind="lead")
    page = client.get(f"/import/{run.pk}/columns/{run.files.get().pk}/")
    assert "=new:" not in page.content.decode()
    walk(client, run, column_2="=new:text", default_source="website")
    assert not any(field.is_custom for field in registry.get("lead").all_fields.values())


@pytest.mark.covers("R054")
def test_a_bought_list_becomes_incomplete_leads_with_its_name_and_cost(browser_of_ada):
    run = upload(browser_of_ada, ("list.csv", "E-mail\na@ege.example\nb@ege.example\n"), kind="lead")
    walk(
        browser_of_ada, run, default_source="purchased_list", more_0="list_name", more_value_0="Izmir firms",
        more_1="list_cost", more_value_1="4500",
    )  # fmt: skip
    rows = registry.get("lead").model.objects.values_list("is_incomplete", "list_name", "list_cost", "source")
    assert set(rows) == {(True, "Izmir firms", 4500, "purchased_list")}
    assert rows.count() == 2


def test_a_file_that_was_read_wrongly_is_read_again_as_the_person_says(browser_of_ada):
    run = upload(browser_of_ada, ("o.csv", "name|city;x\nEge|Izmir;y\n"), kind="organization")
    file = run.files.get()
    address = f"/import/{run.pk}/columns/{file.pk}/"
    browser_of_ada.post(f"{address}reading/", {"encoding": "utf-8", "delimiter": ";", "has_header": "on"})
    page = browser_of_ada.get(address)
    assert [one["title"] for one in page.context["columns"]] == ["name|city", "x"]
    assert Import.objects.get().state == "draft"
