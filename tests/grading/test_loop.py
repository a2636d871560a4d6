"""Release, grade and demo where things go wrong; on an assignment that runs in a moment."""

import hashlib
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
from course_lib.grading.outcomes import Log
from course_lib.grading.sandbox.layers import NONE

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
    outcomes = {o.student: o for o in loop.grade(released, "a99_tiny")}
    assert {o.status for o in outcomes.values()} == {"graded"}
    assert [one.kind for one in outcomes["s1"].incidents] == ["ended", "ended"]
    assert "ended its own kernel (exit code 1)" in outcomes["s1"].incidents[0].text
    rows = report.read(released, "a99_tiny").students
    assert [(r.student, r.score, r.by_hand) for r in rows] == [
        ("s1", 0, ("one",)), ("s2", 2, ()), ("s3", 0, ())
    ]  # fmt: skip


def test_ctrl_c_keeps_what_is_done_and_goes_no_further(released):
    for student in ("s1", "s2", "s3", "s4", "s5"):
        submit(released, student)

    def stop(outcome):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        loop.grade(released, "a99_tiny", how=loop.How(jobs=1), step=stop)
    done = Log(released, "a99_tiny").outcomes()
    assert {o.status for o in done.values()} == {"graded"}
    assert len(done) == 1
    again = loop.grade(released, "a99_tiny", how=loop.How(jobs=1, resume=True))
    assert {o.student for o in again} == {"s1", "s2", "s3", "s4", "s5"}
    assert [r.score for r in report.read(released, "a99_tiny").students] == [2] * 5


def test_each_step_says_which_step_comes_before(course):
    write(course)
    with pytest.raises(CourseError, match=r"not released.*course release"):
        loop.grade(course, "a99_tiny")
    with pytest.raises(CourseError, match=r"no gradebook yet.*course release"):
        report.read(course, "a99_tiny")
    with pytest.raises(CourseError, match=r"no submission.*is graded.*course grade"):
        loop.feedback(course, "a99_tiny")
    assert not (course.root / "gradebook.db").exists()


@pytest.mark.parametrize(
    "address", ["postgresql+psycopg://me:secret@127.0.0.1:1/none", "nosuch://me:secret@here/x", "secret"]
)
def test_a_gradebook_that_does_not_answer_is_told_and_nothing_is_lost(released, address):
    submit(released, "s1")
    copy = (released.release / "a99_tiny" / "tiny.ipynb").read_bytes()
    released.config.CourseDirectory.db_url = address
    for step in (loop.release, loop.grade, loop.feedback, report.read):
        with pytest.raises(CourseError, match=r"database cannot be opened.*COURSE_GRADEBOOK") as told:
            step(released, "a99_tiny")
        assert "secret" not in str(told.value)
    assert (released.release / "a99_tiny" / "tiny.ipynb").read_bytes() == copy


def test_a_gradebook_that_does_not_know_the_assignment_is_told(released):
    submit(released, "s1")
    (released.root / "gradebook.db").unlink()
    with pytest.raises(CourseError, match=r"does not know a99_tiny.*course release a99_tiny"):
        loop.grade(released, "a99_tiny")


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


def test_grading_asks_for_trust_where_nothing_contains_the_code(released, monkeypatch):
    submit(released, "s1")
    monkeypatch.setattr("course_lib.grading.sandbox.layers.offered", lambda: NONE)
    with pytest.raises(CourseError, match=r"cannot contain the students' code.*--trust-submissions"):
        loop.grade(released, "a99_tiny")
    assert Log(released, "a99_tiny").outcomes() == {}
    trusted = loop.grade(released, "a99_tiny", how=loop.How(trust_submissions=True))
    assert trusted.layers == []
    assert [o.status for o in trusted] == ["graded"]


def test_the_command_names_faults_and_ends_well(released):
    submit(released, "s1")
    (released.submitted / "s1" / "a99_tiny" / "tiny.ipynb").write_text("{")
    home = ["--course", str(released.root)]
    done = run("grade", "a99", *home, cwd=released.root)
    assert (done.returncode, done.stdout.strip()) == (0, "0 graded, 0 unchanged, 1 without a grade")
    assert "no grade s1: tiny.ipynb is not JSON" in done.stderr
    assert run("grade", "a99", "--again", "--fail-on-error", *home, cwd=released.root).returncode == 1
    done = run("grade", "a99", "--student", "s2", *home, cwd=released.root)
    assert (done.returncode, "nothing of a99_tiny is collected from 's2'" in done.stderr) == (1, True)
    assert [row.student for row in report.read(released, "a99_tiny").students] == ["s1"]
    assert "there is no engine" in run("grade", "a99", "--engine", "x", *home, cwd=released.root).stderr
    assert "belong together" in run("grade", "a99", "--engine", "dask", *home, cwd=released.root).stderr


def test_a_damaged_record_of_the_last_grading_is_told(course):
    write(course)
    course.reports.mkdir()
    (course.reports / "a99_tiny.grading.jsonl").write_text('{"event": "outcome", "colour": 2}\n')
    with pytest.raises(CourseError, match=r"damaged.*Delete it"):
        Log(course, "a99_tiny").outcomes()
