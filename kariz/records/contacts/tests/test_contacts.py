"""Contacts: people, at an organization or for themselves."""

import pytest

from kariz.core import registry


@pytest.mark.covers("R105", "R121")
def test_a_contact_is_a_person_with_or_without_an_organization(save, names, cast):
    firm = save("organization", name="Pars Sanat")
    ali = save("contact", name="Ali Rezaei", organization=firm.pk, job_title="Buyer", department="Purchasing")
    save("contact", name="Sara Yılmaz", reports_to=ali.pk, birthday="1990-05-01", is_do_not_call="yes")
    assert ali.organization == firm
    assert names("contact", cast.admin, view="people") == ["Sara Yılmaz"]


@pytest.mark.covers("R132")
def test_the_norm_of_a_contact_is_fifteen_fields(save):
    saved = save("contact", name="Ali", phone="+98 21 8888 1234", email="ali@pars.ir", city="Tehran")
    assert (len(registry.get("contact").expected_fields), saved.completeness) == (15, 27)


@pytest.mark.covers("R390")
def test_a_persons_number_has_the_name_of_the_country(in_country):
    in_country("TR")
    assert str(registry.get("contact").fields["personal_number"].label) == "Identity number (T.C.)"


def test_one_may_not_link_a_contact_to_an_organization_that_one_does_not_see(save, errors, cast):
    firm = save("organization", name="Pars Sanat", owner=cast.maryam.pk)
    assert list(errors("contact", name="Ali", organization=firm.pk, user=cast.deniz)) == ["organization"]
