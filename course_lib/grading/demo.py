"""The whole loop on a simulated class, in a folder of its own."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from course_lib.errors import CourseError
from course_lib.files import cache_dir
from course_lib.grading import loop, pages, report
from course_lib.grading.collecting import collect
from course_lib.grading.course import CONFIG, Course, open_course
from course_lib.grading.simulate import DUE, Student, make_class


@dataclass(frozen=True)
class Demo:
    """What a demonstration gave.

    Attributes
    ----------
    students : list of Student
        The simulated class, with what each must earn.
    result : ClassReport
        What the gradebook says.
    files : dict of str to Path
        The report's files; they outlive the temporary course.
    surprises : list of str
        Differences between what a student must earn and what the gradebook says; none is right.
    """

    students: list[Student]
    result: report.ClassReport
    files: dict[str, Path]
    surprises: list[str]


def run(
    origin: Course,
    name: str,
    size: int,
    keep: Path | None = None,
    step: Callable[[str], None] = lambda what: None,
) -> Demo:
    """Release, collect, grade, give feedback and report, in a copy of a course's assignment.

    Parameters
    ----------
    origin : Course
        The course whose assignment is tried; nothing is written to it.
    name : str
        The assignment, ``a01`` or its folder name.
    size : int
        Number of simulated students.
    keep : Path, optional
        A new or empty folder for the demonstration's course; a temporary one that is
        removed by default.
    step : callable, optional
        Told before each of the ``3 + 2 * size`` steps.

    Raises
    ------
    CourseError
        When `keep` is not empty, or the assignment cannot be released.
    """
    assignment = origin.assignment(name)
    with _folder(keep) as folder:
        shutil.copytree(
            origin.source / assignment, folder / origin.source.relative_to(origin.root) / assignment
        )
        shutil.copy(origin.root / CONFIG, folder)
        course = open_course(folder)
        step("release: the solution earns everything, the stub nothing")
        loop.release(course, assignment, DUE)
        step("collect")
        students = make_class(course, assignment, folder / "handed_in", size)
        collect(course, assignment, folder / "handed_in")
        loop.grade(course, assignment, step=lambda outcome: step(f"grade: {outcome.student} done"))
        loop.feedback(course, assignment, step=lambda outcome: step(f"feedback: {outcome.student} done"))
        step("report")
        result = replace(report.read(course, assignment), note="A simulated class: no student is a person.")
        files = pages.write(result, course.reports if keep else cache_dir() / "demo")
        return Demo(students, result, files, list(_surprises(course, assignment, students)))


@contextmanager
def _folder(keep: Path | None) -> Iterator[Path]:
    """Give the folder to work in; a temporary one goes away, also after Ctrl-C."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="crosswalk-demo-", ignore_cleanup_errors=True) as folder:
            yield Path(folder)
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise CourseError("this folder is not empty.", remedy="Name a new one: --keep DIR.", path=keep)
    keep.mkdir(parents=True, exist_ok=True)
    yield keep


def _surprises(course: Course, assignment: str, students: list[Student]) -> Iterator[str]:
    """Yield each cell whose points in the gradebook are not the simulated student's."""
    with course.gradebook() as gradebook:
        graded = {s.student.id: s for s in gradebook.find_assignment(assignment).submissions}
        for student in students:
            submission = graded.get(student.id)
            if student.expected is None or submission is None:
                if (student.expected is None) != (submission is None):
                    yield f"{student.id} ({student.profile}): {'a' if submission else 'no'} grade"
                continue
            earned = {g.name: float(g.score) for n in submission.notebooks for g in n.grades}
            for cell, points in student.expected.items():
                if earned[cell] != points:
                    yield f"{student.id} ({student.profile}), {cell}: {earned[cell]:g}, expected {points:g}"
