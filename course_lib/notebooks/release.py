"""Prove that a students' copy gives no solution away."""

from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode

from course_lib.notebooks.model import Notebook, Problem
from course_lib.notebooks.rules.assignment import nbgrader, regions, without_regions

# Shorter lines (`)`, `return n`, `else:`) are nobody's secret.
SHORTEST = 12


def leaks(source: Notebook, released: Notebook) -> Iterator[Problem]:
    """Yield each line of a solution or hidden test of `source` that `released` still shows.

    A line that the source also shows openly, in the stub or in the text, is no leak.
    The whole released file is searched: sources, outputs, metadata, attachments.
    """
    open_text = "\n".join(_open(cell) for cell in source.node.cells)
    shown = "\n".join(_strings(released.node))
    for cell in source.node.cells:
        for line in _secret(cell):
            if line in shown and line not in open_text:
                yield Problem(
                    released.path,
                    str(cell.id),
                    "no-solution-in-release",
                    f"the students' copy shows a line of the solution: {line!r}.",
                    "Put it between ### BEGIN SOLUTION (or HIDDEN TESTS) and its END, then release again.",
                )
    for marker in ("### BEGIN SOLUTION", "### BEGIN HIDDEN TESTS"):
        if marker in shown:
            yield Problem(
                released.path,
                "",
                "no-solution-in-release",
                f"it still has `{marker}`.",
                "Release it with `course release`.",
            )


def _strings(part: Any) -> Iterator[str]:
    """Yield every text in a notebook, however deep."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from _strings(value)
    elif isinstance(part, list):
        for value in part:
            yield from _strings(value)


def _whole(cell: NotebookNode) -> bool:
    """Tell whether nbgrader replaces all of the cell: a solution without markers."""
    return bool(nbgrader(cell).get("solution")) and not regions(cell.source)


def _open(cell: NotebookNode) -> str:
    return "" if _whole(cell) else without_regions(cell.source)


def _secret(cell: NotebookNode) -> list[str]:
    lines = cell.source.splitlines() if _whole(cell) else regions(cell.source)
    return [line.strip() for line in lines if len(line.strip()) >= SHORTEST]
