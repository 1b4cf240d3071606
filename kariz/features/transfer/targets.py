"""What the rows of a file become: records of a type, or users with their teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kariz.accounts import teams
from kariz.accounts.models import Team, User
from kariz.accounts.roles import Role
from kariz.core import access, choices, picklists, records, registry
from kariz.core.fieldtypes import FieldError
from kariz.features.transfer import linking
from kariz.features.transfer.models import Import, ImportFile, MadeUser
from kariz.features.transfer.plans import BadPlan, Step
from kariz.features.transfer.resolving import RESOLVED, Resolver
from kariz.lib.text import fold, slug

if TYPE_CHECKING:
    from kariz.core.fields import Field
    from kariz.core.registry import RecordType

Row = Mapping[str, str]
Reasons = list[str]


class Target(Protocol):
    """`labels` are the fields that a column can be mapped to; `write` gives each row's reasons for failing."""

    @property
    def labels(self) -> dict[str, str]: ...

    def write(self, rows: Sequence[Row], run: Import, file: ImportFile) -> list[Reasons]: ...

    def finish(self, run: Import, file: ImportFile) -> None: ...


def target_of(step: Step, user: User | None) -> Target:
    """Raises `BadPlan` for an unknown type or field, `Forbidden` where the user may not create such records."""
    target: Target
    if step.type == "user":
        target = UserTarget(step, user)
    else:
        try:
            target = RecordTarget(registry.get(step.type), step, user)
        except KeyError:
            raise BadPlan(_("There is no record type “%(name)s”.") % {"name": step.type}) from None
    for name in [*step.columns.values(), *step.values, *step.defaults, *step.asked, *step.create]:
        if name and name not in target.labels:
            raise BadPlan(_("“%(type)s” has no field “%(name)s”.") % {"type": step.type, "name": name})
    return target


class RecordTarget:
    """Rows become records through the writing door, with every rule, right and history of it."""

    def __init__(self, record_type: RecordType, step: Step, user: User | None) -> None:
        if not access.may_create(record_type, user):
            raise access.Forbidden(_("You may not create records of this type."))
        self.record_type = record_type
        self.step = step
        self.user = user
        self.resolver = Resolver(record_type, user)
        self.maps = {
            name: {fold(raw): text for raw, text in values.items()} for name, values in step.values.items()
        }

    @property
    def labels(self) -> dict[str, str]:
        fields = self.record_type.fields.values()
        return {field.name: str(field.label) for field in fields if not field.is_readonly}

    def replaced(self, row: Row) -> dict[str, str]:
        """The row with its values mapped and its gaps filled by defaults."""
        mapped = {name: self.maps.get(name, {}).get(fold(text), text) for name, text in row.items()}
        filled = {name: text for name, text in mapped.items() if text.strip()}
        return {**mapped, **{n: v for n, v in self.step.defaults.items() if n not in filled}}

    def prime(self, rows: Sequence[Mapping[str, str]]) -> None:
        fields = self.record_type.all_fields
        names = [name for name in (rows[0] if rows else ()) if fields[name].target]
        self.resolver.prime({name: {str(row.get(name, "")) for row in rows} for name in names})

    def write(self, rows: Sequence[Row], run: Import, file: ImportFile) -> list[Reasons]:
        replaced = [self.replaced(row) for row in rows]
        own_links = [self._taken_out(row) for row in replaced]
        self.prime(replaced)
        self._make_choices(replaced)
        reasons: list[Reasons] = [[] for _row in rows]
        pending: list[tuple[int, dict[str, Any]]] = []
        for number, row in enumerate(replaced):
            values = self._values(row, reasons[number])
            if not reasons[number]:
                pending.append((number, values))
        drafts = records.save_many(
            self.record_type,
            [(self.record_type.model(), values) for _number, values in pending],
            user=self.user,
            batch=run.written_in,
        )
        for (number, _values), draft in zip(pending, drafts, strict=True):
            reasons[number] = [
                self._reason(name, message) for name, messages in draft.errors.items() for message in messages
            ]
        linking.keep(
            file,
            [
                (number, draft.record.pk, own_links[number])
                for (number, _values), draft in zip(pending, drafts, strict=True)
                if not draft.errors
            ],
        )
        return reasons

    def finish(self, run: Import, file: ImportFile) -> None:
        """Make the links between rows of this file, now that all of them are there."""
        linking.make(file, self.record_type, Resolver(self.record_type, self.user), run.written_in)

    def _taken_out(self, row: dict[str, str]) -> dict[str, str]:
        """Take the links to the same type out of `row`: the record they name may stand further down."""
        fields = self.record_type.all_fields
        own = [name for name in row if fields[name].target == self.record_type.name]
        return {name: text for name in own if (text := str(row.pop(name)).strip())}

    def _values(self, row: Mapping[str, str], reasons: Reasons) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, text in row.items():
            try:
                values[name] = self.resolver.value(self.record_type.all_fields[name], str(text))
            except FieldError as error:
                reasons.append(self._reason(name, str(error)))
        return values | self._asked(values)

    def _asked(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the row's stage asks for and the file does not say."""
        path = self.record_type.path
        stage = choices.named(self.record_type.name, path, str(values[path])) if values.get(path) else None
        wanted = (name for name in (stage.asks if stage else ()) if not values.get(name))
        return {name: self.step.asked[name] for name in wanted if name in self.step.asked}

    def _make_choices(self, rows: Sequence[Mapping[str, str]]) -> None:
        for name in self.step.create:
            texts = dict.fromkeys(str(row.get(name, "")).strip() for row in rows)
            for text in texts:
                if text and choices.named(self.record_type.name, name, text) is None:
                    picklists.add_choice(self.record_type, name, label=text)

    def _reason(self, name: str, message: str) -> str:
        field = self.record_type.all_fields.get(name)
        return f"{field.label}: {message}" if field else message

    def unknown(self, rows: Sequence[Mapping[str, str]]) -> dict[str, dict[str, int]]:
        """Field → text → count, of the texts that stand for nothing known."""
        self.prime(rows)
        found: dict[str, dict[str, int]] = {}
        for name, field in self._resolved_fields(rows):
            for row in rows:
                text = str(row.get(name, "")).strip()
                if text and not self.resolver.is_known(field, text):
                    counts = found.setdefault(name, {})
                    counts[text] = counts.get(text, 0) + 1
        return found

    def _resolved_fields(self, rows: Sequence[Mapping[str, str]]) -> list[tuple[str, Field]]:
        fields = self.record_type.all_fields
        own = self.record_type.name
        names = [
            n for n in (rows[0] if rows else ()) if n not in self.step.create and fields[n].target != own
        ]
        return [(name, fields[name]) for name in names if fields[name].type.name in RESOLVED]


@dataclass(frozen=True)
class _Person:
    name: str
    team: Team | None
    role: str


class UserTarget:
    """Rows become users: each in a team, the team's manager beside them, teams below the named region."""

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

    def __init__(self, step: Step, user: User | None) -> None:
        if user is not None and not user.is_administrator:
            raise access.Forbidden(_("Only administrators import users."))
        self.step = step

    @property
    def labels(self) -> dict[str, str]:
        return {name: str(label) for name, label in self.LABELS.items()}

    def finish(self, run: Import, file: ImportFile) -> None:
        """Users are whole with their row."""

    def write(self, rows: Sequence[Row], run: Import, file: ImportFile) -> list[Reasons]:
        return [
            self._one({**self.step.defaults, **{n: t for n, t in row.items() if t.strip()}}, run)
            for row in rows
        ]

    def _one(self, row: Mapping[str, str], run: Import) -> Reasons:
        try:
            with transaction.atomic():
                self._write(row, run)
        except ValidationError as error:
            return list(error.messages)
        return []

    def _write(self, row: Mapping[str, str], run: Import) -> None:
        name = row.get("name", "").strip()
        if not name:
            raise ValidationError(_("“%(field)s” is required.") % {"field": self.LABELS["name"]})
        if row.get("email"):
            validate_email(row["email"].strip())
        team = self._team(row, run)
        manager = row.get("manager", "").strip()
        if manager:
            self._user(_Person(manager, team, Role.SALES_MANAGER), {}, run)
        self._user(_Person(name, team, self._role(row.get("role", ""))), row, run)

    def _role(self, text: str) -> str:
        if not text:
            return Role.SALESPERSON
        for value, label in Role.choices:
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

    def _user(self, person: _Person, row: Mapping[str, str], run: Import) -> None:
        if any(fold(other.name) == fold(person.name) for other in User.objects.all()):
            return
        username = row.get("username", "").strip() or slug(
            person.name, set(User.objects.values_list("username", flat=True))
        )
        made = User(
            username=username, name=person.name, team=person.team, role=person.role,
            email=row.get("email", "").strip(), phone=row.get("phone", "").strip(),
        )  # fmt: skip
        made.set_unusable_password()
        made.full_clean()
        made.save()
        MadeUser.objects.create(of=run, user=made)
