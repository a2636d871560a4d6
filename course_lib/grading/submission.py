"""Look at one submitted notebook without running it, and say in plain words what is wrong."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

MAX_BYTES = 20_000_000
SCHEMA = 3  # nbgrader's cell metadata version; another one stops nbgrader for the whole class


class SubmissionError(Exception):
    """What is wrong with one student's work; it never stops the others."""


def check(folder: Path, notebooks: list[str]) -> None:
    """Check one student's submission folder.

    Parameters
    ----------
    folder : Path
        ``submitted/<student>/<assignment>``.
    notebooks : list of str
        The names that the assignment has.

    Raises
    ------
    SubmissionError
        With the first fault found.
    """
    for path in folder.rglob("*"):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise SubmissionError(f"{path.name} is a link or a special file, not a plain file")
    there = [name for name in notebooks if (folder / name).is_file()]
    if not there:
        found = ", ".join(sorted(p.name for p in folder.glob("*.ipynb"))) or "no notebook"
        raise SubmissionError(f"the notebook {' or '.join(notebooks)} is missing (found: {found})")
    for name in there:
        check_notebook(folder / name)


def check_notebook(path: Path) -> None:
    """Check one notebook file: size, JSON, format, nbgrader's cell ids.

    Raises
    ------
    SubmissionError
        With the first fault found.
    """
    if path.stat().st_size > MAX_BYTES:
        raise SubmissionError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB; clear its outputs")
    notebook = _read(path)
    places: dict[str, list[int]] = defaultdict(list)
    for number, cell in enumerate(notebook["cells"], start=1):
        marks = cell["metadata"].get("nbgrader") if isinstance(cell.get("metadata"), dict) else None
        if not isinstance(marks, dict) or "grade_id" not in marks:
            continue
        places[str(marks["grade_id"])].append(number)
        if marks.get("schema_version") != SCHEMA:
            raise SubmissionError(
                f"{path.name}, cell {number}: nbgrader schema {marks.get('schema_version')!r}, "
                f"expected {SCHEMA}; the cell's metadata was changed"
            )
    for grade_id, cells in places.items():
        if len(cells) > 1:
            where = " and ".join(map(str, cells))
            raise SubmissionError(
                f"{path.name}: cells {where} both have the id {grade_id!r}; "
                "a cell was copied, delete one of them"
            )


def _read(path: Path) -> dict[str, Any]:
    """Return the notebook as plain data, with a list of dict cells."""
    try:
        notebook: Any = json.loads(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise SubmissionError(f"{path.name} is not a text file in UTF-8") from None
    except json.JSONDecodeError as why:
        raise SubmissionError(f"{path.name} is not JSON (line {why.lineno}: {why.msg})") from None
    except RecursionError:
        raise SubmissionError(f"{path.name} is nested too deeply to be a notebook") from None
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise SubmissionError(f"{path.name} is JSON, but not a notebook in format 4")
    if notebook.get("nbformat") != 4:
        raise SubmissionError(f"{path.name} is in notebook format {notebook.get('nbformat')!r}, expected 4")
    return dict(notebook)
