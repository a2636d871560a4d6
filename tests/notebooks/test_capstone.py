"""Lesson 16: its day has the slips that the prose tells, and they can be mended."""

import re
from pathlib import Path

import pytest

from course_lib import casebook, claims, encounters
from course_lib.notebooks import model

LESSON = Path(__file__).parents[2] / "notebooks" / "lessons" / "16_capstone.ipynb"


@pytest.fixture(scope="module")
def cells() -> dict[str, str]:
    return {cell.id: cell.source for cell in model.load(LESSON).node.cells}


@pytest.fixture(scope="module")
def day(cells: dict[str, str]) -> list[str]:
    return re.findall(r'"([a-z-]+)"', " ".join(re.findall(r"DAY \+?= \[.*?\]", cells["open-the-stack"])))


def test_the_first_table_has_five_slips_and_no_finding(cells, day, capsys) -> None:
    namespace = {"casebook": casebook, "DAY": day}
    exec(cells["first-table"], namespace)
    told = capsys.readouterr().out.strip().splitlines()
    assert len(told) == len(day) == 6  # a line a chart, and no finding below one
    coded = casebook.read(namespace["first"], day)
    right = [name for name in day if encounters.load(name).score(list(coded[name].diagnoses)).exact]
    assert right == ["tight-chest-after-paint"]


def test_the_day_is_of_practice_charts_whose_mended_claims_have_no_error(day) -> None:
    for name in day:
        chart = encounters.load(name)
        assert not chart.case_book and chart.setting == "outpatient"
        assert [f for f in claims.scrub(claims.build(chart)) if f.severity == "error"] == []


def test_the_totals_of_the_prose(cells, day) -> None:
    built = [claims.build(encounters.load(name)) for name in day]
    allowed = sum(claims.price(one, missing="note").total for one in built)
    charged = sum(one.total for one in built)
    assert f"{allowed} of {charged:,.0f} dollars" in cells["read-price"]
    assert f"{allowed} of {charged:,.0f} dollars" in cells["recap"]
