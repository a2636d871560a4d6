"""The coverage matrix: for each objective of a lesson its questions, its exercises and its charts.

Objectives stand in the lessons, and a question names its objective. Which graded cells of
the assignments and which charts practice an objective is written in ``datasets/coverage.yaml``.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from course_lib import datasets, quiz
from course_lib.manifest import Problem
from course_lib.notebooks.find import find
from course_lib.notebooks.model import load
from course_lib.notebooks.rules.assignment import nbgrader, worth
from course_lib.notebooks.rules.learning import bare
from course_lib.notebooks.rules.lesson import listed

FILE = "coverage.yaml"
KINDS = ("questions", "exercises", "charts")


@dataclass(frozen=True)
class Practice:
    """What practices one objective.

    Attributes
    ----------
    objective : str
        In the lesson's words.
    exercises : list of str
        Graded cells, such as ``a01/billable_or_header``.
    charts : list of str
        Ids of encounters.
    no_exercise, no_chart : str
        Why there can be none, such as "A career has no patient."; empty as a rule.
    """

    objective: str
    exercises: list[str] = field(default_factory=list)
    charts: list[str] = field(default_factory=list)
    no_exercise: str = ""
    no_chart: str = ""


@dataclass(frozen=True)
class LessonPractice:
    """The objectives of one lesson; `lesson` is its notebook's name without ``.ipynb``."""

    lesson: str
    objectives: list[Practice]


@dataclass(frozen=True)
class Mapping:
    """The file ``coverage.yaml``."""

    lessons: list[LessonPractice]


@dataclass(frozen=True)
class Row:
    """One objective of a lesson that exists, and everything that practices it.

    Attributes
    ----------
    lesson, objective : str
    questions : tuple of str
        Such as ``checks-01/only-the-record``.
    exercises, charts : tuple of str
    waived : dict of str to str
        Kind to the reason why that cell may be empty.
    """

    lesson: str
    objective: str
    questions: tuple[str, ...]
    exercises: tuple[str, ...]
    charts: tuple[str, ...]
    waived: dict[str, str]

    def cell(self, kind: str) -> tuple[str, ...]:
        """Return one cell of the row: ``questions``, ``exercises`` or ``charts``."""
        found: tuple[str, ...] = getattr(self, kind)
        return found

    @property
    def empty(self) -> list[str]:
        """The kinds that have nothing and no reason for it."""
        return [kind for kind in KINDS if not self.cell(kind) and not self.waived.get(kind)]


def matrix(root: Path) -> list[Row]:
    """Return a row for each objective of each lesson in the course folder `root`, in reading order."""
    asked = _questions()
    practised = _practices()
    rows = []
    for path in find(root):
        if path.parent.name != "lessons":
            continue
        for goal in listed(load(path), "Objectives"):
            practice = practised.get((path.stem, bare(goal)), Practice(goal))
            rows.append(
                Row(
                    path.stem,
                    goal.strip(" ;."),
                    tuple(asked[path.name, bare(goal)]),
                    tuple(practice.exercises),
                    tuple(practice.charts),
                    {"exercises": practice.no_exercise, "charts": practice.no_chart},
                )
            )
    return rows


def problems(root: Path) -> Iterator[Problem]:
    """Yield each empty cell, and each name in ``coverage.yaml`` that stands for nothing."""
    file, rows = datasets.path(FILE), matrix(root)
    for row in rows:
        for kind in row.empty:
            what = f"lesson {row.lesson[:2]}, {row.objective!r}: no {kind}."
            yield Problem(
                file, what, f"Name its {kind}, or write one." if kind != "questions" else "Ask one."
            )
    lessons = {row.lesson for row in rows}
    goals = {(row.lesson, bare(row.objective)) for row in rows}
    for lesson, goal in _practices():
        if lesson in lessons and (lesson, goal) not in goals:
            yield Problem(file, f"{goal!r} is no objective of {lesson}.", "Write it in the lesson's words.")
    known = {"exercises": set(graded_cells(root)), "charts": _charts()}
    for kind, names in known.items():
        used = {name for practice in _practices().values() for name in getattr(practice, kind)}
        for name in sorted(used - names):
            yield Problem(file, f"there is no {kind[:-1]} {name!r}.", "Correct the name, or leave it out.")


def graded_cells(root: Path) -> list[str]:
    """Return every graded cell of every assignment: ``a01/billable_or_header``."""
    return [
        f"{path.parent.name.partition('_')[0]}/{nbgrader(cell)['grade_id']}"
        for path in find(root)
        if path.parent.parent.name == "assignments"
        for cell in load(path).node.cells
        if worth(cell)
    ]


def _practices() -> dict[tuple[str, str], Practice]:
    """Return what ``coverage.yaml`` says, by lesson and objective."""
    return {
        (lesson.lesson, bare(practice.objective)): practice
        for lesson in datasets.load_yaml(FILE, Mapping).lessons
        for practice in lesson.objectives
    }


def _questions() -> dict[tuple[str, str], list[str]]:
    """Return the questions of all quizzes, by the file name of the lesson and the objective."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in quiz.ids():
        one = quiz.load(name)
        for question in one.questions:
            for goal in dict.fromkeys(bare(part.objective) for part in (question, *question.parts)):
                found[Path(one.lesson).name, goal].append(f"{name}/{question.id}")
    return found


def _charts() -> set[str]:
    return {path.stem for path in (datasets.root() / "encounters" / "charts").glob("*.yaml")}
