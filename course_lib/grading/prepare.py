"""Make a submitted notebook ready to run: nbgrader's own steps, and in ``strict`` ours before them."""

import warnings
from collections.abc import Iterator
from typing import Any

import nbformat
from nbgrader.preprocessors import OverwriteCells

from course_lib.grading.incidents import Incident
from course_lib.grading.plan import NotebookPlan
from course_lib.grading.submission import SubmissionError

_FLAGS = ("grade", "solution", "locked", "task")


def read(name: str, text: str) -> Any:
    """Return a notebook from its text; what is odd in it is mended as nbformat does, silently.

    Raises
    ------
    SubmissionError
        When it has no cells that could be run.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            nb = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
            whole = all(map(_is_cell, nb.cells)) and isinstance(nb.metadata, dict)
        except Exception as why:  # nbformat's upgrades run into anything
            raise SubmissionError(f"{name} cannot be read as a notebook ({why})") from None
    if not whole:
        raise SubmissionError(f"{name} has cells without a type, a text or metadata")
    return nb


def _is_cell(cell: Any) -> bool:
    return (
        cell.get("cell_type") in ("code", "markdown", "raw")
        and isinstance(cell.get("source"), str)
        and isinstance(cell.get("metadata"), dict)
    )


def tighten(nb: Any, plan: NotebookPlan) -> list[Incident]:
    """Restore what a student must not change, and say what was changed.

    Parameters
    ----------
    nb : NotebookNode
        A submitted notebook; changed in place.
    plan : NotebookPlan
        What the assignment has.
    """
    found: list[Incident] = []
    for number, cell in enumerate(nb.cells, start=1):
        found += _cell(cell, plan, number)
    found += list(_missing(nb, plan))
    return found


def _cell(cell: Any, plan: NotebookPlan, number: int) -> Iterator[Incident]:
    marks = cell.metadata.get("nbgrader")
    tags = cell.metadata.pop("tags", [])
    if marks is None:
        return
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    known = plan.cells.get(name) if isinstance(name, str) else None
    if known is None or name is None:
        # nbgrader would stumble over what is left of it.
        del cell.metadata["nbgrader"]
        yield Incident(f"cell {number}", "unknown", f"the assignment has no cell with the id {name!r}")
        return
    if known.graded and isinstance(tags, list) and "skip-execution" in tags:
        yield Incident(name, "skipped", "the tag skip-execution was put on this test; it runs all the same")
    if any(bool(marks.get(flag)) != known.marks[flag] for flag in _FLAGS):
        yield Incident(name, "flags", "the cell's nbgrader metadata were changed, and are restored")
    cell.metadata["nbgrader"] = nbformat.from_dict(known.marks)  # type: ignore[no-untyped-call]
    if known.marks["locked"] and (
        cell.cell_type != known.marks["cell_type"] or cell.source not in (known.released, known.source)
    ):
        yield Incident(name, "altered", "the cell was changed, and the original took its place")


def _missing(nb: Any, plan: NotebookPlan) -> Iterator[Incident]:
    """Put missing graded cells back, each behind the cell that it follows in the assignment."""
    present = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells]
    place = 0
    for name, known in plan.cells.items():
        if name in present:
            place = present.index(name) + 1
        elif known.graded:
            cell = _original(known)
            nb.cells.insert(place, cell)
            present.insert(place, name)
            place += 1
            yield Incident(name, "missing", "the cell was deleted, and put back")


class _Source:
    """A cell as nbgrader's gradebook would give it."""

    def __init__(self, known: Any) -> None:
        self.name, self.cell_type = known.marks["grade_id"], known.marks["cell_type"]
        self.locked, self.checksum, self.source = known.marks["locked"], known.checksum, known.source


def _original(known: Any) -> Any:
    marks = known.marks
    cell = OverwriteCells().missing_cell_transform(
        _Source(known), marks["points"], is_solution=marks["solution"], is_task=marks["task"]
    )
    return nbformat.from_dict(cell)  # type: ignore[no-untyped-call]
