"""Records of every type become one with everything that belonged to them, and are several again after undo."""

from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from kariz.core import attached, changes, links, merging, records, registry, undoing
from kariz.core.merging import Group
from kariz.core.models import Link, SearchRow
from kariz.core.registry import RecordType
from kariz.features.comments.models import Comment
from kariz.features.comments.writing import comment
from kariz.features.duplicates.models import KeptApart, PassedOn
from kariz.web.models import Submission, Visit
from tests import specimens
from tests.forms import send
from tests.reading import at, text, undo_address
from tests.specimens import current, title

MOVES_ON = {"version", "updated_at"}  # with every write, those of undo too


def page_of(client: Any, record_type: RecordType, *found: Any) -> Any:
    return client.get(f"/{record_type.name}/merge/", {"ids": ",".join(str(one.pk) for one in found)})


def rows(model: Any, *without: str) -> list[dict[str, Any]]:
    skipped = MOVES_ON | set(without)
    return [
        {name: value for name, value in row.items() if name not in skipped}
        for row in model.objects.order_by("pk").values()
    ]


def everything() -> dict[str, Any]:
    """All that records are and that belongs to them, as it stands in the tables."""
    found: dict[str, Any] = {record_type.name: rows(record_type.model) for record_type in registry.every()}
    found |= {model.__name__: rows(model) for model in (Comment, Visit, Submission, KeptApart, PassedOn)}
    found["search"] = sorted(
        SearchRow.objects.values_list("record_type", "record_id", "owner_id", "title", "words")
    )
    found["links"] = sorted(Link.objects.values_list("record_type", "field", "record_id", "target_id"))
    return found


class TestEveryType:
    def test_the_fuller_record_stays_and_takes_what_it_has_not(self, record_type, sara, full, shirin):
        page = page_of(shirin, record_type, sara, full)
        answer = send(shirin, page, "merge", merge="1", primary=str(sara.pk))
        assert answer["Location"] == at("record", record_type, sara.pk)
        assert not record_type.model.objects.filter(pk=full.pk).exists()
        now, fields = current(sara), record_type.fields
        empty = [
            name for name in self.alone(record_type) if fields[name].type.is_empty(fields[name].get(now))
        ]
        assert empty == []

    def alone(self, record_type):
        """The fields that are no part of something larger, which comes from one record as a whole."""
        together = {name for names in record_type.together for name in names}
        amounts = {name for name, field in record_type.fields.items() if field.type.name == "money"}
        return specimens.fields(record_type).keys() - together - amounts - {"currency"}

    def test_the_address_of_the_merged_record_leads_to_the_one_that_stayed(
        self, record_type, sara, full, shirin
    ):
        merging.merge(record_type, sara.pk, [full.pk], user=None)
        answer = shirin.get(at("record", record_type, full.pk))
        assert (answer.status_code, answer["Location"]) == (302, at("record", record_type, sara.pk))

    def test_undo_on_the_screen_makes_two_of_them_again(self, record_type, sara, full, shirin):
        before = everything()
        answer = send(shirin, page_of(shirin, record_type, sara, full), "merge", merge="1")
        shirin.post(undo_address(shirin.get(answer["Location"])))
        Visit.objects.all().delete()
        assert everything() == before
        assert shirin.get(at("record", record_type, full.pk)).status_code == 200

    def test_what_was_said_of_both_is_read_with_the_one(self, record_type, sara, full, shirin, cast):
        comment(record_type, [full.pk], "Call her on Monday.", cast.shirin)
        name = title(full)
        merging.merge(record_type, sara.pk, [full.pk], user=cast.shirin)
        updates = text(shirin.get(at("record", record_type, sara.pk), {"tab": "updates"}))
        assert f"merged “{name}” into this record" in updates
        assert f"created this record · on “{name}”, which was merged into this record" in updates
        said = text(shirin.get(at("record", record_type, sara.pk), {"tab": "comments"}))
        assert "Call her on Monday." in said

    def test_to_those_who_do_not_see_the_record_its_old_address_is_nothing(
        self, record_type, sara, full, cast, browser_of
    ):
        merging.merge(record_type, sara.pk, [full.pk], user=None)
        sees = records.visible(record_type, cast.bob).filter(pk=sara.pk).exists()
        answer = browser_of(cast.bob).get(at("record", record_type, full.pk))
        assert answer.status_code == (302 if sees else 404)


def test_every_row_that_belongs_to_a_record_goes_where_the_record_goes():
    kept_otherwise = {
        "core.change",  # is read with those of the record it went to
        "core.searchrow", "core.link", "core.mergedrecord",  # the merge itself
        "duplicates.matchkey",  # follows every write
        "duplicates.duplicatemember",  # says what a scan found; the next one finds what is true then
        "duplicates.foundpair",  # of a scan that is under way
        "duplicates.keptapart", "duplicates.passedon",  # of two records; see duplicates.apart
        "privacy.anonymisedrecord",  # what a merge makes of it is looked at anew
    }  # fmt: skip
    belonging = {
        model._meta.label_lower
        for model in apps.get_models()
        if {"record_type", "record_id"} <= {column.name for column in model._meta.concrete_fields}
    }
    assert belonging - kept_otherwise - {one.name for one in attached.every()} == set()


def test_a_pin_of_each_becomes_one_pin_and_two_again(cast):
    lead = registry.get("lead")
    one, other = (specimens.make(lead, cast.reza, name) for name in ("Sara", "Sarah"))
    for found in (one, other):
        Visit.objects.create(user=cast.reza, record_type="lead", record_id=found.pk, is_pinned=True)
    Visit.objects.create(user=cast.maryam, record_type="lead", record_id=other.pk)
    before = rows(Visit)
    batch = merging.merge(lead, one.pk, [other.pk], user=cast.shirin)
    assert sorted(Visit.objects.values_list("user_id", "record_id")) == sorted(
        [(cast.reza.pk, one.pk), (cast.maryam.pk, one.pk)]
    )
    changes.undo(batch, cast.shirin)
    assert rows(Visit) == before


def test_a_large_merge_is_undone_stretch_by_stretch(cast, monkeypatch):
    monkeypatch.setattr(changes, "AT_ONCE", 3)
    organization = registry.get("organization")
    groups = []
    for number in range(6):
        one, other = (
            specimens.make(organization, cast.reza, f"{name} {number}") for name in ("Pars", "Parsian")
        )
        specimens.make(registry.get("contact"), cast.reza, f"Ali {number}", organization=other.pk)
        comment(organization, [other.pk], "Pays late.", cast.shirin)
        groups.append(Group(one.pk, (other.pk,)))
    before = everything()
    batch = records.batch_of("merge", cast.shirin)
    merged = merging.merge_groups(organization, groups, user=cast.shirin, batch=batch)
    assert (len(merged.done), organization.model.objects.count()) == (6, 6)
    undone = undoing.carry_on(undoing.begin(batch, cast.shirin), lambda done, total: None)
    assert undone.kept_count == 0
    assert everything() == before


class TestAnything:
    """Whatever the records say and whatever belongs to them, undo of a merge is exact."""

    # Every example is rolled back; making one smaller would take longer than reading it.
    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )
    @given(data=st.data())
    def test_a_merge_that_is_undone_leaves_every_row_as_it_was(self, db, cast, data):
        with transaction.atomic():
            record_type = registry.get(data.draw(st.sampled_from([one.name for one in registry.every()])))
            made = [
                self._record(data, record_type, cast, number)
                for number in range(data.draw(st.integers(2, 4)))
            ]
            self._children(data, record_type, made, cast)
            before = everything()
            primary, *others = data.draw(st.permutations([one.pk for one in made]))
            batch = merging.merge(
                record_type, primary, others, user=cast.shirin, take=self._take(data, record_type, made)
            )
            assert record_type.model.objects.filter(pk__in=others).count() == 0
            assert not pointing_nowhere(record_type, others)
            undone = changes.undo(batch, cast.shirin)
            assert undone.kept == []
            assert everything() == before
            transaction.set_rollback(True)

    def _record(self, data: Any, record_type: RecordType, cast: Any, number: int) -> Any:
        name = f"Sara {number}"
        full = specimens.every(record_type, data.draw(st.sampled_from([cast.reza, cast.can])), name)
        least = specimens.least(record_type, name)
        said = data.draw(st.sets(st.sampled_from(sorted(full))))
        said |= {"consent_text"} if "handed_to" in said else set()
        values = least | {key: full[key] for key in said}
        return records.save(record_type, record_type.model(), values, user=None)

    def _children(self, data: Any, record_type: RecordType, made: list[Any], cast: Any) -> None:
        ids = [one.pk for one in made]
        for other, field in links.pointing_at(record_type):
            for number in range(data.draw(st.integers(0, 2))):
                child = specimens.make(other, cast.reza, f"{other.name} {field.name} {number}")
                chosen = data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True))
                value = chosen if field.type.name == "links" else chosen[0]
                records.save(other, child, {field.name: value}, user=None, is_trusted=True, is_stored=True)
        for pk in data.draw(st.lists(st.sampled_from(ids), max_size=3)):
            comment(record_type, [pk], "Something was said.", cast.shirin)
        for pk in data.draw(st.sets(st.sampled_from(ids))):
            Visit.objects.create(user=cast.reza, record_type=record_type.name, record_id=pk)
            Submission.objects.create(
                token=uuid4(), user=cast.reza, record_type=record_type.name, record_id=pk
            )

    def _take(self, data: Any, record_type: RecordType, made: list[Any]) -> dict[str, int]:
        names = [name for name, field in specimens.fields(record_type).items() if not field.formula]
        wanted = data.draw(st.sets(st.sampled_from(sorted(names)), max_size=6))
        return {name: data.draw(st.sampled_from([one.pk for one in made])) for name in sorted(wanted)}


def pointing_nowhere(record_type: RecordType, gone: list[int]) -> list[tuple[str, str]]:
    """The fields that still name one of these records."""
    found = []
    for other, field in links.pointing_at(record_type):
        listed = list(other.model.objects.all())
        links.load(other, listed)
        named = [field.get(one) for one in listed]
        ids = {pk for value in named for pk in (value if isinstance(value, list) else [value])}
        if ids & set(gone):
            found.append((other.name, field.name))
    return found
