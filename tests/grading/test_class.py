"""The loop from release to report, on one class with a real gradebook."""

import csv
import json
import re

import pytest
from nbgrader.apps import NbGraderAPI
from nbgrader.validator import Validator
from PIL import Image
from traitlets.config import Config

from course_lib.grading import loop, pictures
from course_lib.grading.course import open_course
from course_lib.grading.outcomes import Log

pytestmark = pytest.mark.grading

A01, NOTEBOOK = "a01_code_shapes", "code_shapes.ipynb"


def validate(course, path, *, invert):
    checker = Validator(config=course.config)
    checker.invert = invert
    return checker.validate(str(path))


def test_the_solution_passes_nbgrader_validate(graded):
    assert validate(graded.course, graded.course.source / A01 / NOTEBOOK, invert=False) == {}


def test_no_check_of_the_students_copy_passes(graded):
    path = graded.course.release / A01 / NOTEBOOK
    assert validate(graded.course, path, invert=True) == {}
    # The control: read the other way, the same notebook fails.
    assert validate(graded.course, path, invert=False)["failed"]


def test_the_students_copy_is_alone_in_its_folder(graded):
    assert [p.name for p in (graded.course.release / A01).iterdir()] == [NOTEBOOK]


def test_every_simulated_student_has_the_expected_points(graded):
    assert {s.profile for s in graded.students} >= {"right", "partial", "careless", "empty", "wrong", "late"}
    for student in graded.students:
        earned = graded.points(student.id)
        assert {cell: earned[cell] for cell in student.expected} == student.expected, student


def test_scores_by_profile(graded):
    scores = {s.profile: graded.row(s.id).score for s in graded.students}
    assert scores["right"] == 26
    assert scores["empty"] == 0
    assert 0 < scores["partial"] < 26
    assert 0 < scores["careless"] < 26


def test_an_explanation_waits_for_a_person_only_when_there_is_one(graded):
    waiting = {s.profile for s in graded.students if graded.row(s.id).by_hand}
    assert waiting >= {"right", "late"}
    assert "empty" not in waiting


def test_late_work_is_flagged_and_loses_ten_percent_a_day_begun(graded):
    late = next(s for s in graded.students if s.profile == "late")
    row = graded.row(late.id)
    assert (row.hours_late, row.penalty, row.score) == (30.0, 5.2, 20.8)
    assert [r.student for r in graded.report.late] == [late.id]


@pytest.mark.parametrize(
    ("student", "told"),
    [
        ("bad-json", r"not JSON \(line \d+"),
        ("copied-cell", "both have the id 'normalise_dots'"),
        ("other-schema", "nbgrader schema 99, expected 3"),
    ],
)
def test_a_damaged_submission_is_named_and_has_no_grade(graded, student, told):
    assert re.search(told, graded.outcomes[student].fault)
    row = graded.row(student)
    assert row.score is None
    assert row.fault


def test_a_hand_in_without_the_notebook_is_told_when_collecting(graded):
    (told,) = [c for c in graded.collected if c.student == "no-notebook"]
    assert "code_shapes.ipynb is missing (found: homework.ipynb)" in told.fault
    assert "no-notebook" not in graded.outcomes


def test_damaged_submissions_stop_nobody(graded):
    assert {graded.outcomes[s.id].status for s in graded.students} == {"graded"}


def test_feedback_has_the_message_of_a_failed_check_and_no_hidden_test(graded):
    assert all(o.status == "graded" for o in graded.feedback)
    source = json.loads((graded.course.source / A01 / NOTEBOOK).read_text(encoding="utf-8"))
    hidden = [
        line.strip()
        for cell in source["cells"]
        for line in "".join(cell["source"]).partition("BEGIN HIDDEN TESTS")[2].splitlines()
        if len(line.strip()) > 30 and "END HIDDEN" not in line
    ]
    assert len(hidden) > 20
    for student in graded.students:
        page = (graded.course.feedback / student.id / A01 / "code_shapes.html").read_text(encoding="utf-8")
        text = re.sub(r"<[^>]+>", "", page).replace("&quot;", '"').replace("&#39;", "'").replace("&gt;", ">")
        shown = [line for line in hidden if line in text]
        # A hidden line that the cell also shows openly (an import, `whole = ...`) is no leak.
        assert [line for line in shown if line not in json.dumps(source).replace('\\"', '"')] == []
        assert not [line for line in shown if "printed" in line or "groups[" in line or "sample" in line]
        if student.profile == "empty":
            assert "returned nothing. Is it answered" in text


def test_the_report_is_complete_in_every_form(graded):
    text = graded.files["md"].read_text(encoding="utf-8")
    assert re.search(r"!\[Histogram of scores in a01_code_shapes\. Students by score: .+\]\(a01\.png\)", text)
    assert "| bad-json |  |  |  | no grade: code_shapes.ipynb is not JSON" in text
    assert "| normalise_dots | 2 |" in text
    page = graded.files["html"].read_text(encoding="utf-8")
    assert '<img alt="Histogram of scores' in page.replace('src="a01.png" ', "")
    rows = list(csv.DictReader(graded.files["csv"].open(encoding="utf-8")))
    assert [r["student"] for r in rows] == [r.student for r in graded.report.students]
    picture = Image.open(graded.files["png"])
    assert picture.info["Description"] == pictures.alt_text(graded.report)
    assert picture.size > (600, 300)


def test_the_histogram_counts_every_score_once(graded):
    assert sum(n for _, _, n in pictures.bins(graded.report)) == len(graded.report.scores)


def test_cells_are_reported_in_the_order_of_the_notebook(graded):
    names = [cell.grade_id for cell in graded.report.cells]
    assert names[:2] == ["normalise_dots", "billable_or_header"]
    assert names[-1] == "explain_two_rejections"
    first = graded.report.cells[0]
    assert first.count("all") + first.count("some") + first.count("none") == len(graded.report.scores)


def test_grading_again_leaves_what_is_unchanged(graded):
    (again,) = loop.grade(graded.course, A01, [graded.students[0].id])
    assert again.status == "unchanged"
    assert Log(graded.course, A01).outcomes()[graded.students[0].id].status == "graded"


def test_formgrader_sees_the_same_course(graded, monkeypatch):
    monkeypatch.chdir(graded.course.root)
    api = NbGraderAPI(config=Config(open_course(graded.course.root).config))
    assert api.get_source_assignments() == {A01}
    assert api.get_submitted_students(A01) == set(graded.outcomes)
    assert api.get_assignment(A01)["max_score"] == 30
    assert api.get_autograded_students(A01) == {s.id for s in graded.students}
