"""A plan leaves the course: calendar, table, page, file, text."""

import csv
import io
import json
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

from course_lib import plots, roadmap
from course_lib.cli import app
from course_lib.errors import CourseError
from course_lib.widgets.roadmap import PlannerWidget

PROFILE = roadmap.Profile("2027-01-11", hours=8, budget=500, monthly=20, diploma=False)
PLAN = roadmap.plan(PROFILE)


def events(text: str) -> dict[str, tuple[date, date]]:
    found = Calendar.from_ical(text).walk("VEVENT")
    return {str(e["uid"]): (e.decoded("dtstart"), e.decoded("dtend")) for e in found}


def test_the_calendar_has_every_step_bill_and_target_as_whole_days() -> None:
    found = events(roadmap.to_ics(PLAN))
    assert len(found) == len(PLAN.steps) + len(PLAN.costs) + len(PLAN.calendar)
    education = PLAN["education"]
    assert found["cpc-education@crosswalk.invalid"] == (education.start, education.end + timedelta(days=1))
    assert "VALUE=DATE:" in roadmap.to_ics(PLAN)


def test_a_calendar_is_the_same_each_time_and_a_changed_plan_moves_its_events() -> None:
    assert roadmap.to_ics(PLAN) == roadmap.to_ics(roadmap.plan(PROFILE))
    later = roadmap.plan(roadmap.Profile("2027-03-01", diploma=False))
    assert events(roadmap.to_ics(later)).keys() == events(roadmap.to_ics(PLAN)).keys()
    assert events(roadmap.to_ics(later)) != events(roadmap.to_ics(PLAN))


def test_the_table_holds_what_the_plan_holds() -> None:
    rows = list(csv.DictReader(io.StringIO(roadmap.to_csv(PLAN))))
    bills = [row for row in rows if row["kind"] == "bill"]
    assert sum(float(row["usd_high"] or 0) for row in bills) == PLAN.total[1]
    assert sum(float(row["hours"] or 0) for row in rows) == PLAN.hours
    assert all(row["source"].startswith("http") for row in bills if row["usd_low"])


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data

    def all(self, tag: str) -> list[dict]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_the_page_stands_alone_and_says_every_risk_and_source() -> None:
    page = Page(roadmap.to_html(PLAN))
    assert page.all("html") == [{"lang": "en"}]
    assert page.all("img")[0]["alt"].startswith("A bar for each of 7 steps")
    assert not page.all("script") and not page.all("link")
    assert all(risk in page.said for risk in PLAN.risks)
    links = {a["href"] for a in page.all("a")}
    assert {cost.source for cost in PLAN.costs if cost.source} <= links
    assert len(page.all("caption")) == 5  # figure, steps, bills, ways, units


def test_the_figure_has_every_step_in_words_and_numbers() -> None:
    figure = PLAN.figure()
    assert list(figure.table.frame.columns) == ["step", "first day", "last day"]
    assert len(figure.table.frame) == len(PLAN.steps)
    assert "2028-" in figure.alt
    assert figure.png == roadmap.plan(PROFILE).figure().png


def test_nothing_to_draw_is_said() -> None:
    empty = PLAN.figure().table.frame.head(0)
    with pytest.raises(CourseError, match="nothing to draw"):
        plots.gantt(empty, title="Nothing", alt="Nothing.")


def test_a_saved_plan_is_opened_again(tmp_path: Path) -> None:
    file = roadmap.save(PLAN, tmp_path / "new" / "plan.json")
    assert roadmap.open_plan(file) == PLAN
    assert json.loads(file.read_text())["version"] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no saved plan"),
        ('{"format": "other", "version": 1}', "no saved plan"),
        ('{"format": "crosswalk-roadmap", "version": 2}', "newer version"),
        ('{"format": "crosswalk-roadmap", "version": 1, "profile": {"start": "soon"}}', "no day"),
    ],
)
def test_another_file_is_refused_and_left_alone(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(text)
    with pytest.raises(CourseError, match=said):
        roadmap.open_plan(file)
    assert file.read_text() == text


def test_the_text_twin_says_it_all(capsys: pytest.CaptureFixture[str]) -> None:
    roadmap.ask(PROFILE)
    said = " ".join(capsys.readouterr().out.split())
    for fact in (*PLAN.risks, *(c.source for c in PLAN.costs), *(s.title for s in PLAN.steps)):
        assert fact in said
    assert "check the page" in said
    assert "Assumed by the course, not published by anyone" in said


def test_the_form_makes_the_plan_of_its_values() -> None:
    widget = roadmap.planner(PROFILE)
    widget.ask()
    assert widget.plan == PLAN
    widget.ask(target="CCS", **{"price-tuition": "1500", "assume-prep_hours": "30", "held-CCA": True})
    assert widget.plan.profile.prices == {"tuition": 1500}
    assert widget.plan.profile.assumptions == {"prep_hours": 30}
    assert widget.plan.profile.certifications == ("CCA",)
    assert "CCS exam on" in widget.summary
    before = widget.html
    widget.ask(hours="lots")
    assert widget.problem == "Hours a week: 'lots' is no number. Write digits, as 8 or 2.5."
    assert widget.html == before
    widget.ask(hours="8")
    assert widget.problem == ""


def test_the_form_tells_the_browser_that_it_has_answered() -> None:
    widget = roadmap.planner()
    assert widget.html == ""  # nothing is computed until it is asked
    widget.asked = 1
    assert widget.answered == 1
    assert widget.plan is not None


def test_the_static_form_is_an_example_that_does_not_depend_on_the_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def bundle(widget: PlannerWidget) -> dict[str, str]:
        return widget._repr_mimebundle_()[0]

    class Later(date):
        @classmethod
        def today(cls) -> "Later":
            return cls(2031, 5, 5)

    before = bundle(roadmap.planner())
    monkeypatch.setattr("course_lib.widgets.roadmap.date", Later)
    widget = roadmap.planner()
    assert widget.values["start"] == "2031-05-05"
    assert bundle(widget)["text/html"] == before["text/html"]
    assert "An example. CPC exam on 2027-12-13" in before["text/html"]
    assert "roadmap.ask(" in before["text/plain"]


def run(*words: str):
    return CliRunner().invoke(app, ["roadmap", *words])


def test_the_command_writes_every_form_and_opens_what_it_saved(tmp_path: Path) -> None:
    files = {kind: tmp_path / f"plan.{kind}" for kind in ("ics", "csv", "html")}
    options = [word for kind, file in files.items() for word in (f"--{kind}", str(file))]
    words = ["plan", "--start", "2027-01-11", "--budget", "500", "--monthly", "20", "--no-diploma"]
    done = run(*words, *options, "--save", str(tmp_path / "plan.json"))
    assert done.exit_code == 0, done.output
    assert done.stdout == f"{PLAN}\n"
    assert files["ics"].read_bytes().decode() == roadmap.to_ics(PLAN)
    assert files["csv"].read_text() == roadmap.to_csv(PLAN)
    assert files["html"].read_text() == roadmap.to_html(PLAN)
    opened = run("open", str(tmp_path / "plan.json"), "--json")
    assert json.loads(opened.stdout)["profile"]["start"] == "2027-01-11"


def test_the_command_compares_and_takes_your_figures() -> None:
    assert "RHIT" in run("compare", "--start", "2027-01-11").stdout
    made = run("plan", "--start", "2027-01-11", "--price", "tuition=1800", "--json")
    tuition = next(c for c in json.loads(made.stdout)["costs"] if c["id"] == "tuition")
    assert (tuition["low"], tuition["trust"]) == (1800, "yours")
    wrong = run("plan", "--start", "2027-01-11", "--price", "tuition")
    assert isinstance(wrong.exception, CourseError)
