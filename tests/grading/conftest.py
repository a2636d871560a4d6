"""One graded class for all tests: real submissions, nbgrader's real gradebook."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from course_lib.grading import loop, report
from course_lib.grading.collecting import Collected, collect
from course_lib.grading.course import CONFIG, Course, open_course
from course_lib.grading.simulate import DUE, Student, make_class

ROOT = Path(__file__).parents[2]
A01 = "a01_code_shapes"
NOTEBOOK = "code_shapes.ipynb"


def new_course(folder: Path) -> Course:
    """A course folder with the real settings and no assignment."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / CONFIG, folder)
    (folder / "notebooks" / "assignments").mkdir(parents=True)
    return open_course(folder)


def add_a01(course: Course) -> Course:
    shutil.copytree(ROOT / "notebooks" / "assignments" / A01, course.source / A01)
    return course


@dataclass
class GradedClass:
    course: Course
    students: list[Student]
    collected: list[Collected]
    outcomes: dict[str, loop.Outcome]
    feedback: list[loop.Outcome]
    report: report.ClassReport
    files: dict[str, Path]

    def points(self, student: str) -> dict[str, float]:
        """Points by cell, as the gradebook has them."""
        with self.course.gradebook() as gradebook:
            submission = gradebook.find_submission(A01, student)
            return {g.name: float(g.score) for n in submission.notebooks for g in n.grades}

    def row(self, student: str) -> report.StudentRow:
        return next(r for r in self.report.students if r.student == student)


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """An empty course folder."""
    return new_course(tmp_path / "course")


@pytest.fixture
def course_with_a01(course: Course) -> Course:
    """A course folder with assignment a01, not released."""
    return add_a01(course)


@pytest.fixture(scope="session")
def a01() -> dict:
    """The source notebook of a01."""
    path = ROOT / "notebooks" / "assignments" / A01 / NOTEBOOK
    return json.loads(path.read_text(encoding="utf-8"))


def cells_of(notebook: dict, grade_id: str) -> dict:
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


@pytest.fixture(scope="session")
def graded(tmp_path_factory: pytest.TempPathFactory) -> GradedClass:
    """Six simulated students and four damaged hand-ins, through the whole loop."""
    course = add_a01(new_course(tmp_path_factory.mktemp("class")))
    loop.release(course, A01, DUE)
    drop = course.root / "handed_in"
    students = make_class(course, A01, drop, 6)
    stub = json.loads((course.release / A01 / NOTEBOOK).read_text(encoding="utf-8"))

    def damaged(student: str, content: str, name: str = NOTEBOOK) -> None:
        # These ids come before "student-01", so each is met before the honest ones.
        (drop / student).mkdir()
        (drop / student / name).write_text(content, encoding="utf-8")

    damaged("bad-json", json.dumps(stub)[:-200])
    copied = json.loads(json.dumps(stub))
    copied["cells"].append(cells_of(copied, "normalise_dots"))
    damaged("copied-cell", json.dumps(copied))
    newer = json.loads(json.dumps(stub))
    cells_of(newer, "normalise_dots")["metadata"]["nbgrader"]["schema_version"] = 99
    damaged("other-schema", json.dumps(newer))
    damaged("no-notebook", "{}", name="homework.ipynb")

    collected = collect(course, A01, drop)
    outcomes = {o.student: o for o in loop.grade(course, A01)}
    feedback = loop.feedback(course, A01)
    result = report.read(course, A01)
    return GradedClass(
        course, students, collected, outcomes, feedback, result, report.write(result, course.reports)
    )
