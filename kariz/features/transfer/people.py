"""Rows become users: each in a team, the team's manager beside them, teams below the named region."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz import audit
from kariz.accounts import company, teams
from kariz.accounts.models import Team, User
from kariz.accounts.roles import ShippedRole
from kariz.core import access
from kariz.features.transfer.models import Import, ImportFile, MadeUser
from kariz.features.transfer.outcomes import CREATED, MOST_SAMPLES, SKIPPED, Row, Tally, problem
from kariz.features.transfer.sources import Unread
from kariz.lib.text import fold, slug

if TYPE_CHECKING:
    from kariz.features.transfer.plans import Step


@dataclass(frozen=True)
class _Person:
    name: str
    team: Team | None
    role: str


class UserTarget:
    """Users have no change log: what was made is kept beside the import, for its undo."""

    LABELS = {
        "name": gettext_lazy("Full name"),
        "username": gettext_lazy("User name"),
        "email": gettext_lazy("E-mail"),
        "phone": gettext_lazy("Phone"),
        "role": gettext_lazy("Role"),
        "team": gettext_lazy("Team"),
        "manager": gettext_lazy("Manager of the team"),
        "parent_team": gettext_lazy("Team above"),
    }

    def __init__(self, step: Step, user: User | None, header: Sequence[str] = ()) -> None:
        if user is not None and not user.is_administrator:
            raise access.Forbidden(_("Only administrators import users."))
        self.step = step
        self.placed = [(n, step.columns[title]) for n, title in enumerate(header) if step.columns.get(title)]

    @property
    def labels(self) -> dict[str, str]:
        return {name: str(label) for name, label in self.LABELS.items()}

    @property
    def linked(self) -> set[str]:
        return set()

    def link(self, run: Import, file: ImportFile) -> int:
        """Users are whole with their row."""
        return 0

    @property
    def made(self) -> dict[str, list[Any]]:
        return {}

    def missing(self) -> Iterable[tuple[str, int]]:
        return ()

    def forget(self) -> None:
        """Nothing is kept from row to row."""

    def names(self, cells: list[str]) -> Iterable[tuple[str, str]]:
        return [("user", cells[n]) for n, name in self.placed if name in ("name", "manager")]

    def describe(self, rows: Sequence[Row], first: int, tally: Tally) -> None:
        for number, row in enumerate(rows, first):
            if row.result == CREATED and len(tally.creations) < MOST_SAMPLES:
                values = [[str(self.LABELS[name]), "", text] for name, text in row.values.items()]
                tally.creations.append({"number": number, "title": row.values["name"], "values": values})

    def write(self, chunk: Sequence[list[str]], run: Import, file: ImportFile) -> list[Row]:
        return [self._one(cells, run) for cells in chunk]

    def _one(self, cells: list[str], run: Import) -> Row:
        if isinstance(cells, Unread):
            row = Row(cells)
            row.fail(problem("", cells.reason))
            return row
        said = {name: text for n, name in self.placed if (text := cells[n].strip())}
        row = Row(cells, {**self.step.defaults, **said})
        try:
            with transaction.atomic():
                row.result = CREATED if self._write(row.values, run) else SKIPPED
        except ValidationError as error:
            for message in error.messages:
                row.fail(problem("", message))
        return row

    def _write(self, row: Mapping[str, str], run: Import) -> bool:
        name = row.get("name", "").strip()
        if not name:
            raise ValidationError(_("“%(field)s” is required.") % {"field": self.LABELS["name"]})
        if row.get("email"):
            validate_email(row["email"].strip())
        team = self._team(row, run)
        manager = row.get("manager", "").strip()
        if manager:
            self._user(_Person(manager, team, ShippedRole.SALES_MANAGER), {}, run)
        return self._user(_Person(name, team, self._role(row.get("role", ""))), row, run)

    def _role(self, text: str) -> str:
        if not text:
            return ShippedRole.SALESPERSON
        for value, label in ShippedRole.choices:
            if fold(text) in (value, fold(str(label))):
                return value
        raise ValidationError(_("There is no role “%(text)s”.") % {"text": text})

    def _team(self, row: Mapping[str, str], run: Import) -> Team | None:
        name = (row.get("team") or row.get("manager") or "").strip()
        above = row.get("parent_team", "").strip()
        parent = self._team_named(above, None, run) if above else None
        return self._team_named(name, parent, run) if name else parent

    def _team_named(self, name: str, parent: Team | None, run: Import) -> Team:
        found = Team.objects.filter(name=name).first()
        if found is None:
            found = teams.place(Team(name=name), parent)
            MadeUser.objects.create(of=run, team=found)
        return found

    def _user(self, person: _Person, row: Mapping[str, str], run: Import) -> bool:
        """Make a user, unless one of the name is there."""
        held = dict(User.objects.values_list("username", "name"))
        if fold(person.name) in map(fold, held.values()):
            return False
        made = User(
            username=row.get("username", "").strip() or slug(person.name, held), name=person.name, team=person.team,
            role_id=person.role, email=row.get("email", "").strip(), phone=row.get("phone", "").strip(),
        )  # fmt: skip
        made.set_unusable_password()
        made.full_clean()
        with audit.changing("rights.user", made):
            made.save()
        company.touch()
        MadeUser.objects.create(of=run, user=made)
        return True
