"""What several tools are told: each argument with its type, its meaning and examples, for language models to read."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

MOST_ROWS = 50

Type = Annotated[
    str,
    Field(
        description="The record type, by its name.",
        examples=["lead", "contact", "organization", "opportunity"],
    ),
]
ID = Annotated[int, Field(description="The id of the record.", ge=1, examples=[17])]
FieldNames = Annotated[
    list[str],
    Field(
        description="The names of the fields to give; without it the usual ones.",
        max_length=60,
        examples=[["name", "phone", "owner"]],
    ),
]
Where = Annotated[
    list[Any] | dict[str, Any] | None,
    Field(
        description="A condition: a leaf [field, operator, value…], or a tree of them by “all” and “any”."
        " describe_types names the operators.",
        examples=[
            ["status", "is", "new"],
            {"all": [["owner", "is_me"], ["is_open", "yes"], ["created_at", "this_month"]]},
            ["amount", "greater", "1000"],
        ],
    ),
]
Limit = Annotated[int, Field(description="How many at most.", ge=1, le=MOST_ROWS)]
Values = Annotated[
    dict[str, Any],
    Field(
        description="The values by the names of the fields: choices by their keys, links by ids, days as “2026-05-14”,"
        " moments with a time zone, amounts as numbers or texts; null empties a field.",
        examples=[{"name": "Sara Ahmadi", "phone": "+98 21 8888 1234", "source": "website"}],
    ),
]
Part = Annotated[
    int | dict[str, Any] | None,
    Field(
        description="The id of one that is there, or what to say of the new one beyond what the lead gives.",
        examples=[3, {"job_title": "Head of purchasing"}],
    ),
]
