"""Names in a file that nobody has yet become records on the way, where somebody says so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kariz.accounts import people
from kariz.core import changes, metadata, records, registry
from kariz.features.transfer import creating as creating_module
from kariz.features.transfer import linking, running
from kariz.features.transfer.models import Import
from kariz.features.transfer.plans import Step
from kariz.features.transfer.targets import target_of
from kariz.features.transfer.tests.walking import counts, map_columns, names, reasons, upload
from kariz.jobs import worker

pytestmark = pytest.mark.django_db

CONTACT, FIRM = registry.get("contact"), registry.get("organization")
PEOPLE = "Full name,E-mail,Organization\n"
SARA, ALI, EVE = (
    "Sara,sara@ege.example,Ege Teknik\n",
    "Ali,ali@ege.example,EGE  TEKNİK\n",
    "Eve,eve@pars.example,Pars Sanat\n",
)


@pytest.fixture
def firm(ada):
    return lambda name: records.save(FIRM, FIRM.model(), {"name": name}, user=ada)


def questions(client, run):
    page = client.get(f"/import/{run.pk}/values/")
    return page.context["questions"] if page.status_code == 200 else []


def creating(client, text, kind="contact", **known):
    """A file whose unknown names are to become records, up to the check."""
    run = upload(client, (f"{kind}s.csv", text), kind=kind)
    map_columns(client, run)
    asked = {
        f"rest_{one['file'].pk}:{one['name']}": "=create" for one in questions(client, run) if one["create"]
    }
    client.post(f"/import/{run.pk}/values/", asked)
    file = run.files.get()
    ways = {
        f"match_{file.pk}": known.get("match", []),
        f"on_match_{file.pk}": known.get("on_match", "create"),
    }
    client.post(f"/import/{run.pk}/known/", ways)
    return run


def checked(client, run):
    client.get(f"/import/{run.pk}/check/")
    worker.drain()
    page = client.get(f"/import/{run.pk}/check/")
    [(_file, tally)] = page.context["checked"]
    return tally, page.content.decode()


def done(client, run):
    client.post(f"/import/{run.pk}/check/")
    worker.drain()
    return Import.objects.get(pk=run.pk)


def firms_of_people():
    return dict(CONTACT.model.objects.values_list("name", "organization__name"))


def test_a_person_says_so_once_for_all_names_of_a_field_and_undo_takes_them_back(browser_of_ada, ada):
    run = creating(browser_of_ada, PEOPLE + SARA + ALI + EVE)
    tally, page = checked(browser_of_ada, run)
    assert (tally.created, tally.failed) == (3, 0)
    assert tally.made == {"organization": [2, ["Ege Teknik", "Pars Sanat"]]}
    assert "New records are made for names that nobody has:" in page
    assert not FIRM.model.objects.exists()
    run = done(browser_of_ada, run)
    assert firms_of_people() == {"Sara": "Ege Teknik", "Ali": "Ege Teknik", "Eve": "Pars Sanat"}
    assert set(FIRM.model.objects.values_list("owner", flat=True)) == {ada.pk}
    assert (
        "New records for names that nobody had:" in browser_of_ada.get(f"/import/{run.pk}/").content.decode()
    )
    assert running.made(run) == {"organization": [2, []]}
    changes.undo(run.written_in, ada)
    assert names("organization") == names("contact") == []


def test_where_nobody_says_so_their_rows_fail_as_ever(browser_of_ada):
    run = upload(browser_of_ada, ("contacts.csv", PEOPLE + SARA), kind="contact")
    map_columns(browser_of_ada, run)
    [question] = questions(browser_of_ada, run)
    assert question["create"] == "Make new records of them (Organizations)"
    browser_of_ada.post(f"/import/{run.pk}/values/", {})
    done(browser_of_ada, run)
    assert reasons(run) == ["Organization: There is no “Ege Teknik”."]


def test_names_that_are_told_apart_below_are_not_made(browser_of_ada, firm):
    firm("Pars Sanat Co.")
    text = PEOPLE + SARA + "Ali,ali@ege.example,none\n" + EVE
    run = upload(browser_of_ada, ("contacts.csv", text), kind="contact")
    map_columns(browser_of_ada, run)
    pk = run.files.get().pk
    said = {
        f"rest_{pk}:organization": "=create",
        f"value_{pk}:organization:Pars Sanat": "Pars Sanat Co.",
        f"value_{pk}:organization:none": "=empty",
        f"value_{pk}:organization:Ege Teknik": "=fail",
    }
    browser_of_ada.post(f"/import/{run.pk}/values/", said)
    done(browser_of_ada, run)
    assert firms_of_people() == {"Sara": "Ege Teknik", "Ali": None, "Eve": "Pars Sanat Co."}


def test_one_who_goes_back_is_asked_again_and_may_say_otherwise(browser_of_ada):
    run = creating(browser_of_ada, PEOPLE + SARA)
    [question] = questions(browser_of_ada, run)
    assert question["is_creating"]
    browser_of_ada.post(f"/import/{run.pk}/values/", {})
    [question] = questions(browser_of_ada, run)
    assert not question["is_creating"]
    assert run.files.get().plan["create"] == []


class TestWhoMay:
    def test_names_become_records_only_for_those_who_may_create_them(self, client, ada):
        text = "Name,Product\nDeal,GTX Pro\n"
        reza, _password = people.create("reza", role="salesperson")
        for user, offered in ((reza, ""), (ada, "Make new records of them (Products)")):
            client.force_login(user)
            run = upload(client, ("deals.csv", text), kind="opportunity")
            map_columns(client, run)
            [question] = questions(client, run)
            assert question["create"] == offered
            pk = run.files.get().pk
            client.post(f"/import/{run.pk}/values/", {f"rest_{pk}:product": "=create"})
            assert run.files.get().plan["create"] == (["product"] if offered else [])

    def test_a_type_that_takes_more_than_a_name_is_not_offered(self, browser_of_ada):
        metadata.change_field(FIRM, "industry", is_required=True)
        run = creating(browser_of_ada, PEOPLE + SARA)
        assert [one["create"] for one in questions(browser_of_ada, run)] == [""]


class TestOnlyWhatIsNeeded:
    def test_a_row_that_fails_makes_nothing(self, browser_of_ada):
        text = PEOPLE + "Bad,no mail,Bad Mail\n,nobody@ege.example,Nameless\n" + SARA
        run = creating(browser_of_ada, text)
        tally, _page = checked(browser_of_ada, run)
        assert (tally.failed, tally.made) == (2, {"organization": [1, ["Ege Teknik"]]})
        done(browser_of_ada, run)
        assert names("organization") == ["Ege Teknik"]

    def test_the_same_name_of_a_row_that_is_good_is_made(self, browser_of_ada):
        run = creating(browser_of_ada, PEOPLE + ",nobody@ege.example,Ege Teknik\n" + SARA)
        done(browser_of_ada, run)
        assert names("organization") == ["Ege Teknik"]

    @pytest.mark.parametrize(("way", "made"), [("skip", []), ("merge-empty", []), ("update", ["New"])])
    def test_a_record_that_is_there_takes_a_new_one_only_where_the_row_says_something(
        self, browser_of_ada, firm, ada, way, made
    ):
        values = {"name": "Sara", "email": "sara@ege.example", "organization": firm("Old").pk}
        records.save(CONTACT, CONTACT.model(), values, user=ada)
        text = PEOPLE + "Sara,sara@ege.example,New\n"
        run = creating(browser_of_ada, text, match=["email"], on_match=way)
        tally, _page = checked(browser_of_ada, run)
        assert tally.made == ({"organization": [1, ["New"]]} if made else {})
        done(browser_of_ada, run)
        assert names("organization") == [*made, "Old"]

    def test_a_name_that_makes_no_record_fails_its_row(self, browser_of_ada):
        long = "x" * 201
        run = creating(browser_of_ada, f"{PEOPLE}Sara,sara@ege.example,{long}\n")
        done(browser_of_ada, run)
        assert (names("contact"), names("organization")) == ([], [])
        assert reasons(run)[0].startswith("Organization: ")

    def test_a_name_with_a_key_is_nobody_s_title(self, browser_of_ada):
        run = creating(browser_of_ada, PEOPLE + "Sara,sara@ege.example,Ege <ege@ege.example>\n")
        done(browser_of_ada, run)
        assert reasons(run) == ["Organization: There is no “Ege <ege@ege.example>”."]


class TestChunks:
    @pytest.fixture(autouse=True)
    def two_at_once(self, monkeypatch):
        monkeypatch.setattr(running, "CHUNK", 2)

    def test_each_name_is_made_and_counted_once_however_many_chunks_name_it(self, browser_of_ada):
        run = creating(browser_of_ada, PEOPLE + SARA + EVE + ALI + "Can,can@ege.example,ege teknik\n")
        tally, _page = checked(browser_of_ada, run)
        assert tally.made == {"organization": [2, ["Ege Teknik", "Pars Sanat"]]}
        done(browser_of_ada, run)
        assert names("organization") == ["Ege Teknik", "Pars Sanat"]
        assert firms_of_people()["Can"] == "Ege Teknik"

    def test_rows_that_agree_in_a_name_and_a_new_company_are_one_record(self, browser_of_ada):
        rows = SARA + SARA + EVE + SARA + "Eve,,PARS SANAT\n"
        run = creating(browser_of_ada, PEOPLE + rows, match=["name+organization"], on_match="update")
        tally, _page = checked(browser_of_ada, run)
        assert (tally.created, tally.made["organization"][0]) == (2, 2)
        done(browser_of_ada, run)
        assert counts(run)[0] == 2
        assert firms_of_people() == {"Sara": "Ege Teknik", "Eve": "Pars Sanat"}

    def test_a_worker_that_dies_is_followed_by_one_that_makes_none_again(self, browser_of_ada, ada):
        run = creating(browser_of_ada, PEOPLE + SARA + EVE + ALI + EVE)
        browser_of_ada.post(f"/import/{run.pk}/check/")

        def die(done, total):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            running.carry_out(Import.objects.get(pk=run.pk), die)
        assert (len(names("contact")), names("organization")) == (2, ["Ege Teknik", "Pars Sanat"])
        running.carry_out(Import.objects.get(pk=run.pk), lambda done, total: None)
        assert (len(names("contact")), names("organization")) == (4, ["Ege Teknik", "Pars Sanat"])
        changes.undo(Import.objects.get(pk=run.pk).written_in, ada)
        assert names("organization") == []


def test_unknown_choices_are_added_the_same_way_by_administrators_alone(client, ada):
    reza, _password = people.create("reza", role="salesperson")
    text = "Name,Industry\nEge,Amber trade\nPars,amber  TRADE\n"
    for user, offered, made in ((reza, "", 0), (ada, "Add them as new choices", 2)):
        client.force_login(user)
        run = upload(client, ("firms.csv", text), kind="organization")
        map_columns(client, run)
        [question] = questions(client, run)
        assert question["create"] == offered
        client.post(f"/import/{run.pk}/values/", {f"rest_{run.files.get().pk}:industry": "=create"})
        done(client, run)
        assert counts(run)[0] == made
    assert len(set(FIRM.model.objects.values_list("industry", flat=True))) == 1


class TestLinksToTheSameType:
    TEXT = "Name,Part of\nDaughter,Mother\nSister,MOTHER\nGranddaughter,Daughter\n"

    def test_whoever_no_row_brings_is_made_at_the_end(self, browser_of_ada, ada, monkeypatch):
        monkeypatch.setattr(linking, "AT_ONCE", 1)
        run = creating(browser_of_ada, self.TEXT, kind="organization")
        tally, _page = checked(browser_of_ada, run)
        assert (tally.created, tally.made) == (3, {"organization": [1, ["Mother"]]})
        run = done(browser_of_ada, run)
        parents = dict(FIRM.model.objects.values_list("name", "parent__name"))
        assert parents == {
            "Daughter": "Mother",
            "Sister": "Mother",
            "Granddaughter": "Daughter",
            "Mother": None,
        }
        assert running.made(run) == {"organization": [1, []]}
        changes.undo(run.written_in, ada)
        assert names("organization") == []

    def test_only_those_are_asked_about(self, browser_of_ada):
        run = upload(browser_of_ada, ("firms.csv", self.TEXT), kind="organization")
        map_columns(browser_of_ada, run)
        [question] = questions(browser_of_ada, run)
        assert [(one["text"], one["count"]) for one in question["unknown"]] == [("Mother", 2)]


def test_a_field_of_several_records_gets_those_that_are_there_and_those_that_are_made(browser_of_ada, ada):
    product = registry.get("product")
    records.save(product, product.model(), {"name": "Pump"}, user=ada)
    text = "Name,Products\nFirst,Pump; Valve\nSecond,valve; Pipe; Pump\n"
    run = creating(browser_of_ada, text, kind="opportunity")
    done(browser_of_ada, run)
    assert names("product") == ["Pipe", "Pump", "Valve"]
    first, second = (
        records.find("opportunity", pk, ada).products_ids
        for pk in registry.get("opportunity").model.objects.order_by("name").values_list("pk", flat=True)
    )
    assert (len(first), len(second), set(first) < set(second)) == (2, 3, True)


class TestMeanwhile:
    """Somebody else brings the same name while this import waits for its turn."""

    @pytest.fixture
    def brought(self, firm, monkeypatch):
        def by_others(count):
            def hold(name):
                for _n in range(count) if name == "names of organization" else ():
                    firm("EGE TEKNIK")

            monkeypatch.setattr(creating_module.sql, "hold", hold)

        return by_others

    def test_what_is_there_by_then_is_taken(self, browser_of_ada, brought):
        run = creating(browser_of_ada, PEOPLE + SARA)
        brought(1)
        done(browser_of_ada, run)
        assert firms_of_people() == {"Sara": "EGE TEKNIK"}
        assert names("organization") == ["EGE TEKNIK"]

    @pytest.mark.parametrize("text", [PEOPLE + SARA, "Name,Part of\nDaughter,Ege Teknik\n"])
    def test_where_several_are_there_by_then_the_row_says_so(self, browser_of_ada, brought, text):
        kind = "contact" if text.startswith(PEOPLE) else "organization"
        run = creating(browser_of_ada, text, kind=kind)
        brought(2)
        done(browser_of_ada, run)
        assert reasons(run)[0].endswith(": There are several records of this name by now.")


def test_many_names_cost_as_many_statements_as_few(ada):
    def write(count):
        step = Step("contact", columns={"n": "name", "o": "organization"}, create=["organization"])
        target = target_of(step, ada, ["n", "o"])
        run = Import.objects.create(user=ada, label="x", batch=records.batch_of("import", ada))
        file = run.files.create(name="x")
        rows = [[f"Name {n}", f"Firm {count} {n}"] for n in range(count)]
        with CaptureQueriesContext(connection) as captured:
            written = target.write(rows, run, file)
        assert {row.result for row in written} == {"created"}
        return len(captured)

    write(3)
    assert write(200) <= write(20)
