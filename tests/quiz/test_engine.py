import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import quiz
from course_lib.errors import CourseError
from course_lib.quiz.engine import mark
from course_lib.quiz.model import Option, Question, Source


def make(kind: str, key: list[bool]) -> Question:
    options = [Option(f"option {n}", right, f"why {n}") for n, right in enumerate(key)]
    return Question("q", kind, "Do it", 1, "Which?", options, Source("Tabular List"))  # type: ignore[arg-type]


keys = st.lists(st.booleans(), min_size=3, max_size=7).filter(lambda key: 0 < sum(key) < len(key))


@st.composite
def answered(draw: st.DrawFn) -> tuple[Question, list[int]]:
    question = make("multiple", draw(keys))
    return question, draw(st.lists(st.sampled_from(range(len(question.options))), unique=True))


def test_a_single_choice_earns_one_or_nothing(sample: quiz.Quiz) -> None:
    assert [quiz.grade(sample, {"billable": [n]})["billable"].points for n in range(3)] == [0, 1, 0]


def test_half_of_the_right_options_earns_half(sample: quiz.Quiz) -> None:
    graded = quiz.grade(sample, {"same-category": "A"})["same-category"]
    assert graded.points == 0.5
    assert graded.verdict == "partly"
    assert graded.message == "Partly right: 1 of the 2 right options chosen, and no wrong one."


def test_a_wrong_option_costs_its_share(sample: quiz.Quiz) -> None:
    assert quiz.grade(sample, {"same-category": "ABC"})["same-category"].points == 0.5
    assert quiz.grade(sample, {"same-category": "AB"})["same-category"].points == 0


@given(keys)
def test_only_the_key_earns_the_full_point(key: list[bool]) -> None:
    question = make("multiple", key)
    numbers = range(len(key))
    full = [
        set(chosen)
        for size in range(len(key) + 1)
        for chosen in itertools.combinations(numbers, size)
        if mark(question, chosen).points == 1
    ]
    assert full == [set(question.key)]


@given(keys)
def test_choosing_everything_earns_nothing(key: list[bool]) -> None:
    assert mark(make("multiple", key), range(len(key))).points == 0


@given(answered())
def test_points_stay_between_0_and_1_and_agree_with_the_verdict(case: tuple[Question, list[int]]) -> None:
    graded = mark(*case)
    assert 0 <= graded.points <= 1
    wanted = {0: {"wrong", "unanswered"}, 1: {"right"}}.get(graded.points, {"partly"})
    assert graded.verdict in wanted


@given(answered())
def test_a_right_option_more_never_costs_and_a_wrong_one_never_pays(case: tuple[Question, list[int]]) -> None:
    question, chosen = case
    for n in set(range(len(question.options))) - set(chosen):
        change = mark(question, [*chosen, n]).points - mark(question, chosen).points
        assert change >= 0 if question.options[n].correct else change <= 0


@given(answered(), st.randoms())
def test_the_order_of_an_answer_is_of_no_matter(case: tuple[Question, list[int]], random: Any) -> None:
    question, chosen = case
    shuffled = random.sample(chosen, len(chosen))
    assert mark(question, shuffled) == mark(question, chosen)


def test_letters_and_numbers_are_the_same_answer(sample: quiz.Quiz) -> None:
    for letters in ("AC", "ca", "a, c", "C A"):
        assert quiz.grade(sample, {"same-category": letters}) == quiz.grade(sample, {"same-category": [0, 2]})


def test_every_chosen_option_gets_its_reason(sample: quiz.Quiz) -> None:
    graded = quiz.grade(sample, {"same-category": "AB"})["same-category"]
    assert graded.whys == {
        0: "Its first three characters are E11.",
        1: "Its first three characters are E10, type 1 diabetes.",
    }


def test_the_result_adds_up_by_objective(sample: quiz.Quiz) -> None:
    result = quiz.grade(sample, {"billable": "B", "same-category": "A"})
    assert (result.points, result.out_of, result.answered) == (1.5, 3, 2)
    assert [(s.objective, s.points, s.out_of) for s in result.by_objective()] == [
        ("Tell a header from a billable code", 1, 1),
        ("Read a code from left to right", 0.5, 2),
    ]


def test_no_answer_is_not_a_wrong_answer(sample: quiz.Quiz) -> None:
    for nothing in ({}, {"dot": []}, {"dot": ""}):
        assert quiz.grade(sample, nothing)["dot"].message == "Not answered."


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"dott": "A"}, "has no question 'dott'. It has: billable, same-category, dot."),
        ({"dot": "D"}, "Its options are A to C, or 0 to 2."),
        ({"dot": [3]}, "Its options are A to C"),
        ({"dot": [-1]}, "Its options are A to C"),
        ({"dot": "?"}, "Its options are A to C"),
        ({"dot": "AB"}, "takes one option"),
    ],
)
def test_an_answer_that_fits_nothing_is_told(sample: quiz.Quiz, answers: dict[str, Any], said: str) -> None:
    with pytest.raises(CourseError) as caught:
        quiz.grade(sample, answers)
    assert said in str(caught.value)


def test_an_unknown_quiz_names_the_known_ones(bank: object) -> None:
    with pytest.raises(CourseError, match="There is: sample"):
        quiz.load("icd")
