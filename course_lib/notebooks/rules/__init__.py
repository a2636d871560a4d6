"""The rules that a notebook keeps; each is a small pure function.

A rule takes a `Notebook` and yields a `Fault` for each place that breaks it. Its
name is the function's, with hyphens. `course_lib.notebooks.structure` runs them.
"""

from typing import NamedTuple


class Fault(NamedTuple):
    """A broken rule in one notebook: the cell's id (or ``""``), what is wrong, what to do."""

    cell: str
    message: str
    remedy: str
