"""The plan of reviews: made from the log alone, and the log is never lost."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import drills
from course_lib.drills.review import Due, Review, log_path, plan
from course_lib.errors import CourseError

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
FAMILIES = [f.id for f in drills.families()]


def of(rows: list[Due], family: str) -> Due:
    return next(row for row in rows if row.family == family)


def test_a_learner_who_did_nothing_has_only_new_families() -> None:
    rows = plan([], START)
    assert [row.family for row in rows] == FAMILIES
    assert {row.state for row in rows} == {"new"}


def test_right_answers_push_a_family_away_and_a_wrong_one_brings_it_back() -> None:
    log = [Review("chapter", True, START + timedelta(days=n)) for n in (0, 1, 4)]
    later = of(plan(log, START + timedelta(days=5)), "chapter")
    assert later.state == "later" and later.due and later.due > START + timedelta(days=6)
    wrong = [*log, Review("chapter", False, START + timedelta(days=5))]
    assert of(plan(wrong, START + timedelta(days=6)), "chapter").state == "due"
    assert (later.answered, later.right) == (3, 3)


def test_due_families_come_first() -> None:
    log = [Review("order", False, START), Review("chapter", True, START + timedelta(days=1))]
    states = [row.state for row in plan(log, START + timedelta(days=1, minutes=1))]
    assert states[0] == "due" and states[-1] == "later"
    assert plan(log, START + timedelta(days=1, minutes=1))[0].family == "order"


answers = st.lists(
    st.builds(
        Review,
        st.sampled_from(FAMILIES[:3]),
        st.booleans(),
        st.integers(0, 10**6).map(lambda m: START + timedelta(minutes=m)),
    ),
    max_size=12,
    unique_by=lambda r: r.at,
)


@settings(max_examples=40)
@given(answers)
def test_the_plan_follows_from_the_log_whatever_its_order(log: list[Review]) -> None:
    when = START + timedelta(days=800)
    assert plan(log, when) == plan(log[::-1], when) == plan(log, when)
    assert sum(row.answered for row in plan(log, when)) == len(log)


def test_an_answer_is_kept_with_its_time() -> None:
    drills.record("laterality", True, START)
    drills.record("laterality", False, START + timedelta(hours=1))
    assert drills.reviews() == [
        Review("laterality", True, START),
        Review("laterality", False, START + timedelta(hours=1)),
    ]
    assert json.loads(log_path().read_text())["version"] == 1
    table = drills.due(START + timedelta(days=1))
    assert table.loc[0, "family"] == "laterality" and table.loc[0, "state"] == "due"
    assert len(table) == len(FAMILIES)


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'{"format": "other", "version": 1}', b"[]"])
def test_a_damaged_log_is_kept_aside_and_a_new_one_begun(content: bytes) -> None:
    log_path().write_bytes(content)
    with pytest.warns(UserWarning, match="damaged"):
        assert drills.reviews() == []
    (aside,) = log_path().parent.glob("drill-reviews.json.damaged-*")
    assert aside.read_bytes() == content
    drills.record("chapter", True, START)
    assert len(drills.reviews()) == 1


def test_the_log_of_a_newer_course_is_left_alone() -> None:
    log_path().write_text('{"format": "crosswalk-drill-reviews", "version": 99, "reviews": []}')
    before = log_path().read_bytes()
    with pytest.raises(CourseError, match="newer version"):
        drills.record("chapter", True, START)
    assert log_path().read_bytes() == before


def test_a_time_without_a_zone_and_an_unknown_family_are_refused() -> None:
    with pytest.raises(CourseError, match="time zone"):
        drills.record("chapter", True, datetime(2026, 11, 23))
    with pytest.raises(CourseError, match="no drill family"):
        drills.record("chapters", True, START)
    assert not log_path().exists()
