"""Rules for an assignment's source: nbgrader's contract, and fairness to the student."""

import ast
import re
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from course_lib.notebooks import markdown
from course_lib.notebooks.model import Notebook
from course_lib.notebooks.rules import Fault

GRADED = 6
REGIONS = ("SOLUTION", "HIDDEN TESTS")
_MARKER = re.compile(r"^[ \t]*###[ \t]*(BEGIN|END) (SOLUTION|HIDDEN TESTS)\b.*$", re.MULTILINE)
_POINTS = re.compile(r"\((\d+(?:\.\d+)?) points?\b[^)]*\)")
_GRADE_ID = re.compile(r"[a-z][a-z0-9]*([_-][a-z0-9]+)*")
_MACHINE_ID = re.compile(r"cell-?[0-9a-f]*|[0-9a-f]{8,}|(test|task|q|question|answer|part)[_-]?\d*[a-z]?")


def no_outputs(notebook: Notebook) -> Iterator[Fault]:
    """Demand no outputs and no counts: they would show the answers."""
    for cell in notebook.code:
        if cell.outputs or cell.execution_count is not None:
            yield Fault(
                cell.id, "it has an output or an execution count.", "Run `course notebooks run` on it."
            )


def grade_ids(notebook: Notebook) -> Iterator[Fault]:
    """Demand of each nbgrader cell its own ``grade_id`` that says what it is for."""
    seen: set[str] = set()
    for cell in notebook.node.cells:
        if (name := nbgrader(cell).get("grade_id")) is None:
            continue
        if name in seen:
            yield Fault(cell.id, f"another cell has the grade_id {name!r} too.", "Give each its own.")
        seen.add(name)
        if not _GRADE_ID.fullmatch(name) or _MACHINE_ID.fullmatch(name):
            yield Fault(
                cell.id,
                f"its grade_id {name!r} does not say what it is for.",
                "Name it, e.g. `names_the_category`.",
            )


def points(notebook: Notebook) -> Iterator[Fault]:
    """Demand that a heading "... (3 points)" promises what its graded cells give."""
    promised: tuple[str, str, float] | None = None  # cell, heading, points
    level, given = 0, 0.0
    for cell in [*notebook.node.cells, None]:
        for heading in (
            markdown.headings(cell.source) if cell is not None and cell.cell_type == "markdown" else []
        ):
            if promised and heading.level <= level:
                yield from _unequal(promised, given)
                promised = None
            if match := _POINTS.search(heading.text):
                promised, level, given = (cell.id, heading.text, float(match[1])), heading.level, 0.0
        if cell is not None and worth(cell):
            given += worth(cell)
            if promised is None:
                yield Fault(cell.id, "the text does not tell its points.", 'Head its task "... (2 points)".')
    if promised:
        yield from _unequal(promised, given)


def graded_cells(notebook: Notebook) -> Iterator[Fault]:
    """Demand six graded cells or more, one of them graded by hand with a rubric."""
    graded = [cell for cell in notebook.node.cells if worth(cell)]
    if len(graded) < GRADED:
        yield Fault("", f"{len(graded)} graded cells, of {GRADED} or more.", "Add graded cells.")
    if not any(nbgrader(cell).get("solution") for cell in graded):
        yield Fault("", "no cell is graded by hand.", "Add a manually graded explanation.")
    if not any("rubric" in cell.source.lower() for cell in notebook.prose):
        yield Fault("", "there is no rubric.", "Tell how the explanation is graded, under the word Rubric.")


def test_cells(notebook: Notebook) -> Iterator[Fault]:
    """Demand that a test cell says what it checks and shows the student one check."""
    for cell in notebook.code:
        if not worth(cell) or nbgrader(cell).get("solution"):
            continue
        if not cell.source.lstrip().startswith(("#", '"""')) or cell.source.lstrip().startswith("###"):
            yield Fault(cell.id, "it does not say what it checks.", "Begin with a comment or a docstring.")
        shown = without_regions(cell.source)
        try:
            body = ast.parse(shown).body
        except SyntaxError:
            body = []
        if not any(isinstance(s, ast.Assert | ast.For | ast.With) or _is_call(s) for s in body):
            yield Fault(cell.id, "all its checks are hidden.", "Leave one check that the student can see.")


def markers(notebook: Notebook) -> Iterator[Fault]:
    """Demand that ``### BEGIN`` and ``### END`` pair up, in cells of the right kind."""
    for cell in notebook.node.cells:
        opened = ""
        about = nbgrader(cell)
        for edge, region in _MARKER.findall(cell.source):
            if (edge == "BEGIN") == bool(opened) or (edge == "END" and opened != region):
                yield Fault(
                    cell.id, f"`### {edge} {region}` has no partner.", "Pair each BEGIN with its END."
                )
                break
            opened = region if edge == "BEGIN" else ""
            fits = about.get("solution") if region == "SOLUTION" else about.get("grade")
            if not fits:
                yield Fault(
                    cell.id,
                    f"nbgrader would leave the {region} here: the cell is not marked.",
                    "Mark the cell.",
                )
                break
        else:
            if opened:
                yield Fault(cell.id, f"`### BEGIN {opened}` has no partner.", f"Add `### END {opened}`.")


def nbgrader(cell: NotebookNode) -> dict[str, Any]:
    """Return the cell's nbgrader metadata, ``{}`` when it has none."""
    return dict(cell.get("metadata", {}).get("nbgrader", {}))


def worth(cell: NotebookNode) -> float:
    """Return the points of a graded cell, 0 for any other."""
    about = nbgrader(cell)
    return float(about.get("points", 0)) if about.get("grade") or about.get("task") else 0.0


def regions(source: str) -> list[str]:
    """Return the lines between markers, without the markers."""
    lines, inside = [], False
    for line in source.splitlines():
        if match := _MARKER.match(line):
            inside = match[1] == "BEGIN"
        elif inside:
            lines.append(line)
    return lines


def without_regions(source: str) -> str:
    """Return the source without what stands between markers."""
    lines, inside = [], False
    for line in source.splitlines():
        if match := _MARKER.match(line):
            inside = match[1] == "BEGIN"
        elif not inside:
            lines.append(line)
    return "\n".join(lines)


def _unequal(promised: tuple[str, str, float], given: float) -> Iterator[Fault]:
    cell, heading, said = promised
    if said != given:
        yield Fault(
            cell, f"{heading!r} promises {said:g} points, its cells give {given:g}.", "Make the two equal."
        )


def _is_call(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
