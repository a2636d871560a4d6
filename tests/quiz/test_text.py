"""The text twin and the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from course_lib import progress, quiz
from course_lib.cli import app


def test_ask_prints_every_question_and_no_key(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quiz.ask("sample")
    assert (
        capsys.readouterr().out
        == """\
A sample quiz (ICD-10-CM 2026-04-01)

1. Which of these can stand on a claim? [billable]
   A  E11
   B  E11.22
   C  E11.2

2. Which codes belong to the category E11? Choose every right answer. [same-category]
   A  E11.22
   B  E10.22
   C  E11.9
   D  O24.111

3. Where does the dot of a code stand? [dot]
   A  After the second character
   B  After the third character
   C  Before the last character

To answer: quiz.ask("sample", {"billable": "A"})
"""
    )
    assert not progress.default_path().exists()


def test_ask_grades_and_keeps_the_answers(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quiz.ask("sample", {"billable": "B", "same-category": "AB"})
    assert (
        capsys.readouterr().out
        == """\
1. [billable] Right.
   B  right: Nothing stands below it, so it is billable.
   A code is billable when it has all its characters.
   Source: ICD-10-CM Tabular List, April 2026, category E11 <https://www.cms.gov/medicare/coding-billing/icd-10-codes>

2. [same-category] Not right: 1 of the 2 right options chosen, and 1 wrong one.
   A  right: Its first three characters are E11.
   B  not right: Its first three characters are E10, type 1 diabetes.
   Source: ICD-10-CM Tabular List, April 2026, categories E10, E11 and O24

1 of 3 points, 2 answered.
   1 of 1  Tell a header from a billable code
   0 of 2  Read a code from left to right
"""
    )
    kept = progress.open()
    item = kept.get("sample", "same-category")
    assert item is not None
    assert (item.answer, item.correct) == ([0, 1], False)
    assert kept.get("sample", "dot") is None


def test_ask_one_question(bank: Path, capsys: pytest.CaptureFixture[str]) -> None:
    quiz.ask("sample", question="dot")
    out = capsys.readouterr().out
    assert "1. Where does the dot" in out
    assert "claim" not in out


def test_overview_counts_kept_answers(bank: Path) -> None:
    quiz.ask("sample", {"billable": "B", "dot": "A"})
    (row,) = quiz.overview().to_dict("records")
    assert row == {
        "quiz": "sample",
        "title": "A sample quiz",
        "lesson": "lessons/sample.ipynb",
        "questions": 3,
        "answered": 2,
        "right": 1,
    }


def test_take_asks_again_grades_and_keeps(bank: Path) -> None:
    done = CliRunner().invoke(app, ["quiz", "take", "sample"], input="X\nb\n\nB\n")
    assert done.exit_code == 0, done.output
    assert "Its options are A to C" in done.output
    assert "Right." in done.output
    assert "Not answered." in done.output
    assert "2 of 3 points, 2 answered." in done.output
    assert [progress.open().get("sample", name) is None for name in ("billable", "same-category", "dot")] == [
        False,
        True,
        False,
    ]


def test_list_shows_the_quiz(bank: Path) -> None:
    done = CliRunner().invoke(app, ["quiz", "list"])
    assert done.exit_code == 0
    assert "sample" in done.output


def test_check_ends_with_status_1_on_a_fault(bank: Path) -> None:
    assert CliRunner().invoke(app, ["quiz", "check", "sample"]).exit_code == 0
    bank.write_text(bank.read_text().replace("url: https://", "url: http://"))
    done = CliRunner().invoke(app, ["quiz", "check"])
    assert done.exit_code == 1
    assert f"{bank}:23: " in done.output
