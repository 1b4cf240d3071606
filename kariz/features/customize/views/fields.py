"""One field: adding, changing, hiding and restoring it, and trying out its formula."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz.core import links, metadata, picklists, records, registry
from kariz.core.fields import KEPT, Field
from kariz.core.fieldtypes import TYPES, FieldError
from kariz.core.registry import RecordType
from kariz.features.customize import pages
from kariz.features.customize.doors import field_or_404, type_or_404
from kariz.features.customize.forms.fields import WITH_CHOICES, ChangeFieldForm, NewFieldForm
from kariz.features.customize.views.layout import move_to
from kariz.lib.formulas import Formula
from kariz.lib.formulas.functions import FUNCTIONS
from kariz.web.doors import for_administrators, reader

TRIED = 5


def _back(record_type: RecordType) -> str:
    return reverse("customize:fields", args=[record_type.name])


@for_administrators
def add(request: HttpRequest, type_name: str) -> HttpResponse:
    record_type = type_or_404(type_name)
    form = NewFieldForm(record_type, pages.sent(request), initial={"block": request.GET.get("block", "")})
    if request.method == "POST" and form.is_valid():
        try:
            label = _add(record_type, form)
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            return pages.go(
                request, _back(record_type), _("The field “%(field)s” is added.") % {"field": label}
            )
    context = _formulas(record_type) | {"verb": _("Add field"), "size": "wide"}
    return pages.ask(
        request, _("Add field"), "customize/_new_field.html", form=form, back=_back(record_type), **context
    )


def _formulas(record_type: RecordType) -> dict[str, Any]:
    """What helps to write a formula: the fields it can read, the functions, an example with fields of this type."""
    computable = [one for one in record_type.fields.values() if one.type.name not in ("links", "choices")]
    numbers = [one.name for one in computable if one.type.is_number]
    example = f"round({' * '.join(numbers[:2])} / 100)" if numbers else "days(created_at, today())"
    return {
        "record_type": record_type,
        "computable": computable,
        "functions": ", ".join(("if", "today", *FUNCTIONS)),
        "example": example,
    }


@transaction.atomic
def _add(record_type: RecordType, form: NewFieldForm) -> str:
    given = {key: value for key, value in form.cleaned_data.items() if key != "choices"}
    setting = metadata.add_field(record_type, **given | {"default": given["default"] or None})
    for line in form.lines:
        picklists.add_choice(record_type, setting.name, label=line)
    return setting.label


@for_administrators
def change(request: HttpRequest, type_name: str, name: str) -> HttpResponse:
    record_type = type_or_404(type_name)
    field = field_or_404(record_type, name)
    form = ChangeFieldForm(record_type, field, pages.sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            _change(request, record_type, field, form)
        except ValidationError as error:
            pages.refuse(form, error)
        else:
            return pages.go(request, _back(record_type), _("The field is saved."))
    return pages.ask(
        request,
        _("Field “%(field)s”") % {"field": field.label},
        "customize/_field.html",
        form=form,
        back=_back(record_type),
        **_about(request, record_type, field),
    )


def _about(request: HttpRequest, record_type: RecordType, field: Field) -> dict[str, Any]:
    value = None if field.default is None else field.type.load(field.default)
    wanted = {field.target: {value}} if field.target and value else {}
    may_hide = not field.is_hidden and field.name not in (*KEPT, *metadata.needed(record_type))
    return _formulas(record_type) | {
        "field": field,
        "may_hide": may_hide,
        "values_url": reverse("customize:picklist", args=[record_type.name, field.name]),
        "asks_default": _has_default(field),
        "default": value,
        "typed": request.POST.get(field.name),
        "names": links.names_of(wanted, None),
        "has_choices": field.type.name in WITH_CHOICES,
    }


def _has_default(field: Field) -> bool:
    """Choices have theirs among the choices, and nobody sets what is computed or kept."""
    return field.type.name not in (*WITH_CHOICES, "links") and not field.is_readonly and field.name != "owner"


@transaction.atomic
def _change(request: HttpRequest, record_type: RecordType, field: Field, form: ChangeFieldForm) -> None:
    given = dict(form.cleaned_data)
    block = given.pop("block", "")
    if _has_default(field):
        given["default"] = request.POST.get(field.name)
    metadata.change_field(record_type, field.name, **given)
    if block and "block" in form.changed_data:
        move_to(record_type, field.name, block)


@require_POST
@for_administrators
def hide(request: HttpRequest, type_name: str, name: str) -> HttpResponse:
    """Take a field from all screens, or bring it back; its values stay either way."""
    record_type = type_or_404(type_name)
    field = field_or_404(record_type, name)
    is_hidden = request.POST.get("is_hidden") == "1"
    try:
        metadata.change_field(record_type, field.name, is_hidden=is_hidden)
    except ValidationError as error:
        return pages.warn(request, " ".join(error.messages), _back(record_type))
    text = _("“%(field)s” is hidden. Its values are kept.") if is_hidden else _("“%(field)s” is shown again.")
    restore = reverse("customize:field_restore", args=[record_type.name, field.name]) if is_hidden else ""
    return pages.go(request, _back(record_type), text % {"field": field.label}, undo_url=restore)


@require_POST
@for_administrators
def restore(request: HttpRequest, type_name: str, name: str) -> HttpResponse:
    """Undo of hiding."""
    record_type = type_or_404(type_name)
    field = field_or_404(record_type, name)
    metadata.change_field(record_type, field.name, is_hidden=False)
    text = _("“%(field)s” is shown again.") % {"field": field.label}
    return pages.go(request, _back(record_type), text)


@require_POST
@for_administrators
def try_formula(request: HttpRequest, type_name: str) -> HttpResponse:
    """What a formula gives for the records changed last."""
    record_type = type_or_404(type_name)
    try:
        formula = metadata.check_formula(
            record_type, request.POST.get("name", ""), request.POST.get("formula", "")
        )
    except ValidationError as error:
        return render(request, "customize/_tried.html", {"problem": " ".join(error.messages)})
    sample = Field(record_type.name, "sample", "", TYPES.get(request.POST.get("type", ""), TYPES["text"]))
    found = records.visible(record_type, reader(request), sort="-updated_at")[:TRIED]
    tried = [
        (record_type.all_fields[record_type.title].get(one), _result(formula, sample, one)) for one in found
    ]
    return render(request, "customize/_tried.html", {"tried": tried})


def _result(formula: Formula, sample: Field, record: Any) -> str:
    fields = registry.of(record).all_fields.items()
    result = formula.evaluate({name: one.get(record) for name, one in fields if one.type.name != "links"})
    try:
        return "" if result is None else sample.show(sample.parse(result))
    except FieldError:
        return ""
