"""The notebooks of this course: fresh, in form, and released without a solution."""

import shutil
from pathlib import Path

import pytest

from course_lib import icd10cm
from course_lib.grading.course import open_course
from course_lib.grading.stock import generate_release
from course_lib.notebooks.check import check
from course_lib.notebooks.find import find
from course_lib.notebooks.model import load
from course_lib.notebooks.release import leaks

ROOT = Path(__file__).parents[2]
NOTEBOOKS = find(ROOT)
ASSIGNMENTS = [path for path in NOTEBOOKS if path.parent.parent.name == "assignments"]


def test_every_notebook_keeps_the_rules_and_shows_what_it_would_show_now() -> None:
    icd10cm.load()  # builds the cache, so that no lesson has to
    assert [str(problem) for problem in check([load(path) for path in NOTEBOOKS])] == []


def test_the_course_has_its_lessons_and_assignments() -> None:
    names = {path.relative_to(ROOT / "notebooks").as_posix()[:11] for path in NOTEBOOKS}
    assert {"00_start_he", "lessons/01_", "lessons/02_", "assignments"} <= names


@pytest.mark.grading
@pytest.mark.parametrize("path", ASSIGNMENTS, ids=lambda path: path.stem)
def test_the_students_copy_shows_no_solution(path: Path, tmp_path: Path) -> None:
    for name in ("nbgrader_config.py", "notebooks/assignments"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    course = open_course(tmp_path)
    generate_release(course, path.parent.name)
    folder = course.release / path.parent.name
    released = load(folder / path.name)
    assert [str(leak) for leak in leaks(load(path), released)] == []
    assert [cell.id for cell in released.code if cell.outputs] == []
    # Nothing of the graders goes out beside the notebook.
    assert [file.name for file in folder.iterdir() if file.suffix in (".yaml", ".yml", ".py")] == []
