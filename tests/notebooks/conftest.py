"""One good lesson and one good assignment; each test spoils one thing in a copy."""

import base64
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from course_lib.notebooks.model import Notebook, as_node, load
from course_lib.notebooks.normalise import dumps, normalise

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + struct.pack(">II", 640, 480)).decode()
FIGURE = (
    f'<figure><img alt="Bars: chapter 19 is the largest." src="data:image/png;base64,{PNG}">'
    "<figcaption>Codes by chapter</figcaption><table><tr><td>19</td></tr></table></figure>"
)


def text(name: str, source: str, **metadata: object) -> dict:
    return {"cell_type": "markdown", "id": name, "metadata": metadata, "source": source}


def code(name: str, source: str, *outputs: dict, count: int | None = None, **metadata: object) -> dict:
    cell = {"cell_type": "code", "id": name, "metadata": metadata, "source": source}
    return cell | {"outputs": list(outputs), "execution_count": count}


def shows(html: str) -> dict:
    return {"output_type": "display_data", "metadata": {}, "data": {"text/html": html, "text/plain": "shown"}}


def prints(line: str, name: str = "stdout") -> dict:
    return {"output_type": "stream", "name": name, "text": line}


def raises(name: str, value: str) -> dict:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": [f"{name}: {value}"]}


def lesson_cells() -> list[dict]:
    return [
        text("title", "# The shape of a code\n\nTime: about 20 minutes. Before this: lesson 01."),
        text("objectives", "## Objectives\n\n- Read the chapter of a code.\n- Count its characters."),
        text("chapters", "## Chapters\n\nWe use the file of April 1, 2026. See [Objectives](#Objectives)."),
        code("imports", "from course_lib import quiz", count=1),
        code("figure", "figure", shows(FIGURE), count=2),
        code("count", "print(7)", prints("7\n"), count=3, tags=["nbval-check-output"]),
        code("check-chapter", 'quiz.show("shape", question="chapter")', shows("<p>?</p>"), count=4),
        code("check-length", 'quiz.ask("shape", question="length")', prints("?\n"), count=5),
        text("recap", "## Recap\n\n- You can read the chapter.\n- You can count characters."),
        text(
            "more", "## Where to read more\n\n- Section I.A.2 of [the guidelines](https://www.cms.gov/icd10)."
        ),
        code("quiz", 'quiz.show("shape")', shows("<p>?</p>"), count=6),
    ]


def graded(name: str, source: str, grade_id: str, points: float, **more: object) -> dict:
    about = {"schema_version": 3, "grade": True, "grade_id": grade_id, "points": points, "locked": True}
    return code(name, source, nbgrader=about | {"solution": False, "task": False} | more)


def assignment_cells() -> list[dict]:
    solution = {"schema_version": 3, "grade": False, "grade_id": "first_letter_solution", "locked": False}
    cells = [
        text("title", "# Code shapes"),
        text("task-letter", "## The first letter (5 points)\n\nWrite `first_letter`."),
        code(
            "solution-letter",
            "def first_letter(code):\n    ### BEGIN SOLUTION\n"
            "    return code.strip().upper()[0]\n    ### END SOLUTION",
            nbgrader=solution | {"solution": True, "task": False},
        ),
    ]
    for number, word in enumerate(("upper", "lower", "spaced", "long", "short")):
        source = (
            f'"""The first letter of a {word} code."""\nassert first_letter("E11") == "E"\n'
            f'### BEGIN HIDDEN TESTS\nassert first_letter("s{number}2") == "S"\n### END HIDDEN TESTS'
        )
        cells.append(graded(f"test-{word}", source, f"first_letter_{word}", 1))
    by_hand = {
        "schema_version": 3,
        "grade": True,
        "grade_id": "explains_letter",
        "points": 2,
        "locked": False,
    }
    return [
        *cells,
        text("task-why", "## Why a letter? (2 points)\n\nRubric: one point a reason."),
        text(
            "answer-why", "A letter tells the chapter.", nbgrader=by_hand | {"solution": True, "task": False}
        ),
    ]


CELLS = {"lesson": lesson_cells, "assignment": assignment_cells}
FOLDERS = {"lesson": "lessons", "assignment": "assignments/a01_shapes"}


@pytest.fixture
def good(tmp_path: Path) -> Callable[[str], Notebook]:
    """Return a function that makes a good notebook of a kind on disk."""
    return lambda kind: save(tmp_path / "notebooks" / FOLDERS[kind] / "good.ipynb", CELLS[kind]())


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., Notebook]:
    """Return a function that makes a lesson of the given (name, source, tags) code cells."""

    def lesson(*cells: tuple[str, str] | tuple[str, str, list[str]]) -> Notebook:
        made = [
            code(name, source, tags=tags[0]) if tags else code(name, source) for name, source, *tags in cells
        ]
        return save(tmp_path / "notebooks" / "lessons" / "tiny.ipynb", made)

    return lesson


def save(path: Path, cells: list[dict]) -> Notebook:
    path.parent.mkdir(parents=True, exist_ok=True)
    empty = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(dumps(normalise(as_node(empty))), encoding="utf-8")
    return load(path)
