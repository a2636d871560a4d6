"""What must hold for every submission and every key."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from course_lib.coding import score, shared_credit
from course_lib.coding.credit import best_pairs, total

# Codes that share beginnings, headers, an unknown one, and unlike spellings.
POOL = [
    "E11.9", "E11.21", "E11.22", "E11.65", "N18.4", "N18.30", "Z79.4", "Z79.84", "I10", "S93.401A",
    "S93.401D", "S93.402A", "S93.411A", "S93.401", "W10.9XXA", "M54.5", "M54.50", "X99", "e11.9", "J45.909",
]  # fmt: skip
bags = st.lists(st.sampled_from(POOL), max_size=6)
lists = st.lists(st.sampled_from(POOL), max_size=6, unique_by=str.upper)
some = settings(max_examples=60)


@some
@given(bags, lists)
def test_every_measure_is_a_share(submitted, key):
    got = score(submitted, key)
    assert all(type(value) is float and 0 <= value <= 1 for value in got.measures.values())
    assert got.hierarchical >= got.f1 - 1e-9
    assert got.exact <= (got.f1 == 1)
    assert (not got.exact) or not got.findings
    assert (got.precision == got.recall == 1) == (got.f1 == 1) == (got.code_over_code == 1)


@some
@given(bags, bags)
def test_exchange_turns_precision_into_recall_and_leaves_the_rest(one, other):
    there, back = score(one, other), score(other, one)
    assert (there.precision, there.recall) == (back.recall, back.precision)
    assert (there.f1, there.code_over_code) == (back.f1, back.code_over_code)
    assert there.hierarchical == pytest.approx(back.hierarchical)


@some
@given(bags, lists, st.randoms(use_true_random=False))
def test_another_order_changes_sequencing_only(submitted, key, rng):
    mixed = rng.sample(submitted, len(submitted))
    one, other = score(submitted, key).measures, score(mixed, key).measures
    for name in set(one) - {"sequencing"}:
        assert one[name] == pytest.approx(other[name])


@some
@given(bags, lists)
def test_a_right_code_that_was_missing_lowers_nothing(submitted, key):
    before = score(submitted, key)
    held = {code.upper() for code in submitted}
    for code in (c for c in key if c.upper() not in held):
        after = score([*submitted, code], key)
        for name in ("precision", "recall", "f1", "code_over_code"):
            assert getattr(after, name) >= getattr(before, name) - 1e-12
        assert after.recall > before.recall
        if code.upper()[:3] not in {c[:3] for c in held}:  # else it takes the place of a near miss
            assert after.hierarchical >= before.hierarchical - 1e-12


@some
@given(bags, lists.filter(bool), st.sampled_from(POOL))
def test_a_wrong_or_repeated_code_raises_nothing(submitted, key, code):
    held = {c.upper() for c in submitted}
    if code.upper() in {c.upper() for c in key} and code.upper() not in held:
        return
    before, after = score(submitted, key), score([*submitted, code], key)
    for name in ("precision", "recall", "f1", "code_over_code"):
        assert getattr(after, name) <= getattr(before, name) + 1e-12
    if code.upper() in held:
        assert after.sequencing <= before.sequencing + 1e-12


@some
@given(lists.filter(bool))
def test_a_key_meets_itself_and_everything_meets_less(key):
    assert score(key, key).exact
    flood = score([*key, *(f"Z{n}" for n in range(10, 100))], key)
    assert flood.recall == 1
    assert not flood.exact
    assert max(flood.precision, flood.f1, flood.code_over_code, flood.hierarchical, flood.sequencing) < 0.15


codes = st.from_regex(r"[A-C][0-1][0-2][0-9AX]{0,4}", fullmatch=True)


@given(codes, codes)
def test_the_credit_of_a_code_is_a_share_and_full_only_for_the_key(one, other):
    assert 0 <= shared_credit(one, other) <= 1
    assert (shared_credit(one, other) == 1) == (one == other)
    assert shared_credit(one, other) == shared_credit(other, one)


def brute_force(given, key):
    """The highest credit of any one-to-one pairing, by trying them all."""
    few, many = sorted((given, key), key=len)
    return max(sum(map(shared_credit, few, chosen)) for chosen in itertools.permutations(many, len(few)))


@given(st.lists(codes, max_size=5), st.lists(codes, max_size=5))
def test_no_pairing_earns_more_than_the_best(given_codes, key):
    pairs = best_pairs(given_codes, key)
    assert total(pairs) == pytest.approx(brute_force(given_codes, key))
    assert len({a for a, *_ in pairs}) == len(pairs) == len({b for _, b, _ in pairs})


def test_the_best_pairing_is_not_the_greedy_one():
    # The closest two are A00.12 and A00.1 (4 of 5); to pair them first would leave 3 of 7.
    pairs = best_pairs(["A00.0", "A00.12"], ["A00.1", "A00.1201"])
    assert [(a, b) for a, b, _ in pairs] == [(0, 0), (1, 1)]
    assert total(pairs) == pytest.approx(3 / 4 + 5 / 7)
