"""Which milestones propose or perform the conversion of a lead."""

import pytest

from kariz.core import changes, registry
from kariz.core.models import ChangeBatch
from kariz.records.leads import triggers

LEAD = {"name": "Ali", "company": "Pars Sanat", "phone": "+98 21 8888 1234", "source": "website"}


def customers() -> int:
    return registry.get("contact").model.objects.count()


@pytest.mark.covers("R114")
@pytest.mark.parametrize("milestone", ["offer_received", "agreement", "first_purchase"])
def test_each_milestone_proposes_the_conversion_on_the_page_of_the_lead(client, cast, save, milestone):
    lead = save("lead", **LEAD, milestones=[milestone])
    client.force_login(cast.admin)
    page = client.get(f"/lead/{lead.pk}/").content.decode()
    assert "Ready to be a customer" in page
    assert customers() == 0


@pytest.mark.covers("R114", "R115")
def test_a_milestone_that_is_set_to_convert_makes_the_customer_at_once_and_undo_takes_it_back(
    client, cast, save
):
    client.force_login(cast.admin)
    answer = client.post("/settings/conversion/", {"offer_received": "nothing", "first_purchase": "convert"})
    assert answer.status_code == 302
    lead = save("lead", **LEAD)
    save("lead", lead, milestones=["offer_received"])
    assert customers() == 0
    save("lead", lead, milestones=["offer_received", "first_purchase"])
    lead.refresh_from_db()
    assert (lead.is_converted, customers()) == (True, 1)
    changes.undo(ChangeBatch.objects.get(kind="conversion"), cast.admin)
    lead.refresh_from_db()
    assert (lead.is_converted, customers()) == (False, 0)


@pytest.mark.covers("R114")
def test_a_lead_that_cannot_be_converted_yet_stays_proposed(save):
    triggers.change({"agreement": "convert"})
    firm = {"company": "Pars Sanat", "company_phone": "+98 21 8888 1234", "source": "website"}
    lead = save("lead", **firm, milestones=["agreement"])
    assert not lead.is_converted
    assert triggers.proposal(lead)


def test_only_administrators_say_when_leads_are_converted(client, cast):
    client.force_login(cast.maryam)
    assert client.post("/settings/conversion/", {"agreement": "convert"}).status_code == 403
    assert triggers.effects()["agreement"] == "propose"
