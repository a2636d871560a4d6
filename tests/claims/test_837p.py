"""The 837P: judged by pyx12, read back whole, and a broken file names line and segment."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import claims, encounters
from course_lib.claims import Claim, Line, Patient
from course_lib.claims.model import LETTERS
from course_lib.errors import CourseError

CODES = ["99213", "99214", "20610", "71046", "93000", "97110", "J1885", "G0439", "P0001"]
DIAGNOSES = [
    "M17.11",
    "I10",
    "E11.22",
    "N18.4",
    "S93.401A",
    "Z79.4",
    "R07.9",
    "J44.1",
    "B20",
    "O80",
    "T78.1XXA",
    "Z23",
]
MODIFIERS = ["25", "26", "59", "LT", "XS"]


@st.composite
def any_claim(draw: st.DrawFn) -> Claim:
    """Any claim that can be sent."""
    diagnoses = draw(st.lists(st.sampled_from(DIAGNOSES), min_size=1, max_size=12, unique=True))
    letters = LETTERS[: len(diagnoses)]
    first = draw(st.dates(date(2026, 4, 1), date(2026, 9, 30)))
    lines = tuple(
        Line(
            date=first + timedelta(draw(st.integers(0, 3))),
            place_of_service=draw(st.sampled_from(["11", "21", "22", "23"])),
            code=draw(st.sampled_from(CODES)),
            modifiers=tuple(draw(st.lists(st.sampled_from(MODIFIERS), max_size=4, unique=True))),
            charge=Decimal(draw(st.integers(0, 999_999))) / 100,
            units=draw(st.integers(1, 99)),
            pointers=tuple(draw(st.lists(st.sampled_from(letters), min_size=1, max_size=4, unique=True))),
        )
        for _ in range(draw(st.integers(1, 6)))
    )
    age = draw(st.integers(0, 99))
    # The age is that of the first day of service; so is the made-up date of birth.
    days = draw(st.integers(0, 90)) if age == 0 else None
    return Claim(
        id=draw(st.from_regex(r"[A-Za-z0-9-]{1,20}", fullmatch=True)),
        patient=Patient(
            f"SYN{draw(st.integers(0, 10**10 - 1)):010d}", age, draw(st.sampled_from("FM")), days
        ),
        payer=draw(st.sampled_from(["medicare", "medicaid", "commercial"])),
        diagnoses=tuple(diagnoses),
        lines=lines,
        filed_on=first + timedelta(draw(st.integers(3, 300))),
        admitted_on=draw(st.none() | st.just(first)),
    )


@settings(max_examples=120)
@given(any_claim())
def test_what_is_written_is_read_back_whole(claim):
    assert claims.read_837p(claims.to_837p(claim)) == [claim]


@settings(max_examples=4)
@given(st.lists(any_claim(), min_size=6, max_size=12))
def test_every_file_is_valid(judge, batch):
    """Many claims a file, because the judge takes two seconds to read its map."""
    assert judge(claims.to_837p([replace(one, filed_on=date(2027, 7, 1)) for one in batch])) == []


def test_every_chart_makes_a_valid_file_and_comes_back(judge):
    charts = [encounters.load(name) for name in encounters.ids()]
    batch = [
        claims.build(chart, filed_on=date(2026, 10, 1))
        for chart in charts
        if chart.key and chart.key.procedures and chart.payer != "self-pay"
    ]
    assert len(batch) >= 30
    text = claims.to_837p(batch)
    assert judge(text) == [] and claims.read_837p(text) == batch


def test_several_claims_of_a_day_go_in_one_file(judge, claim):
    batch = [claim(), claim("99214", id="claim-2", patient=Patient("SYN2", 0, "M", 12))]
    text = claims.to_837p(batch)
    assert judge(text) == [] and claims.read_837p(text) == batch


def test_the_segments_that_a_lesson_points_at(claim, line):
    text = claims.to_837p(
        claim(line("20610", modifiers=("RT",), charge=Decimal("172.50"), pointers=("B", "A")))
    )
    lines = text.splitlines()
    assert "HI*ABK:M1711*ABF:I10~" in lines
    assert "SV1*HC:20610:RT*172.5*UN*1***2:1~" in lines
    assert "CLM*claim-1*172.5***11:B:1*Y*A*Y*Y~" in lines
    assert lines[0].endswith("*T*:~"), "it is marked as a test"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ABK", "XYZ"),  # a qualifier that does not exist
        ("SBR*P*18", "SBR*P*99"),  # not oneself
        ("DTP*472*D8*20260512~\n", ""),  # no date of service
        ("*UN*1", "*XX*1"),  # a unit that does not exist
        ("SE*24", "SE*23"),  # a wrong count
    ],
)
def test_the_judge_refuses_a_spoiled_file(judge, claim, old, new):
    """The negative control: pyx12 would notice."""
    text = claims.to_837p(claim())
    assert old in text
    assert judge(text.replace(old, new)) != []


def spoil(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "segment", "says"),
    [
        ("HI*ABK:", "HI*BK:", "(HI)", "means ICD-9-CM"),
        ("HI*ABK:M1711", "HI*ABK", "(HI)", "no diagnosis"),
        ("*UN*1***1~", "*UN*1***13~", "(SV1)", "points to '13'"),
        ("SV1*HC:", "SV1*ZZ:", "(SV1)", "must be HC"),
        ("DTP*472*D8*20260512", "DTP*472*D8*20261350", "(DTP)", "no date"),
        ("*100*UN", "*abc*UN", "(SV1)", "no amount"),
        ("*UN*1*", "*UN*1.5*", "(SV1)", "no whole number"),
        ("CLM*claim-1*100", "CLM*claim-1*101", "(CLM)", "the lines add up to 100.00"),
        ("SE*", "SE*9", "(SE)", "segments"),
        ("*MB~", "*QQ~", "(SBR)", "SBR09 is 'QQ'"),
        ("DMG*D8*19560101*F", "DMG*D8*19560101*X", "(DMG)", "the sex is 'X'"),
        ("ST*837*", "ST*835*", "(ST)", "no 837"),
        ("005010X222A1~\nST", "004010X098A1~\nST", "(GS)", "the course reads 005010X222A1"),
        ("IEA*1*000000001", "IEA*1*000000002", "(IEA)", "IEA02"),
        ("HL*2*1*22*0", "HL*2*1*23*0", "(HL)", "not the insured"),
        ("NM1*IL*1*TEST*PATIENT****MI*SYN1", "NM1*IL*1*TEST*PATIENT", "(NM1)", "NM109"),
    ],
)
def test_a_broken_file_names_line_and_segment(claim, tmp_path, old, new, segment, says):
    text = spoil(claims.to_837p(claim()), old, new)
    with pytest.raises(CourseError) as told:
        claims.read_837p(text)
    assert says in str(told.value) and segment in str(told.value) and "line " in str(told.value)
    file = tmp_path / "spoiled.x12"
    file.write_text(text)
    with pytest.raises(CourseError) as told:
        claims.read_837p(file)
    assert told.value.path == file and told.value.line and segment in str(told.value)
    # One segment a line, so the number of the one is that of the other.
    assert f"segment {told.value.line} " in str(told.value)


@pytest.mark.parametrize("keep", [0, 50, 106, 400, -30])
def test_a_file_that_was_cut_off_is_no_claim(claim, keep):
    text = claims.to_837p(claim())
    with pytest.raises(CourseError) as told:
        claims.read_837p(text[:keep] if keep else "\n")
    assert "segment" in str(told.value)


def test_a_file_without_line_breaks_and_with_other_separators_is_read(claim):
    text = claims.to_837p(claim())
    one_line = text.replace("\n", "")
    assert claims.read_837p(one_line) == [claim()]
    other = one_line.replace(":", ">").replace("*", "|").replace("~", "'")
    assert claims.read_837p(other) == [claim()]


def test_what_is_no_file_and_no_text_is_told(tmp_path):
    with pytest.raises(CourseError, match="cannot be read"):
        claims.read_837p(str(tmp_path / "nothing.x12"))
    binary = tmp_path / "picture.x12"
    binary.write_bytes(b"\x89PNG\xff")
    with pytest.raises(CourseError, match="ASCII"):
        claims.read_837p(binary)
    with pytest.raises(CourseError, match="begin with a whole ISA"):
        claims.read_837p("not\na claim")


def test_what_cannot_be_sent_is_told(claim, line):
    with pytest.raises(CourseError, match="billed to the patient"):
        claims.to_837p(claim(payer="self-pay"))
    with pytest.raises(CourseError, match="points to no diagnosis"):
        claims.to_837p(claim(line("99213", pointers=())))
    with pytest.raises(CourseError, match="cannot stand in an X12 file"):
        claims.to_837p(claim(line("99*13")))
    with pytest.raises(CourseError, match="different days"):
        claims.to_837p([claim(), claim(filed_on=date(2026, 7, 1))])
    with pytest.raises(CourseError, match="no claim to write"):
        claims.to_837p([])
