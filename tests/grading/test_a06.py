"""Assignment a06: its messages teach, its figures are those of the fee schedule and of the billing desk."""

from datetime import date
from decimal import Decimal

import pytest

from course_lib import claims


@pytest.fixture
def bench(benches):
    return benches("a06_price_and_denials")


@pytest.mark.parametrize(
    ("graded", "answer", "told"),
    [
        ("formula", "amount(units, index, factor): return 95.19", "should be of type Decimal"),
        ("row_and_place", "units_of(code, modifiers, place): return None", "returned nothing"),
        ("first_pass_by_payer", "first_pass(table): return table['payer'].value_counts()", "look at its"),
        ("work_queue", "queue(table, day, chance, cost, limit): return []", "items are missing"),
    ],
)
def test_a_failed_check_teaches(bench, capsys, graded, answer, told):
    assert bench.score(graded, f"def {answer}") == 0
    assert told in bench.message + capsys.readouterr().out


@pytest.mark.parametrize("place", ["11", "22"])
@pytest.mark.parametrize("code", ["99213", "20610", "29881", "71046", "93000", "58558"])
def test_formula_factor_and_row_give_the_price_of_the_library(solved, code, place):
    line = claims.Line(date(2026, 5, 12), place, code, pointers=("A",))
    patient = claims.Patient("SYN0000000066", age=66, sex="M")
    claim = claims.Claim("one-line", patient, "medicare", ("I10",), (line,), filed_on=date(2026, 5, 15))
    for locality, index in ((None, ("1", "1", "1")), ("CA-18", ("1.041", "1.183", "0.664"))):
        units = solved["units_of"](code, (), place)
        mine = units and solved["amount"](
            units, tuple(map(Decimal, index)), solved["factor_on"]("2026-05-12", False)
        )
        assert mine == claims.price(claim, locality=locality).lines[0].allowed


def test_rates_and_receivables_are_those_of_the_desk(solved):
    table, day = claims.sample().claims, "2026-09-30"
    rates = claims.desk.first_pass(table, by="payer").set_index("payer")["rate"]
    assert solved["first_pass"](table).to_dict() == pytest.approx((100 * rates).round(1).to_dict())
    reasons = claims.desk.denials(table, on=day)
    ours = reasons[reasons["group"] != "PR"]
    assert solved["by_reason"](table, day).tolist() == pytest.approx(ours["denied"].tolist())
    assert solved["days_in_ar"](table, day, 365) == round(claims.desk.days_in_ar(table, on=day).value, 1)


def test_the_figures_of_the_report_are_those_of_the_model_answer(solved):
    table, day = claims.sample().claims, "2026-09-30"
    assert solved["first_pass"](table).head(1).to_dict() == {"Commercial B": 83.7}
    assert solved["by_reason"](table, day).head(2).to_dict() == {"CO-16": 62_941.0, "CO-197": 20_783.0}
    assert solved["at_risk"](table, day) == 13_567.0
    assert [solved["days_in_ar"](table, day, window) for window in (365, 90)] == [39.9, 41.1]
