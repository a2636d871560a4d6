"""Credit of a code for a code by shared leading characters, and the best way to pair two lists."""

import re
from collections.abc import Sequence
from math import fsum

from course_lib.codes.book import plain
from course_lib.codes.shapes import tidy_code

_BARE = re.compile(r"[A-Z0-9]{3,7}")


def shared_credit(given: str, key: str) -> float:
    """Return the credit of a code for a code: 1 when equal, else by shared leading characters.

    Another category earns nothing. In the right category, the credit is the number of leading
    characters that the two share, over the length of the longer one, dots left out: ``E11.21``
    for ``E11.22`` is 4 of 5.
    """
    one, other = (tidy_code(code).replace(".", "") for code in (given, key))
    if one[:3] != other[:3]:
        return 0.0
    longer = max(len(one), len(other))
    same = next((n for n in range(longer) if one[n : n + 1] != other[n : n + 1]), longer)
    return same / longer


def best_pairs(given: Sequence[str], key: Sequence[str]) -> list[tuple[int, int, float]]:
    """Pair two lists of codes one to one so that the credit is as high as it can be.

    Returns
    -------
    list of (int, int, float)
        Place in `given`, place in `key`, and the credit of the pair (more than 0), by place in
        `given`. No code is used twice, so that a code listed twice earns nothing twice.
    """
    pairs: list[tuple[int, int, float]] = []
    mine, theirs = _by_category(given), _by_category(key)
    for category in mine.keys() & theirs.keys():
        ours, rights = mine[category], theirs[category]
        credits = [[shared_credit(given[a], key[b]) for b in rights] for a in ours]
        pairs += [(ours[row], rights[column], credits[row][column]) for row, column in _assign(credits)]
    return sorted(pairs)


def total(pairs: Sequence[tuple[int, int, float]]) -> float:
    """Return the credit of all pairs together."""
    return fsum(credit for *_, credit in pairs)


def _by_category(codes: Sequence[str]) -> dict[str, list[int]]:
    """Return the places of the codes by their first three characters; a misplaced dot earns nothing."""
    places: dict[str, list[int]] = {}
    for place, code in enumerate(codes):
        if _BARE.fullmatch(bare := plain(code)):
            places.setdefault(bare[:3], []).append(place)
    return places


def _assign(credits: list[list[float]]) -> list[tuple[int, int]]:
    """Return (row, column) of the assignment with the highest sum (the Hungarian method).

    Time grows with the square of the shorter side and with the longer side.
    """
    if len(credits) > len(credits[0]):
        turned = [list(column) for column in zip(*credits, strict=True)]
        return [(row, column) for column, row in _assign(turned)]
    rows, columns = len(credits), len(credits[0])
    of_row, of_column = [0.0] * (rows + 1), [0.0] * (columns + 1)  # potentials; place 0 is a dummy
    taken_by = [0] * (columns + 1)
    for row in range(1, rows + 1):
        taken_by[0], column = row, 0
        least, came_from, seen = [float("inf")] * (columns + 1), [0] * (columns + 1), [False] * (columns + 1)
        while taken_by[column]:
            seen[column], here = True, taken_by[column]
            step, following = float("inf"), 0
            for other in range(1, columns + 1):
                if seen[other]:
                    continue
                slack = -credits[here - 1][other - 1] - of_row[here] - of_column[other]
                if slack < least[other]:
                    least[other], came_from[other] = slack, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(columns + 1):
                if seen[other]:
                    of_row[taken_by[other]] += step
                    of_column[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            taken_by[column] = taken_by[came_from[column]]
            column = came_from[column]
    return [(taken_by[column] - 1, column - 1) for column in range(1, columns + 1) if taken_by[column]]
