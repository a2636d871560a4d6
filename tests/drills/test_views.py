"""The text twin, the widget without a browser, and the command."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from course_lib import drills
from course_lib.cli import app
from course_lib.quiz.engine import LETTERS


def key_of(family: str, seed: int) -> int:
    return min(drills.item(family, seed).question.key)


def test_the_text_twin_asks_grades_and_keeps_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    drills.ask("placeholder", seed=4)
    assert "placeholder-4" in capsys.readouterr().out
    drills.ask("placeholder", seed=4, answer=LETTERS[key_of("placeholder", 4)])
    out = capsys.readouterr().out
    assert out.startswith("Right.") and "Source: ICD-10-CM Tabular List" in out
    assert [r.correct for r in drills.reviews()] == [True]


def test_the_widget_keeps_the_first_answer_only_and_goes_on() -> None:
    widget = drills.practice("laterality", seed=2)
    first, key = widget.item["question"]["id"], key_of("laterality", 2)
    widget.answers = {first: [(key + 1) % 3]}
    widget.answers = {first: [key]}
    assert [r.correct for r in drills.reviews()] == [False]
    widget.wanted = 2
    assert widget.item["number"] == 2 and widget.item["question"]["id"] == "laterality-3"
    widget.answers = {**widget.answers, "laterality-3": [key_of("laterality", 3)]}
    assert [r.correct for r in drills.reviews()] == [False, True]
    assert widget.score.startswith("1 of 2 right")


def test_a_log_that_cannot_be_written_is_told_and_the_drill_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "file" / "progress.json"))
    widget = drills.practice("chapter", seed=1)
    widget.answers = {"chapter-1": [0]}
    assert "not kept" in widget.notice and widget.score


def test_the_widget_reads_well_when_it_is_not_run() -> None:
    data = drills.practice("order", seed=3)._repr_mimebundle_()[0]
    assert "In which order" in data["text/html"] and "<details>" in data["text/html"]
    assert 'drills.ask("order", seed=3)' in data["text/plain"]


def test_the_script_is_one_module_with_one_export() -> None:
    script = str(drills.practice("chapter", seed=1)._esm)
    assert script.count("export default") == 1 and "class Card" in script


def test_the_command_lists_and_practises() -> None:
    run = CliRunner().invoke
    assert "laterality" in run(app, ["drills", "list"], env={"COLUMNS": "200"}).output
    answers = "".join(f"{LETTERS[key_of('chapter', seed)]}\n" for seed in (5, 6))
    done = run(app, ["drills", "practice", "chapter", "--seed", "5", "--n", "2"], input=answers)
    assert done.exit_code == 0 and "2 of 2 right (ICD-10-CM" in done.output
    assert len(drills.reviews()) == 2


def test_an_empty_answer_ends_the_drill_and_a_wrong_letter_is_asked_again() -> None:
    done = CliRunner().invoke(app, ["drills", "practice", "header", "--seed", "5"], input="Z\n\n")
    assert "Its options are" in done.output and "0 of 0 right" in done.output
    assert drills.reviews() == []
