"""HCPCS Level II: the sample, and the file from CMS in its layouts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.codes import hcpcs
from course_lib.errors import CourseError


@pytest.fixture(scope="module")
def table():
    return hcpcs.load()


def test_the_sample_spans_the_letters_and_has_no_dental_code(table):
    assert len(table) >= 150
    assert set("ABCEGHJKLMPQRSTV") == {code[0] for code in table}
    assert all(re.fullmatch(r"[A-CE-V]\d{4}", code) for code in table)


def test_lookup(table):
    assert table["j1885"].description.startswith("Injection, ketorolac")
    assert "G0438" in table
    with pytest.raises(KeyError, match="J1885"):
        table["J1886"]


def test_a_dental_code_is_refused_with_its_owner(table):
    with pytest.raises(KeyError, match="American Dental Association"):
        table["D0120"]
    assert table.get("D0120") is None


@pytest.mark.parametrize(
    ("code", "dose", "unit"),
    [
        ("J1885", 15, "mg"),
        ("J0696", 250, "mg"),
        ("J3010", 0.1, "mg"),
        ("J0561", 100000, "unit"),
        ("J3420", 1000, "mcg"),
        ("J7040", 500, "ml"),
        ("J3480", 2, "meq"),
    ],
)
def test_dose_in_one_unit(table, code, dose, unit):
    assert (table[code].dose, table[code].unit) == (dose, unit)


def test_each_dose_stands_in_the_description(table):
    for code in table.values():
        if code.dose:
            said = code.description.lower().replace(",", "")
            number = f"{code.dose:g}"
            assert number in said or (number == "1" and "per " in said), code.code


def test_a_drug_without_one_dose_has_none(table):
    assert table["J3490"].dose is None  # unclassified drugs
    assert table["J7620"].dose is None  # two drugs in one


def test_codes_that_have_ended_are_not_in_the_sample(table):
    # CMS's HCPCS file of October 2025 lists these, but neither its RVU file of that month nor its
    # unit edits of that quarter do: they had ended.
    assert not {"G0202", "G0297", "J2001", "G2012", "U0001", "C9803", "J0135"} & set(table)


def test_each_code_is_in_a_second_file_of_2025(table):
    # The RVU file and the unit edits hold no B, C and K codes, so those have no second witness.
    assert {code.code[0] for code in table.values() if not code.also_listed_in} == set("BCK")


def fixed(code: str, number: int, kind: str, text: str, ended: str = "") -> str:
    """Return a line in the layout of CMS: 320 columns, the end date in columns 285-292."""
    line = f"{code:>5}{number:05}{kind}{text:<80}"
    return f"{line:<268}2001040120040101{ended:<8}N".ljust(320)


def test_fixed_width_file_of_cms(tmp_path):
    file = tmp_path / "HCPC2026_OCT_ANWEB.txt"
    lines = [
        "Note regarding coverage and payment indicators",
        "",
        fixed("LT", 100, "7", "Left side"),
        fixed("Z0001", 100, "3", "An invented supply, whose text is so long that it"),
        fixed("Z0001", 200, "4", "goes on in a second line"),
        fixed("Z0002", 100, "3", "Another invented supply", ended="20251231"),
    ]
    file.write_text("\n".join(lines) + "\n", encoding="cp1252")
    table = hcpcs.load(file)
    assert list(table) == ["Z0001", "Z0002"], "modifiers are left out"
    assert table["Z0001"].description.endswith("so long that it goes on in a second line")
    assert table["Z0002"].ended == "2025-12-31"
    assert table["Z0001"].ended == ""


def test_csv_saved_from_the_cms_workbook(tmp_path):
    file = tmp_path / "anweb.csv"
    file.write_text(
        "HCPC,SEQNUM,RECID,LONG DESCRIPTION,SHORT DESCRIPTION,TERM DT\n"
        "LT,00100,7,Left side,Left,\n"
        'Z0001,00100,3,"An invented supply, first part",Supply,\n'
        "Z0001,00200,4,and second part,,20241231\n"
    )
    table = hcpcs.load(file)
    assert table["Z0001"].description == "An invented supply, first part and second part"
    assert table["Z0001"].ended == "2024-12-31"
    assert len(table) == 1


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("a.csv", "HCPC,LONG DESCRIPTION\nD0120,x\n", "American Dental Association"),
        ("a.csv", "HCPC,LONG DESCRIPTION\n99213,x\n", "'99213' is not a HCPCS Level II code"),
        ("a.csv", "HCPC,TEXT\nZ0001,x\n", "no column holds the description"),
        ("a.csv", "HCPC,LONG DESCRIPTION\n", "no HCPCS code"),
        ("a.txt", "nothing of the kind\n", "no HCPCS code"),
        ("a.txt", fixed("D0120", 100, "3", "x"), "American Dental Association"),
        ("a.xlsx", "", "save the sheet as CSV"),
    ],
)
def test_a_faulty_file_says_what_to_do(tmp_path, name, text, says):
    file = tmp_path / name
    file.write_text(text)
    with pytest.raises(CourseError, match=says) as caught:
        hcpcs.load(file)
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("code", "amount", "unit", "units"),
    [
        ("J0696", 1000, "mg", 4),
        ("J0696", 250, "mg", 1),
        ("J0696", 251, "mg", 2),
        ("J1885", 30, "mg", 2),
        ("J1885", 40, "mg", 3),
        ("J0171", 0.3, "mg", 3),  # 0.3 / 0.1 is a hair above or below 3 in floats
        ("J0171", 1.1, "mg", 11),
        ("J2270", 4, "mg", 1),
    ],
)
def test_units_are_rounded_up(table, code, amount, unit, units):
    assert table[code].units(amount, unit) == units


@given(st.integers(1, 200_000))
def test_units_hold_the_amount_and_one_less_would_not(milligrams):
    code = hcpcs.load()["J0696"]
    units = code.units(milligrams, "mg")
    assert (units - 1) * code.dose < milligrams <= units * code.dose


@pytest.mark.parametrize(
    ("code", "amount", "unit", "told"),
    [
        ("J0696", 1, "g", "counts in mg"),
        ("J3490", 5, "mg", "does not say how much"),
        ("E0114", 1, "pair", "does not say how much"),
        ("J1885", 0, "mg", "is no amount"),
        ("J1885", -15, "mg", "is no amount"),
    ],
)
def test_units_are_not_guessed(table, code, amount, unit, told):
    with pytest.raises(CourseError, match=told):
        table[code].units(amount, unit)


def test_the_letters_are_those_of_the_file_without_dental(table):
    letters = hcpcs.letters()
    assert sum(letter.codes for letter in letters.values()) == 8463
    assert {code[0] for code in table} <= set(letters)
    assert {letters[code.code[0]].name for code in table.values()} == {c.group for c in table.values()}
    with pytest.raises(KeyError, match="American Dental Association"):
        letters["D"]
