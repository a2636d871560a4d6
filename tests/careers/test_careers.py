"""The four roles and the questionnaire."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from course_lib import careers, roadmap
from course_lib.cli import app
from course_lib.errors import CourseError

IDS = ["coder", "biller", "technician", "manager"]
QUESTIONS = [question.id for question in careers.questions()]
ANSWERS = st.dictionaries(st.sampled_from(QUESTIONS), st.integers(-2, 2))


def test_the_four_roles_are_complete() -> None:
    assert list(careers.roles()["id"]) == IDS
    for name in IDS:
        role = careers.role(name)
        assert len(role.duties) >= 4 and len(role.day) >= 6
        assert [task.time for task in role.day] == sorted(task.time for task in role.day)
        assert all(credential in roadmap.targets() for credential in role.credentials)
        assert role.occupation[:7] in str(role)


def test_every_figure_has_a_year_and_a_page_and_the_newest_is_first() -> None:
    for role in map(careers.role, IDS):
        for figure in (*role.pay, *role.growth):
            assert figure.source.startswith("https://")
            assert figure.trust in ("official", "secondary")
        assert [p.year for p in role.pay] == sorted((p.year for p in role.pay), reverse=True)
        assert all("second-hand" in line for line in str(role).splitlines() if "startright" in line)


def test_what_is_not_known_is_not_guessed() -> None:
    frame = careers.compare().set_index("role")
    assert frame.loc["Medical billing specialist", "growth in ten years"] == "check the page"
    assert frame.loc["Medical coder", "year"] == "2025"
    assert frame.loc["Medical office manager", "year"] == "2024"
    # One BLS occupation stands for both, and the table says so.
    assert frame.loc["Medical coder"].iloc[:2].equals(frame.loc["Medical records technician"].iloc[:2])


def test_the_yearly_pay_of_billers_is_the_hourly_median_times_2080() -> None:
    assert careers.role("biller").pay[0].median == round(23.32 * 2080)


def test_the_chart_names_year_and_code_of_every_bar() -> None:
    chart = careers.chart()
    for said in ("29-2072, 2025", "43-3021, 2025", "11-9111, 2024", "$117,960"):
        assert said in chart.alt
    values = chart.table.frame["US dollars a year"]
    assert values.max() > 2 * values[values < values.max()].max()  # as the alt text says


@given(ANSWERS)
def test_the_score_is_the_sum_that_the_table_shows(answers: dict[str, int]) -> None:
    result = careers.fit(answers)
    weights = {question.id: question.weights for question in careers.questions()}
    for role in IDS:
        assert result.points[role] == sum(value * weights[q][role] for q, value in answers.items())
        assert 0 <= result.percent[role] <= 100
    table = result.to_frame()
    assert [int(cell) for cell in table.iloc[-1, 2:]] == [result.percent[role] for role in IDS]


@given(ANSWERS)
def test_opposite_answers_give_the_opposite_score(answers: dict[str, int]) -> None:
    other = careers.fit({name: -value for name, value in answers.items()})
    assert other.points == {role: -points for role, points in careers.fit(answers).points.items()}


@pytest.mark.parametrize("role", IDS)
def test_a_person_made_for_a_role_gets_it(role: str) -> None:
    answers = {q.id: 2 if q.weights[role] > 0 else -2 for q in careers.questions() if q.weights[role]}
    result = careers.fit(answers)
    assert result.best == (role,)
    assert result.percent[role] == 100


def test_no_answer_speaks_for_no_role() -> None:
    result = careers.fit({})
    assert set(result.percent.values()) == {50}
    assert str(result).startswith("No statement is answered yet")


@pytest.mark.parametrize("answers", [{"nonsense": 1}, {"medicine": 3}, {"medicine": True}])
def test_a_wrong_answer_is_refused(answers: dict) -> None:
    with pytest.raises(CourseError):
        careers.fit(answers)


def test_the_explorer_shows_a_role_and_the_fit() -> None:
    widget = careers.explorer()
    assert widget.summary == "Shown: Medical coder."
    widget.ask(role="manager", people="2")
    assert widget.summary.startswith("Shown: Medical office manager. Best fit: Medical office manager")
    assert "+2 x +3 = +6" in widget.html
    static = widget._repr_mimebundle_()[0]
    assert "Medical coder" in static["text/html"]
    assert static["text/html"] == careers.explorer()._repr_mimebundle_()[0]["text/html"]
    assert 'careers.role("coder")' in static["text/plain"]


def test_the_command() -> None:
    run = CliRunner().invoke
    assert run(app, ["careers", "biller"]).stdout == f"{careers.role('biller')}\n"
    assert "29-2072" in run(app, ["careers"]).stdout
    found = json.loads(run(app, ["careers", "--json"]).stdout)
    assert [role["id"] for role in found] == IDS
    assert isinstance(run(app, ["careers", "nurse"]).exception, CourseError)
