"""Slows guessing down: whoever fails again and again waits, twice as long after each further failure.

Failures are counted for the name, whether anybody has it or not, and for the address that they come from. A browser in
which the person has signed in before is counted by itself, so that strangers who guess do not keep the person out (the
device cookies of OWASP). Each try is written before it is judged: many at one moment are no more than many in a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.db.models import Count, Max, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from kariz.accounts import clients, people
from kariz.accounts.models import User
from kariz.lib import networks
from kariz.lib.text import fold
from kariz.web import devices
from kariz.web.models import SignInFailure

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)
KEPT_FOR = timedelta(days=1)
KEY_LETTERS = 40  # what follows them tells one browser from another


@dataclass(frozen=True)
class Rule:
    """So many failures within this time are free."""

    free: int
    within: timedelta


NAME = Rule(5, timedelta(days=1))
ADDRESS = Rule(50, timedelta(hours=1))  # a whole office may share one
LETTERS = Rule(3, timedelta(hours=1))  # mails that somebody is sent without being signed in
LETTERS_FROM = Rule(20, timedelta(hours=1))


class Waiting(Exception):
    """Too many failures; `minutes` to go."""

    def __init__(self, minutes: int) -> None:
        self.minutes = minutes


class Trial:
    """One try. It counts as a failure unless it `succeeded`."""

    def __init__(self, keys: dict[str, Rule]) -> None:
        self.rows = [SignInFailure(key=key, at=timezone.now()) for key in keys]

    def succeeded(self) -> None:
        """Whoever knows the secret starts afresh; others at the same address do not."""
        account, *others = self.rows
        SignInFailure.objects.filter(key=account.key).delete()
        SignInFailure.objects.filter(pk__in=[row.pk for row in others]).delete()


@contextmanager
def password(request: HttpRequest, name: str) -> Iterator[Trial]:
    """A try of a password. Raises `Waiting`."""
    if device := devices.of(request, people.find(name)):
        keys = {_name(name) + _key("device", device)[: 64 - KEY_LETTERS]: NAME}
    else:
        keys = {_name(name): NAME, _address(request): ADDRESS}
    with _trial(keys) as trial:
        yield trial


@contextmanager
def code(request: HttpRequest, user: User) -> Iterator[Trial]:
    """A try of a second factor, or of a password by somebody who is signed in. Raises `Waiting`."""
    with _trial({_code(user): NAME, _address(request): ADDRESS}) as trial:
        yield trial


def may_write_to(request: HttpRequest, name: str) -> bool:
    """Whether one more mail may be asked for; it counts."""
    keys = {_key("letter", fold(name)): LETTERS, _address(request, "letter"): LETTERS_FROM}
    try:
        with _trial(keys):
            return True
    except Waiting:
        return False


def unlock(user: User) -> bool:
    """Let somebody try again at once. False where nothing was in the way."""
    theirs = Q()
    for key in _keys(user):
        theirs |= Q(key__startswith=key)
    return SignInFailure.objects.filter(theirs).delete()[0] > 0


def wait(user: User) -> int:
    """For how many minutes the account is closed to browsers that it does not know."""
    return max(_minutes(key, NAME) for key in _keys(user))


@contextmanager
def _trial(keys: dict[str, Rule]) -> Iterator[Trial]:
    trial = Trial(keys)
    SignInFailure.objects.bulk_create(trial.rows)
    minutes = max(_minutes(key, rule, this_one=1) for key, rule in keys.items())
    if minutes:
        SignInFailure.objects.filter(pk__in=[row.pk for row in trial.rows]).delete()
        raise Waiting(minutes)
    yield trial


def _minutes(key: str, rule: Rule, *, this_one: int = 0) -> int:
    """How long to wait, in minutes; `this_one` is the try that is being made, which has not failed yet."""
    now = timezone.now()
    rows = SignInFailure.objects.filter(key=key, at__gt=now - rule.within).order_by("-at", "-pk")[this_one:]
    found = rows.aggregate(count=Count("pk"), last=Max("at"))
    if found["count"] < rule.free:
        return 0
    pause = min(FIRST_WAIT * 2 ** min(found["count"] - rule.free, 10), LONGEST_WAIT)
    left: timedelta = found["last"] + pause - now
    return max(0, ceil(left / FIRST_WAIT))


def _keys(user: User) -> list[str]:
    return [_name(name) for name in (user.username, user.email) if name] + [_code(user)]


def _name(name: str) -> str:
    return _key("name", fold(name))


def _code(user: User) -> str:
    return _key("code", str(user.pk))


def _address(request: HttpRequest, purpose: str = "address") -> str:
    return _key(purpose, networks.neighbourhood(clients.address(request)))


def _key(purpose: str, told: str) -> str:
    """Keyed, so that the table tells nothing: people type passwords into the box for names."""
    return salted_hmac(f"kariz.sign_in.{purpose}", told, algorithm="sha256").hexdigest()[:KEY_LETTERS]
