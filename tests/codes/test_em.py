"""Office visits: two of three elements, minimum times, and the tables behind them."""

from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import datasets
from course_lib.codes import cpt, em
from course_lib.errors import CourseError

problems, data, risk = (st.sampled_from(words) for words in (em.PROBLEMS, em.DATA, em.RISK))
new = st.booleans()
EVERY = list(product(em.PROBLEMS, em.DATA, em.RISK))


def rank(element, words):
    return words.index(element)


@pytest.mark.parametrize("one", EVERY, ids="-".join)
def test_two_of_three_reach_the_level_and_no_two_reach_the_next(one):
    ranks = [rank(one[0], em.PROBLEMS), rank(one[1], em.DATA), rank(one[2], em.RISK)]
    got = rank(em.decisions(*one), em.MDM)
    assert sum(r >= got for r in ranks) >= 2
    assert sum(r >= got + 1 for r in ranks) < 2


@given(st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_no_element_counts_more_than_another(ranks):
    found = {em.decisions(em.PROBLEMS[a], em.DATA[b], em.RISK[c]) for a, b, c in permutations(ranks)}
    assert len(found) == 1


@given(problems, data, risk, new)
def test_a_level_has_a_code_of_its_family(p, d, r, new_patient):
    visit = em.levels()[em.level(p, d, r, new_patient=new_patient)]
    assert (visit.new_patient, visit.mdm) == (new_patient, em.decisions(p, d, r))


@given(problems, data, risk, new)
def test_raising_one_element_never_lowers_the_code(p, d, r, new_patient):
    here = em.level(p, d, r, new_patient=new_patient)
    higher = em.DATA[min(rank(d, em.DATA) + 1, 3)]
    assert em.level(p, higher, r, new_patient=new_patient) >= here


@given(st.floats(0, 300), new)
def test_the_time_meets_the_minimum_of_its_code_and_of_no_higher_one(minutes, new_patient):
    family = [v for v in em.levels().values() if v.new_patient == new_patient and v.minutes]
    code = em.level_by_time(minutes, new_patient=new_patient)
    met = [v.code for v in family if v.minutes <= minutes]
    assert code == (max(met) if met else None)


@pytest.mark.parametrize(
    ("minutes", "new_patient", "code"),
    [
        (9, False, None), (10, False, "99212"), (19, False, "99212"), (20, False, "99213"),
        (29.9, False, "99213"), (30, False, "99214"), (39, False, "99214"), (40, False, "99215"),
        (200, False, "99215"), (14, True, None), (15, True, "99202"), (30, True, "99203"),
        (44, True, "99203"), (45, True, "99204"), (60, True, "99205"),
    ],
)  # fmt: skip
def test_minimum_times(minutes, new_patient, code):
    assert em.level_by_time(minutes, new_patient=new_patient) == code


def test_the_highest_element_alone_does_not_decide():
    assert em.level("minimal", "minimal", "high", new_patient=False) == "99212"
    assert em.level("moderate", "minimal", "moderate", new_patient=False) == "99214"
    assert em.level("moderate", "minimal", "moderate", new_patient=True) == "99204"


def test_a_word_of_another_element_is_refused_with_the_right_ones():
    with pytest.raises(CourseError, match=r"no level of data.*minimal, limited, moderate, extensive"):
        em.decisions("low", "low", "low")
    with pytest.raises(CourseError, match="no level of problems"):
        em.level("straightforward", "minimal", "minimal", new_patient=True)


@pytest.mark.parametrize("minutes", [-1, float("nan")])
def test_an_impossible_time_is_refused(minutes):
    with pytest.raises(CourseError, match="no time"):
        em.level_by_time(minutes, new_patient=True)


def test_the_nine_codes_are_in_the_sample_and_99211_has_neither_level_nor_time():
    table = em.levels()
    assert list(table) == ["99202", "99203", "99204", "99205", "99211", "99212", "99213", "99214", "99215"]
    assert set(table) <= set(cpt.load())
    assert (table["99211"].mdm, table["99211"].minutes) == ("", None)
    assert cpt.NOTICE in repr(table)


def test_a_minimum_is_the_first_minute_of_the_range_before_it():
    for visit in em.levels().values():
        if visit.minutes:
            assert visit.minutes_2021_to_2023.startswith(f"{visit.minutes} to ")


def test_every_level_of_every_element_says_what_reaches_it():
    frame = datasets.read_csv("codes/mdm_elements.csv")
    for element, words in (("problems", em.PROBLEMS), ("data", em.DATA), ("risk", em.RISK)):
        assert set(frame[frame.element == element].level) == set(words)
    assert frame.source.str.len().gt(20).all()
