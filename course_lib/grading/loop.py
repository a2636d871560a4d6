"""The teaching loop: release an assignment, grade its submissions, write feedback.

A student's fault is that student's result, never the class's.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING

from course_lib.errors import CourseError
from course_lib.grading import stock
from course_lib.grading.course import Course, require_nbgrader
from course_lib.grading.outcomes import Graded, Outcome
from course_lib.grading.submission import SubmissionError

if TYPE_CHECKING:
    from course_lib.grading.kernels.parent import Warm

Step = Callable[[str], None]


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
    course.require_gradebook()
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


@dataclass(frozen=True)
class How:
    """How to grade; what is left out comes from ``c.CourseGrading`` in ``nbgrader_config.py``.

    Attributes
    ----------
    jobs : int
        Kernels at a time on this machine; 0: one for each processor.
    scheduler : str
        The address of a Dask cluster to use instead, ``tls://host:port``.
    profile : str
        ``strict`` or ``compat``.
    notebook_seconds, memory_mb : int
        Limits of a notebook.
    again : bool
        Also grade what is graded and unchanged.
    resume : bool
        Go on with the last run, if it was interrupted.
    trust_submissions : bool
        Run kernels without containment.
    """

    jobs: int = 0
    scheduler: str = ""
    profile: str = ""
    notebook_seconds: int = 0
    memory_mb: int = 0
    again: bool = False
    resume: bool = False
    trust_submissions: bool = False


def grade(
    course: Course,
    assignment: str,
    students: Iterable[str] | None = None,
    how: How | None = None,
    step: Callable[[Outcome], None] = lambda outcome: None,
    early: "Warm | None" = None,
) -> Graded:
    """Grade submissions; a fault of one does not stop the others.

    Parameters
    ----------
    course, assignment
        What to grade.
    students : iterable of str, optional
        Only these; all collected ones by default.
    how : How, optional
        Limits, profile and where it runs.
    step : callable, optional
        Told each outcome.
    early : Warm, optional
        A warm process that has begun, see `kernels.early`.

    Raises
    ------
    CourseError
        When the assignment is not released, nothing is collected, or this machine cannot
        contain the students' code.
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
    course.require_gradebook()
    from course_lib.grading import running

    return running.run(course, assignment, chosen, how or How(), step, early)


def feedback(
    course: Course, assignment: str, step: Callable[[Outcome], None] = lambda outcome: None
) -> list[Outcome]:
    """Write the feedback pages of every graded student."""
    course.require_gradebook()
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
