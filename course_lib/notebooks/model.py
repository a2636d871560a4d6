"""A notebook on disk, what is wrong with one, and how to read one."""

import ast
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import nbformat
from nbformat import NotebookNode

from course_lib.errors import CourseError

Kind = Literal["page", "lesson", "assignment"]


@dataclass(frozen=True)
class Notebook:
    """One notebook file.

    Attributes
    ----------
    path : Path
        Where it lies.
    kind : {"page", "lesson", "assignment"}
        A page is a notebook such as ``00_start_here.ipynb``: run and checked like
        a lesson, without a lesson's anatomy.
    node : NotebookNode
        Its content, format 4.5.
    text : str
        The file as it is on disk.
    """

    path: Path
    kind: Kind
    node: NotebookNode
    text: str

    @property
    def code(self) -> list[NotebookNode]:
        """Its code cells, in order."""
        return [cell for cell in self.node.cells if cell.cell_type == "code"]

    @property
    def prose(self) -> list[NotebookNode]:
        """Its Markdown cells, in order."""
        return [cell for cell in self.node.cells if cell.cell_type == "markdown"]

    @cached_property
    def trees(self) -> dict[str, ast.Module]:
        """Cell id to syntax tree, of the code cells that parse as plain Python."""
        trees = {}
        for cell in self.code:
            try:
                trees[cell.get("id", "")] = ast.parse(cell.source)
            except SyntaxError:  # the rule plain-python reports it
                continue
        return trees


@dataclass(frozen=True)
class Problem:
    """One broken rule.

    Attributes
    ----------
    file : Path
    cell : str
        The cell's id, or ``""`` when the whole notebook is meant.
    rule : str
        The rule's name, for example ``"one-h1"``.
    message, remedy : str
        What is wrong, and what to do about it.
    """

    file: Path
    cell: str
    rule: str
    message: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}" + (f", cell {self.cell}" if self.cell else "")
        return f"{place}: {self.message} {self.remedy} [{self.rule}]"


def tags(cell: NotebookNode) -> list[str]:
    """Return the cell's tags."""
    return list(cell.get("metadata", {}).get("tags", []))


def kind_of(path: Path) -> Kind:
    """Tell by the folder what a notebook is."""
    if path.parent.name == "lessons":
        return "lesson"
    return "assignment" if path.parent.parent.name == "assignments" else "page"


def load(path: Path) -> Notebook:
    """Read one notebook.

    Raises
    ------
    CourseError
        When the file is not readable, not JSON, or not a notebook of format 4.5.
    """
    again = f"Restore it (`git checkout -- {path.name}`) or save it again from JupyterLab."
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text)
    except json.JSONDecodeError as why:
        raise CourseError(
            f"this is not a notebook: not JSON ({why.msg}).", remedy=again, path=path, line=why.lineno
        ) from None
    except (OSError, UnicodeDecodeError) as why:
        raise CourseError(f"this notebook cannot be read ({why}).", remedy=again, path=path) from None
    if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
        raise CourseError("this is JSON, but not a notebook: it has no cells.", remedy=again, path=path)
    node = as_node(content)
    for cell in node.cells:  # on disk a source may be a list of lines
        join_lines(cell)
    wrong = next(nbformat.validator.iter_validate(node), None)  # type: ignore[no-untyped-call]
    if wrong is None and (node.nbformat, node.nbformat_minor) != (4, 5):
        raise CourseError(
            f"this notebook has format {node.nbformat}.{node.nbformat_minor}, not 4.5.",
            remedy=again,
            path=path,
        )
    if wrong is not None:
        at = "/".join(str(part) for part in wrong.absolute_path) or "the top"
        raise CourseError(
            f"this is not a valid notebook of format 4.5 (at {at}: {wrong.message.splitlines()[0][:120]}).",
            remedy=again,
            path=path,
        )
    return Notebook(path, kind_of(path.resolve()), node, text)


def as_node(content: dict[str, Any]) -> NotebookNode:
    """Return plain data as nbformat's kind of dictionary, which reads ``cell.source``."""
    return NotebookNode(nbformat.from_dict(content))  # type: ignore[no-untyped-call]


def join_lines(cell: NotebookNode) -> None:
    """Turn the lists of lines of a cell on disk into strings, in place."""
    if isinstance(cell.get("source"), list):
        cell.source = "".join(cell.source)
    for output in cell.get("outputs", []):
        if isinstance(output.get("text"), list):
            output.text = "".join(output.text)
        for mime, value in output.get("data", {}).items():
            if isinstance(value, list) and all(isinstance(line, str) for line in value):
                output.data[mime] = "".join(value)
