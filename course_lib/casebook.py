"""Floor 2: the case book of assignment a08: charts coded in a table, and what it earns.

A table is text, one row a chart::

    chart                | diagnoses        | services
    ankle-sprain-clinic  | S93.401A         | 99213-25
    knee-injection-clinic| M17.11 I10       | 99213-25 20610-RT J3301x4

Diagnoses stand in order. A service has its modifiers behind hyphens and its units behind
``x``. Wards have no third column. `check` says what a learner can be told without a key;
`credit` compares with the keys, which only the instructor has.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from course_lib import encounters
from course_lib.codes import icd10cm
from course_lib.codes.book import plain
from course_lib.coding import Line, Score, Submission, coding_mistake, score
from course_lib.encounters import Encounter

__all__ = ["Part", "check", "credit", "read", "share"]

Part: TypeAlias = Literal["first", "codes", "services"]

MOST = 25
"""Diagnoses that a hospital's claim has room for; a professional claim has room for 12."""
BANDS = ((0.85, 0.75), (0.7, 0.5), (0.5, 0.25))
"""F1 that is reached, and the share of a chart's points that it earns when not all is right."""
COME_BACK = ("invalid", "seventh-character", "excludes1", "setting")
"""Named errors for which a claim comes back: with one of them a chart earns half at most."""

_FREE = re.compile(r"[V-Y]|Z79899$")  # external causes, and the drug code that names no drug: never extra
_NO_ROW = ("#", "-", "...")  # a remark, a rule under the heading, the dots that a learner replaces
_SERVICE = re.compile(r"([0-9A-Z]{5})((?:-[0-9A-Z]{2}){0,4})(?:X([1-9][0-9]{0,3}))?")


def read(table: str, charts: Sequence[str]) -> dict[str, Submission]:
    """Return what a table says for each of the charts that it has.

    Raises
    ------
    AssertionError
        When it is no text, or a row cannot be read; the message names the row.
    """
    if type(table) is not str:
        raise AssertionError(f"The table should be text, but is of type {type(table).__name__}.")
    found: dict[str, Submission] = {}
    for line in table.strip().splitlines():
        chart, *cells = (cell.strip() for cell in line.split("|"))
        if not chart or chart == "chart" or line.startswith(_NO_ROW):
            continue
        if chart not in charts:
            raise AssertionError(f"{chart!r} is no chart of this group: {', '.join(charts)}.")
        if chart in found:
            raise AssertionError(f"{chart} has two rows. Keep one.")
        if len(cells) not in (1, 2):
            raise AssertionError(f"The row of {chart} has {len(cells) + 1} columns. It needs two or three.")
        found[chart] = Submission(_diagnoses(chart, cells[0]), _services(chart, "".join(cells[1:])))
    return found


def check(table: str, charts: Sequence[str]) -> None:
    """Print what can be said of a table without a key: form, codes that exist, what the code book finds.

    Raises
    ------
    AssertionError
        When the table cannot be read, or no chart in it is coded.
    """
    coded = read(table, charts)
    if not any(one.diagnoses for one in coded.values()):
        raise AssertionError("No chart is coded yet. Write a row for each.")
    for name in charts:
        mine = coded.get(name)
        if mine is None or not mine.diagnoses:
            print(f"{name}: no codes yet.")
            continue
        chart = encounters.load(name)
        said = icd10cm.load().check(
            list(mine.diagnoses), on=chart.service_date, setting=chart.setting, age=chart.years, sex=chart.sex
        )
        told = [f"{f.severity}, {', '.join(f.codes)}: {f.rule}" for f in said if f.severity != "info"]
        print(f"{name}: {_said(mine)}", *told, sep="\n  ")


def _said(mine: Submission) -> str:
    why, what = len(mine.diagnoses), len(mine.procedures)
    services = "service" if what == 1 else "services"
    return f"{why} {'diagnosis' if why == 1 else 'diagnoses'}, {what} {services}."


def credit(points: float, table: str, keys: Mapping[str, str], part: Part) -> float:
    """Return the points of a table, the same number for each chart, and print what is not right yet.

    Parameters
    ----------
    points : float
        What all charts together are worth.
    table : str
        The learner's.
    keys : mapping of str to str
        For each chart its row: diagnoses, services, and optional diagnoses, divided by ``|``.
    part : {"first", "codes", "services"}
        What is graded; see `share`.

    Returns
    -------
    float
        A plain Python float.

    Raises
    ------
    AssertionError
        When the table cannot be read, or all charts begin with one and the same code.
    """
    coded = read(table, list(keys))
    firsts = [plain(one.diagnoses[0]) for one in coded.values() if one.diagnoses]
    if len(firsts) > 1 and len(set(firsts)) == 1:
        raise AssertionError(
            "All charts begin with the same code. Each patient came for a reason of their own."
        )
    earned = 0.0
    for name, row in keys.items():
        diagnoses, services, optional = (cell.strip() for cell in row.split("|"))
        key = Submission(_diagnoses(name, diagnoses), _services(name, services))
        mine = coded.get(name, Submission([]))
        value, told = share(mine, key, name, part, optional.split())
        print(f"{name}: {value:.0%}.", told)
        earned += value
    return round(float(points) * earned / len(keys), 2)


def share(
    mine: Submission, key: Submission, chart: str, part: Part, optional: Sequence[str] = ()
) -> tuple[float, str]:
    """Return which share of a chart's points one part earns, and a sentence without the key.

    - ``first``: 1 for the first diagnosis, a half in the right category.
    - ``codes``: 1 when nothing is wrong; else by F1 (`BANDS`), a half at most with an error for
      which a claim comes back (`COME_BACK`). Without the main condition's category a quarter,
      from an F1 of 0.7 on. External causes (chapter 20) and Z79.899 are never counted as extra.
    - ``services``: 1 for the right codes with modifiers and units; a half for the right codes.
    """
    if not mine.diagnoses:
        return 0.0, "No codes."
    if part == "first":
        return _first(mine.diagnoses[0], key.diagnoses[0])
    if part == "services":
        return _lines(mine.procedures, key.procedures)
    got = _score(mine.diagnoses, key.diagnoses, encounters.load(chart), optional)
    if plain(key.diagnoses[0])[:3] not in {plain(code)[:3] for code in mine.diagnoses}:
        return (0.25 if got.f1 >= 0.7 else 0.0), "The main condition is not among the codes."
    return _band(got), " ".join(got.feedback())


def _score(mine: Sequence[str], key: Sequence[str], chart: Encounter, optional: Sequence[str]) -> Score:
    return score(
        list(mine),
        list(key),
        book=icd10cm.load(),
        on=chart.service_date,
        setting=chart.setting,
        optional=[*optional, *(code for code in mine if _FREE.match(plain(code)))],
    )


def _band(got: Score) -> float:
    if got.exact:
        return 1.0
    reached = next((share for least, share in BANDS if got.f1 >= least), 0.0)
    stopped = any(finding.kind in COME_BACK for finding in got.findings)
    return min(reached, 0.5) if stopped else reached


def _first(mine: str, right: str) -> tuple[float, str]:
    if plain(mine) == plain(right):
        return 1.0, ""
    same = plain(mine)[:3] == plain(right)[:3]
    return (0.5 if same else 0.0), f"First stands {mine}: {coding_mistake(mine, right)}."


def _lines(mine: Sequence[Line], right: Sequence[Line]) -> tuple[float, str]:
    if _bag(mine) == _bag(right):
        return 1.0, ""
    if Counter(line.code for line in mine) == Counter(line.code for line in right):
        return 0.5, "The services are right; look at modifiers and units."
    return 0.0, f"{len(mine)} services are listed. Look again at what was done, and at its level."


def _bag(lines: Sequence[Line]) -> Counter[tuple[str, tuple[str, ...], int]]:
    return Counter((line.code, tuple(sorted(line.modifiers)), line.units) for line in lines)


def _diagnoses(chart: str, cell: str) -> list[str]:
    codes = cell.replace(",", " ").upper().split()
    if len(codes) > MOST:
        raise AssertionError(f"{chart} lists {len(codes)} diagnoses; a claim has room for {MOST} at most.")
    return codes


def _services(chart: str, cell: str) -> list[Line]:
    lines = []
    for word in cell.replace(",", " ").upper().split():
        found = _SERVICE.fullmatch(word)
        if found is None:
            raise AssertionError(f"{word!r} in the row of {chart} is no service. Write 99213-25 or J3301x4.")
        code, modifiers, units = found.groups()
        lines.append(Line(code, modifiers.split("-")[1:], int(units or 1)))
    return lines
