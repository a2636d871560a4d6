"""Lessons 05 to 07: their numbers are in their outputs, and their keys come out of the tables again."""

import re
from datetime import date
from pathlib import Path

import pytest

from course_lib import cpt, datasets, em, hcpcs, icd10pcs, modifiers, msdrg, quiz
from course_lib.errors import CourseError
from course_lib.notebooks import model
from course_lib.notebooks.rules.common import output_texts

LESSONS = Path(__file__).parents[2] / "notebooks" / "lessons"
NAMES = [
    "05_cpt_shape_of_a_procedure_code.ipynb",
    "06_choosing_an_office_visit_level.ipynb",
    "07_other_procedure_sets.ipynb",
]
# Grouped numbers and numbers with a decimal point: 1,978 and 40.42, but no section of a rule.
NUMBER = re.compile(r"(?<![\w.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w])|(?<![\w.])\d+\.\d{2,4}(?![\w.])")
OTHER = {
    "11,000",  # codes of the CPT book, from codes/comparison.csv
    "412.60", "162.1002", "30.6", "40.1",  # sections of rules
    "33.4009",  # the conversion factor stands in the code
}  # fmt: skip
FACTOR = 33.4009  # CMS, 2026, clinicians who are not in a qualifying payment model


def right(question):
    return [option.text for option in question.options if option.correct]


def pairs(question):
    return {re.sub("`", "", pair.text): pair.choice for pair in question.pairs}


@pytest.fixture(scope="module")
def ask():
    """Give a question by its quiz and its id."""
    return lambda name, of: next(q for q in quiz.load(name).questions if q.id == of)


@pytest.fixture(scope="module")
def table():
    return cpt.load()


@pytest.mark.parametrize("name", NAMES)
def test_a_number_in_the_prose_is_in_an_output(name):
    notebook = model.load(LESSONS / name)
    cells = [cell for cell in notebook.code if "quiz.show" not in cell.source]
    shown = " ".join(text for cell in cells for text in output_texts(cell))
    shown = re.sub(r"(?<=\d),(?=\d{3})", "", shown)
    prose = " ".join(cell.source for cell in notebook.prose)
    told = {number for number in NUMBER.findall(prose) if number not in OTHER}
    assert told, "nothing to check: the pattern is wrong"
    assert {number for number in told if number.replace(",", "") not in shown} == set()


def test_a_wrong_number_is_found():
    assert NUMBER.findall("It is 40.42 dollars, or 19,401.60 a year (chapter 12, section 40.1).") == [
        "40.42",
        "19,401.60",
    ]


def test_keys_of_the_sections_and_kinds(ask, table):
    for code, section in pairs(ask("cpt-shape", "match-the-section")).items():
        assert table[code].section == section
    for code, kind in pairs(ask("cpt-shape", "match-the-category")).items():
        assert (cpt.kind(code) == kind) if code[0].isdigit() else code in hcpcs.load()


def test_keys_of_split_tests(ask, table):
    reading = table["71046"].parts["26"].total(facility=False)
    assert ask("cpt-shape", "units-of-a-reading").number.value == reading
    for option in ask("cpt-shape", "which-takes-26").options:
        code, indicator = re.findall(r"\w+", option.text)
        assert table[code].pctc == indicator
        try:
            modifiers.attach(table[code], "26")
        except CourseError:
            assert option.correct
        else:
            assert not option.correct


def test_the_pair_that_is_wrong_for_every_record(ask, table):
    for option in ask("cpt-shape", "wrong-for-every-record").options:
        code, modifier = option.text.strip("`").split("-")
        try:
            modifiers.attach(table[code], modifier)
        except CourseError:
            assert option.correct
        else:
            assert not option.correct


def test_keys_of_global_days(ask, table):
    first, last = table["29881"].global_period(date(2026, 6, 10))
    assert ask("cpt-shape", "days-in-all").number.value == (last - first).days + 1
    ends = {item.place: item.text.strip("`")[:5] for item in ask("cpt-shape", "order-of-the-last-days").items}
    days = [table[ends[place]].global_period(date(2026, 6, 10))[1] for place in sorted(ends)]
    assert days == sorted(days)
    assert right(ask("checks-05", "last-covered-day")) == [f"{days[1]:%B} {days[1].day}"]


def test_keys_of_decisions(ask):
    for three, level in pairs(ask("office-visits", "match-two-of-three")).items():
        assert em.decisions(*three.split(", ")) == level
    visits = {item.place: item.text.split(", ") for item in ask("office-visits", "order-the-visits").items}
    codes = [em.level(*visits[place], new_patient=False) for place in sorted(visits)]
    assert codes == ["99212", "99213", "99214", "99215"]
    low, extensive, moderate = em.PROBLEMS[1], em.DATA[3], em.RISK[2]
    assert right(ask("checks-06", "middle-one"))[0].lower().startswith(em.decisions(low, extensive, moderate))


def test_keys_of_times(ask):
    assert ask("office-visits", "minimum-of-the-top").number.value == em.levels()["99215"].minutes
    assert em.level_by_time(44, new_patient=True) in right(ask("office-visits", "one-minute-short"))[0]
    new = [visit for visit in em.levels().values() if visit.new_patient]
    assert right(ask("office-visits", "codes-for-new-patients"))[0].startswith(
        {4: "Four", 5: "Five"}[len(new)]
    )


def test_keys_in_dollars(ask, table):
    amounts = {code: table[code].rvu.total(facility=False) * FACTOR for code in ("99213", "99214")}
    step = round(amounts["99214"], 2) - round(amounts["99213"], 2)
    year = ask("office-visits", "a-year-of-one-level").number
    assert year.value == pytest.approx(step * 5 * 48, abs=0.01)
    stay = ask("other-procedure-sets", "weight-times-rate").number
    assert stay.value == pytest.approx(6000 * msdrg.load()["470"].weight, abs=0.01)


def test_keys_of_drugs(ask):
    table = hcpcs.load()
    assert ask("checks-07", "six-hundred").number.value == table["J0696"].units(600, "mg")
    assert ask("other-procedure-sets", "sixty-of-ketorolac").number.value == table["J1885"].units(60, "mg")
    claim = right(ask("other-procedure-sets", "one-unit-for-each-milligram"))[0]
    assert f"{table['J0696'].units(500, 'mg')} units" in claim


def test_keys_of_hospital_codes(ask):
    cecum = icd10pcs.build("0DT", body_part="Cecum", approach="4")
    assert right(ask("other-procedure-sets", "build-the-cecum")) == [f"`{cecum}`"]
    boxes = list(icd10pcs.describe("0DTN0ZZ"))
    for text, axis in pairs(ask("other-procedure-sets", "match-the-box")).items():
        character, place = re.fullmatch(r"(\w) in place (\d)", text).groups()
        assert "0DTN0ZZ"[int(place) - 1] == character
        assert boxes[int(place) - 1] in axis
    order = {item.place: item.text for item in ask("other-procedure-sets", "order-of-the-boxes").items}
    assert [order[place] for place in sorted(order)] == boxes
    operations = {operation.name for operation in icd10pcs.root_operations().values()}
    assert set(pairs(ask("other-procedure-sets", "match-the-operation")).values()) <= operations


def test_the_groups_told_in_the_questions_are_those_of_the_table():
    text = datasets.path("quizzes/other-procedure-sets.yaml").read_text(encoding="utf-8")
    told = re.findall(r"(\d{3}) (?:with \w+|with neither) \((\d\.\d{4})\)", text)
    assert len(told) == 3
    assert all(msdrg.load()[code].weight == float(weight) for code, weight in told)
