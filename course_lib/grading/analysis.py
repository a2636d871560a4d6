"""What a class's work tells its teacher: items that part the strong from the weak, and common errors."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from course_lib import checks
from course_lib.grading.course import Course

_FEWEST = 5  # students, below which a correlation says nothing


@dataclass(frozen=True)
class ErrorRow:
    """One kind of error in one graded cell, and the students who made it."""

    grade_id: str
    kind: str
    students: tuple[str, ...]


def discrimination(item: Mapping[str, float], totals: Mapping[str, float]) -> float | None:
    """Return the item-rest correlation of one item.

    Parameters
    ----------
    item : mapping of str to float
        Points by student.
    totals : mapping of str to float
        Points in the whole assignment by student.

    Returns
    -------
    float or None
        From -1 to 1: Pearson's correlation of the item's points with the points in all
        other items. Near 0, the item does not tell the strong from the weak; below 0 it
        is suspect. None with fewer than five students, or when all have the same points.
    """
    both = [(item[student], totals[student] - item[student]) for student in item if student in totals]
    if len(both) < _FEWEST:
        return None
    x_mean, y_mean = (math.fsum(pair[n] for pair in both) / len(both) for n in (0, 1))
    xy = math.fsum((x - x_mean) * (y - y_mean) for x, y in both)
    xx = math.fsum((x - x_mean) ** 2 for x, _ in both)
    yy = math.fsum((y - y_mean) ** 2 for _, y in both)
    return xy / math.sqrt(xx * yy) if xx > 1e-12 and yy > 1e-12 else None


def errors(course: Course, assignment: str) -> list[ErrorRow]:
    """Return the named errors of the class, the commonest first.

    They are read from the messages of the failed checks in ``autograded/``; `checks.kinds`
    names them. A student counts once for a cell and kind.
    """
    made: dict[tuple[str, str], set[str]] = defaultdict(set)
    for place in sorted(course.autograded.glob(f"*/{assignment}")):
        for name in course.notebooks(assignment):
            for grade_id, kind in _of_notebook(place / name):
                made[grade_id, kind].add(place.parent.name)
    rows = [ErrorRow(grade_id, kind, tuple(sorted(who))) for (grade_id, kind), who in made.items()]
    return sorted(rows, key=lambda row: (-len(row.students), row.grade_id, row.kind))


def by_kind(rows: list[ErrorRow]) -> list[tuple[str, int, int]]:
    """Return each kind of error with its number of students and of cells, the commonest first."""
    students: dict[str, set[str]] = defaultdict(set)
    cells: Counter[str] = Counter()
    for row in rows:
        students[row.kind].update(row.students)
        cells[row.kind] += 1
    found = [(kind, len(students[kind]), cells[kind]) for kind in students]
    return sorted(found, key=lambda row: (-row[1], row[0]))


def _of_notebook(path: Any) -> Iterator[tuple[str, str]]:
    """Yield the grade id and the kind of each error in one executed notebook."""
    try:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError):
        return
    for cell in cells:
        marks = cell["metadata"].get("nbgrader", {})
        if not marks.get("grade") or cell["cell_type"] != "code":
            continue
        for message in _messages(cell.get("outputs", [])):
            for kind in checks.kinds(message):
                yield marks["grade_id"], kind


def _messages(outputs: list[dict[str, Any]]) -> Iterator[str]:
    """Yield what failed checks said: errors, and the lines that partial credit prints."""
    for output in outputs:
        if output["output_type"] == "error":
            known = output["ename"] == "AssertionError"
            yield output["evalue"] if known else f"stopped with {output['ename']}"
        elif output["output_type"] == "stream":
            lines = "".join(output["text"]).splitlines()
            yield from (line for line in lines if line.startswith("Not yet - "))
