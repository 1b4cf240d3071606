"""The values of choice fields, as administrators have arranged them."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from kariz.accounts.revision import by_revision
from kariz.core.models import Choice
from kariz.lib.text import fold


@dataclass(frozen=True)
class Seed:
    """A choice as a record type ships it; `is_fixed` says that code names its key, so that it can only be renamed."""

    key: str
    label: str
    colour: str = ""
    outcome: str = ""
    group: str = ""
    is_default: bool = False
    is_hidden: bool = False
    expected_days: int | None = None
    asks: tuple[str, ...] = ()
    sets: dict[str, Any] = field(default_factory=dict)
    guide: str = ""
    is_fixed: bool = False

    @property
    def attributes(self) -> dict[str, Any]:
        """Those of `Choice`."""
        return {name: value for name, value in vars(self).items() if name != "is_fixed"} | {
            "asks": list(self.asks)
        }


Provided = Mapping[tuple[str, str], list[Choice]]
_providers: list[Callable[[], Provided]] = []


def provide(function: Callable[[], Provided]) -> Callable[[], Provided]:
    """Register the choices of marks: (record type, mark) → choices that are no rows. Asked once a revision."""
    _providers.append(function)
    return function


@by_revision
def _every() -> dict[tuple[str, str], list[Choice]]:
    found: dict[tuple[str, str], list[Choice]] = defaultdict(list)
    for choice in Choice.objects.all():
        found[choice.record_type, choice.field].append(choice)
    for provided in _providers:
        found.update(provided())
    return dict(found)


@by_revision
def _setting() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for (record_type, field_name), held in _every().items():
        if any(choice.sets for choice in held):
            found[record_type].append(field_name)
    return dict(found)


def setting(record_type: str) -> list[str]:
    """The fields of which some choice sets values of other fields."""
    return _setting().get(record_type, [])


def of(record_type: str, field: str, group: str | None = None, *, hidden: bool = False) -> list[Choice]:
    """The choices of a field in their order; of one group only where `group` is given."""
    return [
        choice
        for choice in _every().get((record_type, field), [])
        if not choice.is_removed
        and (hidden or not choice.is_hidden)
        and (group is None or choice.group == group)
    ]


def find(record_type: str, field: str, key: str, group: str | None = None) -> Choice | None:
    """The choice with this key, hidden and removed ones included, so that old records and history keep their names."""
    for choice in _every().get((record_type, field), []):
        if choice.key == key and (group is None or choice.group == group):
            return choice
    return None


def named(record_type: str, field: str, label: str, group: str | None = None) -> Choice | None:
    """The choice whose key or label, shipped or translated, reads like `label`."""
    wanted = fold(label)
    for choice in of(record_type, field, group, hidden=True):
        if wanted in (choice.key, fold(choice.label), fold(gettext(choice.label))):
            return choice
    return None


def default(record_type: str, field: str, group: str | None = None) -> str:
    """The key that a new record gets where nobody says otherwise."""
    return next((choice.key for choice in of(record_type, field, group) if choice.is_default), "")
