"""Trees of rows that know their path: teams, roles."""

from __future__ import annotations

from typing import TypeVar

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from kariz.accounts import company
from kariz.accounts.models import Role, Team

Node = TypeVar("Node", Team, Role)


class Loop(ValueError):
    """The node would be below itself."""


@transaction.atomic
def place(node: Node, parent: Node | None) -> Node:
    """Save `node` below `parent` and move its whole subtree along. Raises `Loop`."""
    if parent and node.pk and f"/{node.pk}/" in parent.path:
        raise Loop
    node.parent = parent
    old_path = node.path
    if node.pk is None:
        node.save()
    node.path = f"{parent.path if parent else '/'}{node.pk}/"
    node.save()
    if old_path and old_path != node.path:
        below = type(node)._default_manager.filter(path__startswith=old_path).exclude(pk=node.pk)
        below.update(path=Concat(Value(node.path), Substr(F("path"), len(old_path) + 1)))
    company.touch()
    return node
