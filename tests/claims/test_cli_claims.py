"""The `course claims` commands: what a person reads and what a script reads."""

import json

import pytest
from typer.testing import CliRunner

from course_lib import claims, encounters
from course_lib.cli import app
from course_lib.errors import CourseError


@pytest.fixture
def course(book):
    def run(*arguments: str):
        return CliRunner().invoke(app, ["claims", *arguments], env={"COLUMNS": "200"})

    return run


def test_build_shows_the_boxes(course):
    done = course("build", "ankle-sprain-clinic")
    assert done.exit_code == 0 and "21 A" in done.stdout and "S93.401A" in done.stdout
    assert "24E pointer" in done.stdout and "nobody in it is real" in done.stdout
    told = json.loads(course("build", "ankle-sprain-clinic", "--json").stdout)
    assert told["diagnoses"] == ["S93.401A"] and told["lines"][0]["code"] == "99213"


def test_scrub_says_what_and_where_and_tells_a_script(course):
    clean = course("scrub", "ankle-sprain-clinic")
    assert clean.exit_code == 0 and "No finding." in clean.stdout
    late = course("scrub", "ankle-sprain-clinic", "--on", "2028-01-15")
    assert late.exit_code == 1 and "filing-late" in late.stdout and "Source:" in late.stdout
    told = json.loads(course("scrub", "ankle-sprain-clinic", "--on", "2028-01-15", "--json").stdout)
    assert told["findings"][0]["rule"] == "filing-late" and told["findings"][0]["lines"] == [1]


def test_price_shows_the_steps(course):
    done = course("price", "ankle-sprain-clinic", "--locality", "CA-18")
    assert done.exit_code == 0 and "1.30 x 1.041" in done.stdout
    assert done.stdout.rstrip().endswith("Medicare amount 2026, CA-18: 104.89 dollars")
    told = json.loads(course("price", "ankle-sprain-clinic", "--year", "2025", "--json").stdout)
    assert told["total"] == "88.95" and told["complete"] is True


def test_price_tells_what_it_leaves_out(course):
    done = course("price", "knee-injection-clinic")
    assert "average sales price" in done.stdout and "for the lines that are priced" in done.stdout


def test_837_writes_the_file(course, tmp_path):
    done = course("837", "ankle-sprain-clinic")
    assert claims.read_837p(done.stdout) == [claims.build(encounters.load("ankle-sprain-clinic"))]
    out = tmp_path / "claim.x12"
    assert "segments" in course("837", "ankle-sprain-clinic", "--out", str(out)).stdout
    assert out.read_text() == done.stdout
    told = json.loads(course("837", "ankle-sprain-clinic", "--json").stdout)
    assert told["segments"][0][0] == "ISA" and ["HI", "ABK:S93401A"] in told["segments"]


def test_a_chart_that_is_not_there_is_told(course):
    done = course("build", "no-such-chart")
    assert isinstance(done.exception, CourseError)
