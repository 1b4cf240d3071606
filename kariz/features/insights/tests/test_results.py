"""The results page, on the real sales of a hardware seller and on made-up ones."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from kariz.accounts import people
from kariz.accounts.models import User
from kariz.accounts.roles import ShippedRole
from kariz.core import records, registry
from kariz.records.opportunities.models import Opportunity
from kariz.records.products.models import Product

ROOT = Path(settings.PACKAGE).parent
SALES = ROOT.parent / "shared/data/crm_sales"


def browse(user):
    client = Client()
    client.force_login(user)
    return client


def page(user, **asked):
    answer = browse(user).get("/results/", asked)
    return answer.status_code, re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


@pytest.fixture
def boss(db):
    return people.create("boss", role=ShippedRole.HEAD_OF_SALES)[0]


@pytest.fixture
def sell(db, boss):
    """Wins or loses a deal on a day."""

    def sold(stage, closed_on, amount="100", **values):
        given = {
            "name": "Pumps",
            "amount": amount,
            "stage": stage,
            "closed_on": closed_on,
            "engaged_on": "2017-01-01",
        }
        given |= {"loss_reason": "price"} if stage == "lost" else {}
        return records.save(registry.get("opportunity"), Opportunity(), given | values, user=boss)

    return sold


@pytest.mark.skipif(not SALES.exists(), reason="the real files are not here")
def test_the_figures_of_a_real_company_are_those_of_its_books(boss):
    call_command("import", SALES, "--plan", str(ROOT / "examples/crm_sales.toml"), "--json", verbosity=0)
    status, shown = page(boss, period="all")
    assert status == 200
    assert "Revenue won $10,005,534 $2,360.91 on average" in shown
    assert "Win rate 63.15%" in shown
    assert "Won 4,238 after 51.78 days on average" in shown
    assert "Lost 2,473 after 41.48 days on average" in shown
    assert "GTX Pro $3,510,578 729 " in shown
    assert "MG Special $43,768 793 " in shown
    for quarter in ("Q1 2017 $1,134,672 531", "Q2 2017 $3,086,111 1,254", "Q3 2017 $2,982,255 1,257"):
        assert quarter in shown
    assert "Q4 2017 $2,802,496 1,196" in shown
    assert re.search(r"Still open Prospecting 500 .* 1,589", shown)


def test_a_period_narrows_what_is_told(boss, sell):
    sell("won", "2017-03-31", "100")
    sell("won", "2017-04-01", "200")
    _status, shown = page(boss, period="between", **{"from": "2017-04-01", "to": "2017-06-30"})
    assert "Revenue won $200 " in shown
    assert "Won 1 " in shown


def test_days_that_are_none_are_told_with_the_remedy(boss, sell):
    sell("won", "2017-03-31")
    status, shown = page(boss, period="between", **{"from": "soon", "to": "2017-06-30"})
    assert status == 422
    assert "“soon” is not a date. Write it like" in shown


def test_one_product_and_one_person_can_be_asked_about(boss, sell):
    pump = records.save(registry.get("product"), Product(), {"name": "Pump"}, user=None)
    elif_ = people.create("elif", name="Elif Kaya")[0]
    sell("won", "2017-03-31", "100", product=pump.pk, owner=elif_.pk)
    sell("won", "2017-03-31", "250")
    assert "Revenue won $100 " in page(boss, period="all", product=pump.pk)[1]
    assert "Revenue won $100 " in page(boss, period="all", owner=elif_.pk)[1]
    assert "Elif Kaya $100 1 0 100.00%" in page(boss, period="all", by="owner")[1]


def test_amounts_in_several_currencies_are_never_added_up(boss, sell):
    sell("won", "2017-03-31", "100", currency="USD")
    sell("won", "2017-03-31", "5000", currency="TRY")
    _status, shown = page(boss, period="all")
    assert "Revenue won $100 + TRY 5,000" in shown.replace("\N{NO-BREAK SPACE}", " ")
    assert "on average" not in shown.partition("Win rate")[0]


def test_quarters_are_those_of_the_readers_calendar(boss, sell):
    boss.language, boss.calendar, boss.digits = "fa", "jalali", "persian"
    boss.save()
    sell("won", "2017-03-20", "100")
    sell("won", "2017-03-21", "100")
    _status, shown = page(boss, period="all")
    assert "زمستان ۱۳۹۵" in shown
    assert "بهار ۱۳۹۶" in shown


def test_everybody_sees_the_results_of_the_records_he_may_see(boss, sell):
    elif_, can = people.create("elif")[0], people.create("can")[0]
    sell("won", "2017-03-31", "100", owner=elif_.pk)
    sell("won", "2017-03-31", "250", owner=can.pk)
    assert "Revenue won $100 " in page(elif_, period="all")[1]
    assert "Revenue won $250 " in page(can, period="all")[1]


def test_each_figure_leads_to_its_records(boss, sell):
    sell("won", "2017-03-31", "100")
    client = browse(boss)
    link = re.search(
        r'href="(/opportunity/\?where=[^"]+)">1<', client.get("/results/?period=all").content.decode()
    )[1]
    assert "Pumps" in client.get(link.replace("&amp;", "&")).content.decode()


def test_nothing_is_told_where_nothing_was_decided(boss):
    status, shown = page(boss)
    assert status == 200
    assert "Nothing was won or lost in this period." in shown


def test_the_results_are_in_the_sidebar_of_those_who_may_read_deals(boss):
    dealer = people.create("dealer", role=ShippedRole.DEALER)[0]
    assert 'href="/results/"' in browse(boss).get("/").content.decode()
    assert browse(dealer).get("/results/").status_code == 404
    assert User.objects.count() == 2


def test_the_number_of_queries_does_not_grow_with_the_deals(
    boss, sell, django_assert_num_queries, django_assert_max_num_queries
):
    client = browse(boss)
    sell("won", "2017-03-31")
    client.get("/results/?period=all")
    with django_assert_max_num_queries(20) as few:
        client.get("/results/?period=all")
    for day in range(1, 29):
        sell("won", f"2017-03-{day:02}")
    with django_assert_num_queries(len(few)):
        client.get("/results/?period=all")


def test_each_figure_brings_the_name_of_its_column_for_phones(boss, sell):
    sell("won", "2017-05-02")
    shown = browse(boss).get("/results/", {"period": "all"}).content.decode()
    heads = re.findall(r'<th class="table__number">([^<]*)</th>', shown)
    labels = re.findall(r'<td class="table__number" data-label="([^"]*)">', shown)
    assert heads[:6] == ["Amount", "Won", "Lost", "Win rate", "Mean of won", "Days to win"]
    assert labels[:6] == heads[:6]
