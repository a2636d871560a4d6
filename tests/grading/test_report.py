"""The report's numbers and names, and the forms in which a class's points leave."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from course_lib import checks, coding
from course_lib.grading import analysis, exports, pages, report
from course_lib.grading.incidents import Incident
from course_lib.grading.report import CellRow, ClassReport, StudentRow

A01 = "a01_code_shapes"
POINTS = st.floats(0, 10, allow_nan=False).map(lambda value: round(value, 2))


@given(st.lists(st.tuples(POINTS, POINTS), min_size=5, max_size=30))
def test_discrimination_is_the_correlation_with_the_other_questions(rows):
    item = {str(n): mine for n, (mine, _) in enumerate(rows)}
    totals = {str(n): mine + rest for n, (mine, rest) in enumerate(rows)}
    found = analysis.discrimination(item, totals)
    x, y = np.array(rows).T
    if found is None:
        assert x.std() < 1e-5 or y.std() < 1e-5
    else:
        assert -1.0001 <= found <= 1.0001
        if x.std() > 1e-3 and y.std() > 1e-3:
            assert found == pytest.approx(np.corrcoef(x, y)[0, 1], abs=1e-6)


def test_a_small_class_or_equal_points_have_no_discrimination():
    four = dict.fromkeys("abcd", 1.0)
    assert analysis.discrimination(four, four) is None
    five = dict.fromkeys("abcde", 1.0)
    assert analysis.discrimination(five, {s: float(n) for n, s in enumerate(five)}) is None


@pytest.mark.parametrize(
    ("got", "expected", "kind"),
    [
        ("S52.501", "S52.501A", "seventh-character"),
        ("S52.501D", "S52.501A", "seventh-character"),
        ("E11", "E11.22", "not-specific"),
        ("I10", "E11.22", "category"),
        ("e11.22", "E11.22", "notation"),
        ("W19.000A", "W19.XXXA", "placeholder"),
    ],
)
def test_a_failed_check_has_the_name_of_its_coding_error(got, expected, kind):
    with pytest.raises(AssertionError) as told:
        checks.code(got, expected, "code()")
    assert checks.kinds(str(told.value)) == [kind]


def test_every_sentence_of_the_scorer_has_a_name():
    score = coding.score(["S52.501", "I10", "J44.1"], ["S52.501A", "E11.22"])
    named = checks.kinds(" ".join(score.feedback()))
    assert set(named) == {finding.kind for finding in score.findings} & set(coding.KINDS)
    assert checks.kinds("All is well.") == []


@pytest.mark.parametrize(
    ("answer", "expected", "kinds"),
    [
        (None, ["a"], ["not answered"]),
        ("a", ["a"], ["wrong type"]),
        (["a"], ["a", "b"], ["missing"]),
        (["a", "c", "d"], ["a", "b"], ["missing", "extra"]),
        (["b", "a"], ["a", "b"], ["order"]),
        (3, 4, ["wrong value"]),
    ],
)
def test_other_errors_have_plain_names(answer, expected, kinds):
    with pytest.raises(AssertionError) as told:
        checks.same(answer, expected, "f()")
    assert checks.kinds(str(told.value)) == kinds


def test_the_reports_errors_are_those_that_the_class_made(graded):
    found = {(row.grade_id, row.kind): set(row.students) for row in graded.report.errors}
    empty = next(s.id for s in graded.students if s.profile == "empty")
    assert empty in found["normalise_dots", "not answered"]
    right = {s.id for s in graded.students if s.profile in ("right", "late")}
    assert not [key for key, students in found.items() if students & right]
    kinds = analysis.by_kind(graded.report.errors)
    assert kinds == sorted(kinds, key=lambda row: (-row[1], row[0]))
    text = graded.files["md"].read_text(encoding="utf-8")
    assert "## Commonest errors" in text
    assert "| not answered |" in text


def test_who_needs_a_look_is_named_with_the_reason(graded):
    looks = {row.student: why for row, why in graded.report.looks()}
    assert "not JSON" in looks["bad-json"]
    empty = next(s.id for s in graded.students if s.profile == "empty")
    assert looks[empty] == "0 of the 26 points that are given by tests"
    assert not [s.id for s in graded.students if s.profile in ("right", "late") and s.id in looks]


def test_the_report_names_what_stock_nbgrader_would_have_done():
    incident = Incident("one", "score", "the result np.float64(0.0) counts as 0 points")
    student = StudentRow("a|b", 0.0, incidents=(incident,), seconds=0.5, cpu=0.2)
    cells = [CellRow("one", 3, by_hand=False, earned={"a|b": 0.0})]
    text = pages.markdown(ClassReport("a99", 3, [student], cells), [("x.png", "words"), ("y.png", "more")])
    assert (
        r"| a\|b | one | the result np.float64(0.0) counts as 0 points | stock nbgrader gives full marks"
        in text
    )
    assert "![words](x.png)" in text and "![more](y.png)" in text


def test_the_pictures_have_their_words_inside(graded):
    picture = Image.open(graded.files["questions.png"])
    assert "normalise_dots" in picture.info["Description"]
    assert picture.size > (600, 300)
    assert "a01-questions.png" in graded.files["html"].read_text(encoding="utf-8")


def test_canvas_and_moodle_get_a_row_a_student_and_nothing_for_no_grade(graded):
    with graded.course.gradebook() as gradebook:
        student = graded.students[0].id
        gradebook.update_or_create_student(
            student, first_name="Ada", last_name="L", email="ada@clinic.example", lms_user_id="4711"
        )
    canvas = list(csv.DictReader(io.StringIO(exports.canvas(graded.course, A01))))
    assert list(canvas[0])[:5] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    assert (canvas[0]["Student"], canvas[0][A01]) == ("Points Possible", "30")
    by_login = {row["SIS Login ID"]: row for row in canvas[1:]}
    assert (by_login[student]["Student"], by_login[student]["ID"]) == ("L, Ada", "4711")
    assert by_login["bad-json"][A01] == ""
    moodle = {r["username"]: r for r in csv.DictReader(io.StringIO(exports.moodle(graded.course, A01)))}
    assert moodle[student]["email"] == "ada@clinic.example"
    scores = {row.student: row.score for row in report.read(graded.course, A01).students}
    for row in (*moodle.values(), *by_login.values()):
        name = row.get("username") or row["SIS Login ID"]
        assert row[A01] == ("" if scores[name] is None else f"{scores[name]:g}")


def test_nbgraders_own_exporter_agrees_with_ours(graded):
    rows = {r["student_id"]: r for r in csv.DictReader(io.StringIO(exports.nbgrader(graded.course, A01)))}
    for row in graded.report.students:
        if row.score is not None:
            theirs = float(rows[row.student]["raw_score"]) - float(
                rows[row.student]["late_submission_penalty"]
            )
            assert max(0, theirs) == pytest.approx(row.score)
