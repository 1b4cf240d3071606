"""The home page: what now?"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kariz.accounts import locale
from kariz.web import home_cards


def home(request: HttpRequest) -> HttpResponse:
    """Numbers that can be pressed, and short lists of what waits; record types and features bring them."""
    ours = locale.active()
    context = {"home": home_cards.of(request), "today": ours.day(ours.today(), "long")}
    return render(request, "web/home.html", context)
