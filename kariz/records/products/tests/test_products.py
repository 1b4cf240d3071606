"""Products and services: two catalogues, and what is withdrawn from them."""

import pytest
from django.test import Client

from kariz.core import registry
from kariz.core.models import Link
from kariz.core.records import Forbidden


@pytest.mark.covers("R291")
def test_products_and_services_are_catalogues_of_their_own(save, names, cast):
    pump = save(
        "product", name="Pump A", code="P-1", series="P", unit_price="500", tax="20", manufacturer="Pars"
    )
    save("service", name="Installation", code="S-1", unit_price="80", unit="hour")
    assert (pump.unit_price, pump.unit, pump.currency) == (500, "piece", "USD")
    assert names("product", cast.maryam) == ["Pump A"]
    assert names("service", cast.maryam) == ["Installation"]


def test_a_code_is_taken_once(save, errors):
    save("product", name="Pump A", code="P-1")
    assert list(errors("product", name="Pump B", code="P-1")) == ["code"]


@pytest.mark.covers("R305")
def test_a_withdrawn_product_stays_where_it_was_sold_and_is_sold_no_more(save, errors, names, cast):
    pump, motor = save("product", name="Pump A"), save("product", name="Motor")
    deal = save("opportunity", name="40 pumps", product=pump.pk, products=[pump.pk, motor.pk])
    save("product", pump, is_withdrawn="yes")
    assert names("product", cast.admin, view="on_sale") == ["Motor"]
    assert set(errors("opportunity", name="More pumps", product=pump.pk)) == {"product"}
    assert set(errors("lead", name="Ali", email="a@b.ir", source="email", products=[pump.pk])) == {"products"}
    assert save("opportunity", deal, products=[pump.pk], amount="10").product == pump


@pytest.mark.covers("R299", "R301")
def test_a_product_names_what_goes_with_it_and_what_is_dearer(save):
    seal, better = save("product", name="Seal"), save("product", name="Pump A+")
    pump = save("product", name="Pump A", related=[seal.pk], dearer=[better.pk])
    kept = Link.objects.filter(record_id=pump.pk).values_list("field", "target_id")
    assert set(kept) == {("related", seal.pk), ("dearer", better.pk)}


def test_a_period_cannot_end_before_it_starts(errors):
    assert list(errors("product", name="A", sale_starts_on="2026-05-01", sale_ends_on="2026-04-01")) == [
        "sale_ends_on"
    ]


def test_only_those_who_lead_sales_change_the_catalogue(save, cast):
    assert save("product", name="Pump A", user=cast.demir).pk
    with pytest.raises(Forbidden):
        save("product", name="Pump B", user=cast.maryam)
    assert registry.get("product").rights["salesperson"].read == "all"


@pytest.mark.covers("R305")
def test_who_looks_for_a_product_reads_that_it_is_withdrawn(save, cast):
    save("product", name="Pump A", code="P-1", is_withdrawn="yes")
    save("product", name="Pump B", code="P-2")
    client = Client()
    client.force_login(cast.maryam)
    found = client.get("/opportunity/lookup/?field=product&q=pump").content.decode()
    assert found.index("Withdrawn from sale") > found.index("Pump A")
    assert "P-2" in found
