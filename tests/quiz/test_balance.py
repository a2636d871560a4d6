"""A learner who ticks the same place in every question must not pass a shipped quiz by it."""

from collections import Counter
from collections.abc import Iterable

import pytest

from course_lib import quiz
from course_lib.quiz.model import Question


def places(questions: Iterable[Question]) -> list[int]:
    """Return where the right option stands, for each single-choice question and part."""
    parts = [part for question in questions for part in (question.parts or (question,))]
    return [[o.correct for o in part.options].index(True) for part in parts if part.kind == "single"]


def lopsided(where: list[int]) -> bool:
    """Tell whether one place answers more than three of four; under four questions there is no pattern."""
    return len(where) >= 4 and max(Counter(where).values()) > 0.75 * len(where)


@pytest.mark.parametrize("quiz_id", quiz.ids())
def test_no_place_answers_a_quiz(quiz_id: str) -> None:
    assert not lopsided(places(quiz.load(quiz_id).questions))


def test_a_quiz_with_all_keys_in_one_place_is_found() -> None:
    assert lopsided([0] * 9)
    assert not lopsided([0, 1, 0, 2])
