"""One run of `course grade`: who is to be graded, with what, and a clean end however it ends."""

import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from nbgrader.api import MissingEntry

from course_lib.grading import plan, worker
from course_lib.grading.collecting import read_time
from course_lib.grading.course import Course, programs_of_this_python
from course_lib.grading.driver import Driver
from course_lib.grading.engines import Dask, Engine, Local
from course_lib.grading.gradebook import RunGradebook
from course_lib.grading.kernels.parent import Warm
from course_lib.grading.outcomes import Graded, Log, Outcome
from course_lib.grading.settings import CourseGrading
from course_lib.grading.steps import Steps, execute_settings

if TYPE_CHECKING:
    from course_lib.grading.loop import How

Step = Callable[[Outcome], None]


def run(
    course: Course, assignment: str, students: list[str], how: "How", step: Step, early: Warm | None
) -> Graded:
    """Grade students as `loop.grade` says; everything that was started has ended afterwards."""
    log = Log(course, assignment)
    settings = _settings(course, how)
    begun = log.last() if how.resume else None
    outcomes: list[Outcome] = []
    if begun and not begun.ended:
        students, how = begun.asked["students"], replace(how, again=begun.asked["again"])
        settings.profile = how.profile or begun.asked["profile"]
        outcomes = [one for one in begun.done.values() if not _newer(course, assignment, one.student)]
    else:
        log.begin(students=students, again=how.again, profile=settings.profile)

    def tell(outcome: Outcome) -> None:
        outcomes.append(outcome)
        step(outcome)

    done = {outcome.student for outcome in outcomes}
    todo = [student for student in students if student not in done]
    stale = [student for student in todo if how.again or _newer(course, assignment, student)]
    for student in sorted(set(todo) - set(stale)):
        log.add(Outcome(student, "unchanged"))
        tell(Outcome(student, "unchanged"))
    names, notes = _grade(course, assignment, stale, settings, how, log, tell, early) if stale else ([], [])
    log.end()
    return Graded(outcomes, names, notes)


def _settings(course: Course, how: "How") -> CourseGrading:
    settings = CourseGrading(config=course.config)
    for name in ("profile", "notebook_seconds", "memory_mb", "trust_submissions"):
        if value := getattr(how, name):
            setattr(settings, name, value)
    return settings


def _grade(
    course: Course,
    assignment: str,
    students: list[str],
    settings: CourseGrading,
    how: "How",
    log: Log,
    tell: Step,
    early: Warm | None,
) -> tuple[list[str], list[str]]:
    """Grade all of `students`; return the layers that held, and the notes for the user."""
    settings.preload = _needed(course, assignment, settings.preload)
    orders = settings.orders(execute_settings(course), _files(course, assignment)).to_json()
    names: list[str] = []
    with ExitStack() as ends:
        if how.scheduler:
            engine: Engine = Dask(how.scheduler)
        else:
            # The place of work comes before the workers, who inherit it, and both before the gradebook.
            ends.callback(worker.leave, orders)
            place = worker.place_for(orders, early)
            names = place.containment.names()
            place.remember(course.root, assignment)
            engine = Local(how.jobs or _jobs(settings.memory_mb), orders, place.shared)
        ends.callback(engine.close)
        try:
            with programs_of_this_python():
                gradebook = RunGradebook(*course.database, assignment)
        except MissingEntry:  # another gradebook than that of the release
            raise course.unknown(assignment) from None
        ends.callback(gradebook.close)
        strict = settings.profile == "strict"
        plans = plan.read(gradebook.known, course.release / assignment)
        steps = Steps(course, gradebook, plans, strict=strict)
        driver = Driver(course, steps, engine, orders, log, tell)
        driver.run(students)
        return names, driver.notes


def _newer(course: Course, assignment: str, student: str) -> bool:
    """Tell whether a submission is not graded yet, or newer than what is; as nbgrader decides it."""
    graded = course.autograded / student / assignment
    if not graded.is_dir():
        return True
    ours, theirs = read_time(course.submitted / student / assignment), read_time(graded)
    return ours is not None and theirs is not None and ours > theirs


def _needed(course: Course, assignment: str, preload: list[str]) -> list[str]:
    """Return what is worth loading: modules, and functions of those that the assignment names."""
    sources = course.source / assignment
    text = "".join((sources / name).read_text(encoding="utf-8") for name in course.notebooks(assignment))
    return [one for one in preload if ":" not in one or one.split(":")[0].rpartition(".")[2] in text]


def _files(course: Course, assignment: str) -> dict[str, str]:
    """Return what lies beside the assignment's notebooks, and comes along with each submission."""
    from nbgrader.coursedir import CourseDirectory
    from nbgrader.utils import find_all_files

    from course_lib.grading.jobs import pack

    source = course.source / assignment
    ignored = [*CourseDirectory(config=course.config).ignore, "*.ipynb"]
    found = (Path(path) for path in find_all_files(str(source), ignored))
    return pack({path.relative_to(source).as_posix(): path.read_bytes() for path in found})


def _jobs(memory_mb: int) -> int:
    """Return how many kernels fit this machine: its processors, and its memory."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        free = next(line for line in Path("/proc/meminfo").read_text().splitlines() if "MemAvailable" in line)
        return max(1, min(count, int(free.split()[1]) // 1024 // (memory_mb + 200)))
    except (OSError, StopIteration):
        return count
