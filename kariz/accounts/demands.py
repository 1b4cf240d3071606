"""What the roles of a person demand of signing in: from which networks, and with a second factor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kariz.accounts.models import Role, User
from kariz.accounts.revision import by_revision
from kariz.lib import networks


@dataclass(frozen=True)
class Demand:
    """Of one role. No networks: from everywhere."""

    networks: tuple[str, ...]
    needs_factor: bool


def may_come_from(user: User, address: str) -> bool:
    """Whether every role of the person that has a list of networks lists this address."""
    return all(networks.is_in(address, one.networks) for one in _of(user) if one.networks)


def needs_factor(user: User) -> bool:
    return any(one.needs_factor for one in _of(user))


def check_not_locked_out(role: Role, allowed: Iterable[str], *, user: User, address: str) -> None:
    """Refuse networks for `role` that would keep out the person who is setting them; `address` is where he is.

    Raises `ValidationError` for the field `networks`.
    """
    listed = list(allowed)
    if listed and role.key in user.role_keys and not networks.is_in(address, listed):
        text = _(
            "This list would keep you out: it does not contain your own address, %(address)s. Add it first."
        )
        raise ValidationError({"networks": text % {"address": address}})


def _of(user: User) -> Iterator[Demand]:
    demanding = _demanding()
    return (demanding[key] for key in user.role_keys if key in demanding) if demanding else iter(())


@by_revision
def _demanding() -> Mapping[str, Demand]:
    """The roles that demand something, one query when the revision has moved on."""
    rows = Role.objects.values_list("key", "networks", "needs_second_factor")
    return {key: Demand(tuple(listed), needs) for key, listed, needs in rows if listed or needs}
