"""Grading a class, ours against stock nbgrader: throughput, processor time, overhead, memory, growth.

Run it as ``course bench grading``; it takes some ten minutes, most of them stock nbgrader's.
The assignment is the course's own on public health: pandas, 20 code cells. Both grade the
same simulated class, each in a fresh process, from the command to its end. Other programs
slow both down, and not alike: the table says how busy they were, and then processor time is
the surer figure.
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
    "the bound: cells alone, 60 students, 2 jobs": "of the row above",
    "growth: CPU time, last quarter / first": "about 1",
    "growth: memory, last quarter / first": "about 1",
}


@dataclass(frozen=True)
class Taken:
    """What a command took: wall and processor seconds; and the processors' share that others took."""

    seconds: float
    cpu: float
    others: float


def run(console: Any) -> dict[str, float]:
    """Measure, print a table on `console`, and return the figures by name."""
    ratios: dict[str, float] = {}
    parts: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for size in CLASSES:
            with console.status(f"Grading: a class of {size}, released and collected ..."):
                course = _class(Path(folder) / f"class-{size}", size)
            more, made_of = _compare(course, size, console)
            ratios, parts = ratios | more, parts | made_of
        with console.status(f"Grading: {MANY:,} light submissions ..."):
            growth = _growth(Path(folder) / "many", console)
    figures = ratios | growth | parts
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


def _compare(course: Course, size: int, console: Any) -> tuple[dict[str, float], dict[str, float]]:
    """Grade a class with both; return the ratios, and what they are made of.

    The bound is what a grader would reach that takes no time beside the cells' own: from the
    request to the answer, in a kernel that is alone.
    """
    count = len(course.students(ASSIGNMENT))
    with console.status(f"Grading: stock nbgrader, {size} students ..."):
        stock = _stock(course)
    with console.status(f"Grading: ours, {size} students, 1 job ..."):
        one = _ours(course, 1)
    outcomes = Log(course, ASSIGNMENT).outcomes().values()
    cells = sum(outcome.cells for outcome in outcomes)
    with console.status(f"Grading: ours, {size} students, 2 jobs ..."):
        two = _ours(course, 2)
    class_of = f"{size} students"
    ours = {f"{class_of}, 2 jobs": (two, 2), f"{class_of}, 1 job": (one, 1)}
    ratios: dict[str, float] = {}
    for label, (taken, jobs) in ours.items():
        ratios |= {
            f"times the throughput, {label}": stock.seconds / taken.seconds,
            f"times less CPU, {label}": stock.cpu / taken.cpu,
            f"the bound: cells alone, {label}": stock.seconds / (cells / jobs),
        }
    parts: dict[str, float] = {}
    for label, taken in (
        (f"stock, {class_of}", stock),
        *((f"ours, {label}", taken) for label, (taken, _) in ours.items()),
    ):
        parts |= {
            f"s a notebook, {label}": taken.seconds / count,
            f"CPU s a notebook, {label}": taken.cpu / count,
            f"others' share of CPU, %, {label}": 100 * taken.others,
        }
    parts |= {
        f"s beyond the cells, ours, {class_of}, 1 job": (one.seconds - cells) / count,
        f"s beyond the cells, stock, {class_of}": (stock.seconds - cells) / count,
        f"largest kernel, MB, {class_of}": max(outcome.peak_mb for outcome in outcomes),
    }
    return ratios, parts


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
    begun, busy, before = time.perf_counter(), _busy(), _spent()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", *call],
        cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
    )  # fmt: skip
    taken = time.perf_counter() - begun
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    cpu = _spent() - before
    if done.returncode:
        raise SystemExit(f"{call[1:]} failed")
    return Taken(taken, cpu, max(0.0, _busy() - busy - cpu) / (taken * (os.cpu_count() or 1)))


def _spent() -> float:
    """Return the processor time of all that this process started, and that has ended."""
    times = os.times()
    return times.children_user + times.children_system


def _busy() -> float:
    """Return the processor time of all programs since the machine started."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _growth(folder: Path, console: Any) -> dict[str, float]:
    """Grade a very large class of light notebooks; return how time and memory grow."""
    course = _light(folder)
    quarter, number = MANY // 4, 0
    moments: list[tuple[float, float]] = []  # at the first one, and at the end of each quarter

    def step(outcome: Any) -> None:
        nonlocal number
        number += 1
        if number == 1 or number % quarter == 0:
            moments.append((_spent_by_now(), psutil.Process().memory_info().rss / 2**20))

    begun = time.perf_counter()
    loop.grade(course, "a99_light", how=loop.How(jobs=2), step=step)
    taken = time.perf_counter() - begun
    cpu, memory = zip(*moments, strict=True)
    return {
        f"growth: submissions a second, {MANY:,} light ones": MANY / taken,
        f"growth: CPU s a submission, {MANY:,} light ones": (cpu[-1] - cpu[0]) / (MANY - 1),
        "growth: CPU time, last quarter / first": (cpu[-1] - cpu[-2])
        / (cpu[1] - cpu[0])
        * (quarter - 1)
        / quarter,
        "growth: driver's memory, MB": memory[-1],
        "growth: memory, last quarter / first": memory[-1] / memory[1],
    }


def _spent_by_now() -> float:
    """Return the processor time of this process and of all below it, ended ones included."""
    total = 0.0
    for process in (psutil.Process(), *psutil.Process().children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            total += sum(process.cpu_times()[:4])
    return total


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
    table.add_column("what", overflow="fold")
    table.add_column("measured", justify="right", no_wrap=True)
    table.add_column("target", no_wrap=True)
    for name, value in figures.items():
        table.add_row(name, f"{value:,.2f}", TARGETS.get(name, ""))
    console.print(table)
