"""One graded class for all tests, with nbgrader's real gradebook; and a bench for single answers."""

import ast
import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade

from course_lib.codes.book import CodeBook
from course_lib.grading import loop, pages, report
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


@dataclass
class Bench:
    """An assignment's notebook after its first cells, ready to try an answer to one question.

    Its cells run here, in this process, and are scored as nbgrader scores them.
    """

    notebook: dict
    cells: dict[str, str]  # grade_id -> source
    tests: dict[str, str]  # test cell -> the answer cell above it
    points: dict[str, float]
    namespace: dict[str, Any]
    message: str = ""  # of the last check that failed

    @classmethod
    def of(cls, path: Path) -> "Bench":
        bench, answer = cls(json.loads(path.read_text(encoding="utf-8")), {}, {}, {}, {}), ""
        for cell in bench.notebook["cells"]:
            marks, source = cell["metadata"].get("nbgrader", {}), "".join(cell["source"])
            if cell["cell_type"] == "code" and not marks:
                exec(source, bench.namespace)
            elif marks:
                bench.cells[marks["grade_id"]] = source
                if marks["solution"]:
                    answer = marks["grade_id"]
                elif marks["grade"]:
                    bench.tests[marks["grade_id"]] = answer
                    bench.points[marks["grade_id"]] = marks["points"]
        return bench

    def solution(self, graded: str) -> str:
        return self.cells[self.tests[graded]]

    def score(self, graded: str, answer: str | Callable) -> float:
        """Return the points of a test cell after `answer`: source text, or what to put in its place."""
        namespace = dict(self.namespace)
        if isinstance(answer, str):
            exec(answer, namespace)
        else:
            first = ast.parse(self.solution(graded)).body[0]
            if isinstance(first, ast.Assign):  # an answer that is a table and no function
                try:
                    namespace[first.targets[0].id] = answer("")
                except ZeroDivisionError:
                    return 0.0
            else:
                namespace[first.name] = answer
        return self.run(graded, namespace)

    def value(self, graded: str, namespace: dict[str, Any]) -> Any:
        """Run a test cell; return its last expression's value."""
        body = ast.parse(self.cells[graded]).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), graded, "exec"), namespace)
        return eval(compile(ast.Expression(last.value), graded, "eval"), namespace) if last else None

    def run(self, graded: str, namespace: dict[str, Any]) -> float:
        outputs = []
        try:
            value = self.value(graded, namespace)
            if value is not None:
                outputs = [new_output("execute_result", {"text/plain": repr(value)})]
        except Exception as why:
            self.message = f"{type(why).__name__}: {why}"
            outputs = [new_output("error", ename="x", evalue="x", traceback=[])]
        marks = {"grade": True, "solution": False, "points": self.points[graded]}
        cell = NotebookNode(cell_type="code", source="", outputs=outputs, metadata={"nbgrader": marks})
        return determine_grade(cell)[0]


@pytest.fixture(scope="session")
def benches() -> Iterator[Callable[[str], Bench]]:
    """Give the bench of an assignment, by its folder's name."""
    read, tables = CodeBook.to_frame, {}

    def to_frame(book: CodeBook) -> Any:
        if book.edition not in tables:
            tables[book.edition] = read(book)
        return tables[book.edition].copy()

    with pytest.MonkeyPatch.context() as patch:
        # The table of the book is read once, not once for each trick.
        patch.setattr(CodeBook, "to_frame", to_frame)
        yield cache(lambda name: Bench.of(next((ROOT / "notebooks" / "assignments" / name).glob("*.ipynb"))))


@pytest.fixture
def solved(bench: Bench) -> dict[str, Any]:
    """The names of the notebook of a test's own `bench` after every solution has run."""
    namespace = dict(bench.namespace)
    for graded in bench.tests:
        exec(bench.solution(graded), namespace)
    return namespace


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
        course, students, collected, outcomes, feedback, result, pages.write(result, course.reports)
    )
