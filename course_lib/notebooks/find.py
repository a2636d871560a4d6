"""Which notebooks belong to the course."""

from collections.abc import Iterable
from pathlib import Path

from course_lib.errors import CourseError


def find(root: Path) -> list[Path]:
    """Return the course's own notebooks under `root`, in reading order.

    These are ``notebooks/*.ipynb``, ``notebooks/lessons/*.ipynb`` and
    ``notebooks/assignments/*/*.ipynb``; a checkpoint or a learner's own folder is none.
    """
    home = root / "notebooks"
    patterns = ("*.ipynb", "lessons/*.ipynb", "assignments/*/*.ipynb")
    return [path for pattern in patterns for path in sorted(home.glob(pattern)) if not _hidden(path, home)]


def named(paths: Iterable[Path]) -> list[Path]:
    """Return the notebooks that a user named, as files or as folders.

    Raises
    ------
    CourseError
        When a path is not there, or holds no notebook.
    """
    chosen: dict[Path, None] = {}
    for path in paths:
        if path.suffix == ".ipynb" and path.is_file():
            found = [path]
        else:
            found = (
                [p for p in sorted(path.rglob("*.ipynb")) if not _hidden(p, path)] if path.is_dir() else []
            )
        if not found:
            raise CourseError(
                "there is no notebook here.",
                remedy="Name a file such as notebooks/lessons/01_what_medical_coding_is.ipynb, or a folder.",
                path=path,
            )
        chosen.update(dict.fromkeys(found))
    return list(chosen)


def _hidden(path: Path, home: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(home).parts)
