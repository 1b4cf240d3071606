"""Ideal customers: who is meant, who fits, what was found out, and what those who fit have in common."""

import re
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kariz.accounts import company
from kariz.features.profiles.models import Profile
from kariz.web.tests.reading import link, text, where

CUSTOMERS = ["type", "is", "customer"]


@pytest.fixture
def browse():
    def signed_in(user):
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def firms(save, cast):
    """Three satisfied customers and a prospect."""
    for name, industry, city, employees in (
        ("Pars Sanat", "machinery", "Tehran", "100"),
        ("Arvand", "machinery", "Tehran", "200"),
        ("Ege Teknik", "chemicals", "İzmir", "300"),
    ):
        save(
            "organization", name=name, type="customer", industry=industry, city=city, employees=employees,
            user=cast.nadir,
        )  # fmt: skip
    save("organization", name="Somebody", type="prospect", industry="retail", user=cast.nadir)


@pytest.mark.covers("R126", "R129")
def test_the_portrait_tells_what_the_customers_of_a_list_have_in_common(browse, cast, firms):
    nadir = browse(cast.nadir)
    listed = nadir.get(f"/organization/?{where(CUSTOMERS)}")
    shown = nadir.get(unescape(link(listed, "Portrait")))
    told = text(shown)
    assert "3 fit" in told
    assert re.search(r"Industry Machinery 67% 2 Chemicals 33% 1", told)
    assert re.search(r"City Tehran 67% 2 İzmir 33% 1", told)
    assert re.search(r"On average Employees 200", told)
    assert "Retail" not in told
    behind = nadir.get(link(shown, "Machinery"))
    assert "Arvand" in text(behind)
    assert "Ege Teknik" not in text(behind)


@pytest.mark.covers("R127", "R128")
def test_it_is_kept_as_a_profile_with_needs_and_findings_and_matched_against_the_records(
    browse, cast, firms, save
):
    said = {
        "name": "Machine builders",
        "needs": "Cheap water",
        "pain_points": "Scale",
        "findings": "Buy in May",
    }
    address = f"/profiles/organization/new/?{where(['industry', 'is', 'machinery'])}"
    answer = browse(cast.nadir).post(address, said)
    kept = Profile.objects.get()
    assert answer.url == f"/profiles/{kept.pk}/"
    save("organization", name="New Machines", industry="machinery", user=cast.nadir)
    page = browse(cast.maryam).get(answer.url)
    for words in ("Machine builders", "Cheap water", "Scale", "Buy in May", "Industry is Machinery", "3 fit"):
        assert words in text(page)
    assert "New Machines" in text(browse(cast.maryam).get(link(page, "3 fit")))
    assert "Machine builders" in text(browse(cast.maryam).get("/profiles/"))


def test_it_counts_only_whom_its_reader_may_see(browse, cast, firms):
    page = f"/profiles/organization/new/?{where(CUSTOMERS)}"
    assert "0 fit" in text(browse(cast.deniz).get(page))
    assert browse(cast.dealer).get(page).status_code == 404
    profile = Profile.objects.create(name="Secret", record_type="organization", author=cast.nadir)
    assert browse(cast.dealer).get(f"/profiles/{profile.pk}/").status_code == 404
    assert "Secret" not in text(browse(cast.dealer).get("/profiles/"))


def test_only_whoever_made_it_and_administrators_change_it(browse, cast):
    profile = Profile.objects.create(name="Ideal", record_type="organization", author=cast.nadir)
    page = f"/profiles/{profile.pk}/"
    assert browse(cast.maryam).post(page, {"name": "Mine"}).status_code == 403
    assert browse(cast.nadir).post(page, {"name": ""}).status_code == 422
    browse(cast.nadir).post(page, {"name": "Better"})
    assert Profile.objects.get().name == "Better"
    browse(cast.admin).post(page, {"do": "delete"})
    assert not Profile.objects.exists()


def test_a_condition_that_can_be_asked_no_more_fits_nobody(browse, cast, firms):
    profile = Profile.objects.create(
        name="Old", record_type="organization", where={"all": [["gone", "is", "1"]]}, author=cast.nadir
    )
    told = text(browse(cast.nadir).get(f"/profiles/{profile.pk}/"))
    assert "A condition that cannot be asked any more" in told
    assert "0 fit" in told


def test_the_portrait_costs_the_same_for_one_record_and_for_many(browse, cast, firms, save):
    nadir, page = browse(cast.nadir), f"/profiles/organization/new/?{where(CUSTOMERS)}"

    def queries():
        company.forget()
        with CaptureQueriesContext(connection) as captured:
            assert nadir.get(page).status_code == 200
        return len(captured)

    queries()  # reads what is read once a revision
    few = queries()
    for number in range(20):
        save("organization", name=f"Firm {number}", type="customer", city=f"City {number}", user=cast.nadir)
    assert queries() == few
