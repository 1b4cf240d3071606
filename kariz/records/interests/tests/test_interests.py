"""Interests: kept without a way to be reached, and leads as soon as there is one."""

import pytest

from kariz.core import actions, changes, registry
from kariz.core.models import ChangeBatch
from kariz.core.records import Forbidden, Invalid
from kariz.records.interests import promotion
from kariz.records.interests.models import Interest
from kariz.records.leads.models import Lead


@pytest.fixture
def comment(save, cast):
    pump = save("product", name="Pump A")
    return save(
        "interest", name="Asked for the price under our post", source="social_media", network="instagram",
        text="How much is the pump?", handle="sara.y", products=[pump.pk], user=cast.elif_,
    )  # fmt: skip


@pytest.mark.covers("R006", "R007")
def test_an_anonymous_comment_is_kept_in_a_list_of_its_own(comment, names, cast):
    assert (comment.person, comment.phone, comment.email) == ("", "", "")
    assert names("interest", cast.elif_, view="open") == ["Asked for the price under our post"]
    assert names("lead", cast.elif_) == []


@pytest.mark.covers("R008", "R001")
def test_an_interest_without_a_way_to_be_reached_does_not_become_a_lead(comment, cast):
    with pytest.raises(Invalid) as refused:
        promotion.promote(comment, user=cast.elif_)
    assert set(refused.value.errors) == {"name"}
    assert not Lead.objects.exists()


@pytest.mark.covers("R008")
def test_with_a_name_and_a_phone_it_becomes_a_lead_that_stays_linked(save, comment, names, cast):
    comment = save("interest", comment, person="Sara", phone="+90 532 000 00 01", user=cast.elif_)
    lead = actions.run("promote", registry.get("interest"), comment, user=cast.elif_)
    assert (lead.name, lead.source, lead.type, lead.owner) == ("Sara", "social_media", "net", cast.elif_)
    assert (lead.interest, lead.areas_of_interest) == (comment, "How much is the pump?")
    assert lead.products_ids == comment.products_ids
    assert names("interest", cast.elif_, view="open") == []
    assert names("interest", cast.elif_, view="promoted") == [comment.name]
    assert registry.get("lead").origin == ("interest",)


def test_it_is_promoted_once_by_those_who_work_it_and_can_be_undone(save, comment, cast):
    comment = save("interest", comment, person="Sara", email="sara@ege.tr")
    with pytest.raises(Forbidden):
        promotion.promote(comment, user=cast.can)
    promotion.promote(comment, user=cast.elif_)
    with pytest.raises(Invalid, match="already"):
        promotion.promote(comment, user=cast.elif_)
    changes.undo(ChangeBatch.objects.get(kind="promotion"), cast.elif_)
    assert (Lead.objects.count(), Interest.objects.get().is_promoted) == (0, False)
