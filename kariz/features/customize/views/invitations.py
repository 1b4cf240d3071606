"""Inviting people, who choose their names and passwords themselves."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kariz.accounts import invitations
from kariz.accounts.credentials import Invitation
from kariz.features.customize import pages
from kariz.features.customize.forms.people import InvitationForm
from kariz.web import letters
from kariz.web.confirming import confirmed
from kariz.web.doors import for_administrators, reader
from kariz.web.navigation import is_fragment


@for_administrators
@confirmed
def invite(request: HttpRequest) -> HttpResponse:
    form = InvitationForm(pages.sent(request))
    if request.method == "POST" and form.is_valid():
        invitation = form.save(commit=False)
        invitation.invited_by = reader(request)
        return _send(request, invitation)
    title, back = _("Invite by e-mail"), reverse("customize:users")
    return pages.ask(
        request, title, "customize/_plain.html", form=form, back=back, verb=_("Invite"), size="wide"
    )


@require_POST
@for_administrators
@confirmed
def again(request: HttpRequest, pk: int) -> HttpResponse:
    return _send(request, get_object_or_404(Invitation, pk=pk))


@require_POST
@for_administrators
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Its link opens nothing from now on."""
    invitation = get_object_or_404(Invitation, pk=pk)
    invitation.delete()
    text = _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email}
    return pages.go(request, reverse("customize:users"), text)


def _send(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """By mail; where none is set up, the link is shown this once."""
    back = reverse("customize:users")
    secret = invitations.renew(invitation)
    if settings.SENDS_MAIL:
        letters.send_invitation(request, invitation)
        return pages.go(request, back, _("%(email)s is invited.") % {"email": invitation.email})
    url = letters.site(request) + reverse("web:join", args=[secret])
    context = {"title": _("%(email)s is invited.") % {"email": invitation.email}, "link": url, "back": back}
    template = "customize/_link.html" if is_fragment(request) else "customize/link.html"
    return render(request, template, context)
