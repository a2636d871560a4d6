"""Modifiers, places, the shared table, and the code sets side by side."""

import subprocess
import sys

import pytest

from course_lib import codes
from course_lib.codes import cpt, em, icd10cm, icd10pcs, modifiers, msdrg, places
from course_lib.codes import hcpcs as hcpcs_module
from course_lib.codes.tables import CodeTable
from course_lib.errors import CourseError

MODIFIERS = {
    "24", "25", "26", "50", "51", "52", "53", "57", "58", "59", "76", "77", "78", "79",
    "LT", "RT", "TC", "XE", "XP", "XS", "XU",
}  # fmt: skip


def test_the_21_modifiers():
    table = modifiers.load()
    assert set(table) == MODIFIERS
    assert {m.code for m in table.values() if m.own_rvu_row} == {"26", "53", "TC"}
    assert all((m.owner == "AMA") == m.code.isdigit() for m in table.values())
    assert "25" in table
    assert "lt" in table
    assert cpt.NOTICE in repr(table)


def test_modifiers_with_a_row_of_their_own_are_those_of_the_sample():
    split = {part for code in cpt.load().values() for part in code.parts}
    own = {m.code for m in modifiers.load().values() if m.own_rvu_row}
    assert split <= own


@pytest.mark.parametrize(
    ("code", "modifier"),
    [("71046", "26"), ("71046", "TC"), ("99213", "25"), ("29881", "RT"), ("93000", "76"), ("29881", "51")],
)
def test_a_pair_that_may_stand(code, modifier):
    assert modifiers.attach(cpt.load()[code], modifier) == f"{code}-{modifier}"


@pytest.mark.parametrize(
    ("code", "modifier", "told"),
    [
        ("93000", "26", r"a whole .* \(PC/TC indicator 4\).*93005 and 93010"),
        ("93000", "TC", "PC/TC indicator 4"),
        ("93010", "26", "the reading only already"),
        ("93005", "TC", "the machine and the staff only already"),
        ("99213", "26", "a clinician's own work"),
        ("20610", "25", "goes with a visit"),
        ("29881", "57", "goes with a visit"),
        ("11103", "51", "add-on code"),
    ],
)
def test_a_pair_that_is_wrong_for_every_record(code, modifier, told):
    with pytest.raises(CourseError, match=told):
        modifiers.attach(cpt.load()[code], modifier)


def test_a_code_of_an_own_file_is_not_judged_by_what_is_not_known():
    own = cpt.CptCode("12345", "mine", "Category I")
    assert modifiers.attach(own, "25") == "12345-25"
    assert modifiers.attach(own, "26") == "12345-26"


def test_the_25_places():
    table = places.load()
    assert len(table) == 25
    assert not table["11"].facility
    assert all(table[code].facility for code in ("19", "21", "22", "23", "24"))
    with pytest.raises(KeyError, match="21"):
        table["29"]


def test_table_in_a_notebook_escapes_and_says_how_many():
    html = cpt.load()._repr_html_()
    assert html.count("<tr>") == 21  # the head and the first 20
    assert "70 rows. The first 20 are shown." in html
    assert "authors&#x27; own" in html


def test_every_table_makes_a_frame_with_its_release():
    for table in (
        cpt.load(),
        hcpcs_module.load(),
        modifiers.load(),
        places.load(),
        em.levels(),
        msdrg.load(),
        hcpcs_module.letters(),
        icd10pcs.sections(),
        icd10pcs.root_operations(),
        icd10pcs.approaches(),
    ):
        assert isinstance(table, CodeTable)
        frame = table.to_frame()
        assert list(frame["code"]) == list(table)
        assert frame.attrs["release"] == table.release


def test_compare_has_every_aspect_with_a_source():
    frame = codes.compare()
    assert list(frame.columns) == ["ICD-10-CM", "CPT", "ICD-10-PCS", "HCPCS Level II", "source"]
    wanted = {
        "owner", "shape", "size", "setting", "update", "license",
        "more detail by", "role in payment", "typical error",
    }  # fmt: skip
    assert wanted <= set(frame.index)
    assert (frame != "").all(axis=None)
    assert frame.attrs["notice"] == cpt.NOTICE


def test_compare_agrees_with_the_tables():
    frame = codes.compare()
    total = sum(section.codes for section in icd10pcs.sections().values())
    assert f"{total:,}" in frame.loc["size", "ICD-10-PCS"]
    example = {column: text.split()[0] for column, text in frame.loc["example"].items()}
    assert example["CPT"] in cpt.load()
    assert example["ICD-10-PCS"] in icd10pcs.codes("0DT")
    assert hcpcs_module.load()[example["HCPCS Level II"]].dose == 250
    assert icd10cm.load()[example["ICD-10-CM"]].billable


def test_the_code_sets_load_without_pandas():
    program = (
        "import sys; from course_lib.codes import contrast, cpt, em, hcpcs; "
        "from course_lib.codes import icd10pcs, modifiers, msdrg, places; "
        "cpt.load(); hcpcs.load(); icd10pcs.build('0DT', body_part='J', approach='4'); "
        "modifiers.load(); places.load(); msdrg.load(); em.level_by_time(20, new_patient=True); "
        "sys.exit('pandas' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
