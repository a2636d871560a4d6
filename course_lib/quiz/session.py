"""One sitting of a quiz: order by seed, hints that cost, tries, exam mode, and the report at the end.

It has no view and no clock: a view tells it the seconds that were used. `state` and `restore`
carry a sitting over a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Literal, TypeAlias, TypeVar

from course_lib.errors import CourseError
from course_lib.quiz.engine import Mark, from_kept, kept_form, mark
from course_lib.quiz.model import Answer, Question, Quiz

Mode: TypeAlias = Literal["immediate", "exam"]
T = TypeVar("T")


@dataclass(frozen=True)
class Rules:
    """How a sitting goes.

    Attributes
    ----------
    mode : {"immediate", "exam"}
        Feedback after each answer, or none until the end.
    tries : int, optional
        Answers a question in immediate mode; the newest counts. Default: no limit.
        An exam lets an answer change until the end.
    hint_cost : float
        The share of a question's points that its hint takes, from 0 to 1.
    minutes : float, optional
        The time limit, for a view to show; no answer is refused for lateness.
    """

    mode: Mode = "immediate"
    tries: int | None = None
    hint_cost: float = 0.25
    minutes: float | None = None


@dataclass(frozen=True)
class ReportRow:
    """One objective: points, out of how many, and what to read again (sources of what was missed)."""

    objective: str
    points: float
    out_of: int
    reread: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """What a sitting earned, hints paid for, and the time used in seconds."""

    points: float
    out_of: int
    answered: int
    seconds: float
    rows: tuple[ReportRow, ...]


def shuffled(quiz: Quiz, seed: int) -> Quiz:
    """Return the quiz with its questions, options and choices in an order of that seed.

    The items of an ordering question stay, for the author chose how they are shown.
    """
    rng = Random(f"{quiz.id}:{seed}")  # noqa: S311 - an order, not a secret
    questions = [_mixed(question, rng) for question in quiz.questions]
    return replace(quiz, questions=_drawn(questions, rng))


def _mixed(question: Question, rng: Random) -> Question:
    return replace(
        question,
        options=_drawn(question.options, rng),
        choices=_drawn(question.choices, rng),
        parts=[_mixed(part, rng) for part in question.parts],
    )


def _drawn(things: list[T], rng: Random) -> list[T]:
    return rng.sample(things, len(things))


class Session:
    """One sitting. `quiz` is in the order in which it is shown; see `shuffled`."""

    def __init__(self, quiz: Quiz, rules: Rules | None = None) -> None:
        self.quiz = quiz
        self.rules = rules or Rules()
        self.seconds = 0.0
        self.done = False
        self._marks: dict[str, Mark] = {}
        self._tries: dict[str, int] = {}
        self._hints: set[str] = set()

    def answer(self, question_id: str, answer: Answer) -> Mark:
        """Take an answer and return its mark; a view of an exam does not show it before the end.

        Raises
        ------
        CourseError
            When the sitting is over, no try is left, or the answer does not fit.
        """
        question = self.quiz[question_id]
        self._still_open()
        if self.tries_left(question_id) == 0:
            raise CourseError("no try is left for this question.", remedy="Go on to the next one.")
        graded = mark(question, answer)
        if graded.given is None:
            self._marks.pop(question_id, None)
            return graded
        self._marks[question_id] = graded
        self._tries[question_id] = self._tries.get(question_id, 0) + 1
        return graded

    def tries_left(self, question_id: str) -> int | None:
        """Return how often a question may still be answered; None without a limit."""
        if self.rules.mode == "exam" or self.rules.tries is None:
            return None
        return max(0, self.rules.tries - self._tries.get(question_id, 0))

    def hint(self, question_id: str) -> str:
        """Return a question's hint, and charge for it from then on."""
        question = self.quiz[question_id]
        if question.hint and question_id not in self._hints:
            self._still_open()
            self._hints.add(question_id)
        return question.hint

    def hinted(self, question_id: str) -> bool:
        """Return whether the hint was taken."""
        return question_id in self._hints

    def mark_of(self, question_id: str) -> Mark | None:
        """Return the mark of the newest answer, or None."""
        return self._marks.get(question_id)

    def points_of(self, question_id: str) -> float:
        """Return the points of a question, its hint paid for."""
        graded = self._marks.get(question_id)
        cost = self.rules.hint_cost if question_id in self._hints else 0.0
        return graded.points * (1 - cost) if graded else 0.0

    def finish(self) -> Report:
        """End the sitting and return its report."""
        self.done = True
        return self.report()

    def report(self) -> Report:
        """Return points by objective, with what to read again; a question without an answer earns 0."""
        groups: dict[str, list[Question]] = {}
        for question in self.quiz.questions:
            groups.setdefault(question.objective, []).append(question)
        rows = tuple(self._row(name, group) for name, group in groups.items())
        points = sum(row.points for row in rows)
        return Report(points, len(self.quiz.questions), len(self._marks), self.seconds, rows)

    def _row(self, objective: str, questions: list[Question]) -> ReportRow:
        missed = [q for q in questions if not (m := self._marks.get(q.id)) or m.points < 1]
        reread = tuple(dict.fromkeys(q.source.text for q in missed))
        return ReportRow(objective, sum(self.points_of(q.id) for q in questions), len(questions), reread)

    def _still_open(self) -> None:
        if self.done:
            raise CourseError("this sitting is over.", remedy="Run the cell with another seed for a new one.")

    def state(self) -> dict[str, Any]:
        """Return the sitting as plain data, without keys; `restore` takes it back."""
        return {
            "answers": {name: kept_form(one.given) for name, one in self._marks.items()},
            "tries": dict(self._tries),
            "hints": sorted(self._hints),
            "seconds": self.seconds,
            "done": self.done,
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from a `state`; answers that fit no question any more are left out."""
        known = {question.id: question for question in self.quiz.questions}
        for name, kept in state["answers"].items():
            if name in known and (given := from_kept(known[name], kept)) is not None:
                self._marks[name] = mark(known[name], given)
        self._tries = {name: n for name, n in state["tries"].items() if name in known}
        self._hints = {name for name in state["hints"] if name in known}
        self.seconds, self.done = float(state["seconds"]), bool(state["done"])
