"""What is hidden from a person is nowhere to be found and cannot be set; what he only reads cannot be changed."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from kariz.accounts import company
from kariz.accounts.models import Profile, Role
from kariz.core import merging, metadata, profiles, records, registry, seen
from kariz.core.grants import FieldGrant
from kariz.core.models import ChangeBatch
from kariz.core.registry import NAMING, NAMING_ONE, RecordType
from kariz.features.export.orders import Order
from kariz.features.export.running import begin, content
from kariz.web import boards
from tests import specimens
from tests.cast import Cast, signed_in
from tests.reading import EVERYTHING, FRAGMENT, at, columns, heads, html, rows, text

LEAD = registry.get("lead")
HIDDEN, READONLY = FieldGrant.Level.HIDDEN, FieldGrant.Level.READONLY


def close(record_type: RecordType, level: str, *names: str, profile: str = "salesperson") -> None:
    """Take fields from everybody with a profile."""
    found = Profile.objects.get(key=profile)
    for name in names:
        FieldGrant.objects.update_or_create(
            profile=found, record_type=record_type.name, field=name, defaults={"level": level}
        )
    company.touch()


@pytest.fixture
def reza(cast: Cast) -> Client:
    return signed_in(cast.reza)


def hideable(record_type: RecordType) -> list[str]:
    return [name for name in record_type.all_fields if profiles.may_be_hidden(record_type, name)]


def pages(record_type: RecordType, record: Any) -> list[str]:
    """Every page that a person opens about a record, its type, or everything."""
    names = record_type.all_fields
    tabs = ["details", "updates", "comments", "duplicates", "requests", *record_type.links]
    every_column = f"?where=%7B%7D&columns={','.join(names)}"
    return [
        reverse("web:home"),
        reverse("web:search") + "?q=Full",
        *(at(page, record_type) for page in ("list", "board", "count", "condition", "columns", "view_save")),
        *(at(page, record_type) for page in ("bulk", "lookup", "new", "quick")),
        *(at(page, record_type, record.pk) for page in ("record", "panel", "edit")),
        *(at("tab", record_type, record.pk, name) for name in tabs),
        *(at("cell", record_type, record.pk, name) for name in names),
        *(f"{at('list', record_type)}{every_column}&sort={name}" for name in record_type.columns),
        *(f"{at('board', record_type)}{every_column}&by={one.name}" for one in boards.offered(record_type)),
        reverse("insights:results"),
        f"/health/{record_type.name}/",
        reverse("profiles:profiles"),
        f"/{record_type.name}/export/",
        f"/duplicates/{record_type.name}/",
        f"/import/new/?type={record_type.name}",
    ]


def telling(record_type: RecordType, record: Any) -> list[str]:
    """Words that stand nowhere but in the record's fields, the name aside."""
    fields = specimens.fields(record_type)
    own = [f"{name} of Full" for name, one in fields.items() if one.type.name == "text"]
    found = [*own, "sara@example.com", "8888", "example.com/page", "Second line", "1,200", "The contact"]
    title = str(record_type.all_fields[record_type.title].get(record))
    # The linked records of a type may be of the type itself: their names are shown.
    return [word for word in found if word not in title and record_type.name not in word]


class TestHidden:
    def test_nothing_of_it_stands_on_any_page(self, record_type, full, reza):
        close(record_type, HIDDEN, *hideable(record_type))
        told: dict[str, list[str]] = {}
        for address in pages(record_type, full):
            answer = reza.get(address)
            if found := [word for word in telling(record_type, full) if word in html(answer)]:
                told[address] = found
        assert told == {}

    def test_pages_are_whole_whatever_field_is_hidden(self, record_type, full, reza):
        named = {name for attribute in NAMING for name in getattr(record_type, attribute)}
        named |= {getattr(record_type, attribute) for attribute in NAMING_ONE}
        named |= {"is_open", "stale_on", "pipeline", "outcome", "next_contact_on", "completeness"}
        for name in named.intersection(hideable(record_type)):
            FieldGrant.objects.all().delete()
            close(record_type, HIDDEN, name)
            for page in ("list", "board", "new"):
                # A board of what is hidden is none: the list is there instead.
                assert reza.get(at(page, record_type), EVERYTHING).status_code < 404, (page, name)
            for address in (reverse("web:home"), at("record", record_type, full.pk)):
                assert reza.get(address).status_code == 200, (address, name)

    def test_lists_are_neither_narrowed_nor_sorted_by_it(self, cast, reza):
        for n, name in enumerate(("Sara", "Ali", "Mina")):
            specimens.make(LEAD, cast.reza, name, company=f"Works {n}")
        before = rows(reza.get(at("list", LEAD), EVERYTHING))
        close(LEAD, HIDDEN, "company")
        where = json.dumps({"all": [["company", "contains", "Works 1"]]})
        answer = reza.get(at("list", LEAD), {"where": where})
        assert rows(answer) == []
        assert "There is no field" in text(answer)
        assert rows(reza.get(at("list", LEAD), EVERYTHING | {"sort": "company"})) == before
        assert "Company" not in heads(reza.get(at("list", LEAD), EVERYTHING))

    def test_it_is_found_by_nobody_from_whom_it_is_hidden(self, cast, reza):
        lead = specimens.make(LEAD, cast.reza, "Sara", company="Rosewood Mills", phone="+98 21 8888 1234")
        close(LEAD, HIDDEN, "company", "phone")
        for words in ("rosewood", "88881234"):
            assert rows(reza.get(at("list", LEAD), EVERYTHING | {"q": words})) == []
            assert "Sara" not in text(reza.get(reverse("web:search"), {"q": words}))
            demir = signed_in(cast.demir)
            assert rows(demir.get(at("list", LEAD), EVERYTHING | {"q": words})) == [lead.pk]
            assert "Sara" in text(demir.get(reverse("web:search"), {"q": words}))
        assert rows(reza.get(at("list", LEAD), EVERYTHING | {"q": "sara"})) == [lead.pk]
        found = text(reza.get(reverse("web:search"), {"q": "sara"}))
        assert "Sara" in found
        assert "Rosewood" not in found

    def test_views_that_ask_for_it_are_not_offered(self, reza, cast):
        assert "Hot" in text(reza.get(at("list", LEAD)))
        close(LEAD, HIDDEN, "temperature")
        assert "Hot" not in text(reza.get(at("list", LEAD)))

    def test_boards_have_no_columns_or_sums_of_it(self, cast, reza):
        specimens.make(LEAD, cast.reza, budget="1200")
        close(LEAD, HIDDEN, "budget")
        assert "1,200" not in html(reza.get(at("board", LEAD), EVERYTHING))
        close(LEAD, HIDDEN, "status")
        assert list(columns(reza.get(at("board", LEAD), EVERYTHING | {"by": "status"}))) != ["new"]

    def test_history_tells_nothing_of_it(self, cast, reza):
        lead = specimens.make(LEAD, cast.reza, company="Rosewood Mills")
        records.save(LEAD, lead, {"company": "Pine Mills", "job_title": "Buyer"}, user=cast.reza)
        close(LEAD, HIDDEN, "company")
        updates = text(reza.get(at("tab", LEAD, lead.pk, "updates"), headers=FRAGMENT))
        assert "Buyer" in updates
        assert "Mills" not in updates

    def test_it_cannot_be_set_by_any_form(self, cast, reza):
        lead = specimens.make(LEAD, cast.reza, company="Rosewood Mills")
        close(LEAD, HIDDEN, "company")
        reza.post(at("edit", LEAD, lead.pk), {"company": "Mine", "job_title": "Buyer"})
        assert reza.post(at("cell", LEAD, lead.pk, "company"), {"company": "Mine"}).status_code == 404
        sent = {"do": "edit", "ids": str(lead.pk), "field": "company", "company": "Mine", "run": "1"}
        reza.post(at("bulk", LEAD), sent)
        now = specimens.current(lead)
        assert (now.company, now.job_title) == ("Rosewood Mills", "Buyer")

    def test_the_writing_door_refuses_it(self, cast):
        lead = specimens.make(LEAD, cast.reza)
        close(LEAD, HIDDEN, "company")
        with pytest.raises(records.Invalid, match="There is no field “company”"):
            records.save(LEAD, lead, {"company": "Mine"}, user=cast.reza)

    def test_a_computed_field_that_reads_it_is_hidden_too(self, cast):
        double = metadata.add_field(LEAD, label="Double", type="number", formula="budget * 2").name
        assert double in seen.by(LEAD, cast.reza).fields
        close(LEAD, HIDDEN, "budget")
        assert {"budget", double}.isdisjoint(seen.by(LEAD, cast.reza).fields)

    def test_it_goes_out_in_no_file(self, record_type, full, cast):
        close(record_type, HIDDEN, *hideable(record_type))
        for kind in ("csv", "jsonl", *(["vcard"] if record_type.name in ("lead", "contact") else [])):
            order = Order(record_type.name, format=kind, form="iso")
            written = b"".join(content(begin(order, cast.reza))).decode()
            assert full.pk
            assert [word for word in telling(record_type, full) if word in written] == []

    def test_a_merge_cannot_choose_it(self, cast):
        one, other = (specimens.make(LEAD, cast.reza, company=firm) for firm in ("Rosewood", "Pine"))
        close(LEAD, HIDDEN, "company")
        with pytest.raises(records.Invalid, match="cannot be chosen here"):
            merging.merge(LEAD, one.pk, [other.pk], user=cast.reza, take={"company": other.pk})

    def test_several_roles_hide_only_what_all_of_them_hide(self, cast):
        close(LEAD, HIDDEN, "company", "phone")
        close(LEAD, HIDDEN, "phone", profile="telemarketer")
        cast.reza.other_roles.add(Role.objects.get(key="telemarketer"))
        company.touch()
        assert {"company", "phone"} & set(seen.by(LEAD, cast.reza).fields) == {"company"}

    def test_conversion_carries_it_over_all_the_same(self, cast, reza):
        lead = specimens.make(LEAD, cast.reza, "Sara", company="Pars Sanat", email="sara@pars.example")
        contact = registry.get("contact")
        close(contact, HIDDEN, "email")
        answer = reza.get(f"/lead/{lead.pk}/convert/")
        assert "sara@pars.example" not in html(answer).partition("contact.name")[2]
        sent = {
            "organization": "new",
            "organization.name": "Pars Sanat",
            "contact": "new",
            "contact.name": "Sara",
        }
        reza.post(f"/lead/{lead.pk}/convert/", sent)
        assert contact.model.objects.get().email == "sara@pars.example"


class TestReadOnly:
    def test_it_is_shown_and_asked_for_nowhere(self, cast, reza):
        lead = specimens.make(LEAD, cast.reza, company="Rosewood Mills")
        close(LEAD, READONLY, "company")
        assert "Rosewood Mills" in text(reza.get(at("record", LEAD, lead.pk)))
        assert 'name="company"' not in html(reza.get(at("edit", LEAD, lead.pk)))
        assert reza.get(at("cell", LEAD, lead.pk, "company")).status_code == 404
        assert not re.search(r'data-edit-url="[^"]*/company/"', html(reza.get(at("list", LEAD), EVERYTHING)))

    def test_the_writing_door_says_which_field(self, cast):
        lead = specimens.make(LEAD, cast.reza)
        close(LEAD, READONLY, "company")
        with pytest.raises(records.Invalid, match="You may not change “Company”"):
            records.save(LEAD, lead, {"company": "Mine"}, user=cast.reza)

    def test_stages_and_rules_go_on_setting_it(self, cast, reza):
        deal = registry.get("opportunity")
        made = specimens.make(deal, cast.reza)
        before = made.probability
        close(deal, READONLY, "probability")
        reza.post(at("move", deal, made.pk), {"value": "negotiation"})
        assert specimens.current(made).probability not in (None, before)

    def test_undo_gives_it_back(self, cast, reza):
        lead = specimens.make(LEAD, cast.reza, company="Rosewood Mills")
        records.save(LEAD, lead, {"company": "Pine Mills"}, user=cast.reza)
        close(LEAD, READONLY, "company")
        reza.post(reverse("web:undo", args=[ChangeBatch.objects.filter(user=cast.reza).latest("pk").pk]))
        assert specimens.current(lead).company == "Rosewood Mills"
