"""The page of the API shows what its reader may ask for, in his language, and sends it."""

import pytest
from django.urls import reverse

from kariz.core import metadata, registry
from tests import specimens
from tests.cast import signed_in
from tests.reading import html, text

LEAD = registry.get("lead")


def test_it_names_every_request_about_a_type_with_its_fields(record_type, cast):
    metadata.add_field(record_type, label="Shoe size", type="number")
    page = text(signed_in(cast.shirin).get(reverse("programs:api_of", args=[record_type.name])))
    assert f"/api/v1/{record_type.name}/upsert" in page
    assert "shoe_size Shoe size" in page


def test_it_shows_only_what_its_reader_may_ask_for(cast):
    kaveh = signed_in(cast.kaveh)
    page = text(kaveh.get(reverse("programs:api_of", args=["lead"])))
    assert "List records" in page
    assert "Create a record" not in page
    assert kaveh.get(reverse("programs:api_of", args=["nothing"])).status_code == 404


def test_it_speaks_the_language_of_its_reader(cast):
    page = signed_in(cast.maryam).get(reverse("programs:api"))
    assert 'dir="rtl"' in html(page)
    assert "Search everything" not in text(page)


@pytest.mark.browser
def test_a_request_is_tried_from_the_page(page, live_server, cast):
    specimens.make(LEAD, cast.shirin, "Sara Ahmadi")
    session = signed_in(cast.shirin).cookies["kariz_session"].value
    page.context.add_cookies([{"name": "kariz_session", "value": session, "url": str(live_server)}])
    page.goto(reverse("programs:api_of", args=["lead"]))
    reading = page.locator("#list_records_lead")
    reading.locator("summary").click()
    reading.locator("input[name=fields]").fill("name")
    reading.get_by_role("button", name="Try it").click()
    reading.locator("pre:has-text('Sara Ahmadi')").wait_for()
    making = page.locator("#create_record_lead")
    making.locator("summary").click()
    making.locator("textarea").fill('{"name": "Ali", "source": "website", "email": "ali@example.com"}')
    making.get_by_role("button", name="Try it").click()
    making.locator("pre:has-text('201')").wait_for()
    assert LEAD.model.objects.filter(name="Ali").exists()
