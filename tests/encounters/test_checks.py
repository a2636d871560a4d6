"""`encounters.check` accepts the course's own charts, and names each fault by file and line."""

from pathlib import Path

import pytest

from course_lib import encounters
from course_lib.encounters.names import names
from course_lib.errors import CourseError

CLINIC = "ankle-sprain-clinic"
EMERGENCY = "chest-pain-emergency"


def test_the_courses_own_charts_have_no_fault() -> None:
    assert encounters.ids(), "the course has no chart"
    assert [str(fault) for fault in encounters.check()] == []


def test_every_chart_of_the_source_tree_has_a_key() -> None:
    # A copy for students lacks the keys of the case book, so `check` lets those pass.
    assert [name for name in encounters.ids() if encounters.load(name).key is None] == []


def spoil(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


# What to replace in the chart, with what, what `check` must say, and the line that it must point at.
CHARTS = [
    (CLINIC, "id: ankle-sprain-clinic", "id: ankle", "is not the file's name", "id:"),
    (CLINIC, "minutes: 5", "mintues: 5", "unknown key", "mintues"),
    (CLINIC, "synthetic: true", "synthetic: false", "a chart is synthetic", "synthetic:"),
    (CLINIC, "specialty: Orthopedics", "specialty: ''", "specialty is empty", "title:"),
    (CLINIC, "level: clean", "level: easy", "Invalid enum value 'easy'", "level:"),
    (CLINIC, "minutes: 5", "minutes: 500", "500 minutes", "minutes:"),
    (CLINIC, "age: 34", "age: 340", "an age of 340 years", "patient:"),
    (CLINIC, "{age: 34, sex: F}", "{age: 0, sex: F}", "days of age are for the first year", "patient:"),
    (CLINIC, "{age: 34, sex: F}", "{age: 34, age_days: 2, sex: F}", "days of age are", "patient:"),
    (CLINIC, "{age: 34, sex: F}", "{age: 0, age_days: 400, sex: F}", "400 days are not", "patient:"),
    (CLINIC, "2026-05-12", "2026-10-01", "is no day from 2026-04-01 to 2026-09-30", "service_date:"),
    (CLINIC, "2026-05-12", "12 May 2026", "'12 May 2026' is no day from", "service_date:"),
    (CLINIC, "setting: outpatient", "setting: inpatient", "inpatients only, and", "admission_date"),
    (CLINIC, 'place_of_service: "11"', 'place_of_service: "98"', "no place of service '98'", "place_of"),
    (CLINIC, 'place_of_service: "11"', 'place_of_service: "21"', "21 is not for outpatient", "place_of"),
    (EMERGENCY, 'place_of_service: "23"', 'place_of_service: "11"', "care is given at 23", "place_of"),
    (CLINIC, "IMAGING: None needed", "IMAGING: S93.401A", "'S93.401A' gives a code away", "note:"),
    (CLINIC, "IMAGING: None needed", "IMAGING: S93", "'S93' gives a code away", "note:"),
    (CLINIC, "VISIT: Established", "VISIT: 99213, established", "'99213' gives a code away", "note:"),
    (CLINIC, "elastic wrap", "cane (E0100)", "'E0100' gives a code away", "note:"),
    (CLINIC, "PLAN: Rest", "PLAN (no modifier): Rest", "'modifier' gives a code away", "note:"),
    (CLINIC, "title: Twisted ankle", "title: CPT of an ankle", "'CPT' gives a code away", "title:"),
    (
        CLINIC,
        "ASSESSMENT: Sprained",
        "Sprain of unspecified ligament of right ankle, initial encounter. Sprained",
        "it repeats the title of S93.401A",
        "note:",
    ),
    (EMERGENCY, "title: Pressure", "title: Chest pain, unspecified,", "the title of R07.9", "title:"),
    (CLINIC, "Seen by Dr. A.", "Seen by Dr. Lee.", "'Dr. Lee' could be a real name", "note:"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said", "at"), CHARTS)
def test_a_fault_of_a_chart_is_named_with_its_line(
    charts: Path, name: str, old: str, new: str, said: str, at: str
) -> None:
    file = charts / "charts" / f"{name}.yaml"
    spoil(file, old, new)
    if "inpatients only" in said:  # a missing key stands on no line
        assert any("an admission date is for inpatients" in str(f) for f in encounters.check(name))
        return
    hits = [f for f in encounters.check(name) if said in str(f)]
    assert hits, [str(f) for f in encounters.check(name)]
    assert hits[0].path == file
    assert at in file.read_text(encoding="utf-8").splitlines()[hits[0].line - 1]


KEYS = [
    (CLINIC, "id: ankle-sprain-clinic", "id: ankle", "is not the file's name", "id:"),
    (CLINIC, "    span: Sprained", "    spna: Sprained", "unknown key", "spna"),
    (CLINIC, '"2026-04-01"', '"2019-10-01"', "2019-10-01", "edition:"),
    (CLINIC, "why: The side is given", "why: ''  # The side is given", "`why` is empty", "why: ''"),
    (CLINIC, "rule: Sprain by side", "rule: ''  # Sprain by side", "`rule` is empty", "rule: ''"),
    (CLINIC, "span: Sprained right", "span: Sprained left", "the note does not say 'Sprained left", "span:"),
    (CLINIC, "visit: 22 minutes", "visit: 32 minutes", "the note does not say 'Total time", "span:"),
    (CLINIC, "code: S93.401A", "code: S93401A", "no reportable code", "code: S93401A"),
    (CLINIC, "code: S93.401A", "code: S93.401", "no reportable code", "code: S93.401\n"),
    (CLINIC, "code: S93.401A", "code: S93.401", "seventh-character-missing", "diagnoses:"),
    (EMERGENCY, "code: I10", "code: E10.9", "excludes1", "diagnoses:"),
    (EMERGENCY, "code: Z87.891", "code: R07.9", "duplicate", "diagnoses:"),
    (EMERGENCY, "code: E11.9", "code: E11.22", "use-additional-missing", "diagnoses:"),
    (CLINIC, "optional:", "accepts: [{finding: excludes1, why: No.}]\noptional:", "no warning", "accepts"),
    (CLINIC, "code: W10.9XXA", "code: W10.9", "no reportable code", "code: W10.9\n"),
    (CLINIC, 'code: "99213"', 'code: "99999"', "is not in the samples", "99999"),
    (CLINIC, 'code: "99213"', "code: 0042T", "0042T ended on 2025-12-31", "0042T"),
    (CLINIC, "modifiers: []", 'modifiers: ["99"]', "there is no modifier '99'", "modifiers"),
    (CLINIC, "units: 1", "units: 0", "0 units", "units: 0"),
    (CLINIC, "pointers: [A]", "pointers: [B]", "one to four letters of A to A", "pointers"),
    (CLINIC, "pointers: [A]", "pointers: []", "one to four letters", "pointers"),
    (CLINIC, "pointers: [A]", "pointers: [A, A]", "one to four letters", "pointers"),
    (EMERGENCY, "pointers: [A, B, C]", "pointers: [A, B, C, D, E]", "one to four letters", "pointers"),
    (CLINIC, "code: M25.571", "code: S93.401A", "is rejected and in the key", "code: S93.401A"),
    (CLINIC, "code: M25.571", "code: M25.99Z", "'M25.99Z' is in no code set here", "M25.99Z"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "said", "at"), KEYS)
def test_a_fault_of_a_key_is_named_with_its_line(
    charts: Path, name: str, old: str, new: str, said: str, at: str
) -> None:
    file = charts / "keys" / f"{name}.yaml"
    spoil(file, old, new)
    hits = [f for f in encounters.check(name) if said in str(f)]
    assert hits, [str(f) for f in encounters.check(name)]
    assert hits[0].path == file
    assert at in file.read_text(encoding="utf-8").splitlines(keepends=True)[hits[0].line - 1]


def test_a_warning_passes_when_the_key_answers_it(charts: Path) -> None:
    file = charts / "keys" / f"{EMERGENCY}.yaml"
    spoil(file, "code: E11.9", "code: E11.22")
    assert ["use-additional-missing" in str(f) for f in encounters.check(EMERGENCY)] == [True]
    answer = "accepts: [{finding: use-additional-missing, why: The stage is in another record.}]"
    spoil(file, "optional:", f"{answer}\noptional:")
    assert encounters.check(EMERGENCY) == []


def test_one_rejected_code_is_not_enough(charts: Path) -> None:
    file = charts / "keys" / f"{CLINIC}.yaml"
    text = file.read_text(encoding="utf-8")
    start, end = text.index("  - code: S93.401D"), text.index("optional:")
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    assert ["fewer than two rejected codes" in str(f) for f in encounters.check(CLINIC)] == [True]


def test_a_note_of_a_few_words_is_refused(charts: Path) -> None:
    file = charts / "charts" / f"{CLINIC}.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: text.index("note: |")] + "note: Sprained right ankle.\n", encoding="utf-8")
    assert "too short to code from" in str(encounters.check(CLINIC)[0])


def test_an_admission_after_discharge_is_refused(charts: Path) -> None:
    file = charts / "charts" / f"{EMERGENCY}.yaml"
    spoil(file, "setting: emergency", 'setting: inpatient\nadmission_date: "2026-06-04"')
    spoil(file, 'place_of_service: "23"', 'place_of_service: "21"')
    assert ["no day before discharge" in str(f) for f in encounters.check(EMERGENCY)] == [True]


def test_a_mock_procedure_passes(charts: Path) -> None:
    spoil(charts / "keys" / f"{CLINIC}.yaml", 'code: "99213"', "code: P0001")
    assert encounters.check(CLINIC) == []


def test_strays_are_named(charts: Path) -> None:
    (charts / "keys" / f"{CLINIC}.yaml").rename(charts / "keys" / "ankle.yaml")
    said = "\n".join(str(fault) for fault in encounters.check())
    assert "ankle-sprain-clinic.yaml: the chart has no key." in said
    assert "ankle.yaml: this key has no chart." in said


def test_a_chart_of_the_case_book_may_lack_its_key(charts: Path) -> None:
    spoil(charts / "charts" / f"{CLINIC}.yaml", "case_book: false", "case_book: true")
    (charts / "keys" / f"{CLINIC}.yaml").unlink()
    assert encounters.check() == []
    assert encounters.load(CLINIC).key is None


def test_a_set_names_charts_that_are_there(charts: Path) -> None:
    file = charts / "sets.yaml"
    file.write_text(f"few:\n  - {CLINIC}\n  - no-such-chart\n", encoding="utf-8")
    (fault,) = encounters.check()
    assert (fault.path, fault.line) == (file, 3)
    assert "there is no chart 'no-such-chart'" in str(fault)


def test_an_absent_chart_is_no_sound_chart() -> None:
    with pytest.raises(CourseError, match=r"no encounter 'ankle-sprain'\. Near it: ankle-sprain-clinic"):
        encounters.check("ankle-sprain")


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Smith has a cough.", "seen with Mrs Doe", "Ms. O'Neil", "Referred by Dr. Lee", "Doctor Chen",
        "Nurse Ratched gave it.", "Signed: Smith, MD", "Maria reports pain.", "He saw Tom.",
        "She lives with Xiomara Quispe now.",
    ],
)  # fmt: skip
def test_a_name_is_found(text: str) -> None:
    assert list(names(text))


@pytest.mark.parametrize(
    "text",
    [
        "The patient saw Dr. A, then Dr. B.", "Glasgow Coma Scale 15", "CHIEF COMPLAINT: Cough.",
        "Negative Lachman and McMurray tests.", "Crohn disease, Bell palsy.", "Takes Tylenol. Denies Motrin.",
        "Nurse note: the nurse called.", "Will return in May. Rose early.",
    ],
)  # fmt: skip
def test_plain_words_are_no_name(text: str) -> None:
    assert list(names(text)) == []
