"""What goes out comes back in: everything is exported, thrown away, and imported again."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kariz.accounts import company, locale
from kariz.accounts.models import Company, User
from kariz.core import changes, links, metadata, records, registry
from kariz.core.drafts import stored_values
from kariz.core.fields import Field
from kariz.core.registry import RecordType
from kariz.features.export import forms
from kariz.features.transfer import guessing
from kariz.features.transfer.models import FailedRow, Import
from kariz.features.transfer.plans import Step
from kariz.features.transfer.targets import target_of
from kariz.records.leads.conversion import convert
from tests import specimens

pytestmark = pytest.mark.django_db

TEXTS = [
    '=HYPERLINK("http://evil.example")',
    "'=already quoted",
    "علی‌رضا کاظمی، «پارس»؛ ۱۲۳",
    "Işık Çağrı İÖÜ; şirket, “A.Ş.”",
    'semi;colon, comma\ttab | bar "quotes"',
    "  -5 %  ",
]
LONG = [
    "One\nTwo\r\nThree\n\n=1+1",
    "+90 532 000 00 01\n\t@home",
    'He said "no";\nshe said «بله»',
    "a" * 5000,
]
PHONES = ["+98 21 8888 1234 ext. 12", "+90 532 000 00 01"]
NUMBERS = ["-1234.5", "0.125", "1234.567"]
MOMENTS = ["2026-05-14T11:12:13.123456+00:00", "2025-03-21T20:30:00+00:00"]
KINDS = ("text", "long_text", "number", "money", "percent", "date", "moment", "yes_no", "email", "phone", "url",
         "choice", "choices", "user")  # fmt: skip
# What tells of the writing itself: who wrote the record, when, and how.
OF_WRITING = {"created_at", "updated_at", "created_by", "creation_mode", "qualified_by"}


def shape(record_type: RecordType) -> None:
    """A custom field of every kind, and one that is computed from another."""
    for kind in KINDS:
        made = metadata.add_field(record_type, label=f"My {kind}", type=kind)
        if kind in ("choice", "choices"):
            for label in ("Gold", "Silver; or, Bronze", "طلا"):
                add_choice(record_type, made.name, label)
    metadata.add_field(record_type, label="My double", type="number", formula="my_number * 2")


def add_choice(record_type: RecordType, name: str, label: str) -> None:
    from kariz.core import picklists

    picklists.add_choice(record_type, name, label=label)


def custom(record_type: RecordType, n: int, owner: User) -> dict[str, Any]:
    from kariz.core import choices

    keys = {
        name: [one.key for one in choices.of(record_type.name, name)] for name in ("my_choice", "my_choices")
    }
    return {
        "my_text": TEXTS[n % len(TEXTS)],
        "my_long_text": LONG[n % len(LONG)],
        "my_number": NUMBERS[n % len(NUMBERS)],
        "my_money": NUMBERS[-1],
        "my_percent": "12.5",
        "my_date": "2026-05-14",
        "my_moment": MOMENTS[n % len(MOMENTS)],
        "my_yes_no": "yes" if n % 2 else "no",
        "my_email": "ada@example.com",
        "my_phone": PHONES[n % len(PHONES)],
        "my_url": "https://example.com/a?b=c,d;e",
        "my_choice": keys["my_choice"][n % 3],
        "my_choices": keys["my_choices"][: n % 3 + 1],
        "my_user": str(owner.pk),
    }


def fill(record_type: RecordType, owner: User) -> None:
    """Records with all fields, with few, and with every text that is hard on files."""
    specimens.make(record_type, owner, "Least")
    for n, text in enumerate(TEXTS):
        values = specimens.every(record_type, owner, text)
        values |= {
            name: LONG[n % len(LONG)]
            for name, field in specimens.fields(record_type).items()
            if field.type.name == "long_text"
        }
        if "code" in values:
            values["code"] = f"C-{n}"
        values |= custom(record_type, n, owner)
        records.save(
            record_type, record_type.model(), values | {specimens.naming(record_type): text}, user=None
        )


def link_awkwardly(record_type: RecordType) -> None:
    """Every link of one record leads to records whose names are hard on files."""
    linking = record_type.model.objects.filter(**{f"{record_type.title}__endswith": "-5 %"}).get()
    values = {}
    for name, field in specimens.fields(record_type).items():
        if field.target not in ("", "user"):
            found = registry.get(field.target).model.objects.order_by("pk").exclude(pk=linking.pk)
            several = [str(one.pk) for one in found]
            values[name] = several if field.type.name == "links" else several[-2]
    records.save(record_type, linking, values, user=None)


def name_alike(record_type: RecordType, owner: User) -> None:
    """Three records of one name, which an e-mail or a phone tells apart, and others that link to them."""
    if "email" not in record_type.fields:
        return
    reached = [("twin@example.com", PHONES[0]), ("twin@example.com", PHONES[1]), ("another@example.com", "")]
    twins = [specimens.make(record_type, owner, "Twin", email=mail, phone=phone) for mail, phone in reached]
    for other, field in links.pointing_at(record_type):
        if field.name in specimens.fields(other):
            value = [str(one.pk) for one in twins] if field.type.name == "links" else str(twins[1].pk)
            specimens.make_full(other, owner, f"Of twins by {field.name}", **{field.name: value})


def ordered() -> list[RecordType]:
    """Every type after those whose records it links to."""
    found: list[RecordType] = []

    def add(one: RecordType) -> None:
        if one in found:
            return
        for field in specimens.fields(one).values():
            if field.target not in ("", "user", one.name):
                add(registry.get(field.target))
        found.append(one)

    for one in registry.every():
        add(one)
    return found


def everything(*, is_exact: bool = False) -> dict[tuple[str, str], dict[str, Any]]:
    """(type, title) → what the record holds, linked records by their names."""
    found = {}
    for record_type in registry.every():
        fields = {
            name: field
            for name, field in record_type.fields.items()
            if (name != "updated_at" if is_exact else _is_said(field))
        }
        held = list(record_type.model.objects.all())
        links.load(record_type, held)
        names = links.names(fields.values(), held, None)
        for record in held:
            values = stored_values(record_type, record)
            for name, field in fields.items():
                if field.target:
                    ids = values[name] if isinstance(values[name], list) else [values[name]]
                    values[name] = sorted(known(field.target, pk, names) for pk in ids if pk)
            title = f"{fields[record_type.title].get(record)} {reach(record)}"
            assert (record_type.name, title) not in found
            found[record_type.name, title] = {name: values[name] for name in fields}
    return found


def _is_said(field: Field) -> bool:
    """Whether people say it, or it follows from what they say."""
    return field.name not in OF_WRITING and not (field.is_readonly and field.type.name in ("moment", "date"))


def known(target: str, pk: int, names: links.Names) -> str:
    """The name of a linked record, with what tells twins apart."""
    name = names[target, pk]
    return f"{name} {reach(registry.get(target).model.objects.get(pk=pk))}" if name == "Twin" else name


def reach(record: Any) -> str:
    return f"{getattr(record, 'email', '')} {getattr(record, 'phone', '')}"


def empty() -> None:
    for record_type in reversed(ordered()):
        if record_type.locked:
            record_type.model.objects.update(**{record_type.locked: False})
        held = list(record_type.model.objects.all())
        links.load(record_type, held)
        records.delete(record_type, held, user=None)


def bring(record_type: RecordType, file: Path, **said: Any) -> None:
    call_command("import", file, type=record_type.name, **said)
    failed = [
        failure.reasons for one in Import.objects.latest("pk").files.all() for failure in one.failures.all()
    ]
    assert failed == []


@pytest.mark.covers("R282")
@pytest.mark.parametrize(("kind", "language"), [("csv", "en"), ("xlsx", "en"), ("csv", "tr"), ("csv", "fa")])
def test_everything_exported_and_imported_into_an_empty_kariz_is_equal(cast, tmp_path, kind, language):
    Company.objects.update(language=language, calendar="jalali" if language == "fa" else "gregorian")
    company.touch()
    for record_type in registry.every():
        shape(record_type)
    for record_type in ordered():
        fill(record_type, cast.reza)
    for record_type in ordered():
        link_awkwardly(record_type)
    for record_type in ordered():
        name_alike(record_type, cast.reza)
    before = everything()
    for record_type in ordered():
        call_command("export", record_type.name, format=kind, output=tmp_path / f"{record_type.name}.{kind}")
    empty()
    assert everything() == {}
    for record_type in ordered():
        bring(record_type, tmp_path / f"{record_type.name}.{kind}")
    after = everything()
    assert after.keys() == before.keys()
    assert [difference for key in before for difference in differences(key, before[key], after[key])] == []


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_exact_import_brings_back_what_kariz_keeps_itself_as_well(cast, tmp_path, kind):
    for record_type in registry.every():
        shape(record_type)
    for record_type in ordered():
        fill(record_type, cast.reza)
    for record_type in ordered():
        name_alike(record_type, cast.reza)
        add_awkwardly(record_type, cast.reza)
    before = everything(is_exact=True)
    call_command("export", "all", format=kind, output=tmp_path)
    empty()
    User.objects.filter(pk=cast.reza.pk).update(is_active=False)
    call_command("import", tmp_path, exact=True)
    assert [one.reasons for one in FailedRow.objects.all()] == []
    after = everything(is_exact=True)
    assert after.keys() == before.keys()
    assert [difference for key in before for difference in differences(key, before[key], after[key])] == []


def add_awkwardly(record_type: RecordType, owner: User) -> None:
    """A customer that was a lead, and records that lack what new ones have by default."""
    if record_type.name == "lead":
        lead = specimens.make_full(record_type, owner, "Customer", phone="+98 21 8888 1235")
        convert(lead, user=owner)
    bare = specimens.make(record_type, owner, "Bare")
    cleared = {
        name: ""
        for name, field in specimens.fields(record_type).items()
        if field.type.name == "choice" and not field.is_required
    }
    records.save(record_type, bare, cleared, user=None)


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_people_come_back_from_their_cards(cast, tmp_path, version):
    contact = registry.get("contact")
    said = {
        "job_title": 'Head; of, "Sales"',
        "department": "فروش",
        "street": "خیابان ولیعصر، ۱۲",
        "city": "تهران",
    }
    made = specimens.make_full(contact, cast.reza, "سارا احمدی", phone=PHONES[0], mobile=PHONES[1], **said)
    names = ("name", "phone", "mobile", "email", "birthday", "website", *said)
    before = [contact.fields[name].get(made) for name in names]
    call_command("export", "contact", format="vcard", vcard=version, output=tmp_path / "people.vcf")
    empty()
    call_command("import", tmp_path / "people.vcf", type="contact", map=["Company="])
    back = contact.model.objects.get(name="سارا احمدی")
    assert [contact.fields[name].get(back) for name in names] == before


def test_only_administrators_bring_records_back_exactly(cast, tmp_path):
    specimens.make(registry.get("lead"), cast.reza)
    call_command("export", "all", output=tmp_path)
    with pytest.raises(CommandError, match="Only administrators"):
        call_command("import", tmp_path, exact=True, user="reza")


def differences(
    key: tuple[str, str], before: dict[str, Any], after: dict[str, Any]
) -> list[tuple[tuple[str, str], str, Any, Any]]:
    return [(key, name, value, after[name]) for name, value in before.items() if after[name] != value]


@pytest.mark.parametrize("language", ["fa", "tr", "en"])
def test_what_people_read_comes_back_as_well_as_they_can_read_it(cast, tmp_path, language):
    jalali = {"calendar": "jalali", "digits": "persian"} if language == "fa" else {}
    User.objects.filter(pk=cast.shirin.pk).update(language=language, **jalali)
    for record_type in registry.every():
        shape(record_type)
    for record_type in ordered():
        fill(record_type, cast.reza)
    before = everything()
    said = {"user": "shirin", "form": "reader", "delimiter": "semicolon", "bom": True}
    for record_type in ordered():
        call_command("export", record_type.name, output=tmp_path / f"{record_type.name}.csv", **said)
    empty()
    for record_type in ordered():
        bring(record_type, tmp_path / f"{record_type.name}.csv", user="shirin")
    after = everything()
    assert [
        difference
        for key in before
        for difference in differences(key, before[key], after[key])
        if not is_as_near_as_it_is_shown(*difference)
    ] == []


def is_as_near_as_it_is_shown(key: tuple[str, str], name: str, before: Any, after: Any) -> bool:
    """Moments are shown to the minute, amounts to the smallest coin of their currency."""
    kind = registry.get(key[0]).fields[name].type.name
    if kind == "moment":
        return before[:16] == after[:16]
    return kind == "money" and abs(Decimal(before) - Decimal(after)) <= Decimal("0.5")


# Signs that control a terminal are no text: a file that is full of them is taken for a program.
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\r\n"), max_size=40)
AWKWARD = st.text("'=+-@\t\r\n ;,\"|a۱ıİ\u200c\u2028\ufeff_", max_size=12) | st.sampled_from(
    ["_x000D_", "a_x005F_b\r"]
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.tuples(ANY | AWKWARD, ANY | AWKWARD), min_size=1, max_size=12))
@pytest.mark.parametrize(("kind", "delimiter"), [("csv", "comma"), ("csv", "tab"), ("xlsx", "comma")])
def test_any_text_comes_back_as_it_was(cast, tmp_path, kind, delimiter, texts):
    organization = registry.get("organization")
    batch = records.batch_of("import", None)
    rows = [
        (organization.model(), {"name": f"Firm {n}", "city": short, "description": long})
        for n, (short, long) in enumerate(texts)
    ]
    records.save_many(organization, rows, user=None, batch=batch)
    before = held_texts()
    file = tmp_path / f"texts.{kind}"
    call_command(
        "export",
        "organization",
        columns="name,city,description",
        format=kind,
        delimiter=delimiter,
        output=file,
    )
    changes.undo(batch, cast.shirin)
    bring(organization, file)
    after = held_texts()
    changes.undo(Import.objects.latest("pk").batch, cast.shirin)
    assert after == before


def held_texts() -> list[tuple[str, ...]]:
    return list(
        registry.get("organization").model.objects.order_by("name").values_list("name", "city", "description")
    )


@pytest.mark.parametrize("language", ["en", "fa", "tr"])
def test_the_titles_of_every_language_are_known_to_the_import(record_type, cast, language):
    shape(record_type)
    target = target_of(Step(record_type.name), cast.shirin)
    with override(language):
        reader = forms.Reader(locale.Locale.of(cast.reza)).titles(list(record_type.fields.values()))
    iso = forms.ISO().titles(list(record_type.fields.values()))
    for titles in (reader, iso):
        mapped = guessing.columns(titles, target)
        assert {name: mapped[title] for name, title in zip(record_type.fields, titles, strict=True)} == {
            name: name if name in target.labels else "" for name in record_type.fields
        }
