"""What the lessons and their questions say in prose agrees with the data they show."""

import re
from datetime import date
from pathlib import Path

import pytest

from course_lib import cpt, datasets, icd10cm
from course_lib.notebooks import model
from course_lib.notebooks.rules.common import output_texts

LESSONS = Path(__file__).parents[2] / "notebooks" / "lessons"
OF_LESSON = {
    "01_what_medical_coding_is.ipynb": ["what-is-coding", "checks-01"],
    "02_icd10cm_shape_of_a_code.ipynb": ["icd-structure", "checks-02"],
    "03_finding_a_diagnosis_code.ipynb": ["finding-a-code", "checks-03"],
    "04_guidelines_at_work.ipynb": ["guidelines-at-work", "checks-04"],
    "16_capstone.ipynb": ["capstone", "checks-16"],
}
# Numbers of the next code year: counted from CMS's Medicare Code Editor tables (FY 2027),
# not from the edition that the lesson runs on.
NEXT_YEAR = {"74,879"}
_GROUPED = re.compile(r"\b\d{1,3}(?:,\d{3})+\b")


def unproved(prose: str, shown: str) -> set[str]:
    """Return the grouped numbers (74,719) of a text that no output shows, grouped or plain."""
    plain = set(re.findall(r"\d+", shown.replace(",", "")))
    return {n for n in _GROUPED.findall(prose) if n.replace(",", "") not in plain} - NEXT_YEAR


@pytest.fixture(scope="module")
def frame():
    return icd10cm.load("2026-04-01").to_frame()


@pytest.mark.parametrize("name", OF_LESSON)
def test_a_number_in_the_prose_is_in_an_output(name):
    notebook = model.load(LESSONS / name)
    shown = " ".join(text for cell in notebook.code for text in output_texts(cell))
    prose = " ".join(cell.source for cell in notebook.prose)
    assert _GROUPED.search(prose), "nothing to check: the pattern is wrong"
    assert not unproved(prose, shown)


def test_a_wrong_number_in_the_prose_is_found():
    assert unproved("There are 74,720 codes, not 1,068.", "74719 and 1,068") == {"74,720"}


@pytest.mark.parametrize(
    "name", [*OF_LESSON["01_what_medical_coding_is.ipynb"], *OF_LESSON["02_icd10cm_shape_of_a_code.ipynb"]]
)
def test_a_number_in_a_question_is_a_count_of_the_book(name, frame):
    billable = frame[frame.billable]
    counts = [len(billable), *billable.groupby("chapter").size(), *billable.groupby("length").size()]
    text = datasets.path(f"quizzes/{name}.yaml").read_text(encoding="utf-8")
    assert not unproved(text, " ".join(str(count) for count in counts))


def test_the_clinic_s_codes_are_billable_on_their_days(frame):
    visits = datasets.read_csv("encounters/clinic_visits.csv")
    first, last = icd10cm.load("2026-04-01").effective
    assert set(visits.code) <= set(frame[frame.billable].code)
    assert all(first <= date.fromisoformat(day) <= last for day in visits.date)


def test_the_visit_s_codes_rest_on_its_record(frame):
    record = set(datasets.read_csv("encounters/ankle_visit.csv").section)
    codes = datasets.read_csv("encounters/ankle_visit_codes.csv")
    assert set(codes.section) <= record
    reasons, services = codes[codes.question == "why"], codes[codes.question == "what"]
    assert set(reasons.code) <= set(frame[frame.billable].code)
    assert {cpt.kind(code) for code in services.code} == {"Category I"}
    assert set(services.points_to) <= set(reasons.entry)
    assert not icd10cm.load("2026-04-01").check(list(reasons.code), on="2026-05-12", setting="outpatient")


def test_the_index_pages_lead_to_entries_of_the_book():
    book = icd10cm.load("2026-04-01")
    for file in ("external_cause_index_extract", "index_exercise"):
        page = datasets.read_csv(f"codes/{file}.csv")
        printed = page.code[page.code != ""]
        assert all(code in book for code in printed)
        # A dash says that more follows; without one nothing is promised.
        assert not [code for code in printed if code.endswith("-") and book[code].billable]
        assert set(page[page.depth == "0"].term) == set(page.main)
    # Each line of the exercise that sends you on, sends you to a main term of the same page.
    sent = [text.split(",")[0] for text in [*page.see, *page.see_also] if text]
    assert sent
    assert set(sent) <= set(page.main)


def test_the_visit_at_the_end_of_lesson_04_is_in_order():
    book = icd10cm.load("2026-04-01")
    second = ["H66.93", "E11.22", "I12.9", "N18.4", "Z79.4", "Z79.84"]
    assert not book.check(second, on="2026-06-02", setting="outpatient")
    source = " ".join(cell.source for cell in model.load(LESSONS / "04_guidelines_at_work.ipynb").code)
    assert f"second = {second}".replace("'", '"') in source
