"""The same person twice: two leads become one at the desk and on the phone, and two again."""

import pytest
from playwright.sync_api import expect

from kariz.core import registry
from kariz.features.comments.writing import comment
from kariz.records.leads.models import Lead
from tests import specimens
from tests.accessibility import faults
from tests.journeys.desk import fits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LEAD = registry.get("lead")


def test_ticked_leads_are_merged_side_by_side_and_undone(desk, cast):
    sara = specimens.make(LEAD, cast.reza, "Sara Ahmadi", company="Pars Sanat", temperature="warm")
    sarah = specimens.make(LEAD, cast.reza, "Sarah Ahmady", temperature="hot", job_title="Buyer")
    comment(LEAD, [sarah.pk], "Wants forty pumps.", cast.reza)
    reza = desk(cast.reza)
    reza.open_list("lead")
    for box in reza.page.locator("[data-tick]").all()[:2]:
        box.click()
    reza.press("Merge", reza.page.locator("#bulk"))
    expect(reza.heading).to_have_text("Merge: Leads")
    assert faults(reza.page) == []

    page = reza.page
    page.locator(f"[name=primary][value='{sarah.pk}']").check()
    expect(page.locator(f"[name='take.name'][value='{sarah.pk}']")).to_be_checked()
    expect(page.locator(".card")).to_contain_text("Moves to “Sarah Ahmady”")
    page.locator(f"[name=primary][value='{sara.pk}']").check()
    expect(page.locator(f"[name='take.name'][value='{sara.pk}']")).to_be_checked()
    expect(page.locator(".card")).to_contain_text("1 Comments")
    page.locator(f"[name='take.temperature'][value='{sarah.pk}']").check()
    page.locator("button[name=merge]").click()

    expect(reza.heading).to_have_text("Sara Ahmadi")
    expect(reza.toast).to_contain_text("1 record was merged into “Sara Ahmadi”.")
    merged = Lead.objects.get()
    assert (merged.temperature, merged.job_title, merged.company) == ("hot", "Buyer", "Pars Sanat")
    reza.tab("Updates")
    expect(page.locator("#tab")).to_contain_text("merged “Sarah Ahmady” into this record")
    assert faults(page) == []

    reza.press("Undo", reza.toast)
    expect(reza.toast).to_contain_text("Undone")
    assert sorted(Lead.objects.values_list("name", flat=True)) == ["Sara Ahmadi", "Sarah Ahmady"]


def test_side_by_side_is_one_below_the_other_on_a_phone(desk, cast):
    names = ("سارا احمدی", "سارا احمدي‌نژاد", "س. احمدی")
    leads = [specimens.make_full(LEAD, cast.maryam, name, needs=f"{name} " * 40) for name in names]
    maryam = desk(cast.maryam, is_phone=True)
    maryam.go(f"/lead/merge/?ids={','.join(str(one.pk) for one in leads)}")
    assert fits(maryam.page)
    assert faults(maryam.page) == []
    maryam.page.locator(f"[name='take.needs'][value='{leads[1].pk}']").check()
    maryam.page.locator("button[name=merge]").click()
    expect(maryam.toast).to_contain_text(names[0])
    assert Lead.objects.get().needs.startswith(names[1])
