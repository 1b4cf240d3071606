"""The company's settings: what everybody starts with."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from kariz import audit
from kariz.accounts import company as ours
from kariz.accounts import locale
from kariz.accounts.models import Company
from kariz.features.customize import pages
from kariz.features.customize.forms.people import CompanyForm
from kariz.web.doors import for_administrators, reader
from kariz.web.preferences import dress


@for_administrators
def company(request: HttpRequest) -> HttpResponse:
    row = Company.objects.get(pk=ours.current().pk)
    form = CompanyForm(pages.sent(request), instance=row, ours=locale.active())
    if request.method == "POST" and form.is_valid():
        with audit.changing("settings.changed", row):
            form.save()
            ours.touch()
        with locale.use(locale.Locale.of(reader(request))):
            messages.success(request, _("The settings are saved."))
        return redirect("customize:company")
    dress(form)
    page = pages.show(request, "customize/company.html", "company", form=form)
    page.status_code = 422 if form.errors else 200
    return page
