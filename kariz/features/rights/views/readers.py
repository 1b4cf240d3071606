"""Who sees a record and why; for administrators also why somebody does not."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from kariz.accounts.models import User
from kariz.core import profiles, reasons, registry
from kariz.core.fieldtypes.links import id_in
from kariz.core.registry import RecordType
from kariz.web import bulk
from kariz.web.doors import for_readers, reader, visible_or_404
from kariz.web.navigation import template

MOST_SHOWN = 100


@for_readers
def readers(request: HttpRequest, record_type: RecordType, pk: int) -> HttpResponse:
    """The people who see a record, each with the reasons and what they may do. Of no concern to those outside."""
    if reader(request).is_external:
        raise Http404
    record = visible_or_404(request, record_type, pk)
    whole = registry.get(record_type.name)
    found = reasons.who(whole, record)
    context: dict[str, Any] = {
        "record_type": record_type,
        "record": record,
        "title": bulk.title(record_type, record),
        "readers": found[:MOST_SHOWN],
        "more": max(0, len(found) - MOST_SHOWN),
    }
    if reader(request).is_administrator:
        context |= _asked(request, whole, record)
    page = template(request, "rights/readers.html", "rights/_readers.html")
    return render(request, page, context)


def _asked(request: HttpRequest, record_type: RecordType, record: Any) -> dict[str, Any]:
    """The question about one person, and its answer."""
    people = list(User.objects.all())
    pk = id_in(request.GET.get("person", ""))
    person = next((one for one in people if one.pk == pk), None)
    why = reasons.why(record_type, record, person) if person and person.is_active else []
    return {
        "people": people,
        "person": person,
        "why": [reason.of_them for reason in why],
        "may_write": any(reason.may_write for reason in why),
        "why_not": why_not(record_type, record, person) if person and not why else "",
    }


def why_not(record_type: RecordType, record: Any, user: User) -> str:
    """What keeps somebody from a record that no reason opens to them."""
    words = {"who": user, "records": record_type.plural}
    if not user.is_active:
        return _("%(who)s cannot see it, because the account is inactive.") % words
    if not profiles.rights(record_type, user).reads:
        return _("%(who)s cannot see it, because no role of theirs sees any of these: %(records)s.") % words
    limit = record_type.restrict(user)
    if limit is not None and not record_type.model.objects.filter(limit, pk=record.pk).exists():
        return (
            _("%(who)s cannot see it, because it is not among the records kept for people like them.") % words
        )
    if record.owner is None:
        return (
            _(
                "%(who)s cannot see it, because nobody is responsible for it, and no rule and no share opens it."
            )
            % words
        )
    words["owner"] = record.owner
    return (
        _(
            "%(who)s cannot see it, because it belongs to %(owner)s, whose records are beyond their reach, and no rule"
            " and no share opens it."
        )
        % words
    )
