"""The 835: judged by pyx12, read back whole, added up, and a broken file names line and segment."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import claims
from course_lib.claims.x12.remittance import Adjustment, PaidClaim, PaidLine, Remittance
from course_lib.errors import CourseError

PAID = date(2026, 6, 1)


def paid_line(code: str, charge: int, *taken: tuple[str, str, int]) -> PaidLine:
    """A line in cents, with what was taken off it; the rest was paid."""
    off = tuple(Adjustment(group, reason, Decimal(cents) / 100) for group, reason, cents in taken)
    rest = Decimal(charge - sum(cents for _, _, cents in taken)) / 100
    return PaidLine(code, (), Decimal(charge) / 100, rest, 1, date(2026, 5, 12), off)


def remittance(*lines: PaidLine, status: str = "1", **changes: object) -> Remittance:
    """One claim with these lines."""
    charge = sum((line.charge for line in lines), Decimal("0.00"))
    paid = sum((line.paid for line in lines), Decimal("0.00"))
    owes = sum((a.amount for line in lines for a in line.adjustments if a.group == "PR"), Decimal("0.00"))
    claim = PaidClaim("claim-1", status, charge, paid, owes, "ICN1", lines)
    whole = Remittance("TEST MEDICARE", "1999999990", "CHECK1", PAID, paid, (claim,))
    return replace(whole, **changes)


@pytest.fixture
def told() -> Remittance:
    visit = paid_line("99213", 23800, ("CO", "45", 14281), ("PR", "2", 1904))
    denied = replace(paid_line("20610", 17200, ("CO", "97", 17200)), remarks=("N19",))
    return remittance(visit, denied)


def test_it_is_valid_and_comes_back_whole(judge, told):
    text = claims.to_835(told)
    assert judge(text) == [] and claims.read_835(text) == told and told.problems() == []


def test_the_judge_refuses_a_spoiled_file(judge, told):
    text = claims.to_835(told)
    assert judge(text.replace("CAS*CO", "CAS*ZZ")) != []
    assert judge(text.replace("CLP*claim-1*1", "CLP*claim-1*99")) != []


def test_it_reads_as_one_row_an_adjustment(told):
    frame = told.to_frame()
    assert frame[["code", "group", "reason"]].values.tolist() == [
        ["99213", "CO", "45"],
        ["99213", "PR", "2"],
        ["20610", "CO", "97"],
    ]
    assert frame["amount"].sum() == pytest.approx(142.81 + 19.04 + 172.00)
    assert frame["remarks"].tolist() == ["", "", "N19"]
    assert repr(told) == "<Remittance of TEST MEDICARE, 2026-06-01: 1 claims, 76.15 dollars>"


def test_what_does_not_add_up_is_told(told):
    line = replace(told.claims[0].lines[0], paid=Decimal("70.00"))
    wrong = replace(told, claims=(replace(told.claims[0], lines=(line, told.claims[0].lines[1])),))
    assert "99213" in wrong.problems()[0] and len(wrong.problems()) == 1
    assert "payment is 80.00" in replace(told, amount=Decimal("80.00")).problems()[0]
    short = replace(told, claims=(replace(told.claims[0], paid=Decimal("1.00")),), amount=Decimal("1.00"))
    assert short.problems() == ["Claim claim-1: 410.00 less 333.85 is not the 1.00 paid."]


def test_an_amount_taken_off_the_whole_payment(judge, told):
    less = replace(told, provider_adjustments=Decimal("20.00"), amount=told.amount - 20)
    text = claims.to_835(less)
    assert judge(text) == [] and claims.read_835(text) == less and less.problems() == []


def test_several_reasons_in_one_segment_and_an_adjustment_of_the_claim(told):
    text = claims.to_835(told)
    text = text.replace("CAS*CO*45*142.81~\nCAS*PR*2*19.04~\n", "CAS*CO*45*142.81**253*1.5~\n")
    text = text.replace("NM1*QC", "CAS*OA*23*5~\nNM1*QC")
    read = claims.read_835(text)
    assert [a.reason for a in read.claims[0].lines[0].adjustments] == ["45", "253"]
    assert read.claims[0].adjustments == (Adjustment("OA", "23", Decimal("5.00")),)


cents = st.integers(0, 500_00)


@settings(max_examples=60)
@given(
    st.lists(
        st.tuples(
            cents, st.sampled_from(["CO", "PR", "OA", "PI"]), st.sampled_from(["45", "1", "2", "97", "16"])
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_remittance_that_adds_up_comes_back_and_adds_up(parts):
    lines = [paid_line("99213", 600_00, (group, reason, off)) for off, group, reason in parts]
    whole = remittance(*lines)
    again = claims.read_835(claims.to_835(whole))
    assert again == whole and again.problems() == []


@pytest.mark.parametrize(
    ("old", "new", "segment", "says"),
    [
        ("CAS*CO*45", "CAS*CR*45", "(CAS)", "one of CO, PR, OA, PI"),
        ("CAS*CO*45*142.81", "CAS*CO", "(CAS)", "CAS02"),
        ("SVC*HC:", "SVC*AD:", "(SVC)", "the course reads HC"),
        ("CLP*claim-1*1*410*76.15", "CLP*claim-1*1*x*76.15", "(CLP)", "no amount"),
        ("CLP*claim-1", "CLP*", "(CLP)", "CLP01"),
        ("CLP*claim-1*1*410*76.15*19.04*ZZ*ICN1~\n", "", "(SE)", "segments"),
        ("BPR*I*76.15", "BPX*I*76.15", "(BPX)", "no BPR"),
        ("************20260601", "************2026", "(BPR)", "no date"),
        ("ST*835", "ST*837", "(ST)", "no 835"),
    ],
)
def test_a_broken_file_names_line_and_segment(told, old, new, segment, says):
    text = claims.to_835(told)
    assert old in text
    with pytest.raises(CourseError) as why:
        claims.read_835(text.replace(old, new, 1))
    assert says in str(why.value) and segment in str(why.value) and "line " in str(why.value)


def test_a_service_before_the_first_claim_is_told(told):
    text = claims.to_835(told)
    lines = [line for line in text.splitlines() if not line.startswith(("CLP", "NM1"))]
    lines = [f"SE*{len(lines) - 4}*0001~" if line.startswith("SE*") else line for line in lines]
    with pytest.raises(CourseError, match="before the first claim"):
        claims.read_835("\n".join(lines))
