"""The small tables under ``datasets/claims/``: read once, as rows of text."""

import csv
from functools import cache

from course_lib import datasets
from course_lib.codes import cpt, hcpcs, modifiers, places
from course_lib.codes.tables import CodeTable

# Visits that have a letter: two annual wellness visits, the first Medicare visit, a hospital's clinic visit.
_VISITS = ("G0402", "G0438", "G0439", "G0463")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of ``datasets/claims/<name>.csv``; every cell is text."""
    with datasets.path(f"claims/{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def by_code(name: str) -> dict[str, dict[str, str]]:
    """Return the rows of a table that has one row a code, by code."""
    return {row["code"]: row for row in rows(name)}


@cache
def procedures() -> cpt.CptTable:
    """Return the CPT sample, loaded once."""
    return cpt.load()


@cache
def supplies() -> hcpcs.HcpcsTable:
    """Return the HCPCS Level II sample, loaded once."""
    return hcpcs.load()


@cache
def known_modifiers() -> CodeTable[modifiers.Modifier]:
    """Return the modifiers of the course, loaded once."""
    return modifiers.load()


@cache
def known_places() -> CodeTable[places.Place]:
    """Return the places of service of the course, loaded once."""
    return places.load()


def is_visit(code: str) -> bool:
    """Return whether a code is a visit (evaluation and management), the kind that 25 goes on."""
    return code in _VISITS or (code.isdigit() and "99202" <= code <= "99499")
