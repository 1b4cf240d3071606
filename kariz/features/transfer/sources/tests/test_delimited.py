"""Tables of text are read whatever they are written with, and nothing of them is lost without a word."""

import csv
import io
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kariz.features.transfer import sources
from kariz.features.transfer.sources import Unreadable
from kariz.features.transfer.sources.dialects import Dialect, sniff
from kariz.features.transfer.sources.tests.conftest import Read
from kariz.features.transfer.sources.tests.expecting import good, refused
from kariz.lib.spreadsheet import defuse


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("a,b\n1,2\n", Dialect(",", '"')),
        ("ad;tutar\nAli;1,5\nAyşe;2,25\n", Dialect(";", '"')),
        ("1,5;2,5\n3,5;4,5\n", Dialect(";", '"')),
        ("a\tb, c\n1\t2\n", Dialect("\t", '"')),
        ("a|b\n1|2\n", Dialect("|", '"')),
        ('note;day\n"one, two, three";5\n"four, five, six";6\n', Dialect(";", '"')),
        ("name,note\n'Ada','a, b'\n'Bob','c'\n", Dialect(",", "'")),
        ('name, note\nAda, "a, b"\n', Dialect(",", '"', spaced=True)),
        ("\ufeffa;b\r1;2\r", Dialect(";", '"')),
        ("company\nAcme, Inc.\nBeta\nGamma\n", Dialect("\t", '"')),
    ],
)
def test_the_dialect_is_told_from_the_first_rows(text: str, dialect: Dialect) -> None:
    assert sniff(text) == dialect


def test_a_file_of_one_endless_line_is_sniffed_in_no_time() -> None:
    start = time.perf_counter()
    sniff(',"x' * 100_000)
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1254", "iso-8859-9"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_is_read_in_any_encoding_and_dialect(
    read: Read, encoding: str, end: str, delimiter: str
) -> None:
    rows = [
        ["Ad", "İlgili kişi", "Not"],
        ["Çağlar İnşaat", "Gülşen", f"bir{delimiter} iki"],
        ["Işık", "", 'o "iyi"'],
    ]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    source = read(text.getvalue().encode(encoding))
    assert [source.header, *source.rows()] == rows


def test_a_cell_may_have_lines(read: Read) -> None:
    assert list(read('name,note\nAda,"one\ntwo\n"\nBob,"three\r\nfour"\n').rows()) == [
        ["Ada", "one\ntwo\n"],
        ["Bob", "three\r\nfour"],
    ]


class TestHeader:
    def test_a_line_for_excel_that_tells_the_delimiter_is_none(self, read: Read) -> None:
        source = read("sep=;\r\nname;note\r\nAda;a, b\r\n")
        assert (source.header, list(source.rows()), source.preamble) == (
            ["name", "note"],
            [["Ada", "a, b"]],
            [],
        )

    def test_lines_above_it_are_shown_and_left_out(self, read: Read) -> None:
        source = read("Leads of May\n\nby Reza,,\nname,phone,city\nAda,1,London\nBob,2,Paris\n")
        assert source.preamble == ["Leads of May", "by Reza"]
        assert (source.header, source.count()) == (["name", "phone", "city"], 2)
        assert source.warnings == ["Left out above the table: Leads of May · by Reza"]

    def test_columns_without_one_are_numbered(self, read: Read) -> None:
        source = read("Ada,ada@example.com\nBob,bob@example.com\n")
        assert (source.header, source.count()) == (["Column 1", "Column 2"], 2)

    def test_a_person_knows_better(self, read: Read) -> None:
        assert read("Ada,London\nBob,Paris\n", has_header=False).count() == 2
        assert read("1,2\n3,4\n", has_header=True).header == ["1", "2"]

    def test_years_are_names_beside_others(self, read: Read) -> None:
        assert read("name,2025,2026\nAda,5,6\n").header == ["name", "2025", "2026"]

    def test_doubled_and_missing_names_are_told_apart(self, read: Read) -> None:
        source = read("phone,phone,,phone (2)\n1,2,3,4\n")
        assert source.header == ["phone", "phone (2)", "Column 3", "phone (2) (2)"]

    def test_columns_beyond_it_are_no_secret(self, read: Read) -> None:
        source = read("a,b\n1,2,3\n4,5,6\n")
        assert (source.header, list(source.rows())) == (
            ["a", "b", "Column 3"],
            [["1", "2", "3"], ["4", "5", "6"]],
        )

    def test_a_list_of_one_column_is_a_table(self, read: Read) -> None:
        source = read("Company\nAcme, Inc.\nPars Sanat\nArvand\n")
        assert (source.header, source.count()) == (["Company"], 3)
        assert next(iter(source.rows())) == ["Acme, Inc."]

    def test_names_alone_are_an_empty_table_and_said_to_be(self, read: Read) -> None:
        source = read("name,phone\n")
        assert source.warnings == ["There are no rows in this file, only the names of columns."]


class TestRaggedRows:
    MANY = "Ada,1,London\n" * 100

    def test_short_ones_are_filled_up_where_the_file_always_leaves_off_empty_cells(self, read: Read) -> None:
        source = read("name,phone,city\nAda,1,London\nBob\nEve,3\n")
        assert list(source.rows()) == [["Ada", "1", "London"], ["Bob", "", ""], ["Eve", "3", ""]]

    def test_a_single_short_one_is_a_mistake(self, read: Read) -> None:
        source = read(f"name,phone,city\n{self.MANY}Bob1,Paris\n{self.MANY}")
        assert refused(source) == [
            "This row has 2 cells where there are 3 columns. Correct its separators or quotes."
        ]
        assert len(good(source)) == 200

    def test_a_long_one_is_a_mistake_that_keeps_all_its_cells(self, read: Read) -> None:
        source = read(f"name,phone,city\n{self.MANY}Bob,2,Paris,France,Europe\n")
        assert list(source.rows())[-1] == ["Bob", "2", "Paris,France,Europe"]
        assert len(refused(source)) == 1

    def test_a_delimiter_at_the_end_of_each_row_is_none_between_cells(self, read: Read) -> None:
        assert list(read("name,phone\nAda,1,\nBob,2,\n").rows()) == [["Ada", "1"], ["Bob", "2"]]


class TestQuotationMarks:
    @pytest.mark.parametrize("cell", ['"5" pipe"', '"5\\" pipe"', '"5"" pipe"'])
    def test_inside_a_cell_they_may_be_plain_or_have_a_backslash(self, read: Read, cell: str) -> None:
        assert list(read(f"name,note\n{cell},1\n").rows()) == [['5" pipe', "1"]]

    @pytest.mark.parametrize("row", ['"Smith, John",London', '"Smith, John" Jr,London,UK'])
    def test_a_row_that_lacks_a_cell_is_not_filled_by_tearing_another(self, read: Read, row: str) -> None:
        width = row.count(",") + 1
        names = ",".join("abcd"[:width])
        rows = "1,2,3,4"[: 2 * width - 1] + "\n"
        assert len(refused(read(f"{names}\n{rows * 100}{row}\n"))) == 1

    def test_one_that_is_never_closed_swallows_no_rows(self, read: Read) -> None:
        source = read('name,city\nAda,London\n"Bob,Paris\nEve,Rome\nIda,Oslo\n')
        assert list(source.rows()) == [["Ada", "London"], ['"Bob', "Paris"], ["Eve", "Rome"], ["Ida", "Oslo"]]

    def test_one_that_is_closed_rows_later_swallows_none_either(self, read: Read) -> None:
        source = read('name,city\nAda,London\n"Bob,Paris\nEve,Rome\n"Ida",Oslo\n')
        assert [row[1] for row in source.rows()] == ["London", "Paris", "Rome", "Oslo"]

    def test_megabytes_behind_an_open_one_come_back_row_by_row(self, read: Read) -> None:
        rows = f"{'Eve' * 30},Rome\n" * 20_000
        assert len(good(read(f'name,city\n"Bob,Paris\n{rows}'))) == 20_001


class TestSeveralTables:
    def test_rows_of_the_next_one_are_refused(self, read: Read) -> None:
        source = read("name,city\nAda,London\n\nname,city\nBob,Paris\n")
        assert good(source) == [["Ada", "London"]]
        assert refused(source) == ["Another table begins here. Put each table into a file of its own."] * 2

    def test_a_header_that_is_there_twice_is_one(self, read: Read) -> None:
        assert list(read("name,city\nname,city\nAda,London\n").rows()) == [["Ada", "London"]]


class TestDefusedCells:
    @given(
        st.lists(
            st.lists(
                st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])), min_size=3, max_size=3
            )
        )
    )
    def test_what_kariz_exports_comes_back_as_it_was(self, tmp_path_factory, rows: list[list[str]]) -> None:
        names = ["Full name", "=Formula", "Description"]
        path = Path(tmp_path_factory.getbasetemp()) / "exported.csv"
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([map(defuse, row) for row in [names, *rows]])
        source = sources.recognise(path)
        assert source.header == names
        filled = [row for row in rows if any(cell.strip() for cell in row)]
        assert list(source.rows())[-len(filled) :] == filled[-len(filled) :]

    def test_an_apostrophe_is_taken_away_only_before_a_sign(self, read: Read) -> None:
        assert next(iter(read("a,b,c\n'=1+1,'90s,''+\n").rows())) == ["=1+1", "'90s", "'+"]


class TestRefusals:
    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            ("x" * 600_000, "This file is one endless line, not a table."),
            ("select 4*9 as question\n", "There is one line of text in this file and no table."),
            (
                "Dear Sir or Madam\nthank you very much for all that you have done for us this year\n" * 9,
                "The columns of",
            ),
            ("MECARD:N:Selman,Cem;TEL:+905551112233;;", "This is the contact of a QR code (MECARD)."),
            ("<html><body>Sign in", "This is a web page, not a table."),
        ],
    )
    def test_what_is_no_table_is_refused(self, read: Read, content: str, sentence: str) -> None:
        with pytest.raises(Unreadable, match=sentence.replace("(", r"\(").replace(")", r"\)")):
            read(content)

    def test_a_null_deep_in_the_file_fails_its_row_alone(self, read: Read) -> None:
        source = read("name,city\n" + "Ada,London\n" * 60_000 + "Bob,\0\nEve,Rome\n")
        assert refused(source) == ["This row holds characters that are no text."]
        assert len(good(source)) == 60_001


def test_rows_may_be_read_from_any_on(read: Read) -> None:
    source = read('name,note\n1,a\n\n2,"b\nb"\n3,c\n4,d\n')
    assert [[row[0] for row in source.rows(start)] for start in range(5)] == [
        ["1", "2", "3", "4"], ["2", "3", "4"], ["3", "4"], ["4"], [],
    ]  # fmt: skip


def test_reading_takes_no_more_memory_for_a_longer_file(read: Read) -> None:
    import tracemalloc

    source = read("name,city\n" + "Ada Lovelace,London\n" * 50_000)
    tracemalloc.start()
    assert source.count() == 50_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 500_000


@given(st.text())
def test_any_text_is_a_table_or_refused(tmp_path_factory, text: str) -> None:
    path = Path(tmp_path_factory.getbasetemp()) / "any.csv"
    path.write_text(text, encoding="utf-8", newline="")
    try:
        source = sources.recognise(path)
    except Unreadable:
        return
    rows = list(source.rows())
    assert all(len(row) == len(source.header) for row in rows)


def test_a_mark_at_the_beginning_is_not_argued_with(read: Read) -> None:
    source = read("\ufeffname,city\nAda,London\n", encoding="windows-1254")
    assert (source.encoding, source.header) == ("utf-8-sig", ["name", "city"])
    assert read("1,2\n3,4\n".encode("utf-8-sig"), encoding="utf-8").count() == 2
