"""The channels of which people say yes or no, as administrators have arranged them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from kariz.accounts import company
from kariz.accounts.revision import by_revision
from kariz.features.privacy.models import Channel
from kariz.lib.text import slug


@by_revision
def _every() -> list[Channel]:
    return list(Channel.objects.all())


def offered() -> list[Channel]:
    """Those that one can record a consent for, in their order."""
    return [one for one in _every() if not one.is_hidden]


def every() -> list[Channel]:
    """The hidden ones too: what was recorded for them keeps its name."""
    return _every()


def label(key: str) -> str:
    return next((str(one) for one in _every() if one.key == key), key)


def add(name: str) -> Channel:
    last = max((one.position for one in _every()), default=0)
    made = Channel.objects.create(
        key=slug(name, [one.key for one in _every()]), label=name, position=last + 1
    )
    company.touch()
    return made


def change(channel: Channel, name: str, *, is_hidden: bool) -> None:
    """A shipped channel whose label reads as it did before stays translated."""
    channel.label = channel.label if name == _(channel.label) else name
    channel.is_hidden = is_hidden
    channel.save(update_fields=["label", "is_hidden"])
    company.touch()
