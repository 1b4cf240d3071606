"""Organizations: what is kept of a firm, and who sees it."""

import pytest

from kariz.core import choices, registry
from kariz.core.models import Choice
from kariz.core.records import Invalid


@pytest.mark.covers("R121", "R124", "R125")
def test_an_organization_is_kept_with_all_that_is_known_of_it(save):
    parent = save("organization", name="Pars Holding")
    saved = save(
        "organization", name="Pars Sanat", type="customer", industry="machinery", sub_industry="Pumps", rating="high",
        parent=parent.pk, phone="+98 21 8888 1234", fax="+98 21 8888 1235", email="Info@Pars.ir", website="pars.ir",
        employees="1,200", annual_revenue="5 million", year_established="1998", ownership="Private",
        street="Vanak 12", city="Tehran", country="Iran", shipping_city="Karaj", needs="Spare parts",
    )  # fmt: skip
    assert (saved.parent, saved.phone, saved.email) == (parent, "+982188881234", "info@pars.ir")
    assert (saved.employees, saved.annual_revenue, saved.website) == (1200, 5_000_000, "https://pars.ir")


@pytest.mark.covers("R062")
def test_malformed_addresses_and_numbers_are_refused_where_they_stand(errors):
    found = errors("organization", name="Ege Teknik", email="info@", phone="12", website="not a site")
    assert set(found) == {"email", "phone", "website"}


@pytest.mark.covers("R117", "R390")
@pytest.mark.parametrize(
    ("region", "labels"),
    [
        ("IR", ["Economic code", "National ID", "Registration number"]),
        ("TR", ["Tax number (VKN)", "MERSİS number", "Trade registry number"]),
        ("RU", ["Tax number (INN)", "Statistics code (OKPO)", "Registration certificate number"]),
        ("DE", ["Tax number", "Registry code", "Registration certificate number"]),
    ],
)
def test_legal_numbers_have_the_names_of_the_companys_country(in_country, region, labels):
    in_country(region)
    fields = registry.get("organization").fields
    shown = [str(fields[name].label) for name in ("tax_number", "registry_code", "certificate_number")]
    assert shown == labels


@pytest.mark.covers("R130", "R132", "R135")
def test_a_customer_with_four_of_fifteen_fields_is_under_filled(save, names, cast):
    saved = save(
        "organization", name="Ege Teknik", phone="+90 232 000 00 01", city="İzmir", industry="machinery"
    )
    assert len(registry.get("organization").expected_fields) == 15
    assert saved.completeness == 27
    assert names("organization", cast.admin, view="under_filled") == ["Ege Teknik"]


@pytest.mark.covers("R373", "R377", "R378", "R380", "R381", "R382")
def test_customers_are_shared_by_the_team(save, names, cast):
    save("organization", name="Pars Sanat", owner=cast.maryam.pk)
    for colleague in (cast.demir, cast.nadir, cast.can, cast.elif_, cast.leyla):
        assert names("organization", colleague) == ["Pars Sanat"]
    for stranger in (cast.deniz, cast.dealer):
        assert names("organization", stranger) == []


def test_the_sectors_of_an_established_crm_are_offered():
    keys = {choice.key for choice in choices.of("organization", "industry")}
    assert {"technology", "healthcare", "retail", "finance", "telecommunications"} <= keys
    assert Choice.objects.filter(record_type="organization", field="type", key="customer").exists()


def test_no_organization_is_part_of_itself(save):
    holding, firm = save("organization", name="Pars Holding"), save("organization", name="Pars Sanat")
    save("organization", firm, parent=holding.pk)
    with pytest.raises(Invalid) as refused:
        save("organization", holding, parent=firm.pk)
    assert refused.value.errors == {
        "parent": ["The chosen record leads back to this one: that would be a circle. Choose another."]
    }
