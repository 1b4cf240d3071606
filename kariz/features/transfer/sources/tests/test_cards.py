"""vCards of every version become rows that map themselves; a card that cannot be read is the only one that fails."""

import json
from pathlib import Path

import pytest
from django.utils.translation import override

from kariz.core import registry
from kariz.features.transfer import sources
from kariz.features.transfer.sources import Source
from kariz.features.transfer.sources.tests.conftest import Read
from kariz.features.transfer.sources.tests.expecting import DATA, good, refused

CARDS = DATA / "vcard"

pytestmark = pytest.mark.covers("R264")


def people(source: Source) -> list[dict[str, str]]:
    """Each row by the names of its columns, without the empty ones."""
    return [
        {name: cell for name, cell in zip(source.header, row, strict=True) if cell} for row in source.rows()
    ]


def card(*lines: str, version: str = "3.0") -> str:
    return "\r\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD", ""])


def only(read: Read, *lines: str, version: str = "3.0") -> dict[str, str]:
    [person] = people(read(card(*lines, version=version), "card.vcf"))
    return person


@pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not here")
class TestRealCards:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            (
                "android_export_tr_v21_qp.vcf",
                {
                    "Full name": "Ad Ön Ek Ad İkinci Ad Soyad, Ad. Son Ek", "First name": "Ad İkinci Ad",
                    "Last name": "Soyad", "Company": "Şirket", "Job title": "Başlık", "Main phone": "444-555",
                    "Phone": "444-555", "Mobile": "111-222", "Home phone": "333-444", "Other phone": "222-333",
                    "E-mail": "eposta1", "Other e-mail": "eposta2", "Website": "websitesi", "Social profiles": "im",
                    "Description": "Notlar 1\nNotlar 2\nPhone: 666-777\nPost box: Posta Kutusu",
                },
            ),
            (
                "qr_card_tr_v30_escapes.vcf",
                {
                    "Full name": "Cem Selman", "Company": "ARIPD, Ltd.", "Department": "Yazılım",
                    "Mobile": "+905551112233",
                    "Street": "Bağdat Cd. 1;Kat 2", "City": "Kadıköy", "Region": "İstanbul", "Postal code": "34710",
                    "Country": "Türkiye", "Description": "Satır bir\nSatır iki", "E-mail": "cem@aripd.com",
                },
            ),
            (
                "card_tr_v21_qp_softbreak.vcf",
                {
                    "Full name": "Gül Şahin", "First name": "Gül", "Last name": "Şahin", "Job title": "Ürün Müdürü",
                    "City": "Çankaya", "Main phone": "+905321234567", "Mobile": "+905321234567",
                },
            ),
            (
                "card_fa_v30_no_N.vcf",
                {
                    "Full name": "علی رضایی", "Main phone": "0912 345 6789", "Home phone": "021-12345678",
                    "Company": "شرکت نمونه", "Job title": "مدیر خرید", "Description": "مشتری ویژه",
                },
            ),
        ],
    )  # fmt: skip
    def test_turkish_and_persian_ones_say_what_they_should(self, name: str, expected: dict[str, str]) -> None:
        [person] = people(sources.recognise(CARDS / "turkish_persian" / name))
        assert person | expected == person

    def test_none_of_those_that_something_is_expected_of_is_left_out(self) -> None:
        expected = json.loads((CARDS / "turkish_persian/expected.json").read_text())
        assert set(expected) == {
            "android_export_tr_v21_qp.vcf", "qr_card_tr_v30_escapes.vcf", "card_tr_v21_qp_softbreak.vcf",
            "card_fa_v30_no_N.vcf",
        }  # fmt: skip

    def test_a_file_without_versions_has_all_its_cards(self) -> None:
        rows = people(sources.recognise(CARDS / "turkish_persian/cards_fa_minimal_no_version.vcf"))
        assert [(row["Full name"], row["Main phone"]) for row in rows] == [
            ("علی", "09121111111"), ("سارا", "09122222222"),
        ]  # fmt: skip

    @pytest.mark.parametrize("path", sorted((CARDS / "khard").rglob("*.vcf")), ids=lambda path: path.name)
    def test_each_card_of_khard_is_a_person_unless_it_does_not_end(self, path: Path) -> None:
        source = sources.recognise(path)
        if path.stem == "unparsable":
            assert refused(source) == ["This card has no end (END:VCARD), so that some of it is missing."]
        else:
            [person] = people(source)
            assert person["Full name"]


class TestColumns:
    @pytest.mark.django_db
    @pytest.mark.parametrize("language", ["en", "tr", "fa"])
    @pytest.mark.parametrize(
        ("record_type", "wanted"),
        [
            (
                "contact",
                {
                    "name",
                    "organization",
                    "job_title",
                    "phone",
                    "mobile",
                    "email",
                    "birthday",
                    "street",
                    "city",
                },
            ),
            ("lead", {"name", "company", "job_title", "phone", "email", "website", "street", "description"}),
            ("interest", {"person", "company", "phone", "email", "description"}),
        ],
    )
    def test_they_map_themselves_in_every_language(
        self, read: Read, language: str, record_type: str, wanted
    ) -> None:
        with override(language):
            source = read(card("FN:Ada"), "card.vcf")
        found = source.suggest(registry.get(record_type).fields)
        assert set(found) == set(source.header)
        assert wanted <= set(found.values())

    def test_one_number_is_enough_for_a_type_that_keeps_one(self, read: Read) -> None:
        source = read(card("FN:Ada", "TEL;TYPE=CELL:0532 111 22 33"), "card.vcf")
        assert source.suggest(["phone"])["Main phone"] == "phone"
        assert source.suggest(["phone", "mobile"])["Mobile"] == "mobile"
        assert source.suggest(["phone", "mobile"])["Main phone"] == ""


class TestTolerance:
    def test_folded_lines_are_one(self, read: Read) -> None:
        assert only(read, "FN:Ada Love", " lace", "NOTE:a", "\t b")["Full name"] == "Ada Lovelace"

    def test_types_of_apple_are_in_a_line_of_their_own(self, read: Read) -> None:
        person = only(
            read,
            "FN:Ada",
            "item1.TEL:1",
            "item1.X-ABLabel:_$!<HomeFAX>!$_",
            "item2.TEL:2",
            "item2.X-ABLabel:iPhone",
        )
        assert (person["Fax"], person["Mobile"]) == ("1", "2")

    def test_numbers_may_be_addresses(self, read: Read) -> None:
        person = only(
            read,
            "FN:Ada",
            "TEL;VALUE=uri;TYPE=work:tel:+1-418-656-9254;ext=102",
            "EMAIL:mailto:a@b.example",
            version="4.0",
        )
        assert (person["Phone"], person["E-mail"]) == ("+1-418-656-9254 ext. 102", "a@b.example")

    def test_old_character_sets_are_known(self, read: Read) -> None:
        assert (
            only(read, "N;CHARSET=windows-1254;ENCODING=QUOTED-PRINTABLE:=DEahin;G=FCl", version="2.1")[
                "Full name"
            ]
            == "Gül Şahin"
        )

    def test_so_is_a_whole_file_in_an_old_encoding(self, read: Read) -> None:
        [person] = people(read(card("FN:Gülşen Çağlar Işık").encode("windows-1254"), "card.vcf"))
        assert person["Full name"] == "Gülşen Çağlar Işık"

    def test_pictures_and_agents_are_left_out(self, read: Read) -> None:
        person = only(
            read,
            "FN:Ada",
            "PHOTO;ENCODING=b:" + "A" * 70,
            *[" " + "B" * 70] * 30_000,
            "AGENT:",
            "BEGIN:VCARD",
            "FN:Bob",
            "END:VCARD",
            "TEL:1",
        )
        assert person == {"Full name": "Ada", "Main phone": "1", "Phone": "1"}

    @pytest.mark.parametrize(
        ("written", "day", "note"),
        [
            ("20180120", "2018-01-20", None), ("1985-04-12T00:00:00Z", "1985-04-12", None),
            ("--0412", None, "Birthday: --0412"), ("circa 1800", None, "Birthday: circa 1800"),
        ],
    )  # fmt: skip
    def test_birthdays_that_are_no_day_are_noted(self, read: Read, written: str, day: str, note: str) -> None:
        person = only(read, "FN:Ada", f"BDAY:{written}")
        assert (person.get("Birthday"), person.get("Description")) == (day, note)

    def test_who_has_no_name_is_called_by_what_there_is(self, read: Read) -> None:
        assert only(read, "N:;;;;", "ORG:Acme")["Full name"] == "Acme"
        assert only(read, "EMAIL:ada@b.example")["Full name"] == "ada@b.example"

    def test_nothing_that_a_card_says_twice_is_lost(self, read: Read) -> None:
        person = only(
            read, "FN:Ada", *[f"EMAIL:{one}@b.example" for one in "abc"], "URL:b.example", "URL:c.example"
        )
        assert person["Description"] == "E-mail: c@b.example\nWebsite: c.example"


def test_a_card_that_cannot_be_read_fails_alone(read: Read) -> None:
    broken = "BEGIN:VCARD\nVERSION:3.0\nFN:Broken\n"
    source = read(card("FN:Ada") + broken + card("FN:Bob") + card("REV:2020") + card("FN:Eve"), "cards.vcf")
    assert [row[0] for row in good(source)] == ["Ada", "Bob", "Eve"]
    assert refused(source) == [
        "This card has no end (END:VCARD), so that some of it is missing.",
        "This card says neither a name nor an address or number.",
    ]


def test_a_file_may_hold_thousands(read: Read) -> None:
    source = read(card("FN:Ada", "NOTE:" + "x" * 50) * 5_000, "cards.vcf")
    assert (source.count(), source.suggested) == (5_000, "contact")
    assert len(list(source.rows(4_990))) == 10
