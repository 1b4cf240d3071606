"""Something that can be done to a record, by name: button, bulk command, API call and workflow step alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kariz.accounts.models import User
    from kariz.core.registry import RecordType


def always(record: Any) -> bool:
    return True


def never(record: Any) -> str:
    return ""


def anybody(user: Any) -> bool:
    return True


@dataclass(frozen=True)
class Parameter:
    """Something that an action may be told beside its record, as JSON that fits `schema`.

    With `record`, the name of a type or `user`, it may be the id of one: `run` gets the record. With `values`, the name
    of a type, it may be what to say of a record of that type: field → value.
    """

    name: str
    schema: Mapping[str, Any] = field(default_factory=dict)
    record: str = ""
    values: str = ""
    is_required: bool = False
    may_be_null: bool = False


@dataclass(frozen=True)
class Action:
    """`page` names the URL of a screen that asks for the parameters; without it the action runs at once.

    One that is seldom wanted `is_further`: it stands in the menu, not on a button. `proposed` says why the action
    should be done to a record now; an empty text proposes nothing. `allowed` says which users it is offered to.
    One that can be done `even_locked` is offered of records that change no more.
    """

    name: str
    label: Any
    run: Callable[..., Any]
    types: tuple[str, ...] = ()
    icon: str = ""
    page: str = ""
    is_further: bool = False
    fits: Callable[[Any], bool] = always
    proposed: Callable[[Any], str] = never
    allowed: Callable[[User], bool] = anybody
    even_locked: bool = False
    parameters: tuple[Parameter, ...] = ()


_actions: dict[str, Action] = {}


def action(name: str, *, label: Any, **attributes: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make `function(record_type, record, *, user, **parameters)` an action."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _actions[name] = Action(name, label, function, **attributes)
        return function

    return register


def of(record_type: RecordType, record: Any = None) -> list[Action]:
    """The actions of a type; those that fit `record` where it is given."""
    return [
        one
        for one in _actions.values()
        if (not one.types or record_type.name in one.types) and (record is None or one.fits(record))
    ]


def run(name: str, record_type: RecordType, record: Any, *, user: User | None, **parameters: Any) -> Any:
    """Do it. Raises `KeyError` for an unknown name and whatever the writing door raises."""
    return _actions[name].run(record_type, record, user=user, **parameters)
