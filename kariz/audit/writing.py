"""Writes entries."""

from __future__ import annotations

import json
import secrets
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from kariz.audit import origins, sealing, signing
from kariz.audit.kinds import kinds
from kariz.audit.origins import Origin
from kariz.lib.idsets import IdSet
from kariz.lib.text import fold

if TYPE_CHECKING:
    from kariz.audit.models import Entry

About = models.Model | tuple[str, int | None, str] | None

LONGEST = 2000  # characters of one value in the details
LONGEST_NAME, LONGEST_TITLE = 150, 250
# Parts of the names of columns that are nobody's to read.
SECRET = ("password", "secret", "token")
# Parts of the details that nobody looks for.
UNSPOKEN = ("sha256", "digests")


def note(
    kind: str,
    *,
    user: Any = None,
    about: About = None,
    origin: Origin | None = None,
    records: IdSet | None = None,
    **details: Any,
) -> Entry:
    """Add an entry, in the caller's transaction. The user is that of the request unless somebody else is named.

    `about` is a row, or the name of a type with an id and a title; `records` are the records of that type where it is
    about many. Raises `LookupError` for a kind that nobody has registered.
    """
    from kariz.audit.models import Entry

    if kind not in kinds:
        raise LookupError(f"No kind of entry is called “{kind}”.")
    seen = origin or origins.present()
    person = seen.user if user is None else user
    about_type, about_id, title = _about(about)
    if records is not None:
        details["records"] = {"count": len(records), "sha256": records.checksum}
    entry = Entry(
        kind=kind,
        user_id=person.pk if person else None,
        who=clean(str(person), LONGEST_NAME) if person else "",
        address=clean(seen.address, origins.LONGEST_ADDRESS),
        agent=clean(seen.agent, origins.LONGEST_AGENT),
        about_type=about_type,
        about_id=about_id,
        title=clean(title, LONGEST_TITLE),
        details=spelt(details),
    )
    finish(entry)
    entry.mac = signing.mac_of(entry)
    with transaction.atomic():
        entry.save(force_insert=True)
        if records is not None:
            _write_records(entry, records)
        transaction.on_commit(sealing.seal, robust=True)
    return entry


def finish(entry: Entry) -> None:
    """Set what follows from the texts of an entry."""
    texts = (entry.who, entry.title, entry.address, entry.agent, *_texts(entry.told))
    entry.words = fold(" ".join(texts))
    entry.salt = secrets.token_hex(16)
    entry.digest = signing.digest_of(entry)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from _texts(one) if key not in UNSPOKEN else ()
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _write_records(entry: Entry, records: IdSet) -> None:
    from kariz.audit.models import EntryRecords

    EntryRecords.objects.bulk_create(
        EntryRecords(entry=entry, record_type=entry.about_type, block=block, bits=bits)
        for block, bits in records.blocks()
    )


def _about(about: About) -> tuple[str, int | None, str]:
    if about is None:
        return "", None, ""
    if isinstance(about, models.Model):
        pk = about.pk if isinstance(about.pk, int) else None
        return about._meta.model_name or "", pk, str(about)
    name, pk, title = about
    return name, pk, str(title)


def clean(text: str, longest: int) -> str:
    """`text` as any database holds it and one line shows it."""
    kept = (
        " " if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp") else one for one in text[: 4 * longest]
    )
    return " ".join("".join(kept).split())[:longest]


def spelt(details: Mapping[str, Any]) -> str:
    """The details as JSON, always in the same spelling."""
    plain = json.loads(json.dumps(details, cls=DjangoJSONEncoder))
    text = json.dumps(_cut(plain), ensure_ascii=False, sort_keys=True)
    return text.encode("utf-8", "replace").decode()


def _cut(value: Any) -> Any:
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if isinstance(value, dict):
        return {key: _cut(one) for key, one in value.items()}
    return [_cut(one) for one in value] if isinstance(value, list) else value


@contextmanager
def changing(kind: str, row: models.Model, *, about: About = None, **details: Any) -> Iterator[None]:
    """A transaction in which a row is added, changed or deleted: its columns before and after are noted.

    Nothing is where nothing differs. `changes` is column → its values before and after; `did` is `added`, `changed` or
    `removed`.
    """
    with transaction.atomic():
        before, subject = _stored(row), about or _about(row)
        yield
        after = _stored(row)
        if changes := differences(before, after):
            did = "changed" if before and after else "added" if after else "removed"
            subject = about or (_about(row) if after else subject)
            note(kind, about=subject, did=did, changes=changes, **details)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    pairs = {name: [before.get(name), after.get(name)] for name in {**before, **after}}
    return {name: [old, new] for name, (old, new) in pairs.items() if (old or None) != (new or None)}


def _stored(row: models.Model) -> dict[str, Any]:
    """The columns that people fill in, as they are in the database now; nothing of a row that is not there."""
    found = type(row)._base_manager.filter(pk=row.pk).first() if row.pk is not None else None
    if found is None:
        return {}
    columns = (one for one in found._meta.concrete_fields if one.editable and not one.primary_key)
    return {one.name: _value(found, one) for one in columns if not any(word in one.name for word in SECRET)}


def _value(row: models.Model, column: Any) -> Any:
    """A link by the name of what it leads to, anything else as it is."""
    value = column.value_from_object(row)
    return str(getattr(row, column.name)) if column.is_relation and value is not None else value
