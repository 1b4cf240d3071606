"""Records shared by hand on screen, who sees a record, and why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kariz.accounts import company, people
from kariz.accounts.models import Profile, Role, User
from kariz.core import actions, profiles, sharing
from kariz.core.grants import Share
from kariz.core.records import Invalid
from kariz.core.sharing import Terms
from tests.forms import send
from tests.reading import at, text, undo_address


@pytest.fixture
def deal(make_ship, manager):
    return make_ship(name="Kashti", owner=manager.pk)


@pytest.fixture
def theirs(browse, manager):
    """The browser of whom the ship belongs to."""
    return browse(manager)


def share(browser, record, whom, **values):
    page = browser.get(f"/share/ship/{record.pk}/")
    return send(browser, page, "to", to=whom, **values)


class TestOneRecord:
    def test_it_is_shared_with_a_person(self, theirs, deal, sara, sees, edits, manager):
        share(theirs, deal, f"user:{sara.pk}", note="Call them")
        assert (sees(sara), edits(sara, deal)) == ({deal.pk}, False)
        [kept] = Share.objects.all()
        assert (kept.by, kept.note, kept.kind, kept.until) == (manager, "Call them", "share", None)

    def test_it_is_shared_with_a_team_or_a_role_to_work_on_it(self, theirs, deal, sara, caller, north, sees):
        share(theirs, deal, f"team:{north.pk}", level="write", kind="collaborator")
        share(theirs, deal, f"role:{Role.objects.get(key='telemarketer').pk}")
        assert (sees(sara), sees(caller)) == ({deal.pk}, {deal.pk})
        shown = text(theirs.get(f"/share/ship/{deal.pk}/"))
        assert "North Works on it together · May edit · by manager" in shown

    def test_it_ends_after_the_last_day_in_the_readers_calendar(
        self, browse, in_iran, deal, manager, sara, sees
    ):
        User.objects.filter(pk=manager.pk).update(calendar="jalali", language="en", time_zone="Asia/Tehran")
        share(browse(manager), deal, f"user:{sara.pk}", until="1450/01/01")
        [kept] = Share.objects.all()
        assert kept.until.isoformat() == "2071-03-21T20:30:00+00:00"  # midnight in Tehran after Nowruz 1450
        assert sees(sara) == {deal.pk}
        Share.objects.update(until=timezone.now() - timedelta(seconds=1))
        company.forget()
        assert sees(sara) == set()
        assert "over" in text(browse(manager).get(f"/share/ship/{deal.pk}/"))

    @pytest.mark.parametrize(
        ("until", "told"), [("someday", "is not a day"), ("2001-01-01", "This day is over")]
    )
    def test_a_wrong_day_is_said_and_nothing_is_lost(self, theirs, deal, sara, until, told):
        answer = share(theirs, deal, f"user:{sara.pk}", until=until, note="Call them")
        assert answer.status_code == 422
        assert told in text(answer)
        assert 'value="Call them"' in answer.content.decode()
        assert not Share.objects.exists()

    def test_it_must_be_somebody(self, theirs, deal):
        for whom in ("", "user:999999", "user:x", "galaxy:1"):
            assert share(theirs, deal, whom).status_code == 422
        assert not Share.objects.exists()

    def test_it_is_taken_back_and_both_are_undone(self, theirs, deal, sara, sees):
        answer = share(theirs, deal, f"user:{sara.pk}")
        first = undo_address(theirs.get(answer["Location"]))
        [kept] = Share.objects.all()
        answer = theirs.post(f"/share/ship/{deal.pk}/{kept.pk}/")
        second = undo_address(theirs.get(answer["Location"]))
        assert sees(sara) == set()
        theirs.post(second)
        assert sees(sara) == {deal.pk}
        theirs.post(first)
        assert sees(sara) == set()

    def test_what_was_handed_over_stays_so(self, ship, theirs, deal, sara, manager):
        sharing.hand_over(ship, [deal], [sara], by=manager)
        [kept] = Share.objects.all()
        assert theirs.post(f"/share/ship/{deal.pk}/{kept.pk}/").status_code == 404
        assert "It was handed over to sara" in text(share(theirs, deal, f"user:{sara.pk}"))
        assert Share.objects.get().kind == "handed"

    def test_who_only_reads_it_does_not_share_it(self, ship, browse, theirs, deal, sara, bob, manager):
        there = f"/share/ship/{deal.pk}/"
        assert browse(sara).get(there).status_code == 404
        sharing.share(ship, [deal], [sara], by=manager)
        [kept] = Share.objects.all()
        reading = browse(sara)
        answers = [
            reading.get(there),
            reading.post(there, {"to": f"user:{bob.pk}", "level": "read", "kind": "share"}),
            reading.post(f"{there}{kept.pk}/"),
        ]
        assert {answer.status_code for answer in answers} == {403}
        assert there not in reading.get(at("record", ship, deal.pk)).content.decode()
        assert Share.objects.count() == 1

    def test_its_page_leads_there(self, ship, theirs, deal):
        assert f'href="/share/ship/{deal.pk}/"' in theirs.get(at("record", ship, deal.pk)).content.decode()

    def test_its_history_says_so(self, ship, theirs, deal, sara):
        share(theirs, deal, f"user:{sara.pk}")
        assert "Sharing: sara" in text(theirs.get(at("record", ship, deal.pk), {"tab": "updates"}))

    def test_a_share_of_another_record_is_not_taken_back(self, ship, theirs, deal, make_ship, sara, manager):
        other = make_ship(owner=manager.pk, name="Other")
        sharing.share(ship, [other], [sara], by=manager)
        assert theirs.post(f"/share/ship/{deal.pk}/{Share.objects.get().pk}/").status_code == 404

    def test_the_page_asks_as_often_for_many_shares_as_for_one(self, ship, theirs, deal, sara, manager):
        def queries():
            theirs.get(f"/share/ship/{deal.pk}/")
            with CaptureQueriesContext(connection) as captured:
                theirs.get(f"/share/ship/{deal.pk}/")
            return len(captured)

        sharing.share(ship, [deal], [sara], by=manager)
        one = queries()
        sharing.share(ship, [deal], list(Role.objects.all()), by=manager)
        assert queries() == one

    def test_names_and_notes_are_text(self, theirs, deal, sara):
        User.objects.filter(pk=sara.pk).update(name="<b onclick=x>")
        share(theirs, deal, f"user:{sara.pk}", note="<script>alert(1)</script>")
        shown = theirs.get(f"/share/ship/{deal.pk}/").content.decode()
        assert "<script>alert" not in shown
        assert "<b onclick" not in shown


class TestAsAnAction:
    def test_it_is_shared_by_name(self, ship, deal, sara, manager, edits):
        actions.run("share", ship, deal, user=manager, whom=f"user:{sara.pk}", level="write")
        assert edits(sara, deal)

    @pytest.mark.parametrize("wrong", [{}, {"whom": "user:0"}, {"whom": "role:1", "level": "own"}])
    def test_what_is_wrong_is_told(self, ship, deal, manager, wrong):
        with pytest.raises(Invalid):
            actions.run("share", ship, deal, user=manager, **wrong)
        assert not Share.objects.exists()


class TestSeveral:
    def send(self, browser, records, **values):
        asked = browser.post("/share/ship/", {"ids": [one.pk for one in records]})
        return send(browser, asked, "to", **values)

    def test_ticked_records_are_shared_at_once(self, theirs, make_ship, manager, sara, sees):
        ships = [make_ship(owner=manager.pk, name=f"S{n}") for n in range(3)]
        answer = self.send(theirs, ships, to=f"user:{sara.pk}")
        shown = theirs.get(answer["Location"])
        assert "3 records are shared." in text(shown)
        assert sees(sara) == {one.pk for one in ships}
        theirs.post(undo_address(shown))
        assert sees(sara) == set()

    def test_those_that_one_may_not_change_are_left_alone(
        self, ship, browse, make_ship, manager, sara, bob, sees
    ):
        mine, seen = make_ship(owner=sara.pk), make_ship(owner=manager.pk, name="Seen")
        hidden = make_ship(owner=manager.pk, name="Hidden")
        sharing.share(ship, [seen], [sara], by=manager)
        browser = browse(sara)
        answer = self.send(browser, [mine, seen, hidden], to=f"user:{bob.pk}")
        told = text(browser.get(answer["Location"]))
        assert "1 record is shared. 1 record was left alone: you may not change it." in told
        assert not Share.objects.filter(user=bob, record_id__in=[seen.pk, hidden.pk]).exists()

    def test_wrong_terms_are_asked_for_again(self, theirs, deal, sara):
        answer = self.send(theirs, [deal], to=f"user:{sara.pk}", until="never")
        assert answer.status_code == 422
        assert f'name="ids" value="{deal.pk}"' in answer.content.decode()

    def test_the_list_offers_it(self, ship, theirs, deal):
        assert "/share/ship/" in theirs.get(at("list", ship)).content.decode()


class TestReaders:
    def test_who_sees_it_and_why(self, ship, browse, deal, sara, manager, admin, htmx):
        sharing.share(ship, [deal], [sara], Terms("write"), by=manager)
        shown = text(browse(sara).get(f"/readers/ship/{deal.pk}/", headers=htmx()))
        assert "sara manager has shared it with them. edits" in shown
        assert "manager Responsible for it." in shown
        assert "Their role sees all of these records." in shown
        assert "Why can somebody see it" not in shown

    def test_its_page_leads_there(self, ship, theirs, deal):
        assert f"/readers/ship/{deal.pk}/" in theirs.get(at("record", ship, deal.pk)).content.decode()

    def test_who_does_not_see_it_does_not_ask(self, browse, deal, sara):
        assert browse(sara).get(f"/readers/ship/{deal.pk}/").status_code == 404

    @pytest.mark.parametrize(
        ("who", "told"),
        [
            ("manager", "may see and edit it. Responsible for it."),
            ("sara", "because it belongs to manager, whose records are beyond their reach"),
            ("dealer", "because no role of theirs sees any of these: Ships."),
            ("gone", "because the account is inactive."),
        ],
    )
    def test_an_administrator_asks_about_anybody(self, as_admin, deal, sara, bob, who, told):
        people = {one.username: one for one in User.objects.all()}
        if who == "dealer":
            User.objects.filter(pk=bob.pk).update(role="dealer", username="dealer")
        elif who == "gone":
            User.objects.filter(pk=bob.pk).update(is_active=False, username="gone")
        company.touch()
        asked = people.get(who, bob)
        shown = text(as_admin.get(f"/readers/ship/{deal.pk}/", {"person": asked.pk}))
        assert told in shown

    def test_those_outside_do_not_see_who_else_does(self, ship, browse, admin, as_admin, make_ship, sara):
        Profile.objects.create(key="partner", name="Partner")
        row = profiles.row_of(Profile.objects.get(key="partner"), ship, "salesperson")
        row.save()
        Role.objects.filter(key="dealer").update(profile=row.profile)
        people.give_roles(sara, "dealer")
        kept = make_ship(owner=sara.pk)
        outside = browse(sara)
        page = outside.get(at("record", ship, kept.pk))
        assert page.status_code == 200
        assert "Who can see this?" not in text(page)
        assert outside.get(f"/readers/ship/{kept.pk}/").status_code == 404

    def test_others_do_not(self, theirs, deal, sara):
        shown = text(theirs.get(f"/readers/ship/{deal.pk}/", {"person": sara.pk}))
        assert "beyond their reach" not in shown

    def test_it_asks_as_often_for_many_people_as_for_few(self, as_admin, deal, sara, manager):
        from kariz.core.tests.conftest import person

        def queries():
            as_admin.get(f"/readers/ship/{deal.pk}/")
            with CaptureQueriesContext(connection) as captured:
                as_admin.get(f"/readers/ship/{deal.pk}/")
            return len(captured)

        few = queries()
        for number in range(10):
            person(f"chief{number}", "head_of_sales")
        assert queries() == few
