"""Charts load with their keys, are found by what they are, and show no key unasked."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from course_lib import encounters
from course_lib.errors import CourseError

COURSE = str(Path(sys.executable).parent / "course")
CLINIC = "ankle-sprain-clinic"


def test_a_chart_loads_with_its_key() -> None:
    chart = encounters.load(CLINIC)
    assert (chart.service_date, chart.admission_date) == (date(2026, 5, 12), None)
    assert (chart.age, chart.age_days, chart.sex, chart.years) == (34, None, "F", 34.0)
    assert chart.key is not None
    assert chart.key.codes == ["S93.401A"]
    assert chart.key.procedures[0].pointers == ["A"]
    assert {no.code for no in chart.key.rejected} >= {"M25.571"}


def test_an_infants_age_is_part_of_a_year(charts: Path) -> None:
    file = charts / "charts" / f"{CLINIC}.yaml"
    file.write_text(file.read_text().replace("{age: 34, sex: F}", "{age: 0, age_days: 12, sex: F}"))
    assert 0 < encounters.load(CLINIC).years < 0.05
    assert "12 days" in str(encounters.load(CLINIC))


def test_charts_are_found_by_what_they_are(charts: Path) -> None:
    assert encounters.ids() == [CLINIC, "chest-pain-emergency"]
    assert encounters.ids(level="realistic") == ["chest-pain-emergency"]
    assert encounters.ids(setting="outpatient", case_book=False) == [CLINIC]
    assert encounters.ids(specialty="orthopedics") == [CLINIC]
    assert encounters.ids(level="clean", setting="emergency") == []


def test_the_frame_has_a_row_a_chart_and_no_key() -> None:
    frame = encounters.frame()
    assert list(frame["id"]) == encounters.ids()
    assert set(frame.columns) >= {"level", "setting", "service_date", "words", "diagnoses", "procedures"}
    assert "note" not in frame
    assert frame.set_index("id").loc[CLINIC, "diagnoses"] == 1


def test_the_sets_name_charts() -> None:
    assert all(member in encounters.ids() for members in encounters.sets().values() for member in members)


def test_what_a_chart_shows_holds_no_key() -> None:
    chart = encounters.load(CLINIC)
    for shown in (repr(chart), str(chart), chart._repr_html_()):
        assert "S93" not in shown
        assert "99213" not in shown
    assert "twisted her right ankle" in str(chart)
    assert "Nobody in it is real" in chart._repr_html_()


def test_what_a_chart_says_is_no_html(charts: Path) -> None:
    file = charts / "charts" / f"{CLINIC}.yaml"
    file.write_text(file.read_text().replace("title: Twisted ankle", 'title: <b>&" Twisted ankle'))
    assert '<section aria-label="Chart: &lt;b&gt;&amp;&quot; Twisted' in encounters.load(CLINIC)._repr_html_()


def test_an_unknown_chart_names_near_ones() -> None:
    with pytest.raises(CourseError, match="Near it: ankle-sprain-clinic"):
        encounters.load("ankle-sprain-klinik")


def test_a_wrong_date_names_its_line(charts: Path) -> None:
    file = charts / "charts" / f"{CLINIC}.yaml"
    file.write_text(file.read_text().replace('"2026-05-12"', "soon"))
    with pytest.raises(CourseError, match=rf"{CLINIC}\.yaml:7: 'soon' is no date"):
        encounters.load(CLINIC)


def course(*words: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        [COURSE, "encounters", *words], capture_output=True, text=True, check=False, env=env
    )


def test_the_command_lists_and_shows() -> None:
    assert CLINIC in course("list", "--level", "clean").stdout
    assert CLINIC not in course("list", "--level", "messy").stdout
    assert course("list", "--level", "muddy").returncode == 2
    refused = course("list", "--specialty", "alchemy")
    assert (refused.returncode, "Specialties: " in refused.stderr) == (1, True)
    shown = course("show", CLINIC)
    assert "missed the last step" in shown.stdout
    assert "S93.401A" not in shown.stdout
    told = course("show", CLINIC, "--key").stdout
    assert "S93.401A" in told
    assert "M25.571" in told


def test_the_command_refuses_an_unknown_chart() -> None:
    done = course("show", "nothing")
    assert done.returncode == 1
    assert "no encounter 'nothing'" in done.stderr
