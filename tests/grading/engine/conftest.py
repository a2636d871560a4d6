"""A small assignment with every kind of cell, and ways to hand it in."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbgrader import api

from course_lib.grading import loop, stock
from course_lib.grading.course import Course, open_course
from course_lib.grading.outcomes import Outcome

TINY = "a99_tiny"
FILE = "tiny.ipynb"
CONFIG = """
from course_lib.grading.late import DailyPenalty
c = get_config()
c.CourseDirectory.course_id = "tiny"
c.Execute.timeout = 3
c.Execute.iopub_timeout = 2
c.AssignLatePenalties.plugin_class = DailyPenalty
c.CourseGrading.preload = ["course_lib.checks", "numpy"]
c.CourseGrading.must_fail = ["from course_lib import checks; checks.same(0, 1, 'canary')"]
"""
MARKS = {"schema_version": 3, "task": False, "grade": False, "solution": False, "locked": False}
ANSWERS = {"answer_one": "def one():\n    return 1", "answer_part": "def part():\n    return 1.5"}


def _marked(cell: Any, grade_id: str, **marks: Any) -> Any:
    cell.metadata["nbgrader"] = {**MARKS, "cell_type": cell.cell_type, "grade_id": grade_id, **marks}
    return cell


def _solved(answer: str) -> str:
    return answer.replace("\n    ", "\n    ### BEGIN SOLUTION\n    ") + "\n    ### END SOLUTION"


def source() -> Any:
    """The assignment as an instructor writes it: tests, partial credit, an essay, a task."""
    code, text = nbformat.v4.new_code_cell, nbformat.v4.new_markdown_cell
    test = {"grade": True, "locked": True}
    cells = [
        text("# Tiny", id="title"),
        code("import math", id="setup"),
        *(_marked(code(_solved(a), id=name[-4:]), name, solution=True) for name, a in ANSWERS.items()),
        _marked(
            code(
                "# Checks one().\nfrom course_lib import checks\nchecks.same(one(), 1, 'one()')\n"
                "### BEGIN HIDDEN TESTS\nassert one() + one() == 2, 'hidden'\n### END HIDDEN TESTS",
                id="test-one",
            ),
            "one",
            points=2,
            **test,
        ),
        _marked(code("# Partial credit by part().\npart()", id="test-part"), "part", points=3, **test),
        _marked(code("# Asks the answer.\nassert one() == 1", id="naive"), "naive", points=1, **test),
        _marked(text("An essay.", id="essay"), "essay", grade=True, solution=True, points=4),
        _marked(text("A task.", id="task"), "task", task=True, points=5, locked=True),
    ]  # fmt: skip
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


def cell_of(nb: Any, grade_id: str) -> Any:
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


@dataclass
class Class:
    """A course folder in which the tiny assignment is released."""

    course: Course
    cell = staticmethod(cell_of)

    def released(self) -> Any:
        return nbformat.read(self.course.release / TINY / FILE, as_version=4)

    def hand_in(
        self, student: str, change: Callable[[Any], Any] | None = None, at: str = "2026-11-20 10:00:00 UTC"
    ) -> Path:
        """Hand in the right answers, changed by `change`, which may also return a file's content."""
        nb = self.released()
        for name, answer in ANSWERS.items():
            cell_of(nb, name).source = answer
        content = change(nb) if change else None
        if content is None:
            content = nbformat.writes(nb).encode()
        folder = self.course.submitted / student / TINY
        folder.mkdir(parents=True, exist_ok=True)
        (folder / FILE).write_bytes(content if isinstance(content, bytes) else content.encode())
        (folder / "timestamp.txt").write_text(at)
        return folder

    def grade(self, **how: Any) -> dict[str, Outcome]:
        how = {"jobs": 1} | how
        return {o.student: o for o in loop.grade(self.course, TINY, how=loop.How(**how))}

    def rows(self) -> dict[str, Any]:
        """Everything that the gradebook knows of the students, without ids."""
        return rows(self.course)

    def points(self, student: str) -> dict[str, float]:
        with self.course.gradebook() as gradebook:
            graded = gradebook.find_submission(TINY, student)
            return {g.name: float(g.score) for n in graded.notebooks for g in n.grades}

    def by_hand(self, student: str) -> set[str]:
        with self.course.gradebook() as gradebook:
            graded = gradebook.find_submission(TINY, student)
            return {g.name for n in graded.notebooks for g in n.grades if g.needs_manual_grade}


def rows(course: Course) -> dict[str, Any]:
    found: dict[str, Any] = {}
    with course.gradebook() as gradebook:
        for student in gradebook.students:
            found[student.id] = {}
        for submission in gradebook.db.query(api.SubmittedAssignment):
            key = submission.student.id, submission.assignment.name
            found[key] = (submission.timestamp, submission.extension)
            for notebook in submission.notebooks:
                found[(*key, notebook.name)] = (notebook.flagged, notebook.late_submission_penalty)
                for grade in notebook.grades:
                    found[(*key, notebook.name, "grade", grade.name)] = (
                        grade.auto_score, grade.manual_score, grade.extra_credit, grade.needs_manual_grade
                    )  # fmt: skip
                for comment in notebook.comments:
                    found[(*key, notebook.name, "comment", comment.name)] = (
                        comment.auto_comment, comment.manual_comment
                    )  # fmt: skip
    return found


@pytest.fixture(scope="session")
def tiny_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    (folder / "nbgrader_config.py").write_text(CONFIG)
    course = open_course(folder)
    (course.source / TINY).mkdir(parents=True)
    nbformat.write(source(), course.source / TINY / FILE)
    stock.generate_release(course, TINY)
    with course.gradebook() as gradebook:
        from datetime import datetime

        gradebook.update_or_create_assignment(TINY, duedate=datetime(2026, 11, 20, 17))
    return folder


@pytest.fixture
def new_class(tiny_once: Path, tmp_path: Path) -> Callable[..., Class]:
    """Make a course with the tiny assignment released; more lines for its configuration may be given."""
    count = iter(range(100))

    def make(*lines: str) -> Class:
        folder = shutil.copytree(tiny_once, tmp_path / f"class-{next(count)}")
        (folder / "nbgrader_config.py").write_text("\n".join([CONFIG, *lines]))
        return Class(open_course(folder))

    return make


@pytest.fixture
def tiny(new_class: Callable[..., Class]) -> Class:
    return new_class()


@pytest.fixture
def dump() -> Callable[[Course], dict[str, Any]]:
    return rows


@pytest.fixture
def warm_stock() -> Iterator[Callable[..., Any]]:
    """Let stock nbgrader start its kernels by our provisioner: chosen by class, as an entry point would."""
    from importlib.metadata import EntryPoint

    from jupyter_client.provisioning import KernelProvisionerFactory

    factory = KernelProvisionerFactory.instance()
    where = "course_lib.grading.kernels.provisioner:WarmProvisioner"
    factory.provisioners["course-warm"] = EntryPoint("course-warm", where, factory.GROUP_NAME)

    @contextmanager
    def choose(*, cold: bool = False) -> Iterator[None]:
        before = factory.default_provisioner_name
        factory.default_provisioner_name = before if cold else "course-warm"
        try:
            yield
        finally:
            factory.default_provisioner_name = before

    yield choose
    del factory.provisioners["course-warm"]
