"""The records of an order, a set at a time and never all at once, each as its reader may see it at that moment."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, Any

from kariz.accounts import company
from kariz.accounts.models import User
from kariz.core import access, links, naming, records, registry
from kariz.core.access import Forbidden
from kariz.core.links import Unseen
from kariz.features.export import orders
from kariz.features.export.orders import Order

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.links import Names

AT_ONCE = 1000
IN_MEMORY = 1 << 20


@dataclass(frozen=True)
class Chunk:
    """Some records with their links loaded, what those are called, and the fields that are not to be read."""

    records: Sequence[Any]
    names: Names
    withheld: frozenset[str] = frozenset()


def chunks(order: Order, person: int | None, fields: Sequence[Field]) -> Iterator[Chunk]:
    """Everything that is to be written. Rights are asked for anew with each chunk: an export may take long.

    The ids are noted down first, so that a slow reader holds neither a cursor nor a snapshot of the database open.
    Raises `Forbidden` where the person may not export any more.
    """
    found = order.records(_reader(person)).values_list("pk", flat=True)
    with SpooledTemporaryFile(max_size=IN_MEMORY) as noted:
        _note(found.iterator(chunk_size=10 * AT_ONCE), noted)
        for ids in _sets(noted):
            yield _chunk(order, _reader(person), fields, ids)


def _reader(person: int | None) -> User | None:
    company.forget()  # an export may take longer than rights stay as they are
    try:
        return None if person is None else User.objects.get(pk=person, is_active=True)
    except User.DoesNotExist:
        raise Forbidden from None


def _chunk(order: Order, user: User | None, fields: Sequence[Field], ids: Sequence[int]) -> Chunk:
    orders.check(order.type, user)
    found = records.visible(order.type, user).filter(pk__in=ids).order_by().in_bulk()
    listed = [found[pk] for pk in ids if pk in found]
    readable = access.readable(order.type, user)
    shown = [field for field in fields if field.name in readable]
    links.load(order.type, listed, [field.name for field in shown])
    names = links.names(shown, listed, user)
    if order.form == "iso":
        names |= _keyed(names)
    return Chunk(listed, names, frozenset(order.type.fields.keys() - readable.keys()))


def _keyed(names: Names) -> Names:
    """The names by which an import finds the same records: people by what they sign in with."""
    titles: dict[str, dict[int, str]] = defaultdict(dict)
    for (target, pk), name in names.items():
        if not isinstance(name, Unseen):
            titles[target][pk] = name
    users = User.objects.filter(pk__in=titles.pop("user", {})).values_list("pk", "username")
    found = {("user", pk): name for pk, name in users}
    for target, held in titles.items():
        distinct = naming.distinct(registry.get(target), held)
        found |= {(target, pk): name for pk, name in distinct.items()}
    return found


def _note(ids: Iterator[int], file: SpooledTemporaryFile[bytes]) -> None:
    """Eight bytes for each."""
    while some := array("q", islice(ids, AT_ONCE)):
        file.write(some.tobytes())


def _sets(file: SpooledTemporaryFile[bytes]) -> Iterator[list[int]]:
    file.seek(0)
    while some := array("q", file.read(array("q").itemsize * AT_ONCE)):
        yield some.tolist()
