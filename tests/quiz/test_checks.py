"""`quiz.check` accepts the sample and the course's own bank, and names each fault by file and line."""

from pathlib import Path

import pytest

from course_lib import quiz
from course_lib.errors import CourseError

BOOK = {"E10", "E10.22", "E11", "E11.2", "E11.22", "E11.9", "O24", "O24.111"}


def faults(quiz_id: str | None = "sample") -> list[CourseError]:
    return quiz.check(quiz_id, book=lambda edition: BOOK)


def test_the_courses_own_bank_has_no_fault() -> None:
    assert quiz.ids(), "the course has no quiz"
    assert [str(fault) for fault in quiz.check()] == []


def test_the_sample_is_sound_against_the_real_code_book(bank: Path) -> None:
    assert quiz.check("sample") == []


# What to replace in the sample, with what, what `check` must say, and the line that it must point at.
SPOILED = [
    ("id: sample\n", "id: simple\n", "is not the file's name", "id: simple"),
    ("sample.ipynb", "gone.ipynb", "no notebook notebooks/lessons/gone.ipynb", "lesson:"),
    ("id: dot\n", "id: billable\n", "'billable' is used twice", "- id: billable"),
    ("id: dot\n", "id: The_Dot\n", "is not lower case", "The_Dot"),
    ("kind: single", "kind: multipel", "Invalid enum value 'multipel'", "multipel"),
    ("    hint: Look", "    hnit: Look", "unknown key", "hnit"),
    ("difficulty: 2", "difficulty: 4", "4", "difficulty: 4"),
    ("correct: true\n", "correct: false\n", "0 right options", "options:"),
    ("correct: false\n", "correct: true\n", "2 right options", "options:"),
    ("why: A longer code keeps it where it is.", "why: ''", "`why` is empty", "why: ''"),
    ('text: "`E11.2`"', "text: E11", "is there twice", "text: E11"),
    ('"`O24.111`"', '"`O24.119`"', "O24.119 is not in ICD-10-CM 2026-04-01", "`O24.119`"),
    ("codes: [E11, E11.2", "codes: [E1122, E11.2", "E1122 is not in", "codes: [E1122"),
    ("Look for a code", "Look for vitamin B12", "B12 is not in", "hint:"),
    ("codes: [E11, E11.2, E11.22]", "not_codes: [E11]", "E11 is a code", "not_codes:"),
    ("url: https://", "url: http://", "is no https address", "url: http://"),
    ("text: ICD-10-CM Tabular List, April 2026\n", "text: ''\n", "`text` is empty", "text: ''"),
]


@pytest.mark.parametrize(("old", "new", "said", "at"), SPOILED)
def test_a_fault_is_named_with_its_line(bank: Path, old: str, new: str, said: str, at: str) -> None:
    text = bank.read_text()
    assert old in text
    before, _, after = text.partition(old)
    bank.write_text(before + new + after)
    found = faults()
    assert len(found) >= 1
    fault = found[0]
    assert said in str(fault)
    assert fault.path == bank
    assert fault.line is not None
    assert at in bank.read_text().splitlines()[fault.line - 1]


def test_a_question_with_two_options_is_too_easy(bank: Path) -> None:
    text = bank.read_text()
    start = text.rindex("      - text: Before the last character")
    end = text.rindex("    source:")
    bank.write_text(text[:start] + text[end:])
    assert ["2 options; a question has 3 or more." in str(fault) for fault in faults()] == [True]


def test_a_multiple_choice_with_nothing_wrong_is_refused(bank: Path) -> None:
    text = bank.read_text()
    start, end = text.index("  - id: same-category"), text.index("  - id: dot")
    bank.write_text(text[:start] + text[start:end].replace("correct: false", "correct: true") + text[end:])
    assert ["4 of 4 options are right" in str(fault) for fault in faults()] == [True]


def test_a_word_under_not_codes_is_let_through(bank: Path) -> None:
    text = bank.read_text().replace("hint: Look for a code", "hint: Vitamin B12 is no code")
    bank.write_text(text.replace("    codes: [E11, E11.2, E11.22]", "    not_codes: [B12]"))
    assert faults() == []


def test_an_edition_without_a_code_book_is_a_fault_and_not_a_crash(bank: Path) -> None:
    def no_book(edition: str) -> set[str]:
        raise CourseError(f"edition {edition} is not installed.")

    found = quiz.check("sample", book=no_book)
    assert len(found) == 3
    assert "edition 2026-04-01 is not installed" in str(found[0])


def test_unreadable_yaml_is_named_with_its_line(bank: Path) -> None:
    bank.write_text(bank.read_text().replace("kind: single", "kind: [single", 1))
    (fault,) = faults()
    assert fault.path == bank
    assert fault.line is not None


def test_one_bad_file_does_not_hide_another(bank: Path) -> None:
    (bank.parent / "bad.yaml").write_text("id: bad\n")
    bank.write_text(bank.read_text().replace("url: https://", "url: http://"))
    assert {fault.path.name for fault in faults(None) if fault.path} == {"bad.yaml", "sample.yaml"}
