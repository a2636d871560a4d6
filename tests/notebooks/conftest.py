"""One good lesson and one good assignment; each test spoils one thing in a copy."""

import base64
import json
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

from course_lib import datasets
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


def ask(name: str, what: str) -> dict:
    return text(name, f"Codes have characters. **Predict, then run:** {what}")


def lesson_cells() -> list[dict]:
    checks = [
        code(f"check-{n}", f'quiz.show("checks-90", question="q{n}")', shows("<p>?</p>"), count=n + 7)
        for n in range(8)
    ]
    return [
        text("title", "# The shape of a code\n\nTime: about 30 minutes. Before this: lesson 01."),
        text("objectives", "## Objectives\n\n- Read the chapter of a code.\n- Count its characters."),
        text("chapters", "## Chapters\n\nWe use the file of April 1, 2026. See [Objectives](#Objectives)."),
        code("imports", "from course_lib import quiz", count=1),
        ask("ask-figure", "is a [placeholder](../glossary.md#placeholder) a character?"),
        code("figure", "figure", shows(FIGURE), count=2),
        ask("ask-second", "which is the longest?"),
        code("second-figure", "figure", shows(FIGURE), count=3),
        ask("ask-count", "how many?"),
        code("count", "print(7)", prints("7\n"), count=4, tags=["nbval-check-output"]),
        ask("ask-again", "how many here?"),
        code("again", "print(7)", prints("7\n"), count=5),
        ask("ask-last", "how many with a placeholder?"),
        code("last", "print(8)", prints("8\n"), count=6),
        *checks,
        text(
            "recap",
            "## Recap\n\n- You can read the chapter.\n- You can count characters.\n\n"
            "Print the [one-page summary](../summaries/90_good.md).",
        ),
        text(
            "more", "## Where to read more\n\n- Section I.A.2 of [the guidelines](https://www.cms.gov/icd10)."
        ),
        code("quiz", 'quiz.show("shape")', shows("<p>?</p>"), count=15),
    ]


def question(name: str, objective: str, kind: str) -> dict:
    """One sound question of a kind, as it stands in a quiz file."""
    about = {"id": name, "kind": kind, "objective": objective, "difficulty": 1, "stem": "What?"}
    options = [{"text": t, "correct": t == "7", "why": "Counted."} for t in ("7", "8", "9")]
    keys: dict[str, dict] = {
        "single": {"options": options},
        "multiple": {"options": options},
        "numeric": {"number": {"value": 7, "why": "Counted."}},
    }
    return about | keys[kind] | {"source": {"text": "The file."}}


def sample_quiz(name: str, size: int) -> dict:
    """A quiz of `size` questions of three kinds for the good lesson's two objectives."""
    goals, kinds = ("Read the chapter of a code", "Count its characters"), ("single", "multiple", "numeric")
    asked = [question(f"q{n}", goals[n % 2], kinds[n % 3]) for n in range(size)]
    lesson = "lessons/90_good.ipynb"
    return {"id": name, "title": "Sample", "lesson": lesson, "edition": "2026-04-01", "questions": asked}


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
def sample_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The data and the pages of the good lesson: two quizzes, a glossary, a one-page summary."""
    data, pages = tmp_path / "datasets", tmp_path / "notebooks"
    (data / "quizzes").mkdir(parents=True)
    (pages / "summaries").mkdir(parents=True)
    (data / "datapackage.json").write_text(json.dumps({"resources": []}))
    (data / "glossary.csv").write_text(
        "term,definition,lesson,source\nplaceholder,The letter X.,90,Guidelines\nsequela,What is left.,91,G\n"
    )
    for name, size in (("shape", 14), ("checks-90", 8)):
        (data / "quizzes" / f"{name}.yaml").write_text(yaml.safe_dump(sample_quiz(name, size)))
    (pages / "glossary.md").write_text(
        '# Glossary\n\n### <a id="placeholder"></a>placeholder\n\nThe letter X.\n'
    )
    (pages / "summaries" / "90_good.md").write_text(
        "# The shape of a code\n\nSeven [characters](../glossary.md#placeholder).\n\nSources: Guidelines.\n"
    )
    monkeypatch.setenv("COURSE_DATASETS", str(data))
    datasets.root.cache_clear()
    yield data
    datasets.root.cache_clear()


@pytest.fixture
def good(tmp_path: Path, sample_data: Path) -> Callable[[str], Notebook]:
    """Return a function that makes a good notebook of a kind on disk."""
    names = {"lesson": "90_good.ipynb", "assignment": "good.ipynb"}
    return lambda kind: save(tmp_path / "notebooks" / FOLDERS[kind] / names[kind], CELLS[kind]())


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
