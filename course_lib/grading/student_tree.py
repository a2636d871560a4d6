"""The student tree: a folder with what a student gets, and nothing else.

Lessons, released assignments, data, the library and the environment go in. Solutions,
hidden tests, wrong answers, the keys of graded charts and the tests stay out.
"""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from course_lib import manifest
from course_lib.errors import CourseError
from course_lib.grading import stock
from course_lib.grading.course import CONFIG, Course, open_course, require_nbgrader
from course_lib.grading.simulate import WRONG_ANSWERS

# What is copied as it is, as patterns from the course folder. What is not named stays out.
COPIED = (
    "notebooks/*.ipynb",
    "notebooks/*.md",
    "notebooks/lessons/*.ipynb",
    "notebooks/summaries/*.md",
    "course_lib/**/*",
    "docs/student.md",
    "tools/setup.py",
    ".gitignore",
    "LICENSE",
    "LICENSE-CONTENT",
    "Makefile",
    "NOTICE.md",
    "environment.yml",
    "postBuild",
    "pyproject.toml",
    "requirements.lock",
)
ASSIGNMENTS = "notebooks/assignments"
_SKIPPED = ("__pycache__", ".ipynb_checkpoints")
_README = """\
# Crosswalk: your copy of the course

A course in medical coding, taught in Jupyter on the real code tables. In a terminal, in this folder:

    make lab

The first time it sets everything up, which takes about two minutes. Then your browser opens
`notebooks/00_start_here.ipynb`. [Your first hour](docs/student.md) tells the rest, and
[lesson 01](notebooks/lessons/01_what_medical_coding_is.ipynb) begins the course.

Assignments are in `notebooks/assignments/`. Your instructor tells which ones, and when. Work in the
cells that are yours, run everything once from top to bottom, save, and hand the file in.

Every patient is invented. CPT is a registered trademark of the American Medical Association; no AMA
descriptor is in this course. See [the notices](NOTICE.md). Code: [MIT](LICENSE). Text and data:
[CC BY 4.0](LICENSE-CONTENT).
"""


@dataclass(frozen=True)
class StudentTree:
    """A student tree that was made: where, how many files, which assignments."""

    folder: Path
    files: int
    assignments: list[str]


def make(course: Course, folder: Path, step: Callable[[str], None] = lambda what: None) -> StudentTree:
    """Write the student tree of a course into a new or empty folder, whole or not at all.

    The course's own release folder and gradebook are not touched.

    Parameters
    ----------
    course : Course
        The instructor's course.
    folder : Path
        A folder that does not exist or is empty.
    step : callable, optional
        Told what is done now, `steps` times.

    Raises
    ------
    CourseError
        When the folder is not empty, or an assignment cannot be released.
    """
    require_nbgrader()
    folder = folder.expanduser().resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CourseError(
            "this is not an empty folder, and nothing in it is overwritten.",
            remedy="Name a new folder, or an empty one.",
            path=folder,
        )
    with _whole_or_nothing(folder) as tree:
        step("lessons, library and environment")
        for pattern in COPIED:
            for file in sorted(course.root.glob(pattern)):
                if file.is_file() and not set(_SKIPPED) & set(file.parts):
                    _copy(file, tree / file.relative_to(course.root))
        (tree / "README.md").write_text(_README, encoding="utf-8")
        step("data without the keys of graded charts")
        _copy_data(course.root / "datasets", tree / "datasets")
        names = _release_all(course, tree / ASSIGNMENTS, step)
        files = sum(1 for path in tree.rglob("*") if path.is_file())
    return StudentTree(folder, files, names)


def steps(course: Course) -> int:
    """Return how many steps `make` takes."""
    return 2 + len(_sources(course))


def withheld(data: Path) -> set[str]:
    """Return the data files that students must not have, as paths below `data`.

    These are the keys of the charts that assignment a08 grades (``case_book: true``), and
    whatever the manifest marks ``"withheld": true``.
    """
    import yaml

    safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built
    charts = (data / "encounters" / "charts").glob("*.yaml")
    graded = [p.name for p in charts if yaml.load(p.read_bytes(), safe).get("case_book")]  # noqa: S506
    marked = [r["path"] for r in manifest.read(data)["resources"] if r.get("withheld")]
    files = [file for path in marked for file in manifest.files_of(data, path)]
    return {f"encounters/keys/{name}" for name in graded} | {f.relative_to(data).as_posix() for f in files}


def _copy_data(data: Path, target: Path) -> None:
    """Copy the data files less those withheld, with a manifest of what is there."""
    secret = withheld(data)
    described: dict[str, Any] = manifest.read(data)
    files = [
        file for resource in described["resources"] for file in manifest.files_of(data, resource["path"])
    ]
    for file in [*files, *data.rglob("README.md")]:
        name = file.relative_to(data)
        if name.as_posix() not in secret:
            _copy(file, target / name)
    kept = [r for r in described["resources"] if manifest.files_of(target, r["path"])]
    (target / manifest.NAME).write_text(json.dumps(described | {"resources": kept}), encoding="utf-8")
    manifest.write_hashes(target)


def _release_all(course: Course, target: Path, step: Callable[[str], None]) -> list[str]:
    """Write the students' copies of all assignments, by way of a course that goes away."""
    names = _sources(course)
    with tempfile.TemporaryDirectory(prefix="course-release-") as private:
        home = Path(private)
        shutil.copy(course.root / CONFIG, home)
        shutil.copytree(course.source, home / course.source.relative_to(course.root))
        copy = open_course(home)
        for name in names:
            step(f"assignment {name}")
            stock.generate_release(copy, name)
            for file in sorted((copy.release / name).rglob("*")):
                if file.is_file() and file.name != WRONG_ANSWERS:
                    _copy(file, target / file.relative_to(copy.release))
    return names


def _sources(course: Course) -> list[str]:
    return sorted(folder.name for folder in course.source.glob("*") if any(folder.glob("*.ipynb")))


def _copy(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(file, target)


@contextmanager
def _whole_or_nothing(folder: Path) -> Iterator[Path]:
    """Yield a private folder that becomes `folder` at the end, and goes away on an error."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as why:
        raise CourseError(
            f"cannot write here ({why.strerror}).", remedy="Name a folder that you may write.", path=folder
        ) from None
    try:
        yield part
        part.chmod(0o755)
        if folder.exists():
            folder.rmdir()
        part.replace(folder)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
