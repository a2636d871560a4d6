"""ICD-10-PCS: sections, root operations, and the builder of table 0DT."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.codes import icd10pcs
from course_lib.errors import CourseError

# Every code with prefix 0DT in force on 2026-10-01 in CMS's Medicare Code Editor v44 table,
# sorted and joined by newlines.
OFFICIAL_0DT = (106, "1b4ffe34308cbf9c22af8ab60e727e05f3756d7ae6a8195a85765992a868f06b")


def test_seventeen_sections_and_all_their_codes():
    sections = icd10pcs.sections()
    assert "".join(sections) == "0123456789BCDFGHX"
    assert sum(section.codes for section in sections.values()) == 79_256
    assert all(section.example[0] == section.code for section in sections.values())


def test_thirty_one_root_operations_and_all_codes_of_the_section():
    operations = icd10pcs.root_operations()
    assert len(operations) == 31
    assert operations["T"].name == "Resection"
    assert operations["B"].name == "Excision"
    assert sum(o.codes for o in operations.values()) == icd10pcs.sections()["0"].codes


def test_seven_approaches():
    assert "".join(icd10pcs.approaches()) == "03478FX"


def test_the_codes_of_0dt_are_exactly_the_valid_ones():
    codes = icd10pcs.codes("0DT")
    assert (len(codes), hashlib.sha256("\n".join(codes).encode()).hexdigest()) == OFFICIAL_0DT


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"body_part": "Appendix", "approach": "Percutaneous Endoscopic"}, "0DTJ4ZZ"),
        ({"body_part": "j", "approach": "0"}, "0DTJ0ZZ"),
        ({"body_part": "Large Intestine, Right", "approach": "4", "qualifier": "Hand-Assisted"}, "0DTF4ZG"),
        ({"body_part": "sigmoid colon", "approach": "F", "device": "No Device", "qualifier": "Z"}, "0DTNFZZ"),
    ],
)
def test_build_takes_characters_and_names(values, code):
    assert icd10pcs.build("0dt", **values) == code


@given(st.data())
def test_what_is_built_is_valid_and_reads_back(data):
    held = icd10pcs.codes("0DT")
    axes = {
        axis: data.draw(st.sampled_from("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
        for axis in ("body_part", "approach")
    }
    axes["qualifier"] = data.draw(st.sampled_from("ZG"))
    wanted = f"0DT{axes['body_part']}{axes['approach']}Z{axes['qualifier']}"
    if wanted in held:
        assert icd10pcs.build("0DT", **axes) == wanted
        assert "".join(value[0] for value in icd10pcs.describe(wanted).values()) == wanted
    else:
        with pytest.raises(CourseError):
            icd10pcs.build("0DT", **axes)


def test_every_wrong_value_is_named_with_what_the_table_has():
    with pytest.raises(CourseError) as caught:
        icd10pcs.build("0DT", body_part="Knee", approach="9", qualifier="Q")
    message = str(caught.value)
    for part in (
        "body part 'Knee'",
        "approach '9'",
        "qualifier 'Q'",
        "J Appendix",
        "0 Open",
        "G Hand-Assisted",
    ):
        assert part in message
    assert "device" not in message.lower()


def test_values_that_do_not_go_together_list_what_does():
    with pytest.raises(CourseError, match=r"0DTJFZZ is not a code.*0DTJ4ZZ"):
        icd10pcs.build("0DT", body_part="Appendix", approach="F")


def test_a_table_that_is_not_held():
    with pytest.raises(CourseError, match="It holds 0DT"):
        icd10pcs.build("0FT", body_part="4", approach="4")


def test_describe_names_all_seven_characters():
    meaning = icd10pcs.describe("0dtj4zz")
    assert list(meaning) == [
        "section", "body system", "root operation", "body part", "approach", "device", "qualifier",
    ]  # fmt: skip
    assert meaning["root operation"] == "T Resection"
    assert meaning["body part"] == "J Appendix"
    with pytest.raises(CourseError, match="not a code of table 0DT"):
        icd10pcs.describe("0DTJFZZ")


def test_no_character_is_i_or_o():
    assert all(re.fullmatch(r"[0-9A-HJ-NP-Z]{7}", code) for code in icd10pcs.codes("0DT"))
