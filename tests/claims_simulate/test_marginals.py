"""What comes out is what the parameters say, within three standard errors; the seeds are fixed."""

import numpy as np
import pandas as pd
import pytest

from course_lib.claims.simulation import draw, faults, model, parameters, people

BY_HAND = 60_000
SIGMAS = 3


def close(found, expected, n, sigmas=SIGMAS):
    """Whether a share of n draws is near what it should be."""
    error = np.sqrt(max(expected * (1 - expected), 1e-12) / n)
    return abs(found - expected) <= sigmas * error


@pytest.fixture(scope="module")
def ready():
    return model.build()


@pytest.fixture(scope="module")
def crowd(ready):
    return people.sample(draw.generator(11, 0), ready, BY_HAND)


@pytest.fixture(scope="module")
def ages(ready, crowd):
    return (ready.calendar.middle - crowd.born) / model.YEAR


def test_age_and_sex_are_those_of_the_census(ready, crowd, ages):
    table = ready.params.get_as("population", parameters.Population)
    living = ages >= 0
    total = sum(table.M) + sum(table.F)
    for female, counts in ((False, table.M), (True, table.F)):
        for low, high, count in zip(table.ages[:-1], table.ages[1:], counts, strict=True):
            found = ((ages >= low) & (ages < high) & (crowd.female == female))[living].mean()
            assert close(found, count / total, living.sum()), (low, female)


def test_coverage_follows_the_survey(ready, crowd, ages):
    for name, group in (("coverage_child", ages < 18), ("coverage_adult", ages >= 18)):
        split = ready.params.get_as(name, dict[str, float])
        mine = crowd.coverage[group]
        assert close((mine == people.UNINSURED).mean(), split["uninsured"], group.sum())
        assert close((mine == people.MEDICAID).mean(), split["medicaid"], group.sum())
    medicare = ready.params.get_as("coverage_senior", dict[str, float])["medicare"]
    assert close((crowd.senior_coverage == people.MEDICARE).mean(), medicare, len(ages))


def test_conditions_are_as_frequent_as_surveyed_and_as_known(ready, crowd, ages):
    cells = 0
    for name, condition in ready.conditions.items():
        ends = [*condition.ages[1:], 200]
        for n, (low, high) in enumerate(zip(condition.ages, ends, strict=True)):
            for female, shares in ((False, condition.M), (True, condition.F)):
                group = (ages >= low) & (ages < high) & (crowd.female == female)
                has = crowd.has[name][group]
                assert close(has.mean(), shares[n], group.sum(), 3.5), (name, low, female)
                cells += 1
        known = crowd.known[name][crowd.has[name]]
        expected = model.by_age(condition.ages, condition.known, ages[crowd.has[name]]).mean()
        assert close(known.mean(), expected, len(known)), name
    assert cells > 50  # so many comparisons: one in 370 would fail by chance at three


def test_conditions_come_together_more_often_than_by_chance(crowd, ages):
    old = ages >= 60
    both = (crowd.has["hypertension"] & crowd.has["diabetes"])[old].mean()
    assert both > 1.1 * crowd.has["hypertension"][old].mean() * crowd.has["diabetes"][old].mean()


def test_nobody_is_known_to_have_what_he_has_not(crowd):
    assert not any((crowd.known[name] & ~crowd.has[name]).any() for name in crowd.has)
    assert not (crowd.known["asthma"] & crowd.known["copd"]).any()


@pytest.mark.parametrize(("place", "survey"), [("11", "office_visits"), ("23", "emergency_visits")])
def test_visits_are_as_frequent_as_surveyed(made, place, survey):
    """Visits a fiscal year of the insured; the error is that of the members, who differ."""
    ready, who, seen = made.model, made.who, made.seen
    places = np.array([r.place for r in ready.reasons.values()])[made.coded.reason]
    rates = np.array(ready.params.get_as(survey, list[float]))
    misses = []
    for group in range(len(rates)):
        counts, people_years = [], 0
        for year in range(ready.calendar.years):
            first, end = ready.calendar.starts[year], ready.calendar.starts[year + 1]
            age = ((first + end) / 2 - who.born) / model.YEAR
            inside = np.searchsorted(ready.groups, age, side="right") - 1 == group
            inside &= (who.born + model.NEWBORN <= first) & (age >= 0)
            inside &= who.payer(np.arange(len(who)), np.full(len(who), first)) != people.UNINSURED
            mine = (seen.day >= first) & (seen.day < end) & (places == place)
            per = np.bincount(seen.member[mine], minlength=len(who))[inside]
            counts.append(per)
            people_years += inside.sum()
        per = np.concatenate(counts)
        misses.append((per.mean() - rates[group] / 100) / (per.std() / np.sqrt(len(per))))
    assert np.abs(misses).max() <= SIGMAS, misses


def test_influenza_follows_its_curve(made):
    ready, names = made.model, list(made.model.reasons)
    mine = made.seen.day[made.seen.reason == names.index("influenza")]
    level = ready.season_level(ready.reasons["influenza"])
    counts = np.histogram(mine, ready.calendar.starts)[0]
    for count, share in zip(counts, level / level.sum(), strict=True):
        assert close(count / len(mine), share, len(mine))
    weights = np.diff(ready.curves["influenza", False], prepend=0)
    days = pd.Series(np.arange(ready.calendar.first, ready.calendar.last + 1).astype("datetime64[D]"))
    month = pd.Series(mine.astype("datetime64[D]")).dt.month
    for months in ([12, 1, 2], [6, 7, 8]):
        expected = weights[days.dt.month.isin(months)].sum() / weights.sum()
        assert close(month.isin(months).mean(), expected, len(mine)), months
    assert weights[days.dt.month.isin([12, 1, 2])].sum() > 0.6 * weights.sum()


def test_office_visits_are_on_working_days(made):
    places = np.array([r.place for r in made.model.reasons.values()])[made.coded.reason]
    grown = made.seen.day - made.who.born[made.seen.member] > 2 * 366  # infants are seen on any day
    weekday = (made.seen.day + 3) % 7
    assert (weekday[(places == "11") & grown] < 5).all()
    assert (weekday[places == "23"] >= 5).mean() > 0.2


def test_visit_levels_are_the_published_mix(made):
    ready, lines = made.model, made.lines
    true = pd.Series([ready.codes[n] for n in lines.level[lines.visit]])
    for kind, first in (("established", "9921"), ("new", "9920"), ("emergency", "9928")):
        split = ready.params.get_as(f"visit_levels.{kind}", dict[str, float])
        mine = true[true.str.startswith(first)]
        total = sum(split.values())
        for code, share in split.items():
            assert close((mine == code).mean(), share / total, len(mine)), code


def test_one_provider_bills_higher_than_he_sees(tables):
    lines = tables.lines.merge(tables.claims[["claim", "provider"]], on="claim")
    known = lines[lines["code"].isin(["99211", "99212", "99213", "99214", "99215"])]
    high = known.assign(high=known["code"].isin(["99214", "99215"])).groupby("provider")["high"].mean()
    office = high[[f"P{n:02d}" for n in range(1, 13)]]
    assert office.idxmax() == "P07"
    others = office.drop("P07")
    assert 0.20 < office["P07"] - others.mean() < 0.30
    assert others.max() - others.min() < 0.08


def test_each_problem_takes_its_share_of_the_claims_that_are_left(made):
    ready = made.model
    among = faults.eligible(ready, made.seen, made.coded, made.lines)
    problem = faults.problems_of(draw.generator(99, 0), ready, made.seen, made.coded, made.lines)
    for n, (name, one) in enumerate(ready.problems.items()):
        free = among[one.among]() & ((problem == faults.NONE) | (problem >= n))
        assert close((problem[free] == n).mean(), one.rate, free.sum()), name


def test_denials_follow_the_chance_of_the_problem_and_the_payer(tables, ready):
    decided = tables.claims[tables.claims["decided_date"].notna()]
    for name in ("missing_identifier", "not_necessary"):
        one = ready.problems[name]
        mine = decided[decided["claim"].isin(tables.truth.loc[tables.truth["kind"] == name, "claim"])]
        for payer, plan in ready.payers.items():
            some = mine[mine["payer"] == payer]
            assert close((some["denied"] > 0).mean(), min(1, one.denied * plan.strict), len(some)), payer
        denied = mine[mine["denied"] > 0]
        assert set(denied["denial_carc"]) == {one.carc}


def test_reworked_denials_are_won_as_often_as_the_parameters_say(tables, ready):
    one = ready.problems["missing_identifier"]
    mine = tables.claims[
        tables.claims["claim"].isin(tables.truth.loc[tables.truth["kind"] == "missing_identifier", "claim"])
        & (tables.claims["denied"] > 0)
    ]
    old = mine[mine["decided_date"] < "2026-04-01"]
    assert close((old["rework"] != "").mean(), one.worked, len(old))
    worked = old[old["rework"] != ""]
    assert close((worked["rework_paid"] > 0).mean(), one.won, len(worked))


def test_patients_pay_their_share_as_often_as_the_parameters_say(tables, ready):
    owed = tables.claims[(tables.claims["patient_due"] > 0) & (tables.claims["decided_date"] < "2026-05-01")]
    assert close(
        (owed["patient_paid"] > 0).mean(), ready.params.get_as("patient_pays_share", float), len(owed)
    )


def test_the_first_denial_rate_is_near_the_published_one(tables):
    decided = tables.claims[tables.claims["decided_date"].notna()]
    assert 0.108 < (decided["denied"] > 0).mean() < 0.128


def test_new_codes_of_obesity_are_taken_up_from_their_day_on(tables):
    dates, text = tables.claims["service_date"], tables.claims["diagnoses"]
    new, any_code = text.str.contains(r"E66\.81"), text.str.contains(r"E66")
    assert not new[dates < "2024-10-01"].any()
    late = any_code & (dates >= "2026-05-01")
    assert close(new[late].mean(), 0.85, late.sum())
