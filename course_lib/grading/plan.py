"""What an assignment's notebooks must have, and who is to be graded."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader import api

from course_lib.errors import CourseError


@dataclass(frozen=True)
class CellPlan:
    """One cell that nbgrader knows.

    Attributes
    ----------
    marks : dict
        Its metadata, as the released notebook has them.
    source, checksum : str
        What a locked cell is when it runs.
    released : str
        What the students got: without its hidden tests.
    """

    marks: dict[str, Any]
    source: str
    checksum: str
    released: str

    @property
    def graded(self) -> bool:
        """Whether points are given for it."""
        return bool(self.marks["grade"] or self.marks["task"])


@dataclass(frozen=True)
class NotebookPlan:
    """One notebook: its cells by grade id, in their order."""

    cells: dict[str, CellPlan]


def read(assignment: Any, release: Path) -> dict[str, NotebookPlan]:
    """Return the plan of each notebook of an assignment, by its file name.

    Parameters
    ----------
    assignment : nbgrader.api.Assignment
        As the gradebook has it.
    release : Path
        The folder of the students' copies.

    Raises
    ------
    CourseError
        When a notebook is not in Python.
    """
    plans = {}
    for notebook in assignment.notebooks:
        file = f"{notebook.name}.ipynb"
        spec = json.loads(notebook.kernelspec or "{}")
        if spec.get("language", "python") != "python":
            raise CourseError(
                f"the kernel of this notebook is {spec.get('display_name') or spec.get('name')!r}.",
                remedy="Only Python notebooks can be graded here; nbgrader's own steps grade others.",
                path=release / file,
            )
        released = _released(release / file)
        places = {name: place for place, name in enumerate(released)}  # a database promises no order
        known = sorted(notebook.source_cells, key=lambda cell: places.get(cell.name, len(places)))
        cells = {cell.name: _cell(notebook, cell, released.get(cell.name, cell.source)) for cell in known}
        plans[file] = NotebookPlan(cells)
    return plans


def _released(path: Path) -> dict[str, str]:
    """Return the source of each nbgrader cell of the students' copy, in its order."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except OSError:
        return {}
    ids = ((cell["metadata"].get("nbgrader", {}).get("grade_id"), "".join(cell["source"])) for cell in cells)
    return {grade_id: source for grade_id, source in ids if grade_id}


def _cell(notebook: Any, source: Any, released: str) -> CellPlan:
    kinds = {type(cell): cell for cell in notebook._base_cells if cell.name == source.name}
    points = kinds.get(api.GradeCell) or kinds.get(api.TaskCell)
    marks = {
        "cell_type": source.cell_type, "checksum": source.checksum, "grade": api.GradeCell in kinds,
        "grade_id": source.name, "locked": bool(source.locked), "schema_version": 3,
        "solution": api.SolutionCell in kinds, "task": api.TaskCell in kinds,
    }  # fmt: skip
    marks |= {"points": points.max_score} if points else {}
    return CellPlan(marks, source.source, source.checksum, released)
