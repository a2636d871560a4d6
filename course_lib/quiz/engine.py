"""Find a quiz and grade answers: pure functions, no view and no stored progress."""

import json
from dataclasses import dataclass
from typing import Literal, TypeAlias

from course_lib import datasets
from course_lib.errors import CourseError
from course_lib.labels import t
from course_lib.progress import StoredAnswer
from course_lib.quiz import kinds
from course_lib.quiz.kinds import LETTERS as LETTERS
from course_lib.quiz.model import Answer, Answers, Question, Quiz

Verdict: TypeAlias = Literal["right", "partly", "wrong", "unanswered"]


@dataclass(frozen=True)
class Mark:
    """What one answer earned.

    Attributes
    ----------
    question : str
        The question's id.
    objective : str
        The question's objective.
    points : float
        From 0 to 1.
    verdict : {"right", "partly", "wrong", "unanswered"}
        The points in a word.
    message : str
        The verdict in a sentence.
    chosen : tuple of int
        The options of a choice that were chosen, counted from 0, in order; else empty.
    whys : dict of int to str
        The reason of every option chosen.
    reasons : tuple of Reason
        The lines of the feedback, for every kind.
    given : tuple, float, str, dict or None
        The answer as it was read; see `course_lib.quiz.kinds`.
    """

    question: str
    objective: str
    points: float
    verdict: Verdict
    message: str
    chosen: tuple[int, ...]
    whys: dict[int, str]
    reasons: tuple[kinds.Reason, ...] = ()
    given: kinds.Given = None


@dataclass(frozen=True)
class ObjectiveScore:
    """The points of all questions of one objective."""

    objective: str
    points: float
    out_of: int


@dataclass(frozen=True)
class Result:
    """The marks of a quiz, in the order of its questions."""

    quiz: str
    marks: tuple[Mark, ...]

    @property
    def points(self) -> float:
        """Return the points earned."""
        return sum(mark.points for mark in self.marks)

    @property
    def out_of(self) -> int:
        """Return the points that could be earned: one a question."""
        return len(self.marks)

    @property
    def answered(self) -> int:
        """Return how many questions have an answer."""
        return sum(mark.verdict != "unanswered" for mark in self.marks)

    def __getitem__(self, question_id: str) -> Mark:
        """Return the mark of one question."""
        return {mark.question: mark for mark in self.marks}[question_id]

    def by_objective(self) -> list[ObjectiveScore]:
        """Return points by objective, in the order in which the quiz asks for them."""
        groups: dict[str, list[float]] = {}
        for mark in self.marks:
            groups.setdefault(mark.objective, []).append(mark.points)
        return [ObjectiveScore(name, sum(points), len(points)) for name, points in groups.items()]


def ids() -> list[str]:
    """Return the ids of all quizzes, sorted."""
    return sorted(file.stem for file in (datasets.root() / "quizzes").glob("*.yaml"))


def load(quiz_id: str) -> Quiz:
    """Return one quiz.

    Raises
    ------
    CourseError
        When there is no such quiz (the message lists them), or its file is wrong
        (with file and line).
    """
    if quiz_id not in ids():
        raise CourseError(
            f"there is no quiz {quiz_id!r}.", remedy=f"There is: {', '.join(ids()) or 'none yet'}."
        )
    return datasets.load_yaml(f"quizzes/{quiz_id}.yaml", Quiz)


def grade(quiz: Quiz | str, answers: Answers) -> Result:
    """Grade answers; nothing is stored, and equal input gives an equal result.

    Parameters
    ----------
    quiz : Quiz or str
        A quiz or its id.
    answers : mapping of question id to answer
        Option numbers counted from 0 (``[1]``), or their letters (``"B"``); a number; a
        code; for a scenario, the answers of its parts by id. A question without an answer, or with
        an empty one, earns nothing.

    Returns
    -------
    Result
        One `Mark` a question. A single choice earns 1 or 0. A multiple choice earns
        the share of right options that were chosen less the share of wrong options
        that were chosen, and never below 0: choosing everything earns nothing. The other
        kinds are told in ``datasets/quizzes/README.md``.

    Raises
    ------
    CourseError
        When an answer names a question or an option that does not exist.
    """
    asked = load(quiz) if isinstance(quiz, str) else quiz
    for question_id in answers:
        asked[question_id]
    return Result(asked.id, tuple(mark(q, answers.get(q.id, ())) for q in asked.questions))


def mark(question: Question, answer: Answer) -> Mark:
    """Grade one answer; see `grade`."""
    given = kinds.read(question, answer)
    if given is None:
        return Mark(question.id, question.objective, 0.0, "unanswered", t("quiz.not-answered"), (), {})
    graded = kinds.graded(question, given)
    points = graded.points
    verdict: Verdict = "right" if points == 1 else "partly" if points > 0 else "wrong"
    chosen = given if isinstance(given, tuple) and question.options else ()
    return Mark(
        question=question.id,
        objective=question.objective,
        points=points,
        verdict=verdict,
        message=t("quiz.is-right") if verdict == "right" else graded.message,
        chosen=chosen,
        whys={n: question.options[n].why for n in chosen},
        reasons=graded.reasons,
        given=given,
    )


def chosen_options(question: Question, answer: Answer) -> tuple[int, ...]:
    """Return an answer to a choice as sorted option numbers; letters are read in any case.

    Raises
    ------
    CourseError
        When the answer names an option that the question does not have, or a single
        choice gets more than one.
    """
    given = kinds.read(question, answer)
    return given if isinstance(given, tuple) else ()


def kept_form(given: kinds.Given) -> StoredAnswer:
    """Return an answer as the progress file keeps it; a scenario's parts are one JSON text."""
    if isinstance(given, dict):
        return json.dumps(given, sort_keys=True)
    return list(given) if isinstance(given, tuple) else "" if given is None else given


def from_kept(question: Question, kept: StoredAnswer) -> kinds.Given:
    """Return a kept answer, or None when it does not fit the question any more."""
    try:
        answer = json.loads(kept) if question.kind == "scenario" and isinstance(kept, str) else kept
        return kinds.read(question, answer)
    except (CourseError, json.JSONDecodeError):
        return None  # the question has changed since: it is asked again
