"""Moving a record to another column of a board or stage of its path; what the stage asks for is asked in a dialog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import reswap, retarget, trigger_client_event

from kariz.core import links, ranking, registry, seen
from kariz.core.drafts import WHOLE_RECORD
from kariz.core.fields import Field
from kariz.core.fieldtypes.links import id_in
from kariz.core.models import ChangeBatch
from kariz.core.records import Conflict, Forbidden, Invalid
from kariz.core.registry import RecordType
from kariz.web import boards, cards, clashes, inputs, listing, navigation, saving, toasts
from kariz.web.boards import NO_VALUE
from kariz.web.doors import for_readers, reader, visible_or_404

KEPT = ("value", "before", "after", "version")


@require_POST
@for_readers
def move(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """`value` is the column or stage; from a board, `before` and `after` are the cards that it now stands between."""
    record = visible_or_404(request, record_type, pk)
    field = _field(request, record_type)
    values = inputs.posted(record_type, request.POST, request.POST.getlist("asked"))
    values[field.name] = "" if request.POST.get("value") == NO_VALUE else request.POST.get("value", "")
    try:
        saved, batch = saving.save(
            record_type, record, values, user=reader(request), version=_version(request)
        )
    except Invalid as error:
        return _asks(request, record, field, values, error.errors)
    except Conflict as conflict:
        told = clashes.context(record_type, conflict, values, reader(request))
        sentence = _("%(who)s has changed this %(ago)s. Look at it again before you move it.")
        return _refuse(request, sentence % told)
    except Forbidden as error:
        return _refuse(request, str(error))
    return _moved(request, saved, field, batch)


def _field(request: HttpRequest, record_type: RecordType) -> Field:
    """The field that the address names, the path of the type where it names none."""
    name = request.GET.get("field") or request.POST.get("field") or record_type.path
    field = record_type.fields.get(name)
    if field is None or field.is_readonly or field.type.name != "choice":
        raise Http404
    return field


def _version(request: HttpRequest) -> int | None:
    return id_in(request.POST.get("version", ""))


def _asks(
    request: HttpRequest,
    record: Any,
    field: Field,
    values: Mapping[str, Any],
    errors: Mapping[str, Sequence[str]],
) -> HttpResponse:
    """The dialog with the fields that are missing or wrong; what cannot be asked for is said."""
    record_type = seen.by(registry.of(record), reader(request))
    asked = request.POST.getlist("asked")
    fields = [one for one in record_type.fields.values() if one.name in {*errors, *asked} and one != field]
    if not fields or any(one.is_readonly for one in fields):
        return _refuse(request, " ".join(text for texts in errors.values() for text in texts))
    context = {
        "record": record,
        "record_type": record_type,
        "title": record_type.all_fields[record_type.title].get(record),
        "stage": field.show(values[field.name]),
        # What has not been asked yet is no mistake.
        "rows": [
            _row(one, record, values, errors.get(one.name, ()) if one.name in asked else ()) for one in fields
        ],
        "whole": errors.get(WHOLE_RECORD, ()),
        "names": links.names(fields, [record], reader(request)),
        "kept": [(name, request.POST[name]) for name in KEPT if name in request.POST],
        "action": request.get_full_path(),
    }
    return _into_dialog(render(request, _template(request, "_move.html"), context, status=422))


def _row(field: Field, record: Any, values: Mapping[str, Any], errors: Sequence[str]) -> dict[str, Any]:
    return {"field": field, "value": field.get(record), "typed": values.get(field.name), "errors": errors}


def _template(request: HttpRequest, name: str) -> str:
    return navigation.template(request, f"web/{name.removeprefix('_')}", f"web/{name}")


def _into_dialog(response: HttpResponse) -> HttpResponse:
    return reswap(retarget(response, "#dialog"), "innerHTML")


def _refuse(request: HttpRequest, reason: str) -> HttpResponse:
    """Why the record stays where it is; closing the dialog puts a dragged card back."""
    return _into_dialog(render(request, _template(request, "_refused.html"), {"reason": reason}, status=409))


def _moved(request: HttpRequest, record: Any, field: Field, batch: ChangeBatch | None) -> HttpResponse:
    """The card in its new place with the heads of the columns, or the record's page where no board asked."""
    record_type = registry.of(record)
    text = _("Moved to “%(stage)s”.") % {"stage": field.show(field.get(record)) or _("None")}
    is_on_board = "before" in request.POST
    if is_on_board:
        above, below = (id_in(request.POST.get(name, "")) for name in ("after", "before"))
        ranking.place(boards.beside(record_type, field, record), record, above=above, below=below)
    if not navigation.is_fragment(request):
        there = redirect("web:record", record_type, record.pk)
        return toasts.tell(request, there, text, batch=batch) if batch else there
    response = _redrawn(request, record) if is_on_board else HttpResponse()
    change = {"type": record_type.name, "id": record.pk}
    trigger_client_event(response, "cardMoved" if is_on_board else "recordChanged", change)
    trigger_client_event(response, "closeDialog")
    return toasts.tell(request, response, text, batch=batch) if batch else response


def _redrawn(request: HttpRequest, record: Any) -> HttpResponse:
    """The heads with their new sums, and the card, which has a new version and begins to age anew."""
    shown = boards.board_of(listing.read(request, seen.by(registry.of(record), reader(request))))
    if shown is None:
        return HttpResponse()
    context = {"columns": shown.heads(), "card": cards.card(shown, record), "oob": True}
    return render(request, "web/_board_moved.html", context)
