"""The teaching loop: release an assignment, grade its submissions, write feedback.

A student's fault is that student's result, never the class's.
"""

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import Protocol

from course_lib.errors import CourseError
from course_lib.files import atomic_write
from course_lib.grading import stock
from course_lib.grading.course import Course, require_nbgrader
from course_lib.grading.submission import SubmissionError, check

Step = Callable[[str], None]


class Engine(Protocol):
    """What executes and scores one submission, and writes it to the gradebook."""

    def grade(self, course: Course, assignment: str, student: str, *, again: bool) -> bool:
        """Return False when nothing was to do; raise `SubmissionError` when there is no grade."""


@dataclass(frozen=True)
class Outcome:
    """What became of one student's submission: ``graded``, ``unchanged`` or ``fault``."""

    student: str
    status: str
    fault: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Release:
    """A released assignment."""

    folder: Path
    cells: int
    points: float


def release(
    course: Course, assignment: str, due: datetime | None = None, step: Step = lambda what: None
) -> Release:
    """Write the students' copy, after proving that the solution earns everything and the stub nothing.

    Parameters
    ----------
    course : Course
        Where.
    assignment : str
        The assignment's folder name.
    due : datetime, optional
        The due time, with its zone; without one, the due time of an earlier release stays.
    step : callable, optional
        Told what is done now.

    Raises
    ------
    CourseError
        When the solution fails a test, the stub earns points, or nbgrader refuses.
    """
    require_nbgrader()
    points = cells = 0.0
    for name in course.notebooks(assignment):
        step(f"running the solution of {name}")
        scores = stock.run_notebook(course, course.source / assignment / name)
        for cell in scores:
            if cell.score is not None and cell.score != cell.points:
                raise CourseError(
                    f"the solution earns {cell.score:g} of {cell.points:g} points in {cell.grade_id!r}. "
                    f"{cell.error}".rstrip(),
                    remedy="Mend the solution or the test; nothing was released.",
                    path=course.source / assignment / name,
                )
        points += sum(cell.points for cell in scores)
        cells += len(scores)
    step("writing the students' copy")
    stock.generate_release(course, assignment)
    folder = course.release / assignment
    for name in course.notebooks(assignment):
        step(f"running the students' copy of {name}")
        for cell in stock.run_notebook(course, folder / name):
            if cell.score:
                rmtree(folder)
                raise CourseError(
                    f"an unanswered notebook earns {cell.score:g} points in {cell.grade_id!r}.",
                    remedy="Mend the test so that the stub fails it; the students' copy was taken away.",
                    path=course.source / assignment / name,
                )
    if due is not None:
        with course.gradebook() as gradebook:
            # nbgrader keeps times without a zone, in UTC.
            when = due.astimezone(UTC).replace(tzinfo=None)
            gradebook.update_or_create_assignment(assignment, duedate=when)
    return Release(folder, int(cells), points)


def grade(
    course: Course,
    assignment: str,
    students: Iterable[str] | None = None,
    *,
    engine: Engine | None = None,
    again: bool = False,
    step: Callable[[Outcome], None] = lambda outcome: None,
) -> list[Outcome]:
    """Grade submissions one by one; a fault of one does not stop the others.

    Parameters
    ----------
    course, assignment
        What to grade.
    students : iterable of str, optional
        Only these; all collected ones by default.
    engine : Engine, optional
        What runs the notebooks; stock nbgrader by default.
    again : bool
        Also grade what is graded and unchanged.
    step : callable, optional
        Told each outcome.

    Raises
    ------
    CourseError
        When the assignment is not released, or nothing is collected.
    """
    require_nbgrader()
    if not (course.release / assignment).is_dir():
        raise CourseError(
            f"{assignment} is not released, so the gradebook does not know it.",
            remedy=f"Run `course release {assignment}` first.",
            path=course.release / assignment,
        )
    chosen = list(course.students(assignment) if students is None else students)
    if not chosen:
        raise CourseError(
            f"there is no submission of {assignment}.",
            remedy=f"Run `course collect {assignment} --from DIR` first.",
            path=course.submitted,
        )
    worker = engine or stock.StockEngine()
    outcomes = []
    try:
        for student in chosen:
            outcomes.append(_grade_one(course, assignment, student, worker, again))
            step(outcomes[-1])
    finally:
        _remember(course, assignment, outcomes)
    return outcomes


def feedback(
    course: Course, assignment: str, step: Callable[[Outcome], None] = lambda outcome: None
) -> list[Outcome]:
    """Write the feedback pages of every graded student."""
    outcomes = []
    for place in sorted(course.autograded.glob(f"*/{assignment}")):
        student, begun = place.parent.name, time.perf_counter()
        try:
            stock.generate_feedback(course, assignment, student)
            outcome = Outcome(student, "graded", seconds=time.perf_counter() - begun)
        except SubmissionError as why:
            outcome = Outcome(student, "fault", str(why), time.perf_counter() - begun)
        outcomes.append(outcome)
        step(outcome)
    if not outcomes:
        raise CourseError(
            f"no submission of {assignment} is graded.",
            remedy=f"Run `course grade {assignment}` first.",
            path=course.autograded,
        )
    return outcomes


def last_outcomes(course: Course, assignment: str) -> dict[str, Outcome]:
    """Return the last outcome of each student, by id."""
    path = _memory(course, assignment)
    if not path.is_file():
        return {}
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {row["student"]: Outcome(**row) for row in rows}
    except (ValueError, TypeError, KeyError) as why:
        raise CourseError(
            "this record of the last grading is damaged.",
            remedy="Delete it and run `course grade` again.",
            path=path,
        ) from why


def _grade_one(course: Course, assignment: str, student: str, engine: Engine, again: bool) -> Outcome:
    begun = time.perf_counter()
    try:
        check(course.submitted / student / assignment, course.notebooks(assignment))
        done = engine.grade(course, assignment, student, again=again)
    except (SubmissionError, OSError) as why:
        return Outcome(student, "fault", str(why), time.perf_counter() - begun)
    return Outcome(student, "graded" if done else "unchanged", seconds=time.perf_counter() - begun)


def _memory(course: Course, assignment: str) -> Path:
    return course.reports / f"{assignment}.grading.json"


def _remember(course: Course, assignment: str, outcomes: list[Outcome]) -> None:
    """Keep what happened, for the report; an unchanged student keeps the earlier outcome."""
    known = last_outcomes(course, assignment)
    for outcome in outcomes:
        if outcome.status != "unchanged" or outcome.student not in known:
            known[outcome.student] = outcome
    with atomic_write(_memory(course, assignment)) as out:
        json.dump([asdict(known[student]) for student in sorted(known)], out, indent=1)
