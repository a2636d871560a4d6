"""The billing desk: figures that can be checked by hand, laws that always hold, pandas and Dask alike."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from course_lib import claims
from course_lib.claims import desk
from course_lib.errors import CourseError

DAY = "2026-06-30"
DATES = [
    "filed_date",
    "decided_date",
    "patient_paid_date",
    "rework_date",
    "rework_decided_date",
    "written_off_date",
]
MONEY = [
    "charge", "contractual", "paid", "patient_due", "denied", "patient_paid", "rework_paid",
    "rework_contractual", "written_off",
]  # fmt: skip
TEXTS = ["claim", "payer", "provider", "place", "denial_group", "denial_carc"]


def table(*rows):
    """Return claims with the columns that are given; the others are empty or nothing."""
    frame = pd.DataFrame([{**dict.fromkeys(TEXTS, ""), **dict.fromkeys(MONEY, 0.0), **row} for row in rows])
    for column in DATES:
        values = frame[column] if column in frame else pd.Series([None] * len(frame))
        frame[column] = pd.to_datetime(values).astype("datetime64[ms]")
    return frame.astype(dict.fromkeys(TEXTS, "str"))


PAID = {
    "claim": "A",
    "payer": "Medicare",
    "provider": "P01",
    "filed_date": "2026-06-01",
    "charge": 100.0,
    "decided_date": "2026-06-15",
    "contractual": 40.0,
    "paid": 48.0,
    "patient_due": 12.0,
}
DENIED = {
    "claim": "B",
    "payer": "Commercial",
    "provider": "P01",
    "filed_date": "2026-05-01",
    "charge": 200.0,
    "decided_date": "2026-05-20",
    "denied": 200.0,
    "denial_group": "CO",
    "denial_carc": "16",
}
WON = {
    "claim": "C",
    "payer": "Commercial",
    "provider": "P02",
    "filed_date": "2026-02-01",
    "charge": 300.0,
    "decided_date": "2026-02-20",
    "denied": 300.0,
    "denial_group": "CO",
    "denial_carc": "16",
    "rework_date": "2026-03-01",
    "rework_decided_date": "2026-04-01",
    "rework_paid": 120.0,
    "rework_contractual": 180.0,
}
LOST = {
    "claim": "D",
    "payer": "Medicare",
    "provider": "P02",
    "filed_date": "2026-01-05",
    "charge": 100.0,
    "decided_date": "2026-01-25",
    "denied": 100.0,
    "denial_group": "CO",
    "denial_carc": "50",
    "rework_date": "2026-02-01",
    "rework_decided_date": "2026-03-15",
    "written_off_date": "2026-03-15",
    "written_off": 100.0,
}
WAITING = {"claim": "E", "payer": "Medicare", "provider": "P02", "filed_date": "2026-06-20", "charge": 80.0}
PATIENTS = {
    "claim": "F",
    "payer": "Medicare",
    "provider": "P02",
    "filed_date": "2026-05-10",
    "charge": 60.0,
    "decided_date": "2026-06-01",
    "denied": 60.0,
    "denial_group": "PR",
    "denial_carc": "204",
}
SIX = table(PAID, DENIED, WON, LOST, WAITING, PATIENTS)


@pytest.fixture(scope="module")
def sample():
    return claims.sample()


@pytest.fixture(scope="module")
def small():
    return claims.simulate(25_000)


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    from course_lib.claims.simulation import store

    folder = tmp_path_factory.mktemp("desk") / "big"
    assert sum(store.write(folder, 25_000)) == 25_000
    return claims.read_simulated(folder)


def test_the_denial_rate_counts_first_decisions():
    rate = desk.denial_rate(SIX)
    assert (rate.top, rate.bottom, rate.value) == (4, 5, 0.8)
    assert "first decision" in rate.definition and rate.definition in repr(rate)
    by = desk.denial_rate(SIX, "payer").set_index("payer")
    assert by.loc["Commercial", "rate"] == 1
    assert (by.loc["Medicare", "decided"], by.loc["Medicare", "denied_dollars"]) == (3, 160)
    assert list(desk.denial_rate(SIX, "month")["month"]) == [
        "2026-01",
        "2026-02",
        "2026-05",
        "2026-06",
    ]


def test_the_first_pass_rate_prints_its_definition_and_completes_the_denial_rate():
    rate = desk.first_pass(SIX)
    assert rate.value == pytest.approx(1 - desk.denial_rate(SIX).value)
    assert "Definition:" in repr(rate) and "Definition:" in rate._repr_html_()
    by = desk.first_pass(SIX, "provider").set_index("provider")
    assert (by.loc["P01", "passed"], by.loc["P01", "decided"]) == (1, 2)


def test_denials_say_what_became_of_the_money():
    found = desk.denials(SIX, DAY).set_index("carc")
    assert found.loc["16", ["claims", "denied", "recovered", "at_risk", "lost"]].tolist() == [
        2,
        500,
        120,
        200,
        0,
    ]
    assert found.loc["50", ["recovered", "at_risk", "lost"]].tolist() == [0, 0, 100]
    assert found.loc["204", ["group", "at_risk"]].tolist() == ["PR", 60]
    assert found["share"].sum() == pytest.approx(1)
    assert "missing or wrong" in found.loc["16", "meaning"]
    early = desk.denials(SIX, "2026-03-10").set_index("carc")
    assert early.loc["16", ["recovered", "at_risk"]].tolist() == [0, 300], "nothing is known before its day"
    assert early.loc["50", ["at_risk", "lost"]].tolist() == [100, 0]


def test_receivables_are_what_is_not_posted_by_the_day():
    held = desk.balances(SIX, DAY).set_index("claim")["balance"]
    assert held.to_dict() == {"A": 12, "B": 200, "C": 0, "D": 0, "E": 80, "F": 60}
    then = desk.balances(SIX, "2026-03-10").set_index("claim")["balance"]
    assert then.to_dict() == {"C": 300, "D": 100}


def test_days_in_receivables_by_hand():
    days = desk.days_in_ar(SIX, DAY)
    assert days.top == 352
    assert days.bottom == pytest.approx(840 / 365)
    assert days.value == pytest.approx(352 / (840 / 365))
    with pytest.raises(CourseError, match="no claim was filed"):
        desk.days_in_ar(SIX, "2020-01-01")


def test_ageing_puts_each_balance_in_one_bucket():
    aged = desk.ageing(SIX, DAY).set_index("bucket")
    assert list(aged.index) == list(desk.BUCKETS)
    assert aged["balance"].to_dict() == {"0-30": 92, "31-60": 260, "61-90": 0, "91-120": 0, "over 120": 0}
    assert aged["share"].sum() == pytest.approx(1)


def test_the_queue_holds_what_nobody_works_and_a_payer_could_pay():
    queue = desk.work_queue(SIX, DAY, cost=10, appeal_days=120)
    assert queue["claim"].tolist() == ["B"], "the patient's, the won, the lost and the waiting are not in it"
    history = desk.recoveries(SIX, DAY)
    overall = 1 / 2
    chance = (1 + desk.queue.PRIOR * overall) / (1 + desk.queue.PRIOR)
    assert history.loc["16", "chance"] == pytest.approx(chance)
    assert history.loc["16", "yield_"] == pytest.approx(120 / 300)
    assert queue.loc[0, "expected"] == pytest.approx(200 * chance * 0.4 - 10, abs=0.01)
    assert queue.loc[0, ["days_open", "days_left"]].tolist() == [41, 79]


def test_a_denial_past_its_time_is_worth_less_than_nothing():
    queue = desk.work_queue(SIX, DAY, cost=10, appeal_days=30)
    assert queue.loc[0, ["days_left", "expected"]].tolist() == [0, -10]


def test_a_reason_without_history_takes_the_overall_chance():
    new = table(WON, LOST, {**DENIED, "denial_carc": "197"})
    queue = desk.work_queue(new, DAY, cost=0)
    assert queue.loc[0, "chance"] == pytest.approx(0.5)
    assert queue.loc[0, "expected"] == pytest.approx(200 * 0.5 * 0.4)


def test_the_queue_of_an_office_is_ranked(small):
    queue = desk.work_queue(small.claims, "2026-06-30")
    assert queue["expected"].is_monotonic_decreasing and len(queue) > 10
    chances = queue.drop_duplicates("carc").set_index("carc")["chance"]
    assert chances["16"] > chances["50"] > chances["18"], "as earlier denials for the same reason ended"


def test_a_column_or_a_day_that_is_not_there_is_named():
    with pytest.raises(CourseError, match="no column 'doctor'"):
        desk.denial_rate(SIX, "doctor")
    with pytest.raises(CourseError, match="not a day"):
        desk.ageing(SIX, "June")


def test_the_upcoder_stands_out(sample):
    levels = desk.visit_levels(sample.claims, sample.lines)
    assert levels.loc[levels["visits"] > 50, "provider"].iloc[0] == "P07"


def test_the_sample_looks_like_an_office(sample):
    days = desk.days_in_ar(sample.claims, "2026-09-30")
    assert 25 < days.value < 50
    assert desk.ageing(sample.claims, "2026-09-30").set_index("bucket").loc["over 120", "share"] < 0.2
    assert 0.85 < desk.first_pass(sample.claims).value < 0.92


CALLS = {
    "denial_rate": lambda t: desk.denial_rate(t.claims, "payer"),
    "by month": lambda t: desk.denial_rate(t.claims, "month"),
    "denials": lambda t: desk.denials(t.claims, DAY),
    "first_pass": lambda t: desk.first_pass(t.claims, "provider"),
    "ageing": lambda t: desk.ageing(t.claims, DAY),
    "recoveries": lambda t: desk.recoveries(t.claims, DAY),
    "work_queue": lambda t: desk.work_queue(t.claims, DAY),
    "visit_levels": lambda t: desk.visit_levels(t.claims, t.lines),
}


@pytest.mark.parametrize("name", CALLS)
def test_dask_gives_what_pandas_gives(big, small, name):
    assert_frame_equal(CALLS[name](big), CALLS[name](small))


def test_measures_are_the_same_on_dask(big, small):
    for call in (desk.denial_rate, desk.first_pass, desk.days_in_ar):
        assert repr(call(big.claims)) == repr(call(small.claims))


@settings(max_examples=40)
@given(
    st.lists(st.sampled_from([PAID, DENIED, WON, LOST, WAITING, PATIENTS]), min_size=1, max_size=12),
    st.dates(pd.Timestamp("2026-01-05").date(), pd.Timestamp("2026-12-31").date()),
)
def test_laws_of_the_account(rows, day):
    some = table(*({**row, "claim": str(n)} for n, row in enumerate(rows)))
    held = desk.balances(some, day)
    assert (held["balance"] >= 0).all() and (held["balance"] <= held["charge"]).all()
    assert desk.ageing(some, day)["balance"].sum() == pytest.approx(held["balance"].sum())
    found = desk.denials(some, day)
    parts = found[["recovered", "at_risk", "lost"]].sum(axis=1)
    assert (parts <= found["denied"] + 0.005).all()
    queue = desk.work_queue(some, day, cost=0)
    assert (queue["expected"] <= queue["denied"]).all() and (queue["expected"] >= 0).all()
