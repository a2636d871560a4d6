"""The coverage matrix finds an empty cell and a name that stands for nothing, and prints both."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course_lib.cli import app
from course_lib.notebooks import coverage
from course_lib.notebooks.model import Notebook

ROOT = Path(__file__).parents[2]
FULL = """
lessons:
  - lesson: 90_good
    objectives:
      - objective: Read the chapter of a code
        exercises: [a01/first_letter_upper]
        charts: [ankle]
      - objective: Count its characters
        exercises: [a01/explains_letter]
        no_chart: What is counted is the book.
"""


@pytest.fixture
def course(
    good: Callable[[str], Notebook], sample_data: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], Path]:
    """Return a function that makes a course of a lesson, an assignment, a chart and a coverage file."""
    charts = sample_data / "encounters" / "charts"
    charts.mkdir(parents=True)
    (charts / "ankle.yaml").write_text("id: ankle\n")
    good("lesson"), good("assignment")
    monkeypatch.setenv("COURSE_ROOT", str(sample_data.parent))

    def make(mapping: str) -> Path:
        (sample_data / "coverage.yaml").write_text(mapping)
        return sample_data.parent

    return make


def test_a_full_matrix_has_no_problem(course: Callable[[str], Path]) -> None:
    root = course(FULL)
    assert [str(problem) for problem in coverage.problems(root)] == []
    first, second = coverage.matrix(root)
    assert first.exercises == ("a01/first_letter_upper",) and first.charts == ("ankle",)
    assert len(first.questions) == len(second.questions) == 11
    assert second.empty == [] and second.waived["charts"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[a01/first_letter_upper]", "[]", "'Read the chapter of a code': no exercises"),
        ("        no_chart: What is counted is the book.\n", "", "'Count its characters': no charts"),
        ("a01/first_letter_upper", "a01/no_such_cell", "there is no exercise 'a01/no_such_cell'"),
        ("[ankle]", "[knee]", "there is no chart 'knee'"),
        ("Count its characters", "Sing", "'sing' is no objective of 90_good"),
        (
            "      - objective: Count its characters\n        exercises: [a01/explains_letter]\n"
            "        no_chart: What is counted is the book.\n",
            "",
            "'Count its characters': no exercises",
        ),
    ],
)
def test_an_empty_cell_or_a_wrong_name_is_found(
    old: str, new: str, told: str, course: Callable[[str], Path]
) -> None:
    assert old in FULL
    found = [str(problem) for problem in coverage.problems(course(FULL.replace(old, new)))]
    assert any(told in line for line in found), found


def test_an_objective_without_a_question_is_an_empty_cell(course: Callable[[str], Path]) -> None:
    root = course(FULL)
    for file in (root / "datasets" / "quizzes").glob("*.yaml"):
        file.write_text(file.read_text().replace("Count its characters", "Weigh its characters"))
    assert any("'Count its characters': no questions" in str(p) for p in coverage.problems(root))


def test_the_command_prints_the_matrix_and_fails_on_an_empty_cell(course: Callable[[str], Path]) -> None:
    course(FULL)
    full = CliRunner().invoke(app, ["check", "--coverage"])
    assert full.exit_code == 0 and "none needed" in full.output, full.output
    course(FULL.replace("[ankle]", "[]"))
    result = CliRunner().invoke(app, ["check", "--coverage", "--json"])
    told = json.loads(result.output)
    assert result.exit_code == 1 and len(told["rows"]) == 2 and "no charts" in told["problems"][0]


def test_the_real_matrix_has_no_empty_cell_and_no_name_that_stands_for_nothing() -> None:
    assert [str(problem) for problem in coverage.problems(ROOT)] == []


def test_an_exercise_taken_out_of_the_real_matrix_is_missed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = coverage.datasets.load_yaml

    def without_use_of(file: str, kind: type) -> object:
        spoiled = tmp_path / "coverage.yaml"
        spoiled.write_text((ROOT / "datasets" / file).read_text().replace("a01/use_of", ""))
        return read(spoiled, kind)

    monkeypatch.setattr(coverage.datasets, "load_yaml", without_use_of)
    found = [str(problem) for problem in coverage.problems(ROOT)]
    assert len(found) == 1 and "name the four uses of coded data" in found[0], found
