"""Hostile and broken submissions, made anew for each test, and what must become of each.

``hostile.yaml`` has those that are a cell of code; here are those that change the file or
its cells. The honest answers earn one=2, part=1.5, naive=1.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import yaml

FULL = {"one": 2, "part": 1.5, "naive": 1}
LOST = {"one": 0, "part": 1.5, "naive": 0}  # the question that was attacked, and no other
FILES, MARKS, ESCAPES = "Broken files", "Changed notebooks", "Breaking out"
ORDER = ("Loops", "Dead kernels", "Bombs", FILES, MARKS, "Cheating the checks", ESCAPES)


@dataclass(frozen=True)
class World:
    """What an attack may aim at."""

    gradebook: Path
    source: Path
    neighbour: Path
    port: int
    udp: int
    abstract: str
    socket: Path
    pid: int


@dataclass(frozen=True)
class Case:
    """One hostile submission.

    Attributes
    ----------
    tries, ends : str
        What it tries, and what a teacher finds afterwards.
    make : callable
        Changes an honest notebook, or its folder; may return the file's content.
    points : dict or None
        What the gradebook says afterwards; None when there is no grade.
    by_hand : set of str
        Cells that are left to a person.
    says : str
        Part of the fault, or of an incident, that names what happened.
    """

    group: str
    name: str
    tries: str
    make: Callable[[Any, Path, World], Any]
    points: dict[str, float] | None
    by_hand: set[str]
    says: str
    ends: str


CASES: list[Case] = []
# What every attempt to break out begins with.
REACH = """\
w = {world}
def tell(deed):
    try:
        deed()
    except BaseException as why:
        print(type(why).__name__)
    else:
        print("ESC" + "APED")
"""


def named(nb: Any, grade_id: str) -> Any:
    return next(c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def _of_code(group: str, where: str, source: str) -> Callable[[Any, Path, World], None]:
    def make(nb: Any, folder: Path, world: World) -> None:
        aims = {key: str(value) for key, value in vars(world).items()}
        text = REACH.format(world=aims) + source if group == ESCAPES else source
        if where in ("first", "last"):
            cell = nbformat.v4.new_code_cell(text, id="attack")
            nb.cells.insert(0 if where == "first" else len(nb.cells), cell)
        else:
            named(nb, where).source = text

    return make


def _read_code() -> None:
    cases = yaml.safe_load(Path(__file__).with_name("hostile.yaml").read_text(encoding="utf-8"))["cases"]
    for one in cases:
        make = _of_code(one["group"], one.pop("where"), one.pop("source"))
        CASES.append(Case(make=make, **one | {"by_hand": set(one["by_hand"])}))


_read_code()


def case(group: str, tries: str, points: Any, says: str = "", ends: str = "") -> Any:
    ends = ends or (
        "no grade; the fault is named"
        if points is None
        else "the cell is restored and runs; the answers earn what they are worth"
    )

    def add(make: Callable[[Any, Path, World], Any]) -> Any:
        CASES.append(Case(group, make.__name__.replace("_", "-"), tries, make, points, set(), says, ends))
        return make

    return add


@case(FILES, "a link to the gradebook beside the notebook", None, "data.csv is a link")
def symlink(nb: Any, folder: Path, world: World) -> None:
    (folder / "data.csv").symlink_to(world.gradebook)


@case(FILES, "a link in place of the notebook", None, "tiny.ipynb is a link")
def linked_notebook(nb: Any, folder: Path, world: World) -> bool:
    (folder / "tiny.ipynb").symlink_to(world.neighbour)
    return True


@case(FILES, "a pipe, which a reader would wait for", None, "notes.txt is a link or a special file")
def pipe(nb: Any, folder: Path, world: World) -> None:
    os.mkfifo(folder / "notes.txt")


@case(FILES, "a notebook of 25 MB", None, "larger than 20 MB")
def huge(nb: Any, folder: Path, world: World) -> bytes:
    return nbformat.writes(nb).encode() + b" " * (25 << 20)


@case(FILES, "JSON nested 100,000 deep", None, "nested too deeply")
def deep_json(nb: Any, folder: Path, world: World) -> bytes:
    return b"[" * 100_000 + b"]" * 100_000


@case(FILES, "JSON nested 500 deep in the metadata", None, "nested too deeply")
def deep_metadata(nb: Any, folder: Path, world: World) -> bytes:
    text = nbformat.writes(nb)
    return text.replace('"nbformat": 4', '"x": ' + "[" * 500 + "]" * 500 + ', "nbformat": 4').encode()


@case(FILES, "a number of 10,000 digits", None, "endless numbers")
def long_number(nb: Any, folder: Path, world: World) -> bytes:
    return nbformat.writes(nb).replace('"nbformat": 4', f'"x": {"9" * 10_000}, "nbformat": 4').encode()


@case(FILES, "bytes that are no UTF-8", None, "not a text file in UTF-8")
def bad_utf8(nb: Any, folder: Path, world: World) -> bytes:
    return b"\xff\xfe" + nbformat.writes(nb).encode()


@case(FILES, "half a notebook", None, "not JSON (line")
def truncated(nb: Any, folder: Path, world: World) -> bytes:
    return nbformat.writes(nb)[:-200].encode()


@case(FILES, "a list in place of a notebook", None, "not a notebook")
def a_list(nb: Any, folder: Path, world: World) -> bytes:
    return b"[1, 2, 3]"


@case(FILES, "cells of an unheard-of kind", None, "cannot be read as a notebook")
def odd_cells(nb: Any, folder: Path, world: World) -> bytes:
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "x"}, {}]}
    ).encode()


@case(FILES, "501 files more", None, "larger than 100 MB or 500 files")
def many_files_handed_in(nb: Any, folder: Path, world: World) -> None:
    for number in range(502):
        (folder / f"{number}.txt").touch()


@case(MARKS, "a graded cell twice", None, "both have the id 'one'")
def copied_cell(nb: Any, folder: Path, world: World) -> bytes:
    nb.cells.append(json.loads(json.dumps(named(nb, "one"))))
    return json.dumps(nb).encode()


@case(MARKS, "metadata of schema 99", None, "schema 99")
def schema_99(nb: Any, folder: Path, world: World) -> None:
    named(nb, "one").metadata["nbgrader"]["schema_version"] = 99


@case(MARKS, "wrong answers, and no tests", LOST, "deleted, and put back")
def tests_deleted(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    nb.cells = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in ("one", "naive")]


@case(MARKS, "answer and test both deleted", LOST, "deleted, and put back")
def question_deleted(nb: Any, folder: Path, world: World) -> None:
    nb.cells = [
        c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade_id") not in ("one", "answer_one")
    ]


@case(MARKS, "a test that is no test any more", LOST, "metadata were changed")
def flipped_flags(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    named(nb, "one").metadata["nbgrader"].update(grade=False, solution=True, locked=False, points=1000)


@case(MARKS, "tests rewritten to pass", LOST, "the original took its place")
def rewritten_tests(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    for name in ("one", "naive"):
        named(nb, name).source = "pass"


@case(MARKS, "a test turned into text", LOST, "the original took its place")
def test_as_text(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    named(nb, "one").cell_type = "raw"
    for key in ("outputs", "execution_count"):
        named(nb, "one").pop(key, None)


@case(MARKS, "a test under another id", LOST, "no cell with the id 'mine'")
def renamed_test(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    named(nb, "one").metadata["nbgrader"]["grade_id"] = "mine"


@case(MARKS, "the tag skip-execution on wrong answers' tests", LOST, "skip-execution")
def skip_tag(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    for cell in nb.cells:
        cell.metadata["tags"] = ["skip-execution"]


@case(MARKS, "outputs handed in with full marks", LOST, ends="handed-in outputs are thrown away")
def ready_outputs(nb: Any, folder: Path, world: World) -> None:
    named(nb, "answer_one").source = "def one(): return 2"
    output = nbformat.v4.new_output("execute_result", {"text/plain": "3.0"}, execution_count=1)
    for name in ("one", "part", "naive"):
        named(nb, name)["outputs"] = [output]


@case(MARKS, "another kernel in the metadata", FULL, ends="the assignment's kernel is used")
def other_kernel(nb: Any, folder: Path, world: World) -> None:
    nb.metadata["kernelspec"] = {"name": "../../evil", "display_name": "x", "language": "bash"}


INTRODUCTION = """\
# Hostile submissions

What a class may hand in, by mistake or on purpose, and what becomes of it in profile `strict`. The tests
hand in every line of these tables together with twenty honest notebooks, which get their exact points. The
honest answers earn 2, 1.5 and 1 points in the questions *one*, *part* and *naive*; *naive* is a test that
compares with `==` only. This page is made from the cases themselves:
`python tests/grading/engine/corpus.py > docs/hostile_submissions.md`.

No containment makes cheating *inside* the own kernel impossible: tests and answers share it. What is listed
under *Cheating the checks* is caught. A cleverer trick may not be, but it has to stand in the notebook, where
a person can read it.
"""


def page() -> str:
    """Return the table of outcomes for the documentation."""
    lines = [INTRODUCTION.rstrip()]
    for group in ORDER:
        lines += ["", f"## {group}", "", "| tries | outcome | points | for a person |", "|---|---|---|---|"]
        for one in (c for c in CASES if c.group == group):
            points = "none" if one.group in (FILES, MARKS) else "the machine decides"
            if one.points:
                points = ", ".join(f"{value:g}" for value in one.points.values())
            by_hand = ", ".join(name for name in FULL if name in one.by_hand)
            lines.append(f"| {one.tries} | {one.ends} | {points} | {by_hand} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(page(), end="")
