"""From a chart and its codes to a claim."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from course_lib import claims, coding, encounters
from course_lib.errors import CourseError


@pytest.fixture(scope="module")
def knee() -> encounters.Encounter:
    return encounters.load("knee-injection-clinic")


def test_the_key_of_a_chart_becomes_a_claim(knee):
    made = claims.build(knee)
    assert made.diagnoses == tuple(knee.key.codes)
    assert [line.code for line in made.lines] == [p.code for p in knee.key.procedures]
    assert [line.modifiers for line in made.lines] == [tuple(p.modifiers) for p in knee.key.procedures]
    assert made.payer == knee.payer and made.service_date == knee.service_date
    assert made.filed_on > made.service_date and len(made.id) <= 20


def test_own_codes_take_the_place_of_the_key(knee):
    mine = coding.Submission(["M17.11"], [coding.Line("99213", units=2, pointers=["A"])])
    made = claims.build(knee, mine, filed_on=date(2026, 6, 1))
    assert made.diagnoses == ("M17.11",) and made.filed_on == date(2026, 6, 1)
    assert made.lines[0].charge == 2 * Decimal("238.00")


def test_the_same_chart_gives_the_same_claim(knee):
    assert claims.build(knee) == claims.build(encounters.load(knee.id))


def test_two_long_names_give_two_numbers(knee):
    other = replace(knee, id=knee.id + "-again")
    assert claims.build(knee).id != claims.build(other).id
    assert claims.build(knee).patient.control != claims.build(other).patient.control


def test_a_stay_is_sent_to_the_other_form():
    stay = next(e for e in map(encounters.load, encounters.ids(setting="inpatient")) if not e.key.procedures)
    with pytest.raises(CourseError, match="UB-04") as told:
        claims.build(stay)
    assert "claims.drg" in str(told.value)


def test_without_key_and_codes_it_says_what_to_do(knee):
    with pytest.raises(CourseError, match="not in this copy") as told:
        claims.build(replace(knee, key=None))
    assert "coding.Submission" in str(told.value)
    with pytest.raises(CourseError, match="no procedure code"):
        claims.build(knee, coding.Submission(["M17.11"]))


def test_more_than_a_claim_holds_is_a_clear_error(knee):
    with pytest.raises(CourseError, match="13 diagnoses"):
        claims.build(knee, coding.Submission(["I10"] * 13, [coding.Line("99213")]))
    with pytest.raises(CourseError, match="5 diagnoses"):
        claims.build(knee, coding.Submission(["I10"], [coding.Line("99213", pointers=list("ABCDE"))]))


def test_every_key_makes_a_clean_claim(book):
    """The keys are right, so an edit that stops one of them is wrong."""
    seen = 0
    for name in encounters.ids():
        chart = encounters.load(name)
        if chart.key is None or not chart.key.procedures:
            continue
        found = claims.scrub(claims.build(chart), book=book)
        accepted = {f"dx-{one.finding}" for one in chart.key.accepts}
        assert not [f for f in found if f.severity != "info" and f.rule not in accepted], name
        seen += 1
    assert seen >= 30
