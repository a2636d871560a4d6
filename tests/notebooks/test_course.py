"""The notebooks of this course: fresh, in form, and released without a solution."""

import shutil
from pathlib import Path

import pytest

from course_lib import icd10cm
from course_lib.grading.course import open_course
from course_lib.grading.stock import generate_release
from course_lib.notebooks import course_map
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


def test_the_start_page_maps_the_lessons_that_there_are() -> None:
    page = load(ROOT / "notebooks" / course_map.PAGE)
    shown = next(cell.source for cell in page.prose if cell.id == course_map.CELL)
    assert shown == course_map.cell_text(ROOT), "run `course notebooks map`"


def test_the_readme_has_the_same_map() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = [line for line in course_map.cell_text(ROOT).splitlines() if line.startswith("|")]
    assert "\n".join(rows).replace("](lessons/", "](notebooks/lessons/") in readme, (
        "copy the map's rows there"
    )


def test_the_map_follows_the_lessons(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    lessons = sorted((tmp_path / "notebooks" / "lessons").glob("*.ipynb"))
    lessons[-1].unlink()
    for folder in (tmp_path / "notebooks" / "assignments").iterdir():
        shutil.rmtree(folder)
    lines = [line for line in course_map.cell_text(tmp_path).splitlines() if line.startswith("| ")][1:]
    assert len(lines) == len(lessons) - 1
    assert lines[0].startswith("| 01 | [What medical coding is](lessons/01_") and lines[0].endswith("|  |")


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
