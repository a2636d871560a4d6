"""`book.check`: every kind of finding, once where it must be said and once where it must not.

Each case names the note of the April 2026 Tabular List, or the guideline section, that decides it.
"""

import csv
import dataclasses
import re
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import datasets, icd10cm
from course_lib.codes.check import SETTINGS, SEVERITIES
from course_lib.codes.checks import additional, patient, together
from course_lib.codes.checks.refs import matches
from course_lib.errors import CourseError

IN_FORCE = "2026-09-01"


@pytest.fixture(scope="module")
def book():
    return icd10cm.load()


@pytest.fixture(scope="module")
def kinds(book):
    """Return a function: codes -> the set of kinds found on a day of the loaded edition."""

    def run(*codes, on=IN_FORCE, **known):
        return {finding.kind for finding in book.check(list(codes), on=on, **known)}

    return run


@pytest.fixture(scope="module")
def only(book):
    """Return a function: the one finding of a kind."""

    def run(kind, *codes, on=IN_FORCE, **known):
        found = [f for f in book.check(list(codes), on=on, **known) if f.kind == kind]
        assert len(found) == 1, found
        return found[0]

    return run


SAID = [
    # (kind, severity, codes, the note or guideline that decides)
    ("not-a-code", "error", ["Z99.999"], "Z99 has no such code"),
    ("not-a-code", "error", ["M79.31"], "M79.3 is not subdivided"),
    ("not-a-code", "error", ["E08-E13"], "a block"),
    ("not-a-code", "error", [""], "empty"),
    ("not-a-code", "error", ["99213"], "a number of another code set"),
    ("not-billable", "error", ["M54.5"], "I.B.2: subdivided"),
    ("not-billable", "error", ["R51"], "I.B.2: subdivided"),
    ("not-billable", "error", ["N18.3"], "I.B.2: subdivided"),
    ("not-billable", "error", ["G20"], "I.B.2: subdivided"),
    ("not-billable", "error", ["R10.2"], "I.B.2: subdivided"),
    ("not-billable", "error", ["S52.50"], "needs a 6th and a 7th character"),
    ("seventh-character-missing", "error", ["S42.201"], "7th characters at S42"),
    ("seventh-character-missing", "error", ["W19"], "7th characters at W19"),
    ("seventh-character-missing", "error", ["T36.0X5"], "7th characters at T36"),
    ("seventh-character-impossible", "error", ["S52.501Z"], "Z is not among the 16 of S52"),
    ("seventh-character-impossible", "error", ["S42.201C"], "S42 has A and B, no Gustilo type C"),
    ("seventh-character-impossible", "error", ["E11.9XXA"], "E11 defines no 7th character"),
    ("seventh-character-impossible", "error", ["S52.50A"], "the 7th character in 6th place"),
    ("placeholder-x", "error", ["W19A"], "I.A.4 and I.A.5"),
    ("placeholder-x", "error", ["T36.05A"], "I.A.4 and I.A.5: T36.0X5A"),
    ("placeholder-x", "error", ["W19.XA"], "I.A.4 and I.A.5"),
    ("duplicate", "error", ["E11.9", "e119"], "I.B.12"),
    ("excludes1", "error", ["N39.0", "N30.00"], "N39.0 Excludes1: cystitis (N30.-)"),
    ("excludes1", "error", ["E10.9", "E11.9"], "E10 Excludes1: type 2 (E11.-), inherited"),
    ("excludes1", "error", ["I20.9", "I25.10"], "I20 Excludes1: (I25.1-)"),
    ("excludes1", "error", ["F45.8", "G47.63"], "the guideline's own example, I.A.12.a"),
    ("excludes1", "error", ["G63", "E11.42"], "G63 Excludes1: (E08-E13 with .42)"),
    ("excludes1", "error", ["E11.9", "R73.9"], "R73 Excludes1: diabetes (E08-E13)"),
    ("manifestation-first", "error", ["F02.80", "G30.9"], "F02: code first; title"),
    ("manifestation-first", "error", ["G63"], "G63: code first; title"),
    ("code-first-order", "error", ["D63.0", "C50.911"], "D63.0 code first neoplasm (C00-D49)"),
    ("code-first-order", "error", ["R65.20", "A41.9"], "R65.2 code first: sepsis NOS (A41.9)"),
    ("code-first-order", "error", ["N18.4", "E11.22"], "N18 code first any associated: (E11.22)"),
    ("code-first-order", "error", ["I50.9", "I11.0"], "I50 code first: due to hypertension (I11.0)"),
    ("code-first-order", "error", ["U09.9", "J96.10"], "U09.9 code first: (J96.1-)"),
    ("code-first-missing", "error", ["D63.0"], "D63.0 code first neoplasm"),
    ("code-first-missing", "error", ["R65.21"], "R65.2 code first underlying infection"),
    ("code-first-missing", "error", ["T36.0X5A"], "T36-T50: the nature of the adverse effect first"),
    ("code-first-missing", "error", ["K82.A1"], "K82.A code first the type of cholecystitis"),
    ("code-first-missing", "error", ["M02.80"], "M02 code first underlying disease, such as"),
    ("code-first-missing", "warning", ["K74.01"], "K74.0 code first underlying liver disease, such as"),
    ("code-first-missing", "warning", ["I10", "D63.0"], "D63.0: I10 is no neoplasm"),
    ("code-first-missing", "info", ["U09.9"], "U09.9 code first, if known"),
    ("use-additional-missing", "warning", ["E11.22"], "E11.22: stage (N18.1-N18.6)"),
    ("use-additional-missing", "warning", ["I11.0"], "I11.0: type of heart failure (I50.-)"),
    ("use-additional-missing", "warning", ["O80"], "O80: outcome of delivery (Z37.0)"),
    ("use-additional-missing", "warning", ["Z00.01"], "Z00.01: abnormal findings"),
    ("use-additional-missing", "info", ["N39.0"], "N39.0: infectious agent, not always known"),
    ("use-additional-order", "warning", ["Z79.4", "E11.9"], "E11: use additional, insulin (Z79.4)"),
    ("external-cause-first", "error", ["W19.XXXA", "S52.501A"], "note at chapter 20"),
    ("external-cause-first", "error", ["V43.52XA"], "note at chapter 20"),
    ("supplementary-first", "error", ["B96.20", "N39.0"], "note at B95-B97"),
    ("supplementary-first", "error", ["Z37.0", "O80"], "Z37: intended as an additional code"),
    ("supplementary-first", "error", ["Z68.35", "E66.811"], "I.B.14"),
    ("principal-code-later", "warning", ["P07.30", "Z38.00"], "Z38: for use as the principal code"),
    ("sequela-first", "warning", ["T23.302S", "L90.5"], "I.C.19.a"),
    ("sequela-first", "warning", ["M84.350S"], "I.B.10"),
    ("underdosing-first", "error", ["T50.1X6A", "I50.9"], "I.C.19.e.5.c"),
    ("poisoning-order", "warning", ["J96.01", "T40.2X1A"], "I.C.19.e.5.b"),
    ("stands-alone", "error", ["O80", "O70.0", "Z37.0"], "O80: with no other code of chapter 15"),
    ("combination-code", "warning", ["I10", "N18.4"], "I.C.9.a; I12 Includes"),
    ("combination-code", "warning", ["I10", "I50.9"], "I.C.9.a; I11 Includes"),
    ("combination-code", "warning", ["E11.9", "N18.30"], "I.A.15"),
    ("symptom-with-diagnosis", "warning", ["J18.9", "R05.9"], "I.B.5"),
    ("symptom-with-diagnosis", "warning", ["R07.9", "I21.4"], "I.B.5"),
    ("symptom-with-diagnosis", "warning", ["R07.9", "I20.9"], "I20.9 inclusion term: ischemic chest pain"),
    ("laterality-conflict", "warning", ["M17.11", "M17.12"], "I.B.13: M17.0 is bilateral"),
    ("laterality-conflict", "warning", ["M25.561", "M25.569"], "one names the side"),
    ("laterality-conflict", "warning", ["H25.11", "H25.13"], "the bilateral code has the side"),
    ("wrong-record", "error", ["O24.410", "P07.30"], "notes at chapters 15 and 16"),
    ("wrong-record", "error", ["O80", "Z37.0", "Z38.00"], "Z38: not on the mother's record"),
    ("wrong-record", "error", ["O24.410", "Q21.0"], "note at chapter 17"),
    ("place-after-initial-encounter", "warning", ["S52.501D", "W19.XXXD", "Y92.009"], "Y92"),
]


@pytest.mark.parametrize(("kind", "severity", "codes", "note"), SAID)
def test_it_is_said(book, kind, severity, codes, note):
    found = [f for f in book.check(codes, on=IN_FORCE) if f.kind == kind]
    assert found, note
    assert severity in {f.severity for f in found}
    assert all(f.rule and f.source and f.remedy for f in found)


NOT_SAID = [
    (
        "not-a-code",
        ["i10", "E1122", " j44.9 ", "QA0.0101"],
        "dot and case do not matter; letter in position 2",
    ),
    ("not-billable", ["I10", "J44.9", "N18.30"], "complete"),
    ("seventh-character-missing", ["S42.201A", "W19.XXXA", "M54.50"], "has it, or takes none"),
    ("seventh-character-impossible", ["S52.501C", "O31.10X1"], "C is of S52; fetus 1 is of O31"),
    ("placeholder-x", ["W19.XXXA", "T36.0X5A"], "as it should be"),
    ("duplicate", ["M25.561", "M25.562"], "two codes"),
    ("excludes1", ["J44.1", "J45.20"], "J44 says code also; J45 has Excludes2"),
    ("excludes1", ["I21.4", "I25.2"], "Excludes2 at I21"),
    ("excludes1", ["Z79.4", "Z79.84"], "Excludes2: insulin and oral drugs together"),
    ("excludes1", ["E11.22", "N18.4", "I12.9"], "no note"),
    ("excludes1", ["G63", "E85.1"], "amyloidosis is a code first of G63"),
    ("manifestation-first", ["G30.9", "F02.80"], "second, where it belongs"),
    ("manifestation-first", ["B97.4"], "a cause of diseases classified elsewhere is no manifestation"),
    ("manifestation-first", ["R06.81"], "'not elsewhere classified' is another thing"),
    ("code-first-order", ["C50.911", "D63.0"], "in order"),
    ("code-first-order", ["A41.9", "R65.20"], "in order"),
    ("code-first-missing", ["C50.911", "D63.0"], "the neoplasm is there"),
    ("code-first-missing", ["I50.9"], "I50 lists special cases, not a condition of each"),
    ("code-first-missing", ["J18.9"], "J18: if applicable, influenza"),
    ("code-first-missing", ["N18.4"], "N18: any associated"),
    ("code-first-missing", ["L27.0", "T36.0X5A"], "the nature of the effect is there"),
    ("code-first-missing", ["T36.0X1A"], "a poisoning goes first: the note is for adverse effects"),
    ("use-additional-missing", ["I12.9", "N18.30"], "N18.30 lies in N18.1-N18.4"),
    ("use-additional-missing", ["O80", "Z37.0"], "outcome is there"),
    ("use-additional-missing", ["J44.9"], "chapter 10: where applicable"),
    ("use-additional-missing", ["M10.9"], "M10 lists what may be, not what is"),
    ("use-additional-missing", ["Z00.01", "R73.9"], "a finding is there"),
    ("use-additional-order", ["E11.9", "Z79.4"], "in order"),
    ("use-additional-order", ["F17.210", "J44.9"], "chapter 10: where applicable"),
    ("external-cause-first", ["S52.501A", "W19.XXXA"], "second"),
    ("supplementary-first", ["N39.0", "B96.20"], "second"),
    ("supplementary-first", ["E66.811", "Z68.35"], "second"),
    ("principal-code-later", ["Z38.00", "P07.30"], "first"),
    ("sequela-first", ["L90.5", "T23.302S", "X12.XXXS"], "in order"),
    ("underdosing-first", ["I50.9", "T50.1X6A", "Z91.130"], "second"),
    ("poisoning-order", ["T40.2X1A", "J96.01"], "in order"),
    ("poisoning-order", ["K29.00", "T39.015A"], "an adverse effect goes after its nature"),
    ("poisoning-order", ["T54.3X1A", "T20.411A"], "T20.4: the chemical first"),
    ("stands-alone", ["O80", "Z37.0"], "Z37 is of chapter 21"),
    ("combination-code", ["I12.9", "N18.4"], "the combination is used"),
    ("combination-code", ["E11.22", "N18.4"], "the combination is used"),
    ("combination-code", ["I10", "N17.9"], "acute kidney failure is no CKD"),
    ("symptom-with-diagnosis", ["J18.9", "R04.2"], "coughing blood is not routine in pneumonia, I.B.6"),
    ("symptom-with-diagnosis", ["N40.1", "R35.0"], "N40.1: use additional code for associated symptoms"),
    ("symptom-with-diagnosis", ["N39.0", "R55"], "not routine"),
    ("laterality-conflict", ["S52.501A", "S52.502A"], "fractures have no bilateral code"),
    ("laterality-conflict", ["M17.0"], "alone"),
    ("laterality-conflict", ["M17.11", "M25.562"], "two conditions"),
    ("wrong-record", ["P07.30", "Z38.00", "Q21.0"], "all the child's"),
    ("wrong-record", ["O24.410", "Z3A.30"], "all the mother's"),
    ("place-after-initial-encounter", ["S52.501A", "W19.XXXA", "Y92.009"], "the initial encounter"),
]


@pytest.mark.parametrize(("kind", "codes", "note"), NOT_SAID)
def test_it_is_not_said(kinds, kind, codes, note):
    assert kind not in kinds(*codes), note


def test_every_kind_has_a_case_on_both_sides():
    assert {case[0] for case in SAID} == {case[0] for case in NOT_SAID}


def test_a_header_is_answered_with_what_may_be_reported(only):
    assert "M54.50, M54.51 or M54.59" in only("not-billable", "M54.5").remedy
    assert "E11.2-" in only("not-billable", "E11").remedy  # a dash: it goes on


def test_a_missing_7th_character_is_answered_with_the_choice(only):
    remedy = only("seventh-character-missing", "W19").remedy
    assert "W19.XXXA initial encounter" in remedy and "W19.XXXS sequela" in remedy
    assert "T36.0X5A" in only("placeholder-x", "T36.05A").remedy


def test_excludes1_quotes_its_note_and_names_the_exception(only):
    found = only("excludes1", "E11.9", "E10.9")
    assert '"type 2 diabetes mellitus (E11.-)"' in found.rule
    assert "Excludes1 at E10" in found.source and "I.A.12.a" in found.source
    assert "clearly unrelated" in found.remedy


def test_the_note_that_is_quoted_is_in_the_book(book):
    """A quotation is the note's own text, for each kind that a note decides."""
    for _, _, codes, _ in SAID:
        for found in book.check(codes, on=IN_FORCE):
            place = re.search(r"at ([A-Z][A-Z0-9.]+(?:-[A-Z0-9]+)?) says", found.rule)
            if place and found.kind not in ("wrong-record", "external-cause-first"):
                quote = re.search(r'says: "(.*)"', found.rule)[1]
                texts = " ".join(f"{n.lead} {n.text}" for n in book.notes(place[1]))
                words = set(re.findall(r"\w+", quote))
                assert words <= set(re.findall(r"\w+", texts)), found


@pytest.mark.parametrize(
    ("code", "on", "severity"),
    [("Z68.1", "2026-10-01", "error"), ("M72.2", "2026-11-23", "error"), ("Z68.19", "2026-09-30", "error")],
)
def test_a_code_off_its_date(only, code, on, severity):
    found = only("not-valid-on-date", "E66.3", code, on=on)
    assert (found.severity, found.codes) == (severity, (code,))


def test_what_replaced_an_ended_code_is_told(only):
    assert "Z68.18 or Z68.19" in only("not-valid-on-date", "E43", "Z68.1", on="2026-10-01").remedy


def test_codes_on_their_date_are_not_accused(kinds):
    assert "not-valid-on-date" not in kinds("E43", "Z68.1", on="2026-09-30")
    assert "not-valid-on-date" not in kinds("E43", "Z68.19", on="2026-10-01")
    # The loaded edition does not know the new code; that is no error of the coder.
    assert "not-a-code" not in kinds("E43", "Z68.19", on="2026-10-01")
    assert "other-edition" in kinds("E43", "Z68.19", on="2026-10-01")
    assert "other-edition" not in kinds("E43", "Z68.1", on="2026-09-30")


def test_a_day_outside_the_loaded_edition_is_told_once(only, kinds):
    assert only("edition", "I10", "J44.9", on="2026-10-01").severity == "info"
    assert "before the start" in only("edition", "I10", on="2024-05-01").rule
    assert "edition" not in kinds("I10", on="2026-09-30")
    assert "edition" not in kinds(on="2026-10-01")


@pytest.mark.parametrize(
    ("codes", "known", "kind"),
    [
        (["N40.1"], {"sex": "F"}, "sex-conflict"),  # block N40-N53: male genital organs
        (["O24.410"], {"sex": "male"}, "sex-conflict"),  # chapter 15: maternal records
        (["C61"], {"sex": "female"}, "sex-conflict"),
        (["C50.921"], {"sex": "female"}, "sex-conflict"),  # title: male breast
        (["T74.12XA"], {"age": 40}, "age-conflict"),  # title: child physical abuse
        (["O24.410"], {"age": 70}, "age-conflict"),
        (["Z00.129"], {"age": 40}, "age-conflict"),
        (["Z00.00"], {"age": 6}, "age-conflict"),
        (["Z38.00"], {"age": 5}, "age-conflict"),
        (["E66.3", "Z68.52"], {"age": 30}, "age-conflict"),  # Z68: pediatric, 2-19 years
        (["E66.3", "Z68.26"], {"age": 19.9}, "age-conflict"),  # Z68: adults, 20 and older
    ],
)
def test_age_and_sex(kinds, codes, known, kind):
    assert kind in kinds(*codes, **known)
    assert kind not in kinds(*codes)  # what is not known accuses nobody


@pytest.mark.parametrize(
    ("codes", "known"),
    [
        (["N40.1"], {"sex": "M", "age": 66}),
        (["O24.410"], {"sex": "F", "age": 28}),
        (["N40.1", "C51.9"], {"sex": "unknown"}),
        (["E66.3", "Z68.26"], {"age": 20}),
        (["E66.3", "Z68.52"], {"age": 2}),
        (["Z38.00"], {"age": 0.01}),
        (["T74.11XA"], {"age": 40}),  # title: adult physical abuse
        (["N63.0"], {"sex": "M"}),  # N60-N65, the breast, is for both
        (["Z38.00"], {"sex": "M", "age": 0}),  # a boy "delivered vaginally"
        (["P07.30"], {"age": 0}),
    ],
)
def test_age_and_sex_that_fit(kinds, codes, known):
    assert not {"age-conflict", "sex-conflict"} & kinds(*codes, **known)


def test_a_perinatal_code_later_in_life_is_only_pointed_at(only):
    # Chapter 16 Includes: "even if morbidity occurs later".
    assert only("age-conflict", "P27.1", age=9).severity == "info"


def test_the_setting_names_the_first_code(only):
    assert "principal diagnosis" in only("manifestation-first", "G63", setting="inpatient").rule
    assert "first-listed" in only("manifestation-first", "G63", setting="emergency").rule


def test_one_instruction_for_many_codes_is_told_once(only):
    # E11 asks for the control of each diabetes code below it.
    assert only("use-additional-missing", "E11.42", "E11.319", "E11.9").severity == "info"


def test_a_note_at_a_chapter_says_so(only):
    assert "Excludes1 at chapter 15" in only("excludes1", "Z34.01", "O24.410").source


def test_errors_come_first(book):
    found = book.check(["E11.22", "N39.0", "N30.00", "Z99.999"], on="2026-11-23")
    order = [SEVERITIES.index(f.severity) for f in found]
    assert order == sorted(order) and set(order) == {0, 1, 2}


def test_a_well_coded_visit_has_no_finding(book):
    visit = ["E11.22", "I12.9", "N18.4", "Z79.4", "J44.1", "J45.20"]
    assert book.check(visit, on=IN_FORCE, age=61, sex="F") == []
    assert book.check([], on="2026-11-23") == []


def test_a_finding_is_a_value(book):
    one, again = (book.check(["M54.5"], on=IN_FORCE) for _ in range(2))
    assert one == again
    with pytest.raises(dataclasses.FrozenInstanceError):
        one[0].kind = "other"


@pytest.mark.parametrize("wrong", [{"on": "soon"}, {"setting": "home"}])
def test_wrong_questions_are_answered_with_a_remedy(book, wrong):
    with pytest.raises(CourseError) as error:
        book.check(["I10"], **wrong)
    assert error.value.remedy


# Laws.

codes_like = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"[A-Za-z][0-9A-Za-z]{2}\.?[0-9A-Za-z]{0,6}", fullmatch=True),
    st.sampled_from([c for case in SAID for c in case[2]]),
)


@settings(max_examples=150)
@given(
    codes=st.lists(codes_like, max_size=6),
    on=st.dates(),
    setting=st.sampled_from(SETTINGS),
    age=st.none() | st.floats(0, 130),
    sex=st.none() | st.text(max_size=7),
)
def test_no_list_of_texts_raises(codes, on, setting, age, sex):
    for found in icd10cm.load().check(codes, on=on, setting=setting, age=age, sex=sex):
        assert found.severity in SEVERITIES and found.rule and found.source


@settings(max_examples=100)
@given(st.lists(codes_like, min_size=2, max_size=5))
def test_excludes1_does_not_depend_on_the_order(codes):
    book = icd10cm.load()

    def pairs(some):
        return {f for f in book.check(some, on=IN_FORCE) if f.kind == "excludes1"}

    assert pairs(codes) == pairs(codes[::-1])


def test_a_single_code_without_an_instruction_has_no_error(book):
    """One code in forty, over all chapters: an error needs a note that says it."""
    for code in islice(book.billable(), 0, None, 40):
        errors = [f for f in book.check([code.code], on=IN_FORCE) if f.severity == "error"]
        notes = book.notes(code.code)
        told = code.chapter == "20" or code.category == "Z68"
        told = told or any(n.kind == "code first" or "additional code" in n.text for n in notes)
        assert told or not errors, (code.code, errors)


def test_every_excludes1_that_a_category_names_is_found(book):
    """Each single billable code that a note at a code excludes is found beside that code."""
    tried = 0
    for note in islice((n for n in book.every_note() if n.kind == "excludes1"), 0, None, 25):
        here = book[note.origin]
        ref = next((r for r in note.refs if (c := book.get(r.first)) and c.billable), None)
        mine = book.leaves(here.code)
        if ref is None or ref.covers(mine[0]) or not ref.covers(book[ref.first]):
            continue
        tried += 1
        kinds = {f.kind for f in book.check([mine[0].code, ref.first], on=IN_FORCE)}
        assert "excludes1" in kinds, (mine[0].code, note)
    assert tried > 50


# The tables.


def test_the_tables_name_codes_of_the_book_and_their_sources(book):
    rows = [(r["symptom"], r) for r in together.symptoms()]
    rows += [(r["diagnosis"], r) for r in together.symptoms()]
    rows += [(r["code"], r) for r in patient.age_sex()]
    rows += [(r[key], r) for r in additional.combinations() for key in ("code", "with", "instead")]
    for pattern, row in rows:
        ends = re.findall(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]+)?", pattern)
        assert ends and all(end in book for end in ends), pattern
        assert row["source"], row


def test_each_symptom_that_rests_on_excludes1_has_that_note(book):
    for row in together.symptoms():
        if row["basis"] == "excludes1":
            symptom, diagnosis = (
                book.leaves(re.findall(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]+)?", row[key])[0])[0].code
                for key in ("symptom", "diagnosis")
            )
            assert "excludes1" in {f.kind for f in book.check([symptom, diagnosis], on=IN_FORCE)}
            place, other = row["source"].split(" at ")[1], {symptom, diagnosis}
            notes = [n for n in book.notes(place) if (n.origin, n.kind) == (place, "excludes1")]
            assert any(r.covers(book[code]) for n in notes for r in n.refs for code in other), row
        elif row["basis"] == "routine":
            assert row["example_at"].startswith("https://"), row


def test_sex_in_the_table_is_in_the_titles_or_notes(book):
    words = {
        "F": r"female|vulva|vagina|uter[iu]|ovar|endometri|fallopian|cervix|matern|mother|pregnan"
        r"|antenatal|delivery|gestation|genital tract",
        "M": r"\bmale|penis|prostat|teste|testi|scrot|spermatic",
    }
    for row in patient.age_sex():
        if not row["sex"] or row["source"].startswith("ICD-10-CM Tabular List, April 2026, block"):
            continue
        first = re.findall(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]+)?", row["code"])[0]
        text = " ".join([book[first].title, *(n.text for n in book.notes(first))])
        assert re.search(words[row["sex"]], text, re.I), row


@pytest.mark.parametrize(
    ("pattern", "code", "fits"),
    [
        ("N18.-", "N18.4", True),
        ("N18.-", "N19", False),
        ("J12-J18", "J18.9", True),
        ("J12-J18", "J20.9", False),
        ("O00-O9A", "O9A.211", True),
        ("N39.3-N39.4-", "N39.41", True),
        ("I10", "I11.9", False),
    ],
)
def test_patterns_of_the_tables(pattern, code, fits):
    assert matches(pattern, code) is fits


def test_the_tables_are_in_the_manifest():
    names = ("changes_fy2027", "symptoms", "age_sex", "combinations")
    manifest = datasets.path("datapackage.json").read_text(encoding="utf-8")
    for name in names:
        assert f'"codes/icd10cm_{name}.csv"' in manifest
        with datasets.path(f"codes/icd10cm_{name}.csv").open(encoding="utf-8", newline="") as rows:
            assert all(None not in row for row in csv.DictReader(rows))
