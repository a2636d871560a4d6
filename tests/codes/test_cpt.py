"""CPT: the sample, its figures, its notice, and a user's own file."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.codes import cpt, places
from course_lib.codes.book import UnknownCodeError
from course_lib.errors import CourseError

CONVERSION_FACTOR_2026 = 33.4009  # CMS CY2026, not a qualifying APM participant
CONVERSION_FACTOR_2025 = 32.3465


@pytest.fixture(scope="module")
def table():
    return cpt.load()


def test_lookup_tolerates_case_and_blanks(table):
    assert table["99213"].section == "Evaluation and Management"
    assert table[" 1111f "].category == "Category II"
    assert "99213" in table
    assert "12345" not in table
    assert list(table) == sorted(table)
    assert len(table) == 70


def test_an_unknown_code_names_near_misses_and_the_way_out(table):
    with pytest.raises(KeyError) as caught:
        table["99216"]
    assert isinstance(caught.value, UnknownCodeError)
    assert "99215" in str(caught.value)
    assert "cpt.load(" in str(caught.value)
    assert table.get("99216") is None


@pytest.mark.parametrize(
    ("code", "office", "facility"),
    [  # totals as CMS prints them in the January 2026 file; None where it prints NA
        ("99213", 2.85, 1.72),
        ("99214", 4.06, 2.53),
        ("29881", None, 15.44),
        ("27447", None, 34.71),
        ("71046", 0.99, None),
        ("93000", 0.46, None),
        ("99232", None, 2.11),
        ("58558", 38.02, 6.12),
    ],
)
def test_totals_of_2026(table, code, office, facility):
    rvu = table[code].rvu
    assert rvu.year == 2026
    assert (rvu.total(facility=False), rvu.total(facility=True)) == (office, facility)


@pytest.mark.parametrize(
    ("code", "year_factor", "office_amount"),
    [("99213", (2026, CONVERSION_FACTOR_2026), 95.19), ("99203", (2025, CONVERSION_FACTOR_2025), 109.01)],
)
def test_rvus_give_the_national_amount(table, code, year_factor, office_amount):
    year, factor = year_factor
    assert table[code].rvu.year == year
    assert round(table[code].rvu.total(facility=False) * factor, 2) == office_amount


def test_parts_add_up_to_the_whole(table):
    split = [code for code in table.values() if code.splits]
    assert [code.code for code in split] == ["71046"]
    whole, parts = split[0].rvu, split[0].parts
    assert whole.work == parts["26"].work + parts["TC"].work
    assert round(parts["26"].total(facility=False) + parts["TC"].total(facility=False), 2) == 0.99


def test_a_test_that_is_whole_by_itself_does_not_split(table):
    assert table["93000"].splits is False
    assert not table["93000"].parts


def test_na_is_empty_and_flagged(table):
    for code in table.values():
        if code.rvu and code.office_na:
            assert code.rvu.pe_nonfacility is None, code.code
        if code.rvu and code.facility_na:
            assert code.rvu.pe_facility is None, code.code


def test_no_figure_is_given_where_public_tables_collapsed_rows(table):
    # Public 2025 tables hold the modifier 53 row under 45378: half the true value.
    assert table["45378"].rvu is None
    assert "53" in table["45378"].note


def test_add_on_codes_are_the_ones_marked_zzz(table):
    add_on = {code.code for code in table.values() if code.add_on}
    assert add_on == {code.code for code in table.values() if code.global_days == "ZZZ"}
    assert {"99292", "99439", "99458"} <= add_on


def test_a_retired_code_says_when(table):
    assert table["0042T"].category == "Category III"
    assert table["0042T"].effective_to == "2025-12-31"


def test_typical_place_exists_and_fits_the_flags(table):
    known = places.load()
    for code in table.values():
        settings = {known[place].facility for place in code.places}
        assert settings, code.code
        if code.office_na:
            assert settings == {True}, f"{code.code} is not payable in an office"


def test_every_figure_has_a_source(table):
    assert all(code.source for code in table.values())
    assert all(f"PPRRVU{code.rvu.year}" in code.source for code in table.values() if code.rvu)


def test_the_notice_is_shown_everywhere(table):
    assert "registered trademark of the American Medical Association" in cpt.NOTICE
    assert cpt.NOTICE in repr(table)
    assert table.to_frame().attrs["notice"] == cpt.NOTICE
    assert "registered trademark" in table._repr_html_()


def test_frame_has_a_row_a_code_and_numbers_as_numbers(table):
    frame = table.to_frame().set_index("code")
    assert len(frame) == len(table)
    assert frame.loc["99213", "work_rvu"] == 1.30
    assert frame["pe_facility_rvu"].isna()["71046"]
    assert frame.loc["00100", "section"] == "Anesthesia"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("99213", "Category I"),
        ("0001f", "Category II"),
        ("0042T", "Category III"),
        ("0001U", "PLA"),
        ("0002M", "MAAA"),
    ],
)
def test_kind_is_told_from_the_shape(code, name):
    assert cpt.kind(code) == name


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("J1885", "HCPCS Level II"),
        ("E11.9", "ICD-10-CM"),
        ("9921", "shape"),
        ("992133", "shape"),
        ("", "shape"),
    ],
)
def test_kind_of_something_else_is_an_error_that_says_what(code, says):
    with pytest.raises(CourseError, match=says):
        cpt.kind(code)


# A user's own file: the texts are invented, since no descriptor may stand here.
def test_own_csv(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text('Code,Description,Extra\n99213,"Mine, with a comma",x\n0001F,Second\n', encoding="utf-8")
    table = cpt.load(file)
    assert table["99213"].description == "Mine, with a comma"
    assert table["0001F"].category == "Category II"
    assert len(table) == 2
    assert "your own licensed file" in repr(table)


@pytest.mark.parametrize("header", ["", "CPT CODE\tDESCRIPTOR\n"])
def test_own_file_in_the_tab_layout(tmp_path, header):
    file = tmp_path / "LONGULT.txt"
    file.write_bytes(f"{header}99213\tFirst text; more\r\n0001U\tSecond text\r\n".encode("cp1252"))
    table = cpt.load(str(file))
    assert table["99213"].description == "First text; more"
    assert table["0001U"].category == "PLA"


def test_own_file_is_not_copied(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    file = tmp_path / "mine.csv"
    file.write_text("code,description\n99213,Mine\n")
    cpt.load(file)
    assert [p.name for p in tmp_path.rglob("*")] == ["mine.csv"]


@pytest.mark.parametrize(
    ("name", "text", "says", "line"),
    [
        ("a.csv", "number,text\n99213,x\n", "no column 'code'", 1),
        ("a.csv", "code,description\n99213,x\n9921,y\n", "'9921'", 3),
        ("a.csv", "code,description\n99213,x\n99213,y\n", "second time", 3),
        ("a.csv", "code,description\n", "no code in this file", None),
        ("a.txt", "99213\tMine\n99214 y\n", "no tab", 2),
        ("a.txt", "99213\tMine\nJ1885\ty\n", "HCPCS Level II", 2),
    ],
)
def test_own_file_with_a_fault_names_the_line(tmp_path, name, text, says, line):
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(CourseError) as caught:
        cpt.load(file)
    assert says in str(caught.value)
    assert caught.value.line == line
    assert caught.value.path == file


def test_own_file_that_is_absent_or_a_spreadsheet(tmp_path):
    with pytest.raises(CourseError, match="cannot be read"):
        cpt.load(tmp_path / "absent.csv")
    with pytest.raises(CourseError, match="save the sheet as CSV"):
        cpt.load(tmp_path / "book.xlsx")


@pytest.mark.parametrize(
    ("code", "first", "last", "days"),
    [  # a procedure on June 10, 2026
        ("20610", "2026-06-10", "2026-06-10", 1),
        ("58661", "2026-06-10", "2026-06-20", 11),
        ("29881", "2026-06-09", "2026-09-08", 92),
    ],
)
def test_global_period(table, code, first, last, days):
    begin, end = table[code].global_period(date(2026, 6, 10))
    assert (begin.isoformat(), end.isoformat(), (end - begin).days + 1) == (first, last, days)


@pytest.mark.parametrize("code", ["99213", "11103", "59425", "12001"])
def test_no_global_period_where_the_indicator_names_none(table, code):
    assert table[code].global_period(date(2026, 6, 10)) is None


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_a_global_period_holds_its_own_day(day):
    for code in cpt.load().values():
        if period := code.global_period(day):
            assert period[0] <= day <= period[1]
            assert (period[1] - day).days == int(code.global_days)
            assert day - period[0] in (timedelta(0), timedelta(days=1))


def test_only_indicator_1_splits(table):
    assert {code.code for code in table.values() if code.pctc == "1"} == {"71046"}
    assert (table["93000"].pctc, table["93005"].pctc, table["93010"].pctc) == ("4", "3", "2")
