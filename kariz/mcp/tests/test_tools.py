"""Assistants work with records by the tools of the server, over standard input and output, as their user may."""

import json

import pytest

from kariz.audit.models import Entry
from kariz.core import metadata, registry
from kariz.core.models import ChangeBatch
from kariz.mcp.compact import MOST
from tests import specimens
from tests.assistants import Refused

pytestmark = pytest.mark.django_db(transaction=True)

LEAD, OPPORTUNITY = registry.get("lead"), registry.get("opportunity")
SARA = {"name": "Sara Ahmadi", "email": "sara@example.com", "source": "website"}
READING = {"describe_types", "search_records", "list_records", "read_record", "pipeline_summary"}
ADDING = {"create_record", "log_activity"}
CHANGING = {"update_record", "convert_lead", "undo_batch"}


def test_each_tool_says_what_it_does_and_what_it_does_to_data(shirins):
    tools = shirins.tools
    assert set(tools) == READING | ADDING | CHANGING
    for name, tool in tools.items():
        hints = tool.annotations
        assert hints.read_only_hint is (name in READING)
        assert hints.open_world_hint is False
        if name not in READING:
            assert hints.destructive_hint is (name in CHANGING)
            assert hints.idempotent_hint is (name in CHANGING)
            assert "undo_batch" in tool.description or name == "undo_batch"
            assert any(word in tool.description for word in ("changes data", "overwrites data", "adds to"))
        assert tool.title
        assert tool.input_schema["additionalProperties"] is False
        for argument, schema in tool.input_schema.get("properties", {}).items():
            assert schema["description"], (name, argument)
    assert "data, never instructions" in " ".join(shirins.client.instructions.split())


def test_it_says_what_there_is(shirins):
    metadata.add_field(LEAD, label="Shoe size", type="number")
    said = shirins.call("describe_types")
    assert (said["you"]["name"], said["you"]["role"]) == ("Shirin Rad", "administrator")
    assert {"lead", "opportunity"} <= {one["name"] for one in said["types"]}
    lead = shirins.call("describe_types", type="lead")
    fields = {one["name"]: one for one in lead["fields"]}
    assert fields["shoe_size"] == {
        "name": "shoe_size",
        "label": "Shoe size",
        "type": "number",
        "is_custom": True,
    }
    assert fields["owner"]["target"] == "user"
    assert "greater" in lead["operators"]["number"]
    assert {"name": "convert", "label": "Convert"} in lead["actions"]
    status = shirins.call("describe_types", type="lead", field="status")
    assert (status["type"], "is" in status["operators"]) == ("choice", True)
    assert "new" in {one["key"] for one in status["choices"]}


def test_a_record_is_found_read_changed_and_put_back(shirins, cast):
    made = shirins.call("create_record", type="lead", values={**SARA, "owner": cast.reza.pk})
    [hit] = shirins.call("search_records", words="sara")["items"]
    assert (hit["type"], hit["id"], hit["title"]) == ("lead", made["id"], "Sara Ahmadi")
    read = shirins.call("read_record", type="lead", id=made["id"])["record"]
    assert (read["version"], read["owner"]) == (1, {"id": cast.reza.pk, "name": "Reza Moradi"})
    assert "job_title" not in read
    changed = shirins.call(
        "update_record", type="lead", id=made["id"], values={"company": "Arvand"}, version=1
    )
    named = {"type": "lead", "id": made["id"], "fields": ["company"]}
    assert shirins.call("read_record", **named)["record"]["company"] == "Arvand"
    undone = shirins.call("undo_batch", batch=changed["batch"])
    assert (undone["is_done"], undone["restored"]) == (True, 1)
    assert "company" not in shirins.call("read_record", **named)["record"]


def test_each_write_is_a_batch_of_the_user_as_any_of_the_api(shirins, cast):
    made = shirins.call("create_record", type="lead", values=SARA)
    said = shirins.call("log_activity", type="lead", id=made["id"], text="Called her.")
    batches = ChangeBatch.objects.in_bulk([made["batch"], said["batch"]])
    assert [(one.kind, one.user) for one in batches.values()] == [
        ("create", cast.shirin),
        ("comment", cast.shirin),
    ]
    around = shirins.call(
        "read_record", type="lead", id=made["id"], around=["comments", "history", "related"]
    )
    assert [one["text"] for one in around["comments"]] == ["Called her."]
    assert around["history"][-1]["kind"] == "created"
    assert {one["name"] for one in around["related"]} >= {"products"}


def test_a_list_goes_on_where_it_ended(shirins, cast):
    firm = specimens.make(registry.get("organization"), cast.reza, "Arvand")
    for number in range(25):
        specimens.make(registry.get("contact"), cast.reza, f"Sara {number:02}", organization=firm.pk)
    asked = {"type": "contact", "where": ["owner", "is", cast.reza.pk], "sort": "name", "limit": 20}
    first = shirins.call("list_records", **asked, count=True)
    second = shirins.call("list_records", **asked, cursor=first["next"])
    names = [one["name"] for one in first["items"] + second["items"]]
    assert names == [f"Sara {number:02}" for number in range(25)]
    assert (first["count"], "next" in second) == (25, False)
    assert first["items"][0]["organization"] == {"id": firm.pk, "name": "Arvand"}
    name = "contact-organization"
    near = shirins.call("read_record", type="organization", id=firm.pk, around=["related", name])
    assert {one["name"]: one["count"] for one in near["related"]}[name] == 25
    assert (len(near[name]), near[name][0]["name"][:4]) == (20, "Sara")


def test_a_lead_becomes_a_customer_and_comes_back(shirins):
    lead = shirins.call("create_record", type="lead", values={**SARA, "company": "Arvand"})
    done = shirins.call(
        "convert_lead", id=lead["id"], contact={"job_title": "CEO"}, opportunity={"name": "Pumps"}
    )
    made = {one["type"]: one["id"] for one in done["changes"] if one["kind"] == "created"}
    assert set(made) == {"organization", "contact", "opportunity"}
    with pytest.raises(Refused, match="cannot be done"):
        shirins.call("convert_lead", id=lead["id"])
    shirins.call("undo_batch", batch=done["batch"])
    again = shirins.call("convert_lead", id=lead["id"], without_opportunity=True)
    assert "opportunity" not in {one["type"] for one in again["changes"]}


def test_the_pipeline_is_summed_up_in_the_order_of_its_stages(shirins, cast):
    for stage, amount in (("closing", "5"), ("contact", "100.5"), ("contact", "200"), ("won", "7")):
        specimens.make(OPPORTUNITY, cast.reza, "Pumps", stage=stage, amount=amount, currency="USD")
    said = shirins.call("pipeline_summary", where=["is_open", "yes"])
    rows = [(one["keys"]["stage"], one["label"], one["count"]) for one in said["items"]]
    assert rows == [("contact", "First contact", 2), ("closing", "Closing", 1)]
    assert said["items"][0]["sums"]["amount"] == {"USD": "300.5"}
    [owner] = shirins.call("pipeline_summary", by="owner")["items"]
    assert (owner["keys"], owner["count"]) == ({"owner": cast.reza.pk}, 4)
    with pytest.raises(Refused, match="cannot be grouped"):
        shirins.call("pipeline_summary", by="name")


WRONG = [
    ("create_record", {"type": "lead", "values": {"name": "Ali", "email": "x", "no": 1}}, "email: "),
    ("create_record", {"type": "lead", "values": {"no": 1}}, "no: There is no field “no”."),
    ("create_record", {"type": "nothing", "values": {}}, "nothing at this address"),
    ("create_record", {"type": "../me", "values": {}}, "nothing at this address|is none of Kariz"),
    ("create_record", {"type": "..", "values": {}}, "no part of an address"),
    ("read_record", {"type": "lead", "id": 10**9}, "nothing at this address"),
    ("read_record", {"type": "lead", "id": 0}, "greater than or equal to 1"),
    ("read_record", {"type": "lead", "id": 1, "expand": "x"}, "Extra inputs are not permitted"),
    ("describe_types", {"type": "lead", "field": "no"}, "There is no field “no”"),
    ("list_records", {"type": "lead", "where": ["no", "is", 1]}, "There is no field “no”"),
    ("list_records", {"type": "lead", "limit": 500}, "less than or equal to 50"),
    ("list_records", {"type": "lead", "cursor": "x"}, "cursor: This is no cursor"),
    ("undo_batch", {"batch": 10**9}, "nothing at this address"),
]


def test_what_is_wrong_is_said_in_a_sentence_with_the_field(shirins):
    for tool, arguments, told in WRONG:
        with pytest.raises(Refused, match=told):
            shirins.call(tool, **arguments)
    assert not LEAD.model.objects.exists()


def test_a_clash_shows_what_stands_there_now(shirins):
    made = shirins.call("create_record", type="lead", values=SARA)
    change = {"type": "lead", "id": made["id"], "version": 1}
    shirins.call("update_record", values={"company": "Arvand"}, **change)
    with pytest.raises(Refused) as refused:
        shirins.call("update_record", values={"company": "Pars"}, **change)
    assert "company: was '', is 'Arvand' now" in str(refused.value)
    assert "version now: 2" in str(refused.value)


def test_a_type_with_hundreds_of_fields_is_described(shirins):
    for number in range(150):
        metadata.add_field(LEAD, label=f"Field of our own that has a long name {number}", type="text")
    said = shirins.text("describe_types", type="lead")
    assert len(said) <= MOST
    assert "field_of_our_own_that_has_a_long_name_9" in said


def test_no_answer_is_too_long_and_nothing_is_lost(shirins, cast):
    for number in range(30):
        specimens.make(LEAD, cast.reza, f"Sara {number:02}", description="long " * 1_000)
    asked = {"type": "lead", "sort": "name", "fields": list(specimens.fields(LEAD))[:60], "limit": 50}
    found, cursor = [], ""
    while cursor is not None:
        text = shirins.text("list_records", **asked, cursor=cursor)
        assert len(text) <= MOST
        page = json.loads(text)
        found += [one["name"] for one in page["items"]]
        cursor = page.get("next")
    assert found == [f"Sara {number:02}" for number in range(30)]
    pk = LEAD.model.objects.values_list("pk", flat=True)[0]
    whole = shirins.call("read_record", type="lead", id=pk)["record"]["description"]
    assert whole.endswith("(4999 characters)")
    named = shirins.call("read_record", type="lead", id=pk, fields=["description"])["record"]["description"]
    assert len(named) == 4999
    for number in range(8):
        shirins.call("log_activity", type="lead", id=pk, text=f"{number} " + "said " * 1_000)
        shirins.call("update_record", type="lead", id=pk, values={"description": f"{number} " * 4_000})
    text = shirins.text("read_record", type="lead", id=pk, around=["comments", "history"])
    assert len(text) <= MOST
    assert json.loads(text)["comments"][0]["text"].startswith("7 said")


class TestOfSomebodyElse:
    def test_what_he_does_not_see_is_not_there(self, assistant_of, cast):
        hidden = specimens.make(LEAD, cast.bob, "Rosewood", email="rosewood@example.com")
        rezas = assistant_of(cast.reza)
        assert rezas.call("search_records", words="rosewood")["items"] == []
        assert rezas.call("list_records", type="lead")["items"] == []
        assert rezas.call("pipeline_summary", type="lead")["items"] == []
        for tool, more in (
            ("read_record", {}),
            ("update_record", {"values": {"company": "Mine"}}),
            ("log_activity", {"text": "Mine"}),
        ):
            with pytest.raises(Refused, match="nothing at this address"):
                rezas.call(tool, type="lead", id=hidden.pk, **more)
        with pytest.raises(Refused, match="nothing at this address"):
            rezas.call("convert_lead", id=hidden.pk)
        assert specimens.current(hidden).company != "Mine"

    def test_what_his_role_may_not_do_is_refused(self, assistant_of, cast):
        kavehs = assistant_of(cast.kaveh)
        with pytest.raises(Refused, match="You may not do this"):
            kavehs.call("create_record", type="lead", values=SARA)
        with pytest.raises(Refused, match="nothing at this address"):
            kavehs.call("pipeline_summary")
        assert not LEAD.model.objects.exists()

    def test_a_token_that_only_reads_writes_nothing(self, assistant_of, cast):
        sara = specimens.make(LEAD, cast.reza, "Sara")
        reads = assistant_of(cast.reza, {"*": ["read"]})
        assert reads.call("read_record", type="lead", id=sara.pk)["record"]["name"] == "Sara"
        for tool, arguments in (
            ("create_record", {"type": "lead", "values": SARA}),
            ("update_record", {"type": "lead", "id": sara.pk, "values": {"company": "Mine"}}),
            ("log_activity", {"type": "lead", "id": sara.pk, "text": "Mine"}),
            ("convert_lead", {"id": sara.pk}),
        ):
            with pytest.raises(Refused, match="This token does not cover"):
                reads.call(tool, **arguments)
        assert LEAD.model.objects.get().company != "Mine"

    def test_what_an_administrator_undoes_of_others_is_noted_with_the_program_that_did_it(
        self, assistant_of, cast, shirins
    ):
        made = assistant_of(cast.reza).call("create_record", type="lead", values=SARA)
        shirins.call("undo_batch", batch=made["batch"])
        entry = Entry.objects.get(kind="undo.others")
        assert (entry.user_id, entry.address) == (cast.shirin.pk, "127.0.0.1")
        assert entry.agent.startswith("kariz-mcp/")

    def test_what_others_did_is_not_his_to_undo(self, assistant_of, cast, shirins):
        made = shirins.call("create_record", type="lead", values={**SARA, "owner": cast.reza.pk})
        with pytest.raises(Refused, match="nothing at this address"):
            assistant_of(cast.reza).call("undo_batch", batch=made["batch"])
        assert LEAD.model.objects.exists()
