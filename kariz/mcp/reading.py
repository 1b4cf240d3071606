"""The tools that only read. Their docstrings are written for language models: they are all that those know of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Any

from pydantic import Field

from kariz.client import Kariz
from kariz.client.metadata import Choice
from kariz.mcp.arguments import ID, FieldNames, Limit, Type, Where
from kariz.mcp.compact import LONGEST, MOST, TooMuch, written
from kariz.mcp.knowing import Knowledge, plainly

AROUND = (20, 5, 1)
"""So many comments, changes or related records come along, the fewer the longer they are."""


class Reading:
    def __init__(self, kariz: Kariz, knowledge: Knowledge) -> None:
        self._kariz, self._knowledge = kariz, knowledge

    def describe_types(
        self,
        type: Annotated[
            str, Field(description="A record type whose fields are wanted.", examples=["lead"])
        ] = "",
        field: Annotated[str, Field(description="One field of that type.", examples=["status"])] = "",
    ) -> str:
        """Say what there is: record types, fields, choices, and who you are here.

        Call it without arguments first: it gives the record types, what you may do with each, and the user as whom you
        act. With a type it gives its fields (name, label, type, what it links to), the operators of conditions by type
        of field, its actions and lists of related records. With a type and a field it gives that field; of a choice
        field the choices too, whose keys are what records hold and conditions compare.
        """
        if not type:
            me = self._kariz.me()
            you = {
                "id": me.user.id, "name": me.user.name, "role": me.role, "language": me.language,
                "time_zone": me.time_zone, "currency": me.currency,
            }  # fmt: skip
            return written({"you": you, "types": [vars(kind) for kind in self._knowledge.kinds()]})
        if field:
            return self._field(type, field)
        known = self._knowledge.of(type)
        said: dict[str, Any] = {
            "name": known.name,
            "label": known.label,
            "title": known.title,
            "may": known.may,
            "columns": known.columns,
            "board": known.board,
            "fields": [plainly(one) for one in known.fields],
            "operators": {one.type: one.operators for one in known.fields},
            "actions": [vars(one) for one in known.actions],
            "related": [{"name": one.name, "type": one.type} for one in known.relations],
        }
        try:
            return written(said)
        except TooMuch:  # hundreds of fields of the customer's own
            return written({**said, "fields": {one.name: one.type for one in known.fields}})

    def _field(self, type_name: str, name: str) -> str:
        found = next((one for one in self._knowledge.of(type_name).fields if one.name == name), None)
        if found is None:
            raise ValueError(f"There is no field “{name}”. describe_types names the fields.")
        is_choice = found.type in ("choice", "choices")
        choices = self._knowledge.choices(type_name, name) if is_choice else ()
        more = {"choices": [vars(choice) for choice in choices]} if is_choice else {}
        return written({**plainly(found), "operators": found.operators, **more})

    def search_records(
        self,
        words: Annotated[
            str,
            Field(
                description="What to look for: a name, part of one, a phone number, an e-mail address.",
                min_length=1,
                max_length=200,
                examples=["sara ahmadi", "8888 1234"],
            ),
        ],
        types: Annotated[
            list[str], Field(description="Of these record types only.", examples=[["lead", "contact"]])
        ] = [],
        limit: Limit = 10,
    ) -> str:
        """Find records of every type by words, the best first.

        Use it when you know a name, a number or an address, and before you create somebody: he may be there already.
        It gives type, id and title of each record; read_record gives the rest. To list by fields, such as all new
        leads, use list_records.
        """
        found = self._kariz.search(words, types=types, limit=limit)
        return written({"items": [vars(hit) for hit in found]})

    def list_records(
        self,
        type: Type,
        where: Where = None,
        sort: Annotated[
            str,
            Field(
                description="A field; “-” before it from the largest on.", examples=["-created_at", "name"]
            ),
        ] = "",
        fields: FieldNames = [],
        limit: Limit = 20,
        cursor: Annotated[
            str, Field(description="“next” of the answer before, with the same arguments, to go on.")
        ] = "",
        count: Annotated[bool, Field(description="Whether to count all that fit, up to a thousand.")] = False,
    ) -> str:
        """List records of one type that fit a condition, in order, a page at a time.

        Use it for questions such as “my open opportunities that close this month”. It gives the records with their id,
        version and fields (empty ones are left out, links have id and name), and “next” where there are more. For sums
        and numbers by stage use pipeline_summary: do not list to count.
        """
        names = fields or list(self._knowledge.of(type).columns)
        asked: dict[str, Any] = {
            "sort": sort, "fields": names, "expand": self._knowledge.links(type, names), "cursor": cursor or None,
            "count": count,
        }  # fmt: skip
        while True:
            page = self._kariz.type(type).page(where, limit=limit, **asked)
            counted = {"count": page.count, "count_is_capped": page.count_is_capped or None}
            rows = [self._knowledge.row(record) for record in page]
            try:
                return written({"type": type, "items": rows, "next": page.next, **counted})
            except TooMuch:
                if limit == 1:
                    raise
                limit //= 2  # the cursor of a shorter page is the one to go on with

    def read_record(
        self,
        type: Type,
        id: ID,
        fields: FieldNames = [],
        around: Annotated[
            list[str],
            Field(
                description="What else to give: “comments”, “history”, “related” (the lists and their numbers) or the"
                " name of one such list.",
                max_length=5,
                examples=[["comments", "related"], ["contact-organization"]],
            ),
        ] = [],
    ) -> str:
        """Read one record, whole or in the fields that you name.

        It gives id, version and fields (empty ones are left out, links have id and name). Keep the version for
        update_record. With “around” the newest comments, changes or related records come along.
        """
        record = self._kariz.type(type).get(id, fields=fields, expand=self._knowledge.links(type, fields))
        shown = {"type": type, "record": self._knowledge.row(record)}
        more = {what: self._around(type, id, what) for what in around}
        for count in AROUND if around else ():
            try:
                return written(shown | {what: found[:count] for what, found in more.items()}, LONGEST)
            except TooMuch:
                continue
        left_out = {"left_out": around} if around else {}
        return written(shown | left_out, MOST if fields else LONGEST)

    def _around(self, type_name: str, pk: int, what: str) -> list[dict[str, Any]]:
        records, most = self._kariz.type(type_name), AROUND[0]
        if what == "related":
            return [vars(one) for one in records.relations(pk)]
        if what == "comments":
            said = islice(records.comments(pk, at_once=most), most)
            return [{"by": one.by.name, "at": one.at.isoformat(), "text": one.text} for one in said]
        if what == "history":
            changes = islice(records.history(pk, at_once=most), most)
            return [
                {
                    "kind": one.kind, "by": one.by and one.by.name, "at": one.at.isoformat(), "batch": one.batch,
                    "values": one.values,
                }
                for one in changes
            ]  # fmt: skip
        relations = {one.name: one for one in self._knowledge.of(type_name).relations}
        if what not in relations:
            known = ", ".join(["comments", "history", "related", *relations])
            raise ValueError(f"There is no “{what}” around it. Choose from: {known}.")
        columns = self._knowledge.of(relations[what].type).columns
        found = islice(records.related(pk, relations[what], fields=columns, at_once=most), most)
        return [self._knowledge.row(one) for one in found]

    def pipeline_summary(
        self,
        type: Type = "opportunity",
        where: Where = None,
        by: Annotated[
            str,
            Field(
                description="The field to group by; without it the stage, or whatever the type's board shows. Dates by"
                " period.",
                examples=["owner", "source", "closed_on:month"],
            ),
        ] = "",
    ) -> str:
        """Count records and sum their amounts by stage, or by another field.

        Use it for “how does the pipeline look”, “how much did each of us win this quarter”, “how many leads by source”.
        It gives a row for each value, in the order of the stages: key and label, how many records, and the sums by
        currency, which must not be added up across currencies. Amounts are exact decimals as texts.
        """
        known = self._knowledge.of(type)
        field = by or known.board or ""
        grouping = next((one for one in known.fields if one.name == field), None)
        names = [grouping.depends_on, field] if grouping and grouping.depends_on else [field] if field else []
        groups = self._kariz.type(type).summary(names, sums=known.totals, where=where)
        rows = [vars(group) for group in groups]
        if grouping and grouping.type == "choice":
            rows = _in_order(rows, field, grouping.depends_on, self._knowledge.choices(type, field))
        return written({"type": type, "by": field, "items": rows})


def _in_order(
    rows: list[dict[str, Any]], field: str, group: str | None, choices: Sequence[Choice]
) -> list[dict[str, Any]]:
    """The rows in the order of the choices, each with its label."""
    places = {(choice.group if group else "", choice.key): place for place, choice in enumerate(choices)}
    labels = {place: choice.label for place, choice in enumerate(choices)}

    def place(row: dict[str, Any]) -> int:
        keys = row["keys"]
        return places.get((keys[group] if group else "", keys[field]), len(places))

    return [{**row, "label": labels.get(place(row))} for row in sorted(rows, key=place)]
