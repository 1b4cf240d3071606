"""The tools that change something. Whatever one of them does is one batch, which `undo_batch` takes back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from kariz.client import Kariz, Record
from kariz.mcp.arguments import ID, Part, Type, Values
from kariz.mcp.compact import written
from kariz.mcp.knowing import Knowledge


class Writing:
    def __init__(self, kariz: Kariz, knowledge: Knowledge) -> None:
        self._kariz, self._knowledge = kariz, knowledge

    def create_record(self, type: Type, values: Values) -> str:
        """Create a record. This changes data.

        Search first: who is there already is not to be made again. describe_types tells the fields; those that are
        missing or wrong are named in the error. It gives the id, the version, and the batch by which undo_batch takes
        it back.
        """
        return _done(self._kariz.type(type).create(values))

    def update_record(
        self,
        type: Type,
        id: ID,
        values: Values,
        version: Annotated[
            int | None,
            Field(
                description="The version that you have read. With it nothing that others changed since is overwritten.",
                ge=0,
            ),
        ] = None,
    ) -> str:
        """Change fields of a record. This overwrites data.

        Give only the fields to change, and the version that you have read. Where somebody has set the same field to
        something else since, nothing is written and the error shows all three values: ask the person what is to stand.
        It gives the new version, and the batch by which undo_batch takes it back.
        """
        return _done(self._kariz.type(type).update(id, values, version=version))

    def convert_lead(
        self,
        id: ID,
        organization: Part = None,
        contact: Part = None,
        opportunity: Annotated[
            dict[str, Any] | None,
            Field(
                description="What to say of the opportunity.",
                examples=[{"name": "Pumps for Arvand", "amount": "1200"}],
            ),
        ] = None,
        without_opportunity: Annotated[bool, Field(description="Make no opportunity.")] = False,
    ) -> str:
        """Convert a lead: make a customer of it. This changes data.

        It makes a contact, an organization where the lead has a company, and an opportunity. Use it when the person
        has asked for it. The lead is locked and keeps links to what it became. It gives the records that were made or
        changed, and the batch by which undo_batch takes all of it back at once.
        """
        said: Mapping[str, Any] = {
            "organization": organization, "contact": contact, "opportunity": opportunity
        }  # fmt: skip
        parameters = {name: value for name, value in said.items() if value is not None}
        if without_opportunity:
            parameters["opportunity"] = None
        done = self._kariz.type("lead").act(id, "convert", parameters)
        return written({"batch": done.batch, "changes": [vars(one) for one in done.changes]})

    def log_activity(
        self,
        type: Type,
        id: ID,
        text: Annotated[
            str,
            Field(
                description="What happened, in the language of the people who will read it.",
                min_length=1,
                max_length=10_000,
                examples=["Called her: she wants the offer by Monday."],
            ),
        ],
    ) -> str:
        """Log what happened with a record: a call, a meeting, an agreement. This adds to its timeline.

        It is kept as a comment of the user as whom you act, which everybody who sees the record can read. It gives the
        id of the comment, and the batch by which undo_batch takes it back.
        """
        said = self._kariz.type(type).comment(id, text)
        return written({"comment": said.id, "batch": said.batch})

    def undo_batch(
        self,
        batch: Annotated[int, Field(description="The batch that a tool gave.", ge=1, examples=[34])],
    ) -> str:
        """Take back what one call of a tool did. This changes data.

        Records that somebody has changed since stay as they are: “kept” names them and the fields. A large batch is
        taken back by a job: “is_done” is then false.
        """
        undone = self._kariz.undo(batch)
        kept = [vars(one) for one in undone.kept]
        return written(
            {"batch": undone.batch, "is_done": undone.is_done, "restored": undone.restored, "kept": kept}
        )


def _done(record: Record) -> str:
    return written({"type": record.type, "id": record.id, "version": record.version, "batch": record.batch})
