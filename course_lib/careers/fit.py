"""The fit questionnaire: a sum that anybody can check by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from course_lib.careers.model import all_roles, questions
from course_lib.errors import CourseError

if TYPE_CHECKING:
    import pandas as pd

# What an answer says, from least to most; a number from -2 to 2 means the same.
SCALE = {-2: "not at all", -1: "a little", 0: "no opinion", 1: "quite", 2: "very much"}


@dataclass(frozen=True)
class Fit:
    """How well each role fits some answers; made by `fit`.

    Attributes
    ----------
    answers : dict of str to int
        Question id to -2 ... 2; questions left out count as 0.
    points : dict of str to int
        Role id to the sum of answer times weight.
    percent : dict of str to int
        The same on a scale from 0 (all answers against the role) to 100 (all for it);
        50 means that nothing speaks for or against it.
    """

    answers: dict[str, int]
    points: dict[str, int]
    percent: dict[str, int]

    @property
    def best(self) -> tuple[str, ...]:
        """The ids of the roles that fit best; several when they are level."""
        top = max(self.percent.values())
        return tuple(name for name, value in self.percent.items() if value == top)

    def to_frame(self) -> "pd.DataFrame":
        """Return the whole sum: one row a question, answer times weight for each role, and the totals."""
        import pandas as pd

        names = {role.id: role.name for role in all_roles().values()}
        rows: list[list[object]] = [
            [
                q.text,
                SCALE[self.answers.get(q.id, 0)],
                *(_product(self.answers.get(q.id, 0), q.weights[r]) for r in names),
            ]
            for q in questions()
        ]
        rows.append(["Points", "", *(f"{self.points[r]:+d}" for r in names)])
        rows.append(["Fit, 0 to 100", "", *(str(self.percent[r]) for r in names)])
        return pd.DataFrame(rows, columns=["statement", "your answer", *names.values()])

    def __str__(self) -> str:
        return f"{headline(self)}\n\n{self.to_frame().to_string(index=False)}"


def fit(answers: Mapping[str, int]) -> Fit:
    """Score answers to the questionnaire. Pure.

    Parameters
    ----------
    answers : mapping
        Question id to -2 (not at all) ... 2 (very much); see `careers.questions`.

    Raises
    ------
    CourseError
        When a question or an answer is unknown.

    Examples
    --------
    >>> fit({"medicine": 2, "quiet": 1}).best
    ('coder',)
    """
    asked = {question.id: question for question in questions()}
    for name, value in answers.items():
        if name not in asked:
            raise CourseError(f"there is no question {name!r}.", remedy=f"Choose from {', '.join(asked)}.")
        if isinstance(value, bool) or value not in SCALE:
            raise CourseError(
                f"the answer {value!r} to {name!r} is not on the scale.", remedy="Give -2 to 2."
            )
    kept = {name: int(answers[name]) for name in asked if name in answers}
    points = {
        role: sum(value * asked[name].weights[role] for name, value in kept.items()) for role in all_roles()
    }
    most = {role: sum(2 * abs(q.weights[role]) for q in asked.values()) for role in points}
    percent = {role: round(50 + 50 * value / most[role]) for role, value in points.items()}
    return Fit(kept, points, percent)


def headline(result: Fit) -> str:
    """Return the outcome in a sentence, with its limits."""
    if not any(result.answers.values()):
        return "No statement is answered yet, so no role fits better than another."
    names = " and ".join(all_roles()[name].name for name in result.best)
    score = result.percent[result.best[0]]
    return (
        f"Best fit: {names}, {score} of 100. The weights are this course's judgment, shown in the table; "
        "no study stands behind them."
    )


def _product(answer: int, weight: int) -> str:
    return f"{answer:+d} x {weight:+d} = {answer * weight:+d}" if answer else "0"
