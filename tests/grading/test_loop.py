"""Release, grade and demo where things go wrong; on an assignment that runs in a moment."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course_lib.errors import CourseError
from course_lib.grading import demo, loop, report
from course_lib.grading.course import open_course
from course_lib.grading.submission import SubmissionError

pytestmark = pytest.mark.grading

TEST = "# Checks one().\nassert one() == 1"


def write(course, solution="    return 1", test=TEST):
    """Write an assignment of one question as ``a99_tiny``."""
    marks = {"schema_version": 3, "task": False, "cell_type": "code"}
    v4 = nbformat.v4
    answer = v4.new_code_cell(f"def one():\n    ### BEGIN SOLUTION\n{solution}\n    ### END SOLUTION", id="a")
    answer.metadata["nbgrader"] = {
        **marks, "grade": False, "solution": True, "locked": False, "grade_id": "answer"
    }  # fmt: skip
    check = v4.new_code_cell(test, id="t")
    check.metadata["nbgrader"] = {
        **marks, "grade": True, "solution": False, "locked": True, "grade_id": "one", "points": 2
    }  # fmt: skip
    folder = course.source / "a99_tiny"
    folder.mkdir(parents=True, exist_ok=True)
    nbformat.write(v4.new_notebook(cells=[answer, check]), folder / "tiny.ipynb")


def submit(
    course, student, source="def one():\n    return 1", time="2026-11-20 10:00:00 UTC", cells=2, tags=()
):
    folder = course.submitted / student / "a99_tiny"
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.read(course.release / "a99_tiny" / "tiny.ipynb", as_version=4)
    notebook.cells[0].source = source
    notebook.cells = notebook.cells[:cells]
    for cell in notebook.cells:
        cell.metadata["tags"] = list(tags)
    nbformat.write(notebook, folder / "tiny.ipynb")
    (folder / "timestamp.txt").write_text(time, encoding="utf-8")


@pytest.fixture(scope="module")
def released_once(tmp_path_factory):
    """The tiny assignment, released in a course that no test changes."""
    folder = tmp_path_factory.mktemp("tiny")
    shutil.copy(Path(__file__).parents[2] / "nbgrader_config.py", folder)
    course = open_course(folder)
    write(course)
    loop.release(course, "a99_tiny")
    return folder


@pytest.fixture
def released(released_once, tmp_path):
    """A copy of the course with the tiny assignment released."""
    return open_course(shutil.copytree(released_once, tmp_path / "released"))


def test_a_short_name_stands_for_the_folder(course):
    write(course)
    assert course.assignment("a99") == course.assignment("a99_tiny") == "a99_tiny"
    with pytest.raises(CourseError, match=r"no assignment 'a98'.*a99_tiny"):
        course.assignment("a98")


def test_a_solution_that_fails_is_not_released(course):
    write(course, solution="    return 2")
    with pytest.raises(CourseError, match="the solution earns 0 of 2 points in 'one'"):
        loop.release(course, "a99_tiny")
    assert not (course.release / "a99_tiny").exists()


def test_a_stub_that_earns_points_is_not_released(course):
    write(course, test="# Checks nothing.\nassert one")
    with pytest.raises(CourseError, match="an unanswered notebook earns 2 points in 'one'"):
        loop.release(course, "a99_tiny")
    assert not (course.release / "a99_tiny").exists()


def test_a_later_attempt_without_its_tests_keeps_no_points(released):
    submit(released, "s1")
    loop.grade(released, "a99_tiny")
    assert report.read(released, "a99_tiny").students[0].score == 2
    # Stock nbgrader leaves the two points standing here.
    submit(released, "s1", "def one():\n    return 3", "2026-11-20 11:00:00 UTC", cells=1)
    loop.grade(released, "a99_tiny")
    assert report.read(released, "a99_tiny").students[0].score == 0


def test_a_dead_kernel_costs_its_own_student_and_tricks_earn_nothing(released, monkeypatch):
    monkeypatch.setenv("CLINIC_PASSWORD", "hunter2")
    submit(released, "s1", "import os\nos._exit(1)")
    # Stock nbgrader gives full marks to a test cell that this tag left out.
    submit(released, "s3", "def one():\n    return 3", tags=["skip-execution"])
    # It passes only where the instructor's environment is out of sight.
    submit(released, "s2", "import os\none = lambda: 1 + ('CLINIC_PASSWORD' in os.environ)")
    outcomes = loop.grade(released, "a99_tiny")
    assert [o.status for o in outcomes] == ["fault", "graded", "graded"]
    assert "died" in outcomes[0].fault.lower()
    rows = report.read(released, "a99_tiny").students
    assert [(r.student, r.score) for r in rows] == [("s1", None), ("s2", 2), ("s3", 0)]


class StopsAtSecond:
    """An engine whose user presses Ctrl-C during the second student."""

    def grade(self, course, assignment, student, *, again):
        if student == "s2":
            raise KeyboardInterrupt
        if student == "s3":
            raise SubmissionError("not reached")
        return True


def test_ctrl_c_keeps_what_is_done_and_goes_no_further(course):
    write(course)
    (course.release / "a99_tiny").mkdir(parents=True)
    for student in ("s1", "s2", "s3"):
        folder = course.submitted / student / "a99_tiny"
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_bytes((course.source / "a99_tiny" / "tiny.ipynb").read_bytes())
    with pytest.raises(KeyboardInterrupt):
        loop.grade(course, "a99_tiny", engine=StopsAtSecond())
    assert {s: o.status for s, o in loop.last_outcomes(course, "a99_tiny").items()} == {"s1": "graded"}


def test_each_step_says_which_step_comes_before(course):
    write(course)
    with pytest.raises(CourseError, match=r"not released.*course release"):
        loop.grade(course, "a99_tiny")
    with pytest.raises(CourseError, match=r"no gradebook yet.*course release"):
        report.read(course, "a99_tiny")
    with pytest.raises(CourseError, match=r"no submission.*is graded.*course grade"):
        loop.feedback(course, "a99_tiny")
    assert not (course.root / "gradebook.db").exists()


def test_a_folder_that_is_no_course_and_a_broken_config_are_told(tmp_path):
    with pytest.raises(CourseError, match=r"no nbgrader_config.py"):
        open_course(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    with pytest.raises(CourseError, match="does not run"):
        open_course(tmp_path)


def test_without_nbgrader_the_remedy_is_told(course, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(CourseError, match=r"nbgrader is not installed.*make setup"):
        open_course(course.root)


def test_an_interrupted_demo_leaves_no_folder(course_with_a01, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()

    def stop(what):
        assert list((tmp_path / "tmp").iterdir()), "it has begun"
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        demo.run(course_with_a01, "a01", 1, step=stop)
    assert not list((tmp_path / "tmp").iterdir())


def hashes(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def run(*arguments, cwd):
    # A bare PATH, as for a user who has not activated the virtual environment.
    environment = {**os.environ, "PATH": "/usr/bin:/bin", "COLUMNS": "120"}
    command = [sys.executable, "-c", "from course_lib.cli import main; main()", *arguments]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_demo_touches_no_file_of_the_course(course_with_a01, tmp_path):
    write(course_with_a01)  # it has to choose between two
    (course_with_a01.root / "gradebook.db").write_bytes(b"the instructor's own")
    before = hashes(course_with_a01.root)
    home = ["--course", str(course_with_a01.root)]
    done = run("demo", "--students", "1", *home, "--keep", str(tmp_path / "kept"), cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "All 1 simulated students have the points that they must have." in done.stdout
    assert "A simulated class: no student is a person." in done.stdout
    assert "normalise_dots" in done.stdout
    assert (tmp_path / "kept" / "reports" / "a01.png").read_bytes().startswith(b"\x89PNG")
    assert hashes(course_with_a01.root) == before
    with pytest.raises(CourseError, match="this folder is not empty"):
        demo.run(course_with_a01, "a01", 1, tmp_path / "kept")


def test_grading_asks_for_trust_before_it_runs_anything(course):
    write(course)
    refused = run("grade", "a99", "--course", str(course.root), cwd=course.root)
    assert refused.returncode == 1
    assert "with your rights" in refused.stderr
    assert "--trust-submissions" in refused.stderr
    assert not course.reports.exists()
    text = run("grade", "--help", cwd=course.root).stdout
    assert "runs on this machine as you" in " ".join(text.replace("│", " ").split())


def test_a_damaged_record_of_the_last_grading_is_told(course):
    write(course)
    course.reports.mkdir()
    (course.reports / "a99_tiny.grading.json").write_text(json.dumps([{"student": 1, "colour": 2}]))
    with pytest.raises(CourseError, match=r"damaged.*Delete it"):
        loop.last_outcomes(course, "a99_tiny")
