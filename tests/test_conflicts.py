"""Two people at the same record: nobody's work is lost silently, and nothing is written twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from kariz.core import registry
from tests import specimens
from tests.cast import signed_in
from tests.forms import form, send
from tests.reading import FRAGMENT, at, text, undo_address
from tests.specimens import current, held

OPPORTUNITY = registry.get("opportunity")
PRODUCT = registry.get("product")


@pytest.fixture
def deal(cast) -> Any:
    """An opportunity of Reza's, which his manager may change as well."""
    return specimens.make_full(OPPORTUNITY, cast.reza, "Pump for Pars")


@pytest.fixture
def reza(cast):
    return signed_in(cast.reza)


@pytest.fixture
def demir(cast):
    return signed_in(cast.demir)


class TestForms:
    def test_changes_of_different_fields_are_merged(self, deal, reza, demir):
        pages = [browser.get(at("edit", OPPORTUNITY, deal.pk)) for browser in (reza, demir)]
        send(reza, pages[0], "version", next_step="Call the engineer")
        send(demir, pages[1], "version", amount="5000")
        assert (current(deal).next_step, current(deal).amount) == ("Call the engineer", 5000)

    def test_changes_of_the_same_field_are_asked_about(self, deal, reza, demir):
        answer = clash(deal, reza, demir)
        assert answer.status_code == 409
        assert "Reza Moradi saved other values" in text(answer)
        assert "Yours: Send the offer" in text(answer)
        assert "Theirs: Call the engineer" in text(answer)
        assert current(deal).next_step == "Call the engineer"

    @pytest.mark.parametrize(("keep", "kept"), [("mine", "Send the offer"), ("theirs", "Call the engineer")])
    def test_the_second_chooses_what_to_keep_and_loses_nothing_else(self, deal, reza, demir, keep, kept):
        answer = clash(deal, reza, demir, amount="5000")
        saved = send(demir, answer, "keep.next_step", **{"keep.next_step": keep})
        assert saved["Location"] == at("record", OPPORTUNITY, deal.pk)
        assert (current(deal).next_step, current(deal).amount) == (kept, 5000)

    def test_the_same_change_by_both_is_no_clash(self, deal, reza, demir):
        pages = [browser.get(at("edit", OPPORTUNITY, deal.pk)) for browser in (reza, demir)]
        answers = [
            send(one, page, "version", amount="700") for one, page in zip((reza, demir), pages, strict=True)
        ]
        assert [answer.status_code for answer in answers] == [302, 302]
        assert current(deal).amount == 700

    def test_a_third_change_while_the_second_is_asked_is_asked_about_again(self, deal, reza, demir):
        answer = clash(deal, reza, demir)
        cell(reza, deal, next_step="Wait")
        again = send(demir, answer, "keep.next_step")
        assert (again.status_code, current(deal).next_step) == (409, "Wait")

    def test_a_form_of_a_record_that_is_gone_is_told_so(self, deal, reza, demir):
        page = demir.get(at("edit", OPPORTUNITY, deal.pk))
        reza.post(at("delete", OPPORTUNITY, deal.pk))
        assert send(demir, page, "version", amount="700").status_code == 404


def clash(deal: Any, first: Any, second: Any, **more: str) -> Any:
    """Both open the form; the first saves another next step, then so does the second."""
    pages = [browser.get(at("edit", OPPORTUNITY, deal.pk)) for browser in (first, second)]
    send(first, pages[0], "version", next_step="Call the engineer")
    return send(second, pages[1], "version", next_step="Send the offer", **more)


def cell(browser: Any, record: Any, version: int | None = None, **value: str) -> Any:
    """Edit one value in its place."""
    [name] = value
    sent = value | ({} if version is None else {"version": str(version)})
    return browser.post(at("cell", registry.of(record), record.pk, name), sent, headers=FRAGMENT)


class TestInPlace:
    def test_the_second_is_told_what_the_first_wrote_and_may_save_again(self, deal, reza, demir):
        version = current(deal).version
        cell(reza, deal, version, next_step="Call the engineer")
        answer = cell(demir, deal, version, next_step="Send the offer")
        assert answer.status_code == 409
        assert "now “Call the engineer”, yours “Send the offer”" in text(answer)
        assert form(answer, "version").fields["next_step"] == ["Send the offer"]
        again = form(answer, "version").fields
        assert demir.post(at("cell", OPPORTUNITY, deal.pk, "next_step"), again).status_code == 200
        assert current(deal).next_step == "Send the offer"

    def test_a_card_that_somebody_else_has_moved_is_not_moved_again(self, deal, reza, demir):
        version = current(deal).version
        address = at("move", OPPORTUNITY, deal.pk)
        moves = [
            {"value": value, "version": version, "before": "", "after": ""}
            for value in ("negotiation", "contact")
        ]
        first, second = (
            browser.post(address, move, headers=FRAGMENT)
            for browser, move in zip((reza, demir), moves, strict=True)
        )
        assert (first.status_code, second.status_code) == (200, 409)
        assert "Reza Moradi has changed this" in text(second)
        assert current(deal).stage == "negotiation"


class TestTwice:
    def test_a_form_that_is_sent_twice_makes_one_record(self, record_type, shirin):
        page = shirin.get(at("new", record_type))
        answers = [send(shirin, page, "token", **specimens.least(record_type)) for _time in range(2)]
        assert record_type.model.objects.count() == 1
        assert answers[0]["Location"] == answers[1]["Location"]

    def test_a_dialog_that_is_sent_twice_makes_one_record(self, record_type, shirin):
        dialog = shirin.get(at("quick", record_type), headers=FRAGMENT)
        for _time in range(2):
            sent = form(dialog, "token").filled(**specimens.least(record_type))
            shirin.post(at("quick", record_type), sent, headers=FRAGMENT)
        assert record_type.model.objects.count() == 1

    def test_another_form_makes_another_record(self, shirin):
        for _time in range(2):
            send(shirin, shirin.get(at("new", OPPORTUNITY)), "token", **specimens.least(OPPORTUNITY))
        assert OPPORTUNITY.model.objects.count() == 2

    def test_a_form_that_failed_can_be_sent_again(self, shirin):
        answer = send(shirin, shirin.get(at("new", OPPORTUNITY)), "token", name="", stage="")
        send(shirin, answer, "token", **specimens.least(OPPORTUNITY))
        assert (answer.status_code, OPPORTUNITY.model.objects.count()) == (422, 1)

    def test_what_is_undone_is_not_undone_again(self, deal, shirin):
        first = cell(shirin, deal, next_step="Call the engineer")
        answers = [shirin.post(undo_address(first)) for _time in range(2)]
        assert "This has been undone already." in text(answers[1])


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What the calls give that begin at the same moment, each with a database connection of its own."""
    barrier = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            barrier.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_of_several_who_change_one_field_one_wins_and_the_others_are_asked(self, deal, cast):
        version = current(deal).version
        browsers = [signed_in(one) for one in (cast.reza, cast.demir, cast.shirin) for _time in range(2)]
        steps = [f"Step {number}" for number in range(len(browsers))]
        answers = at_once(*(
            lambda browser=browser, step=step: cell(browser, deal, version, next_step=step)
            for browser, step in zip(browsers, steps, strict=True)
        ))  # fmt: skip
        statuses = [answer.status_code for answer in answers]
        assert sorted(statuses) == [200, 409, 409, 409, 409, 409]
        assert current(deal).next_step == steps[statuses.index(200)]

    def test_of_several_who_change_different_fields_nobody_loses(self, deal, cast):
        version = current(deal).version
        values = {
            "next_step": "Call",
            "amount": "700",
            "probability": "55",
            "competitors": "Aras",
            "loss_note": "None",
        }
        browsers = [signed_in(cast.shirin) for _value in values]
        answers = at_once(*(
            lambda browser=browser, name=name, typed=typed: cell(browser, deal, version, **{name: typed})
            for browser, (name, typed) in zip(browsers, values.items(), strict=True)
        ))  # fmt: skip
        assert {answer.status_code for answer in answers} == {200}
        assert {name: held(deal)[name] for name in values} == values
        assert current(deal).version == version + len(values)

    def test_of_two_who_merge_the_same_records_the_other_way_round_one_is_told(self, cast):
        one, other = (specimens.make(OPPORTUNITY, cast.reza, name) for name in ("Pumps", "Forty pumps"))
        sent = {"ids": [one.pk, other.pk], "merge": "1"}
        browsers = [(signed_in(cast.shirin), one.pk), (signed_in(cast.demir), other.pk)]
        answers = at_once(*(
            lambda browser=browser, primary=primary: browser.post(
                "/opportunity/merge/", sent | {"primary": primary}
            )
            for browser, primary in browsers
        ))  # fmt: skip
        assert sorted(answer.status_code for answer in answers) in ([302, 409], [302, 422])
        assert OPPORTUNITY.model.objects.count() == 1

    def test_a_form_that_is_sent_several_times_at_once_makes_one_record(self, cast):
        browsers = [signed_in(cast.shirin) for _time in range(4)]
        sent = form(browsers[0].get(at("new", OPPORTUNITY)), "token").filled(**specimens.least(OPPORTUNITY))
        answers = at_once(
            *(lambda browser=browser: browser.post(at("new", OPPORTUNITY), sent) for browser in browsers)
        )
        assert {answer.status_code for answer in answers} == {302}
        assert len({answer["Location"] for answer in answers}) == 1
        assert OPPORTUNITY.model.objects.count() == 1

    def test_a_code_that_no_two_products_share_is_given_once(self, cast):
        browsers = [signed_in(cast.shirin) for _time in range(4)]
        typed = specimens.least(PRODUCT, code="P-1")
        answers = at_once(
            *(lambda browser=browser: browser.post(at("new", PRODUCT), typed) for browser in browsers)
        )
        assert sorted(answer.status_code for answer in answers) == [302, 422, 422, 422]
        assert PRODUCT.model.objects.count() == 1

    def test_a_batch_is_undone_once(self, deal, cast):
        browsers = [signed_in(cast.shirin) for _time in range(3)]
        address = undo_address(cell(browsers[0], deal, next_step="Call the engineer"))
        answers = at_once(*(lambda browser=browser: browser.post(address) for browser in browsers))
        assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
        assert current(deal).version == deal.version + 2

    def test_a_deal_that_is_deleted_and_changed_is_one_or_the_other(self, deal, cast):
        one, other = signed_in(cast.shirin), signed_in(cast.demir)
        before = held(deal)
        deleted, changed = at_once(
            lambda: one.post(at("delete", OPPORTUNITY, deal.pk)), lambda: cell(other, deal, next_step="Call")
        )
        assert changed.status_code in (200, 404, 422)
        if deleted.status_code == 302:
            one.post(undo_address(one.get(at("list", OPPORTUNITY))))
            assert held(deal) | {"next_step": ""} == before | {"next_step": ""}
