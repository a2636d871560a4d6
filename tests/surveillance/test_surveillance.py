"""Rates from coded visits: counted right, compared fairly, and broken where coding breaks them."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from course_lib import claims, datasets, surveillance
from course_lib.errors import CourseError


@pytest.fixture(scope="module")
def tables():
    return claims.simulate(40_000)


@pytest.fixture(scope="module")
def big(tmp_path_factory):
    from course_lib.claims.simulation import store

    folder = tmp_path_factory.mktemp("surveillance") / "big"
    assert sum(store.write(folder, 40_000)) == 40_000
    return claims.read_simulated(folder)


def visits(*rows):
    frame = pd.DataFrame(rows, columns=["member", "service_date", "place", "diagnoses"])
    return frame.assign(service_date=pd.to_datetime(frame["service_date"]).astype("datetime64[ms]"))


FEW = visits(
    ("M1", "2026-01-04", "11", "J10.1;I10"),  # a Sunday
    ("M1", "2026-01-04", "11", "J10.1;I10"),  # the same visit filed twice
    ("M2", "2026-01-10", "23", "R05.9;J11.1"),  # a Saturday of the same week
    ("M3", "2026-01-11", "11", "I10"),
    ("M4", "2026-01-25", "11", "J101"),  # no code of influenza: the dot is not where it should be
)


def test_codes_are_found_at_the_beginning_of_a_code_only():
    assert surveillance.coded(FEW, ["J10", "J11"]).tolist() == [True, True, True, False, True]
    assert surveillance.coded(FEW, ["J10."]).tolist() == [True, True, False, False, False]
    assert not surveillance.coded(FEW, ["10"]).any()
    with pytest.raises(CourseError, match="not a list"):
        surveillance.coded(FEW, "J10")


def test_weeks_begin_on_sunday_and_a_duplicate_is_no_second_case():
    weeks = surveillance.trend(FEW, ["J10.", "J11."], by="week")
    assert weeks["week"].dt.day_name().eq("Sunday").all()
    assert weeks[["visits", "cases"]].values.tolist() == [[2, 2], [1, 0], [0, 0], [1, 0]]
    assert weeks["per_1000"].isna().tolist() == [False, False, True, False]
    only = surveillance.trend(FEW, ["J10.", "J11."], by="week", place="23")
    assert only[["visits", "cases"]].values.tolist() == [[1, 1]]
    with pytest.raises(CourseError, match="no visit"):
        surveillance.trend(FEW, ["J10"], place="99")


def test_months_hold_every_visit(tables):
    months = surveillance.trend(tables.claims, ["E11"])
    distinct = tables.claims.drop_duplicates(["member", "service_date", "place"])
    assert months["visits"].sum() == len(distinct)
    assert months["cases"].sum() == surveillance.coded(distinct, ["E11"]).sum()
    assert len(months) == 36


def test_boston_has_the_seasons_that_the_nation_had():
    peaks = surveillance.seasons(surveillance.boston()).set_index("season")
    months = peaks["peak_week"].dt.strftime("%Y-%m")
    assert months.to_dict() == {
        "2017-18": "2018-02", "2018-19": "2019-02", "2019-20": "2020-02", "2020-21": "2020-11",
        "2021-22": "2021-12", "2022-23": "2022-12", "2023-24": "2023-12", "2024-25": "2025-02",
        "2025-26": "2025-12",
    }  # fmt: skip
    assert peaks.loc["2020-21", "peak"] < 15, "the winter of the pandemic had no season"
    assert peaks.loc["2024-25", "peak"] == 127.2


def test_boston_is_weekly_and_says_how_many_areas_reported():
    series = surveillance.boston()
    assert series["week"].diff().dropna().dt.days.eq(7).all()
    assert series["week"].dt.day_name().eq("Sunday").all()
    assert series["areas"].between(4, 14).all()
    series.loc[0, "rate"] = -1
    assert surveillance.boston()["rate"].min() > 0, "the caller's frame is a copy"


def test_coded_influenza_peaks_near_the_real_peaks(tables):
    weeks = surveillance.influenza(tables)
    coded, real = (
        surveillance.seasons(weeks, name).set_index("season")["peak_week"] for name in ("coded", "boston")
    )
    for season in ("2024-25", "2025-26"):
        assert abs((coded[season] - real[season]).days) <= 28
    summer = weeks["week"].dt.month.isin([6, 7, 8])
    assert weeks.loc[summer, "coded"].mean() < 0.2 * weeks.loc[~summer, "coded"].mean()


def test_the_last_weeks_are_too_low_because_claims_are_still_to_be_filed(tables):
    weeks = surveillance.trend(tables.claims, ["I10"], by="week")["visits"]
    usual = weeks.iloc[1:-6]
    assert weeks.iloc[-2] < usual.mean() - 2 * usual.std(), "the last whole week"
    assert weeks.iloc[-6] > usual.mean() - 3 * usual.std(), "five weeks earlier nearly all are filed"


@pytest.mark.parametrize("condition", surveillance.CONDITIONS)
def test_fewer_are_coded_than_known_than_there_are(tables, condition):
    found = surveillance.prevalence(tables, condition)
    assert (found["coded"] <= found["known"]).all()
    assert (found["known"] <= found["has"]).all()
    assert (found["has"] - found["surveyed"]).abs().max() < 8
    assert found["ages"].iloc[-1] in ("18 and over", "20 and over")
    recent = surveillance.prevalence(tables, condition, since="2026-07-01")
    assert (recent["coded"] <= found["coded"]).all()


def test_surveyed_figures_carry_source_and_definition():
    table = surveillance.surveyed("hypertension")
    adults = table[(table["age_from"] == 18) & table["age_to"].isna() & (table["sex"] == "all")]
    assert adults.set_index("measure")["percent"].to_dict() == {"has": 47.7, "aware": 59.2}
    assert table["source"].str.startswith("NCHS").all() and (table["definition"] != "").all()
    with pytest.raises(CourseError, match="no condition 'gout'"):
        surveillance.surveyed("gout")


def test_the_standard_population_is_complete():
    table = surveillance.standard_population()
    assert len(table) == 11
    assert table["weight"].sum() == pytest.approx(1)
    assert table["population"].sum() == 274_634_000
    assert (table["population"] / 274_634_000 - table["weight"]).abs().max() < 1.5e-6


def test_age_groups_have_whole_years():
    ages = pd.Series([0.0, 0.99, 1.0, 4.99, 5.0, 84.9, 85.0, 101.0])
    assert surveillance.age_group(ages).tolist() == [
        "0", "0", "1-4", "1-4", "5-14", "75-84", "85 and over", "85 and over",
    ]  # fmt: skip


def test_adjustment_by_hand():
    """Two groups of the standard population, 18,136 and 12,315 thousand people."""
    counts = pd.DataFrame({"ages": ["65-74", "75-84"], "cases": [10, 60], "people": [100, 200]})
    rate = surveillance.adjust(counts)
    older = 0.044842 / (0.066037 + 0.044842)
    assert rate.crude == pytest.approx(70 / 300)
    assert rate.adjusted == pytest.approx(0.1 * (1 - older) + 0.3 * older)
    variance = (1 - older) ** 2 * 0.1 * 0.9 / 100 + older**2 * 0.3 * 0.7 / 200
    assert rate.error == pytest.approx(variance**0.5)
    assert "age-adjusted" in repr(rate)


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.integers(1, 500), st.floats(0, 1)), min_size=11, max_size=11),
    st.floats(0.01, 0.99),
)
def test_laws_of_adjustment(groups, rate):
    ages = list(surveillance.standard_population()["ages"])
    people = np.array([n for n, _ in groups])
    same = pd.DataFrame({"ages": ages, "cases": people * rate, "people": people})
    adjusted = surveillance.adjust(same)
    assert adjusted.adjusted == pytest.approx(rate) and adjusted.crude == pytest.approx(rate)
    mixed = same.assign(cases=people * np.array([r for _, r in groups]))
    found = surveillance.adjust(mixed)
    assert min(r for _, r in groups) - 1e-9 <= found.adjusted <= max(r for _, r in groups) + 1e-9
    moved = mixed.assign(cases=2 * mixed["cases"], people=2 * mixed["people"])
    assert surveillance.adjust(moved).adjusted == pytest.approx(found.adjusted)


def test_groups_that_cannot_be_adjusted_are_named():
    good = pd.DataFrame({"ages": ["65-74"], "cases": [1], "people": [10]})
    with pytest.raises(CourseError, match="'65 and over'"):
        surveillance.adjust(good.assign(ages="65 and over"))
    with pytest.raises(CourseError, match="twice"):
        surveillance.adjust(pd.concat([good, good]))
    with pytest.raises(CourseError, match="nobody"):
        surveillance.adjust(good.assign(people=0))


def test_adjustment_takes_age_out_of_a_comparison(tables):
    """People on Medicare have more hypertension than others mostly because they are older."""
    members = tables.members
    age = (pd.Timestamp("2026-09-30") - members["birth_date"]).dt.days / 365.25
    counted = members.assign(
        ages=surveillance.age_group(age), cases=(members["hypertension"] != "").astype(int), people=1
    )
    adults = counted[age >= 25]
    rates = {
        payer: surveillance.adjust(rows.groupby("ages")[["cases", "people"]].sum().reset_index())
        for payer, rows in adults[adults["payer"].isin(["Medicaid", "Commercial A"])].groupby("payer")
    }
    for rate in rates.values():
        assert rate.error < 0.05
        assert rate.groups["weight"].sum() == pytest.approx(1)


@pytest.mark.parametrize("ratio", [0.8, 1.0, 1.25])
def test_the_synthetic_break_has_the_size_that_was_asked_for(ratio):
    series = surveillance.icd9_break(ratio=ratio, yearly=0.0)
    assert surveillance.level_shift(series) == pytest.approx(ratio, rel=0.03)
    assert surveillance.level_shift(series, value="truth") == pytest.approx(1, rel=0.03)
    assert "Synthetic" in series.attrs["about"]
    before = series["month"] < surveillance.SWITCH
    assert set(series.loc[before, "code_set"]) == {"ICD-9-CM"}


def test_a_shift_needs_a_year_on_both_sides():
    with pytest.raises(CourseError, match="twelve months"):
        surveillance.level_shift(surveillance.icd9_break(), on="2014-01-01")


def test_a_new_code_takes_over_while_the_disease_stays(tables):
    counts = surveillance.uptake(tables.claims, ["E66.81"], ["E66.9", "E66.01"])
    assert (counts["new"] + counts["old"] == counts["either"]).all()
    assert (counts.loc[counts["month"] < "2024-10-01", "new"] == 0).all()
    by_year = counts.groupby(counts["month"].dt.year)[["new", "old", "either"]].mean()
    assert by_year.loc[2026, "new"] > 3 * by_year.loc[2026, "old"]
    assert by_year.loc[2026, "either"] == pytest.approx(by_year.loc[2024, "either"], rel=0.2)


def test_code_events_have_titles_and_days():
    events = surveillance.code_events()
    assert events.set_index("code").loc["U07.1", ["title", "from"]].tolist() == ["COVID-19", "2020-04-01"]
    assert events["from"].is_monotonic_increasing


@pytest.mark.parametrize(
    "call",
    [
        lambda t: surveillance.influenza(t),
        lambda t: surveillance.influenza(t, place="23"),
        lambda t: surveillance.prevalence(t, "diabetes", since="2025-10-01"),
        lambda t: surveillance.uptake(t.claims, ["E66.81"], ["E66.9", "E66.01"]),
    ],
    ids=["influenza", "emergency", "prevalence", "uptake"],
)
def test_dask_gives_what_pandas_gives(tables, big, call):
    assert_frame_equal(call(big), call(tables))


def test_every_figure_says_what_it_shows(tables):
    weeks = surveillance.influenza(tables)
    prevalence = surveillance.prevalence(tables, "obesity")
    figures = SimpleNamespace(
        flu=surveillance.influenza_figure(weeks),
        prevalence=surveillance.prevalence_figure(prevalence, "obesity"),
        break_=surveillance.break_figure(surveillance.icd9_break()),
        uptake=surveillance.uptake_figure(
            surveillance.uptake(tables.claims, ["E66.81"], ["E66.9", "E66.01"]), "2024-10-01", "obesity"
        ),
    )
    assert "127 in the week of 2025-02-02" in figures.flu.alt
    assert "Boston Public Health Commission" in figures.flu.caption
    assert "40 surveyed" in figures.prevalence.alt and "NHANES" in figures.prevalence.caption
    assert "2015-10-01" in figures.break_.alt and "Synthetic" in figures.break_.caption
    assert "absent before 2024-10-01" in figures.uptake.alt
    for figure in vars(figures).values():
        assert "ynthetic" in figure.caption
        assert len(figure.table.frame) >= 4


def test_the_real_series_is_credited_where_the_data_are_described():
    import json

    manifest = json.loads((datasets.root() / "datapackage.json").read_text(encoding="utf-8"))
    boston = next(r for r in manifest["resources"] if r["path"] == "surveillance/boston_ili_weekly.csv")
    assert boston["publisher"] == "Boston Public Health Commission"
    assert "not weighted by population" in boston["description"]
    assert boston["synthetic"] is False
