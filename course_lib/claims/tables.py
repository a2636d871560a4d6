"""The small tables under ``datasets/claims/``: read once, as rows of text."""

import csv
from functools import cache

from course_lib import datasets


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``datasets/claims/<name>.csv``; every cell is text."""
    with datasets.path(f"claims/{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def by_code(name: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table that has one row a code, by code."""
    return {row["code"]: row for row in rows(name)}
