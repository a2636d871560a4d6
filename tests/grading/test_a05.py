"""Assignment a05: its messages teach, and its keys agree with the scrubber."""

from datetime import date
from decimal import Decimal

import pytest

from course_lib import claims


@pytest.fixture
def bench(benches):
    return benches("a05_link_and_scrub")


def made(diagnoses, *lines):
    someone = claims.Patient("SYN0000000005", age=66, sex="F")
    services = tuple(
        claims.Line(date(2026, 6, 2), "11", code, modifiers, Decimal("100.00"), units, tuple(letters))
        for code, modifiers, units, letters in lines
    )
    return claims.Claim("CASE", someone, "medicare", diagnoses, services, filed_on=date(2026, 6, 5))


@pytest.mark.parametrize(
    ("graded", "answer", "told"),
    [
        ("pointers", "pointers(diagnoses, reasons): ...", "returned nothing"),
        ("pointers", "pointers(diagnoses, reasons): return ['B']", "should be text (str), but is a list"),
        ("lost_pointers", "lost_pointers(claim): return []", "Lines count from 1"),
        (
            "unusable",
            "unusable(claim): return list(claim.diagnoses)",
            "0 items are missing and 1 do not belong",
        ),
        ("over_ceiling", "over_ceiling(claim): return 1 / 0", "stopped with ZeroDivisionError"),
    ],
)
def test_a_failed_check_teaches(bench, graded, answer, told):
    assert bench.score(graded, f"def {answer}") == 0
    assert told in bench.message


def test_a_wrong_link_is_not_answered_with_the_right_one(bench, capsys):
    assert bench.score("six_links", lambda number: "A" if number != 2 else "B") == 0
    told = capsys.readouterr().out
    assert "(2) is not right. It is 'B'." in told
    assert "'C'" not in told


@pytest.mark.parametrize(
    ("claim", "rule"),
    [
        (made(("M54.5",), ("99213", (), 1, "A")), "dx-not-billable"),
        (made(("N39.0", "N30.00"), ("99213", (), 1, "A")), "dx-excludes1"),
        (made(("I10",), ("99213", (), 1, "C")), "pointer-nowhere"),
        (made(("I10",), ("20610", (), 1, "A")), "policy-diagnosis"),
        (made(("M54.50",), ("97110", (), 45, "A")), "mue"),
        (made(("M17.11",), ("20610", ("RT",), 1, "A")), ""),
    ],
)
def test_the_solutions_find_what_the_scrubber_finds(solved, claim, rule):
    found = {
        "dx-not-billable": solved["unusable"](claim),
        "dx-excludes1": solved["forbidden_pairs"](claim),
        "pointer-nowhere": solved["lost_pointers"](claim),
        "policy-diagnosis": solved["wrong_links"](claim),
        "mue": solved["over_ceiling"](claim),
    }
    assert {name for name, hits in found.items() if hits} == ({rule} if rule else set())
    serious = {f.rule for f in claims.scrub(claim) if f.severity != "info"}
    assert serious == ({rule} if rule else set())


def test_the_pair_rule_agrees_with_the_scrubber(solved):
    for one, other in [("45385", "45378"), ("45385", "45380"), ("99213", "20610"), ("97110", "97140")]:
        lines = ((one, (), 1, "A"), (other, (), 1, "A"))
        found = {f.rule for f in claims.scrub(made(("D12.2",), *lines)) if f.rule.startswith("ncci")}
        told = {"ncci-never": "never", "ncci-modifier": "modifier"}
        assert [told[rule] for rule in found] == [
            rule for rule in [solved["pair_rule"](one, other, "2026-06-02")] if rule != "free"
        ]


def test_a_line_is_read_back_as_it_was_written(solved):
    claim = made(("M17.11", "I10"), ("99213", ("25",), 1, "BA"), ("J1010", (), 40, "A"))
    written = [part for part in claims.to_837p(claim).splitlines() if part.startswith("SV1")]
    for text, line in zip(written, claim.lines, strict=True):
        assert solved["read_sv1"](text) == {
            "code": line.code,
            "modifiers": list(line.modifiers),
            "charge": line.charge,
            "units": line.units,
            "pointers": "".join(line.pointers),
        }


def test_the_six_links_are_explained_and_the_codes_are_good(bench, solved):
    boxes = {"P": ("J20.9", "E11.9", "R00.2"), "Q": ("I10", "M17.12"), "R": ("S61.411A", "S80.01XA", "I10")}
    lines = [("P", "71046", ()), ("P", "93000", ()), ("Q", "99213", ("25",)), ("Q", "20610", ("LT",)),
             ("R", "12001", ()), ("R", "99283", ("25",))]  # fmt: skip
    for name, box in boxes.items():
        book = bench.namespace["book"]
        assert not [f for f in book.check(box, on="2026-06-02") if f.severity == "error"]
        mine = [
            (code, modifiers, 1, solved["link"](number))
            for number, (claim, code, modifiers) in enumerate(lines, start=1)
            if claim == name
        ]
        found = {f.rule for f in claims.scrub(made(box, *mine)) if f.severity != "info"}
        assert found <= {"place-not-paid"}, name  # 99283 is billed here from an office, for short
