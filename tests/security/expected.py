"""Who comes in at each address. A new address needs a line here, or the matrix fails and names it.

A line is for one address or for several; `audit:*` is for all of a namespace that no other line names. The words are
those of `tests.security.doors`, the verbs those of the guide for administrators.
"""

from __future__ import annotations

from fnmatch import fnmatch
from typing import Any

from kariz.lib.keyset import Cursor
from tests.security import sent
from tests.security.addresses import Address
from tests.security.doors import (
    ADMINISTRATORS,
    NEVER,
    NOT_TAKEN,
    PROGRAMS,
    PUBLIC,
    SIGNED_IN,
    Door,
    api,
    nothing,
    of_any,
    of_record,
    of_thing,
    of_type,
)


def only(*names: str) -> Any:
    """For some record types."""
    return lambda record_type: record_type.name in names


PEOPLE = only("lead", "contact", "interest")
KNOWN = only("lead", "contact", "interest", "organization")  # those that are recognised
TOO = "administrators"  # come in to what is somebody else's

EXPECTED: dict[str, Door] = {
    # Before signing in
    "web:sign_in web:passkey web:passkey_options web:second_step web:sso web:sso_back web:forgotten": PUBLIC,
    "web:new_password web:join web:language programs:metadata": PUBLIC,
    "programs:token programs:revoke_token": PROGRAMS,
    # Oneself
    "web:home web:sign_out web:search web:preferences web:theme web:notices web:notices_read web:days": SIGNED_IN,
    "web:security web:confirm web:password web:email web:email_check web:sessions_end": SIGNED_IN,
    "web:code_app web:code_app_remove web:passkey_add web:passkey_new web:passkey_remove": SIGNED_IN,
    "web:recovery_codes web:preview_stop export:runs profiles:profiles programs:tokens programs:new": SIGNED_IN,
    "programs:api programs:authorize programs:disconnect": SIGNED_IN,
    # Settings
    "audit:* backups:* customize:* privacy:* rights:* webhooks:*": ADMINISTRATORS,
    "web:settings web:preview leads:triggers leads:mapping export:everybody export:decide": ADMINISTRATORS,
    "duplicates:rule programs:everybody programs:new_service programs:revoke_any": ADMINISTRATORS,
    "programs:registered programs:add_program programs:program programs:change_program": ADMINISTRATORS,
    "programs:program_secret programs:delete_program programs:disconnect_any": ADMINISTRATORS,
    # What is one person's
    "export:run export:file": of_thing("export"),
    "export:stop": of_thing(NOT_TAKEN, "export"),
    "transfer:report transfer:columns transfer:values transfer:matches": of_thing("import", also=TOO),
    "transfer:check transfer:failures": of_thing("import", also=TOO),
    "transfer:reread transfer:stop transfer:save_plan": of_thing(NOT_TAKEN, "import", also=TOO),
    "comments:remove": of_thing(NOT_TAKEN, "comment"),
    "programs:revoke": of_thing(NOT_TAKEN, "token"),
    "web:view_change": of_thing("view"),
    "web:batch": of_thing("batch", also=TOO),
    "web:undoing": of_thing("undone", also=TOO),
    "web:undo": of_thing(NOT_TAKEN, "batch", also=TOO, refused=409),
    "profiles:profile": of_thing("profile", also="readers", refused=403),
    # Record types
    "web:list web:count web:board web:condition web:lookup programs:api_of": of_type(),
    "web:board_column": of_type(
        types=only("lead"), query=lambda cell: {"column": "new", "cursor": Cursor((1.5, 1)).encode()}
    ),
    "web:columns": of_type(sends=lambda cell: {"columns": cell.record_type.title, "keep": "1"}),
    "web:view_save": of_type(sends=lambda cell: {"name": "Mine"}),
    "web:new": of_type("create", sends=sent.new),
    "web:quick": of_type("read", "create", sends=sent.new),  # by GET it leads on to the page
    "export:export": of_type("export", sends=sent.export),
    "profiles:new": of_type(sends=lambda cell: {"name": "Whom we want"}),
    "duplicates:queue duplicates:scan": of_type(types=KNOWN),
    "duplicates:check duplicates:merge_many": of_type(NOT_TAKEN, "read", types=KNOWN),
    "health:health": of_type(types=KNOWN),
    "health:phones health:hand_over": of_type(NOT_TAKEN, "read", types=PEOPLE),
    "health:first": of_any("read", types=KNOWN, refused=404),
    "insights:results": of_any("read", types=only("opportunity"), refused=404),
    "transfer:upload": of_any("import"),
    # Several records of a type: each is changed where one may change it
    "web:bulk": of_type(NOT_TAKEN, "read", sends=sent.edit_of_many, leaves="write bulk"),
    "comments:bulk": of_type(sends=lambda cell: sent.ticked(cell, **sent.comment(cell)), leaves="read"),
    "rights:share_many": of_type(sends=lambda cell: sent.ticked(cell, **sent.share(cell)), leaves="write bulk"),
    "privacy:consent_bulk": of_type(
        types=PEOPLE, sends=lambda cell: sent.ticked(cell, **sent.consent(cell)), leaves="write bulk"
    ),
    "duplicates:merge": of_type(query=sent.two, sends=sent.merge, leaves=sent.merges),
    # One record
    "web:record web:panel duplicates:merge_with": of_record(),
    "web:tab": of_record("read", "write", types=sent.has_products, parts=sent.products, sends=sent.a_product),
    "web:edit": of_record("write", sends=sent.another_name),
    "web:cell": of_record(  # which says beside the value that it may not be changed
        parts=lambda cell: {"name": sent.naming(cell)}, sends=sent.another_name, leaves="write"
    ),
    "web:delete": of_record(NOT_TAKEN, "delete", sends=nothing),
    "web:pin": of_record(NOT_TAKEN, "read", sends=lambda cell: {"on": "1"}),
    "web:move": of_record(
        NOT_TAKEN, "write", types=only("lead"), sends=lambda cell: {"value": "contacted", "before": ""}, refused=409
    ),
    "web:run": of_record(
        NOT_TAKEN, "write", types=only("lead"), parts=lambda cell: {"name": "verify_phone"}, sends=nothing, refused=404
    ),
    "leads:convert": of_record(
        "write convert", "write convert create:contact", types=only("lead"), sends=sent.conversion
    ),
    "comments:add": of_record(sends=sent.comment),
    "privacy:consent": of_record("read", "write", types=PEOPLE, sends=sent.consent),
    "rights:share": of_record("write", sends=sent.share),
    "rights:take_back": of_record(
        NOT_TAKEN, "write", parts=lambda cell: {"share_pk": cell.company.share_of(cell.record)}, sends=nothing
    ),
    "rights:readers": of_record("read inside", refused=404),
    "duplicates:decide": of_record(
        NOT_TAKEN, "write", types=only("lead"), parts=lambda cell: {"pk": cell.company.group_with(cell.record)},
        sends=lambda cell: {"do": "apart"},
    ),
    # Programs
    "api: api:nothing": Door("nowhere"),
    "api:openapi api:types api:me api:users api:search api:changes": api("nothing", GET=""),
    "api:types/{type}": api("type", GET="read"),
    "api:types/{type}/choices/{name}": api(
        "type", GET="read", types=only("lead"), parts=lambda cell: {"name": "status"}
    ),
    "api:{type}": api("type", GET="read", POST="create", sends=sent.values),
    "api:{type}/summary": api("type", GET="read"),
    "api:{type}/views": api(
        "type", GET="read", POST="read", sends=lambda cell: {"name": "Mine"}, scope={"POST": "edit"}
    ),
    "api:{type}/views/{id}": api("thing", DELETE="view", scope={"DELETE": "edit"}),
    "api:{type}/duplicates": api(
        "type", POST="read", types=KNOWN, sends=lambda cell: {"values": sent.another_name(cell)}, leaves=NEVER
    ),
    "api:{type}/requests": api(
        "type", POST="create", types=only("lead", "contact"), sends=lambda cell: {"values": sent.values(cell)}
    ),
    "api:{type}/upsert": api(
        "type", PUT="bulk", sends=lambda cell: {"key": sent.naming(cell), "items": [sent.values(cell)]},
        leaves="create",
    ),
    "api:{type}/bulk-update": api(
        "type", POST="bulk write", leaves="write bulk",
        sends=lambda cell: {"ids": [cell.record.pk], "values": sent.another_name(cell)},
    ),
    "api:{type}/bulk-delete": api(
        "type", POST="bulk delete", leaves="delete bulk", sends=lambda cell: {"ids": [cell.record.pk]}
    ),
    "api:{type}/{id}": api("record", GET="read", PATCH="write", DELETE="delete", sends=sent.another_name),
    "api:{type}/{id}/related api:{type}/{id}/actions api:{type}/{id}/history": api("record", GET="read"),
    "api:{type}/{id}/related/{name}": api("record", GET="read", types=sent.has_products, parts=sent.products),
    "api:{type}/{id}/actions/{name}": api(
        "record", POST="write", types=only("lead"), parts=lambda cell: {"name": "verify_phone"}, sends=nothing
    ),
    "api:{type}/{id}/comments": api(
        "record", GET="read", POST="read", sends=sent.comment, scope={"POST": "edit"}
    ),
    "api:batches/{id} api:batches/{id}/changes": api("thing", GET="batch", also=TOO),
    "api:batches/{id}/undo": api("thing", GET="undone", POST="batch", also=TOO, scope={"POST": "edit"}),
    "api:exports": api("type", POST="export", sends=lambda cell: {"type": cell.record_type.name, "format": "csv"}),
    "api:exports/{id} api:exports/{id}/file": api("thing", GET="export", scope={"GET": "export"}),
    "api:imports": api("type", POST="import", sends=sent.file_with_plan, is_form=True),
    "api:imports/{id}": api("thing", GET="import", also=TOO, scope={"GET": "import"}),
    "api:imports/{id}/run api:imports/{id}/stop": api("thing", POST="import", also=TOO, scope={"POST": "import"}),
}  # fmt: skip

LINES = {name: door for names, door in EXPECTED.items() for name in names.split()}


def line_of(address: Address) -> str:
    """The name, or the pattern, of the line for an address; empty where there is none."""
    if address.name in LINES:
        return address.name
    return next((line for line in LINES if "*" in line and fnmatch(address.name, line)), "")


def door_of(address: Address) -> Door:
    return LINES[line_of(address)]
