"""Prove that the committed notebooks keep the rules and show what they would show today."""

import difflib
import json
from collections.abc import Callable, Iterable, Iterator

from nbformat import NotebookNode

from course_lib.notebooks.model import Notebook, Problem
from course_lib.notebooks.normalise import comparable, normalise
from course_lib.notebooks.run import CellError, execute_all
from course_lib.notebooks.structure import problems

DIFF_LINES = 14


def check(notebooks: Iterable[Notebook], *, on_cell: Callable[[], None] = lambda: None) -> Iterator[Problem]:
    """Yield every problem: first those of the rules, then those of running each notebook.

    A lesson's fresh outputs must equal the committed ones (a picture by its size);
    an assignment, with its solution in it, must run to its end.
    """
    books = list(notebooks)
    for notebook in books:
        yield from problems(notebook)
    for notebook, result in execute_all(books, on_cell=on_cell):
        if isinstance(result, CellError):
            yield Problem(notebook.path, result.cell, "runs", _sentence(result), result.remedy)
        elif notebook.kind != "assignment":
            yield from stale(notebook, result)


def stale(notebook: Notebook, fresh: NotebookNode) -> Iterator[Problem]:
    """Yield one problem for each cell whose committed outputs differ from the fresh ones.

    A notebook that was never run has none; the rule ``executed`` tells of it in one line.
    """
    if not any(cell.execution_count for cell in notebook.code):
        return
    for old, new in zip(normalise(notebook.node).cells, fresh.cells, strict=True):
        if old.cell_type != "code" or (before := _shown(old)) == (after := _shown(new)):
            continue
        lines = list(difflib.unified_diff(before, after, "committed", "fresh", n=1, lineterm=""))
        more = [f"... and {len(lines) - DIFF_LINES} lines more"] if len(lines) > DIFF_LINES else []
        diff = "\n".join(f"    {line[:160]}" for line in lines[:DIFF_LINES] + more)
        yield Problem(
            notebook.path,
            new.id,
            "fresh",
            f"the committed output is not what the cell shows now:\n{diff}\n   ",
            f"Run `course notebooks run {notebook.path}` and read the change before you commit it.",
        )


def _shown(cell: NotebookNode) -> list[str]:
    """Return a cell's outputs as lines that a person can compare."""
    lines: list[str] = []
    for output in comparable(cell.outputs):
        if output.output_type == "stream":
            lines += [f"{output.name}: {line}" for line in output.text.splitlines()]
        elif output.output_type == "error":
            lines.append(f"error: {output.ename}: {output.evalue}")
        else:
            for mime, value in sorted(output.data.items()):
                text = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
                lines += [f"{mime}: {line}" for line in text.splitlines()]
    return lines


def _sentence(error: CellError) -> str:
    return f"the cell {error.what}" if error.cell else error.what
