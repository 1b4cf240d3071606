"""How far the records of a type are open beside what profiles reach: to everybody, and by rules."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kariz import audit
from kariz.accounts import company, locale
from kariz.core import conditions, opening, registry
from kariz.core.grants import SharingRule, TypeSharing
from kariz.core.registry import RecordType
from kariz.features.rights import pages, words
from kariz.features.rights.forms import RuleForm
from kariz.web import filters, listing
from kariz.web.doors import for_administrators, reader

NAMES = ("owner_role", "owner_team", "owner_user", "with_role", "with_team", "with_user")


@for_administrators
def sharing(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """The openness of a type, and its rules; posted, the openness is changed."""
    levels = dict(TypeSharing.objects.values_list("record_type", "level"))
    if request.method == "POST":
        _set_level(record_type, request.POST.get("level", ""))
        return pages.go(request, request.path, _("Saved."))
    rules = SharingRule.objects.filter(record_type=record_type.name).select_related(*NAMES)
    context = {
        "record_type": record_type,
        "types": registry.every(),
        "levels": TypeSharing.Level.choices,
        "level": levels.get(record_type.name, TypeSharing.Level.PRIVATE),
        "rules": [(rule, words.sentence(record_type, rule, reader(request))) for rule in rules],
        "links": pages.links("sharing"),
    }
    return render(request, "rights/sharing.html", context)


def _set_level(record_type: RecordType, level: str) -> None:
    if level in TypeSharing.Level.values:
        row = TypeSharing(record_type=record_type.name, level=level)
        with audit.changing("rights.sharing", row, about=(record_type.name, None, str(record_type.plural))):
            row.save()
            company.touch()


def _rule_or_404(record_type: RecordType, pk: int) -> SharingRule:
    return get_object_or_404(SharingRule, pk=pk, record_type=record_type.name)


@for_administrators
def add(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    return _ask(request, record_type, SharingRule(record_type=record_type.name))


@for_administrators
def change(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    return _ask(request, record_type, _rule_or_404(record_type, pk))


def _ask(request: HttpRequest, record_type: RecordType, rule: SharingRule) -> HttpResponse:
    where, written = rule.where, ""
    group = filters.built(record_type, where)
    form = RuleForm(pages.sent(request), instance=rule)
    if request.method == "POST":
        written = request.POST.get("filter", "")
        if written:  # what the builder sends once it was touched
            where, group = filters.parsed(record_type, _tree(written))
            _refuse_reader(form, where)
        if form.is_valid() and not group.has_errors:
            _keep(form, where)
            told = _("The rule “%(rule)s” is saved.") % {"rule": form.instance}
            return pages.go(request, reverse("rights:sharing", args=[record_type]), told)
    status = 422 if form.errors or group.has_errors else 200
    context = {"form": form, "rule": rule, "written": written, **_builder(request, record_type, group, where)}
    return render(request, "rights/rule.html", context, status=status)


def _refuse_reader(form: RuleForm, where: Any) -> None:
    """A rule has no reader whom “me” could mean."""
    if any(operator in ("is_me", "in_my_team") for _name, operator, *_values in conditions.leaves(where)):
        told = _(
            "A rule is the same for everybody: name the people instead of asking for “is me” or “is in my team”."
        )
        form.add_error(None, told)


def _tree(text: str) -> Any:
    try:
        return listing.tree(text)
    except ValueError:
        return None


def _keep(form: RuleForm, where: Any) -> None:
    form.instance.where = where or None
    with audit.changing("rights.sharing", form.instance):
        form.save()
        company.touch()


def _builder(
    request: HttpRequest, record_type: RecordType, group: filters.Group, where: Any
) -> dict[str, Any]:
    """What the builder of conditions needs."""
    if not group.parts:
        group.parts.append(filters.row(record_type))
    return {
        "record_type": record_type,
        "fields": list(conditions.askable(record_type).values()),
        "group": group,
        "names": filters.named(record_type, where, reader(request)),
        "new": filters.row(record_type),
        "new_group": filters.Group("any", []),
    }


@require_POST
@for_administrators
def switch(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """Put a rule out of force, or in force again."""
    rule = _rule_or_404(record_type, pk)
    with audit.changing("rights.sharing", rule):
        SharingRule.objects.filter(pk=pk).update(is_active=not rule.is_active)
        company.touch()
    told = (
        _("The rule “%(rule)s” is switched off.") if rule.is_active else _("The rule “%(rule)s” is in force.")
    )
    return pages.go(request, reverse("rights:sharing", args=[record_type]), told % {"rule": rule})


@require_POST
@for_administrators
def delete(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    rule = _rule_or_404(record_type, pk)
    with audit.changing("rights.sharing", rule):
        SharingRule.objects.filter(pk=pk).delete()
        company.touch()
    told = _("The rule “%(rule)s” is deleted.") % {"rule": rule}
    return pages.go(request, reverse("rights:sharing", args=[record_type]), told)


@for_administrators
def count(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """How many records a rule opens as things stand now."""
    found = opening.held(record_type, _rule_or_404(record_type, pk).pk).count()
    told = ngettext("%(n)s record now", "%(n)s records now", found) % {"n": locale.active().number(found)}
    if "HX-Request" in request.headers:
        return render(request, "rights/_count.html", {"told": told})
    return pages.go(request, reverse("rights:sharing", args=[record_type]), told)
