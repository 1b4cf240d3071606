"""A client of Kariz's API, for programs in Python. It knows nothing of Django and nothing else of Kariz.

from kariz.client import Kariz

with Kariz("https://crm.example.com", token="krz_…") as kariz:
    lead = kariz.type("lead").create({"name": "Sara Ahmadi", "email": "sara@example.com", "source": "website"})
"""

from kariz.client.addresses import UnsafeAddress
from kariz.client.answers import Person, Record
from kariz.client.problems import (
    BadRequest,
    Clash,
    Conflict,
    Failed,
    Forbidden,
    Invalid,
    KarizError,
    NotAnAnswer,
    NotFound,
    Problem,
    Redirected,
    TooManyRequests,
    Unauthenticated,
    Unreachable,
)
from kariz.client.records import Records
from kariz.client.site import Feed, Kariz

__all__ = [
    "BadRequest", "Clash", "Conflict", "Failed", "Feed", "Forbidden", "Invalid", "Kariz", "KarizError", "NotAnAnswer",
    "NotFound", "Person", "Problem", "Record", "Records", "Redirected", "TooManyRequests", "Unauthenticated",
    "Unreachable", "UnsafeAddress",
]  # fmt: skip
