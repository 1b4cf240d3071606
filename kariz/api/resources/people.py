"""Who is asking, and the people that records can belong to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from kariz.accounts import company
from kariz.accounts.models import User
from kariz.api import rows, schemas
from kariz.api.endpoints import Answer, Call, endpoint

ME = schemas.shape(
    {
        "user": schemas.PERSON,
        "role": schemas.TEXT,
        "is_administrator": schemas.YES_NO,
        "scope": {"type": "object", "additionalProperties": schemas.array(schemas.TEXT)},
        "language": schemas.TEXT,
        "time_zone": schemas.TEXT,
        "currency": schemas.TEXT,
    }
)


@endpoint("GET", "me", summary=gettext_lazy("Who is asking, and how far the token reaches"), result=ME)
def read_me(call: Call) -> Answer:
    user, ours = call.user, company.current()
    content = {
        "user": rows.person(user),
        "role": user.role_id,
        "is_administrator": user.is_administrator,
        "scope": {name: list(verbs) for name, verbs in call.caller.scope.allowed.items()},
        "language": user.language or ours.language,
        "time_zone": user.time_zone or ours.time_zone,
        "currency": ours.currency,
    }
    return Answer(content)


@endpoint(
    "GET", "users",
    summary=gettext_lazy("The people that records can belong to"),
    result=schemas.shape({"items": schemas.array(schemas.PERSON)}),
)  # fmt: skip
def list_users(call: Call) -> Answer:
    return Answer({"items": [rows.person(one) for one in User.objects.filter(is_active=True)]})
