"""A simulated class: hand-ins that are right, wrong, partial, empty, late or damaged.

No simulated student is a person. What each must earn is known beforehand, so a class
also proves the grading.
"""

import copy
import json
import os
import random
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from course_lib import datasets
from course_lib.grading.course import Course

WRONG_ANSWERS = "wrong_answers.yaml"
DUE = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
# The order in which a class is filled; the first twelve have every kind.
PROFILES = (
    "right", "partial", "careless", "empty", "wrong", "late",
    "right", "partial", "careless", "damaged", "wrong", "right",
)  # fmt: skip


@dataclass
class WrongAnswer:
    """A plausible wrong answer: which solution cell it stands in, and what the graded cell gives for it.

    `also` has what other graded cells of the same answer give, where that is not all of their points.
    """

    name: str
    answer: str
    why: str
    graded: str
    earns: float
    source: str
    also: dict[str, float] = field(default_factory=dict)


@dataclass
class WrongAnswers:
    """The file ``wrong_answers.yaml`` of an assignment."""

    wrong_answers: list[WrongAnswer]


@dataclass(frozen=True)
class Student:
    """A simulated student.

    Attributes
    ----------
    id : str
        ``student-01`` and so on.
    profile : str
        One of `PROFILES`.
    expected : dict of str to float, or None
        Points by graded cell before any late penalty, cells graded by a person left
        out; None when the hand-in cannot be graded.
    handed_in : datetime
        In UTC.
    """

    id: str
    profile: str
    expected: dict[str, float] | None
    handed_in: datetime


def load_wrong_answers(course: Course, assignment: str) -> list[WrongAnswer]:
    """Return the wrong answers beside an assignment's source; none without the file."""
    path = course.source / assignment / WRONG_ANSWERS
    return datasets.load_yaml(path, WrongAnswers).wrong_answers if path.is_file() else []


def make_class(course: Course, assignment: str, folder: Path, size: int, seed: int = 2026) -> list[Student]:
    """Write a class's hand-ins to a drop folder that `collect` can read.

    Parameters
    ----------
    course : Course
        A course in which the assignment is released.
    assignment : str
        Its folder name; it has one notebook.
    folder : Path
        Where the students' folders go.
    size : int
        Number of students.
    seed : int
        The same seed gives the same class.
    """
    name = course.notebooks(assignment)[0]
    solved = json.loads((course.source / assignment / name).read_text(encoding="utf-8"))
    released = json.loads((course.release / assignment / name).read_text(encoding="utf-8"))
    maker = _Maker(solved, released, load_wrong_answers(course, assignment), random.Random(seed))  # noqa: S311 - no secret
    short = assignment.split("_")[0]
    names = (name, f"{short} final version.ipynb", "homework.zip")
    return [maker.hand_in(number, folder, name, names[number % 3]) for number in range(1, size + 1)]


class _Maker:
    def __init__(
        self,
        solved: dict[str, Any],
        released: dict[str, Any],
        wrong: list[WrongAnswer],
        chance: random.Random,
    ) -> None:
        self.released, self.wrong, self.chance = released, wrong, chance
        self.answers: dict[str, str] = {}
        self.points: dict[str, float] = {}
        self.tests_of: dict[str, list[str]] = {}
        answer = ""
        for cell in solved["cells"]:
            marks = cell["metadata"].get("nbgrader", {})
            if marks.get("solution"):
                answer = marks["grade_id"]
                self.answers[answer] = _unmarked("".join(cell["source"]))
            elif marks.get("grade"):
                # A test cell belongs to the last answer above it.
                self.points[marks["grade_id"]] = float(marks["points"])
                self.tests_of.setdefault(answer, []).append(marks["grade_id"])

    def hand_in(self, number: int, folder: Path, name: str, file_name: str) -> Student:
        profile = PROFILES[(number - 1) % len(PROFILES)]
        sources, earned = self._work(profile)
        content = json.dumps(self._notebook(sources), indent=1, ensure_ascii=False)
        expected: dict[str, float] | None = earned
        if profile == "damaged":
            content, expected = content[: len(content) // 2], None
        late = timedelta(hours=30) if profile == "late" else -timedelta(minutes=self.chance.randint(5, 3000))
        student = Student(f"student-{number:02}", profile, expected, DUE + late)
        _write(folder, student, name, content, file_name)
        return student

    def _work(self, profile: str) -> tuple[dict[str, str], dict[str, float]]:
        """Return a student's answers by cell, and the points that they earn."""
        solved = set(self.answers)
        if profile == "empty":
            solved = set()
        elif profile == "partial":
            solved = {a for a in self.answers if self.chance.random() < 0.6}
        sources = {answer: self.answers[answer] for answer in solved}
        expected = {
            test: self.points[test] * (answer in solved)
            for answer, tests in self.tests_of.items()
            for test in tests
        }
        count = {"careless": 2, "wrong": len(self.wrong)}.get(profile, 0)
        spoiled: set[str] = set()
        for mistake in self.chance.sample(self.wrong, min(count, len(self.wrong))):
            if mistake.answer not in spoiled:
                spoiled.add(mistake.answer)
                sources[mistake.answer] = mistake.source.rstrip("\n")
                expected |= {mistake.graded: mistake.earns, **mistake.also}
        return sources, expected

    def _notebook(self, sources: dict[str, str]) -> dict[str, Any]:
        notebook = copy.deepcopy(self.released)
        for cell in notebook["cells"]:
            answer = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if answer in sources:
                cell["source"] = sources[answer].splitlines(keepends=True)
        return notebook


def _unmarked(source: str) -> str:
    """Return a solution without nbgrader's markers, as a student would write it."""
    return "\n".join(line for line in source.splitlines() if not line.strip().startswith("### "))


def _write(folder: Path, student: Student, name: str, content: str, file_name: str) -> None:
    """Hand in as students do: under the right name, under another name, or in a zip file."""
    place = folder / student.id
    place.mkdir(parents=True)
    file = place / file_name
    if file.suffix == ".zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(name, content)
    else:
        file.write_text(content, encoding="utf-8")
    time = student.handed_in.timestamp()
    os.utime(file, (time, time))
