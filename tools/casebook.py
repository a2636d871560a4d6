"""Write the keys of the case book into assignment a08, after a key has changed: ``python tools/casebook.py``.

The hidden tests hold the keys because a student's kernel can read no key file while it is graded
(``hidden_data`` in the settings of grading). Afterwards run ``pytest tests/grading -k a08``: what the wrong
answers earn may have changed too.
"""

import re
from pathlib import Path

import nbformat

from course_lib import encounters

NOTEBOOK = Path(__file__).parents[1] / "notebooks/assignments/a08_case_book/case_book.ipynb"
WIDTH = 110


def parts(name: str) -> list[str]:
    """Return diagnoses, services and optional diagnoses of a key, each as one text."""
    key = encounters.load(name).key
    if key is None:
        raise SystemExit(f"There is no key of {name} here; this is for instructors.")
    services = [
        "-".join([one.code, *one.modifiers]) + (f"x{one.units}" if one.units != 1 else "")
        for one in key.procedures
    ]
    return [" ".join(key.codes), " ".join(services), " ".join(one.code for one in key.optional)]


def entry(name: str) -> str:
    """Return a chart's line of the dict in a hidden test, on several lines when it is long."""
    diagnoses, services, optional = parts(name)
    row = f'"{diagnoses} | {services} | {optional}"'
    if len(line := f'    "{name}": {row},') <= WIDTH:
        return line
    if len(" " * 8 + row) > WIDTH:
        row = f'"{diagnoses} | "\n        "{services} | {optional}"'
    return f'    "{name}": (\n        {row}\n    ),'


def refreshed(source: str) -> str:
    """Return a cell with the keys of today."""
    if "casebook.credit" in source:
        old = re.search(r"^keys = \{\n.*?^\}", source, re.MULTILINE | re.DOTALL)
        if old is None:
            raise SystemExit("A graded cell has lost its dict of keys.")
        names = re.findall(r'^    "([a-z-]+)":', old[0], re.MULTILINE)
        return source.replace(old[0], "\n".join(["keys = {", *map(entry, names), "}"]))

    def row(found: re.Match[str]) -> str:
        name, services = found[1], found[0].count("|") > 1
        return " | ".join([name.ljust(len(found[1] + found[2])), *parts(name)[: 1 + services]])

    begin, end = "### BEGIN SOLUTION", "### END SOLUTION"
    if begin in source and "diagnoses" in source.split(begin)[0]:
        head, rest = source.split(begin)
        table, tail = rest.split(end)
        return head + begin + re.sub(r"^([a-z-]+)( *) \|.*$", row, table, flags=re.MULTILINE) + end + tail
    return source


if __name__ == "__main__":
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = refreshed(cell.source)
    nbformat.write(notebook, NOTEBOOK)
