"""The same seed gives the same claims: in the repository, in any number, in any order."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from course_lib import claims, datasets
from course_lib.claims import simulation
from course_lib.claims.simulation import draw
from course_lib.claims.simulation.frames import CHUNK, NAMES, csv_text
from course_lib.errors import CourseError


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_sample_is_made_again_byte_for_byte(name):
    made = csv_text(getattr(claims.simulate(simulation.SAMPLE), name))
    assert made.encode() == datasets.path(f"claims/{name}.csv").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_sample_reads_as_it_was_made(name):
    assert_frame_equal(getattr(claims.sample(), name), getattr(claims.simulate(simulation.SAMPLE), name))


def _begins(few, many):
    for name in NAMES:
        first, all_ = getattr(few, name), getattr(many, name)
        if name in ("lines", "truth"):
            all_ = all_[all_["claim"].isin(set(few.claims["claim"]))].reset_index(drop=True)
        else:
            all_ = all_.head(len(first))
        assert_frame_equal(first, all_)


@pytest.mark.parametrize("n", [1, 777, CHUNK, CHUNK + 1])
def test_the_first_claims_do_not_depend_on_the_number(n, tables):
    few = claims.simulate(n)
    assert len(few.claims) == n
    _begins(few, tables)


def test_another_seed_gives_other_claims(tables):
    other = claims.simulate(500, seed=1)
    assert not other.claims["diagnoses"].equals(tables.claims["diagnoses"].head(500))
    assert_frame_equal(other.claims, claims.simulate(500, seed=1).claims)


def test_numbers_are_unique_and_belong_together(tables):
    assert tables.claims["claim"].is_unique
    assert tables.members["member"].is_unique
    assert set(tables.claims["member"]) <= set(tables.members["member"])
    assert set(tables.lines["claim"]) == set(tables.claims["claim"])
    assert set(tables.truth["claim"]) <= set(tables.claims["claim"])
    assert not tables.lines.duplicated(["claim", "line"]).any()


def test_none_is_no_number():
    with pytest.raises(CourseError, match="0 claims"):
        claims.simulate(0)


def test_draws_are_uniform_numbers_turned_over():
    """The first numbers of the generator, written down: another numpy must give them too."""
    rng = draw.generator(20261125, 0)
    assert [round(x, 12) for x in rng.random(3)] == [0.355017182982, 0.037182089437, 0.309489698118]


@settings(max_examples=25)
@given(st.lists(st.floats(0.01, 5), min_size=1, max_size=6), st.integers(0, 2**32))
def test_picks_are_positions_of_the_weights(weights, seed):
    picked = draw.pick(draw.generator(seed, 0), 200, weights)
    assert picked.min() >= 0 and picked.max() < len(weights)
    single = draw.pick(draw.generator(seed, 0), 50, [0.0, 1.0, 0.0])
    assert set(single) == {1}


@settings(max_examples=25)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 2**32))
def test_a_lag_stays_between_its_ends(low, more, seed):
    days = draw.lag(draw.generator(seed, 0), [low, low + more], 500)
    assert days.min() >= low and days.max() <= low + more


def test_poisson_has_its_mean_and_variance():
    mean = pd.Series([0.0, 0.3, 2.0, 12.0]).repeat(40_000).to_numpy()
    drawn = pd.Series(draw.poisson(draw.generator(5, 0), mean)).groupby(mean)
    for value, sample in drawn:
        spread = (value / len(sample)) ** 0.5
        assert abs(sample.mean() - value) <= 3 * spread
        assert abs(sample.var() - value) <= 3 * (value + 2 * value**2) ** 0.5 / len(sample) ** 0.5
