"""The map of the course in ``00_start_here.ipynb``: a table of the lessons that there are."""

import copy
import csv
from pathlib import Path

from course_lib import datasets
from course_lib.notebooks import markdown
from course_lib.notebooks.find import find
from course_lib.notebooks.model import Notebook, load
from course_lib.notebooks.rules.lesson import TIME

PAGE = "00_start_here.ipynb"
CELL = "map"  # the cell of the page that holds the map

_HEAD = """## The map

| no. | lesson | time | after it you can | assignment |
|---|---|---|---|---|
"""
_CLASS = """
If you take the course with a class, your instructor gives you the assignments. If you learn alone,
go on to the next lesson, and come back to a quiz after a week.
"""


def cell_text(root: Path) -> str:
    """Return the Markdown of the map for the course folder `root`."""
    with datasets.path("lessons.csv").open(encoding="utf-8", newline="") as table:
        planned = {row["lesson"]: row for row in csv.DictReader(table)}
    paths = find(root)
    there = {p.parent.name[:3] for p in paths if p.parent.parent.name == "assignments"}
    rows = []
    for path in paths:
        row = planned.get(path.name[:2])
        if path.parent.name == "lessons" and row:
            after = row["assignment"] if row["assignment"] in there else ""
            rows.append(_row(load(path), row["after_it"], after))
    return (_HEAD + "\n".join(rows) + "\n" + _CLASS).rstrip()


def written(root: Path) -> Notebook:
    """Return the start page of `root` with its map as it must be now; nothing is written."""
    page = load(root / "notebooks" / PAGE)
    node = copy.deepcopy(page.node)
    next(cell for cell in node.cells if cell.id == CELL).source = cell_text(root)
    return Notebook(page.path, page.kind, node, page.text)


def _row(lesson: Notebook, after_it: str, assignment: str) -> str:
    first = lesson.node.cells[0].source
    title = markdown.headings(first)[0].text
    minutes = TIME.search(first)
    time = f"{minutes[1]} min" if minutes else ""
    link = f"[{title}](lessons/{lesson.path.name})"
    return f"| {lesson.path.name[:2]} | {link} | {time} | {after_it} | {assignment} |"
