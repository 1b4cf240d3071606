"""What is too much is refused before it hurts: files that unpack to more, endless forms, texts made for patterns."""

import io
import json
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kariz.core import registry
from tests import specimens, wizard
from tests.reading import EVERYTHING, at, text

LEAD = registry.get("lead")
SECONDS = 5  # far more than any of it takes, far less than what a hole would
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = {
    "_rels/.rels": f'<Relationships><Relationship Id="a" Type="{KIND}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{KIND}"><sheets><sheet name="One" r:id="b"/></sheets>'
    "</workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="b" Type="{KIND}/worksheet" Target="one.xml"/>'
    f'<Relationship Id="c" Type="{KIND}/sharedStrings" Target="texts.xml"/>'
    f'<Relationship Id="d" Type="{KIND}/styles" Target="styles.xml"/></Relationships>',
    "xl/one.xml": f'<worksheet xmlns="{MAIN}"><sheetData><row><c t="inlineStr"><is><t>Name</t></is></c></row>'
    '<row><c t="s" s="0"><v>0</v></c></row></sheetData></worksheet>',
    "xl/texts.xml": f'<sst xmlns="{MAIN}"><si><t>Pars</t></si></sst>',
    "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><cellXfs><xf numFmtId="0"/></cellXfs></styleSheet>',
}
LAUGHS = "<!DOCTYPE x [" + '<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
) + "]>"  # fmt: skip
FETCHED = '<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>'


def book(**changed: str | bytes) -> bytes:
    """A workbook; a part of it may say something else."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (
            PARTS | {name.replace("__", "/"): said for name, said in changed.items()}
        ).items():
            archive.writestr(name, content)
    return written.getvalue()


@contextmanager
def quickly() -> Iterator[None]:
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < SECONDS


class TestFiles:
    def test_the_workbook_of_these_tests_is_one(self, shirin):
        answer = wizard.upload(shirin, "organization", book(), name="firms.xlsx")
        assert answer.status_code == 302

    @pytest.mark.parametrize("part", PARTS)
    @pytest.mark.parametrize("declared", [LAUGHS, FETCHED], ids=["laughs", "fetched"])
    def test_entities_are_neither_grown_nor_fetched(self, part, declared, shirin):
        said = PARTS[part].replace("Pars", "&a9;").replace('"One"', '"&a9;"').replace(">Name<", ">&a9;<")
        with quickly():
            answer = wizard.upload(shirin, "organization", book(**{part: declared + said}), name="firms.xlsx")
        if part != "xl/texts.xml" or answer.status_code == 422:
            assert answer.status_code == 422
            assert "damaged" in text(answer)
        assert "root:" not in text(shirin.get(reverse("transfer:upload")))

    def test_a_part_that_unpacks_to_far_more_is_not_unpacked(self, shirin):
        for part in ("xl/one.xml", "xl/workbook.xml"):
            with quickly():
                bomb = book(**{part: PARTS[part].encode() + b" " * 200_000_000})
                answer = wizard.upload(shirin, "organization", bomb, name="firms.xlsx")
            assert (answer.status_code, "unpacks to far more" in text(answer)) == (422, True)

    def test_an_archive_that_says_less_than_it_holds_gives_no_more_than_it_says(self, shirin):
        content = bytearray(book(**{"xl/one.xml": PARTS["xl/one.xml"].encode() + b" " * 50_000_000}))
        size = (len(PARTS["xl/one.xml"]) + 50_000_000).to_bytes(4, "little")
        lied = bytes(content).replace(size, (1000).to_bytes(4, "little"))
        with quickly():
            answer = wizard.upload(shirin, "organization", lied, name="firms.xlsx")
        assert answer.status_code == 422

    @pytest.mark.parametrize(
        "content",
        [
            "From: a@example.com\r\n" + "A: x\r\n" * 60 + "end",
            "From: a@example.com\n" + "A: x\n \n" * 5000 + "end",
            "Name,Phone\n" + "a" * 900_000 + ",1\n",
            "Name,Phone\nSara," + "+98 (" * 100_000 + "\n",
            "Name,E-mail\nSara," + "a@" * 100_000 + "\n",
            "Name,Amount\nSara," + '"' + "1," * 100_000 + '"\n',
            ",".join(f"Column {n}" for n in range(100_000)) + "\n" + "1," * 99_999 + "1\n",
            '"' * 300_000 + "\nName\n",
            "BEGIN:VCARD\n" + "N:" + ";" * 300_000 + "\nEND:VCARD\n",
            "BEGIN:VCARD\n" + "A;" * 100_000 + "\nEND:VCARD\n",
        ],
        ids=[
            "mail",
            "folded",
            "name",
            "phone",
            "e-mail",
            "number",
            "columns",
            "quotes",
            "card",
            "parameters",
        ],
    )
    def test_texts_made_for_patterns_take_no_longer_than_others(self, content, shirin):
        with quickly():
            answer = wizard.upload(shirin, "contact", content.encode())
            if answer.status_code == 302:
                assert shirin.get(answer["Location"]).status_code == 200


class TestForms:
    def test_a_form_of_megabytes_is_refused(self, shirin):
        answer = shirin.post(at("new", LEAD), specimens.least(LEAD, description="x" * 5_000_000))
        assert answer.status_code == 400

    def test_a_form_with_fields_without_end_is_refused(self, shirin):
        answer = shirin.post(at("new", LEAD), {f"field_{n}": "" for n in range(10_001)})
        assert answer.status_code == 400

    def test_a_password_of_a_megabyte_is_not_hashed(self, cast, client, monkeypatch):
        hashed: list[str] = []
        monkeypatch.setattr(
            "kariz.accounts.models.User.check_password", lambda self, given: hashed.append(given)
        )
        client.post(reverse("web:sign_in"), {"username": "reza", "password": "x" * 1_000_000})
        assert hashed == []

    @pytest.mark.parametrize(
        "unit", ["9", "a", "+98 ", "a@", "(", "ا", "İ", "\u200c", "1,", "'", "://", "\\"]
    )
    def test_every_field_refuses_or_takes_a_very_long_text_at_once(self, unit, record_type, shirins):
        long = unit * (200_000 // len(unit))
        kinds = {one.type.name: name for name, one in specimens.fields(record_type).items()}
        with quickly():
            for name in kinds.values():
                answer = shirins.post(record_type.name, {name: long})
                assert answer.status_code == 422

    @pytest.mark.parametrize("unit", ["9", "a ", "+98 ", "a@b.", "İı", "\u200c", "%"])
    def test_words_without_end_are_looked_for_at_once(self, unit, cast, shirin):
        specimens.make(LEAD, cast.reza, "Sara")
        long = unit * (20_000 // len(unit))
        where = {"where": json.dumps(["name", "contains", long])}
        with quickly():
            for page, query in (
                ("list", {"q": long}),
                ("list", where),
                ("lookup", {"q": long}),
                ("count", {"q": long}),
            ):
                assert shirin.get(at(page, LEAD), EVERYTHING | query).status_code == 200
            assert shirin.get(reverse("web:search"), {"q": long}).status_code == 200

    @pytest.mark.parametrize(
        "formula", ["1+" * 50_000 + "1", "(" * 5000 + "1" + ")" * 5000, "budget ** 9 ** 9 ** 9"]
    )
    def test_a_formula_is_no_way_to_keep_the_server_busy(self, formula, shirin):
        with quickly():
            sent = {"type": "number", "formula": formula}
            assert shirin.post(reverse("customize:formula", args=["lead"]), sent).status_code < 500


class TestNesting:
    @pytest.mark.parametrize("deep", ["[" * 100_000, '{"a":' * 100_000], ids=["lists", "objects"])
    def test_a_plan_that_is_nested_without_end_is_refused(self, deep, shirins):
        sent = {"file": SimpleUploadedFile("rows.csv", b"Name\nSara\n"), "plan": deep}
        assert shirins.client.post("/api/v1/imports", sent).status_code == 400

    def test_a_condition_of_an_export_is_nested_no_deeper_than_people_can_read(self, shirins):
        where: object = ["name", "is", "x"]
        for _level in range(14):
            where = {"all": [where]}
        answer = shirins.post("exports", {"type": "lead", "format": "csv", "where": where})
        assert answer.status_code == 400
