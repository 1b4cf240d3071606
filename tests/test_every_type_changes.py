"""Records of every type are made, changed, deleted and brought back, from every place where that is offered."""

from typing import Any

from django.urls import reverse

from kariz.core import registry
from kariz.core.models import Change
from kariz.core.registry import RecordType
from tests import specimens
from tests.forms import form, send
from tests.reading import EVERYTHING, FRAGMENT, at, html, rows, text, undo_address
from tests.specimens import current, held, title


def only(record_type: RecordType) -> Any:
    """The one record of the type that there is."""
    return current(record_type.model.objects.get())


class TestMaking:
    def test_the_full_form_makes_a_record_with_every_value_and_opens_its_page(
        self, record_type, shirin, cast
    ):
        typed = specimens.every(record_type, cast.reza, "Sara Ahmadi")
        made_on_the_way = set(record_type.model.objects.values_list("pk", flat=True))
        answer = send(shirin, shirin.get(at("new", record_type)), "token", **typed)
        [made] = record_type.model.objects.exclude(pk__in=made_on_the_way)
        assert answer["Location"] == at("record", record_type, made.pk)
        assert "Sara Ahmadi" in text(shirin.get(answer["Location"]))
        empty = [name for name in typed if record_type.fields[name].type.is_empty(value(made, name))]
        assert empty == []

    def test_the_quick_form_asks_for_less_and_stays_on_the_page(self, record_type, shirin):
        dialog = shirin.get(at("quick", record_type), headers=FRAGMENT)
        asked = {name for name in form(dialog, "token").fields if name in record_type.fields}
        assert len(asked) < len(form(shirin.get(at("new", record_type)), "token").fields) / 2
        typed = specimens.least(record_type, "Sara Ahmadi")
        answer = shirin.post(
            at("quick", record_type), form(dialog, "token").filled(**typed), headers=FRAGMENT
        )
        assert title(only(record_type)) == "Sara Ahmadi"
        assert [answer.status_code, at("record", record_type, only(record_type).pk) in html(answer)] == [
            200,
            True,
        ]

    def test_an_empty_form_comes_back_with_an_error_beside_a_field(self, record_type, shirin):
        answer = send(shirin, shirin.get(at("new", record_type)), "token")
        assert answer.status_code == 422
        assert "aria-invalid" in html(answer)
        assert not record_type.model.objects.exists()

    def test_a_form_with_an_error_keeps_everything_that_was_typed(self, record_type, shirin):
        wrong = wrong_value(record_type)
        typed = specimens.least(record_type, "Sara Ahmadi") | wrong
        answer = send(shirin, shirin.get(at("new", record_type)), "token", **typed)
        kept = form(answer, "token").fields
        assert {name: kept[name] for name in typed if name in kept} == {
            name: given if isinstance(given, list) else [given]
            for name, given in typed.items()
            if name in kept
        }
        [name] = wrong
        assert f'id="form-{name}-error"' in html(answer)

    def test_making_a_record_can_be_undone(self, record_type, shirin):
        answer = send(shirin, shirin.get(at("new", record_type)), "token", **specimens.least(record_type))
        shirin.post(undo_address(shirin.get(answer["Location"])))
        assert not record_type.model.objects.exists()


class TestChanging:
    def test_the_form_starts_with_what_the_record_holds_and_saving_it_changes_nothing(
        self, record_type, full, shirin
    ):
        before, changes = held(full), Change.objects.count()
        send(shirin, shirin.get(at("edit", record_type, full.pk)), "version")
        assert (held(full), Change.objects.count()) == (before, changes)

    def test_the_form_changes_the_record(self, record_type, full, shirin):
        page = shirin.get(at("edit", record_type, full.pk))
        answer = send(shirin, page, "version", **{specimens.naming(record_type): "Leyla Demir"})
        assert answer["Location"] == at("record", record_type, full.pk)
        assert title(full) == "Leyla Demir"

    def test_one_field_of_each_kind_is_edited_in_its_place(self, record_type, full, shirin):
        kinds = {
            field.type.name: field
            for field in specimens.fields(record_type).values()
            if field.name != "currency"
        }
        wrong = {}
        for field in kinds.values():
            address = at("cell", record_type, full.pk, field.name)
            sent = form(shirin.get(address), "version").filled(**{field.name: OTHERWISE[field.type.name]})
            answer = shirin.post(address, sent, headers=FRAGMENT)
            if (
                answer.status_code != 200
                or value(full, field.name) == field.get(full)
                or "Undo" not in text(answer)
            ):
                wrong[field.name] = text(answer)
        assert wrong == {}

    def test_a_wrong_value_is_refused_in_its_place(self, record_type, full, shirin):
        [(name, raw)] = wrong_value(record_type).items()
        answer = shirin.post(at("cell", record_type, full.pk, name), {name: raw}, headers=FRAGMENT)
        assert answer.status_code == 422
        assert value(full, name) == record_type.fields[name].get(full)

    def test_the_history_shows_who_changed_what_from_which_value_to_which(self, record_type, full, shirin):
        naming = specimens.naming(record_type)
        shirin.post(at("cell", record_type, full.pk, naming), {naming: "Leyla Demir"})
        history = text(shirin.get(at("tab", record_type, full.pk, "updates"), headers=FRAGMENT))
        label = record_type.fields[naming].label
        assert "Shirin Rad changed this record" in history
        assert f"{label}: Full Of Values Leyla Demir" in history

    def test_ticked_records_are_changed_together_and_back_by_undo(self, record_type, cast, shirin):
        two = [specimens.make(record_type, cast.reza, name) for name in ("Sara", "Bob")]
        before = [held(one) for one in two]
        dialog = bulk(shirin, record_type, two, do="edit", field="owner")
        answer = send(shirin, dialog, "run", owner=str(cast.can.pk), run="1")
        assert [one.owner for one in map(current, two)] == [cast.can, cast.can]
        shirin.post(undo_address(shirin.get(answer["Location"])))
        assert [held(one) for one in two] == before

    def test_ticked_records_are_assigned_to_somebody(self, record_type, sara, cast, shirin):
        send(shirin, bulk(shirin, record_type, [sara], do="assign"), "run", owner=str(cast.can.pk), run="1")
        assert current(sara).owner == cast.can


class TestDeleting:
    def test_a_deleted_record_comes_back_by_undo_as_it_was(self, record_type, full, shirin):
        before = held(full)
        answer = shirin.post(at("delete", record_type, full.pk))
        assert not record_type.model.objects.filter(pk=full.pk).exists()
        shirin.post(undo_address(shirin.get(answer["Location"])))
        assert held(full) == before
        assert full.pk in rows(shirin.get(at("list", record_type), EVERYTHING | {"q": "full of"}))

    def test_ticked_records_are_deleted_together_and_come_back_by_undo(self, record_type, cast, shirin):
        two = [specimens.make(record_type, cast.reza, name) for name in ("Sara", "Bob")]
        before = [held(one) for one in two]
        dialog = bulk(shirin, record_type, two, do="delete")
        assert "Delete 2 records?" in text(dialog)
        answer = send(shirin, dialog, "run", run="1")
        assert not record_type.model.objects.exists()
        shirin.post(undo_address(shirin.get(answer["Location"])))
        assert [held(one) for one in two] == before

    def test_what_others_changed_since_is_kept_and_listed_by_undo(self, record_type, full, cast, shirin):
        naming = specimens.naming(record_type)
        cell = at("cell", record_type, full.pk, naming)
        first = shirin.post(cell, {naming: "Leyla Demir"}, headers=FRAGMENT)
        shirin.post(cell, {naming: "Leyla Kaya"}, headers=FRAGMENT)
        answer = shirin.post(undo_address(first))
        assert "changed since and stays" in text(answer)
        assert title(full) == "Leyla Kaya"


class TestCommenting:
    def test_a_comment_stands_on_the_page_with_its_author(self, record_type, sara, shirin):
        tab = shirin.get(at("tab", record_type, sara.pk, "comments"), headers=FRAGMENT)
        answer = send(shirin, tab, "text", text="Call after Nowruz")
        assert "Shirin Rad" in text(shirin.get(answer["Location"]))
        assert "Call after Nowruz" in text(shirin.get(answer["Location"]))

    def test_one_comment_is_put_on_all_ticked_records(self, record_type, sara, full, shirin):
        address = reverse("comments:bulk", args=[record_type.name])
        dialog = shirin.post(address, {"ids": [sara.pk, full.pk]}, headers=FRAGMENT)
        send(shirin, dialog, "text", text="Invite to the fair")
        pages = [shirin.get(at("record", record_type, one.pk), {"tab": "comments"}) for one in (sara, full)]
        assert all("Invite to the fair" in text(page) for page in pages)


def bulk(client: Any, record_type: RecordType, ticked: list[Any], **asked: str) -> Any:
    """The question about ticked records."""
    return client.post(at("bulk", record_type), {"ids": [one.pk for one in ticked], **asked})


def value(record: Any, name: str) -> Any:
    return registry.of(record).fields[name].get(current(record))


def wrong_value(record_type: RecordType) -> dict[str, str]:
    """One field with something that it cannot hold."""
    wrong = {"phone": "call me", "date": "some day", "money": "a lot", "email": "nobody"}
    return next(
        {n: wrong[f.type.name]} for n, f in specimens.fields(record_type).items() if f.type.name in wrong
    )


# Another value than the specimen has: emptied where that is all there is to say.
OTHERWISE = dict.fromkeys(("yes_no", "choice", "choices", "lookup", "user", "links"), "") | {
    **dict.fromkeys(("text", "long_text"), "Otherwise"),
    "number": "8",
    "money": "1300",
    "percent": "55",
    "date": "2026-06-01",
    "moment": "2026-06-01 09:15",
    "email": "otherwise@example.com",
    "phone": "+90 212 555 12 34",
    "url": "https://example.org/",
}
