"""Rows that are records already: recognised by keys, then updated, filled up, left, or made anew."""

import pytest
from django.db import connection

from kariz.accounts.models import User
from kariz.core import changes, metadata, records, registry
from kariz.core.models import Change
from kariz.features.transfer import indexing, running
from kariz.features.transfer.models import Import
from kariz.features.transfer.plans import Step
from kariz.features.transfer.targets import target_of
from kariz.features.transfer.tests.walking import answer, bring, counts, names, reasons, upload, walk

pytestmark = pytest.mark.django_db

LEAD = registry.get("lead")


def lead(user, **values):
    given = {"name": "Sara", "email": "sara@ege.example", "source": "website", **values}
    return records.save(LEAD, LEAD.model(), given, user=user)


def only_lead():
    return LEAD.model.objects.get()


@pytest.mark.covers("R266")
@pytest.mark.parametrize(
    ("on_match", "result", "phone", "company"),
    [
        ("update", (0, 1, 0, 0), "+902324440000", "Ege"),
        ("merge-empty", (0, 1, 0, 0), "+902321112233", "Ege"),
        ("skip", (0, 0, 1, 0), "+902321112233", ""),
    ],
)
def test_a_known_row_updates_fills_up_or_is_left(browser_of_ada, ada, on_match, result, phone, company):
    lead(ada, phone="+90 232 111 22 33")
    text = "Full name,E-mail,Phone,Company,Source\nSara Y,SARA@ege.example,0232 444 00 00,Ege,Website\n"
    run = bring(browser_of_ada, "lead", text, match=["email"], on_match=on_match)
    assert counts(run) == result
    assert (only_lead().phone, only_lead().company) == (phone, company)


@pytest.mark.covers("R266")
def test_create_makes_another_record_all_the_same(browser_of_ada, ada):
    lead(ada)
    run = bring(
        browser_of_ada, "lead", "Full name,E-mail,Source\nSara,sara@ege.example,Website\n",
        match=["email"], on_match="create",
    )  # fmt: skip
    assert counts(run) == (1, 0, 0, 0)
    assert names("lead") == ["Sara", "Sara"]


@pytest.mark.parametrize(
    ("key", "known", "row"),
    [
        ("phone", {"phone": "+90 232 444 00 00"}, "Sarah,,0 (232) 444-0000,"),
        (
            "name+company",
            {"name": "Işık Güneş", "company": "Ege Teknik"},
            "ışık  güneş,x@y.example,,EGE TEKNİK",
        ),
        ("email", {"email": "sara@ege.example"}, "Sarah,Sara@Ege.example,,"),
    ],
)
def test_each_kind_of_key_finds_the_record_however_it_is_written(browser_of_ada, ada, key, known, row):
    lead(ada, **known)
    run = bring(browser_of_ada, "lead", f"Full name,E-mail,Phone,Company\n{row}\n", match=[key])
    assert (*counts(run), reasons(run)) == (0, 1, 0, 0, [])


def test_an_external_id_in_a_custom_field_is_a_key(browser_of_ada, ada):
    metadata.add_field(LEAD, label="Old id", type="text")
    lead(ada, old_id="A-17")
    run = bring(browser_of_ada, "lead", "Old id,Job title\nA-17,Buyer\nA-18,Seller\n", match=["old_id"])
    assert counts(run)[:2] == (0, 1)
    assert "“Lead source” is required" in reasons(run)[0]
    assert only_lead().job_title == "Buyer"


def test_the_first_key_that_agrees_decides(browser_of_ada, ada):
    lead(ada, phone="+90 232 444 00 00")
    lead(ada, name="Ali", email="ali@ege.example")
    text = "E-mail,Phone,Job title\nali@ege.example,+90 232 444 00 00,Buyer\n"
    bring(browser_of_ada, "lead", text, match=["email", "phone"])
    assert LEAD.model.objects.get(job_title="Buyer").name == "Ali"


@pytest.mark.parametrize(
    ("on_match", "name"), [("update", "Third"), ("merge-empty", "First"), ("skip", "First")]
)
def test_rows_of_the_same_file_that_agree_become_one_record(browser_of_ada, on_match, name):
    people = (("First", "a"), ("Other", "b"), ("Second", "A"), ("Third", "a"))
    rows = "".join(f"{called},{mailbox}@ege.example,Website\n" for called, mailbox in people)
    run = bring(
        browser_of_ada, "lead", f"Full name,E-mail,Source\n{rows}", match=["email"], on_match=on_match
    )
    assert counts(run)[0] == 2
    assert names("lead") == sorted([name, "Other"])


def test_a_file_that_says_one_record_again_and_again_is_written_whole(browser_of_ada, monkeypatch):
    rows = "".join(f"Name {n},a@ege.example,Website\n" for n in range(40))
    run = bring(browser_of_ada, "lead", f"Full name,E-mail,Source\n{rows}", match=["email"])
    assert counts(run) == (1, 39, 0, 0)
    assert names("lead") == ["Name 39"]


def test_a_bad_row_does_not_stand_in_the_way_of_the_next_one_that_agrees(browser_of_ada):
    rows = "First,a@ege.example,12\nSecond,a@ege.example,+90 232 444 00 00\n"
    run = bring(
        browser_of_ada, "lead", f"Full name,E-mail,Phone\n{rows}", match=["email"], default_source="website"
    )
    assert (counts(run), names("lead")) == ((1, 0, 0, 1), ["Second"])


def test_empty_cells_and_defaults_change_nothing_in_a_known_record(browser_of_ada, ada):
    lead(ada, company="Ege", source="website")
    bring(
        browser_of_ada, "lead", "E-mail,Company,Job title\nsara@ege.example,,Buyer\n",
        match=["email"], default_source="purchased_list",
    )  # fmt: skip
    assert (only_lead().company, only_lead().source, only_lead().job_title) == ("Ege", "website", "Buyer")


def test_two_records_that_agree_with_a_row_are_left_and_told(browser_of_ada, ada):
    lead(ada)
    lead(ada, name="Sara again")
    run = bring(browser_of_ada, "lead", "E-mail,Job title\nsara@ege.example,Buyer\n", match=["email"])
    assert reasons(run) == ["2 records agree with this row. Merge them first."]
    assert not LEAD.model.objects.filter(job_title="Buyer").exists()


def test_a_record_that_the_person_may_not_see_is_told_and_not_changed(client, ada):
    lead(ada)
    reza = User.objects.create_user("reza", password="x", role_id="salesperson")
    client.force_login(reza)
    text = "Full name,E-mail,Source\nMine,sara@ege.example,Website\nNew,new@ege.example,Website\n"
    run = bring(client, "lead", text, match=["email"])
    assert counts(run) == (1, 0, 0, 1)
    assert reasons(run) == ["It is there already, but you may not see it."]
    assert LEAD.model.objects.get(email="sara@ege.example").name == "Sara"


def test_undo_gives_updated_records_their_old_values_back_and_keeps_what_changed_since(browser_of_ada, ada):
    first, second = lead(ada), lead(ada, name="Ali", email="ali@ege.example")
    text = (
        "Full name,E-mail,Source\nSara New,sara@ege.example,Website\nAli New,ali@ege.example,Website\n"
        "Eve,eve@ege.example,Website\n"
    )
    run = bring(browser_of_ada, "lead", text, match=["email"])
    records.save(LEAD, LEAD.model.objects.get(pk=second.pk), {"name": "Ali Later"}, user=ada)
    undone = changes.undo(Import.objects.get(pk=run.pk).written_in, ada)
    assert names("lead") == ["Ali Later", "Sara"]
    assert [(one.record_id, "name" in one.fields) for one in undone.kept] == [(second.pk, True)]
    assert LEAD.model.objects.get(pk=first.pk).name == "Sara"


def test_lookups_cost_as_many_queries_for_many_rows_as_for_few(ada, django_assert_max_num_queries, tmp_path):
    def write(count):
        step = Step(
            "lead", columns={"n": "name", "e": "email", "p": "phone"}, defaults={"source": "website"},
            match=["email", "phone", "name+company"], on_match="update",
        )  # fmt: skip
        target = target_of(step, ada, ["n", "e", "p"])
        run = Import.objects.create(user=ada, label="x", batch=records.batch_of("import", ada))
        file = run.files.create(name="x")
        rows = [[f"Name {n}", f"e{n}@ege.example", f"+90 232 444 {n:04}"] for n in range(count)]
        return target.write(rows, run, file)

    write(10)
    with django_assert_max_num_queries(60) as few:
        write(20)
    with django_assert_max_num_queries(len(few.captured_queries) + 3):
        assert {row.result for row in write(200)} == {"created", "skipped"}


def test_a_key_gets_an_index_before_many_rows_are_looked_up_by_it(browser_of_ada, monkeypatch):
    monkeypatch.setattr(indexing, "MANY", 1)
    text = "Full name,Phone,Source\nSara,+90 232 444 00 00,Website\nEve,+90 232 444 00 01,Website\n"
    for _time in range(2):
        bring(browser_of_ada, "lead", text, match=["phone"])
    with connection.cursor() as cursor:
        assert "match_lead_phone" in connection.introspection.get_constraints(cursor, "leads_lead")


def test_the_check_counts_and_shows_what_changes_before_anything_is_written(browser_of_ada, ada):
    lead(ada)
    text = (
        "Full name,E-mail,Source\nSara Yılmaz,sara@ege.example,Website\nEve,eve@ege.example,Website\n"
        "Eva,EVE@ege.example,Website\nBad,no mail,Website\nWorse,no mail either,Website\n"
    )
    run = upload(browser_of_ada, ("leads.csv", text), kind="lead")
    answer(browser_of_ada, run, match=["email"])
    page = browser_of_ada.get(f"/import/{run.pk}/check/")
    [(_file, tally)] = page.context["checked"]
    assert (tally.created, tally.updated, tally.skipped, tally.failed) == (1, 2, 0, 2)
    assert tally.worst == [
        ("E-mail: “…” is not an e-mail address. Write it like name@example.com.", 2, [4, 5])
    ]
    [changed, _again] = tally.updates
    assert ["Full name", "Sara", "Sara Yılmaz"] in changed["values"]
    assert names("lead") == ["Sara"]
    assert not Change.objects.filter(batch__kind="import").exists()
    assert "Sara Yılmaz" in page.content.decode()


def test_the_check_tells_of_new_records_that_may_be_there_already(browser_of_ada, ada):
    lead(ada, phone="+90 232 444 00 00")
    text = "Full name,E-mail,Phone,Source\nSara,other@ege.example,0232 444 00 00,Website\nEve,e@x.example,,Website\n"
    run = upload(browser_of_ada, ("leads.csv", text), kind="lead")
    answer(browser_of_ada, run, match=["email"])
    page = browser_of_ada.get(f"/import/{run.pk}/check/")
    [(_file, tally)] = page.context["checked"]
    assert (tally.created, tally.alike, tally.alike_rows) == (2, 1, [1])
    assert "1 new record may be one that is there already" in page.content.decode()


def test_the_check_of_a_large_file_knows_what_earlier_chunks_would_have_made(browser_of_ada, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    rows = "".join(f"Name {n},e{n % 3}@ege.example,Website\n" for n in range(7))
    run = upload(browser_of_ada, ("leads.csv", f"Full name,E-mail,Source\n{rows}"), kind="lead")
    answer(browser_of_ada, run, match=["email"])
    [(_file, tally)] = browser_of_ada.get(f"/import/{run.pk}/check/").context["checked"]
    walk(browser_of_ada, run, match=["email"])
    assert (tally.created, tally.updated, tally.skipped, tally.failed) == counts(run) == (3, 4, 0, 0)
