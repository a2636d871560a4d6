"""A students' copy that shows a line of a solution is found out."""

import copy
from collections.abc import Callable

import pytest
from nbformat import NotebookNode

from course_lib.notebooks.model import Notebook
from course_lib.notebooks.release import leaks
from course_lib.notebooks.rules.assignment import without_regions

STUB = "def first_letter(code):\n    ..."


@pytest.fixture
def source(good: Callable[[str], Notebook]) -> Notebook:
    return good("assignment")


def released(source: Notebook, spoil: Callable[[NotebookNode], None] = lambda node: None) -> Notebook:
    """Return what a release of `source` should be, spoiled on purpose."""
    node = copy.deepcopy(source.node)
    for cell in node.cells:
        cell.source = STUB if cell.id == "solution-letter" else without_regions(cell.source)
        if cell.id == "answer-why":
            cell.source = "YOUR ANSWER HERE"
    spoil(node)
    return Notebook(source.path, "assignment", node, "")


def test_a_clean_copy_passes(source: Notebook) -> None:
    assert list(leaks(source, released(source))) == []


def by_id(node: NotebookNode, name: str) -> NotebookNode:
    return next(cell for cell in node.cells if cell.id == name)


@pytest.mark.parametrize(
    ("where", "spoil"),
    [
        (
            "solution-letter",
            lambda node: by_id(node, "task-letter").update(source="Hint: return code.strip().upper()[0]"),
        ),
        (
            "solution-letter",
            lambda node: by_id(node, "test-upper").outputs.append(
                NotebookNode(output_type="stream", name="stdout", text="return code.strip().upper()[0]\n")
            ),
        ),
        (
            "solution-letter",
            lambda node: by_id(node, "title").metadata.update(note="return code.strip().upper()[0]"),
        ),
        (
            "test-upper",
            lambda node: by_id(node, "test-upper").update(source='assert first_letter("s02") == "S"'),
        ),
        (
            "test-upper",
            lambda node: by_id(node, "title").metadata.update(note='assert first_letter("s02") == "S"'),
        ),
        ("answer-why", lambda node: by_id(node, "answer-why").update(source="A letter tells the chapter.")),
        ("", lambda node: by_id(node, "solution-letter").update(source="### BEGIN SOLUTION\npass")),
    ],
    ids=["text", "output", "metadata", "hidden test", "quotes in metadata", "written answer", "marker"],
)
def test_a_leak_is_found(where: str, spoil: Callable[[NotebookNode], None], source: Notebook) -> None:
    found = list(leaks(source, released(source, spoil)))
    assert [problem.cell for problem in found] == [where]
    assert found[0].rule == "no-solution-in-release"


def test_a_line_that_the_stub_shows_is_no_leak(source: Notebook) -> None:
    task = by_id(source.node, "task-letter")
    task.source += "\n\n```\nreturn code.strip().upper()[0]\n```"
    assert list(leaks(source, released(source))) == []
