"""Retention rules: all of them with the system's own periods, one with its dry run, and what its runs did."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kariz.accounts import locale
from kariz.accounts.models import User
from kariz.core import conditions, keeping, registry
from kariz.core.conditions import BadCondition
from kariz.core.fieldtypes.links import id_in
from kariz.core.registry import RecordType
from kariz.features.privacy import retention
from kariz.features.privacy.models import RetentionRule, RetentionRun
from kariz.features.privacy.views.sections import sections
from kariz.web import filters, history, listing, toasts
from kariz.web.doors import for_administrators, reader
from kariz.web.preferences import dress

RUNS = 20


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for the type checker alone
    class Meta:
        model = RetentionRule
        fields = ("name", "way", "every_days", "spares_open")


@for_administrators
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule, and how long the system keeps what it keeps."""
    ours = locale.active()
    listed = [
        {"rule": one, "record_type": registry.get(one.record_type), "sentence": _sentence(one)}
        for one in RetentionRule.objects.all()
    ]
    kept = [(one.label, _period(one.period(), ours)) for one in keeping.every()]
    context = {
        "rules": listed,
        "kept": sorted(kept, key=lambda pair: str(pair[0])),
        "types": registry.every(),
        "sections": sections("retention"),
    }
    return render(request, "privacy/retention.html", context)


def _period(period: Any, ours: locale.Locale) -> str:
    if period is None:
        return _("For good")
    if not isinstance(period, timedelta):
        return str(period)
    if period.days:
        return ngettext("%(n)s day", "%(n)s days", period.days) % {"n": ours.number(period.days)}
    minutes = period.seconds // 60
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": ours.number(minutes)}


def _sentence(rule: RetentionRule) -> str:
    record_type = registry.get(rule.record_type)
    try:
        return conditions.sentence(record_type, rule.where, {}) if rule.where else _("All of them")
    except BadCondition:
        return _("A condition that cannot be asked any more")


@for_administrators
def new(request: HttpRequest, record_type: RecordType) -> HttpResponse:
    """A rule for what a list shows, or for what the builder says."""
    asked = listing.read(request, record_type)
    where = asked.where if "where" in request.GET or "view" in request.GET else None
    return _page(request, record_type, RetentionRule(record_type=record_type.name, where=where or {}))


@for_administrators
def rule(request: HttpRequest, pk: int) -> HttpResponse:
    """One rule with its dry run; posted, it is changed or deleted."""
    found = get_object_or_404(RetentionRule, pk=pk)
    if request.method == "POST" and request.POST.get("do") == "delete":
        found.delete()
        response = redirect("privacy:retention")
        return toasts.tell(request, response, _("“%(title)s” was deleted.") % {"title": found.name})
    return _page(request, registry.get(found.record_type), found)


def _page(request: HttpRequest, record_type: RecordType, found: RetentionRule) -> HttpResponse:
    form = RuleForm(request.POST if request.method == "POST" else None, instance=found)
    dress(form)
    group, where = filters.built(record_type, found.where), found.where
    problem = ""
    if request.method == "POST":
        where, group, problem = _built(request, record_type, found)
        if form.is_valid() and not group.has_errors and not problem:
            return _save(request, form, where)
    context = {
        "record_type": record_type,
        "rule": found,
        "form": form,
        "problem": problem,
        "fields": list(conditions.askable(record_type).values()),
        "group": group,
        "new": filters.row(record_type),
        "new_group": filters.Group("any", []),
        "names": filters.named(record_type, where, reader(request)),
        "runs": [_run(one) for one in found.runs.all()[:RUNS]] if found.pk else [],
        "latest_left": _left(record_type, found.runs.first(), reader(request)) if found.pk else [],
        **(_dry_run(record_type, found) if found.pk else {}),
    }
    is_wrong = bool(form.errors or group.has_errors or problem)
    return render(request, "privacy/rule.html", context, status=422 if is_wrong else 200)


def _built(
    request: HttpRequest, record_type: RecordType, found: RetentionRule
) -> tuple[Any, filters.Group, str]:
    """The condition as the builder sent it; as it was where nothing in it was touched."""
    text = request.POST.get("filter", "")
    if not text:
        return found.where, filters.built(record_type, found.where), _needed(found.where)
    try:
        where, group = filters.parsed(record_type, listing.tree(text))
    except ValueError:
        return found.where, filters.built(record_type, found.where), _("This condition cannot be read.")
    return where or {}, group, "" if group.has_errors else _needed(where)


def _needed(where: Any) -> str:
    return "" if where else _("Say which records are meant: a rule for all of them is none.")


def _save(request: HttpRequest, form: RuleForm, where: Any) -> HttpResponse:
    """A rule that means something else now is off until its dry run is confirmed."""
    saved = form.save(commit=False)
    before = RetentionRule.objects.filter(pk=saved.pk).first() if saved.pk else None
    saved.where = where
    meant = ("where", "way", "spares_open")
    if before is None or any(getattr(before, name) != getattr(saved, name) for name in meant):
        saved.is_on, saved.confirmed_count, saved.confirmed_total = False, None, None
    saved.save()
    return toasts.tell(request, redirect("privacy:rule", saved.pk), _("Saved."))


def _dry_run(record_type: RecordType, found: RetentionRule) -> dict[str, Any]:
    ours = locale.active()
    try:
        now = retention.try_out(found)
    except BadCondition as error:
        return {"dry_problem": str(error)}
    title = record_type.all_fields[record_type.title]
    return {
        "dry": now,
        "count": ours.number(now.count),
        "total": ours.number(now.total),
        "sample": [(one.pk, title.get(one)) for one in now.sample],
        "left": [(reason, ours.number(count)) for reason, count in now.left.items()],
        "is_too_much": found.is_on and retention.is_too_much(found, now),
    }


def _run(run: RetentionRun) -> dict[str, Any]:
    ours = locale.active()
    return {
        "run": run,
        "at": ours.moment(run.started_at),
        "done": ours.number(run.done_count),
        "left": ours.number(run.left_count),
        "found": ours.number(run.found_count),
    }


def _left(record_type: RecordType, run: RetentionRun | None, user: User) -> list[tuple[int, str, str]]:
    """The first records that the latest run left, each with its name and the reason."""
    left = run.left if run else []
    names = history.titles({(record_type.name, pk) for pk, _reason in left}, user)
    return [(pk, names.get((record_type.name, pk), f"#{pk}"), reason) for pk, reason in left]


@for_administrators
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """`confirm` what the dry run shows and begin, run once more (`again`), or switch the rule `off`."""
    found = get_object_or_404(RetentionRule, pk=pk)
    back = redirect("privacy:rule", pk)
    do = request.POST.get("do")
    if do == "off":
        RetentionRule.objects.filter(pk=pk).update(is_on=False)
        return toasts.tell(request, back, _("The rule is off."))
    if do == "again" and found.is_on:
        retention.start(found, reader(request))
        return toasts.tell(request, back, _("The run has begun."))
    count = id_in(request.POST.get("count", ""))
    try:
        if (
            do != "confirm"
            or not request.POST.get("sure")
            or (count is None and request.POST.get("count") != "0")
        ):
            raise retention.Changed(_("Nothing was done: look at the dry run, and tick the box."))
        retention.confirm(found, count or 0, reader(request))
    except (retention.Changed, BadCondition) as error:
        return toasts.tell(request, back, str(error), level=messages.WARNING)
    return toasts.tell(request, back, _("The rule is on, and its first run has begun."))
