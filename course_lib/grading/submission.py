"""Look at one submission without running it, and say in plain words what is wrong."""

import json
import os
import stat
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAX_BYTES = 20_000_000
MAX_FILES = 500
SCHEMA = 3  # nbgrader's cell metadata version; another one stops nbgrader for the whole class
_DEEPEST = 100  # levels of a notebook's JSON; a widget's state has about thirty


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
    take(folder, notebooks)


def take(folder: Path, notebooks: list[str]) -> tuple[dict[str, str], dict[str, bytes]]:
    """Read a submission's files, each once and without following a link.

    Returns
    -------
    texts : dict of str to str
        The notebooks that are there and fit, by their names; looked at by `check_text`.
    others : dict of str to bytes
        The other files, by their paths in the folder.

    Raises
    ------
    SubmissionError
        With the first fault found.
    """
    texts: dict[str, str] = {}
    others: dict[str, bytes] = {}
    total = 0
    for path in _files(folder):
        content = _read(path)
        total += len(content)
        name = path.relative_to(folder).as_posix()
        if total > 5 * MAX_BYTES or len(others) > MAX_FILES:
            raise SubmissionError(
                f"the submission is larger than {5 * MAX_BYTES // 1_000_000} MB or {MAX_FILES} files"
            )
        if name in notebooks:
            texts[name] = _text(name, content)
        else:
            others[name] = content
    if not texts:
        found = ", ".join(sorted(n for n in others if n.endswith(".ipynb"))) or "no notebook"
        raise SubmissionError(f"the notebook {' or '.join(notebooks)} is missing (found: {found})")
    for name, text in texts.items():
        check_text(name, text)
    return texts, others


def check_notebook(path: Path) -> None:
    """Check one notebook file: size, JSON, format, nbgrader's cell ids.

    Raises
    ------
    SubmissionError
        With the first fault found.
    """
    check_text(path.name, _text(path.name, _read(path)))


def check_text(name: str, text: str) -> dict[str, Any]:
    """Check a notebook's text and return it as plain data.

    Raises
    ------
    SubmissionError
        With the first fault found.
    """
    notebook = _parse(name, text)
    places: dict[str, list[int]] = defaultdict(list)
    for number, cell in enumerate(notebook["cells"], start=1):
        marks = cell["metadata"].get("nbgrader") if isinstance(cell.get("metadata"), dict) else None
        if not isinstance(marks, dict) or "grade_id" not in marks:
            continue
        places[str(marks["grade_id"])].append(number)
        if marks.get("schema_version") != SCHEMA:
            raise SubmissionError(
                f"{name}, cell {number}: nbgrader schema {marks.get('schema_version')!r}, "
                f"expected {SCHEMA}; the cell's metadata was changed"
            )
    for grade_id, cells in places.items():
        if len(cells) > 1:
            where = " and ".join(map(str, cells))
            raise SubmissionError(
                f"{name}: cells {where} both have the id {grade_id!r}; a cell was copied, delete one of them"
            )
    return notebook


def _files(folder: Path) -> Iterator[Path]:
    """Yield the plain files of a folder; anything else is a fault."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            kind = Path(place, name).lstat().st_mode
            if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
                raise SubmissionError(f"{name} is a link or a special file, not a plain file")
        yield from (Path(place, name) for name in sorted(files))


def _read(path: Path) -> bytes:
    """Read a plain file of moderate size; what became a link or a pipe meanwhile is refused."""
    try:
        file = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError as why:
        raise SubmissionError(f"{path.name} cannot be read ({why.strerror})") from None
    with os.fdopen(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise SubmissionError(f"{path.name} is a link or a special file, not a plain file")
        content = opened.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SubmissionError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB; clear its outputs")
    return content


def _text(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise SubmissionError(f"{name} is not a text file in UTF-8") from None


def _parse(name: str, text: str) -> dict[str, Any]:
    """Return the notebook as plain data, with a list of dict cells."""
    try:
        notebook: Any = json.loads(text)
    except json.JSONDecodeError as why:
        raise SubmissionError(f"{name} is not JSON (line {why.lineno}: {why.msg})") from None
    except (RecursionError, ValueError):  # a number of thousands of digits is a ValueError
        raise SubmissionError(
            f"{name} is nested too deeply to be a notebook, or has endless numbers"
        ) from None
    if deep(notebook, _DEEPEST):
        raise SubmissionError(f"{name} is nested too deeply to be a notebook")
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise SubmissionError(f"{name} is JSON, but not a notebook in format 4")
    if notebook.get("nbformat") != 4:
        raise SubmissionError(f"{name} is in notebook format {notebook.get('nbformat')!r}, expected 4")
    return dict(notebook)


def deep(value: Any, levels: int) -> bool:
    """Tell whether plain data is nested more than `levels` deep."""
    if levels < 0:
        return True
    if isinstance(value, dict):
        return any(deep(one, levels - 1) for one in value.values())
    return isinstance(value, list) and any(deep(one, levels - 1) for one in value)
