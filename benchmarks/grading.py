"""Grading a class, ours against stock nbgrader: throughput, processor time, overhead, memory, growth.

Run it as ``course bench grading``; it takes some ten minutes, most of them stock nbgrader's.
The assignment is the course's own on public health: pandas, figures, 20 code cells. Both
grade the same simulated class, each in a fresh process, from the command to its end.
"""

import contextlib
import ctypes
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psutil

from course_lib.files import require_course_root
from course_lib.grading import loop
from course_lib.grading.collecting import collect
from course_lib.grading.course import Course, open_course
from course_lib.grading.outcomes import Log
from course_lib.grading.simulate import make_class
from course_lib.grading.stock import generate_release

ASSIGNMENT = "a07_public_health"
CLASSES = (20, 60)
MANY = 2_000
_PR_SET_CHILD_SUBREAPER = 36  # of Linux
OURS = "from course_lib.cli import main; main()"
STOCK = "from nbgrader.apps import NbGraderApp; NbGraderApp.launch_instance()"
TARGETS = {
    "times the throughput, 60 students, 2 jobs": "20, at least 12",
    "growth: seconds a submission, last quarter / first": "about 1",
    "growth: driver's memory, last quarter / first": "about 1",
}


@dataclass(frozen=True)
class Taken:
    """What a command took: wall and processor seconds, and the largest process in MB."""

    seconds: float
    cpu: float
    peak_mb: float


def run(console: Any) -> dict[str, float]:
    """Measure, print a table on `console`, and return the figures by name."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for size in CLASSES:
            with console.status(f"Grading: a class of {size}, released and collected ..."):
                course = _class(Path(folder) / f"class-{size}", size)
            with console.status(f"Grading: stock nbgrader, {size} students ..."):
                figures |= _compare(course, size, console)
        with console.status(f"Grading: {MANY:,} light submissions ..."):
            figures |= _growth(Path(folder) / "many", console)
    _show(console, figures)
    return figures


def _class(folder: Path, size: int) -> Course:
    """Release the assignment in a folder of its own, and collect a simulated class."""
    root = require_course_root()
    shutil.copytree(
        root / "notebooks" / "assignments" / ASSIGNMENT, folder / "notebooks/assignments" / ASSIGNMENT
    )
    shutil.copy(root / "nbgrader_config.py", folder)
    course = open_course(folder)
    generate_release(course, ASSIGNMENT)
    students = make_class(course, ASSIGNMENT, folder / "handed_in", size)
    collect(course, ASSIGNMENT, folder / "handed_in")
    # What no grader can read would flatter both.
    for student in students:
        if student.expected is None:
            shutil.rmtree(course.submitted / student.id)
    return course


def _compare(course: Course, size: int, console: Any) -> dict[str, float]:
    count = len(course.students(ASSIGNMENT))
    stock = _stock(course)
    figures = {
        f"stock: seconds a notebook, {size} students": stock.seconds / count,
        f"stock: CPU seconds a notebook, {size} students": stock.cpu / count,
    }
    for jobs in (1, 2):
        with console.status(f"Grading: ours, {size} students, {jobs} jobs ..."):
            ours = _ours(course, jobs)
        outcomes = Log(course, ASSIGNMENT).outcomes().values()
        cells = sum(one.cells for one in outcomes)
        label = f"{size} students, {jobs} jobs" if jobs > 1 else f"{size} students, 1 job"
        figures |= {
            f"ours: seconds a notebook, {label}": ours.seconds / count,
            f"ours: CPU seconds a notebook, {label}": ours.cpu / count,
            f"times the throughput, {label}": stock.seconds / ours.seconds,
            f"times less CPU, {label}": stock.cpu / ours.cpu,
        }
        if jobs == 1:
            figures[f"ours: overhead over the cells' own time, s a notebook, {size} students"] = (
                ours.seconds - cells
            ) / count
            figures[f"stock: the same, {size} students"] = (stock.seconds - cells) / count
            figures[f"ours: largest kernel, MB, {size} students"] = max(one.peak_mb for one in outcomes)
    return figures


def _stock(course: Course) -> Taken:
    """Run `nbgrader autograde` with its own steps: the settings, but none of our execution."""
    config = course.root / "nbgrader_config.py"
    ours = config.read_text(encoding="utf-8")
    lines = [line for line in ours.splitlines() if "_preprocessors = formgrader" not in line]
    config.write_text("\n".join(lines), encoding="utf-8")
    taken = _time([STOCK, "autograde", ASSIGNMENT], course.root)
    config.write_text(ours, encoding="utf-8")
    shutil.rmtree(course.autograded)
    return taken


def _ours(course: Course, jobs: int) -> Taken:
    shutil.rmtree(course.autograded, ignore_errors=True)
    return _time([OURS, "grade", ASSIGNMENT, "--jobs", str(jobs), "--course", "."], course.root)


def _time(call: list[str], folder: Path) -> Taken:
    """Run a command of this Python in a folder, and take its time with all that it starts."""
    # What the command leaves to others (kernels, the starter of workers) is this process's to wait for,
    # so that its time is counted.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    begun = time.perf_counter()
    before = os.times()
    done = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", *call],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    _, status, used = os.wait4(done.pid, 0)
    taken = time.perf_counter() - begun
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    after = os.times()
    if status:
        raise SystemExit(f"{call[1:]} failed")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Taken(taken, cpu, used.ru_maxrss / 1024)


def _growth(folder: Path, console: Any) -> dict[str, float]:
    """Grade a very large class of light notebooks; return how time and memory grow."""
    course = _light(folder)
    moments: list[tuple[float, float]] = []

    def step(outcome: Any) -> None:
        moments.append((time.perf_counter(), psutil.Process().memory_info().rss / 2**20))

    begun = time.perf_counter()
    loop.grade(course, "a99_light", how=loop.How(jobs=2), step=step)
    quarter = MANY // 4
    times = [moment for moment, _ in moments]
    first, last = times[quarter - 1] - times[0], times[-1] - times[-quarter]
    return {
        f"growth: submissions a second, {MANY:,} light ones": MANY / (times[-1] - begun),
        "growth: seconds a submission, last quarter / first": last / first,
        "growth: driver's memory at the end, MB": moments[-1][1],
        "growth: driver's memory, last quarter / first": moments[-1][1] / moments[quarter][1],
    }


def _light(folder: Path) -> Course:
    """Make an assignment of one question, handed in by very many."""
    root = require_course_root()
    marks = {"schema_version": 3, "task": False, "cell_type": "code"}
    answer = nbformat.v4.new_code_cell("def one():\n    return 1", id="a")
    answer.metadata["nbgrader"] = {
        **marks, "grade": False, "solution": True, "locked": False, "grade_id": "answer"
    }  # fmt: skip
    test = nbformat.v4.new_code_cell("# Checks one().\nassert one() == 1", id="t")
    test.metadata["nbgrader"] = {
        **marks, "grade": True, "solution": False, "locked": True, "grade_id": "one", "points": 2
    }  # fmt: skip
    source = folder / "notebooks" / "assignments" / "a99_light"
    source.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[answer, test]), source / "light.ipynb")
    shutil.copy(root / "nbgrader_config.py", folder)
    course = open_course(folder)
    generate_release(course, "a99_light")
    released = json.loads((course.release / "a99_light" / "light.ipynb").read_text(encoding="utf-8"))
    released["cells"][0]["source"] = "def one():\n    return 1"
    for number in range(MANY):
        place = course.submitted / f"s{number:04}" / "a99_light"
        place.mkdir(parents=True)
        (place / "light.ipynb").write_text(json.dumps(released), encoding="utf-8")
    return course


def _show(console: Any, figures: dict[str, float]) -> None:
    from rich.table import Table

    table = Table(title="Grading, against stock nbgrader", title_justify="left", show_edge=False)
    table.add_column("what")
    table.add_column("measured", justify="right")
    table.add_column("target")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.2f}", TARGETS.get(name, ""))
    console.print(table)
