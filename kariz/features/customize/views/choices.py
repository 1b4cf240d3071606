"""One choice, stage or pipeline: adding, changing, hiding, removing and bringing it back."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from kariz.accounts import locale
from kariz.core import changes, picklists
from kariz.core.fields import Field
from kariz.core.models import ChangeBatch, Choice
from kariz.core.registry import RecordType
from kariz.features.customize import pages
from kariz.features.customize.doors import choice_field_or_404, choice_or_404, type_or_404
from kariz.features.customize.forms.choices import ChoiceForm, RemoveForm, StageForm
from kariz.features.customize.views.picklists import address
from kariz.web.doors import for_administrators, reader


@for_administrators
def add(request: HttpRequest, type_name: str, name: str) -> HttpResponse:
    record_type = type_or_404(type_name)
    field = choice_field_or_404(record_type, name)
    group = request.GET.get("group", "")
    form = _form(record_type, field)(field, None, pages.sent(request))
    back = address(record_type, name, group)
    if request.method == "POST" and form.is_valid():
        try:
            picklists.add_choice(record_type, field.name, group=group, **form.attributes)
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            return pages.go(request, back, _("“%(choice)s” is added.") % {"choice": form.attributes["label"]})
    title = _("Add stage") if field.name == record_type.path else _("Add value")
    return pages.ask(request, title, "customize/_choice.html", form=form, back=back, verb=title, size="wide")


@for_administrators
def change(request: HttpRequest, type_name: str, name: str, pk: int) -> HttpResponse:
    record_type = type_or_404(type_name)
    field = choice_field_or_404(record_type, name)
    choice = choice_or_404(record_type, name, pk)
    form = _form(record_type, field)(field, choice, pages.sent(request))
    back = address(record_type, name, choice.group)
    if request.method == "POST" and form.is_valid():
        try:
            picklists.change_choice(choice, **form.attributes)
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            return pages.go(request, back, _("“%(choice)s” is saved.") % {"choice": form.attributes["label"]})
    return pages.ask(request, _(choice.label), "customize/_choice.html", form=form, back=back, size="wide")


def _form(record_type: RecordType, field: Field) -> type[ChoiceForm]:
    return StageForm if field.name == record_type.path else ChoiceForm


@require_POST
@for_administrators
def hide(request: HttpRequest, type_name: str, name: str, pk: int) -> HttpResponse:
    """Offer a choice no more, or offer it again; records that have it keep it."""
    record_type = type_or_404(type_name)
    choice = choice_or_404(record_type, name, pk)
    back = address(record_type, name, choice.group)
    is_hidden = request.POST.get("is_hidden") == "1"
    try:
        picklists.change_choice(choice, is_hidden=is_hidden)
    except ValidationError as error:
        return pages.warn(request, " ".join(error.messages), back)
    hidden = _("“%(choice)s” is hidden. Records that have it keep it.")
    text = hidden if is_hidden else _("“%(choice)s” is offered again.")
    restore = reverse("customize:choice_restore", args=[record_type.name, name, pk]) if is_hidden else ""
    return pages.go(request, back, text % {"choice": _(choice.label)}, undo_url=restore)


@for_administrators
def remove(request: HttpRequest, type_name: str, name: str, pk: int) -> HttpResponse:
    record_type = type_or_404(type_name)
    choice = choice_or_404(record_type, name, pk)
    back = address(record_type, name, choice.group)
    reason = "" if choice.is_hidden else picklists.why_needed(choice)
    count = picklists.used_count(choice)
    form = RemoveForm(choice, pages.sent(request))
    if request.method == "POST" and not reason:
        try:
            batch = picklists.remove_choice(choice, reader(request), move_to=request.POST.get("move_to", ""))
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            return pages.go(
                request, back, _removed(choice, count), undo_url=_undo(record_type, choice, batch)
            )
    context: dict[str, Any] = {
        "choice": choice,
        "reason": reason,
        "count": count,
        "verb": _("Delete"),
        "is_bad": True,
    }
    title = _("Delete “%(choice)s”?") % {"choice": _(choice.label)}
    return pages.ask(request, title, "customize/_remove.html", form=form, back=back, size="small", **context)


def _removed(choice: Choice, count: int) -> str:
    text = _("“%(choice)s” is deleted.") % {"choice": _(choice.label)}
    if not count:
        return text
    moved = ngettext("%(n)s record was moved.", "%(n)s records were moved.", count)
    return f"{text} {moved % {'n': locale.active().number(count)}}"


def _undo(record_type: RecordType, choice: Choice, batch: ChangeBatch | None) -> str:
    url = reverse("customize:choice_restore", args=[record_type.name, choice.field, choice.pk])
    return f"{url}?batch={batch.pk}" if batch else url


@require_POST
@for_administrators
def restore(request: HttpRequest, type_name: str, name: str, pk: int) -> HttpResponse:
    """Undo of hiding and of removing: the choice is offered again, and the records that were moved have it again."""
    record_type = type_or_404(type_name)
    choice = get_object_or_404(Choice, record_type=record_type.name, field=name, pk=pk)
    picklists.restore_choice(choice)
    if batch := request.GET.get("batch", ""):
        changes.undo(get_object_or_404(ChangeBatch, pk=batch), reader(request))
    text = _("“%(choice)s” is back.") % {"choice": _(choice.label)}
    return pages.go(request, address(record_type, name, choice.group), text)
