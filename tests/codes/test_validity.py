"""The date of service decides: what ended and what came on 1 October 2026."""

import csv
from datetime import date

import pytest

from course_lib import datasets, icd10cm
from course_lib.codes import validity
from course_lib.codes.book import plain
from course_lib.errors import CourseError


@pytest.fixture(scope="module")
def book():
    return icd10cm.load()


@pytest.fixture(scope="module")
def rows():
    with datasets.path(validity.CHANGES).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_the_table_has_the_190_additions_and_30_endings_of_fy2027(rows):
    # Counts of the official addenda: +190, -15 deleted, 15 more became headers.
    kinds = [row["change"] for row in rows]
    assert (kinds.count("added"), kinds.count("deleted"), kinds.count("became header")) == (190, 15, 15)
    assert len({row["code"] for row in rows}) == len(rows) == 220


def test_each_row_names_its_source_and_agrees_with_the_april_2026_book(rows, book):
    for row in rows:
        assert row["source"], row["code"]
        node = book.get(row["code"])
        if row["change"] == "added":
            assert node is None, f"{row['code']} is in the April 2026 edition already"
            assert (row["effective_from"], row["effective_to"]) == ("2026-10-01", "")
        else:
            assert node is not None and node.billable, row["code"]
            assert row["effective_to"] == "2026-09-30"
            assert row["title"] == node.title


def test_each_replacement_is_itself_an_addition(rows):
    added = {row["code"] for row in rows if row["change"] == "added"}
    for row in rows:
        replaced = [code for code in row["replaced_by"].split(";") if code]
        assert set(replaced) <= added, row["code"]
        if row["change"] == "became header":
            below = {code for code in added if plain(code).startswith(plain(row["code"]))}
            assert below <= set(replaced) and below, row["code"]


@pytest.mark.parametrize(
    ("code", "on", "valid"),
    [
        ("Z68.1", "2026-09-30", True),
        ("Z68.1", "2026-10-01", False),
        ("z681", "2026-10-01", False),
        ("Z68.19", "2026-09-30", False),
        ("Z68.19", "2026-10-01", True),
        ("E11.9", "2026-09-30", True),
        ("E11.9", "2026-10-01", True),  # not among the 30 that ended
        ("E11.9", "2020-01-01", None),  # an edition that is not loaded
        ("E11.9", "2027-10-01", None),  # a code set that is not known yet
        ("M54.5", "2026-09-30", False),  # a header
        ("Z99.999", "2026-09-30", False),  # no such code
        ("Z99.999", "2026-10-01", None),
    ],
)
def test_validity_on_a_day(book, code, on, valid):
    assert validity.validity(book, code, on).valid is valid


def test_what_replaced_a_code_is_told(book):
    gone = validity.validity(book, "M72.2", date(2026, 11, 23))
    assert gone.replaced_by == ("M72.20", "M72.21", "M72.22", "M67.A01", "M67.A02", "M67.A09")
    assert "2026-09-30" in gone.reason and gone.source
    # No new code continues this one, so none is named.
    assert validity.validity(book, "S23.420A", "2026-11-23").replaced_by == ()


def test_plantar_fasciitis_was_an_inclusion_term_of_m72_2(book):
    terms = [n.text for n in book.notes("M72.2") if n.kind == "inclusion term"]
    assert "Plantar fasciitis" in terms


@pytest.mark.parametrize(("when", "year"), [("2026-09-30", 2026), ("2026-10-01", 2027), ("2026-04-01", 2026)])
def test_the_code_year_turns_on_the_first_of_october(when, year):
    assert validity.fiscal_year(date.fromisoformat(when)) == year


def test_a_wrong_date_says_how_to_write_one():
    with pytest.raises(CourseError, match="2026-11-23"):
        validity.day("23/11/2026")
