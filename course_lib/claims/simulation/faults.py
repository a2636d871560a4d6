"""What goes wrong before a claim is filed, with the truth kept."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from course_lib.claims.simulation import draw
from course_lib.claims.simulation.coding import LETTERS, Coded, Lines
from course_lib.claims.simulation.model import Model
from course_lib.claims.simulation.people import MEDICARE
from course_lib.claims.simulation.visits import Visits

if TYPE_CHECKING:
    from course_lib.claims.simulation.coding import Texts
    from course_lib.claims.simulation.draw import Bools, Ints

NONE = -1
OF_ONE_SEX = ("N40", "Z34")  # first codes that are for men or for women only


@dataclass(frozen=True)
class Filed:
    """Claims as they were filed, in the order of their visits; a duplicate follows its original.

    Attributes
    ----------
    visit : array of int
        Position of the visit.
    copy : array of bool
        The claim is a duplicate of the one before it.
    problem : array of int
        Position in ``model.problems``, `NONE` for none.
    filed : array of int
        Days since 1970-01-01.
    diagnoses : array of str
    wrong_sex : array of bool
        The claim names the other sex.
    lines : Lines
    source : array of int
        Position of each line among the lines as they should be.
    """

    visit: "Ints"
    copy: "Bools"
    problem: "Ints"
    filed: "Ints"
    diagnoses: "Texts"
    wrong_sex: "Bools"
    lines: Lines
    source: "Ints"

    def __len__(self) -> int:
        return len(self.visit)


def file(
    rng: np.random.Generator, model: Model, visits: Visits, coded: Coded, lines: Lines, most: int
) -> Filed:
    """Return the first `most` claims that are filed by the day of the extract."""
    names = list(model.problems)
    problem = problems_of(rng, model, visits, coded, lines)
    diagnoses = _diagnoses(model, coded, problem, names)
    changed = _lines(model, lines, coded, problem, names)
    filed = _filed(rng, model, visits, problem == names.index("late_filing"))
    twice = problem == names.index("duplicate")
    at = np.repeat(np.arange(len(visits)), 1 + twice)
    copy = np.concatenate([[False], at[1:] == at[:-1]])
    again = draw.lag(rng, model.days.duplicate_after, len(at))
    filed = filed[at] + np.where(copy, again, 0)
    kept = np.flatnonzero(filed <= model.calendar.last)[:most]
    at, copy, filed = at[kept], copy[kept], filed[kept]
    source = _line_positions(lines, at, len(visits))
    counts = np.bincount(lines.claim, minlength=len(visits))[at]
    return Filed(
        visit=at,
        copy=copy,
        problem=np.where(twice[at] & ~copy, NONE, problem[at]),
        filed=filed,
        diagnoses=diagnoses[at],
        wrong_sex=problem[at] == names.index("wrong_sex"),
        lines=Lines(
            claim=np.repeat(np.arange(len(at)), counts),
            code=changed.code[source],
            level=changed.level[source],
            modifiers=changed.modifiers[source],
            pointers=changed.pointers[source],
            units=changed.units[source],
            visit=changed.visit[source],
        ),
        source=source,
    )


def problems_of(rng: np.random.Generator, model: Model, visits: Visits, coded: Coded, lines: Lines) -> "Ints":
    """Return the problem of each claim, one at most: each kind in turn takes its share of the free ones."""
    among = eligible(model, visits, coded, lines)
    problem = np.full(len(visits), NONE)
    for n, one in enumerate(model.problems.values()):
        hit = among[one.among]() & (problem == NONE) & draw.chance(rng, one.rate, len(visits))
        problem[hit] = n
    return problem


def eligible(model: Model, visits: Visits, coded: Coded, lines: Lines) -> "dict[str, Callable[[], Bools]]":
    """Return, by the name in ``among``, which claims can have a problem."""
    params, size = model.params, len(visits)

    def with_line(mask: "Bools") -> "Bools":
        return np.bincount(lines.claim[mask], minlength=size) > 0

    def with_code(name: str) -> "Bools":
        wanted = [model.cents(c) for c in params.get_as(name, list[str])]
        return with_line(np.isin(lines.code, wanted))

    def text(test: Callable[[str], bool]) -> "Bools":
        return np.fromiter((test(t) for t in coded.diagnoses), dtype=bool, count=size)

    truncations = params.get_as("truncations", dict[str, str])
    counted = [model.cents(c) for c in params.get_as("excess_units", dict[str, int])]
    not_medicare = visits.payer != MEDICARE
    return {
        "all": lambda: np.ones(size, dtype=bool),
        "truncatable": lambda: text(lambda t: t.split(";")[0] in truncations),
        "diabetes": lambda: text(lambda t: "E11." in t),
        "sexed": lambda: text(lambda t: t.startswith(OF_ONE_SEX)),
        "with25": lambda: with_line(lines.modifiers == "25"),
        "counted": lambda: with_line(np.isin(lines.code, counted)),
        "pointed": lambda: with_code("pointed") & text(lambda t: ";" in t),
        "authorized": lambda: with_code("needs_authorization") & not_medicare,
        "not_medicare": lambda: not_medicare,
        "several": lambda: with_line(lines.visit) & with_line(~lines.visit),
    }


def _diagnoses(model: Model, coded: Coded, problem: "Ints", names: list[str]) -> "Texts":
    truncations = model.params.get_as("truncations", dict[str, str])
    conflict = model.params.get_as("conflict", str)
    diagnoses = coded.diagnoses.copy()
    for n in np.flatnonzero(problem == names.index("truncated_diagnosis")):
        first, *others = diagnoses[n].split(";")
        diagnoses[n] = ";".join([truncations[first], *others])
    at = np.flatnonzero(problem == names.index("conflicting_diagnoses"))
    diagnoses[at] = diagnoses[at] + f";{conflict}"
    return diagnoses


def _lines(model: Model, lines: Lines, coded: Coded, problem: "Ints", names: list[str]) -> Lines:
    of_line = problem[lines.claim]
    excess = {model.cents(c): n for c, n in model.params.get_as("excess_units", dict[str, int]).items()}
    most = np.array([excess.get(n, 0) for n in range(len(model.codes))])[lines.code]
    too_many = _first_of_claim(lines, (of_line == names.index("excess_units")) & (most > 0))
    pointed = [model.cents(c) for c in model.params.get_as("pointed", list[str])]
    wrong = (of_line == names.index("wrong_pointer")) & np.isin(lines.code, pointed)
    last = np.array([LETTERS[min(t.count(";"), len(LETTERS) - 1)] for t in coded.diagnoses], dtype=object)
    no_25 = (of_line == names.index("missing_modifier_25")) & (lines.modifiers == "25")
    return lines.with_(
        units=np.where(too_many, most, lines.units),
        pointers=np.where(wrong, last[lines.claim], lines.pointers),
        modifiers=np.where(no_25, "", lines.modifiers).astype(object),
    )


def _first_of_claim(lines: Lines, mask: "Bools") -> "Bools":
    """Return the mask with only its first line of each claim left."""
    at = np.flatnonzero(mask)
    first = np.zeros(len(lines), dtype=bool)
    first[at[np.unique(lines.claim[at], return_index=True)[1]]] = True
    return first


def _filed(rng: np.random.Generator, model: Model, visits: Visits, late: "Bools") -> "Ints":
    limits = np.array([p.files_within for p in model.payers.values()])[visits.payer]
    in_time = draw.lag(rng, model.days.to_file, len(visits))
    over = limits + draw.lag(rng, model.days.late_by, len(visits))
    return visits.day + np.where(late, over, in_time)


def _line_positions(lines: Lines, at: "Ints", size: int) -> "Ints":
    """Return the positions of the lines of some claims, claim after claim."""
    counts = np.bincount(lines.claim, minlength=size)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
    ends = np.cumsum(counts[at])
    offsets = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - counts[at], counts[at])
    positions: Ints = np.repeat(starts[at], counts[at]) + offsets
    return positions
