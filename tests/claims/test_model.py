"""A claim holds what a claim form can hold, and shows it box by box."""

from datetime import date
from decimal import Decimal

import pytest

from course_lib import claims
from course_lib.claims.model import BILLING_NPI, RENDERING_NPI
from course_lib.errors import CourseError


def test_the_form_reads_like_the_cms_1500(claim, line):
    made = claim(
        line("20610", modifiers=("RT",), charge=Decimal("172")),
        line("99213", modifiers=("25",), pointers=("A", "B")),
    )
    form = made.form()
    boxes = dict(zip(form.boxes.frame["box"], form.boxes.frame["entry"], strict=True))
    assert boxes["21 A"] == "M17.11" and boxes["21 B"] == "I10" and boxes["21 ICD Ind."].startswith("0")
    assert boxes["28"] == "272.00" and boxes["1"] == "Medicare" and boxes["18"] == "none"
    assert form.lines.frame["24E pointer"].tolist() == ["A", "AB"]
    assert form.lines.frame["24D modifiers"].tolist() == ["RT", "25"]
    assert "nobody in it is real" in repr(form)
    assert made._repr_html_().count("<table") == 2 and 'scope="row"' in made._repr_html_()


def test_the_frame_has_one_row_a_service(claim, line):
    frame = claim("99213", line("J1885", units=2, pointers=("B", "A"))).to_frame()
    assert frame["code"].tolist() == ["99213", "J1885"]
    assert frame["diagnoses"].tolist() == ["M17.11", "I10 M17.11"]
    assert frame["charge"].sum() == 200.0


def test_more_lines_than_the_paper_form_are_told(claim):
    assert "paper form" not in repr(claim(*["99213"] * 6).form())
    assert "this takes more" in repr(claim(*["99213"] * 7).form())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"diagnoses": ("I10",) * 13}, "lists 13 diagnoses; a claim has room for 12"),
        ({"diagnoses": ()}, "no diagnosis"),
        ({"lines": ()}, "0 service lines"),
        ({"id": "a*b"}, "the claim's number is 'a*b'"),
        ({"id": "x" * 21}, "1 to 20"),
        ({"payer": "nobody"}, "no payer 'nobody'"),
    ],
)
def test_a_claim_refuses_what_no_form_holds(claim, changes, says):
    with pytest.raises(CourseError) as told:
        claim(**changes)
    assert says in str(told.value)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"modifiers": ("25", "RT", "59", "76", "77")}, "5 modifiers; a line has room for 4"),
        ({"pointers": tuple("ABCDE")}, "points to 5 diagnoses; a line has room for 4"),
        ({"units": 0}, "0 units"),
        ({"charge": Decimal("-1")}, "below zero"),
    ],
)
def test_a_line_refuses_what_no_form_holds(line, changes, says):
    with pytest.raises(CourseError) as told:
        line("99213", **changes)
    assert says in str(told.value)


@pytest.mark.parametrize(("age", "days"), [(0, None), (1, 20), (0, 400), (-1, None), (131, None)])
def test_a_patient_has_an_age_that_can_be(age, days):
    with pytest.raises(CourseError):
        claims.Patient("SYN1", age, "F", days)
    assert claims.Patient("SYN1", 0, "F", 12).years == pytest.approx(12 / 365.25)


def test_the_made_up_date_of_birth_gives_the_age():
    on = date(2026, 5, 12)
    assert claims.Patient("SYN1", 0, "M", 12).born(on) == date(2026, 4, 30)
    assert claims.Patient("SYN1", 34, "M").born(on) == date(1992, 1, 1)


@pytest.mark.parametrize("npi", [BILLING_NPI, RENDERING_NPI])
def test_no_provider_can_have_the_numbers(npi):
    # The check digit of a provider number is that of Luhn over 80840 and the number.
    digits = [int(d) for d in reversed("80840" + npi)]
    doubled = [sum(divmod(2 * d, 10)) if place % 2 else d for place, d in enumerate(digits)]
    assert sum(doubled) % 10 != 0
