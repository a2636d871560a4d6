"""Each edit finds what it is for, and leaves the mended claim alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib import claims
from course_lib.claims.edits import RULES, pairs
from course_lib.claims.edits.filing import last_day
from course_lib.claims.edits.model import Case
from course_lib.claims.edits.pairs import edit_on
from course_lib.claims.model import Patient
from course_lib.claims.tables import is_visit, rows

MAN, CHILD = Patient("SYN1", 70, "M"), Patient("SYN1", 3, "F")
DAY = date(2026, 5, 12)


@pytest.fixture(scope="module")
def cases(claim, line):
    """Rule -> pairs of a claim that it must find, and the same claim mended."""
    return {
        "dx": [
            (claim(diagnoses=("E10.9", "E11.9")), claim(diagnoses=("E10.9",))),
            (claim(diagnoses=("S93.401",)), claim(diagnoses=("S93.401A",))),
            (claim(diagnoses=("M25.56",)), claim(diagnoses=("M25.561",))),
            (claim(diagnoses=("N40.0",)), claim(diagnoses=("N40.0",), patient=MAN)),
        ],
        "dx-unused": [(claim(), claim(line("99213", pointers=("A", "B"))))],
        "pointer-missing": [(claim(line("99213", pointers=())), claim())],
        "pointer-nowhere": [
            (
                claim(line("99213", pointers=("A", "C"))),
                claim(line("99213", pointers=("A", "B"))),
            ),
            (claim(line("99213", pointers=("AB",))), claim()),
        ],
        "pointer-repeated": [(claim(line("99213", pointers=("A", "A"))), claim())],
        "code-unknown": [(claim("99999"), claim("99213", "J1885", "P0001"))],
        "code-ended": [
            (
                claim(line("0042T", place_of_service="22")),
                claim(
                    line("0042T", place_of_service="22", date=date(2025, 12, 31)), filed_on=date(2026, 1, 5)
                ),
            )
        ],
        "place-unknown": [(claim(line("99213", place_of_service="98")), claim())],
        "place-not-paid": [
            (claim("27447"), claim(line("27447", place_of_service="21"))),
            (
                claim(line("71046", place_of_service="22")),
                claim(line("71046", place_of_service="22", modifiers=("26",))),
            ),
            (
                claim(line("71046", place_of_service="22", modifiers=("TC",))),
                claim(line("71046", modifiers=("TC",))),
            ),
        ],
        "add-on-alone": [(claim("99439"), claim("99490", "99439"))],
        "policy-diagnosis": [
            (claim(line("20610", pointers=("B",))), claim(line("20610", pointers=("B", "A"))))
        ],
        "ncci-never": [
            (claim("45380", "45378"), claim("45380")),
            (claim("45380", line("45378", modifiers=("59",))), claim("45378")),
            (claim("96372", line("99211", modifiers=("25",))), claim("96372", "99212")),
        ],
        "ncci-modifier": [
            (claim("20610", "99213"), claim("20610", line("99213", modifiers=("25",)))),
            (claim("20610", line("99213", modifiers=("59",))), claim("20610")),
            (claim("45385", "45380"), claim("45385", line("45380", modifiers=("XS",)))),
            (
                claim(line("27447", modifiers=("RT",)), line("20610", modifiers=("RT",))),
                claim(line("27447", modifiers=("RT",)), line("20610", modifiers=("LT",))),
            ),
            (claim("20610", "99213"), claim("20610", line("99213", date=DAY - timedelta(1)))),
        ],
        "ncci-modifier-used": [(claim("20610", line("99213", modifiers=("25",))), claim("20610", "99213"))],
        "visit-beside-procedure": [
            (claim("11102", "99213"), claim("11102", line("99213", modifiers=("25",)))),
            (
                claim(line("44970", place_of_service="22"), "99215"),
                claim(line("44970", place_of_service="22"), line("99215", modifiers=("57",))),
            ),
        ],
        "mue": [
            (claim(line("97110", units=7)), claim(line("97110", units=6))),
            (claim(*[line("97110", units=4)] * 2), claim(line("97110", units=4))),
        ],
        "modifier-unknown": [
            (claim(line("99213", modifiers=("ZZ",))), claim(line("99213", modifiers=("25",))))
        ],
        "modifier-twice": [
            (
                claim(line("99213", modifiers=("25", "25"))),
                claim(line("99213", modifiers=("25",))),
            )
        ],
        "modifier-split": [
            (claim(line("93000", modifiers=("26",))), claim(line("71046", modifiers=("26",))))
        ],
        "modifier-both-parts": [
            (
                claim(line("71046", modifiers=("26", "TC"))),
                claim(line("71046", modifiers=("TC",))),
            )
        ],
        "modifier-51-add-on": [
            (
                claim("96374", line("96375", modifiers=("51",))),
                claim(line("96374", modifiers=("51",)), "96375"),
            )
        ],
        "modifier-visit": [
            (claim(line("20610", modifiers=("25",))), claim(line("G0439", modifiers=("25",))))
        ],
        "modifier-59-visit": [
            (claim(line("99213", modifiers=("XU",))), claim(line("20610", modifiers=("XU",))))
        ],
        "modifier-sides": [
            (
                claim(line("20610", modifiers=("LT", "RT"))),
                claim(line("20610", modifiers=("LT",))),
            )
        ],
        "modifier-50-units": [
            (
                claim(line("20610", modifiers=("50",), units=2)),
                claim(line("20610", modifiers=("50",))),
            )
        ],
        "service-sex": [(claim("55866"), claim("55866", patient=MAN))],
        "service-age": [
            (claim("49505", patient=CHILD), claim("49505", patient=Patient("SYN1", 5, "F"))),
            (claim("90960", patient=Patient("SYN1", 19, "F")), claim("90960")),
        ],
        "filing-late": [
            (claim(filed_on=date(2027, 5, 13)), claim(filed_on=date(2027, 5, 12))),
            (
                claim(payer="commercial", filed_on=DAY + timedelta(181)),
                claim(payer="commercial", filed_on=DAY + timedelta(180)),
            ),
        ],
        "filing-early": [(claim(filed_on=DAY - timedelta(1)), claim(filed_on=DAY))],
        "duplicate-line": [
            (claim("36415", "36415"), claim("36415", line("36415", modifiers=("76",)))),
            (claim("36415", "36415"), claim("36415", line("36415", date=DAY - timedelta(1)))),
        ],
        "duplicate-claim": [
            (claim("99213"), claim("99214")),
            (claim("99213"), claim("99213", patient=Patient("SYN2", 70, "F"))),
            (claim("99213"), claim(line("99213", modifiers=("76",)))),
        ],
    }


def names(claim, book, **more):
    return {f.rule for f in claims.scrub(claim, book=book, **more)}


def of(rule, found):
    """The findings of a rule; the family `dx` counts its errors and warnings, but not its cousin."""
    if rule != "dx":
        return {name for name in found if name == rule}
    return {name for name in found if name.startswith("dx-") and name != "dx-unused"}


@pytest.mark.parametrize("rule", [rule.id for rule in RULES])
def test_each_edit_finds_its_case_and_not_the_mended_one(book, cases, claim, rule):
    history = [claim("99213", id="first")] if rule == "duplicate-claim" else []
    for bad, good in cases[rule]:
        found = claims.scrub(bad, book=book, history=history)
        assert of(rule, {f.rule for f in found}), bad
        assert not of(rule, names(good, book, history=history)), good
        for one in found:
            assert all((one.rule, one.message, one.remedy, one.source)), one
            assert all(1 <= number <= len(bad.lines) for number in one.lines)


def test_the_list_of_edits_is_a_frame():
    frame = claims.rules()
    assert frame["rule"].is_unique and len(frame) >= 25
    assert set(frame["severity"]) == {"error", "warning", "info"}


def test_errors_come_first_and_the_claim_is_not_changed(book, claim):
    bad = claim("20610", "99213", diagnoses=("E10.9", "E11.9"))
    before = repr(bad.form())
    severities = [f.severity for f in claims.scrub(bad, book=book)]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert repr(bad.form()) == before


@pytest.mark.parametrize(
    ("diagnoses", "has"), [(("I10",), "one diagnosis: A."), (("I10", "E78.5"), "2 diagnoses: A to B.")]
)
def test_a_lost_pointer_is_told_which_letters_there_are(claim, line, diagnoses, has):
    lost = claim(line("99213", pointers=("D",)), diagnoses=diagnoses)
    told = next(one for one in claims.scrub(lost) if one.rule == "pointer-nowhere")
    assert told.message.endswith(f"the claim has {has}")


def test_the_day_of_service_decides_and_not_the_day_of_filing(book, claim, line):
    """Z68.1 ended on 2026-09-30, so a service of the day before may be filed later."""
    old = claim(diagnoses=("R63.6", "Z68.1"), filed_on=date(2026, 10, 20))
    new = claim(
        line("99213", date=date(2026, 10, 1)), diagnoses=("R63.6", "Z68.1"), filed_on=date(2026, 10, 20)
    )
    assert "dx-not-valid-on-date" not in names(old, book)
    assert "dx-not-valid-on-date" in names(new, book)


def test_a_claim_over_october_1_is_judged_for_both_days(book, claim, line):
    both = claim(
        line("99213", date=date(2026, 9, 30)),
        line("99213", date=date(2026, 10, 1)),
        diagnoses=("R63.6", "Z68.1"),
        filed_on=date(2026, 10, 20),
    )
    found = [f for f in claims.scrub(both, book=book) if f.rule == "dx-not-valid-on-date"]
    assert len(found) == 1 and found[0].codes == ("Z68.1",)


def test_a_pair_is_seen_across_claims_of_one_day(book, claim):
    first = claim("20610", id="first")
    assert "ncci-modifier" in names(claim("99213", id="second"), book, history=[first])
    assert "ncci-modifier" not in names(claim("99213", id="second"), book)
    other = claim("99213", id="second", patient=Patient("SYN2", 70, "F"))
    assert "ncci-modifier" not in names(other, book, history=[first])


@pytest.mark.parametrize(
    "row", rows("ncci_pairs"), ids=lambda r: f"{r['column_1']}-{r['column_2']}-{r['effective']}"
)
def test_every_real_pair_is_found_on_its_days_only(row):
    first, last = date.fromisoformat(row["effective"]), row["deleted"]
    one, two = row["column_1"], row["column_2"]
    if row["indicator"] == "9":
        assert edit_on(one, two, first) is None
        return
    assert edit_on(one, two, first) == row
    assert (edit_on(one, two, first - timedelta(1)) or {}) != row
    if last:
        assert edit_on(one, two, date.fromisoformat(last)) == row
        assert (edit_on(one, two, date.fromisoformat(last) + timedelta(1)) or {}) != row
    else:
        assert edit_on(one, two, DAY) == row


def test_there_are_enough_real_pairs_and_each_has_its_source():
    table = rows("ncci_pairs")
    assert sum(row["indicator"] in "01" and not row["deleted"] for row in table) >= 25
    assert all(row["read_at"].startswith("https://") and row["source"] for row in table)


active = [r for r in rows("ncci_pairs") if r["indicator"] in "01" and not r["deleted"]]


@settings(max_examples=60)
@given(
    row=st.sampled_from(active), swap=st.booleans(), modifier=st.sampled_from(["25", "59", "XE", "LT", "GA"])
)
def test_a_modifier_lifts_indicator_1_only_and_only_where_it_belongs(claim, line, row, swap, modifier):
    lines = [line(row["column_1"]), line(row["column_2"], modifiers=(modifier,))]
    case = Case(claim(*(reversed(lines) if swap else lines)), None, DAY, ())
    never = any(True for _ in pairs.never_together(case))
    stopped = any(True for _ in pairs.needs_modifier(case))
    visit = is_visit(row["column_1"]) or is_visit(row["column_2"])
    lifts = modifier == "25" and is_visit(row["column_2"]) if visit else modifier in ("59", "XE")
    assert never == (row["indicator"] == "0")
    assert stopped == (row["indicator"] == "1" and not lifts)


@pytest.mark.parametrize(
    ("payer", "service", "last"),
    [
        ("medicare", date(2026, 5, 12), date(2027, 5, 12)),
        ("medicare", date(2024, 2, 29), date(2025, 2, 28)),
        ("medicaid", date(2026, 12, 31), date(2027, 12, 31)),
        ("commercial", date(2026, 1, 1), date(2026, 6, 30)),
        ("self-pay", date(2026, 1, 1), None),
    ],
)
def test_the_last_day_to_file(payer, service, last):
    assert last_day(payer, service) == last


def test_a_unit_ceiling_of_the_medicaid_edition_is_only_a_warning(book, claim, line):
    row = next(r for r in rows("mue") if r["edition"] == "Medicaid" and r["code"].isdigit())
    many = claim(line(row["code"], units=int(row["units"]) + 1))
    found = next(f for f in claims.scrub(many, book=book) if f.rule == "mue")
    assert found.severity == "warning" and "Medicaid" in found.source
