"""Laws of the plan, and the cases a learner would notice."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import roadmap
from course_lib.errors import CourseError
from course_lib.roadmap.model import Profile, add_months
from course_lib.roadmap.money import money_on

MONTHS = st.builds(lambda y, m: f"{y}-{m:02d}", st.integers(2026, 2040), st.integers(1, 12))


@st.composite
def profiles(draw) -> Profile:
    return Profile(
        start=draw(st.dates(date(2026, 1, 1), date(2032, 12, 31))).isoformat(),
        target=draw(st.sampled_from(roadmap.targets())),
        hours=draw(st.floats(1, 80)),
        budget=draw(st.integers(0, 5000)),
        monthly=draw(st.integers(0, 500)),
        education=draw(st.sampled_from(["certificate", "degree"])),
        pace=draw(st.sampled_from(["part", "full"])),
        diploma=draw(st.booleans()),
        course=draw(st.booleans()),
        degree=draw(st.booleans()),
        experience_months=draw(st.integers(0, 40)),
        certifications=tuple(draw(st.sets(st.sampled_from(roadmap.targets()), max_size=2))),
        exam_month=draw(st.none() | MONTHS),
        route=draw(st.none() | st.integers(1, 3)),
        assumptions=draw(st.dictionaries(st.just("prep_hours"), st.integers(0, 200))),
        prices=draw(st.dictionaries(st.sampled_from(["tuition", "books", "exam"]), st.integers(0, 3000))),
    )


@settings(max_examples=80)
@given(profiles())
def test_no_step_starts_before_those_that_it_needs_have_ended(profile: Profile) -> None:
    plan = roadmap.plan(profile)
    for step in plan.steps:
        assert profile.first_day <= step.start <= step.end
        for name in step.after:
            assert plan[name].end < step.start
    study = [step for step in plan.steps if step.hours]
    assert all(a.end < b.start for a, b in itertools.pairwise(study))  # one at a time
    if plan.exam_day:
        assert plan.exam_day.weekday() < 5
        assert all(step.end < plan.exam_day for step in study)
        assert plan["upkeep"].start > plan.exam_day
        assert all(mark.day > plan.exam_day for mark in plan.calendar)


@settings(max_examples=60)
@given(profiles())
def test_no_week_has_more_hours_than_the_learner(profile: Profile) -> None:
    for step in roadmap.plan(profile).steps:
        assert step.weekly <= profile.hours
        weeks = ((step.end - step.start).days + 1) // 7
        assert step.hours <= step.weekly * weeks * (1 + 1e-9)


@settings(max_examples=60)
@given(profiles())
def test_the_bills_add_up_and_stay_within_the_plan(profile: Profile) -> None:
    plan = roadmap.plan(profile)
    known = [cost for cost in plan.costs if cost not in plan.unknown]
    assert plan.total == (sum(c.low for c in known), sum(c.high for c in known))
    assert plan.to_exam[1] <= plan.total[1]
    assert all(c.low <= c.high for c in known)
    assert all(c.source and c.year for c in known if c.trust != "yours")
    assert all(profile.first_day <= c.due <= plan["upkeep"].end for c in plan.costs)
    assert all(c.step in plan for c in plan.costs)
    assert [c.due for c in plan.costs] == sorted(c.due for c in plan.costs)


@settings(max_examples=60)
@given(profiles())
def test_a_risk_is_said_exactly_when_the_money_is_short(profile: Profile) -> None:
    plan = roadmap.plan(profile)
    spent, short = 0.0, 0
    for cost in plan.costs:
        spent += cost.high or 0
        short += cost.high is not None and spent > money_on(profile, cost.due)
    assert sum(risk.startswith("The budget ") for risk in plan.risks) == short


@settings(max_examples=60)
@given(profiles())
def test_a_wanted_month_is_kept_or_its_refusal_explained(profile: Profile) -> None:
    plan = roadmap.plan(profile)
    if profile.exam_month and plan.exam_day:
        kept = f"{plan.exam_day:%Y-%m}" == profile.exam_month
        assert kept or f"cannot be in {profile.exam_month}" in plan.notes[0]
        assert kept == ("as you want" in plan.notes[0])


@settings(max_examples=60)
@given(profiles())
def test_equal_profiles_give_equal_plans(profile: Profile) -> None:
    assert roadmap.plan(profile) == roadmap.plan(profile)
    assert str(roadmap.plan(profile)) == str(roadmap.plan(profile))


@settings(max_examples=60)
@given(profiles(), st.integers(1, 40))
def test_more_hours_never_make_the_exam_later(profile: Profile, more: int) -> None:
    if profile.exam_month or profile.target in profile.certifications:
        return
    quicker = Profile(**{**vars(profile), "hours": min(80, profile.hours + more)})
    assert roadmap.plan(quicker).exam_day <= roadmap.plan(profile).exam_day  # type: ignore[operator]


def test_the_plan_of_the_manual() -> None:
    plan = roadmap.plan(Profile("2027-01-11", target="cpc", hours=8, budget=2500))
    assert [step.id for step in plan.steps] == [
        "education", "practice", "preparation", "exam", "apprentice", "upkeep",
    ]  # fmt: skip
    assert plan.exam_day == date(2027, 12, 13)
    assert plan.to_exam == (621, 721)  # one year of membership and the exam, once or twice
    assert {cost.id for cost in plan.unknown} == {"tuition", "books", "practicode"}
    assert plan.calendar[-1].units == 36
    assert plan.calendar[-1].day == date(2029, 12, 13)


def test_prices_that_disagree_are_both_given() -> None:
    exam = next(c for c in roadmap.plan(Profile("2027-01-11")).costs if c.id == "exam")
    assert (exam.low, exam.high, exam.trust) == (399, 499, "conflict")
    assert all(price in exam.text for price in ("$425", "$399", "$499"))


def test_the_three_ways_out_of_apprentice_status() -> None:
    plan = roadmap.plan(Profile("2027-01-11", route=2))
    first, second, third = plan.routes
    assert third.earliest < second.earliest < first.earliest
    assert [way.number for way in plan.routes if way.chosen] == [2]
    assert plan["apprentice"].end == second.earliest
    assert first.earliest == add_months(second.earliest, 12)
    assert roadmap.plan(Profile("2027-01-11", target="CCS")).routes == ()


def test_two_years_of_work_make_the_first_way_free() -> None:
    plan = roadmap.plan(Profile("2027-01-11", experience_months=24))
    assert next(way for way in plan.routes if way.chosen).number == 1
    assert "practice" in plan.done
    assert "practicode" not in {cost.id for cost in plan.costs}


def test_the_rhit_needs_a_degree_whatever_was_chosen() -> None:
    short, asked = (
        Profile("2027-01-11", target="RHIT", pace="full", hours=40, degree=d) for d in (True, False)
    )
    assert "education" not in roadmap.plan(short)
    plan = roadmap.plan(asked)
    assert (plan["education"].end - plan["education"].start).days + 1 >= 7 * 64
    assert any("needs a degree" in note for note in plan.notes)


def test_what_you_hold_is_not_planned_again() -> None:
    plan = roadmap.plan(Profile("2027-01-11", target="CCS", certifications=("CCS",)))
    assert [step.id for step in plan.steps] == ["upkeep"]
    assert plan.exam_day is None


def test_the_budget_says_when_it_covers_the_exam() -> None:
    saving = roadmap.plan(Profile("2027-01-11", budget=400, monthly=20))
    assert any("does not cover the CPC exam fee until 2027-06-11" in risk for risk in saving.risks) == (
        money_on(saving.profile, date(2027, 10, 18)) < 499
    )
    broke = roadmap.plan(Profile("2027-01-11", budget=100))
    assert any(
        risk == "The budget never covers the CPC exam fee: $399 are missing on 2027-10-18, when it is due."
        for risk in broke.risks
    )
    late = roadmap.plan(Profile("2027-01-11", budget=0, monthly=30))
    assert any("does not cover the CPC exam fee until 2028-06-11" in risk for risk in late.risks)
    assert not any(r.startswith("The budget") for r in roadmap.plan(Profile("2027-01-11", budget=2500)).risks)


def test_your_own_figures_take_the_place_of_the_course_s() -> None:
    own = Profile("2027-01-11", prices={"tuition": 1800}, assumptions={"certificate_hours": 80})
    plan = roadmap.plan(own)
    assert plan["education"].end == date(2027, 1, 11) + timedelta(weeks=10, days=-1)
    assert "tuition" not in {cost.id for cost in plan.unknown}
    assert "80 hours. A certificate in coding. Programs differ widely; ask yours. (your figure)" in str(plan)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"start": "11.1.2027"}, "no day"),
        ({"target": "CIC"}, "CPC, CCS, CCA, CPB, RHIT"),
        ({"hours": 0}, "hours 0"),
        ({"hours": float("nan")}, "hours nan"),
        ({"budget": -1}, "budget -1"),
        ({"exam_month": "2027-13"}, "no month"),
        ({"route": 4}, "route 4"),
        ({"pace": "fast"}, "pace 'fast'"),
        ({"prices": {"lunch": 5}}, "price 'lunch'"),
        ({"assumptions": {"luck": 1}}, "assumption 'luck'"),
    ],
)
def test_a_wrong_value_is_named(wrong: dict, said: str) -> None:
    with pytest.raises(CourseError, match=said):
        Profile(**{"start": "2027-01-11", **wrong})


def test_certifications_side_by_side() -> None:
    frame = roadmap.compare(Profile("2027-01-11", hours=10))
    assert list(frame["target"]) == ["CPC", "CCS", "CCA", "CPB", "RHIT"]
    assert frame["units in two years"].tolist() == [36, 20, 20, 36, 20]
    assert frame.loc[4, "exam day"] == frame["exam day"].max()
    assert list(roadmap.compare(Profile("2027-01-11"), ["ccs"])["target"]) == ["CCS"]


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [("2027-01-31", 1, "2027-02-28"), ("2028-01-31", 1, "2028-02-29"), ("2027-11-30", 14, "2029-01-30")],
)
def test_months_are_counted_by_the_calendar(day: str, months: int, then: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(then)
